/// What a constitutive law answers at one point.
#pragma once
#include "base/tensor.hpp"

namespace winze::material {

struct Response {
  Sym3 stress;     ///< Pa, tension positive
  Moduli tangent;  ///< consistent: d stress / d strain of this update
};

}  // namespace winze::material
