#include "mesh/octree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"

using namespace winze;
using namespace winze::mesh;

namespace {

/// Cells near a ball's surface shall be small: 2 × 3 × 1 cells of 8 m.
OctreeOptions ball(double smallest) {
  OctreeOptions options;
  options.low = {-3, 5, 100};
  options.cells = {2, 3, 1};
  options.size = 8;
  options.target = [=](const geometry::Box& box) {
    const Vector3 centre = {4.3, 15.1, 103.7};
    double far = 0;
    for (int d = 0; d < 3; ++d) far += std::pow(std::max(centre[d] - box.low[d], box.high[d] - centre[d]), 2);
    return std::sqrt(box.distance2(centre)) <= 2.6 && std::sqrt(far) >= 2.6 ? smallest : 100.0;
  };
  return options;
}

std::vector<OctantCode> all_leaves(const Octree& tree) { return tree.comm.all_gather(tree.leaves); }

/// Do closed cubes touch?
bool touch(const Octree& tree, const Octant& a, const Octant& b) {
  for (int d = 0; d < 3; ++d)
    if (a.at[d] > b.at[d] + tree.edge(b.level) || b.at[d] > a.at[d] + tree.edge(a.level)) return false;
  return true;
}

/// The smallest balanced tree, by splitting whatever is too large until nothing is.
std::vector<OctantCode> by_hand(const Octree& frame, const OctreeOptions& options) {
  std::vector<Octant> leaves;
  const std::int32_t e = frame.edge(0);
  for (int i = 0; i < frame.cells[0] * frame.cells[1] * frame.cells[2]; ++i)
    leaves.push_back({{i % frame.cells[0] * e, i / frame.cells[0] % frame.cells[1] * e, i / (frame.cells[0] * frame.cells[1]) * e}, 0});
  const auto split = [&](const auto& wanted) {
    std::vector<Octant> next;
    for (const Octant& leaf : leaves)
      if (wanted(leaf))
        for (int place = 0; place < 8; ++place) next.push_back(frame.child(leaf, place));
      else
        next.push_back(leaf);
    const bool changed = next.size() != leaves.size();
    leaves.swap(next);
    return changed;
  };
  while (split([&](const Octant& o) { return options.target(frame.box(o)) < frame.edge_length(o.level) * 0.999; })) {
  }
  while (split([&](const Octant& o) {
    return std::any_of(leaves.begin(), leaves.end(), [&](const Octant& other) { return other.level > o.level + 1 && touch(frame, o, other); });
  })) {
  }
  std::vector<OctantCode> codes;
  for (const Octant& o : leaves) codes.push_back(encode(o));
  std::sort(codes.begin(), codes.end());
  return codes;
}

}  // namespace

TEST(Octant, CodesReturnAndFollowTheCurve) {
  for (const Octant& o : {Octant{{0, 0, 0}, 0}, Octant{{(1 << 19) - 1, 5, 77777}, 19}, Octant{{262144, 0, 131072}, 2}}) {
    const Octant back = decode(encode(o));
    EXPECT_EQ(back.at, o.at);
    EXPECT_EQ(back.level, o.level);
  }
  EXPECT_LT(encode({{0, 0, 0}, 3}), encode({{0, 0, 0}, 4}));
  EXPECT_LT(encode({{1, 1, 1}, 19}), encode({{2, 0, 0}, 19}));
}

// The tree on any number of ranks is the smallest balanced one, and its leaves fill the box.
TEST(OctreeRanks, IsTheSmallestBalancedTree) {
  const OctreeOptions options = ball(0.5);
  const Octree tree(Comm::world(), options);
  const std::vector<OctantCode> leaves = all_leaves(tree);
  EXPECT_EQ(leaves, by_hand(tree, options));
  EXPECT_GT(leaves.size(), 1000u);
  double volume = 0;
  for (OctantCode code : leaves) volume += std::pow(tree.edge_length(level_of(code)), 3);
  EXPECT_NEAR(volume, 2 * 3 * 512.0, 1e-9);
  const double share = double(leaves.size()) / tree.comm.size();
  EXPECT_NEAR(tree.n_leaves(), share, 0.11 * share + 1);
}

TEST(OctreeRanks, WeightsMoveTheParts) {
  OctreeOptions options = ball(0.5);
  options.weight = [](const geometry::Box& box) { return box.high[0] - box.low[0] < 0.6 ? 10.0 : 1.0; };
  const Octree tree(Comm::world(), options);
  EXPECT_EQ(all_leaves(tree), all_leaves(Octree(Comm::world(), ball(0.5))));
  double weight = 0;
  for (OctantCode code : tree.leaves) weight += options.weight(tree.box(decode(code)));
  const double share = tree.comm.sum(weight) / tree.comm.size();
  EXPECT_NEAR(weight, share, 0.11 * share + 10);
}

// Every leaf of another rank that touches one of ours is known, and no other.
TEST(OctreeRanks, GhostsAreTheTouchingLeavesOfOthers) {
  const Octree tree(Comm::world(), ball(1));
  const GhostLeaves ghosts = ghost_leaves(tree);
  std::vector<OctantCode> expected;
  for (OctantCode code : all_leaves(tree)) {
    if (std::binary_search(tree.leaves.begin(), tree.leaves.end(), code)) continue;
    const Octant other = decode(code);
    if (std::any_of(tree.leaves.begin(), tree.leaves.end(), [&](OctantCode own) { return touch(tree, decode(own), other); }))
      expected.push_back(code);
  }
  EXPECT_EQ(ghosts.code, expected);
  const LeafFinder finder(tree, ghosts);
  for (size_t k = 0; k < ghosts.code.size(); ++k) {
    EXPECT_EQ(finder.find(ghosts.code[k]), -2 - Index(k));
    EXPECT_EQ(tree.rank_of(ghosts.code[k]), ghosts.rank[k]);
  }
  if (tree.n_leaves() > 0) {
    EXPECT_EQ(finder.find(tree.leaves.back()), tree.n_leaves() - 1);
  }
  EXPECT_EQ(finder.find(encode({{1, 0, 0}, tree.max_level})), LeafFinder::none);
}

// Leaves that share a face across two regions have one size; where regions are one the plane stays graded.
TEST(OctreeRanks, RegionsMeetAtEqualSizes) {
  OctreeOptions options;
  options.cells = {4, 4, 4};
  options.target = [](const geometry::Box& box) { return box.distance2({1.9, 0.1, 0.1}) == 0 ? 0.1 : 9.0; };
  const size_t alone = all_leaves(Octree(Comm::world(), options)).size();
  options.region = [](const Vector3& x) { return x[0] > 2 ? 1 : 0; };
  const Octree tree(Comm::world(), options);
  const std::vector<OctantCode> leaves = all_leaves(tree);
  EXPECT_GT(leaves.size(), alone);
  int on_plane = 0;
  std::set<int> levels;
  for (OctantCode code : leaves) {
    const Octant o = decode(code);
    if (o.at[0] + tree.edge(o.level) != 2 * tree.edge(0)) continue;
    ++on_plane, levels.insert(o.level);
    EXPECT_TRUE(std::binary_search(leaves.begin(), leaves.end(), encode({{2 * tree.edge(0), o.at[1], o.at[2]}, o.level})));
  }
  EXPECT_GT(on_plane, 16);
  EXPECT_GT(levels.size(), 2u);
}

// Coarser trees nest, stay balanced, shrink fast and end at the unrefined cells but for the ends of the ranks' stretches.
TEST(OctreeRanks, CoarserTreesNestAndAreBalanced) {
  Octree tree(Comm::world(), ball(0.5));
  GlobalIndex before = tree.comm.sum(GlobalIndex(tree.n_leaves()));
  int n_levels = 0;
  for (;; ++n_levels) {
    Octree coarser(tree.comm);
    std::vector<Index> begin;
    std::vector<std::uint8_t> place;
    if (!tree.coarsen(coarser, begin, place)) break;
    ASSERT_EQ(begin.size(), coarser.leaves.size() + 1);
    ASSERT_EQ(place.size(), tree.leaves.size());
    for (Index e = 0; e < coarser.n_leaves(); ++e)
      for (Index i = begin[e]; i < begin[e + 1]; ++i) {
        const Octant own = decode(coarser.leaves[e]);
        EXPECT_EQ(tree.leaves[i], place[i] == 255 ? coarser.leaves[e] : encode(tree.child(own, place[i])));
      }
    const std::vector<OctantCode> leaves = all_leaves(coarser);
    if (leaves.size() < 600) {
      for (OctantCode a : leaves)
        for (OctantCode b : leaves) EXPECT_TRUE(level_of(a) <= level_of(b) + 1 || !touch(tree, decode(a), decode(b)));
    }
    EXPECT_LT(double(leaves.size()), (leaves.size() > 200 ? 0.5 : 1) * double(before));
    before = GlobalIndex(leaves.size());
    tree = coarser;
  }
  EXPECT_GE(n_levels, tree.comm.size() == 1 ? 4 : 3);
  EXPECT_LT(before, tree.comm.size() == 1 ? 7 : 150 * (tree.comm.size() - 1));
}

TEST(Octree, RefusesWhatItCannotHold) {
  OctreeOptions options;
  options.target = [](const geometry::Box& box) { return box.low[0] == 0 && box.low[1] == 0 && box.low[2] == 0 ? 1e-7 : 1.0; };
  EXPECT_THROW(Octree(Comm::self(), options), InputError);
  options.target = [](const geometry::Box&) { return std::nan(""); };
  EXPECT_THROW(Octree(Comm::self(), options), InputError);
  options.cells = {1 << 20, 1, 1};
  EXPECT_THROW(Octree(Comm::self(), options), InputError);
}
