// Contaminants of a case: keys, units of the tables, steady state, a blast cleared by the air of a drive, refusals.
#include "air/contaminants.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "refused.hpp"
#include "small_networks.hpp"

namespace winze::air {
namespace {

input::Named<Species> read(const std::string& yaml) {
  struct Holder {
    input::Named<Species> contaminants;
    static auto keys() { return input::keys(input::key("contaminants", &Holder::contaminants, "")); }
  };
  input::Problems problems;
  const auto holder = input::read<Holder>(input::parse_yaml_text("contaminants:\n" + yaml, "test"), problems);
  problems.raise();
  return holder.contaminants;
}
/// 24 kg/s at 1.2 kg/m³ down a shaft of 200 m, through a drive of 300 m and 10 m², and out.
Network drive(input::Named<Species> contaminants) {
  Network n;
  n.contaminants = std::move(contaminants);
  n.density = standard_density;
  for (const auto& [name, at, surface] : {std::tuple("in", Vector3{0, 0, 0}, true),
                                          {"top", Vector3{0, 0, -200}, false},
                                          {"end", Vector3{300, 0, -200}, false},
                                          {"out", Vector3{300, 0, 0}, true}}) {
    Junction j;
    j.at = at;
    j.surface = surface;
    n.junctions.entries.emplace_back(name, j);
  }
  const auto airway = [&](const char* name, const char* from, const char* to, std::vector<Device> devices = {}) {
    Airway a = resistance(from, to, 0.01, std::move(devices));
    a.section = Section{Rectangle{5, 2}};
    n.airways.entries.emplace_back(name, a);
  };
  airway("shaft", "in", "top", {{FixedFlow{20}}});
  airway("drive", "top", "end");
  airway("upcast", "end", "out");
  return n;
}
double value(const std::vector<Column>& all, std::size_t k, std::size_t row) { return all[k].values[row]; }

}  // namespace

// 0.01 kg/s of methane in 24 kg/s: 0.01/24 · 28.9645/16.04 = 752 ppm beside the 2 ppm from outside; half of it in the mean of the drive. Diesel soot
// of 60 mg/s in 20 m³/s: 3 mg/m³. Radon of 2000 Bq/s at the top: 100 Bq/m³ less the decay of 300 s on the way up.
TEST(Contaminants, SteadyInUnitsOfTheTables) {
  Air air(
      drive(read("  methane: {gas: {molar_mass: 16.04 g/mol, outside: 2e-6, sources: [{airway: drive, rate: 10 g/s}]}}\n"
                 "  soot: {particles: {sources: [{junction: top, rate: 60 mg/s}]}}\n"
                 "  radon: {radon: {sources: [{junction: top, rate: 2000 Bq/s}]}}\n")));
  air.solve_steady();
  Contaminants c(air);
  c.solve_steady();
  const auto airways = c.airways(), junctions = c.junctions();
  EXPECT_EQ(airways[0].unit, "ppm");
  const double ppm = 1e6 * 0.01 / 24 * 28.9645 / 16.04;
  EXPECT_NEAR(value(junctions, 0, 1), 2, 1e-9);
  EXPECT_NEAR(value(junctions, 0, 3), 2 + ppm, 1e-6 * ppm);
  EXPECT_NEAR(value(airways, 0, 1), 2 + 0.5 * ppm, 1e-6 * ppm);
  EXPECT_NEAR(value(airways, 1, 2), 3, 1e-9);
  EXPECT_NEAR(value(junctions, 2, 1), 100, 1e-9);
  EXPECT_NEAR(value(junctions, 2, 3), 100 * std::exp(-radon_decay * 5000 / 20), 1e-6);
}
// 100 kg of explosive leave 4.66 kg of carbon monoxide in the last third of the drive: at 2 m/s its front is out of the upcast after 100 s, its tail
// after 150 s; all of it then has left.
TEST(Contaminants, BlastIsCleared) {
  Air air(drive(read("  co: {gas: {molar_mass: 28.01 g/mol, blasts: [{airway: drive, time: 60 s, from: 0.6667, to: 1, explosive: 100 kg}]}}\n")));
  air.solve_steady();
  Contaminants c(air, 1);
  c.solve_steady();
  air.advance(60);
  c.advance();
  EXPECT_EQ(c.balance(0).emitted, 0);
  air.advance(95);
  c.advance();
  EXPECT_NEAR(c.balance(0).held, 4.66, 1e-9);
  EXPECT_EQ(value(c.junctions(), 0, 3), 0);
  const double ppm = 1e6 * 4.66 / (0.3333 * 3000 * 1.2) * 28.9645 / 28.01;
  air.advance(50);
  c.advance();
  EXPECT_NEAR(value(c.junctions(), 0, 3), ppm, 1e-3 * ppm);
  EXPECT_NEAR(c.balance(0).left, 0.9 * 4.66, 1e-3);
  air.advance(60);
  c.advance();
  EXPECT_NEAR(c.balance(0).left, 4.66, 1e-9);
  EXPECT_EQ(value(c.junctions(), 0, 3), 0);
  // A month later: the steady state, clean.
  air.advance(30 * 86400.0);
  c.advance();
  EXPECT_EQ(value(c.airways(), 0, 1), 0);
}
TEST(Contaminants, Refusals) {
  const auto refuse = [](const std::string& yaml, const std::string& words) {
    const Air air(drive(read(yaml)));
    EXPECT_REFUSED(Contaminants{air}, words);
  };
  const std::string gas = "  co: {gas: {molar_mass: 28 g/mol, ";
  refuse(gas + "sources: [{airway: driv, rate: 1 g/s}]}}", "did you mean 'drive'");
  refuse(gas + "blasts: [{airway: stope, explosive: 5 kg}]}}", "stope");
  EXPECT_REFUSED(read(gas + "sources: [{rate: 1 g/s}]}}"), "airway or a junction");
  EXPECT_REFUSED(read(gas + "sources: [{airway: drive, rate: 1 Bq/s}]}}"), "rate");
  EXPECT_REFUSED(read(gas + "blasts: [{airway: drive, explosive: 5 kg, from: 1, to: 0.5}]}}"), "below");
  EXPECT_REFUSED(read("  x: {gas: {}}"), "molar_mass");
  try {
    const Air air(drive(read(gas + "}}")));
    Contaminants(air).solve_steady();
    ADD_FAILURE() << "no flow was accepted";
  } catch (const SolverError&) {
  }
}

}  // namespace winze::air
