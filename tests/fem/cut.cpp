// Elements that are parts of cells, with ties: operators, points, levels.
#include <gtest/gtest.h>

#include <cmath>

#include "fem/levels.hpp"
#include "fem/tie_term.hpp"
#include "fem/wall_trace.hpp"
#include "geometry/primitives.hpp"
#include "linear/assembled.hpp"
#include "material/moduli.hpp"
#include "mesh/cut_mesh.hpp"
#include "operator_cases.hpp"

using namespace winze;
using namespace winze::fem;

namespace {

constexpr double radius = 0.37;

/// The unit cube less a ball, off the lattice; cells of 1/`cells`, of half of that in one corner: hanging nodes on the wall. Region "ball" within.
mesh::Mesh ball_mesh(const Comm& comm, int cells, const Vector3& centre = {0.46, 0.53, 0.51}, bool graded = true) {
  mesh::OctreeOptions tree;
  tree.cells = {2, 2, 2};
  tree.size = 0.5;
  tree.target = [=](const geometry::Box& box) {
    return (graded && box.high[0] <= 0.5 + 1e-9 && box.high[1] <= 0.5 + 1e-9 && box.low[2] >= 0.5 - 1e-9 ? 0.5 : 1.0) / cells;
  };
  const geometry::Scene scene({{"ball", std::make_shared<geometry::Sphere>(centre, radius)}});
  mesh::CutMeshOptions options;
  options.cut.depth = 2;
  return cut_mesh(mesh::Octree(comm, tree), scene, options);
}

struct Body {
  explicit Body(mesh::Mesh m, bool hollow = true) : mesh(std::move(m)), points(make_points(mesh)) {
    moduli.table = {material::isotropic_moduli(60e9, 0.25)};
    const int ball = mesh.region_index("ball");
    for (Index e = 0; e < mesh.n_elements(); ++e) moduli.of_element.push_back(hollow && mesh.region[e] == ball ? -1 : 0);
    active = test::active(moduli.of_element);
    hold([](const Vector3& x, int) { return on_hull(x); });
  }
  static bool on_hull(const Vector3& x) {
    for (double c : x)
      if (c < 1e-9 || c > 1 - 1e-9) return true;
    return false;
  }
  template <class Held>
  void hold(const Held& held) {
    std::vector<std::uint8_t> fixed(3 * size_t(mesh.nodes.n_local()));
    for (Index n = 0; n < mesh.nodes.n_local(); ++n)
      for (int c = 0; c < 3; ++c) fixed[3 * size_t(n) + c] = held(mesh.point(n), c);
    mask = make_mask(mesh, active, fixed, 3);
  }
  /// Loads that a constant stress makes in the standing elements.
  std::vector<double> loads(const Sym3& stress) const {
    std::vector<double> s(6 * points.n_points()), f(3 * size_t(mesh.nodes.n_local()), 0);
    for (size_t q = 0; q < points.n_points(); ++q) std::copy_n(stress.begin(), 6, &s[6 * q]);
    add_internal_forces(mesh, points, active, s.data(), f.data());
    return f;
  }
  linear::SolveReport solve(std::vector<double> f, View<double>& x, double tolerance = 1e-8) {
    for (size_t i = 0; i < f.size(); ++i)
      if (mask.held[i]) f[i] = 0;
    const auto a = make_elastic_operator<double>(mesh, moduli, mask);
    const auto m = make_elastic_multigrid(mesh, moduli, mask, options, structure);
    x = View<double>("x", f.size());
    linear::SolveOptions o;
    o.relative_tolerance = tolerance;
    return linear::solve(*a, *m, to_device(f, "f"), x, o, "test_");
  }
  mesh::Mesh mesh;
  Points points;
  ElasticModuli moduli;
  std::vector<char> active;
  linear::Mask mask;
  linear::MultigridOptions options;
  std::shared_ptr<LevelStructure> structure;
};

Vector3 linear_field(const Vector3& x) { return {1 + 0.3 * x[0] - 0.2 * x[1], 0.4 * x[1] + 0.1 * x[2] + 0.5 * x[0], -0.2 * x[2] + 0.7 * x[0] - 1}; }
constexpr Sym3 linear_strain = {0.3, 0.4, -0.2, sqrt2 * 0.05, sqrt2 * 0.35, sqrt2 * 0.15};

}  // namespace

// Patch test: a hollow block held at its hull and loaded by a constant stress in its elements takes the linear displacement with that stress,
// slivers, hanging nodes and ties included.
TEST(CutOperatorRanks, LinearPatch) {
  Body body(ball_mesh(Comm::world(), 4));
  const mesh::Mesh& mesh = body.mesh;
  double least = 1;
  for (double s : mesh.share) least = std::min(least, s);
  EXPECT_LT(mesh.comm.min(least), 2e-3);
  std::vector<double> u(3 * size_t(mesh.nodes.n_local()));
  for (Index n = 0; n < mesh.nodes.n_local(); ++n) {
    const Vector3 at = linear_field(mesh.point(n));
    std::copy_n(at.begin(), 3, &u[3 * size_t(n)]);
  }
  // Without held nodes the operator on the field gives the loads of its stress.
  const linear::Mask free = make_mask(mesh, body.active, std::vector<std::uint8_t>(u.size(), 0), 3);
  const View<double> y("y", u.size());
  make_elastic_operator<double>(mesh, body.moduli, free)->apply(to_device(u, "u"), y);
  std::vector<double> f = body.loads(product(body.moduli.table[0], linear_strain));
  double scale = 0;
  for (Index i = 0; i < 3 * mesh.nodes.n_owned(); ++i) scale = std::max(scale, std::abs(f[i]));
  scale = mesh.comm.max(scale);
  for (Index i = 0; i < 3 * mesh.nodes.n_owned(); ++i)
    if (!free.held[i]) {
      ASSERT_NEAR(y(i), f[i], 1e-12 * scale);
    }
  // Held at the hull, the solution is the field.
  std::vector<double> given = u;
  for (size_t i = 0; i < u.size(); ++i)
    if (!(body.mask.held[i] & linear::Mask::prescribed)) given[i] = 0;
  mesh.update_ghosts(given.data(), 3);
  make_elastic_operator<double>(mesh, body.moduli, free)->apply(to_device(given, "given"), y);
  for (size_t i = 0; i < f.size(); ++i) f[i] -= y(i);
  View<double> x;
  EXPECT_TRUE(body.solve(f, x, 1e-13).converged);
  std::vector<double> solution = to_host(x);
  mesh.update_ghosts(solution.data(), 3);
  for (size_t i = 0; i < u.size(); ++i)
    if (!(body.mask.held[i] & (linear::Mask::dead | linear::Mask::hanging))) {
      ASSERT_NEAR(solution[i] + (body.mask.held[i] ? given[i] : 0), u[i], 1e-10) << body.mask.held[i];
    }
}

// With nothing dug there are no ties, and pieces together carry a linear field as whole cells do.
TEST(CutOperatorRanks, PiecesAddUpToWholeCells) {
  Body body(ball_mesh(Comm::world(), 4), false);
  const mesh::Mesh& mesh = body.mesh;
  EXPECT_TRUE(elastic_ties(mesh, body.moduli).empty());
  std::vector<double> u(3 * size_t(mesh.nodes.n_local()));
  for (Index n = 0; n < mesh.nodes.n_local(); ++n) {
    const Vector3 at = linear_field(mesh.point(n));
    std::copy_n(at.begin(), 3, &u[3 * size_t(n)]);
  }
  const View<double> y("y", u.size());
  make_elastic_operator<double>(mesh, body.moduli, body.mask)->apply(to_device(u, "u"), y);
  for (Index i = 0; i < 3 * mesh.nodes.n_owned(); ++i) ASSERT_NEAR(y(i), 0, 1e-11 * 60e9 * 0.25);  // zero at inner nodes, held on the hull
}

// The operator, its twin in single precision and its diagonal are those of the assembled matrix; the bound holds.
TEST(CutOperatorRanks, EqualsTheAssembledMatrix) {
  Body body(ball_mesh(Comm::world(), 4));
  const mesh::Mesh& mesh = body.mesh;
  body.moduli.table.push_back(material::isotropic_moduli(20e9, 0.2));
  body.moduli.table[1][0][3] = body.moduli.table[1][3][0] = 1e9;  // not isotropic
  for (Index e = 0; e < mesh.n_elements(); ++e)
    if (body.moduli.of_element[e] == 0) body.moduli.of_element[e] = mesh.point(mesh.nodes_of(e)[13])[2] > 0.45;
  const linear::Triplets triplets = assemble_elastic(mesh, body.moduli, body.mask);
  const auto check = [&](auto type, double tolerance) {
    using T = decltype(type);
    const auto a = make_elastic_operator<T>(mesh, body.moduli, body.mask);
    View<T> x = test::wavy<T>(mesh, body.mask, 3), y("y", x.size()), d("d", x.size());
    const std::vector<double> expected = test::product(mesh, triplets, x, 3);  // before the operator fills hanging nodes
    a->apply(x, y);
    a->diagonal(d);
    EXPECT_LT(test::difference(mesh, y, expected), tolerance);
    EXPECT_LT(test::difference(mesh, d, test::diagonal(mesh, triplets, 3)), tolerance);
    double quotient = 0;
    for (int step = 0; step < 300; ++step) {
      double size = 0, form = 0;
      a->apply(x, y);
      for (Index i = 0; i < a->n_owned_unknowns(); ++i) size += double(x(i)) * d(i) * x(i) * (body.mask.held[i] == 0), form += double(x(i)) * y(i);
      quotient = mesh.comm.sum(form) / (size = mesh.comm.sum(size));
      for (Index i = 0; i < a->n_owned_unknowns(); ++i) x(i) = body.mask.held[i] ? T(0) : T(y(i) / d(i) / std::sqrt(size));
    }
    EXPECT_LT(quotient, a->eigenvalue_bound());
    EXPECT_GT(quotient, 0.6 * a->eigenvalue_bound());
    if (std::getenv("WINZE_PRINT") && mesh.comm.root()) printf("lambda %g of bound %g\n", quotient, a->eigenvalue_bound());
  };
  check(double(), 1e-12);
  check(float(), 1e-5);
}

TEST(CutOperatorRanks, HeatEqualsTheAssembledMatrix) {
  Body body(ball_mesh(Comm::world(), 4));
  const mesh::Mesh& mesh = body.mesh;
  HeatCoefficients heat;
  heat.conductivity = {{3, 3, 3, 0, 0, 0}, {1, 2, 3, 0.1, 0, 0.2}};
  heat.capacity = {2, 1};
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    heat.of_element.push_back(body.active[e] ? mesh.point(mesh.nodes_of(e)[13])[2] > 0.45 : -1);
    heat.factor.push_back(1 + 0.1 * (e % 3));
  }
  const linear::Mask mask = make_mask(mesh, body.active, std::vector<std::uint8_t>(mesh.nodes.n_local(), 0), 1);
  for (double mass : {0.0, 50.0}) {
    const linear::Triplets triplets = assemble_heat(mesh, heat, {}, 1, mass, mask);
    const auto a = make_heat_operator<double>(mesh, heat, {}, 1, mass, mask);
    const View<double> x = test::wavy<double>(mesh, mask, 1), y("y", x.size()), d("d", x.size());
    const std::vector<double> expected = test::product(mesh, triplets, x, 1);
    a->apply(x, y);
    a->diagonal(d);
    EXPECT_LT(test::difference(mesh, y, expected), 1e-12);
    EXPECT_LT(test::difference(mesh, d, test::diagonal(mesh, triplets, 1)), 1e-12);
  }
}

// Conjugate gradients with multigrid at any place of the cut.
TEST(CutMultigridRanks, FewIterationsAtAnyPosition) {
  int most = 0;
  double smallest = 1;
  for (int position = 0; position < 6; ++position) {
    const auto shift = [&](double golden) { return 0.42 + 0.16 * std::fmod(golden * (position + 1), 1.0); };
    Body body(ball_mesh(Comm::world(), 4, {shift(0.618), shift(0.7549), shift(0.5698)}, position % 2 == 0));
    View<double> x;
    const linear::SolveReport report = body.solve(body.loads({-50e6, -40e6, -60e6, 0, 5e6, 0}), x);
    EXPECT_TRUE(report.converged) << report.reason;
    most = std::max(most, report.iterations);
    for (double s : body.mesh.share) smallest = std::min(smallest, s);
    if (std::getenv("WINZE_PRINT") && Comm::world().root()) printf("position %d: %d iterations\n", position, report.iterations);
  }
  EXPECT_LE(most, 12);
  if (std::getenv("WINZE_PRINT") && Comm::world().root()) printf("least share %g\n", smallest);
}

TEST(CutMultigridRanks, HeatTakesFewIterations) {
  for (double mass : {0.0, 1.0, 1e4}) {
    Body body(ball_mesh(Comm::world(), 4));
    const mesh::Mesh& mesh = body.mesh;
    HeatCoefficients heat;
    heat.conductivity = {{3, 3, 3, 0, 0, 0}};
    heat.capacity = {2};
    for (char a : body.active) heat.of_element.push_back(a ? 0 : -1);
    Convection wall{bare_wall_points(mesh, body.active, [](std::size_t) { return 0; }), {}};
    wall.h.assign(wall.at.size(), 10);
    const linear::Mask mask = make_mask(mesh, body.active, std::vector<std::uint8_t>(mesh.nodes.n_local(), 0), 1);
    const auto a = make_heat_operator<double>(mesh, heat, {wall}, 1, mass, mask);
    std::shared_ptr<LevelStructure> structure;
    const auto m = make_heat_multigrid(mesh, heat, {wall}, 1, mass, mask, {}, structure);
    std::vector<double> f(mesh.nodes.n_local(), 0);
    add_fluxes(mesh, wall.at, std::vector<double>(wall.at.size(), 250.0), f.data());
    const View<double> x("x", f.size());
    const linear::SolveReport report = linear::solve(*a, *m, to_device(f, "f"), x, {}, "test_");
    EXPECT_TRUE(report.converged) << report.reason;
    EXPECT_LE(report.iterations, 16) << mass;
    if (std::getenv("WINZE_PRINT") && Comm::world().root()) printf("heat, mass %g: %d\n", mass, report.iterations);
    for (Index n = 0; n < mesh.nodes.n_owned() && mass == 0; ++n)
      if (!mask.held[n]) {
        EXPECT_NEAR(x(n), 25, 1e-4);  // the air's temperature everywhere, in slivers too
      }
  }
}
