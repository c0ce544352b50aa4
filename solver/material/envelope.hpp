/// Yield surfaces that a strength envelope draws in principal stresses: Mohr–Coulomb, Hoek–Brown and whatever else reads σ1 = E(σ3), with a tension
/// cut-off, in all their faces, edges and corners.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "material/principal_return.hpp"

namespace winze::material {

/// With principal stresses s1 ≥ s2 ≥ s3 (tension positive): shear −s3 ≤ E(−s1), tension s1 ≤ T. Flow: shear along (Kψ, 0, −1) with
/// Kψ = (1 + sin ψ)/(1 − sin ψ) ≥ 1, tension along (1, 0, 0); edges and corners flow by every surface that meets there (Koiter 1953). Each return
/// ends in one scalar equation E(x) + α x = k with α > −1, which the envelope solves; nothing iterates over stresses and nothing can fail.
/// Curve: E of confinement x (Pa, compression positive), concave, increasing, slope ≥ 1: at(x), slope(x), rate(x) = dE/dκ at fixed x,
/// solve(α, k) → x, NaN where there is none; apex() ≥ T > 0 or infinite: E(−apex) = −apex.
template <class Curve>
struct EnvelopeSurface {
  Curve curve;
  Rated tension;   ///< T, at most the apex
  Rated dilation;  ///< Kψ

  double excess(const Vector3& s) const { return std::max(-s[2] - curve.at(std::max(-s[0], -curve.apex())), s[0] - tension.value); }

  /// The smaller of E(σ3) − σ3 over σ1 − σ3 and, under tension, T over s1; at most most_strength_ratio.
  double strength_ratio(const Vector3& s) const {
    const double x = std::max(-s[0], -curve.apex()), strength = std::max(0.0, curve.at(x) - x), deviator = s[0] - s[2];
    double ratio = deviator * most_strength_ratio > strength ? strength / deviator : most_strength_ratio;
    if (s[0] > 0 && std::isfinite(tension.value)) ratio = std::min(ratio, tension.value / s[0]);
    return ratio;
  }

  /// First by a bound of every Lode angle, then by the principal values from the invariants, which equal values leave 1e-8 of the deviator short.
  bool surely_inside(const Sym3& stress) const {
    const double mean = trace(stress) / 3, x = stress[0] - mean, y = stress[1] - mean, z = stress[2] - mean;
    const double yz = 0.5 * stress[3] * stress[3], xz = 0.5 * stress[4] * stress[4], xy = 0.5 * stress[5] * stress[5];
    const double third = (0.5 * (x * x + y * y + z * z) + yz + xz + xy) / 3, size = std::sqrt(third);  // J2/3
    const auto holds = [&](double most_tensile, double most_compressive) {
      return most_tensile < tension.value && curve.at(-most_tensile) + most_compressive > 0;
    };
    if (holds(mean + 2 * size, mean - 1.4641016151377544 * size)) return true;  // s1 ≤ mean + 2 size, s1 − s3 ≤ 2 √3 size
    if (curve.at(-(mean + size)) + mean - 2 * size < 0) return false;           // outside at any Lode angle, or nearly
    const double determinant = x * (y * z - yz) - y * xz - z * xy + stress[3] * stress[4] * stress[5] / sqrt2;
    const double lode = std::min(1.0, std::abs(determinant) / (2 * third * size));
    double lone = 1.73213 + lode * (0.33066 + lode * (-0.08138 + 0.01864 * lode));  // x³ − 3 x = 2 lode, from 1e-4 to rounding
    for (int i = 0; i < 2; ++i) lone -= (lone * (lone * lone - 3) - 2 * lode) / (3 * (lone * lone - 1));
    const double far = 0.5 * (lone + std::sqrt(std::max(0.0, 12 - 3 * lone * lone))), margin = 1e-6;
    const double high = (determinant >= 0 ? lone : far) + margin, low = (determinant >= 0 ? far : lone) + margin;
    return holds(mean + high * size, mean - low * size);
  }

  PrincipalReturn back(const Vector3& trial, const PrincipalElasticity& el) const;

 private:
  enum Region { face, extension_edge, compression_edge, cut, cut_line, cut_corner, shear_cut, extension_corner, compression_corner, n_regions };
  struct Candidate {
    Vector3 stress{};
    double violation = std::numeric_limits<double>::infinity();
  };
  Candidate candidate(Region region, const Vector3& trial, const PrincipalElasticity& el) const;
};

template <class Curve>
typename EnvelopeSurface<Curve>::Candidate EnvelopeSurface<Curve>::candidate(Region region, const Vector3& t, const PrincipalElasticity& el) const {
  const double nu = el.poisson(), k = dilation.value, limit = tension.value, two_shear = 2 * el.shear;
  Vector3 s{};
  switch (region) {
    case face: {  // s = t − λ C (Kψ, 0, −1)
      const double a1 = el.lame * (k - 1) + two_shear * k, a2 = el.lame * (k - 1), a3 = el.lame * (k - 1) - two_shear;
      const double x = curve.solve(-a3 / a1, -t[2] + a3 / a1 * t[0]), flow = (t[0] + x) / a1;
      s = {-x, t[1] - flow * a2, t[2] - flow * a3};
      break;
    }
    case extension_edge: {  // s2 = s3: no plastic strain across e1 + Kψ (e2 + e3) = 0
      const double b = k * (1 - nu) - nu, c = 1 - 2 * nu * k;
      const double x = curve.solve(c / (2 * b), -(c / b * t[0] + t[1] + t[2]) / 2), strength = (-(c / b * t[0] + t[1] + t[2]) - c / b * x) / 2;
      s = {-x, -strength, -strength};
      break;
    }
    case compression_edge: {  // s1 = s2: e1 + e2 + Kψ e3 = 0
      const double c = (1 - nu - nu * k) / (k - 2 * nu);
      const double x = curve.solve(2 * c, -t[2] - c * (t[0] + t[1]));
      s = {-x, -x, t[2] + c * (t[0] + t[1] + 2 * x)};
      break;
    }
    case cut: {
      const double flow = t[0] - limit, ratio = el.lame / (el.lame + two_shear);
      s = {limit, t[1] - ratio * flow, t[2] - ratio * flow};
      break;
    }
    case cut_line:
      s = {limit, limit, t[2] - nu * (t[0] + t[1] - 2 * limit)};
      break;
    case cut_corner:
      s = {limit, limit, limit};
      break;
    case shear_cut:
      s = {limit, 0, -curve.at(-limit)}, s[1] = t[1] - nu * (t[0] - s[0] + t[2] - s[2]);
      break;
    case extension_corner:
      s = {limit, -curve.at(-limit), -curve.at(-limit)};
      break;
    case compression_corner:
      s = {limit, limit, -curve.at(-limit)};
      break;
    default:
      break;
  }
  // Stress-like plastic strain 2G e and every inequality of the region, as an excess in Pa.
  Vector3 e = el.strain({t[0] - s[0], t[1] - s[1], t[2] - s[2]});
  for (double& x : e) x *= two_shear;
  double worst = 0;
  const auto need = [&](double x) {
    if (!(-x <= worst)) worst = std::isnan(x) ? std::numeric_limits<double>::infinity() : -x;
  };
  switch (region) {
    case face:
      need(-e[2]), need(s[0] - s[1]), need(s[1] - s[2]), need(limit - s[0]);
      break;
    case extension_edge:
      need(-e[1]), need(-e[2]), need(limit - s[0]), need(s[0] - s[1]);
      break;
    case compression_edge:
      need(e[0]), need(e[1]), need(limit - s[0]), need(s[1] - s[2]);
      break;
    case cut:
      need(e[0]), need(limit - s[1]), need(curve.at(-limit) + s[2]);
      break;
    case cut_line:
      need(e[0]), need(e[1]), need(limit - s[2]), need(curve.at(-limit) + s[2]);
      break;
    case cut_corner:
      need(e[2]);
      break;
    case shear_cut:
      need(-e[2]), need(e[0] + k * e[2]), need(limit - s[1]), need(s[1] - s[2]);
      break;
    case extension_corner:
      need(-e[1]), need(-e[2]), need(e[0] + k * (e[1] + e[2]));
      break;
    case compression_corner:
      need(-e[2]), need(e[0]), need(e[1]), need(e[0] + e[1] + k * e[2]);
      break;
    default:
      break;
  }
  return {s, worst};
}

template <class Curve>
PrincipalReturn EnvelopeSurface<Curve>::back(const Vector3& t, const PrincipalElasticity& el) const {
  const double size = std::max({std::abs(t[0]), std::abs(t[2]), std::isfinite(tension.value) ? tension.value : 0.0});
  const bool cuts = std::isfinite(tension.value);
  Candidate best;
  Region region = face;
  for (int r = face; r < n_regions; ++r) {
    if (r >= cut && !cuts) break;
    const Candidate c = candidate(Region(r), t, el);
    if (c.violation < best.violation) best = c, region = Region(r);
    if (best.violation <= 1e-14 * size) break;
  }
  PrincipalReturn out;
  out.stress = best.stress;
  const Vector3& s = out.stress;
  const double k = dilation.value, slope = curve.slope(-s[0]), rate = curve.rate(-s[0]);
  const double corner_rate = -rate + slope * tension.rate;  // of −E(−T)
  const bool shears = region != cut && region != cut_line && region != cut_corner, opens = region >= cut;
  out.yielded = std::uint8_t((shears ? yielded_shear : 0) | (opens ? yielded_tension : 0));
  // Where the cut-off lies at the apex its three corners are one.
  if (region == cut_corner || ((region == compression_corner || region == extension_corner) && tension.value >= curve.apex()))
    return out.by_hardening = {tension.rate, tension.rate, tension.rate}, out;
  if (region == extension_corner) return out.by_hardening = {tension.rate, corner_rate, corner_rate}, out;
  if (region == compression_corner) return out.by_hardening = {tension.rate, tension.rate, corner_rate}, out;

  // One or two surfaces n·s = const with flow directions m: ds = (1 − C M (NᵀCM)⁻¹ Nᵀ) dt and the same for strengths that move.
  const Vector3 shear_n = {slope, 0, -1}, shear_m = {k, 0, -1};
  std::array<Vector3, 2> n{}, m{};
  std::array<double, 2> f_rate{};
  int count = 1;
  n[0] = shear_n, m[0] = shear_m, f_rate[0] = -rate;
  if (region == extension_edge) n[1] = {slope, -1, 0}, m[1] = {k, -1, 0}, f_rate[1] = -rate, count = 2;
  if (region == compression_edge) n[1] = {0, slope, -1}, m[1] = {0, k, -1}, f_rate[1] = -rate, count = 2;
  if (region == shear_cut) n[1] = m[1] = {1, 0, 0}, f_rate[1] = -tension.rate, count = 2;
  if (region == cut || region == cut_line) n[0] = m[0] = {1, 0, 0}, f_rate[0] = -tension.rate;
  if (region == cut_line) n[1] = m[1] = {0, 1, 0}, f_rate[1] = -tension.rate, count = 2;
  out.symmetric = !shears || slope == k;

  std::array<Vector3, 2> cm{};
  for (int a = 0; a < count; ++a) cm[a] = el.stress(m[a]);
  double gram[2][2] = {{dot(n[0], cm[0]), 0}, {0, 1}}, inverse[2][2];
  if (count == 2) gram[0][1] = dot(n[0], cm[1]), gram[1][0] = dot(n[1], cm[0]), gram[1][1] = dot(n[1], cm[1]);
  const double det = gram[0][0] * gram[1][1] - gram[0][1] * gram[1][0];
  inverse[0][0] = gram[1][1] / det, inverse[1][1] = gram[0][0] / det, inverse[0][1] = -gram[0][1] / det, inverse[1][0] = -gram[1][0] / det;
  // dilation that changes with κ turns the flow: M′λ, with the sum of shear multipliers on the component each of them opens
  const Vector3 e = el.strain({t[0] - s[0], t[1] - s[1], t[2] - s[2]});
  Vector3 turn{};
  if (shears && dilation.rate != 0) {
    if (region == face || region == shear_cut) turn = {-e[2], 0, 0};
    if (region == extension_edge) turn = {-e[1] - e[2], 0, 0};
    if (region == compression_edge) turn = {e[0] / k, e[1] / k, 0};
    for (double& x : turn) x *= dilation.rate;
  }
  const Vector3 c_turn = el.stress(turn);
  for (int i = 0; i < 3; ++i) {
    out.by_hardening[i] = -c_turn[i];
    for (int j = 0; j < 3; ++j) out.by_trial[i][j] = i == j;
  }
  for (int a = 0; a < count; ++a)
    for (int b = 0; b < count; ++b)
      for (int i = 0; i < 3; ++i) {
        for (int j = 0; j < 3; ++j) out.by_trial[i][j] -= cm[a][i] * inverse[a][b] * n[b][j];
        out.by_hardening[i] -= cm[a][i] * inverse[a][b] * (f_rate[b] - dot(n[b], c_turn));
      }
  return out;
}

/// A law of such surfaces with what all its points share computed once; `law` must outlive it.
template <class L>
struct PreparedEnvelope {
  const L& law;
  bool constant;  ///< nothing follows plastic strain
  decltype(std::declval<const L&>().surface(0)) virgin;

  explicit PreparedEnvelope(const L& law) : law(law), constant(std::isinf(law.next_bend(0))), virgin(law.surface(0)) {}
  Response update(const Moduli& moduli, const Sym3& strain, const Conditions& at, PlasticState& state) const {
    return principal_update(
        moduli, strain, at, law.softening(), [&](double x) { return constant || x == 0 ? virgin : law.surface(x); },
        [&](double x) { return constant ? std::numeric_limits<double>::infinity() : law.next_bend(x); }, state);
  }
};

}  // namespace winze::material
