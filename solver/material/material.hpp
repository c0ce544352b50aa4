/// One material of a case: its law, thermal properties and laboratory strength.
#pragma once
#include <optional>

#include "input/key.hpp"
#include "material/laws.hpp"

namespace winze::material {

/// Conductivity k(T) = conductivity(T)/(1 + decline (T − reference)): a constant, a table, or the reciprocal decline of crystalline rock.
struct Thermal {
  input::Curve conductivity;
  double decline = 0;                      ///< 1/K
  double reference = 293.15;               ///< K
  double heat_capacity = 0;                ///< J/(kg K)
  double expansion = 0;                    ///< 1/K
  std::optional<double> expansion_normal;  ///< 1/K

  static auto keys() {
    return input::keys(
        input::key("conductivity", &Thermal::conductivity, "K, W/m/K", "thermal conductivity: a constant, or a table of temperature and conductivity")
            .above(0)
            .require(),
        input::key("decline", &Thermal::decline, "1/K", "b of k0/(1 + b (T - reference)), for a constant conductivity k0"),
        input::key("reference", &Thermal::reference, "K", "temperature at which the conductivity is k0").above(0),
        input::key("heat_capacity", &Thermal::heat_capacity, "J/kg/K", "specific heat capacity").above(0).require(),
        input::key("expansion", &Thermal::expansion, "1/K", "linear thermal expansion; within the plane of isotropy when expansion_normal is given")
            .between_open(-1e-3, 1e-3),
        input::key("expansion_normal", &Thermal::expansion_normal, "1/K",
                   "linear thermal expansion along the normal of the plane of a transversely isotropic law")
            .between_open(-1e-3, 1e-3));
  }
  void check(input::Check& check) const;
  double conductivity_at(double temperature) const { return conductivity(temperature) / (1 + decline * (temperature - reference)); }
};

/// Laboratory values of intact rock. What is not given is not guessed: whoever needs it refuses and names the material.
struct Strength {
  std::optional<double> ucs, tensile;       ///< Pa
  std::optional<double> wet;                ///< 1
  std::optional<double> unloading_modulus;  ///< Pa

  static auto keys() {
    return input::keys(
        input::key("ucs", &Strength::ucs, "Pa", "uniaxial compressive strength of intact rock").above(0),
        input::key("tensile", &Strength::tensile, "Pa", "tensile strength of intact rock, a positive number").above(0),
        input::key("wet", &Strength::wet, "1", "elastic energy index: recovered over dissipated energy of one load cycle (Kidybinski 1981)").above(0),
        input::key("unloading_modulus", &Strength::unloading_modulus, "Pa", "unloading modulus of the uniaxial test; Young's modulus if not given")
            .above(0));
  }
  void check(input::Check& check) const;
};

struct Material {
  double density = 0;  ///< kg/m³
  Law law;
  std::optional<Thermal> thermal;
  Strength strength;

  static auto keys() {
    return input::keys(input::key("density", &Material::density, "kg/m^3", "mass per volume").above(0).require(),
                       input::key("law", &Material::law, "constitutive law").require(),
                       input::key("thermal", &Material::thermal, "thermal properties; required where heat is solved"),
                       input::key("strength", &Material::strength, "laboratory strength; required by rockburst indicators"));
  }
  void check(input::Check& check) const;

  Moduli moduli() const;
  /// Thermal strain per kelvin, Kelvin form, global frame. Zero without thermal properties.
  Sym3 expansion() const;
};

}  // namespace winze::material
