#include "calibration/scores.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace winze::calibration {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<std::size_t> order_of(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

/// From 1; equal values share the mean of their ranks.
std::vector<double> ranks(std::span<const double> values) {
  const std::vector<std::size_t> order = order_of(values);
  std::vector<double> rank(values.size());
  for (std::size_t i = 0, j; i < order.size(); i = j) {
    for (j = i; j < order.size() && values[order[j]] == values[order[i]];) ++j;
    for (std::size_t k = i; k < j; ++k) rank[order[k]] = 0.5 * double(i + 1 + j);
  }
  return rank;
}

}  // namespace

Confusion::Confusion(std::span<const int> truth, std::span<const int> said, int n) : n_classes(n), count(std::size_t(n) * std::size_t(n), 0) {
  for (std::size_t i = 0; i < truth.size(); ++i) count[std::size_t(truth[i]) * std::size_t(n) + std::size_t(said[i])] += 1;
}

double Confusion::accuracy() const {
  double right = 0, all = 0;
  for (int i = 0; i < n_classes; ++i)
    for (int j = 0; j < n_classes; ++j) all += at(i, j), right += i == j ? at(i, j) : 0;
  return right / all;
}

double Confusion::weighted_kappa(double power) const {
  std::vector<double> row(std::size_t(n_classes), 0), column(std::size_t(n_classes), 0);
  double all = 0, seen = 0, by_chance = 0;
  for (int i = 0; i < n_classes; ++i)
    for (int j = 0; j < n_classes; ++j) row[std::size_t(i)] += at(i, j), column[std::size_t(j)] += at(i, j), all += at(i, j);
  for (int i = 0; i < n_classes; ++i)
    for (int j = 0; j < n_classes; ++j) {
      const double weight = i == j ? 0 : std::pow(std::abs(i - j), power);
      seen += weight * at(i, j);
      by_chance += weight * row[std::size_t(i)] * column[std::size_t(j)] / all;
    }
  return by_chance > 0 ? 1 - seen / by_chance : 0;
}
double Confusion::kappa() const { return weighted_kappa(0); }
double Confusion::quadratic_kappa() const { return weighted_kappa(2); }

double Confusion::macro_f1() const {
  double sum = 0;
  int observed = 0;
  for (int k = 0; k < n_classes; ++k) {
    double row = 0, column = 0;
    for (int j = 0; j < n_classes; ++j) row += at(k, j), column += at(j, k);
    if (row == 0) continue;
    ++observed;
    sum += 2 * at(k, k) / (row + column);
  }
  return sum / observed;
}

double Confusion::within_one() const {
  double near = 0, all = 0;
  for (int i = 0; i < n_classes; ++i)
    for (int j = 0; j < n_classes; ++j) all += at(i, j), near += std::abs(i - j) <= 1 ? at(i, j) : 0;
  return near / all;
}

double area_under_roc(std::span<const double> index, std::span<const char> positive) {
  const std::vector<double> rank = ranks(index);
  double sum = 0, n = 0;
  for (std::size_t i = 0; i < index.size(); ++i)
    if (positive[i]) sum += rank[i], ++n;
  const double others = double(index.size()) - n;
  return n > 0 && others > 0 ? (sum - n * (n + 1) / 2) / (n * others) : nan;
}

std::vector<RocPoint> roc(std::span<const double> index, std::span<const char> positive) {
  const std::vector<std::size_t> order = order_of(index);
  const double n = double(std::count_if(positive.begin(), positive.end(), [](char p) { return p != 0; })), others = double(positive.size()) - n;
  std::vector<RocPoint> points = {{std::numeric_limits<double>::infinity(), 0, 0}};
  double hits = 0, false_ones = 0;
  for (std::size_t i = order.size(); i-- > 0;) {
    (positive[order[i]] ? hits : false_ones) += 1;
    if (i == 0 || index[order[i - 1]] != index[order[i]]) points.push_back({index[order[i]], false_ones / others, hits / n});
  }
  return points;
}

Youden youden(std::span<const double> index, std::span<const char> positive) {
  const std::vector<RocPoint> points = roc(index, positive);
  Youden best{nan, nan};
  for (std::size_t i = points.size(); i-- > 1;) {  // from the lowest threshold
    const double j = points[i].true_rate - points[i].false_rate;
    if (std::isnan(j)) return {nan, nan};
    if (std::isnan(best.j) || j > best.j + 1e-12)
      best = {i + 1 < points.size() ? 0.5 * (points[i].threshold + points[i + 1].threshold) : points[i].threshold, j};
  }
  return best;
}

double spearman(std::span<const double> a, std::span<const double> b) {
  const std::vector<double> x = ranks(a), y = ranks(b);
  const double mean = 0.5 * double(x.size() + 1);
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
    xy += (x[i] - mean) * (y[i] - mean);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : nan;
}

double brier(std::span<const double> probability, std::span<const int> truth, int n_classes) {
  double sum = 0;
  for (std::size_t i = 0; i < truth.size(); ++i)
    for (int k = 0; k < n_classes; ++k) {
      const double off = probability[i * std::size_t(n_classes) + std::size_t(k)] - (truth[i] == k);
      sum += off * off;
    }
  return sum / double(truth.size());
}

double ranked_probability_score(std::span<const double> probability, std::span<const int> truth, int n_classes) {
  double sum = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    double below = 0;
    for (int k = 0; k + 1 < n_classes; ++k) {
      below += probability[i * std::size_t(n_classes) + std::size_t(k)];
      const double off = below - (truth[i] <= k);
      sum += off * off;
    }
  }
  return sum / double(truth.size()) / (n_classes - 1);
}

std::pair<double, double> interval(std::vector<double> values, double level) {
  std::erase_if(values, [](double v) { return std::isnan(v); });
  if (values.empty()) return {nan, nan};
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    const double place = share * double(values.size() - 1);
    const std::size_t i = std::min(std::size_t(place), values.size() - 1), j = std::min(i + 1, values.size() - 1);
    return values[i] == values[j] ? values[i] : values[i] + (place - double(i)) * (values[j] - values[i]);  // infinite ends stay what they are
  };
  return {at((1 - level) / 2), at((1 + level) / 2)};
}

}  // namespace winze::calibration
