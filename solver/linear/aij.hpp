/// Block matrices in PETSc's AIJ format. Only for .cpp files of linear/.
#pragma once
#include <vector>

#include "linear/block_matrix.hpp"
#include "linear/petsc.hpp"

namespace winze::linear {

/// The nodes that become block rows.
struct LiveNodes {
  std::vector<GlobalIndex> number;  ///< [n_local nodes] block row, −1 where left out
  std::vector<Index> kept;          ///< owned nodes with a row, ascending
};
/// Collective. Nodes that have an unknown.
template <class T>
LiveNodes number_live_nodes(const BlockMatrix<T>& a);
/// Every node, in the order of SharedNodes.
LiveNodes all_nodes(const SharedNodes& nodes);

/// Collective. The rows and columns of the given nodes, the ranks' shares of a row summed. Held dofs get a diagonal of the size of the others.
template <class T>
OwnedMat make_aij(const BlockMatrix<T>& a, const LiveNodes& live);

}  // namespace winze::linear
