// Random states over and beyond the valid ranges: every function gives finite, physical answers that close, or refuses; never NaN, never a hang.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "air/cooling.hpp"
#include "air/heat_stress.hpp"
#include "air/wall_exchange.hpp"
#include "base/error.hpp"

using namespace winze;
using namespace winze::air;

namespace {

class RandomStates : public testing::Test {
 protected:
  double real(double a, double b) { return std::uniform_real_distribution<double>(a, b)(random_); }
  double decades(double a, double b) { return std::pow(10, real(std::log10(a), std::log10(b))); }
  Psychrometry route() { return random_() % 2 ? Psychrometry::hyland_wexler : Psychrometry::mcpherson; }
  State state(Psychrometry r) {
    const double t = r == Psychrometry::mcpherson ? real(272, 334) : real(220, 380), p = decades(19e3, 510e3);
    const double rh = random_() % 10 ? real(0, 1) : real(0.999, 1);
    return from_relative_humidity(t, rh, p, r);
  }
  /// Runs the body often; refusals are counted, and must not be all.
  template <class F>
  void often(int n, double most_refused, F body) {
    int refused = 0;
    for (int i = 0; i < n; ++i) try {
        body();
      } catch (const InputError& error) {
        EXPECT_EQ(std::string(error.what()).find("nan"), std::string::npos) << error.what();
        ++refused;
      }
    EXPECT_LE(refused, most_refused * n);
  }
  std::mt19937 random_{20};
};

}  // namespace

TEST_F(RandomStates, MoistAir) {
  often(20000, 0.4, [&] {
    const auto r = route();
    const State air = state(r);
    const double tw = wet_bulb(air, r), h = enthalpy(air, r);
    EXPECT_TRUE(tw <= air.temperature && tw > gas(r).low - 1e-9);
    EXPECT_NEAR(from_wet_bulb(air.temperature, tw, air.pressure, r).humidity, air.humidity, 1e-9 * (1 + air.humidity));
    EXPECT_NEAR(from_enthalpy(h, air.pressure, air.humidity, r).temperature, air.temperature, 1e-6);
    const double more = air.humidity + decades(1e-6, 0.05);
    const Separated s = separate(h, air.pressure, more, r);
    EXPECT_TRUE(s.water >= 0 && s.ice >= 0 && s.ice <= s.water && std::isfinite(s.air.temperature));
    EXPECT_NEAR(s.air.humidity + s.water, more, 1e-14 * (1 + more));
  });
}
TEST_F(RandomStates, Walls) {
  often(20000, 0.4, [&] {
    const auto r = route();
    const State air = state(r);
    const Surface surface{decades(0.1, 100), real(0, 7), random_() % 4 != 0, random_() % 2 ? decades(1e-9, 1e-3) : 1e9};
    const double slope = decades(1e-3, 50), constant = slope * real(270, 345), t = wall_balance(air, surface, constant, slope, r);
    const Exchange q = exchange(air, t, surface, r);
    // The latent heat falls by a step where ice melts: a wall may rest at 0 °C between two balances.
    if (std::abs(t - zero_celsius) > 1e-6) {
      EXPECT_NEAR(q.total(), constant - slope * t, 1e-6 * (1 + constant));
    }
    EXPECT_TRUE(q.vapour <= surface.supply);
  });
}
TEST_F(RandomStates, Coolers) {
  often(5000, 0.6, [&] {
    const auto r = route();
    const State air = state(r);
    const Water water{decades(0.1, 1000), real(272, 350)};
    const Spray s = spray(air, decades(1, 1000), water, real(0.01, 0.99), r);
    EXPECT_NEAR(s.residual(), 0, 1e-9 * (1e6 + std::abs(s.duty)));
    EXPECT_TRUE(s.air_efficiency <= 1 + 1e-9 && s.water_efficiency <= 1 + 1e-9);
  });
  often(2000, 0.6, [&] {
    const auto r = route();
    const State air = state(r);
    const Water water{decades(0.1, 1000), real(272, air.temperature)};
    const Coiled c = coil(air, decades(1, 500), water, {decades(10, 1e7), decades(10, 1e7), random_() % 2 ? 0 : decades(1e-8, 1e-3)}, r);
    EXPECT_NEAR(c.residual(), 0, 1e-8 * (1 + std::abs(c.duty)));
    EXPECT_TRUE(c.condensate >= 0 && c.duty >= 0);
    EXPECT_GE(c.air.temperature, water.temperature - 1e-6);
    EXPECT_LE(c.water.temperature, air.temperature + 1e-6);
    EXPECT_LE(relative_humidity(c.air, r), 1 + 1e-6);
  });
  often(200, 0.8, [&] {
    const State air = from_relative_humidity(real(290, 318), real(0.3, 1), 110e3);
    Chiller plant;
    plant.capacity = decades(1e5, 3e7);
    const double load = decades(1e4, 3e7), hottest = real(300, 345);
    const Refrigeration f = refrigerate(plant, load, real(274, 288), air, decades(10, 500), decades(10, 500), real(0.3, 0.8), hottest);
    EXPECT_NEAR(f.chilled.cooling + f.chilled.unmet, load, 1e-6 * load);
    EXPECT_NEAR(f.chilled.residual(), 0, 1e-6);
    EXPECT_LE(f.rejection.hot, hottest + 1e-9);
  });
}
TEST_F(RandomStates, People) {
  often(5000, 0.5, [&] {
    const auto r = route();
    const Surroundings s{state(r), real(255, 370), real(0, 8)};
    const double globe = globe_temperature(s), natural = natural_wet_bulb(s, r);
    EXPECT_TRUE(globe >= std::min(s.radiant, s.air.temperature) - 1e-9 && globe <= std::max(s.radiant, s.air.temperature) + 1e-9);
    EXPECT_TRUE(std::isfinite(natural));
    const WorkLimit w = thermal_work_limit(s, {real(0, 1), real(0.1, 1)}, r);
    EXPECT_TRUE(w.limit >= 0 && w.limit < 2000);
    EXPECT_TRUE(std::isfinite(air_cooling_power(s, {}, r)));
  });
}
