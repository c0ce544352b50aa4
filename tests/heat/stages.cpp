// Openings that come and go, fill, restarts, ranks.
#include <map>

#include "base/error.hpp"
#include "cases.hpp"

using namespace winze;
using namespace winze::test;

namespace {

/// 6 × 6 × 4 m: a drive 2 × 2 m along the middle in two rounds, stope beside it.
mesh::Mesh rounds(const Comm& comm, Shape shape = Shape::hex27) {
  return test::box(comm, shape, {6, 6, 4}, {6, 6, 2}, {"rock", "round_1", "round_2", "stope"}, [](int i, int j, int k) {
    const bool middle = j >= 2 && j < 4;
    return middle && i >= 2 && i < 4 ? 1 + k : middle && i >= 4 && k == 0 ? 3 : 0;
  });
}
heat::Boundary drive_air() { return convection("walls", input::Curve(300), input::Curve(8), {"round_1", "round_2"}); }
heat::Boundary stope_air() { return convection("walls", input::Curve(310), input::Curve(5), {"stope"}); }

}  // namespace

// Before an opening nothing moves; from the day it is bared the rock cools exactly as rock that was bared that day.
TEST(StagesRanks, ExcavationBaresAWallMidWay) {
  const mesh::Mesh m = rounds(Comm::world());
  const double month = year / 12;
  Heat staged(m, rocks({rock(3, 2.3e6)}), uniform(330), {drive_air()}, {}), fresh(m, rocks({rock(3, 2.3e6)}), uniform(330), {drive_air()}, {});
  staged.set_elements(all_rock(m));
  const heat::Report quiet = staged.advance(0, month);
  EXPECT_EQ(quiet.wall_heat, 0);
  EXPECT_NEAR(quiet.coldest, 330, 1e-10);
  EXPECT_NEAR(quiet.hottest, 330, 1e-10);
  EXPECT_EQ(staged.wall_flow(month), 0);
  staged.set_elements(by_region(m, {0, -1, 0, 0}));
  // Just bared: h A ΔT over the four sides and the head of the round, 2 m × 2 m each.
  EXPECT_NEAR(staged.wall_flow(month), 8 * 30 * 5 * 4, 1e-6);
  const heat::Report r = staged.advance(month, 2 * month);
  EXPECT_LT(r.wall_heat, 0);
  EXPECT_NEAR(r.stored, r.wall_heat, 1e-8 * r.gross_heat);
  EXPECT_LT(r.coldest, 320);
  fresh.set_elements(by_region(m, {0, -1, 0, 0}));
  fresh.advance(0, month);
  // Not bit by bit: the first month of the other left rounding.
  for (Index i = 0; i < m.nodes.n_local(); ++i) EXPECT_NEAR(fresh.temperature()[i], staged.temperature()[i], 1e-9);
}

// Walls facing other regions have other air; the later of two conditions on one wall holds.
TEST(StagesRanks, EveryWallHasItsOwnAir) {
  const mesh::Mesh m = rounds(Comm::world());
  const auto flow = [&](std::vector<heat::Boundary> conditions) {
    Heat h(m, rocks({rock(3, 2.3e6)}), uniform(330), std::move(conditions), {});
    h.set_elements(by_region(m, {0, -1, -1, -1}));
    return h.wall_flow(0);
  };
  // Drive: 4 sides of 2 × 2 m per round less the side open to the stope; stope: two sides, roof (2 m above is rock), none at its open ends.
  const double drive_wall = 7 * 4, stope_wall = 3 * 4;
  EXPECT_NEAR(flow({drive_air(), stope_air()}), drive_wall * 8 * 30 + stope_wall * 5 * 20, 1e-6);
  EXPECT_NEAR(flow({drive_air()}), drive_wall * 8 * 30, 1e-6);
  EXPECT_NEAR(flow({convection("walls", 300, 8)}), (drive_wall + stope_wall) * 8 * 30, 1e-6);
  EXPECT_NEAR(flow({convection("walls", 300, 8), stope_air()}), drive_wall * 8 * 30 + stope_wall * 5 * 20, 1e-6);
  EXPECT_NEAR(flow({stope_air(), convection("walls", 300, 8)}), (drive_wall + stope_wall) * 8 * 30, 1e-6);
}

// Air that changes along a way: the walls of a drive shared out to pieces of its axis, each with air of its own, set between intervals; what the
// conditions report adds up to what the walls gave.
TEST(StagesRanks, AirAlongAWay) {
  const mesh::Mesh m = rounds(Comm::world());
  std::vector<heat::Boundary> pieces;
  for (int part = 0; part < 2; ++part) {
    heat::Boundary b = drive_air();
    std::get<heat::Convection>(b.value).along = heat::Along{{3, 3, 0}, {3, 3, 4}, part, 2};
    pieces.push_back(b);
  }
  const auto drive = std::get<heat::Convection>(drive_air().value);
  const auto run = [&](std::vector<heat::Boundary> conditions, const std::function<void(Heat&)>& set) {
    Heat h(m, rocks({rock(3, 2.3e6)}), uniform(330), std::move(conditions), {});
    h.set_elements(by_region(m, {0, -1, -1, -1}));
    if (set) set(h);
    const std::vector<heat::Conditions::Mean> means = h.surface_means();
    double area = 0;
    for (const auto& mean : means)
      if (mean.area > 0) {
        EXPECT_NEAR(mean.temperature, 330, 1e-9);
        area += mean.area;
      }
    EXPECT_NEAR(area, 7 * 4, 1e-9);
    const heat::Report r = h.advance(0, 30 * 86400.0);
    double sum = 0;
    for (double q : r.condition_heat) sum += q;
    EXPECT_NEAR(sum, r.wall_heat, 1e-9 * std::abs(r.wall_heat));
    return r;
  };
  const heat::Report one = run({drive_air()}, nullptr), two = run(pieces, nullptr);
  EXPECT_NEAR(two.wall_heat, one.wall_heat, 1e-6 * std::abs(one.wall_heat));
  const heat::Report cooler = run(pieces, [&](Heat& h) {
    h.set_air(0, drive.air(0) - 10, drive.coefficient(0));
    h.set_air(1, drive.air(0), drive.coefficient(0));
  });
  EXPECT_LT(cooler.wall_heat, 1.05 * one.wall_heat);  // more heat leaves the rock
  EXPECT_THROW(run({drive_air()}, [](Heat& h) { h.set_air(1, 300, 5); }), InputError);
}

// Cells of 2 m cannot show an hour of cooling: the wave behind the wall passes the rock's own temperature, and the report says by how much. After a
// year nothing is left of it; on the side that a flow can heat nothing is looked for.
TEST(Stages, OvershootOfCoarseCellsIsReported) {
  const mesh::Mesh m = test::box(Comm::self(), Shape::hex27, {8, 1, 1}, {4, 1, 1});
  const auto overshoot = [&](std::vector<heat::Boundary> conditions, double seconds) {
    Heat h(m, rocks({rock(3, 2.3e6)}), uniform(330), std::move(conditions), {});
    h.set_elements(all_rock(m));
    const heat::Report r = h.advance(0, seconds);
    if (r.overshoot > 0) {
      EXPECT_NEAR(r.overshoot, std::max(r.hottest - 330, 300 - r.coldest), 1e-9);
    }
    return r.overshoot;
  };
  EXPECT_GT(overshoot({convection("x_min", 300, 1000)}, 3600), 0.5);
  EXPECT_LT(overshoot({convection("x_min", 300, 1000)}, year), 0.02);
  EXPECT_EQ(overshoot({flux("x_min", 500)}, 30 * 86400.0), 0);  // the coldest stays: nothing cools
}

// Fill comes at its own temperature, region by region; rock and the contact keep theirs.
TEST(StagesRanks, FillIsPlacedAtItsTemperature) {
  const mesh::Mesh m = rounds(Comm::world());
  Heat h(m, rocks({rock(3, 2.3e6), rock(1, 2e6)}), uniform(330), {drive_air(), stope_air()}, {});
  h.set_elements(by_region(m, {0, -1, -1, -1}));
  h.advance(0, year / 12);
  const std::vector<double> before = h.temperature();
  h.set_elements(by_region(m, {0, 1, -1, 1}), {NAN, 313, NAN, 305});
  EXPECT_NEAR(at_node(m, h.temperature(), {3, 3, 1}), 313, 0);
  EXPECT_NEAR(at_node(m, h.temperature(), {5, 3, 1}), 305, 0);
  EXPECT_NEAR(at_node(m, h.temperature(), {4, 3, 1}), 309, 1e-12);                        // where the two fills meet
  EXPECT_NEAR(at_node(m, h.temperature(), {3, 3, 2}), 313, 0);                            // its free top
  EXPECT_NEAR(at_node(m, h.temperature(), {2, 3, 1}), at_node(m, before, {2, 3, 1}), 0);  // contact
  EXPECT_NEAR(at_node(m, h.temperature(), {0, 3, 1}), at_node(m, before, {0, 3, 1}), 0);  // rock
  const heat::Report r = h.advance(year / 12, year / 6);
  EXPECT_LT(r.imbalance, 1e-8);
}

namespace {

struct Mine {
  Heat heat;
  const mesh::Mesh& m;
  explicit Mine(const mesh::Mesh& mesh) : heat(mesh, materials(), {{heat::Gradient{300, 0.02}}, 1500}, conditions(), within(0.2)), m(mesh) {}
  static input::Named<material::Material> materials() {
    auto list = rocks({rock(3, 2.3e6), rock(1, 2e6)});
    list.entries[0].second.thermal->decline = 1e-3;
    return list;
  }
  static std::vector<heat::Boundary> conditions() {
    return {convection("walls", table({0, year / 12, year / 6, year / 3}, {300, 295, 305, 298}), table({0, year / 4}, {5, 10})), virgin("z_min")};
  }
  heat::Report stage(int i) {
    if (i == 0) heat.set_elements(by_region(m, {0, 0, 0, 0}));
    if (i == 1) heat.set_elements(by_region(m, {0, -1, 0, 0}));
    if (i == 2) heat.set_elements(by_region(m, {0, -1, -1, -1}));
    if (i == 3) heat.set_elements(by_region(m, {0, -1, -1, 1}), {0, 0, 0, 308});
    return heat.advance(i * year / 24, (i + 1) * year / 24);
  }
};
constexpr int n_stages = 5;

}  // namespace

// k(T), tables of air and coefficient, excavation, fill: stopped after any stage and gone on from the temperature alone, bit by bit.
TEST(StagesRanks, ResumedRunEqualsTheUninterruptedOne) {
  const mesh::Mesh m = rounds(Comm::world());
  Mine whole(m);
  std::vector<std::vector<double>> after;
  for (int i = 0; i < n_stages; ++i) {
    const heat::Report r = whole.stage(i);
    EXPECT_LT(r.imbalance, 1e-7);
    after.push_back(whole.heat.temperature());
  }
  const std::vector<std::vector<int>> present = {{0, 0, 0, 0}, {0, -1, 0, 0}, {0, -1, -1, -1}, {0, -1, -1, 1}};
  for (int stop : {1, 3}) {
    Mine resumed(m);
    resumed.heat.restore(by_region(m, present[stop]), after[stop]);
    for (int i = stop + 1; i < n_stages; ++i) {
      resumed.stage(i);
      EXPECT_TRUE(resumed.heat.temperature() == after[i]) << "stopped after " << stop << ", stage " << i;
    }
  }
}

// Stopped within a stage, the temperature is that of its beginning, and the stage can be done again.
TEST(Stages, AStageThatIsStoppedLeavesTheTemperature) {
  const mesh::Mesh m = rounds(Comm::world());
  Mine run(m);
  run.stage(0), run.heat.set_elements(by_region(m, {0, -1, 0, 0}));
  const std::vector<double> before = run.heat.temperature();
  int steps = 0;
  EXPECT_THROW(run.heat.advance(0, year, [&](double, double) { steps++ == 3 ? throw Stopped("signal") : void(); }), Stopped);
  EXPECT_TRUE(run.heat.temperature() == before);
  const heat::Report r = run.heat.advance(0, year);
  EXPECT_GT(r.steps, 4);
  Mine again(m);
  again.stage(0), again.heat.set_elements(by_region(m, {0, -1, 0, 0}));
  again.heat.advance(0, year);
  EXPECT_TRUE(run.heat.temperature() == again.heat.temperature());
}

// The same run on all ranks together and on each alone, compared at the same places.
TEST(StagesRanks, AnyNumberOfRanksGivesTheSame) {
  for (Shape shape : {Shape::hex27, Shape::tet10}) {
    const mesh::Mesh shared = rounds(Comm::world(), shape), own = rounds(Comm::self(), shape);
    Mine together(shared), alone(own);
    std::map<std::array<long, 3>, Index> place;
    const auto key = [](const Vector3& x) { return std::array<long, 3>{std::lround(4 * x[0]), std::lround(4 * x[1]), std::lround(4 * x[2])}; };
    for (Index n = 0; n < own.nodes.n_local(); ++n) place[key(own.point(n))] = n;
    for (int i = 0; i < (shape == Shape::hex27 ? n_stages : 2); ++i) {
      const heat::Report a = together.stage(i), b = alone.stage(i);
      EXPECT_EQ(a.steps, b.steps);
      EXPECT_NEAR(a.stored, b.stored, 1e-7 * b.gross_heat);
      EXPECT_NEAR(a.wall_heat, b.wall_heat, 1e-7 * b.gross_heat);
      double difference = 0;
      for (Index n = 0; n < shared.nodes.n_local(); ++n)
        difference = std::max(difference, std::abs(together.heat.temperature()[n] - alone.heat.temperature()[place.at(key(shared.point(n)))]));
      EXPECT_LT(difference, 1e-6) << "stage " << i;  // K; the linear tolerance of steps that change up to 30 K
    }
  }
}
