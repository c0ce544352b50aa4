// Cooling felt at workplaces: the adjoint against differences of whole solves, a closed form, and what it costs.
#include "air/adjoint.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "small_networks.hpp"

namespace winze::air {
namespace {

constexpr double year = 365.25 * 86400, celsius = zero_celsius;

/// A deep mine with wet drives whose stope air partly comes back; in every airway a cooler of given duty, at rest.
struct Mine {
  Network n;
  explicit Mine(bool recirculates = true, bool plant = true) {
    n.climate.emplace();
    n.climate->tolerance = 1e-12;
    n.weather.temperature = input::Curve(22 + celsius);
    n.weather.wet_bulb = input::Curve(15 + celsius);
    n.rock = RockInput{"", 5, 2700, 850};
    n.virgin = input::Curve(46 + celsius);
    junction("in", {0, 0, 0}, true);
    junction("a", {0, 0, -1500});
    junction("b", {800, 0, -1500});
    junction("c", {1500, 0, -1490});
    junction("out", {1500, 0, 0}, true);
    airway("shaft", "in", "a", 0.05);
    airway("drive", "a", "b", 0.4);
    airway("stope", "b", "c", 0.6);
    airway("side", "c", "b", 0.2);  // runs b → c: against its own direction
    airway("return", "c", "a", 0.3);
    airway("upcast", "c", "out", 0.1);
    at("upcast").devices.push_back({FixedFlow{50}});
    at("side").devices.push_back({FixedFlow{-20}});
    at("return").devices.push_back({FixedFlow{recirculates ? 25.0 : -12.0}});
    if (plant) {
      CoilCooler coil;
      coil.water = 12;
      coil.temperature = 8 + celsius;
      coil.outside = 30e3;
      coil.inside = 50e3;
      at("drive").devices.push_back({coil});
      Condenser condenser;
      condenser.coolers = {"drive"};
      condenser.chilled = 8 + celsius;
      condenser.water = 60;
      condenser.capacity = 5e6;
      at("return").devices.push_back({condenser});
    }
  }
  void junction(const std::string& name, Vector3 where, bool surface = false) {
    Junction j;
    j.at = where;
    j.surface = surface;
    n.junctions.entries.emplace_back(name, j);
  }
  void airway(const std::string& name, const std::string& from, const std::string& to, double wetness) {
    Airway a;
    a.from = from;
    a.to = to;
    a.section = Section{Circle{4}};
    a.friction = Friction{Fanning{0.005}};
    a.wetness = wetness;
    a.age = 2 * year;
    a.devices = {{FixedCooling{}}};
    n.airways.entries.emplace_back(name, a);
  }
  Airway& at(const std::string& name) {
    for (auto& [key, a] : n.airways.entries)
      if (key == name) return a;
    throw std::out_of_range(name);
  }
};

/// The climate alone, at the flows of a whole solve.
struct Held {
  Network& n;
  Air air;
  Climate climate;
  explicit Held(Network& network) : n(network), air(network), climate((air.solve_steady(), network), air.graph()) { settle(); }
  void settle() {
    std::vector<Stream> before;
    for (int round = 0; round < 60; ++round) {
      before = climate.nodes();
      climate.solve({}, air.flow(), std::vector<double>(air.graph().from.size(), 0));
      double change = 0;
      for (size_t i = 0; i < before.size(); ++i) change = std::max(change, std::abs(before[i].h - climate.nodes()[i].h));
      if (round > 8 && change < 1e-7) break;
    }
  }
  /// Wet and dry bulb of the air that leaves an airway at its end `to`.
  std::array<double, 2> bulbs(size_t branch) const {
    const Stream s = climate.branches()[branch].last;
    const double p = air.flow().pressure[size_t(air.graph().to[branch])], t = temperature_of(gas(climate.route()), s.h, s.x);
    return {wet_bulb({t, p, s.x}, climate.route()), t};
  }
  Pair gradient(size_t branch, bool wet) const {
    const Stream s = climate.branches()[branch].last;
    return wet ? wet_bulb_gradient(s, air.flow().pressure[size_t(air.graph().to[branch])], climate.route()) : dry_bulb_gradient(s, climate.route());
  }
  /// K by which the bulbs fall per W at the inlet of an airway: central differences of whole solves.
  std::array<double, 2> differences(size_t airway, size_t branch, double step = 1000) {
    input::Curve& duty = std::get<FixedCooling>(n.airways.entries[airway].second.devices[0].value).duty;
    duty = input::Curve(step);
    settle();
    const auto cold = bulbs(branch);
    duty = input::Curve(-step);
    settle();
    const auto warm = bulbs(branch);
    duty = input::Curve(0.0);
    settle();
    return {(warm[0] - cold[0]) / (2 * step), (warm[1] - cold[1]) / (2 * step)};
  }
};

constexpr size_t shaft = 0, drive = 1, stope = 2, upcast = 5;

// Differences of 1 kW (0.01 … 0.05 K) are off by the third derivative of saturation, 1e-8 … 1e-7 of the answer, and by what solves leave unsettled.
void expect_differences(Mine& mine, size_t except = size_t(-1)) {
  Held held(mine.n);
  const Adjoint adjoint(held.climate, held.air.graph(), held.air.flow());
  EXPECT_EQ(adjoint.kinks(), 0);
  for (const bool wet : {true, false}) {
    const Adjoint::Answer answer = adjoint.solve(stope, Where::to, held.gradient(stope, wet));
    const double scale = answer.airway[stope];
    EXPECT_GT(scale, 1e-6);
    for (size_t a = 0; a < answer.airway.size(); ++a) {
      if (a == except) continue;
      const double expected = held.differences(a, stope)[wet ? 0 : 1];
      EXPECT_NEAR(answer.airway[a], expected, 1e-6 * scale) << mine.n.airways.entries[a].first << (wet ? ", wet bulb " : ", dry bulb ") << expected;
    }
  }
}
TEST(Adjoint, EqualsDifferencesOfWholeSolves) {
  Mine mine(false, false);
  expect_differences(mine);
}
TEST(Adjoint, EqualsDifferencesWhereAirRecirculates) {
  Mine mine(true, false);
  expect_differences(mine);
}
TEST(Adjoint, EqualsDifferencesWithAPlantInTheLoop) {  // its heat, given to the air that comes back, follows the duty of the coil
  Mine mine(true, true);
  expect_differences(mine, drive);  // there the plant would take the heat of the given duty too
}

TEST(Adjoint, UntransposedSystemIsNoAdjoint) {  // negative control
  Mine mine(true, false);
  Held held(mine.n);
  const Adjoint adjoint(held.climate, held.air.graph(), held.air.flow());
  const Pair g = held.gradient(stope, true);
  const size_t b = 2;  // junction: the inlet of the stope, by hand
  const auto answer = adjoint.solve(stope, Where::from, g);
  std::vector<double> x(size_t(adjoint.n_unknowns()), 0), y = x;
  x[2 * b] = y[2 * b] = g[0] * 1e3;
  x[2 * b + 1] = y[2 * b + 1] = g[1] / 2500;
  std::vector<linear::Entry> a = adjoint.matrix();
  linear::solve_sparse(adjoint.n_unknowns(), a, y);
  for (auto& e : a) std::swap(e.row, e.column);
  linear::solve_sparse(adjoint.n_unknowns(), a, x);
  EXPECT_NEAR(answer.junction[1], x[2] * 1e-3, 1e-12 * std::abs(x[2]));
  EXPECT_GT(std::abs(y[2] - x[2]), 0.1 * std::abs(x[2]));
}

TEST(PositionalEfficiency, NothingArrivesUpstreamOrBeside) {
  Mine mine(false, false);
  Post post;
  post.airway = "drive";
  mine.n.workplaces.entries.emplace_back("end of drive", post);
  Air air(mine.n);
  air.solve_steady();
  const Positional p = positional_efficiencies(air).at(0);
  for (const size_t a : {stope, size_t(3), size_t(4), upcast}) {
    EXPECT_EQ(p.airway[a].efficiency, 0);
    EXPECT_EQ(p.airway[a].wet_bulb, 0);
  }
  EXPECT_GT(p.airway[drive].efficiency, p.airway[shaft].efficiency);
  EXPECT_GT(p.airway[shaft].efficiency, 0.02);
  EXPECT_LT(p.airway[drive].efficiency, 1);
}

TEST(PositionalEfficiency, DryAirway) {  // reference: e^−0.2400 = 0.7866 and 32.267966 °C of 28 °C and rock of 48 °C, 60 kg/s, 1000 m; one year
  Network n;
  n.climate.emplace();
  n.climate->psychrometry = Psychrometry::mcpherson;
  n.climate->emissivity = 0;
  n.weather.temperature = input::Curve(28 + celsius);
  n.weather.pressure = input::Curve(1e5);
  n.weather.lapse = 0;
  n.rock = RockInput{"", 5.5, 2700, 850};
  const auto junction = [&](const char* name, Vector3 at, bool surface) {
    Junction j;
    j.at = at;
    j.surface = surface;
    n.junctions.entries.emplace_back(name, j);
  };
  junction("in", {0, 0, 0}, true);
  junction("out", {1000, 0, 0}, false);
  junction("end", {1000, 1, 0}, true);
  Airway drive = resistance("in", "out", 1e-9), fan = resistance("out", "end", 1e-9, {{FixedFlow{60 / (1e5 / (287.04 * (28 + celsius)))}}});
  drive.section = Section{Circle{4}};
  drive.virgin = 48 + celsius;
  drive.age = year;
  drive.film = 10;
  fan.strata = false;
  n.airways.entries = {{"drive", drive}, {"fan", fan}};
  Post post;
  post.airway = "drive";
  n.workplaces.entries.emplace_back("face", post);
  for (int k = 0; k < 5; ++k) {  // 60 kg/s, whatever the density at the fan
    Air air(n);
    air.solve_steady();
    std::get<FixedFlow>(n.airways.entries[1].second.devices[0].value).flow *= 60 / air.flow().mass[0];
  }
  Air air(n);
  air.solve_steady();
  const Positional p = positional_efficiencies(air).at(0);
  EXPECT_NEAR(p.airway[0].efficiency, (48 - 32.267966) / 20, 1e-6);
  EXPECT_NEAR(p.airway[0].efficiency, std::exp(-0.2400), 5e-5);  // four digits of the exponent
  EXPECT_NEAR(p.airway[0].dry_bulb, p.airway[0].efficiency / (60 * 1005), 1e-6 * p.airway[0].dry_bulb);
  EXPECT_NEAR(p.junction[0].efficiency, p.airway[0].efficiency, 1e-12);  // all air of the junction goes there
  EXPECT_EQ(p.airway[1].efficiency, 0);
}

TEST(PositionalEfficiency, CostsLessThanTwoSolves) {  // passes through airways; one sparse solve per quantity and workplace
  for (const bool plant : {false, true}) {
    Mine mine(true, plant);
    mine.n.climate->tolerance = ClimateOptions{}.tolerance;
    Air air(mine.n);
    air.solve_steady();
    const std::int64_t solve = air.climate()->passes();
    const Adjoint adjoint(*air.climate(), air.graph(), air.flow());
    EXPECT_LT(air.climate()->passes() - solve, 2 * solve);
    RecordProperty("passes of a solve", int(solve));
    RecordProperty("passes of the tangents", int(air.climate()->passes() - solve));
    adjoint.solve(stope, Where::to, {1, 0});
    EXPECT_EQ(adjoint.solves(), 1);
  }
}

TEST(PositionalEfficiency, LeavesTheSolutionAsItIs) {
  Mine mine;
  Post post;
  post.airway = "stope";
  mine.n.workplaces.entries.emplace_back("stope", post);
  Air once(mine.n), twice(mine.n);
  for (int k = 0; k < 2; ++k) {
    once.attempt(30 * 86400.0);
    twice.attempt(30 * 86400.0);
    positional_efficiencies(twice);
    once.accept(30 * 86400.0);
    twice.accept(30 * 86400.0);
    EXPECT_EQ(once.save(), twice.save());
  }
}

}  // namespace
}  // namespace winze::air
