// Temperature and humidity along airways against closed forms; the energy of the whole.
#include "air/climate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "air/air.hpp"
#include "air/wall_exchange.hpp"
#include "base/error.hpp"
#include "small_networks.hpp"

namespace winze::air {
namespace {

constexpr double year = 365.25 * 86400, celsius = zero_celsius;

/// Surface air by McPherson's constants (cp 1005, R 287.04), 100 kPa, without lapse; friction next to nothing unless said.
struct Mine {
  Network n;
  std::unique_ptr<Air> air;
  Mine() {
    n.climate.emplace();
    n.climate->psychrometry = Psychrometry::mcpherson;
    n.climate->emissivity = 0;
    n.weather.temperature = input::Curve(20 + celsius);
    n.weather.pressure = input::Curve(1e5);
    n.weather.lapse = 0;
  }
  void junction(const std::string& name, Vector3 at, bool surface = false, double inject = 0) {
    Junction j;
    j.at = at;
    j.surface = surface;
    if (inject != 0) j.inject = Injection{inject};
    n.junctions.entries.emplace_back(name, j);
  }
  Airway& airway(const std::string& name, const std::string& from, const std::string& to, double r = 1e-9, std::vector<Device> devices = {}) {
    Airway a = resistance(from, to, r, std::move(devices));
    return n.airways.entries.emplace_back(name, a).second;
  }
  void solve() {
    air = std::make_unique<Air>(n);
    air->solve_steady();
    EXPECT_LT(air->report().ledger_residual, 1e-8);
  }
  static size_t place(const std::vector<std::string>& names, const std::string& name) {
    return size_t(std::find(names.begin(), names.end(), name) - names.begin());
  }
  double pressure(const std::string& node) const { return air->flow().pressure[place(air->graph().node_names, node)]; }
  double temperature(const std::string& node) const {
    return air->climate()->node_temperature(Index(place(air->graph().node_names, node))) - celsius;
  }
  double humidity(const std::string& node) const { return air->climate()->nodes()[place(air->graph().node_names, node)].x; }
  const BranchClimate& branch(const std::string& name) const { return air->climate()->branches()[place(air->graph().airway_names, name)]; }
};

TEST(Shaft, DryIsentropic) {  // T = T0 + gD/cp, P = P0 (1 + gD/(cp T0))^(cp/R); double evaluation of these forms
  const double depth[4] = {1000, 2000, 3000, 4000}, t[4] = {29.7612, 39.5224, 49.2836, 59.0448};
  const double p[4] = {112151.95, 125323.88, 139565.53, 154927.41};
  for (int k = 0; k < 4; ++k) {
    Mine m;
    m.junction("collar", {0, 0, 0}, true);
    m.junction("bottom", {0, 0, -depth[k]}, false, -100);
    m.airway("shaft", "collar", "bottom");
    m.solve();
    EXPECT_NEAR(m.temperature("bottom"), t[k], 6e-5);
    EXPECT_NEAR(m.pressure("bottom"), p[k], 0.01);
    EXPECT_NEAR(m.air->climate()->ledger().autocompression, m.air->flow().mass[0] * 9.81 * depth[k], 1e-3);
  }
}

TEST(Shaft, MoistWithoutEvaporation) {  // 20/15 °C at 100 kPa and at 87 kPa; evaluated independently with McPherson's forms
  const struct {
    double surface, depth, p, t, wet;
  } rows[] = {{100e3, 3000, 139338.6, 49.0639, 28.1463}, {100e3, 2000, 125182.8, 39.3759, 23.9679}, {87e3, 3000, 121188.1, 49.0234, 27.4868}};
  for (const auto& row : rows) {
    Mine m;
    m.n.weather.pressure = input::Curve(row.surface);
    m.n.weather.wet_bulb = input::Curve(15 + celsius);
    m.junction("collar", {0, 0, 0}, true);
    m.junction("bottom", {0, 0, -row.depth}, false, -100);
    m.airway("shaft", "collar", "bottom");
    m.solve();
    EXPECT_NEAR(m.temperature("bottom"), row.t, 2e-3);  // the forms' humidities differ in the fifth digit
    EXPECT_NEAR(m.pressure("bottom"), row.p, 3);
    const State s{m.temperature("bottom") + celsius, m.pressure("bottom"), m.humidity("bottom")};
    EXPECT_NEAR(wet_bulb(s, Psychrometry::mcpherson) - celsius, row.wet, 3e-2);  // sigma heat against linear enthalpy: 0.1 % of it
  }
}

TEST(ULoop, IsentropicShaftsHeatedAtTheBottom) {  // P0 {[(Tb/T0)(T0+ΔT)/(Tb+ΔT)]^(cp/R) − 1} = 724.478596 Pa for 2000 m, 10 K
  Mine m;
  m.junction("collar", {0, 0, 0}, true);
  m.junction("bottom", {0, 0, -2000});
  m.junction("station", {100, 0, -2000});
  m.junction("top", {100, 0, 0});
  m.airway("down", "collar", "bottom");
  m.airway("drive", "bottom", "station");
  m.airway("up", "station", "top");
  m.airway("out", "top", "collar", 1e-9, {{FixedFlow{50}}});
  m.solve();
  Heat heat;
  heat.power = input::Curve(m.air->flow().mass[0] * 1005 * 10);
  m.n.airways.entries[1].second.devices = {{heat}};
  for (int k = 0; k < 3; ++k) {  // the flow is fixed by volume: its mass changes a little with the heat
    m.solve();
    heat.power = input::Curve(m.air->flow().mass[0] * 1005 * 10);
    m.n.airways.entries[1].second.devices = {{heat}};
  }
  m.solve();
  ASSERT_EQ(m.air->report().flow.demands.size(), 1u);
  EXPECT_NEAR(m.temperature("station") - m.temperature("bottom"), 10, 1e-4);
  EXPECT_NEAR(m.air->report().flow.demands[0].pressure, 724.478596, 0.01);  // cells of 100 m: their mean temperatures
}

TEST(ULoop, VentilatesItselfFromRest) {
  Mine m;
  m.n.climate->psychrometry = Psychrometry::hyland_wexler;
  m.junction("collar", {0, 0, 0}, true);
  m.junction("bottom", {0, 0, -1500});
  m.junction("station", {200, 0, -1500});
  m.junction("top", {200, 0, 0}, true);
  m.airway("down", "collar", "bottom", 0.02);
  Heat heat;
  heat.power = input::Curve(800e3);
  m.airway("drive", "bottom", "station", 0.05);
  m.airway("up", "station", "top", 0.02, {{heat}});
  m.solve();
  const double flow = m.air->flow().mass[0];
  EXPECT_GT(flow, 30);
  EXPECT_NEAR(m.branch("up").sources, 800e3, 1e-3);
  EXPECT_NEAR(m.temperature("top") - m.temperature("collar"), 800e3 / (flow * gas(Psychrometry::hyland_wexler).cp_dry), 1e-6);
  // The pressure of its columns pays for the friction met.
  double friction = 0, weight = 0;
  for (size_t b = 0; b < 3; ++b) {
    friction += m.air->graph().law[b].resistance * flow * std::abs(flow) / m.air->flow().density[b];
    weight += 9.81 * m.air->flow().density[b] * (m.air->graph().z[size_t(m.air->graph().from[b])] - m.air->graph().z[size_t(m.air->graph().to[b])]);
  }
  EXPECT_NEAR(friction, weight, 0.02 * friction);  // the weight takes the harmonic mean of R T, friction the arithmetic one
}

/// One level airway of 1000 m, radius 2 m, 60 kg/s, k 5.5, ρc 2700·850, VRT 48 °C, film 10 W/m²K, age one year.
Mine dry_airway(double inlet) {
  Mine m;
  m.n.weather.temperature = input::Curve(inlet + celsius);
  m.n.rock = RockInput{"", 5.5, 2700, 850};
  m.junction("in", {0, 0, 0}, true);
  m.junction("out", {1000, 0, 0}, false, 0);
  const double rho = 1e5 / (287.04 * (inlet + celsius));
  m.junction("end", {1000, 1, 0}, true);
  Airway& a = m.airway("drive", "in", "out");
  a.section = Section{Circle{4}};
  a.virgin = 48 + celsius;
  a.age = year;
  a.film = 10;
  m.airway("fan", "out", "end", 1e-9, {{FixedFlow{60 / rho}}}).strata = false;
  return m;
}
/// Exact inflow of 60 kg/s whatever the density in the fan's branch.
void hold_mass(Mine& m) {
  for (int k = 0; k < 4; ++k) {
    m.solve();
    FixedFlow& f = std::get<FixedFlow>(m.n.airways.entries[1].second.devices[0].value);
    f.flow *= 60 / m.air->flow().mass[0];
  }
  m.solve();
}
TEST(StrataHeat, DryAirway) {  // T = 28 + 20 (1 − e^−0.2400), U = (k/a) G(F, B): 32.267966 °C, 257.3583 kW; cooling at the inlet arrives by e^−0.2400
  Mine m = dry_airway(28);
  hold_mass(m);
  EXPECT_NEAR(m.temperature("out"), 32.267966, 5e-6);
  EXPECT_NEAR(m.branch("drive").strata, 257358.3, 0.5);
  Mine cooler = dry_airway(27);
  hold_mass(cooler);
  EXPECT_NEAR(m.temperature("out") - cooler.temperature("out"), 0.7866, 5e-5);  // positional efficiency
  m.n.climate->cell = 1000;                                                     // one cell: exponential within
  hold_mass(m);
  EXPECT_NEAR(m.temperature("out"), 32.267966, 5e-6);
}

TEST(StrataHeat, WallsExchangeAsOnePointDoes) {  // the cell's fluxes at its mean state are those of wall_exchange.hpp
  for (const double wet : {0.0, 0.4, 1.0}) {
    Cell c;
    c.mass = 40;
    c.pressure = 1.1e5;
    c.area = 12 * 50;
    c.wetness = wet;
    c.convection = 12;
    c.radiation = 5;
    c.dry = {0.8 * 318, 0.8};
    c.wet = {1.1 * 318, 1.1};
    const Gas& g = gas(Psychrometry::hyland_wexler);
    const CellResult r = pass(c, {enthalpy_of(g, 300, 0.012), 0.012}, Psychrometry::hyland_wexler, 0, 0);
    const State at{r.temperature, c.pressure, r.humidity};
    const Exchange d = exchange(at, r.dry_wall, {12, 5, false}), w = exchange(at, wet > 0 ? r.wet_wall : 300, {12, 5, true});
    const Exchange both = mix(wet, w, d);
    EXPECT_NEAR(r.strata, c.area * both.total(), 1e-5 * c.area);
    EXPECT_NEAR(r.evaporated, c.area * both.vapour, 1e-10 * c.area);
    if (wet < 1) {
      EXPECT_NEAR(d.total(), 0.8 * (318 - r.dry_wall), 1e-8);
    }
    if (wet > 0) {
      EXPECT_NEAR(w.total(), 1.1 * (318 - r.wet_wall), 1e-6);
    }
    EXPECT_NEAR(c.mass * (r.out.x - 0.012), r.evaporated, 1e-15);
    EXPECT_NEAR(c.mass * (r.out.h - enthalpy_of(g, 300, 0.012)), r.strata + r.wall_water, 1e-6);
  }
}

TEST(StrataHeat, WetAirwayEvaporatesNoMoreThanItsWater) {
  const auto wet = [](std::optional<double> water) {
    Mine m = dry_airway(28);
    m.n.airways.entries[0].second.wetness = 0.5;
    m.n.airways.entries[0].second.water = water;
    m.solve();
    return m.branch("drive").evaporated;
  };
  const double free = wet({});
  EXPECT_GT(free, 0.05);
  EXPECT_NEAR(wet(0.01), 0.01, 1e-12);
  EXPECT_NEAR(wet(100), free, 1e-12);
}

TEST(StrataHeat, ColdWallsCondense) {
  Mine m = dry_airway(35);
  m.n.weather.relative_humidity = input::Curve(0.9);
  m.n.airways.entries[0].second.virgin = 12 + celsius;
  m.solve();
  EXPECT_LT(m.branch("drive").evaporated, 0);
  EXPECT_LT(m.branch("drive").strata, 0);
  EXPECT_LT(m.humidity("out"), m.humidity("in"));
}

TEST(StrataHeat, MemoryOfTwoYears) {  // air 40 °C in year 1, 28 °C in year 2, VRT 55 °C: 29.09891789 W/m² by superposition of G(F, B)
  Mine m;
  m.n.weather.temperature.x = {0, year, year + 1};
  m.n.weather.temperature.y = {40 + celsius, 40 + celsius, 28 + celsius};
  m.n.rock = RockInput{"", 5.5, 2700, 850};
  m.junction("in", {0, 0, 0}, true);
  m.junction("out", {1, 0, 0}, false, -5000);
  Airway& a = m.airway("drive", "in", "out");  // so much air that it keeps its temperature
  a.section = Section{Circle{4}};
  a.virgin = 55 + celsius;
  a.film = 10;
  Air air(m.n);
  const auto run = [&](double until) {
    for (double dt = 100; air.time() < until;) {
      air.advance(std::min(dt, until - air.time()));
      dt *= 1.01;
    }
  };
  run(year);
  const Strata rock{5.5, 2700.0 * 850, 2};
  const RadialFlux g(rock.biot(10));
  EXPECT_NEAR(air.climate()->branches()[0].strata / (pi * 4), rock.scale() * 15 * g(rock.fourier(year)), 2e-3 * 17);
  run(2 * year);
  EXPECT_NEAR(air.climate()->branches()[0].strata / (pi * 4), 29.09891789, 0.03);  // mean of the last step; steps grow by 2 %
  EXPECT_NEAR(air.climate()->dry_wall[0] - celsius, 30.909892, 0.005);
}

// A drive bared today in air of 40 °C, VRT 55 °C: heat of its first step, of an hour, a month or a year, within 1 % of k/a · 15 · mean G; a year in
// months within 0.1 %. One straight course of the wall through the step would miss a third.
TEST(StrataHeat, FirstStepOfAnOpening) {
  const Strata rock{5.5, 2700.0 * 850, 2};
  const RadialFlux g(rock.biot(10));
  for (const auto& [span, steps, tolerance] : {std::tuple(3600.0, 1, 1e-2), {year / 12, 1, 1e-2}, {year, 1, 1e-2}, {year, 12, 1e-3}}) {
    Mine m;
    m.n.weather.temperature = input::Curve(40 + celsius);
    m.n.rock = RockInput{"", 5.5, 2700, 850};
    m.junction("in", {0, 0, 0}, true);
    m.junction("out", {1, 0, 0}, false, -5000);
    Airway& a = m.airway("drive", "in", "out");
    a.section = Section{Circle{4}};
    a.virgin = 55 + celsius;
    a.film = 10;
    Air air(m.n);
    double mean = 0;
    for (int i = 0; i < steps; ++i) {
      air.advance(span / steps);
      mean += air.climate()->branches()[0].strata / (pi * 4) / steps;
    }
    const double exact = rock.scale() * 15 * g.mean(rock.fourier(span));
    EXPECT_NEAR(mean, exact, tolerance * exact) << span << " " << steps;
  }
}

TEST(Mixing, RecirculationIsOneLinearSystem) {
  // Fresh air m0 meets a loop driven by a fan; the heat Q in the loop leaves with the fresh air: T_out = T_in + Q/(m0 cp), and in the loop after the
  // heat T = T_mixed + Q/(m1 cp).
  Mine m;
  m.junction("in", {0, 0, 0}, true);
  m.junction("a", {10, 0, 0});
  m.junction("b", {20, 0, 0});
  m.junction("out", {30, 0, 0}, true);
  Heat heat;
  heat.power = input::Curve(100e3);
  m.airway("fresh", "in", "a", 0.5);
  m.airway("heated", "a", "b", 0.1, {{heat}, {FixedFlow{40}}});
  m.airway("return", "b", "a", 0.1);
  m.airway("exhaust", "b", "out", 0.5, {{FixedFlow{10}}});
  m.solve();
  const auto mass = [&](const char* name) { return m.air->flow().mass[Mine::place(m.air->graph().airway_names, name)]; };
  EXPECT_GT(mass("return"), 25);
  EXPECT_NEAR(m.temperature("b") - 20, 100e3 / (mass("exhaust") * 1005), 1e-7);
  EXPECT_NEAR(m.temperature("b") - m.temperature("a"), 100e3 / (mass("heated") * 1005), 1e-7);
}

TEST(Mixing, HeatInALoopWithoutFreshAirIsRefused) {
  Mine m;
  m.junction("in", {0, 0, 0}, true);
  m.junction("a", {10, 0, 0});
  m.junction("b", {20, 0, 0});
  Heat heat;
  heat.power = input::Curve(100e3);
  m.airway("dead end", "in", "a", 0.5);
  m.airway("heated", "a", "b", 0.1, {{heat}, {FixedFlow{40}}});
  m.airway("return", "b", "a", 0.1);
  EXPECT_THROW(m.solve(), Error);
}

TEST(FanHeat, WarmsTheAirByItsPower) {  // ΔT = p/(ρ cp η) (0.83/η K per kPa at 1.2 kg/m³), all else adiabatic and level
  Mine m;
  m.junction("in", {0, 0, 0}, true);
  m.junction("out", {10, 0, 0}, true);
  Fan fan = parabola(2500, 0, -0.05);
  fan.efficiency = input::Curve(0.8);
  fan.motor_efficiency = 0.9;
  fan.motor = Motor::in_air;
  m.airway("drift", "in", "out", 0.12, {{fan}});
  m.solve();
  const FanPoint& p = m.air->report().flow.fans.at(0);
  const double shaft = p.pressure * p.flow / 0.8;
  EXPECT_NEAR(m.branch("drift").fans, shaft / 0.9, 1e-6 * shaft);
  EXPECT_NEAR(m.branch("drift").last.h - m.branch("drift").first.h, shaft / 0.9 / m.air->flow().mass[0], 1e-6);
}

TEST(Coolers, TakeWhatTheirFormulasSay) {
  const auto cooled = [](Device device) {
    Mine m;
    m.n.climate->psychrometry = Psychrometry::hyland_wexler;
    m.n.weather.temperature = input::Curve(30 + celsius);
    m.n.weather.wet_bulb = input::Curve(22 + celsius);
    m.junction("in", {0, 0, 0}, true);
    m.junction("out", {10, 0, 0}, true);
    m.airway("bulk cooler", "in", "out", 1e-6, {{FixedFlow{200}}, device});
    m.solve();
    return m;
  };
  SprayCooler bac;
  bac.water = 100;
  bac.temperature = 4 + celsius;
  const Mine m = cooled({bac});
  const double mass = m.air->flow().mass[0];
  const State before{30 + celsius, 1e5, m.branch("bulk cooler").first.x};
  const Spray expected = spray(before, mass, {100, 4 + celsius}, 0.6);
  EXPECT_NEAR(m.branch("bulk cooler").cooling, expected.air_loss, 1e-6 * expected.air_loss);
  EXPECT_NEAR(m.branch("bulk cooler").last.x, expected.air.humidity, 1e-12);
  FixedCooling fixed;
  fixed.duty = input::Curve(3e6);
  const Mine f = cooled({fixed});
  const BranchClimate& b = f.branch("bulk cooler");
  const Gas& g = gas(Psychrometry::hyland_wexler);
  const double t = temperature_of(g, b.last.h, b.last.x);
  EXPECT_NEAR(b.last.x, saturation_humidity(t, 1e5), 1e-9);
  EXPECT_NEAR(b.cooling - f.air->flow().mass[0] * (b.first.x - b.last.x) * water_enthalpy(t), 3e6, 1);  // the condensate leaves with its own
}

TEST(Coolers, PlantRejectsWhatItTakesAndItsPower) {
  const auto mine = [](double capacity) {
    Mine m;
    m.n.climate->psychrometry = Psychrometry::hyland_wexler;
    m.n.weather.temperature = input::Curve(28 + celsius);
    m.n.weather.wet_bulb = input::Curve(22 + celsius);
    m.junction("in", {0, 0, 0}, true);
    m.junction("mid", {10, 0, 0});
    m.junction("out", {20, 0, 0}, true);
    SprayCooler bac;
    bac.water = 40;
    bac.temperature = 6 + celsius;
    Condenser plant;
    plant.coolers = {"cooler"};
    plant.chilled = 6 + celsius;
    plant.water = 120;
    plant.capacity = capacity;
    m.airway("cooler", "in", "mid", 1e-6, {{FixedFlow{100}}, {bac}});
    m.airway("return", "mid", "out", 1e-6, {{plant}});
    return m;
  };
  Mine m = mine(10e6);
  m.solve();
  const double duty = m.branch("cooler").cooling, rejected = -m.branch("return").cooling;
  EXPECT_GT(duty, 1e6);
  EXPECT_GT(m.branch("return").plant_power, duty / 12);  // COP below 12
  // The spray's balance is Whillier's: condensate and make-up carry the rest, a few per cent.
  EXPECT_NEAR(rejected, duty + m.branch("return").plant_power, 0.05 * rejected);
  Mine small = mine(0.5e6);
  EXPECT_THROW(small.solve(), SolverError);
}

TEST(Air, RestartGoesOnAsIfNeverStopped) {
  const auto make = [] {
    Mine m = dry_airway(28);
    m.n.weather.temperature.x = {0, 10 * 86400.0};
    m.n.weather.temperature.y = {300, 310};
    m.n.airways.entries[0].second.wetness = 0.3;
    return m;
  };
  Mine one = make(), two = make();
  Air straight(one.n), first(two.n), second(two.n);
  for (int k = 0; k < 6; ++k) straight.advance(86400);
  for (int k = 0; k < 3; ++k) first.advance(86400);
  second.restore(first.save());
  for (int k = 0; k < 3; ++k) second.advance(86400);
  EXPECT_EQ(straight.climate()->branches()[0].last.h, second.climate()->branches()[0].last.h);
  EXPECT_EQ(straight.flow().mass[0], second.flow().mass[0]);
  EXPECT_THROW(second.restore({1, 2, 3}), InputError);
}

}  // namespace
}  // namespace winze::air
