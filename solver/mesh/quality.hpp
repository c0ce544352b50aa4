/// Shape of single cells; see also quality() in raw.hpp.
#pragma once
#include "mesh/mesh.hpp"

namespace winze::mesh {

/// Smallest scaled Jacobian over the nodes of a cell with node coordinates x[node][3]: the determinant of ∂x/∂ξ over the product of its columns'
/// lengths; for tets √2 times the determinant over the largest product of three edge tangents meeting at a vertex, so that the regular tet has 1 (the
/// Verdict library's definition at vertices). ≤ 0: inverted there; −1 where it is not a number.
double scaled_jacobian(Shape shape, const double (*x)[3]);

struct WorstCell {
  double scaled_jacobian;
  Vector3 centre;
  GlobalIndex n_below;  ///< cells whose scaled Jacobian does not exceed the limit
};
/// Collective; the same on every rank.
WorstCell worst_cell(const Mesh& mesh, double limit);

/// Collective. Throws InputError naming the worst cell where any element is inverted or degenerate (scaled Jacobian below 1e-6).
void check_cells(const Mesh& mesh);

}  // namespace winze::mesh
