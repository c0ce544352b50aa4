#include "mesh/quality.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mesh/raw.hpp"
#include "mesh/shape_functions.hpp"
#include "mesh/split.hpp"

namespace winze::mesh {
namespace {

void coordinates(const Mesh& mesh, Index element, double (*x)[3]) {
  const Index* node = mesh.nodes_of(element);
  for (int i = 0; i < info(mesh.shape).n_nodes; ++i) std::copy_n(mesh.points.data() + 3 * size_t(node[i]), 3, x[i]);
}

/// Gauss–Legendre points and weights on [0, 1] with n = 3.
constexpr double gauss_x[3] = {0.11270166537925831, 0.5, 0.88729833462074169};
constexpr double gauss_w[3] = {5.0 / 18, 8.0 / 18, 5.0 / 18};

struct Point3 {
  Vector3 xi;
  double weight;
};
/// Product rule on the reference cell; on tets collapsed (Stroud's conical product with Legendre points, exact to degree 3 and more for polynomials).
std::vector<Point3> volume_rule(Shape shape) {
  std::vector<Point3> rule;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 3; ++k) {
        const double a = gauss_x[i], b = gauss_x[j], c = gauss_x[k], w = gauss_w[i] * gauss_w[j] * gauss_w[k];
        if (linear(shape) == Shape::hex8)
          rule.push_back({{2 * a - 1, 2 * b - 1, 2 * c - 1}, 8 * w});
        else
          rule.push_back({{a, b * (1 - a), c * (1 - a) * (1 - b)}, w * (1 - a) * (1 - a) * (1 - b)});
      }
  return rule;
}

double volume(Shape shape, const double (*x)[3], const std::vector<Point3>& rule) {
  double sum = 0;
  for (const Point3& p : rule) {
    Matrix3 jacobian;
    map_point(shape, x, p.xi, &jacobian);
    sum += p.weight * determinant(jacobian);
  }
  return sum;
}

/// Area of a face: the reference face is mapped through the cell, by 3 × 3 points (collapsed on triangles).
double area(Shape shape, const double (*x)[3], int face) {
  const int* v = face_nodes(linear(shape), face);
  const Vector3 origin = reference_node(linear(shape), v[0]), u = reference_node(linear(shape), v[1]), w = reference_node(linear(shape), v[2]);
  const bool quad = linear(shape) == Shape::hex8;
  double sum = 0;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) {
      const double s = gauss_x[i], t = quad ? gauss_x[j] : gauss_x[j] * (1 - s), weight = gauss_w[i] * gauss_w[j] * (quad ? 1 : 1 - s);
      Vector3 xi, du{}, dw{};
      for (int axis = 0; axis < 3; ++axis) xi[axis] = origin[axis] + s * (u[axis] - origin[axis]) + t * (w[axis] - origin[axis]);
      Matrix3 jacobian;
      map_point(shape, x, xi, &jacobian);
      for (int row = 0; row < 3; ++row)
        for (int axis = 0; axis < 3; ++axis) {
          du[row] += jacobian[row][axis] * (u[axis] - origin[axis]);
          dw[row] += jacobian[row][axis] * (w[axis] - origin[axis]);
        }
      sum += weight * norm(cross(du, dw));
    }
  return sum;
}

}  // namespace

Quality quality(const Mesh& mesh) {
  Quality q;
  const WorstCell worst = worst_cell(mesh, 0);
  q.cells = mesh.n_elements_global(), q.nodes = mesh.nodes.n_global();
  q.inverted = worst.n_below, q.smallest_jacobian = worst.scaled_jacobian, q.worst_centre = worst.centre;
  q.region_volume.assign(mesh.region_names.size(), 0);
  q.surface_area.assign(mesh.surfaces.size(), 0);
  double smallest = std::numeric_limits<double>::infinity(), largest = 0, x[max_nodes][3];
  const std::vector<Point3> rule = volume_rule(mesh.shape);
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    coordinates(mesh, e, x);
    q.region_volume[mesh.region[e]] += volume(mesh.shape, x, rule);
    double shortest = std::numeric_limits<double>::infinity(), longest = 0;
    for (int edge = 0; edge < n_edges(mesh.shape); ++edge) {
      const double *a = x[vertex_nodes(mesh.shape)[edge_vertices(mesh.shape, edge).a]],
                   *b = x[vertex_nodes(mesh.shape)[edge_vertices(mesh.shape, edge).b]];
      const double length = norm(Vector3{b[0] - a[0], b[1] - a[1], b[2] - a[2]});
      shortest = std::min(shortest, length), longest = std::max(longest, length);
    }
    smallest = std::min(smallest, shortest), largest = std::max(largest, longest);
    q.largest_aspect = std::max(q.largest_aspect, longest / shortest);
  }
  const int n_faces = info(mesh.shape).n_faces;
  for (size_t s = 0; s < mesh.surfaces.size(); ++s)
    for (const Face& face : mesh.surfaces[s].faces) {
      coordinates(mesh, face.element, x);
      const bool inside = mesh.face_region[size_t(face.element) * n_faces + face.face] >= 0;  // both sides are in the list
      q.surface_area[s] += (inside ? 0.5 : 1) * area(mesh.shape, x, face.face);
    }
  mesh.comm.sum(q.region_volume.data(), int(q.region_volume.size()));
  mesh.comm.sum(q.surface_area.data(), int(q.surface_area.size()));
  for (double v : q.region_volume) q.volume += v;
  q.smallest_edge = mesh.comm.min(smallest), q.largest_edge = mesh.comm.max(largest);
  q.largest_aspect = mesh.comm.max(q.largest_aspect);
  return q;
}

}  // namespace winze::mesh
