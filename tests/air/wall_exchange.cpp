// Friction, heat transfer and wet walls: closed values, tangents, limits of wetness and water, refusals.
#include "air/wall_exchange.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "refused.hpp"

using namespace winze;
using namespace winze::air;

namespace {
double kelvin(double celsius) { return celsius + zero_celsius; }
const State warm = from_wet_bulb(kelvin(30), kelvin(24), 110e3);
}  // namespace

// k 0.012 (f 0.02), 4 m/s, D 4 m, dry air at 30 °C, 110 kPa: Re 1.102241e6, Nu 3681.39, h 24.3287 W/m²K with the rounded constants 1.592 and 15.217
// of the printed form (1e-4 apart).
TEST(WallExchange, Nunner) {
  const State air{kelvin(30), 110e3, 0};
  const double f = fanning_of_atkinson(0.012);
  EXPECT_NEAR(f, 0.02, 1e-15);
  const double reynolds = density(air, Psychrometry::mcpherson) * 4 * 4 / viscosity(kelvin(30));
  EXPECT_NEAR(reynolds, 1.102241e6, 1);
  const double printed = 0.35 * f * reynolds / (1 + 1.592 * (15.217 * f * std::pow(reynolds, 0.2) - 1) / std::pow(reynolds, 0.125));
  EXPECT_NEAR(printed, 3681.39, 0.01);
  EXPECT_NEAR(nusselt(reynolds, f), printed, 1e-4 * printed);
  EXPECT_NEAR(thermal_conductivity(kelvin(30)), 0.026434, 5e-7);
  EXPECT_NEAR(convection(air, 4, 4, f, Psychrometry::mcpherson), 24.3287, 24.3287 * 1e-4);
  EXPECT_NEAR(convection(air, -4, 4, f), convection(air, 4, 4, f), 0);  // either direction
}
// A smooth pipe keeps Nunner's f₀; rougher walls give more heat, but less than in proportion to friction; still air keeps the laminar value.
TEST(WallExchange, NunnerLimits) {
  EXPECT_DOUBLE_EQ(nusselt(1e5, 0), nusselt(1e5, 0.046 * std::pow(1e5, -0.2)));
  EXPECT_DOUBLE_EQ(nusselt(0, 0.02), 3.66);
  for (double re : {1e4, 1e5, 1e6, 1e7}) {
    EXPECT_GT(nusselt(re, 0.02), nusselt(re, 0.01));
    EXPECT_LT(nusselt(re, 0.02), 2 * nusselt(re, 0.01));
    EXPECT_GT(nusselt(1.1 * re, 0.02), nusselt(re, 0.02));
  }
}
// Fully rough e/D = 0.05: 1/√(4f) = 2 log10(20) + 1.14 = 3.74206. Haaland tends to it and is 16/Re below Re 2000. R of a 1000 m, 4 × 4 m airway.
TEST(WallExchange, Friction) {
  EXPECT_NEAR(1 / std::sqrt(4 * fanning_rough(4, 0.2)), 3.742060, 1e-6);
  EXPECT_NEAR(fanning_of_roughness(1e9, 4, 0.02), fanning_rough(4, 0.02), 0.01 * fanning_rough(4, 0.02));
  EXPECT_DOUBLE_EQ(fanning_of_roughness(800, 4, 0.02), 0.02);
  EXPECT_NEAR(fanning_of_roughness(1e5, 1, 0), 0.0045, 1e-4);  // Moody: 4f = 0.0180 for a smooth pipe
  EXPECT_DOUBLE_EQ(hydraulic_diameter(16, 16), 4);
  // Atkinson: R = k L per/A³ (density/1.2); ours times density is the same.
  EXPECT_NEAR(1.2 * mass_resistance(0.02, 1000, 16, 16), 0.012 * 1000 * 16 / (16. * 16 * 16), 1e-15);
  // 4 · 5.670374e-8 · 300.15³
  EXPECT_NEAR(radiation(1, kelvin(27)), 6.1332, 5e-5);
}
// At the wet bulb heat to and from a wet wall balances but for the Lewis number (0.885 against 1): within 0.6 K; a wall at the dew point takes no
// vapour, a colder one condenses.
TEST(WallExchange, WetWall) {
  const Surface wet{20, 0, true};
  const double balanced = wall_balance(warm, wet, 0, 0);
  EXPECT_NEAR(balanced, wet_bulb(warm), 0.6);
  EXPECT_NEAR(exchange(warm, balanced, wet).total(), 0, 1e-9);
  EXPECT_NEAR(exchange(warm, dew_point(warm), wet).vapour, 0, 1e-12);
  EXPECT_LT(exchange(warm, dew_point(warm) - 1, wet).vapour, 0);
  const Exchange q = exchange(warm, kelvin(33), wet);
  EXPECT_NEAR(q.latent, 0.0007 * 20 * latent_heat(kelvin(33)) * (saturation_pressure(kelvin(33)) - vapour_pressure(warm)) / 110e3, 1e-9);
  EXPECT_NEAR(q.latent, latent_heat(kelvin(33)) * q.vapour, 1e-12 * q.latent);
  EXPECT_DOUBLE_EQ(q.convection, 20 * (kelvin(33) - warm.temperature));
}
// Water bounds evaporation, not condensation; a dry wall has none; the mix is by area.
TEST(WallExchange, WaterAndWetness) {
  const Exchange free = exchange(warm, kelvin(33), {20, 6, true});
  const Surface scarce{20, 6, true, 0.4 * free.vapour};
  EXPECT_DOUBLE_EQ(exchange(warm, kelvin(33), scarce).vapour, 0.4 * free.vapour);
  const Surface dry_film{20, 6, true, 0};
  EXPECT_DOUBLE_EQ(exchange(warm, kelvin(33), dry_film).total(), exchange(warm, kelvin(33), {20, 6, false}).total());
  EXPECT_LT(exchange(warm, dew_point(warm) - 2, dry_film).vapour, 0);
  const Exchange dry = exchange(warm, kelvin(33), {20, 6, false}), half = mix(0.5, free, dry);
  EXPECT_DOUBLE_EQ(half.total(), 0.5 * (free.total() + dry.total()));
  EXPECT_DOUBLE_EQ(half.vapour, 0.5 * free.vapour);
  EXPECT_EQ(mix(0, free, dry).vapour, 0);
}
// The film is the tangent: its error falls with the square of the distance (factor 4 for half of it, taken as more than 3.5), for both routes.
TEST(WallExchange, FilmIsTheTangent) {
  for (const auto route : {Psychrometry::hyland_wexler, Psychrometry::mcpherson})
    for (double supply : {1e-5, 1.0})
      for (double t : {5.0, 15.0, 25.0, 45.0}) {
        const Surface surface{15, 5, true, supply};
        const Film linear = film(warm, kelvin(t), surface, route);
        const auto error = [&](double d) {
          return exchange(warm, kelvin(t) + d, surface, route).total() - linear.coefficient * (kelvin(t) + d - linear.temperature);
        };
        EXPECT_NEAR(error(0), 0, 1e-9);
        if (std::abs(error(0.1)) > 1e-9) {
          EXPECT_GT(std::abs(error(0.1) / error(0.05)), 3.5) << t << " " << supply;
        }
      }
}
TEST(WallExchange, Balance) {
  // Dry: (h T_air + c)/(h + s). Wet: heat of the rock equals the exchange.
  EXPECT_NEAR(wall_balance(warm, {10, 5, false}, 3000, 9), (15 * warm.temperature + 3000) / 24, 1e-12);
  for (double constant : {-500.0, 0.0, 400.0})
    for (double supply : {0.0, 2e-5, 1.0}) {
      const Surface surface{10, 5, true, supply};
      const double c = constant + 3 * warm.temperature, t = wall_balance(warm, surface, c, 3);
      EXPECT_NEAR(exchange(warm, t, surface).total(), c - 3 * t, 1e-7);
    }
}
TEST(WallExchange, Refusals) {
  EXPECT_REFUSED(fanning_rough(4, 1.5), "quarter");
  EXPECT_REFUSED(fanning_of_atkinson(0), "friction");
  EXPECT_REFUSED(hydraulic_diameter(0, 4), "area");
  EXPECT_REFUSED(mass_resistance(0.01, -1, 4, 4), "length");
  EXPECT_REFUSED(nusselt(-1, 0.01), "Reynolds");
  EXPECT_REFUSED(viscosity(30), "outside");
  EXPECT_REFUSED(radiation(1.2, 300), "emissivity");
  EXPECT_REFUSED(exchange(warm, 300, {-1, 0, false}), "convection");
  EXPECT_REFUSED(exchange(warm, 300, {1, 0, true, -1}), "water");
  EXPECT_REFUSED(mix(1.1, {}, {}), "wetness");
  EXPECT_REFUSED(wall_balance(warm, {0, 0, false}, 1, 0), "without");
  EXPECT_REFUSED(wall_balance(warm, {1, 0, true}, 1e12, 0), "balances");
}
