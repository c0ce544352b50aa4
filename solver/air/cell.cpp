#include "air/cell.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace winze::air {
namespace {

/// 0.622/1005/Le^(2/3), the Lewis relation of wall_exchange.hpp.
constexpr double lewis = 0.0007;

/// Share of the way from inlet to outlet at which a quantity that decays exponentially by n has its mean.
double mean_at(double n) {
  if (n < 1e-2) return 0.5 + n / 12 * (1 - n * n / 60);
  return n > 500 ? 1 - 1 / n : 1 / -std::expm1(-n) - 1 / n;
}

/// Exchange of one wall, of which a share is wet, with air of temperature T and vapour pressure e, and its derivatives by them; the wall's
/// temperature balances with the rock, and the flow is what the rock gives to rounding. Condensate forms on all of it.
struct Wall {
  double temperature = 0, sensible = 0, vapour = 0, latent = 0;  // K, W/m², kg/(m² s), W/m² (L · vapour)
  double sensible_T = 0, sensible_e = 0, vapour_T = 0, vapour_e = 0, temperature_T = 0, temperature_e = 0;
};
Wall balance(const RockAnswer& rock, double film, double convection, double share, double supply, double t, double e, double pressure, double guess,
             Psychrometry route) {
  Wall w;
  const double full = lewis * convection / pressure;
  // Dry, or with all the water there is: the wall's temperature is linear in the rest.
  const auto bounded = [&](double j) {
    double wall = (rock.constant + film * t) / (rock.slope + film);
    if (j != 0)
      for (int k = 0; k < 3; ++k) wall = (rock.constant + film * t - j * latent_heat(wall, route)) / (rock.slope + film);
    w.temperature = wall;
    w.sensible = film * (wall - t);
    w.vapour = j;
    w.latent = j * latent_heat(wall, route);
    w.temperature_T = film / (rock.slope + film);
    w.sensible_T = film * (w.temperature_T - 1);
  };
  const Gas& g = gas(route);
  if (share <= 0 || supply <= 0) {
    bounded(0);
    if (full == 0 || w.temperature <= g.low || w.temperature >= g.high || saturation_pressure(w.temperature, route) >= e) return w;
  }
  double wall = guess > 0 ? guess : t;
  double es = 0, slope = 0, latent = 0, transfer = 0;
  for (int k = 0;; ++k) {
    if (!(wall > g.low && wall < g.high)) wall = std::clamp(wall, g.low + 1, g.high - 1);
    es = saturation_pressure(wall, route);
    slope = saturation_pressure_slope(wall, route);
    latent = latent_heat(wall, route);
    transfer = es >= e ? full * share : full;
    const double r = rock.constant - rock.slope * wall - film * (wall - t) - transfer * latent * (es - e);
    const double d = rock.slope + film + transfer * (latent * slope + latent_heat_slope(wall, route) * (es - e));
    const double step = r / d;
    wall += step;
    if (std::abs(step) < 1e-11 * wall) break;
    if (k > 60)
      throw SolverError("climate: no wall temperature balances with air at {:.2f} K and rock that gives {:.4g} - {:.4g} T W/m²", t, rock.constant,
                        rock.slope);
  }
  const double j = transfer * (es - e);
  if (j > share * supply) {
    bounded(share * supply);
    return w;
  }
  w.temperature = wall;
  w.vapour = j;
  w.latent = latent * j;
  w.sensible = rock.constant - rock.slope * wall - w.latent;
  const double d = rock.slope + film + transfer * (latent * slope + latent_heat_slope(wall, route) * (es - e));
  w.temperature_T = film / d;
  w.temperature_e = transfer * latent / d;
  w.sensible_T = film * (w.temperature_T - 1);
  w.sensible_e = film * w.temperature_e;
  w.vapour_T = transfer * slope * w.temperature_T;
  w.vapour_e = transfer * (slope * w.temperature_e - 1);
  return w;
}

}  // namespace

double wet_film(double convection, double radiation, double wall, double pressure, Psychrometry route) {
  return convection + radiation + lewis * convection / pressure * latent_heat(wall, route) * saturation_pressure_slope(wall, route);
}

CellResult pass(const Cell& c, const Stream& in, Psychrometry route, double guess_dry, double guess_wet) {
  const Gas& g = gas(route);
  CellResult r;
  const double film = c.convection + c.radiation, ratio = g.mass_ratio;
  const double t_in = temperature_of(g, in.h, in.x), z = (c.z_in + c.z_out) / 2;
  const bool walls = c.area > 0 && (c.one_wall || c.dry.slope > 0 || c.wet.slope > 0 || c.dry.constant != 0);
  const double cp = g.cp_dry + in.x * g.cp_vapour;
  double u = 0, ux = 0;
  if (walls && !c.one_wall) {  // a wall given from outside has one flow all along the cell
    const double dry = film * c.dry.slope / (film + c.dry.slope), wet = film * c.wet.slope / (film + c.wet.slope);
    u = c.area * ((1 - c.wetness) * dry + c.wetness * wet);
    const double wall = (c.dry.constant + film * t_in) / (c.dry.slope + film);
    const bool condenses = wall > g.low && wall < g.high && saturation_pressure(wall, route) < c.pressure * in.x / (ratio + in.x);
    ux = c.area * (condenses ? 1 : c.wetness) * lewis * c.convection / ratio;
  }
  const double at_t = mean_at(u / (c.mass * cp)), at_x = mean_at(ux / c.mass);
  r.dry_wall = guess_dry;
  r.wet_wall = guess_wet;
  Stream out = {in.h - c.gravity * (1 + in.x) * (c.z_out - c.z_in), in.x};
  Wall dry, wet;
  double part = 1, last_off = HUGE_VAL;
  for (int k = 0;; ++k) {
    const double t_out = temperature_of(g, out.h, out.x), cp_out = g.cp_dry + out.x * g.cp_vapour;
    r.temperature = t_in + at_t * (t_out - t_in);
    r.humidity = in.x + at_x * (out.x - in.x);
    const double e = c.pressure * r.humidity / (ratio + r.humidity), e_x = c.pressure * ratio / ((ratio + r.humidity) * (ratio + r.humidity));
    double heat = 0, vapour = 0, water = 0;  // W to the air by enthalpy, kg/s, W with the water
    double heat_T = 0, heat_e = 0, vapour_T = 0, vapour_e = 0;
    if (walls) {
      const auto add = [&](const Wall& w, double area) {
        const double hw = water_enthalpy(w.temperature, route), l = latent_heat(w.temperature, route);
        heat += area * (w.sensible + w.latent);
        water += area * w.vapour * (hw + c.gravity * z);
        vapour += area * w.vapour;
        heat_T += area * (w.sensible_T + (l + hw) * w.vapour_T);
        heat_e += area * (w.sensible_e + (l + hw) * w.vapour_e);
        vapour_T += area * w.vapour_T;
        vapour_e += area * w.vapour_e;
      };
      if (c.one_wall) {
        dry = balance(c.dry, film, c.convection, c.wetness, c.supply, r.temperature, e, c.pressure, r.dry_wall, route);
        add(dry, c.area);
        r.dry_wall = r.wet_wall = dry.temperature;
      } else if (c.wetness < 1) {
        dry = balance(c.dry, film, c.convection, 0, 0, r.temperature, e, c.pressure, r.dry_wall, route);
        add(dry, c.area * (1 - c.wetness));
        r.dry_wall = dry.temperature;
      }
      if (!c.one_wall && c.wetness > 0) {
        wet = balance(c.wet, film, c.convection, 1, c.supply, r.temperature, e, c.pressure, r.wet_wall, route);
        add(wet, c.area * c.wetness);
        r.wet_wall = wet.temperature;
      }
    }
    r.strata = heat;
    r.evaporated = vapour;
    r.wall_water = water;
    const double steam = g.latent + g.cp_vapour * (r.temperature - zero_celsius);
    r.sources = c.heat + c.vapour * (steam + c.gravity * z);
    if (c.water > 0) r.sources += c.water * (water_enthalpy(c.water_temperature, route) + c.gravity * z);
    const double energy = r.strata + r.wall_water + r.sources, wetting = vapour + c.vapour + c.water;
    // Residuals of water and of energy (enthalpy and potential), and Newton's step on (T_out, X_out).
    const double r_x = c.mass * (in.x - out.x) + wetting;
    const double r_h = c.mass * ((in.h + c.gravity * (1 + in.x) * c.z_in) - (out.h + c.gravity * (1 + out.x) * c.z_out)) + energy;
    const double latent = g.latent + g.cp_vapour * (t_out - zero_celsius);
    const double a11 = c.mass * cp_out - at_t * heat_T,
                 a12 = c.mass * (latent + c.gravity * c.z_out) - at_x * e_x * (heat_e + c.gravity * z * vapour_e);
    const double a21 = -at_t * vapour_T, a22 = c.mass - at_x * e_x * vapour_e;
    const double det = a11 * a22 - a12 * a21, dt = (r_h * a22 - a12 * r_x) / det, dx = (a11 * r_x - a21 * r_h) / det;
    // Condensation on dry walls and the end of the water are kinks: steps that do not bring the balance nearer are halved.
    const double off = std::abs(dt) + 2500 * std::abs(dx);
    part = off < 0.9 * last_off ? std::min(1.0, 1.15 * part) : std::max(0.5 * part, 1.0 / 64);
    last_off = off;
    const double t_new = t_out + part * dt, x_new = std::max(out.x + part * dx, 0.0);
    if (!(t_new > 100 && t_new < 1000))
      throw SolverError("climate: the air leaves what can be ({:.4g} K); look for heat sources too large for its flow", t_new);
    out = {enthalpy_of(g, t_new, x_new), x_new};
    const double room = k < 10 ? 1 : 100;  // a breath of air over much wall: rounding is all that is left
    if (std::abs(dt) < 1e-9 * room && std::abs(dx) < 1e-12 * room) break;
    if (k > 80)
      throw SolverError("climate: temperature and humidity of a piece of airway did not settle (last changes {:.2g} K, {:.2g} kg/kg)", dt, dx);
  }
  // What is left of the residuals goes to the outlet: balances hold to rounding.
  out.x = in.x + (r.evaporated + c.vapour + c.water) / c.mass;
  out.h = in.h + c.gravity * ((1 + in.x) * c.z_in - (1 + out.x) * c.z_out) + (r.strata + r.wall_water + r.sources) / c.mass;
  const double t_out = temperature_of(g, out.h, out.x);
  if (!(t_out > g.low && t_out < g.high))
    throw SolverError("climate: air of {:.2f} K is outside the range of the psychrometry ({:.0f} … {:.0f} K)", t_out, g.low, g.high);
  if (out.x > 0 && out.x > saturation_humidity(t_out, c.pressure, route)) {  // fog falls out
    double t = t_out, xs = 0, hw = 0;
    for (int k = 0; k < 60; ++k) {
      xs = saturation_humidity(t, c.pressure, route);
      hw = water_enthalpy(t, route);
      const double es = saturation_pressure(t, route), slope = xs * c.pressure / (c.pressure - es) * saturation_pressure_slope(t, route) / es;
      const double left = out.h - enthalpy_of(g, t, xs) - (out.x - xs) * hw;
      const double step =
          left / (g.cp_dry + xs * g.cp_vapour + slope * (g.latent + g.cp_vapour * (t - zero_celsius) - hw) + (out.x - xs) * g.c_water);
      t += step;
      if (std::abs(step) < 1e-12 * t) break;
    }
    xs = saturation_humidity(t, c.pressure, route);
    r.condensed = c.mass * (out.x - xs);
    hw = water_enthalpy(t, route);
    r.drained = r.condensed * (hw + c.gravity * c.z_out);
    out.h -= (out.x - xs) * hw;
    out.x = xs;
  }
  r.out = out;
  return r;
}

}  // namespace winze::air
