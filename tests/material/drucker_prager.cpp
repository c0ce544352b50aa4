// Drucker–Prager: collapse stresses, the cone's own identities, tangents on the cone, random paths.
#include "material/drucker_prager.hpp"

#include "plastic.hpp"

using namespace winze;
using namespace winze::material;

namespace {

double excess(const DruckerPrager& law, const Sym3& stress) {
  const auto c = law.cone();
  Sym3 s = stress;
  for (int i = 0; i < 3; ++i) s[i] -= trace(stress) / 3;
  return std::sqrt(0.5 * dot(s, s)) + c.alpha * trace(stress) - c.k;
}

}  // namespace

// On the edges where cone and pyramid meet both laws have one strength: 11.95115 + 3 p in compression, (σ1 − 11.95115)/3 in extension (Itasca's
// rock).
TEST(DruckerPragerClosedForms, MeetsMohrCoulombWhereItIsMatched) {
  DruckerPrager law{6.7779e9, 0.210345, 3.45e6, 30 * degree, 10 * degree, ConeMatch::compression};
  for (const double cell : {0.0, 10e6})
    EXPECT_NEAR(drive(law, {hydrostatic_stress(-cell), triaxial(2, -0.02, -cell, 8)}).back().stress[2], -(11.95115e6 + 3 * cell), 10);
  law.match = ConeMatch::extension;
  EXPECT_NEAR(drive(law, {hydrostatic_stress(-41.95115e6), triaxial(2, 0.02, -41.95115e6, 8)}).back().stress[2], -10e6, 20);
  // Associated flow in plane strain fails at the strength of Mohr–Coulomb: σ1 = 11.95115 + 3 · 5 MPa.
  law.match = ConeMatch::plane_strain, law.dilation = law.friction;
  Leg plane{{-5e6, -0.05, 0, 0, 0, 0}, {true, false, false, true, true, true}, 20};
  EXPECT_NEAR(drive(law, {Leg{{-5e6, 0, 0, 0, 0, 0}, {true, false, false, true, true, true}}, plane}).back().stress[1], -(11.95115e6 + 15e6), 1e3);
}

TEST(DruckerPragerClosedForms, TensionEndsAtTheApex) {
  const DruckerPrager law{60e9, 0.2, 10e6, 35 * degree, 5 * degree};
  PlasticState state;
  const Response r = law.update(law.moduli(), {0.01, 0.01, 0.01, 0, 0, 0}, {}, state);
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(r.stress[i], 10e6 / std::tan(35 * degree), 1e-6);  // c cot φ, as of the pyramid
}

// 1e5 random points from the virgin state and back: on the cone to 1e-10, finite, dissipation not negative; and the tangent on a sample.
TEST(RandomPaths, DruckerPragerStaysInside) {
  Random random(41);
  int tangents = 0;
  for (const double psi : {0.0, 12.0, 35.0}) {
    const DruckerPrager law{60e9, 0.2, 20e6, 35 * degree, psi * degree};
    const Moduli c = law.moduli();
    const double unit = 20e6 / c[0][0];
    int bad = 0, tried = 0;
    for (int n = 0; n < 100000; ++n) {
      PlasticState state;
      Sym3 strain{};
      for (int step = 0; step < 3; ++step) {
        const double size = unit * std::pow(10, uniform(random, -1, 2));
        const Sym3 by = in_frame(random_principal(random, size, uniform(random, -1, 0.7) * size), random_frame(random));
        for (int i = 0; i < 6; ++i) strain[i] = step == 2 ? 0.3 * strain[i] : strain[i] + by[i];
        const PlasticState from = state;
        const Response r = law.update(c, strain, {}, state);
        const double trial = c[0][0] * (std::sqrt(dot(strain, strain)) + std::sqrt(dot(from.strain, from.strain)));
        ASSERT_LE(excess(law, r.stress), 1e-10 * (std::sqrt(dot(r.stress, r.stress)) + 20e6) + 1e-14 * trial);
        ASSERT_GE(r.dissipated, -1e-14 * trial * trial / c[0][0]);
        if (n % 100 || r.yielded != yielded_shear) continue;
        ++tried;
        if (tangent_error(law, c, strain, {}, from, size * 1e-6) > 1e-6) ++bad;
      }
    }
    EXPECT_LE(bad, tried / 200);  // those beside the apex
    tangents += tried;
  }
  EXPECT_GT(tangents, 1000);
}
