#include "fem/levels.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "linear/assembled.hpp"
#include "mesh/raw.hpp"

using namespace winze;
using namespace winze::fem;
using linear::Mask;
using linear::MultigridOptions;
using linear::SolveReport;
using mesh::Shape;

namespace {

/// Unit cube on rollers (three sides through the origin, and x = 1, y = 1) under its weight; factor(x) of Young's modulus per element centre, 0 =
/// excavated.
struct Cube {
  Cube(Shape shape, int cells, int refine, double nu, std::function<double(const Vector3&)> factor = nullptr, const Comm& comm = Comm::world())
      : mesh(build(comm, shape, cells, refine)) {
    const double lambda = nu / ((1 + nu) * (1 - 2 * nu)), mu = 0.5 / (1 + nu);
    const int n = mesh::info(shape).n_nodes;
    for (Index e = 0; e < mesh.n_elements(); ++e) {
      Vector3 centre{};
      for (int i = 0; i < n; ++i)
        for (int c = 0; c < 3; ++c) centre[c] += mesh.point(mesh.nodes_of(e)[i])[c] / n;
      const double f = factor ? factor(centre) : 1;
      active.push_back(f != 0);
      if (f != 0 && (factors.empty() || factors.back() != f)) {
        factors.push_back(f);
        Moduli c{};
        for (int i = 0; i < 6; ++i) {
          c[i][i] = 2 * mu * f;
          for (int j = 0; j < 3 && i < 3; ++j) c[i][j] += lambda * f;
        }
        moduli.table.push_back(c);
      }
      moduli.of_element.push_back(f != 0 ? std::int32_t(factors.size()) - 1 : -1);
    }
    std::vector<std::uint8_t> fixed;
    for (Index node = 0; node < mesh.nodes.n_local(); ++node)
      for (int c = 0; c < 3; ++c) {
        const double x = mesh.point(node)[c];
        fixed.push_back(x < 1e-9 || (c < 2 && x > 1 - 1e-9));
      }
    mask = make_mask(mesh, active, fixed, 3);
  }
  static mesh::Mesh build(const Comm& comm, Shape shape, int cells, int refine) {
    mesh::BuildOptions options;
    options.refine = refine;
    const int coarse = cells >> refine;
    return mesh::build(comm, mesh::box(comm, shape, {0, 0, 0}, {1, 1, 1}, {coarse, coarse, coarse}), options);
  }
  View<double> weight() const {
    const Points points = make_points(mesh);
    std::vector<double> down(3 * points.n_points(), 0), f(3 * size_t(mesh.nodes.n_local()), 0);
    for (size_t i = 0; i < points.n_points(); ++i) down[3 * i + 2] = -1;
    add_body_forces(mesh, points, active, down.data(), f.data());
    for (size_t i = 0; i < f.size(); ++i)
      if (mask.held[i]) f[i] = 0;
    return to_device(f, "weight");
  }
  /// Collective. bᵀx
  double work() const {
    const std::vector<double> f = to_host(weight()), u = to_host(x);
    double sum = 0;
    for (Index i = 0; i < 3 * mesh.nodes.n_owned(); ++i) sum += f[i] * u[i];
    return mesh.comm.sum(sum);
  }
  SolveReport solve(const MultigridOptions& options = {}) {
    const auto a = make_elastic_operator<double>(mesh, moduli, mask);
    const auto multigrid = make_elastic_multigrid(mesh, moduli, mask, options, structure);
    x = View<double>("x", 3 * size_t(mesh.nodes.n_local()));
    const SolveReport report = linear::solve(*a, *multigrid, weight(), x, {}, "test_");
    EXPECT_TRUE(report.converged) << report.reason;
    return report;
  }
  mesh::Mesh mesh;
  std::vector<char> active;
  std::vector<double> factors;
  ElasticModuli moduli;
  Mask mask;
  std::shared_ptr<LevelStructure> structure;
  View<double> x;
};

/// A 3 × 3 cells wide drift along y and a stope, off the coarse cells, on an 8³ grid.
double drift_and_stope(const Vector3& x, double inside) {
  const bool drift = x[0] > 0.125 && x[0] < 0.375 && x[2] > 0.5 && x[2] < 0.75;
  const bool stope = x[0] > 0.375 && x[0] < 0.75 && x[1] > 0.25 && x[1] < 0.625 && x[2] > 0.375 && x[2] < 0.75;
  return drift || stope ? inside : 1;
}

}  // namespace

// Counts of the multigrid study: nested about 10, without nesting under 20, flat in the size.
TEST(MultigridRanks, CountsAreLowAndFlat) {
  for (const auto& [shape, refine, most] : {std::tuple(Shape::hex27, 1, 12), std::tuple(Shape::hex27, 0, 15), std::tuple(Shape::tet10, 1, 14),
                                            std::tuple(Shape::tet10, 0, 18), std::tuple(Shape::hex8, 1, 12), std::tuple(Shape::tet4, 0, 18)}) {
    const int small = Cube(shape, 4, refine, 0.25).solve().iterations, large = Cube(shape, 8, refine + (refine > 0), 0.25).solve().iterations;
    EXPECT_LE(small, most) << mesh::info(shape).name << " refined " << refine;
    EXPECT_LE(large, most) << mesh::info(shape).name << " refined " << refine;
    if (mesh::info(shape).degree == 2) {
      EXPECT_LE(large, 1.3 * small + 3) << mesh::info(shape).name << " refined " << refine;
    }
  }
}

// Soft and empty openings off the coarse cells, a stiff block, ν = 0.45: few iterations, and the count and the solution of one rank on any.
TEST(MultigridRanks, CountsHoldForJumpsAndOpeningsOnAnyRanks) {
  struct Row {
    const char* name;
    double nu;
    int refine, most;
    std::function<double(const Vector3&)> factor;
  };
  const auto openings = [](double inside) { return [=](const Vector3& x) { return drift_and_stope(x, inside); }; };
  const auto stiff = [](const Vector3& x) {
    return x[0] > 0.375 && x[0] < 0.75 && x[1] > 0.25 && x[1] < 0.625 && x[2] > 0.375 && x[2] < 0.75 ? 1e3 : 1;
  };
  for (const Row& row : {Row{"stiff block 1e3", 0.25, 1, 15, stiff}, Row{"soft openings 1e-3", 0.25, 1, 12, openings(1e-3)},
                         Row{"soft openings 1e-6", 0.25, 1, 12, openings(1e-6)}, Row{"openings, two levels", 0.25, 2, 12, openings(0)},
                         Row{"openings, algebraic", 0.25, 0, 15, openings(0)}, Row{"openings, nu 0.45", 0.45, 1, 20, openings(0)}}) {
    Cube cube(Shape::hex27, 8, row.refine, row.nu, row.factor);
    const int iterations = cube.solve().iterations;
    EXPECT_LE(iterations, row.most) << row.name;
    if (Comm::world().size() == 1 || row.factor(Vector3{0.5, 0.5, 0.5}) != 0) continue;
    Cube alone(Shape::hex27, 8, row.refine, row.nu, row.factor, Comm::self());
    EXPECT_NEAR(iterations, alone.solve().iterations, 1) << row.name;
    EXPECT_NEAR(cube.work() / alone.work(), 1, 1e-7) << row.name;
  }
}

// A stage later: the structure of the mesh is taken again, the new openings are in, and the count is that of a fresh set-up.
TEST(MultigridRanks, RebuildsForTheNextStage) {
  Cube cube(Shape::hex27, 8, 1, 0.25);
  cube.solve();
  const auto kept = cube.structure;
  Cube next(Shape::hex27, 8, 1, 0.25, [](const Vector3& x) { return drift_and_stope(x, 0); });
  const int fresh = next.solve().iterations;
  cube.moduli = next.moduli, cube.mask = next.mask, cube.active = next.active;
  EXPECT_EQ(cube.solve().iterations, fresh);
  EXPECT_EQ(cube.structure, kept);
}

TEST(MultigridRanks, DirectEqualsIterative) {
  Cube cube(Shape::tet10, 4, 1, 0.3, [](const Vector3& x) { return x[2] > 0.5 && x[0] > 0.5 ? 0.0 : 1 + x[1]; });
  cube.solve();
  const auto direct = linear::make_direct(assemble_elastic(cube.mesh, cube.moduli, cube.mask), cube.mesh.nodes, 3, true, "test_");
  const View<double> x("x", cube.x.extent(0));
  direct->apply(cube.weight(), x);
  const std::vector<double> by_factors = to_host(x), by_cycles = to_host(cube.x);
  double error = 0, size = 0;
  for (Index i = 0; i < 3 * cube.mesh.nodes.n_owned(); ++i)
    error = std::max(error, std::abs(by_factors[i] - by_cycles[i])), size = std::max(size, std::abs(by_factors[i]));
  EXPECT_LT(Comm::world().max(error) / Comm::world().max(size), 1e-6);
}

// A body cut off by the openings has no supports: refused at the coarsest level or reported by the iteration, never solved.
TEST(MultigridRanks, FloatingBlockIsNotSolved) {
  Cube cube(Shape::hex27, 8, 1, 0.25, [](const Vector3& x) {
    double far = 0;
    for (double c : x) far = std::max(far, std::abs(c - 0.5));
    return far > 0.125 && far < 0.25 ? 0.0 : 1.0;
  });
  const auto a = make_elastic_operator<double>(cube.mesh, cube.moduli, cube.mask);
  try {
    const auto multigrid = make_elastic_multigrid(cube.mesh, cube.moduli, cube.mask, {}, cube.structure);
    const View<double> x("x", 3 * size_t(cube.mesh.nodes.n_local()));
    const SolveReport report = linear::solve(*a, *multigrid, cube.weight(), x, {}, "test_");
    EXPECT_FALSE(report.converged);
    EXPECT_FALSE(report.reason.empty());
  } catch (const SolverError& error) {
    EXPECT_NE(std::string(error.what()).find("supports"), std::string::npos) << error.what();
  }
}

// Heat: steady conduction with convection at the top, and a short and a long time step, on nested hexes and on tets.
TEST(MultigridRanks, HeatTakesFewIterations) {
  for (Shape shape : {Shape::hex27, Shape::tet10, Shape::hex8})
    for (double mass : {0.0, 1.0, 1e5}) {
      const mesh::Mesh mesh = Cube::build(Comm::world(), shape, 8, 1);
      HeatCoefficients heat;
      heat.conductivity = {{3, 3, 3, 0, 0, 0}, {1, 2, 3, 0, 0, 0}};
      heat.capacity = {2, 1};
      for (Index e = 0; e < mesh.n_elements(); ++e) heat.of_element.push_back(mesh.point(mesh.nodes_of(e)[0])[2] > 0.45);
      Convection top;
      top.at = make_surface_points(mesh, mesh.find_surface("z_max")->faces, 0, 0);
      top.h.assign(top.at.size(), 10);
      const Mask mask = make_mask(mesh, std::vector<char>(mesh.n_elements(), 1), std::vector<std::uint8_t>(mesh.nodes.n_local(), 0), 1);
      const auto a = make_heat_operator<double>(mesh, heat, {top}, 1, mass, mask);
      std::shared_ptr<LevelStructure> structure;
      const auto multigrid = make_heat_multigrid(mesh, heat, {top}, 1, mass, mask, {}, structure);
      std::vector<double> f(mesh.nodes.n_local(), 0);
      add_fluxes(mesh, top.at, std::vector<double>(top.at.size(), 10 * 25.0), f.data());
      const View<double> b = to_device(f, "b"), x("x", f.size());
      const SolveReport report = linear::solve(*a, *multigrid, b, x, {}, "test_");
      EXPECT_TRUE(report.converged) << report.reason;
      EXPECT_LE(report.iterations, 12) << mesh::info(shape).name << " mass " << mass;
      if (mass > 0) continue;
      const std::vector<double> u = to_host(x);  // nothing flows: all at the temperature of the air
      for (Index node = 0; node < mesh.nodes.n_owned(); ++node) ASSERT_NEAR(u[node], 25, 1e-5);
    }
}
