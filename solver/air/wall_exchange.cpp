#include "air/wall_exchange.hpp"

#include <algorithm>
#include <cmath>

#include "air/root.hpp"
#include "base/error.hpp"

namespace winze::air {

namespace {

constexpr double stefan_boltzmann = 5.670374419e-8;
constexpr double evaporation = 0.0007;  // kg K/J: 0.622/(1005 · 0.885)

void check_medium(double temperature) {
  if (!(temperature >= 223.15 && temperature <= 373.15))
    throw InputError("air temperature {:.6g} °C is outside −50 … 100 °C of viscosity and conductivity", temperature - zero_celsius);
}
void check_positive(double value, const char* what) {
  if (!(value > 0 && std::isfinite(value))) throw InputError("{} must be positive, not {:.6g}", what, value);
}
void check_not_negative(double value, const char* what) {
  if (!(value >= 0)) throw InputError("{} must not be negative: {:.6g}", what, value);
}

}  // namespace

double fanning_of_atkinson(double k) {
  check_positive(k, "Atkinson friction factor");
  return k / 0.6;
}
double fanning_rough(double hydraulic_diameter, double roughness) {
  check_positive(hydraulic_diameter, "hydraulic diameter");
  check_positive(roughness, "roughness");
  if (!(roughness < 0.25 * hydraulic_diameter))
    throw InputError("roughness {:.6g} m must be below a quarter of the hydraulic diameter {:.6g} m", roughness, hydraulic_diameter);
  const double root = 2 * std::log10(hydraulic_diameter / roughness) + 1.14;
  return 1 / (4 * root * root);
}
double fanning_of_roughness(double reynolds, double hydraulic_diameter, double roughness) {
  check_positive(reynolds, "Reynolds number");
  check_positive(hydraulic_diameter, "hydraulic diameter");
  check_not_negative(roughness, "roughness");
  if (!(roughness < 0.25 * hydraulic_diameter))
    throw InputError("roughness {:.6g} m must be below a quarter of the hydraulic diameter {:.6g} m", roughness, hydraulic_diameter);
  const double laminar = 16 / reynolds;
  if (reynolds < 2000) return laminar;
  const double root = -1.8 * std::log10(std::pow(roughness / hydraulic_diameter / 3.7, 1.11) + 6.9 / reynolds);
  return std::max(laminar, 1 / (4 * root * root));
}
double hydraulic_diameter(double area, double perimeter) {
  check_positive(area, "area of an airway");
  check_positive(perimeter, "perimeter of an airway");
  return 4 * area / perimeter;
}
double mass_resistance(double fanning, double length, double perimeter, double area) {
  check_not_negative(fanning, "friction factor");
  check_not_negative(length, "length of an airway");
  check_positive(perimeter, "perimeter of an airway");
  check_positive(area, "area of an airway");
  return fanning * length * perimeter / (2 * area * area * area);
}

double viscosity(double temperature) {
  check_medium(temperature);
  return (17 + 0.045 * (temperature - zero_celsius)) * 1e-6;
}
double thermal_conductivity(double temperature) {
  check_medium(temperature);
  return 2.2348e-4 * std::pow(temperature, 0.8353);
}

double nusselt(double reynolds, double fanning) {
  check_not_negative(reynolds, "Reynolds number");
  check_not_negative(fanning, "friction factor");
  constexpr double laminar = 3.66;
  if (reynolds < 1) return laminar;
  const double smooth = 0.046 * std::pow(reynolds, -0.2), f = std::max(fanning, smooth);
  const double nu = 0.5 * f * reynolds * prandtl / (1 + 1.5 * std::pow(reynolds, -0.125) * std::pow(prandtl, -1 / 6.) * (prandtl * f / smooth - 1));
  return std::max(nu, laminar);
}
double convection(const State& air, double speed, double hydraulic_diameter, double fanning, Psychrometry route) {
  check_positive(hydraulic_diameter, "hydraulic diameter");
  const double reynolds = density(air, route) * std::abs(speed) * hydraulic_diameter / viscosity(air.temperature);
  return nusselt(reynolds, fanning) * thermal_conductivity(air.temperature) / hydraulic_diameter;
}
double radiation(double emissivity, double mean_temperature) {
  if (!(emissivity >= 0 && emissivity <= 1)) throw InputError("emissivity {:.6g} must be between 0 and 1", emissivity);
  check_positive(mean_temperature, "temperature");
  return 4 * stefan_boltzmann * emissivity * mean_temperature * mean_temperature * mean_temperature;
}

Exchange exchange(const State& air, double wall, const Surface& surface, Psychrometry route) {
  check_not_negative(surface.convection, "convection coefficient");
  check_not_negative(surface.radiation, "radiation coefficient");
  check_not_negative(surface.supply, "supply of water");
  Exchange q;
  q.convection = surface.convection * (wall - air.temperature);
  q.radiation = surface.radiation * (wall - air.temperature);
  q.slope = surface.convection + surface.radiation;
  if (!surface.wet) return q;
  const double factor = evaporation * surface.convection / air.pressure;
  const double latent = latent_heat(wall, route), free = factor * (saturation_pressure(wall, route) - vapour_pressure(air, route));
  q.vapour = std::min(free, surface.supply);
  q.latent = latent * q.vapour;
  q.slope += q.vapour * latent_heat_slope(wall, route);
  if (free < surface.supply) q.slope += latent * factor * saturation_pressure_slope(wall, route);
  return q;
}
Exchange mix(double wetness, const Exchange& wet, const Exchange& dry) {
  if (!(wetness >= 0 && wetness <= 1)) throw InputError("wetness fraction {:.6g} must be between 0 and 1", wetness);
  const auto both = [&](double a, double b) { return wetness * a + (1 - wetness) * b; };
  return {both(wet.convection, dry.convection), both(wet.radiation, dry.radiation), both(wet.latent, dry.latent), both(wet.vapour, dry.vapour),
          both(wet.slope, dry.slope)};
}
Film film(const State& air, double wall, const Surface& surface, Psychrometry route) {
  const Exchange q = exchange(air, wall, surface, route);
  if (q.slope == 0) return {0, wall};
  return {q.slope, wall - q.total() / q.slope};
}

double wall_balance(const State& air, const Surface& surface, double constant, double slope, Psychrometry route) {
  check_not_negative(slope, "slope of the rock's answer");
  if (!std::isfinite(constant)) throw InputError("the rock's answer must be finite");
  const Gas& g = gas(route);
  if (!surface.wet) {
    const double h = surface.convection + surface.radiation;
    if (!(h + slope > 0)) throw InputError("a wall without convection, radiation and conduction has no temperature");
    return (h * air.temperature + constant) / (h + slope);
  }
  const double low = g.low + 0.5, high = g.high - 0.5;
  const auto excess = [&](double t, double& s) {
    const Exchange q = exchange(air, t, surface, route);
    s = q.slope + slope;
    return q.total() - constant + slope * t;
  };
  double s = 0;
  if (!(excess(low, s) <= 0 && excess(high, s) >= 0))
    throw InputError("no wall temperature within {:.0f} … {:.0f} °C balances the heat of the rock", g.low - zero_celsius, g.high - zero_celsius);
  return increasing_root(excess, low, high, air.temperature);
}

}  // namespace winze::air
