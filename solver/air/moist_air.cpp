#include "air/moist_air.hpp"

#include <algorithm>
#include <cmath>

#include "air/root.hpp"
#include "base/error.hpp"

namespace winze::air {

namespace {

constexpr double fog_tolerance = 1e-6;  // relative excess of humidity over saturation taken for rounding

void check_temperature(double temperature, const Gas& g, const char* what) {
  if (!(temperature >= g.low && temperature <= g.high))
    throw InputError("{} {:.6g} °C is outside the valid range {:.0f} … {:.0f} °C of this psychrometry", what, temperature - zero_celsius,
                     g.low - zero_celsius, g.high - zero_celsius);
}
void check_pressure(double pressure) {
  if (!(pressure >= 20e3 && pressure <= 500e3)) throw InputError("air pressure {:.6g} kPa is outside the valid range 20 … 500 kPa", pressure / 1e3);
}
void check_humidity(double humidity) {
  if (!(humidity >= 0 && humidity <= 10)) throw InputError("humidity {:.6g} kg/kg of dry air must be at least 0 and at most 10", humidity);
}

bool has_ice(Psychrometry route) { return route == Psychrometry::hyland_wexler; }

// Natural logarithm of the saturation pressure and its derivative by temperature.
struct LogPressure {
  double value, slope;
};
LogPressure log_water(double t) {  // ASHRAE 2017, 1, equation 6
  return {-5.8002206e3 / t + 1.3914993 + t * (-4.8640239e-2 + t * (4.1764768e-5 - 1.4452093e-8 * t)) + 6.5459673 * std::log(t),
          5.8002206e3 / (t * t) - 4.8640239e-2 + t * (2 * 4.1764768e-5 - 3 * 1.4452093e-8 * t) + 6.5459673 / t};
}
LogPressure log_ice(double t) {  // ASHRAE 2017, 1, equation 5
  return {-5.6745359e3 / t + 6.3925247 + t * (-9.677843e-3 + t * (6.2215701e-7 + t * (2.0747825e-9 - 9.484024e-13 * t))) + 4.1635019 * std::log(t),
          5.6745359e3 / (t * t) - 9.677843e-3 + t * (2 * 6.2215701e-7 + t * (3 * 2.0747825e-9 - 4 * 9.484024e-13 * t)) + 4.1635019 / t};
}
LogPressure log_mcpherson(double t) {  // McPherson 14.13 (Tetens)
  const double c = t - zero_celsius, d = 237.3 + c;
  return {std::log(610.6) + 17.27 * c / d, 17.27 * 237.3 / (d * d)};
}
LogPressure log_pressure(double t, Psychrometry route) {
  if (!has_ice(route)) return log_mcpherson(t);
  return t < zero_celsius ? log_ice(t) : log_water(t);
}

struct Saturated {
  double humidity, slope;  // kg/kg, 1/K
};
Saturated saturated(double t, double pressure, Psychrometry route, bool ice) {
  const LogPressure l = !has_ice(route) ? log_mcpherson(t) : ice ? log_ice(t) : log_water(t);
  const double e = std::exp(l.value), ratio = gas(route).mass_ratio;
  return {ratio * e / (pressure - e), ratio * pressure * e * l.slope / ((pressure - e) * (pressure - e))};
}
struct Latent {
  double value, slope;
};
Latent latent(double t, Psychrometry route, bool ice) {
  const Gas& g = gas(route);
  if (ice) return {2830e3 - 240 * (t - zero_celsius), -240};  // ASHRAE 2017, 1, equation 35
  return {g.latent - g.latent_slope * (t - zero_celsius), -g.latent_slope};
}
// A temperature a little below boiling (Tetens errs to the safe side above 100 °C): saturated air is not asked for above it.
double ceiling(double pressure, Psychrometry route) {
  const double c = std::log(0.95 * pressure / 610.6);
  return std::min(gas(route).high, zero_celsius + 237.3 * c / (17.27 - c));
}
// Solves f(wet bulb) = 0 for f increasing on either side of 0 °C, with the water branch where that has a root.
template <class F>
double wet_bulb_root(F f, double high, Psychrometry route, const char* what) {
  const Gas& g = gas(route);
  double slope = 0;
  const bool ice = has_ice(route) && (high < zero_celsius || f(zero_celsius, false, slope) > 0);
  const double low = has_ice(route) && !ice ? zero_celsius : g.low;
  const double top = ice ? std::min(high, zero_celsius) : high;
  if (!(low <= top) || f(low, ice, slope) > 0)
    throw InputError("wet bulb of {} lies below {:.0f} °C, outside the valid range of this psychrometry", what, g.low - zero_celsius);
  return increasing_root([&](double t, double& s) { return f(t, ice, s); }, low, top, std::max(low, top - 8));
}
void refuse_fog(const State& air, Psychrometry route, const char* what) {
  if (air.temperature >= ceiling(air.pressure, route)) return;
  const double most = saturation_humidity(air.temperature, air.pressure, route);
  if (air.humidity > most * (1 + fog_tolerance))
    throw InputError("{} of fog: humidity {:.6g} kg/kg exceeds saturation {:.6g} kg/kg at {:.3f} °C; separate the water first", what, air.humidity,
                     most, air.temperature - zero_celsius);
}

}  // namespace

const Gas& gas(Psychrometry route) {
  static constexpr Gas ashrae{1006, 1860, 4186, 2501e3, 2326, 287.042, 0.621945, 173.15, 473.15};
  static constexpr Gas mcpherson{1005, 1884, 4187, 2502.5e3, 2386, 287.04, 0.622, 273.15, 333.15};
  return route == Psychrometry::mcpherson ? mcpherson : ashrae;
}

void check(const State& air, Psychrometry route) {
  check_temperature(air.temperature, gas(route), "dry bulb");
  check_pressure(air.pressure);
  check_humidity(air.humidity);
}

double saturation_pressure(double temperature, Psychrometry route) {
  check_temperature(temperature, gas(route), "temperature");
  return std::exp(log_pressure(temperature, route).value);
}
double saturation_pressure_slope(double temperature, Psychrometry route) {
  check_temperature(temperature, gas(route), "temperature");
  const LogPressure l = log_pressure(temperature, route);
  return std::exp(l.value) * l.slope;
}
double saturation_temperature(double vapour_pressure, Psychrometry route) {
  const Gas& g = gas(route);
  const double least = saturation_pressure(g.low, route), most = saturation_pressure(g.high, route);
  if (!(vapour_pressure >= least && vapour_pressure <= most))
    throw InputError("vapour pressure {:.6g} Pa has no dew point in the valid range {:.0f} … {:.0f} °C ({:.4g} … {:.6g} Pa)", vapour_pressure,
                     g.low - zero_celsius, g.high - zero_celsius, least, most);
  const double wanted = std::log(vapour_pressure), c = wanted - std::log(610.6);
  const double start = zero_celsius + 237.3 * c / (17.27 - c);  // Tetens as first guess
  return increasing_root(
      [&](double t, double& slope) {
        const LogPressure l = log_pressure(t, route);
        slope = l.slope;
        return l.value - wanted;
      },
      g.low, g.high, start);
}
double saturation_humidity(double temperature, double pressure, Psychrometry route) {
  check_pressure(pressure);
  const double e = saturation_pressure(temperature, route);
  if (!(e < 0.99 * pressure))
    throw InputError("water boils at {:.6g} °C and {:.6g} kPa: saturated air does not exist", temperature - zero_celsius, pressure / 1e3);
  return gas(route).mass_ratio * e / (pressure - e);
}
double latent_heat(double temperature, Psychrometry route) {
  check_temperature(temperature, gas(route), "temperature");
  return latent(temperature, route, has_ice(route) && temperature < zero_celsius).value;
}
double latent_heat_slope(double temperature, Psychrometry route) {
  check_temperature(temperature, gas(route), "temperature");
  return latent(temperature, route, has_ice(route) && temperature < zero_celsius).slope;
}
double water_enthalpy(double temperature, Psychrometry route) {
  check_temperature(temperature, gas(route), "temperature");
  const double t = temperature - zero_celsius;
  return has_ice(route) && t < 0 ? -329e3 + 2100 * t : gas(route).c_water * t;  // 2830 − 2501 kJ/kg; 1860 + 240 J/(kg K)
}

double vapour_pressure(const State& air, Psychrometry route) {
  check(air, route);
  return air.pressure * air.humidity / (gas(route).mass_ratio + air.humidity);
}
double relative_humidity(const State& air, Psychrometry route) { return vapour_pressure(air, route) / saturation_pressure(air.temperature, route); }
double specific_volume(const State& air, Psychrometry route) {
  check(air, route);
  const Gas& g = gas(route);
  return g.r_dry * air.temperature * (1 + air.humidity / g.mass_ratio) / air.pressure;
}
double apparent_density(const State& air, Psychrometry route) { return 1 / specific_volume(air, route); }
double density(const State& air, Psychrometry route) { return (1 + air.humidity) / specific_volume(air, route); }
double heat_capacity(const State& air, Psychrometry route) {
  check(air, route);
  return gas(route).cp_dry + air.humidity * gas(route).cp_vapour;
}
double enthalpy(const State& air, Psychrometry route) {
  check(air, route);
  const Gas& g = gas(route);
  const double t = air.temperature - zero_celsius;
  if (route == Psychrometry::hyland_wexler) return g.cp_dry * t + air.humidity * (g.latent + g.cp_vapour * t);
  const double tw = wet_bulb(air, route);
  return saturated_sigma_heat(tw, air.pressure, route) + g.c_water * (tw - zero_celsius) * air.humidity;
}
double sigma_heat(const State& air, Psychrometry route) { return saturated_sigma_heat(wet_bulb(air, route), air.pressure, route); }

double wet_bulb(const State& air, Psychrometry route) {
  check(air, route);
  refuse_fog(air, route, "wet bulb");
  const Gas& g = gas(route);
  const double c = g.cp_dry + air.humidity * g.cp_vapour;
  const double high = std::min(air.temperature, ceiling(air.pressure, route));
  const auto excess = [&](double t, bool ice, double& slope) {
    const Saturated s = saturated(t, air.pressure, route, ice);
    const Latent l = latent(t, route, ice);
    slope = l.slope * (s.humidity - air.humidity) + l.value * s.slope + c;
    return l.value * (s.humidity - air.humidity) - c * (air.temperature - t);
  };
  double slope = 0;
  if (excess(high, has_ice(route) && high < zero_celsius, slope) <= 0) return high;  // saturated to rounding
  return wet_bulb_root(excess, high, route, "this air");
}

double dew_point(const State& air, Psychrometry route) {
  refuse_fog(air, route, "dew point");
  if (air.humidity == 0) throw InputError("dry air has no dew point");
  return std::min(saturation_temperature(vapour_pressure(air, route), route), air.temperature);
}

State from_relative_humidity(double temperature, double relative_humidity, double pressure, Psychrometry route) {
  check_pressure(pressure);
  if (!(relative_humidity >= 0 && relative_humidity <= 1)) throw InputError("relative humidity {:.6g} must be between 0 and 1", relative_humidity);
  const double e = relative_humidity * saturation_pressure(temperature, route);
  if (!(e < 0.99 * pressure)) throw InputError("vapour pressure {:.6g} Pa reaches the air pressure {:.6g} Pa", e, pressure);
  return {temperature, pressure, gas(route).mass_ratio * e / (pressure - e)};
}
State from_wet_bulb(double temperature, double wet_bulb, double pressure, Psychrometry route) {
  const Gas& g = gas(route);
  check_temperature(temperature, g, "dry bulb");
  if (wet_bulb > temperature)
    throw InputError("wet bulb {:.6g} °C is above the dry bulb {:.6g} °C", wet_bulb - zero_celsius, temperature - zero_celsius);
  const double depression = temperature - wet_bulb, l = latent_heat(wet_bulb, route);
  const double x = (l * saturation_humidity(wet_bulb, pressure, route) - g.cp_dry * depression) / (l + g.cp_vapour * depression);
  if (x < 0)
    throw InputError("wet bulb {:.6g} °C is lower than that of dry air at {:.6g} °C and {:.6g} kPa", wet_bulb - zero_celsius,
                     temperature - zero_celsius, pressure / 1e3);
  return {temperature, pressure, x};
}
State from_dew_point(double temperature, double dew_point, double pressure, Psychrometry route) {
  if (dew_point > temperature)
    throw InputError("dew point {:.6g} °C is above the dry bulb {:.6g} °C", dew_point - zero_celsius, temperature - zero_celsius);
  const State air{temperature, pressure, saturation_humidity(dew_point, pressure, route)};
  check(air, route);
  return air;
}
State from_enthalpy(double enthalpy, double pressure, double humidity, Psychrometry route) {
  check_pressure(pressure);
  check_humidity(humidity);
  const Gas& g = gas(route);
  State air{0, pressure, humidity};
  if (route == Psychrometry::hyland_wexler) {
    air.temperature = zero_celsius + (enthalpy - humidity * g.latent) / (g.cp_dry + humidity * g.cp_vapour);
  } else {
    const double tw = wet_bulb_root(
        [&](double t, bool ice, double& slope) {
          const Saturated s = saturated(t, pressure, route, ice);
          const Latent l = latent(t, route, ice);
          const double c = g.cp_dry + g.c_water * humidity;
          slope = l.slope * s.humidity + l.value * s.slope + c;
          return l.value * s.humidity + c * (t - zero_celsius) - enthalpy;
        },
        ceiling(pressure, route), route, "this enthalpy");
    const Saturated s = saturated(tw, pressure, route, false);
    if (humidity > s.humidity * (1 + fog_tolerance))
      throw InputError("humidity {:.6g} kg/kg exceeds saturation at the wet bulb {:.3f} °C of this enthalpy; separate the water first", humidity,
                       tw - zero_celsius);
    air.temperature = tw + latent(tw, route, false).value * (s.humidity - humidity) / (g.cp_dry + humidity * g.cp_vapour);
  }
  check_temperature(air.temperature, g, "temperature of the given enthalpy");
  return air;
}

double saturated_sigma_heat(double wet_bulb, double pressure, Psychrometry route) {
  return latent_heat(wet_bulb, route) * saturation_humidity(wet_bulb, pressure, route) + gas(route).cp_dry * (wet_bulb - zero_celsius);
}
double wet_bulb_of_sigma_heat(double sigma_heat, double pressure, Psychrometry route) {
  check_pressure(pressure);
  const Gas& g = gas(route);
  const double high = ceiling(pressure, route);
  if (!(sigma_heat <= saturated_sigma_heat(high, pressure, route)))
    throw InputError("sigma heat {:.6g} J/kg exceeds that of saturated air near boiling at {:.6g} kPa", sigma_heat, pressure / 1e3);
  return wet_bulb_root(
      [&](double t, bool ice, double& slope) {
        const Saturated s = saturated(t, pressure, route, ice);
        const Latent l = latent(t, route, ice);
        slope = l.slope * s.humidity + l.value * s.slope + g.cp_dry;
        return l.value * s.humidity + g.cp_dry * (t - zero_celsius) - sigma_heat;
      },
      high, route, "this sigma heat");
}

Separated separate(double enthalpy, double pressure, double total_humidity, Psychrometry route) {
  check_pressure(pressure);
  check_humidity(total_humidity);
  const double high = ceiling(pressure, route);
  const Gas& g = gas(route);
  // Enthalpy of saturated air with the rest as water at this temperature, less the wanted: increasing with temperature while there is water.
  const auto excess = [&](double t, bool ice, double& slope) {
    const Saturated s = saturated(t, pressure, route, ice);
    const Latent l = latent(t, route, ice);
    const double c = ice ? 2100 : g.c_water, h = ice ? -329e3 + c * (t - zero_celsius) : c * (t - zero_celsius);
    slope = l.slope * s.humidity + l.value * s.slope + g.cp_dry + total_humidity * c;
    return l.value * s.humidity + g.cp_dry * (t - zero_celsius) + total_humidity * h - enthalpy;
  };
  // Fog where air saturated with all of the water would hold more enthalpy than there is.
  bool fog = total_humidity > 0;
  if (fog) {
    const double e = pressure * total_humidity / (g.mass_ratio + total_humidity);
    if (e <= saturation_pressure(g.low, route)) {
      fog = false;
    } else if (e < saturation_pressure(high, route)) {
      const double dew = saturation_temperature(e, route);
      double slope = 0;
      fog = excess(dew, has_ice(route) && dew < zero_celsius, slope) > 0;
    }
  }
  if (!fog) return {from_enthalpy(enthalpy, pressure, total_humidity, route), 0, 0};
  double slope = 0;
  if (has_ice(route) && excess(zero_celsius, false, slope) > 0 && excess(zero_celsius, true, slope) < 0) {
    const Saturated s = saturated(zero_celsius, pressure, route, false);  // water and ice together at 0 °C
    const double rest = total_humidity - s.humidity;
    return {{zero_celsius, pressure, s.humidity}, rest, std::clamp((g.latent * s.humidity - enthalpy) / 329e3, 0.0, rest)};
  }
  const double t = wet_bulb_root(excess, high, route, "this mixture");
  const bool ice = has_ice(route) && t < zero_celsius;
  const Saturated s = saturated(t, pressure, route, ice);
  const double rest = total_humidity - s.humidity;
  return {{t, pressure, s.humidity}, rest, ice ? rest : 0};
}

double standard_pressure(double altitude) {
  if (!(altitude >= -5000 && altitude <= 11000))
    throw InputError("altitude {:.6g} m is outside −5000 … 11000 m of the standard atmosphere", altitude);
  return 101325 * std::pow(1 - 2.25577e-5 * altitude, 5.2559);
}
double standard_temperature(double altitude) {
  standard_pressure(altitude);
  return zero_celsius + 15 - 0.0065 * altitude;
}

}  // namespace winze::air
