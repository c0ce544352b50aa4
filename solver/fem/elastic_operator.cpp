#include <cmath>

#include "fem/constrained.hpp"
#include "fem/element_lists.hpp"
#include "fem/operators.hpp"
#include "fem/point_laws.hpp"
#include "fem/tie_term.hpp"

namespace winze::fem {
namespace {

/// λ and μ if the moduli are isotropic up to rounding.
struct Lame {
  bool isotropic;
  double lambda, mu;
};
Lame lame(const Moduli& c) {
  const double lambda = (c[0][1] + c[0][2] + c[1][2]) / 3, mu = (c[3][3] + c[4][4] + c[5][5]) / 6;
  double error = 0;
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) error = std::max(error, std::abs(c[i][j] - ((i < 3 && j < 3 ? lambda : 0) + (i == j ? 2 * mu : 0))));
  return {error <= 1e-13 * std::max(std::abs(lambda), std::abs(mu)), lambda, mu};
}

}  // namespace

std::vector<Tie> elastic_ties(const mesh::Mesh& mesh, const ElasticModuli& moduli) {
  return active_ties(mesh, [&](Index e) {  // λ + 2 μ, or what stands for it
    const std::int32_t of = moduli.of_element[e];
    return of < 0 ? -1 : (moduli.table[of][0][0] + moduli.table[of][1][1] + moduli.table[of][2][2]) / 3;
  });
}

template <class T>
std::shared_ptr<linear::Operator<T>> make_elastic_operator(const mesh::Mesh& mesh, const ElasticModuli& moduli, const linear::Mask& mask,
                                                           std::unique_ptr<Term<T>> more) {
  check_lists(mesh, moduli.of_element, moduli.table.size(), mask, 3);
  std::vector<Lame> constants;
  std::vector<char> isotropic;
  for (const Moduli& c : moduli.table) {
    constants.push_back(lame(c));
    isotropic.push_back(constants.back().isotropic);
  }
  const auto share = [&](Index element) { return mesh.share.empty() || !mesh.cuts.whole(element) ? 1 : mesh.share[element]; };
  const auto two_numbers = [&](Index element, double* c) {
    const Lame& of = constants[moduli.of_element[element]];
    c[0] = share(element) * of.lambda;
    c[1] = share(element) * of.mu;
  };
  // Kelvin to plain components: shear strains enter as h01 + h10 = √2 · Kelvin strain, shear stresses leave as Kelvin stress / √2.
  const auto upper_triangle = [&](Index element, double* c) {
    const Moduli& of = moduli.table[moduli.of_element[element]];
    for (int i = 0; i < 6; ++i)
      for (int j = i; j < 6; ++j) *c++ = share(element) * 0.5 * (of[i][j] + of[j][i]) / ((i < 3 ? 1 : sqrt2) * (j < 3 ? 1 : sqrt2));
  };
  const auto terms_of = [&](const std::vector<std::int32_t>& of_element) {
    return volume_terms<T, IsotropicElastic, GeneralElastic>(mesh, list_elements(mesh, of_element, isotropic), two_numbers, upper_triangle);
  };
  const Constrained constrained(mesh);
  const std::vector<std::int32_t> of_whole = whole_elements(mesh, moduli.of_element);
  const int n = mesh::info(mesh.shape).n_nodes;
  std::vector<std::unique_ptr<Term<T>>> terms;
  if (constrained.empty()) {
    terms = terms_of(of_whole);
  } else {
    const auto [whole, hung] = apart(constrained, of_whole);
    terms = terms_of(whole);
    ConstrainedPart part;
    part.matrix.resize(moduli.table.size());
    double cube[mesh::max_nodes][3];
    unit_cube(mesh.shape, cube);
    for (Index e : constrained.elements) {
      const std::int32_t kind = of_whole[e];
      part.kind.push_back(kind);
      part.scale.push_back(share(e) * edge_of_cube(mesh, e));
      if (kind < 0 || !part.matrix[kind].empty()) continue;
      part.matrix[kind].resize(9 * n * n);
      elastic_matrix(mesh.shape, cube, moduli.table[kind], part.matrix[kind].data());
    }
    terms.push_back(std::make_unique<ConstrainedTerm<T>>(constrained, n, 3, terms_of(hung), std::vector{std::move(part)}));
  }
  if (!mesh.cuts.element.empty()) {
    const auto matrix = [&](Index e) {
      double x[mesh::max_nodes][3];
      gather_points(mesh, e, x);
      const Rule own = cut_rule(mesh, e);
      std::vector<double> k(9 * n * n);
      elastic_matrix(mesh.shape, x, moduli.table[moduli.of_element[e]], k.data(), &own);
      return k;
    };
    for (auto& term :
         cut_terms<T, IsotropicElastic, GeneralElastic>(mesh, constrained, moduli.of_element, isotropic, two_numbers, upper_triangle, matrix))
      terms.push_back(std::move(term));
  }
  if (mesh.comm.any(!mesh.cuts.tied.faces.empty())) terms.push_back(std::make_unique<TieTerm<T, 3>>(mesh, elastic_ties(mesh, moduli)));
  if (more) terms.push_back(std::move(more));
  return std::make_shared<TermSum<T>>(mesh.nodes, mesh.hanging, 3, mask, std::move(terms));
}

template std::shared_ptr<linear::Operator<double>> make_elastic_operator(const mesh::Mesh&, const ElasticModuli&, const linear::Mask&,
                                                                         std::unique_ptr<Term<double>>);
template std::shared_ptr<linear::Operator<float>> make_elastic_operator(const mesh::Mesh&, const ElasticModuli&, const linear::Mask&,
                                                                        std::unique_ptr<Term<float>>);

}  // namespace winze::fem
