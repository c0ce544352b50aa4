// Octrees with hanging nodes through the same operators, levels and loads as conforming meshes.
#include <gtest/gtest.h>

#include <cmath>

#include "../mesh/graded.hpp"
#include "fem/levels.hpp"
#include "linear/assembled.hpp"
#include "operator_cases.hpp"

using namespace winze;
using namespace winze::fem;
using winze::testing::graded;

namespace {

constexpr double lambda = 1.2, mu = 0.8;

Moduli isotropic(double factor = 1) {
  Moduli c{};
  for (int i = 0; i < 6; ++i) {
    c[i][i] = 2 * mu * factor;
    for (int j = 0; j < 3 && i < 3; ++j) c[i][j] += lambda * factor;
  }
  return c;
}

struct Tree {
  explicit Tree(int cells, int depth, const Comm& comm = Comm::world()) : mesh(winze::testing::graded_mesh(comm, cells, depth)) {
    moduli.table = {isotropic()};
    moduli.of_element.assign(mesh.n_elements(), 0);
    active.assign(mesh.n_elements(), 1);
    hold([](const Vector3&, int) { return false; });
  }
  /// held(x, component)
  template <class Held>
  void hold(const Held& held) {
    std::vector<std::uint8_t> fixed(3 * size_t(mesh.nodes.n_local()));
    for (Index n = 0; n < mesh.nodes.n_local(); ++n)
      for (int c = 0; c < 3; ++c) fixed[3 * size_t(n) + c] = held(mesh.point(n), c);
    mask = make_mask(mesh, active, fixed, 3);
  }
  static bool on_hull(const Vector3& x) {
    for (double c : x)
      if (c < 1e-9 || c > 1 - 1e-9) return true;
    return false;
  }
  template <class Field>
  std::vector<double> nodal(const Field& field) const {
    std::vector<double> u(3 * size_t(mesh.nodes.n_local()));
    for (Index n = 0; n < mesh.nodes.n_local(); ++n) {
      const Vector3 at = field(mesh.point(n));
      std::copy_n(at.begin(), 3, &u[3 * size_t(n)]);
    }
    return u;
  }
  /// Loads of −div σ(u) at points.
  template <class Force>
  std::vector<double> loads(const Points& points, const Force& force) const {
    std::vector<double> b(3 * points.n_points()), f(3 * size_t(mesh.nodes.n_local()), 0);
    for (size_t q = 0; q < points.n_points(); ++q) {
      const Vector3 at = force(Vector3{points.position[3 * q], points.position[3 * q + 1], points.position[3 * q + 2]});
      std::copy_n(at.begin(), 3, &b[3 * q]);
    }
    add_body_forces(mesh, points, active, b.data(), f.data());
    return f;
  }
  mesh::Mesh mesh;
  ElasticModuli moduli;
  std::vector<char> active;
  linear::Mask mask;
  std::shared_ptr<LevelStructure> structure;
};

Vector3 quadratic(const Vector3& x) {
  return {x[0] * x[0] + x[1] * x[2] - x[1], 2 * x[1] * x[1] - x[0] * x[2] + 0.3 * x[0], x[2] * x[2] + x[0] * x[1] - 2 * x[1] * x[1]};
}
// div σ = (λ + μ) grad div u + μ Δu of the field above: div u = 2 x + 4 y + 2 z, Δu = (2, 4, −2).
constexpr Vector3 quadratic_force = {-((lambda + mu) * 2 + mu * 2), -((lambda + mu) * 4 + mu * 4), -((lambda + mu) * 2 + mu * -2)};

double largest(const Comm& comm, const std::vector<double>& v, size_t n) {
  double most = 0;
  for (size_t i = 0; i < n; ++i) most = std::max(most, std::abs(v[i]));
  return comm.max(most);
}

}  // namespace

// Patch test: a quadratic displacement with its body force leaves no residual at inner nodes, hanging or not, by the operator and by the points.
TEST(OctreeOperatorRanks, QuadraticPatch) {
  Tree tree(3, 2);
  const mesh::Mesh& mesh = tree.mesh;
  EXPECT_GT(mesh.comm.sum(Index(mesh.hanging.node.size())), 100);
  const Points points = make_points(mesh);
  const std::vector<double> u = tree.nodal(quadratic), f = tree.loads(points, [](const Vector3&) { return quadratic_force; });
  const View<double> y("y", u.size());
  make_elastic_operator<double>(mesh, tree.moduli, tree.mask)->apply(to_device(u, "u"), y);
  std::vector<double> by_operator = to_host(y), strain(6 * points.n_points()), internal(u.size(), 0);
  strain_at_points(mesh, points, tree.active, u.data(), strain.data());
  for (size_t q = 0; q < points.n_points(); ++q) {
    Sym3 e;
    std::copy_n(&strain[6 * q], 6, e.begin());
    const Sym3 s = winze::product(tree.moduli.table[0], e);
    std::copy_n(s.begin(), 6, &strain[6 * q]);
  }
  add_internal_forces(mesh, points, tree.active, strain.data(), internal.data());
  const size_t n = 3 * size_t(mesh.nodes.n_owned());
  const double scale = largest(mesh.comm, by_operator, n);
  for (size_t i = 0; i < n; ++i) {
    if (Tree::on_hull(mesh.point(Index(i / 3)))) continue;
    EXPECT_NEAR(by_operator[i], f[i], 1e-12 * scale);
    EXPECT_NEAR(internal[i], f[i], 1e-12 * scale);
  }
}

// Rigid motions are free of force everywhere, the hull included.
TEST(OctreeOperatorRanks, RigidMotionsAreFree) {
  Tree tree(3, 2);
  const auto a = make_elastic_operator<double>(tree.mesh, tree.moduli, tree.mask);
  const View<double> y("y", 3 * size_t(tree.mesh.nodes.n_local()));
  for (const auto& motion : {+[](const Vector3&) {
                               return Vector3{1, 2, 3};
                             },
                             +[](const Vector3& x) {
                               return Vector3{x[1], -x[0], 0};
                             },
                             +[](const Vector3& x) {
                               return Vector3{0, x[2], -x[1]};
                             }}) {
    a->apply(to_device(tree.nodal(motion), "u"), y);
    EXPECT_LT(largest(tree.mesh.comm, to_host(y), 3 * size_t(tree.mesh.nodes.n_owned())), 1e-13);
  }
}

// The operator, its twin in single precision and its diagonal are those of the assembled matrix, which is symmetric; with openings and two materials.
TEST(OctreeOperatorRanks, EqualsTheAssembledMatrix) {
  Tree tree(2, 2);
  const mesh::Mesh& mesh = tree.mesh;
  tree.moduli.table.push_back(isotropic(3));
  tree.moduli.table[1][0][3] = tree.moduli.table[1][3][0] = 0.4;  // not isotropic
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    const Vector3 x = mesh.point(mesh.nodes_of(e)[13]);
    tree.moduli.of_element[e] = x[0] > 0.4 && x[1] > 0.5 && x[2] < 0.5 ? -1 : x[2] > 0.45;
  }
  tree.active = test::active(tree.moduli.of_element);
  tree.hold([](const Vector3& x, int c) { return x[0] < 1e-9 || (c == 0 && x[2] < 1e-9); });
  const linear::Triplets triplets = assemble_elastic(mesh, tree.moduli, tree.mask);
  const auto check = [&](auto type, double tolerance) {
    using T = decltype(type);
    const auto a = make_elastic_operator<T>(mesh, tree.moduli, tree.mask);
    View<T> x = test::wavy<T>(mesh, tree.mask, 3), y("y", x.size()), d("d", x.size());
    const std::vector<double> expected = test::product(mesh, triplets, x, 3), diagonal = test::diagonal(mesh, triplets, 3);
    a->apply(x, y);
    a->diagonal(d);
    EXPECT_LT(test::difference(mesh, y, expected), tolerance);
    EXPECT_LT(test::difference(mesh, d, diagonal), tolerance);
    const View<T> z = test::wavy<T>(mesh, tree.mask, 3, 0.7), w("w", x.size());
    a->apply(z, w);
    const double xw = test::product(mesh, x, w, 3), zy = test::product(mesh, z, y, 3);
    EXPECT_NEAR(xw, zy, 10 * tolerance * std::abs(xw));
    // The bound holds: Rayleigh quotients of a long power iteration stay below it.
    double quotient = 0;
    for (int step = 0; step < 60; ++step) {
      double size = 0, form = 0;
      a->apply(x, y);
      for (Index i = 0; i < a->n_owned_unknowns(); ++i) size += double(x(i)) * d(i) * x(i) * (tree.mask.held[i] == 0), form += double(x(i)) * y(i);
      quotient = mesh.comm.sum(form) / (size = mesh.comm.sum(size));
      for (Index i = 0; i < a->n_owned_unknowns(); ++i) x(i) = tree.mask.held[i] ? T(0) : T(y(i) / d(i) / std::sqrt(size));
    }
    EXPECT_LT(quotient, a->eigenvalue_bound());
    EXPECT_GT(quotient, 0.3 * a->eigenvalue_bound());
  };
  check(double(), 1e-13);
  check(float(), 3e-6);
}

TEST(OctreeOperatorRanks, HeatEqualsTheAssembledMatrix) {
  const mesh::Mesh mesh = winze::testing::graded_mesh(Comm::world(), 2, 2);
  HeatCoefficients heat;
  heat.conductivity = {{3, 3, 3, 0, 0, 0}, {1, 2, 3, 0.1, 0, 0.2}};
  heat.capacity = {2, 1};
  for (Index e = 0; e < mesh.n_elements(); ++e)
    heat.of_element.push_back(mesh.point(mesh.nodes_of(e)[13])[2] > 0.45), heat.factor.push_back(1 + 0.1 * (e % 3));
  std::vector<mesh::Face> faces;  // of small cells inside, so that convection meets hanging nodes
  for (Index e = 0; e < mesh.n_elements(); ++e)
    if (mesh.point(mesh.nodes_of(e)[26])[0] - mesh.point(mesh.nodes_of(e)[0])[0] < 0.2) faces.push_back({e, 1});
  const Convection convection = {make_surface_points(mesh, faces, 0, 0), std::vector<double>(9 * faces.size(), 7.0)};
  const linear::Mask mask = make_mask(mesh, std::vector<char>(mesh.n_elements(), 1), std::vector<std::uint8_t>(mesh.nodes.n_local(), 0), 1);
  for (double mass : {0.0, 50.0}) {
    const linear::Triplets triplets = assemble_heat(mesh, heat, {convection}, 1, mass, mask);
    const auto a = make_heat_operator<double>(mesh, heat, {convection}, 1, mass, mask);
    const View<double> x = test::wavy<double>(mesh, mask, 1), y("y", x.size()), d("d", x.size());
    const std::vector<double> expected = test::product(mesh, triplets, x, 1);
    a->apply(x, y);
    a->diagonal(d);
    EXPECT_LT(test::difference(mesh, y, expected), 1e-13);
    EXPECT_LT(test::difference(mesh, d, test::diagonal(mesh, triplets, 1)), 1e-13);
    // All of the body at 1: what goes out is convection and capacity alone.
    std::vector<double> ones(mesh.nodes.n_local(), 1), q(mesh.nodes.n_local(), 0);
    const Points points = make_points(mesh);
    std::vector<double> capacity;
    for (Index e = 0; e < mesh.n_elements(); ++e) capacity.insert(capacity.end(), 27, mass * heat.capacity[heat.of_element[e]]);
    add_sources(mesh, points, std::vector<char>(mesh.n_elements(), 1), capacity.data(), q.data());
    add_fluxes(mesh, convection.at, convection.h, q.data());
    a->apply(to_device(ones, "ones"), y);
    q.resize(mesh.nodes.n_owned());
    EXPECT_LT(test::difference(mesh, y, q), 1e-12);
  }
}

// CG with multigrid: few iterations, flat in the depth of the tree and in its size, with openings too; the same work on any number of ranks.
TEST(OctreeMultigridRanks, CountsAreLowAndFlat) {
  for (const bool opening : {false, true})
    for (const auto& [cells, depth] : {std::pair(2, 2), std::pair(4, 2), std::pair(4, 3), std::pair(4, 4)}) {
      const auto solve = [&, cells = cells, depth = depth](const Comm& comm, int& iterations) {
        Tree tree(cells, depth, comm);
        for (Index e = 0; e < tree.mesh.n_elements() && opening; ++e) {
          const Vector3 x = tree.mesh.point(tree.mesh.nodes_of(e)[13]);
          if (std::abs(x[0] - 0.375) < 0.125 && std::abs(x[1] - 0.625) < 0.125 && std::abs(x[2] - 0.5) < 0.26) tree.moduli.of_element[e] = -1;
        }
        tree.active = test::active(tree.moduli.of_element);
        tree.hold([](const Vector3& x, int c) { return x[c] < 1e-9 || (c < 2 && x[c] > 1 - 1e-9); });
        std::vector<double> f = tree.loads(make_points(tree.mesh), [](const Vector3&) { return Vector3{0, 0, -1}; });
        for (size_t i = 0; i < f.size(); ++i)
          if (tree.mask.held[i]) f[i] = 0;
        const auto a = make_elastic_operator<double>(tree.mesh, tree.moduli, tree.mask);
        const auto m = make_elastic_multigrid(tree.mesh, tree.moduli, tree.mask, {}, tree.structure);
        const View<double> x("x", f.size());
        const linear::SolveReport report = linear::solve(*a, *m, to_device(f, "f"), x, {}, "test_");
        EXPECT_TRUE(report.converged) << report.reason;
        iterations = report.iterations;
        double work = 0;
        for (Index i = 0; i < a->n_owned_unknowns(); ++i) work += f[i] * x(i);
        return comm.sum(work);
      };
      int iterations = 0, alone = 0;
      const double work = solve(Comm::world(), iterations);
      EXPECT_LE(iterations, 15) << cells << " cells split " << depth << " times, opening " << opening;
      if (std::getenv("WINZE_PRINT") && Comm::world().root()) printf("%d cells, depth %d, opening %d: %d\n", cells, depth, int(opening), iterations);
      if (Comm::world().size() == 1 || depth == 4) continue;
      EXPECT_NEAR(work / solve(Comm::self(), alone), 1, 1e-7);
      EXPECT_NEAR(iterations, alone, 3);
    }
}

TEST(OctreeMultigridRanks, HeatTakesFewIterations) {
  for (double mass : {0.0, 1.0, 1e5}) {
    const mesh::Mesh mesh = winze::testing::graded_mesh(Comm::world(), 4, 3);
    HeatCoefficients heat;
    heat.conductivity = {{3, 3, 3, 0, 0, 0}};
    heat.capacity = {2};
    heat.of_element.assign(mesh.n_elements(), 0);
    const Convection top = {make_surface_points(mesh, mesh.find_surface("z_max")->faces, 0, 0),
                            std::vector<double>(9 * mesh.find_surface("z_max")->faces.size(), 10.0)};
    const linear::Mask mask = make_mask(mesh, std::vector<char>(mesh.n_elements(), 1), std::vector<std::uint8_t>(mesh.nodes.n_local(), 0), 1);
    const auto a = make_heat_operator<double>(mesh, heat, {top}, 1, mass, mask);
    std::shared_ptr<LevelStructure> structure;
    const auto m = make_heat_multigrid(mesh, heat, {top}, 1, mass, mask, {}, structure);
    std::vector<double> f(mesh.nodes.n_local(), 0);
    add_fluxes(mesh, top.at, std::vector<double>(top.at.size(), 250.0), f.data());
    const View<double> x("x", f.size());
    const linear::SolveReport report = linear::solve(*a, *m, to_device(f, "f"), x, {}, "test_");
    EXPECT_TRUE(report.converged) << report.reason;
    EXPECT_LE(report.iterations, 15) << mass;
    if (std::getenv("WINZE_PRINT") && Comm::world().root()) printf("heat, mass %g: %d\n", mass, report.iterations);
    for (Index n = 0; n < mesh.nodes.n_owned() && mass == 0; ++n)
      if (!(mask.held[n])) {
        EXPECT_NEAR(x(n), 25, 1e-4);  // nothing else flows: the air's temperature everywhere
      }
  }
}

// Smooth displacement on graded trees: third order in the mean, by factors and by cycles alike.
TEST(OctreeOperatorRanks, ConvergesAtThirdOrder) {
  const auto exact = [](const Vector3& x) { return Vector3{std::sin(2 * x[0] + x[1]), std::cos(x[1] - 2 * x[2]), std::sin(x[0]) * std::cos(x[2])}; };
  const auto force = [](const Vector3& x) {  // −(λ + μ) grad div u − μ Δu; div u = 2 cos(2x + y) − sin(y − 2z) − sin x sin z
    const double a = 2 * x[0] + x[1], b = x[1] - 2 * x[2];
    const Vector3 grad = {-4 * std::sin(a) - std::cos(x[0]) * std::sin(x[2]), -2 * std::sin(a) - std::cos(b),
                          2 * std::cos(b) - std::sin(x[0]) * std::cos(x[2])};
    const Vector3 laplace = {-5 * std::sin(a), -5 * std::cos(b), -2 * std::sin(x[0]) * std::cos(x[2])};
    return Vector3{-(lambda + mu) * grad[0] - mu * laplace[0], -(lambda + mu) * grad[1] - mu * laplace[1],
                   -(lambda + mu) * grad[2] - mu * laplace[2]};
  };
  double before = 0;
  for (int cells : {2, 4}) {
    Tree tree(2, 0);
    mesh::OctreeOptions options = graded(cells, 1);
    options.target = [=](const geometry::Box& box) { return box.low[0] < 0.5 && box.low[1] >= 0.5 ? 0.5 / cells : 9.0; };
    tree.mesh = octree_mesh(mesh::Octree(Comm::world(), options), {"rock"});
    tree.active.assign(tree.mesh.n_elements(), 1);
    tree.moduli.of_element.assign(tree.mesh.n_elements(), 0);
    EXPECT_GT(tree.mesh.comm.sum(Index(tree.mesh.hanging.node.size())), 10);
    tree.hold([](const Vector3& x, int) { return Tree::on_hull(x); });
    const Points points = make_points(tree.mesh);
    std::vector<double> u = tree.nodal(exact), f = tree.loads(points, force), given = u;
    for (size_t i = 0; i < u.size(); ++i)
      if (!(tree.mask.held[i] & linear::Mask::prescribed)) given[i] = 0;
    tree.mesh.update_ghosts(given.data(), 3);
    linear::Mask free = make_mask(tree.mesh, tree.active, std::vector<std::uint8_t>(u.size(), 0), 3);
    const View<double> y("y", u.size()), x("x", u.size());
    make_elastic_operator<double>(tree.mesh, tree.moduli, free)->apply(to_device(given, "given"), y);
    for (size_t i = 0; i < f.size(); ++i) f[i] = tree.mask.held[i] ? 0 : f[i] - y(i);
    const auto a = make_elastic_operator<double>(tree.mesh, tree.moduli, tree.mask);
    const auto m = linear::make_direct(assemble_elastic(tree.mesh, tree.moduli, tree.mask), tree.mesh.nodes, 3, true, "test_");
    linear::SolveOptions tight;
    tight.relative_tolerance = 1e-10;
    EXPECT_TRUE(linear::solve(*a, *m, to_device(f, "f"), x, tight, "test_").converged);
    std::vector<double> solution = to_host(x);
    for (size_t i = 0; i < u.size(); ++i) solution[i] += tree.mask.held[i] & linear::Mask::hanging ? 0 : given[i];
    tree.mesh.update_ghosts(solution.data(), 3);
    double sum = 0;
    for (int c = 0; c < 3; ++c) {
      std::vector<double> component(tree.mesh.nodes.n_local()), value(points.n_points());
      for (size_t n = 0; n < component.size(); ++n) component[n] = solution[3 * n + c];
      value_at_points(tree.mesh, points, component.data(), value.data());
      for (size_t q = 0; q < value.size(); ++q)
        sum += points.volume[q] * std::pow(value[q] - exact({points.position[3 * q], points.position[3 * q + 1], points.position[3 * q + 2]})[c], 2);
    }
    const double error = std::sqrt(tree.mesh.comm.sum(sum));
    if (before > 0) {
      EXPECT_GT(std::log2(before / error), 2.8);
    }
    before = error;
  }
}

// Values of points at nodes: linear fields return everywhere, hanging nodes included.
TEST(OctreeOperatorRanks, PointsReturnToNodes) {
  const Tree tree(3, 2);
  const Points points = make_points(tree.mesh);
  std::vector<double> values;
  for (size_t q = 0; q < points.n_points(); ++q)
    values.push_back(1 + points.position[3 * q] - 2 * points.position[3 * q + 1] + points.position[3 * q + 2]);
  const std::vector<double> nodal = points_to_nodes(tree.mesh, points, tree.active, values, 1);
  for (Index n = 0; n < tree.mesh.nodes.n_local(); ++n)
    EXPECT_NEAR(nodal[n], 1 + tree.mesh.point(n)[0] - 2 * tree.mesh.point(n)[1] + tree.mesh.point(n)[2], 1e-12);
}
