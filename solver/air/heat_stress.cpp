#include "air/heat_stress.hpp"

#include <algorithm>
#include <cmath>

#include "air/root.hpp"
#include "base/error.hpp"

namespace winze::air {

namespace {

constexpr double stefan_boltzmann = 5.67e-8;
constexpr double globe_diameter = 0.15, globe_emissivity = 0.95;

double forced_globe(double speed) { return 6.3 * std::pow(speed, 0.6) / std::pow(globe_diameter, 0.4); }
double fourth(double x) { return x * x * x * x; }

// Coefficients of skin and clothing by Brake and Bates (2002); kPa, °C. hr by the skin temperature.
struct Skin {
  double convection, evaporation;  // W/(m² K), W/(m² kPa)
  double radiant, air, vapour;     // °C, °C, kPa
  double rcl, fcl, recl;
  Skin(const Surroundings& s, const Clothing& c, double speed, Psychrometry route) {
    const double p = s.air.pressure / 1e3;
    vapour = vapour_pressure(s.air, route) / 1e3;
    radiant = s.radiant - zero_celsius;
    air = s.air.temperature - zero_celsius;
    convection = 0.608 * std::pow(p, 0.6) * std::pow(speed, 0.6);
    evaporation = 1587 * convection * p / ((p - vapour) * (p - vapour));
    rcl = 0.155 * c.insulation;
    fcl = 1 + 0.31 * c.insulation;
    recl = rcl / (16.5 * c.permeation);
  }
  double radiation(double skin) const { return 4.61 * std::pow(1 + (radiant + skin) / 546, 3); }
  // Heat lost through clothing by convection and radiation of coefficient hr.
  double sensible(double skin, double hr) const {
    const double h = hr + convection, operative = (hr * radiant + convection * air) / h;
    return fcl / (1 + fcl * h * rcl) * h * (skin - operative);
  }
  double evaporative(double skin_pressure) const { return fcl * evaporation / (1 + fcl * evaporation * recl) * (skin_pressure - vapour); }
};
void check_clothing(const Clothing& c) {
  if (!(c.insulation >= 0 && c.insulation <= 3)) throw InputError("clothing insulation {:.6g} clo must be within 0 … 3", c.insulation);
  if (!(c.permeation > 0 && c.permeation <= 1))
    throw InputError("vapour permeation efficiency of clothing {:.6g} must be within 0 … 1", c.permeation);
}

}  // namespace

void check(const Surroundings& s, Psychrometry route) {
  check(s.air, route);
  if (!(s.radiant >= 243.15 && s.radiant <= 393.15))
    throw InputError("mean radiant temperature {:.6g} °C is outside −30 … 120 °C", s.radiant - zero_celsius);
  if (!(s.speed >= 0 && s.speed <= 30)) throw InputError("air speed {:.6g} m/s is outside 0 … 30 m/s", s.speed);
}

double globe_temperature(const Surroundings& s) {
  check(s);
  const double forced = forced_globe(s.speed), low = std::min(s.radiant, s.air.temperature), high = std::max(s.radiant, s.air.temperature);
  if (high - low < 1e-12) return low;
  return increasing_root(
      [&](double t, double& slope) {
        const double d = t - s.air.temperature, free = 1.4 * std::pow(std::abs(d) / globe_diameter, 0.25), h = std::max(forced, free);
        slope = h + 4 * globe_emissivity * stefan_boltzmann * t * t * t;
        return h * d + globe_emissivity * stefan_boltzmann * (fourth(t) - fourth(s.radiant));
      },
      low, high, 0.5 * (low + high));
}
double radiant_of_globe(double globe, double air, double speed) {
  check(Surroundings{{air, 101325, 0}, globe, speed});
  const double d = globe - air, h = std::max(forced_globe(speed), 1.4 * std::pow(std::abs(d) / globe_diameter, 0.25));
  const double power = fourth(globe) + h * d / (globe_emissivity * stefan_boltzmann);
  if (!(power > fourth(150.0)))
    throw InputError("globe at {:.6g} °C in air at {:.6g} °C has no mean radiant temperature", globe - zero_celsius, air - zero_celsius);
  return std::pow(power, 0.25);
}

double natural_wet_bulb(const Surroundings& s, Psychrometry route) {
  check(s, route);
  constexpr double diameter = 0.004, conductivity = 0.028, kinematic = 1.5e-5, exchange = 0.76;
  const double reynolds = std::max(s.speed, 0.1) * diameter / kinematic;
  const double h = 0.281 * std::pow(reynolds, 0.6) * conductivity / diameter;
  const double e = vapour_pressure(s.air, route);
  const Gas& g = gas(route);
  const double factor = g.mass_ratio * h / (g.cp_dry * s.air.pressure);
  const double low = std::max(g.low, s.air.temperature - 80), high = std::min(g.high, std::max(s.air.temperature, s.radiant));
  return increasing_root(
      [&](double t, double& slope) {
        const double latent = latent_heat(t, route);
        slope = h + 4 * exchange * stefan_boltzmann * t * t * t + latent * factor * saturation_pressure_slope(t, route);
        return h * (t - s.air.temperature) + exchange * stefan_boltzmann * (fourth(t) - fourth(s.radiant)) +
               latent * factor * (saturation_pressure(t, route) - e);
      },
      low, high, s.air.temperature);
}
double wet_bulb_globe_temperature(const Surroundings& s, Psychrometry route) { return 0.7 * natural_wet_bulb(s, route) + 0.3 * globe_temperature(s); }

double air_cooling_power(const Surroundings& s, const Clothing& clothing, Psychrometry route) {
  check(s, route);
  check_clothing(clothing);
  constexpr double skin = 35;
  const Skin k(s, clothing, s.speed, route);
  return k.sensible(skin, 0.73 * k.radiation(skin)) + k.evaporative(saturation_pressure(skin + zero_celsius, route) / 1e3);
}

WorkZone work_zone(double limit) {
  return limit < 115 ? WorkZone::withdrawal : limit < 140 ? WorkZone::buffer : limit < 220 ? WorkZone::acclimatisation : WorkZone::unrestricted;
}

WorkLimit thermal_work_limit(const Surroundings& s, const Clothing& clothing, Psychrometry route) {
  check(s, route);
  check_clothing(clothing);
  constexpr double core = 38.2, latent = 2430e3;
  const Skin k(s, clothing, std::clamp(s.speed, 0.2, 4.0), route);
  const auto sweat = [&](double skin) {  // kg/(m² s)
    const double signal = 0.1 * skin + 0.9 * core;
    return std::clamp(0.42 + 0.44 * std::tanh(1.16 * (signal - 37.4)), 0.0, 0.67) / 3600;
  };
  const auto supplied = [&](double skin) {  // from the core
    const double signal = 0.1 * skin + 0.9 * core;
    return (84 + 72 * std::tanh(1.3 * (signal - 37.9))) * (core - skin);
  };
  const auto lost = [&](double skin) {
    const double most = std::max(0.0, k.evaporative(saturation_pressure(skin + zero_celsius, route) / 1e3)), supply = latent * sweat(skin);
    const double x = most > 0 ? supply / most : 10;
    const double evaporated = x < 0.46 ? supply : x <= 1.7 ? supply * std::exp(-0.4127 * std::pow(x - 0.46, 1.168)) : most;
    return k.sensible(skin, k.radiation(skin)) + evaporated;
  };
  const auto excess = [&](double skin, double& slope) {  // °C above zero, so that the relative stop of the root suits
    constexpr double d = 1e-4;
    const auto f = [&](double t) { return lost(t) - supplied(t); };
    slope = (f(skin + d) - f(skin - d)) / (2 * d);
    return f(skin);
  };
  double slope = 0;
  WorkLimit w;
  if (excess(core, slope) <= 0) {  // the surroundings heat a skin as warm as the core
    w.skin = core + zero_celsius;
    w.sweat = sweat(core);
    return w;
  }
  const double skin = increasing_root(excess, 10, core, 35);
  const double respired = std::clamp(0.0014 * (34 - k.air) + 0.0173 * (5.87 - k.vapour), 0.0, 0.5);
  return {supplied(skin) / (1 - respired), skin + zero_celsius, sweat(skin)};
}

double effective_temperature(const Surroundings& s, Psychrometry route) {
  check(s, route);
  const double t = s.air.temperature - zero_celsius, humidity = 100 * std::min(1.0, relative_humidity(s.air, route));
  return zero_celsius + 37 - (37 - t) / (0.68 - 0.0014 * humidity + 1 / (1.76 + 1.4 * std::pow(s.speed, 0.75))) - 0.29 * t * (1 - 0.01 * humidity);
}

}  // namespace winze::air
