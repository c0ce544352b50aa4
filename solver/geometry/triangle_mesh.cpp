#include "geometry/triangle_mesh.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/error.hpp"
#include "geometry/topology.hpp"

namespace winze::geometry {
namespace {

double angle_between(const Vector3& a, const Vector3& b) { return std::atan2(norm(cross(a, b)), dot(a, b)); }

}  // namespace

TriangleMesh::TriangleMesh(Triangles raw, double crease) {
  Mended mended = mend(std::move(raw));
  triangles_ = std::move(mended.triangles);
  damage_ = mended.damage;
  winding_ = Winding(triangles_);
  for (const Face& f : triangles_.faces) face_normal_.push_back(unit(triangles_.area_vector(f)));
  find_wall(mended.crossing);
  find_patches(crease);
  find_normals();
  for (Index f : wall_) area_ += norm(triangles_.area_vector(triangles_.faces[f]));
}

void TriangleMesh::find_wall(const std::vector<Index>& crossing) {
  const auto& [points, faces] = triangles_;
  const double size = triangles_.box().diagonal(), step = 1e-6 * size;
  std::vector<Box> boxes;
  for (Index f = 0; f < Index(faces.size()); ++f) {
    Box box;
    for (Index p : faces[f]) box.add(points[p]);
    if (!damage_.sound()) {
      const Vector3 x = (1.0 / 3) * (points[faces[f][0]] + points[faces[f][1]] + points[faces[f][2]]), off = step * face_normal_[f];
      if ((winding_(x - off) > 0.5) == (winding_(x + off) > 0.5) && !std::binary_search(crossing.begin(), crossing.end(), f)) continue;
    }
    wall_.push_back(f);
    boxes.push_back(box);
  }
  tree_ = BoxTree(boxes);
  std::vector<Index> ordered;
  for (std::int32_t item : tree_.items()) {
    const Face& f = faces[wall_[item]];
    ordered.push_back(wall_[item]);
    corners_.push_back({points[f[0]], points[f[1]], points[f[2]]});
  }
  tree_.number_by_leaves();
  wall_ = std::move(ordered);
}

/// Patches are joined over edges of two faces that meet under less than the crease. The radius of curvature of a face is the smallest of |Δx| / |Δn|
/// along its edges, with normals of corners averaged within the patch.
void TriangleMesh::find_patches(double crease) {
  const auto& [points, faces] = triangles_;
  Sets sets{Index(faces.size())};
  const std::vector<EdgeUse> uses = edge_uses(faces);
  for_each_edge(uses, [&](std::span<const EdgeUse> edge) {
    if (edge.size() == 2 && angle_between(face_normal_[edge[0].face], face_normal_[edge[1].face]) < crease) sets.join(edge[0].face, edge[1].face);
  });
  Index n = 0;
  const std::vector<Index> number = sets.numbers(n);
  patch_.assign(number.begin(), number.end());
  n_patches_ = n;

  struct Corner {
    Index point;
    int patch;
    Index face;
    int corner;
  };
  std::vector<Corner> all;
  for (Index f = 0; f < Index(faces.size()); ++f)
    for (int k = 0; k < 3; ++k) all.push_back({faces[f][k], patch_[f], f, k});
  std::sort(all.begin(), all.end(),
            [](const Corner& a, const Corner& b) { return std::tie(a.point, a.patch, a.face) < std::tie(b.point, b.patch, b.face); });
  std::vector<std::array<Vector3, 3>> smooth(faces.size());
  for (std::size_t i = 0, j; i < all.size(); i = j) {
    Vector3 sum{};
    for (j = i; j < all.size() && all[j].point == all[i].point && all[j].patch == all[i].patch; ++j) {
      const Face& f = faces[all[j].face];
      const int k = all[j].corner;
      sum = sum + angle_between(points[f[(k + 1) % 3]] - points[f[k]], points[f[(k + 2) % 3]] - points[f[k]]) * face_normal_[all[j].face];
    }
    if (norm(sum) > 0) sum = unit(sum);
    for (std::size_t k = i; k < j; ++k) smooth[all[k].face][all[k].corner] = sum;
  }
  curvature_radius_.assign(faces.size(), Box::inf);
  for (std::size_t f = 0; f < faces.size(); ++f)
    for (int k = 0; k < 3; ++k) {
      const double turn = norm(smooth[f][(k + 1) % 3] - smooth[f][k]);
      if (turn > 1e-3) curvature_radius_[f] = std::min(curvature_radius_[f], norm(points[faces[f][(k + 1) % 3]] - points[faces[f][k]]) / turn);
    }
}

/// Normals that decide the side: sums over the faces at an edge; sums over the faces at a corner, weighted by their angles.
void TriangleMesh::find_normals() {
  const auto& [points, faces] = triangles_;
  corner_normal_.assign(points.size(), {});
  edge_normal_.resize(faces.size());
  for (std::size_t f = 0; f < faces.size(); ++f)
    for (int k = 0; k < 3; ++k) {
      const Vector3 &x = points[faces[f][k]], &next = points[faces[f][(k + 1) % 3]], &last = points[faces[f][(k + 2) % 3]];
      corner_normal_[faces[f][k]] = corner_normal_[faces[f][k]] + angle_between(next - x, last - x) * face_normal_[f];
    }
  const std::vector<EdgeUse> uses = edge_uses(faces);
  for_each_edge(uses, [&](std::span<const EdgeUse> edge) {
    Vector3 sum{};
    for (const EdgeUse& u : edge) sum = sum + face_normal_[u.face];
    for (const EdgeUse& u : edge) edge_normal_[u.face][u.corner] = sum;
  });
}

bool TriangleMesh::inside(const Vector3& x) const {
  return box().contains(x) && (damage_.sound() ? nearest(x, Box::inf).distance <= 0 : winding_(x) > 0.5);
}

Wall TriangleMesh::nearest(const Vector3& x, double within) const {
  Wall wall;
  double best2 = within * within;
  std::int32_t best = -1;
  int feature = 6;
  tree_.nearest(x, best2, [&](std::int32_t i, double bound2) {
    const OnTriangle on = nearest_on_triangle(x, corners_[i].a, corners_[i].b, corners_[i].c);
    const Vector3 d = x - on.point;
    const double d2 = dot(d, d);
    if (d2 > bound2 || (d2 == bound2 && best >= 0)) return bound2;
    best = i, best2 = d2, feature = on.feature, wall.point = on.point;
    return d2;
  });
  if (best < 0) return {};
  const Index f = wall_[best];
  wall.normal = face_normal_[f];
  wall.patch = patch_[f];
  wall.curvature_radius = curvature_radius_[f];
  bool in;
  if (damage_.sound()) {
    const Vector3& n = feature < 3 ? corner_normal_[triangles_.faces[f][feature]] : feature < 6 ? edge_normal_[f][feature - 3] : face_normal_[f];
    in = dot(x - wall.point, n) < 0;
  } else {
    in = inside(x);
  }
  wall.distance = in ? -std::sqrt(best2) : std::sqrt(best2);
  return wall;
}

double TriangleMesh::volume() const {
  if (damage_.sound()) return triangles_.enclosed();
  const auto& [points, faces] = triangles_;
  std::vector<Box> boxes(faces.size());
  for (std::size_t i = 0; i < faces.size(); ++i)
    for (Index p : faces[i]) boxes[i].add(points[p]);
  const BoxTree tree(boxes);
  const Box all = tree.box();
  constexpr int n = 200;
  const double du = (all.high[0] - all.low[0]) / n, dv = (all.high[1] - all.low[1]) / n;
  double sum = 0;
  std::vector<std::pair<double, int>> hits;
  for (int i = 0; i < n * n; ++i) {
    const double x = all.low[0] + du * (i % n + 0.5), y = all.low[1] + dv * (i / n + 0.5);
    hits.clear();
    tree.search([&](const Box& b) { return x >= b.low[0] && x <= b.high[0] && y >= b.low[1] && y <= b.high[1]; },
                [&](std::int32_t f) {
                  const Vector3 &a = points[faces[f][0]], &b = points[faces[f][1]], &c = points[faces[f][2]];
                  const auto side = [&](const Vector3& p, const Vector3& q) { return (q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0]); };
                  const double u = side(b, c), v = side(c, a), w = side(a, b), whole = u + v + w;
                  if (whole != 0 && ((u >= 0 && v >= 0 && w >= 0) || (u <= 0 && v <= 0 && w <= 0)))
                    hits.emplace_back((u * a[2] + v * b[2] + w * c[2]) / whole, whole > 0 ? -1 : 1);
                  return false;
                });
    std::sort(hits.begin(), hits.end());
    int depth = 0;
    for (std::size_t k = 0; k + 1 < hits.size(); ++k) {
      depth += hits[k].second;
      if (depth > 0) sum += hits[k + 1].first - hits[k].first;
    }
  }
  return sum * du * dv;
}

}  // namespace winze::geometry
