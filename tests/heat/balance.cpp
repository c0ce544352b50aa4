// Heat is conserved, the geothermal state stays, and what must disturb it does.
#include "cases.hpp"

using namespace winze;
using namespace winze::test;

namespace {

/// 30 × 30 × 120 m of rock at 1940 to 2060 m depth (ground at z = 2060 m), 15 cells high.
mesh::Mesh column(int cells = 12) { return test::box(Comm::world(), Shape::hex27, {30, 30, 120}, {2, 2, cells}); }
constexpr double ground = 2060;

}  // namespace

TEST(BalanceRanks, WithConvectionFlowAndPrescribedTemperature) {
  const mesh::Mesh m = test::box(Comm::world(), Shape::tet10, {8, 4, 4}, {4, 2, 2}, {"west", "east"}, [](int i, int, int) { return i / 2; });
  for (heat::Method method : {heat::Method::tr_bdf2, heat::Method::backward_euler}) {
    heat::Options options = fixed_steps(method == heat::Method::backward_euler ? 20 : 0, method);
    Heat h(m, rocks({rock(3, 2.3e6), rock(6, 1.8e6)}), {{heat::Gradient{288, 0.022}}, 2000},
           {convection("x_min", table({0, year / 12, year / 6}, {290, 300, 280}), table({0, year / 6}, {5, 15})), flux("y_min", 2.5),
            temperature("x_max", table({0, year}, {330, 340})), virgin("z_min")},
           options);
    h.set_elements(by_region(m, {0, 1}));
    for (int month = 0; month < 3; ++month) {
      const heat::Report r = h.advance(month * year / 12, (month + 1) * year / 12);
      EXPECT_LT(r.imbalance, 1e-8);
      EXPECT_GT(r.gross_heat, 1e6);
      EXPECT_NEAR(r.stored, r.wall_heat + r.boundary_heat, 1e-8 * r.gross_heat);
    }
  }
}

// A temperature linear in depth, conductivity constant, no openings: a century changes nothing.
TEST(BalanceRanks, GeothermalColumnStays) {
  const mesh::Mesh m = column();
  Heat h(m, rocks({rock(3.2, 2.2e6)}), {{heat::Gradient{288.15, 0.025}}, ground}, {}, {});
  h.set_elements(all_rock(m));
  const heat::Report r = h.advance(0, 100 * year);
  double change = 0;
  for (double d : h.change()) change = std::max(change, std::abs(d));
  EXPECT_LT(m.comm.max(change), 1e-8);
  EXPECT_EQ(r.rejected, 0);
  EXPECT_LE(r.steps, 8);
  EXPECT_EQ(log::warnings().size(), 0u);
  // Negative control: without the flow from below the bottom cools.
  Heat cut(m, rocks({rock(3.2, 2.2e6)}), {{heat::Gradient{288.15, 0.025}}, ground}, {insulated("z_min")}, {});
  cut.set_elements(all_rock(m));
  EXPECT_LT(cut.advance(0, 100 * year).stored, 0);
  // Flow missing at the bottom of a half-space for a time t: ΔT = 2 q/k √(κt/π) (Carslaw & Jaeger 1959, §2.9), here 1.1 K after 10 years.
  Heat early(m, rocks({rock(3.2, 2.2e6)}), {{heat::Gradient{288.15, 0.025}}, ground}, {insulated("z_min")}, {});
  early.set_elements(all_rock(m));
  early.advance(0, 10 * year);
  const double kappa = 3.2 / 2.2e6, expected = 2 * 0.025 * std::sqrt(kappa * 10 * year / std::numbers::pi);
  EXPECT_NEAR(at_node(m, early.change(), {0, 0, 0}), -expected, 0.01 * expected);
}

// Layers of different conductivity: T from a constant heat flow through them stays; linear T does not and is warned of.
TEST(BalanceRanks, LayeredHeatFlowStays) {
  const mesh::Mesh m = test::box(Comm::world(), Shape::hex27, {30, 30, 120}, {2, 2, 12}, {"lower", "middle", "upper"}, [](int, int, int k) {
    return k < 4 ? 0 : k < 9 ? 1 : 2;
  });
  const auto materials = rocks({rock(5.5, 2.2e6), rock(2.5, 2e6), rock(3.2, 2.1e6)});
  const heat::HeatFlow law{288.15, 0.06, {{ground - 90, 3.2}, {ground - 40, 2.5}, {ground, 5.5}}};
  Heat h(m, materials, {{law}, ground}, {}, {});
  h.set_elements(by_region(m, {0, 1, 2}));
  EXPECT_EQ(log::warnings().size(), 0u);
  h.advance(0, 100 * year);
  double change = 0;
  for (double d : h.change()) change = std::max(change, std::abs(d));
  EXPECT_LT(m.comm.max(change), 1e-8);

  Heat linear(m, materials, {{heat::Gradient{288.15, 0.02}}, ground}, {}, {});
  linear.set_elements(by_region(m, {0, 1, 2}));
  EXPECT_EQ(log::warnings().size(), 1u);
}

// Insulated all round, a hot half and a cold half come to the mean weighted by heat capacity, whatever the conductivities.
TEST(BalanceRanks, InsulatedRockComesToTheMean) {
  const mesh::Mesh m = test::box(Comm::world(), Shape::hex27, {2, 1, 1}, {4, 1, 1}, {"west", "east"}, [](int i, int, int) { return i / 2; });
  Heat h(m, rocks({rock(3, 2e6), rock(1, 1e6)}), uniform(300), {}, {});
  h.set_elements(by_region(m, {0, -1}));
  std::vector<double> fill = {NAN, 360};
  h.set_elements(by_region(m, {0, 1}), fill);
  // The nodes of the contact keep the rock's temperature: of the fill, ∫N dx of the contact's nodes over 1/2 m, 1/6 · 1/2 m, is cold.
  const double cold = 0.5 / 6, mean = (2e6 * 300 + 1e6 * ((1 - cold) * 360 + cold * 300)) / 3e6;
  const heat::Report r = h.advance(0, 10 * year);
  EXPECT_NEAR(r.coldest, mean, 1e-3);
  EXPECT_NEAR(r.hottest, mean, 1e-3);
  EXPECT_EQ(r.wall_heat, 0);
}
