#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.hpp"
#include "base/simd.hpp"
#include "mesh/quality.hpp"
#include "mesh/shape_functions.hpp"

namespace winze::mesh {
namespace {

/// Nodes that take part in ∂x/∂ξ_axis at a node, and their weights: few of them, most derivatives vanish at nodes.
struct Tangent {
  int n = 0, node[max_nodes];
  double weight[max_nodes];
};
struct NodeTangents {
  Tangent at[max_nodes][3];
  explicit NodeTangents(Shape shape) {
    double n[max_nodes], dn[max_nodes][3];
    for (int point = 0; point < info(shape).n_nodes; ++point) {
      shape_functions(shape, reference_node(shape, point), n, dn);
      for (int axis = 0; axis < 3; ++axis)
        for (int node = 0; node < info(shape).n_nodes; ++node) {
          if (std::abs(dn[node][axis]) < 1e-12) continue;
          Tangent& t = at[point][axis];
          t.node[t.n] = node, t.weight[t.n++] = dn[node][axis];
        }
    }
  }
};
const NodeTangents& node_tangents(Shape shape) {
  static const NodeTangents tables[4] = {NodeTangents(Shape::hex8), NodeTangents(Shape::hex27), NodeTangents(Shape::tet4),
                                         NodeTangents(Shape::tet10)};
  return tables[int(shape)];
}

template <class T>
T square(const T (&a)[3]) {
  return a[0] * a[0] + a[1] * a[1] + a[2] * a[2];
}
template <class T>
T square_of_difference(const T (&a)[3], const T (&b)[3]) {
  const T d[3] = {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
  return square(d);
}
template <class T>
T larger(T a, T b) {
  return a > b ? a : b;
}

/// Square of the smallest scaled Jacobian with its sign. T: double or a pack of them, one lane per cell.
template <class T>
T signed_square(Shape shape, const T (*x)[3]) {
  const NodeTangents& tangents = node_tangents(shape);
  const int n_points = shape == Shape::tet4 ? 1 : info(shape).n_nodes;
  const bool hex = linear(shape) == Shape::hex8;
  T worst = T{} + 4.0;
  for (int point = 0; point < n_points; ++point) {
    T c[3][3];
    for (int axis = 0; axis < 3; ++axis) {
      const Tangent& t = tangents.at[point][axis];
      for (int i = 0; i < 3; ++i) c[axis][i] = T{};
      for (int k = 0; k < t.n; ++k)
        for (int i = 0; i < 3; ++i) c[axis][i] += t.weight[k] * x[t.node[k]][i];
    }
    const T det = c[0][0] * (c[1][1] * c[2][2] - c[1][2] * c[2][1]) + c[0][1] * (c[1][2] * c[2][0] - c[1][0] * c[2][2]) +
                  c[0][2] * (c[1][0] * c[2][1] - c[1][1] * c[2][0]);
    const T a = square(c[0]), b = square(c[1]), d = square(c[2]);
    T lengths;
    if (hex) {
      lengths = a * b * d;
    } else {
      const T ab = square_of_difference(c[0], c[1]), ad = square_of_difference(c[0], c[2]), bd = square_of_difference(c[1], c[2]);
      lengths = 0.5 * larger(larger(a * b * d, a * ab * ad), larger(b * ab * bd, d * ad * bd));
    }
    const T value = det * (det > 0.0 ? det : -det) / lengths;
    const T finite = value == value ? value : T{} - 1.0;  // an edge of no length
    worst = finite < worst ? finite : worst;
  }
  return worst;
}

double signed_root(double value) { return std::copysign(std::sqrt(std::abs(value)), value); }

}  // namespace

double scaled_jacobian(Shape shape, const double (*x)[3]) { return signed_root(signed_square<double>(shape, x)); }

WorstCell worst_cell(const Mesh& mesh, double limit) {
  constexpr int width = std::max(1, pack_width<double>);
  using Lanes = Pack<double, width>;
  const int n_nodes = info(mesh.shape).n_nodes;
  WorstCell worst{std::numeric_limits<double>::infinity(), {}, 0};
  Index element = -1;
  for (Index first = 0; first < mesh.n_elements(); first += width) {
    alignas(64) double lanes[max_nodes][3][width];
    Lanes x[max_nodes][3];
    for (int lane = 0; lane < width; ++lane) {
      const Index* node = mesh.nodes_of(std::min(first + lane, mesh.n_elements() - 1));
      for (int i = 0; i < n_nodes; ++i)
        for (int axis = 0; axis < 3; ++axis) lanes[i][axis][lane] = mesh.points[3 * size_t(node[i]) + axis];
    }
    std::memcpy(x, lanes, n_nodes * sizeof lanes[0]);
    const Lanes value = signed_square<Lanes>(mesh.shape, x);
    for (int lane = 0; lane < width && first + lane < mesh.n_elements(); ++lane) {
      const double scaled = signed_root(reinterpret_cast<const double*>(&value)[lane]);
      if (!(scaled > limit)) ++worst.n_below;
      if (scaled < worst.scaled_jacobian) worst.scaled_jacobian = scaled, element = first + lane;
    }
  }
  const struct {
    double value;
    int rank;
  } mine = {worst.scaled_jacobian, mesh.comm.rank()};
  auto lowest = mine;
  MPI_Allreduce(&mine, &lowest, 1, MPI_DOUBLE_INT, MPI_MINLOC, mesh.comm.handle());
  if (element >= 0) {
    double x[max_nodes][3];
    for (int i = 0; i < n_nodes; ++i) std::copy_n(mesh.points.data() + 3 * size_t(mesh.nodes_of(element)[i]), 3, x[i]);
    worst.centre = map_point(mesh.shape, x, reference_centre(mesh.shape));
  }
  MPI_Bcast(worst.centre.data(), 3, MPI_DOUBLE, lowest.rank, mesh.comm.handle());
  worst.scaled_jacobian = lowest.value;
  worst.n_below = mesh.comm.sum(worst.n_below);
  return worst;
}

void check_cells(const Mesh& mesh) {
  const WorstCell worst = worst_cell(mesh, 1e-6);
  if (worst.n_below > 0)
    throw InputError(
        "{} inverted or degenerate, the worst at ({:.6g}, {:.6g}, {:.6g}) m with scaled Jacobian {:.3g} (1 is perfect): correct the mesh",
        worst.n_below == 1 ? "1 cell is" : fmt::format("{} cells are", worst.n_below), worst.centre[0], worst.centre[1], worst.centre[2],
        worst.scaled_jacobian);
}

}  // namespace winze::mesh
