/// Which rank gets which unrefined cells, and their order there.
#pragma once
#include <vector>

#include "mesh/raw.hpp"

namespace winze::mesh {

/// Unrefined cells of this rank in the order of the space-filling curve.
struct Cells {
  std::vector<GlobalIndex> nodes;    ///< [cells][n_nodes], raw numbers
  std::vector<std::int32_t> region;  ///< [cells]
  std::vector<std::uint64_t> curve;  ///< [cells] key, ascending
};

/// Collective. Takes the cells out of `raw` and gives every rank an equal piece of the curve through the cells' centres. Throws InputError where
/// there are fewer cells than ranks.
Cells along_curve(const Comm& comm, RawMesh& raw);

/// Collective. Moves every cell to destination[cell]; each rank's cells come back in the order of the curve.
Cells move_cells(const Comm& comm, Shape shape, const Cells& cells, const std::vector<int>& destination);

}  // namespace winze::mesh
