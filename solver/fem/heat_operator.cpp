#include <cmath>

#include "fem/dense_term.hpp"
#include "fem/element_lists.hpp"
#include "fem/operators.hpp"
#include "fem/point_laws.hpp"

namespace winze::fem {

template <class T>
std::shared_ptr<linear::Operator<T>> make_heat_operator(const mesh::Mesh& mesh, const HeatCoefficients& heat,
                                                        const std::vector<Convection>& convection, double stiffness_weight, double mass_weight,
                                                        const linear::Mask& mask) {
  check_heat(mesh, heat, mask);
  std::vector<char> isotropic;
  for (const Sym3& k : heat.conductivity) {
    const double mean = trace(k) / 3;
    double error = 0;
    for (int i = 0; i < 6; ++i) error = std::max(error, std::abs(k[i] - (i < 3 ? mean : 0)));
    isotropic.push_back(error <= 1e-13 * std::abs(mean));
  }
  const auto weight = [&](Index element) { return stiffness_weight * (heat.factor.empty() ? 1 : heat.factor[element]); };
  const auto two_numbers = [&](Index element, double* c) {
    const std::int32_t of = heat.of_element[element];
    c[0] = mass_weight * heat.capacity[of];
    c[1] = weight(element) * trace(heat.conductivity[of]) / 3;
  };
  const auto tensor = [&](Index element, double* c) {
    const std::int32_t of = heat.of_element[element];
    c[0] = mass_weight * heat.capacity[of];
    for (int i = 0; i < 6; ++i) c[1 + i] = weight(element) * heat.conductivity[of][i] / (i < 3 ? 1 : sqrt2);
  };
  auto terms = volume_terms<T, IsotropicHeat, GeneralHeat>(mesh, list_elements(mesh, heat.of_element, isotropic), two_numbers, tensor);
  for (const Convection& surface : convection)
    if (!surface.at.empty()) terms.push_back(std::make_unique<DenseTerm<T>>(surface_matrices(mesh, surface.at, surface.h), stiffness_weight));
  return std::make_shared<TermSum<T>>(mesh.nodes, 1, mask, std::move(terms));
}

#define WINZE_INSTANTIATE(T)                                                                                                                   \
  template std::shared_ptr<linear::Operator<T>> make_heat_operator(const mesh::Mesh&, const HeatCoefficients&, const std::vector<Convection>&, \
                                                                   double, double, const linear::Mask&);
WINZE_INSTANTIATE(double)
WINZE_INSTANTIATE(float)

}  // namespace winze::fem
