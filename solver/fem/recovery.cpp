#include "fem/recovery.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "fem/node_sums.hpp"
#include "mesh/shape_functions.hpp"

namespace winze::fem {
namespace {

using mesh::Shape;

/// Sampling points of a shape as weights of its integration points: positions and stresses there are the same sums.
struct Samples {
  int n;
  std::vector<double> weight;  ///< [n][points of the rule]
};

Samples samples_of(Shape shape) {
  const std::vector<Vector3>& points = rule(shape).points;
  const int n_points = int(points.size());
  Samples samples;
  if (shape == Shape::hex8) {
    samples = {1, std::vector<double>(8, 1.0 / 8)};
  } else if (shape == Shape::hex27) {
    samples = {8, {}};
    const double x = std::sqrt(1.0 / 3), g = std::sqrt(3.0 / 5);  // of the 2-point rule, of the 3-point rule
    for (int s = 0; s < 8; ++s)
      for (int q = 0; q < 27; ++q) {
        double w = 1;
        for (int axis = 0; axis < 3; ++axis) {
          const double t = (s >> axis & 1 ? x : -x) / g;
          const int i = axis == 0 ? q % 3 : axis == 1 ? q / 3 % 3 : q / 9;
          w *= i == 0 ? t * (t - 1) / 2 : i == 1 ? 1 - t * t : t * (t + 1) / 2;
        }
        samples.weight.push_back(w);
      }
  } else {
    samples = {n_points, std::vector<double>(n_points * n_points, 0.0)};
    for (int q = 0; q < n_points; ++q) samples.weight[q * n_points + q] = 1;
  }
  return samples;
}

constexpr int max_terms = 10;
int n_terms(Shape shape) { return mesh::info(shape).degree == 2 ? 10 : 4; }
/// Complete polynomials of degree 1 (4 terms) or 2 (10).
void terms(const Vector3& r, int n, double* b) {
  const double all[max_terms] = {1, r[0], r[1], r[2], r[0] * r[0], r[1] * r[1], r[2] * r[2], r[1] * r[2], r[0] * r[2], r[0] * r[1]};
  std::copy_n(all, n, b);
}

/// A patch: normal matrix [n][n] (lower half), then right sides [n][6]; solved in place: the right sides become the coefficients, the first entry of
/// the matrix 1, or 0 where the samples do not determine the polynomial.
void solve_patch(double* patch, int n) {
  double* right = patch + n * n;
  double scale[max_terms], l[max_terms][max_terms];
  for (int i = 0; i < n; ++i) scale[i] = patch[i * n + i] > 0 ? 1 / std::sqrt(patch[i * n + i]) : 0;
  patch[0] = 0;
  for (int j = 0; j < n; ++j)
    for (int i = j; i < n; ++i) {
      double s = i == j ? (scale[i] > 0) : patch[i * n + j] * scale[i] * scale[j];
      for (int k = 0; k < j; ++k) s -= l[i][k] * l[j][k];
      if (i == j && s < 1e-2) return;  // of 1; healthy patches stay above 0.05, one layer of cells gives 0
      l[i][j] = i == j ? std::sqrt(s) : s / l[j][j];
    }
  for (int c = 0; c < 6; ++c) {
    double y[max_terms];
    for (int i = 0; i < n; ++i) {
      y[i] = right[i * 6 + c] * scale[i];
      for (int k = 0; k < i; ++k) y[i] -= l[i][k] * y[k];
      y[i] /= l[i][i];
    }
    for (int i = n - 1; i >= 0; --i) {
      for (int k = i + 1; k < n; ++k) y[i] -= l[k][i] * y[k];
      y[i] /= l[i][i];
    }
    for (int i = 0; i < n; ++i) right[i * 6 + c] = y[i] * scale[i];
  }
  patch[0] = 1;
}

Index vertex(const mesh::Mesh& mesh, Index element, int v) { return mesh.nodes_of(element)[mesh::vertex_nodes(mesh.shape)[v]]; }

/// Collective. Solved patches around the vertices of the active elements, kept apart by moduli.
NodeSums fit_patches(const mesh::Mesh& mesh, const Points& points, const ElasticModuli& moduli, const std::vector<double>& stress) {
  const int n = n_terms(mesh.shape), n_points = int(rule(mesh.shape).weights.size());
  const Samples samples = samples_of(mesh.shape);
  NodeSums patches(mesh.nodes, n * n + 6 * n);
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    if (moduli.of_element[e] < 0 || !mesh.cuts.whole(e)) continue;
    for (int s = 0; s < samples.n; ++s) {
      Vector3 at{};
      Sym3 value{};
      for (int q = 0; q < n_points; ++q) {
        const double w = samples.weight[s * n_points + q];
        const std::size_t point = points.offset[e] + q;
        for (int c = 0; c < 3; ++c) at[c] += w * points.position[3 * point + c];
        for (int c = 0; c < 6; ++c) value[c] += w * stress[6 * point + c];
      }
      for (int v = 0; v < mesh::info(mesh.shape).n_vertices; ++v) {
        const Index node = vertex(mesh, e, v);
        const Vector3 x = mesh.point(node);
        double b[max_terms];
        terms({at[0] - x[0], at[1] - x[1], at[2] - x[2]}, n, b);
        double *matrix = patches[patches.add(node, moduli.of_element[e])], *right = matrix + n * n;
        for (int i = 0; i < n; ++i) {
          for (int j = 0; j <= i; ++j) matrix[i * n + j] += b[i] * b[j];
          for (int c = 0; c < 6; ++c) right[i * 6 + c] += b[i] * value[c];
        }
      }
    }
  }
  patches.add_to_owners();
  for (Index node = 0; node < mesh.nodes.n_owned(); ++node)
    for (Index s = patches.first(node); s >= 0; s = patches.next(s)) solve_patch(patches[s], n);
  patches.update_ghosts();
  return patches;
}

/// Gauss-Jordan elimination without pivoting: positive definite moduli need none.
Moduli compliance(const Moduli& moduli) {
  Moduli a = moduli, inverse{};
  for (int i = 0; i < 6; ++i) inverse[i][i] = 1;
  for (int k = 0; k < 6; ++k) {
    const double pivot = a[k][k];
    if (!(pivot > 0)) throw SolverError("the error estimate needs positive definite moduli: pivot {} is {:g} Pa", k + 1, pivot);
    for (int j = 0; j < 6; ++j) a[k][j] /= pivot, inverse[k][j] /= pivot;
    for (int i = 0; i < 6; ++i) {
      const double factor = a[i][k];
      for (int j = 0; i != k && j < 6; ++j) a[i][j] -= factor * a[k][j], inverse[i][j] -= factor * inverse[k][j];
    }
  }
  return inverse;
}

}  // namespace

StressError estimate_stress_error(const mesh::Mesh& mesh, const Points& points, const ElasticModuli& moduli, const std::vector<double>& stress) {
  std::vector<Moduli> compliances;
  mesh.comm.together([&] {
    for (const Moduli& m : moduli.table) compliances.push_back(compliance(m));
  });
  const NodeSums patches = fit_patches(mesh, points, moduli, stress);
  const int n = n_terms(mesh.shape), n_vertices = mesh::info(mesh.shape).n_vertices, n_points = int(rule(mesh.shape).weights.size());
  std::vector<double> blend(std::size_t(n_points) * n_vertices);  // the linear shape functions of the vertices
  for (int q = 0; q < n_points; ++q) mesh::shape_functions(mesh::linear(mesh.shape), rule(mesh.shape).points[q], &blend[q * n_vertices], nullptr);

  double own_blend[8];
  StressError error;
  error.element.assign(mesh.n_elements(), 0.0);
  double total = 0, norm = 0;
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    if (moduli.of_element[e] < 0) continue;
    const Moduli& c = compliances[moduli.of_element[e]];
    double of_element = 0, norm_of_element = 0;
    bool reached = false;
    const mesh::WeightedPoint* cut = mesh.cuts.whole(e) ? nullptr : &mesh.cuts.points[mesh.cuts.offset[mesh.cuts.of_element[e]]];
    for (int q = 0; q < points.offset[e + 1] - points.offset[e]; ++q) {
      const std::size_t point = points.offset[e] + q;
      const double* linear = cut ? own_blend : &blend[q * n_vertices];
      if (cut) mesh::shape_functions(mesh::Shape::hex8, cut[q].at, own_blend, nullptr);
      Sym3 recovered{}, difference;
      double share = 0;
      for (int v = 0; v < n_vertices; ++v) {
        const Index node = vertex(mesh, e, v);
        const Index found = patches.find(node, moduli.of_element[e]);
        if (found < 0 || patches[found][0] == 0) continue;
        const double* patch = patches[found];
        const Vector3 x = mesh.point(node);
        double b[max_terms];
        terms({points.position[3 * point] - x[0], points.position[3 * point + 1] - x[1], points.position[3 * point + 2] - x[2]}, n, b);
        share += linear[v];
        for (int i = 0; i < n; ++i)
          for (int k = 0; k < 6; ++k) recovered[k] += linear[v] * b[i] * patch[n * n + i * 6 + k];
      }
      if (!(reached = share > 0)) break;
      Sym3 own;
      for (int k = 0; k < 6; ++k) own[k] = stress[6 * point + k], difference[k] = recovered[k] / share - own[k];
      of_element += points.volume[point] * dot(difference, product(c, difference));
      norm_of_element += points.volume[point] * dot(own, product(c, own));
    }
    error.element[e] = reached ? std::sqrt(of_element) : std::numeric_limits<double>::quiet_NaN();
    if (reached) total += of_element, norm += norm_of_element;
    error.unreached += !reached;
  }
  error.total = std::sqrt(mesh.comm.sum(total));
  error.norm = std::sqrt(mesh.comm.sum(norm));
  error.unreached = mesh.comm.sum(error.unreached);
  return error;
}

}  // namespace winze::fem
