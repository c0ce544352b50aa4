/// Conductivity that depends on temperature, as one factor per element.
#pragma once
#include <vector>

#include "fem/points.hpp"
#include "material/material.hpp"

namespace winze::heat {

class Conductivity {
 public:
  /// Collective.
  Conductivity(const mesh::Mesh& mesh, const input::Named<material::Material>& materials);

  bool varies() const { return varies_; }                                ///< any material of the case
  double reference(int material) const { return reference_[material]; }  ///< W/m/K, of factor 1
  /// Mean of k(T) over each element, divided by the reference of its material. t: nodal, K, ghosts valid.
  std::vector<double> factors(const std::vector<std::int32_t>& material_of_element, const std::vector<double>& t) const;

 private:
  const mesh::Mesh& mesh_;
  const input::Named<material::Material>& materials_;
  std::vector<double> reference_;
  bool varies_ = false;
  fem::Points points_;  ///< empty unless it varies
};

}  // namespace winze::heat
