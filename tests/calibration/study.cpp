// Whole studies: the published table against a second computation, known truth found again, leakage, refusals.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>

#include "base/error.hpp"
#include "base/random.hpp"
#include "calibration/evaluation.hpp"

using namespace winze;
using namespace winze::calibration;

namespace {

Study read_study(const std::string& yaml, const std::string& name = "study.yaml") {
  input::Problems problems;
  const Study study = input::read<Study>(input::parse_yaml_text(yaml, name), problems);
  problems.raise();
  return study;
}

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("winze_calibration_" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
};

std::string message(const std::function<void()>& body) {
  try {
    body();
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

const char* small = R"(
table: t.csv
class: {column: c, names: [no, yes]}
group: site
replicates: 100
folds: 4
indices: {a: {column: a}}
)";

}  // namespace

// 246 published cases. Expected: computed independently with numpy (ranks, brute force over all triples of limits, Newton on numerical derivatives).
TEST(PublishedTable, AgreesWithASecondComputation) {
  const std::string folder = std::string(WINZE_SOURCE_DIR) + "/cases/calibration";
  input::Problems problems;
  Study study = input::read<Study>(input::parse_yaml_file(folder + "/study.yaml"), problems);
  problems.raise();
  study.replicates = 100;
  const Cases cases = read_cases(study, folder);
  EXPECT_EQ(cases.n_rows(), 246);
  EXPECT_EQ(cases.n_groups, 46);
  const Evaluation found = evaluate(study, cases);
  const auto rule = [&](const std::string& name) -> const Agreement& {
    for (const auto& r : found.rules)
      if (r.name == name) return r.agreement;
    throw InputError("no rule {}", name);
  };
  EXPECT_NEAR(rule("russenes").accuracy.value, 109.0 / 246, 1e-12);
  EXPECT_NEAR(rule("russenes").kappa.value, 0.2601584966961562, 1e-12);
  EXPECT_NEAR(rule("wet_index").quadratic_kappa.value, 0.591231660063564, 1e-12);
  EXPECT_NEAR(rule("milder_of_both").accuracy.value, 152.0 / 246, 1e-12);
  EXPECT_NEAR(rule("milder_of_both").macro_f1.value, 0.6261049704108341, 1e-12);
  EXPECT_NEAR(rule("worse_of_both").within_one.value, 0.7804878048780488, 1e-12);
  const double area[3][3] = {{0.732214, 0.693289, 0.805356}, {0.832971, 0.843736, 0.881694}, {0.429602, 0.503669, 0.693013}};
  const double right[3] = {128, 152, 100};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(found.indices[i].boundary[k].area.value, area[i][k], 1e-6);
    EXPECT_NEAR(found.indices[i].in_sample.accuracy.value, right[i] / 246, 1e-12);
    EXPECT_LT(found.indices[i].by_groups.accuracy.value, found.indices[i].in_sample.accuracy.value);
  }
  EXPECT_NEAR(found.indices[1].limits[0].value, 1.885, 1e-12);
  EXPECT_NEAR(found.indices[1].limits[2].value, 7.15, 1e-12);
  const ProportionalOdds& fit = found.models[1].fit;
  const double expected[5] = {0.34534583, 2.92369186, 5.61180485, 2.91033928, 1.25288851},
               error[5] = {0.4418827, 0.4865899, 0.5803224, 0.3028311, 0.2123384};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(i < 3 ? fit.cut[i] : fit.beta[i - 3], expected[i], 1e-6);
    EXPECT_NEAR(fit.error[i], error[i], 1e-5);
  }
  EXPECT_NEAR(fit.log_likelihood, -228.96121080728, 1e-8);
  for (const auto& r : found.rules)
    for (const Estimate* e : {&r.agreement.accuracy, &r.agreement.kappa}) EXPECT_TRUE(e->low <= e->value && e->value <= e->high) << r.name;
}

// Ten sites with an index of their own that means nothing: rows of one site betray its class, unseen sites do not. Mean of 20 tables: validation by
// groups finds chance (0.5) or worse, validation by rows skill.
TEST(Leakage, IsShownByValidationByRows) {
  const Folder folder;
  Random random(11);
  const Study study = read_study(small);
  double by_rows = 0, by_groups = 0;
  constexpr int tables = 20;
  for (int table = 0; table < tables; ++table) {
    std::string csv = "a,c,site\n";
    for (int site = 0; site < 10; ++site) {
      const double level = 10 * random.uniform();
      const int truth = random.below(2);
      for (int i = 0; i < 12; ++i) csv += fmt::format("{},{},s{}\n", level + 1e-3 * random.uniform(), site == 0 ? 0 : site == 1 ? 1 : truth, site);
    }
    folder.write("t.csv", csv);
    const IndexResult found = evaluate(study, read_cases(study, folder.path.string())).indices[0];
    by_rows += found.accuracy_by_rows / tables;
    by_groups += found.by_groups.accuracy.value / tables;
  }
  EXPECT_LT(by_groups, 0.58);
  EXPECT_GT(by_rows, by_groups + 0.1);
}

// Limits behind a synthetic table are found again inside their intervals; the numbers do not depend on the order of rows.
TEST(Truth, LimitsAreFoundAgain) {
  const Folder folder;
  Random random(2);
  std::vector<std::string> rows;
  for (int i = 0; i < 400; ++i) {
    const double x = 4 * random.uniform(), seen = x + 0.2 * random.normal();
    rows.push_back(fmt::format("{:.4f},{},s{}\n", x, seen < 1 ? "mild" : seen < 2.5 ? "middle" : "bad", i / 8));
  }
  const auto limits = [&] {
    std::string csv = "a,c,site\n";
    for (const std::string& row : rows) csv += row;
    folder.write("t.csv", csv);
    Study study = read_study(std::string(small) + "name: truth\n");
    study.classes.names = {"mild", "middle", "bad"};
    study.replicates = 300;
    return evaluate(study, read_cases(study, folder.path.string())).indices[0];
  };
  const IndexResult found = limits();
  const double truth[2] = {1, 2.5};
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_LE(found.limits[k].low, truth[k]);
    EXPECT_GE(found.limits[k].high, truth[k]);
    EXPECT_NEAR(found.limits[k].value, truth[k], 0.15);
  }
  random.shuffle(rows);
  EXPECT_EQ(limits().limits[0].value, found.limits[0].value);
}

TEST(Severity, FallingIndicesAreMirrored) {
  const Folder folder;
  std::string rising = "a,c,site\n", falling = rising;
  Random random(4);
  for (int i = 0; i < 60; ++i) {
    const double x = 1 + random.uniform();
    const int truth = x + 0.3 * random.normal() > 1.5;
    rising += fmt::format("{},{},{}\n", x, truth, i / 3);
    falling += fmt::format("{},{},{}\n", 3 - x, truth, i / 3);
  }
  Study study = read_study(small);
  folder.write("t.csv", rising);
  const IndexResult up = evaluate(study, read_cases(study, folder.path.string())).indices[0];
  study.indices.entries[0].second.severity = Severity::falls;
  folder.write("t.csv", falling);
  const IndexResult down = evaluate(study, read_cases(study, folder.path.string())).indices[0];
  EXPECT_NEAR(down.boundary[0].area.value, up.boundary[0].area.value, 1e-12);
  EXPECT_NEAR(down.limits[0].value, 3 - up.limits[0].value, 1e-9);
  EXPECT_NEAR(down.spearman.value, -up.spearman.value, 1e-12);
}

TEST(Refusal, OfStudiesAndTables) {
  const Folder folder;
  const auto table = [&](const std::string& csv) {
    folder.write("t.csv", csv);
    const Study study = read_study(small);
    return message([&] { evaluate(study, read_cases(study, folder.path.string())); });
  };
  const auto study = [&](const std::string& more) { return message([&] { read_study(std::string(small) + more); }); };
  const auto has = [](const std::string& whole, const std::string& part) { EXPECT_NE(whole.find(part), std::string::npos) << whole; };
  std::string rows;
  for (int i = 0; i < 12; ++i) rows += fmt::format("{},{},{}\n", i, i % 2, i / 2);
  has(table("a,c\n1,0\n"), "a column 'site' is missing");
  has(table("a,c,site\n" + rows + "x,1,3\n"), "t.csv:14");
  has(table("a,c,site\n" + rows + "nan,1,3\n"), "t.csv:14");
  has(table("a,c,site\n" + rows + "1,maybe,3\n"), "'maybe' is no class; the names are no, yes");
  has(table("a,c,site\n" + rows + "1,7,3\n"), "'7' is no class");
  has(table("a,c,site\n1,0,1\n2,1,2\n"), "2 rows are left");
  std::string one_class, one_group;
  for (int i = 0; i < 12; ++i) one_class += fmt::format("{},0,{}\n", i, i), one_group += fmt::format("{},{},mine\n", i, i % 2);
  has(table("a,c,site\n" + one_class), "nothing can be told apart");
  has(table("a,c,site\n" + one_group), "one group");
  has(table("a,c,site\n1,0\n"), "the row has 2 values for 3 columns");
  has(study("rules: {r: {limits: {index: b, at: 1}}}\n"), "there is no index 'b'");
  has(study("rules: {r: {limits: {index: a, at: [2, 1]}}}\n"), "2 limits for 2 classes");
  has(study("rules: {r: {most: {of: q}}}\n"), "there is no rule above it 'q'");
  has(study("rules: {r: {always: {class: often}}}\n"), "there is no class 'often'");
  has(study("models: {m: {log: wet}}\n"), "there is no index 'wet'");
  has(study("models: {m: {}}\n"), "needs a predictor");
  has(study("confidence: 1.5\n"), "confidence");
  has(study("foldes: 3\n"), "folds");
  has(message([] { read_study("table: t.csv\nclass: {column: c, names: [a, b]}\nindices: {a: {column: a}}\n"); }), "'group' is missing");
  std::string zero;
  for (int i = 0; i < 12; ++i) zero += fmt::format("{},{},{}\n", i, i % 2, i / 2);
  folder.write("t.csv", "a,c,site\n" + zero);
  const Study logarithm = read_study(std::string(small) + "models: {m: {log: a}}\n");
  has(message([&] { evaluate(logarithm, read_cases(logarithm, folder.path.string())); }), "its logarithm is no predictor");
}
