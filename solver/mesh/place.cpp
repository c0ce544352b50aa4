#include "mesh/place.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/error.hpp"
#include "mesh/shape_functions.hpp"
#include "mesh/split.hpp"

namespace winze::mesh {
namespace {

/// How every new lattice point of a once-split element follows from the element's nodes.
struct Interpolation {
  std::vector<LatticePoint> target;  ///< coordinates 0 … 2 · degree
  std::vector<int> offset = {0}, node;
  std::vector<double> weight;
};
Interpolation interpolation(Shape shape) {
  const ShapeInfo& cell = info(shape);
  const bool hex = linear(shape) == Shape::hex8;
  const int q = 2 * cell.degree;
  Interpolation result;
  for (int k = 0; k <= q; ++k)
    for (int j = 0; j <= q; ++j)
      for (int i = 0; i <= q; ++i) {
        if ((i % 2 == 0 && j % 2 == 0 && k % 2 == 0) || (!hex && i + j + k > q)) continue;
        Vector3 xi = {double(i) / q, double(j) / q, double(k) / q};
        if (hex)
          for (double& x : xi) x = 2 * x - 1;
        double n[max_nodes];
        shape_functions(shape, xi, n, nullptr);
        for (int node = 0; node < cell.n_nodes; ++node)
          if (std::abs(n[node]) > 1e-14) result.node.push_back(node), result.weight.push_back(n[node]);
        result.offset.push_back(int(result.node.size()));
        result.target.push_back({i, j, k});
      }
  return result;
}

void interpolate(const Topology& t, const Lattice& lattice, const Numbering& numbering, int level, const Interpolation& rule,
                 std::vector<char>& placed, std::vector<double>& points) {
  const std::vector<int> sources = lattice.nodes(level, t.shape);
  const int n_nodes = info(t.shape).n_nodes, n_targets = int(rule.target.size());
  std::vector<int> targets;
  for (int e = 0; e < lattice.n_elements(level); ++e)
    for (const LatticePoint& at : rule.target) targets.push_back(lattice.point_in(level, e, at, 2 * info(t.shape).degree));
  for (Index cell = 0; cell < t.n_cells(); ++cell) {
    const Index* node = numbering.of_cell(cell, lattice);
    for (int e = 0; e < lattice.n_elements(level); ++e) {
      double x[max_nodes][3];
      for (int i = 0; i < n_nodes; ++i) std::copy_n(points.data() + 3 * size_t(node[sources[e * n_nodes + i]]), 3, x[i]);
      for (int target = 0; target < n_targets; ++target) {
        const Index to = node[targets[e * n_targets + target]];
        if (std::exchange(placed[to], 1)) continue;
        double sum[3] = {0, 0, 0};
        for (int i = rule.offset[target]; i < rule.offset[target + 1]; ++i)
          for (int axis = 0; axis < 3; ++axis) sum[axis] += rule.weight[i] * x[rule.node[i]][axis];
        std::copy_n(sum, 3, points.data() + 3 * size_t(to));
      }
    }
  }
}

/// Nodes of each true surface and the cells they touch.
struct OnSurface {
  std::vector<std::vector<std::uint8_t>> flag;  ///< [true surface][local node]
  std::vector<char> any;                        ///< [local node]
  std::vector<Index> cells;
};
OnSurface on_surface(const Topology& t, const Lattice& lattice, const Numbering& numbering, const std::vector<CellFace>& faces,
                     const std::vector<std::string>& surface_names, const std::vector<TrueSurface>& true_surfaces) {
  OnSurface result;
  result.any.assign(numbering.nodes.n_local(), 0);
  for (const TrueSurface& shape : true_surfaces) {
    const auto name = std::find(surface_names.begin(), surface_names.end(), shape.surface);
    if (name == surface_names.end()) throw InputError("true surface '{}': the mesh has no surface of that name", shape.surface);
    if (shape.kind != TrueSurface::Kind::sphere && std::abs(norm(shape.axis) - 1) > 1e-9)
      throw InputError("true surface '{}': its axis is not a unit vector", shape.surface);
    if (shape.kind != TrueSurface::Kind::plane && !(shape.radius > 0))
      throw InputError("true surface '{}': its radius must be positive", shape.surface);
    const std::int32_t surface = std::int32_t(name - surface_names.begin());
    std::vector<std::uint8_t>& flag = result.flag.emplace_back(numbering.nodes.n_local(), 0);
    for (const CellFace& face : faces)
      if (face.surface == surface)
        for (int p = 0; p < lattice.n_points; ++p)
          if (lattice.on_faces[p] >> face.face & 1) flag[numbering.of_cell(face.cell, lattice)[p]] = 1;
    numbering.nodes.add_to_owners(flag.data(), 1);
    numbering.nodes.update_ghosts(flag.data(), 1);
    for (size_t node = 0; node < flag.size(); ++node) result.any[node] |= flag[node] != 0;
  }
  for (Index cell = 0; cell < t.n_cells(); ++cell) {
    const Index* node = numbering.of_cell(cell, lattice);
    if (std::any_of(node, node + lattice.n_points, [&](Index i) { return result.any[i]; })) result.cells.push_back(cell);
  }
  return result;
}

/// Moves the nodes of the listed lattice elements to the true surfaces; `list` as Lattice::nodes(level, quadratic shape).
void follow_surfaces(const Topology& t, const Lattice& lattice, const Numbering& numbering, const OnSurface& on,
                     const std::vector<TrueSurface>& shapes, const std::vector<int>& list, std::vector<double>& displacement,
                     std::vector<double>& points) {
  const Shape shape = quadratic(t.shape);
  const int n_nodes = info(shape).n_nodes, n_elements = int(list.size()) / n_nodes;
  std::vector<Index> moved;
  std::vector<char> seen(points.size() / 3, 0);
  const auto move = [&](Index node) { return displacement.data() + 3 * size_t(node); };
  for (Index cell : on.cells)
    for (int at : list) {
      const Index node = numbering.of_cell(cell, lattice)[at];
      if (std::exchange(seen[node], 1)) continue;
      moved.push_back(node);
      if (!on.any[node]) continue;
      const Vector3 start = {points[3 * size_t(node)], points[3 * size_t(node) + 1], points[3 * size_t(node) + 2]};
      Vector3 x = start;
      for (int pass = 0; pass < 50; ++pass) {  // alternating projection where several shapes meet
        const Vector3 before = x;
        for (size_t s = 0; s < shapes.size(); ++s)
          if (on.flag[s][node]) x = nearest(shapes[s], x);
        if (x == before) break;
      }
      for (int axis = 0; axis < 3; ++axis) move(node)[axis] = x[axis] - start[axis];
    }
  for (Index cell : on.cells)
    for (int e = 0; e < n_elements; ++e) {
      const Index* cell_nodes = numbering.of_cell(cell, lattice);
      const int* element = list.data() + size_t(e) * n_nodes;
      if (std::none_of(element, element + n_nodes, [&](int at) { return on.any[cell_nodes[at]]; })) continue;
      const auto is_vertex = [&](int node) { return masters_of(shape, node).n == 1; };
      if (shape == Shape::tet10) {
        for (int node = 4; node < 10; ++node) {
          const Index to = cell_nodes[element[node]];
          const Masters& ends = masters_of(shape, node);
          for (int axis = 0; axis < 3 && !on.any[to]; ++axis)
            move(to)[axis] = 0.5 * (move(cell_nodes[element[ends.vertex[0]]])[axis] + move(cell_nodes[element[ends.vertex[1]]])[axis]);
        }
        continue;
      }
      // Edge middles, then face middles, then the centre: by the number of axes along which a node is in the middle.
      constexpr int stride[3] = {1, 3, 9};
      for (int n_middle = 1; n_middle <= 3; ++n_middle)
        for (int node = 0; node < 27; ++node) {
          int free[3], n_free = 0;
          for (int axis = 0; axis < 3; ++axis)
            if (node / stride[axis] % 3 == 1) free[n_free++] = stride[axis];
          const Index to = cell_nodes[element[node]];
          if (n_free != n_middle || on.any[to] || is_vertex(node)) continue;
          for (int axis = 0; axis < 3; ++axis) {
            // Boolean sum of linear interpolations along the free axes: 1 − Π (1 − P_a), P_a the mean of both ends.
            double sum = 0;
            for (int subset = 1; subset < 1 << n_free; ++subset) {
              const int size = std::popcount(unsigned(subset));
              double part = 0;
              for (int ends = 0; ends < 1 << n_free; ++ends) {
                if (ends & ~subset) continue;
                int other = node;
                for (int a = 0; a < n_free; ++a)
                  if (subset >> a & 1) other += (ends >> a & 1 ? 1 : -1) * free[a];
                part += move(cell_nodes[element[other]])[axis];
              }
              sum += (size % 2 ? 1 : -1) * part / (1 << size);
            }
            move(to)[axis] = sum;
          }
        }
    }
  for (Index node : moved)
    for (int axis = 0; axis < 3; ++axis) points[3 * size_t(node) + axis] += std::exchange(move(node)[axis], 0);
}

void check_distance(const Topology& t, const std::vector<CellFace>& faces, const std::vector<std::string>& surface_names,
                    const std::vector<TrueSurface>& shapes) {
  for (const TrueSurface& shape : shapes)
    for (const CellFace& face : faces) {
      if (surface_names[face.surface] != shape.surface) continue;
      const Vector3 a = t.point(t.vertex(face.cell, 0)), b = t.point(t.vertex(face.cell, info(t.shape).n_vertices - 1));
      const double size = norm(Vector3{b[0] - a[0], b[1] - a[1], b[2] - a[2]});
      for (int i = 0; i < info(t.shape).n_face_vertices; ++i) {
        const Vector3 x = t.point(t.vertex(face.cell, face_nodes(linear(t.shape), face.face)[i])), y = nearest(shape, x);
        const double off = norm(Vector3{x[0] - y[0], x[1] - y[1], x[2] - y[2]});
        if (!(off <= 0.1 * size))
          throw InputError("true surface '{}': the mesh at ({:.6g}, {:.6g}, {:.6g}) m lies {:.4g} m off it; correct its centre, axis or radius",
                           shape.surface, x[0], x[1], x[2], off);
      }
    }
}

}  // namespace

Vector3 nearest(const TrueSurface& shape, const Vector3& point) {
  Vector3 from;
  for (int i = 0; i < 3; ++i) from[i] = point[i] - shape.centre[i];
  const double along = shape.kind == TrueSurface::Kind::sphere ? 0 : dot(from, shape.axis);
  Vector3 result = point;
  if (shape.kind == TrueSurface::Kind::plane) {
    for (int i = 0; i < 3; ++i) result[i] -= along * shape.axis[i];
    return result;
  }
  Vector3 out;
  for (int i = 0; i < 3; ++i) out[i] = from[i] - along * shape.axis[i];
  const double distance = norm(out);
  if (distance == 0) return point;
  for (int i = 0; i < 3; ++i) result[i] += (shape.radius / distance - 1) * out[i];
  return result;
}

std::vector<double> place_nodes(const Comm& comm, const Topology& t, const Lattice& lattice, const Numbering& numbering,
                                const std::vector<CellFace>& faces, const std::vector<std::string>& surface_names,
                                const std::vector<TrueSurface>& true_surfaces) {
  const int n_nodes = info(t.shape).n_nodes;
  const bool is_quadratic = info(t.shape).degree == 2;
  std::vector<double> points(3 * size_t(numbering.nodes.n_local()));
  std::vector<char> placed(numbering.nodes.n_local(), 0);
  const std::vector<int> raw_nodes = lattice.nodes(lattice.refine, t.shape);
  for (Index cell = 0; cell < t.n_cells(); ++cell)
    for (int i = 0; i < n_nodes; ++i) {
      const Index to = numbering.of_cell(cell, lattice)[raw_nodes[i]];
      if (std::exchange(placed[to], 1)) continue;
      const size_t from = 3 * size_t(t.cell_nodes[size_t(cell) * n_nodes + i]);
      for (int axis = 0; axis < 3; ++axis) points[3 * size_t(to) + axis] = t.points[from + axis];
    }
  OnSurface on;
  std::vector<double> displacement;
  if (!true_surfaces.empty()) {
    comm.together([&] { check_distance(t, faces, surface_names, true_surfaces); });
    on = on_surface(t, lattice, numbering, faces, surface_names, true_surfaces);
    displacement.assign(points.size(), 0);
  }
  const auto follow = [&](const std::vector<int>& list) {
    if (!true_surfaces.empty()) follow_surfaces(t, lattice, numbering, on, true_surfaces, list, displacement, points);
  };
  if (is_quadratic) follow(raw_nodes);
  const Interpolation rule = interpolation(t.shape);
  for (int level = lattice.refine; level > 0; --level) {
    interpolate(t, lattice, numbering, level, rule, placed, points);
    follow(is_quadratic ? lattice.nodes(level - 1, t.shape) : lattice.nodes(level, quadratic(t.shape)));
  }
  numbering.nodes.update_ghosts(points.data(), 3);  // the owner's rounding
  return points;
}

}  // namespace winze::mesh
