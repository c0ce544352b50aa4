/// Cross-sections of drives and shafts: closed plane curves of lines and arcs, with exact distance. u points right, v up; the path of a sweep runs
/// through the origin.
#pragma once
#include <span>
#include <vector>

#include "geometry/vector.hpp"

namespace winze::geometry {

/// A line from a to b, or the arc from a anticlockwise round `centre` to b. The section lies on its left.
struct ProfileEdge {
  Vector2 a{}, b{};
  double radius = 0;  ///< 0: a line
  Vector2 centre{};
  double begin = 0, angle = 0;  ///< of an arc: direction of a, and how far round to b (0 … 2π), rad
  int patch = 0;

  bool is_arc() const { return radius > 0; }
  Vector2 at(double fraction) const;
  double length() const { return is_arc() ? radius * angle : norm(b - a); }
  Vector2 nearest(const Vector2& x) const;
  Vector2 normal(const Vector2& on) const;  ///< unit, out of the section, at a point of the edge
  Vector2 mean() const;                     ///< mean point along the length
};

class Profile {
 public:
  enum class Anchor { centre, floor };    ///< of the height: where the path runs; it halves the width
  static constexpr double crease = 0.52;  ///< rad; own polygons turning by more (30°) have a crease there

  /// All throw InputError where lengths are not positive or do not fit one another. Lengths in m.
  static Profile circle(double diameter);
  static Profile rectangle(double width, double height, Anchor anchor = Anchor::centre);
  /// Flat floor, upright walls, half a circle as roof: height ≥ width / 2.
  static Profile horseshoe(double width, double height, Anchor anchor = Anchor::centre);
  /// Flat floor, upright walls of height `wall`, a flatter arc as roof: 0 < height − wall ≤ width / 2.
  static Profile d_shape(double width, double height, double wall, Anchor anchor = Anchor::centre);
  /// Own corners in order, either way round; at least three, no side crossing another.
  static Profile polygon(std::span<const Vector2> corners);

  struct Near {
    double distance;  ///< ≥ 0
    Vector2 point;
    int edge;
  };
  Near nearest(const Vector2& x) const;
  bool inside(const Vector2& x) const;

  const std::vector<ProfileEdge>& edges() const { return edges_; }
  int n_patches() const { return n_patches_; }
  double area() const { return area_; }
  Vector2 centroid() const { return centroid_; }
  double perimeter() const;
  double support(const Vector2& direction) const;  ///< max of direction · point over the section
  bool round() const { return edges_.size() == 1; }

 private:
  explicit Profile(std::vector<ProfileEdge> edges);
  std::vector<ProfileEdge> edges_;
  int n_patches_ = 1;
  double area_ = 0;
  Vector2 centroid_{};
};

}  // namespace winze::geometry
