/// Mohr–Coulomb plasticity with tension cut-off, non-associated flow and strengths that follow plastic strain.
#pragma once
#include <optional>

#include "input/key.hpp"
#include "material/envelope.hpp"

namespace winze::material {

/// σ1 = 2 c cos φ/(1 − sin φ) + σ3 (1 + sin φ)/(1 − sin φ), compression positive.
struct CoulombCurve {
  Rated ucs, k;
  double at(double x) const { return ucs.value + k.value * x; }
  double slope(double) const { return k.value; }
  double rate(double x) const { return ucs.rate + k.rate * x; }
  double solve(double alpha, double b) const { return (b - ucs.value) / (k.value + alpha); }
  double apex() const { return k.value > 1 ? ucs.value / (k.value - 1) : std::numeric_limits<double>::infinity(); }
};

/// Every strength is a constant or a table over equivalent plastic strain: cohesion that falls while friction rises is CWFS (Hajiabdolmajid, Kaiser &
/// Martin 2002), two rows and `brittle` the brittle drop that local energy release rates count (Jiang et al. 2010).
struct MohrCoulomb {
  static constexpr const char* name = "mohr_coulomb";
  static constexpr const char* doc = "Mohr-Coulomb plasticity with tension cut-off; tables over plastic strain soften, harden (CWFS) or drop";
  static constexpr bool linear = false;

  double young = 0;  ///< Pa
  double poisson = 0;
  input::Curve cohesion, friction;          ///< Pa, rad, over equivalent plastic strain
  input::Curve dilation = input::Curve(0);  ///< rad
  input::Curve tension{};                   ///< Pa; empty: up to the apex
  double reference_length = 0;              ///< m
  bool brittle = false;

  static auto keys() {
    using M = MohrCoulomb;
    return input::keys(
        input::key("young", &M::young, "Pa", "Young's modulus").above(0).require(),
        input::key("poisson", &M::poisson, "1", "Poisson's ratio").between_open(-1, 0.5).require(),
        input::key("cohesion", &M::cohesion, "1, Pa", "cohesion, or a table of equivalent plastic strain and cohesion").at_least(0).require(),
        input::key("friction", &M::friction, "1, rad", "friction angle, or its table").at_least(0).below(1.5).require(),
        input::key("dilation", &M::dilation, "1, rad", "dilation angle, or its table; never above the friction angle").at_least(0).below(1.5),
        input::key("tension", &M::tension, "1, Pa",
                   "tension cut-off, or its table; never beyond the apex cohesion/tan(friction), where it lies if not given")
            .at_least(0),
        input::key("reference_length", &M::reference_length, "m",
                   "size of the body whose plastic strain the tables state: elements of another size read them so that work per area stays the same")
            .above(0),
        input::key("brittle", &M::brittle, "the first yielding takes every table at once from its first row to its last"));
  }
  void check(input::Check& check) const;

  using State = PlasticState;
  Moduli moduli() const { return isotropic_moduli(young, poisson); }
  Softening softening() const { return {reference_length, brittle}; }
  /// The surface where the tables are read at `x`.
  EnvelopeSurface<CoulombCurve> surface(double x) const;
  double next_bend(double x) const { return next_knot({&cohesion, &friction, &dilation, &tension}, x); }
  /// The largest element (m) in which a bar under uniaxial stress can still follow the tables; infinite where nothing softens. Larger ones drop at
  /// once and dissipate less than the tables state.
  double longest_element() const;
  double strength_ratio(const Sym3& stress, const Conditions& at, const State& state) const {
    return surface(softening().place(state.equivalent, at)).strength_ratio(principal(stress).value);
  }
  PreparedEnvelope<MohrCoulomb> prepared() const { return PreparedEnvelope<MohrCoulomb>(*this); }
  Response update(const Moduli& moduli, const Sym3& strain, const Conditions& at, State& state) const {
    return prepared().update(moduli, strain, at, state);
  }
};

}  // namespace winze::material
