/// A closed triangulated solid: stopes, orebodies, dykes, old workings.
#pragma once
#include "geometry/face_tree.hpp"
#include "geometry/repair.hpp"
#include "geometry/solid.hpp"
#include "geometry/winding.hpp"

namespace winze::geometry {

/// Where damage().sound(), distances are exact and the side is that of the angle-weighted normal (Bærentzen and Aanæs 2005). Otherwise the side is
/// where the generalised winding number exceeds ½; faces with the same side before and behind are no wall, and where faces cross the distance is a
/// lower bound.
class TriangleMesh final : public Solid {
 public:
  static constexpr double standard_crease = 0.52;  ///< rad (30°)

  /// Mends first; InputError as in mend(). Faces that meet under less than `crease` belong to one smooth patch.
  explicit TriangleMesh(Triangles raw, double crease = standard_crease);

  const Damage& damage() const { return damage_; }
  const Triangles& triangles() const { return triangles_; }  ///< mended
  double winding(const Vector3& x) const { return winding_(x); }

  Box box() const override { return wall_.box(); }
  int n_patches() const override { return n_patches_; }
  double volume() const override;  ///< where not sound: along a raster of lines (some 10 ms), to about 0.3 %
  double area() const override { return area_; }
  bool inside(const Vector3& x) const override;
  Wall nearest(const Vector3& x, double within) const override;

 private:
  void find_wall(const std::vector<Index>& crossing);
  void find_patches(double crease);
  void find_normals();

  Triangles triangles_;
  Damage damage_;
  Winding winding_;
  FaceTree wall_;  ///< the faces that bound the solid
  std::vector<Vector3> face_normal_, corner_normal_;
  std::vector<std::array<Vector3, 3>> edge_normal_;
  std::vector<int> patch_;
  std::vector<double> curvature_radius_;
  int n_patches_ = 0;
  double area_ = 0;
};

}  // namespace winze::geometry
