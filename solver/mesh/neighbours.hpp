/// What lies across every face of the finest elements.
#pragma once
#include <vector>

#include "mesh/numbering.hpp"

namespace winze::mesh {

/// Collective. Fills mesh.face_region, mesh.face_neighbour and mesh.remote_faces from the neighbours of the unrefined cells; mesh.region is set
/// already.
void find_neighbours(const Comm& comm, const Topology& t, const std::vector<SharedWith>& shared, const Lattice& lattice, Mesh& mesh);

}  // namespace winze::mesh
