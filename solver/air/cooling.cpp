#include "air/cooling.hpp"

#include <algorithm>
#include <cmath>

#include "air/root.hpp"
#include "base/error.hpp"

namespace winze::air {

namespace {

void check_flow(double flow, const char* what) {
  if (!(flow > 0 && std::isfinite(flow))) throw InputError("{} must be positive, not {:.6g} kg/s", what, flow);
}
void check_water(const Water& w) {
  check_flow(w.flow, "water flow");
  if (!(w.temperature >= zero_celsius && w.temperature <= zero_celsius + 95))
    throw InputError("water temperature {:.6g} °C is outside 0 … 95 °C", w.temperature - zero_celsius);
}
void check_share(double x, const char* what, double low, double high) {
  if (!(x >= low && x <= high)) throw InputError("{} {:.6g} must be within {:.6g} … {:.6g}", what, x, low, high);
}

// (1 − e^−N(1−R))/(1 − R e^−N(1−R)), smooth through R = 1.
double counterflow(double n, double r) {
  if (r > 1) return counterflow(n * r, 1 / r) / r;
  const double x = n * (1 - r);
  if (std::abs(x) < 1e-7) return n / (1 + n);
  const double e = -std::expm1(-x);
  return e / (1 - r + r * e);
}

}  // namespace

Spray spray(const State& air, double air_flow, const Water& water, double merit, Psychrometry route) {
  check_flow(air_flow, "air flow");
  check_water(water);
  if (!(merit > 0 && merit < 1)) throw InputError("factor of merit {:.6g} must be within 0 … 1", merit);
  const double c = gas(route).c_water, wet = wet_bulb(air, route), p = air.pressure;
  const double sigma = saturated_sigma_heat(wet, p, route), sigma_water = saturated_sigma_heat(water.temperature, p, route);
  const double range = wet - water.temperature;
  Spray s;
  if (std::abs(range) > 1e-6) {
    s.capacity_ratio = water.flow * c * range / (air_flow * (sigma - sigma_water));
  } else {
    const double slope = (saturated_sigma_heat(wet + 0.01, p, route) - saturated_sigma_heat(wet - 0.01, p, route)) / 0.02;
    s.capacity_ratio = water.flow * c / (air_flow * slope);
  }
  const double n = merit / (std::pow(s.capacity_ratio, 0.4) * (1 - merit));
  s.water_efficiency = counterflow(n, s.capacity_ratio);
  s.air_efficiency = s.capacity_ratio * s.water_efficiency;
  s.merit_water = water.temperature + s.water_efficiency * range;
  s.duty = water.flow * c * (s.merit_water - water.temperature);
  const double wet_out = wet_bulb_of_sigma_heat(sigma - s.duty / air_flow, p, route);
  s.air = {wet_out, p, saturation_humidity(wet_out, p, route)};
  s.condensate = air_flow * (air.humidity - s.air.humidity);
  s.air_loss = air_flow * (enthalpy(air, route) - enthalpy(s.air, route));
  s.water.flow = water.flow + s.condensate;
  if (!(s.water.flow > 0)) throw InputError("a spray of {:.6g} kg/s evaporates wholly: {:.6g} kg/s would", water.flow, -s.condensate);
  const double before = water.flow * water_enthalpy(water.temperature, route);
  s.water.temperature = zero_celsius + (before + s.air_loss) / (s.water.flow * c);
  if (!(s.water.temperature >= zero_celsius))
    throw InputError("a spray would leave at {:.3f} °C: water that cold freezes", s.water.temperature - zero_celsius);
  s.water_gain = s.water.flow * water_enthalpy(s.water.temperature, route) - before;
  return s;
}

Coiled coil(const State& air, double air_flow, const Water& water, const Coil& coil, Psychrometry route) {
  check_flow(air_flow, "air flow");
  check_water(water);
  check(air, route);
  if (!(coil.outside > 0 && coil.inside > 0 && coil.fouling >= 0))
    throw InputError("a coil needs positive conductances outside {:.6g} and inside {:.6g} W/K and a fouling {:.6g} K/W not negative", coil.outside,
                     coil.inside, coil.fouling);
  if (!(water.temperature < air.temperature))
    throw InputError("water at {:.6g} °C does not cool air at {:.6g} °C", water.temperature - zero_celsius, air.temperature - zero_celsius);
  const double c = gas(route).c_water, cp = heat_capacity(air, route), p = air.pressure;
  const double inside = 1 / (1 / coil.inside + coil.fouling), of_air = air_flow * cp, of_water = water.flow * c;
  const double n_out = coil.outside / of_air, n_in = inside / of_water, whole = 1 / (1 / coil.outside + 1 / inside);
  const double small = std::min(of_air, of_water), ratio = small / std::max(of_air, of_water);
  const double h_in = enthalpy(air, route);
  const auto saturated = [&](double t) { return enthalpy({t, p, saturation_humidity(t, p, route)}, route); };
  const double h_water = saturated(water.temperature);

  // The share `dry` of the area lies at the air's entry, where water leaves; the rest is wet. Between them air is at `air`, water at `water`.
  struct Sections {
    double dry_heat, wet_heat, air, water, film, surface;
  };
  const auto sections = [&](double dry) {
    Sections r{0, 0, air.temperature, water.temperature, 0.5 * (air.temperature + water.temperature), 0};
    const double e = dry > 0 ? counterflow(dry * whole / small, ratio) : 0;
    for (int i = 0; i < 500; ++i) {
      r.dry_heat = e * small * (air.temperature - r.water);
      r.air = air.temperature - r.dry_heat / of_air;
      const double h = h_in - cp * (air.temperature - r.air);
      if (dry < 1) {
        // Straight saturation lines: over the water's range for its capacity, from the mean water to the mean surface for the films.
        const double upper = std::max(r.water, water.temperature + 1e-3), middle = 0.5 * (upper + water.temperature), at_middle = saturated(middle);
        const double over = (saturated(upper) - h_water) / (upper - water.temperature), h_mean = h - 0.5 * r.wet_heat / air_flow;
        const double film = std::max(r.film, middle + 1e-3), slope = (saturated(film) - at_middle) / (film - middle);
        r.film = middle + std::max(0.0, h_mean - at_middle) / (slope + inside / coil.outside * cp);
        const double m = air_flow * over / of_water, n = (1 - dry) * n_out / (1 + air_flow * slope / of_water * n_out / n_in);
        r.wet_heat = counterflow(n, m) * air_flow * std::max(0.0, h - h_water);
      }
      const double next = water.temperature + r.wet_heat / of_water;
      if (std::abs(next - r.water) < 1e-11 * next) break;
      r.water = std::min(0.5 * (next + r.water), air.temperature);
    }
    r.surface = (coil.outside * r.air + inside * r.water) / (coil.outside + inside);
    return r;
  };
  const double e = vapour_pressure(air, route);
  const double dew = e > saturation_pressure(gas(route).low, route) ? saturation_temperature(e, route) : gas(route).low;
  Sections parts = sections(1);
  double dry = 1;
  if (parts.surface < dew) {
    dry = 0;
    parts = sections(0);
    const double leaving = parts.water;
    if ((coil.outside * air.temperature + inside * leaving) / (coil.outside + inside) > dew) {
      double low = 0, high = 1;
      for (int i = 0; i < 60; ++i) {
        dry = 0.5 * (low + high);
        parts = sections(dry);
        (parts.surface > dew ? low : high) = dry;
      }
    }
  }

  Coiled r;
  r.bypass = std::exp(-n_out);
  const double h_middle = h_in - parts.dry_heat / air_flow, passed = std::exp(-n_out * (1 - dry));
  r.wet = dry < 1 - 1e-9 && parts.wet_heat > 0;
  r.air = {parts.air, p, air.humidity};
  r.surface = parts.surface;
  if (r.wet) {
    const double h_out = h_middle - parts.wet_heat / air_flow, h_surface = h_middle - (h_middle - h_out) / (1 - passed);
    const double above = wet_bulb_of_sigma_heat(h_surface, p, route);  // sigma heat of saturated air is a little less than its enthalpy
    r.surface = increasing_root(
        [&](double t, double& slope) {
          slope = (saturated(t + 1e-3) - saturated(t - 1e-3)) / 2e-3;
          return saturated(t) - h_surface;
        },
        std::max(gas(route).low + 0.01, above - 10), above + 0.01, above);
    if (!(r.surface >= zero_celsius)) throw InputError("the surface of a coil at {:.3f} °C would freeze", r.surface - zero_celsius);
    // Air leaves as a mixture of what passed by and what touched the surface; fog in it drains too.
    const double x_surface = saturation_humidity(r.surface, p, route);
    const double x_out = std::min(air.humidity, x_surface + (air.humidity - x_surface) * passed);
    const Separated mixed = separate(h_out, p, x_out, route);
    r.air = mixed.air;
    r.condensate = air_flow * (air.humidity - mixed.air.humidity);
    r.drained = air_flow * ((air.humidity - x_out) * water_enthalpy(r.surface, route) + mixed.water * water_enthalpy(mixed.air.temperature, route));
  }
  r.air_loss = air_flow * (h_in - enthalpy(r.air, route));
  r.duty = r.air_loss - r.drained;
  r.water = {water.flow, water.temperature + r.duty / of_water};
  return r;
}

double carnot_cop(double evaporating, double condensing) {
  if (!(evaporating > 150 && condensing - evaporating >= 2))
    throw InputError("a refrigerator from {:.6g} to {:.6g} °C: the lift must be at least 2 K", evaporating - zero_celsius, condensing - zero_celsius);
  return evaporating / (condensing - evaporating);
}

Chilled chiller(const Chiller& plant, double load, double chilled_out, double condenser_out) {
  check_share(plant.efficiency, "efficiency of a chiller", 0.05, 1);
  check_share(plant.evaporator_approach, "approach of an evaporator, K,", 0, 30);
  check_share(plant.condenser_approach, "approach of a condenser, K,", 0, 30);
  if (!(plant.capacity > 0)) throw InputError("capacity of a chiller must be positive, not {:.6g} W", plant.capacity);
  if (!(load >= 0)) throw InputError("load of a chiller must not be negative: {:.6g} W", load);
  Chilled r;
  r.cooling = std::min(load, plant.capacity);
  r.unmet = load - r.cooling;
  r.evaporating = chilled_out - plant.evaporator_approach;
  r.condensing = condenser_out + plant.condenser_approach;
  const double part = plant.part_load(r.cooling / plant.capacity);
  if (!(part > 0)) throw InputError("part-load curve of a chiller must be positive, not {:.6g} at load {:.3f}", part, r.cooling / plant.capacity);
  r.cop = plant.efficiency * part * carnot_cop(r.evaporating, r.condensing);
  r.power = r.cooling / r.cop;
  r.rejected = r.cooling + r.power;
  return r;
}

Rejection reject_to_air(const State& air, double air_flow, double water_flow, double merit, double heat, double hottest, Psychrometry route) {
  if (!(heat >= 0)) throw InputError("heat to reject must not be negative: {:.6g} W", heat);
  const double wet = wet_bulb(air, route);
  if (!(hottest > wet))
    throw InputError("condenser water of at most {:.6g} °C gives no heat to air of wet bulb {:.6g} °C", hottest - zero_celsius, wet - zero_celsius);
  const auto taken = [&](double hot) { return -spray(air, air_flow, {water_flow, hot}, merit, route).duty; };
  Rejection r;
  r.capacity = taken(hottest);
  r.limited = heat > r.capacity;
  const double coldest = std::max(wet, zero_celsius);
  r.hot = r.limited ? hottest : coldest;
  if (!r.limited && heat > 0)
    r.hot = increasing_root(
        [&](double t, double& slope) {
          const double low = std::max(coldest, t - 1e-3), high = std::min(hottest, t + 1e-3);
          slope = (taken(high) - taken(low)) / (high - low);
          return taken(t) - heat;
        },
        coldest, hottest, 0.5 * (coldest + hottest));
  r.spray = spray(air, air_flow, {water_flow, r.hot}, merit, route);
  r.cold = r.spray.merit_water;
  return r;
}

double air_capacity(const State& air, double air_flow, double wet_bulb_limit, Psychrometry route) {
  check_flow(air_flow, "air flow");
  return air_flow * (saturated_sigma_heat(wet_bulb_limit, air.pressure, route) - sigma_heat(air, route));
}

Refrigeration refrigerate(const Chiller& plant, double load, double chilled_out, const State& air, double air_flow, double condenser_water,
                          double merit, double hottest, Psychrometry route) {
  const double wet = std::max(wet_bulb(air, route), zero_celsius);
  Refrigeration r;
  // Hot water temperature at which the spray takes what the plant rejects. The spray's heat rises with it; the plant's rises too, but far less.
  const auto excess = [&](double hot, double cooling) {
    return -spray(air, air_flow, {condenser_water, hot}, merit, route).duty - chiller(plant, cooling, chilled_out, hot).rejected;
  };
  const double coldest = std::max(wet + 1e-6, chilled_out + 2);
  if (!(hottest > coldest))
    throw InputError("condenser water of at most {:.6g} °C leaves no room above the wet bulb {:.6g} °C and the chilled water", hottest - zero_celsius,
                     wet - zero_celsius);
  double cooling = std::min(load, plant.capacity);
  const bool limited = excess(hottest, cooling) < 0;
  double hot = hottest;
  if (limited) {  // less cooling: what the spray takes at its hottest
    double low = 0, high = cooling;
    for (int i = 0; i < 200 && high - low > 1e-13 * plant.capacity; ++i) {
      const double middle = 0.5 * (low + high);
      (excess(hottest, middle) < 0 ? high : low) = middle;
    }
    cooling = low;
  } else {
    double low = coldest, high = hottest;
    if (excess(low, cooling) >= 0) high = low;
    for (int i = 0; i < 200 && high - low > 1e-12; ++i) {
      const double middle = 0.5 * (low + high);
      (excess(middle, cooling) < 0 ? low : high) = middle;
    }
    hot = high;
  }
  r.chilled = chiller(plant, cooling, chilled_out, hot);
  r.chilled.unmet = load - cooling;
  const double most = -spray(air, air_flow, {condenser_water, hottest}, merit, route).duty;
  r.rejection = reject_to_air(air, air_flow, condenser_water, merit, std::min(r.chilled.rejected, most), hottest, route);
  r.rejection.limited = limited;
  return r;
}

double positional_efficiency(double perimeter, double conductance, double length, double air_flow, double heat_capacity) {
  check_flow(air_flow, "air flow");
  if (!(perimeter > 0 && conductance >= 0 && length >= 0 && heat_capacity > 0))
    throw InputError("positional efficiency needs a positive perimeter and heat capacity, and conductance and length not negative");
  return std::exp(-perimeter * conductance * length / (air_flow * heat_capacity));
}

}  // namespace winze::air
