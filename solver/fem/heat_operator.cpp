#include <cmath>

#include "fem/constrained.hpp"
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
  const auto terms_of = [&](const std::vector<std::int32_t>& of_element) {
    return volume_terms<T, IsotropicHeat, GeneralHeat>(mesh, list_elements(mesh, of_element, isotropic), two_numbers, tensor);
  };
  const Constrained constrained(mesh);
  std::vector<std::unique_ptr<Term<T>>> terms;
  if (constrained.empty()) {
    terms = terms_of(heat.of_element);
  } else {
    const auto [whole, hung] = apart(constrained, heat.of_element);
    terms = terms_of(whole);
    const int n = mesh::info(mesh.shape).n_nodes;
    std::vector<ConstrainedPart> parts(2);  // conduction, capacity
    for (ConstrainedPart& part : parts) part.matrix.resize(heat.capacity.size());
    double cube[mesh::max_nodes][3];
    unit_cube(mesh.shape, cube);
    for (Index e : constrained.elements) {
      const std::int32_t kind = heat.of_element[e];
      const double edge = edge_of_cube(mesh, e);
      for (ConstrainedPart& part : parts) part.kind.push_back(kind);
      parts[0].scale.push_back(kind < 0 ? 0 : weight(e) * edge);
      parts[1].scale.push_back(mass_weight * edge * edge * edge);
      if (kind < 0 || !parts[0].matrix[kind].empty()) continue;
      for (ConstrainedPart& part : parts) part.matrix[kind].resize(n * n);
      conduction_matrix(mesh.shape, cube, heat.conductivity[kind], parts[0].matrix[kind].data());
      capacity_matrix(mesh.shape, cube, heat.capacity[kind], parts[1].matrix[kind].data());
    }
    terms.push_back(std::make_unique<ConstrainedTerm<T>>(constrained, n, 1, terms_of(hung), parts));
  }
  for (const Convection& surface : convection)
    if (!surface.at.empty()) terms.push_back(std::make_unique<DenseTerm<T>>(surface_matrices(mesh, surface.at, surface.h), stiffness_weight));
  return std::make_shared<TermSum<T>>(mesh.nodes, mesh.hanging, 1, mask, std::move(terms));
}

#define WINZE_INSTANTIATE(T)                                                                                                                   \
  template std::shared_ptr<linear::Operator<T>> make_heat_operator(const mesh::Mesh&, const HeatCoefficients&, const std::vector<Convection>&, \
                                                                   double, double, const linear::Mask&);
WINZE_INSTANTIATE(double)
WINZE_INSTANTIATE(float)

}  // namespace winze::fem
