/// A profile swept along a polyline: drives, ramps, shafts, cylinders. Bends are mitred: both pieces end on the bisecting plane; where their sections
/// do not match there (a bend that turns and dips at once, with a floor that stays level) the step is part of the wall. End faces are flat.
#pragma once
#include <span>
#include <vector>

#include "geometry/box_tree.hpp"
#include "geometry/profile.hpp"
#include "geometry/solid.hpp"

namespace winze::geometry {

class Sweep final : public Solid {
 public:
  static constexpr double crease = 0.26;  ///< rad; a path turning by more (15°) has a crease in its walls there

  /// `path`: points in m, at least two. The profile's v axis points upward across the path; where the path is vertical it points along the horizontal
  /// direction `vertical_up` = (sin, cos) of an azimuth, clockwise from north (y), rad.
  /// InputError naming the point of the path (from 1): not finite, a repeated path only, a bend of more than 120°, a piece shorter than its mitres
  /// need (the profile is larger than the bend), a path that runs into itself or ends where it began.
  Sweep(Profile profile, std::span<const Vector3> path, double vertical_up = 0);

  /// The part between two chainages (m along the path, from its beginning). A cut that falls into a bend moves to its bisecting plane, so that
  /// neighbouring parts share their faces and leave no gap. InputError where the part is empty or reaches past an end by more than 1 mm.
  Sweep part(double from, double to) const;

  double length() const { return chainage_.back(); }  ///< of the path, m
  const Profile& profile() const { return profile_; }
  int start_face() const { return n_smooth_ * profile_.n_patches(); }  ///< patch of the first end face
  int end_face() const { return start_face() + 1; }
  int step_face() const { return start_face() + 2; }  ///< patch of steps at bends

  Box box() const override { return tree_.box(); }
  void cover(std::vector<Box>& boxes) const override;
  int n_patches() const override { return start_face() + (all_match_ ? 2 : 3); }
  double volume() const override;
  double area() const override;  ///< steps at bends by a sum over a raster, to 1 % of themselves
  bool inside(const Vector3& x) const override;
  Wall nearest(const Vector3& x, double within) const override;

 private:
  /// A plane along which a piece ends; in the frame of the piece it is s = s + slope · (u, v).
  struct Cut {
    double s = 0;
    Vector2 slope{};
    double at(const Vector2& p) const { return s + dot(slope, p); }
  };
  struct Piece {
    Vector3 origin, along, right, up;
    double length;
    Cut low, high;
    double reach_low, reach_high;  ///< range of s that the piece fills
    int smooth;                    ///< pieces with the same number continue one another without a crease
    Vector3 at(double s, const Vector2& p) const { return origin + s * along + p[0] * right + p[1] * up; }
    Vector2 across(const Vector3& x) const { return {dot(x - origin, right), dot(x - origin, up)}; }
  };
  struct Joint {
    Vector3 point, normal;  ///< normal points on along the path
    bool match;
  };
  struct Best;

  Sweep(Profile profile, std::vector<Vector3> path, double vertical_up, const Vector3* first_face, const Vector3* last_face);
  Piece piece(std::size_t i) const;
  Box box_of(const Piece& p) const;
  void check_pieces() const;
  void check_apart() const;
  bool holds(std::size_t i, const Vector3& x) const;
  void wall_of(std::size_t i, const Vector3& x, Best& best) const;
  void edge_of(const Piece& p, const ProfileEdge& e, double s, const Vector2& uv, Best& best) const;
  void face(std::size_t joint, const Vector3& x, Best& best) const;

  Profile profile_;
  std::vector<Vector3> path_;
  std::vector<double> chainage_;
  double vertical_up_;
  std::vector<Piece> pieces_;
  std::vector<Joint> joints_;  ///< one per path point; the first and the last are the end faces
  int n_smooth_ = 1;
  bool all_match_ = true;
  BoxTree tree_;
};

/// InputError where the radius is not positive or the ends coincide. Patches: 0 side, 1 and 2 end faces at `from` and `to`.
Sweep cylinder(const Vector3& from, const Vector3& to, double radius);

}  // namespace winze::geometry
