/// Solids with one formula: a box along the axes and a sphere. A cylinder is a circle swept along a straight path (geometry/sweep.hpp).
#pragma once
#include "geometry/solid.hpp"

namespace winze::geometry {

/// Patches 0 … 5: x low, x high, y low, y high, z low, z high. InputError unless high lies above low.
class Cuboid final : public Solid {
 public:
  Cuboid(const Vector3& low, const Vector3& high);
  Box box() const override { return box_; }
  int n_patches() const override { return 6; }
  double volume() const override;
  double area() const override;
  bool inside(const Vector3& x) const override { return box_.contains(x); }
  Wall nearest(const Vector3& x, double within) const override;

 private:
  Box box_;
};

/// InputError unless radius is positive. At the centre the nearest point is the one along +x.
class Sphere final : public Solid {
 public:
  Sphere(const Vector3& centre, double radius);
  Box box() const override { return Box{centre_, centre_}.grown(radius_); }
  int n_patches() const override { return 1; }
  double volume() const override;
  double area() const override;
  bool inside(const Vector3& x) const override { return norm(x - centre_) <= radius_; }
  Wall nearest(const Vector3& x, double within) const override;

 private:
  Vector3 centre_;
  double radius_;
};

}  // namespace winze::geometry
