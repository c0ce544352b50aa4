/// Numbering of tets before red refinement.
#pragma once
#include "mesh/raw_nodes.hpp"

namespace winze::mesh {

/// Turns the vertices of every tet (keeping its orientation) so that the inner diagonal of its refinement, 02–13, is the shortest of the three:
/// refined tets are then no worse than need be (Zhang 1995). Hexes stay. cell_nodes as RawMesh; points [used][3].
void shorten_inner_diagonals(Shape shape, const NumberSet& used, const std::vector<double>& points, std::vector<GlobalIndex>& cell_nodes);

}  // namespace winze::mesh
