/// A calibration study as its file says it: which table, which indices, whose limits, which models, and how they are judged.
#pragma once
#include <string>
#include <vector>

#include "input/key.hpp"

namespace winze::calibration {

enum class Severity { rises, falls };
constexpr std::array<const char*, 2> names(Severity) { return {"rises", "falls"}; }

struct ClassColumn {
  std::string column;
  std::vector<std::string> names;
  static auto keys() {
    return input::keys(
        input::key("column", &ClassColumn::column, "column with the observed class: one of names, or its number from 0, the least severe").require(),
        input::key("names", &ClassColumn::names, "of the classes, the least severe first").require());
  }
  void check(input::Check& check) const;
};

struct Where {
  std::string column, is;
  static auto keys() {
    return input::keys(input::key("column", &Where::column, "a column of the table").require(),
                       input::key("is", &Where::is, "rows with another text there are left out").require());
  }
};

/// A number per row.
struct Index {
  std::string column, over;
  Severity severity = Severity::rises;
  static auto keys() {
    return input::keys(input::key("column", &Index::column, "column with its values").require(),
                       input::key("over", &Index::over, "column to divide by: ratios are formed here, not taken from a printed column"),
                       input::key("severity", &Index::severity, "whether the severity rises or falls with its value"));
  }
};

struct LimitsRule {
  static constexpr const char* name = "limits";
  static constexpr const char* doc = "classes by published limits of an index";
  std::string index, source;
  std::vector<double> at;
  static auto keys() {
    return input::keys(
        input::key("index", &LimitsRule::index, "an index of this study").require(),
        input::key("at", &LimitsRule::at, "one limit fewer than classes, in class order; a value at a limit belongs to the interval above it")
            .require(),
        input::key("source", &LimitsRule::source, "where the limits are published"));
  }
};
struct LeastRule {
  static constexpr const char* name = "least";
  static constexpr const char* doc = "the mildest class that other rules say";
  std::vector<std::string> of;
  static auto keys() { return input::keys(input::key("of", &LeastRule::of, "rules named above this one").require()); }
};
struct MostRule {
  static constexpr const char* name = "most";
  static constexpr const char* doc = "the most severe class that other rules say";
  std::vector<std::string> of;
  static auto keys() { return input::keys(input::key("of", &MostRule::of, "rules named above this one").require()); }
};
struct AlwaysRule {
  static constexpr const char* name = "always";
  static constexpr const char* doc = "one class whatever the row says: what every rule must beat";
  std::string what;
  static auto keys() { return input::keys(input::key("class", &AlwaysRule::what, "a class").require()); }
};
using Rule = input::Choice<LimitsRule, LeastRule, MostRule, AlwaysRule>;

/// Proportional-odds logistic regression.
struct Model {
  std::vector<std::string> log, linear;
  static auto keys() {
    return input::keys(input::key("log", &Model::log, "indices whose logarithm is a predictor"),
                       input::key("linear", &Model::linear, "indices that are predictors as they are"));
  }
  void check(input::Check& check) const;
};

struct Study {
  std::string name, table;
  ClassColumn classes;
  std::vector<Where> where;
  std::vector<std::string> leave_out, group;
  input::Named<Index> indices;
  input::Named<Rule> rules;
  input::Named<Model> models;
  int folds = 10, replicates = 1000, seed = 1;
  double confidence = 0.95, miss = 1;
  static auto keys() {
    return input::keys(
        input::key("name", &Study::name, "of the study"),
        input::key("table", &Study::table, "CSV file with one row per case, relative to this file").require(),
        input::key("class", &Study::classes, "what was observed").require(), input::key("where", &Study::where, "which rows count"),
        input::key("leave_out", &Study::leave_out, "columns that mark rows to leave out, by any text: duplicates"),
        input::key("group", &Study::group,
                   "columns that tell where a row comes from (site, source, block of space and time): rows that share them are never parted by "
                   "validation, and are drawn together by the bootstrap; each_row parts them all, which makes rules look better than they are")
            .require(),
        input::key("indices", &Study::indices, "numbers that may tell the class").require(),
        input::key("rules", &Study::rules, "classes by published limits and their combinations"),
        input::key("models", &Study::models, "ordinal logistic regressions (proportional odds)"),
        input::key("folds", &Study::folds, "1", "of the cross-validation, grouped; and of the one by rows that shows the leakage").between(2, 1000),
        input::key("replicates", &Study::replicates, "1", "of the bootstrap by group").between(100, 1000000),
        input::key("seed", &Study::seed, "1", "of folds and bootstrap").between(0, 1000000000),
        input::key("confidence", &Study::confidence, "1", "level of the intervals").between_open(0.5, 1),
        input::key("miss", &Study::miss, "1", "cost of a class said too mild over that of one said too severe, for the limits found here").above(0));
  }
  void check(input::Check& check) const;
};

}  // namespace winze::calibration
