// Stages: initial states that stay put, order of excavation, fill, temperature, refusals.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "model.hpp"

using namespace winze;
using namespace winze::testing;

namespace {

mesh::Mesh column(const Comm& comm, mesh::Shape shape = mesh::Shape::hex27, double height = 2, int layers = 2) {
  run::MeshInput input;
  input.box.emplace();
  input.box->high = {1, 1, height};
  input.box->cells = {2, 2, layers};
  input.box->shape = shape == mesh::Shape::hex27 ? run::CellShape::hex27 : shape == mesh::Shape::tet10 ? run::CellShape::tet10 : run::CellShape::hex8;
  input.paint = {{"upper", {-1, -1, height / 2}, {2, 2, height + 1}}};
  return run::make_mesh(comm, input, "");
}
const std::vector<rock::Boundary> confined = {on<rock::Roller>("x_min"), on<rock::Roller>("x_max"), on<rock::Roller>("y_min"),
                                              on<rock::Roller>("y_max"), on<rock::Roller>("z_min")};

mesh::Mesh block(const Comm& comm, int cells = 6) {
  run::MeshInput input;
  input.box.emplace();
  input.box->low = {-3, -3, -3};
  input.box->high = {3, 3, 3};
  input.box->cells = {cells, cells, cells};
  input.paint = {{"a", {-2, -1, -1}, {-1, 1, 1}}, {"b", {-1, -1, -1}, {1, 1, 1}}, {"c", {1, -1, -1}, {2, 1, 1}}};
  return run::make_mesh(comm, input, "");
}
const std::vector<rock::Boundary> fixed_outside = {on<rock::Fixed>("x_min"), on<rock::Fixed>("x_max"), on<rock::Fixed>("y_min"),
                                                   on<rock::Fixed>("y_max"), on<rock::Fixed>("z_min"), on<rock::Fixed>("z_max")};

/// Over the nodes of region "rock": what was dug keeps no meaningful displacement.
double difference(const mesh::Mesh& mesh, const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<char> standing(size_t(mesh.n_elements()));
  for (Index e = 0; e < mesh.n_elements(); ++e) standing[size_t(e)] = mesh.region[size_t(e)] == mesh.region_index("rock");
  const linear::Mask mask = fem::make_mask(mesh, standing, std::vector<std::uint8_t>(a.size(), 0), 3);
  double most = 0, size = 0;
  for (size_t i = 0; i < 3 * size_t(mesh.nodes.n_owned()); ++i)
    if (!mask.held[i]) most = std::max(most, std::abs(a[i] - b[i])), size = std::max(size, std::abs(a[i]));
  return mesh.comm.max(most) / mesh.comm.max(size);
}

}  // namespace

// Any tensor with gradients is an initial state: nothing moves until something is dug.
TEST(InitialStateRanks, AnyTensorWithGradientsHolds) {
  const Comm world = Comm::world();
  const mesh::Mesh mesh = block(world);
  rock::Rock rock(mesh, rock_material(60e9, 0.25, 2700), {0, 0, 0, 0},
                  constant_stress({50e6, 70e6, 54e6, 5e6, -3e6, 2e6}, {30e3, 40e3, 27e3, 5e3, 2e3, 1e3}), {on<rock::Fixed>("z_min")}, {});
  const rock::Report r = rock.advance({}, 0, nullptr);
  EXPECT_EQ(r.newton_steps, 0);
  for (double u : rock.displacement()) EXPECT_EQ(u, 0);
}

// Gravity column of geomechanics set E5: H = 1000 m, ρ 2700, g 9.81, E 70 GPa, ν 0.2: σv 26.487, σh 6.62175 MPa at the base, settlement ρgH²/(2M) =
// 0.170274 m.
TEST(InitialState, GravityColumn) {
  const mesh::Mesh mesh = column(Comm::self(), mesh::Shape::hex27, 1000, 4);
  rock::Options options;
  options.start = rock::Start::solve;
  rock::Rock rock(mesh, rock_material(70e9, 0.2, 2700), {0, 0}, constant_stress({}), confined, options);
  double settlement = 0;
  for (Index i = 0; i < mesh.nodes.n_owned(); ++i) settlement = std::min(settlement, rock.state().start[3 * i + 2]);
  EXPECT_NEAR(settlement, -0.170274, 1e-6);
  const auto stress = rock.stress_at_points();
  for (size_t q = 0; q < rock.points().n_points(); ++q) {
    const double depth = 1000 - rock.points().position[3 * q + 2];
    EXPECT_NEAR(stress[6 * q + 2], -2700 * 9.81 * depth, 1e3);
    EXPECT_NEAR(stress[6 * q], -0.25 * 2700 * 9.81 * depth, 1e3);
  }
  EXPECT_LT(rock.advance({}, 0, nullptr).largest_displacement, 1e-8);  // displacements count from here
}

// Linear elasticity: the order and number of stages do not matter (Gharti et al. 2012).
TEST(StagesRanks, OrderOfExcavationDoesNotMatter) {
  const Comm world = Comm::world();
  const mesh::Mesh mesh = block(world);
  rock::Options options;
  options.tolerance = 1e-12;
  const auto dig = [&](std::vector<std::vector<const char*>> order, double release = 1) {
    rock::Rock rock(mesh, rock_material(60e9, 0.25, 2700), std::vector<int>(4, 0),
                    constant_stress({50e6, 70e6, 54e6, 5e6, -3e6, 2e6}, {30e3, 40e3, 27e3, 0, 0, 0}), fixed_outside, options);
    int stage = 0;
    for (const auto& names : order) {
      rock::Change change;
      for (const char* n : names) change.excavate.push_back(mesh.region_index(n));
      change.release = stage + 1 < int(order.size()) ? release : 1;
      rock.advance(change, stage++, nullptr);
    }
    return rock.displacement();
  };
  const auto at_once = dig({{"a", "b", "c"}});
  EXPECT_LT(difference(mesh, at_once, dig({{"a"}, {"b"}, {"c"}})), 1e-10);
  EXPECT_LT(difference(mesh, at_once, dig({{"c"}, {"b"}, {"a"}})), 1e-10);
  EXPECT_LT(difference(mesh, at_once, dig({{"b"}, {"a", "c"}}, 0.6)), 1e-10);
  EXPECT_GT(difference(mesh, at_once, dig({{"a", "b"}})), 1e-3);  // what is not dug is missed
}

// Taking the upper half of a confined column away unloads the lower one: u = p h/M, M = E(1−ν)/((1+ν)(1−2ν)); fill loads it again with its weight
// only.
TEST(Fill, EntersStressFreeAndLoadsByItsWeight) {
  const Comm comm = Comm::self();
  for (mesh::Shape shape : {mesh::Shape::hex27, mesh::Shape::hex8, mesh::Shape::tet10}) {
    const mesh::Mesh mesh = column(comm, shape);
    auto materials = rock_material(60e9, 0.25);
    auto fill = rock_material(1e9, 0.3, 2000);
    materials.entries.push_back({"fill", fill.entries[0].second});
    rock::Rock rock(mesh, materials, {0, 0}, constant_stress({10e6, 10e6, 20e6, 0, 0, 0}), confined, {});
    const double m = 60e9 * 0.75 / (1.25 * 0.5);
    const int upper = mesh.region_index("upper");
    rock.advance({{upper}, {}, 1}, 0, nullptr);
    const auto top = [&] {
      double u = 0;
      for (Index i = 0; i < mesh.nodes.n_owned(); ++i)
        if (std::abs(mesh.points[3 * i + 2] - 1) < 1e-9) u = rock.displacement()[3 * i + 2];
      return u;
    };
    EXPECT_NEAR(top(), 20e6 * 1 / m, 1e-9 * 20e6 / m + 1e-12);
    rock.advance({{}, {{upper, 1}}, 1}, 1, nullptr);
    EXPECT_NEAR(top(), (20e6 - 2000 * 9.81) / m, 1e-7 * 20e6 / m);
    const auto stress = rock.stress_at_points();
    for (Index e = 0; e < mesh.n_elements(); ++e)
      for (GlobalIndex q = rock.points().offset[e]; q < rock.points().offset[e + 1]; ++q) {
        const double z = rock.points().position[3 * q + 2];
        if (z > 1 && shape != mesh::Shape::hex8) {
          EXPECT_NEAR(stress[6 * q + 2], -2000 * 9.81 * (2 - z), 1e-6 * 20e6);
        }
      }
    rock.advance({{upper}, {}, 1}, 2, nullptr);  // and digging the fill gives the unloaded state back
    EXPECT_NEAR(top(), 20e6 * 1 / m, 1e-7 * 20e6 / m);
  }
}

// Fully constrained cube: σ = −EαΔT/(1−2ν) in every direction.
TEST(Temperature, ConstrainedCube) {
  const Comm comm = Comm::self();
  const mesh::Mesh mesh = block(comm, 2 * 3);
  rock::Rock rock(mesh, rock_material(50e9, 0.27, 0, 1e-5), std::vector<int>(4, 0), constant_stress({}), fixed_outside, {});
  const std::vector<double> dt(size_t(mesh.nodes.n_local()), 3.0);
  rock.advance({}, 0, dt.data());
  const auto stress = rock.stress_at_points();
  const double expected = -50e9 * 1e-5 * 3 / (1 - 2 * 0.27);  // −3.260869 MPa
  EXPECT_NEAR(expected, -3.260869e6, 1);
  for (size_t q = 0; q < rock.points().n_points(); ++q)
    for (int i = 0; i < 6; ++i) EXPECT_NEAR(stress[6 * q + i], i < 3 ? expected : 0, 1e-6 * 3.26e6);
}

TEST(Refusal, FreeMotionFloatingBlockAndWrongChanges) {
  const Comm comm = Comm::self();
  const mesh::Mesh mesh = block(comm);
  const auto stress = constant_stress({50e6, 50e6, 50e6, 0, 0, 0});
  const auto message = [&](const std::function<void()>& body) -> std::string {
    try {
      body();
    } catch (const InputError& e) {
      return e.what();
    }
    return "";
  };
  const auto materials = rock_material(60e9, 0.25);
  EXPECT_NE(message([&] {
              rock::Rock(mesh, materials, std::vector<int>(4, 0), stress, {on<rock::Roller>("z_min")}, {}).advance({}, 0, nullptr);
            }).find("can move freely"),
            std::string::npos);
  EXPECT_NE(
      message([&] { rock::Rock(mesh, materials, std::vector<int>(4, 0), stress, {on<rock::Roller>("z_mim")}, {}); }).find("did you mean 'z_min'"),
      std::string::npos);
  rock::Rock rock(mesh, materials, std::vector<int>(4, 0), stress, fixed_outside, {});
  rock.advance({{mesh.region_index("a")}, {}, 1}, 0, nullptr);
  const auto before = rock.displacement();
  EXPECT_NE(message([&] { rock.advance({{mesh.region_index("a")}, {}, 1}, 1, nullptr); }).find("already dug out"), std::string::npos);
  EXPECT_NE(message([&] { rock.advance({{}, {{mesh.region_index("b"), 0}}, 1}, 1, nullptr); }).find("still stands"), std::string::npos);
  EXPECT_EQ(rock.displacement(), before);
  run::MeshInput nested;
  nested.box.emplace();
  nested.box->high = {5, 5, 5};
  nested.box->cells = {5, 5, 5};
  nested.paint = {{"shell", {1, 1, 1}, {4, 4, 4}}, {"core", {2, 2, 2}, {3, 3, 3}}};
  const mesh::Mesh shell = run::make_mesh(comm, nested, "");
  rock::Rock hollow(shell, materials, std::vector<int>(3, 0), stress, fixed_outside, {});
  EXPECT_NE(message([&] {
              hollow.advance({{shell.region_index("shell")}, {}, 1}, 0, nullptr);
            }).find("a block of 1 m³ around (2.50, 2.50, 2.50) m hangs in the air"),
            std::string::npos);
}

// Cells a hundred times as wide as thick defeat point smoothers: auto goes on to factors and says so, multigrid alone ends in an error.
TEST(Solver, AutoArrivesWhereMultigridDoesNot) {
  mesh::QuarterDrive drive;
  drive.radius = 1, drive.side = 200, drive.height = 0.05, drive.grading = 8, drive.cells = {16, 4, 1};
  const mesh::Mesh mesh = mesh::build(Comm::self(), mesh::quarter_drive(Comm::self(), mesh::Shape::hex27, drive), {});
  const auto solve = [&](rock::Preset preset) {
    rock::Options options;
    options.preset = preset;
    rock::Rock rock(mesh, rock_material(60e9, 0.25), {0}, constant_stress({30e6, 30e6, 30e6, 0, 0, 0}),
                    {on<rock::Roller>("x_symmetry"), on<rock::Roller>("y_symmetry"), on<rock::Roller>("z_min"), on<rock::Roller>("z_max"),
                     on<rock::Opening>("wall")},
                    options);
    const rock::Report report = rock.advance({}, 0, nullptr);
    EXPECT_LE(report.residual, options.tolerance);
    return report.largest_displacement;
  };
  const double factors = solve(rock::Preset::direct);
  EXPECT_NEAR(factors, 30e6 * (1 + 0.25) / 60e9, 0.01 * factors);  // p (1 + ν) a/E
  EXPECT_NEAR(solve(rock::Preset::automatic), factors, 1e-7 * factors);
  EXPECT_THROW(solve(rock::Preset::multigrid), SolverError);
}

// Cells ten times as wide as thick: nested levels are given up after 35 iterations, algebraic ones arrive and are kept for what comes later.
TEST(Solver, AlgebraicLevelsTakeOverFromSlowNestedOnes) {
  mesh::QuarterDrive drive;
  drive.radius = 1, drive.side = 200, drive.height = 0.8, drive.grading = 8, drive.cells = {8, 4, 1};
  mesh::BuildOptions build;
  build.refine = 1;
  const mesh::Mesh mesh = mesh::build(Comm::self(), mesh::quarter_drive(Comm::self(), mesh::Shape::hex27, drive), build);
  rock::Options options;
  options.preset = rock::Preset::multigrid;
  rock::Rock rock(mesh, rock_material(60e9, 0.25), {0}, constant_stress({30e6, 30e6, 30e6, 0, 0, 0}),
                  {on<rock::Roller>("x_symmetry"), on<rock::Roller>("y_symmetry"), on<rock::Roller>("z_min"), on<rock::Roller>("z_max"),
                   on<rock::Opening>("wall")},
                  options);
  const rock::Report report = rock.advance({}, 0, nullptr);
  EXPECT_EQ(rock.state().method, rock::Rock::Method::algebraic);
  EXPECT_GT(report.linear_iterations, 35);
  EXPECT_LE(report.residual, options.tolerance);
  EXPECT_NEAR(report.largest_displacement, 30e6 * (1 + 0.25) / 60e9, 0.01 * report.largest_displacement);
}

// An opening of 4 × 2 × 2 m in cells of ⅓ m, 12 × 6 × 6: only faces away from its edges are smooth; round walls have no creases.
TEST(WallsRanks, CreasesAreTheEdgesOfABox) {
  const Comm comm = Comm::world();
  const mesh::Mesh mesh = block(comm, 18);
  rock::Rock rock(mesh, rock_material(60e9, 0.25), std::vector<int>(4, 0), constant_stress({50e6, 50e6, 50e6, 0, 0, 0}), fixed_outside, {});
  rock::Change all;
  for (const char* region : {"a", "b", "c"}) all.excavate.push_back(mesh.region_index(region));
  rock.advance(all, 0, nullptr);
  std::int64_t beside = 0, points = 0;  // four points per face
  for (char c : rock.at_creases()) beside += c, ++points;
  EXPECT_EQ(comm.sum(points), 4 * (4 * 12 * 6 + 2 * 6 * 6));
  EXPECT_EQ(comm.sum(points - beside), 4 * (4 * 10 * 4 + 2 * 4 * 4));
  mesh::QuarterDrive drive;
  drive.cells = {4, 8, 2};
  const mesh::Mesh round = mesh::build(comm, mesh::quarter_drive(comm, mesh::Shape::hex27, drive), {});
  rock::Rock smooth(round, rock_material(60e9, 0.25), {0}, constant_stress({30e6, 30e6, 30e6, 0, 0, 0}),
                    {on<rock::Roller>("x_symmetry"), on<rock::Roller>("y_symmetry"), on<rock::Roller>("z_min"), on<rock::Roller>("z_max"),
                     on<rock::Opening>("wall")},
                    {});
  smooth.advance({}, 0, nullptr);
  for (char c : smooth.at_creases()) EXPECT_EQ(c, 0);
}

TEST(Walls, FoundFromTheRegionsWithTheirStage) {
  const Comm comm = Comm::self();
  const mesh::Mesh mesh = block(comm);
  rock::Rock rock(mesh, rock_material(60e9, 0.25), std::vector<int>(4, 0), constant_stress({50e6, 50e6, 50e6, 0, 0, 0}), fixed_outside, {});
  const auto area = [&](int stage) {
    double sum = 0;
    for (const auto& p : rock.wall_points()) sum += p.stage == stage ? p.weight : 0;
    return sum;
  };
  rock.advance({{mesh.region_index("a")}, {}, 1}, 0, nullptr);
  EXPECT_NEAR(area(0), 2 * 4 + 4 * 2, 1e-9);
  rock.advance({{mesh.region_index("b")}, {}, 1}, 1, nullptr);
  EXPECT_NEAR(area(0), 4 + 4 * 2, 1e-9);
  EXPECT_NEAR(area(1), 4 + 4 * 4, 1e-9);
}
