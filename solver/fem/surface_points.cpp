#include "fem/surface_points.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "fem/face_rule.hpp"
#include "mesh/shape_functions.hpp"

namespace winze::fem {
namespace {

using mesh::max_nodes;

void gather_coordinates(const mesh::Mesh& mesh, Index element, double (*x)[3]) {
  const Index* nodes = mesh.nodes_of(element);
  for (int a = 0; a < mesh::info(mesh.shape).n_nodes; ++a)
    for (int c = 0; c < 3; ++c) x[a][c] = mesh.points[3 * std::size_t(nodes[a]) + c];
}

/// Outward normal of length dA/(ds dt); position and reference coordinates unless null.
Vector3 face_normal(mesh::Shape shape, const double (*x)[3], const FaceMap& map, double s, double t, Vector3* position, Vector3* reference) {
  const Vector3 xi = map(s, t);
  Matrix3 jacobian;
  const Vector3 at = mesh::map_point(shape, x, xi, &jacobian);
  if (position) *position = at;
  if (reference) *reference = xi;
  const auto image = [&](const Vector3& axis) { return Vector3{dot(jacobian[0], axis), dot(jacobian[1], axis), dot(jacobian[2], axis)}; };
  return cross(image(map.s_axis), image(map.t_axis));
}

/// Smooth patch of every face: faces joined by an edge where their normals differ by less than 30°.
std::vector<std::int32_t> smooth_patches(const mesh::Mesh& mesh, const std::vector<mesh::Face>& faces) {
  static constexpr int quad_edges[4][2] = {{0, 1}, {1, 3}, {3, 2}, {2, 0}}, tri_edges[3][2] = {{0, 1}, {1, 2}, {2, 0}};
  static constexpr double quad_corners[4][2] = {{-1, -1}, {1, -1}, {-1, 1}, {1, 1}}, tri_corners[3][2] = {{0, 0}, {1, 0}, {0, 1}};
  const bool quad = mesh::info(mesh.shape).n_face_vertices == 4;
  const auto* ends = quad ? quad_edges : tri_edges;
  const auto* corners = quad ? quad_corners : tri_corners;
  struct Edge {
    Index low, high, face;
    Vector3 normal;
  };
  std::vector<Edge> edges;
  double x[max_nodes][3];
  for (std::size_t f = 0; f < faces.size(); ++f) {
    gather_coordinates(mesh, faces[f].element, x);
    const FaceMap map = face_map(mesh.shape, faces[f].face);
    const int* vertices = mesh::face_nodes(mesh::linear(mesh.shape), faces[f].face);
    for (int e = 0; e < mesh::info(mesh.shape).n_face_vertices; ++e) {
      const auto [a, b] = ends[e];
      const auto node = [&](int v) { return mesh.nodes_of(faces[f].element)[mesh::vertex_nodes(mesh.shape)[vertices[v]]]; };
      Vector3 n = face_normal(mesh.shape, x, map, (corners[a][0] + corners[b][0]) / 2, (corners[a][1] + corners[b][1]) / 2, nullptr, nullptr);
      const double length = norm(n);
      for (double& c : n) c /= length;
      edges.push_back({std::min(node(a), node(b)), std::max(node(a), node(b)), Index(f), n});
    }
  }
  std::sort(edges.begin(), edges.end(),
            [](const Edge& a, const Edge& b) { return std::tie(a.low, a.high, a.face) < std::tie(b.low, b.high, b.face); });

  std::vector<std::int32_t> root(faces.size());
  std::iota(root.begin(), root.end(), 0);
  const auto find = [&](std::int32_t f) {
    while (root[f] != f) f = root[f] = root[root[f]];
    return f;
  };
  const double smooth = std::sqrt(3.0) / 2;
  for (std::size_t i = 0; i < edges.size(); ++i)
    for (std::size_t j = i + 1; j < edges.size() && edges[j].low == edges[i].low && edges[j].high == edges[i].high; ++j)
      if (dot(edges[i].normal, edges[j].normal) > smooth) {
        const std::int32_t a = find(edges[i].face), b = find(edges[j].face);
        root[std::max(a, b)] = std::min(a, b);  // a root is the first face of its patch
      }
  std::vector<std::int32_t> patch(faces.size());
  std::int32_t n_patches = 0;
  for (std::size_t f = 0; f < faces.size(); ++f) patch[f] = find(Index(f)) == Index(f) ? n_patches++ : patch[find(Index(f))];
  return patch;
}

/// f[node][width] += ∫ N load dA.
template <int width, class Load>
void add_loads(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& at, const Load& load, double* f) {
  double n[max_nodes];
  for (std::size_t i = 0; i < at.size(); ++i) {
    mesh::shape_functions(mesh.shape, at[i].reference, n, nullptr);
    const Index* nodes = mesh.nodes_of(at[i].element);
    for (int a = 0; a < mesh::info(mesh.shape).n_nodes; ++a)
      for (int c = 0; c < width; ++c) f[std::size_t(nodes[a]) * width + c] += n[a] * at[i].weight * load(i, c);
  }
  mesh.add_to_owners(f, width);
}

/// The points of the part of an outer face that a cut element has; none where it does not reach it.
void add_hull_part(const mesh::Mesh& mesh, const mesh::Face& face, SurfacePoint point, std::vector<SurfacePoint>& points) {
  const mesh::Cuts& cuts = mesh.cuts;
  const auto before = [](const mesh::Face& a, const mesh::Face& b) { return std::tie(a.element, a.face) < std::tie(b.element, b.face); };
  const auto at = std::lower_bound(cuts.hull_face.begin(), cuts.hull_face.end(), face, before);
  if (at == cuts.hull_face.end() || before(face, *at)) return;
  const Vector3 low = mesh.point(mesh.nodes_of(face.element)[0]), high = mesh.point(mesh.nodes_of(face.element)[26]);
  point.normal[face.face / 2] = face.face % 2 ? 1 : -1;
  for (Index q = cuts.hull_offset[at - cuts.hull_face.begin()]; q < cuts.hull_offset[at - cuts.hull_face.begin() + 1]; ++q) {
    point.reference = cuts.hull[q].at;
    point.weight = cuts.hull[q].weight;
    for (int c = 0; c < 3; ++c) point.position[c] = low[c] + 0.5 * (point.reference[c] + 1) * (high[c] - low[c]);
    points.push_back(point);
  }
}

}  // namespace

std::vector<SurfacePoint> make_surface_points(const mesh::Mesh& mesh, const std::vector<mesh::Face>& faces, int surface, int stage, SurfaceUse use) {
  const FaceRule& rule = face_rule(mesh.shape, use);
  const std::vector<std::int32_t> patch = smooth_patches(mesh, faces);
  std::vector<SurfacePoint> points;
  points.reserve(faces.size() * rule.points.size());
  double x[max_nodes][3];
  for (std::size_t f = 0; f < faces.size(); ++f) {
    gather_coordinates(mesh, faces[f].element, x);
    const FaceMap map = face_map(mesh.shape, faces[f].face);
    if (!mesh.cuts.whole(faces[f].element)) {
      add_hull_part(mesh, faces[f], {{}, {}, 0, faces[f].element, {}, surface, stage, patch[f]}, points);
      continue;
    }
    for (std::size_t q = 0; q < rule.points.size(); ++q) {
      SurfacePoint point{};
      point.normal = face_normal(mesh.shape, x, map, rule.points[q][0], rule.points[q][1], &point.position, &point.reference);
      const double scale = norm(point.normal);
      for (double& c : point.normal) c /= scale;
      point.weight = rule.weights[q] * scale;
      point.element = faces[f].element;
      point.surface = surface;
      point.stage = stage;
      point.patch = patch[f];
      points.push_back(point);
    }
  }
  return points;
}

std::vector<Sym3> strain_at(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& at, const double* u) {
  std::vector<Sym3> strain(at.size());
  double n[max_nodes], dn[max_nodes][3], x[max_nodes][3];
  for (std::size_t i = 0; i < at.size(); ++i) {
    gather_coordinates(mesh, at[i].element, x);
    mesh::shape_functions(mesh.shape, at[i].reference, n, dn);
    const Index* nodes = mesh.nodes_of(at[i].element);
    Matrix3 tangent{}, slope{};  // [axis][c]: ∂x_c/∂ξ_axis, ∂u_c/∂ξ_axis
    for (int a = 0; a < mesh::info(mesh.shape).n_nodes; ++a)
      for (int axis = 0; axis < 3; ++axis)
        for (int c = 0; c < 3; ++c) {
          tangent[axis][c] += dn[a][axis] * (x[a][c] - x[0][c]);
          slope[axis][c] += dn[a][axis] * u[3 * std::size_t(nodes[a]) + c];
        }
    const double inverse = 1 / mesh::determinant(tangent);
    Matrix3 gradient{};  // ∂u_c/∂x_k
    for (int axis = 0; axis < 3; ++axis) {
      const Vector3 cofactor = cross(tangent[(axis + 1) % 3], tangent[(axis + 2) % 3]);
      for (int c = 0; c < 3; ++c)
        for (int k = 0; k < 3; ++k) gradient[c][k] += slope[axis][c] * cofactor[k] * inverse;
    }
    constexpr double half = 1 / sqrt2;
    strain[i] = {gradient[0][0],
                 gradient[1][1],
                 gradient[2][2],
                 half * (gradient[1][2] + gradient[2][1]),
                 half * (gradient[0][2] + gradient[2][0]),
                 half * (gradient[0][1] + gradient[1][0])};
  }
  return strain;
}

std::vector<double> value_at(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& at, const double* nodal) {
  std::vector<double> value(at.size());
  double n[max_nodes];
  for (std::size_t i = 0; i < at.size(); ++i) {
    mesh::shape_functions(mesh.shape, at[i].reference, n, nullptr);
    const Index* nodes = mesh.nodes_of(at[i].element);
    for (int a = 0; a < mesh::info(mesh.shape).n_nodes; ++a) value[i] += n[a] * nodal[nodes[a]];
  }
  return value;
}

std::vector<Vector3> vector_at(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& at, const double* u) {
  std::vector<Vector3> value(at.size(), Vector3{});
  double n[max_nodes];
  for (std::size_t i = 0; i < at.size(); ++i) {
    mesh::shape_functions(mesh.shape, at[i].reference, n, nullptr);
    const Index* nodes = mesh.nodes_of(at[i].element);
    for (int a = 0; a < mesh::info(mesh.shape).n_nodes; ++a)
      for (int c = 0; c < 3; ++c) value[i][c] += n[a] * u[3 * std::size_t(nodes[a]) + c];
  }
  return value;
}

void add_tractions(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& at, const std::vector<Vector3>& t, double* f) {
  add_loads<3>(
      mesh, at, [&](std::size_t i, int c) { return t[i][c]; }, f);
}

void add_fluxes(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& at, const std::vector<double>& q, double* f) {
  add_loads<1>(
      mesh, at, [&](std::size_t i, int) { return q[i]; }, f);
}

}  // namespace winze::fem
