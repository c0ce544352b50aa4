#include "burst/monitoring.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace winze::burst {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double ln10 = 2.302585092994046;
constexpr double slack = 1e-9;  // magnitudes are multiples of a bin up to rounding

/// b of numbers that begin at `least` and fall off exponentially.
BValue fall_off(const std::vector<double>& x, double least, const char* what) {
  const double n = double(x.size());
  if (x.size() < 10) throw InputError("{}: {} events are left; at least 10 are needed", what, x.size());
  double mean = 0, square = 0;
  for (const double v : x) mean += v / n;
  for (const double v : x) square += (v - mean) * (v - mean);
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  if (*high - *low < slack) throw InputError("{}: all {} events have one magnitude", what, x.size());
  const double b = 1 / (ln10 * (mean - least));
  return {b, ln10 * b * b * std::sqrt(square / (n * (n - 1))), int(x.size())};
}

/// R of Wiemer and Wyss from a magnitude on.
double goodness(const std::vector<double>& magnitudes, double from, double width) {
  std::vector<double> above;
  for (const double m : magnitudes)
    if (m >= from - slack) above.push_back(m);
  std::sort(above.begin(), above.end());
  if (above.size() < 10 || above.front() == above.back()) return nan;
  const double b = b_value(above, from, width).b;
  double apart = 0, all = 0;
  for (double m = from; m <= above.back() + slack; m += width) {
    const double observed = double(above.end() - std::lower_bound(above.begin(), above.end(), m - slack));
    apart += std::abs(observed - double(above.size()) * std::pow(10, -b * (m - from)));
    all += observed;
  }
  return 1 - apart / all;
}

}  // namespace

double normal_quantile(double p) {
  double low = -40, high = 40;
  for (int i = 0; i < 200; ++i) {
    const double x = 0.5 * (low + high);
    (0.5 * std::erfc(-x / std::sqrt(2.0)) < p ? low : high) = x;
  }
  return 0.5 * (low + high);
}

std::vector<double> binned(std::vector<double> magnitudes, double bin) {
  if (bin == 0) return magnitudes;
  std::vector<double> sorted = magnitudes;
  std::sort(sorted.begin(), sorted.end());
  double step = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < sorted.size(); ++i)
    if (sorted[i] - sorted[i - 1] > 1e-6) step = std::min(step, sorted[i] - sorted[i - 1]);
  if (sorted.size() >= 50 && std::isfinite(step) && step > 1.5 * bin)
    throw InputError("bin: the magnitudes come in steps of {:.3g}, coarser than {}: give that as the bin, or b is biased", step, bin);
  for (double& m : magnitudes) m = bin * std::round(m / bin);
  return magnitudes;
}

Completeness completeness(const std::vector<double>& magnitudes, double width) {
  if (magnitudes.size() < 50)
    throw InputError("completeness: {} events; at least 50 are needed, or give the magnitude of completeness", magnitudes.size());
  const std::vector<double> m = binned(magnitudes, width);
  const auto [least, most] = std::minmax_element(m.begin(), m.end());
  const int first = int(std::lround(*least / width));
  std::vector<int> count(std::size_t(std::lround(*most / width) - first + 1));
  for (const double x : m) ++count[std::size_t(std::lround(x / width) - first)];
  const auto peak = std::max_element(count.begin(), count.end()) - count.begin();
  Completeness found{width * double(first + peak) + 0.2, nan, nan, 0};
  for (int k = first; k < first + int(count.size()) && std::isnan(found.goodness_of_fit); ++k)
    if (goodness(m, k * width, width) >= 0.9) found.goodness_of_fit = k * width;
  found.maximum_curvature = width * std::ceil(found.maximum_curvature / width - 1e-6);
  found.used = std::fmax(found.maximum_curvature, found.goodness_of_fit);
  found.fit = goodness(m, found.used, width);
  return found;
}

Interval BValue::interval(double confidence) const {
  const double z = normal_quantile(0.5 + 0.5 * confidence);
  return {b, std::max(0.0, b - z * error), b + z * error};
}

BValue b_value(const std::vector<double>& magnitudes, double completeness, double bin) {
  std::vector<double> above;
  for (const double m : magnitudes)
    if (m >= completeness - slack) above.push_back(m);
  return fall_off(above, completeness - 0.5 * bin, "b-value");
}

BValue b_positive(const std::vector<double>& magnitudes, double least, double bin) {
  if (!(least > 0) || least < bin - slack) throw InputError("b-positive: the least difference must be above 0 and not below the bin {}", bin);
  std::vector<double> steps;
  for (std::size_t i = 1; i < magnitudes.size(); ++i)
    if (magnitudes[i] - magnitudes[i - 1] >= least - slack) steps.push_back(magnitudes[i] - magnitudes[i - 1]);
  return fall_off(steps, least - 0.5 * bin, "b-positive");
}

EnergyLine energy_line(const std::vector<Event>& events) {
  std::vector<double> x, y;
  for (const Event& e : events)
    if (e.energy > 0) x.push_back(std::log10(e.moment)), y.push_back(std::log10(e.energy));
  const double n = double(x.size());
  if (x.size() < 10) throw InputError("energy index: {} events have an energy; at least 10 are needed", x.size());
  double mx = 0, my = 0, xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) mx += x[i] / n, my += y[i] / n;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mx) * (x[i] - mx);
    xy += (x[i] - mx) * (y[i] - my);
    yy += (y[i] - my) * (y[i] - my);
  }
  if (!(xx > 1e-12) || !(xy > 0)) throw InputError("energy index: energy does not grow with moment in this catalogue; no line can be fitted");
  const auto slope = [](double sxx, double sxy, double syy) {
    return (syy - sxx + std::sqrt((syy - sxx) * (syy - sxx) + 4 * sxy * sxy)) / (2 * sxy);
  };
  const double d = slope(xx, xy, yy), shrink = n / (n - 1);
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {  // sums without event i about their own means
    const double dx = x[i] - mx, dy = y[i] - my;
    const double off = slope(xx - shrink * dx * dx, xy - shrink * dx * dy, yy - shrink * dy * dy) - d;
    mean += off / n;
    square += off * off;
  }
  return {my - d * mx, d, std::sqrt((n - 1) / n * std::max(0.0, square - n * mean * mean)), int(x.size())};
}

double log_energy_index(const EnergyLine& line, const Event& event) { return std::log10(event.energy) - line.c - line.d * std::log10(event.moment); }

double apparent_volume(const Event& event, double shear_modulus) { return event.moment * event.moment / (2 * shear_modulus * event.energy); }

double schmidt_number(const std::vector<Event>& events, double shear_modulus, double volume, double density) {
  double energy = 0, moment = 0, path = 0;
  const Event *first = nullptr, *last = nullptr;
  int n = 0;
  for (const Event& e : events) {
    if (!(e.energy > 0)) continue;
    if (last) path += std::hypot(e.at[0] - last->at[0], e.at[1] - last->at[1], e.at[2] - last->at[2]);
    if (!first) first = &e;
    last = &e;
    energy += e.energy;
    moment += e.moment;
    ++n;
  }
  if (n < 3) return nan;
  const double time = last->time - first->time, mean_time = time / (n - 1), mean_distance = path / (n - 1);
  if (!(time > 0) || !(path > 0)) return nan;
  return 4 * shear_modulus * shear_modulus * volume * time * mean_time * energy / (density * mean_distance * mean_distance * moment * moment);
}

double closure_moment(double gamma, double shear_modulus, double closure) { return gamma * shear_modulus * closure; }

Hazard hazard(const BValue& b, double completeness, double bin, double observed, double magnitude, double horizon, double largest,
              double confidence) {
  const double least = completeness - 0.5 * bin, above = magnitude - least;
  if (magnitude < completeness - slack)
    throw InputError("hazard: magnitude {} is below the completeness {:.2f}: events are missing there", magnitude, completeness);
  if (!(magnitude < largest)) throw InputError("hazard: magnitude {} must be below the largest possible {:.2f}", magnitude, largest);
  double share = std::pow(10, -b.b * above);
  double slope = ln10 * above;  // of −ln share over b
  if (std::isfinite(largest)) {
    const double last = std::pow(10, -b.b * (largest - least));
    const double plain = share;
    share = (plain - last) / (1 - last);
    slope = ln10 * ((above * plain - (largest - least) * last) / (plain - last) + (largest - least) * last / (1 - last));
  }
  const double rate = b.n / observed * share;
  const double spread = normal_quantile(0.5 + 0.5 * confidence) * std::sqrt(1.0 / b.n + slope * slope * b.error * b.error);
  Hazard found;
  found.rate = {rate, rate * std::exp(-spread), rate * std::exp(spread)};
  found.probability = {-std::expm1(-found.rate.value * horizon), -std::expm1(-found.rate.low * horizon), -std::expm1(-found.rate.high * horizon)};
  return found;
}

}  // namespace winze::burst
