/// Positions of the refined mesh's nodes.
#pragma once
#include <vector>

#include "mesh/numbering.hpp"
#include "mesh/surfaces.hpp"

namespace winze::mesh {

/// Collective. Points [local nodes][3], m: raw nodes where they are, new nodes at the image of their place under the parent's isoparametric map,
/// split by split. After each split nodes of true surfaces move to the nearest point of the shape; other middle nodes of the cells there follow by
/// transfinite interpolation of the displacements (Gordon & Hall 1973) so that they stay in the middle. Throws InputError where a true surface names
/// no surface of the mesh or the mesh's vertices lie off it by more than a tenth of a cell.
std::vector<double> place_nodes(const Comm& comm, const Topology& t, const Lattice& lattice, const Numbering& numbering,
                                const std::vector<CellFace>& faces, const std::vector<std::string>& surface_names,
                                const std::vector<TrueSurface>& true_surfaces);

/// Nearest point of the shape; a point on the axis of a cylinder or at the centre of a sphere stays.
Vector3 nearest(const TrueSurface& shape, const Vector3& point);

}  // namespace winze::mesh
