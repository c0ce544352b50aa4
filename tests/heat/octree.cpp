// Heat on graded octrees.
#include "cases.hpp"
#include "mesh/octree_mesh.hpp"

using namespace winze;
using namespace winze::test;

namespace {

/// 32 × 16 × 16 m, small cells up to `fine` from the west side, twice as large in its northern half, and up to 8 m elsewhere.
mesh::Mesh block(const Comm& comm, double fine, double finest) {
  mesh::OctreeOptions options;
  options.cells = {4, 2, 2};
  options.size = 8;
  options.target = [=](const geometry::Box& box) { return box.low[0] < fine && box.low[1] < 8 ? finest : box.low[0] < fine ? 2 * finest : 8.0; };
  return octree_mesh(mesh::Octree(comm, options), {"rock"});
}

}  // namespace

// The geothermal state stays, and heat is conserved with convection and prescribed temperatures across hanging nodes.
TEST(OctreeHeatRanks, StaysAndIsConserved) {
  const mesh::Mesh m = block(Comm::world(), 3, 2);
  EXPECT_GT(m.comm.sum(Index(m.hanging.node.size())), 50);
  Heat still(m, rocks({rock(3.2, 2.2e6)}), {{heat::Gradient{288.15, 0.025}}, 1000}, {}, {});
  still.set_elements(all_rock(m));
  still.advance(0, year);
  double change = 0;
  for (double d : still.change()) change = std::max(change, std::abs(d));
  EXPECT_LT(m.comm.max(change), 1e-8);
  Heat h(m, rocks({rock(3, 2.3e6)}), {{heat::Gradient{288, 0.022}}, 2000},
         {convection("x_min", 290, 8), temperature("y_max", 320), flux("z_max", 0.5)}, within(0.05));
  h.set_elements(all_rock(m));
  const heat::Report r = h.advance(0, year / 4);
  EXPECT_LT(r.imbalance, 1e-8);
  EXPECT_GT(r.gross_heat, 1e6);
}

// Cooling of a half-space by a wall at a fixed temperature: the error function, on a tree that is fine where the gradient is.
TEST(OctreeHeat, HalfSpace) {
  const mesh::Mesh m = block(Comm::self(), 8, 1);
  Heat h(m, rocks({rock(3, 2.3e6)}), uniform(320), {temperature("x_min", 300)}, within(0.002));
  h.set_elements(all_rock(m));
  const double t = year / 4, depth = std::sqrt(4 * 3 / 2.3e6 * t);
  const heat::Report r = h.advance(0, t);
  EXPECT_LT(largest_error(m, h.temperature(), [&](const Vector3& x) { return 320 - 20 * std::erfc(x[0] / depth); }), 0.1);
  EXPECT_LT(r.linear_iterations, 15 * 2 * (r.steps + r.rejected));
}
