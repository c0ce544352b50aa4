/// Shape of single cells; see also quality() in raw.hpp.
#pragma once
#include "mesh/mesh.hpp"

namespace winze::mesh {

/// Smallest scaled Jacobian over the nodes of a cell with node coordinates x[node][3]: the determinant over the product of its columns' lengths, for
/// tets normalised so that the regular tet has 1 (Knupp 2000 and Verdict's definition at the vertices). ≤ 0: inverted there.
double scaled_jacobian(Shape shape, const double (*x)[3]);

/// Collective. Throws InputError naming the worst cell where any owned element is inverted or degenerate (scaled Jacobian below 1e-6).
void check_cells(const Mesh& mesh);

}  // namespace winze::mesh
