// Psychrometry of both routes: published values, closed forms, round trips over the valid range, limits and refusals.
#include "air/moist_air.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "refused.hpp"

using namespace winze;
using namespace winze::air;

namespace {

constexpr Psychrometry both[] = {Psychrometry::hyland_wexler, Psychrometry::mcpherson};
double kelvin(double celsius) { return celsius + zero_celsius; }

}  // namespace

// ASHRAE Fundamentals 2017, chapter 1, tables 2 and 3 (through the tests of psychrolib), tolerances of the tables' digits.
TEST(MoistAir, AshraeSaturation) {
  EXPECT_NEAR(saturation_pressure(kelvin(5)), 872.6, 872.6 * 3e-4);
  EXPECT_NEAR(saturation_pressure(kelvin(25)), 3169.7, 3169.7 * 3e-4);
  EXPECT_NEAR(saturation_pressure(kelvin(50)), 12351.3, 12351.3 * 3e-4);
  EXPECT_NEAR(saturation_pressure(kelvin(100)), 101418, 101418 * 3e-4);
  EXPECT_NEAR(saturation_pressure(kelvin(-60)), 1.08, 0.01);
  EXPECT_NEAR(saturation_pressure(kelvin(-20)), 103.24, 103.24 * 3e-4);
  EXPECT_NEAR(saturation_humidity(kelvin(25), 101325), 0.020173, 0.020173 * 5e-3);
  EXPECT_NEAR(saturation_humidity(kelvin(50), 101325), 0.086863, 0.086863 * 1e-2);
  EXPECT_NEAR(enthalpy({kelvin(25), 101325, saturation_humidity(kelvin(25), 101325)}), 76504, 765);
  EXPECT_NEAR(enthalpy({kelvin(50), 101325, saturation_humidity(kelvin(50), 101325)}), 275353, 2754);
}
// Same source: example 1 (40 °C, wet bulb 20 °C), and values of psychrolib's own tests to their printed digits.
TEST(MoistAir, AshraeExamples) {
  const State air = from_wet_bulb(kelvin(40), kelvin(20), 101325);
  EXPECT_NEAR(air.humidity, 0.0065, 1e-4);
  EXPECT_NEAR(enthalpy(air), 56700, 100);
  EXPECT_NEAR(specific_volume(air), 0.896, 1e-3);
  EXPECT_NEAR(relative_humidity(air), 0.14, 5e-3);
  EXPECT_NEAR(dew_point(air), kelvin(7), 0.5);
  EXPECT_NEAR(wet_bulb(from_relative_humidity(kelvin(7), 0.61, 100000)), kelvin(3.92667433781955), 1e-3);  // psychrolib stops at 1e-3 K
  EXPECT_NEAR(from_wet_bulb(kelvin(30), kelvin(25), 95461).humidity, 0.0192281274241096, 3e-4 * 0.0192);   // psychrolib's own tolerance
  EXPECT_NEAR(density({kelvin(30), 95461, 0.02}), 1.08411986348219, 1e-6);
  EXPECT_NEAR(standard_pressure(-500), 107478, 1);
  EXPECT_NEAR(standard_pressure(500), 95461, 1);
  EXPECT_NEAR(standard_pressure(1000), 89875, 1);
  EXPECT_NEAR(standard_temperature(1000), kelvin(8.5), 1e-12);
}
// McPherson's equations evaluated in double precision (dry and wet bulb given, pressure in kPa); tolerances of the printed digits.
TEST(MoistAir, McPhersonTable) {
  constexpr auto route = Psychrometry::mcpherson;
  const State a = from_wet_bulb(kelvin(30), kelvin(20), 100e3, route);
  EXPECT_NEAR(saturation_pressure(kelvin(20), route), 2337.52, 0.005);
  EXPECT_NEAR(saturation_humidity(kelvin(20), 100e3, route), 0.0148873, 5e-8);
  EXPECT_NEAR(sigma_heat(a, route), 56645.1, 0.05);
  EXPECT_NEAR(a.humidity, 0.0107111, 5e-8);
  EXPECT_NEAR(vapour_pressure(a, route), 1692.89, 0.005);
  EXPECT_NEAR(enthalpy(a, route), 57542.1, 0.05);
  EXPECT_NEAR(specific_volume(a, route), 0.885146, 5e-7);
  EXPECT_NEAR(apparent_density(a, route), 1.12976, 5e-6);
  EXPECT_NEAR(density(a, route), 1.14186, 5e-6);
  EXPECT_NEAR(relative_humidity(a, route), 0.3991, 5e-5);
  const State b = from_wet_bulb(kelvin(25), kelvin(25), 101325, route);
  EXPECT_NEAR(sigma_heat(b, route), 74144.9, 0.05);
  EXPECT_NEAR(b.humidity, 0.0200667, 5e-8);
  EXPECT_NEAR(enthalpy(b, route), 76245.4, 0.05);
  EXPECT_NEAR(density(b, route), 1.16998, 5e-6);
  const State c = from_wet_bulb(kelvin(32), kelvin(28), 110e3, route);
  EXPECT_NEAR(c.humidity, 0.0204133, 5e-8);
  EXPECT_NEAR(sigma_heat(c, route), 82034.3, 0.05);
  EXPECT_NEAR(enthalpy(c, route), 84427.5, 0.05);
  EXPECT_NEAR(density(c, route), 1.24076, 5e-6);
  EXPECT_NEAR(relative_humidity(c, route), 0.7354, 5e-5);
  const State d = from_wet_bulb(kelvin(35), kelvin(27.5), 125e3, route);
  EXPECT_NEAR(d.humidity, 0.0156309, 5e-8);
  EXPECT_NEAR(sigma_heat(d, route), 73486.7, 0.05);
  EXPECT_NEAR(density(d, route), 1.40011, 5e-6);
  EXPECT_NEAR(relative_humidity(d, route), 0.5452, 5e-5);
  const State e = from_wet_bulb(kelvin(28), kelvin(28), 115e3, route);
  EXPECT_NEAR(e.humidity, 0.0211322, 5e-8);
  EXPECT_NEAR(sigma_heat(e, route), 79611.4, 0.05);
  EXPECT_NEAR(density(e, route), 1.31385, 5e-6);
}
// How far McPherson's saturation pressure lies from Hyland and Wexler's: −0.10 % at 0 °C … −0.14 % at 50 °C (evaluated from both formulas).
TEST(MoistAir, RoutesDifferByAThousandth) {
  const auto difference = [](double t) {
    return saturation_pressure(kelvin(t), Psychrometry::mcpherson) / saturation_pressure(kelvin(t), Psychrometry::hyland_wexler) - 1;
  };
  EXPECT_NEAR(difference(0), -0.0010, 1e-4);
  EXPECT_NEAR(difference(10), -0.00035, 1e-5);
  EXPECT_NEAR(difference(25), -0.00078, 1e-5);
  EXPECT_NEAR(difference(32.5), -0.00114, 1e-5);
  EXPECT_NEAR(difference(50), -0.00139, 1e-5);
}
// An isentropic column of dry air and columns of unsaturated air: g dz = dH at constant humidity, hydrostatic pressure of the true density. The wet
// bulb at 3 km is 28.1463 °C from 15 °C at the surface and 27.4868 °C at 87 kPa (one evaluation of McPherson's equations, so recomputed here by steps
// of RK4).
TEST(MoistAir, WetBulbDownAShaft) {
  constexpr auto route = Psychrometry::mcpherson;
  const Gas& g = gas(route);
  struct Row {
    double pressure, humidity, depth, expected_pressure, expected_t, expected_wet;
  };
  for (const Row& row : {Row{100e3, 0.008717, 3000, 139338.6, 49.0639, 28.1463}, Row{100e3, 0.008717, 2000, 125182.8, 39.3759, 23.9679},
                         Row{87e3, 0.010355, 3000, 121188.1, 49.0234, 27.4868}}) {
    const double x = from_wet_bulb(kelvin(20), kelvin(15), row.pressure, route).humidity;
    EXPECT_NEAR(x, row.humidity, 5e-7);
    double t = kelvin(20), p = row.pressure;
    const int n = 200;
    const double dz = row.depth / n, slope = gravity * (1 + x) / (g.cp_dry + x * g.cp_vapour);
    for (int i = 0; i < n; ++i) {
      const auto rate = [&](double at_t, double at_p) { return gravity * density({at_t, at_p, x}, route); };
      const double k1 = rate(t, p), k2 = rate(t + 0.5 * dz * slope, p + 0.5 * dz * k1), k3 = rate(t + 0.5 * dz * slope, p + 0.5 * dz * k2),
                   k4 = rate(t + dz * slope, p + dz * k3);
      p += dz * (k1 + 2 * k2 + 2 * k3 + k4) / 6, t += dz * slope;
    }
    EXPECT_NEAR(p, row.expected_pressure, 0.5);
    EXPECT_NEAR(t, kelvin(row.expected_t), 5e-4);
    EXPECT_NEAR(wet_bulb({t, p, x}, route), kelvin(row.expected_wet), 5e-4);
    // Sigma heat rises by 9.81 kJ/kg per km, but for the work on the vapour and its liquid's share: 1.5 % here.
    const double rise = sigma_heat({t, p, x}, route) - sigma_heat({kelvin(20), row.pressure, x}, route);
    EXPECT_NEAR(rise, gravity * row.depth, 0.015 * gravity * row.depth);
  }
}
// Every inverse undoes its function over the whole range of both routes.
TEST(MoistAir, RoundTrips) {
  for (const auto route : both) {
    const Gas& g = gas(route);
    for (double p : {20e3, 80e3, 101325.0, 160e3, 500e3})
      for (double t = g.low + 0.1; t <= g.high; t += 7.3) {
        const double es = saturation_pressure(t, route);
        EXPECT_NEAR(saturation_temperature(es, route), t, 1e-9);
        if (t - 1e-3 > g.low && t + 1e-3 < g.high && std::abs(t - zero_celsius) > 0.01) {
          const double finite = saturation_pressure(t + 1e-3, route) - saturation_pressure(t - 1e-3, route);
          EXPECT_NEAR(saturation_pressure_slope(t, route), finite / 2e-3, 1e-7 * es);
        }
        for (double rh : {0.01, 0.3, 0.9, 1.0}) {
          if (rh * es > 0.9 * p) continue;
          const State air = from_relative_humidity(t, rh, p, route);
          EXPECT_NEAR(relative_humidity(air, route), rh, 1e-12);
          double tw;
          try {
            tw = wet_bulb(air, route);
          } catch (const InputError&) {
            EXPECT_TRUE(route == Psychrometry::mcpherson || t < g.low + 20) << t << " " << p << " " << rh;  // wet bulb below the range
            continue;
          }
          EXPECT_LE(tw, t);
          const State back = from_wet_bulb(t, tw, p, route);
          EXPECT_NEAR(back.humidity, air.humidity, 1e-11 * (1 + air.humidity * 1e3)) << t << " " << p << " " << rh;
          EXPECT_NEAR(wet_bulb_of_sigma_heat(sigma_heat(air, route), p, route), tw, 1e-8) << t << " " << p << " " << rh;
          EXPECT_NEAR(from_enthalpy(enthalpy(air, route), p, air.humidity, route).temperature, t, 1e-8);
          try {
            const double dew = dew_point(air, route);
            EXPECT_LE(dew, tw + 1e-9);
            EXPECT_NEAR(from_dew_point(t, dew, p, route).humidity, air.humidity, 1e-9 * air.humidity);
          } catch (const InputError& error) {
            EXPECT_NE(std::string(error.what()).find("dew point"), std::string::npos);
          }
          // H = S + X h_water(Tw) holds in both routes (McPherson 14.46; ASHRAE by its constants).
          EXPECT_NEAR(enthalpy(air, route), sigma_heat(air, route) + air.humidity * water_enthalpy(tw, route),
                      1e-7 * (1e5 + std::abs(enthalpy(air, route))));
        }
      }
  }
}
// Wet bulb rises with temperature, humidity and pressure at fixed relative humidity's complement: checked through 0 °C, where ice gives way to water.
TEST(MoistAir, WetBulbIsMonotone) {
  double before = 0;
  for (double t = -30; t <= 60; t += 0.05) {
    const double tw = wet_bulb({kelvin(t), 100e3, 1e-4});
    EXPECT_GT(tw, before) << t;
    before = tw;
  }
  before = 0;
  for (double x = 0; x <= 0.02; x += 5e-5) {
    const double tw = wet_bulb({kelvin(27), 100e3, x});
    EXPECT_GT(tw, before) << x;
    before = tw;
  }
}
// Mixed streams: water and enthalpy are conserved whatever comes out: clear air, fog of water, of ice, of both.
TEST(MoistAir, SeparatesFog) {
  for (const auto route : both)
    for (double hot : {25.0, 35.0, 55.0})
      for (double cold : {-25.0, -5.0, 0.5, 10.0})
        for (double share : {0.02, 0.3, 0.7}) {
          if (route == Psychrometry::mcpherson && cold < 0) continue;
          const State a = from_relative_humidity(kelvin(hot), 0.99, 105e3, route), b = from_relative_humidity(kelvin(cold), 0.99, 105e3, route);
          const double h = share * enthalpy(a, route) + (1 - share) * enthalpy(b, route), x = share * a.humidity + (1 - share) * b.humidity;
          const Separated s = separate(h, 105e3, x, route);
          EXPECT_NEAR(s.air.humidity + s.water, x, 1e-16);
          EXPECT_GE(s.water, 0);
          EXPECT_LE(relative_humidity(s.air, route), 1 + 1e-9);
          if (s.water > 0) {
            EXPECT_NEAR(relative_humidity(s.air, route), 1, 1e-9);
          }
          double liquid = water_enthalpy(s.air.temperature, route) * s.water;
          if (s.air.temperature == zero_celsius) liquid = -329e3 * s.ice;
          EXPECT_NEAR(enthalpy(s.air, route) + liquid, h, 1e-5) << hot << " " << cold << " " << share;
        }
  // A fog known to be at 0 °C with half of its water frozen.
  const double xs = saturation_humidity(kelvin(0), 100e3);
  const Separated s = separate(2501e3 * xs - 329e3 * 0.001, 100e3, xs + 0.002);
  EXPECT_DOUBLE_EQ(s.air.temperature, kelvin(0));
  EXPECT_NEAR(s.water, 0.002, 1e-15);
  EXPECT_NEAR(s.ice, 0.001, 1e-12);
}
TEST(MoistAir, Refusals) {
  EXPECT_REFUSED(saturation_pressure(kelvin(-101)), "-101");
  EXPECT_REFUSED(saturation_pressure(kelvin(61), Psychrometry::mcpherson), "0 … 60");
  EXPECT_REFUSED(saturation_pressure(NAN), "temperature");
  EXPECT_REFUSED(density({kelvin(30), 101.325, 0.01}), "pressure");  // kPa given for Pa
  EXPECT_REFUSED(density({30, 101325, 0.01}), "dry bulb");           // °C given for K
  EXPECT_REFUSED(density({kelvin(30), 101325, -1e-9}), "humidity");
  EXPECT_REFUSED(density({kelvin(30), 101325, 14}), "humidity");  // g/kg given for kg/kg
  EXPECT_REFUSED(wet_bulb({kelvin(20), 101325, 0.02}), "fog");
  EXPECT_REFUSED(dew_point({kelvin(20), 101325, 0}), "dry air");
  EXPECT_REFUSED(from_wet_bulb(kelvin(20), kelvin(21), 101325), "above the dry bulb");
  EXPECT_REFUSED(from_wet_bulb(kelvin(40), kelvin(5), 101325), "lower than that of dry air");
  EXPECT_REFUSED(from_dew_point(kelvin(20), kelvin(21), 101325), "dew point");
  EXPECT_REFUSED(from_relative_humidity(kelvin(20), 55, 101325), "relative humidity");
  EXPECT_REFUSED(from_relative_humidity(kelvin(100), 1, 101325), "vapour pressure");
  EXPECT_REFUSED(saturation_humidity(kelvin(101), 101325), "boils");
  EXPECT_REFUSED(wet_bulb({kelvin(8), 101325, 0}, Psychrometry::mcpherson), "below 0");
  EXPECT_REFUSED(standard_pressure(20000), "altitude");
  EXPECT_REFUSED(saturation_temperature(0), "dew point");
}
