/// One material of a case: its law, thermal properties and laboratory strength.
#pragma once
#include <optional>
#include <string>

#include "material/laws.hpp"
#include "material/thermal.hpp"

namespace winze::material {

/// Laboratory values of intact rock; what is not given is not guessed, and whoever needs it refuses by name.
struct Strength {
  std::optional<double> ucs;                ///< uniaxial compressive strength, Pa, > 0
  std::optional<double> tensile;            ///< tensile strength, Pa, > 0
  std::optional<double> wet;                ///< elastic energy index, recovered over dissipated energy (Kidybiński 1981)
  std::optional<double> unloading_modulus;  ///< Eu of the uniaxial test, Pa

  void check(const std::string& material) const;
};

struct Material {
  std::string name;
  double density = 0;  ///< kg/m³
  Law law;
  std::optional<Thermal> thermal;
  Strength strength;

  /// Throws InputError naming the material, the key and the bound.
  void check() const;
  Moduli moduli() const;
  /// Thermal strain per kelvin, Kelvin form, global frame. Zero without thermal properties.
  Sym3 expansion() const;
};

}  // namespace winze::material
