// Excavation of whole cells on a graded octree: against a uniform mesh, in any order, on any ranks.
#include <gtest/gtest.h>

#include "mesh/octree_mesh.hpp"
#include "model.hpp"

using namespace winze;
using namespace winze::testing;

namespace {

/// 8 m cube with a drive "a" and a stope "b" beside it in the middle; cells of the given edge there and as large as they may get outside, or small
/// everywhere.
mesh::Mesh block(const Comm& comm, bool uniform, double edge) {
  mesh::OctreeOptions options;
  options.low = {-4, -4, -4};
  options.cells = {2, 2, 2};
  options.size = 4;
  geometry::Box near;
  near.low = {-2.2, -1.2, -1.2}, near.high = {2.2, 1.2, 1.2};
  options.target = [=](const geometry::Box& box) { return uniform || box.overlaps(near) ? edge : 4.0; };
  options.region = [](const Vector3& x) {
    if (std::abs(x[1]) > 1 || std::abs(x[2]) > 1 || std::abs(x[0]) > 2) return 0;
    return x[0] < 0 ? 1 : 2;
  };
  return octree_mesh(mesh::Octree(comm, options), {"rock", "a", "b"});
}

struct Result {
  double work[2] = {}, largest = 0;
  GlobalIndex nodes = 0;
  int iterations = 0;
};
Result dig(const mesh::Mesh& mesh, std::vector<double>* u = nullptr, bool at_once = false) {
  std::vector<rock::Boundary> rollers = {on<rock::Fixed>("z_min")};
  for (const char* side : {"x_min", "x_max", "y_min", "y_max"}) rollers.push_back(on<rock::Roller>(side));
  rock::Options options;
  options.tolerance = 1e-11;
  rock::Rock rock(mesh, rock_material(60e9, 0.25, 2700), {0, 0, 0}, constant_stress({50e6, 70e6, 54e6, 5e6, -3e6, 2e6}, {30e3, 40e3, 27e3, 0, 0, 0}),
                  rollers, options);
  EXPECT_EQ(rock.advance({}, 0, nullptr).newton_steps, 0);  // the initial state stays, hanging nodes or not
  Result result;
  result.nodes = mesh.nodes.n_global();
  for (int stage = 0; stage < (at_once ? 1 : 2); ++stage) {
    rock::Change change;
    if (at_once)
      change.excavate = {1, 2};
    else
      change.excavate = {1 + stage};
    const rock::Report r = rock.advance(change, 1 + stage, nullptr);
    result.work[stage] = r.energy.released, result.largest = r.largest_displacement,
    result.iterations = std::max(result.iterations, r.linear_iterations);
  }
  if (u) *u = rock.displacement();
  return result;
}

}  // namespace

// The far field has less than half of the nodes and gives the same work to a percent: the discretisation error of both at the edges of the openings,
// which have the same cells, is common.
TEST(OctreeRock, StagesEqualTheUniformMesh) {
  const Result graded = dig(block(Comm::self(), false, 0.5)), uniform = dig(block(Comm::self(), true, 0.5));
  EXPECT_LT(2 * graded.nodes, uniform.nodes);
  for (int stage = 0; stage < 2; ++stage) EXPECT_NEAR(graded.work[stage] / uniform.work[stage], 1, 0.01);
  EXPECT_NEAR(graded.largest / uniform.largest, 1, 0.01);
  EXPECT_LE(graded.iterations, 20);
}

TEST(OctreeRockRanks, OrderAndRanksDoNotMatter) {
  const mesh::Mesh mesh = block(Comm::world(), false, 1);
  std::vector<double> staged, at_once;
  const Result result = dig(mesh, &staged);
  dig(mesh, &at_once, true);
  double most = 0, size = 0;
  std::vector<char> standing(mesh.n_elements());
  for (Index e = 0; e < mesh.n_elements(); ++e) standing[e] = mesh.region[e] == 0;
  const linear::Mask mask = fem::make_mask(mesh, standing, std::vector<std::uint8_t>(staged.size(), 0), 3);
  for (size_t i = 0; i < staged.size(); ++i)
    if (!(mask.held[i] & linear::Mask::dead)) most = std::max(most, std::abs(staged[i] - at_once[i])), size = std::max(size, std::abs(staged[i]));
  EXPECT_LT(mesh.comm.max(most), 1e-9 * mesh.comm.max(size));
  // Hanging nodes keep their rows in the result.
  std::vector<double> filled = staged;
  mesh.hanging.fill(filled.data(), 3);
  for (Index n : mesh.hanging.node)
    for (int c = 0; c < 3; ++c)
      if (!(mask.held[3 * n] & linear::Mask::dead)) {
        EXPECT_NEAR(filled[3 * n + c], staged[3 * n + c], 1e-12);
      }
  if (Comm::world().size() == 1) return;
  const Result alone = dig(block(Comm::self(), false, 1));
  for (int stage = 0; stage < 2; ++stage) EXPECT_NEAR(result.work[stage] / alone.work[stage], 1, 1e-8);
}
