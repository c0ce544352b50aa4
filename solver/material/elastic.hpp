/// Isotropic linear elasticity.
#pragma once
#include <string>

#include "material/moduli.hpp"
#include "material/response.hpp"

namespace winze::material {

struct Elastic {
  static constexpr const char* name = "elastic";
  static constexpr const char* doc = "Isotropic linear elasticity (Hooke).";
  static constexpr bool linear = true;

  double young = 0;    ///< Pa
  double poisson = 0;  ///< (−1, 0.5)

  struct State {};
  void check(const std::string& material) const;
  Moduli moduli() const { return isotropic_moduli(young, poisson); }
  Response update(const Moduli& moduli, const Sym3& strain, State&) const { return {product(moduli, strain), moduli}; }
};

}  // namespace winze::material
