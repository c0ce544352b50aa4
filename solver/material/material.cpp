#include "material/material.hpp"

namespace winze::material {

void Thermal::check(input::Check& check) const {
  if (decline != 0 && !conductivity.constant()) check.problem("decline needs a constant conductivity; a table already says how it falls");
  for (const double limit : {250.0, 450.0})
    if (!(1 + decline * (limit - reference) > 0)) {
      check.problem("decline {} 1/K makes the conductivity infinite or negative at {} K; it must stay positive from 250 to 450 K", decline, limit);
      break;
    }
  if (!conductivity.constant() && !(conductivity.x.front() > 0))
    check.problem("the conductivity table starts at {} K; temperatures must be above 0 K", conductivity.x.front());
}

void Strength::check(input::Check& check) const {
  if (ucs && tensile && !(*tensile < *ucs))
    check.problem("tensile strength {:.6g} MPa must be below the uniaxial compressive strength {:.6g} MPa", *tensile / 1e6, *ucs / 1e6);
}

void Material::check(input::Check& check) const {
  if (thermal && thermal->expansion_normal && !std::holds_alternative<TransverselyIsotropic>(law.value))
    check.problem("expansion_normal needs the plane of a transversely_isotropic law; the law here is {}", law.name());
}

Moduli Material::moduli() const {
  return law.visit([](const auto& l) { return l.moduli(); });
}

Sym3 Material::expansion() const {
  if (!thermal) return {};
  const double in_plane = thermal->expansion;
  Sym3 strain = {in_plane, in_plane, in_plane, 0, 0, 0};
  if (const auto* bedded = std::get_if<TransverselyIsotropic>(&law.value); bedded && thermal->expansion_normal) {
    const Vector3 n = bedded->plane().normal();
    const double extra = *thermal->expansion_normal - in_plane;
    const Sym3 along_normal = {n[0] * n[0], n[1] * n[1], n[2] * n[2], sqrt2 * n[1] * n[2], sqrt2 * n[0] * n[2], sqrt2 * n[0] * n[1]};
    for (int i = 0; i < 6; ++i) strain[i] += extra * along_normal[i];
  }
  return strain;
}

}  // namespace winze::material
