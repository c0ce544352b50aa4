#include <gtest/gtest.h>

#include <algorithm>

#include "mesh/raw.hpp"

using namespace winze;
using namespace winze::mesh;

namespace {
GlobalIndex faces_between_ranks(const Mesh& mesh) { return mesh.comm.sum(GlobalIndex(mesh.remote_faces.size())) / 2; }
}  // namespace

// Whatever divides the cells: the same mesh, balanced to 10 % (PT-Scotch's default imbalance is 5 %), and few faces between ranks. Of the 1344 inner
// faces of 8³ cells a random partition cuts 1 − 1/P; plane cuts leave 64 on 2 and 128 on 4 ranks. A third of the random number must not be exceeded.
TEST(PartitionRanks, CurveAndGraphCutFewFaces) {
  const Comm world = Comm::world();
  for (auto kind : {BuildOptions::Partition::curve, BuildOptions::Partition::ptscotch}) {
    BuildOptions options;
    options.partition = kind;
    const Mesh mesh = build(world, box(world, Shape::hex27, {0, 0, 0}, {1, 1, 1}, {8, 8, 8}), options);
    EXPECT_EQ(mesh.n_elements_global(), 512);
    EXPECT_EQ(mesh.nodes.n_global(), 17 * 17 * 17);
    EXPECT_NEAR(quality(mesh).volume, 1, 1e-12);
    EXPECT_LE(world.max(mesh.n_elements()), 1.1 * 512 / world.size());
    EXPECT_LE(faces_between_ranks(mesh), 1344 * (1 - 1.0 / world.size()) / 3);
  }
}

// original_element is a permutation of 0 … n − 1 that names the same place on any number of ranks: in a box of n³ cells, element 8 c + place is child
// `place` of cell c = i + n (j + n k).
TEST(PartitionRanks, OriginalElementsNameTheSamePlaces) {
  const Comm world = Comm::world();
  BuildOptions options;
  options.refine = 1;
  const int n = 4;
  const Mesh mesh = build(world, box(world, Shape::hex8, {0, 0, 0}, {n, n, n}, {n, n, n}), options);
  ASSERT_EQ(mesh.original_element.size(), size_t(mesh.n_elements()));
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    const GlobalIndex cell = mesh.original_element[e] / 8, place = mesh.original_element[e] % 8;
    const GlobalIndex at[3] = {cell % n, cell / n % n, cell / (n * n)};
    for (int axis = 0; axis < 3; ++axis) EXPECT_NEAR(mesh.point(mesh.nodes_of(e)[0])[axis], double(at[axis]) + 0.5 * (place >> axis & 1), 1e-12);
  }
  std::vector<GlobalIndex> all = world.all_gather(mesh.original_element);
  std::sort(all.begin(), all.end());
  for (size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], GlobalIndex(i));
}

// However the file numbers a tet, its refinement takes the shortest inner diagonal. Half distances of the middles of opposite edges: 02|13 0.5 m,
// 01|23 and 03|12 1.03 m; the longest half edge is 1 m, so any other choice would leave an edge of 1.03 m.
TEST(Partition, TetsRefineAlongTheShortestDiagonal) {
  RawMesh raw;
  raw.shape = Shape::tet4;
  raw.n_nodes = 4;
  raw.points = {0, 0, 0, 1, 0.25, 0.5, 0, 0.5, 0, -1, 0.25, 0.5};
  raw.cell_region = {0};
  raw.region_names = {"rock"};
  BuildOptions options;
  options.refine = 1;
  for (const std::vector<GlobalIndex>& order : {std::vector<GlobalIndex>{0, 1, 2, 3}, {0, 2, 3, 1}, {0, 3, 1, 2}}) {
    raw.cell_nodes = order;
    EXPECT_NEAR(quality(build(Comm::self(), raw, options)).largest_edge, 1, 1e-12);
  }
}
