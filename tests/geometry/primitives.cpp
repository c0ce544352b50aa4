#include "geometry/primitives.hpp"

#include <numbers>

#include "base/error.hpp"
#include "contract.hpp"
#include "geometry/sweep.hpp"

using namespace winze;
using namespace winze::geometry;
using std::numbers::pi;

TEST(Cuboid, KeepsTheContractOfSolids) {
  const Cuboid solid({1, 2, 3}, {4, 9, 5});
  expect_contract(solid);
  expect_volume(solid);
  expect_area(solid, 0.05, 0.05);
  EXPECT_DOUBLE_EQ(solid.volume(), 3 * 7 * 2);
  EXPECT_DOUBLE_EQ(solid.area(), 2 * (3 * 7 + 7 * 2 + 2 * 3));
}

TEST(Cuboid, DistancesAtFaceEdgeCornerAndCentre) {
  const Cuboid solid({0, 0, 0}, {2, 4, 6});
  EXPECT_DOUBLE_EQ(solid.distance({3, 1, 1}), 1);
  EXPECT_DOUBLE_EQ(solid.distance({5, 8, 1}), 5);  // 3-4-5 from the edge
  EXPECT_DOUBLE_EQ(solid.distance({3, 6, 8}), 3);  // 1-2-2 from the corner
  EXPECT_DOUBLE_EQ(solid.distance({1, 2, 3}), -1);
  EXPECT_EQ(solid.nearest({1.9, 2, 3}, 1).patch, 1);
  EXPECT_EQ(solid.nearest({1, 2, 0.1}, 1).patch, 4);
  EXPECT_NEAR(thickness(solid, solid.nearest({1, 2, 6.5}, 1), 100), 6, 1e-3);
  EXPECT_THROW(Cuboid({0, 0, 0}, {1, 0, 1}), InputError);
}

TEST(Sphere, KeepsTheContractOfSolids) {
  const Sphere solid({-3, 1, 2000}, 2.5);
  expect_contract(solid);
  expect_volume(solid);
  EXPECT_DOUBLE_EQ(solid.volume(), 4 * pi / 3 * 2.5 * 2.5 * 2.5);
  EXPECT_DOUBLE_EQ(solid.area(), 4 * pi * 2.5 * 2.5);
  EXPECT_DOUBLE_EQ(solid.nearest({-3, 1, 2004}, 10).curvature_radius, 2.5);
  EXPECT_THROW(Sphere({0, 0, 0}, -1), InputError);
}

TEST(Cylinder, KeepsTheContractOfSolids) {
  const Sweep solid = cylinder({1, 2, 3}, {4, 6, 15}, 2);  // length 13, slanted
  expect_contract(solid);
  expect_volume(solid);
  EXPECT_NEAR(solid.volume(), pi * 4 * 13, 1e-10);
  EXPECT_NEAR(solid.area(), 2 * pi * 2 * 13 + 2 * pi * 4, 1e-10);
}

TEST(Cylinder, PatchesAndCurvature) {
  const Sweep solid = cylinder({0, 0, 0}, {0, 0, -10}, 2);
  const Wall side = solid.nearest({3, 0, -5}, 100), top = solid.nearest({0.5, 0, 1}, 100), bottom = solid.nearest({0, 0.5, -9.9}, 100);
  EXPECT_EQ(side.patch, 0);
  EXPECT_DOUBLE_EQ(side.curvature_radius, 2);
  EXPECT_DOUBLE_EQ(side.distance, 1);
  EXPECT_EQ(top.patch, solid.start_face());
  EXPECT_NEAR(top.normal[2], 1, 1e-15);
  EXPECT_EQ(bottom.patch, solid.end_face());
  EXPECT_NEAR(bottom.distance, -0.1, 1e-12);
  EXPECT_NEAR(thickness(solid, side, 100), 4, 1e-3);
  EXPECT_TRUE(std::isinf(top.curvature_radius));
}
