/// Generalised Hoek–Brown plasticity with tension cut-off, dilation and softening.
#pragma once
#include <optional>

#include "input/key.hpp"
#include "material/envelope.hpp"

namespace winze::material {

/// σ1 = σ3 + σci (m σ3/σci + s)^a, compression positive (Hoek, Carranza-Torres & Corkum 2002, eq. 2), 0 < a ≤ 1. Solved in y = (m σ3/σci + s)^a,
/// whose equation is convex, so that Newton's method arrives from above for every a and next to the apex where dσ1/dσ3 is infinite.
struct HoekBrownCurve {
  double ucs = 0;  ///< σci of intact rock, Pa
  Rated m, s, a;
  double at(double x) const { return x + ucs * std::pow(base(x), a.value); }
  double slope(double x) const { return 1 + a.value * m.value * std::pow(std::max(base(x), 1e-30), a.value - 1); }
  double rate(double x) const;
  double solve(double alpha, double b) const;
  double apex() const { return s.value * ucs / m.value; }

 private:
  /// Zero at the apex, where rounding of 1e-16 would grow to 1e-8 by the power.
  double base(double x) const {
    const double b = m.value * x / ucs + s.value;
    return b > 1e-15 * s.value ? b : 0;
  }
};

/// m, s, a of a rock mass from the geological strength index (Hoek, Carranza-Torres & Corkum 2002, eqs. 3–5).
struct RockMass {
  double gsi = 100, mi = 0, disturbance = 0;
  double m() const;
  double s() const;
  double a() const;
};

/// Give gsi and mi (and disturbance) or m, s and a; each of the latter may be a table over equivalent plastic strain, and residual_gsi makes such
/// tables down to softening_strain. The envelope flattens with confinement while the dilation stays: flow dissipates where σ1 ≥ Kψ σ3 only. check()
/// grants that up to σ3 = σci/4; at higher confinement a dilation above 0 may create energy, and dissipation per update may be below 0.
struct HoekBrown {
  static constexpr const char* name = "hoek_brown";
  static constexpr const char* doc = "generalised Hoek-Brown plasticity with tension cut-off, from GSI, mi and D or from m, s and a";
  static constexpr bool linear = false;

  double young = 0;  ///< Pa
  double poisson = 0;
  double ucs = 0;  ///< Pa
  std::optional<double> gsi{}, mi{};
  double disturbance = 0;
  std::optional<double> residual_gsi{}, softening_strain{};
  input::Curve m{}, s{}, a{};               ///< over equivalent plastic strain
  input::Curve dilation = input::Curve(0);  ///< rad
  input::Curve tension{};                   ///< Pa; empty: s σci/m
  double reference_length = 0;              ///< m
  bool brittle = false;

  static auto keys() {
    using H = HoekBrown;
    return input::keys(
        input::key("young", &H::young, "Pa", "Young's modulus of the rock mass").above(0).require(),
        input::key("poisson", &H::poisson, "1", "Poisson's ratio").between_open(-1, 0.5).require(),
        input::key("ucs", &H::ucs, "Pa", "uniaxial compressive strength of intact rock").above(0).require(),
        input::key("gsi", &H::gsi, "1", "geological strength index; with mi").between(5, 100),
        input::key("mi", &H::mi, "1", "Hoek-Brown constant of intact rock").between(1, 50),
        input::key("disturbance", &H::disturbance, "1", "D of Hoek, Carranza-Torres & Corkum 2002: 0 undisturbed, 1 heavily blasted").between(0, 1),
        input::key("residual_gsi", &H::residual_gsi, "1", "geological strength index after softening_strain; m, s and a fall linearly")
            .between(5, 100),
        input::key("softening_strain", &H::softening_strain, "1", "equivalent plastic strain at which residual_gsi is reached").above(0),
        input::key("m", &H::m, "1, 1", "m of the rock mass, or a table of equivalent plastic strain and m; instead of gsi").above(0),
        input::key("s", &H::s, "1, 1", "s, or its table").between(0, 1), input::key("a", &H::a, "1, 1", "exponent a, or its table").between(0.1, 1),
        input::key("dilation", &H::dilation, "1, rad", "dilation angle, or its table").at_least(0).below(1.5),
        input::key("tension", &H::tension, "1, Pa", "tension cut-off, or its table; at most, and if not given, s ucs/m").at_least(0),
        input::key("reference_length", &H::reference_length, "m",
                   "size of the body whose plastic strain the tables state: elements of another size read them so that work per area stays the same")
            .above(0),
        input::key("brittle", &H::brittle, "the first yielding takes every table at once from its first row to its last"));
  }
  void check(input::Check& check) const;

  using State = PlasticState;
  Moduli moduli() const { return isotropic_moduli(young, poisson); }
  Softening softening() const { return {reference_length, brittle}; }
  EnvelopeSurface<HoekBrownCurve> surface(double x) const;
  double next_bend(double x) const;
  double strength_ratio(const Sym3& stress, const Conditions& at, const State& state) const {
    return surface(softening().place(state.equivalent, at)).strength_ratio(principal(stress).value);
  }
  PreparedEnvelope<HoekBrown> prepared() const { return PreparedEnvelope<HoekBrown>(*this); }
  Response update(const Moduli& moduli, const Sym3& strain, const Conditions& at, State& state) const {
    return prepared().update(moduli, strain, at, state);
  }

 private:
  Rated between_masses(double x, double peak, double residual) const;
};

}  // namespace winze::material
