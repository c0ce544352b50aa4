/// Isotropic linear elasticity.
#pragma once
#include "input/key.hpp"
#include "material/moduli.hpp"
#include "material/response.hpp"

namespace winze::material {

/// Positive energy: E > 0, −1 < ν < 0.5.
struct Elastic {
  static constexpr const char* name = "elastic";
  static constexpr const char* doc = "isotropic linear elasticity (Hooke)";
  static constexpr bool linear = true;

  double young = 0;  ///< Pa
  double poisson = 0;

  static auto keys() {
    return input::keys(input::key("young", &Elastic::young, "Pa", "Young's modulus").above(0).require(),
                       input::key("poisson", &Elastic::poisson, "1", "Poisson's ratio").between_open(-1, 0.5).require());
  }

  struct State {};
  Moduli moduli() const { return isotropic_moduli(young, poisson); }
  Response update(const Moduli& moduli, const Sym3& strain, const Conditions&, State&) const { return {product(moduli, strain), moduli}; }
};

}  // namespace winze::material
