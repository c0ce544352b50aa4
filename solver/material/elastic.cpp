#include "material/elastic.hpp"

#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "material/check.hpp"
#include "material/transversely_isotropic.hpp"

namespace winze::material {

void Elastic::check(const std::string& material) const {
  require_positive(material, "young", young, "Pa");
  if (!(poisson > -1 && poisson < 0.5))
    throw InputError("material {}: poisson {} must lie in (-1, 0.5), otherwise some strain stores no or negative energy", material, poisson);
}

void TransverselyIsotropic::check(const std::string& material) const {
  require_positive(material, "young", young, "Pa");
  require_positive(material, "young_normal", young_normal, "Pa");
  require_positive(material, "shear_normal", shear_normal, "Pa");
  if (!(poisson > -1 && poisson < 1))
    throw InputError("material {}: poisson {} in the plane of isotropy must lie in (-1, 1), otherwise some strain stores negative energy", material,
                     poisson);
  const double bound = std::sqrt((1 - poisson) * young_normal / (2 * young));
  if (!(std::abs(poisson_normal) < bound))
    throw InputError(
        "material {}: poisson_normal {} breaks 2 poisson_normal^2 young/young_normal < 1 - poisson; here |poisson_normal| must be < {:.6g}", material,
        poisson_normal, bound);
  if (!(plane.dip >= 0 && plane.dip <= std::numbers::pi / 2))
    throw InputError("material {}: dip {:.6g} deg of the plane of isotropy must lie in [0, 90] deg", material, plane.dip * 180 / std::numbers::pi);
  if (!std::isfinite(plane.dip_direction)) throw InputError("material {}: dip_direction of the plane of isotropy is not a finite angle", material);
}

Moduli TransverselyIsotropic::compliance() const {
  Moduli s{};
  s[0][0] = s[1][1] = 1 / young;
  s[0][1] = s[1][0] = -poisson / young;
  s[0][2] = s[2][0] = s[1][2] = s[2][1] = -poisson_normal / young_normal;
  s[2][2] = 1 / young_normal;
  s[3][3] = s[4][4] = 1 / (2 * shear_normal);
  s[5][5] = (1 + poisson) / young;
  return to_global(s, plane.axes());
}

}  // namespace winze::material
