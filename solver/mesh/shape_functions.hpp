/// Lagrange shape functions of the four shapes on their reference cells: hexes on [−1, 1]³, tets on the unit tet (vertex 0 at the origin, vertices
/// 1, 2, 3 on the axes). Node order as in Shape. For set-up and sampling; operators have their own tabulated kernels.
#pragma once
#include "mesh/mesh.hpp"

namespace winze::mesh {

inline constexpr int max_nodes = 27;  ///< nodes of the largest shape

/// n[node] at reference point xi and, unless null, dn[node][axis] = ∂N/∂ξ_axis. Valid outside the reference cell too (polynomial extension).
void shape_functions(Shape shape, const Vector3& xi, double* n, double (*dn)[3]);
/// Reference coordinates of a node.
Vector3 reference_node(Shape shape, int node);
/// Reference coordinates of the middle of the cell.
inline Vector3 reference_centre(Shape shape) { return linear(shape) == Shape::hex8 ? Vector3{0, 0, 0} : Vector3{0.25, 0.25, 0.25}; }

/// Position and jacobian[i][j] = ∂x_i/∂ξ_j of the isoparametric map with node coordinates x[node][3].
Vector3 map_point(Shape shape, const double (*x)[3], const Vector3& xi, Matrix3* jacobian = nullptr);
inline double determinant(const Matrix3& a) { return dot(a[0], cross(a[1], a[2])); }

}  // namespace winze::mesh
