#include "material/material.hpp"

#include "base/error.hpp"
#include "material/check.hpp"

namespace winze::material {

void Strength::check(const std::string& material) const {
  if (ucs) require_positive(material, "ucs", *ucs, "Pa");
  if (tensile) require_positive(material, "tensile", *tensile, "Pa");
  if (wet) require_positive(material, "wet", *wet, "");
  if (unloading_modulus) require_positive(material, "unloading_modulus", *unloading_modulus, "Pa");
  if (ucs && tensile && !(*tensile < *ucs))
    throw InputError("material {}: tensile strength {:.6g} MPa must be below the uniaxial compressive strength {:.6g} MPa", material, *tensile / 1e6,
                     *ucs / 1e6);
}

void Material::check() const {
  require_positive(name, "density", density, "kg/m^3");
  std::visit([&](const auto& l) { l.check(name); }, law);
  if (thermal) {
    thermal->check(name);
    if (thermal->expansion_normal && !std::holds_alternative<TransverselyIsotropic>(law))
      throw InputError("material {}: expansion_normal needs the plane of law transversely_isotropic; remove it or choose that law", name);
  }
  strength.check(name);
}

Moduli Material::moduli() const {
  return std::visit([](const auto& l) { return l.moduli(); }, law);
}

Sym3 Material::expansion() const {
  if (!thermal) return {};
  const double in_plane = thermal->expansion;
  Sym3 strain = {in_plane, in_plane, in_plane, 0, 0, 0};
  if (const auto* bedded = std::get_if<TransverselyIsotropic>(&law); bedded && thermal->expansion_normal) {
    const Vector3 n = bedded->plane.normal();
    const double extra = *thermal->expansion_normal - in_plane;
    const Sym3 along_normal = {n[0] * n[0], n[1] * n[1], n[2] * n[2], sqrt2 * n[1] * n[2], sqrt2 * n[0] * n[2], sqrt2 * n[0] * n[1]};
    for (int i = 0; i < 6; ++i) strain[i] += extra * along_normal[i];
  }
  return strain;
}

}  // namespace winze::material
