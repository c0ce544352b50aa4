// Scores, exact limits, ordinal regression, folds and bootstrap against closed forms, brute force and known truth.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "base/random.hpp"
#include "calibration/folds.hpp"
#include "calibration/proportional_odds.hpp"
#include "calibration/scores.hpp"
#include "calibration/thresholds.hpp"

using namespace winze;
using namespace winze::calibration;

namespace {

/// Classes of the proportional-odds model with these cuts and slope on a standard normal predictor.
struct Drawn {
  std::vector<double> x;
  std::vector<int> truth;
};
Drawn draw(Random& random, int rows, const std::vector<double>& cut, double slope) {
  Drawn d;
  for (int i = 0; i < rows; ++i) {
    const double x = random.normal(), u = random.uniform(), logistic = std::log(u / (1 - u)) + slope * x;
    d.x.push_back(x);
    int k = 0;
    for (const double c : cut) k += logistic > c;
    d.truth.push_back(k);
  }
  return d;
}

}  // namespace

// Textbook table of two raters: 20, 5 / 10, 15 gives κ = 0.4 by hand: agreement 0.7, by chance 0.5.
TEST(Scores, KappaOfATwoByTwoTable) {
  std::vector<int> truth, said;
  const auto add = [&](int t, int s, int n) {
    for (int i = 0; i < n; ++i) truth.push_back(t), said.push_back(s);
  };
  add(0, 0, 20), add(0, 1, 5), add(1, 0, 10), add(1, 1, 15);
  const Confusion c(truth, said, 2);
  EXPECT_DOUBLE_EQ(c.accuracy(), 0.7);
  EXPECT_NEAR(c.kappa(), 0.4, 1e-14);
  EXPECT_NEAR(c.quadratic_kappa(), 0.4, 1e-14);  // with two classes both weights are the same
  EXPECT_NEAR(c.macro_f1(), 0.5 * (40.0 / 55 + 30.0 / 45), 1e-14);
  EXPECT_DOUBLE_EQ(c.within_one(), 1);
}

TEST(Scores, AreaUnderRocCountsTiesHalf) {
  const std::vector<double> index = {1, 2, 2, 3, 4, 4};
  const std::vector<char> positive = {0, 0, 1, 0, 1, 1};
  // Pairs: 2 beats 1, ties 2, loses to 3: 1.5; each 4 beats all three: 6. Of nine.
  EXPECT_NEAR(area_under_roc(index, positive), 7.5 / 9, 1e-15);
  const std::vector<RocPoint> points = roc(index, positive);
  double area = 0;
  for (std::size_t i = 1; i < points.size(); ++i)
    area += (points[i].false_rate - points[i - 1].false_rate) * 0.5 * (points[i].true_rate + points[i - 1].true_rate);
  EXPECT_NEAR(area, 7.5 / 9, 1e-15);
  const Youden best = youden(index, positive);
  EXPECT_NEAR(best.j, 2.0 / 3, 1e-15);
  EXPECT_EQ(best.threshold, 3.5);
  EXPECT_TRUE(std::isnan(area_under_roc(index, std::vector<char>(6, 1))));
  EXPECT_TRUE(std::isnan(youden(index, std::vector<char>(6, 0)).threshold));
}

TEST(Scores, RanksAndProbabilities) {
  EXPECT_NEAR(spearman(std::vector<double>{1, 2, 3, 4, 5}, std::vector<double>{2, 1, 4, 3, 5}), 0.8, 1e-15);
  EXPECT_NEAR(spearman(std::vector<double>{1, 2, 2, 3}, std::vector<double>{-1, -2, -2, -3}), -1, 1e-15);
  const std::vector<double> p = {0.5, 0.3, 0.2, 0, 0, 1};
  const std::vector<int> truth = {1, 2};
  EXPECT_NEAR(brier(p, truth, 3), (0.25 + 0.49 + 0.04) / 2, 1e-15);
  EXPECT_NEAR(ranked_probability_score(p, truth, 3), (0.25 + 0.04) / 2 / 2, 1e-15);
}

// No three limits do better than those found, for random classes with ties, by trying all.
TEST(Limits, AreTheBestOfAll) {
  Random random(7);
  for (int trial = 0; trial < 40; ++trial) {
    std::vector<double> x;
    std::vector<int> truth;
    for (int i = 0; i < 25; ++i) x.push_back(random.below(9)), truth.push_back(std::min(3, random.below(3) + int(x.back()) / 4));
    const Cost cost(4, trial % 2 ? 1 : 5);
    const auto total = [&](const std::vector<double>& limits) {
      const std::vector<int> said = classify(x, limits);
      double sum = 0;
      for (std::size_t i = 0; i < x.size(); ++i) sum += cost.at(truth[i], said[i]);
      return sum;
    };
    double least = std::numeric_limits<double>::infinity();
    for (double a = -0.5; a < 10; ++a)
      for (double b = a; b < 10; ++b)
        for (double c = b; c < 10; ++c) least = std::min(least, total({a, b, c}));
    const std::vector<double> found = best_limits(x, truth, cost);
    EXPECT_EQ(total(found), least);
    EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
  }
}

// With one predictor that is 0 or 1 and two classes the slope is the log odds ratio, its error √(Σ 1/n) (Woolf 1955).
TEST(ProportionalOdds, SlopeIsTheLogOddsRatioOfATwoByTwoTable) {
  std::vector<double> x;
  std::vector<int> truth;
  const auto add = [&](double at, int t, int n) {
    for (int i = 0; i < n; ++i) x.push_back(at), truth.push_back(t);
  };
  add(0, 0, 30), add(0, 1, 10), add(1, 0, 8), add(1, 1, 24);
  const ProportionalOdds fit = fit_proportional_odds(x, 1, truth, 2);
  EXPECT_NEAR(fit.cut[0], std::log(3.0), 1e-9);
  EXPECT_NEAR(fit.beta[0], std::log(9.0), 1e-9);
  EXPECT_NEAR(fit.error[1], std::sqrt(1 / 30.0 + 1 / 10.0 + 1 / 8.0 + 1 / 24.0), 1e-7);
  EXPECT_NEAR(fit.log_likelihood, 30 * std::log(0.75) + 10 * std::log(0.25) + 8 * std::log(0.25) + 24 * std::log(0.75), 1e-10);
}

TEST(ProportionalOdds, TheScaleOfAPredictorDoesNotMatter) {
  Random random(3);
  Drawn d = draw(random, 200, {-1, 0.5, 2}, 1.5);
  const ProportionalOdds fit = fit_proportional_odds(d.x, 1, d.truth, 4);
  for (double& x : d.x) x = 1e6 + 1e3 * x;
  const ProportionalOdds moved = fit_proportional_odds(d.x, 1, d.truth, 4);
  EXPECT_NEAR(moved.beta[0] * 1e3, fit.beta[0], 1e-7);
  EXPECT_NEAR(moved.log_likelihood, fit.log_likelihood, 1e-8);
  const std::vector<double> p = fit.probability(std::vector<double>{0.3}), q = moved.probability(std::vector<double>{1e6 + 300});
  double sum = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_NEAR(p[k], q[k], 1e-7);
    sum += p[k];
  }
  EXPECT_NEAR(sum, 1, 1e-14);
}

TEST(ProportionalOdds, RefusesWhatHasNoMaximum) {
  const std::vector<double> x = {1, 2, 3, 4, 5, 6}, constant(6, 2.0);
  EXPECT_THROW(fit_proportional_odds(x, 1, std::vector<int>{0, 0, 0, 1, 1, 1}, 2), InputError);         // parted perfectly
  EXPECT_THROW(fit_proportional_odds(x, 1, std::vector<int>{0, 1, 0, 1, 0, 1}, 3), InputError);         // no row of class 2
  EXPECT_THROW(fit_proportional_odds(constant, 1, std::vector<int>{0, 1, 0, 1, 0, 1}, 2), InputError);  // says nothing
  const std::vector<double> twice = {1, 2, 2, 4, 3, 6, 4, 8, 5, 10, 6, 12};
  EXPECT_THROW(fit_proportional_odds(twice, 2, std::vector<int>{0, 1, 0, 1, 0, 1}, 2), InputError);  // one is twice the other
}

// 200 tables of 40 groups of 5 rows from a known model, 200 bootstrap samples each: the 95 % interval of the slope holds the truth 90 to 98 times of
// 100. Standard error of the count: 1.5 %.
TEST(Bootstrap, IntervalsCoverTheTruth) {
  const double slope = 1.2;
  std::vector<int> group;
  for (int i = 0; i < 200; ++i) group.push_back(i / 5);
  const GroupBootstrap bootstrap(group);
  int covered = 0;
  constexpr int tables = 200;
  for (int table = 0; table < tables; ++table) {
    Random random(std::uint64_t(1000 + table));
    const Drawn d = draw(random, 200, {-1, 1}, slope);
    std::vector<double> slopes;
    for (int replicate = 0; replicate < 200; ++replicate) {
      std::vector<double> x;
      std::vector<int> truth;
      for (const int row : bootstrap.sample(1, replicate)) x.push_back(d.x[std::size_t(row)]), truth.push_back(d.truth[std::size_t(row)]);
      slopes.push_back(fit_proportional_odds(x, 1, truth, 3).beta[0]);
    }
    const auto [low, high] = interval(slopes, 0.95);
    covered += low <= slope && slope <= high;
  }
  EXPECT_GE(covered, 0.90 * tables);
  EXPECT_LE(covered, 0.98 * tables);
}

TEST(Bootstrap, IntervalsOfFewAndMissingValues) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(interval({nan, nan}, 0.9).first));
  const auto [low, high] = interval({1, 2, nan, 3, 4, 5}, 0.5);
  EXPECT_EQ(low, 2);
  EXPECT_EQ(high, 4);
}

TEST(Folds, KeepGroupsTogetherAndClassesEven) {
  Random random(5);
  std::vector<int> group, truth;
  for (int i = 0; i < 400; ++i) group.push_back(random.below(60)), truth.push_back(random.below(4));
  std::vector<int> number(60, -1);
  int n = 0;
  for (int& g : group) {
    if (number[std::size_t(g)] < 0) number[std::size_t(g)] = n++;
    g = number[std::size_t(g)];
  }
  const std::vector<int> fold = grouped_folds(group, truth, 10, 1);
  std::vector<std::set<int>> folds_of(static_cast<std::size_t>(n));
  std::vector<int> rows(10, 0);
  for (std::size_t i = 0; i < fold.size(); ++i) folds_of[std::size_t(group[i])].insert(fold[i]), ++rows[std::size_t(fold[i])];
  for (const auto& folds : folds_of) EXPECT_EQ(folds.size(), 1u);
  for (const int r : rows) EXPECT_NEAR(r, 40, 8);
  EXPECT_EQ(grouped_folds(group, truth, 10, 1), fold);
  EXPECT_NE(grouped_folds(group, truth, 10, 2), fold);
  std::vector<int> own(400);
  for (int i = 0; i < 400; ++i) own[std::size_t(i)] = i;
  std::vector<int> of_class(40, 0);
  const std::vector<int> by_rows = grouped_folds(own, truth, 10, 1);
  for (std::size_t i = 0; i < own.size(); ++i) ++of_class[std::size_t(4 * by_rows[i] + truth[i])];
  for (int k = 0; k < 4; ++k) {
    const auto [least, most] = std::minmax({of_class[std::size_t(k)], of_class[std::size_t(4 + k)], of_class[std::size_t(36 + k)]});
    EXPECT_LE(most - least, 1);  // stratified
  }
}

TEST(Folds, LabelsAreComparedByTheirLettersAndDigits) {
  const std::vector<std::string> labels = {"Wang et al. 1998", "wang ET AL 1998", "", "Li 2001", "", "  "};
  EXPECT_EQ(group_rows(labels), (std::vector<int>{0, 0, 1, 2, 3, 4}));
}
