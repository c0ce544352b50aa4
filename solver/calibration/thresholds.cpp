#include "calibration/thresholds.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace winze::calibration {

Cost::Cost(int n, double miss) : n_classes(n), of(std::size_t(n) * std::size_t(n)) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) of[std::size_t(i * n + j)] = i == j ? 0 : j < i ? miss : 1;
}

std::vector<double> best_limits(std::span<const double> index, std::span<const int> truth, const Cost& cost) {
  const int n_classes = cost.n_classes;
  const auto classes = std::size_t(n_classes);
  std::vector<std::size_t> order(index.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return index[a] < index[b]; });
  std::vector<double> values;                          // distinct, ascending
  std::vector<std::vector<double>> of_class(classes);  // [said][value]: cost of the rows with that value
  for (std::size_t i : order) {
    if (values.empty() || index[i] != values.back()) {
      values.push_back(index[i]);
      for (auto& c : of_class) c.push_back(0);
    }
    for (int k = 0; k < n_classes; ++k) of_class[std::size_t(k)].back() += cost.at(truth[i], k);
  }
  // least[k]: cost of the values so far when the last one is said to be of class k; first[k][v]: whether class k begins at value v.
  const std::size_t n = values.size();
  std::vector<double> least(classes, 0);
  std::vector<std::vector<int>> before(classes, std::vector<int>(n));  // class of the value below
  for (std::size_t v = 0; v < n; ++v) {
    std::vector<double> next(classes, 0);
    int from = 0;
    for (int k = 0; k < n_classes; ++k) {
      if (least[std::size_t(k)] <= least[std::size_t(from)]) from = k;
      before[std::size_t(k)][v] = from;
      next[std::size_t(k)] = least[std::size_t(from)] + of_class[std::size_t(k)][v];
    }
    least = std::move(next);
  }
  int said = 0;
  for (int k = 1; k < n_classes; ++k)
    if (least[std::size_t(k)] <= least[std::size_t(said)]) said = k;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::vector<double> limits(classes - 1, infinity);
  for (std::size_t v = n; v-- > 0;) {
    const int below = v == 0 ? 0 : before[std::size_t(said)][v];
    for (int k = below; k < said; ++k) limits[std::size_t(k)] = v == 0 ? -infinity : 0.5 * (values[v - 1] + values[v]);
    said = below;
  }
  return limits;
}

std::vector<int> classify(std::span<const double> index, std::span<const double> limits) {
  std::vector<int> said;
  said.reserve(index.size());
  for (double x : index) said.push_back(int(std::count_if(limits.begin(), limits.end(), [x](double limit) { return x >= limit; })));
  return said;
}

}  // namespace winze::calibration
