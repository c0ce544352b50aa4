/// Contaminants as the case file says them. Adding a kind: a struct with name, doc, keys, decay(), and its name in the list.
#pragma once
#include <cmath>
#include <string>
#include <vector>

#include "air/contaminant.hpp"
#include "input/key.hpp"

namespace winze::air {

/// Emitted along an airway or at a junction. U: unit of an amount.
template <class U>
struct Emitter {
  std::string airway, junction;
  input::Curve rate;
  static auto keys() {
    return input::keys(input::key("airway", &Emitter::airway, "emitted evenly along this airway"),
                       input::key("junction", &Emitter::junction, "emitted at this junction"),
                       input::key("rate", &Emitter::rate, U::rate, "a constant, or a table over time").at_least(0).require());
  }
  void check(input::Check& check) const {
    if (airway.empty() == junction.empty()) check.problem("needs an airway or a junction, not both");
  }
};
struct Mass {
  static constexpr const char* rate = "s, kg/s";
};
struct Activity {
  static constexpr const char* rate = "s, Bq/s";
};

/// Fumes of a blast, put into part of an airway at once.
struct BlastFumes {
  std::string airway;
  double time = 0, from = 0, to = 1, explosive = 0, yield = 0.0466, kept_in_muck = 0;
  static auto keys() {
    return input::keys(input::key("airway", &BlastFumes::airway, "airway that the fumes fill").require(),
                       input::key("time", &BlastFumes::time, "s", "of the blast").at_least(0),
                       input::key("from", &BlastFumes::from, "1", "where they begin: 0 at its `from`, 1 at its `to`").between(0, 1),
                       input::key("to", &BlastFumes::to, "1", "where they end").between(0, 1),
                       input::key("explosive", &BlastFumes::explosive, "kg", "fired").above(0).require(),
                       input::key("yield", &BlastFumes::yield, "1", "mass of the gas per mass of explosive (carbon monoxide: 40 L/kg)").at_least(0),
                       input::key("kept_in_muck", &BlastFumes::kept_in_muck, "1", "share that stays in the broken rock").between(0, 1));
  }
  void check(input::Check& check) const {
    if (!(from < to)) check.problem("from must be below to");
  }
  double amount() const { return explosive * yield * (1 - kept_in_muck); }
};

struct GasSpecies {
  static constexpr const char* name = "gas";
  static constexpr const char* doc = "a gas that keeps (methane, carbon monoxide); tables in ppm of dry air";
  double molar_mass = 0, outside = 0;
  std::vector<Emitter<Mass>> sources;
  std::vector<BlastFumes> blasts;
  static auto keys() {
    return input::keys(input::key("molar_mass", &GasSpecies::molar_mass, "kg/mol", "of the gas").above(0).below(1).require(),
                       input::key("outside", &GasSpecies::outside, "1", "volume fraction in the outside air").between(0, 1),
                       input::key("sources", &GasSpecies::sources, "what emits it"),
                       input::key("blasts", &GasSpecies::blasts, "fumes set free at once; in steps of at most a day"));
  }
  double decay() const { return 0; }
};
struct DustSpecies {
  static constexpr const char* name = "particles";
  static constexpr const char* doc = "diesel particulate, dust; tables in mg/m³";
  double outside = 0, settling = 0;
  std::vector<Emitter<Mass>> sources;
  static auto keys() {
    return input::keys(input::key("outside", &DustSpecies::outside, "kg/m^3", "in the outside air").at_least(0),
                       input::key("settling", &DustSpecies::settling, "1/s", "rate at which it is lost to walls and floor").at_least(0),
                       input::key("sources", &DustSpecies::sources, "what emits it"));
  }
  double decay() const { return settling; }
};
struct RadonSpecies {
  static constexpr const char* name = "radon";
  static constexpr const char* doc = "radon-222; tables in Bq/m³";
  double outside = 0;
  std::vector<Emitter<Activity>> sources;
  static auto keys() {
    return input::keys(input::key("outside", &RadonSpecies::outside, "Bq/m^3", "in the outside air").at_least(0),
                       input::key("sources", &RadonSpecies::sources, "what emits it"));
  }
  double decay() const { return radon_decay; }
};

using Species = input::Choice<GasSpecies, DustSpecies, RadonSpecies>;

}  // namespace winze::air
