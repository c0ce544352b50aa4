// Thermal properties, strength and the material as a whole.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "base/error.hpp"
#include "material/material.hpp"

using namespace winze;
using namespace winze::material;

namespace {

Material quartzite() {
  Material m;
  m.name = "quartzite";
  m.density = 2720;
  m.law = Elastic{70e9, 0.2};
  m.thermal = Thermal{ConstantConductivity{6}, 810, 1e-5, {}};
  m.strength = {200e6, 15e6, 4.0, {}};
  return m;
}

void expect_refused(const std::function<void(Material&)>& spoil, const std::string& words) {
  Material m = quartzite();
  spoil(m);
  try {
    m.check();
    ADD_FAILURE() << "accepted, although it breaks: " << words;
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("material quartzite"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
  }
}

}  // namespace

TEST(ConductivityLaws, TableInterpolatesAndHoldsItsEnds) {
  const ConductivityTable k{{293.15, 323.15, 373.15}, {3.4, 3.1, 2.8}};
  EXPECT_DOUBLE_EQ(k.at(293.15), 3.4);
  EXPECT_DOUBLE_EQ(k.at(323.15), 3.1);
  EXPECT_NEAR(k.at(308.15), 3.25, 1e-14);
  EXPECT_NEAR(k.at(348.15), 2.95, 1e-14);
  EXPECT_DOUBLE_EQ(k.at(200), 3.4);
  EXPECT_DOUBLE_EQ(k.at(373.15), 2.8);
  EXPECT_DOUBLE_EQ(k.at(500), 2.8);
  EXPECT_NEAR(k.derivative(300), -0.01, 1e-15);
  EXPECT_DOUBLE_EQ(k.derivative(280), 0);
}

TEST(ConductivityLaws, ReciprocalHalvesWhereItShould) {
  const ReciprocalConductivity k{3.2, 1e-3, 293.15};
  EXPECT_DOUBLE_EQ(k.at(293.15), 3.2);
  EXPECT_NEAR(k.at(1293.15), 1.6, 1e-14);
  EXPECT_NEAR(k.derivative(350), (k.at(350.01) - k.at(349.99)) / 0.02, 1e-9);  // central difference, error h²k‴/6 ~ 1e-12
}

// α ΔT of a bedded rock: the normal expansion along the normal, the other in the plane, whatever the orientation.
TEST(Expansion, FollowsThePlaneOfIsotropy) {
  Material m = quartzite();
  EXPECT_DOUBLE_EQ(m.expansion()[2], 1e-5);
  EXPECT_DOUBLE_EQ(m.expansion()[5], 0);
  const TransverselyIsotropic bedded{60e9, 30e9, 0.2, 0.15, 12e9, {0.5, 1.2}};
  m.law = bedded;
  m.thermal->expansion_normal = 1.6e-5;
  ASSERT_NO_THROW(m.check());
  const Matrix3 axes = bedded.plane.axes();
  const Sym3 local = rotate(m.expansion(), axes);
  const Sym3 expected = {1e-5, 1e-5, 1.6e-5, 0, 0, 0};
  for (int i = 0; i < 6; ++i) EXPECT_NEAR(local[i], expected[i], 1e-20);
}

TEST(MaterialCheck, AcceptsQuartzite) { EXPECT_NO_THROW(quartzite().check()); }

TEST(MaterialCheck, RefusesWhatNoRockIs) {
  expect_refused([](Material& m) { m.density = 0; }, "density");
  expect_refused([](Material& m) { m.thermal->conductivity = ConstantConductivity{-3}; }, "conductivity");
  expect_refused([](Material& m) { m.thermal->conductivity = ConductivityTable{{300}, {3}}; }, "at least 2");
  expect_refused([](Material& m) { m.thermal->conductivity = ConductivityTable{{300, 300}, {3, 3}}; }, "must increase");
  expect_refused([](Material& m) { m.thermal->conductivity = ConductivityTable{{300, 400}, {3, std::nan("")}}; }, "conductivity");
  expect_refused([](Material& m) { m.thermal->conductivity = ReciprocalConductivity{3, 0.05, 293.15}; }, "decline");
  expect_refused([](Material& m) { m.thermal->heat_capacity = 0; }, "heat_capacity");
  expect_refused([](Material& m) { m.thermal->expansion = 8; }, "expansion");
  expect_refused([](Material& m) { m.thermal->expansion_normal = 1e-5; }, "transversely_isotropic");
  expect_refused([](Material& m) { m.strength.ucs = -1; }, "ucs");
  expect_refused([](Material& m) { m.strength.tensile = 300e6; }, "tensile strength 300 MPa");
}
