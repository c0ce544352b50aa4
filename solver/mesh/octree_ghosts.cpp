#include <algorithm>

#include "mesh/octree.hpp"

namespace winze::mesh {
namespace {

bool own(const Octree& tree, const Octant& o) { return std::binary_search(tree.leaves.begin(), tree.leaves.end(), encode(o)); }

/// Whether a leaf of this rank touches a cell: one of its size beside it, the parent of one, or a child of one at their common boundary.
bool touches_own(const Octree& tree, const Octant& cell) {
  const std::int32_t e = tree.edge(cell.level);
  for (int at = 0; at < 27; ++at) {
    Octant around = cell;
    around.at[0] += (at % 3 - 1) * e, around.at[1] += (at / 3 % 3 - 1) * e, around.at[2] += (at / 9 - 1) * e;
    if (!tree.inside(around.at)) continue;
    if (own(tree, around) || (around.level > 0 && own(tree, tree.parent(around)))) return true;
    if (around.level == tree.max_level) continue;
    for (int place = 0; place < 8; ++place) {
      const Octant child = tree.child(around, place);
      bool touching = true;
      for (int d = 0; d < 3; ++d) touching = touching && child.at[d] <= cell.at[d] + e && child.at[d] + e / 2 >= cell.at[d];
      if (touching && own(tree, child)) return true;
    }
  }
  return false;
}

}  // namespace

GhostLeaves ghost_leaves(const Octree& tree) {
  GhostLeaves ghosts;
  const Comm& comm = tree.comm;
  if (comm.size() == 1) return ghosts;
  std::vector<std::vector<std::uint64_t>> send(comm.size());
  std::vector<Index> last(comm.size(), -1);
  for (Index leaf = 0; leaf < tree.n_leaves(); ++leaf) {
    const Octant cell = decode(tree.leaves[leaf]);
    const std::int32_t e = tree.edge(cell.level);
    const std::uint64_t span = std::uint64_t(e) * e * e - 1;  // of keys inside a cube
    for (int at = 0; at < 27; ++at) {
      Octant around = cell;
      around.at[0] += (at % 3 - 1) * e, around.at[1] += (at / 3 % 3 - 1) * e, around.at[2] += (at / 9 - 1) * e;
      if (!tree.inside(around.at)) continue;
      const OctantCode first = encode(around);
      for (int r = tree.rank_of(first), end = tree.rank_of(first + (span << 5)); r <= end; ++r) {
        if (r == comm.rank() || last[r] == leaf) continue;
        last[r] = leaf;
        send[r].insert(send[r].end(), {tree.leaves[leaf], std::uint64_t(leaf), std::uint64_t(tree.region[leaf])});
      }
    }
  }
  const auto received = comm.all_to_all(send);
  for (int r = 0; r < comm.size(); ++r)
    for (std::size_t i = 0; i < received[r].size(); i += 3) {
      // It came because a cube of its size beside it reaches into this rank, perhaps with leaves that lie farther away.
      if (!touches_own(tree, decode(received[r][i]))) continue;
      ghosts.code.push_back(received[r][i]);
      ghosts.rank.push_back(r);
      ghosts.index.push_back(Index(received[r][i + 1]));
      ghosts.region.push_back(std::int32_t(received[r][i + 2]));
    }
  return ghosts;
}

Index LeafFinder::find(OctantCode code) const {
  const auto own = std::lower_bound(tree_.leaves.begin(), tree_.leaves.end(), code);
  if (own != tree_.leaves.end() && *own == code) return Index(own - tree_.leaves.begin());
  const auto other = std::lower_bound(ghosts_.code.begin(), ghosts_.code.end(), code);
  return other != ghosts_.code.end() && *other == code ? -2 - Index(other - ghosts_.code.begin()) : none;
}

}  // namespace winze::mesh
