#include "fem/surface_points.hpp"

#include <gtest/gtest.h>

#include <numbers>
#include <set>

#include "base/error.hpp"
#include "block.hpp"

using namespace winze;
using namespace winze::fem;
using namespace winze::test;
using mesh::Mesh;
using mesh::Shape;

namespace {

double area(const std::vector<SurfacePoint>& at) {
  double sum = 0;
  for (const SurfacePoint& p : at) sum += p.weight;
  return sum;
}

/// Wraps the block round a quarter of an annulus about z: x is the radius from `inner` to `inner` + 1, y the angle, z the height.
void wrap(Mesh& m, double inner) {
  for (size_t i = 0; i < m.points.size(); i += 3) {
    const double r = inner + m.points[i], angle = m.points[i + 1] * std::numbers::pi / 2;
    m.points[i] = r * std::cos(angle), m.points[i + 1] = r * std::sin(angle);
  }
}

Moduli isotropic(double young, double poisson) {
  const double lame = young * poisson / ((1 + poisson) * (1 - 2 * poisson)), twice_shear = young / (1 + poisson);
  Moduli c{};
  for (int i = 0; i < 6; ++i) c[i][i] = twice_shear;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) c[i][j] += lame;
  return c;
}

}  // namespace

// ∮ x·n/3 dA = V: normals point out, weights are areas. Exact for bent hexes; a straight tet10 as well.
TEST(SurfacePoints, EncloseTheVolumeOfTheElements) {
  for (Shape shape : all_shapes)
    for (const std::vector<char>& regions : {std::vector<char>{1, 1}, std::vector<char>{0, 1}}) {
      Mesh m = block(shape, 3);
      bend(m);
      if (shape == Shape::tet10) straighten(m);
      const Points points = make_points(m);
      double volume = 0, enclosed = 0;
      for (Index e = 0; e < m.n_elements(); ++e)
        for (GlobalIndex q = points.offset[e]; q < points.offset[e + 1]; ++q) volume += regions[m.region[e]] * points.volume[q];
      for (const SurfacePoint& p : make_surface_points(m, hull(m, regions), 0, 0)) {
        EXPECT_NEAR(norm(p.normal), 1, 1e-15);
        enclosed += dot(p.position, p.normal) * p.weight / 3;
      }
      EXPECT_NEAR(enclosed, volume, 1e-13) << info(shape).name;
    }
}

TEST(SurfacePoints, KeepTheirLabels) {
  const Mesh m = block(Shape::hex27, 1);
  for (const SurfacePoint& p : make_surface_points(m, hull(m, {1, 1}), 3, 7)) {
    EXPECT_EQ(p.element, 0);
    EXPECT_EQ(p.surface, 3);
    EXPECT_EQ(p.stage, 7);
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(p.position[c], (p.reference[c] + 1) / 2, 1e-15);
  }
}

// The wall of a drive of radius 2 m: area π per metre of a quarter, normals towards the axis. Curved faces converge with their degree: error of the
// area h⁴ for quadratic edges, h² for straight ones.
TEST(SurfacePoints, CylinderWallConverges) {
  for (Shape shape : all_shapes) {
    double error[2];
    for (int level = 0; level < 2; ++level) {
      Mesh m = block(shape, 2 << level);
      wrap(m, 2);
      const std::vector<SurfacePoint> points = make_surface_points(m, m.find_surface("x_min")->faces, 0, 0);
      error[level] = std::abs(area(points) - std::numbers::pi);
      for (const SurfacePoint& p : points) EXPECT_LT((p.normal[0] * p.position[0] + p.normal[1] * p.position[1]) / 2, -0.9);
    }
    const double slope = std::log2(error[0] / error[1]);
    if (shape == Shape::hex27 || shape == Shape::tet10)
      EXPECT_NEAR(slope, 4, 0.2) << info(shape).name;
    else
      EXPECT_NEAR(slope, 2, 0.1) << info(shape).name;
  }
}

// A box has six smooth sides; the wall of a drive of two curved cells a quarter (45° each) is one patch when its edges are curved, two facets when
// straight (so are the outer face's). Each side of the annulus is a patch of its own.
TEST(SurfacePoints, PatchesEndAtCreases) {
  const auto n_patches = [](const std::vector<SurfacePoint>& points) {
    std::set<int> patches;
    for (const SurfacePoint& p : points) patches.insert(p.patch);
    return patches.size();
  };
  for (Shape shape : all_shapes) {
    Mesh m = block(shape, 2);
    const std::vector<SurfacePoint> box = make_surface_points(m, hull(m, {1, 1}), 0, 0);
    EXPECT_EQ(n_patches(box), 6u);
    for (const SurfacePoint& p : box)
      for (const SurfacePoint& q : box) EXPECT_EQ(p.patch == q.patch, dot(p.normal, q.normal) > 0.5);
    wrap(m, 2);
    const bool curved = mesh::info(shape).degree == 2;
    EXPECT_EQ(n_patches(make_surface_points(m, m.find_surface("x_min")->faces, 0, 0)), curved ? 1u : 2u) << info(shape).name;
    EXPECT_EQ(n_patches(make_surface_points(m, hull(m, {1, 1}), 0, 0)), curved ? 6u : 8u) << info(shape).name;
  }
}

TEST(SurfacePoints, SampleLinearFieldsExactly) {
  const Sym3 expected = {1e-3, -2e-3, 3e-3, sqrt2 * 0.5e-3, sqrt2 * 0.25e-3, sqrt2 * -1e-3};
  for (Shape shape : all_shapes) {
    Mesh m = block(shape, 2);
    bend(m);
    std::vector<double> u, t;
    const Matrix3 e = to_matrix(expected);
    for (Index i = 0; i < m.nodes.n_local(); ++i) {
      for (int c = 0; c < 3; ++c) u.push_back(dot(e[c], m.point(i)));
      t.push_back(300 + 4 * m.point(i)[2]);
    }
    const std::vector<SurfacePoint> at = make_surface_points(m, hull(m, {1, 1}), 0, 0);
    const std::vector<Sym3> strain = strain_at(m, at, u.data());
    const std::vector<double> value = value_at(m, at, t.data());
    const std::vector<Vector3> vector = vector_at(m, at, u.data());
    for (size_t i = 0; i < at.size(); ++i) {
      for (int c = 0; c < 6; ++c) ASSERT_NEAR(strain[i][c], expected[c], 1e-15) << info(shape).name;
      for (int c = 0; c < 3; ++c) ASSERT_NEAR(vector[i][c], dot(e[c], at[i].position), 1e-15);
      ASSERT_NEAR(value[i], 300 + 4 * at[i].position[2], 1e-12);
    }
  }
}

// Tangential strain of the interpolant of a smooth displacement at the wall of a drive. At the sampling points its error falls one order faster than
// at the integration points on quads (Barlow 1976); triangles have no such points.
TEST(SurfacePoints, TangentialStrainConvergesFasterAtSamplingPoints) {
  const auto error = [](Shape shape, int n, SurfaceUse use) {
    Mesh m = block(shape, n);
    wrap(m, 2);
    std::vector<double> u;
    for (Index i = 0; i < m.nodes.n_local(); ++i) {
      const Vector3 x = m.point(i);
      u.insert(u.end(), {std::sin(1.2 * x[0] + 0.3) * std::cos(0.9 * x[1]), std::cos(0.8 * x[0]) * std::sin(1.1 * x[1] + 0.2), 0});
    }
    const std::vector<SurfacePoint> at = make_surface_points(m, m.find_surface("x_min")->faces, 0, 0, use);
    const std::vector<Sym3> strain = strain_at(m, at, u.data());
    double sum = 0;
    for (size_t i = 0; i < at.size(); ++i) {
      const double x = at[i].position[0], y = at[i].position[1], r = std::hypot(x, y);
      const double xx = 1.2 * std::cos(1.2 * x + 0.3) * std::cos(0.9 * y), yy = 1.1 * std::cos(0.8 * x) * std::cos(1.1 * y + 0.2);
      const double twice_xy = -0.9 * std::sin(1.2 * x + 0.3) * std::sin(0.9 * y) - 0.8 * std::sin(0.8 * x) * std::sin(1.1 * y + 0.2);
      const double exact = (y * y * xx + x * x * yy - x * y * twice_xy) / (r * r);
      const Vector3 tangent = {-at[i].normal[1], at[i].normal[0], 0};
      sum += at[i].weight * std::pow(dot(traction(strain[i], tangent), tangent) - exact, 2);
    }
    return std::sqrt(sum);
  };
  for (Shape shape : all_shapes) {
    const int degree = mesh::info(shape).degree;
    const double integrate = std::log2(error(shape, 4, SurfaceUse::integrate) / error(shape, 8, SurfaceUse::integrate));
    const double sample = std::log2(error(shape, 4, SurfaceUse::sample) / error(shape, 8, SurfaceUse::sample));
    EXPECT_NEAR(integrate, degree, 0.15) << mesh::info(shape).name;
    EXPECT_NEAR(sample, mesh::linear(shape) == Shape::hex8 ? degree + 1 : degree, 0.15) << mesh::info(shape).name;
  }
}

// Both rules of a face measure its area: exactly on the plane sides of a box.
TEST(SurfacePoints, SamplesCarryTheArea) {
  for (Shape shape : all_shapes) {
    const Mesh m = block(shape, 2);
    EXPECT_NEAR(area(make_surface_points(m, hull(m, {1, 1}), 0, 0, SurfaceUse::sample)), 6, 1e-12);
    EXPECT_NEAR(area(make_surface_points(m, hull(m, {1, 1}), 0, 0)), 6, 1e-12);
  }
}

// w·∮N q = ∮w q for any numbers; likewise vectors.
TEST(SurfacePoints, ScatterIsTheTransposeOfSampling) {
  for (Shape shape : all_shapes) {
    Mesh m = block(shape, 2);
    bend(m);
    const std::vector<SurfacePoint> at = make_surface_points(m, hull(m, {1, 0}), 0, 0);
    const std::vector<double> u = random_numbers(m.points.size()), q = random_numbers(4 * at.size(), 5);
    std::vector<double> scalar(u.begin(), u.begin() + m.nodes.n_local()), f(u.size()), g(scalar.size());
    std::vector<Vector3> t;
    for (size_t i = 0; i < at.size(); ++i) t.push_back({q[at.size() + 3 * i], q[at.size() + 3 * i + 1], q[at.size() + 3 * i + 2]});
    add_tractions(m, at, t, f.data());
    add_fluxes(m, at, {q.begin(), q.begin() + at.size()}, g.data());
    double left = 0, right = 0;
    for (size_t i = 0; i < u.size(); ++i) left += u[i] * f[i];
    for (size_t i = 0; i < scalar.size(); ++i) left += scalar[i] * g[i];
    for (size_t i = 0; i < at.size(); ++i)
      right += at[i].weight * (dot(t[i], vector_at(m, at, u.data())[i]) + q[i] * value_at(m, at, scalar.data())[i]);
    EXPECT_NEAR(left, right, 1e-12 * (std::abs(right) + 1)) << info(shape).name;
  }
}

// Kirsch 1898, plane strain, wall of a drive: hoop stress Sx + Sy − 2 (Sx − Sy) cos 2θ, axial ν times that (no axial pre-stress), no traction. The
// exact tangential strain, and normal strains made wrong on purpose, give that stress to rounding.
TEST(WallStress, KirschFromTangentialStrainAlone) {
  const double young = 60e9, poisson = 0.25, sx = -30e6, sy = -60e6;
  for (double theta : {0.0, 0.4, 1.1, std::numbers::pi / 2}) {
    const double c = std::cos(theta), s = std::sin(theta), hoop = sx + sy - 2 * (sx - sy) * std::cos(2 * theta);
    const Matrix3 to_cylinder = {{{c, s, 0}, {-s, c, 0}, {0, 0, 1}}}, to_global = {{{c, -s, 0}, {s, c, 0}, {0, 0, 1}}};  // rows: r, θ, z
    const Sym3 strain = rotate({0.37, hoop * (1 - poisson * poisson) / young, 0, 0, 0.5, -0.23}, to_global);
    const Sym3 stress = rotate(wall_stress(strain, {}, {}, isotropic(young, poisson), {-c, -s, 0}, {}), to_cylinder);
    const Sym3 expected = {0, hoop, poisson * hoop, 0, 0, 0};
    for (int i = 0; i < 6; ++i) EXPECT_NEAR(stress[i], expected[i], 1e-4) << theta;  // Pa; the wrong strains weigh 3e10 Pa
  }
}

// Any positive definite moduli, initial stress, thermal strain and traction: the stress obeys the law for a strain with the given tangential part,
// and the traction. Checked in the identity that defines it, by the strain recovered from the stress.
TEST(WallStress, AnisotropicLawAndTractionHold) {
  const std::vector<double> r = random_numbers(36 + 6 * 3 + 6, 9);
  Moduli c{};
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) {
      for (int k = 0; k < 6; ++k) c[i][j] += 10e9 * r[6 * i + k] * r[6 * j + k];
      if (i == j) c[i][j] += 20e9;
    }
  Sym3 strain, thermal, initial;
  for (int i = 0; i < 6; ++i) strain[i] = 1e-3 * r[36 + i], thermal[i] = 5e-4 * r[42 + i], initial[i] = 50e6 * r[48 + i];
  Vector3 normal = {r[54], r[55], r[56]}, pressure = {1e6 * r[57], 1e6 * r[58], 1e6 * r[59]};
  const double length = norm(normal);
  for (double& x : normal) x /= length;
  const Sym3 stress = wall_stress(strain, thermal, initial, c, normal, pressure);
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(traction(stress, normal)[i], pressure[i], 1e-7);

  // Strain of that stress: Gauss elimination on C (ε − thermal) = σ − initial.
  double a[6][7];
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < 6; ++j) a[i][j] = c[i][j];
    a[i][6] = stress[i] - initial[i];
  }
  for (int k = 0; k < 6; ++k)
    for (int i = 0; i < 6; ++i)
      if (i != k)
        for (int j = 6; j >= k; --j) a[i][j] -= a[i][k] / a[k][k] * a[k][j];
  Sym3 change;
  for (int i = 0; i < 6; ++i) change[i] = a[i][6] / a[i][i] + thermal[i] - strain[i];
  // The change of strain must be of the form sym(n ⊗ w): no component between tangents.
  const Vector3 first = {normal[1] / std::hypot(normal[0], normal[1]), -normal[0] / std::hypot(normal[0], normal[1]), 0},
                second = cross(normal, first);
  const auto component = [&](const Vector3& p, const Vector3& q) { return dot(traction(change, p), q); };
  EXPECT_GT(std::abs(component(normal, normal)), 1e-5);
  EXPECT_NEAR(component(first, first), 0, 1e-16);
  EXPECT_NEAR(component(first, second), 0, 1e-16);
  EXPECT_NEAR(component(second, second), 0, 1e-16);
}

// A strain that already fulfils the law and the traction is left alone.
TEST(WallStress, ConsistentStressIsReturned) {
  const Moduli c = isotropic(40e9, 0.2);
  const Sym3 strain = {1e-3, -2e-3, 0.4e-3, 0.3e-3, -0.7e-3, 1.1e-3}, initial = {-1e6, -2e6, -3e6, 4e5, 5e5, 6e5};
  Sym3 expected = product(c, strain);
  for (int i = 0; i < 6; ++i) expected[i] += initial[i];
  const Vector3 normal = {0.6, 0, 0.8};
  const Sym3 stress = wall_stress(strain, {}, initial, c, normal, traction(expected, normal));
  for (int i = 0; i < 6; ++i) EXPECT_NEAR(stress[i], expected[i], 1e-12 * 80e6);
}

TEST(WallStress, EmptyModuliAreRefused) { EXPECT_THROW(wall_stress({}, {}, {}, Moduli{}, {0, 0, 1}, {}), SolverError); }
