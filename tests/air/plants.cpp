// Plants on the surface, coolers that are switched off, weather that repeats, places where nobody works.
#include <gtest/gtest.h>

#include "air/air.hpp"
#include "air/plant.hpp"
#include "air/rule_set.hpp"
#include "air/workplaces.hpp"
#include "base/error.hpp"
#include "input/key.hpp"

namespace winze::air {
namespace {

Network network_of(const std::string& more) {
  input::Problems problems;
  Network n = input::read<Network>(input::parse_yaml_text(R"(
climate: {psychrometry: hyland_wexler}
weather:
  temperature: [[0 d, 30 degC], [100 d, 10 degC], [200 d, 30 degC]]
  wet_bulb: [[0 d, 20 degC], [100 d, 5 degC], [200 d, 20 degC]]
  pressure: 100 kPa
  repeat: 200 d
junctions:
  in: {at: [0 m, 0 m, 0 m], surface: true}
  foot: {at: [0 m, 0 m, -1000 m]}
  face: {at: [500 m, 0 m, -1000 m]}
  out: {at: [500 m, 0 m, 0 m], surface: true}
airways:
  down:
    {from: in, to: foot, section: {circle: {diameter: 5 m}}, friction: {resistance: 0.01 kg/m^7}, strata: false,
     devices: [{spray_cooler: {water: 80 kg/s, temperature: 6 degC}}]}
  face: {from: foot, to: face, section: {circle: {diameter: 5 m}}, friction: {resistance: 0.1 kg/m^7}, strata: false}
  up:
    {from: face, to: out, section: {circle: {diameter: 5 m}}, friction: {resistance: 0.01 kg/m^7}, strata: false,
     devices: [{fan: {polynomial: [2000, 0, -0.1]}}]}
workplaces: {face: {airway: face, people: 10}}
)" + more,
                                                          "network"),
                                   problems);
  problems.raise();
  return n;
}
const char* plant = "plants: {top: {coolers: down, chilled: 6 degC, approach: 7 K, lowest: 20 degC, efficiency: 0.55, pumps: 100 kW}}\n";
constexpr double day = 86400, celsius = zero_celsius;

// Evaporating 2.5 K below 6 °C, condensing 2.5 K above the tower's water: 20 + 7 °C in summer, 20 °C where winter would be colder.
TEST(Plant, WorksByCarnotBetweenChilledWaterAndTower) {
  Air air(network_of(plant));
  for (const double time : {0.0, 100 * day}) {
    air.solve_steady(time);
    const PlantState s = air.plants().at(0);
    const double tower = time == 0 ? 27 : 20, cold = 3.5 + celsius, hot = tower + 2.5 + celsius, cop = 0.55 * cold / (hot - cold);
    double load = 0;
    for (const BranchClimate& b : air.climate()->branches()) load += b.cooling;
    EXPECT_NEAR(s.condenser, tower + celsius, 1e-6);
    EXPECT_NEAR(s.load, load, 1e-9 * std::abs(load));
    if (load <= 0) continue;  // winter air is colder than the water
    EXPECT_NEAR(s.cop, cop, 1e-6 * cop);
    EXPECT_NEAR(s.power, load / cop + 1e5, 1e-6 * load);
    EXPECT_NEAR(s.rejected, load * (1 + 1 / cop), 1e-6 * load);
    EXPECT_NEAR(s.make_up, s.rejected / 2.43e6, 1e-9);
  }
}

TEST(Plant, TooSmallIsAnErrorThatNamesIt) {
  std::string small = plant;
  small.insert(small.find("pumps"), "capacity: 10 kW, ");
  Air air(network_of(small));
  try {
    air.solve_steady();
    FAIL() << "a plant of 10 kW was enough";
  } catch (const SolverError& error) {
    EXPECT_NE(std::string(error.what()).find("plant 'top' lacks"), std::string::npos) << error.what();
  }
}

TEST(Plant, RefusesWhatCannotBe) {
  EXPECT_THROW(Air(network_of("plants: {top: {coolers: dwon, chilled: 6 degC}}\n")), InputError);
  EXPECT_THROW(Air(network_of("plants: {a: {coolers: down, chilled: 6 degC}, b: {coolers: down, chilled: 6 degC}}\n")), InputError);
  EXPECT_THROW(network_of("plants: {top: {coolers: down, chilled: 20 degC}}\n"), InputError);
}

// Without water the spray does nothing: the state at the foot is that of a shaft without a device.
TEST(Cooler, WithoutWaterPassesTheAirUnchanged) {
  Network off = network_of("");
  std::get<SprayCooler>(off.airways.entries[0].second.devices[0].value).water = 0;
  Network none = off;
  none.airways.entries[0].second.devices.clear();
  Air a(off), b(none);
  a.solve_steady();
  b.solve_steady();
  EXPECT_EQ(a.climate()->nodes()[1].h, b.climate()->nodes()[1].h);
  EXPECT_EQ(a.climate()->nodes()[1].x, b.climate()->nodes()[1].x);
  EXPECT_EQ(a.climate()->ledger().coolers, 0);
}

TEST(Weather, TablesRepeat) {
  const Network n = network_of("");
  for (const double t : {0.0, 30.0, 130.0, 199.0}) {
    EXPECT_NEAR(outside_temperature(n.weather, 0, (t + 400) * day), outside_temperature(n.weather, 0, t * day), 1e-9);
    EXPECT_NEAR(outside_humidity(n.weather, Psychrometry::hyland_wexler, 0, (t + 200) * day),
                outside_humidity(n.weather, Psychrometry::hyland_wexler, 0, t * day), 1e-12);
  }
  EXPECT_NEAR(outside_temperature(n.weather, 0, 250 * day), 20 + celsius, 1e-9);  // half way from 30 to 10
}

// A cooler of a shaft stops: walls that it chilled keep the air at the face within 0.4 K of what it was, and let it warm slowly. Walls that saw the
// air run straight to its new state in the first step made it swing by 3.7 K from step to step, decaying over an hour.
TEST(Cooler, AirWarmsEvenlyAfterItStops) {
  Network n = network_of("");
  n.rock = RockInput{"", 5.5, 2700, 850};
  n.weather.temperature = input::Curve(25 + celsius), n.weather.wet_bulb = input::Curve(18 + celsius);
  for (auto& [name, airway] : n.airways.entries)
    airway.strata = true, airway.age = 300 * day, airway.virgin = 45 + celsius, airway.length = 1000, airway.film = 10;
  Air air(n);
  air.solve_steady();
  air.advance(300);
  std::vector<double> at_face = {workplaces(air).at(0).surroundings.air.temperature};
  std::get<SprayCooler>(n.airways.entries[0].second.devices[0].value).water = 0;
  air.change(n);
  for (int k = 0; k < 12; ++k) {
    air.advance(300);
    at_face.push_back(workplaces(air).at(0).surroundings.air.temperature);
  }
  for (size_t k = 1; k < at_face.size(); ++k) EXPECT_NEAR(at_face[k], at_face[k - 1] + (k == 1 ? 0.4 : 0.02), 0.2) << k;
}

TEST(Workplace, WhereNobodyWorksRulesSayNothing) {
  Network n = network_of("");
  RuleSet rules;
  rules.name = "r";
  Clause clause;
  clause.name = "1";
  clause.limit.value = WetBulb{};
  std::get<WetBulb>(clause.limit.value).at_most = 273.15;
  rules.clauses.push_back(clause);
  for (const bool active : {true, false}) {
    n.workplaces.entries[0].second.active = active;
    Air air(n);
    air.solve_steady();
    EXPECT_EQ(evaluate(rules, workplaces(air).at(0)).size(), active ? 1u : 0u);
  }
}

}  // namespace
}  // namespace winze::air
