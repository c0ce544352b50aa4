#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "mesh/raw.hpp"

namespace winze::mesh {
namespace {

using Triple = std::array<GlobalIndex, 3>;

/// Every cell of a structured grid split along the diagonal 000–111 into the six tets of Kuhn, in the path order that Bey's refinement keeps; odd
/// ones have vertices 0 and 2 swapped so that all are positively oriented.
constexpr int kuhn[6][4] = {{0, 1, 3, 7}, {0, 2, 6, 7}, {0, 4, 5, 7}, {3, 2, 0, 7}, {5, 1, 0, 7}, {6, 4, 0, 7}};

/// A grid of cells[0] × cells[1] × cells[2] hexes (or six tets each). map: lattice (i, j, k) of the nodes → position; surface_of: side 0..5 (−i +i −j
/// +j −k +k) and hex (i, j, k) → index of the surface there.
template <class Map, class SurfaceOf>
RawMesh structured(const Comm& comm, Shape shape, const std::array<int, 3>& cells, std::vector<std::string> surface_names,
                   const SurfaceOf& surface_of, const Map& map) {
  const int degree = info(shape).degree;
  const bool tets = linear(shape) == Shape::tet4;
  Triple n_cells, n_nodes;
  for (int axis = 0; axis < 3; ++axis) {
    if (cells[axis] < 1)
      throw InputError("a structured mesh needs at least one cell along every axis, not {} × {} × {}", cells[0], cells[1], cells[2]);
    n_cells[axis] = cells[axis], n_nodes[axis] = GlobalIndex(cells[axis]) * degree + 1;
  }
  const auto split = [](GlobalIndex i, const Triple& n) { return Triple{i % n[0], i / n[0] % n[1], i / (n[0] * n[1])}; };
  const auto number = [&](const Triple& at) { return at[0] + n_nodes[0] * (at[1] + n_nodes[1] * at[2]); };

  RawMesh raw;
  raw.shape = shape;
  raw.n_nodes = n_nodes[0] * n_nodes[1] * n_nodes[2];
  raw.region_names = {"rock"};
  raw.surface_names = std::move(surface_names);

  const GlobalIndex node_end = block_begin(raw.n_nodes, comm.size(), comm.rank() + 1);
  GlobalIndex node = block_begin(raw.n_nodes, comm.size(), comm.rank());
  raw.points.reserve(size_t(3 * (node_end - node)));
  for (Triple at = split(node, n_nodes); node < node_end; ++node) {
    const Vector3 x = map(at);
    raw.points.insert(raw.points.end(), x.begin(), x.end());
    if (++at[0] == n_nodes[0]) at[0] = 0, ++at[1];
    if (at[1] == n_nodes[1]) at[1] = 0, ++at[2];
  }

  const GlobalIndex n_hexes = n_cells[0] * n_cells[1] * n_cells[2];
  const GlobalIndex hex_end = block_begin(n_hexes, comm.size(), comm.rank() + 1);
  const ShapeInfo& cell = info(shape);
  raw.cell_nodes.reserve(size_t(hex_end - block_begin(n_hexes, comm.size(), comm.rank())) * (tets ? 6 : 1) * cell.n_nodes);
  for (GlobalIndex hex = block_begin(n_hexes, comm.size(), comm.rank()); hex < hex_end; ++hex) {
    const Triple at = split(hex, n_cells);
    const GlobalIndex first = number({at[0] * degree, at[1] * degree, at[2] * degree});
    const auto corner = [&](int v) { return first + degree * ((v & 1) + n_nodes[0] * ((v >> 1 & 1) + n_nodes[1] * (v >> 2))); };
    bool outer[6];
    for (int axis = 0; axis < 3; ++axis) outer[2 * axis] = at[axis] == 0, outer[2 * axis + 1] = at[axis] == n_cells[axis] - 1;
    const auto add_faces = [&](const int* corners, int n_vertices) {  // corners of the hex at the vertices of the cell
      for (int f = 0; f < cell.n_faces; ++f)
        for (int side = 0; side < 6; ++side) {
          if (!outer[side]) continue;
          bool on_side = true;
          std::array<GlobalIndex, 4> vertices = {-1, -1, -1, -1};
          for (int i = 0; i < cell.n_face_vertices; ++i) {
            const int v = face_nodes(linear(shape), f)[i], c = n_vertices == 8 ? v : corners[v];
            on_side = on_side && (c >> side / 2 & 1) == side % 2;
            vertices[i] = corner(c);
          }
          if (on_side) raw.faces.push_back({surface_of(side, at), vertices});
        }
    };
    if (!tets) {
      for (int k = 0; k <= degree; ++k)
        for (int j = 0; j <= degree; ++j)
          for (int i = 0; i <= degree; ++i) raw.cell_nodes.push_back(first + i + n_nodes[0] * (j + n_nodes[1] * k));
      if (outer[0] || outer[1] || outer[2] || outer[3] || outer[4] || outer[5]) add_faces(nullptr, 8);
      continue;
    }
    for (const int* corners : kuhn) {
      for (int v = 0; v < 4; ++v) raw.cell_nodes.push_back(corner(corners[v]));
      constexpr int edges[6][2] = {{0, 1}, {1, 2}, {0, 2}, {0, 3}, {1, 3}, {2, 3}};
      for (int e = 0; degree == 2 && e < 6; ++e) raw.cell_nodes.push_back((corner(corners[edges[e][0]]) + corner(corners[edges[e][1]])) / 2);
      add_faces(corners, 4);
    }
  }
  raw.cell_region.assign(raw.cell_nodes.size() / cell.n_nodes, 0);
  return raw;
}

}  // namespace

RawMesh box(const Comm& comm, Shape shape, const Vector3& low, const Vector3& high, const std::array<int, 3>& cells) {
  for (int axis = 0; axis < 3; ++axis)
    if (!(high[axis] > low[axis])) throw InputError("the box is empty along axis {}: {} m to {} m", "xyz"[axis], low[axis], high[axis]);
  const int degree = info(shape).degree;
  const auto surface_of = [](int side, const Triple&) { return side; };
  return structured(comm, shape, cells, {"x_min", "x_max", "y_min", "y_max", "z_min", "z_max"}, surface_of, [&](const Triple& at) {
    Vector3 x;
    for (int axis = 0; axis < 3; ++axis) {
      const double s = double(at[axis]) / (double(cells[axis]) * degree);
      x[axis] = (1 - s) * low[axis] + s * high[axis];
    }
    return x;
  });
}

RawMesh quarter_drive(const Comm& comm, Shape shape, const QuarterDrive& drive) {
  if (!(drive.radius > 0 && drive.side > drive.radius && drive.height > 0))
    throw InputError("quarter drive: need 0 < radius < side and height > 0, got radius {} m, side {} m, height {} m", drive.radius, drive.side,
                     drive.height);
  if (drive.cells[1] % 2 != 0)
    throw InputError("quarter drive: {} cells round the quarter; an even number puts an edge on the corner", drive.cells[1]);
  const int degree = info(shape).degree;
  std::vector<double> grading(size_t(drive.cells[0]) * degree + 1), cosine(size_t(drive.cells[1]) * degree + 1), sine(cosine.size());
  for (size_t i = 0; i < grading.size(); ++i) {
    const double s = double(i) / double(grading.size() - 1);
    grading[i] = std::abs(drive.grading) < 1e-9 ? s : std::expm1(drive.grading * s) / std::expm1(drive.grading);
  }
  for (size_t j = 0; j < cosine.size(); ++j) {
    const double angle = 0.5 * std::numbers::pi * double(j) / double(cosine.size() - 1);
    cosine[j] = std::cos(angle), sine[j] = std::sin(angle);
  }
  cosine.back() = sine.front() = 0;
  const double layers = double(drive.cells[2]) * degree;
  const std::vector<std::string> names = {"wall", "x_far", "y_symmetry", "x_symmetry", "z_min", "z_max", "y_far"};
  const auto surface_of = [&](int side, const Triple& at) { return side == 1 && 2 * at[1] >= drive.cells[1] ? 6 : side; };
  return structured(comm, shape, drive.cells, names, surface_of, [&](const Triple& at) {
    const double g = grading[at[0]], c = cosine[at[1]], s = sine[at[1]], f = (1 - g) * drive.radius + g * drive.side / std::max(c, s);
    return Vector3{f * c, f * s, drive.height * double(at[2]) / layers};
  });
}

}  // namespace winze::mesh
