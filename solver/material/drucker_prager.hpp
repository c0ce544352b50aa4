/// Drucker–Prager plasticity: a cone through or round the pyramid of Mohr–Coulomb.
#pragma once
#include "input/key.hpp"
#include "material/moduli.hpp"
#include "material/response.hpp"

namespace winze::material {

/// Where the cone meets the pyramid: collapse loads in plane strain of associated flow, the edges of compression or those of extension.
enum class ConeMatch { plane_strain, compression, extension };
constexpr std::array<const char*, 3> names(ConeMatch) { return {"plane_strain", "compression", "extension"}; }

/// √J2 + α I1 ≤ k, flow along √J2 + β I1, tension positive; perfectly plastic (Drucker & Prager 1952; de Souza Neto, Perić & Owen 2008, §8.3).
struct DruckerPrager {
  static constexpr const char* name = "drucker_prager";
  static constexpr const char* doc = "Drucker-Prager plasticity with dilation, matched to friction angle and cohesion";
  static constexpr bool linear = false;

  double young = 0;  ///< Pa
  double poisson = 0;
  double cohesion = 0;                ///< Pa
  double friction = 0, dilation = 0;  ///< rad
  ConeMatch match = ConeMatch::plane_strain;

  static auto keys() {
    using D = DruckerPrager;
    return input::keys(input::key("young", &D::young, "Pa", "Young's modulus").above(0).require(),
                       input::key("poisson", &D::poisson, "1", "Poisson's ratio").between_open(-1, 0.5).require(),
                       input::key("cohesion", &D::cohesion, "Pa", "cohesion").at_least(0).require(),
                       input::key("friction", &D::friction, "rad", "friction angle").at_least(0).below(1.5).require(),
                       input::key("dilation", &D::dilation, "rad", "dilation angle; never above the friction angle").at_least(0).below(1.5),
                       input::key("match", &D::match, "where the cone meets the pyramid of Mohr-Coulomb"));
  }
  void check(input::Check& check) const;

  struct Cone {
    double alpha, beta, k;  ///< k in Pa
  };
  Cone cone() const;

  using State = PlasticState;
  Moduli moduli() const { return isotropic_moduli(young, poisson); }
  /// With the cone that all points share computed once.
  struct Prepared {
    Cone cone;
    Response update(const Moduli& moduli, const Sym3& strain, const Conditions& at, State& state) const;
  };
  Prepared prepared() const { return {cone()}; }
  Response update(const Moduli& moduli, const Sym3& strain, const Conditions& at, State& state) const {
    return prepared().update(moduli, strain, at, state);
  }
  double strength_ratio(const Sym3& stress, const Conditions& at, const State& state) const;
};

}  // namespace winze::material
