/// Outer faces that should have been inner ones.
#pragma once
#include "mesh/topology.hpp"

namespace winze::mesh {

/// Collective. Throws InputError where two outer faces of cells lie on each other (nodes not merged), or a vertex lies in the middle of an outer edge
/// or face (a hanging node): there the rock would be cut without anyone having said so. Positions are compared to 1e-7 of the mesh's size.
void check_touching(const Comm& comm, const Topology& t, const std::vector<SharedWith>& shared);

}  // namespace winze::mesh
