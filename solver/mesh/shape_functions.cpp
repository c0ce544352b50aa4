#include "mesh/shape_functions.hpp"

namespace winze::mesh {
namespace {

constexpr int tet_edges[6][2] = {{0, 1}, {1, 2}, {0, 2}, {0, 3}, {1, 3}, {2, 3}};

/// 1-D Lagrange polynomials on {−1, 1} or {−1, 0, 1} and their derivatives.
template <int n>
void line(double x, double* l, double* dl) {
  if constexpr (n == 2) {
    l[0] = 0.5 * (1 - x), l[1] = 0.5 * (1 + x);
    dl[0] = -0.5, dl[1] = 0.5;
  } else {
    l[0] = 0.5 * x * (x - 1), l[1] = 1 - x * x, l[2] = 0.5 * x * (x + 1);
    dl[0] = x - 0.5, dl[1] = -2 * x, dl[2] = x + 0.5;
  }
}

template <int n>
void hex(const Vector3& xi, double* value, double (*gradient)[3]) {
  double l[3][n], d[3][n];
  for (int axis = 0; axis < 3; ++axis) line<n>(xi[axis], l[axis], d[axis]);
  for (int k = 0, node = 0; k < n; ++k)
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < n; ++i, ++node) {
        value[node] = l[0][i] * l[1][j] * l[2][k];
        if (!gradient) continue;
        gradient[node][0] = d[0][i] * l[1][j] * l[2][k];
        gradient[node][1] = l[0][i] * d[1][j] * l[2][k];
        gradient[node][2] = l[0][i] * l[1][j] * d[2][k];
      }
}

constexpr double barycentric_gradient[4][3] = {{-1, -1, -1}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

void tet4(const double* b, double* value, double (*gradient)[3]) {
  for (int v = 0; v < 4; ++v) value[v] = b[v];
  if (!gradient) return;
  for (int v = 0; v < 4; ++v)
    for (int axis = 0; axis < 3; ++axis) gradient[v][axis] = barycentric_gradient[v][axis];
}

void tet10(const double* b, double* value, double (*gradient)[3]) {
  for (int v = 0; v < 4; ++v) value[v] = b[v] * (2 * b[v] - 1);
  for (int e = 0; e < 6; ++e) value[4 + e] = 4 * b[tet_edges[e][0]] * b[tet_edges[e][1]];
  if (!gradient) return;
  for (int axis = 0; axis < 3; ++axis) {
    for (int v = 0; v < 4; ++v) gradient[v][axis] = (4 * b[v] - 1) * barycentric_gradient[v][axis];
    for (int e = 0; e < 6; ++e) {
      const int p = tet_edges[e][0], q = tet_edges[e][1];
      gradient[4 + e][axis] = 4 * (b[p] * barycentric_gradient[q][axis] + b[q] * barycentric_gradient[p][axis]);
    }
  }
}

}  // namespace

void shape_functions(Shape shape, const Vector3& xi, double* n, double (*dn)[3]) {
  const double b[4] = {1 - xi[0] - xi[1] - xi[2], xi[0], xi[1], xi[2]};
  switch (shape) {
    case Shape::hex8:
      return hex<2>(xi, n, dn);
    case Shape::hex27:
      return hex<3>(xi, n, dn);
    case Shape::tet4:
      return tet4(b, n, dn);
    case Shape::tet10:
      return tet10(b, n, dn);
  }
}

Vector3 reference_node(Shape shape, int node) {
  if (linear(shape) == Shape::hex8) {
    const int n = info(shape).degree + 1;
    const double step = 2.0 / info(shape).degree;
    return {node % n * step - 1, node / n % n * step - 1, node / (n * n) * step - 1};
  }
  const auto vertex = [](int v) { return Vector3{double(v == 1), double(v == 2), double(v == 3)}; };
  if (node < 4) return vertex(node);
  const Vector3 a = vertex(tet_edges[node - 4][0]), b = vertex(tet_edges[node - 4][1]);
  return {0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1]), 0.5 * (a[2] + b[2])};
}

Vector3 map_point(Shape shape, const double (*x)[3], const Vector3& xi, Matrix3* jacobian) {
  double n[max_nodes], dn[max_nodes][3];
  shape_functions(shape, xi, n, jacobian ? dn : nullptr);
  Vector3 position{};
  if (jacobian) *jacobian = {};
  for (int node = 0; node < info(shape).n_nodes; ++node)
    for (int i = 0; i < 3; ++i) {
      position[i] += n[node] * x[node][i];
      if (jacobian)
        for (int j = 0; j < 3; ++j) (*jacobian)[i][j] += dn[node][j] * x[node][i];
    }
  return position;
}

}  // namespace winze::mesh
