#include "material/mohr_coulomb.hpp"

#include <numbers>

namespace winze::material {
namespace {

constexpr double degree = std::numbers::pi / 180;

/// (1 + sin φ)/(1 − sin φ) and its rate.
Rated passive(const Rated& angle) {
  const double s = std::sin(angle.value);
  return {(1 + s) / (1 - s), 2 * std::cos(angle.value) / ((1 - s) * (1 - s)) * angle.rate};
}

}  // namespace

EnvelopeSurface<CoulombCurve> MohrCoulomb::surface(double x) const {
  const Rated c = rated(cohesion, x), psi = rated(dilation, x);
  EnvelopeSurface<CoulombCurve> s;
  s.curve.k = passive(rated(friction, x));
  const double root = std::sqrt(s.curve.k.value);
  s.curve.ucs = {2 * c.value * root, 2 * c.rate * root + c.value * s.curve.k.rate / root};
  s.dilation = psi.value == 0 && psi.rate == 0 ? Rated{1, 0} : passive(psi);
  const double k1 = s.curve.k.value - 1, apex = s.curve.apex();
  const Rated cut = tension.empty() ? Rated{std::numeric_limits<double>::infinity(), 0} : rated(tension, x);
  if (cut.value < apex)
    s.tension = cut;
  else
    s.tension = {apex, std::isfinite(apex) ? (s.curve.ucs.rate - apex * s.curve.k.rate) / k1 : 0};
  return s;
}

void MohrCoulomb::check(input::Check& check) const {
  double x = 0;
  while (std::isfinite(x)) {
    const double phi = rated(friction, x).value, psi = rated(dilation, x).value;
    if (psi > phi * (1 + 1e-12)) {
      check.problem("dilation {:.6g} deg at plastic strain {:.6g} must not be above the friction angle {:.6g} deg: the rock would create energy",
                    psi / degree, x, phi / degree);
      break;
    }
    if (rated(cohesion, x).value == 0 && phi == 0) {
      check.problem("cohesion and friction are both 0 at plastic strain {:.6g}: nothing would carry any load; one must be above 0", x);
      break;
    }
    x = next_bend(x);
  }
  for (const input::Curve* t : {&cohesion, &friction, &dilation, &tension})
    if (!t->empty() && !t->constant() && t->x.front() != 0) {
      check.problem("tables over plastic strain must start at 0; one starts at {:.6g}", t->x.front());
      break;
    }
  if (brittle && std::isinf(next_bend(0))) check.problem("brittle needs at least one table of two rows: strength before and after the drop");
  if (!brittle && any_falling({&cohesion, &friction, &tension}) && !(reference_length > 0))
    check.problem(
        "a table that falls needs reference_length, the size of the body whose plastic strain it states; without it the result would depend on the "
        "mesh");
}

double MohrCoulomb::longest_element() const {
  double longest = std::numeric_limits<double>::infinity();
  if (brittle || !(reference_length > 0)) return longest;
  for (double x = 0; std::isfinite(x); x = next_bend(x)) {
    const EnvelopeSurface<CoulombCurve> s = surface(x);
    // Plastic strain of a bar in compression, edge flow: (Kψ, −½, −½) per unit of axial shortening turned to κ.
    const double k = s.dilation.value, kappa = std::sqrt(2.0 / 3 * (1 + k * k / 2));
    if (s.curve.ucs.rate < 0) longest = std::min(longest, young * reference_length / (-s.curve.ucs.rate * kappa));
    if (s.tension.rate < 0) longest = std::min(longest, young * reference_length / (-s.tension.rate * std::sqrt(2.0 / 3)));
  }
  return longest;
}

}  // namespace winze::material
