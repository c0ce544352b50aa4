#include "material/drucker_prager.hpp"

#include <algorithm>
#include <numbers>

namespace winze::material {
namespace {

constexpr double sqrt3 = 1.7320508075688772935;

/// α of an angle (de Souza Neto, Perić & Owen 2008, eqs. 6.122–6.124).
double slope(double angle, ConeMatch match) {
  const double s = std::sin(angle), t = std::tan(angle);
  switch (match) {
    case ConeMatch::plane_strain:
      return t / std::sqrt(9 + 12 * t * t);
    case ConeMatch::compression:
      return 2 * s / (sqrt3 * (3 - s));
    case ConeMatch::extension:
      break;
  }
  return 2 * s / (sqrt3 * (3 + s));
}
/// k/cohesion.
double intercept(double angle, ConeMatch match) {
  const double s = std::sin(angle), c = std::cos(angle), t = std::tan(angle);
  switch (match) {
    case ConeMatch::plane_strain:
      return 3 / std::sqrt(9 + 12 * t * t);
    case ConeMatch::compression:
      return 6 * c / (sqrt3 * (3 - s));
    case ConeMatch::extension:
      break;
  }
  return 6 * c / (sqrt3 * (3 + s));
}
/// √J2.
double root_j2(const Sym3& deviator) { return std::sqrt(0.5 * dot(deviator, deviator)); }
Sym3 deviator(const Sym3& s) {
  Sym3 d = s;
  const double mean = trace(s) / 3;
  for (int i = 0; i < 3; ++i) d[i] -= mean;
  return d;
}

}  // namespace

DruckerPrager::Cone DruckerPrager::cone() const { return {slope(friction, match), slope(dilation, match), cohesion * intercept(friction, match)}; }

Response DruckerPrager::Prepared::update(const Moduli& moduli, const Sym3& strain, const Conditions&, State& state) const {
  Response r;
  r.tangent = moduli;
  Sym3 elastic;
  for (int i = 0; i < 6; ++i) elastic[i] = strain[i] - state.strain[i];
  r.stress = product(moduli, elastic);
  const Cone& c = cone;
  const double i1 = trace(r.stress);
  Sym3 s = deviator(r.stress);
  const double q = root_j2(s), outside = q + c.alpha * i1 - c.k;
  if (!(outside > 0)) return r;

  const double shear = moduli[3][3] / 2, bulk = moduli[0][1] + 2 * shear / 3, h = shear + 9 * bulk * c.alpha * c.beta;
  const double flow = outside / h;
  r.symmetric = c.alpha == c.beta;
  r.tangent = {};
  const Sym3 trial = r.stress;
  if (q < shear * flow) {  // beyond the apex
    r.stress = {};
    for (int i = 0; i < 3; ++i) r.stress[i] = c.k / (3 * c.alpha);
    r.yielded = yielded_shear | yielded_tension;
  } else {
    const double keep = 1 - shear * flow / q;
    for (int i = 0; i < 6; ++i) r.stress[i] = keep * s[i];
    for (int i = 0; i < 3; ++i) r.stress[i] += i1 / 3 - 3 * bulk * c.beta * flow;
    r.yielded = yielded_shear;
    for (double& x : s) x /= sqrt2 * q;  // unit
    for (int i = 0; i < 6; ++i)
      for (int j = 0; j < 6; ++j) {
        const double volume_i = i < 3, volume_j = j < 3;
        r.tangent[i][j] = (bulk - 2 * shear * keep / 3) * volume_i * volume_j + (i == j ? 2 * shear * keep : 0) +
                          2 * shear * (1 - keep) * s[i] * s[j] -
                          (sqrt2 * shear * s[i] + 3 * bulk * c.beta * volume_i) * (sqrt2 * shear * s[j] + 3 * bulk * c.alpha * volume_j) / h;
      }
  }
  // Plastic strain: what the stress has lost, over the moduli.
  Sym3 lost;
  for (int i = 0; i < 6; ++i) lost[i] = trial[i] - r.stress[i];
  const double volume = trace(lost) / (9 * bulk);
  Sym3 increment = deviator(lost);
  for (int i = 0; i < 6; ++i) increment[i] = increment[i] / (2 * shear) + (i < 3 ? volume : 0);
  for (int i = 0; i < 6; ++i) state.strain[i] += increment[i];
  r.dissipated = dot(r.stress, increment);
  state.equivalent += std::sqrt(2.0 / 3 * dot(increment, increment));
  state.dissipated += r.dissipated;
  return r;
}

double DruckerPrager::strength_ratio(const Sym3& stress, const Conditions&, const State&) const {
  const Cone c = cone();
  const double strength = std::max(0.0, c.k - c.alpha * trace(stress)), q = root_j2(deviator(stress));
  return q * most_strength_ratio > strength ? strength / q : most_strength_ratio;
}

void DruckerPrager::check(input::Check& check) const {
  constexpr double degree = std::numbers::pi / 180;
  if (dilation > friction * (1 + 1e-12))
    check.problem("dilation {:.6g} deg must not be above the friction angle {:.6g} deg: the rock would create energy", dilation / degree,
                  friction / degree);
  if (cohesion == 0 && friction == 0) check.problem("cohesion and friction are both 0: nothing would carry any load; one must be above 0");
}

}  // namespace winze::material
