/// Backward Euler for isotropic plasticity in principal stresses: from the return of three trial stresses to stress, state and consistent tangent
/// (Clausen, Damkilde & Andersen 2006; de Souza Neto, Perić & Owen 2008, ch. 8 and app. A), with strengths that follow equivalent plastic strain.
#pragma once
#include <algorithm>
#include <cmath>

#include "material/moduli.hpp"
#include "material/softening.hpp"

namespace winze::material {

/// Isotropic elasticity seen by principal values.
struct PrincipalElasticity {
  double lame = 0, shear = 0;  ///< Pa
  explicit PrincipalElasticity(const Moduli& c)
      : lame(c[0][1]), shear(c[3][3] / 2), softness_(1 / (2 * shear)), volume_(lame / (3 * lame + 2 * shear) * softness_) {}
  double poisson() const { return lame / (2 * (lame + shear)); }
  Vector3 stress(const Vector3& e) const {
    const double volume = lame * (e[0] + e[1] + e[2]);
    return {volume + 2 * shear * e[0], volume + 2 * shear * e[1], volume + 2 * shear * e[2]};
  }
  Vector3 strain(const Vector3& s) const {
    const double volume = volume_ * (s[0] + s[1] + s[2]);
    return {s[0] * softness_ - volume, s[1] * softness_ - volume, s[2] * softness_ - volume};
  }

 private:
  double softness_, volume_;
};

/// A trial stress returned to a yield surface with strengths held; principal values descend.
struct PrincipalReturn {
  Vector3 stress{};
  Matrix3 by_trial{};      ///< d stress / d trial stress
  Vector3 by_hardening{};  ///< d stress / d κ at constant trial stress
  std::uint8_t yielded = 0;
  bool symmetric = true;  ///< by_trial · elasticity
};

/// A yield surface with its flow rule at one κ.
template <class S>
concept PrincipalSurface = requires(const S s, const Sym3& stress, const Vector3& trial, const PrincipalElasticity& elasticity) {
  { s.surely_inside(stress) } -> std::same_as<bool>;  ///< cheap and sufficient
  { s.excess(trial) } -> std::same_as<double>;        ///< Pa, > 0 outside
  { s.back(trial, elasticity) } -> std::same_as<PrincipalReturn>;
};

namespace detail {
/// Six components and room to the width of vector registers.
struct alignas(64) Row {
  double at[8] = {};
};
/// Rows: unit tensors of the principal axes and of the shears between the pairs (1, 2), (0, 2), (0, 1), Kelvin form.
inline std::array<Row, 6> principal_basis(const std::array<Vector3, 3>& n) {
  std::array<Row, 6> q;
  constexpr int pair[3][2] = {{1, 2}, {0, 2}, {0, 1}};
  for (int i = 0; i < 3; ++i) {
    const Vector3 &a = n[i], &b = n[pair[i][0]], &c = n[pair[i][1]];
    q[i] = {{a[0] * a[0], a[1] * a[1], a[2] * a[2], sqrt2 * a[1] * a[2], sqrt2 * a[0] * a[2], sqrt2 * a[0] * a[1]}};
    q[3 + i] = {{sqrt2 * b[0] * c[0], sqrt2 * b[1] * c[1], sqrt2 * b[2] * c[2], b[1] * c[2] + b[2] * c[1], b[0] * c[2] + b[2] * c[0],
                 b[0] * c[1] + b[1] * c[0]}};
  }
  return q;
}
/// Qᵀ d Q for d of normal components, and `shear` on the diagonal of the others.
inline void from_principal(const Matrix3& d, const Vector3& shear, const std::array<Row, 6>& q, Moduli& c) {
  std::array<Row, 6> row;
  for (int i = 0; i < 3; ++i)
    for (int k = 0; k < 8; ++k) {
      row[i].at[k] = d[i][0] * q[0].at[k] + d[i][1] * q[1].at[k] + d[i][2] * q[2].at[k];
      row[3 + i].at[k] = shear[i] * q[3 + i].at[k];
    }
  for (int j = 0; j < 6; ++j) {
    Row sum;
    for (int i = 0; i < 6; ++i)
      for (int k = 0; k < 8; ++k) sum.at[k] += q[i].at[j] * row[i].at[k];
    for (int k = 0; k < 6; ++k) c[j][k] = sum.at[k];
  }
}
/// κ of a return: κ0 + √(2/3) |elasticity⁻¹ (trial − stress)|, with its derivatives by κ and by the trial stress.
struct Hardened {
  PrincipalReturn back;
  Vector3 flow{};  ///< principal plastic strain
  double increment = 0, by_hardening = 0;
  Vector3 by_trial{};
};
template <PrincipalSurface S>
Hardened hardened(const S& surface, const Vector3& trial, const PrincipalElasticity& elasticity, double scale) {
  Hardened h;
  if (!(surface.excess(trial) > 0)) {  // hardened beyond the trial stress
    h.back.stress = trial;
    for (int i = 0; i < 3; ++i) h.back.by_trial[i][i] = 1;
    return h;
  }
  h.back = surface.back(trial, elasticity);
  const Vector3& s = h.back.stress;
  const Vector3 e = h.flow = elasticity.strain({trial[0] - s[0], trial[1] - s[1], trial[2] - s[2]});
  h.increment = std::sqrt(2.0 / 3 * dot(e, e));
  const Vector3& by = h.back.by_hardening;
  if (h.increment > 0 && (by[0] != 0 || by[1] != 0 || by[2] != 0)) {
    Vector3 g = elasticity.strain(e);
    for (double& x : g) x *= 2.0 / 3 / h.increment;
    h.by_hardening = -dot(g, h.back.by_hardening) * scale;
    for (int j = 0; j < 3; ++j) {
      h.by_trial[j] = g[j];
      for (int i = 0; i < 3; ++i) h.by_trial[j] -= g[i] * h.back.by_trial[i][j];
    }
  }
  return h;
}
}  // namespace detail

/// surface_at(x): the surface where the tables are read at x; next_bend(x): the next abscissa where they bend. `strain` as in laws.hpp. κ is the
/// smallest that agrees with its own return, so a point that softens faster than its element unloads falls at once to the next strength that holds
/// it.
template <class SurfaceAt, class NextBend>
Response principal_update(const Moduli& moduli, const Sym3& strain, const Conditions& at, const Softening& softening, const SurfaceAt& surface_at,
                          const NextBend& next_bend, PlasticState& state) {
  const PrincipalElasticity elasticity(moduli);
  Response r;
  r.tangent = moduli;
  for (int i = 0; i < 6; ++i) r.stress[i] = 2 * elasticity.shear * (strain[i] - state.strain[i]);
  const double pressure = elasticity.lame / (2 * elasticity.shear) * trace(r.stress);
  for (int i = 0; i < 3; ++i) r.stress[i] += pressure;
  const auto surface = surface_at(softening.place(state.equivalent, at));
  if (surface.surely_inside(r.stress)) return r;
  const Principal trial = principal(r.stress);
  if (!(surface.excess(trial.value) > 0)) return r;

  const double scale = softening.brittle ? 0 : softening.scale(at), start = state.equivalent;
  detail::Hardened h;
  double equivalent = start;
  if (softening.brittle) {
    h = detail::hardened(surface_at(softening.place(1, at)), trial.value, elasticity, 0);
    equivalent = start + std::max(h.increment, 1e-300);
  } else {
    h = detail::hardened(surface, trial.value, elasticity, scale);
    double low = start, high = 0;
    bool bracketed = false;
    for (double knot = next_bend(start * scale); std::isfinite(knot); knot = next_bend(knot)) {
      high = std::max(low, knot / scale);
      // just below the knot, so that slopes are those of the segment
      const detail::Hardened there = detail::hardened(surface_at(std::nextafter(knot, 0.0)), trial.value, elasticity, scale);
      if ((bracketed = high - start - there.increment >= 0)) break;
      low = high;
    }
    if (!bracketed) {
      if (low > start) h = detail::hardened(surface_at(low * scale), trial.value, elasticity, scale);
      equivalent = start + h.increment;
    } else {
      const double rounding = 2e-16 * (high + norm(elasticity.strain(trial.value)));
      double x = low, width = high - low;
      h = detail::hardened(surface_at(x * scale), trial.value, elasticity, scale);
      for (int i = 0; i < 200; ++i) {
        const double g = x - start - h.increment;
        (g < 0 ? low : high) = x;
        if (std::abs(g) <= rounding || high - low <= 2e-16 * high) break;
        double next = x - g / (1 - h.by_hardening);
        if (!(next > low && next < high) || (i > 4 && high - low > 0.5 * width)) next = 0.5 * (low + high);
        width = high - low;
        x = next;
        h = detail::hardened(surface_at(x * scale), trial.value, elasticity, scale);
      }
      equivalent = x;
    }
  }

  // Derivatives by trial stress, κ eliminated.
  Matrix3 p = h.back.by_trial;
  double softens = 0;
  const Vector3& by = h.back.by_hardening;
  if (scale > 0 && h.by_hardening < 1 && (by[0] != 0 || by[1] != 0 || by[2] != 0)) {
    const double factor = scale / (1 - h.by_hardening);
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j) {
        const double more = by[i] * factor * h.by_trial[j];
        p[i][j] += more;
        softens += std::abs(more);
      }
  }
  Matrix3 d;
  Vector3 across;
  const double lame = elasticity.lame, two_shear = 2 * elasticity.shear;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) d[i][j] = lame * (p[i][0] + p[i][1] + p[i][2]) + two_shear * p[i][j];
  const Vector3& s = h.back.stress;
  const double size = std::max({std::abs(trial.value[0]), std::abs(trial.value[2]), std::abs(s[2])});
  constexpr int pair[3][2] = {{1, 2}, {0, 2}, {0, 1}};
  for (int k = 0; k < 3; ++k) {
    const auto [i, j] = pair[k];
    const double apart = trial.value[i] - trial.value[j];
    // Equal principal stresses: the limit of the quotient. It is a return to an edge or a plane that treats both alike.
    across[k] = apart > 1e-9 * size ? two_shear * (s[i] - s[j]) / apart : std::max(0.0, 0.5 * (d[i][i] - d[i][j] + d[j][j] - d[j][i]));
  }
  const std::array<detail::Row, 6> basis = detail::principal_basis(trial.direction);
  detail::from_principal(d, across, basis, r.tangent);
  const Vector3& flow = h.flow;
  for (int k = 0; k < 6; ++k) {
    r.stress[k] = s[0] * basis[0].at[k] + s[1] * basis[1].at[k] + s[2] * basis[2].at[k];
    state.strain[k] += flow[0] * basis[0].at[k] + flow[1] * basis[1].at[k] + flow[2] * basis[2].at[k];
  }
  r.dissipated = dot(s, flow);
  r.yielded = h.back.yielded;
  r.symmetric = h.back.symmetric && softens == 0;
  state.equivalent = equivalent;
  state.dissipated += r.dissipated;
  return r;
}

}  // namespace winze::material
