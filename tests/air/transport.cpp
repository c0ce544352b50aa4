// Transport of contaminants: sharp fronts, decay, recirculation, reversal, amounts conserved, steady against transient.
#include "air/transport.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "refused.hpp"

using namespace winze;
using namespace winze::air;

namespace {

/// A main of three airways in a row 0 → 1 → 2 → 3 of 100, 40, 160 s at 20 kg/s.
Carrier row() { return {4, {0, 1, 2}, {1, 2, 3}, {20, 20, 20}, {2000, 800, 3200}}; }
/// Fresh 30 kg/s enter at 0, 45 go round 1 → 2 → 1: the face is airway 1.
Carrier ring() { return {4, {0, 1, 2, 2}, {1, 2, 1, 3}, {30, 75, 45, 30}, {3000, 9000, 4000, 3000}}; }

/// Random conservative flows: the sum of random loops over a ring of nodes with chords, and one through-path.
Carrier random_carrier(std::mt19937& random, Index n) {
  std::uniform_real_distribution<double> real(0, 1);
  Carrier c;
  c.n_nodes = n;
  std::vector<std::vector<double>> flow(std::size_t(n), std::vector<double>(std::size_t(n), 0));
  for (int loop = 0; loop < 3 * n; ++loop) {
    std::vector<Index> nodes(3);
    for (Index& i : nodes) i = Index(random() % unsigned(n));
    if (nodes[0] == nodes[1] || nodes[1] == nodes[2] || nodes[2] == nodes[0]) continue;
    const double m = 5 * real(random);
    for (int k = 0; k < 3; ++k) flow[std::size_t(nodes[std::size_t(k)])][std::size_t(nodes[std::size_t((k + 1) % 3)])] += m;
  }
  for (Index i = 0; i + 1 < n; ++i) flow[std::size_t(i)][std::size_t(i + 1)] += 10;
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j)
      if (flow[std::size_t(i)][std::size_t(j)] > 0) {
        const bool turned = random() % 2;
        c.from.push_back(turned ? j : i);
        c.to.push_back(turned ? i : j);
        c.flow.push_back(turned ? -flow[std::size_t(i)][std::size_t(j)] : flow[std::size_t(i)][std::size_t(j)]);
        c.air_mass.push_back(std::pow(10, 0.5 + 2 * real(random)));
      }
  return c;
}

}  // namespace

// Decay along 300 s in a row, e^−λτ; a source in the middle airway; the balance closes.
TEST(Transport, SteadyRow) {
  Emission e;
  e.inlet = {3, 0, 0, 0};
  e.decay = 2e-3;
  const Spread s = steady_spread(row(), e);
  EXPECT_NEAR(s.node[3], 3 * std::exp(-0.6), 1e-12);
  EXPECT_NEAR(s.balance.residual(), 0, 1e-10);
  e.decay = 0, e.branch = {0, 5, 0};
  EXPECT_NEAR(steady_spread(row(), e).node[2], 3 + 5.0 / 20, 1e-12);
  EXPECT_NEAR(steady_spread(row(), e).mean[1], 3 + 2.5 / 20, 1e-12);
}
// Recirculation: a face source E leaves with the fresh air, E/30, whatever goes round; the face's inlet has E (1/30 − 1/75).
TEST(Transport, SteadyRecirculation) {
  Emission e;
  e.branch = {0, 6, 0, 0};
  const Spread s = steady_spread(ring(), e);
  EXPECT_NEAR(s.node[2], 6.0 / 30, 1e-12);
  EXPECT_NEAR(s.node[1], 6 * (1 / 30. - 1 / 75.), 1e-12);
  EXPECT_NEAR(s.node[3], s.node[2], 1e-12);
  Carrier closed{3, {0, 1, 2}, {1, 2, 0}, {10, 10, 10}, {100, 100, 100}};
  EXPECT_REFUSED(steady_spread(closed, {{1, 0, 0}, {}, {}, 0}), "no steady state");
  EXPECT_NEAR(steady_spread(closed, {{1, 0, 0}, {}, {}, 1e-3}).balance.decayed, 1, 1e-12);
}
// One surface junction for the intake and the return of a loop: what arrives leaves, what departs is fresh; taken as closed, the loop has no steady
// state.
TEST(Transport, OpenJunctions) {
  Carrier loop{2, {0, 1}, {1, 0}, {20, 20}, {400, 900}};
  Emission e;
  e.branch = {0, 3}, e.inlet = {0.5, 0};
  EXPECT_REFUSED(steady_spread(loop, {{0, 3}, {}, {}, 0}), "no steady state");
  loop.open = {1, 0};
  const Spread s = steady_spread(loop, e);
  EXPECT_NEAR(s.node[1], 0.5, 1e-12);
  EXPECT_NEAR(s.outlet[1], 0.5 + 3.0 / 20, 1e-12);
  EXPECT_NEAR(s.balance.left, 20 * 0.5 + 3, 1e-10);
  for (double step : {1.0, 30.0}) {  // plugs, and mixed volumes
    Transport t(loop, e, step);
    t.advance(3000);
    EXPECT_NEAR(t.nodes()[1], 0.5, 1e-6);
    EXPECT_NEAR(t.mean(1), s.mean[1], 0.05 * s.mean[1]);
    EXPECT_NEAR(t.balance().residual(), 0, 1e-8);
  }
}
// A front of the inlet moves as a plug: sharp to one step, on time, through junctions.
TEST(Transport, SharpFront) {
  Emission e;
  e.inlet = {1, 0, 0, 0};
  Transport t(row(), e, 1);
  t.advance(99);
  EXPECT_EQ(t.nodes()[1], 0);
  EXPECT_EQ(t.at(0, 0.985), 1);
  EXPECT_EQ(t.at(0, 0.995), 0);
  t.advance(2);
  EXPECT_NEAR(t.nodes()[1], 1, 1e-12);
  t.advance(140 - 101);
  EXPECT_EQ(t.nodes()[2], 0);
  t.advance(1);
  EXPECT_NEAR(t.nodes()[2], 1, 1e-12);
  t.advance(300 - 141);
  EXPECT_EQ(t.nodes()[3], 0);
  t.advance(1);
  EXPECT_NEAR(t.nodes()[3], 1, 1e-12);
  EXPECT_NEAR(t.balance().residual(), 0, 1e-9);
}
// Blast fumes in the last tenth of a row leave by the end, and by the start when the flow turns.
TEST(Transport, ReleaseAndReversal) {
  Transport t(row(), {}, 0.5);
  t.release(1, 0.5, 1, 8);
  EXPECT_DOUBLE_EQ(t.at(1, 0.75), 8 / 400.0);
  EXPECT_DOUBLE_EQ(t.mean(1), 0.01);
  t.advance(10);
  EXPECT_NEAR(t.at(1, 0.9), 0.02, 1e-12);
  EXPECT_NEAR(t.at(1, 0.6), 0, 1e-12);
  t.set_flows({-20, -20, -20}, row().air_mass);
  t.advance(10);
  EXPECT_NEAR(t.at(1, 0.55), 0.02, 1e-9);
  EXPECT_NEAR(t.balance().held, 8, 1e-9);
  t.advance(200);
  EXPECT_NEAR(t.balance().left, 8, 1e-9);
  EXPECT_NEAR(t.balance().held, 0, 1e-9);
  EXPECT_NEAR(t.balance().residual(), 0, 1e-9);
}
// Random networks with recirculation, airways of a fraction of a second and of minutes: amounts conserved to rounding; long after, the steady
// solution. Short airways mixed in time do not touch that.
TEST(Transport, RandomNetworks) {
  std::mt19937 random(7);
  for (int k = 0; k < 6; ++k) {
    const Carrier c = random_carrier(random, 12);
    Emission e;
    e.inlet.assign(12, 0.3);
    e.branch.assign(c.from.size(), 0);
    e.branch[random() % e.branch.size()] = 2;
    e.node.assign(12, 0), e.node[5] = 0.7;
    e.decay = k % 2 ? 3e-4 : 0;
    const Spread s = steady_spread(c, e);
    EXPECT_NEAR(s.balance.residual(), 0, 1e-10);
    Transport t(c, e, 20);
    t.release(0, 0.2, 0.4, 50);
    for (int i = 0; i < 10; ++i) {
      t.advance(30 * (i + 1));
      EXPECT_NEAR(t.balance().residual(), 0, 1e-9 * t.balance().emitted);
    }
    Transport late(c, e, 10);
    late.advance(12000);
    for (Index i = 0; i < c.n_nodes; ++i)
      EXPECT_NEAR(late.nodes()[std::size_t(i)], s.node[std::size_t(i)], 2e-3 * s.node[std::size_t(i)]) << k << " " << i;
  }
}
// Denser air holds more: concentrations stay when the masses change, and the balance knows.
TEST(Transport, AirMassChanges) {
  Transport t(row(), {}, 1);
  t.release(0, 0, 1, 10);
  Carrier thin = row();
  for (double& m : thin.air_mass) m *= 0.9;
  t.set_flows(thin.flow, thin.air_mass);
  EXPECT_NEAR(t.mean(0), 10.0 / 2000, 1e-15);
  EXPECT_NEAR(t.balance().left, 1, 1e-12);
  EXPECT_NEAR(t.balance().residual(), 0, 1e-12);
}
TEST(Transport, Refusals) {
  Carrier c = row();
  c.to[0] = 9;
  EXPECT_REFUSED(check(c), "junctions");
  c = row(), c.air_mass[1] = 0;
  EXPECT_REFUSED(check(c), "positive");
  c = row(), c.flow.pop_back();
  EXPECT_REFUSED(check(c), "flows");
  EXPECT_REFUSED(steady_spread(row(), {{1}, {}, {}, 0}), "values");
  EXPECT_REFUSED(steady_spread(row(), {{-1, 0, 0}, {}, {}, 0}), "negative");
  c = row(), c.flow = {20, 20, 0};
  EXPECT_REFUSED(steady_spread(c, {{0, 0, 1}, {}, {}, 0}), "rests");
  EXPECT_REFUSED(steady_spread(c, {{}, {0, 0, 0, 1}, {}, 0}), "no air passes");
  EXPECT_REFUSED(Transport(row(), {}, 0), "step");
  Transport t(row(), {}, 1);
  EXPECT_REFUSED(t.release(3, 0, 1, 1), "does not exist");
  EXPECT_REFUSED(t.release(0, 0.5, 0.5, 1), "part");
  EXPECT_REFUSED(t.advance(0), "positive");
}
