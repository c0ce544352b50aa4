// A wet airway by the program against an integration of its own: the point functions of walls, rock and moist air, marched by the classical
// fourth-order rule, without cells. The last case cools: its walls condense, and fog falls out of the air.
#include <gtest/gtest.h>

#include <cmath>

#include "air/air.hpp"
#include "air/wall_exchange.hpp"
#include "small_networks.hpp"

namespace winze::air {
namespace {

constexpr double year = 365.25 * 86400, h_air = 12, girth = 16, length = 1000;

struct Case {
  double wetness, dry, humidity, virgin;
};
/// Level drive of 4 × 4 m, k 4.5, ρc 2700 · 850, a year old, 40 m³/s at 100 kPa.
std::unique_ptr<Air> solved(const Case& c, double cell) {
  Network n;
  n.climate.emplace();
  n.climate->emissivity = 0;
  n.climate->cell = cell;
  n.weather.temperature = input::Curve(zero_celsius + c.dry);
  n.weather.relative_humidity = input::Curve(c.humidity);
  n.weather.pressure = input::Curve(1e5);
  n.weather.lapse = 0;
  n.rock = RockInput{"", 4.5, 2700, 850};
  for (const auto& [name, x, surface] : {std::tuple("in", 0.0, true), {"out", length, false}, {"end", length + 1, true}}) {
    Junction j;
    j.at = {x, 0, 0};
    j.surface = surface;
    n.junctions.entries.emplace_back(name, j);
  }
  Airway drive = resistance("in", "out", 1e-9);
  drive.section = Section{Rectangle{4, 4}};
  drive.virgin = zero_celsius + c.virgin;
  drive.age = year;
  drive.film = h_air;
  drive.wetness = c.wetness;
  n.airways.entries.emplace_back("drive", drive);
  Airway fan = resistance("out", "end", 1e-9, {{FixedFlow{40}}});
  fan.strata = false;
  n.airways.entries.emplace_back("fan", fan);
  auto air = std::make_unique<Air>(n);
  air->solve_steady();
  return air;
}

}  // namespace

TEST(WetAirway, AgreesWithAMarchOfThePointFunctions) {
  for (const Case& c : {Case{0.3, 24, 0.6, 46}, Case{1, 28, 0.3, 40}, Case{0.6, 33, 0.75, 20}}) {
    const auto air = solved(c, 20);
    const double m = air->flow().mass[0], p = 1e5, virgin = zero_celsius + c.virgin;
    const Strata rock{4.5, 2700 * 850.0, equivalent_radius(girth)};
    const double fourier = rock.fourier(year);
    const Gas& g = gas(Psychrometry::hyland_wexler);
    // The rock by the wall's temperature: of the radial solution for the film there is, 1/(1/G − 1/B).
    const auto by_wall = [&](double h) {
      const double b = rock.biot(h);
      return rock.scale() / (1 / radial_flux(fourier, b) - 1 / b);
    };
    const double dry_slope = by_wall(h_air);
    const Surface dry{h_air, 0, true, 0};  // no water to give, but it takes what condenses
    const auto rate = [&](double t, double x, double& dh, double& dx) {
      const State at{t, p, x};
      const double dry_wall = wall_balance(at, dry, dry_slope * virgin, dry_slope);
      double wall = t;
      for (int i = 0; i < 60; ++i) {  // the film of a wet wall depends on its temperature
        const double h = h_air * (1 + 0.0007 * latent_heat(wall) * saturation_pressure_slope(wall) / p);
        const double s = by_wall(h), next = wall_balance(at, {h_air, 0, true}, s * virgin, s);
        if (std::abs(next - wall) < 1e-9) break;
        wall = next;
      }
      const Exchange q = mix(c.wetness, exchange(at, wall, {h_air, 0, true}), exchange(at, dry_wall, dry));
      dx = girth * q.vapour / m;
      dh = girth * (q.total() + q.vapour * water_enthalpy(wall)) / m;
    };
    double x = from_relative_humidity(zero_celsius + c.dry, c.humidity, p).humidity, h = enthalpy({zero_celsius + c.dry, p, x});
    const int n = 100;
    const double step = length / n;
    for (int i = 0; i < n; ++i) {
      double k[4][2];
      for (int r = 0; r < 4; ++r) {
        const double f = r == 0 ? 0 : r == 3 ? step : 0.5 * step;
        const double hr = h + (r ? f * k[r - 1][0] : 0), xr = x + (r ? f * k[r - 1][1] : 0);
        rate(zero_celsius + (hr - xr * g.latent) / (g.cp_dry + xr * g.cp_vapour), xr, k[r][0], k[r][1]);
      }
      h += step * (k[0][0] + 2 * k[1][0] + 2 * k[2][0] + k[3][0]) / 6;
      x += step * (k[0][1] + 2 * k[1][1] + 2 * k[2][1] + k[3][1]) / 6;
      const Separated fog = separate(h, p, x);  // falls out
      h -= fog.water * water_enthalpy(fog.air.temperature);
      x -= fog.water;
    }
    const double t = zero_celsius + (h - x * g.latent) / (g.cp_dry + x * g.cp_vapour);
    const Stream out = air->climate()->branches()[0].last;
    const double t_program = zero_celsius + (out.h - out.x * g.latent) / (g.cp_dry + out.x * g.cp_vapour);
    EXPECT_NEAR(t_program, t, 2e-3) << c.wetness;
    EXPECT_NEAR(out.x, x, 1e-6) << c.wetness;
    EXPECT_NEAR(wet_bulb({t_program, p, out.x}), wet_bulb({t, p, x}), 2e-3) << c.wetness;
    EXPECT_GT(std::abs(out.x - from_relative_humidity(zero_celsius + c.dry, c.humidity, p).humidity), 2e-4);
  }
}

}  // namespace winze::air
