/// Numbers of the nodes of the refined mesh, unique across ranks.
#pragma once
#include <vector>

#include "base/shared_nodes.hpp"
#include "mesh/lattice.hpp"
#include "mesh/topology.hpp"

namespace winze::mesh {

struct Numbering {
  SharedNodes nodes;
  std::vector<Index> lattice_nodes;  ///< [cells][lattice points] local node number
  const Index* of_cell(Index cell, const Lattice& lattice) const { return lattice_nodes.data() + size_t(cell) * lattice.n_points; }
};

/// Collective. Owned nodes are numbered by first touch in the order of the finest elements.
Numbering number_nodes(const Comm& comm, const Topology& t, const std::vector<SharedWith>& shared, const Lattice& lattice);

/// Orientation in which `cell` sees its face, see Lattice::orientation.
int face_orientation(const Topology& t, const Lattice& lattice, Index cell, int face);

}  // namespace winze::mesh
