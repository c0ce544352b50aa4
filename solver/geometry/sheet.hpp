/// Open surfaces: topography, tops and floors of layers. As a solid: what lies below the surface inside a block.
#pragma once
#include "geometry/face_tree.hpp"
#include "geometry/solid.hpp"

namespace winze::geometry {

/// The wall is the surface alone, one patch; the sides and the floor of the block are none. Queries outside the block are answered as if the surface
/// went on as far as its faces do, and by its lower side beyond.
class Sheet final : public Solid {
 public:
  /// `surface`: any orientation of faces. InputError, one line: not finite, a face that is upright, two faces over one point (an overhang or a fold),
  /// a surface that does not reach past the block on all sides.
  Sheet(Triangles surface, const Box& block);

  double height(double x, double y) const;  ///< z of the surface, m; NaN where it has none
  bool above(const Vector3& x) const { return !inside(x); }

  Box box() const override { return box_; }
  int n_patches() const override { return 1; }
  double volume() const override;  ///< below the surface, in the block; by a raster of 200 × 200
  double area() const override;    ///< of the surface over the block; by the same raster
  bool inside(const Vector3& x) const override { return x[2] <= height(x[0], x[1]); }
  Wall nearest(const Vector3& x, double within) const override;

 private:
  void check_single(const Triangles& t) const;
  void check_reach(const Triangles& t) const;

  Box block_, box_;
  FaceTree tree_;
  std::vector<Vector3> normal_;
};

}  // namespace winze::geometry
