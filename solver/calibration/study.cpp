#include "calibration/study.hpp"

#include <algorithm>
#include <set>

namespace winze::calibration {
namespace {

/// Whether `name` is among `known`; reports it otherwise.
bool is_known(const std::string& name, const std::vector<std::string>& known, const char* what, const std::string& where, input::Check& check) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return true;
  const std::string near = input::suggest(name, known);
  check.problem("{}: there is no {} '{}'{}", where, what, name, near.empty() ? "" : "; did you mean '" + near + "'?");
  return false;
}

}  // namespace

void ClassColumn::check(input::Check& check) const {
  if (names.size() < 2) check.problem("names: at least two classes are needed");
  if (std::set<std::string>(names.begin(), names.end()).size() != names.size()) check.problem("names: two classes have the same name");
}

void Model::check(input::Check& check) const {
  if (log.empty() && linear.empty()) check.problem("a model needs a predictor: name indices under log or linear");
}

void Study::check(input::Check& check) const {
  if (indices.entries.empty()) check.problem("indices: name at least one");
  if (group.size() > 1 && std::find(group.begin(), group.end(), "each_row") != group.end())
    check.problem("group: each_row stands alone, without columns");
  const std::vector<std::string> known = indices.names();
  std::vector<std::string> above;
  for (const auto& [rule_name, rule] : rules.entries) {
    const std::string where = "rules." + rule_name;
    if (const auto* limits = std::get_if<LimitsRule>(&rule.value)) {
      if (limits->at.size() + 1 != classes.names.size())
        check.problem("{}: {} limits for {} classes; one fewer than classes is right", where, limits->at.size(), classes.names.size());
      if (!is_known(limits->index, known, "index", where, check)) continue;
      const bool rises = indices.find(limits->index)->severity == Severity::rises;
      for (std::size_t i = 1; i < limits->at.size(); ++i)
        if (rises ? !(limits->at[i] > limits->at[i - 1]) : !(limits->at[i] < limits->at[i - 1])) {
          check.problem("{}: limits must {} since the severity of {} {} with its value", where, rises ? "ascend" : "descend", limits->index,
                        rises ? "rises" : "falls");
          break;
        }
    } else if (const auto* always = std::get_if<AlwaysRule>(&rule.value)) {
      is_known(always->what, classes.names, "class", where, check);
    } else {
      const auto& of = std::holds_alternative<LeastRule>(rule.value) ? std::get<LeastRule>(rule.value).of : std::get<MostRule>(rule.value).of;
      if (of.empty()) check.problem("{}: of: name at least one rule", where);
      for (const std::string& other : of) is_known(other, above, "rule above it", where, check);
    }
    above.push_back(rule_name);
  }
  for (const auto& [model_name, model] : models.entries) {
    for (const std::string& index : model.log) is_known(index, known, "index", "models." + model_name, check);
    for (const std::string& index : model.linear) is_known(index, known, "index", "models." + model_name, check);
  }
}

}  // namespace winze::calibration
