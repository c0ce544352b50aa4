#include "fem/levels_fill.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/error.hpp"

namespace winze::fem {
namespace {

template <int nv>
void refuse_inverted(const mesh::Level& level, const Index* elements, int n_lanes, LevelPack smallest) {
  for (int lane = 0; lane < n_lanes; ++lane)
    if (!(smallest[lane] > 0)) {
      const double* x = level.points.data() + 3 * size_t(level.element_nodes[size_t(elements[lane]) * nv]);
      throw SolverError(
          "The cell at ({:.6g}, {:.6g}, {:.6g}) m is inverted once its edges are straight: refine the mesh there, or take the direct preset.", x[0],
          x[1], x[2]);
    }
}

template <int nv>
FillPack<nv, 3> elastic_fill(const mesh::Mesh& mesh, const ElasticModuli& moduli) {
  std::vector<std::array<float, 81>> table;
  for (const Moduli& m : moduli.table) table.push_back(plain_moduli(m));
  return [&mesh, &level = mesh.levels[0], &moduli, table = std::move(table)](const Index* elements, int n_lanes, ElementPack<nv, 3>& k) {
    LevelPack x[nv][3], g[ElementPack<nv, 3>::n_pairs][3][3], c[3][3][3][3];
    load_vertices<nv>(level, elements, n_lanes, x);
    refuse_inverted<nv>(level, elements, n_lanes, gradient_products<nv>(x, g, nullptr));
    LevelPack* flat = &c[0][0][0][0];
    for (int lane = 0; lane < level_lanes; ++lane) {
      const std::array<float, 81>& from = table[moduli.of_element[elements[std::min(lane, n_lanes - 1)]]];
      const float share = float(coarse_share(mesh, elements[std::min(lane, n_lanes - 1)]));
      for (int i = 0; i < 81; ++i) flat[i][lane] = share * from[i];
    }
    elastic_stiffness<nv>(g, c, k);
  };
}

/// Convection matrices of elements on the linear shape functions.
template <int nv>
using SurfaceTerms = std::unordered_map<Index, std::array<float, nv*(nv + 1) / 2>>;
template <int nv>
SurfaceTerms<nv> surface_terms(mesh::Shape linear_shape, const std::vector<Convection>& convection, double factor) {
  SurfaceTerms<nv> terms;
  for (const Convection& surface : convection)
    for (size_t i = 0; i < surface.at.size(); ++i) {
      const SurfacePoint& point = surface.at[i];
      double n[mesh::max_nodes];
      mesh::shape_functions(linear_shape, point.reference, n, nullptr);
      auto& term = terms.try_emplace(point.element).first->second;
      for (int b = 0; b < nv; ++b)
        for (int a = 0; a <= b; ++a) term[ElementPack<nv, 1>::pair(a, b)] += float(factor * surface.h[i] * point.weight * n[a] * n[b]);
    }
  return terms;
}

template <int nv>
FillPack<nv, 1> heat_fill(const mesh::Mesh& mesh, const HeatCoefficients& heat, const std::vector<Convection>& convection, double stiffness_weight,
                          double mass_weight) {
  return
      [&mesh, &level = mesh.levels[0], &heat, stiffness_weight, mass_weight,
       terms = surface_terms<nv>(mesh::linear(mesh.shape), convection, stiffness_weight)](const Index* elements, int n_lanes, ElementPack<nv, 1>& k) {
        constexpr int n_pairs = ElementPack<nv, 1>::n_pairs;
        LevelPack x[nv][3], g[n_pairs][3][3], m[n_pairs], conductivity[3][3], capacity;
        load_vertices<nv>(level, elements, n_lanes, x);
        refuse_inverted<nv>(level, elements, n_lanes, gradient_products<nv>(x, g, m));
        for (int lane = 0; lane < level_lanes; ++lane) {
          const Index e = elements[std::min(lane, n_lanes - 1)];
          const Matrix3 tensor = to_matrix(heat.conductivity[heat.of_element[e]]);
          const double share = coarse_share(mesh, e), factor = share * stiffness_weight * (heat.factor.empty() ? 1 : heat.factor[e]);
          for (int i = 0; i < 3; ++i)
            for (int j = 0; j < 3; ++j) conductivity[i][j][lane] = float(factor * tensor[i][j]);
          capacity[lane] = float(share * mass_weight * heat.capacity[heat.of_element[e]]);
        }
        for (int p = 0; p < n_pairs; ++p) {
          LevelPack sum = capacity * m[p];
          for (int i = 0; i < 3; ++i)
            for (int j = 0; j < 3; ++j) sum += conductivity[i][j] * g[p][i][j];
          k.k[p][0][0] = sum;
        }
        if (terms.empty()) return;
        for (int lane = 0; lane < n_lanes; ++lane)
          if (const auto term = terms.find(elements[lane]); term != terms.end())
            for (int p = 0; p < n_pairs; ++p) k.k[p][0][0][lane] += term->second[p];
      };
}

}  // namespace

LevelMatrices elastic_levels(const mesh::Mesh& mesh, const LevelStructure& structure, const LevelActivity& activity, const ElasticModuli& moduli) {
  if (mesh::linear(mesh.shape) == mesh::Shape::hex8) return assemble_levels<8, 3>(mesh, structure, activity, elastic_fill<8>(mesh, moduli));
  return assemble_levels<4, 3>(mesh, structure, activity, elastic_fill<4>(mesh, moduli));
}

LevelMatrices heat_levels(const mesh::Mesh& mesh, const LevelStructure& structure, const LevelActivity& activity, const HeatCoefficients& heat,
                          const std::vector<Convection>& convection, double stiffness_weight, double mass_weight) {
  if (mesh::linear(mesh.shape) == mesh::Shape::hex8)
    return assemble_levels<8, 1>(mesh, structure, activity, heat_fill<8>(mesh, heat, convection, stiffness_weight, mass_weight));
  return assemble_levels<4, 1>(mesh, structure, activity, heat_fill<4>(mesh, heat, convection, stiffness_weight, mass_weight));
}

}  // namespace winze::fem
