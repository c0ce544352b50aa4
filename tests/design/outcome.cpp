// What an option comes to, recomputed by hand: energy, tariff, discounting, days beyond, ranking.
#include "design/outcome.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"

using namespace winze;
using namespace winze::design;

namespace {

constexpr double day = 86400;

Study study_of(const std::string& text) {
  input::Problems problems;
  Study study = input::read<Study>(input::parse_yaml_text(text, "study"), problems);
  problems.raise();
  return study;
}
const char* plain = R"(
study: s
case: c.yaml
currency: USD
prices: {electricity: {all: {price: 0.1}}, carbon: 0.9, water: 2, discount: 0.1}
years: 4
weights: {cost: 1, beyond: 100}
options: {a: {capital: 1000, upkeep: 50}}
)";

}  // namespace

// 10 kW of fans and 30 kW of plants for two years of 365.25 d: 40 kW x 17532 h = 701 280 kWh at 0.1.
TEST(Outcome, MoneyByHand) {
  const Study study = study_of(plain);
  std::vector<Observed> seen(3);
  for (size_t i = 0; i < seen.size(); ++i) {
    seen[i].time = double(i) * year;
    seen[i].duration = i == 0 ? 0 : year;  // the first record is the beginning: it lasts no time
    seen[i].fans = 1e4;
    seen[i].plants = i == 0 ? 9e9 : 3e4;
    seen[i].cooling = i == 2 ? 2e5 : 1e5;
    seen[i].make_up = 0.5;
  }
  seen[0].plants = 3e4;
  const Outcome o = outcome(study, study.options.entries[0].second, seen);
  EXPECT_NEAR(o.duration, 2 * year, 1);
  EXPECT_NEAR(o.power_mean, 4e4, 1e-6);
  EXPECT_NEAR(o.fan_energy / 3.6e6, 10 * 8766, 1e-6);
  EXPECT_NEAR(o.plant_energy / 3.6e6, 30 * 8766, 1e-6);
  EXPECT_NEAR(o.energy_cost, 40 * 8766 * 0.1, 1e-6);
  EXPECT_NEAR(o.carbon, 40 * 8766 * 0.9, 1e-6);
  EXPECT_NEAR(o.water, 0.5e-3 * year, 1e-6);
  EXPECT_NEAR(o.cooling_mean, 1.5e5, 1e-6);
  EXPECT_EQ(o.cooling_most, 2e5);
  const double per_year = 40 * 8766 * 0.1 + 0.5e-3 * year * 2 + 50;
  EXPECT_NEAR(o.present_cost, 1000 + per_year * (std::pow(1.1, -0.5) + std::pow(1.1, -1.5)), 1e-6);
}

// States without durations share the years evenly, and their order does not matter.
TEST(Outcome, SteadyStatesShareTheYears) {
  const Study study = study_of(plain);
  std::vector<Observed> seen(2);
  seen[0].fans = 1e4;
  seen[1].fans = 3e4;
  const Option& option = study.options.entries[0].second;
  const Outcome a = outcome(study, option, seen);
  std::swap(seen[0], seen[1]);
  const Outcome b = outcome(study, option, seen);
  EXPECT_NEAR(a.power_mean, 2e4, 1e-9);
  EXPECT_NEAR(a.present_cost, b.present_cost, 1e-9 * a.present_cost);
  // continuous payment over four years: (1 − 1.1^−4)/ln 1.1
  EXPECT_NEAR(a.present_cost, 1000 + (20 * 8766 * 0.1 + 50) * (1 - std::pow(1.1, -4)) / std::log(1.1), 1e-6);
}

TEST(Outcome, TariffByMonths) {
  const Study study = study_of(R"(
study: s
case: c.yaml
currency: USD
prices:
  electricity: {peak: {price: 0.3, share: 0.25, months: [6, 7]}, rest: {price: 0.1, share: 0.75, months: [6, 7]},
                summer: {price: 0.05, months: [1, 2, 3, 4, 5, 8, 9, 10, 11, 12]}}
  first_month: 6
weights: {beyond: 1}
options: {a: {}}
)");
  EXPECT_NEAR(electricity_price(study.prices, 10 * day), 0.25 * 0.3 + 0.75 * 0.1, 1e-12);  // June
  EXPECT_NEAR(electricity_price(study.prices, 75 * day), 0.05, 1e-12);                     // August
  EXPECT_NEAR(electricity_price(study.prices, year + 40 * day), 0.15, 1e-12);              // July a year later
  EXPECT_NEAR(electricity_price(study.prices), (2 * 0.15 + 10 * 0.05) / 12, 1e-12);
  std::string wrong = plain;
  wrong.replace(wrong.find("price: 0.1"), 10, "price: 0.1, share: 0.5");
  EXPECT_THROW(study_of(wrong), InputError);
}

// Two workplaces, two clauses: a place counts once a day however many of its limits are broken.
TEST(Outcome, DaysBeyondCountPlacesNotClauses) {
  const Study study = study_of(plain);
  std::vector<Observed> seen(2);
  seen[0].stage = seen[1].stage = "dig";
  seen[0].time = 30 * day, seen[0].duration = 30 * day;
  seen[1].time = 60 * day, seen[1].duration = 30 * day;
  seen[0].judged = {{"stope", "wet", false, 0.5, 1e4}, {"stope", "dry", false, 2, 3e4}, {"face", "wet", true, -1, -2e4}};
  seen[1].judged = {{"stope", "wet", true, -0.25, -5e3}, {"stope", "dry", true, -0.1, -1e3}, {"face", "wet", true, -3, -6e4}};
  const Outcome o = outcome(study, study.options.entries[0].second, seen);
  EXPECT_NEAR(o.beyond_days, 30 + 60, 1e-9);
  EXPECT_EQ(o.workplaces, 2);
  EXPECT_EQ(o.beyond_workplaces, 2);
  EXPECT_EQ(o.first.workplace, "face");
  EXPECT_EQ(o.first.time, 30 * day);
  EXPECT_EQ(o.worst.workplace, "face");
  EXPECT_EQ(o.worst.kelvin, -3);
  EXPECT_NEAR(o.remove_most, 6.5e4, 1e-9);  // of a place the largest, not the sum
  ASSERT_EQ(o.days_by_clause.size(), 2u);
  EXPECT_EQ(o.days_by_clause[0].first, "dry");
  EXPECT_NEAR(o.days_by_clause[1].second, 30 + 60, 1e-9);
}

TEST(Outcome, RankingFollowsTheWeightsAndTheFrontDoesNot) {
  std::vector<Outcome> all(3);
  all[0].present_cost = 10, all[0].beyond_days = 0, all[0].power_mean = 9;
  all[1].present_cost = 1, all[1].beyond_days = 5, all[1].power_mean = 1;
  all[2].present_cost = 11, all[2].beyond_days = 5, all[2].power_mean = 2;
  EXPECT_EQ(ranking({.cost = 1, .beyond = 100}, all), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(ranking({.cost = 1, .beyond = 0.1}, all), (std::vector<int>{1, 0, 2}));
  EXPECT_EQ(pareto(all), (std::vector<bool>{true, true, false}));
}

TEST(Study, ReadsBackWhatItWrites) {
  std::string text = plain;
  text += "trips: {stop: {air: {cooler.cooling.duty: 0 kW, 'a, b.fan.parallel': 1}}}\nsensitivity: {hot: {shift: {air.virgin: 2}}}\n";
  const Study study = study_of(text);
  const std::string written = input::write(study);
  EXPECT_EQ(input::write(study_of(written)), written);
  ASSERT_EQ(study.trips.entries[0].second.air.entries.size(), 2u);
  EXPECT_EQ(study.trips.entries[0].second.air.entries[0].second, "0 kW");
  for (const char* wrong : {"options: {}", "options: {a/b: {}}", "study: ../x", "sensitivity: {none: {}}"}) {
    std::string broken = text;
    const std::string key = std::string(wrong).substr(0, std::string(wrong).find(':'));
    const size_t at = broken.find("\n" + key + ":") + 1;
    broken.replace(at, broken.find('\n', at) - at, wrong);
    EXPECT_THROW(study_of(broken), InputError) << wrong;
  }
}
