/// Points of a face and the affine map from the face's own coordinates (s, t) to the reference coordinates of its element. Quads: (s, t) ∈ [−1, 1]²,
/// tris: the unit triangle.
#pragma once
#include <array>
#include <vector>

#include "fem/surface_points.hpp"
#include "mesh/shape_functions.hpp"

namespace winze::fem {

struct FaceRule {
  std::vector<std::array<double, 2>> points;
  std::vector<double> weights;  ///< sum = reference area (quad 4, tri 1/2)
};
/// integrate: exact for the product of two shape functions on a flat face: quad9 3×3 Gauss, quad4 2×2, tri6 6 points of degree 4, tri3 3 of degree 2.
/// sample: quad9 2×2, quad4 and tri3 the middle, tri6 3 points.
const FaceRule& face_rule(mesh::Shape shape, SurfaceUse use);

/// ξ = origin + s · s_axis + t · t_axis.
struct FaceMap {
  Vector3 origin, s_axis, t_axis;
  Vector3 operator()(double s, double t) const {
    return {origin[0] + s * s_axis[0] + t * t_axis[0], origin[1] + s * s_axis[1] + t * t_axis[1], origin[2] + s * s_axis[2] + t * t_axis[2]};
  }
};
FaceMap face_map(mesh::Shape shape, int face);

}  // namespace winze::fem
