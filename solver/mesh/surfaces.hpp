/// Named surfaces of the unrefined mesh: patches given by vertices, matched with faces of cells.
#pragma once
#include <vector>

#include "mesh/topology.hpp"

namespace winze::mesh {

struct CellFace {
  std::int32_t surface;
  Index cell;
  int face;
};

/// Collective. Every face of this rank's cells that a patch names, sorted by (surface, cell, face), without repetition; both sides of a patch between
/// two cells. Throws InputError where a patch matches no face of any cell, or a surface has no patch at all.
std::vector<CellFace> match_surfaces(const Comm& comm, const RawMesh& raw, const NodeRequest& request, const Topology& t);

}  // namespace winze::mesh
