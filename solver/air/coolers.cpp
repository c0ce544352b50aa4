#include "air/coolers.hpp"

#include <algorithm>

#include "air/cell.hpp"

namespace winze::air {

State FixedCooling::cool(const State& in, double mass, Psychrometry route, double time) const {
  const Gas& g = gas(route);
  const double h = enthalpy_of(g, in.temperature, in.humidity) - duty(time) / mass;
  const auto saturated = [&](double t) { return saturation_humidity(t, in.pressure, route); };
  const double dry = std::max(temperature_of(g, h, in.humidity), 200.0);
  if (in.temperature <= coldest) return in;
  if (dry >= coldest && in.humidity <= saturated(dry)) return {dry, in.pressure, in.humidity};
  if (in.humidity <= saturated(coldest)) return {coldest, in.pressure, in.humidity};
  // Along saturation: enthalpy with the condensate leaving at the temperature of the air.
  const auto enthalpy_with_water = [&](double t) {
    const double x = std::min(in.humidity, saturated(t));
    return enthalpy_of(g, t, x) + (in.humidity - x) * water_enthalpy(t, route);
  };
  double low = coldest, high = in.temperature;
  if (enthalpy_with_water(low) >= h) return {low, in.pressure, std::min(in.humidity, saturated(low))};
  for (int k = 0; k < 80; ++k) (enthalpy_with_water((low + high) / 2) < h ? low : high) = (low + high) / 2;
  const double t = (low + high) / 2;
  return {t, in.pressure, std::min(in.humidity, saturated(t))};
}

}  // namespace winze::air
