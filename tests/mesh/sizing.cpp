// Cells of an octree as small as walls ask: curvature, thickness, distance, boxes.
#include "mesh/sizing.hpp"

#include <gtest/gtest.h>

#include "geometry/primitives.hpp"
#include "geometry/sweep.hpp"

using namespace winze;
using namespace winze::mesh;
using geometry::Box;

namespace {

/// A shaft of radius 2 m and a slot 0.5 m thick, in a block of 64 m.
geometry::Scene shaft_and_slot() {
  const Vector3 path[] = {{10.3, 11.1, 5}, {10.3, 11.1, 60}};
  return geometry::Scene({{"shaft", std::make_shared<geometry::Sweep>(geometry::Profile::circle(4), path), 1},
                          {"slot", std::make_shared<geometry::Cuboid>(Vector3{35.2, 35.2, 30.1}, Vector3{45.1, 45.1, 30.6}), 1}});
}
Octree tree_of(const geometry::Scene& scene, const Sizing& sizing) {
  OctreeOptions options;
  options.cells = {4, 4, 4};
  options.size = 16;
  options.target = target_of(scene, sizing);
  return Octree(Comm::world(), options);
}

}  // namespace

TEST(SizingRanks, WallCellsFollowCurvatureThicknessAndDistance) {
  const geometry::Scene scene = shaft_and_slot();
  Sizing sizing;
  sizing.wall = 2, sizing.growth = 0.5;
  sizing.boxes.push_back({{{50, 50, 2}, {60, 60, 10}}, 1});
  const Octree tree = tree_of(scene, sizing);
  int cut[2] = {};
  for (OctantCode code : tree.leaves) {
    const Box box = tree.box(decode(code));
    const double edge = box.high[0] - box.low[0], reach = 0.5 * box.diagonal();
    for (Index part = 0; part < 2; ++part) {
      const geometry::Wall wall = scene[part].solid->nearest(box.centre(), reach);
      if (wall.patch < 0 || !box.contains(wall.point)) continue;
      ++cut[part];
      if (part == 0 && wall.patch == 0) {
        EXPECT_LE(edge, 0.5) << "a quarter of the radius";
      }
      if (part == 1 && Box{{35.7, 35.7, 30}, {44.6, 44.6, 31}}.contains(wall.point)) {
        EXPECT_LE(edge, 0.25) << "half of the thickness";
      }
      EXPECT_LE(edge, 2);
    }
    const double off = std::max(0.0, std::abs(scene.nearest(box.centre()).wall.distance) - reach);
    EXPECT_LE(edge, 2 + 0.5 * off + 1e-12);
    if (Box{{50.5, 50.5, 2.5}, {59.5, 59.5, 9.5}}.contains(box.centre())) {
      EXPECT_LE(edge, 1);
    }
  }
  EXPECT_GT(tree.comm.sum(cut[0]), 2000);
  EXPECT_GT(tree.comm.sum(cut[1]), 1000);
  EXPECT_LT(tree.comm.sum(GlobalIndex(tree.leaves.size())), 60000) << "no more than that";
}

// Whose walls ask for nothing, and how small the smallest are.
TEST(SizingRanks, PartsAndSizesLeftOut) {
  const geometry::Scene scene = shaft_and_slot();
  Sizing sizing;
  sizing.without = {0, 1};
  EXPECT_EQ(tree_of(scene, sizing).comm.sum(GlobalIndex(tree_of(scene, sizing).leaves.size())), 64);
  sizing.without = {0}, sizing.smallest = 1;
  const Octree tree = tree_of(scene, sizing);
  double least = 64;
  for (OctantCode code : tree.leaves) least = std::min(least, tree.edge_length(level_of(code)));
  EXPECT_EQ(-tree.comm.max(-least), 1);
}
