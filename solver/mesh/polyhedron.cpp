#include "mesh/polyhedron.hpp"

#include <array>

namespace winze::mesh {

using namespace geometry;  // arithmetic of points

Polyhedron Polyhedron::box(const Vector3& low, const Vector3& high) {
  Polyhedron p;
  for (int v = 0; v < 8; ++v) p.points.push_back({v & 1 ? high[0] : low[0], v & 2 ? high[1] : low[1], v & 4 ? high[2] : low[2]});
  p.sides = {{0, {0, 4, 6, 2}}, {1, {1, 3, 7, 5}}, {2, {0, 1, 5, 4}}, {3, {2, 6, 7, 3}}, {4, {0, 2, 3, 1}}, {5, {4, 5, 7, 6}}};
  return p;
}

bool Polyhedron::clip(const Plane& plane, int tag, Polyhedron& low, Polyhedron& high) const {
  const std::size_t n = points.size();
  std::vector<double> value(n);
  std::vector<int> in_low(n, -1), in_high(n, -1);
  low.points.clear(), low.sides.clear(), high.points.clear(), high.sides.clear();
  for (std::size_t i = 0; i < n; ++i) {
    value[i] = plane.value(points[i]);
    Polyhedron& part = value[i] < 0 ? low : high;
    (value[i] < 0 ? in_low : in_high)[i] = int(part.points.size());
    part.points.push_back(points[i]);
  }
  if (low.points.empty() || high.points.empty()) return false;
  struct Crossing {
    int a, b, low, high;  ///< edge from a corner below to one above, and the new corner in both parts
    int next = -1;        ///< along the rim, seen from the high part
  };
  std::vector<Crossing> crossings;
  const auto crossing = [&](int i, int j) {
    const int a = value[i] < 0 ? i : j, b = value[i] < 0 ? j : i;
    for (std::size_t k = 0; k < crossings.size(); ++k)
      if (crossings[k].a == a && crossings[k].b == b) return int(k);
    const double t = value[a] / (value[a] - value[b]);
    const Vector3 x = points[a] + t * (points[b] - points[a]);
    crossings.push_back({a, b, int(low.points.size()), int(high.points.size())});
    low.points.push_back(x), high.points.push_back(x);
    return int(crossings.size()) - 1;
  };
  for (const Side& side : sides) {
    Side below{side.tag, {}}, above{side.tag, {}};
    int leaves = -1, enters = -1, changes = 0;  // the low part
    for (std::size_t i = 0; i < side.corners.size(); ++i) {
      const int a = side.corners[i], b = side.corners[(i + 1) % side.corners.size()];
      (value[a] < 0 ? below : above).corners.push_back(value[a] < 0 ? in_low[a] : in_high[a]);
      if ((value[a] < 0) == (value[b] < 0)) continue;
      const int c = crossing(a, b);
      below.corners.push_back(crossings[c].low), above.corners.push_back(crossings[c].high);
      (value[a] < 0 ? leaves : enters) = c, ++changes;
    }
    if (changes > 2) return false;
    if (changes == 2) crossings[leaves].next = enters;
    if (below.corners.size() > 2) low.sides.push_back(std::move(below));
    if (above.corners.size() > 2) high.sides.push_back(std::move(above));
  }
  // The rim: each side leads from where it leaves the low part to where it enters, which is anticlockwise for the high part's new side turned over.
  Side cap_low{tag, {}}, cap_high{tag, {}};
  int at = 0;
  for (std::size_t steps = 0; steps < crossings.size(); ++steps) {
    cap_high.corners.push_back(crossings[at].high);
    at = crossings[at].next;
    if (at < 0) return false;
  }
  if (at != 0 || crossings.size() < 3) return false;
  at = 0;
  for (std::size_t steps = 0; steps < crossings.size(); ++steps, at = crossings[at].next)
    cap_low.corners.insert(cap_low.corners.begin(), crossings[at].low);
  low.sides.push_back(std::move(cap_low)), high.sides.push_back(std::move(cap_high));
  return true;
}

double Polyhedron::volume() const {
  double sum = 0;
  tets([&](const Vector3& a, const Vector3& b, const Vector3& c, const Vector3& d) { sum += dot(b - a, cross(c - a, d - a)) / 6; });
  return sum;
}

Vector3 middle(const Polyhedron& p, const Polyhedron::Side& side) {
  Vector3 sum{};
  for (int c : side.corners) sum = sum + p.points[c];
  return (1.0 / double(side.corners.size())) * sum;
}

}  // namespace winze::mesh
