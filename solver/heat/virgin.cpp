#include "heat/virgin.hpp"

#include <algorithm>

namespace winze::heat {

void HeatFlow::check(input::Check& check) const {
  if (layers.empty()) check.problem("layers must not be empty");
  for (size_t i = 1; i < layers.size(); ++i)
    if (layers[i].bottom <= layers[i - 1].bottom)
      check.problem("layer {} ends at {} m, which must be below the bottom of the one before it ({} m)", i, layers[i].bottom, layers[i - 1].bottom);
}

double HeatFlow::operator()(double depth) const {
  double t = surface, top = 0;
  for (size_t i = 0; i < layers.size() && top < depth; ++i) {
    const double bottom = i + 1 == layers.size() ? depth : std::min(depth, layers[i].bottom);
    t += flow / layers[i].conductivity * (bottom - top);
    top = bottom;
  }
  return t;
}

double HeatFlow::slope(double depth) const {
  size_t i = 0;
  while (i + 1 < layers.size() && depth > layers[i].bottom) ++i;
  return flow / layers[i].conductivity;
}

double TemperatureTable::slope(double depth) const {
  const auto& [x, y] = temperature;
  if (temperature.constant() || depth <= x.front() || depth >= x.back()) return 0;
  const size_t i = size_t(std::upper_bound(x.begin(), x.end(), depth) - x.begin());
  return (y[i] - y[i - 1]) / (x[i] - x[i - 1]);
}

double VirginTemperature::operator()(const Vector3& x) const {
  const double depth = std::max(0.0, ground - x[2]);
  return law.visit([&](const auto& l) { return l(depth); });
}

double VirginTemperature::vertical_gradient(const Vector3& x) const {
  const double depth = ground - x[2];
  return depth > 0 ? -law.visit([&](const auto& l) { return l.slope(depth); }) : 0.0;
}

}  // namespace winze::heat
