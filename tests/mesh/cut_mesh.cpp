// Octrees cut by solids: elements, points, walls and ties.
#include "mesh/cut_mesh.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>

#include "geometry/primitives.hpp"
#include "mesh/components.hpp"
#include "mesh/shape_functions.hpp"

using namespace winze;
using namespace winze::mesh;
using geometry::Box;

namespace {

constexpr double pi = std::numbers::pi;

/// 4 m cube, cells of 1 m, of 0.5 m in the lower half of what a ball of radius 1.1 m around (0.13, 0.07, 0.21) reaches: hanging nodes on its wall.
Octree ball_tree(const Comm& comm) {
  OctreeOptions options;
  options.low = {-2, -2, -2};
  options.cells = {2, 2, 2};
  options.size = 2;
  options.target = [](const Box& box) {
    return box.low[2] < -0.1 && box.low[0] < 1 && box.low[1] < 1 && box.high[0] > -1 && box.high[1] > -1 ? 0.5 : 1.0;
  };
  return Octree(comm, options);
}
geometry::Scene two_balls() {
  return geometry::Scene({{"ball", std::make_shared<geometry::Sphere>(Vector3{0.13, 0.07, 0.21}, 1.1)},
                          {"other", std::make_shared<geometry::Sphere>(Vector3{0.9, 0.3, 0.2}, 0.7)}});
}
/// Flat pieces of f = 0.25 m: they cut a ball of radius r by about f²/(6 r) at the wall, 3 % of its volume at r = 1.1 m, 6 % at 0.7 m.
CutMeshOptions quick() {
  CutMeshOptions options;
  options.cut.depth = 2;
  return options;
}

double volume_of(const Mesh& mesh, Index e) {
  if (mesh.cuts.whole(e)) return std::pow(mesh.point(mesh.nodes_of(e)[26])[0] - mesh.point(mesh.nodes_of(e)[0])[0], 3);
  double sum = 0;
  const Index at = mesh.cuts.of_element[e];
  for (GlobalIndex q = mesh.cuts.offset[at]; q < mesh.cuts.offset[at + 1]; ++q) sum += mesh.cuts.points[q].weight;
  return sum;
}

}  // namespace

// Every combination of solids is a region; their volumes are those of the balls and of their lens; the cells are used up.
TEST(CutMeshRanks, RegionsFillTheBox) {
  const Mesh mesh = cut_mesh(ball_tree(Comm::world()), two_balls(), quick());
  ASSERT_EQ(mesh.region_names, (std::vector<std::string>{"ball", "ball + other", "other", "rock"}));
  std::vector<double> volume(4, 0.0);
  std::map<Index, double> of_cell;
  for (Index e = 0; e < mesh.n_elements(); ++e) volume[mesh.region[e]] += volume_of(mesh, e), of_cell[mesh.element_cell[e]] += volume_of(mesh, e);
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    const double edge = mesh.point(mesh.nodes_of(e)[26])[0] - mesh.point(mesh.nodes_of(e)[0])[0];
    EXPECT_NEAR(of_cell[mesh.element_cell[e]], edge * edge * edge, 1e-12);
    EXPECT_NEAR(mesh.share[e], volume_of(mesh, e) / (edge * edge * edge), 1e-12);
  }
  mesh.comm.sum(volume.data(), 4);
  const double a = 1.1, b = 0.7, d = std::hypot(0.77, 0.23, 0.01);
  const double lens = pi * std::pow(a + b - d, 2) * (d * d + 2 * d * (a + b) - 3 * (a - b) * (a - b)) / (12 * d);
  EXPECT_NEAR(volume[1], lens, 0.07 * lens);
  EXPECT_NEAR(volume[0] + volume[1], 4 * pi / 3 * a * a * a, 0.03 * 5.6);
  EXPECT_NEAR(volume[2] + volume[1], 4 * pi / 3 * b * b * b, 0.06 * 1.4);
  EXPECT_NEAR(volume[0] + volume[1] + volume[2] + volume[3], 64, 1e-11);
  int n = 0;
  face_connected_components(mesh, std::vector<char>(mesh.n_elements(), 1), n);
  EXPECT_EQ(n, 1);
}

// Walls have the area of the ball, close it, and belong to elements of its two sides.
TEST(CutMeshRanks, WallsCloseTheBall) {
  const geometry::Scene scene({{"ball", std::make_shared<geometry::Sphere>(Vector3{0.13, 0.07, 0.21}, 1.1)}});
  CutMeshOptions options = quick();
  options.region = [](std::span<const Index> parts) { return std::string(parts.empty() ? "rock" : ""); };  // nothing within
  const Mesh mesh = cut_mesh(ball_tree(Comm::world()), scene, options);
  ASSERT_EQ(mesh.region_names, std::vector<std::string>{"rock"});
  double sums[5] = {};
  for (const WallPoint& w : mesh.cuts.walls) {
    sums[0] += w.area;
    for (int d = 0; d < 3; ++d) sums[1 + d] += w.area * w.normal[d];
    EXPECT_EQ(w.inside, -1);
    ASSERT_GE(w.outside, 0);
    double x[27][3];
    for (int i = 0; i < 27; ++i)
      for (int c = 0; c < 3; ++c) x[i][c] = mesh.points[3 * std::size_t(mesh.nodes_of(w.outside)[i]) + c];
    EXPECT_LT(norm(geometry::operator-(map_point(Shape::hex27, x, w.reference), w.position)), 1e-12);
  }
  for (Index e = 0; e < mesh.n_elements(); ++e) sums[4] += volume_of(mesh, e);
  mesh.comm.sum(sums, 5);
  EXPECT_NEAR(sums[0], 4 * pi * 1.21, 0.02 * 15);
  for (int d = 0; d < 3; ++d) EXPECT_NEAR(sums[1 + d], 0, 0.005 * 15);
  EXPECT_NEAR(sums[4], 64 - 4 * pi / 3 * 1.331, 0.03 * 5.6);
}

// Ties: their number does not depend on the ranks; both cells have their nodes at the places that a quadratic field and the hanging rows expect.
TEST(CutMeshRanks, TiesJoinCellsAcrossRanksAndSizes) {
  const Mesh mesh = cut_mesh(ball_tree(Comm::world()), two_balls(), quick()), alone = cut_mesh(ball_tree(Comm::self()), two_balls(), quick());
  const TiedCells& tied = mesh.cuts.tied;
  EXPECT_EQ(mesh.comm.sum(Index(tied.faces.size())), Index(alone.cuts.tied.faces.size()));
  EXPECT_EQ(mesh.comm.sum(mesh.n_elements()), alone.n_elements());
  const auto field = [](const Vector3& x) { return x[0] * x[0] - 2 * x[1] * x[2] + x[2]; };
  std::vector<double> u(mesh.nodes.n_local(), 0);
  for (Index n = 0; n < mesh.nodes.n_owned(); ++n) u[n] = field(mesh.point(n));
  for (Index n : mesh.hanging.node) u[n] = 1e9;
  mesh.update_ghosts(u.data(), 1);
  Index quarters = 0;
  for (const TiedFace& f : tied.faces) {
    for (Index cell : {f.a, f.b})
      for (int i = 0; i < 27; ++i) {
        const Index node = tied.nodes[27 * std::size_t(cell) + i];
        EXPECT_NEAR(u[node], field(mesh.point(node)), 1e-12);
        const Vector3 from = mesh.point(tied.nodes[27 * std::size_t(cell)]), at = mesh.point(node);
        EXPECT_NEAR(at[0] - from[0], i % 3 * 0.5 * tied.edge[cell], 1e-12);
        EXPECT_NEAR(at[2] - from[2], i / 9 * 0.5 * tied.edge[cell], 1e-12);
      }
    const Vector3 a = mesh.point(tied.nodes[27 * std::size_t(f.a)]), b = mesh.point(tied.nodes[27 * std::size_t(f.b)]);
    EXPECT_NEAR(b[f.axis] - a[f.axis], f.side ? tied.edge[f.a] : -tied.edge[f.b], 1e-12);
    for (int t = 0; t < 2; ++t)
      EXPECT_NEAR(a[(f.axis + 1 + t) % 3] - b[(f.axis + 1 + t) % 3], f.quarter != TiedFace::whole && f.quarter >> t & 1 ? tied.edge[f.a] : 0, 1e-12);
    EXPECT_NEAR(tied.edge[f.b] / tied.edge[f.a], f.quarter == TiedFace::whole ? 1 : 2, 1e-12);
    quarters += f.quarter != TiedFace::whole;
  }
  EXPECT_GT(mesh.comm.sum(quarters), 10);
  std::vector<double> value(tied.n_cells(), 0);
  const auto mark = [&](Index cell) { return mesh.point(tied.nodes[27 * std::size_t(cell) + 13])[0]; };
  for (Index c = 0; c < tied.n_own(); ++c) value[c] = mark(c);
  tied.exchange(mesh.comm, value, 1);
  for (Index c = 0; c < tied.n_cells(); ++c) EXPECT_NEAR(value[c], mark(c), 1e-12);
}
