#include "fem/element_matrix.hpp"

#include <cmath>

#include "base/error.hpp"
#include "fem/constrained.hpp"
#include "fem/tet_kernel.hpp"
#include "mesh/shape_functions.hpp"

namespace winze::fem {
namespace {

using mesh::max_nodes;

Rule tet_degree_5() {
  constexpr TetDegree5 table;
  Rule rule;
  for (int q = 0; q < TetDegree5::n_points; ++q) {
    rule.points.push_back({table.b[q][1], table.b[q][2], table.b[q][3]});
    rule.weights.push_back(table.weight[q] / 6);
  }
  return rule;
}

/// Values and gradients in space at one quadrature point.
struct AtPoint {
  double n[max_nodes], gradient[max_nodes][3], volume;
};

/// body(AtPoint) at every point of the rule.
template <class Body>
void at_points(mesh::Shape shape, const double (*x)[3], const Rule& rule, const Body& body) {
  const int n_nodes = mesh::info(shape).n_nodes;
  AtPoint at;
  double dn[max_nodes][3];
  for (std::size_t q = 0; q < rule.weights.size(); ++q) {
    mesh::shape_functions(shape, rule.points[q], at.n, dn);
    Matrix3 jacobian{};
    for (int node = 0; node < n_nodes; ++node)
      for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) jacobian[i][j] += dn[node][j] * x[node][i];
    const double determinant = mesh::determinant(jacobian);
    at.volume = rule.weights[q] * determinant;
    // Rows of the cofactor matrix: ∂N/∂x_i = Σ_j ∂N/∂ξ_j (∂ξ_j/∂x_i), ∂ξ_j/∂x_i = cofactor[i][j] / det.
    const Vector3 cofactor[3] = {cross(jacobian[1], jacobian[2]), cross(jacobian[2], jacobian[0]), cross(jacobian[0], jacobian[1])};
    for (int node = 0; node < n_nodes; ++node)
      for (int i = 0; i < 3; ++i)
        at.gradient[node][i] = (dn[node][0] * cofactor[i][0] + dn[node][1] * cofactor[i][1] + dn[node][2] * cofactor[i][2]) / determinant;
    body(at);
  }
}

}  // namespace

const Rule& mass_rule(mesh::Shape shape) {
  static const Rule tet = tet_degree_5();
  return mesh::linear(shape) == mesh::Shape::hex8 ? rule(shape) : tet;
}

void gather_points(const mesh::Mesh& mesh, Index element, double (*x)[3]) {
  const Index* nodes = mesh.nodes_of(element);
  for (int node = 0; node < mesh::info(mesh.shape).n_nodes; ++node)
    for (int i = 0; i < 3; ++i) x[node][i] = mesh.points[3 * std::size_t(nodes[node]) + i];
}

Rule cut_rule(const mesh::Mesh& mesh, Index element) {
  const Index cut = mesh.cuts.of_element[element], *own = mesh.nodes_of(element);
  const double half = 0.5 * (mesh.point(own[26])[0] - mesh.point(own[0])[0]);
  Rule rule;
  for (GlobalIndex q = mesh.cuts.offset[cut]; q < mesh.cuts.offset[cut + 1]; ++q) {
    rule.points.push_back(mesh.cuts.points[q].at);
    rule.weights.push_back(mesh.cuts.points[q].weight / (half * half * half));
  }
  return rule;
}

void elastic_matrix(mesh::Shape shape, const double (*x)[3], const Moduli& moduli, double* k, const Rule* own) {
  const int n = mesh::info(shape).n_nodes, size = 3 * n;
  std::fill(k, k + size * size, 0.0);
  at_points(shape, x, own ? *own : rule(shape), [&](const AtPoint& at) {
    // Kelvin strain of unknown (node, component): one column of B.
    double strain[3 * max_nodes][6] = {}, stress[3 * max_nodes][6];
    for (int node = 0; node < n; ++node) {
      const double *g = at.gradient[node], s = 1 / sqrt2;
      double(*b)[6] = strain + 3 * node;
      b[0][0] = g[0], b[1][1] = g[1], b[2][2] = g[2];
      b[1][3] = s * g[2], b[2][3] = s * g[1];
      b[0][4] = s * g[2], b[2][4] = s * g[0];
      b[0][5] = s * g[1], b[1][5] = s * g[0];
    }
    for (int j = 0; j < size; ++j)
      for (int a = 0; a < 6; ++a) {
        stress[j][a] = 0;
        for (int b = 0; b < 6; ++b) stress[j][a] += at.volume * moduli[a][b] * strain[j][b];
      }
    for (int i = 0; i < size; ++i)
      for (int j = 0; j < size; ++j)
        for (int a = 0; a < 6; ++a) k[i * size + j] += strain[i][a] * stress[j][a];
  });
}

void conduction_matrix(mesh::Shape shape, const double (*x)[3], const Sym3& conductivity, double* k, const Rule* own) {
  const int n = mesh::info(shape).n_nodes;
  std::fill(k, k + n * n, 0.0);
  at_points(shape, x, own ? *own : rule(shape), [&](const AtPoint& at) {
    for (int j = 0; j < n; ++j) {
      const Vector3 flux = traction(conductivity, {at.gradient[j][0], at.gradient[j][1], at.gradient[j][2]});
      for (int i = 0; i < n; ++i)
        k[i * n + j] += at.volume * (at.gradient[i][0] * flux[0] + at.gradient[i][1] * flux[1] + at.gradient[i][2] * flux[2]);
    }
  });
}

void capacity_matrix(mesh::Shape shape, const double (*x)[3], double capacity, double* k, const Rule* own) {
  const int n = mesh::info(shape).n_nodes;
  std::fill(k, k + n * n, 0.0);
  at_points(shape, x, own ? *own : mass_rule(shape), [&](const AtPoint& at) {
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j) k[i * n + j] += capacity * at.volume * at.n[i] * at.n[j];
  });
}

std::vector<SurfaceMatrix> surface_matrices(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& at, const std::vector<double>& h) {
  if (h.size() != at.size())
    throw InputError("{} heat transfer coefficients given for {} surface points: one per point is needed", h.size(), at.size());
  const int n = mesh::info(mesh.shape).n_nodes;
  std::vector<SurfaceMatrix> matrices;
  const std::vector<Index> row = rows_of_nodes(mesh.hanging, mesh.nodes.n_local());
  std::vector<std::array<double, max_nodes>> values;
  for (std::size_t begin = 0, end; begin < at.size(); begin = end) {
    end = begin;
    values.clear();
    bool touched[max_nodes] = {};
    for (; end < at.size() && at[end].element == at[begin].element; ++end) {
      mesh::shape_functions(mesh.shape, at[end].reference, values.emplace_back().data(), nullptr);
      for (int node = 0; node < n; ++node) touched[node] = touched[node] || std::abs(values.back()[node]) > 1e-12;
    }
    SurfaceMatrix matrix;
    std::vector<int> local;
    for (int node = 0; node < n; ++node)
      if (touched[node]) {
        local.push_back(node);
        matrix.nodes.push_back(mesh.nodes_of(at[begin].element)[node]);
      }
    const std::size_t size = local.size();
    matrix.value.assign(size * size, 0.0);
    for (std::size_t p = begin; p < end; ++p)
      for (std::size_t i = 0; i < size; ++i)
        for (std::size_t j = 0; j < size; ++j)
          matrix.value[i * size + j] += h[p] * at[p].weight * values[p - begin][local[i]] * values[p - begin][local[j]];
    matrices.push_back(reduced(mesh.hanging, row, std::move(matrix)));
  }
  return matrices;
}

}  // namespace winze::fem
