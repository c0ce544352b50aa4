// Contaminants at a point: dilution, decay, radon's chain, blast fumes.
#include "air/contaminant.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "refused.hpp"

using namespace winze::air;

// 5000 m³ at 20 m³/s: a hundredth after (5000/20) ln 100 = 1151.29 s.
TEST(Contaminant, Dilution) {
  MixedVolume heading{5000, 20};
  EXPECT_NEAR(heading.time_to(1, 0.01), 1151.29, 5e-3);
  EXPECT_NEAR(heading.after(1, 1151.2925464970), 0.01, 1e-12);
  heading.source = 2e-3, heading.decay = 1e-3;
  EXPECT_NEAR(heading.settled(), 2e-3 / (20 + 5), 1e-15);
  EXPECT_NEAR(heading.after(0.5, 1e6), heading.settled(), 1e-12);
  EXPECT_NEAR(heading.after(0, heading.time_to(0, 5e-5)), 5e-5, 1e-15);
  // Two halves of a step are the step.
  EXPECT_NEAR(heading.after(heading.after(0.3, 40), 60), heading.after(0.3, 100), 1e-15);
  const MixedVolume sealed{100, 0, 0.1};
  EXPECT_NEAR(sealed.after(1, 50), 1.05, 1e-12);
  EXPECT_NEAR(sealed.time_to(1, 2), 1000, 1e-9);
}
TEST(Contaminant, PlugAndUnits) {
  EXPECT_NEAR(plug_outlet(2, 100, 0, 0.01), 2 * std::exp(-1), 1e-12);
  EXPECT_NEAR(plug_outlet(0, 100, 0.5, 0), 50, 1e-12);
  EXPECT_NEAR(plug_outlet(1, 100, 0.5, 1e-9), 51, 1e-4);
  // 24.4 L/mol at 25 °C, 1 atm; 50 ppm of carbon monoxide is 57 mg/m³.
  EXPECT_NEAR(mass_concentration(50e-6, 298.15, 101325, 0.02801), 57.3e-6, 0.1e-6);
  EXPECT_NEAR(volume_fraction(mass_concentration(0.01, 300, 9e4, 0.016), 300, 9e4, 0.016), 0.01, 1e-15);
  EXPECT_NEAR(taylor_dispersion(2, 4, 0.02), 10.1 * 2 * 2 * 0.1, 1e-12);
}
// The chain against RK4 with steps of a second; secular equilibrium; the working level of 100 pCi/L (3700 Bq/m³) in equilibrium is one.
TEST(Contaminant, RadonChain) {
  EXPECT_NEAR(std::log(2) / radon_decay / 86400, 3.8235, 1e-3);
  const double l[4] = {radon_decay, progeny_decay[0], progeny_decay[1], progeny_decay[2]};
  for (double removal : {0.0, 1e-3}) {
    double a[4] = {1000, 100, 0, 50};
    const double source = 0.4;
    const auto rate = [&](const double* x, double* d) {
      d[0] = source - (l[0] + removal) * x[0];
      for (int i = 1; i < 4; ++i) d[i] = l[i] * x[i - 1] - (l[i] + removal) * x[i];
    };
    for (int s = 0; s < 3000; ++s) {
      double k[4][4], x[4];
      rate(a, k[0]);
      for (int r = 1; r < 4; ++r) {
        for (int i = 0; i < 4; ++i) x[i] = a[i] + (r == 3 ? 1.0 : 0.5) * k[r - 1][i];
        rate(x, k[r]);
      }
      for (int i = 0; i < 4; ++i) a[i] += (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]) / 6;
    }
    const Radon r = aged({1000, 100, 0, 50}, 3000, source, removal);
    EXPECT_NEAR(r.radon, a[0], 1e-6);
    EXPECT_NEAR(r.polonium, a[1], 1e-6);
    EXPECT_NEAR(r.lead, a[2], 1e-6);
    EXPECT_NEAR(r.bismuth, a[3], 1e-6);
  }
  const Radon old = aged({3700, 0, 0, 0}, 4 * 3600, 3700 * radon_decay);
  EXPECT_NEAR(old.radon, 3700, 1e-9);
  EXPECT_NEAR(old.equivalent(), 3700, 0.02 * 3700);
  EXPECT_NEAR(old.working_levels(), 1, 0.03);
  EXPECT_LT(aged({3700, 0, 0, 0}, 600).working_levels(), 0.25);  // young air is far from equilibrium
}
TEST(Contaminant, Blast) {
  // 100 kg: 35 m of a 16 m² heading, 0.04 m³/kg of carbon monoxide: 4 m³ in 560 m³, 0.71 %.
  const Blast blast{100, 0.0466};
  EXPECT_DOUBLE_EQ(fume_zone(100), 35);
  EXPECT_NEAR(volume_fraction(blast.concentration(16), 293.15, 101325, 0.02801), 4.0 / 560, 1e-5);
  EXPECT_NEAR((Blast{100, 0.0466, 0.3}.released()), 0.7 * blast.released(), 1e-12);
}
TEST(Contaminant, Refusals) {
  EXPECT_REFUSED((MixedVolume{0, 1}.settled()), "volume");
  EXPECT_REFUSED((MixedVolume{10, 0, 1}.settled()), "settle");
  EXPECT_REFUSED((MixedVolume{10, 1, 1}.time_to(5, 0.5)), "never reached");
  EXPECT_REFUSED((MixedVolume{10, 0, 1}.time_to(5, 0.5)), "never reached");
  EXPECT_REFUSED(plug_outlet(-1, 1, 0, 0), "inlet");
  EXPECT_REFUSED(aged({}, -1), "age");
  EXPECT_REFUSED(volume_fraction(1, 300, 1e5, 28), "kg/mol");
  EXPECT_REFUSED(fume_zone(0), "explosive");
  EXPECT_REFUSED((Blast{10, 0.04, 2}.concentration(10)), "muck");
}
