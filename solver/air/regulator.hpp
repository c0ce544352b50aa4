/// What throttles or sets the flow of an airway on purpose.
#pragma once
#include <optional>

#include "air/branch_law.hpp"
#include "air/section.hpp"

namespace winze::air {

/// Rt of a free opening of area A: Q = A/1.2 √Δp at 1.2 kg/m³, a discharge coefficient of 0.645 (McPherson 1993).
inline double opening_resistance(double area) { return standard_density / (area * area); }

struct Regulator {
  static constexpr const char* name = "regulator";
  static constexpr const char* doc = "regulator: by its resistance, its opening, the flow it is set to, or the pressure it takes";
  std::optional<double> resistance, opening, flow, drop;
  static auto keys() {
    return input::keys(
        input::key("resistance", &Regulator::resistance, "kg/m^7", "N s²/m⁸ at 1.2 kg/m³").at_least(0),
        input::key("opening", &Regulator::opening, "m^2", "free area A: Q = A/1.2 √Δp at 1.2 kg/m³").above(0),
        input::key("flow", &Regulator::flow, "m^3/s", "it is set so that this flows from `from` to `to`; refused where that would take a fan")
            .above(0),
        input::key("drop", &Regulator::drop, "Pa", "pressure it takes, whichever way the air goes").at_least(0));
  }
  void check(input::Check& check) const {
    if (resistance.has_value() + opening.has_value() + flow.has_value() + drop.has_value() != 1)
      check.problem("needs exactly one of resistance, opening, flow and drop");
  }
  void add(BranchLaw& law) const {
    if (resistance) law.resistance += *resistance / standard_density;
    if (opening) law.resistance += opening_resistance(*opening);
    if (drop) law.drop += *drop;
    if (flow) law.flow = *flow, law.only_throttle = true;
  }
};

struct FixedFlow {
  static constexpr const char* name = "fixed_flow";
  static constexpr const char* doc = "a flow that is wanted; the result says which pressure (fan) or resistance (regulator) it takes";
  static constexpr const char* shorthand = "flow";
  double flow = 0;
  static auto keys() { return input::keys(input::key("flow", &FixedFlow::flow, "m^3/s", "from `from` to `to`").require()); }
  void add(BranchLaw& law) const { law.flow = flow; }
};

struct FixedPressure {
  static constexpr const char* name = "fixed_pressure";
  static constexpr const char* doc = "a pressure gained from `from` to `to` at any flow";
  static constexpr const char* shorthand = "gain";
  double gain = 0;
  static auto keys() { return input::keys(input::key("gain", &FixedPressure::gain, "Pa", "positive: drives air from `from` to `to`").require()); }
  void add(BranchLaw& law) const { law.gain += gain; }
};

}  // namespace winze::air
