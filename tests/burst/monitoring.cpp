#include "burst/monitoring.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/random.hpp"
#include "burst/precursors.hpp"

namespace winze::burst {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Continuous magnitudes ≥ least of the law of Gutenberg and Richter.
std::vector<double> magnitudes(Random& random, int n, double b, double least) {
  std::vector<double> m(static_cast<std::size_t>(n));
  for (double& x : m) x = least - std::log10(1 - random.uniform()) / b;
  return m;
}
std::vector<double> rounded(std::vector<double> m, double bin) {
  for (double& x : m) x = bin * std::round(x / bin);
  return m;
}

/// Events an hour apart; log10 E = c + d log10 M0 with normal scatter of `scatter` along E and along M0.
Catalogue synthetic(Random& random, int n, double c, double d, double scatter) {
  Catalogue all;
  for (const double m : magnitudes(random, n, 1, -1)) {
    Event e;
    e.time = 3600.0 * double(all.events.size());
    e.at = {100 * random.uniform(), 100 * random.uniform(), 100 * random.uniform()};
    const double x = 1.5 * m + 9.1;
    e.energy = std::pow(10, c + d * x + scatter * random.normal());
    e.moment = std::pow(10, x + scatter * random.normal());
    e.magnitude = m;
    all.events.push_back(e);
  }
  return all;
}

TEST(Monitoring, QuantileOfTheNormalDistribution) {
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-12);  // Abramowitz and Stegun, table 26.1
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-12);
}

TEST(Monitoring, BValueByHand) {
  // 24 magnitudes with mean 0.5 above 0, bin 0.2: b = log10 e / (0.5 + 0.1); Σ(m − m̄)² = 24 · 0.3².
  std::vector<double> m;
  for (int i = 0; i < 12; ++i) m.push_back(0.2), m.push_back(0.8);
  const BValue b = b_value(m, 0, 0.2);
  EXPECT_NEAR(b.b, 0.43429448 / 0.6, 1e-8);
  EXPECT_NEAR(b.error, 2.30258509 * b.b * b.b * std::sqrt(24 * 0.09 / (24 * 23)), 1e-8);
  EXPECT_EQ(b.n, 24);
  m.push_back(-0.2);
  EXPECT_EQ(b_value(m, 0, 0.2).n, 24) << "events below the completeness must not count";
}

TEST(Monitoring, BValueIsFoundAgainAndItsIntervalCovers) {
  Random random(1);
  for (const double b : {0.7, 1.0, 1.6}) {
    int in = 0, in_positive = 0;
    const int runs = 500;
    double mean = 0;
    for (int r = 0; r < runs; ++r) {
      const std::vector<double> m = rounded(magnitudes(random, 500, b, -1.05), 0.1);
      const BValue found = b_value(m, -1, 0.1), positive = b_positive(m, 0.1, 0.1);
      const Interval i = found.interval(0.95), p = positive.interval(0.95);
      in += i.low <= b && b <= i.high;
      in_positive += p.low <= b && b <= p.high;
      mean += found.b / runs;
    }
    // Utsu's correction is low by (β Δm / 2)² / 3, 1.1 % for b 1.6; the mean of 500 runs has a standard error of b / √250000
    EXPECT_NEAR(mean, b * (1 - std::pow(0.115 * b, 2) / 3), 4 * b / 500 + b / 500);
    EXPECT_GE(in, 0.90 * runs);
    EXPECT_LE(in, 0.98 * runs);
    EXPECT_GE(in_positive, 0.90 * runs);
    EXPECT_LE(in_positive, 0.98 * runs);
  }
}

TEST(Monitoring, BPositiveNeedsNoCompletenessWhereTheCommonEstimateFails) {
  // After large events small ones are not seen: a detection limit that moves by 1.5 every 200 events.
  Random random(2);
  std::vector<double> seen;
  int k = 0;
  for (const double m : magnitudes(random, 40000, 1, -1))
    if (m >= (k++ / 200 % 2 ? 0.5 : -1)) seen.push_back(m);
  EXPECT_NEAR(b_positive(seen, 0.2, 0).b, 1, 0.05);
  EXPECT_LT(b_value(seen, -1, 0).b, 0.97);
}

TEST(Monitoring, CoarseMagnitudesAreRefused) {
  Random random(3);
  const std::vector<double> m = rounded(magnitudes(random, 300, 1, -1), 0.1);
  EXPECT_THROW(binned(m, 0.01), InputError);
  EXPECT_NO_THROW(binned(m, 0.1));
  EXPECT_THROW(b_value(m, 5, 0.1), InputError);
  EXPECT_THROW(b_value(std::vector<double>(20, 1.0), 0, 0.1), InputError);
}

TEST(Monitoring, CompletenessOfThinnedCatalogue) {
  // Detection: normal distribution function about −0.5, spread 0.2 (Ogata and Katsura 1993): practically complete from −0.5 + 2 · 0.2.
  Random random(4);
  std::vector<double> seen;
  for (const double m : magnitudes(random, 20000, 1, -2))
    if (random.uniform() < 0.5 * std::erfc(-(m + 0.5) / 0.2 / std::sqrt(2.0))) seen.push_back(m);
  const Completeness c = completeness(seen, 0.1);
  EXPECT_GE(c.used, -0.45);
  EXPECT_LE(c.used, 0.15);
  EXPECT_GE(c.fit, 0.9);
  const BValue b = b_value(binned(seen, 0.1), c.used, 0.1);
  EXPECT_NEAR(b.b, 1, 4 * b.error);
  EXPECT_LT(b_value(binned(seen, 0.1), -1.5, 0.1).b, 0.8) << "below the completeness b must be biased: the control of this test";
  EXPECT_THROW(completeness(std::vector<double>(20, 0.1), 0.1), InputError);
}

TEST(Monitoring, EnergyLineFoundAgainWithEqualErrorsInBoth) {
  Random random(5);
  const Catalogue c = synthetic(random, 3000, -5, 1.2, 0.3);
  const EnergyLine line = energy_line(c.events);
  // Orthogonal regression is consistent for equal errors in both.
  EXPECT_NEAR(line.d, 1.2, 4 * line.d_error);
  EXPECT_NEAR(line.c, -5, 4 * line.d_error * 9);
  EXPECT_LT(line.d_error, 0.03);
  const Catalogue exact = synthetic(random, 20, -5, 1.2, 0);
  EXPECT_NEAR(energy_line(exact.events).d, 1.2, 1e-9);
  EXPECT_NEAR(log_energy_index(energy_line(exact.events), exact.events[3]), 0, 1e-9);
}

TEST(Monitoring, EnergySlopeIntervalCovers) {
  Random random(6);
  int in = 0;
  for (int r = 0; r < 400; ++r) {
    const EnergyLine line = energy_line(synthetic(random, 200, -5, 1.2, 0.3).events);
    in += std::abs(line.d - 1.2) < 1.96 * line.d_error;
  }
  EXPECT_GE(in, 360);  // 90 to 98 % of 400
  EXPECT_LE(in, 392);
}

TEST(Monitoring, ApparentVolumeAndSchmidtNumberByHand) {
  Event e;
  e.moment = 1e10;
  e.energy = 1e5;
  EXPECT_NEAR(apparent_volume(e, 30e9), 1e20 / (2 * 30e9 * 1e5), 1e-6);
  // Three equal events 10 m and 100 s apart: t̄ 100 s, X̄ 10 m, Δt 200 s, ΣE 3e5 J, ΣM0 3e10 N m.
  std::vector<Event> all(3, e);
  for (int i = 0; i < 3; ++i) all[std::size_t(i)].time = 100 * i, all[std::size_t(i)].at = {0, 10.0 * i, 0};
  const double g = 30e9, volume = 1e6, density = 2700;
  const double strain_rate = 3e10 / (2 * g * volume * 200), stress = 2 * g * 3e5 / 3e10;
  EXPECT_NEAR(schmidt_number(all, g, volume, density) / (stress / strain_rate / (density * 10.0 * 10.0 / 100)), 1, 1e-12);
  all.pop_back();
  EXPECT_TRUE(std::isnan(schmidt_number(all, g, volume, density)));
}

TEST(Monitoring, MomentOfClosure) {
  // Slot of 100 × 200 m at 81 MPa, E 70 GPa, ν 0.2: closure 3489.86 m³ (Brady and Brown), γ 1: M 3.272
  const double moment = closure_moment(1, 70e9 / 2.4, 3489.86);
  EXPECT_NEAR(moment, 1.01788e14, 1e9);
  EXPECT_NEAR(moment_magnitude(moment), 3.272, 5e-4);
  EXPECT_NEAR(seismic_moment(moment_magnitude(moment)) / moment, 1, 1e-12);
}

TEST(Monitoring, HazardOfAKnownLaw) {
  // λ = 10^(3 − M) a year, 30 days, M 2.5: P = 0.22874
  const double year = 365.25 * 86400;
  const Hazard h = hazard({1, 0.01, 1000}, 0, 0, year, 2.5, 30 * 86400, infinity, 0.95);
  EXPECT_NEAR(h.probability.value, 0.22874, 5e-6);
  EXPECT_NEAR(h.rate.value * year, std::pow(10, 0.5), 1e-9);
  EXPECT_LT(h.probability.low, h.probability.value);
  EXPECT_GT(h.probability.high, h.probability.value);
  EXPECT_LT(hazard({1, 0.01, 1000}, 0, 0, year, 2.5, 30 * 86400, 2.6, 0.95).probability.value, 0.06) << "little is left below the largest";
  EXPECT_NEAR(hazard({1, 0.01, 1000}, 0, 0, year, 2.5, 30 * 86400, 9, 0.95).probability.value, 0.22874, 1e-5);
  EXPECT_THROW(hazard({1, 0.01, 1000}, 0, 0, year, -1, 30 * 86400, infinity, 0.95), InputError);
  EXPECT_THROW(hazard({1, 0.01, 1000}, 0, 0, year, 3, 30 * 86400, 3, 0.95), InputError);
}

TEST(Monitoring, HazardIntervalCovers) {
  Random random(7);
  for (const double largest : {infinity, 2.0}) {
    int in = 0;
    const double truth = std::isinf(largest) ? 1e-2 : (1e-2 - 1e-3) / (1 - 1e-3);  // of events ≥ 1 per unit of time, b 1 and one event ≥ −1 each
    for (int r = 0; r < 500; ++r) {
      int n = 0;
      for (double t = -std::log(1 - random.uniform()); t < 300; t -= std::log(1 - random.uniform())) ++n;
      const BValue b = b_value(magnitudes(random, n, 1, -1), -1, 0);
      const Interval rate = hazard(b, -1, 0, 300, 1, 1, largest, 0.95).rate;
      in += rate.low <= truth && truth <= rate.high;
    }
    EXPECT_GE(in, 450);
    EXPECT_LE(in, 490);
  }
}

/// Even background; before every event of magnitude 2 the last `before` events have an energy index lower by 0.8 and come ten times as often.
Catalogue with_precursors(Random& random, bool precursors) {
  Catalogue c;
  double time = 0;
  for (int cycle = 0; cycle < 25; ++cycle) {
    for (int k = 0; k < 150; ++k) {
      const bool before = k >= 120;
      Event e;
      e.time = time += -3600 * std::log(1 - random.uniform()) * (before && precursors ? 0.1 : 1);
      const double x = 8 + 0.5 * random.uniform();
      e.moment = std::pow(10, x);
      e.energy = std::pow(10, -5 + 1.2 * x + 0.2 * random.normal() - (before && precursors ? 0.8 : 0));
      e.magnitude = moment_magnitude(e.moment);
      c.events.push_back(e);
    }
    c.events.back().magnitude = 2;
  }
  return c;
}

TEST(Precursors, BuiltInPatternIsFoundAndBeatsChance) {
  Random random(8);
  const Catalogue c = with_precursors(random, true);
  WarningKeys keys;
  keys.target = 2;
  keys.within = 6 * 3600;
  const EnergyLine line{-5, 1.2, 0, 100};
  const std::vector<Window> windows = moving_windows(c, line, 30e9, keys);
  const Verdict v = judge(c, windows, keys, 0.95);
  EXPECT_EQ(v.targets, 25);
  EXPECT_GE(v.hits, 20);
  EXPECT_LT(v.false_rate.high, v.chance_false_rate);  // some alarms begin just after their target: half a window is older
  EXPECT_LT(v.chance_hit_rate, 0.3);
  EXPECT_GT(v.chance_false_rate, 0.6);
  EXPECT_LT(v.p_value, 0.01);
  EXPECT_NEAR(v.chance_hit_rate, v.alarm_share, 0.05) << "a random target is hit as often as there is alarm";
  for (std::size_t i = 1; i < windows.size(); ++i) EXPECT_GE(windows[i].volume, windows[i - 1].volume);
}

TEST(Precursors, WithoutPatternWarningsAreNoBetterThanChance) {
  int significant = 0, judged = 0;
  for (int seed = 0; seed < 60; ++seed) {
    Random random(std::uint64_t(100 + seed));
    Catalogue c = with_precursors(random, false);
    for (Event& e : c.events) e.magnitude = random.uniform() < 0.01 ? 2 : 0;
    WarningKeys keys;
    keys.target = 2;
    keys.drop = 0.02;
    keys.rise = 1.1;
    keys.shifts = 200;
    keys.within = 6 * 3600;
    const Verdict v = judge(c, moving_windows(c, {-5, 1.2, 0, 100}, 30e9, keys), keys, 0.95);
    if (std::isnan(v.p_value)) continue;
    ++judged;
    significant += v.p_value <= 0.05;
  }
  EXPECT_GE(judged, 50);
  EXPECT_LE(significant, 8);  // 5 % of 60 is 3; more than 8 happens once in 300 times
}

TEST(Precursors, WindowsUseNothingThatComesLaterAndNoGap) {
  Random random(9);
  Catalogue c = with_precursors(random, true);
  WarningKeys keys;
  keys.target = 2;
  keys.within = 6 * 3600;
  const EnergyLine line{-5, 1.2, 0, 100};
  const std::vector<Window> all = moving_windows(c, line, 30e9, keys);
  Catalogue cut = c;
  cut.events.resize(1000);
  const std::vector<Window> early = moving_windows(cut, line, 30e9, keys);
  for (std::size_t i = 0; i < early.size(); ++i) EXPECT_EQ(early[i].warns, all[i].warns);
  c.gaps.push_back({c.events.front().time, c.events.back().time});
  for (const Window& w : moving_windows(c, line, 30e9, keys)) EXPECT_FALSE(w.warns);
  keys.window = 100000;
  EXPECT_THROW(moving_windows(c, line, 30e9, keys), InputError);
}

TEST(Precursors, WilsonInterval) {
  const Interval i = wilson(0, 10, 0.95);
  EXPECT_NEAR(i.low, 0, 1e-12);
  EXPECT_NEAR(i.high, 0.2775, 1e-4);  // z²/(n + z²)
  EXPECT_TRUE(std::isnan(wilson(0, 0, 0.95).value));
}

}  // namespace
}  // namespace winze::burst
