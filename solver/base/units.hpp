/// Quantities with units, converted by UDUNITS-2.
#pragma once
#include <string>

namespace winze {

/// A number and the unit written behind it ("45 GPa" → 45, "GPa"; "0.25" → 0.25, "").
struct Quantity {
  double value = 0;
  std::string unit;
};
/// Throws InputError where the text is not a finite number followed by nothing or by a unit.
Quantity parse_quantity(const std::string& text);

/// Factor and offset: target = factor · source + offset. Throws InputError when a unit is unknown or the dimensions differ, naming a unit that would
/// fit.
double convert(double value, const std::string& from, const std::string& to);
bool convertible(const std::string& from, const std::string& to);
/// True for "" and "1": a key of this unit takes a bare number.
bool dimensionless(const std::string& unit);

}  // namespace winze
