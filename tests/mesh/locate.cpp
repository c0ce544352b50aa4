#include "mesh/locate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "mesh/raw.hpp"
#include "mesh/shape_functions.hpp"

using namespace winze;
using namespace winze::mesh;

namespace {

Vector3 position(const Mesh& mesh, const Located& at) {
  double x[max_nodes][3];
  for (int i = 0; i < info(mesh.shape).n_nodes; ++i)
    for (int axis = 0; axis < 3; ++axis) x[i][axis] = mesh.point(mesh.nodes_of(at.element)[i])[axis];
  return map_point(mesh.shape, x, at.reference);
}

Mesh curved_drive(Shape shape, double scale = 1) {
  QuarterDrive drive;
  drive.cells = {6, 4, 3};
  RawMesh raw = quarter_drive(Comm::world(), shape, drive);
  for (double& x : raw.points) x *= scale;
  return build(Comm::world(), raw, {});
}

}  // namespace

// Random points of the curved quarter block are found on exactly one rank, at a reference point whose image is the point.
TEST(LocateRanks, FindsRandomPointsOnExactlyOneRank) {
  for (Shape shape : {Shape::hex8, Shape::hex27, Shape::tet4, Shape::tet10}) {
    SCOPED_TRACE(info(shape).name);
    const Mesh mesh = curved_drive(shape);
    std::mt19937 random(7);
    std::uniform_real_distribution<double> side(0, 20);
    std::vector<Vector3> points;
    while (points.size() < 300) {
      const Vector3 x = {side(random), side(random), side(random)};
      if (std::hypot(x[0], x[1]) > 2.01) points.push_back(x);
    }
    const std::vector<Located> found = Locator(mesh).locate(points);
    for (size_t i = 0; i < points.size(); ++i) {
      EXPECT_EQ(mesh.comm.sum(int(found[i].found)), 1);
      if (!found[i].found) continue;
      const Vector3 x = position(mesh, found[i]);
      for (int axis = 0; axis < 3; ++axis) EXPECT_NEAR(x[axis], points[i][axis], 1e-9);
    }
  }
}

// On faces, edges and vertices that several elements share one wins; outside and inside the hole none does.
TEST(LocateRanks, OneElementWinsOnSharedFacesAndNoneOutside) {
  const Comm world = Comm::world();
  const Mesh mesh = build(world, box(world, Shape::hex27, {0, 0, 0}, {4, 4, 4}, {4, 4, 4}), {});
  const std::vector<Located> shared = Locator(mesh).locate({{2, 2, 2}, {2, 1.5, 0.5}, {1, 3, 0.2}, {0, 0, 0}, {4, 4, 4}});
  for (const Located& at : shared) EXPECT_EQ(world.sum(int(at.found)), 1);
  const std::vector<Located> outside = Locator(mesh).locate({{-0.1, 2, 2}, {2, 2, 4.02}, {9, 9, 9}});
  for (const Located& at : outside) EXPECT_EQ(world.sum(int(at.found)), 0);
  const std::vector<Located> hole = Locator(curved_drive(Shape::hex27)).locate({{1, 1, 5}, {1.9, 0, 5}});
  for (const Located& at : hole) EXPECT_EQ(world.sum(int(at.found)), 0);
}

// A point of the exact wall misses the quadratic wall by 2e-5 m or so: it is taken to the wall, not lost. Straight hexes miss it by 0.04 m in a first
// cell of 0.8 m, 5 %: beyond the slack of 1 %, so it is refused rather than moved.
TEST(LocateRanks, PointsOfTheTrueWallAreOnTheBoundary) {
  const double angle = 0.3;
  const std::vector<Vector3> wall = {{2 * std::cos(angle), 2 * std::sin(angle), 7}};
  const Mesh mesh = curved_drive(Shape::hex27);
  const Located at = Locator(mesh).locate(wall)[0];
  EXPECT_EQ(mesh.comm.sum(int(at.found)), 1);
  if (at.found) {
    EXPECT_NEAR(norm(position(mesh, at)), norm(wall[0]), 2e-3);
  }
}

// Grid coordinates of a real mine: 2e6 m from the origin, where rounding is 2e-10 m.
TEST(LocateRanks, FarFromTheOrigin) {
  const Comm world = Comm::world();
  const Mesh mesh = build(world, box(world, Shape::tet10, {2000000, 5000000, -2000}, {2000010, 5000010, -1990}, {4, 4, 4}), {});
  const std::vector<Vector3> points = {{2000003.3, 5000007.7, -1994.4}};
  const Located at = Locator(mesh).locate(points)[0];
  EXPECT_EQ(world.sum(int(at.found)), 1);
  if (at.found) {
    for (int axis = 0; axis < 3; ++axis) EXPECT_NEAR(position(mesh, at)[axis], points[0][axis], 1e-8);
  }
}

// Only elements of active regions: at the border the rock's side is taken.
TEST(LocateRanks, RestrictedToRegions) {
  const Comm world = Comm::world();
  RawMesh raw = box(world, Shape::hex8, {0, 0, 0}, {2, 1, 1}, {4, 2, 2});
  raw.region_names = {"left", "right"};
  const GlobalIndex first = world.exclusive_scan(GlobalIndex(raw.cell_region.size()));
  for (size_t c = 0; c < raw.cell_region.size(); ++c) raw.cell_region[c] = (first + GlobalIndex(c)) % 4 >= 2;
  const Mesh mesh = build(world, raw, {});
  const Locator locator(mesh);
  const std::vector<Vector3> points = {{1, 0.3, 0.3}, {0.4, 0.3, 0.3}};
  const std::vector<Located> left = locator.locate(points, {1, 0}), right = locator.locate(points, {0, 1});
  EXPECT_EQ(world.sum(int(left[0].found)), 1);
  EXPECT_EQ(world.sum(int(right[0].found)), 1);
  EXPECT_EQ(world.sum(int(left[1].found)), 1);
  EXPECT_EQ(world.sum(int(right[1].found)), 0);
  if (left[0].found) {
    EXPECT_EQ(mesh.region[left[0].element], 0);
  }
  if (right[0].found) {
    EXPECT_EQ(mesh.region[right[0].element], 1);
  }
}
