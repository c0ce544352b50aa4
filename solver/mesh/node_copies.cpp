// Units of leaves, and nodes of their own on the sides of slots.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>
#include <span>
#include <unordered_map>
#include <utility>

#include "mesh/cut_mesh.hpp"
#include "mesh/octree_nodes.hpp"

namespace winze::mesh::cut_detail {
namespace {

/// Axis of the face that two leaves share and the side of it on a; axis −1: they share none.
std::pair<int, int> shared_face(const Octree& tree, const Octant& a, const Octant& b) {
  const std::int32_t ea = tree.edge(a.level), eb = tree.edge(b.level);
  std::pair<int, int> face = {-1, 0};
  for (int d = 0; d < 3; ++d) {
    const std::int32_t above = a.at[d] + ea - b.at[d], below = b.at[d] + eb - a.at[d];
    if (above < 0 || below < 0) return {-1, 0};
    if (above > 0 && below > 0) continue;
    if (face.first >= 0) return {-1, 0};
    face = {d, above == 0};
  }
  return face;
}

}  // namespace

UnitsAround::UnitsAround(const Octree& tree, const Units& units) : tree_(tree), units_(units), n_own_(tree.n_leaves()), ghosts_(ghost_leaves(tree)) {
  for (OctantCode code : tree.leaves) octant_.push_back(decode(code));
  for (OctantCode code : ghosts_.code) octant_.push_back(decode(code));
  const auto told = exchange([&](Index leaf) {
    std::vector<std::uint8_t> bytes(sizeof(Index) + 1);
    std::memcpy(bytes.data(), &units_.leaf_first[leaf], sizeof(Index));
    bytes.back() = std::uint8_t(units_.of_leaf(leaf));
    if (const auto at = units_.sides.find(leaf); at != units_.sides.end()) bytes.insert(bytes.end(), at->second.begin(), at->second.end());
    return bytes;
  });
  for (std::size_t k = 0; k < told.size(); ++k) {
    ghost_[{ghosts_.rank[k], ghosts_.index[k]}] = n_own_ + Index(k);
    std::memcpy(&ghost_first_.emplace_back(), told[k].data(), sizeof(Index));
    ghost_count_.push_back(told[k][sizeof(Index)]);
    if (told[k].size() > sizeof(Index) + 1) ghost_sides_[n_own_ + Index(k)].assign(told[k].begin() + sizeof(Index) + 1, told[k].end());
  }
}

std::vector<std::vector<std::uint8_t>> UnitsAround::exchange(const std::function<std::vector<std::uint8_t>(Index)>& of_leaf) const {
  const Comm& comm = tree_.comm;
  std::vector<std::vector<std::uint8_t>> result(ghosts_.code.size());
  if (comm.size() == 1) return result;
  std::vector<std::vector<Index>> ask(comm.size()), lengths(comm.size());
  std::vector<std::vector<std::uint8_t>> bytes(comm.size());
  for (std::size_t k = 0; k < result.size(); ++k) ask[ghosts_.rank[k]].push_back(ghosts_.index[k]);
  const auto asked = comm.all_to_all(ask);
  for (int r = 0; r < comm.size(); ++r)
    for (Index leaf : asked[r]) {
      const std::vector<std::uint8_t> own = of_leaf(leaf);
      lengths[r].push_back(Index(own.size()));
      bytes[r].insert(bytes[r].end(), own.begin(), own.end());
    }
  lengths = comm.all_to_all(lengths), bytes = comm.all_to_all(bytes);
  std::vector<std::size_t> next(comm.size(), 0), at(comm.size(), 0);
  for (std::size_t k = 0; k < result.size(); ++k) {
    const int r = ghosts_.rank[k];
    const Index length = lengths[r][next[r]++];
    result[k].assign(bytes[r].begin() + at[r], bytes[r].begin() + at[r] + length);
    at[r] += length;
  }
  return result;
}

bool UnitsAround::joined(Index a, Index unit_a, Index b, Index unit_b) const {
  constexpr int n = CutCell::n_samples;
  const auto [axis, side] = shared_face(tree_, octant_[a], octant_[b]);
  if (axis < 0) return false;
  const std::vector<std::int8_t>*of_a = sides(a), *of_b = sides(b);
  if (!of_a && !of_b) return true;
  if (octant_[a].level < octant_[b].level) return joined(b, unit_b, a, unit_a);
  const auto shows = [](const std::vector<std::int8_t>* s, int face, int i, int j, Index unit) {
    return (s ? (*s)[std::size_t((face * n + j) * n + i)] : 0) == unit;
  };
  const int face_a = 2 * axis + side, face_b = 2 * axis + 1 - side;
  if (octant_[a].level == octant_[b].level) {
    for (int k = 0; k < n * n; ++k)
      if (shows(of_a, face_a, k % n, k / n, unit_a) && shows(of_b, face_b, k % n, k / n, unit_b)) return true;
  } else {
    const int s = (axis + 1) % 3, t = (axis + 2) % 3;  // a is the smaller: its points lie around those of b
    const int i0 = octant_[a].at[s] > octant_[b].at[s] ? n / 2 : 0, j0 = octant_[a].at[t] > octant_[b].at[t] ? n / 2 : 0;
    for (int j = 0; j < n / 2; ++j)
      for (int i = 0; i < n / 2; ++i) {
        bool all = shows(of_b, face_b, i0 + i, j0 + j, unit_b);
        for (int v = 0; v < 4; ++v) all = all && shows(of_a, face_a, 2 * i + v % 2, 2 * j + v / 2, unit_a);
        if (all) return true;
      }
  }
  if (!of_a || !of_b) return false;
  int cosine = 0;
  for (int d = 0; d < 3; ++d) cosine += int((*of_a)[std::size_t(6 * n * n + 3 * unit_a + d)]) * (*of_b)[std::size_t(6 * n * n + 3 * unit_b + d)];
  return cosine > facing * 127 * 127;
}

bool UnitsAround::same_nodes(Index a, Index unit_a, Index b, Index unit_b) const {
  if (copies.count(a) == 0 && copies.count(b) == 0) return true;
  const Octant &first = octant_[a], &second = octant_[b];
  const std::int32_t ea = tree_.edge(first.level), eb = tree_.edge(second.level);
  for (int i = 0; i < 27; ++i) {
    int j = 0, scale = 1;  // the node of b at the same place
    for (int d = 0, at = i; d < 3 && j >= 0; ++d, at /= 3, scale *= 3) {
      const std::int32_t x = 2 * (first.at[d] - second.at[d]) + ea * (at % 3);
      j = x >= 0 && x <= 2 * eb && x % eb == 0 ? j + scale * int(x / eb) : -1;
    }
    if (j >= 0 && copy(a, unit_a, i) != copy(b, unit_b, j)) return false;
  }
  return true;
}

namespace {

/// Which sides of slots have which copy of a node.
class Copies {
 public:
  Copies(const Octree& tree, UnitsAround& around, const std::vector<Index>& leaf_nodes, Index n_local)
      : tree_(tree), around_(around), n_own_(tree.n_leaves()), numbered_(std::size_t(n_local), 0), count(n_local, 1) {
    find_stars();
    for (Index leaf : near_)
      for (int i = 0; i < 27 && leaf < n_own_; ++i) number(key(leaf, i), leaf_nodes[27 * std::size_t(leaf) + i]);
    const auto of_ghosts = around.exchange([&](Index leaf) {
      const auto at = around.copies.find(leaf);
      return at == around.copies.end() ? std::vector<std::uint8_t>() : at->second;
    });
    for (std::size_t k = 0; k < of_ghosts.size(); ++k)
      if (!of_ghosts[k].empty()) around.copies[n_own_ + Index(k)] = of_ghosts[k];
  }

  NodeKey key(Index leaf, int i) const {
    const Octant& o = around_.octant(leaf);
    const std::int32_t e = tree_.edge(o.level);
    return node_key(2 * o.at[0] + e * (i % 3), 2 * o.at[1] + e * (i / 3 % 3), 2 * o.at[2] + e * (i / 9));
  }
  /// Copy of master m for copy c of a node that hangs: that of the larger leaf which shows to one of its leaves.
  Index copy_of_master(NodeKey node, Index c, NodeKey master) const {
    const auto at = place_of(node);
    for (const bool alone : {false, true})
      for (const auto& [of_node, leaf, i] : star(node))
        for (Index unit = 0; unit < around_.n_units(leaf); ++unit) {
          if (around_.copy(leaf, unit, i) != c) continue;
          for (const auto& [of_master, other, k] : star(master)) {
            const Octant& o = around_.octant(other);
            bool holds = o.level < around_.octant(leaf).level;
            for (int d = 0; d < 3; ++d) holds = holds && at[d] >= 2 * o.at[d] && at[d] <= 2 * (o.at[d] + tree_.edge(o.level));
            for (Index v = 0; holds && v < around_.n_units(other); ++v)
              if (alone ? around_.n_units(other) == 1 : around_.joined(leaf, unit, other, v)) return around_.copy(other, v, k);
          }
        }
    return 0;
  }

 private:
  /// Leaves in which, or between which, rock that stays lies apart.
  std::vector<Index> apart() const {
    std::vector<Index> leaves;
    std::unordered_map<OctantCode, Index> number;
    for (Index leaf = n_own_; leaf < around_.n_leaves(); ++leaf) number[around_.code(leaf)] = leaf;
    const auto find = [&](const Octant& o) {
      const auto own = std::lower_bound(tree_.leaves.begin(), tree_.leaves.end(), encode(o));
      if (own != tree_.leaves.end() && *own == encode(o)) return Index(own - tree_.leaves.begin());
      const auto other = number.find(encode(o));
      return other == number.end() ? Index(-1) : other->second;
    };
    for (Index leaf = 0; leaf < around_.n_leaves(); ++leaf) {
      if (!around_.is_cut(leaf)) continue;
      bool any = around_.n_units(leaf) > 1;
      for (int face = 0; face < 6 && !any; ++face) {
        Octant across = around_.octant(leaf);
        across.at[face / 2] += (face % 2 ? 1 : -1) * tree_.edge(across.level);
        if (!tree_.inside(across.at)) continue;
        Index other = find(across);
        if (other < 0 && across.level > 0) other = find(tree_.parent(across));  // smaller ones look from their side
        any = other >= 0 && around_.stays(other) && !around_.joined(leaf, 0, other, 0);
        if (any) leaves.push_back(other);
      }
      if (any) leaves.push_back(leaf);
    }
    return leaves;
  }
  /// A node of a leaf, by the node's place.
  struct Touch {
    NodeKey key;
    Index leaf;
    int i;
  };
  std::span<const Touch> star(NodeKey key) const {
    const auto [first, end] =
        std::equal_range(stars_.begin(), stars_.end(), Touch{key, 0, 0}, [](const Touch& a, const Touch& b) { return a.key < b.key; });
    return {first, end};
  }
  void find_stars() {
    std::vector<NodeKey> touched;  // ascending
    geometry::Box box;
    const auto touch = [&](const std::vector<Index>& leaves) {
      touched.clear();
      for (Index leaf : leaves) {
        for (int i = 0; i < 27; ++i) touched.push_back(key(leaf, i));
        box.add(tree_.box(around_.octant(leaf)));
      }
      std::sort(touched.begin(), touched.end());
      touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    };
    const auto each_near = [&](const auto& body) {  // nodes of leaves that are touched
      const geometry::Box reach = box.grown(1e-6 * tree_.size);
      for (Index leaf = 0; leaf < around_.n_leaves(); ++leaf) {
        if (!reach.overlaps(tree_.box(around_.octant(leaf)))) continue;
        for (int i = 0; i < 27; ++i)
          if (const NodeKey k = key(leaf, i); std::binary_search(touched.begin(), touched.end(), k)) body(k, leaf, i);
      }
    };
    touch(apart());
    if (touched.empty()) return;
    for (int round = 0; round < 2; ++round) {
      near_.clear();
      each_near([&](NodeKey, Index leaf, int) {
        if (near_.empty() || near_.back() != leaf) near_.push_back(leaf);
      });
      touch(near_);
    }
    each_near([&](NodeKey k, Index leaf, int i) { stars_.push_back({k, leaf, i}); });
    std::sort(stars_.begin(), stars_.end(),
              [&](const Touch& a, const Touch& b) { return a.key != b.key ? a.key < b.key : around_.code(a.leaf) < around_.code(b.leaf); });
  }
  /// Copies of a node of an own leaf: its units, joined over the faces that they share there.
  void number(NodeKey key, Index node) {
    if (std::exchange(numbered_[std::size_t(node)], 1)) return;
    struct Member {
      Index leaf, unit;
      int i;
    };
    std::vector<Member> members;
    for (const auto& [at, leaf, i] : star(key))
      for (Index unit = 0; unit < around_.n_units(leaf); ++unit) members.push_back({leaf, unit, i});
    std::vector<Index> root(members.size());
    std::iota(root.begin(), root.end(), 0);
    const auto find = [&](Index m) {
      while (root[m] != m) m = root[m] = root[root[m]];
      return m;
    };
    bool slot = false;  // decided by these leaves alone, so that all ranks that have one of them agree
    for (std::size_t a = 0; a < members.size(); ++a)
      for (std::size_t b = 0; b < a; ++b) {
        const Member &m = members[a], &other = members[b];
        if (!around_.stays(m.leaf) || !around_.stays(other.leaf)) continue;
        if (m.leaf == other.leaf) {
          slot = true;
        } else if (around_.joined(m.leaf, m.unit, other.leaf, other.unit)) {
          const Index p = find(Index(a)), q = find(Index(b));
          root[std::max(p, q)] = std::min(p, q);
        } else if (shared_face(tree_, around_.octant(m.leaf), around_.octant(other.leaf)).first >= 0) {
          slot = true;
        }
      }
    if (!slot) return;
    std::vector<Index> number(members.size(), -1);
    Index n = 0;
    for (std::size_t m = 0; m < members.size(); ++m) {
      if (!around_.stays(members[m].leaf)) continue;
      const Index first = find(Index(m));
      if (number[first] < 0) number[first] = n++;
      number[m] = number[first];
    }
    if (n < 2) return;
    count[node] = n;
    for (std::size_t m = 0; m < members.size(); ++m) {
      if (members[m].leaf >= n_own_) continue;
      if (number[m] < 0) number[m] = 0;  // what is dug goes with the first copy
      std::vector<std::uint8_t>& of = around_.copies[members[m].leaf];
      of.resize(27 * std::size_t(around_.n_units(members[m].leaf)), 0);
      of[27 * std::size_t(members[m].unit) + members[m].i] = std::uint8_t(number[m]);
    }
  }

  const Octree& tree_;
  UnitsAround& around_;
  Index n_own_;
  std::vector<Index> near_;     ///< ascending: leaves about slots
  std::vector<Touch> stars_;    ///< by key, then along the curve
  std::vector<char> numbered_;  ///< [n_local]

 public:
  std::vector<GlobalIndex> count;  ///< [n_local] copies of each node
};

/// Nodes, elements and hanging nodes of copy_nodes. Returns what each node was before.
std::vector<Index> number_copies(const Octree& tree, UnitsAround& around, const std::vector<Index>& leaf_nodes, Units& units, Mesh& mesh) {
  const Comm& comm = tree.comm;
  const SharedNodes old = mesh.nodes;
  const Index n_old = old.n_local();
  Copies copies(tree, around, leaf_nodes, n_old);
  // Copies follow the owned nodes of each rank.
  std::vector<GlobalIndex> more(n_old, 0), shift(comm.size() + 1, 0);
  Index extra = 0;
  for (Index n = 0; n < old.n_owned(); ++n) more[n] = extra, extra += Index(copies.count[n]) - 1;
  const std::vector<GlobalIndex> extras = comm.all_gather<GlobalIndex>(extra);
  std::partial_sum(extras.begin(), extras.end(), shift.begin() + 1);
  const GlobalIndex first_extra = old.begin() + shift[comm.rank()] + old.n_owned();
  for (Index n = 0; n < old.n_owned(); ++n) more[n] += first_extra;
  old.update_ghosts(copies.count.data(), 1), old.update_ghosts(more.data(), 1);
  const auto renumbered = [&](Index n) { return old.global(n) + shift[old.owner(old.global(n))]; };
  std::vector<GlobalIndex> ghosts;
  for (Index n = old.n_owned(); n < n_old; ++n) {
    ghosts.push_back(renumbered(n));
    for (GlobalIndex c = 1; c < copies.count[n]; ++c) ghosts.push_back(more[n] + c - 1);
  }
  std::sort(ghosts.begin(), ghosts.end());
  mesh.nodes = SharedNodes(comm, old.n_owned() + extra, std::move(ghosts));
  const auto now = [&](Index n, GlobalIndex c) { return mesh.nodes.local(c == 0 ? renumbered(n) : more[n] + c - 1); };

  std::vector<Index> was(mesh.nodes.n_local());
  for (Index n = 0; n < n_old; ++n) {
    for (GlobalIndex c = 0; c < copies.count[n]; ++c) was[now(n, c)] = n;
    if (copies.count[n] > 1) mesh.cuts.copies.places.push_back({renumbered(n), more[n], Index(copies.count[n] - 1)});
  }
  std::sort(mesh.cuts.copies.places.begin(), mesh.cuts.copies.places.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  units.nodes.clear();
  units.nodes.reserve(27 * (units.element_first.size() - 1));
  for (Index leaf = 0; leaf < tree.n_leaves(); ++leaf)
    for (Index unit = 0; unit < units.of_leaf(leaf); ++unit)
      for (int i = 0; i < 27; ++i) units.nodes.push_back(now(leaf_nodes[27 * std::size_t(leaf) + i], around.copy(leaf, unit, i)));

  const double half = 0.5 * tree.edge_length(tree.max_level);
  const auto key_of = [&](Index n) {
    std::array<std::int64_t, 3> at;
    for (int d = 0; d < 3; ++d) at[d] = std::llround((mesh.points[3 * std::size_t(n) + d] - tree.low[d]) / half);
    return node_key(at[0], at[1], at[2]);
  };
  HangingNodes hanging;
  for (std::size_t r = 0; r < mesh.hanging.node.size(); ++r) {
    const Index n = mesh.hanging.node[r];
    for (GlobalIndex c = 0; c < copies.count[n]; ++c) {
      hanging.node.push_back(now(n, c));
      for (Index k = mesh.hanging.offset[r]; k < mesh.hanging.offset[r + 1]; ++k) {
        const Index m = mesh.hanging.master[k];
        hanging.master.push_back(now(m, copies.count[m] == 1 ? 0 : copies.copy_of_master(key_of(n), Index(c), key_of(m))));
        hanging.weight.push_back(mesh.hanging.weight[k]);
      }
      hanging.offset.push_back(Index(hanging.master.size()));
    }
  }
  mesh.hanging = std::move(hanging);
  return was;
}

}  // namespace

void copy_nodes(const Octree& tree, UnitsAround& around, const std::vector<Index>& leaf_nodes, Units& units, Mesh& mesh) {
  const std::vector<Index> was = number_copies(tree, around, leaf_nodes, units, mesh);
  std::vector<double> points;
  points.reserve(3 * was.size());
  for (Index n : was) points.insert(points.end(), &mesh.points[3 * std::size_t(n)], &mesh.points[3 * std::size_t(n)] + 3);
  mesh.points = std::move(points);
  MeanOf& mean = mesh.levels[0].to_finer;
  MeanOf next;
  next.offset.reserve(was.size() + 1), next.masters.reserve(mean.masters.size() + 4 * (was.size() + 1 - mean.offset.size()));
  next.offset.push_back(0);
  for (Index n : was) {
    next.masters.insert(next.masters.end(), mean.masters.begin() + mean.offset[n], mean.masters.begin() + mean.offset[n + 1]);
    next.offset.push_back(Index(next.masters.size()));
  }
  mean = std::move(next);
}

}  // namespace winze::mesh::cut_detail

namespace winze::mesh {

void weld(Mesh& mesh, const std::vector<char>& standing) {
  const NodeCopies& copies = mesh.cuts.copies;
  const Comm& comm = mesh.comm;
  if (!comm.any(!copies.places.empty())) return;
  const SharedNodes& nodes = mesh.nodes;
  std::vector<double> held(nodes.n_local(), 0);  // at the first copy: what can be dug and stands
  std::vector<Index> first(nodes.n_local(), -1);
  for (const NodeCopies::Place& p : copies.places)
    for (Index c = 0; c <= p.n; ++c) first[nodes.local(c == 0 ? p.first : p.more + c - 1)] = nodes.local(p.first);
  for (Index e = 0; e < mesh.n_elements(); ++e)
    for (int i = 0; i < 27 && copies.between[e] && standing[e]; ++i)
      if (const Index at = first[mesh.nodes_of(e)[i]]; at >= 0) held[at] = 1;
  nodes.add_to_owners(held.data(), 1);
  nodes.update_ghosts(held.data(), 1);
  for (Index n = 0; n < nodes.n_local(); ++n)
    if (first[n] < 0 || held[first[n]] == 0) first[n] = n;
  const HangingNodes& apart = copies.apart;
  HangingNodes& hanging = mesh.hanging;
  hanging = apart;
  std::vector<char> hangs(nodes.n_local(), 0);
  for (Index n : apart.node) hangs[n] = 1;
  for (Index& m : hanging.master) m = first[m];
  for (Index n = 0; n < nodes.n_local(); ++n)
    if (!hangs[n] && first[n] != n) {
      hanging.node.push_back(n);
      hanging.master.push_back(first[n]);
      hanging.weight.push_back(1);
      hanging.offset.push_back(Index(hanging.master.size()));
    }
}

}  // namespace winze::mesh
