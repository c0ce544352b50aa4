// Elastic laws through the one-point driver and against closed forms.
#include <gtest/gtest.h>

#include <numbers>

#include "base/error.hpp"
#include "material/driver.hpp"
#include "material/material.hpp"

using namespace winze;
using namespace winze::material;

namespace {

constexpr double degree = std::numbers::pi / 180;
const Elastic granite{60e9, 0.25};
TransverselyIsotropic slate(double dip, double dip_direction) { return {60e9, 30e9, 0.2, 0.15, 12e9, dip, dip_direction}; }

/// 1/E of a rod whose axis makes the angle β with the normal of the plane of isotropy: the compliance S33 transformed by hand (Amadei 1983).
double young_at(const TransverselyIsotropic& m, double beta) {
  const double s = std::sin(beta), c = std::cos(beta);
  return 1 /
         (s * s * s * s / m.young + c * c * c * c / m.young_normal + s * s * c * c * (1 / m.shear_normal - 2 * m.poisson_normal / m.young_normal));
}

template <class L>
L example();
template <>
Elastic example() {
  return granite;
}
template <>
TransverselyIsotropic example() {
  return slate(35 * degree, 70 * degree);
}
template <>
MohrCoulomb example() {
  return {60e9, 0.25, input::Curve(10e6), input::Curve(40 * degree), input::Curve(10 * degree)};
}
template <>
HoekBrown example() {
  HoekBrown m{60e9, 0.25, 150e6};
  m.gsi = 60, m.mi = 20;
  return m;
}
template <>
DruckerPrager example() {
  return {60e9, 0.25, 10e6, 40 * degree, 10 * degree};
}

template <class List>
struct TypesOf;
template <class... L>
struct TypesOf<input::Choice<L...>> {
  using type = testing::Types<L...>;
};

}  // namespace

template <class L>
class EveryLaw : public testing::Test {};
TYPED_TEST_SUITE(EveryLaw, TypesOf<Law>::type);

// Central differences of the stress against the tangent; a linear law must agree to rounding.
TYPED_TEST(EveryLaw, TangentIsTheDerivativeOfTheStress) {
  const TypeParam law = example<TypeParam>();
  const Moduli moduli = law.moduli();
  const Sym3 at = {-4e-4, 1e-4, -2e-4, 1.5e-4, -0.7e-4, 0.3e-4};
  typename TypeParam::State state{};
  const Moduli tangent = law.update(moduli, at, {}, state).tangent;
  const double h = TypeParam::linear ? 1e-3 : 1e-8, tolerance = TypeParam::linear ? 1e-13 : 1e-6;
  for (int j = 0; j < 6; ++j) {
    Sym3 plus = at, minus = at;
    plus[j] += h;
    minus[j] -= h;
    typename TypeParam::State a{}, b{};
    const Sym3 sp = law.update(moduli, plus, {}, a).stress, sm = law.update(moduli, minus, {}, b).stress;
    for (int i = 0; i < 6; ++i) EXPECT_NEAR((sp[i] - sm[i]) / (2 * h), tangent[i][j], tolerance * moduli[2][2]) << i << j;
  }
}

TYPED_TEST(EveryLaw, StoresPositiveEnergy) { EXPECT_TRUE(positive_definite(example<TypeParam>().moduli())); }

// Uniaxial stress gives E and ν back; the path ends where the target says in any number of steps.
TEST(Driver, UniaxialStressGivesYoungAndPoisson) {
  for (const int steps : {1, 7}) {
    const auto path = drive(granite, {uniaxial_stress(1, -2e-3, steps)});
    ASSERT_EQ(path.size(), std::size_t(steps) + 1);
    EXPECT_NEAR(path.back().stress[1], -120e6, 1e-3);
    EXPECT_NEAR(path.back().strain[0], 0.25 * 2e-3, 1e-15);
    EXPECT_NEAR(path.back().strain[2], 0.25 * 2e-3, 1e-15);
    EXPECT_NEAR(path.back().stress[0], 0, 1e-3);
    EXPECT_LE(path.back().iterations, 2);  // a linear law: one correction, one more at most for rounding
  }
}

// Oedometer modulus E (1 − ν)/((1 + ν)(1 − 2ν)) and K0 = ν/(1 − ν).
TEST(Driver, UniaxialStrainGivesTheOedometerModulus) {
  const auto end = drive(granite, {uniaxial_strain(2, -1e-3)}).back();
  EXPECT_NEAR(end.stress[2], -72e6, 1e-3);
  EXPECT_NEAR(end.stress[0] / end.stress[2], 1.0 / 3, 1e-14);
}

// Cell pressure 20 MPa, then 1e-3 of axial compression: the deviator is E times the extra axial strain.
TEST(Driver, TriaxialLegsHoldTheCellPressure) {
  const auto path = drive(granite, {hydrostatic_stress(-20e6), triaxial(2, -2e-3, -20e6, 4)});
  const double first = path[1].strain[2];
  EXPECT_NEAR(first, -20e6 * (1 - 2 * 0.25) / 60e9, 1e-16);
  EXPECT_NEAR(path.back().stress[0], -20e6, 1e-3);
  EXPECT_NEAR(path.back().stress[2] - path.back().stress[0], 60e9 * (-2e-3 - first), 1e-2);
}

// A law whose tangent is of the wrong sign cannot reach its target: the driver must say so, not answer.
struct BrokenTangent : Elastic {
  Response update(const Moduli& moduli, const Sym3& strain, const Conditions& at, State& state) const {
    Response r = Elastic::update(moduli, strain, at, state);
    for (auto& row : r.tangent)
      for (double& entry : row) entry = -entry;
    return r;
  }
};
TEST(Driver, RefusesAWrongTangent) { EXPECT_THROW(drive(BrokenTangent{granite}, {uniaxial_stress(0, -1e-3)}), SolverError); }

TEST(TransverselyIsotropicLaw, YoungAlongEveryDirectionFollowsTheTransformedCompliance) {
  for (const double beta : {0.0, 15.0, 30.0, 45.0, 60.0, 75.0, 90.0}) {
    // Loading along z (2): the angle between the load and the normal is the dip, whatever the dip direction.
    for (const double direction : {0.0, 40.0, 250.0}) {
      const TransverselyIsotropic law = slate(beta * degree, direction * degree);
      const auto end = drive(law, {uniaxial_stress(2, -1e-3)}).back();
      EXPECT_NEAR(end.stress[2] / -1e-3, young_at(law, beta * degree), 1e-12 * law.young) << beta << " " << direction;
    }
  }
  // Hand values: E′ along the normal, E across it, and 1/E(45°) = (1/E + 1/E′ + 1/G′ − 2ν′/E′)/4.
  EXPECT_NEAR(young_at(slate(0, 0), 0), 30e9, 1);
  EXPECT_NEAR(young_at(slate(0, 0), 90 * degree), 60e9, 1);
  EXPECT_NEAR(young_at(slate(0, 0), 45 * degree), 4e9 / (1.0 / 60 + 1.0 / 30 + 1.0 / 12 - 0.3 / 30), 1);
}

// A plane dipping 90° towards the east has its normal to the east: x is soft, y and z are stiff. Swapping east and north must show.
TEST(TransverselyIsotropicLaw, DipDirectionIsAnAzimuthFromNorth) {
  const TransverselyIsotropic law = slate(90 * degree, 90 * degree);
  EXPECT_NEAR(drive(law, {uniaxial_stress(0, 1e-3)}).back().stress[0], 30e6, 1e-3);
  EXPECT_NEAR(drive(law, {uniaxial_stress(1, 1e-3)}).back().stress[1], 60e6, 1e-3);
  const Vector3 n = Plane{30 * degree, 90 * degree}.normal();  // beds falling to the east: the upward normal leans east
  EXPECT_NEAR(n[0], 0.5, 1e-15);
  EXPECT_NEAR(n[1], 0, 1e-15);
  EXPECT_NEAR(n[2], std::sqrt(0.75), 1e-15);
}

// Shear between the plane and its normal: τ = G′ γ, and within the plane τ = E γ/(2 (1 + ν)).
TEST(TransverselyIsotropicLaw, ShearModuliOfTheTwoKinds) {
  const Moduli c = slate(0, 0).moduli();
  EXPECT_NEAR(c[3][3], 2 * 12e9, 1e-3);
  EXPECT_NEAR(c[5][5], 60e9 / 1.2, 1e-3);
}

TEST(TransverselyIsotropicLaw, EqualsHookeWhenItsConstantsAreIsotropic) {
  const TransverselyIsotropic same{60e9, 60e9, 0.25, 0.25, 24e9, 0.6, 1.1};
  const Moduli a = same.moduli(), b = granite.moduli();
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) EXPECT_NEAR(a[i][j], b[i][j], 1e-13 * 60e9);
}

TEST(KelvinRotation, IsOrthogonalAndKeepsEnergy) {
  const Matrix3 r = Plane{0.4, 2.3}.axes();
  const Moduli q = kelvin_rotation(r);
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) {
      double sum = 0;
      for (int k = 0; k < 6; ++k) sum += q[i][k] * q[j][k];
      EXPECT_NEAR(sum, i == j, 1e-14);
    }
  const Moduli s = slate(0, 0).compliance();
  const Sym3 stress = {-50e6, -20e6, -35e6, 5e6, -8e6, 3e6};
  EXPECT_NEAR(energy_density(rotate(s, r), winze::rotate(stress, r)) / energy_density(s, stress), 1, 1e-14);
}

TEST(Moduli, InverseRefusesWhatStoresNoEnergy) {
  Moduli flat = granite.moduli();
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) flat[i][j] = 1e9;
  EXPECT_FALSE(positive_definite(flat));
  EXPECT_THROW(inverse(flat), InputError);
}
