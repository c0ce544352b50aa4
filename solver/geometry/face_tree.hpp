/// Triangles in a tree of boxes: the nearest one, and those over a point of the plan.
#pragma once
#include <vector>

#include "geometry/box_tree.hpp"
#include "geometry/triangles.hpp"

namespace winze::geometry {

class FaceTree {
 public:
  FaceTree() = default;
  /// Over the faces whose indices are given; all when `only` is null.
  explicit FaceTree(const Triangles& triangles, const std::vector<Index>* only = nullptr);

  struct Hit {
    Index face = -1;  ///< of the triangles; −1: none within
    int feature = 6;  ///< as nearest_on_triangle()
    double distance2 = Box::inf;
    Vector3 point{};
  };
  Hit nearest(const Vector3& x, double within) const;

  /// Calls visit(face, z, upward) for every face over or under (x, y), edges included; upright ones are left out.
  template <class Visit>
  void vertical(double x, double y, Visit visit) const {
    tree_.search([&](const Box& b) { return x >= b.low[0] && x <= b.high[0] && y >= b.low[1] && y <= b.high[1]; },
                 [&](std::int32_t i) {
                   const auto& [a, b, c] = corners_[i];
                   const auto side = [&](const Vector3& p, const Vector3& q) {  // the same magnitude from both faces of an edge: no gaps
                     const bool turned = p[0] != q[0] ? p[0] > q[0] : p[1] > q[1];
                     const Vector3 &from = turned ? q : p, &to = turned ? p : q;
                     const double area = (to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0]);
                     return turned ? -area : area;
                   };
                   const double u = side(b, c), v = side(c, a), w = side(a, b), whole = u + v + w;
                   if (whole != 0 && ((u >= 0 && v >= 0 && w >= 0) || (u <= 0 && v <= 0 && w <= 0)))
                     visit(faces_[i], (u * a[2] + v * b[2] + w * c[2]) / whole, whole > 0);
                   return false;
                 });
  }
  Box box() const { return tree_.box(); }

 private:
  BoxTree tree_;  ///< items are places in the two lists below
  std::vector<Index> faces_;
  std::vector<std::array<Vector3, 3>> corners_;
};

}  // namespace winze::geometry
