// Openings whose walls cut the cells of an octree: closed forms of displacement and of wall stress.
#include <gtest/gtest.h>

#include <numbers>

#include "geometry/primitives.hpp"
#include "geometry/sweep.hpp"
#include "mesh/cut_mesh.hpp"
#include "mesh/octree_mesh.hpp"
#include "model.hpp"

using namespace winze;
using namespace winze::testing;

namespace {

constexpr double pi = std::numbers::pi, young = 60e9, poisson = 0.25;

const std::vector<rock::Boundary>& fixed_sides() {
  static const std::vector<rock::Boundary> sides = {on<rock::Fixed>("x_min"), on<rock::Fixed>("x_max"),  on<rock::Fixed>("y_min"),
                                                    on<rock::Fixed>("y_max"), on<rock::Roller>("z_min"), on<rock::Roller>("z_max")};
  return sides;
}

/// A slab one cell of h thick in plane strain, 8 m wide, with a round hole of radius 1 m at (x0, y0).
struct Hole {
  double x0, y0, h;
  bool hanging = false;  ///< cells of h/2 on a part of the wall
  bool staircase = false;
  mesh::Mesh mesh(const Comm& comm) const {
    mesh::OctreeOptions tree;
    const int across = int(std::lround(8 / h));
    tree.low = {-4, -4, 0};
    tree.cells = {across, across, 1};
    tree.size = h;
    tree.target = [*this](const geometry::Box& box) {
      return hanging && box.low[0] > 0.3 && box.low[1] > -0.8 && box.high[1] < 0.8 && box.high[0] < 1.5 ? h / 2 : h;
    };
    if (staircase) {
      tree.region = [*this](const Vector3& x) { return std::hypot(x[0] - x0, x[1] - y0) < 1 ? 0 : 1; };
      return octree_mesh(mesh::Octree(comm, tree), {"hole", "rock"});
    }
    const geometry::Sweep hole(geometry::Profile::circle(2.0), std::vector<Vector3>{{x0, y0, -1}, {x0, y0, 2}});
    return cut_mesh(mesh::Octree(comm, tree), geometry::Scene({{"hole", std::make_shared<geometry::Sweep>(hole)}}));
  }
};

struct Errors {
  double displacement = 0, rms = 0, most = 0;  ///< relative to the largest exact value
  int iterations = 0;
  Index points = 0;
};
/// Digs the hole under p1 along x and p2 along y with Kirsch's displacement on the sides.
Errors dig(const Hole& hole, const Comm& comm = Comm::world()) {
  const mesh::Mesh mesh = hole.mesh(comm);
  const double p1 = 30e6, p2 = 60e6;
  const Kirsch exact{1, p1, p2, young, poisson};
  rock::Options options;
  options.tolerance = 1e-9;
  rock::Rock rock(mesh, rock_material(young, poisson), std::vector<int>(mesh.region_names.size(), 0),
                  constant_stress({p1, p2, poisson * (p1 + p2), 0, 0, 0}), fixed_sides(), options);
  const auto at = [&](const Vector3& x) { return exact.displacement({x[0] - hole.x0, x[1] - hole.y0, 0}); };
  for (const char* side : {"x_min", "x_max", "y_min", "y_max"}) rock.prescribe(side, at);
  rock::Change change;
  change.excavate = {mesh.region_index("hole")};
  Errors errors;
  errors.iterations = rock.advance(change, 1, nullptr).linear_iterations;
  const auto points = rock.wall_points();
  const auto stress = rock.wall_stress(points);
  const auto moved = fem::vector_at(mesh, points, rock.displacement().data());
  double sums[4] = {}, most = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    const Vector3 x = {points[i].position[0] - hole.x0, points[i].position[1] - hole.y0, 0}, u = exact.displacement(x);
    const double theta = std::atan2(x[1], x[0]), s = std::sin(theta), c = std::cos(theta);
    const Sym3& t = stress[i];
    const double hoop = t[0] * s * s + t[1] * c * c - sqrt2 * t[5] * s * c, error = -hoop - exact.hoop(theta);
    sums[0] += points[i].weight, sums[1] += points[i].weight * error * error;
    for (int d = 0; d < 2; ++d) sums[2] += points[i].weight * std::pow(moved[i][d] - u[d], 2), sums[3] += points[i].weight * u[d] * u[d];
    most = std::max(most, std::abs(error));
  }
  errors.points = comm.sum(Index(points.size()));
  comm.sum(sums, 4);
  const double largest = 3 * p2 - p1;
  errors.rms = std::sqrt(sums[1] / sums[0]) / largest, errors.most = comm.max(most) / largest;
  errors.displacement = std::sqrt(sums[2] / sums[3]);
  return errors;
}

}  // namespace

// Third order in displacement, second in the wall stress of the trace.
TEST(CutRock, KirschConverges) {
  Errors before;
  for (double h : {0.5, 0.25, 0.125}) {
    const Errors e = dig({0.043, -0.017, h}, Comm::self());
    if (std::getenv("WINZE_PRINT"))
      printf("h %g: u %.2e, hoop rms %.2e max %.2e, %d iterations, %d points\n", h, e.displacement, e.rms, e.most, e.iterations, int(e.points));
    if (before.points > 0) {
      EXPECT_GT(std::log2(before.displacement / e.displacement), 2.8);
      EXPECT_GT(std::log2(before.rms / e.rms), 1.8);
    }
    before = e;
  }
}

// A quarter of the radius is enough for 0.3 % wherever the hole lies, hanging nodes on its wall or not. Negative control: a staircase of the same
// cells.
TEST(CutRock, KirschAtAnyPosition) {
  Errors worst;
  for (int position = 0; position < 10; ++position) {
    const auto shift = [&](double golden) { return 0.25 * std::fmod(golden * (position + 1), 1.0) - 0.125; };
    const Errors e = dig({shift(0.7549), shift(0.5698), 0.25, position % 2 == 1}, Comm::self());
    if (std::getenv("WINZE_PRINT"))
      printf("position %d: u %.2e, hoop rms %.2e max %.2e, %d iterations\n", position, e.displacement, e.rms, e.most, e.iterations);
    worst.rms = std::max(worst.rms, e.rms), worst.displacement = std::max(worst.displacement, e.displacement);
  }
  EXPECT_LT(worst.rms, 3e-3);
  EXPECT_LT(worst.displacement, 3e-3);
  EXPECT_GT(dig({0.043, -0.017, 0.25, false, true}, Comm::self()).rms, 0.1);
}

TEST(CutRockRanks, SameOnAnyRanks) {
  const Hole hole{0.043, -0.017, 0.5, true};
  const Errors e = dig(hole), alone = dig(hole, Comm::self());
  EXPECT_EQ(e.points, alone.points);
  EXPECT_NEAR(e.displacement / alone.displacement, 1, 1e-4);
  EXPECT_NEAR(e.rms / alone.rms, 1, 1e-4);
}
