/// Transversely isotropic linear elasticity: bedded, foliated or schistose rock.
#pragma once
#include <string>

#include "material/moduli.hpp"
#include "material/response.hpp"

namespace winze::material {

/// Compliance in the axes (1, 2 in the plane of isotropy, 3 along its normal), Amadei 1983:
/// ε1 = (σ1 − ν σ2)/E − ν′ σ3/E′, ε3 = −ν′ (σ1 + σ2)/E′ + σ3/E′, γ13 = τ13/G′, γ12 = 2(1 + ν) τ12/E.
struct TransverselyIsotropic {
  static constexpr const char* name = "transversely_isotropic";
  static constexpr const char* doc = "Linear elasticity that is isotropic within one plane of any orientation: bedded or foliated rock.";
  static constexpr bool linear = true;

  double young = 0;           ///< E, in the plane of isotropy, Pa
  double young_normal = 0;    ///< E′, along the normal, Pa
  double poisson = 0;         ///< ν: strain in the plane from stress in the plane
  double poisson_normal = 0;  ///< ν′: strain in the plane per strain along the normal, under stress along the normal
  double shear_normal = 0;    ///< G′, between the plane and its normal, Pa
  Plane plane;                ///< of isotropy

  struct State {};
  /// Positive energy: E, E′, G′ > 0, −1 < ν < 1, 2 ν′² E/E′ < 1 − ν (Pickering 1970). Throws InputError naming the material and the broken bound.
  void check(const std::string& material) const;
  Moduli compliance() const;  ///< global frame
  Moduli moduli() const { return inverse(compliance()); }
  Response update(const Moduli& moduli, const Sym3& strain, State&) const { return {product(moduli, strain), moduli}; }
};

}  // namespace winze::material
