#include "material/hoek_brown.hpp"

#include <numbers>

namespace winze::material {
namespace {

constexpr double brittle_end = 1e-12;  ///< brittle reads the first and the last row only

}  // namespace

double HoekBrownCurve::rate(double x) const {
  if (m.rate == 0 && s.rate == 0 && a.rate == 0) return 0;
  const double b = std::max(base(x), 1e-30), power = std::pow(b, a.value);
  return ucs * (a.value * power / b * (m.rate * x / ucs + s.rate) + power * std::log(b) * a.rate);
}

// E(x) + α x = b with x = (y^{1/a} − s) σci/m and E = x + σci y: (1 + α) σci/m (y^{1/a} − s) + σci y = b, each term increasing and convex in y.
double HoekBrownCurve::solve(double alpha, double b) const {
  const double factor = (1 + alpha) / m.value, right = b / ucs + factor * s.value, power = 1 / a.value;
  if (!(right >= 0)) return std::numeric_limits<double>::quiet_NaN();
  double y = std::min(right, std::pow(right / factor, a.value));
  for (int i = 0; i < 60; ++i) {
    const double term = factor * std::pow(y, power), g = term + y - right;
    if (!(std::abs(g) > 2e-16 * right)) break;
    const double next = y - g * y / (power * term + y);
    if (!(next >= 0) || next == y) break;
    y = next;
  }
  return (std::pow(y, power) - s.value) * ucs / m.value;
}

double RockMass::m() const { return mi * std::exp((gsi - 100) / (28 - 14 * disturbance)); }
double RockMass::s() const { return std::exp((gsi - 100) / (9 - 3 * disturbance)); }
double RockMass::a() const { return 0.5 + (std::exp(-gsi / 15) - std::exp(-20.0 / 3)) / 6; }

Rated HoekBrown::between_masses(double x, double peak, double residual) const {
  if (!residual_gsi || x < 0) return {peak, 0};
  const double end = softening_strain.value_or(brittle_end);
  if (x >= end) return {residual, 0};
  const double slope = (residual - peak) / end;
  return {peak + slope * x, slope};
}

EnvelopeSurface<HoekBrownCurve> HoekBrown::surface(double x) const {
  EnvelopeSurface<HoekBrownCurve> out;
  HoekBrownCurve& c = out.curve;
  c.ucs = ucs;
  if (gsi) {
    const RockMass peak{*gsi, *mi, disturbance}, after{residual_gsi.value_or(*gsi), *mi, disturbance};
    c.m = between_masses(x, peak.m(), after.m());
    c.s = between_masses(x, peak.s(), after.s());
    c.a = between_masses(x, peak.a(), after.a());
  } else {
    c.m = rated(m, x), c.s = rated(s, x), c.a = rated(a, x);
  }
  const Rated psi = rated(dilation, x);
  const double sine = std::sin(psi.value);
  out.dilation = {(1 + sine) / (1 - sine), 2 * std::cos(psi.value) / ((1 - sine) * (1 - sine)) * psi.rate};
  const double apex = c.apex();
  const Rated cut = tension.empty() ? Rated{std::numeric_limits<double>::infinity(), 0} : rated(tension, x);
  out.tension = cut.value < apex ? cut : Rated{apex, ucs * (c.s.rate - c.s.value * c.m.rate / c.m.value) / c.m.value};
  return out;
}

double HoekBrown::next_bend(double x) const {
  const double next = next_knot({&m, &s, &a, &dilation, &tension}, x);
  const double end = softening_strain.value_or(brittle_end);
  return residual_gsi && (softening_strain || brittle) && end > x ? std::min(next, end) : next;
}

void HoekBrown::check(input::Check& check) const {
  constexpr double degree = std::numbers::pi / 180;
  const int constants = !m.empty() + !s.empty() + !a.empty();
  if (gsi ? (!mi || constants > 0) : constants < 3 || mi || disturbance != 0 || residual_gsi)
    return check.problem("needs either gsi and mi (with disturbance and residual_gsi where wanted) or m, s and a, not a mixture");
  if (residual_gsi && !(*residual_gsi <= *gsi)) check.problem("residual_gsi {} must not be above gsi {}", *residual_gsi, *gsi);
  if (residual_gsi.has_value() != softening_strain.has_value() && !(brittle && residual_gsi))
    return check.problem("residual_gsi and softening_strain go together, or residual_gsi with brittle");
  for (const input::Curve* t : {&m, &s, &a, &dilation, &tension})
    if (!t->empty() && !t->constant() && t->x.front() != 0) {
      check.problem("tables over plastic strain must start at 0; one starts at {:.6g}", t->x.front());
      break;
    }
  if (brittle && std::isinf(next_bend(0)) && !residual_gsi)
    check.problem("brittle needs residual_gsi or a table of two rows: strength before and after the drop");
  if (!brittle && (residual_gsi || any_falling({&m, &s, &tension})) && !(reference_length > 0))
    check.problem(
        "strength that falls needs reference_length, the size of the body whose plastic strain it states; without it the result would depend on the "
        "mesh");
  for (double x = 0; std::isfinite(x); x = next_bend(x)) {
    // The friction angle of the tangent at σ3 = σci/4, the end of the range of the criterion (Hoek, Carranza-Torres & Corkum 2002).
    const double k = surface(x).curve.slope(ucs / 4), phi = std::asin((k - 1) / (k + 1)), psi = rated(dilation, x).value;
    if (psi > phi * (1 + 1e-12)) {
      check.problem("dilation {:.4g} deg at plastic strain {:.4g} must not be above {:.4g} deg, the friction angle of the envelope at ucs/4",
                    psi / degree, x, phi / degree);
      break;
    }
  }
}

}  // namespace winze::material
