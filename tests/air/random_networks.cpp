// Thousands of random networks: each has a certified answer or a refusal in words, never numbers without a certificate.
#include <gtest/gtest.h>

#include <cmath>

#include "../../benchmarks/mine_network.hpp"
#include "air/air.hpp"
#include "base/error.hpp"

namespace winze::air {
namespace {

/// Balance of every node and law of every plain branch, evaluated here from the answer alone.
void verify(const Graph& g, const FlowState& s, double rho, std::uint64_t seed) {
  double largest = 1e-4, loss = 1e-6;
  std::vector<double> sum(g.z.size());
  for (size_t i = 0; i < g.z.size(); ++i) sum[i] = g.inject[i] * rho;
  for (size_t b = 0; b < g.from.size(); ++b) {
    ASSERT_TRUE(std::isfinite(s.mass[b])) << seed;
    largest = std::max(largest, std::abs(s.mass[b]));
    loss = std::max(loss, std::abs(s.pressure[size_t(g.from[b])] - s.pressure[size_t(g.to[b])]));
    sum[size_t(g.from[b])] -= s.mass[b];
    sum[size_t(g.to[b])] += s.mass[b];
  }
  for (size_t i = 0; i < sum.size(); ++i)
    if (!g.open[i]) {
      ASSERT_LT(std::abs(sum[i]), 1e-9 * largest) << "seed " << seed << " node " << i;
    }
  for (size_t b = 0; b < g.from.size(); ++b) {
    const BranchLaw& l = g.law[b];
    if (l.flow || l.drop > 0) continue;
    double p = l.resistance / rho * s.mass[b] * std::abs(s.mass[b]) - l.gain, slope;
    for (const FanLaw& f : l.fans) p -= f.pressure(s.mass[b] / rho, rho, slope);
    ASSERT_NEAR(s.pressure[size_t(g.from[b])] - s.pressure[size_t(g.to[b])], p, 1e-8 * loss + 1e-9) << "seed " << seed << " branch " << b;
  }
}

TEST(RandomNetworks, CertifiedOrRefused) {
  int solved = 0, refused = 0, iterations = 0;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    Random random(seed);
    MineOptions options;
    options.branches = 6 + random.below(60);
    options.fans = random.uniform() < 0.7;
    options.chain = random.uniform() * 0.6;
    Graph g = mine_network(seed, options);
    const auto any = [&] { return size_t(random.below(g.n_branches())); };
    for (int k = random.below(6); k > 0; --k) {  // spoil it
      const size_t b = any();
      BranchLaw& law = g.law[b];
      switch (random.below(9)) {
        case 0:
          law.flow = 0.0;
          break;
        case 1:
          law.flow = random.between(-30, 30);
          break;
        case 2:
          law.resistance = random.log_between(1e-8, 1e8);
          break;
        case 3:
          law.gain = random.between(-2000, 2000);
          break;
        case 4:
          law.drop = random.between(0, 1000);
          break;
        case 5:
          g.open[size_t(g.from[b])] = 1, g.inject[size_t(g.from[b])] = 0;
          break;
        case 6:
          if (!g.open[size_t(g.to[b])]) g.inject[size_t(g.to[b])] = random.between(-20, 20);
          break;
        case 7: {
          FanLaw fan;
          fan.curve =
              std::make_shared<const FanCurve>(std::array<double, 3>{random.between(10, 3000), random.between(-5, 30), -random.log_between(0.01, 5)});
          fan.direction = random.uniform() < 0.5 ? -1 : 1;
          law.fans.push_back(fan);
          break;
        }
        default: {
          FanLaw fan;
          const double q = random.between(5, 60), p = random.between(100, 3000);
          fan.curve = std::make_shared<const FanCurve>(std::vector<double>{0, 0.3 * q, 0.5 * q, q},
                                                       std::vector<double>{p * random.between(0.5, 1.3), p * random.between(0.5, 1), p, 0});
          law.fans.push_back(fan);
        }
      }
    }
    FlowOptions how;
    how.several_points = random.uniform() < 0.5 ? SeveralPoints::warn : SeveralPoints::refuse;
    const double rho = random.between(0.9, 1.5);
    Flow::Outside outside;
    outside.density = rho;
    outside.reference.assign(g.z.size(), 1e5);
    FlowState state;
    try {
      Flow flow(g, how);
      const FlowReport r = flow.solve(outside, {}, state);
      ASSERT_LE(r.mass_residual, 1e-9);
      ASSERT_LE(r.loop_residual, 1e-9);
      verify(g, state, rho, seed);
      iterations += r.iterations;
      ++solved;
    } catch (const Error& e) {
      ++refused;
      const std::string text = e.what();
      if (text.find("did not converge") != std::string::npos) ADD_FAILURE() << "seed " << seed << ": " << text;
      EXPECT_GT(text.size(), 40u) << seed;
    }
  }
  EXPECT_GT(solved, 2000);
  EXPECT_GT(refused, 50);
  std::printf("%d solved in %.1f iterations on average, %d refused\n", solved, double(iterations) / solved, refused);
}

/// Flow and climate together: buoyant loops, air that almost rests, machines in dead ends. A solve closes its energy and keeps to temperatures that
/// rock, weather and machines allow, or says why there is none.
TEST(RandomNetworks, ClimateClosesOrIsRefused) {
  int solved = 0, refused = 0;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    Random random(seed);
    MineOptions options;
    options.branches = 8 + random.below(40);
    options.planned = random.uniform() < 0.5;
    options.depth = random.between(300, 3500);
    Network n = mine_with_climate(seed, options);
    n.climate->tolerance = 1e-7;
    n.climate->cell = 400;
    try {
      Air air(std::move(n));
      air.solve_steady();
      EXPECT_LT(air.report().ledger_residual, 1e-8) << seed;
      EXPECT_LE(air.report().flow.loop_residual, 1e-9) << seed;
      for (const double t : air.climate()->temperature) {
        EXPECT_GT(t, 255) << seed;  // air that rises 3.5 km from 17 °C
        EXPECT_LT(t, 450) << seed;
      }
      air.advance(30 * 86400.0);
      EXPECT_LT(air.report().ledger_residual, 1e-8) << seed;
      ++solved;
    } catch (const Error& e) {
      ++refused;
      EXPECT_GT(std::string(e.what()).size(), 40u) << seed << ": " << e.what();
    }
  }
  EXPECT_GT(solved, 60);
  std::printf("%d solved, %d refused\n", solved, refused);
}

}  // namespace
}  // namespace winze::air
