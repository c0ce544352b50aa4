/// Nodes of the leaves of an octree, numbered and shared between ranks, with the rows of those that hang.
#pragma once
#include "base/hanging_nodes.hpp"
#include "base/shared_nodes.hpp"
#include "mesh/octree.hpp"

namespace winze::mesh {

/// Place of a node in halves of unit cells: x | y << 21 | z << 42. The same for all trees in one box.
using NodeKey = std::uint64_t;
inline NodeKey node_key(std::int64_t x, std::int64_t y, std::int64_t z) { return NodeKey(x) | NodeKey(y) << 21 | NodeKey(z) << 42; }
inline std::array<std::int32_t, 3> place_of(NodeKey key) {
  return {std::int32_t(key & 0x1fffff), std::int32_t(key >> 21 & 0x1fffff), std::int32_t(key >> 42)};
}

struct TreeNodes {
  SharedNodes nodes;
  std::vector<NodeKey> key;          ///< [n_local]
  std::vector<Index> element_nodes;  ///< [leaves][(degree + 1)³], lexicographic
  HangingNodes hanging;
};

/// Collective. Nodes of degree 1 (vertices) or 2 on every leaf. Owned nodes are numbered by first touch in the order of the leaves. Since leaves that
/// touch differ by one level at most, a hanging node lies on a face or an edge of its leaf's parent and its masters never hang.
TreeNodes number_nodes(const Octree& tree, const LeafFinder& finder, int degree);

}  // namespace winze::mesh
