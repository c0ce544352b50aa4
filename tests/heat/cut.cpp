// Heat on octrees that walls cut.
#include "cases.hpp"
#include "geometry/sweep.hpp"
#include "mesh/cut_mesh.hpp"

using namespace winze;
using namespace winze::test;

namespace {

constexpr double pi = std::numbers::pi;

/// A slab of cells of h, one thick, between two round walls around (0.03, −0.05) m: nothing within the inner one of 1 m or beyond the outer one of
/// 3 m, so that both walls cut cells.
mesh::Mesh ring(const Comm& comm, double h, double inner = 1) {
  mesh::OctreeOptions tree;
  const int across = int(std::lround(8 / h));
  tree.low = {-4, -4, 0};
  tree.cells = {across, across, 1};
  tree.size = h;
  tree.target = [=](const geometry::Box& box) { return box.low[0] > 0.2 && box.low[1] > 0.2 && box.high[0] < 1.6 && box.high[1] < 1.6 ? h / 2 : h; };
  const auto circle = [](double radius) {
    return std::make_shared<geometry::Sweep>(geometry::Profile::circle(2 * radius), std::vector<Vector3>{{0.03, -0.05, -1}, {0.03, -0.05, 2}});
  };
  const geometry::Scene scene({{"block", circle(3)}, {"drive", circle(inner)}});
  mesh::CutMeshOptions options;
  options.region = [](std::span<const Index> parts) { return std::string(parts.empty() ? "" : parts.size() == 1 ? "rock" : "drive"); };
  return cut_mesh(mesh::Octree(comm, tree), scene, options);
}

}  // namespace

// Steady flow through a hollow cylinder with convection at its inner wall, 60 °C kept outside by strong convection (which the formula has too):
// q = 2 π L ΔT / (1/(h₁ a) + ln(b/a)/k + 1/(h₂ b)) (Carslaw & Jaeger 1959, §7.2). Hanging nodes lie on the inner wall.
TEST(CutHeatRanks, FlowThroughAHollowCylinder) {
  double before = 0;
  for (double h : {0.5, 0.25}) {
    const mesh::Mesh m = ring(Comm::world(), h);
    EXPECT_GT(m.comm.sum(Index(m.hanging.node.size())), 10);
    // The outer wall is open from the start, the drive a region: they take different air.
    Heat heat(m, rocks({rock(3, 1)}), uniform(320),
              {convection("walls", 333.15, 1000), convection("walls", input::Curve(300), input::Curve(10), {"drive"}), insulated("z_min"),
               insulated("z_max")},
              fixed_steps(2, heat::Method::backward_euler));
    std::vector<std::int32_t> of(m.n_elements());
    for (Index e = 0; e < m.n_elements(); ++e) of[e] = m.region_names[m.region[e]] == "rock" ? 0 : -1;
    heat.set_elements(of);
    heat.advance(0, 1e6);  // k/ρc = 3 m²/s: steady
    const auto means = heat.surface_means();
    const double flow = means[1].area * 10 * (means[1].temperature - 300);
    const double exact = 2 * pi * h * 33.15 / (1 / (10 * 1.0) + std::log(3.0) / 3 + 1 / (1000 * 3.0));
    const double error = std::abs(flow / exact - 1);
    if (std::getenv("WINZE_PRINT") && m.comm.root())
      printf("h %g: flow %.6g of %.6g, error %.2e, area %.2e\n", h, flow, exact, error, means[1].area / (2 * pi * h) - 1);
    EXPECT_NEAR(means[1].area, 2 * pi * h, 2e-3 * 2 * pi * h);
    EXPECT_NEAR(means[0].area, 6 * pi * h, 2e-3 * 6 * pi * h);
    EXPECT_LT(error, 2e-3);
    EXPECT_NEAR(heat.wall_flow(1e6), 0, 1e-4 * exact);  // what comes in goes out
    before = error;
  }
  EXPECT_LT(before, 5e-4);
}

// Heat is conserved while it flows, slivers, ties and hanging nodes included; a drive that is dug later takes its heat away.
TEST(CutHeatRanks, HeatIsConserved) {
  const mesh::Mesh m = ring(Comm::world(), 1);
  Heat heat(m, rocks({rock(3, 2.3e6)}), uniform(320), {convection("walls", 300, 8), insulated("z_min"), insulated("z_max")}, within(0.05));
  std::vector<std::int32_t> of(m.n_elements(), 0);
  heat.set_elements(of);
  EXPECT_LT(heat.advance(0, 1e5).imbalance, 1e-8);
  for (Index e = 0; e < m.n_elements(); ++e) of[e] = m.region_names[m.region[e]] == "rock" ? 0 : -1;
  heat.set_elements(of);
  const heat::Report r = heat.advance(1e5, 5e5);
  EXPECT_LT(r.imbalance, 1e-8);
  EXPECT_GT(r.gross_heat, 1e6);
}

TEST(CutHeat, WallsTakeNoPrescribedTemperature) {
  const mesh::Mesh m = ring(Comm::self(), 1);
  Heat heat(m, rocks({rock(3, 1)}), uniform(320), {temperature("walls", 300)}, {});
  EXPECT_THROW(heat.set_elements(all_rock(m)), InputError);
}
