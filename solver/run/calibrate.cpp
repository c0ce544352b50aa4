#include "run/calibrate.hpp"

#include <cmath>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/version.hpp"
#include "calibration/evaluation.hpp"
#include "output/disk.hpp"

namespace winze::run {
namespace {

namespace fs = std::filesystem;
using calibration::Agreement;
using calibration::Cases;
using calibration::Estimate;
using calibration::Evaluation;
using calibration::Study;
using json = nlohmann::ordered_json;

Study load(const std::string& path, const std::vector<std::string>& settings) {
  input::Value document = input::parse_yaml_file(path);
  for (const std::string& s : settings) input::set(document, s);
  input::Problems problems;
  Study study = input::read<Study>(document, problems);
  problems.raise();
  if (study.name.empty()) study.name = fs::path(path).stem().string();
  return study;
}

std::string text(double x) { return std::isnan(x) ? "-" : std::isinf(x) ? (x > 0 ? "inf" : "-inf") : fmt::format("{:.3g}", x); }
std::string text(const Estimate& e) { return fmt::format("{} [{}, {}]", text(e.value), text(e.low), text(e.high)); }
std::string score(const Estimate& e) { return fmt::format("{:.3f} [{:.3f}, {:.3f}]", e.value, e.low, e.high); }

void print(const Study& study, const Cases& cases, const Evaluation& found) {
  std::string counts;
  for (std::size_t k = 0; k < study.classes.names.size(); ++k)
    counts += fmt::format("{}{} {}", k ? ", " : "", std::count(cases.truth.begin(), cases.truth.end(), int(k)), study.classes.names[k]);
  std::cout << fmt::format("{}: {} rows ({}) in {} groups\n", study.name, cases.n_rows(), counts, cases.n_groups);
  for (const auto& [why, rows] : cases.left_out) std::cout << fmt::format("  left out: {} {}\n", rows, why);
  std::cout << fmt::format("Intervals: {:.0f} %, {} bootstrap samples of groups. Validation: {} folds by group. Indicators, not predictions.\n",
                           100 * study.confidence, study.replicates, study.folds);
  const auto header = [](const char* what, const char* more = "") {
    std::cout << fmt::format("\n{:24} {:>5}  {:22}{:22}{:22}{:22}{}\n", what, "rows", "accuracy", "kappa", "quadratic kappa", "within one class",
                             more);
  };
  const auto line = [](const std::string& name, int rows, const Agreement& a, const std::string& more = "") {
    std::cout << fmt::format("{:24} {:5}  {:22}{:22}{:22}{:22}{}\n", name, rows, score(a.accuracy), score(a.kappa), score(a.quadratic_kappa),
                             score(a.within_one), more);
  };
  if (!found.rules.empty()) header("published rules");
  for (const auto& r : found.rules) line(r.name, r.rows, r.agreement);
  header("limits found here", "validated by rows");
  for (const auto& i : found.indices) line(i.name, i.rows, i.by_groups, fmt::format("{:.3f}", i.accuracy_by_rows));
  if (!found.models.empty()) header("ordinal models", "validated by rows");
  for (const auto& m : found.models) line(m.name, m.rows, m.by_groups, fmt::format("{:.3f}", m.accuracy_by_rows));

  std::cout << "\nindex: rank correlation with the class; at each boundary area under ROC, limit of least cost, limit of Youden\n";
  for (const auto& i : found.indices) {
    std::cout << fmt::format("{:24} {}\n", i.name, score(i.spearman));
    for (std::size_t k = 0; k < i.boundary.size(); ++k)
      std::cout << fmt::format("  >= {:19} {}   {:26}{}\n", study.classes.names[k + 1], score(i.boundary[k].area), text(i.limits[k]),
                               text(i.boundary[k].youden_limit));
  }
  for (const auto& m : found.models) {
    std::cout << fmt::format("\n{}: log-likelihood {:.2f}, Brier {}, RPS {}\n", m.name, m.fit.log_likelihood, score(m.brier),
                             score(m.ranked_probability_score));
    for (std::size_t i = 0; i < m.beta.size(); ++i)
      std::cout << fmt::format("  {:22} {}  standard error {:.3g}\n", m.predictors[i], text(m.beta[i]), m.fit.error[m.cut.size() + i]);
    for (std::size_t k = 0; k < m.cut.size(); ++k)
      std::cout << fmt::format("  below {:16} {}  standard error {:.3g}\n", study.classes.names[k + 1], text(m.cut[k]), m.fit.error[k]);
    if (m.replicates_without_fit)
      std::cout << fmt::format("  {} of {} bootstrap samples have no most likely model and are left out\n", m.replicates_without_fit,
                               study.replicates);
  }
}

/// Numbers that JSON cannot hold become null (NaN) and texts (infinite limits).
json number(double x) {
  if (std::isnan(x)) return nullptr;
  if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
  return x;
}
json estimate(const Estimate& e) { return {{"value", number(e.value)}, {"low", number(e.low)}, {"high", number(e.high)}}; }
json agreement(const Agreement& a) {
  return {{"accuracy", estimate(a.accuracy)}, {"kappa", estimate(a.kappa)},           {"quadratic_kappa", estimate(a.quadratic_kappa)},
          {"macro_f1", estimate(a.macro_f1)}, {"within_one", estimate(a.within_one)}, {"confusion", a.confusion}};
}

json summary(const Study& study, const Cases& cases, const Evaluation& found, const std::string& command) {
  json all = {{"study", study.name},
              {"status", "done"},
              {"command", command},
              {"version", version},
              {"table", {{"file", study.table}, {"hash", cases.hash}, {"rows", cases.n_rows()}, {"groups", cases.n_groups}}},
              {"classes", study.classes.names}};
  for (const auto& [why, rows] : cases.left_out) all["table"]["left_out"][why] = rows;
  for (const auto& r : found.rules) all["rules"][r.name] = {{"rows", r.rows}, {"agreement", agreement(r.agreement)}};
  for (const auto& i : found.indices) {
    json& entry = all["indices"][i.name] = {{"rows", i.rows}, {"groups", i.groups}, {"spearman", estimate(i.spearman)}};
    for (std::size_t k = 0; k < i.boundary.size(); ++k)
      entry["at_least"][study.classes.names[k + 1]] = {{"area_under_roc", estimate(i.boundary[k].area)},
                                                       {"limit", estimate(i.limits[k])},
                                                       {"youden_limit", estimate(i.boundary[k].youden_limit)},
                                                       {"youden_j", number(i.boundary[k].youden_j)}};
    entry["in_sample"] = agreement(i.in_sample);
    entry["by_groups"] = agreement(i.by_groups);
    entry["accuracy_by_rows"] = i.accuracy_by_rows;
  }
  for (const auto& m : found.models) {
    json& entry = all["models"][m.name] = {
        {"rows", m.rows}, {"groups", m.groups}, {"log_likelihood", m.fit.log_likelihood}, {"replicates_without_fit", m.replicates_without_fit}};
    for (std::size_t i = 0; i < m.beta.size(); ++i) {
      entry["slopes"][m.predictors[i]] = estimate(m.beta[i]);
      entry["slopes"][m.predictors[i]]["standard_error"] = m.fit.error[m.cut.size() + i];
    }
    for (std::size_t k = 0; k < m.cut.size(); ++k) {
      entry["cuts"][study.classes.names[k + 1]] = estimate(m.cut[k]);
      entry["cuts"][study.classes.names[k + 1]]["standard_error"] = m.fit.error[k];
    }
    entry["in_sample"] = agreement(m.in_sample);
    entry["by_groups"] = agreement(m.by_groups);
    entry["brier"] = estimate(m.brier);
    entry["ranked_probability_score"] = estimate(m.ranked_probability_score);
    entry["accuracy_by_rows"] = m.accuracy_by_rows;
  }
  return all;
}

/// The limits as a later study or run can take them, with what they are worth.
std::string limits_yaml(const Study& study, const Cases& cases, const Evaluation& found) {
  const auto scalar = [](double x) {
    return input::Value::scalar(std::isnan(x) ? ".nan" : std::isinf(x) ? (x > 0 ? ".inf" : "-.inf") : fmt::format("{:.10g}", x));
  };
  input::Value root = input::Value::map(), table = input::Value::map(), labels = input::Value::list(), all = input::Value::map();
  for (const std::string& name : study.classes.names) labels.items.push_back(input::Value::scalar(name));
  table.add("file", input::Value::scalar(study.table));
  table.add("hash", input::Value::scalar(cases.hash));
  table.add("rows", input::Value::scalar(std::to_string(cases.n_rows())));
  table.add("groups", input::Value::scalar(std::to_string(cases.n_groups)));
  for (const auto& i : found.indices) {
    input::Value entry = input::Value::map(), at = input::Value::list(), low = input::Value::list(), high = input::Value::list();
    for (const Estimate& limit : i.limits) {
      at.items.push_back(scalar(limit.value));
      low.items.push_back(scalar(limit.low));
      high.items.push_back(scalar(limit.high));
    }
    const bool rises = study.indices.find(i.name)->severity == calibration::Severity::rises;
    entry.add("severity", input::Value::scalar(rises ? "rises" : "falls"));
    entry.add("at", at);
    entry.add("low", low);
    entry.add("high", high);
    entry.add("rows", input::Value::scalar(std::to_string(i.rows)));
    entry.add("accuracy_on_unseen_groups", scalar(i.by_groups.accuracy.value));
    entry.add("accuracy_low", scalar(i.by_groups.accuracy.low));
    entry.add("accuracy_high", scalar(i.by_groups.accuracy.high));
    all.add(i.name, entry);
  }
  root.add("study", input::Value::scalar(study.name));
  root.add("classes", labels);
  root.add("table", table);
  root.add("confidence", scalar(study.confidence));
  root.add("limits", all);
  return input::to_yaml(root);
}

std::string scores_csv(const Evaluation& found) {
  std::string csv = "kind,name,rows,judged_on";
  for (const char* name : {"accuracy", "kappa", "quadratic_kappa", "macro_f1", "within_one"}) csv += fmt::format(",{0},{0}_low,{0}_high", name);
  csv += "\n";
  const auto add = [&](const char* kind, const std::string& name, int rows, const char* judged_on, const Agreement& a) {
    csv += fmt::format("{},{},{},{}", kind, name, rows, judged_on);
    for (const Estimate* e : {&a.accuracy, &a.kappa, &a.quadratic_kappa, &a.macro_f1, &a.within_one})
      csv += fmt::format(",{:.6g},{:.6g},{:.6g}", e->value, e->low, e->high);
    csv += "\n";
  };
  for (const auto& r : found.rules) add("rule", r.name, r.rows, "all rows", r.agreement);
  for (const auto& i : found.indices)
    add("limits", i.name, i.rows, "same rows", i.in_sample), add("limits", i.name, i.rows, "unseen groups", i.by_groups);
  for (const auto& m : found.models)
    add("model", m.name, m.rows, "same rows", m.in_sample), add("model", m.name, m.rows, "unseen groups", m.by_groups);
  return csv;
}

std::string roc_csv(const Study& study, const Evaluation& found) {
  std::string csv = "index,at_least,limit,false_rate,true_rate\n";
  for (const auto& i : found.indices)
    for (std::size_t k = 0; k < i.boundary.size(); ++k)
      for (const auto& p : i.boundary[k].roc)
        csv += fmt::format("{},{},{:.8g},{:.8g},{:.8g}\n", i.name, study.classes.names[k + 1], p.threshold, p.false_rate, p.true_rate);
  return csv;
}

std::string reliability_csv(const Study& study, const Evaluation& found) {
  std::string csv = "model,at_least,predicted,observed,rows\n";
  for (const auto& m : found.models)
    for (const auto& b : m.reliability)
      csv += fmt::format("{},{},{:.6g},{:.6g},{}\n", m.name, study.classes.names[std::size_t(b.boundary)], b.predicted, b.observed, b.rows);
  return csv;
}

}  // namespace

void calibrate(const Comm& comm, const CalibrateOptions& options) {
  comm.together([&] {
    if (!comm.root()) return;
    const Study study = load(options.study_path, options.settings);
    const Cases cases = calibration::read_cases(study, fs::path(options.study_path).parent_path().string());
    const Evaluation found = calibration::evaluate(study, cases);
    const fs::path out = options.out.empty() ? fs::path("out") / study.name : fs::path(options.out);
    output::make_folder(out);
    output::replace_text(out / "resolved.yaml", input::write(study));
    output::replace_text(out / "limits.yaml", limits_yaml(study, cases, found));
    output::replace_text(out / "scores.csv", scores_csv(found));
    output::replace_text(out / "roc.csv", roc_csv(study, found));
    output::replace_text(out / "reliability.csv", reliability_csv(study, found));
    output::replace_text(out / "summary.json", summary(study, cases, found, options.command).dump(2) + "\n");
    print(study, cases, found);
    log::info("done: limits.yaml, scores.csv, roc.csv, reliability.csv and summary.json in {}", out.string());
  });
}

void calibrate_schema(const Comm& comm) {
  if (comm.root()) std::cout << input::json_schema(input::type_info<Study>(), "winze calibration study") << "\n";
}

}  // namespace winze::run
