#include "geometry/primitives.hpp"

#include <numbers>

#include "base/error.hpp"

namespace winze::geometry {

Cuboid::Cuboid(const Vector3& low, const Vector3& high) : box_{low, high} {
  for (int d = 0; d < 3; ++d)
    if (!(std::isfinite(low[d]) && std::isfinite(high[d]) && high[d] > low[d]))
      throw InputError("high must lie above low along every axis; along {} it is {} m against {} m", "xyz"[d], high[d], low[d]);
}

double Cuboid::volume() const {
  const Vector3 e = box_.high - box_.low;
  return e[0] * e[1] * e[2];
}
double Cuboid::area() const {
  const Vector3 e = box_.high - box_.low;
  return 2 * (e[0] * e[1] + e[1] * e[2] + e[2] * e[0]);
}

Wall Cuboid::nearest(const Vector3& x, double within) const {
  Wall wall;
  wall.point = x;
  double best = -Box::inf;  // the face whose plane is farthest out decides, inside and outside
  for (int d = 0; d < 3; ++d) {
    wall.point[d] = std::clamp(x[d], box_.low[d], box_.high[d]);
    const double below = box_.low[d] - x[d], above = x[d] - box_.high[d];
    if (below > best) best = below, wall.patch = 2 * d;
    if (above > best) best = above, wall.patch = 2 * d + 1;
  }
  const int d = wall.patch / 2;
  const bool high = wall.patch % 2;
  if (best <= 0) wall.point[d] = high ? box_.high[d] : box_.low[d];
  wall.normal[d] = high ? 1 : -1;
  wall.distance = best <= 0 ? best : norm(x - wall.point);
  return std::abs(wall.distance) <= within ? wall : Wall{};
}

Sphere::Sphere(const Vector3& centre, double radius) : centre_(centre), radius_(radius) {
  if (!(finite(centre) && std::isfinite(radius) && radius > 0)) throw InputError("the radius of a sphere must be positive; it is {} m", radius);
}

double Sphere::volume() const { return 4 * std::numbers::pi / 3 * radius_ * radius_ * radius_; }
double Sphere::area() const { return 4 * std::numbers::pi * radius_ * radius_; }

Wall Sphere::nearest(const Vector3& x, double within) const {
  const Vector3 arm = x - centre_;
  const double r = norm(arm);
  if (!(std::abs(r - radius_) <= within)) return {};
  const Vector3 normal = r > 0 ? (1 / r) * arm : Vector3{1, 0, 0};
  return {r - radius_, centre_ + radius_ * normal, normal, 0, radius_};
}

}  // namespace winze::geometry
