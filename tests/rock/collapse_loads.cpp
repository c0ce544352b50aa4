// Limit loads of cohesive ground: the strip footing of Prandtl and the vertical cut.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "model.hpp"

using namespace winze;
using namespace winze::testing;

namespace {

mesh::Mesh slab(const Comm& comm, run::CellShape shape, Vector3 low, Vector3 high, std::array<int, 3> cells,
                std::vector<std::tuple<std::string, Vector3, Vector3>> paint) {
  run::MeshInput input;
  input.box.emplace();
  input.box->low = low, input.box->high = high, input.box->cells = cells, input.box->shape = shape;
  for (const auto& [region, from, to] : paint) input.paint.push_back({region, from, to});
  return run::make_mesh(comm, input, "");
}
material::Material cohesive(double young, double poisson, double cohesion) {
  material::Material m;
  m.law.value = material::MohrCoulomb{young, poisson, input::Curve(cohesion), input::Curve(0)};
  return m;
}

/// Mean pressure under a strip of half width 1 m that is pushed 40 mm into weightless ground, over the cohesion. G 0.1, K 0.2 GPa, c 0.1 MPa, φ = ψ =
/// 0 (Itasca's Prandtl wedge).
double footing(run::CellShape shape, int n) {
  const Comm comm = Comm::self();
  const double young = 9 * 0.2e9 * 0.1e9 / (0.7e9), poisson = (0.6e9 - 0.2e9) / (2 * 0.7e9), h = 1.0 / n;
  const mesh::Mesh mesh =
      slab(comm, shape, {0, 0, -2}, {4, h, h}, {4 * n, 1, 2 * n + 1}, {{"air", {1, -1, 0}, {5, 1, 1}}, {"pad", {-1, -1, 0}, {1, 1, 1}}});
  material::Material pad;
  pad.law.value = material::Elastic{20 * young, 0.2};
  std::vector<int> of_region(mesh.region_names.size(), 0);
  of_region[mesh.region_index("air")] = rock::Rock::gone, of_region[mesh.region_index("pad")] = 1;
  rock::Options options;
  options.tolerance = 1e-7, options.steps = 20;
  rock::Rock rock(
      mesh, {{{"clay", cohesive(young, poisson, 0.1e6)}, {"pad", pad}}}, of_region, constant_stress({}),
      {on<rock::Roller>("x_min"), on<rock::Roller>("x_max"), on<rock::Roller>("y_min"), on<rock::Roller>("y_max"), on<rock::Fixed>("z_min")},
      options);
  rock.prescribe("z_max", [](const Vector3&) -> Vector3 { return {0, 0, -0.04}; });
  const rock::Report report = rock.advance({}, 0, nullptr);
  EXPECT_LT(report.energy.imbalance, 1e-3);
  const auto stress = rock.stress_at_points();
  double force = 0, volume = 0;
  for (Index e = 0; e < mesh.n_elements(); ++e)
    for (GlobalIndex q = rock.points().offset[e]; mesh.region[e] == mesh.region_index("pad") && q < rock.points().offset[e + 1]; ++q)
      force -= rock.points().volume[q] * stress[6 * q + 2], volume += rock.points().volume[q];
  return force / volume / 0.1e6;
}

/// Share of the release that a vertical cut of 1 m reaches at γ H/c; 1 where it stands.
double cut(double stability, rock::Collapse* found = nullptr) {
  const Comm comm = Comm::self();
  const double gamma = 20e3, cohesion = gamma / stability;
  const mesh::Mesh mesh = slab(comm, run::CellShape::hex27, {0, 0, -2}, {3, 0.25, 0}, {12, 1, 8}, {{"pit", {-1, -1, -1}, {1, 1, 1}}});
  std::vector<int> of_region(mesh.region_names.size(), 0);
  rock::Options options;
  options.tolerance = 1e-4, options.newton = 12, options.smallest_step = 0.02;
  const double k = 0.8;
  rock::Rock rock(
      mesh, {{{"clay", cohesive(50e6, 0.3, cohesion)}}}, of_region, constant_stress({}, {k * gamma, k * gamma, gamma, 0, 0, 0}),
      {on<rock::Roller>("x_min"), on<rock::Roller>("x_max"), on<rock::Roller>("y_min"), on<rock::Roller>("y_max"), on<rock::Fixed>("z_min")},
      options);
  const auto before = rock.displacement();
  try {
    rock.advance({{mesh.region_index("pit")}, {}, 1}, 0, nullptr);
  } catch (const rock::Collapse& collapse) {
    EXPECT_EQ(rock.displacement(), before);
    rock.restore(*collapse.last);
    EXPECT_NE(rock.displacement(), before);
    if (found) *found = collapse;
    return collapse.share;
  }
  return 1;
}

}  // namespace

// q = (2 + π) c = 5.14159 c, from above: quadratic elements halve their distance with the cell, linear ones lock.
TEST(Footing, CarriesPrandtlsLoad) {
  const double exact = 2 + std::acos(-1);
  const double coarse = footing(run::CellShape::hex27, 4), hex27 = footing(run::CellShape::hex27, 8), tet10 = footing(run::CellShape::tet10, 4),
               hex8 = footing(run::CellShape::hex8, 4);
  EXPECT_NEAR(hex27, exact, 0.07 * exact);
  EXPECT_GT(coarse - exact, 1.6 * (hex27 - exact));
  EXPECT_NEAR(tet10, exact, 0.08 * exact);
  EXPECT_GT(hex8, 1.3 * exact);
}

// A cut of cohesive ground stands up to γ H/c = 3.77 (bounds 3.772 and 3.776 of limit analysis).
TEST(VerticalCut, StandsBelowItsLimitAndCollapsesBeyond) {
  EXPECT_EQ(cut(3.4), 1);
  rock::Collapse collapse("{}", "");
  const double share = cut(4.4, &collapse);
  EXPECT_LT(share, 1);
  EXPECT_GT(share, 0.6);
  EXPECT_EQ(collapse.region, "rock");
  EXPECT_LT(collapse.at[0], 2.2);
  EXPECT_GT(collapse.at[2], -1.1);
  EXPECT_NE(std::string(collapse.what()).find("collapse: no equilibrium beyond"), std::string::npos);
}
