// Openings whose walls cut the cells of an octree: closed forms of displacement and of wall stress.
#include <gtest/gtest.h>

#include <complex>
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

namespace {

/// An eighth of a cube of 4 m around a ball of radius 1 m that is dug under pressure p; the exact displacement on the outer sides (Timoshenko &
/// Goodier 1970, §136: u_r = −p a³/(4 G r²), tangential wall stress 3 p/2).
Errors dig_ball(double h) {
  mesh::OctreeOptions tree;
  tree.cells = {2, 2, 2};
  tree.size = 1;
  tree.target = [=](const geometry::Box&) { return h; };
  const mesh::Mesh mesh =
      cut_mesh(mesh::Octree(Comm::self(), tree), geometry::Scene({{"ball", std::make_shared<geometry::Sphere>(Vector3{0, 0, 0}, 1.0)}}));
  const double p = 40e6, shear = young / (2 * (1 + poisson));
  const auto exact = [&](const Vector3& x) {
    const double r = norm(x), f = -p / (4 * shear * r * r * r);
    return Vector3{f * x[0], f * x[1], f * x[2]};
  };
  rock::Options options;
  options.tolerance = 1e-9;
  rock::Rock rock(mesh, rock_material(young, poisson), {0, 0}, constant_stress({p, p, p, 0, 0, 0}),
                  {on<rock::Roller>("x_min"), on<rock::Roller>("y_min"), on<rock::Roller>("z_min"), on<rock::Fixed>("x_max"),
                   on<rock::Fixed>("y_max"), on<rock::Fixed>("z_max")},
                  options);
  for (const char* side : {"x_max", "y_max", "z_max"}) rock.prescribe(side, exact);
  rock::Change change;
  change.excavate = {mesh.region_index("ball")};
  Errors e;
  e.iterations = rock.advance(change, 1, nullptr).linear_iterations;
  const auto points = rock.wall_points();
  const auto stress = rock.wall_stress(points);
  const auto moved = fem::vector_at(mesh, points, rock.displacement().data());
  double area = 0, sums[3] = {};
  for (size_t i = 0; i < points.size(); ++i) {
    const Principal s = principal(stress[i]);
    const double error = std::max(std::abs(-s.value[1] - 1.5 * p), std::abs(-s.value[2] - 1.5 * p)) / (1.5 * p);
    const Vector3 u = exact(points[i].position);
    area += points[i].weight, sums[0] += points[i].weight * error * error;
    for (int d = 0; d < 3; ++d) sums[1] += points[i].weight * std::pow(moved[i][d] - u[d], 2), sums[2] += points[i].weight * u[d] * u[d];
    e.most = std::max(e.most, error);
  }
  EXPECT_NEAR(area, pi / 2, 0.01);
  e.rms = std::sqrt(sums[0] / area), e.displacement = std::sqrt(sums[1] / sums[2]), e.points = Index(points.size());
  return e;
}

}  // namespace

TEST(CutRock, BallConverges) {
  const Errors coarse = dig_ball(0.25), fine = dig_ball(0.125);
  if (std::getenv("WINZE_PRINT"))
    for (const Errors& e : {coarse, fine})
      printf("ball: u %.2e, rms %.2e max %.2e, %d iterations, %d points\n", e.displacement, e.rms, e.most, e.iterations, int(e.points));
  EXPECT_GT(std::log2(coarse.displacement / fine.displacement), 2.8);
  EXPECT_GT(std::log2(coarse.rms / fine.rms), 1.8);
  EXPECT_LT(coarse.rms, 3e-3);
  EXPECT_LE(fine.iterations, 16);
}

// A drive and a stope through the same cells: in two stages as at once; the walls know who bared them; fill without weight changes little.
TEST(CutRockRanks, StagesAndFill) {
  mesh::OctreeOptions tree;
  tree.low = {-4, -4, -4};
  tree.cells = {4, 4, 4};
  tree.size = 2;
  tree.target = [](const geometry::Box& box) { return box.distance2({0.3, 0, 0}) < 4 ? 1.0 : 2.0; };
  const geometry::Scene scene({{"drive", std::make_shared<geometry::Sphere>(Vector3{0.13, 0.07, 0.21}, 1.1)},
                               {"stope", std::make_shared<geometry::Sphere>(Vector3{0.9, 0.3, 0.2}, 1.2)}});
  const mesh::Mesh mesh = cut_mesh(mesh::Octree(Comm::world(), tree), scene);
  const auto regions = [&](std::vector<std::string> names) {
    rock::Change change;
    for (const auto& name : names) change.excavate.push_back(mesh.region_index(name));
    return change;
  };
  rock::Options options;
  options.tolerance = 1e-11;
  const auto make = [&] {
    return rock::Rock(mesh, rock_material(young, poisson), std::vector<int>(4, 0), constant_stress({30e6, 60e6, 40e6, 5e6, 0, 0}), fixed_sides(),
                      options);
  };
  rock::Rock staged = make(), at_once = make();
  staged.advance(regions({"drive", "drive + stope"}), 1, nullptr);
  const double first = mesh.comm.sum(Index(staged.wall_points().size()));
  staged.advance(regions({"stope"}), 2, nullptr);
  at_once.advance(regions({"drive", "stope", "drive + stope"}), 1, nullptr);
  int stages[3] = {};
  for (const auto& p : staged.wall_points()) ++stages[p.stage];
  EXPECT_EQ(mesh.comm.sum(stages[0]), 0);
  EXPECT_GT(mesh.comm.sum(stages[1]), 10);
  EXPECT_LT(mesh.comm.sum(stages[1]), first);  // the stope took a part of the drive's wall
  EXPECT_GT(mesh.comm.sum(stages[2]), 10);
  const auto before = staged.wall_points(), same = at_once.wall_points();
  const auto stress = staged.wall_stress(before), other = at_once.wall_stress(same);
  ASSERT_EQ(stress.size(), other.size());
  for (size_t i = 0; i < stress.size(); ++i)
    for (int k = 0; k < 6; ++k) ASSERT_NEAR(stress[i][k], other[i][k], 1e-6 * 60e6);
  const auto moved = fem::vector_at(mesh, before, staged.displacement().data());
  rock::Change fill;
  for (const char* name : {"stope", "drive", "drive + stope"}) fill.fill.push_back({mesh.region_index(name), 0});
  staged.advance(fill, 3, nullptr);
  EXPECT_EQ(mesh.comm.sum(Index(staged.wall_points().size())), 0);
  const auto after = fem::vector_at(mesh, before, staged.displacement().data());
  double change = 0, largest = 0;
  for (size_t i = 0; i < moved.size(); ++i)
    for (int c = 0; c < 3; ++c) change = std::max(change, std::abs(after[i][c] - moved[i][c])), largest = std::max(largest, std::abs(moved[i][c]));
  EXPECT_LT(mesh.comm.max(change), 0.02 * mesh.comm.max(largest));
}

// Salençon's hole in cut cells: 12.27161 mm with the edge σθ = σz inside 1.271 m (Itasca's rock without dilation, 30 MPa), wherever the cells lie.
// The elastic hole (6.427 mm) is the negative control.
TEST(CutRock, YieldsAsInFittedCells) {
  const double k = 3.9e9, g = 2.8e9, degree = pi / 180, e_itasca = 9 * k * g / (3 * k + g), nu = (3 * k - 2 * g) / (2 * (3 * k + g));
  material::Material m;
  m.law.value = material::MohrCoulomb{e_itasca, nu, input::Curve(3.45e6), input::Curve(30 * degree)};
  for (const bool hanging : {false, true}) {
    const Hole hole{0.043, -0.017, 0.25, hanging};
    const mesh::Mesh mesh = hole.mesh(Comm::self());
    rock::Options options;
    options.tolerance = 1e-6;
    rock::Rock rock(mesh, {{{"rock", m}}}, std::vector<int>(mesh.region_names.size(), 0), constant_stress({30e6, 30e6, 30e6, 0, 0, 0}), fixed_sides(),
                    options);
    for (const char* side : {"x_min", "x_max", "y_min", "y_max"})
      rock.prescribe(side, [&](const Vector3& x) -> Vector3 {
        const double u = (30e6 - 12.01221e6) * 1.734998 * 1.734998 / (2 * g), r2 = std::pow(x[0] - hole.x0, 2) + std::pow(x[1] - hole.y0, 2);
        return {-u * (x[0] - hole.x0) / r2, -u * (x[1] - hole.y0) / r2, 0};
      });
    rock::Change change;
    change.excavate = {mesh.region_index("hole")};
    const rock::Report report = rock.advance(change, 1, nullptr);
    EXPECT_LT(report.energy.imbalance, 1e-6);
    EXPECT_GT(report.yielded, 0);
    const auto points = rock.wall_points();
    const auto moved = fem::vector_at(mesh, points, rock.displacement().data());
    const auto stress = rock.wall_stress(points);
    double sums[2] = {}, most = 0;
    for (size_t i = 0; i < points.size(); ++i) {
      const double x = points[i].position[0] - hole.x0, y = points[i].position[1] - hole.y0;
      sums[0] += points[i].weight, sums[1] -= points[i].weight * (moved[i][0] * x + moved[i][1] * y);
      most = std::max(most, -principal(stress[i]).value[2]);
    }
    EXPECT_NEAR(sums[1] / sums[0], 12.27161e-3, 0.02 * 12.27161e-3) << hanging;
    EXPECT_NEAR(most, 11.95115e6, 1e-6 * 11.95115e6);  // the law's own strength where nothing pushes on the wall
  }
}

namespace {

/// Displacement round an elliptic hole with half axes a along x and b along y that is dug under the compression p along y (plane strain): complex
/// potentials of Muskhelishvili (Some Basic Problems, 1953, §82a), less the field without the hole. On the wall u_y = −2 a (1 − ν²) p/E · y/b.
struct Ellipse {
  double a, b, p;
  Vector3 displacement(const Vector3& at) const {
    using complex = std::complex<double>;
    const double r = 0.5 * (a + b), m = (a - b) / (a + b), g = young / (2 * (1 + poisson)), kappa = 3 - 4 * poisson, s = -p;
    const complex z(at[0], at[1]), root = std::sqrt(z * z - 4 * m * r * r);
    const complex w = (std::abs(z + root) > std::abs(z - root) ? z + root : z - root) / (2 * r);
    const complex phi = s * r / 4 * (w - (2 + m) / w), slope = s / 4 * (1.0 + (2 + m) / (w * w)) / (1.0 - m / (w * w));
    const complex psi = -s * r / 2 * (-w - 1.0 / (m * w) + (1 + m * m) * (1 + m) / m * w / (w * w - m));
    const complex u = (kappa * phi - z * std::conj(slope) - std::conj(psi) - (kappa * s / 4 * z - z * s / 4.0 - s / 2 * std::conj(z))) / (2 * g);
    return {u.real(), u.imag(), 0};
  }
};

struct Closure {
  double middle, mean;  ///< over the exact ones: at the middle, of the area lost by the hole
  int iterations;
};
/// An elliptic slot 3 m long and 0.1 m thick in cells of h, dug in one stage; copied: with nodes of their own for its two walls.
Closure close_slot(double h, double tilt, bool copied, const Comm& comm = Comm::self(), bool hanging = false) {
  const Ellipse exact{1.5, 0.05, 50e6};
  mesh::OctreeOptions tree;
  const int across = int(std::lround(6 / h)) / 2 * 2;
  tree.low = {-0.5 * across * h + 0.013, -0.5 * across * h + 0.021, 0};
  tree.cells = {across, across, 1};
  tree.size = h;
  tree.target = [=](const geometry::Box& box) { return hanging && box.low[0] > 0.3 && box.distance2({1.5, 0.4, 0}) < 1 ? h / 2 : h; };
  std::vector<geometry::Vector2> corners;
  for (int k = 0; k < 240; ++k) corners.push_back({1.5 * std::cos(2 * pi * k / 240), 0.05 * std::sin(2 * pi * k / 240)});
  const Vector3 along = {std::cos(tilt), std::sin(tilt), 0}, up = {-std::sin(tilt), std::cos(tilt), 0};
  for (geometry::Vector2& c : corners) c = {c[0] * along[0] + c[1] * up[0], c[0] * along[1] + c[1] * up[1]};
  const geometry::Sweep slot(geometry::Profile::polygon(corners), std::vector<Vector3>{{0, 0, 1}, {0, 0, -1}});
  mesh::CutMeshOptions options;
  if (!copied) options.dug = [](std::span<const Index>) { return false; };
  mesh::Mesh mesh = cut_mesh(mesh::Octree(comm, tree), geometry::Scene({{"slot", std::make_shared<geometry::Sweep>(slot)}}), options);
  const auto turned = [&](const Vector3& x, double sign) {
    return Vector3{x[0] * std::cos(tilt) + sign * x[1] * std::sin(tilt), -sign * x[0] * std::sin(tilt) + x[1] * std::cos(tilt), x[2]};
  };
  const double s = std::sin(tilt), c = std::cos(tilt);
  rock::Options rock_options;
  rock_options.tolerance = 1e-7;
  rock::Rock rock(mesh, rock_material(young, poisson), std::vector<int>(mesh.region_names.size(), 0),
                  constant_stress({exact.p * s * s, exact.p * c * c, 0, -exact.p * s * c, 0, 0}), fixed_sides(), rock_options);
  for (const char* side : {"x_min", "x_max", "y_min", "y_max"})
    rock.prescribe(side, [&](const Vector3& x) { return turned(exact.displacement(turned(x, 1)), -1); });
  rock::Change change;
  change.excavate = {mesh.region_index("slot")};
  std::vector<char> standing;
  for (Index e = 0; e < mesh.n_elements(); ++e) standing.push_back(mesh.region[e] != change.excavate[0]);
  mesh::weld(mesh, standing);
  Closure closure{};
  closure.iterations = rock.advance(change, 1, nullptr).linear_iterations;
  const auto points = rock.wall_points();
  const auto moved = fem::vector_at(mesh, points, rock.displacement().data());
  double sums[5] = {};  // of both walls near the middle: closure and area; lost area, exactly; all
  for (size_t i = 0; i < points.size(); ++i) {
    const Vector3 x = turned(points[i].position, 1), n = turned(points[i].normal, 1);
    const double in = dot(moved[i], points[i].normal);
    if (std::abs(x[0]) < 0.3) sums[0] += points[i].weight * in, sums[1] += points[i].weight * dot(exact.displacement(x), n);
    sums[2] += points[i].weight * in, sums[3] += points[i].weight * dot(exact.displacement(x), n);
  }
  comm.sum(sums, 5);
  closure.middle = sums[0] / sums[1], closure.mean = sums[2] / sums[3];
  return closure;
}

}  // namespace

// A stope as thin as its cells, and half as thin, closes as it must; with one polynomial across it (negative control) its walls are welded.
TEST(CutRock, ThinStopeCloses) {
  EXPECT_NEAR((Ellipse{1.5, 0.05, 50e6}.displacement({0, 0.05, 0})[1]), -2 * 1.5 * (1 - poisson * poisson) * 50e6 / young, 1e-12);
  for (const double tilt : {0.0, 0.3})
    for (const double h : {0.1, 0.2}) {
      const Closure c = close_slot(h, tilt, true);
      if (std::getenv("WINZE_PRINT"))
        printf("slot, tilt %g, h %g: closure %.4f, mean %.4f, %d iterations\n", tilt, h, c.middle, c.mean, c.iterations);
      EXPECT_NEAR(c.middle, 1, h < 0.15 ? 0.03 : 0.10) << tilt;
      EXPECT_NEAR(c.mean, 1, h < 0.15 ? 0.05 : 0.12) << tilt;  // near its tips the slot is thinner, and it ends within cells
    }
  EXPECT_LT(close_slot(0.2, 0, false).middle, 0.5);
}
// Cells of half the size hold a part of its walls.
TEST(CutRockRanks, ThinStopeAcrossHangingNodes) {
  const Closure c = close_slot(0.2, 0.3, true, Comm::world(), true);
  if (std::getenv("WINZE_PRINT")) printf("slot with hanging nodes: closure %.4f, mean %.4f, %d iterations\n", c.middle, c.mean, c.iterations);
  EXPECT_NEAR(c.middle, 1, 0.05);
  EXPECT_NEAR(c.mean, 1, 0.06);
}
TEST(CutRockRanks, ThinStopeOnAnyRanks) {
  const Closure c = close_slot(0.2, 0.3, true, Comm::world()), alone = close_slot(0.2, 0.3, true);
  EXPECT_NEAR(c.middle / alone.middle, 1, 1e-5);
  EXPECT_NEAR(c.mean / alone.mean, 1, 1e-5);
}
