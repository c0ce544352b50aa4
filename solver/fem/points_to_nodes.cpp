#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "fem/node_sums.hpp"
#include "fem/points.hpp"
#include "mesh/shape_functions.hpp"

namespace winze::fem {
namespace {

using mesh::Shape;

/// weight[point][node]: value at a hex's node of the tensor-product polynomial through its points.
void hex_extrapolation(Shape shape, double (*weight)[mesh::max_nodes]) {
  const std::vector<Vector3>& points = rule(shape).points;
  const int n = mesh::info(shape).degree + 1;
  for (int q = 0; q < n * n * n; ++q)
    for (int a = 0; a < n * n * n; ++a) {
      const Vector3 node = mesh::reference_node(shape, a);
      weight[q][a] = 1;
      for (int axis = 0, stride = 1; axis < 3; ++axis, stride *= n)
        for (int i = 0; i < n; ++i) {
          const double own = points[q][axis], other = points[i * stride][axis];
          if (i != q / stride % n) weight[q][a] *= (node[axis] - other) / (own - other);
        }
    }
}

/// The same for a tet10: the linear function of position through its four points.
void tet10_extrapolation(const mesh::Mesh& mesh, Index element, const double* points, double (*weight)[mesh::max_nodes]) {
  Matrix3 edge;
  for (int i = 0; i < 3; ++i)
    for (int c = 0; c < 3; ++c) edge[i][c] = points[3 * (i + 1) + c] - points[c];
  const double inverse = 1 / mesh::determinant(edge);
  for (int a = 0; a < 10; ++a) {
    const Vector3 x = mesh.point(mesh.nodes_of(element)[a]);
    const Vector3 r = {x[0] - points[0], x[1] - points[1], x[2] - points[2]};
    for (int i = 0; i < 3; ++i) weight[i + 1][a] = dot(r, cross(edge[(i + 1) % 3], edge[(i + 2) % 3])) * inverse;
    weight[0][a] = 1 - weight[1][a] - weight[2][a] - weight[3][a];
  }
}

/// weight[point][node] of a cut element: the linear function nearest to the values at its points, by volume; their mean where its points lie too
/// close to a plane. Evaluated within the box of its points, beyond which there is nothing to read.
void cut_extrapolation(const mesh::Mesh& mesh, const Points& points, Index e, std::vector<std::array<double, mesh::max_nodes>>& weight) {
  const Index n = Index(points.offset[e + 1] - points.offset[e]);
  const mesh::WeightedPoint* at = &mesh.cuts.points[mesh.cuts.offset[mesh.cuts.of_element[e]]];
  weight.assign(n, {});
  double volume = 0;
  Vector3 centre{}, low = {1, 1, 1}, high = {-1, -1, -1};
  for (Index q = 0; q < n; ++q) {
    volume += at[q].weight;
    for (int d = 0; d < 3; ++d)
      centre[d] += at[q].weight * at[q].at[d], low[d] = std::min(low[d], at[q].at[d]), high[d] = std::max(high[d], at[q].at[d]);
  }
  for (double& c : centre) c /= volume;
  Matrix3 spread{};
  for (Index q = 0; q < n; ++q)
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j) spread[i][j] += at[q].weight / volume * (at[q].at[i] - centre[i]) * (at[q].at[j] - centre[j]);
  const double det = mesh::determinant(spread);
  const bool flat = !(det > 1e-3 * spread[0][0] * spread[1][1] * spread[2][2]);
  for (int a = 0; a < mesh::max_nodes; ++a) {
    const Vector3 node = mesh::reference_node(Shape::hex27, a);
    Vector3 r, slope{};
    for (int d = 0; d < 3; ++d) r[d] = std::clamp(node[d], low[d], high[d]) - centre[d];
    for (int i = 0; i < 3 && !flat; ++i) {
      const Vector3 cofactor = cross(spread[(i + 1) % 3], spread[(i + 2) % 3]);
      slope[i] = dot(cofactor, r) / det;
    }
    for (Index q = 0; q < n; ++q) {
      double linear = 1;
      for (int d = 0; d < 3; ++d) linear += slope[d] * (at[q].at[d] - centre[d]);
      weight[q][a] = at[q].weight / volume * linear;
    }
  }
}

}  // namespace

std::vector<double> points_to_nodes(const mesh::Mesh& mesh, const Points& points, const std::vector<char>& active, const std::vector<double>& values,
                                    int width) {
  const int n_nodes = mesh::info(mesh.shape).n_nodes;
  NodeSums sums(mesh.nodes, width + 1);  // per region: the values, then the elements by their share of a cell
  double weight[mesh::max_nodes][mesh::max_nodes], nodal[mesh::max_nodes];
  Index sum[mesh::max_nodes];
  std::vector<std::array<double, mesh::max_nodes>> cut_weight;
  if (mesh.shape == Shape::hex8 || mesh.shape == Shape::hex27) hex_extrapolation(mesh.shape, weight);
  if (mesh.shape == Shape::tet4) std::fill_n(weight[0], n_nodes, 1.0);
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    if (!active[e]) continue;
    const std::size_t begin = points.offset[e];
    const bool cut = !mesh.cuts.whole(e);
    const double share = cut ? mesh.share[e] : 1;
    const int n_points = int(points.offset[e + 1] - points.offset[e]);
    if (cut) cut_extrapolation(mesh, points, e, cut_weight);
    if (mesh.shape == Shape::tet10) tet10_extrapolation(mesh, e, &points.position[3 * begin], weight);
    for (int a = 0; a < n_nodes; ++a) {
      sum[a] = sums.add(mesh.nodes_of(e)[a], mesh.region[e]);
      sums[sum[a]][width] += share;
    }
    for (int c = 0; c < width; ++c) {
      std::fill_n(nodal, n_nodes, 0.0);
      for (int q = 0; q < n_points; ++q) {
        const double value = values[(begin + q) * width + c];
        for (int a = 0; a < n_nodes; ++a) nodal[a] += (cut ? cut_weight[q][a] : weight[q][a]) * value;
      }
      for (int a = 0; a < n_nodes; ++a) sums[sum[a]][c] += share * nodal[a];
    }
  }
  sums.add_to_owners();

  std::vector<double> result(std::size_t(mesh.nodes.n_local()) * width, std::numeric_limits<double>::quiet_NaN());
  for (Index node = 0; node < mesh.nodes.n_owned(); ++node) {
    if (sums.first(node) < 0) continue;
    double* mean = &result[std::size_t(node) * width];
    std::fill_n(mean, width, 0.0);
    int n_regions = 0;
    for (Index s = sums.first(node); s >= 0; s = sums.next(s), ++n_regions)
      for (int c = 0; c < width; ++c) mean[c] += sums[s][c] / sums[s][width];
    for (int c = 0; c < width; ++c) mean[c] /= n_regions;
  }
  mesh.nodes.update_ghosts(result.data(), width);
  if (mesh.hanging.empty()) return result;
  const std::vector<double> own = result;
  mesh.hanging.fill(result.data(), width);
  for (std::size_t i = 0; i < own.size(); ++i)
    if (std::isnan(result[i])) result[i] = own[i];
  return result;
}

}  // namespace winze::fem
