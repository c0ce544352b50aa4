/// Range checks whose messages name the material, the key and what would be right.
#pragma once
#include <cmath>
#include <string>

#include "base/error.hpp"

namespace winze::material {

inline void require_positive(const std::string& material, const char* key, double value, const char* unit) {
  if (!(value > 0 && std::isfinite(value))) throw InputError("material {}: {} = {:.6g} {} must be positive and finite", material, key, value, unit);
}

}  // namespace winze::material
