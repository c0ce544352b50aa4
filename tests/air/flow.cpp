// Flow in networks of one density against published flows and closed forms.
#include "air/flow.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "base/error.hpp"
#include "small_networks.hpp"

namespace winze::air {
namespace {

/// Published to 2.3e-10 (A), 6.0e-8 (C), 4.2e-8 m³/s (E) against an independent solution.
void compare(const char* folder, double total, size_t n_fans) {
  if (published_networks().empty()) GTEST_SKIP() << "the published networks (shared/data/networks) are not here";
  Published net(published_networks() / folder);
  net.flow.solve();
  const FlowReport& r = net.flow.report;
  double worst = 0, sum = 0;
  for (const auto& [name, q] : net.expected) {
    worst = std::max(worst, std::abs(net.flow.q(name) - q));
    sum += std::abs(net.flow.q(name));
  }
  EXPECT_LT(worst, 1e-6);
  EXPECT_NEAR(sum, total, 1e-4);
  EXPECT_LT(r.mass_residual, 1e-12);
  EXPECT_LT(r.loop_residual, 1e-11);
  ASSERT_EQ(r.fans.size(), n_fans);
  for (const FanPoint& f : r.fans) EXPECT_GT(f.slope_margin, 0);
  std::printf("%s: %d iterations, largest difference %.1e m3/s, residuals %.1e %.1e\n", folder, r.iterations, worst, r.mass_residual,
              r.loop_residual);
}
TEST(PublishedNetwork, A) { compare("A_hongshagang", 2062.384627, 0); }
TEST(PublishedNetwork, C) { compare("C", 2668.000640, 3); }
TEST(PublishedNetwork, E) { compare("E_jinchuan", 29789.330694, 7); }

TEST(Flow, BridgeOfEightBranches) {  // textbook bridge; flows by dense Newton in 17 digits
  PlainFlow net;
  const int ends[8][2] = {{1, 2}, {1, 3}, {3, 2}, {2, 4}, {3, 5}, {5, 4}, {4, 6}, {5, 6}};
  const double r[8] = {.1, .2, .15, .25, .18, .22, .20, .12};
  const double q[8] = {57.87447109, 42.12552891, -11.53735871, 46.33711237, 53.66288763, -2.63851943, 43.69859294, 56.30140706};
  for (int i = 1; i <= 6; ++i) net.junction(std::to_string(i), i == 6, i == 1 ? 100 : 0);
  for (int b = 0; b < 8; ++b) net.airway("b" + std::to_string(b), resistance(std::to_string(ends[b][0]), std::to_string(ends[b][1]), r[b]));
  net.solve();
  for (int b = 0; b < 8; ++b) EXPECT_NEAR(net.q("b" + std::to_string(b)), q[b], 1e-8);
  EXPECT_NEAR(net.gauge("1"), 1253.640841, 1e-6);
}

TEST(Flow, BalancedBridgeCarriesNothingAcross) {
  PlainFlow net;
  for (const char* n : {"a", "b", "c", "d"}) net.junction(n, n == std::string("d"), n == std::string("a") ? 10 : 0);
  net.airway("ab", resistance("a", "b", 1));
  net.airway("ac", resistance("a", "c", 2));
  net.airway("bd", resistance("b", "d", 2));
  net.airway("cd", resistance("c", "d", 4));
  net.airway("across", resistance("b", "c", 0.3));
  net.solve();
  EXPECT_NEAR(net.q("across"), 0, 1e-6);  // 1e-7 of the flow, squared, is the pressure there
  EXPECT_NEAR(net.q("ab") / net.q("ac"), std::sqrt(2.0), 1e-9);
  EXPECT_LT(net.report.loop_residual, 1e-12);
}

/// One fan on one airway; `fan` may be changed before solving.
PlainFlow one_fan(const Fan& fan, double r) {
  PlainFlow net;
  net.junction("in", true);
  net.junction("out", true);
  net.airway("drift", resistance("in", "out", r, {{fan}}));
  return net;
}
TEST(Flow, FanOnAResistance) {  // Q = √(a/(R + b))
  PlainFlow net = one_fan(parabola(2500, 0, -0.05), 0.12);
  net.solve();
  EXPECT_NEAR(net.q("drift"), 121.267812517, 1e-8);
  ASSERT_EQ(net.report.fans.size(), 1u);
  EXPECT_NEAR(net.report.fans[0].pressure, 1764.705882, 1e-5);
  EXPECT_NEAR(net.report.fans[0].slope_margin, 2 * (0.12 + 0.05) * 121.267812517 / 1.2, 1e-6);
}
TEST(Flow, FansInParallelAndInSeries) {
  Fan fan = parabola(2500, 0, -0.05);
  fan.parallel = 2;
  PlainFlow two = one_fan(fan, 0.12);
  two.solve();
  EXPECT_NEAR(two.q("drift"), std::sqrt(2500 / (0.12 + 0.05 / 4)), 1e-7);
  PlainFlow apart;  // the same as two airways
  apart.junction("in", true);
  apart.junction("mid");
  apart.junction("out", true);
  apart.airway("drift", resistance("mid", "out", 0.12));
  apart.airway("one", resistance("in", "mid", 1e-9, {{parabola(2500, 0, -0.05)}}));
  apart.airway("other", resistance("in", "mid", 1e-9, {{parabola(2500, 0, -0.05)}}));
  apart.solve();
  EXPECT_NEAR(apart.q("drift"), two.q("drift"), 1e-5);
  EXPECT_NEAR(apart.q("one"), apart.q("other"), 1e-7);
  fan.parallel = 1;
  fan.series = 2;
  PlainFlow stages = one_fan(fan, 0.12);
  stages.solve();
  EXPECT_NEAR(stages.q("drift"), std::sqrt(5000 / (0.12 + 0.1)), 1e-7);
}
TEST(Flow, FanLaws) {
  Fan fan = parabola(2500, 0, -0.05);
  fan.speed = input::Curve(0.8);  // Q ~ n on a fixed resistance
  PlainFlow slow = one_fan(fan, 0.12);
  slow.solve();
  EXPECT_NEAR(slow.q("drift"), 0.8 * 121.267812517, 1e-8);
  fan.speed = input::Curve(1.0);
  PlainFlow thin = one_fan(fan, 0.12);  // the same volume at any density: pressure of fan and airway follow it
  thin.network.density = 0.9;
  thin.solve();
  EXPECT_NEAR(thin.q("drift"), 121.267812517, 1e-8);
  EXPECT_NEAR(thin.report.fans[0].pressure, 1764.705882 * 0.9 / 1.2, 1e-5);
  fan.direction = Blows::backward;
  PlainFlow back = one_fan(fan, 0.12);
  back.solve();
  EXPECT_NEAR(back.q("drift"), -121.267812517, 1e-8);
  EXPECT_NEAR(back.report.fans[0].pressure, 1764.705882, 1e-5);
}
TEST(Flow, StaticCurveGainsTheVelocityPressure) {
  Fan fan = parabola(2500, 0, -0.05);
  fan.pressure = FanPressure::fan_static;
  fan.outlet_area = 5;
  PlainFlow net = one_fan(fan, 0.12);
  net.solve();
  EXPECT_NEAR(net.q("drift"), std::sqrt(2500 / (0.12 + 0.05 - 0.6 / 25)), 1e-7);
}

TEST(FanCurve, CubicKeepsWhatThePointsSay) {
  const FanCurve c({0, 20, 40, 60, 80}, {1500, 1800, 1700, 1100, 300});
  double s;
  EXPECT_DOUBLE_EQ(c(20, s), 1800);
  EXPECT_DOUBLE_EQ(s, 0);
  EXPECT_EQ(c.peak_flow(), 20);
  for (double q = 20; q < 80; q += 0.5) {
    c(q, s);
    EXPECT_LE(s, 0) << q;
  }
  for (const double q : {5.0, 33.3, 79.0, 90.0, -3.0}) {  // slope against differences
    double unused;
    c(q, s);
    EXPECT_NEAR(s, (c(q + 1e-5, unused) - c(q - 1e-5, unused)) / 2e-5, 1e-5 * std::abs(s) + 1e-6) << q;
  }
  EXPECT_LT(c(100, s), 300);
  EXPECT_EQ(c(-10, s), 1500);
}

TEST(Flow, FixedFlowSaysWhatItTakes) {
  PlainFlow net;
  net.junction("in", true);
  net.junction("a");
  net.junction("b");
  net.junction("out", true);
  net.airway("intake", resistance("in", "a", 0.1));
  net.airway("stope", resistance("a", "b", 1.0, {{FixedFlow{20}}}));
  net.airway("bypass", resistance("a", "b", 0.5));
  net.airway("return", resistance("b", "out", 0.1, {{parabola(1000, 0, -0.05)}}));
  net.solve();
  EXPECT_NEAR(net.q("stope"), 20, 1e-12);
  ASSERT_EQ(net.report.demands.size(), 1u);
  const double loss = 0.5 * net.q("bypass") * net.q("bypass");
  EXPECT_NEAR(net.report.demands[0].pressure, loss - 400, 1e-6);
  EXPECT_NEAR(net.report.demands[0].resistance, (loss - 400) / 400, 1e-8);
  Regulator too_much;
  too_much.flow = 60;
  net.network.airways.entries[1].second.devices = {{too_much}};
  net.state = {};
  EXPECT_THROW(net.solve(), InputError);
}

TEST(Flow, ConstantDropTurnsWithTheFlow) {
  PlainFlow net;
  net.junction("in", true);
  net.junction("out", true);
  Regulator curtain;
  curtain.drop = 100;
  net.airway("drift", resistance("in", "out", 0.12, {{curtain}, {FixedPressure{-500}}}));
  net.solve();
  EXPECT_NEAR(net.q("drift"), -std::sqrt(400 / 0.12), 1e-6);
}

TEST(Flow, AirtightDoorsEverywhere) {
  PlainFlow net;
  for (const char* n : {"in", "a", "b", "out"}) net.junction(n, n[0] == 'i' || n[0] == 'o');
  net.airway("one", resistance("in", "a", 1, {{Door{}}}));
  net.airway("two", resistance("a", "b", 1, {{parabola(500, 0, -1)}}));
  net.airway("three", resistance("b", "out", 1, {{Door{}}}));
  net.solve();
  for (const char* n : {"one", "two", "three"}) EXPECT_NEAR(net.q(n), 0, 1e-7) << n;
  EXPECT_NEAR(net.gauge("b") - net.gauge("a"), 500, 1e-6);
}

TEST(Flow, NothingDrivesNothingFlows) {
  PlainFlow net;
  for (const char* n : {"in", "a", "out"}) net.junction(n, n[0] != 'a');
  net.airway("one", resistance("in", "a", 1));
  net.airway("two", resistance("a", "out", 1));
  net.solve();
  EXPECT_NEAR(net.q("one"), 0, 1e-6);
}

TEST(Flow, RefusesWhatHasNoAnswer) {
  const auto refused = [](PlainFlow& net, const char* words) {
    try {
      net.solve();
      ADD_FAILURE() << "solved, though " << words;
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find(words), std::string::npos) << e.what();
    }
  };
  PlainFlow island;
  for (const char* n : {"in", "out", "x", "y"}) island.junction(n, n[0] == 'i' || n[0] == 'o');
  island.airway("main", resistance("in", "out", 1));
  island.airway("lost", resistance("x", "y", 1));
  refused(island, "2 junctions are not joined to any junction that is open");
  PlainFlow cut;
  for (const char* n : {"in", "a", "b"}) cut.junction(n, n[0] == 'i');
  cut.airway("one", resistance("in", "a", 1, {{FixedFlow{20}}}));
  cut.airway("two", resistance("a", "b", 1));
  refused(cut, "their sum is 20");
  PlainFlow closed;
  closed.junction("a", false, 5);
  closed.junction("b", false, -5);
  closed.airway("one", resistance("a", "b", 1));
  refused(closed, "not joined to any junction that is open");
}

TEST(FanInteraction, SeveralPointsAreRefusedOrNamed) {
  // A stalling curve on a resistance that crosses it three times: p = R q² with the points below.
  Fan fan;
  fan.points.x = {0, 10, 20, 30, 40, 50};
  fan.points.y = {300, 150, 250, 1200, 1000, 0};
  PlainFlow net;
  net.junction("in", true);
  net.junction("mid");
  net.junction("out", true);
  net.airway("fan", resistance("in", "mid", 1e-3, {{fan}}));
  net.airway("drift", resistance("mid", "out", 1.0));
  net.airway("leak", resistance("mid", "in", 100.0));
  EXPECT_THROW(net.solve(), SolverError);
  net.network.flow.several_points = SeveralPoints::warn;
  net.state = {};
  net.solve();
  ASSERT_FALSE(net.report.warnings.empty());
  bool named = false;
  for (const std::string& w : net.report.warnings) named = named || w.find("can work at 3 points") != std::string::npos;
  EXPECT_TRUE(named) << net.report.warnings.front();
  EXPECT_GT(net.report.fans[0].slope_margin, 0);  // descent ends on a stable branch
}

TEST(Flow, TwoFansFighting) {
  PlainFlow net;
  for (const char* n : {"in", "mid", "out"}) net.junction(n, n[0] != 'm');
  net.airway("left", resistance("in", "mid", 0.1, {{parabola(1000, 0, -0.1)}}));
  net.airway("right", resistance("out", "mid", 0.1, {{parabola(800, 0, -0.1)}}));
  net.airway("drift", resistance("mid", "out", 5));
  net.solve();
  EXPECT_GT(net.q("left"), 0);
  EXPECT_LT(net.report.loop_residual, 1e-11);
}

TEST(Duct, LadderConvergesToTheLeakingDuct) {
  // Exact: q' = −c √p, p' = −r q² along the duct with free discharge into the heading of no resistance.
  const auto leaked = [](int parts) {
    PlainFlow net;
    net.junction("in", true);
    net.junction("face");
    Airway duct = resistance("in", "face", 20, {{parabola(3000, 0, -5)}, {Duct{"heading", 2e-5, parts}}});
    duct.length = 500;
    net.airway("duct", duct);
    Airway heading = resistance("face", "in", 1e-6);
    heading.length = 500;
    net.airway("heading", heading);
    net.solve();
    return net.state.mass[size_t(net.graph.last[0])] / 1.2;
  };
  // By integration from the face backwards (Runge-Kutta, 20000 steps) to the point where the fan's curve is met.
  const double c = 2e-5 / 1.2, r = 20.0 / 500;
  const auto excess = [&](double q_face) {
    double p = 0, q = q_face;
    const int n = 20000;
    const double h = 500.0 / n;
    const auto dq = [&](double x) { return c * std::sqrt(std::max(x, 0.0)); };
    for (int k = 0; k < n; ++k) {
      const double p1 = r * q * q, q1 = dq(p), pm = p + h / 2 * p1, qm = q + h / 2 * q1;
      const double p2 = r * qm * qm, q2 = dq(pm);
      p += h * p2, q += h * q2;
    }
    return 3000 - 5 * q * q - p;
  };
  double low = 1, high = 20;
  for (int k = 0; k < 60; ++k) (excess((low + high) / 2) > 0 ? low : high) = (low + high) / 2;
  const double e8 = std::abs(leaked(8) - low), e32 = std::abs(leaked(32) - low), e128 = std::abs(leaked(128) - low);
  EXPECT_LT(e128, 1e-4 * low);
  EXPECT_LT(e32, e8 / 3.5);
  EXPECT_LT(e128, e32 / 3.5);
}

}  // namespace
}  // namespace winze::air
