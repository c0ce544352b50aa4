// Each indicator against closed forms: rockburst reference rows 1 to 3 (Kirsch 1898; Jaeger, Cook and Zimmerman 2007).
#include "burst/indicators.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "opening.hpp"

using namespace winze;
using namespace winze::burst;
using namespace winze::burst::test;

namespace {

constexpr double quarter = std::numbers::pi / 2;

template <class I>
double at_wall(const Opening& opening, const Rock& rock, double theta, const I& indicator = {}) {
  return indicator.value(wall(opening, rock, 1, theta, 1).front());
}

template <class I>
void expect_limits(const std::vector<double>& limits) {
  ASSERT_EQ(limits.size(), I::limits.size());
  const int worse = I::severity == Severity::rises ? 1 : -1;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const double step = 1e-12 * limits[i];
    // The lower bound of an interval belongs to it: with a falling index the limit itself is still in the milder class.
    EXPECT_EQ(class_of<I>(limits[i] - worse * step), int(i)) << I::name << " before limit " << i;
    EXPECT_EQ(class_of<I>(limits[i] + worse * step), int(i) + 1) << I::name << " beyond limit " << i;
    EXPECT_EQ(class_of<I>(limits[i]), I::severity == Severity::rises ? int(i) + 1 : int(i)) << I::name << " at limit " << i;
  }
}

}  // namespace

// Limits as printed in the sources, written here a second time: a swapped or mistyped limit fails.
TEST(ClassLimits, JustBeforeAtAndJustBeyond) {
  expect_limits<Russenes>({0.20, 0.30, 0.55});
  expect_limits<Wang>({0.3, 0.5, 0.7});
  expect_limits<Hoek>({0.34, 0.42, 0.56, 0.70});
  expect_limits<Turchaninov>({0.3, 0.5, 0.8});
  expect_limits<Barton>({5, 2.5});
  expect_limits<Tao>({14.5, 5.5, 2.5});
  expect_limits<PotentialEnergy>({50e3, 100e3, 150e3, 200e3});
  expect_limits<BurstPotential>({1});
  expect_limits<DepthOfFailure>({0.1});
  expect_limits<FailureContour>({1});
}

// σθmax = 3σ1 − σ3 at the ends of the σ3 axis, 3σ3 − σ1 a quarter turn away; 30 and 15 MPa: 75 and 15 MPa.
TEST(TangentialStress, KirschWallAndItsClasses) {
  const Opening opening{15e6, 30e6, 20e6};
  const Rock granite = rock(60e9, 0.25, 150e6);
  EXPECT_NEAR(at_wall<Russenes>(opening, granite, 0), 75.0 / 150, 1e-14);
  EXPECT_NEAR(at_wall<Wang>(opening, granite, 0), 0.5, 1e-14);
  EXPECT_EQ(class_of<Russenes>(at_wall<Russenes>(opening, granite, 0)), 2);  // 0.30 … 0.55
  EXPECT_EQ(class_of<Hoek>(at_wall<Hoek>(opening, granite, 0)), 2);          // 0.42 … 0.56
  // A quarter turn away the hoop stress is 15 MPa, above the axial 20 + 0.25 · (15 − 45) = 12.5 MPa.
  EXPECT_NEAR(at_wall<Russenes>(opening, granite, quarter), 15.0 / 150, 1e-14);
  EXPECT_EQ(class_of<Russenes>(at_wall<Russenes>(opening, granite, quarter)), 0);
}

// Negative control: the same stress as tension must leave every class.
TEST(TangentialStress, WrongSignOfStressChangesTheClass) {
  const Opening opening{15e6, 30e6, 20e6};
  const Rock granite = rock(60e9, 0.25, 150e6);
  Sample s = wall(opening, granite, 1, 0, 1).front();
  EXPECT_EQ(class_of<Russenes>(Russenes{}.value(s)), 2);
  EXPECT_EQ(class_of<Turchaninov>(Turchaninov{}.value(s)), 2);  // (75 + 27.5)/150 = 0.683
  for (double& component : s.stress) component = -component;
  EXPECT_EQ(class_of<Russenes>(Russenes{}.value(s)), 0);
  EXPECT_EQ(class_of<Turchaninov>(Turchaninov{}.value(s)), 0);
  EXPECT_LT(Turchaninov{}.value(s), 0);
}

// σθ = 75 and the axial 20 + 0.25 · (75 − 45) = 27.5 MPa. Which of the two runs along the axis does not matter: with 90 MPa axial the sum follows.
TEST(TurchaninovSum, AddsTheTwoStressesOfTheTangentPlane) {
  const Rock granite = rock(60e9, 0.25, 150e6);
  EXPECT_NEAR(at_wall<Turchaninov>({15e6, 30e6, 20e6}, granite, 0), 102.5 / 150, 1e-14);
  EXPECT_NEAR(at_wall<Turchaninov>({15e6, 30e6, 90e6}, granite, 0), (75 + 97.5) / 150, 1e-14);
  // A lining pressure on the wall acts along the normal and does not enter.
  Sample s = wall({15e6, 30e6, 20e6}, granite, 1, 0, 1).front();
  s.stress[0] -= 3e6;
  EXPECT_NEAR(Turchaninov{}.value(s), 102.5 / 150, 1e-14);
}

// σc/σ1 of the far field: 180/72 = 2.5 is the last of the milder class, and the wall stress does not matter.
TEST(FarFieldRatio, UsesTheInSituStress) {
  const Rock granite = rock();
  const Opening opening{72e6, 30e6, 50e6};
  EXPECT_NEAR(at_wall<Barton>(opening, granite, 0), 2.5, 1e-14);
  EXPECT_NEAR(at_wall<Tao>(opening, granite, quarter), 2.5, 1e-14);
  EXPECT_EQ(class_of<Tao>(at_wall<Tao>({74e6, 30e6, 50e6}, granite, 0)), 3);
  EXPECT_EQ(at_wall<Tao>({-5e6, -1e6, 0}, granite, 0), 1000);  // no compression anywhere
  EXPECT_EQ(class_of<Tao>(1000), 0);
}

// Hydrostatic 54 MPa, E 50 GPa, ν 0.25. Far: 3p²(1 − 2ν)/2E; wall and r = 2a from σr, σθ = p(1 ∓ a²/r²), σy = p.
TEST(StrainEnergyDensity, CircularOpening) {
  const Opening opening{54e6, 54e6, 54e6};
  const Rock granite = rock();
  const auto energy = [&](double r, double theta) {
    Sample s;
    s.stress = opening.stress(r, theta);
    s.rock = &granite;
    return StrainEnergy{}.value(s);
  };
  EXPECT_NEAR(energy(1e6, 0.3), 43.74e3, 1e-3);
  EXPECT_NEAR(energy(1, 0), 116.64e3, 1e-6);
  EXPECT_NEAR(energy(2, 1.1), 48.296e3, 0.5);  // printed to 5 figures
  EXPECT_NEAR(energy(1, 0.7) / energy(1e6, 0.7), (5 - 4 * 0.25) / (3 * (1 - 2 * 0.25)), 1e-9);
}

// The formula in principal stresses, written out for an uneven state with shear.
TEST(StrainEnergyDensity, EqualsThePrincipalFormulaForIsotropicRock) {
  const Rock granite = rock(60e9, 0.2);
  Sample s;
  s.stress = {-80e6, -30e6, -45e6, 7e6, -12e6, 20e6};
  s.rock = &granite;
  const Vector3 p = principal(s.stress).value;
  const double expected = (p[0] * p[0] + p[1] * p[1] + p[2] * p[2] - 2 * 0.2 * (p[0] * p[1] + p[1] * p[2] + p[2] * p[0])) / (2 * 60e9);
  EXPECT_NEAR(StrainEnergy{}.value(s), expected, 1e-12 * expected);
}

// Uniaxial stress across beds is stored with E′, along them with E.
TEST(StrainEnergyDensity, UsesTheComplianceOfBeddedRock) {
  material::Material m;
  m.law.value = material::TransverselyIsotropic{60e9, 30e9, 0.2, 0.15, 12e9, 0, 0};
  const Rock slate("slate", m);
  Sample s;
  s.rock = &slate;
  s.stress = {0, 0, -60e6, 0, 0, 0};
  EXPECT_NEAR(StrainEnergy{}.value(s), 60e6 * 60e6 / (2 * 30e9), 1e-6);
  s.stress = {-60e6, 0, 0, 0, 0, 0};
  EXPECT_NEAR(StrainEnergy{}.value(s), 60e6 * 60e6 / (2 * 60e9), 1e-6);
}

// σc 180 MPa, E 60 GPa: 270 kJ/m³; the unloading modulus takes the place of Young's when given.
TEST(PotentialEnergyOfStrain, LaboratoryValue) {
  Rock granite = rock(60e9);
  Sample s;
  s.rock = &granite;
  EXPECT_NEAR(PotentialEnergy{}.value(s), 270e3, 1e-6);
  EXPECT_EQ(class_of<PotentialEnergy>(PotentialEnergy{}.value(s)), 4);
  granite.modulus = 120e9;
  EXPECT_NEAR(PotentialEnergy{}.value(s), 135e3, 1e-6);
}

// Opening above: mining adds 116.64 − 43.74 = 72.9 kJ/m³ at the wall; e_c = 180²/(2·50) = 324 kJ/m³.
TEST(BurstPotentialIndex, CountsFromVirginStateOrFromTheStageBefore) {
  const Rock granite = rock();
  Sample s = wall({54e6, 54e6, 54e6}, granite, 1, 0, 1).front();
  EXPECT_NEAR(BurstPotential{}.value(s), 72.9 / 324, 1e-12);
  s.energy_before = 100e3;
  EXPECT_NEAR(BurstPotential{Since::previous_stage}.value(s), 16.64 / 324, 1e-12);
}

// Df/a = 1.25 · (3σ1 − σ3)/σc − 0.51: 30 and 15 MPa in 120 MPa rock: 1.25 · 0.625 − 0.51 = 0.27125; nothing below the line's zero 0.408 or below 0.4.
TEST(DepthOfFailureLine, AlongTheSigma3AxisAndElsewhere) {
  const Opening opening{15e6, 30e6, 20e6};
  const Rock granite = rock(60e9, 0.25, 120e6);
  EXPECT_NEAR(at_wall<DepthOfFailure>(opening, granite, 0), 0.27125, 1e-12);
  EXPECT_EQ(at_wall<DepthOfFailure>(opening, granite, quarter), 0);
  EXPECT_EQ(at_wall<DepthOfFailure>(opening, rock(60e9, 0.25, 75e6 / 0.404), 0), 0);
  EXPECT_EQ(at_wall(opening, rock(60e9, 0.25, 75e6 / 0.39), 0, DepthOfFailure{.intercept = -0.1}), 0);
}

namespace {

/// Depth of the contour along the radius at θ, 4000 points over 1.5 radii.
double depth_along(const Opening& opening, const Rock& rock, double theta, const FailureContour& contour) {
  std::vector<double> distance, value;
  Sample s;
  s.rock = &rock;
  for (int i = 0; i <= 4000; ++i) {
    distance.push_back(1.5 * i / 4000);
    s.stress = opening.stress(1 + distance.back(), theta);
    value.push_back(contour.value(s));
  }
  return contour_depth(distance, value);
}

}  // namespace

// Hydrostatic p: σθ − σr = 2p a²/r², so r_f/a = √(2p/(σc √s)): 1.3416 with σc/3 (s = 1/9) and 1.3450 with √0.11, for 54 and 180 MPa. Linear
// interpolation over 3.75e-4 radii errs by less than 1e-7.
TEST(ElasticContour, HydrostaticRadiusOfFailure) {
  const Opening opening{54e6, 54e6, 54e6};
  const Rock granite = rock();
  for (const double theta : {0.0, 0.4, 1.3}) {
    EXPECT_NEAR(1 + depth_along(opening, granite, theta, {1.0 / 9}), std::sqrt(6 * 54.0 / 180), 1e-6);
    EXPECT_NEAR(1 + depth_along(opening, granite, theta, {1.0 / 9}), 1.3416, 5e-5);
    EXPECT_NEAR(1 + depth_along(opening, granite, theta, {0.11}), 1.3450, 5e-5);
  }
  EXPECT_EQ(depth_along({20e6, 20e6, 20e6}, granite, 0, {}), 0);  // 40 MPa on the wall, 59.7 needed
}

// Uneven stress, 60 vertical and 20 horizontal. On the σ3 axis (θ = 0) the printed Kirsch formulas give σθ − σr = 40 (1 + 3q²) MPa with q = a²/r²,
// which falls to 180 √0.11 MPa at r = 1.5711 a. The contour has ears: the deepest line is 36° away and half as deep again (independent scan of the
// same formulas at 1e-4 radii), so the value on the axis alone would understate the notch.
TEST(ElasticContour, DeepestLineIsNotTheSigma3Axis) {
  const Opening opening{20e6, 60e6, 25e6};
  const Rock granite = rock();
  const double q = std::sqrt((180 * std::sqrt(0.11) / 40 - 1) / 3);
  EXPECT_NEAR(depth_along(opening, granite, 0, {}), 1 / std::sqrt(q) - 1, 1e-6);
  double deepest = 0, direction = 0;
  for (int degree = 0; degree <= 90; ++degree)
    if (const double depth = depth_along(opening, granite, degree * quarter / 90, {}); depth > deepest) deepest = depth, direction = degree;
  EXPECT_NEAR(deepest, 0.8461, 1e-4);
  EXPECT_EQ(direction, 36);
  EXPECT_EQ(depth_along(opening, granite, quarter, {}), 0);  // 3σ3 − σ1 = 0 on the wall
}

TEST(ElasticContour, RefusesALineThatEndsInside) {
  const std::vector<double> distance = {0, 0.1, 0.2}, value = {1.5, 1.3, 1.1};
  EXPECT_THROW(contour_depth(distance, value), InputError);
  EXPECT_THROW(contour_depth(distance, std::vector<double>{1, 2}), InputError);
}
