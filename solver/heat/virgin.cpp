#include "heat/virgin.hpp"

#include <algorithm>

namespace winze::heat {

void HeatFlow::check(input::Check& check) const {
  if (layers.empty()) check.problem("layers must not be empty");
  for (size_t i = 1; i < layers.size(); ++i)
    if (layers[i].bottom <= layers[i - 1].bottom)
      check.problem("layer {} ends at {} m, above the bottom of the one before it ({} m)", i, layers[i].bottom, layers[i - 1].bottom);
}

double HeatFlow::operator()(double depth) const {
  double t = surface, top = 0;
  for (size_t i = 0; i < layers.size() && top < depth; ++i) {
    const double bottom = i + 1 == layers.size() ? depth : std::min(depth, layers[i].bottom);
    if (bottom > top) t += flow / layers[i].conductivity * (bottom - top), top = bottom;
  }
  return t;
}

double VirginTemperature::operator()(const Vector3& x) const {
  const double depth = std::max(0.0, ground - x[2]);
  return law.visit([&](const auto& l) { return l(depth); });
}

}  // namespace winze::heat
