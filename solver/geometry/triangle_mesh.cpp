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
}

void TriangleMesh::find_wall(const std::vector<Index>& crossing) {
  const auto& [points, faces] = triangles_;
  const double size = triangles_.box().diagonal(), step = 1e-6 * size;
  std::vector<Index> wall;
  for (Index f = 0; f < Index(faces.size()); ++f) {
    if (!damage_.sound()) {
      const Vector3 x = (1.0 / 3) * (points[faces[f][0]] + points[faces[f][1]] + points[faces[f][2]]), off = step * face_normal_[f];
      if ((winding_(x - off) > 0.5) == (winding_(x + off) > 0.5) && !std::binary_search(crossing.begin(), crossing.end(), f)) continue;
    }
    wall.push_back(f);
    area_ += norm(triangles_.area_vector(faces[f]));
  }
  wall_ = FaceTree(triangles_, &wall);
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
  const FaceTree::Hit hit = wall_.nearest(x, within);
  if (hit.face < 0) return {};
  const Index f = hit.face;
  Wall wall;
  wall.point = hit.point;
  wall.normal = face_normal_[f];
  wall.patch = patch_[f];
  wall.curvature_radius = curvature_radius_[f];
  bool in;
  if (damage_.sound()) {
    const Vector3& n = hit.feature < 3   ? corner_normal_[triangles_.faces[f][hit.feature]]
                       : hit.feature < 6 ? edge_normal_[f][hit.feature - 3]
                                         : face_normal_[f];
    in = dot(x - wall.point, n) < 0;
  } else {
    in = inside(x);
  }
  wall.distance = in ? -std::sqrt(hit.distance2) : std::sqrt(hit.distance2);
  return wall;
}

double TriangleMesh::volume() const {
  if (damage_.sound()) return triangles_.enclosed();
  const FaceTree tree(triangles_);
  const Box all = tree.box();
  constexpr int n = 200;
  const double du = (all.high[0] - all.low[0]) / n, dv = (all.high[1] - all.low[1]) / n;
  double sum = 0;
  std::vector<std::pair<double, int>> hits;
  for (int i = 0; i < n * n; ++i) {
    const double x = all.low[0] + du * (i % n + 0.4971), y = all.low[1] + dv * (i / n + 0.5017);  // not on the edges of regular faces
    hits.clear();
    tree.vertical(x, y, [&](Index, double z, bool upward) { hits.emplace_back(z, upward ? -1 : 1); });
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
