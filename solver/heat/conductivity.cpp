#include "heat/conductivity.hpp"

namespace winze::heat {

Conductivity::Conductivity(const mesh::Mesh& mesh, const input::Named<material::Material>& materials) : mesh_(mesh), materials_(materials) {
  for (const auto& [name, m] : materials.entries) {
    reference_.push_back(m.thermal->conductivity_at(m.thermal->reference));
    varies_ = varies_ || !m.thermal->conductivity.constant() || m.thermal->decline != 0;
  }
  if (varies_) points_ = fem::make_points(mesh);
}

std::vector<double> Conductivity::factors(const std::vector<std::int32_t>& material_of_element, const std::vector<double>& t) const {
  std::vector<double> at(points_.n_points()), factors(mesh_.n_elements(), 1);
  fem::value_at_points(mesh_, points_, t.data(), at.data());
  for (Index e = 0; e < mesh_.n_elements(); ++e) {
    const int m = material_of_element[e];
    if (m < 0) continue;
    const material::Thermal& thermal = *materials_.entries[m].second.thermal;
    double volume = 0, sum = 0;
    for (GlobalIndex q = points_.offset[e]; q < points_.offset[e + 1]; ++q) {
      volume += points_.volume[q];
      sum += points_.volume[q] * thermal.conductivity_at(at[q]);
    }
    factors[e] = sum / volume / reference_[m];
  }
  return factors;
}

}  // namespace winze::heat
