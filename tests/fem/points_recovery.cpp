#include <gtest/gtest.h>

#include "base/error.hpp"
#include "block.hpp"
#include "fem/recovery.hpp"

using namespace winze;
using namespace winze::fem;
using namespace winze::test;
using mesh::Mesh;
using mesh::Shape;

namespace {

/// Isotropic with Poisson's ratio 0: stress = young · strain.
ElasticModuli cork(const Mesh& m, double young) {
  ElasticModuli moduli;
  moduli.table.push_back(Moduli{});
  for (int i = 0; i < 6; ++i) moduli.table[0][i][i] = young;
  moduli.of_element.assign(m.n_elements(), 0);
  return moduli;
}

constexpr double young = 50e9;
double displacement(const double* x, int c) { return 1e-3 * std::sin(1.3 * x[0] + 0.4 * c) * std::cos(1.1 * x[1] - 0.7 * c) * std::exp(0.5 * x[2]); }
Sym3 exact_stress(const double* x) {
  Matrix3 e{}, gradient;
  const double step = 1e-5;  // central differences: error 1e-10 of the strain
  for (int k = 0; k < 3; ++k) {
    double low[3] = {x[0], x[1], x[2]}, high[3] = {x[0], x[1], x[2]};
    low[k] -= step, high[k] += step;
    for (int c = 0; c < 3; ++c) gradient[c][k] = (displacement(high, c) - displacement(low, c)) / (2 * step);
  }
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) e[i][j] = young * (gradient[i][j] + gradient[j][i]) / 2;
  return from_matrix(e);
}

/// Estimated over true error of the interpolant of a smooth displacement on the bent block.
double effectivity(Shape shape, int n) {
  Mesh m = block(shape, n);
  bend(m);
  const Points points = make_points(m);
  std::vector<double> u(m.points.size()), stress(6 * points.n_points());
  for (size_t i = 0; i < u.size(); ++i) u[i] = displacement(&m.points[i / 3 * 3], int(i % 3));
  strain_at_points(m, points, std::vector<char>(m.n_elements(), 1), u.data(), stress.data());
  double error = 0;
  for (size_t q = 0; q < points.n_points(); ++q) {
    const Sym3 exact = exact_stress(&points.position[3 * q]);
    for (int c = 0; c < 6; ++c) {
      stress[6 * q + c] *= young;
      error += points.volume[q] * std::pow(stress[6 * q + c] - exact[c], 2) / young;
    }
  }
  const StressError estimate = estimate_stress_error(m, points, cork(m, young), stress);
  EXPECT_EQ(estimate.unreached, 0);
  double sum = 0;
  for (double e : estimate.element) sum += e * e;
  EXPECT_NEAR(std::sqrt(sum), estimate.total, 1e-12 * estimate.total);
  return estimate.total / std::sqrt(error);
}

}  // namespace

// Zienkiewicz and Zhu 1992: the effectivity tends to 1 where the sampling points are superconvergent (hexes); tets have none, the estimate keeps the
// size of the error.
TEST(Recovery, EstimateHasTheSizeOfTheError) {
  for (Shape shape : all_shapes) {
    const double coarse = effectivity(shape, 4), fine = effectivity(shape, 8);
    if (mesh::linear(shape) == Shape::hex8) {
      EXPECT_NEAR(fine, 1, 0.08) << mesh::info(shape).name;
      EXPECT_LT(std::abs(fine - 1), 0.7 * std::abs(coarse - 1)) << mesh::info(shape).name;
    } else {
      EXPECT_NEAR(fine, 1, 0.25) << mesh::info(shape).name;
      EXPECT_NEAR(coarse, 1, 0.35) << mesh::info(shape).name;
    }
  }
}

// Two materials, each under its own constant stress: nothing to improve. As one material the jump counts as an error.
TEST(Recovery, KeepsMaterialsApart) {
  for (Shape shape : all_shapes) {
    Mesh m = block(shape, 4);
    bend(m);
    const Points points = make_points(m);
    ElasticModuli moduli = cork(m, young);
    moduli.table.push_back(moduli.table[0]);
    std::vector<double> stress;
    for (Index e = 0; e < m.n_elements(); ++e) {
      moduli.of_element[e] = m.region[e];
      for (GlobalIndex i = 6 * points.offset[e]; i < 6 * points.offset[e + 1]; ++i) stress.push_back(m.region[e] == 0 ? 10e6 : 30e6);
    }
    const StressError apart = estimate_stress_error(m, points, moduli, stress);
    EXPECT_EQ(apart.unreached, 0);
    EXPECT_LT(apart.total, 1e-12 * apart.norm) << mesh::info(shape).name;
    double volume[2] = {};
    for (Index e = 0; e < m.n_elements(); ++e)
      for (GlobalIndex q = points.offset[e]; q < points.offset[e + 1]; ++q) volume[m.region[e]] += points.volume[q];
    EXPECT_NEAR(apart.norm, std::sqrt(6 * (volume[0] * 1e14 + volume[1] * 9e14) / young), 1e-12 * apart.norm);
    moduli.of_element.assign(m.n_elements(), 0);
    const StressError joined = estimate_stress_error(m, points, moduli, stress);
    EXPECT_GT(joined.total, 0.05 * joined.norm) << mesh::info(shape).name;
  }
}

// Elements that no patch reaches are counted and get no number; inactive ones are left out.
TEST(Recovery, OneLayerHasNoPatches) {
  const Mesh m = block(Shape::hex27, 1);
  const Points points = make_points(m);
  ElasticModuli moduli = cork(m, young);
  const std::vector<double> stress(6 * points.n_points(), 1e6);
  const StressError error = estimate_stress_error(m, points, moduli, stress);
  EXPECT_EQ(error.unreached, 1);
  EXPECT_TRUE(std::isnan(error.element[0]));
  EXPECT_EQ(error.total, 0);
  moduli.of_element[0] = -1;
  EXPECT_EQ(estimate_stress_error(m, points, moduli, stress).unreached, 0);
}
