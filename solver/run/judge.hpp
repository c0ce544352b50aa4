/// Which clauses of the rules a study counts, and what they say of the air.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "air/rule_set.hpp"
#include "air/workplaces.hpp"
#include "base/error.hpp"
#include "design/outcome.hpp"
#include "design/study.hpp"

namespace winze::run {

/// Keeps a reference to the rules. Throws InputError for a clause that is in none of them.
class Judge {
 public:
  Judge(const design::Study& study, const std::vector<air::RuleSet>& sets) : sets_(sets) {
    std::vector<std::string> known;
    for (const air::RuleSet& set : sets)
      for (const air::Clause& clause : set.clauses) known.push_back(set.name + "/" + clause.name);
    for (const std::string& clause : study.clauses)
      if (std::find(known.begin(), known.end(), clause) == known.end()) {
        const std::string near = input::suggest(clause, known);
        throw InputError("clauses: there is no clause '{}'{}; there are: {}", clause, near.empty() ? "" : "; did you mean '" + near + "'?",
                         fmt::join(known, ", "));
      }
    for (const std::string& clause : known)
      if (study.clauses.empty() || std::find(study.clauses.begin(), study.clauses.end(), clause) != study.clauses.end()) counted_.push_back(clause);
  }
  std::vector<design::Judged> operator()(const air::Air& air) const {
    std::vector<design::Judged> all;
    if (!air.climate() || air.network().workplaces.entries.empty()) return all;
    const air::Psychrometry route = air.climate()->route();
    for (const air::Workplace& w : air::workplaces(air))
      for (const air::RuleSet& set : sets_)
        for (const air::Finding& f : air::evaluate(set, w, route)) {
          const std::string clause = set.name + "/" + f.clause->name;
          if (f.verdict != air::Verdict::within && f.verdict != air::Verdict::beyond) continue;
          if (std::find(counted_.begin(), counted_.end(), clause) == counted_.end()) continue;
          all.push_back({w.name, clause, f.verdict == air::Verdict::beyond, f.kelvin, f.power});
        }
    return all;
  }
  bool recalled(const std::string& clause) const {
    for (const air::RuleSet& set : sets_)
      for (const air::Clause& c : set.clauses)
        if (set.name + "/" + c.name == clause) return c.confidence == air::Confidence::recalled;
    return false;
  }
  const std::vector<std::string>& counted() const { return counted_; }

 private:
  const std::vector<air::RuleSet>& sets_;
  std::vector<std::string> counted_;
};

}  // namespace winze::run
