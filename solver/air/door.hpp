/// Doors, stoppings and seals.
#pragma once
#include <optional>

#include "air/regulator.hpp"

namespace winze::air {

struct Door {
  static constexpr const char* name = "door";
  static constexpr const char* doc = "door, stopping or seal across the airway: only its leakage passes while it is closed";
  bool open = false;
  double leakage = 0;
  std::optional<double> resistance;
  static auto keys() {
    return input::keys(input::key("open", &Door::open, "an open door takes no pressure"),
                       input::key("leakage", &Door::leakage, "m^2", "free area of all gaps of the closed door; 0: airtight").at_least(0),
                       input::key("resistance", &Door::resistance, "kg/m^7", "of the closed door at 1.2 kg/m³, instead of leakage").above(0));
  }
  void check(input::Check& check) const {
    if (leakage > 0 && resistance) check.problem("leakage and resistance say the same thing: give one");
  }
  void add(BranchLaw& law) const {
    if (open) return;
    if (resistance)
      law.resistance += *resistance / standard_density;
    else if (leakage > 0)
      law.resistance += opening_resistance(leakage);
    else
      law.flow = 0.0;
  }
};

}  // namespace winze::air
