#include "fem/points.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/error.hpp"
#include "block.hpp"
#include "fem/surface_points.hpp"

using namespace winze;
using namespace winze::fem;
using namespace winze::test;
using mesh::Mesh;
using mesh::Shape;

// Integrals of monomials: hex ∏ 2/(p+1) for even powers up to 2n−1; tet a! b! c! / (a+b+c+3)! up to degree 2 (Stroud 1971).
TEST(Points, RulesIntegrateTheirDegree) {
  const auto factorial = [](int n) { return std::tgamma(n + 1.0); };
  for (Shape shape : all_shapes) {
    const bool hex = mesh::linear(shape) == Shape::hex8;
    const int degree = shape == Shape::hex27 ? 5 : shape == Shape::hex8 ? 3 : shape == Shape::tet10 ? 2 : 1;
    for (int a = 0; a <= degree; ++a)
      for (int b = 0; b <= degree; ++b)
        for (int c = 0; c <= degree; ++c) {
          if (!hex && a + b + c > degree) continue;
          double sum = 0;
          for (size_t q = 0; q < rule(shape).weights.size(); ++q) {
            const Vector3& x = rule(shape).points[q];
            sum += rule(shape).weights[q] * std::pow(x[0], a) * std::pow(x[1], b) * std::pow(x[2], c);
          }
          const double even = a % 2 || b % 2 || c % 2 ? 0 : 8.0 / ((a + 1) * (b + 1) * (c + 1));
          EXPECT_NEAR(sum, hex ? even : factorial(a) * factorial(b) * factorial(c) / factorial(a + b + c + 3), 2e-15) << info(shape).name;
        }
  }
}

// ξ fastest: the position of a point of an unbent block is its reference coordinate.
TEST(Points, LieWhereTheRuleSays) {
  for (Shape shape : all_shapes) {
    const Mesh m = block(shape, 1);
    const Points points = make_points(m);
    ASSERT_EQ(points.offset.back(), GlobalIndex(points.n_points()));
    double volume = 0;
    for (double v : points.volume) volume += v;
    EXPECT_NEAR(volume, 1, 1e-14);
    if (mesh::linear(shape) != Shape::hex8) continue;
    for (size_t q = 0; q < points.n_points(); ++q)
      for (int c = 0; c < 3; ++c) EXPECT_NEAR(points.position[3 * q + c], (1 + rule(shape).points[q][c]) / 2, 1e-15);
  }
}

// Patch test: isoparametric elements contain the linear functions of position, however bent (Irons and Razzaque 1972).
TEST(Points, LinearDisplacementGivesItsStrainOnBentElements) {
  const double h[3][3] = {{1e-3, -2e-3, 0.5e-3}, {0.7e-3, 3e-3, 1e-3}, {-1e-3, 2e-3, -4e-3}};
  Matrix3 symmetric;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) symmetric[i][j] = (h[i][j] + h[j][i]) / 2;
  const Sym3 expected = from_matrix(symmetric);
  for (Shape shape : all_shapes) {
    Mesh m = block(shape, 3);
    bend(m);
    std::vector<double> u(m.points.size());
    for (size_t i = 0; i < u.size(); ++i)
      for (int k = 0; k < 3; ++k) u[i] += h[i % 3][k] * m.points[i / 3 * 3 + k];
    const Points points = make_points(m);
    std::vector<char> active = active_elements(m, {1, 1});
    active[0] = 0;
    std::vector<double> strain(6 * points.n_points(), -7);
    strain_at_points(m, points, active, u.data(), strain.data());
    for (size_t q = 0; q < points.n_points(); ++q)
      for (int c = 0; c < 6; ++c) {
        if (GlobalIndex(q) < points.offset[1])
          EXPECT_EQ(strain[6 * q + c], -7);
        else
          ASSERT_NEAR(strain[6 * q + c], expected[c], 1e-15) << info(shape).name;  // 1e-12 of the largest strain
      }
  }
}

// ∫ Bᵀσ = ∮ N σ·n for constant σ (divergence theorem): node by node, on the hull of the active elements alone. Both rules are exact for bent hexes
// and for tets with straight edges; bent tet10 have integrands of degree 3 that four points do not integrate.
TEST(Points, ConstantStressIsHeldByItsTractions) {
  const Sym3 stress = {-30e6, -60e6, -45e6, 5e6, -8e6, 12e6};
  for (Shape shape : all_shapes)
    for (const std::vector<char>& regions : {std::vector<char>{1, 1}, std::vector<char>{1, 0}}) {
      Mesh m = block(shape, 3);
      bend(m);
      if (shape == Shape::tet10) straighten(m);
      const Points points = make_points(m);
      std::vector<double> at_points, inner(m.points.size()), outer(m.points.size());
      for (size_t q = 0; q < points.n_points(); ++q) at_points.insert(at_points.end(), stress.begin(), stress.end());
      add_internal_forces(m, points, active_elements(m, regions), at_points.data(), inner.data());
      const std::vector<SurfacePoint> hull_points = make_surface_points(m, hull(m, regions), 0, 0);
      std::vector<Vector3> tractions;
      for (const SurfacePoint& p : hull_points) tractions.push_back(traction(stress, p.normal));
      add_tractions(m, hull_points, tractions, outer.data());
      double largest = 0;
      for (double f : outer) largest = std::max(largest, std::abs(f));
      EXPECT_GT(largest, 1e5);
      for (size_t i = 0; i < inner.size(); ++i) ASSERT_NEAR(inner[i], outer[i], 1e-13 * 60e6) << info(shape).name << " dof " << i;
    }
}

// The scatter is the transpose of the sampling: u·∫Bᵀσ = ∫ε(u):σ, w·∫N s = ∫w s, for any numbers.
TEST(Points, ScatterIsTheTransposeOfSampling) {
  for (Shape shape : all_shapes) {
    Mesh m = block(shape, 3);
    bend(m);
    const Points points = make_points(m);
    const std::vector<char> active = active_elements(m, {0, 1});
    const std::vector<double> u = random_numbers(m.points.size()), stress = random_numbers(6 * points.n_points(), 2),
                              b = random_numbers(3 * points.n_points(), 3), s = random_numbers(points.n_points(), 4);
    std::vector<double> strain(stress.size(), 0), f(u.size()), g(u.size()), h(u.size() / 3), w(u.size() / 3), value(s.size());
    strain_at_points(m, points, active, u.data(), strain.data());
    add_internal_forces(m, points, active, stress.data(), f.data());
    add_body_forces(m, points, active, b.data(), g.data());
    add_sources(m, points, active, s.data(), h.data());
    double work = 0, left = 0, body = 0, sampled = 0;
    for (size_t i = 0; i < u.size(); ++i) left += u[i] * f[i];
    for (Index e = 0; e < m.n_elements(); ++e)
      for (GlobalIndex q = points.offset[e]; q < points.offset[e + 1]; ++q)
        for (int c = 0; c < 6; ++c) work += active[e] * points.volume[q] * strain[6 * q + c] * stress[6 * q + c];
    EXPECT_NEAR(left, work, 1e-12 * std::abs(work)) << info(shape).name;
    for (int c = 0; c < 3; ++c) {
      for (size_t i = 0; i < w.size(); ++i) w[i] = u[3 * i + c];
      value_at_points(m, points, w.data(), value.data());
      for (size_t i = 0; i < w.size(); ++i) body += w[i] * (g[3 * i + c] + h[i]);
      for (Index e = 0; e < m.n_elements(); ++e)
        for (GlobalIndex q = points.offset[e]; q < points.offset[e + 1]; ++q)
          sampled += active[e] * value[q] * (b[3 * q + c] + s[q]) * points.volume[q];
    }
    EXPECT_NEAR(body, sampled, 1e-12 * std::abs(sampled)) << info(shape).name;
  }
}

TEST(Points, ValuesInterpolateLinearFields) {
  for (Shape shape : all_shapes) {
    Mesh m = block(shape, 2);
    bend(m);
    const Points points = make_points(m);
    const auto f = [](const double* x) { return 300 + 20 * x[0] - 7 * x[1] + 11 * x[2]; };
    std::vector<double> nodal, value(points.n_points());
    for (size_t i = 0; i < m.points.size(); i += 3) nodal.push_back(f(&m.points[i]));
    value_at_points(m, points, nodal.data(), value.data());
    for (size_t q = 0; q < value.size(); ++q) EXPECT_NEAR(value[q], f(&points.position[3 * q]), 1e-12);
  }
}

TEST(Points, InvertedCellIsRefused) {
  Mesh m = block(Shape::hex27, 1);
  for (int node : {0, 2, 6, 8, 1, 3, 4, 5, 7}) m.points[3 * node + 2] = 1.5;
  EXPECT_THROW(make_points(m), InputError);
}

// Fields in the fitted space come back exactly at the nodes: linear ones on every bent element.
TEST(Points, LinearFieldsReturnToNodes) {
  for (Shape shape : {Shape::hex8, Shape::hex27, Shape::tet10}) {
    Mesh m = block(shape, 3);
    bend(m);
    const Points points = make_points(m);
    const auto f = [](const double* x, int c) { return c == 0 ? 3 + 2 * x[0] - x[1] : x[2] - 5 * x[0]; };
    std::vector<double> values;
    for (size_t q = 0; q < points.n_points(); ++q)
      for (int c = 0; c < 2; ++c) values.push_back(f(&points.position[3 * q], c));
    const std::vector<double> nodal = points_to_nodes(m, points, active_elements(m, {1, 1}), values, 2);
    for (size_t i = 0; i < nodal.size(); ++i) EXPECT_NEAR(nodal[i], f(&m.points[i / 2 * 3], i % 2), 2e-13) << info(shape).name;
  }
}

// On an unbent hex27 the fit is triquadratic.
TEST(Points, QuadraticFieldsReturnToNodesOfHex27) {
  const Mesh m = block(Shape::hex27, 2);
  const Points points = make_points(m);
  const auto f = [](const double* x) { return x[0] * x[0] * x[1] - 3 * x[2] * x[2]; };
  std::vector<double> values;
  for (size_t q = 0; q < points.n_points(); ++q) values.push_back(f(&points.position[3 * q]));
  const std::vector<double> nodal = points_to_nodes(m, points, active_elements(m, {1, 1}), values, 1);
  for (size_t i = 0; i < nodal.size(); ++i) EXPECT_NEAR(nodal[i], f(&m.points[3 * i]), 1e-13);
}

// Region values 1 (west) and 5 (east): a node shared by both gets 3 however many cells of each are around it; NaN where nothing is active.
TEST(Points, RegionsWeighEquallyAtSharedNodes) {
  for (Shape shape : all_shapes) {
    const Mesh m = block(shape, 2);
    const Points points = make_points(m);
    std::vector<double> values;
    std::vector<char> active = active_elements(m, {1, 1});
    active[0] = active[1] = 0;  // hex: one cell of each region; tets: two of the west
    std::vector<std::set<int>> around(m.nodes.n_local());
    for (Index e = 0; e < m.n_elements(); ++e) {
      for (GlobalIndex q = points.offset[e]; q < points.offset[e + 1]; ++q) values.push_back(m.region[e] == 0 ? 1 : 5);
      for (int a = 0; active[e] && a < mesh::info(shape).n_nodes; ++a) around[m.nodes_of(e)[a]].insert(m.region[e]);
    }
    const std::vector<double> nodal = points_to_nodes(m, points, active, values, 1);
    std::set<int> seen;
    for (size_t i = 0; i < nodal.size(); ++i) {
      seen.insert(int(around[i].size()));
      if (around[i].empty())
        EXPECT_TRUE(std::isnan(nodal[i]));
      else
        EXPECT_NEAR(nodal[i], around[i].size() == 2 ? 3 : *around[i].begin() == 0 ? 1 : 5, 1e-13) << info(shape).name;
    }
    EXPECT_TRUE(seen.count(1) && seen.count(2) && (seen.count(0) || mesh::linear(shape) == Shape::tet4));
  }
}
