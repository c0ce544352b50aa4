/// A mesh of cubes from an octree.
#pragma once
#include "mesh/mesh.hpp"
#include "mesh/octree.hpp"

namespace winze::mesh {

/// Collective. hex27 elements in the order of the leaves, with hanging nodes; surfaces x_min … z_max of the box; one level per coarser tree, the last
/// one the unrefined cells (but for those that the ends of the ranks' stretches keep apart). Results do not depend on the number of ranks:
/// original_element counts the leaves along the curve. Throws InputError where a leaf has a region that region_names lacks.
Mesh octree_mesh(const Octree& tree, std::vector<std::string> region_names);

}  // namespace winze::mesh
