/// The contract of a closed solid: what the mesh asks of an excavation, an orebody, a dyke. Coordinates in m. Every query is const, allocates nothing
/// and may run on many threads at once.
#pragma once
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "geometry/box.hpp"

namespace winze::geometry {

/// A point of a wall, as seen from a query point.
struct Wall {
  double distance = std::numeric_limits<double>::infinity();  ///< of the query point: negative inside the solid
  Vector3 point{};                                            ///< on the wall
  Vector3 normal{};                                           ///< unit, out of the solid, of the patch
  int patch = -1;                                             ///< smooth piece of the wall, 0 … n_patches − 1; creases lie between patches
  double curvature_radius = std::numeric_limits<double>::infinity();  ///< smallest at the point; infinite on planes
};

class Solid {
 public:
  virtual ~Solid() = default;

  virtual Box box() const = 0;
  /// Adds boxes that together hold the solid, tighter than box() for what is long and winding.
  virtual void cover(std::vector<Box>& boxes) const { boxes.push_back(box()); }
  virtual int n_patches() const = 0;
  virtual double volume() const = 0;  ///< m³
  virtual double area() const = 0;    ///< of the wall with its end faces, m²

  virtual bool inside(const Vector3& x) const = 0;
  /// The nearest wall point. Where the wall is farther than `within`, distance is +∞ whatever the side: ask inside(). Exact unless the class says so;
  /// |distance| never exceeds the true one and never changes faster than x moves.
  virtual Wall nearest(const Vector3& x, double within = std::numeric_limits<double>::infinity()) const = 0;
  double distance(const Vector3& x) const { return nearest(x).distance; }

  /// Many points; quick where successive points are close to one another. walls.size() == points.size().
  void nearest(std::span<const Vector3> points, std::span<Wall> walls, double within = std::numeric_limits<double>::infinity()) const;
};

/// Way along a ray from a wall point (unit direction) to the next wall, at most `longest`, to 0.1 %; by steps of distance (sphere tracing, Hart
/// 1996). distance(x): to the nearest wall, either sign. Nothing thicker than 1e-5 · longest is missed.
template <class Distance>
double free_way(Distance distance, const Vector3& from, const Vector3& direction, double longest) {
  const double near = 1e-5 * longest;
  double way = longest / 4, d = 0;  // a first ball that touches the wall at `from` and no other
  while (way > near && (d = std::abs(distance(from + way * direction))) < (1 - 1e-6) * way) way /= 4;
  for (int i = 0; i < 1000 && way + d < longest; ++i) {
    way += d;
    d = std::abs(distance(from + way * direction));
    if (d < std::max(1e-3 * way, 0.1 * near)) return way;
  }
  return longest;
}

/// Width of the solid straight behind a wall point, at most `longest`: what cells must resolve or copy.
inline double thickness(const Solid& solid, const Wall& wall, double longest) {
  return free_way([&](const Vector3& x) { return solid.distance(x); }, wall.point, -wall.normal, longest);
}

}  // namespace winze::geometry
