/// Thermal properties of rock and fill. Temperatures in kelvin.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace winze::material {

struct ConstantConductivity {
  static constexpr const char* name = "constant";
  static constexpr const char* doc = "Conductivity that does not depend on temperature.";
  double value = 0;  ///< W/(m K)
  void check(const std::string& material) const;
  double at(double) const { return value; }
  double derivative(double) const { return 0; }
};

struct ConductivityTable {
  static constexpr const char* name = "table";
  static constexpr const char* doc = "Conductivity interpolated linearly between measured temperatures and held constant beyond them.";
  std::vector<double> temperature;   ///< K, increasing
  std::vector<double> conductivity;  ///< W/(m K)
  void check(const std::string& material) const;
  double at(double temperature) const;
  double derivative(double temperature) const;  ///< slope of the segment above at a knot; 0 beyond the ends
};

/// k0/(1 + b (T − T0)): phonon scattering makes k fall as 1/T in crystalline rock.
struct ReciprocalConductivity {
  static constexpr const char* name = "reciprocal";
  static constexpr const char* doc = "Conductivity k0/(1 + b (T − T0)), the usual decline of crystalline rock with temperature.";
  double value = 0;           ///< k0, W/(m K)
  double decline = 0;         ///< b, 1/K
  double reference = 293.15;  ///< T0, K
  void check(const std::string& material) const;
  double at(double temperature) const { return value / (1 + decline * (temperature - reference)); }
  double derivative(double temperature) const { return -decline * at(temperature) / (1 + decline * (temperature - reference)); }
};

/// Adding one: one struct with name, doc, check, at, derivative, and its name here.
using Conductivity = std::variant<ConstantConductivity, ConductivityTable, ReciprocalConductivity>;

struct Thermal {
  Conductivity conductivity;
  double heat_capacity = 0;                ///< J/(kg K)
  double expansion = 0;                    ///< linear, 1/K; within the plane of isotropy when expansion_normal is given
  std::optional<double> expansion_normal;  ///< linear, 1/K, along the normal of a transversely isotropic law's plane

  void check(const std::string& material) const;
  double conductivity_at(double temperature) const;
  double conductivity_derivative(double temperature) const;
};

}  // namespace winze::material
