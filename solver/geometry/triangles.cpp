#include "geometry/triangles.hpp"

#include <numbers>

namespace winze::geometry {

Box Triangles::box() const {
  Box box;
  for (const Face& f : faces)
    for (Index p : f) box.add(points[p]);
  return box;
}

double Triangles::enclosed() const {
  if (points.empty()) return 0;
  const Vector3 o = box().centre();
  double six = 0;
  for (const Face& f : faces) six += dot(points[f[0]] - o, cross(points[f[1]] - o, points[f[2]] - o));
  return six / 6;
}

OnTriangle nearest_on_triangle(const Vector3& x, const Vector3& a, const Vector3& b, const Vector3& c) {
  const Vector3 ab = b - a, ac = c - a, ax = x - a;
  const double d1 = dot(ab, ax), d2 = dot(ac, ax);
  if (d1 <= 0 && d2 <= 0) return {a, 0};
  const Vector3 bx = x - b;
  const double d3 = dot(ab, bx), d4 = dot(ac, bx);
  if (d3 >= 0 && d4 <= d3) return {b, 1};
  const double vc = d1 * d4 - d3 * d2;
  if (vc <= 0 && d1 >= 0 && d3 <= 0) return {a + (d1 / (d1 - d3)) * ab, 3};
  const Vector3 cx = x - c;
  const double d5 = dot(ab, cx), d6 = dot(ac, cx);
  if (d6 >= 0 && d5 <= d6) return {c, 2};
  const double vb = d5 * d2 - d1 * d6;
  if (vb <= 0 && d2 >= 0 && d6 <= 0) return {a + (d2 / (d2 - d6)) * ac, 5};
  const double va = d3 * d6 - d5 * d4;
  if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) return {b + ((d4 - d3) / ((d4 - d3) + (d5 - d6))) * (c - b), 4};
  const double s = 1 / (va + vb + vc);
  return {a + (vb * s) * ab + (vc * s) * ac, 6};
}

double SolidAngle::winding() const { return turns_ + std::atan2(im_, re_) / (2 * std::numbers::pi); }

bool crosses(const Vector3& p, const Vector3& q, const Vector3& a, const Vector3& b, const Vector3& c) {
  const Vector3 n = cross(b - a, c - a), way = q - p;
  const double size = norm(n), length = norm(way);
  if (!(size > 0 && length > 0)) return false;
  const double scale = std::sqrt(size), touch = 1e-7 * scale;
  const double hp = dot(n, p - a) / size, hq = dot(n, q - a) / size;
  if (!((hp > touch && hq < -touch) || (hp < -touch && hq > touch))) return false;
  const Vector3 x = p + (hp / (hp - hq)) * way;
  const double limit = 1e-7 * size;  // of areas
  return dot(n, cross(b - a, x - a)) / size > limit && dot(n, cross(c - b, x - b)) / size > limit && dot(n, cross(a - c, x - c)) / size > limit;
}

void append_polygon(const std::vector<Vector3>& points, std::span<const Index> corners, std::vector<Face>& faces) {
  const std::size_t n = corners.size();
  if (n < 3) return;
  if (n == 3) return faces.push_back({corners[0], corners[1], corners[2]});
  std::vector<Index> left(corners.begin(), corners.end());
  Vector3 normal{};  // twice the area vector
  for (std::size_t i = 1; i + 1 < n; ++i) normal = normal + cross(points[left[i]] - points[left[0]], points[left[i + 1]] - points[left[0]]);
  const auto area = [&](Index a, Index b, Index c) { return dot(normal, cross(points[b] - points[a], points[c] - points[a])); };
  const auto is_ear = [&](std::size_t i) {
    const std::size_t m = left.size();
    const Index a = left[(i + m - 1) % m], b = left[i], c = left[(i + 1) % m];
    if (!(area(a, b, c) > 0)) return false;
    for (Index p : left)
      if (p != a && p != b && p != c && area(a, b, p) >= 0 && area(b, c, p) >= 0 && area(c, a, p) >= 0) return false;
    return true;
  };
  std::size_t at = 0;
  while (left.size() > 3 && n <= 2000) {
    const std::size_t m = left.size();
    std::size_t tried = 0;
    while (tried < m && !is_ear((at + tried) % m)) ++tried;
    if (tried == m) break;
    const std::size_t ear = (at + tried) % m;
    faces.push_back({left[(ear + m - 1) % m], left[ear], left[(ear + 1) % m]});
    left.erase(left.begin() + std::ptrdiff_t(ear));
    at = ear % left.size() + 1;  // not the same corner again: thin fans are avoided
  }
  for (std::size_t i = 1; i + 1 < left.size(); ++i) faces.push_back({left[0], left[i], left[i + 1]});
}

}  // namespace winze::geometry
