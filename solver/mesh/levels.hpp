/// The linear levels below a mesh.
#pragma once
#include <vector>

#include "mesh/numbering.hpp"

namespace winze::mesh {

/// Collective. `refine` + 1 levels, see Level: mesh.nodes and mesh.points are set already.
std::vector<Level> build_levels(const Comm& comm, const Lattice& lattice, const Numbering& numbering, const Mesh& mesh, Index n_cells);

}  // namespace winze::mesh
