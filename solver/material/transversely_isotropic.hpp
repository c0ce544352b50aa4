/// Transversely isotropic linear elasticity: bedded, foliated or schistose rock.
#pragma once
#include "input/key.hpp"
#include "material/moduli.hpp"
#include "material/response.hpp"

namespace winze::material {

/// Compliance in the axes (1, 2 in the plane of isotropy, 3 along its normal), Amadei 1983:
/// ε1 = (σ1 − ν σ2)/E − ν′ σ3/E′, ε3 = −ν′ (σ1 + σ2)/E′ + σ3/E′, γ13 = τ13/G′, γ12 = 2(1 + ν) τ12/E.
/// Positive energy: E, E′, G′ > 0, −1 < ν < 1, 2 ν′² E/E′ < 1 − ν (Pickering 1970).
struct TransverselyIsotropic {
  static constexpr const char* name = "transversely_isotropic";
  static constexpr const char* doc = "linear elasticity that is isotropic within one plane of any orientation: bedded or foliated rock";
  static constexpr bool linear = true;

  double young = 0;           ///< E, Pa
  double young_normal = 0;    ///< E′, Pa
  double poisson = 0;         ///< ν
  double poisson_normal = 0;  ///< ν′
  double shear_normal = 0;    ///< G′, Pa
  double dip = 0;             ///< rad
  double dip_direction = 0;   ///< rad

  static auto keys() {
    using T = TransverselyIsotropic;
    return input::keys(
        input::key("young", &T::young, "Pa", "Young's modulus within the plane of isotropy").above(0).require(),
        input::key("young_normal", &T::young_normal, "Pa", "Young's modulus along the normal of the plane").above(0).require(),
        input::key("poisson", &T::poisson, "1", "Poisson's ratio within the plane").between_open(-1, 1).require(),
        input::key("poisson_normal", &T::poisson_normal, "1",
                   "contraction within the plane per extension along its normal, under stress along the normal")
            .require(),
        input::key("shear_normal", &T::shear_normal, "Pa", "shear modulus between the plane and its normal").above(0).require(),
        input::key("dip", &T::dip, "rad", "angle of the plane below the horizontal, 0 to 90 deg").require(),
        input::key("dip_direction", &T::dip_direction, "rad", "azimuth in which the plane falls most steeply, clockwise from north (y)").require());
  }
  void check(input::Check& check) const;

  struct State {};
  Plane plane() const { return {dip, dip_direction}; }
  Moduli compliance() const;  ///< global frame
  Moduli moduli() const { return inverse(compliance()); }
  Response update(const Moduli& moduli, const Sym3& strain, const Conditions&, State&) const { return {product(moduli, strain), moduli}; }
};

}  // namespace winze::material
