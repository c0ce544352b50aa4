#include "mesh/octree_nodes.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace winze::mesh {
namespace {

/// Numbers keys by first touch.
class KeyNumbers {
 public:
  explicit KeyNumbers(std::size_t expected) { grow(std::max<std::size_t>(64, 2 * expected)); }
  Index add(NodeKey key) {
    if (2 * keys.size() > slots_.size()) grow(2 * slots_.size());
    Index& slot = slots_[place(key)];
    if (slot < 0) slot = Index(keys.size()), keys.push_back(key);
    return slot;
  }
  Index find(NodeKey key) const { return slots_[place(key)]; }  ///< −1 if absent
  std::vector<NodeKey> keys;

 private:
  std::size_t place(NodeKey key) const {
    std::size_t at = std::size_t(key * 0x9e3779b97f4a7c15ull >> shift_);
    while (slots_[at] >= 0 && keys[slots_[at]] != key) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  void grow(std::size_t least) {
    int bits = 6;
    while (std::size_t(1) << bits < least) ++bits;
    shift_ = 64 - bits;
    slots_.assign(std::size_t(1) << bits, -1);
    for (std::size_t i = 0; i < keys.size(); ++i) slots_[place(keys[i])] = Index(i);
  }
  std::vector<Index> slots_;
  int shift_ = 0;
};

/// Which leaves of the parent's size lie around the parent of a leaf.
class LargerNeighbours {
 public:
  LargerNeighbours(const Octree& tree, const LeafFinder& finder) : tree_(tree), finder_(finder) {}
  /// Bit a: a larger leaf lies across the leaf's face that is on its parent's hull, axis a. Bit 3 + a: one holds the leaf's edge along axis a that is
  /// on an edge of its parent.
  int of(const Octant& leaf) {
    if (leaf.level == 0) return 0;
    const Octant parent = tree_.parent(leaf);
    const OctantCode code = encode(parent);
    if (code != parent_) parent_ = code, known_.fill(-1);
    const int place = tree_.child_place(leaf);
    int step[3], bits = 0;
    for (int a = 0; a < 3; ++a) step[a] = place >> a & 1 ? 1 : -1;
    for (int a = 0; a < 3; ++a) {
      std::array<int, 3> across{}, diagonal = {step[0], step[1], step[2]};
      across[a] = step[a], diagonal[a] = 0;
      if (at(parent, across)) bits |= 1 << a | 1 << (3 + (a + 1) % 3) | 1 << (3 + (a + 2) % 3);
      if (at(parent, diagonal)) bits |= 1 << (3 + a);
    }
    return bits;
  }

 private:
  bool at(const Octant& parent, const std::array<int, 3>& offset) {
    signed char& known = known_[(offset[0] + 1) + 3 * (offset[1] + 1) + 9 * (offset[2] + 1)];
    if (known < 0) {
      Octant around = parent;
      for (int d = 0; d < 3; ++d) around.at[d] += offset[d] * tree_.edge(parent.level);
      known = tree_.inside(around.at) && finder_.find(encode(around)) != LeafFinder::none;
    }
    return known;
  }
  const Octree& tree_;
  const LeafFinder& finder_;
  OctantCode parent_ = ~OctantCode(0);
  std::array<signed char, 27> known_{};
};

/// Rows of the hanging nodes by their numbers in `numbers`, which gets the masters that no leaf here has.
HangingNodes hanging_rows(const Octree& tree, const LeafFinder& finder, int degree, const std::vector<Index>& element_nodes, KeyNumbers& numbers) {
  static constexpr double halves[2] = {0.5, 0.5}, quarters[3] = {0.375, 0.75, -0.125};  // shape functions of the larger edge at a half, a quarter
  const double* along = degree == 1 ? halves : quarters;
  HangingNodes rows;
  std::vector<char> seen(numbers.keys.size(), 0);
  LargerNeighbours larger(tree, finder);
  for (Index leaf = 0; leaf < tree.n_leaves(); ++leaf) {
    const Octant cell = decode(tree.leaves[leaf]);
    const int bits = larger.of(cell);
    if (bits == 0) continue;
    const int place = tree.child_place(cell), n = degree + 1;
    const std::int32_t spacing = 2 * tree.edge(cell.level) / degree;  // in halves of unit cells
    const Index* nodes = element_nodes.data() + std::size_t(leaf) * n * n * n;
    for (int i = 0; i < n * n * n; ++i) {
      int from[3];  // steps from the corner that the leaf shares with its parent
      for (int a = 0, at = i; a < 3; ++a, at /= n) from[a] = place >> a & 1 ? degree - at % n : at % n;
      bool hangs = false;
      for (int a = 0; a < 3; ++a) {
        const int b = (a + 1) % 3, c = (a + 2) % 3;
        hangs = hangs || (bits >> a & 1 && from[a] == 0 && (from[b] == 1 || from[c] == 1));
        hangs = hangs || (bits >> (3 + a) & 1 && from[b] == 0 && from[c] == 0 && from[a] == 1);
      }
      if (!hangs || seen[nodes[i]]) continue;
      seen[nodes[i]] = 1;
      int count[3];
      for (int a = 0; a < 3; ++a) count[a] = from[a] == 1 ? n : 1;
      for (int m = 0; m < count[0] * count[1] * count[2]; ++m) {
        const int of_axis[3] = {m % count[0], m / count[0] % count[1], m / (count[0] * count[1])};
        std::int64_t at[3];
        double weight = 1;
        for (int a = 0; a < 3; ++a) {
          const bool upper = place >> a & 1;
          const std::int64_t corner = 2 * std::int64_t(cell.at[a] + (upper ? tree.edge(cell.level) : 0));
          const int steps = from[a] == 1 ? 2 * of_axis[a] : from[a];
          at[a] = corner + (upper ? -steps : steps) * std::int64_t(spacing);
          if (from[a] == 1) weight *= along[of_axis[a]];
        }
        rows.master.push_back(numbers.add(node_key(at[0], at[1], at[2])));
        rows.weight.push_back(weight);
      }
      rows.node.push_back(nodes[i]);
      rows.offset.push_back(Index(rows.master.size()));
    }
  }
  return rows;
}

/// Rank of every node: the lowest of those that have it on a leaf. The rank of the lowest unit cell around a node hears of all who have it, unless
/// all cells around it are one rank's. Collective.
std::vector<int> owners(const Octree& tree, const KeyNumbers& numbers, Index n_used) {
  const Comm& comm = tree.comm;
  const Index n = Index(numbers.keys.size());
  std::vector<int> owner(n, comm.rank());
  std::vector<std::vector<std::uint64_t>> ask(comm.size());
  std::vector<std::vector<Index>> asked(comm.size());
  for (Index i = 0; i < n; ++i) {
    const auto at = place_of(numbers.keys[i]);
    Octant low{{}, tree.max_level}, high = low;
    for (int d = 0; d < 3; ++d) {
      low.at[d] = std::max((at[d] + 1) / 2 - 1, 0);
      high.at[d] = std::min(at[d] / 2, (tree.cells[d] << tree.max_level) - 1);
    }
    const int directory = tree.rank_of(encode(low));  // codes ascend in every coordinate: all cells around lie between these two
    if (i < n_used && directory == comm.rank() && tree.rank_of(encode(high)) == comm.rank()) continue;
    ask[directory].push_back(numbers.keys[i] << 1 | (i < n_used ? 1 : 0));
    asked[directory].push_back(i);
  }
  const auto questions = comm.all_to_all(ask);
  std::vector<std::pair<NodeKey, int>> users;
  for (int r = 0; r < comm.size(); ++r)
    for (std::uint64_t q : questions[r])
      if (q & 1) users.emplace_back(q >> 1, r);
  std::sort(users.begin(), users.end());
  std::vector<std::vector<std::int32_t>> reply(comm.size());
  for (int r = 0; r < comm.size(); ++r)
    for (std::uint64_t q : questions[r]) {
      const auto first = std::lower_bound(users.begin(), users.end(), std::pair<NodeKey, int>(q >> 1, -1));
      reply[r].push_back(first != users.end() && first->first == q >> 1 ? first->second : comm.rank());
    }
  reply = comm.all_to_all(reply);
  for (int r = 0; r < comm.size(); ++r)
    for (std::size_t k = 0; k < asked[r].size(); ++k) owner[asked[r][k]] = reply[r][k];
  return owner;
}

}  // namespace

TreeNodes number_nodes(const Octree& tree, const LeafFinder& finder, int degree) {
  const Comm& comm = tree.comm;
  const int n = degree + 1, per_leaf = n * n * n;
  TreeNodes result;
  result.element_nodes.resize(std::size_t(tree.n_leaves()) * per_leaf);
  KeyNumbers numbers(std::size_t(tree.n_leaves()) * (degree == 1 ? 1 : 8));
  for (Index leaf = 0; leaf < tree.n_leaves(); ++leaf) {
    const Octant cell = decode(tree.leaves[leaf]);
    const std::int64_t spacing = 2 * tree.edge(cell.level) / degree;
    for (int i = 0; i < per_leaf; ++i)
      result.element_nodes[std::size_t(leaf) * per_leaf + i] =
          numbers.add(node_key(2 * std::int64_t(cell.at[0]) + i % n * spacing, 2 * std::int64_t(cell.at[1]) + i / n % n * spacing,
                               2 * std::int64_t(cell.at[2]) + i / (n * n) * spacing));
  }
  const Index n_used = Index(numbers.keys.size());
  HangingNodes& rows = result.hanging = hanging_rows(tree, finder, degree, result.element_nodes, numbers);
  if (comm.size() == 1) {
    result.nodes = SharedNodes(comm, n_used, {});
    result.key = std::move(numbers.keys);
    return result;
  }

  const std::vector<int> owner = owners(tree, numbers, n_used);
  std::vector<GlobalIndex> global(numbers.keys.size());
  Index n_owned = 0;
  for (std::size_t i = 0; i < owner.size(); ++i)
    if (owner[i] == comm.rank()) global[i] = n_owned++;
  const GlobalIndex begin = comm.exclusive_scan(GlobalIndex(n_owned));
  std::vector<std::vector<NodeKey>> ask(comm.size());
  std::vector<std::vector<Index>> asked(comm.size());
  for (std::size_t i = 0; i < owner.size(); ++i)
    if (owner[i] == comm.rank())
      global[i] += begin;
    else
      ask[owner[i]].push_back(numbers.keys[i]), asked[owner[i]].push_back(Index(i));
  std::vector<std::vector<GlobalIndex>> reply(comm.size());
  const auto questions = comm.all_to_all(ask);
  for (int r = 0; r < comm.size(); ++r)
    for (NodeKey key : questions[r]) reply[r].push_back(global[numbers.find(key)]);
  reply = comm.all_to_all(reply);
  std::vector<GlobalIndex> ghosts;
  for (int r = 0; r < comm.size(); ++r)
    for (std::size_t k = 0; k < asked[r].size(); ++k) ghosts.push_back(global[asked[r][k]] = reply[r][k]);
  result.nodes = SharedNodes(comm, n_owned, std::move(ghosts));
  std::vector<Index> local(global.size());
  result.key.resize(global.size());
  for (std::size_t i = 0; i < global.size(); ++i) {
    local[i] = result.nodes.local(global[i]);
    result.key[local[i]] = numbers.keys[i];
  }
  for (Index& node : result.element_nodes) node = local[node];
  for (Index& node : rows.node) node = local[node];
  for (Index& node : rows.master) node = local[node];
  return result;
}

}  // namespace winze::mesh
