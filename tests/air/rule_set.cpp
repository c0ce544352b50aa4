// Rule sets: the files that come with winze, where clauses apply, margins, and words.
#include "air/rule_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "refused.hpp"

using namespace winze;
using namespace winze::air;

namespace {

double kelvin(double celsius) { return celsius + zero_celsius; }
RuleSet rules(const std::string& name) { return read_rule_set(std::string(WINZE_SOURCE_DIR) + "/cases/rules/" + name + ".yaml"); }
Workplace place(double dry, double wet, double speed) {
  Workplace w;
  w.name = "stope 3";
  w.kind = "drift_stope";
  w.surroundings = {from_wet_bulb(kelvin(dry), kelvin(wet), 115e3), kelvin(dry + 1), speed};
  w.air_flow = 30;
  return w;
}
const Finding& find(const std::vector<Finding>& all, const std::string& clause) {
  return *std::find_if(all.begin(), all.end(), [&](const Finding& f) { return f.clause->name == clause; });
}

}  // namespace

// Every file reads; every clause has a source; names do not repeat; no clause of GB 16423 claims to have been read.
TEST(RuleSet, Files) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(WINZE_SOURCE_DIR) + "/cases/rules")) {
    if (entry.path().extension() != ".yaml") continue;
    const RuleSet set = read_rule_set(entry.path().string());
    EXPECT_EQ(set.name, entry.path().stem().string());
    EXPECT_FALSE(set.clauses.empty());
    std::vector<std::string> names;
    for (const Clause& c : set.clauses) {
      EXPECT_FALSE(c.source.empty());
      names.push_back(c.name);
      if (set.name.starts_with("gb_")) {
        EXPECT_EQ(c.confidence, Confidence::recalled);
      }
    }
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
    ++files;
  }
  EXPECT_EQ(files, 5);
}
// 29 °C wet bulb at 0.6 m/s: beyond 27 by 2 K, within 30 by 1 K, too slow between 27 and 30; the power is the sigma heat between the wet bulbs.
TEST(RuleSet, GbOf2020) {
  const RuleSet set = rules("gb_16423_2020");
  const Workplace w = place(32, 29, 0.6);
  const auto all = evaluate(set, w);
  const Finding& wet = find(all, "wet bulb for continuous work");
  EXPECT_EQ(wet.verdict, Verdict::beyond);
  EXPECT_NEAR(wet.margin, -2, 1e-9);
  EXPECT_NEAR(wet.kelvin, -2, 1e-9);
  EXPECT_NEAR(wet.power, -30 * (saturated_sigma_heat(kelvin(29), 115e3) - saturated_sigma_heat(kelvin(27), 115e3)), 1);
  EXPECT_NEAR(find(all, "stop of work").kelvin, 1, 1e-9);
  EXPECT_EQ(find(all, "air speed between 27 and 30 °C").verdict, Verdict::beyond);
  EXPECT_EQ(find(all, "dust, drift stope and heading").verdict, Verdict::within);
  EXPECT_EQ(find(all, "speed, haulage").verdict, Verdict::not_applicable);
  EXPECT_EQ(find(all, "air per person").verdict, Verdict::unknown);
  EXPECT_EQ(find(evaluate(set, place(28, 26.9, 0.6)), "air speed between 27 and 30 °C").verdict, Verdict::not_applicable);
  Workplace crew = w;
  crew.people = 10, crew.volume_flow = 0.7, crew.diesel_power = 200e3;
  const auto judged = evaluate(set, crew);
  EXPECT_NEAR(find(judged, "air per person").value * 60, 4.2, 1e-12);
  EXPECT_EQ(find(judged, "air per person").verdict, Verdict::within);
  EXPECT_NEAR(find(judged, "air per diesel power").limit * 60e3, 4, 1e-12);
  EXPECT_EQ(find(judged, "air per diesel power").verdict, Verdict::beyond);
}
// The table of dry bulb by speed, each row at and beside its ends.
TEST(RuleSet, GbOf2006) {
  const RuleSet set = rules("gb_16423_2006");
  for (const auto& [speed, limit] : {std::pair{0.29, 18.0}, {0.3, 26.0}, {0.49, 26.0}, {0.5, 28.0}, {1.5, 28.0}}) {
    int applied = 0;
    const double at = limit;
    for (const Finding& f : evaluate(set, place(27, 22, speed)))
      if (f.verdict != Verdict::not_applicable) {
        ++applied;
        EXPECT_NEAR(f.limit, kelvin(at), 1e-9);
        EXPECT_NEAR(f.kelvin, at - 27, 1e-9);
      }
    EXPECT_EQ(applied, 1) << speed;
  }
}
// Kelvin to a limit of cooling power and of the thermal work limit: cooled by them, the place just meets it.
TEST(RuleSet, MarginsOfPowers) {
  const Workplace w = place(35, 31, 0.5);
  for (const auto& [set, name] : {std::pair{rules("south_africa"), "design, cooling power"}, {rules("western_australia"), "buffer zone"}}) {
    const auto all = evaluate(set, w);
    const Finding& f = find(all, name);
    EXPECT_EQ(f.verdict, Verdict::beyond);
    EXPECT_LT(f.kelvin, 0);
    const auto after = evaluate(set, [&] {
      Workplace cool = w;
      cool.surroundings.air = from_wet_bulb(kelvin(35) + f.kelvin, kelvin(31) + f.kelvin, 115e3);
      cool.surroundings.radiant += f.kelvin;
      return cool;
    }());
    EXPECT_NEAR(find(after, name).margin, 0, 1e-6);
  }
}
TEST(RuleSet, WorkloadAndAcclimatisation) {
  const RuleSet set = rules("iso_7243");
  Workplace w = place(30, 26, 0.5);
  for (const Finding& f : evaluate(set, w)) EXPECT_TRUE(f.verdict == Verdict::unknown || f.verdict == Verdict::not_applicable);
  const double limits[][3] = {{115, 33, 32}, {180, 30, 29}, {300, 28, 26}, {415, 26, 23}, {520, 25, 20}};
  for (const auto& row : limits)
    for (bool acclimatised : {true, false}) {
      w.metabolic = row[0], w.acclimatised = acclimatised;
      int applied = 0;
      for (const Finding& f : evaluate(set, w))
        if (f.verdict != Verdict::not_applicable) {
          ++applied;
          EXPECT_NEAR(f.limit, kelvin(row[acclimatised ? 1 : 2]), 1e-9);
        }
      EXPECT_EQ(applied, 1);
    }
}
// "complies" and "violates" are words for clauses that were read.
TEST(RuleSet, Words) {
  for (const char* name : {"gb_16423_2020", "gb_16423_2006", "south_africa", "western_australia", "iso_7243"}) {
    const RuleSet set = rules(name);
    for (double wet : {20.0, 28.0, 31.0}) {
      const Workplace w = place(wet + 3, wet, 0.6);
      for (const Finding& f : evaluate(set, w)) {
        const std::string line = describe(set, w, f);
        const bool strong = line.find("complies") != std::string::npos || line.find("violates") != std::string::npos;
        const bool judged = f.verdict == Verdict::within || f.verdict == Verdict::beyond;
        EXPECT_EQ(strong, judged && f.clause->confidence == Confidence::read) << line;
        if (judged && !strong) {
          EXPECT_NE(line.find("recalled"), std::string::npos);
        }
      }
    }
  }
  const RuleSet set = rules("western_australia");
  const Workplace w = place(32, 28, 0.6);
  const auto all = evaluate(set, w);
  EXPECT_EQ(describe(set, w, all[0]),
            fmt::format("stope 3, western_australia r. 635: wet_bulb 28.00 °C, at most 27.00 °C: violates, 1.00 K to cool, {:.0f} kW to remove",
                        -all[0].power / 1e3));
}
TEST(RuleSet, Refusals) {
  const auto refuse = [](const std::string& text, const std::string& words) {
    const auto path = std::filesystem::temp_directory_path() / "winze_rules_broken.yaml";
    std::ofstream(path) << text;
    EXPECT_REFUSED(read_rule_set(path.string()), words);
    std::filesystem::remove(path);
  };
  const std::string head = "name: x\ntitle: x\njurisdiction: x\nclauses:\n";
  refuse(head + "  - {name: a, text: b, source: c, confidence: sure, limit: {wet_bulb: {at_most: 27 degC}}}", "confidence");
  refuse(head + "  - {name: a, text: b, confidence: read, limit: {wet_bulb: {at_most: 27 degC}}}", "source");
  refuse(head + "  - {name: a, text: b, source: c, confidence: read, limit: {wet_bulb: {}}}", "one of at_most");
  refuse(head + "  - {name: a, text: b, source: c, confidence: read, limit: {wet_bulb: {at_most: 27}}}", "27");
  refuse(head + "  - {name: a, text: b, source: c, confidence: read, limit: {wetbulb: {at_most: 27 degC}}}", "wet_bulb");
  refuse("name: x\ntitle: x\njurisdiction: x\n", "clauses");
}
