/// What `winze compare` has found, and the tables made of it.
#pragma once
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "design/outcome.hpp"
#include "run/case.hpp"
#include "run/judge.hpp"

namespace winze::run {

/// Numbers that are not finite are null.
inline nlohmann::ordered_json number(double x) { return std::isfinite(x) ? nlohmann::ordered_json(x) : nlohmann::ordered_json(nullptr); }
inline double number(const nlohmann::ordered_json& x) { return x.is_null() ? NAN : x.get<double>(); }

/// One run: an option as it is, or under a doubt.
struct Task {
  const design::Option* option = nullptr;
  std::string name, doubt;
  Case changed;
  std::vector<std::string> settings;
  // found by whoever runs it
  std::vector<design::Observed> seen;
  std::vector<std::pair<std::string, double>> minutes;  ///< of trips; infinite: none within the time watched
  std::string failure;
};

/// Least margin, K; infinite where nothing is judged.
double coolest(const std::vector<design::Judged>& judged);

/// The ranked table of all options and what belongs to it. Keeps references.
class Comparison {
 public:
  Comparison(const design::Study& study, const std::vector<Task>& tasks, const Judge& judge, const Case& base);
  std::string ranking_csv() const;
  /// Days beyond, by clause and workplace of every option.
  std::string beyond_csv() const;
  std::string sensitivity_csv() const;
  /// compare.json.
  nlohmann::ordered_json summary(const std::string& command) const;
  /// To standard output.
  void print() const;
  /// What could not be solved.
  std::vector<const Task*> failures() const;

 private:
  std::string unit(const std::string& of_measure) const;
  double longest(const std::string& trip) const;
  std::string recalled_note() const;
  double height(const std::string& workplace) const;
  nlohmann::ordered_json place(const design::Place& p) const;
  std::string under(const std::string& doubt, const std::string& name) const;

  const design::Study& study_;
  const Judge& judge_;
  const Case& base_;
  std::vector<const Task*> all_, doubts_, solved_;
  std::vector<design::Outcome> outcomes_;
  std::vector<int> order_;
  std::vector<bool> front_;
};

}  // namespace winze::run
