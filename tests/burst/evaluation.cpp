// Reduction of an indicator over samples, on any number of ranks, and what it refuses.
#include "burst/evaluation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

#include "base/error.hpp"
#include "opening.hpp"

using namespace winze;
using namespace winze::burst;
using namespace winze::burst::test;

namespace {

std::string refusal(const Comm& comm, const Indicator& indicator, const Samples& samples) {
  try {
    evaluate(comm, indicator, samples);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}
#define EXPECT_REFUSED(indicator, samples, words)               \
  do {                                                          \
    const std::string said = refusal(comm, indicator, samples); \
    EXPECT_NE(said.find(words), std::string::npos) << said;     \
  } while (false)

/// The samples of this rank: strips dealt out one by one, so that no rank has a run of neighbours.
std::vector<Sample> dealt(const Comm& comm, const std::vector<Sample>& all) {
  std::vector<Sample> mine;
  for (std::size_t i = std::size_t(comm.rank()); i < all.size(); i += std::size_t(comm.size())) mine.push_back(all[i]);
  return mine;
}

const std::vector<Indicator>& every() {
  static const std::vector<Indicator> list = {
      {Russenes{}},        {Wang{}},           {Hoek{}},           {Turchaninov{}},   {Barton{}}, {Tao{}}, {StrainEnergy{}},
      {PotentialEnergy{}}, {BurstPotential{}}, {DepthOfFailure{}}, {FailureContour{}}};
  return list;
}

}  // namespace

// σθ = σz + σx − 2(σx − σz) cos 2θ with 40 and 20 MPa over 200 MPa rock: ratio 0.3 + 0.2 cos 2θ, largest 0.5 at θ = 0 and π.
// Its share in each Russenes class: cos 2θ ≥ 0 moderate (half), −0.5 … 0 light (1/6), below −0.5 none (1/3). Both maxima are equal: the first by x
// counts, (−1, 0, 0).
TEST(EvaluationRanks, AreasMaximumAndPlace) {
  const Comm comm = Comm::world();
  const Rock granite = rock(60e9, 0.25, 200e6);
  const auto all = wall({20e6, 40e6, 10e6}, granite, 3600);
  const auto mine = dealt(comm, all);
  const Evaluation e = evaluate(comm, {Russenes{}}, of(mine, Place::surface));
  EXPECT_EQ(e.n_samples, 3600);
  EXPECT_EQ(e.value.size(), mine.size());
  EXPECT_NEAR(e.most_severe, 0.5, 1e-14);
  EXPECT_NEAR(e.at[0], -1, 1e-12);
  EXPECT_NEAR(e.at[2], 0, 1e-12);
  const double around = 2 * std::numbers::pi, strip = around / 3600;
  ASSERT_EQ(e.amount.size(), 4u);
  EXPECT_NEAR(e.amount[0], around / 3, 4.5 * strip);  // four limits on the circle, each within one strip
  EXPECT_NEAR(e.amount[1], around / 6, 8.5 * strip);
  EXPECT_NEAR(e.amount[2], around / 2, 4.5 * strip);
  EXPECT_EQ(e.amount[3], 0);
  EXPECT_NEAR(e.amount[0] + e.amount[1] + e.amount[2], around, 1e-11);
  EXPECT_NEAR(e.integral, 0.3 * around, 1e-12);  // the cosine integrates to zero on equal strips
  EXPECT_TRUE(e.warnings.empty());
  for (std::size_t i = 0; i < mine.size(); ++i) EXPECT_EQ(e.severity[i], class_of<Russenes>(e.value[i]));
}

// A falling index is most severe where it is smallest.
TEST(EvaluationRanks, FallingIndexReportsItsMinimum) {
  const Comm comm = Comm::world();
  const Rock hard = rock(60e9, 0.25, 300e6), soft = rock(60e9, 0.25, 120e6, "shale");
  auto all = wall({60e6, 30e6, 40e6}, hard, 40);
  all[13].rock = &soft;
  const auto mine = dealt(comm, all);
  const Evaluation e = evaluate(comm, {Barton{}}, of(mine, Place::surface));
  EXPECT_NEAR(e.most_severe, 2, 1e-14);
  EXPECT_EQ(e.at, all[13].position);
  EXPECT_NEAR(e.amount[2], 2 * std::numbers::pi / 40, 1e-14);
}

// Values that differ by the rounding of a solve (1e-9) are one maximum: the place does not hop between them.
TEST(EvaluationRanks, RoundingDoesNotMoveThePlace) {
  const Comm comm = Comm::world();
  const Rock granite = rock();
  auto all = wall({54e6, 54e6, 54e6}, granite, 16);
  for (double& s : all[5].stress) s *= 1 + 1e-9;
  const auto mine = dealt(comm, all);
  EXPECT_EQ(evaluate(comm, {Wang{}}, of(mine, Place::surface)).at, all[8].position);  // smallest x
  for (double& s : all[5].stress) s *= 1 + 1e-4;
  const auto again = dealt(comm, all);
  EXPECT_EQ(evaluate(comm, {Wang{}}, of(again, Place::surface)).at, all[5].position);
}

// Energy of an annulus a < r < 2a: ∫ U dV = πp²/E · [ (3(1−2ν)/2)(r²)/1 − (1+ν) a⁴/r² ] between 1 and 2, from U = (3(1−2ν) + 2(1+ν) a⁴/r⁴) p²/2E.
TEST(EvaluationRanks, VolumePerClassAndStoredEnergy) {
  const Comm comm = Comm::world();
  const Rock granite = rock();
  const Opening opening{54e6, 54e6, 54e6};
  std::vector<Sample> all;
  constexpr int n = 2000;
  for (int i = 0; i < n; ++i) {
    Sample s;
    const double r = 1 + (i + 0.5) / n;
    s.position = {r, 0, 0};
    s.stress = opening.stress(r, 0);
    s.weight = 2 * std::numbers::pi * r / n;
    s.rock = &granite;
    all.push_back(s);
  }
  const auto mine = dealt(comm, all);
  const Evaluation energy = evaluate(comm, {StrainEnergy{}}, of(mine, Place::volume));
  const double p2e = 54e6 * 54e6 / 50e9, expected = std::numbers::pi * p2e * (0.75 * (4 - 1) - 1.25 * (0.25 - 1));
  EXPECT_NEAR(energy.integral / expected, 1, 1e-6);  // midpoint rule, 2000 rings
  EXPECT_NEAR(energy.most_severe, 116.64e3, 200);    // half a ring inside the wall
  EXPECT_EQ(energy.at, all[0].position);
  const Evaluation contour = evaluate(comm, {FailureContour{1.0 / 9}}, of(mine, Place::volume));
  EXPECT_NEAR(contour.amount[1], std::numbers::pi * (1.8 - 1), 2 * std::numbers::pi * 1.35 / n);  // r_f² = 6p/σc = 1.8
}

TEST(EvaluationRanks, NoSamplesAnywhereIsNoNumber) {
  const Comm comm = Comm::world();
  const std::vector<Sample> none;
  const Evaluation e = evaluate(comm, {Russenes{}}, of(none, Place::surface));
  EXPECT_TRUE(std::isnan(e.most_severe));
  EXPECT_EQ(e.n_samples, 0);
  EXPECT_EQ(e.amount, std::vector<double>(4, 0.0));
}

// 2000 m in high horizontal stress: σθ above σc all around says nothing any more, and says so.
TEST(EvaluationRanks, WarnsWhenTheWallIsSaturated) {
  const Comm comm = Comm::world();
  const Rock granite = rock();
  const auto crushed = dealt(comm, wall({95e6, 95e6, 54e6}, granite, 64));
  ASSERT_EQ(evaluate(comm, {Russenes{}}, of(crushed, Place::surface)).warnings.size(), 1u);
  EXPECT_NE(evaluate(comm, {Russenes{}}, of(crushed, Place::surface)).warnings[0].find("100 % of the surface"), std::string::npos);
  const auto sound = dealt(comm, wall({85e6, 85e6, 54e6}, granite, 64));
  EXPECT_TRUE(evaluate(comm, {Russenes{}}, of(sound, Place::surface)).warnings.empty());
}

// Only one rank meets the fault; every rank must throw the same words.
TEST(EvaluationRanks, RefusalIsTheSameOnEveryRank) {
  const Comm comm = Comm::world();
  const Rock granite = rock();
  Rock shale = rock();
  shale.name = "shale";
  shale.ucs.reset();
  auto all = wall({54e6, 54e6, 54e6}, granite, 16);
  all[3].rock = &shale;
  const auto mine = dealt(comm, all);
  EXPECT_REFUSED(Indicator{Russenes{}}, of(mine, Place::surface), "uniaxial compressive strength of material shale");
}

TEST(EvaluationRanks, StressThatIsNotANumberIsNotANumberOfOurs) {
  const Comm comm = Comm::world();
  const Rock granite = rock();
  auto all = wall({54e6, 54e6, 54e6}, granite, 16);
  all[7].stress[1] = std::nan("");
  const auto mine = dealt(comm, all);
  EXPECT_THROW(evaluate(comm, {StrainEnergy{}}, of(mine, Place::surface)), SolverError);
  EXPECT_THROW(evaluate(comm, {Russenes{}}, of(mine, Place::surface)), SolverError);
}

TEST(EvaluationRefuses, WhatItCannotHonestlyUse) {
  const Comm comm = Comm::world();
  const Rock granite = rock();
  auto samples = wall({54e6, 54e6, 54e6}, granite, 8);
  for (const Indicator& i : {Indicator{Russenes{}}, Indicator{Wang{}}, Indicator{Hoek{}}, Indicator{Turchaninov{}}, Indicator{DepthOfFailure{}}}) {
    EXPECT_REFUSED(i, of(samples, Place::surface, Solution::plastic), "needs the stress of an elastic solution");
    EXPECT_REFUSED(i, of(samples, Place::volume), "excavation surfaces only");
    EXPECT_THROW(check(i, Solution::plastic, {}), InputError);
  }
  EXPECT_REFUSED(Indicator{FailureContour{}}, of(samples, Place::volume, Solution::plastic), "elastic solution");
  for (const Indicator& i : {Indicator{StrainEnergy{}}, Indicator{PotentialEnergy{}}, Indicator{BurstPotential{}}, Indicator{Barton{}}})
    EXPECT_NO_THROW(evaluate(comm, i, of(samples, Place::surface, Solution::plastic)));
  EXPECT_REFUSED(Indicator{BurstPotential{Since::previous_stage}}, of(samples, Place::surface), "there is none");
  for (Sample& s : samples) s.in_situ.reset();
  EXPECT_REFUSED(Indicator{Tao{}}, of(samples, Place::surface), "in-situ stress of material granite");
  for (Sample& s : samples) s.normal.reset();
  EXPECT_REFUSED(Indicator{Turchaninov{}}, of(samples, Place::surface), "normal");
}

TEST(EvaluationRefuses, OneModulusOfABeddedRock) {
  material::Material m;
  m.law.value = material::TransverselyIsotropic{60e9, 30e9, 0.2, 0.15, 12e9, 0, 0};
  m.strength.ucs = 120e6;
  const std::vector<Rock> slate = {Rock("slate", m)};
  EXPECT_THROW(check({PotentialEnergy{}}, Solution::elastic, slate), InputError);
  EXPECT_NO_THROW(check({StrainEnergy{}}, Solution::elastic, slate));
  m.strength.unloading_modulus = 45e9;
  const std::vector<Rock> tested = {Rock("slate", m)};
  EXPECT_NO_THROW(check({PotentialEnergy{}}, Solution::elastic, tested));
}

// Limits in the order of the classes, labels distinct, and nobody calls it a prediction.
TEST(IndicatorTable, IsConsistentAndPromisesNothing) {
  const Comm comm = Comm::self();
  const Rock granite = rock();
  const auto samples = wall({54e6, 54e6, 54e6}, granite, 8);
  std::vector<std::string> names;
  EXPECT_EQ(every().size(), std::variant_size_v<decltype(Indicator::value)>);
  for (const Indicator& i : every()) {
    const Description d = describe(i);
    EXPECT_TRUE(std::is_sorted(d.limits.begin(), d.limits.end(), [&](double a, double b) { return d.severity == Severity::rises ? a < b : a > b; }));
    EXPECT_EQ(std::count(names.begin(), names.end(), d.name), 0) << d.name;
    names.push_back(d.name);
    std::string label = evaluate(comm, i, of(samples, Place::surface)).label + d.doc + d.title;
    EXPECT_NE(label.find(std::string(d.name) + " indicator: "), std::string::npos) << label;
    std::transform(label.begin(), label.end(), label.begin(), [](unsigned char c) { return std::tolower(c); });
    EXPECT_EQ(label.find("predict"), std::string::npos) << label;
  }
}

// The list is the menu of the case file.
TEST(IndicatorTable, ReadsFromYaml) {
  struct Case {
    std::vector<Indicator> indicators;
    static auto keys() { return input::keys(input::key("indicators", &Case::indicators, "rockburst indicators")); }
  };
  input::Problems problems;
  const auto read = input::read<Case>(
      input::parse_yaml_text("indicators: [russenes, strain_energy, {bpi: {since: previous_stage}}, {failure_contour: {s: 0.12}}]\n", "case.yaml"),
      problems);
  problems.raise();
  ASSERT_EQ(read.indicators.size(), 4u);
  EXPECT_STREQ(read.indicators[1].name(), "strain_energy");
  EXPECT_EQ(std::get<BurstPotential>(read.indicators[2].value).since, Since::previous_stage);
  EXPECT_EQ(std::get<FailureContour>(read.indicators[3].value).s, 0.12);
  input::read<Case>(input::parse_yaml_text("indicators: [rusenes]\n", "case.yaml"), problems);
  ASSERT_EQ(problems.lines().size(), 1u);
  EXPECT_NE(problems.lines()[0].find("russenes"), std::string::npos) << problems.lines()[0];
}
