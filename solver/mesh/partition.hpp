/// Which rank gets which unrefined cells, and their order there.
#pragma once
#include <vector>

#include "mesh/raw.hpp"

namespace winze::mesh {

/// Unrefined cells of this rank in the order of the space-filling curve.
struct Cells {
  std::vector<GlobalIndex> number;   ///< [cells] as the raw mesh counts them: by rank, then by place in the arrays
  std::vector<GlobalIndex> nodes;    ///< [cells][n_nodes], raw numbers
  std::vector<std::int32_t> region;  ///< [cells]
  std::vector<std::uint64_t> curve;  ///< [cells] key, ascending
};

/// Collective. Takes the cells out of `raw` and gives every rank an equal piece of the curve through the cells' centres. Throws InputError where
/// there are fewer cells than ranks.
Cells along_curve(const Comm& comm, RawMesh& raw);

/// Collective. Moves every cell to destination[cell]; each rank's cells come back in the order of the curve.
/// Throws InputError where a rank is left with none.
Cells move_cells(const Comm& comm, Shape shape, const Cells& cells, const std::vector<int>& destination);

/// Collective. A destination for every vertex of a distributed graph (rank r holds the vertices from the sum of n over lower ranks on) that balances
/// the ranks and cuts few edges, by PT-Scotch. neighbours[offset[i] .. offset[i + 1]): the global numbers next to vertex i.
std::vector<int> partition_graph(const Comm& comm, const std::vector<Index>& offset, const std::vector<GlobalIndex>& neighbours);

}  // namespace winze::mesh
