#include "mesh/octree_mesh.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "graded.hpp"
#include "mesh/components.hpp"
#include "mesh/native.hpp"
#include "mesh/raw.hpp"
#include "mesh/shape_functions.hpp"

using namespace winze;
using namespace winze::mesh;
using winze::testing::graded;
using winze::testing::graded_mesh;

namespace {

double polynomial(const Vector3& x, int degree) {
  const double linear = 1 + 2 * x[0] - 3 * x[1] + 0.5 * x[2];
  return degree == 1 ? linear : linear * (2 - x[0] + x[1] + 4 * x[2]) + x[0] * x[1];
}

/// Largest error of a polynomial at hanging nodes that are filled from their masters; all masters must be unknowns. Collective.
double error_of_rows(const SharedNodes& nodes, const HangingNodes& hanging, const std::vector<double>& points, int degree) {
  std::vector<double> x(nodes.n_local());
  std::vector<std::uint8_t> hangs(nodes.n_local(), 0);
  for (Index n : hanging.node) hangs[n] = 1;
  nodes.add_to_owners(hangs.data(), 1);
  nodes.update_ghosts(hangs.data(), 1);
  for (Index n : hanging.master) EXPECT_FALSE(hangs[n]);
  Index marked = 0;
  for (auto h : hangs) marked += h != 0;
  EXPECT_EQ(marked, Index(hanging.node.size())) << "each rank has the rows of all its hanging nodes";
  for (Index n = 0; n < nodes.n_local(); ++n) x[n] = hangs[n] ? 1e9 : polynomial({points[3 * n], points[3 * n + 1], points[3 * n + 2]}, degree);
  hanging.fill(x.data(), 1);
  double error = 0;
  for (Index n = 0; n < nodes.n_local(); ++n)
    error = std::max(error, std::abs(x[n] - polynomial({points[3 * n], points[3 * n + 1], points[3 * n + 2]}, degree)));
  return nodes.comm().max(error);
}

}  // namespace

TEST(OctreeMeshRanks, HangingNodesFollowQuadraticFunctions) {
  const Mesh mesh = graded_mesh(Comm::world(), 3, 3);
  EXPECT_GT(mesh.comm.sum(Index(mesh.hanging.node.size())), 500);
  EXPECT_LT(error_of_rows(mesh.nodes, mesh.hanging, mesh.points, 2), 1e-13);
  for (const Level& level : mesh.levels) EXPECT_LT(error_of_rows(level.nodes, level.hanging, level.points, 1), 1e-13);
}

// The transpose: loads moved to masters do the same work on fields that keep the rows.
TEST(OctreeMeshRanks, LoadsOfHangingNodesDoTheSameWork) {
  const Mesh mesh = graded_mesh(Comm::world(), 2, 3);
  std::vector<double> u(mesh.nodes.n_local()), f(mesh.nodes.n_local());
  for (Index n = 0; n < mesh.nodes.n_local(); ++n) u[n] = std::sin(5 * mesh.point(n)[0] + 3 * mesh.point(n)[1] * mesh.point(n)[2]);
  mesh.update_ghosts(u.data(), 1);
  double before = 0, after = 0;
  for (Index n = 0; n < mesh.nodes.n_local(); ++n) before += (f[n] = std::cos(7 * mesh.point(n)[2]) + mesh.comm.rank()) * u[n];
  mesh.add_to_owners(f.data(), 1);
  for (Index n = 0; n < mesh.nodes.n_owned(); ++n) after += f[n] * u[n];
  EXPECT_NEAR(mesh.comm.sum(after), mesh.comm.sum(before), 1e-10 * std::abs(mesh.comm.sum(before)));
  for (Index n : mesh.hanging.node) EXPECT_EQ(f[n], 0);
}

// One mesh whatever the number of ranks: nodes, volume, surfaces, order of elements.
TEST(OctreeMeshRanks, IsTheSameOnAnyRanks) {
  const Mesh mesh = graded_mesh(Comm::world(), 3, 3), alone = graded_mesh(Comm::self(), 3, 3);
  EXPECT_EQ(mesh.nodes.n_global(), alone.nodes.n_global());
  const Quality q = quality(mesh), q1 = quality(alone);
  EXPECT_EQ(q.cells, q1.cells);
  EXPECT_NEAR(q.volume, 1, 1e-12);
  EXPECT_NEAR(q.smallest_jacobian, 1, 1e-12);
  ASSERT_EQ(mesh.surfaces.size(), 6u);
  for (double area : q.surface_area) EXPECT_NEAR(area, 1, 1e-12);
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    const Index there = Index(mesh.original_element[e]);
    for (int i = 0; i < 27; ++i) EXPECT_EQ(mesh.point(mesh.nodes_of(e)[i]), alone.point(alone.nodes_of(there)[i]));
  }
  Index hanging = 0;
  for (Index n : mesh.hanging.node) hanging += n < mesh.nodes.n_owned();
  EXPECT_EQ(mesh.comm.sum(hanging), Index(alone.hanging.node.size()));
}

// The neighbour across every face touches it, is at most one level away, and is −1 on the hull alone.
TEST(OctreeMeshRanks, FindsTheNeighbours) {
  const Octree tree(Comm::world(), graded(3, 3));
  const Mesh mesh = octree_mesh(tree, {"rock"});
  const std::vector<OctantCode> leaves = tree.comm.all_gather(tree.leaves);
  const std::vector<Index> counts = tree.comm.all_gather<Index>(tree.n_leaves());
  int larger = 0, smaller = 0;
  for (Index e = 0; e < mesh.n_elements(); ++e)
    for (int f = 0; f < 6; ++f) {
      const Index to = mesh.face_neighbour[6 * e + f];
      const Octant own = decode(tree.leaves[e]);
      const double edge = tree.edge(own.level);
      const bool hull = f % 2 ? own.at[f / 2] + edge == tree.cells[f / 2] << tree.max_level : own.at[f / 2] == 0;
      EXPECT_EQ(to == -1, hull);
      EXPECT_EQ(mesh.face_region[6 * e + f], hull ? -1 : 0);
      if (hull) continue;
      size_t there = to;
      if (to <= -2) {
        there = mesh.remote_faces[-2 - to].element;
        for (int r = 0; r < mesh.remote_faces[-2 - to].rank; ++r) there += counts[r];
      } else {
        for (int r = 0; r < mesh.comm.rank(); ++r) there += counts[r];
      }
      const Octant other = decode(leaves[there]);
      EXPECT_LE(std::abs(other.level - own.level), 1);
      larger += other.level<own.level, smaller += other.level> own.level;
      EXPECT_EQ(f % 2 ? own.at[f / 2] + edge : own.at[f / 2], f % 2 ? other.at[f / 2] : other.at[f / 2] + tree.edge(other.level));
      for (int d = 0; d < 3; ++d)
        if (d != f / 2) {
          EXPECT_LT(std::max(own.at[d], other.at[d]), std::min(own.at[d] + edge, double(other.at[d] + tree.edge(other.level))));
        }
    }
  EXPECT_EQ(mesh.comm.sum(larger), 4 * mesh.comm.sum(smaller));
  EXPECT_GT(mesh.comm.sum(smaller), 50);
}

// Trilinear functions of a level, hanging vertices filled, arrive exactly at the nodes of the finer level.
TEST(OctreeMeshRanks, LevelsCarryLinearFunctionsDown) {
  const Mesh mesh = graded_mesh(Comm::world(), 3, 3);
  EXPECT_GE(mesh.levels.size(), 3u);
  for (size_t l = 0; l < mesh.levels.size(); ++l) {
    const Level& level = mesh.levels[l];
    std::vector<double> x(level.nodes.n_local(), 0);
    for (Index n = 0; n < level.nodes.n_owned(); ++n) x[n] = polynomial({level.points[3 * n], level.points[3 * n + 1], level.points[3 * n + 2]}, 1);
    level.hanging.clear(x.data(), 1);
    level.nodes.update_ghosts(x.data(), 1);
    level.hanging.fill(x.data(), 1);
    const SharedNodes& finer = l == 0 ? mesh.nodes : mesh.levels[l - 1].nodes;
    const std::vector<double>& points = l == 0 ? mesh.points : mesh.levels[l - 1].points;
    const MeanOf& mean = level.to_finer;
    ASSERT_EQ(mean.offset.size(), size_t(finer.n_local()) + 1);
    for (Index n = 0; n < finer.n_owned(); ++n) {
      ASSERT_GT(mean.offset[n + 1], mean.offset[n]);
      double value = 0;
      for (Index k = mean.offset[n]; k < mean.offset[n + 1]; ++k) value += x[mean.masters[k]] / (mean.offset[n + 1] - mean.offset[n]);
      EXPECT_NEAR(value, polynomial({points[3 * n], points[3 * n + 1], points[3 * n + 2]}, 1), 1e-13);
    }
    EXPECT_EQ(level.child_begin.back(), l == 0 ? mesh.n_elements() : mesh.levels[l - 1].n_elements());
  }
}

// A slab of another region cuts the cube; the fine cells in a corner of one half hold together through the larger ones around them.
TEST(OctreeMeshRanks, BodiesHoldTogetherAcrossSizes) {
  OctreeOptions options = graded(4, 2);
  options.region = [](const Vector3& x) { return x[0] > 0.5 && x[0] < 0.75 ? 1 : 0; };
  const Mesh mesh = octree_mesh(Octree(Comm::world(), options), {"rock", "slab"});
  int n = 0;
  std::vector<char> active(mesh.n_elements(), 1);
  face_connected_components(mesh, active, n);
  EXPECT_EQ(n, 1);
  for (Index e = 0; e < mesh.n_elements(); ++e) active[e] = mesh.region[e] == 0;
  const auto component = face_connected_components(mesh, active, n);
  EXPECT_EQ(n, 2);
  int left_low = 9, left_high = -1, right_low = 9, right_high = -1;
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    if (!active[e]) continue;
    const bool right = mesh.point(mesh.nodes_of(e)[13])[0] > 0.6;
    int &low = right ? right_low : left_low, &high = right ? right_high : left_high;
    low = std::min(low, component[e]), high = std::max(high, component[e]);
  }
  EXPECT_EQ(mesh.comm.min(left_low), mesh.comm.max(left_high));
  EXPECT_EQ(mesh.comm.min(right_low), mesh.comm.max(right_high));
  double area = 0;
  for (const Face& face : surface_between(mesh, {1, 0}, {0, 1})) {
    const Vector3 a = mesh.point(mesh.nodes_of(face.element)[0]), b = mesh.point(mesh.nodes_of(face.element)[26]);
    area += (b[1] - a[1]) * (b[2] - a[2]);
  }
  EXPECT_NEAR(mesh.comm.sum(area), 2, 1e-12);
}

TEST(OctreeMesh, RefusesToBeWrittenAsConforming) {
  const Mesh mesh = graded_mesh(Comm::self(), 2, 2);
  EXPECT_THROW(write_native(mesh, ::testing::TempDir() + "octree.h5"), InputError);
}
