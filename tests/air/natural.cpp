// Columns of air: their weight, and what drives natural ventilation.
#include <gtest/gtest.h>

#include <cmath>

#include "air/flow.hpp"
#include "small_networks.hpp"

namespace winze::air {
namespace {

constexpr double gas = 287.04, g = 9.81;  // of the expected numbers

struct Columns {
  Network network;
  Graph graph;
  FlowState state;
  FlowReport report;
  void junction(const std::string& name, double z, bool surface = false) {
    Junction j;
    j.at = {0, 0, z};
    j.surface = surface;
    network.junctions.entries.emplace_back(name, j);
  }
  /// temperature: °C of each airway in file order; reference column: isothermal at 15 °C below 100 kPa.
  void solve(const std::vector<double>& temperature) {
    graph = make_graph(network);
    Flow flow(graph, network.flow);
    Flow::Outside outside;
    outside.gravity = g;
    for (const double z : graph.z) outside.reference.push_back(1e5 * std::exp(-g * z / (gas * 288.15)));
    BranchAir air;
    for (const double t : temperature) air.head.push_back(gas * (t + 273.15));
    air.friction = air.head;
    air.moist.assign(air.head.size(), 1);
    report = flow.solve(outside, air, state);
  }
  double pressure(const std::string& node) const {
    for (size_t i = 0; i < graph.node_names.size(); ++i)
      if (graph.node_names[i] == node) return state.pressure[i];
    throw std::out_of_range(node);
  }
};

TEST(Columns, IsothermalShaftAtRest) {  // P = P0 exp(gD/RT); values of an independent evaluation at 20 °C
  const double depth[4] = {1000, 2000, 3000, 4000}, expected[4] = {112365.12, 126259.20, 141871.31, 159413.87};
  for (int k = 0; k < 4; ++k) {
    Columns c;
    c.junction("collar", 0, true);
    c.junction("bottom", -depth[k]);
    c.network.airways.entries.emplace_back("shaft", resistance("collar", "bottom", 0.01));
    c.solve({20});
    EXPECT_NEAR(c.pressure("bottom"), expected[k], 0.01);
    EXPECT_NEAR(c.state.mass[0], 0, 1e-6);
  }
}

TEST(Columns, PressureOfTwoIsothermalShafts) {  // 20 °C down, 30 °C up, 2000 m: 772.112 Pa across the door at the top of the upcast
  Columns c;
  c.junction("collar", 0, true);
  c.junction("bottom", -2000);
  c.junction("top", 0);
  c.network.airways.entries.emplace_back("down", resistance("collar", "bottom", 0.01));
  c.network.airways.entries.emplace_back("up", resistance("bottom", "top", 0.01));
  c.network.airways.entries.emplace_back("door", resistance("top", "collar", 0.01, {{Door{}}}));
  c.solve({20, 30, 20});
  EXPECT_NEAR(c.pressure("top") - 1e5, 772.112, 1e-3);
}

TEST(Columns, NaturalVentilationFlows) {
  // With the door open the loop closes: the columns' weights pay for friction. Checked on the solution itself: Σ Rt m²/ρ = −Σ ρ g Δz, each density
  // from the log-mean pressure of its branch, and the flow from the bottom of 772.112 Pa less the friction it meets.
  Columns c;
  c.junction("collar", 0, true);
  c.junction("bottom", -2000);
  c.network.airways.entries.emplace_back("down", resistance("collar", "bottom", 0.02));
  c.network.airways.entries.emplace_back("up", resistance("bottom", "collar", 0.02));
  c.solve({20, 30});
  const double m = c.state.mass[0];
  EXPECT_NEAR(c.state.mass[1], m, 1e-9 * m);
  const double loss = 0.02 / 1.2 * m * m * (1 / c.state.density[0] + 1 / c.state.density[1]);
  const double weight = g * 2000 * (c.state.density[0] - c.state.density[1]);
  EXPECT_NEAR(loss, weight, 1e-7 * weight);
  EXPECT_GT(weight, 700);
  EXPECT_LT(weight, 900);  // at the mean of the shafts, not at the surface: more than the 772 Pa at the top
  c.state = {};
  c.solve({30, 20});  // reversed
  EXPECT_NEAR(c.state.mass[0], -m, 1e-6 * m);
}

TEST(Columns, OutsideAirIsHydrostatic) {
  Weather w;
  w.temperature = input::Curve(288.15);
  w.pressure = input::Curve(101325.0);
  // ICAO standard atmosphere
  EXPECT_NEAR(outside_pressure(w, 9.80665, 287.0529, 1000, 0), 89875, 1);
  EXPECT_NEAR(outside_pressure(w, 9.80665, 287.0529, -500, 0), 107478, 1);
  w.lapse = 0;
  EXPECT_NEAR(outside_pressure(w, 9.81, 287.04, -1000, 0), 101325 * std::exp(9810 / (287.04 * 288.15)), 1e-6);
}

}  // namespace
}  // namespace winze::air
