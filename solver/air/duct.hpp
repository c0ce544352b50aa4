/// Ventilation ducting that leaks into the airway it hangs in.
#pragma once
#include <string>

#include "air/branch_law.hpp"
#include "input/key.hpp"

namespace winze::air {

struct Duct {
  static constexpr const char* name = "duct";
  static constexpr const char* doc = "the airway is a duct and leaks along its length into another one beside it: a ladder of equal parts";
  std::string beside;
  double leakage = 0;
  int parts = 16;
  static auto keys() {
    return input::keys(input::key("beside", &Duct::beside, "airway in which the duct hangs").require(),
                       input::key("leakage", &Duct::leakage, "m^2/m", "free area of its leaks per length").above(0).require(),
                       input::key("parts", &Duct::parts, "1", "rungs of the ladder; the error falls at least as 1/parts").between(1, 10000));
  }
};

}  // namespace winze::air
