#include "material/transversely_isotropic.hpp"

#include <cmath>
#include <numbers>

namespace winze::material {

void TransverselyIsotropic::check(input::Check& check) const {
  constexpr double degree = std::numbers::pi / 180, rounding = 1e-9;
  const double bound = std::sqrt((1 - poisson) * young_normal / (2 * young));
  if (!(std::abs(poisson_normal) < bound))
    check.problem(
        "poisson_normal {} breaks 2 poisson_normal^2 young/young_normal < 1 - poisson, so some strain would store no or negative energy; here "
        "|poisson_normal| must be < {:.6g}",
        poisson_normal, bound);
  if (!(dip >= -rounding && dip <= 90 * degree + rounding)) check.problem("dip {:.6g} deg must be 0 … 90 deg", dip / degree);
}

Moduli TransverselyIsotropic::compliance() const {
  Moduli s{};
  s[0][0] = s[1][1] = 1 / young;
  s[0][1] = s[1][0] = -poisson / young;
  s[0][2] = s[2][0] = s[1][2] = s[2][1] = -poisson_normal / young_normal;
  s[2][2] = 1 / young_normal;
  s[3][3] = s[4][4] = 1 / (2 * shear_normal);
  s[5][5] = (1 + poisson) / young;
  return to_global(s, plane().axes());
}

}  // namespace winze::material
