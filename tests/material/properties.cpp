// Materials as a case gives them: what is read, what is refused and with which words.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "material/material.hpp"

using namespace winze;
using namespace winze::material;

namespace {

Material material_of(const std::string& yaml) {
  input::Problems problems;
  const Material m = input::read<Material>(input::parse_yaml_text(yaml, "case.yaml"), problems);
  problems.raise();
  return m;
}
std::string refusal(const std::string& yaml) {
  try {
    material_of(yaml);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}
std::string quartzite(const std::string& law, const std::string& thermal = "", const std::string& strength = "") {
  return "density: 2720 kg/m^3\nlaw: {" + law + "}\n" + (thermal.empty() ? "" : "thermal: {" + thermal + "}\n") +
         (strength.empty() ? "" : "strength: {" + strength + "}\n");
}
const std::string hooke = "elastic: {young: 70 GPa, poisson: 0.2}";
std::string bedded(const std::string& poisson_normal, const std::string& dip = "30 deg", const std::string& poisson = "0.2") {
  return "transversely_isotropic: {young: 60 GPa, young_normal: 30 GPa, poisson: " + poisson + ", poisson_normal: " + poisson_normal +
         ", shear_normal: 12 GPa, dip: " + dip + ", dip_direction: 120 deg}";
}
#define EXPECT_REFUSED(yaml, words) EXPECT_NE(refusal(yaml).find(words), std::string::npos) << refusal(yaml)

}  // namespace

TEST(MaterialInput, ReadsAWholeMaterial) {
  const Material m =
      material_of(quartzite(hooke, "conductivity: 6 W/m/K, heat_capacity: 810 J/kg/K, expansion: 1e-5 1/K", "ucs: 200 MPa, tensile: 15 MPa, wet: 4"));
  EXPECT_EQ(m.density, 2720);
  EXPECT_EQ(std::get<Elastic>(m.law.value).young, 70e9);
  EXPECT_EQ(m.thermal->conductivity_at(300), 6);
  EXPECT_EQ(*m.strength.ucs, 200e6);
  EXPECT_FALSE(m.strength.unloading_modulus);
  EXPECT_EQ(m.expansion()[1], 1e-5);
  EXPECT_EQ(m.expansion()[3], 0);
  EXPECT_NO_THROW(material_of(quartzite(bedded("0.15", "90 deg"))));  // 90 deg must survive conversion to radians
}

TEST(MaterialInput, RefusesConstantsThatStoreNegativeEnergy) {
  EXPECT_REFUSED(quartzite("elastic: {young: -1 GPa, poisson: 0.2}"), "case.yaml:2: law.elastic.young");
  EXPECT_REFUSED(quartzite("elastic: {young: 0 GPa, poisson: 0.2}"), "young");
  EXPECT_REFUSED(quartzite("elastic: {young: 60 GPa, poisson: 0.5}"), "below 0.5");
  EXPECT_REFUSED(quartzite("elastic: {young: 60 GPa, poisson: -1}"), "above -1");
  EXPECT_REFUSED(quartzite("elastic: {young: 60 GPa}"), "'poisson' is missing");
  EXPECT_REFUSED(quartzite(bedded("0.1", "30 deg", "1")), "poisson");
  EXPECT_REFUSED(quartzite(bedded("0.1", "100 deg")), "dip 100 deg must be 0 … 90 deg");
}

// The bound of ν′ is where the moduli stop being positive definite, from both sides: √((1 − 0.2) · 30/(2 · 60)) = 0.4472136.
TEST(MaterialInput, BoundOfPoissonNormalIsSharp) {
  const auto sample = [](double poisson_normal) { return TransverselyIsotropic{60e9, 30e9, 0.2, poisson_normal, 12e9, 0.3, 0.4}; };
  EXPECT_NO_THROW(material_of(quartzite(bedded("0.447213"))));
  EXPECT_TRUE(positive_definite(sample(0.447213).compliance()));
  EXPECT_REFUSED(quartzite(bedded("0.447214")), "must be < 0.447214");
  EXPECT_REFUSED(quartzite(bedded("-0.447214")), "must be < 0.447214");
  EXPECT_FALSE(positive_definite(sample(0.447214).compliance()));
}

TEST(MaterialInput, RefusesWhatNoRockIs) {
  const std::string rest = ", heat_capacity: 810 J/kg/K";
  EXPECT_REFUSED("density: 0 kg/m^3\nlaw: {" + hooke + "}\n", "density");
  EXPECT_REFUSED(quartzite(hooke, "conductivity: -3 W/m/K" + rest), "thermal.conductivity");
  EXPECT_REFUSED(quartzite(hooke, "conductivity: [[300 K, 3 W/m/K], [300 K, 2 W/m/K]]" + rest), "ascend");
  EXPECT_REFUSED(quartzite(hooke, "conductivity: [[300 K, 3 W/m/K], [350 K, nan W/m/K]]" + rest), "finite");
  EXPECT_REFUSED(quartzite(hooke, "conductivity: [[300 K, 3 W/m/K], [350 K, 2 W/m/K]], decline: 1e-3 1/K" + rest), "table already says");
  EXPECT_REFUSED(quartzite(hooke, "conductivity: 3 W/m/K, decline: 0.05 1/K" + rest), "infinite or negative at 250 K");
  EXPECT_REFUSED(quartzite(hooke, "conductivity: 3 W/m/K"), "'heat_capacity' is missing");
  EXPECT_REFUSED(quartzite(hooke, "conductivity: 3 W/m/K, expansion: 8 1/K" + rest), "expansion");
  EXPECT_REFUSED(quartzite(hooke, "conductivity: 3 W/m/K, expansion_normal: 1e-5 1/K" + rest), "the law here is elastic");
  EXPECT_REFUSED(quartzite(hooke, "", "ucs: -1 MPa"), "ucs");
  EXPECT_REFUSED(quartzite(hooke, "", "ucs: 180 MPa, tensile: 300 MPa"), "tensile strength 300 MPa must be below");
}

TEST(Conductivity, TableInterpolatesAndHoldsItsEnds) {
  const auto k =
      *material_of(quartzite(hooke, "conductivity: [[20 degC, 3.4 W/m/K], [50 degC, 3.1 W/m/K], [100 degC, 2.8 W/m/K]], heat_capacity: 800 J/kg/K"))
           .thermal;
  EXPECT_NEAR(k.conductivity_at(308.15), 3.25, 1e-12);
  EXPECT_NEAR(k.conductivity_at(348.15), 2.95, 1e-12);
  EXPECT_EQ(k.conductivity_at(200), 3.4);
  EXPECT_EQ(k.conductivity_at(500), 2.8);
}

// k0/(1 + b (T − T0)) halves where b (T − T0) = 1.
TEST(Conductivity, ReciprocalDecline) {
  const auto k = *material_of(quartzite(hooke, "conductivity: 3.2 W/m/K, decline: 4e-3 1/K, reference: 20 degC, heat_capacity: 800 J/kg/K")).thermal;
  EXPECT_NEAR(k.conductivity_at(293.15), 3.2, 1e-14);
  EXPECT_NEAR(k.conductivity_at(543.15), 1.6, 1e-14);
}

// α of a bedded rock: the normal expansion along the normal, the other in the plane, whatever the orientation.
TEST(Expansion, FollowsThePlaneOfIsotropy) {
  const Material m =
      material_of(quartzite(bedded("0.15"), "conductivity: 3 W/m/K, heat_capacity: 800 J/kg/K, expansion: 1e-5 1/K, expansion_normal: 1.6e-5 1/K"));
  const Sym3 local = rotate(m.expansion(), std::get<TransverselyIsotropic>(m.law.value).plane().axes());
  const Sym3 expected = {1e-5, 1e-5, 1.6e-5, 0, 0, 0};
  for (int i = 0; i < 6; ++i) EXPECT_NEAR(local[i], expected[i], 1e-20);
}

TEST(MaterialInput, RefusesStrengthsThatNoRockHas) {
  const auto coulomb = [](const std::string& more) { return quartzite("mohr_coulomb: {young: 70 GPa, poisson: 0.2, " + more + "}"); };
  EXPECT_EQ(refusal(coulomb("cohesion: 20 MPa, friction: 40 deg, dilation: 10 deg, tension: 5 MPa")), "accepted");
  EXPECT_REFUSED(coulomb("cohesion: -1 MPa, friction: 40 deg"), "must be ≥ 0 Pa");
  EXPECT_REFUSED(coulomb("cohesion: 20 MPa, friction: 95 deg"), "friction");
  EXPECT_REFUSED(coulomb("cohesion: 0 MPa, friction: 0 deg"), "nothing would carry any load");
  EXPECT_REFUSED(coulomb("cohesion: 20 MPa, friction: 30 deg, dilation: 31 deg"), "must not be above the friction angle 30 deg");
  EXPECT_REFUSED(coulomb("cohesion: [[0, 20 MPa], [0.01, 5 MPa]], friction: 30 deg"), "needs reference_length");
  EXPECT_REFUSED(coulomb("cohesion: [[0, 20 MPa], [0, 5 MPa]], friction: 30 deg, reference_length: 1 m"), "tables ascend");
  EXPECT_REFUSED(coulomb("cohesion: [[0.001, 20 MPa], [0.01, 5 MPa]], friction: 30 deg, reference_length: 1 m"), "must start at 0");
  EXPECT_REFUSED(coulomb("cohesion: 20 MPa, friction: 30 deg, brittle: true"), "brittle needs");
  EXPECT_EQ(refusal(coulomb("cohesion: [[0, 20 MPa], [0.01, 5 MPa]], friction: 30 deg, reference_length: 1 m")), "accepted");
  const auto hoek = [](const std::string& more) { return quartzite("hoek_brown: {young: 70 GPa, poisson: 0.2, ucs: 200 MPa, " + more + "}"); };
  EXPECT_EQ(refusal(hoek("gsi: 65, mi: 20, disturbance: 0.5, dilation: 8 deg")), "accepted");
  EXPECT_EQ(refusal(hoek("m: 2, s: 0.01, a: 0.51")), "accepted");
  EXPECT_REFUSED(hoek("gsi: 120, mi: 20"), "gsi");
  EXPECT_REFUSED(hoek("gsi: 65"), "either gsi and mi");
  EXPECT_REFUSED(hoek("gsi: 65, mi: 20, s: 0.1"), "not a mixture");
  EXPECT_REFUSED(hoek("gsi: 65, mi: 20, residual_gsi: 70, softening_strain: 0.01, reference_length: 1 m"), "must not be above gsi");
  EXPECT_REFUSED(hoek("gsi: 65, mi: 20, residual_gsi: 30, softening_strain: 0.01"), "needs reference_length");
  EXPECT_REFUSED(hoek("gsi: 65, mi: 20, residual_gsi: 30"), "go together");
  EXPECT_REFUSED(hoek("gsi: 65, mi: 20, dilation: 60 deg"), "friction angle of the envelope");
}
