#include <cmath>

#include "fem/constrained.hpp"
#include "fem/dense_term.hpp"
#include "fem/element_lists.hpp"
#include "fem/operators.hpp"
#include "fem/point_laws.hpp"
#include "fem/tie_term.hpp"

namespace winze::fem {

std::vector<Tie> heat_ties(const mesh::Mesh& mesh, const HeatCoefficients& heat, double stiffness_weight, double mass_weight) {
  const auto of = [&](const auto& value) { return active_ties(mesh, [&](Index e) { return heat.of_element[e] < 0 ? -1 : value(e); }); };
  std::vector<Tie> ties = of([&](Index e) { return trace(heat.conductivity[heat.of_element[e]]) / 3 * (heat.factor.empty() ? 1 : heat.factor[e]); });
  const std::vector<Tie> capacities = of([&](Index e) { return heat.capacity[heat.of_element[e]]; });
  for (std::size_t i = 0; i < ties.size(); ++i) {
    const double edge = mesh.cuts.tied.edge[mesh.cuts.tied.faces[ties[i].face].a];
    ties[i].coefficient = stiffness_weight * ties[i].coefficient + mass_weight * capacities[i].coefficient * edge * edge;
  }
  return ties;
}

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
  const auto share = [&](Index element) { return mesh.share.empty() || !mesh.cuts.whole(element) ? 1 : mesh.share[element]; };
  const auto weight = [&](Index element) { return share(element) * stiffness_weight * (heat.factor.empty() ? 1 : heat.factor[element]); };
  const auto two_numbers = [&](Index element, double* c) {
    const std::int32_t of = heat.of_element[element];
    c[0] = share(element) * mass_weight * heat.capacity[of];
    c[1] = weight(element) * trace(heat.conductivity[of]) / 3;
  };
  const auto tensor = [&](Index element, double* c) {
    const std::int32_t of = heat.of_element[element];
    c[0] = share(element) * mass_weight * heat.capacity[of];
    for (int i = 0; i < 6; ++i) c[1 + i] = weight(element) * heat.conductivity[of][i] / (i < 3 ? 1 : sqrt2);
  };
  const auto terms_of = [&](const std::vector<std::int32_t>& of_element) {
    return volume_terms<T, IsotropicHeat, GeneralHeat>(mesh, list_elements(mesh, of_element, isotropic), two_numbers, tensor);
  };
  const Constrained constrained(mesh);
  const std::vector<std::int32_t> of_whole = whole_elements(mesh, heat.of_element);
  const int n = mesh::info(mesh.shape).n_nodes;
  std::vector<std::unique_ptr<Term<T>>> terms;
  if (constrained.empty()) {
    terms = terms_of(of_whole);
  } else {
    const auto [whole, hung] = apart(constrained, of_whole);
    terms = terms_of(whole);
    std::vector<ConstrainedPart> parts(2);  // conduction, capacity
    for (ConstrainedPart& part : parts) part.matrix.resize(heat.capacity.size());
    double cube[mesh::max_nodes][3];
    unit_cube(mesh.shape, cube);
    for (Index e : constrained.elements) {
      const std::int32_t kind = of_whole[e];
      const double edge = edge_of_cube(mesh, e);
      for (ConstrainedPart& part : parts) part.kind.push_back(kind);
      parts[0].scale.push_back(kind < 0 ? 0 : weight(e) * edge);
      parts[1].scale.push_back(share(e) * mass_weight * edge * edge * edge);
      if (kind < 0 || !parts[0].matrix[kind].empty()) continue;
      for (ConstrainedPart& part : parts) part.matrix[kind].resize(n * n);
      conduction_matrix(mesh.shape, cube, heat.conductivity[kind], parts[0].matrix[kind].data());
      capacity_matrix(mesh.shape, cube, heat.capacity[kind], parts[1].matrix[kind].data());
    }
    terms.push_back(std::make_unique<ConstrainedTerm<T>>(constrained, n, 1, terms_of(hung), parts));
  }
  if (!mesh.cuts.element.empty()) {
    const auto matrix = [&](Index e) {
      double x[mesh::max_nodes][3];
      gather_points(mesh, e, x);
      const Rule own = cut_rule(mesh, e);
      const std::int32_t of = heat.of_element[e];
      std::vector<double> k(n * n), c(n * n);
      conduction_matrix(mesh.shape, x, heat.conductivity[of], k.data(), &own);
      capacity_matrix(mesh.shape, x, heat.capacity[of], c.data(), &own);
      for (int i = 0; i < n * n; ++i) k[i] = weight(e) * k[i] + mass_weight * c[i];
      return k;
    };
    for (auto& term : cut_terms<T, IsotropicHeat, GeneralHeat>(mesh, constrained, heat.of_element, isotropic, two_numbers, tensor, matrix))
      terms.push_back(std::move(term));
  }
  if (mesh.comm.any(!mesh.cuts.tied.faces.empty()))
    terms.push_back(std::make_unique<TieTerm<T, 1>>(mesh, heat_ties(mesh, heat, stiffness_weight, mass_weight)));
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
