#include "geometry/winding.hpp"

#include <numbers>

namespace winze::geometry {

Winding::Winding(const Triangles& t) {
  std::vector<Box> boxes(t.faces.size());
  for (std::size_t i = 0; i < boxes.size(); ++i)
    for (Index p : t.faces[i]) boxes[i].add(t.points[p]);
  tree_ = BoxTree(boxes);
  for (Index f : tree_.items()) corners_.push_back({t.points[t.faces[f][0]], t.points[t.faces[f][1]], t.points[t.faces[f][2]]});
  struct Range {
    std::int32_t begin, end;
  };
  const auto& nodes = tree_.nodes();
  std::vector<Range> ranges(nodes.size());
  clusters_.resize(nodes.size());
  constexpr double opening = 2.5;  // distance over radius from which the dipole stands for the cluster
  for (std::size_t at = nodes.size(); at-- > 0;) {
    const auto& node = nodes[at];
    ranges[at] = node.count > 0 ? Range{node.first, node.first + node.count} : Range{ranges[at + 1].begin, ranges[node.first].end};
    Cluster& c = clusters_[at];
    c = {};
    double area = 0;
    for (std::int32_t i = ranges[at].begin; i < ranges[at].end; ++i) {
      const auto& [p, q, r] = corners_[i];
      const Vector3 n = 0.5 * cross(q - p, r - p);
      const double a = norm(n) + 1e-300;
      c.dipole = c.dipole + (0.25 / std::numbers::pi) * n;
      c.centre = c.centre + (a / 3) * (p + q + r);
      area += a;
    }
    if (area > 0) c.centre = (1 / area) * c.centre;
    double r2 = 0;
    for (std::int32_t i = ranges[at].begin; i < ranges[at].end; ++i)
      for (const Vector3& p : corners_[i]) r2 = std::max(r2, dot(p - c.centre, p - c.centre));
    c.near2 = opening * opening * r2;
  }
}

double Winding::operator()(const Vector3& x) const {
  if (clusters_.empty()) return 0;
  const auto& nodes = tree_.nodes();
  std::array<std::int32_t, 64> stack;
  int n = 0;
  stack[n++] = 0;
  double sum = 0;
  SolidAngle near;
  while (n > 0) {
    const std::int32_t at = stack[--n];
    const Cluster& c = clusters_[at];
    const Vector3 arm = c.centre - x;
    const double d2 = dot(arm, arm);
    if (d2 > c.near2) {
      sum += dot(c.dipole, arm) / (d2 * std::sqrt(d2));
    } else if (nodes[at].count > 0) {
      for (std::int32_t i = nodes[at].first; i < nodes[at].first + nodes[at].count; ++i) near.add(x, corners_[i][0], corners_[i][1], corners_[i][2]);
    } else {
      stack[n++] = nodes[at].first;
      stack[n++] = at + 1;
    }
  }
  return sum + near.winding();
}

}  // namespace winze::geometry
