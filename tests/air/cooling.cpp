// Cooling: reference numbers, closure of energy and water for everything that exchanges them, limits, refusals.
#include "air/cooling.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "refused.hpp"

using namespace winze;
using namespace winze::air;

namespace {
constexpr auto mcpherson = Psychrometry::mcpherson;
double kelvin(double celsius) { return celsius + zero_celsius; }
double celsius(double kelvin) { return kelvin - zero_celsius; }
}  // namespace

// F 0.6, 100 kPa, 250 kg/s of air at wet bulb 22 °C, 100 kg/s of water at 4 °C; McPherson's psychrometry, one evaluation of the formulas.
TEST(Cooling, SprayCooler) {
  const State air = from_wet_bulb(kelvin(26), kelvin(22), 100e3, mcpherson);
  const Spray s = spray(air, 250, {100, kelvin(4)}, 0.6, mcpherson);
  EXPECT_NEAR(s.capacity_ratio, 0.644822, 5e-7);
  EXPECT_NEAR(0.6 / (std::pow(s.capacity_ratio, 0.4) * 0.4), 1.787785, 2e-6);
  EXPECT_NEAR(s.water_efficiency, 0.714066, 5e-7);
  EXPECT_NEAR(celsius(s.merit_water), 16.853180, 5e-6);
  EXPECT_NEAR(s.duty, 5381.63e3, 10);
  EXPECT_NEAR(sigma_heat(air, mcpherson), 63481.276, 5e-3);
  EXPECT_NEAR(sigma_heat(s.air, mcpherson), 41954.770, 0.05);
  EXPECT_NEAR(celsius(s.air.temperature), 15.098888, 5e-6);
  EXPECT_NEAR(relative_humidity(s.air, mcpherson), 1, 1e-9);
}
// Energy and water close, η_a ≤ 1, and F → 1 tends to min(1, 1/R), for coolers and towers, both routes, R from 0.05 to 20.
TEST(Cooling, SprayCloses) {
  for (const auto route : {Psychrometry::hyland_wexler, mcpherson})
    for (double water : {10.0, 80.0, 155.0, 300.0, 3000.0})
      for (double t : {2.0, 12.0, 21.9999999, 35.0, 55.0})
        for (double merit : {0.05, 0.6, 0.999}) {
          const State air = from_wet_bulb(kelvin(30), kelvin(22), 110e3, route);
          Spray s;
          try {
            s = spray(air, 250, {water, kelvin(t)}, merit, route);
          } catch (const InputError&) {
            EXPECT_EQ(water, 10) << t << " " << merit;  // 10 kg/s at 55 °C would evaporate wholly
            continue;
          }
          EXPECT_NEAR(s.residual(), 0, 1e-9 * (1e6 + std::abs(s.duty)));
          EXPECT_NEAR(s.water.flow - water, s.condensate, 1e-12 * water);
          EXPECT_LE(s.air_efficiency, 1 + 1e-12);
          EXPECT_LE(s.water_efficiency, 1 + 1e-12);
          EXPECT_GE(s.duty * (22 - t), 0);
          // Sigma heat and enthalpy differ by the liquid's share of the vapour: the water leaves within two kelvin of Whillier's balance.
          if (water > 50) {
            EXPECT_NEAR(s.water.temperature, s.merit_water, 2);
          }
          if (merit == 0.999) {
            EXPECT_NEAR(s.water_efficiency, std::min(1.0, 1 / s.capacity_ratio), 0.02);
          }
        }
  // R = 1 gives F itself.
  const State air = from_wet_bulb(kelvin(22), kelvin(22), 100e3);
  double low = 50, high = 500;
  for (int i = 0; i < 100; ++i) (spray(air, 250, {0.5 * (low + high), kelvin(4)}, 0.6).capacity_ratio < 1 ? low : high) = 0.5 * (low + high);
  EXPECT_NEAR(spray(air, 250, {low, kelvin(4)}, 0.6).water_efficiency, 0.6, 1e-9);
}
// Coil: balances close; with water above the dew point it is the dry ε-NTU of the books; a very large one brings the air to the water; wet takes more
// heat.
TEST(Cooling, Coil) {
  for (const auto route : {Psychrometry::hyland_wexler, mcpherson})
    for (double rh : {0.05, 0.4, 0.8, 0.999})
      for (double water : {5.0, 20.0, 80.0})
        for (double size : {1e3, 2e4, 2e5}) {
          const State air = from_relative_humidity(kelvin(32), rh, 110e3, route);
          const Coiled c = coil(air, 20, {water, kelvin(7)}, {size, 2 * size, 1e-6}, route);
          EXPECT_NEAR(c.residual(), 0, 1e-8 * (1 + c.duty)) << rh << " " << water << " " << size;
          EXPECT_NEAR(c.duty, water * gas(route).c_water * (c.water.temperature - kelvin(7)), 1e-8 * (1 + c.duty));
          EXPECT_NEAR(c.condensate, 20 * (air.humidity - c.air.humidity), 1e-12);
          EXPECT_GE(c.condensate, 0);
          EXPECT_GE(c.air.temperature, kelvin(7) - 1e-9);
          EXPECT_LE(c.water.temperature, kelvin(32));
          EXPECT_LE(relative_humidity(c.air, route), 1 + 1e-9);
          if (rh > 0.7 && size > 1e4) {
            EXPECT_TRUE(c.wet);
          }
        }
  const State dry = from_relative_humidity(kelvin(40), 0.05, 110e3);
  const Coiled c = coil(dry, 20, {10, kelvin(15)}, {3e4, 6e4, 0});
  EXPECT_FALSE(c.wet);
  const double small = 20 * heat_capacity(dry), ratio = small / 41860, n = 2e4 / small, e = std::exp(-n * (1 - ratio));
  EXPECT_NEAR(c.duty, small * 25 * (1 - e) / (1 - ratio * e), 1e-6 * c.duty);
  const State humid = from_relative_humidity(kelvin(32), 0.8, 110e3);
  const Coiled large = coil(humid, 20, {500, kelvin(7)}, {1e7, 1e7, 0});
  EXPECT_NEAR(large.air.temperature, kelvin(7), 0.3);
  EXPECT_GT(coil(humid, 20, {40, kelvin(7)}, {5e4, 1e5, 0}).duty, coil(humid, 20, {40, kelvin(7)}, {5e4, 1e5, 1e-5}).duty);  // fouling costs
}
// From dry through partly to wholly wet the duty rises without a step: by less than 1.5 % for half a per cent of humidity.
TEST(Cooling, CoilFromDryToWet) {
  for (double water : {5.0, 80.0})
    for (double size : {1e3, 2e5}) {
      double last = 0;
      for (double rh = 0.05; rh < 0.99; rh += 0.005) {
        const double duty = coil(from_relative_humidity(kelvin(32), rh, 110e3), 20, {water, kelvin(7)}, {size, 2 * size, 0}).duty;
        if (last > 0) {
          EXPECT_GE(duty, last * (1 - 1e-9)) << rh;
          EXPECT_LE(duty, last * 1.015) << rh;
        }
        last = duty;
      }
    }
}
// Carnot 2/40 °C: 7.241, at 0.6: 4.344; 5/45: 6.954, 4.172; −5/35 at 0.55: 3.687.
TEST(Cooling, Plant) {
  EXPECT_NEAR(carnot_cop(kelvin(2), kelvin(40)), 7.241, 5e-4);
  EXPECT_NEAR(0.6 * carnot_cop(kelvin(5), kelvin(45)), 4.172, 5e-4);
  EXPECT_NEAR(0.55 * carnot_cop(kelvin(-5), kelvin(35)), 3.687, 5e-4);
  Chiller plant;
  plant.capacity = 8e6;
  plant.evaporator_approach = 2, plant.condenser_approach = 3;
  const Chilled c = chiller(plant, 5e6, kelvin(4), kelvin(37));
  EXPECT_NEAR(c.cop, 4.344, 5e-4);
  EXPECT_NEAR(c.power, 5e6 / c.cop, 1e-6);
  EXPECT_EQ(c.residual(), 0);
  EXPECT_EQ(c.unmet, 0);
  EXPECT_DOUBLE_EQ(chiller(plant, 9e6, kelvin(4), kelvin(37)).unmet, 1e6);
  plant.part_load.x = {0, 0.5, 1}, plant.part_load.y = {0.6, 0.9, 1};
  EXPECT_NEAR(chiller(plant, 4e6, kelvin(4), kelvin(37)).cop, 0.9 * c.cop, 1e-12);
}
// Plant with its condenser in return air: what the plant rejects is what the air takes; beyond the hottest water the cooling is cut and the limit
// reported.
TEST(Cooling, CondenserInReturnAir) {
  Chiller plant;
  plant.capacity = 10e6;
  const State returned = from_wet_bulb(kelvin(32), kelvin(28), 110e3);
  const Refrigeration r = refrigerate(plant, 2e6, kelvin(5), returned, 150, 100, 0.6, kelvin(52));
  EXPECT_FALSE(r.rejection.limited);
  EXPECT_EQ(r.chilled.unmet, 0);
  EXPECT_NEAR(-r.rejection.spray.duty, r.chilled.rejected, 1e-4);
  EXPECT_NEAR(r.rejection.hot + plant.condenser_approach, r.chilled.condensing, 1e-6);
  EXPECT_NEAR(r.rejection.spray.residual(), 0, 1e-6);
  EXPECT_NEAR(sigma_heat(r.rejection.spray.air) - sigma_heat(returned), r.chilled.rejected / 150, 0.01);
  const Refrigeration cut = refrigerate(plant, 9e6, kelvin(5), returned, 60, 60, 0.6, kelvin(48));
  EXPECT_TRUE(cut.rejection.limited);
  EXPECT_GT(cut.chilled.unmet, 1e6);
  EXPECT_NEAR(cut.chilled.cooling + cut.chilled.unmet, 9e6, 1e-3);
  EXPECT_NEAR(cut.chilled.rejected, cut.rejection.capacity, 1e-3);
  EXPECT_NEAR(cut.rejection.hot, kelvin(48), 1e-9);
  EXPECT_LT(cut.rejection.capacity, air_capacity(returned, 60, kelvin(48)));  // air at the water's temperature, saturated
  EXPECT_NEAR(air_capacity(returned, 60, kelvin(28)), 0, 1e-3);
}
// A ring of plant, pipe, spray cooler and back: what the air and the pipe's surroundings lose, what falls and what the compressor takes is what the
// condenser rejects, to rounding.
TEST(Cooling, CircuitCloses) {
  const State intake = from_wet_bulb(kelvin(30), kelvin(24), 105e3);
  Chiller plant;
  plant.capacity = 20e6;
  const Water cold{120, kelvin(4)};
  const Piped down = pipe(cold, 0.6, 2500, kelvin(28), 1800, 0.7);
  const Spray cooler = spray(intake, 200, down.water, 0.65);
  const Piped up = pipe({cold.flow, cooler.water.temperature}, 2.0, 2500, kelvin(28), -1800);
  const double c = gas(Psychrometry::hyland_wexler).c_water;
  const double load = cold.flow * c * (up.water.temperature - cold.temperature);
  const Chilled chilled = chiller(plant, load, cold.temperature, kelvin(32));
  const double drained = (cooler.water.flow - cold.flow) * water_enthalpy(cooler.water.temperature);
  EXPECT_NEAR(down.residual(cold), 0, 1e-6);
  EXPECT_NEAR(up.residual({cold.flow, cooler.water.temperature}), 0, 1e-6);
  EXPECT_NEAR(down.gain + down.potential + cooler.air_loss + up.gain + chilled.power, chilled.rejected + drained, 1e-9 * chilled.rejected);
  EXPECT_NEAR(down.potential + down.recovered, 120 * gravity * 1800, 1e-6);
}
// ln(350/250)/(2π 0.035) and h 8 on the outside: 0.60838 W/mK for 350 mm outside. The reference prints 0.63017, which belongs to radii of 250 and 350
// mm; its temperature, 4.15606 °C after 2000 m at 50 kg/s in 30 °C, follows from that.
TEST(Cooling, Pipe) {
  EXPECT_NEAR(pipe_conductance(0.25, 0.35, 0.035, 8), 1 / (std::log(1.4) / (0.07 * std::numbers::pi) + 1 / (8 * std::numbers::pi * 0.35)), 1e-12);
  EXPECT_NEAR(pipe_conductance(0.25, 0.35, 0.035, 8), 0.60838, 5e-6);
  EXPECT_NEAR(pipe_conductance(0.50, 0.70, 0.035, 8), 0.63017, 5e-6);
  const Piped p = pipe({50, kelvin(4)}, 0.63017, 2000, kelvin(30), 0, 0, mcpherson);
  EXPECT_NEAR(celsius(p.water.temperature), 4.15606, 5e-6);
  // 2.343 K/km of fall where no heat passes; 30 % of it behind a turbine of 0.7.
  EXPECT_NEAR(pipe({50, kelvin(4)}, 0, 1000, 300, 1000, 0, mcpherson).water.temperature - kelvin(4), 2.343, 5e-4);
  EXPECT_NEAR(pipe({50, kelvin(4)}, 0, 1000, 300, 1000, 0.7, mcpherson).water.temperature - kelvin(4), 0.3 * 9810 / 4187, 1e-12);
  EXPECT_GT(pipe_conductance(0.25, 0.25, 0, 8), 6);  // bare
}
// Pump 100 kg/s from 3000 m at 0.75: 3924 kW. Turbine: 13.7 kW per kg/s per 2000 m at 0.7. Feeder: 5 % of the head is pumped. Ice: 459.1 kJ/kg to 30
// °C, 4.06 times water from 3 °C.
TEST(Cooling, PumpsAndIce) {
  EXPECT_NEAR(pump(100, 3000, 0.75).power, 3924e3, 1);
  EXPECT_NEAR(pump(100, 3000, 0.75).power, pump(100, 3000, 0.75).hydraulic + pump(100, 3000, 0.75).heat, 1e-6);
  EXPECT_NEAR(turbine_power(1, 2000, 0.7), 13.734e3, 1);
  EXPECT_NEAR(pipe_feeder(100, 3000, 0.95, 0.75).power, 0.05 * 3924e3, 1);
  const double ice = ice_cooling(1, kelvin(0), kelvin(30), mcpherson);
  EXPECT_NEAR(ice, 459.1e3, 50);
  EXPECT_NEAR(ice / (4187 * 27), 4.06, 5e-3);
  EXPECT_NEAR(ice_cooling(0.7, kelvin(0), kelvin(10), mcpherson), 0.7 * 333.5e3 + 41870, 1e-6);
  EXPECT_GT(ice_cooling(1, kelvin(-5), kelvin(30)), ice_cooling(1, kelvin(0), kelvin(30)));
}
// Tank: exponential towards what enters; ice first; energy closes; one step or many.
TEST(Cooling, Store) {
  const double c = gas(Psychrometry::hyland_wexler).c_water;
  ColdStore tank{1e6, 0, kelvin(5), 0};
  const double before = stored_energy(tank);
  const Stored s = advance(tank, 3600, {100, kelvin(15)}, kelvin(25));
  EXPECT_NEAR(celsius(tank.temperature), 15 - 10 * std::exp(-0.36), 1e-9);
  EXPECT_NEAR(stored_energy(tank) - before, s.through + s.leaked, 1e-3);
  EXPECT_NEAR(s.through, 3600 * 100 * c * (kelvin(15) - s.leaving), 1e-3);
  ColdStore one{5e5, 2e4, kelvin(0), 800}, many = one;
  const double energy = stored_energy(one);
  const Stored a = advance(one, 36000, {40, kelvin(12)}, kelvin(25));
  Stored b;
  for (int i = 0; i < 500; ++i) {
    const Stored step = advance(many, 72, {40, kelvin(12)}, kelvin(25));
    b.through += step.through, b.leaked += step.leaked, b.leaving += step.leaving / 500;
  }
  EXPECT_EQ(one.ice, 0);
  EXPECT_NEAR(one.temperature, many.temperature, 1e-9);
  EXPECT_NEAR(a.through, b.through, 1e-9 * a.through);
  EXPECT_NEAR(a.leaving, b.leaving, 1e-9);
  EXPECT_NEAR(stored_energy(one) - energy, a.through + a.leaked, 1e-9 * a.through);
  ColdStore icy{5e5, 1e5, kelvin(0), 0};
  advance(icy, 600, {40, kelvin(12)}, kelvin(25));
  EXPECT_NEAR(icy.ice, 1e5 - 600 * 40 * c * 12 / 333.5e3, 1e-6);
  EXPECT_DOUBLE_EQ(icy.temperature, kelvin(0));
}
TEST(Cooling, PositionalEfficiency) {
  // The dry airway of the strata tests: per 4π m, U 1.151805, 1000 m, 60 kg/s.
  EXPECT_NEAR(positional_efficiency(4 * std::numbers::pi, 1.151805, 1000, 60, 1005), 0.7866, 5e-5);
  EXPECT_EQ(positional_efficiency(10, 0, 1000, 60, 1005), 1);
}
TEST(Cooling, Refusals) {
  const State air = from_wet_bulb(kelvin(30), kelvin(24), 105e3);
  EXPECT_REFUSED(spray(air, 0, {10, kelvin(5)}, 0.6), "air flow");
  EXPECT_REFUSED(spray(air, 10, {10, 5}, 0.6), "water temperature");
  EXPECT_REFUSED(spray(air, 10, {10, kelvin(5)}, 1), "merit");
  EXPECT_REFUSED(spray(air, 250, {0.2, kelvin(90)}, 0.6), "evaporates");
  EXPECT_REFUSED(coil(air, 10, {10, kelvin(35)}, {1e4, 1e4, 0}), "does not cool");
  EXPECT_REFUSED(coil(air, 10, {10, kelvin(5)}, {0, 1e4, 0}), "conductances");
  Chiller plant;
  EXPECT_REFUSED(chiller(plant, 1e6, kelvin(5), kelvin(30)), "capacity");
  plant.capacity = 1e6;
  EXPECT_REFUSED(chiller(plant, -1, kelvin(5), kelvin(30)), "load");
  EXPECT_REFUSED(chiller(plant, 1e6, kelvin(30), kelvin(20)), "lift");
  EXPECT_REFUSED(reject_to_air(air, 10, 10, 0.6, 1e5, kelvin(20)), "gives no heat");
  EXPECT_REFUSED(pipe({10, kelvin(5)}, 1, 1000, kelvin(20), 100, 1.2), "recovery");
  EXPECT_REFUSED(pipe({1, kelvin(1)}, 50, 1000, kelvin(-20), 0), "freeze");
  EXPECT_REFUSED(pipe_conductance(0.3, 0.2, 0.03, 8), "insulation");
  EXPECT_REFUSED(pump(10, 100, 0), "efficiency");
  EXPECT_REFUSED(ice_cooling(0.5, kelvin(-5), kelvin(10)), "mixed");
  EXPECT_REFUSED(ice_cooling(1, kelvin(0), kelvin(-1)), "leaves");
  ColdStore store{100, 200, kelvin(0), 0};
  EXPECT_REFUSED(advance(store, 1, {1, kelvin(5)}, 290), "ice");
  EXPECT_REFUSED(positional_efficiency(0, 1, 1, 1, 1), "perimeter");
}
