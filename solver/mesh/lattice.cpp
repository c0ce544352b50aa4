#include "mesh/lattice.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "mesh/shape_functions.hpp"
#include "mesh/split.hpp"

namespace winze::mesh {
namespace {

/// Coordinates of a lattice point in a face's own frame: (first axis, second axis, 0) on quads, barycentric on triangles.
LatticePoint in_face(Shape shape, int order, int face, const LatticePoint& at) {
  const int* v = face_nodes(linear(shape), face);
  if (linear(shape) == Shape::hex8) return {at[(v[1] - v[0]) / 2], at[(v[2] - v[0]) / 2], 0};  // vertex strides 1, 2, 4 are axes 0, 1, 2
  const int barycentric[4] = {order - at[0] - at[1] - at[2], at[0], at[1], at[2]};
  return {barycentric[v[0]], barycentric[v[1]], barycentric[v[2]]};
}

/// The same point in the canonical frame of a face seen with `orientation`; `order` is the largest coordinate.
LatticePoint canonical(Shape shape, int order, int orientation, LatticePoint at) {
  if (linear(shape) == Shape::hex8) {
    const int lowest = orientation / 2;
    if (lowest & 1) at[0] = order - at[0];
    if (lowest & 2) at[1] = order - at[1];
    if (orientation & 1) std::swap(at[0], at[1]);
    return at;
  }
  const int a = orientation & 1, b = orientation >> 1 & 1, c = orientation >> 2 & 1;
  LatticePoint result;
  result[a + b] = at[0], result[1 - a + c] = at[1], result[2 - b - c] = at[2];
  return result;
}
bool possible(Shape shape, int orientation) { return linear(shape) == Shape::hex8 || (orientation != 2 && orientation != 5); }

}  // namespace

Lattice::Lattice(Shape shape, int refine) : shape(shape), refine(refine), order(info(shape).degree << refine) {
  enumerate();
  split();
  find_sub_faces();
}

void Lattice::enumerate() {
  const ShapeInfo& cell = info(linear(shape));
  number_.assign(size_t(order + 1) * (order + 1) * (order + 1), -1);
  for (int k = 0; k <= order; ++k)
    for (int j = 0; j <= order; ++j)
      for (int i = 0; i <= order; ++i) {
        if (!hex() && i + j + k > order) continue;
        number_[i + (order + 1) * (j + (order + 1) * k)] = n_points++;
        position.push_back({i, j, k});
        std::uint8_t faces;
        if (hex())
          faces = std::uint8_t((i == 0) | (i == order) << 1 | (j == 0) << 2 | (j == order) << 3 | (k == 0) << 4 | (k == order) << 5);
        else
          faces = std::uint8_t((i + j + k == order) | (i == 0) << 1 | (j == 0) << 2 | (k == 0) << 3);
        on_faces.push_back(faces);
        if (faces == 0) inner_points.push_back(n_points - 1);
      }
  std::vector<LatticePoint> corner;
  for (int v = 0; v < cell.n_vertices; ++v) {
    if (hex())
      corner.push_back({order * (v & 1), order * (v >> 1 & 1), order * (v >> 2)});
    else
      corner.push_back({order * (v == 1), order * (v == 2), order * (v == 3)});
    vertex_points.push_back(point(corner[v][0], corner[v][1], corner[v][2]));
  }
  for (int e = 0; e < n_edges(shape); ++e) {
    const LatticePoint &a = corner[edge_vertices(shape, e).a], &b = corner[edge_vertices(shape, e).b];
    for (int s = 1; s < order; ++s) {
      LatticePoint at;
      for (int axis = 0; axis < 3; ++axis) at[axis] = a[axis] + (b[axis] - a[axis]) / order * s;
      edge_points.push_back(point(at[0], at[1], at[2]));
    }
  }
  std::vector<LatticePoint> own;  // interior points of a face in its own frame, sorted: the same set for every face and orientation
  for (int face = 0; face < cell.n_faces; ++face) {
    std::vector<std::pair<LatticePoint, int>> inside;
    for (int p = 0; p < n_points; ++p)
      if (on_faces[p] == 1 << face) inside.emplace_back(in_face(shape, order, face, position[p]), p);
    std::sort(inside.begin(), inside.end());
    n_face_points = int(inside.size());
    own.clear();
    for (const auto& [at, p] : inside) own.push_back(at), face_points.push_back(p);
  }
  for (int o = 0; o < 8; ++o)
    for (size_t p = 0; possible(shape, o) && p < own.size(); ++p)
      canonical_point_[o].push_back(int(std::lower_bound(own.begin(), own.end(), canonical(shape, order, o, own[p])) - own.begin()));
}

int Lattice::point_in(int level, int element, const LatticePoint& t, int q) const {
  const int* v = vertices_[level].data() + size_t(element) * info(shape).n_vertices;
  const LatticePoint& origin = position[v[0]];
  LatticePoint at = origin;
  for (int a = 0; a < 3; ++a) {
    const LatticePoint& end = position[v[hex() ? 1 << a : a + 1]];
    for (int axis = 0; axis < 3; ++axis) at[axis] += (end[axis] - origin[axis]) * t[a] / q;
  }
  return point(at[0], at[1], at[2]);
}

std::vector<int> Lattice::nodes(int level, Shape other) const {
  const ShapeInfo& cell = info(other);
  std::vector<int> result;
  result.reserve(size_t(n_elements(level)) * cell.n_nodes);
  for (int e = 0; e < n_elements(level); ++e)
    for (int node = 0; node < cell.n_nodes; ++node) {
      const Vector3 xi = reference_node(other, node);
      LatticePoint t;
      for (int axis = 0; axis < 3; ++axis) t[axis] = int(std::lround((hex() ? 0.5 * (xi[axis] + 1) : xi[axis]) * cell.degree));
      result.push_back(point_in(level, e, t, cell.degree));
    }
  return result;
}

void Lattice::split() {
  const int n_vertices = info(shape).n_vertices;
  vertices_.resize(refine + 1);
  vertices_[refine] = vertex_points;
  for (int level = refine; level > 0; --level) {
    const std::vector<int> lattice = nodes(level, quadratic(shape));
    const int n_quadratic = info(quadratic(shape)).n_nodes;
    for (int e = 0; e < n_elements(level); ++e)
      for (int place = 0; place < 8; ++place)
        for (int v = 0; v < n_vertices; ++v) vertices_[level - 1].push_back(lattice[e * n_quadratic + child_vertices(shape, place)[v]]);
  }
}

void Lattice::find_sub_faces() {
  const ShapeInfo& cell = info(linear(shape));
  const int n = n_elements(0);
  inner_neighbour.assign(size_t(n) * cell.n_faces, 0);
  std::vector<std::vector<std::pair<LatticePoint, SubFace>>> on_face(cell.n_faces);
  std::vector<std::pair<std::array<int, 4>, int>> inside;  // sorted vertices, element · n_faces + face
  for (Index e = 0; e < n; ++e)
    for (int f = 0; f < cell.n_faces; ++f) {
      std::array<int, 4> corners = {-1, -1, -1, -1};
      std::uint8_t common = 255;
      for (int i = 0; i < cell.n_face_vertices; ++i) {
        corners[i] = vertices_[0][e * cell.n_vertices + face_nodes(linear(shape), f)[i]];
        common &= on_faces[corners[i]];
      }
      if (common == 0) {
        std::sort(corners.begin(), corners.end());
        inside.emplace_back(corners, e * cell.n_faces + f);
        continue;
      }
      const int face = int(std::countr_zero(common));
      LatticePoint sum{};
      for (int i = 0; i < cell.n_face_vertices; ++i) {
        const LatticePoint at = in_face(shape, order, face, position[corners[i]]);
        for (int axis = 0; axis < 3; ++axis) sum[axis] += at[axis];
      }
      on_face[face].push_back({sum, {e, std::int8_t(f)}});
      inner_neighbour[size_t(e) * cell.n_faces + f] = Index(-1 - face);
    }
  std::sort(inside.begin(), inside.end());
  for (size_t i = 0; i + 1 < inside.size(); i += 2) {
    inner_neighbour[inside[i].second] = inside[i + 1].second / cell.n_faces;
    inner_neighbour[inside[i + 1].second] = inside[i].second / cell.n_faces;
  }
  std::vector<LatticePoint> own;
  for (auto& faces : on_face) {
    std::sort(faces.begin(), faces.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    own.clear();
    for (const auto& [sum, sub_face] : faces) own.push_back(sum), sub_faces.push_back(sub_face);
  }
  for (int o = 0; o < 8; ++o)
    for (size_t s = 0; possible(shape, o) && s < own.size(); ++s)
      canonical_slot_[o].push_back(
          int(std::lower_bound(own.begin(), own.end(), canonical(shape, cell.n_face_vertices * order, o, own[s])) - own.begin()));
}

}  // namespace winze::mesh
