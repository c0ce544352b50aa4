/// Convex polyhedra: a cube clipped by planes.
#pragma once
#include <span>
#include <vector>

#include "geometry/vector.hpp"

namespace winze::mesh {

/// value(x) < 0 on its low side.
struct Plane {
  Vector3 normal{};  ///< need not be unit
  double offset = 0;
  double value(const Vector3& x) const { return dot(normal, x) - offset; }
};

struct Polyhedron {
  struct Side {
    int tag;
    std::vector<int> corners;  ///< anticlockwise seen from outside
  };
  std::vector<Vector3> points;
  std::vector<Side> sides;

  /// Sides tagged 0 … 5: x low, x high, y low, …
  static Polyhedron box(const Vector3& low, const Vector3& high);

  /// Parts the polyhedron along a plane that has corners on both sides; both parts get a side `tag` there. False where rounding hides the cut.
  bool clip(const Plane& plane, int tag, Polyhedron& low, Polyhedron& high) const;

  /// Calls visit(a, b, c, d) for tets of positive orientation that together fill it.
  template <class Visit>
  void tets(Visit visit) const {
    for (const Side& side : sides) {
      bool at_apex = false;
      for (int c : side.corners) at_apex = at_apex || c == 0;
      for (std::size_t i = 2; !at_apex && i < side.corners.size(); ++i)
        visit(points[0], points[side.corners[0]], points[side.corners[i - 1]], points[side.corners[i]]);
    }
  }
  double volume() const;
};

/// Centre of a side's corners.
Vector3 middle(const Polyhedron& p, const Polyhedron::Side& side);

}  // namespace winze::mesh
