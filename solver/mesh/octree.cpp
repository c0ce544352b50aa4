#include "mesh/octree.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/error.hpp"
#include "mesh/raw.hpp"

namespace winze::mesh {

using octree_detail::Refined;

geometry::Box Octree::box(const Octant& o) const {
  const double unit = edge_length(max_level), length = edge_length(o.level);
  geometry::Box box;
  for (int d = 0; d < 3; ++d) box.low[d] = low[d] + unit * o.at[d], box.high[d] = box.low[d] + length;
  return box;
}

Vector3 Octree::centre(const Octant& o) const {
  const double unit = edge_length(max_level), half = 0.5 * edge_length(o.level);
  return {low[0] + unit * o.at[0] + half, low[1] + unit * o.at[1] + half, low[2] + unit * o.at[2] + half};
}

int Octree::rank_of(OctantCode code) const {
  const OctantCode last = code | 31;  // begins with the same lowest corner count as its own, whatever the level
  return int(std::upper_bound(begins.begin(), begins.end(), last) - begins.begin()) - 1;
}

namespace {

/// Deals a list that is sorted along the ranks out again in equal parts, order kept. Collective.
std::vector<OctantCode> deal_evenly(const Comm& comm, std::vector<OctantCode> mine) {
  if (comm.size() == 1) return mine;
  const GlobalIndex n = comm.sum(GlobalIndex(mine.size())), first = comm.exclusive_scan(GlobalIndex(mine.size()));
  std::vector<std::vector<OctantCode>> send(comm.size());
  for (int r = 0; r < comm.size(); ++r) {
    const GlobalIndex begin = std::max(block_begin(n, comm.size(), r), first),
                      end = std::min(block_begin(n, comm.size(), r + 1), first + GlobalIndex(mine.size()));
    if (begin < end) send[r].assign(mine.begin() + (begin - first), mine.begin() + (end - first));
  }
  mine.clear();
  for (const auto& from : comm.all_to_all(send)) mine.insert(mine.end(), from.begin(), from.end());
  return mine;
}

/// Cells longer than their targets, level by level from the unrefined cells, spread over the ranks anyhow. Collective.
Refined refine_to_target(const Octree& tree, const OctreeOptions& options) {
  Refined refined;
  std::vector<OctantCode> here;
  {
    const GlobalIndex nx = tree.cells[0], ny = tree.cells[1], n = nx * ny * tree.cells[2];
    const int ranks = tree.comm.size(), rank = tree.comm.rank();
    for (GlobalIndex i = block_begin(n, ranks, rank); i < block_begin(n, ranks, rank + 1); ++i) {
      const std::int32_t e = tree.edge(0);
      here.push_back(encode({{std::int32_t(i % nx) * e, std::int32_t(i / nx % ny) * e, std::int32_t(i / (nx * ny)) * e}, 0}));
    }
  }
  for (int level = 0; options.target && level <= tree.max_level; ++level) {
    std::vector<OctantCode> split;
    const double wanted = tree.edge_length(level) * (1 - 1e-9);
    tree.comm.together([&] {
      for (OctantCode code : here) {
        const geometry::Box box = tree.box(decode(code));
        const double target = options.target(box);
        if (!(target > 0))
          throw InputError("the wanted size of cells near ({:g}, {:g}, {:g}) m is {:g} m: it must be above 0", box.low[0], box.low[1], box.low[2],
                           target);
        if (target < wanted) split.push_back(code);
      }
    });
    if (!tree.comm.any(!split.empty())) break;
    if (level == tree.max_level)
      throw InputError("cells of {:g} m are wanted in a box of {:g} m: an octree has at most 2^{} cells along an axis", tree.edge_length(level + 1),
                       tree.size * std::max({tree.cells[0], tree.cells[1], tree.cells[2]}), octant_bits);
    here.clear();
    here.reserve(8 * split.size());
    for (OctantCode code : split)
      for (int place = 0; place < 8; ++place) here.push_back(encode(tree.child(decode(code), place)));
    here = deal_evenly(tree.comm, std::move(here));
    refined.push_back(std::move(split));
  }
  return refined;
}

/// Stretches of the curve with about equal numbers of the given codes, from samples. Collective.
std::vector<OctantCode> even_begins(const Comm& comm, const Refined& refined) {
  std::vector<OctantCode> all, samples;
  for (const auto& level : refined) all.insert(all.end(), level.begin(), level.end());
  std::sort(all.begin(), all.end());
  const GlobalIndex n = comm.sum(GlobalIndex(all.size())), step = std::max<GlobalIndex>(1, n / (1000 * comm.size()));
  for (std::size_t i = 0; i < all.size(); i += std::size_t(step)) samples.push_back(all[i]);
  samples = comm.all_gather(samples);
  std::sort(samples.begin(), samples.end());
  std::vector<OctantCode> begins(comm.size(), 0);
  for (int r = 1; r < comm.size(); ++r)
    if (!samples.empty()) begins[r] = samples[samples.size() * r / comm.size()] & ~OctantCode(31);
  return begins;
}

/// Refines leaves that meet smaller ones of another region across a face. Collective, at one level.
void match_regions(const Octree& tree, const OctreeOptions& options, int level, std::vector<OctantCode>& refined) {
  std::vector<OctantCode> frontier = refined;
  do {
    std::vector<OctantCode> wanted;
    for (OctantCode code : frontier) {
      const Octant cell = decode(code);
      std::int32_t of_child[8];
      for (int place = 0; place < 8; ++place) of_child[place] = options.region(tree.centre(tree.child(cell, place)));
      for (int face = 0; face < 6; ++face) {
        Octant other = cell;
        other.at[face / 2] += face % 2 ? tree.edge(level) : -tree.edge(level);
        if (!tree.inside(other.at)) continue;
        const OctantCode other_code = encode(other);
        if (std::binary_search(refined.begin(), refined.end(), other_code)) continue;
        const std::int32_t region = options.region(tree.centre(other));
        for (int place = 0; place < 8; ++place)
          if ((place >> face / 2 & 1) == face % 2 && of_child[place] != region) {
            wanted.push_back(other_code);
            break;
          }
      }
    }
    frontier = octree_detail::deliver(tree, std::move(wanted), refined);
  } while (tree.comm.any(!frontier.empty()));
}

/// Leaves of the refined cells, each on the rank of its code. Collective.
std::vector<OctantCode> leaves_of(const Octree& tree, const Refined& refined) {
  std::vector<OctantCode> leaves, roots;
  const std::int32_t e = tree.edge(0);
  if (tree.comm.root())
    for (std::int32_t k = 0; k < tree.cells[2]; ++k)
      for (std::int32_t j = 0; j < tree.cells[1]; ++j)
        for (std::int32_t i = 0; i < tree.cells[0]; ++i) roots.push_back(encode({{i * e, j * e, k * e}, 0}));
  for (std::size_t level = 0; level <= refined.size(); ++level) {
    std::vector<OctantCode> cells, children;
    if (level > 0)
      for (OctantCode code : refined[level - 1])
        for (int place = 0; place < 8; ++place) children.push_back(encode(tree.child(decode(code), place)));
    octree_detail::deliver(tree, level == 0 ? std::move(roots) : std::move(children), cells);
    if (level == refined.size())
      leaves.insert(leaves.end(), cells.begin(), cells.end());
    else
      std::set_difference(cells.begin(), cells.end(), refined[level].begin(), refined[level].end(), std::back_inserter(leaves));
  }
  std::sort(leaves.begin(), leaves.end());
  return leaves;
}

/// New stretches of the curve by weight. Within `slack` of a rank's share a stretch begins where the largest cell does, so that few families are
/// parted. Collective; false where two stretches would begin at one leaf.
bool weighted_begins(Octree& tree, const std::vector<double>& weight, double slack) {
  const Comm& comm = tree.comm;
  double sum = 0;
  for (double w : weight) sum += w;
  const double share = comm.sum(sum) / comm.size();
  double before = comm.exclusive_scan(sum);
  struct Candidate {
    double in_reach = -1, alignment = 0, nearness = 0, rank = 0, leaf = 0;
  };
  std::vector<Candidate> best(comm.size());
  for (Index leaf = 0; leaf < tree.n_leaves(); before += weight[leaf++]) {
    const int nearest = int(std::lround(before / share));
    if (nearest < 1 || nearest >= comm.size()) continue;
    const double distance = std::abs(before / share - nearest);
    const std::uint64_t key = tree.leaves[leaf] >> 5;
    const bool in_reach = distance <= slack;
    const Candidate c = {double(in_reach), in_reach && key ? double(std::countr_zero(key) / 3) : 0.0, -distance, double(comm.rank()), double(leaf)};
    Candidate& b = best[nearest];
    if (std::array{c.in_reach, c.alignment, c.nearness} > std::array{b.in_reach, b.alignment, b.nearness}) b = c;
  }
  static_assert(sizeof(Candidate) == 5 * sizeof(double));
  const std::vector<double> all = comm.all_gather(std::vector<double>(&best[0].in_reach, &best[0].in_reach + 5 * best.size()));
  std::vector<std::uint64_t> begins(comm.size(), 0);
  bool found = true;
  for (int r = 1; r < comm.size(); ++r) {
    Candidate b;
    for (int from = 0; from < comm.size(); ++from) {
      const double* c = &all[5 * (std::size_t(from) * comm.size() + r)];
      if (std::array{c[0], c[1], c[2]} > std::array{b.in_reach, b.alignment, b.nearness}) b = {c[0], c[1], c[2], c[3], c[4]};
    }
    found = found && b.in_reach >= 0;
    if (found && int(b.rank) == comm.rank()) begins[r] = tree.leaves[std::size_t(b.leaf)] & ~OctantCode(31);
  }
  for (auto& begin : begins) begin = comm.max(begin);
  for (int r = 1; r < comm.size(); ++r) found = found && begins[r] > begins[r - 1];
  if (found) tree.begins.assign(begins.begin(), begins.end());
  return found;
}

}  // namespace

Octree::Octree(const Comm& comm_, const OctreeOptions& options) : comm(comm_), low(options.low), size(options.size), cells(options.cells) {
  for (int d = 0; d < 3; ++d)
    if (cells[d] < 1) throw InputError("an octree of {} × {} × {} cells has no inside: at least one along each axis", cells[0], cells[1], cells[2]);
  if (!(size > 0)) throw InputError("the cells of an octree have an edge of {:g} m: it must be above 0", size);
  const unsigned most = unsigned(std::max({cells[0], cells[1], cells[2]}));
  max_level = octant_bits - std::bit_width(most - 1);
  if (max_level < 0) throw InputError("{} unrefined cells along an axis: at most 2^{}", most, octant_bits);

  Refined refined = refine_to_target(*this, options);
  begins = even_begins(comm, refined);
  for (auto& level : refined) {
    std::vector<OctantCode> mine;
    octree_detail::deliver(*this, std::move(level), mine);
    level = std::move(mine);
  }
  octree_detail::close(*this, refined, [&](int level) {
    if (options.region) match_regions(*this, options, level, refined[level]);
  });
  leaves = leaves_of(*this, refined);
  if (comm.sum(GlobalIndex(leaves.size())) < comm.size())
    throw InputError("an octree of {} cells cannot be shared by {} ranks", comm.sum(GlobalIndex(leaves.size())), comm.size());
  if (comm.size() > 1) {
    std::vector<double> weight(leaves.size(), 1);
    if (options.weight)
      for (std::size_t i = 0; i < leaves.size(); ++i) weight[i] = options.weight(box(decode(leaves[i])));
    if (!weighted_begins(*this, weight, 0.05) && !weighted_begins(*this, weight, 0) &&
        !weighted_begins(*this, std::vector<double>(leaves.size(), 1), 0))
      throw InputError("an octree of {} cells cannot be shared by {} ranks", comm.sum(GlobalIndex(leaves.size())), comm.size());
    std::vector<OctantCode> moved;
    octree_detail::deliver(*this, std::move(leaves), moved);
    leaves = std::move(moved);
  }
  region.assign(leaves.size(), 0);
  if (options.region)
    for (std::size_t i = 0; i < leaves.size(); ++i) region[i] = options.region(centre(decode(leaves[i])));
}

// Families that must stay: those with a refined child, those that hold the beginning of a stretch, and what balance adds to these.
bool Octree::coarsen(Octree& coarser, std::vector<Index>& child_begin, std::vector<std::uint8_t>& child_place) const {
  int deepest = 0;
  for (OctantCode code : leaves) deepest = std::max(deepest, level_of(code));
  deepest = comm.max(deepest);
  if (deepest == 0) return false;
  std::vector<std::vector<OctantCode>> wanted(deepest);
  for (OctantCode code : leaves) {
    if (level_of(code) < 2) continue;
    const Octant grandparent = parent(parent(decode(code)));
    auto& list = wanted[grandparent.level];
    const OctantCode of = encode(grandparent);
    if (list.empty() || list.back() != of) list.push_back(of);
  }
  if (!leaves.empty())
    for (Octant cell = decode(leaves[0]); cell.level > 0;) {
      cell = parent(cell);
      if ((encode(cell) >> 5) < (leaves[0] >> 5)) wanted[cell.level].push_back(encode(cell));
    }
  Refined refined(deepest);
  for (int level = 0; level < deepest; ++level) octree_detail::deliver(*this, std::move(wanted[level]), refined[level]);
  octree_detail::close(*this, refined, nullptr);

  coarser.comm = comm, coarser.low = low, coarser.size = size, coarser.cells = cells, coarser.max_level = max_level, coarser.begins = begins;
  coarser.leaves.clear(), coarser.region.clear(), child_begin.assign(1, 0), child_place.clear();
  bool joined = false;
  for (Index i = 0; i < n_leaves();) {
    const Octant cell = decode(leaves[i]);
    bool join = false;
    if (cell.level > 0 && i + 8 <= n_leaves()) {
      const Octant up = parent(cell);
      join = encode(up) >> 5 == leaves[i] >> 5 && leaves[i + 7] == encode(child(up, 7)) &&
             !std::binary_search(refined[up.level].begin(), refined[up.level].end(), encode(up));
      if (join) coarser.leaves.push_back(encode(up));
    }
    if (!join) coarser.leaves.push_back(leaves[i]);
    coarser.region.push_back(region[i]);
    for (int k = 0; k < (join ? 8 : 1); ++k) child_place.push_back(join ? std::uint8_t(k) : std::uint8_t(255));
    i += join ? 8 : 1;
    child_begin.push_back(i);
    joined = joined || join;
  }
  return comm.any(joined);
}

}  // namespace winze::mesh
