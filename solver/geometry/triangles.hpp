/// Triangles as plan files give them, and the small geometry of one triangle.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "base/types.hpp"
#include "geometry/box.hpp"

namespace winze::geometry {

using Face = std::array<Index, 3>;

/// Corners in m; faces run anticlockwise seen from outside where the surface is oriented.
struct Triangles {
  std::vector<Vector3> points;
  std::vector<Face> faces;

  Box box() const;  ///< of the corners that faces use
  Vector3 area_vector(const Face& f) const { return 0.5 * cross(points[f[1]] - points[f[0]], points[f[2]] - points[f[0]]); }
  Vector3 middle(const Face& f) const { return (1.0 / 3) * (points[f[0]] + points[f[1]] + points[f[2]]); }
  double enclosed() const;  ///< signed volume; meaningful where closed, m³
};

/// The point of a triangle nearest to x (Ericson 2005, 5.1.5), and what it lies on: 0, 1, 2 a corner; 3, 4, 5 the edge after corner 0, 1, 2; 6 the
/// face.
struct OnTriangle {
  Vector3 point;
  int feature;
};
OnTriangle nearest_on_triangle(const Vector3& x, const Vector3& a, const Vector3& b, const Vector3& c);

/// Sum of the solid angles of triangles seen from one point (van Oosterom and Strackee 1983), as a product of complex numbers with a count of its
/// turns: one arcus tangent for all triangles.
class SolidAngle {
 public:
  void add(const Vector3& x, const Vector3& a, const Vector3& b, const Vector3& c) {
    const Vector3 p = a - x, q = b - x, r = c - x;
    const double lp = norm(p), lq = norm(q), lr = norm(r);
    const double top = dot(p, cross(q, r)), below = lp * lq * lr + dot(p, q) * lr + dot(q, r) * lp + dot(r, p) * lq;
    if (top == 0) return;  // seen edge on
    const double re = re_ * below - im_ * top, im = re_ * top + im_ * below;
    if (im_ > 0 && top > 0 && im < 0) ++turns_;
    if (im_ < 0 && top < 0 && im > 0) --turns_;
    const double scale = 1 / (std::abs(re) + std::abs(im));
    re_ = re * scale, im_ = im * scale;
  }
  /// Over 4π: positive seen from behind the normals, 1 inside a closed outward surface.
  double winding() const;

 private:
  double re_ = 1, im_ = 0;
  int turns_ = 0;
};

/// True where the segment p–q crosses the inside of triangle abc; touching does not count.
bool crosses(const Vector3& p, const Vector3& q, const Vector3& a, const Vector3& b, const Vector3& c);

/// Cuts a simple, roughly plane polygon into triangles by clipping ears; a fan where no ear is found. `corners` index points.
void append_polygon(const std::vector<Vector3>& points, std::span<const Index> corners, std::vector<Face>& faces);

}  // namespace winze::geometry
