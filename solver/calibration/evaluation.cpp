#include "calibration/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>

#include "base/error.hpp"
#include "calibration/folds.hpp"
#include "calibration/thresholds.hpp"

namespace winze::calibration {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int fewest_rows = 10;
constexpr double most_failures = 0.1;  ///< of the replicates, beyond which there are no intervals

template <class T>
std::vector<T> pick(const std::vector<T>& from, const std::vector<int>& rows) {
  std::vector<T> picked;
  picked.reserve(rows.size());
  for (const int row : rows) picked.push_back(from[std::size_t(row)]);
  return picked;
}

/// Rows with a number, their classes and groups numbered anew.
struct Rows {
  std::vector<int> truth, group;
  int n_groups = 0;
};

Rows with_groups(const Cases& cases, const std::vector<int>& rows) {
  Rows r;
  std::map<int, int> number;
  for (const int row : rows) {
    r.truth.push_back(cases.truth[std::size_t(row)]);
    r.group.push_back(number.try_emplace(cases.group[std::size_t(row)], int(number.size())).first->second);
  }
  r.n_groups = int(number.size());
  return r;
}

/// Fills the estimates' ends from replicates of the statistics, whose values are set: statistics(rows of a sample) → one number per estimate.
void add_intervals(const Study& study, const std::vector<int>& group, const std::vector<Estimate*>& estimates,
                   const std::function<std::vector<double>(const std::vector<int>&)>& statistics) {
  const GroupBootstrap bootstrap(group);
  std::vector<std::vector<double>> of(estimates.size());
  for (int replicate = 0; replicate < study.replicates; ++replicate) {
    const std::vector<double> found = statistics(bootstrap.sample(std::uint64_t(study.seed), replicate));
    for (std::size_t i = 0; i < estimates.size(); ++i) of[i].push_back(found[i]);
  }
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    const auto missing = std::count_if(of[i].begin(), of[i].end(), [](double v) { return std::isnan(v); });
    const bool enough = double(missing) <= most_failures * study.replicates;
    std::tie(estimates[i]->low, estimates[i]->high) = enough ? interval(of[i], study.confidence) : std::pair{nan, nan};
  }
}

std::vector<double> agreement_numbers(const Confusion& c) { return {c.accuracy(), c.kappa(), c.quadratic_kappa(), c.macro_f1(), c.within_one()}; }

Agreement agree(const Study& study, const Rows& rows, const std::vector<int>& said) {
  const int n_classes = int(study.classes.names.size());
  Agreement a;
  const Confusion confusion(rows.truth, said, n_classes);
  const std::vector<Estimate*> estimates = {&a.accuracy, &a.kappa, &a.quadratic_kappa, &a.macro_f1, &a.within_one};
  const std::vector<double> numbers = agreement_numbers(confusion);
  for (std::size_t i = 0; i < estimates.size(); ++i) estimates[i]->value = numbers[i];
  a.confusion = confusion.count;
  add_intervals(study, rows.group, estimates,
                [&](const std::vector<int>& drawn) { return agreement_numbers(Confusion(pick(rows.truth, drawn), pick(said, drawn), n_classes)); });
  return a;
}

/// What `train` on all rows but those of a fold says of that fold, for every fold. train(training rows, rows to say) → [rows to say].
template <class Train>
void validate(const std::vector<int>& fold, const Train& train) {
  const int n_folds = *std::max_element(fold.begin(), fold.end()) + 1;
  for (int f = 0; f < n_folds; ++f) {
    std::vector<int> training, held;
    for (std::size_t i = 0; i < fold.size(); ++i) (fold[i] == f ? held : training).push_back(int(i));
    train(training, held);
  }
}

std::vector<int> fold_by_groups(const Study& study, const Rows& rows) {
  return grouped_folds(rows.group, rows.truth, study.folds, std::uint64_t(study.seed));
}
std::vector<int> fold_by_rows(const Study& study, const Rows& rows) {
  std::vector<int> own(rows.truth.size());
  std::iota(own.begin(), own.end(), 0);
  return grouped_folds(own, rows.truth, study.folds, std::uint64_t(study.seed));
}

std::vector<char> at_least(const std::vector<int>& truth, int k) {
  std::vector<char> positive;
  for (const int t : truth) positive.push_back(t >= k);
  return positive;
}

IndexResult evaluate_index(const Study& study, const Cases& cases, std::size_t number) {
  const auto& [name, index] = study.indices.entries[number];
  const int n_classes = int(study.classes.names.size());
  const double sign = index.severity == Severity::rises ? 1 : -1;
  std::vector<int> used;
  for (int row = 0; row < cases.n_rows(); ++row)
    if (!std::isnan(cases.index[number][std::size_t(row)])) used.push_back(row);
  if (int(used.size()) < fewest_rows) throw InputError("index {}: {} rows have a value; at least {} are needed", name, used.size(), fewest_rows);
  const Rows rows = with_groups(cases, used);
  if (rows.n_groups < 2) throw InputError("index {}: all its {} rows belong to one group", name, used.size());
  std::vector<double> x = pick(cases.index[number], used);  // rising with severity
  for (double& v : x) v *= sign;

  IndexResult result;
  result.name = name;
  result.rows = int(used.size());
  result.groups = rows.n_groups;
  result.boundary.resize(std::size_t(n_classes - 1));
  result.limits.resize(std::size_t(n_classes - 1));
  const Cost cost(n_classes, study.miss);
  // Spearman; area and Youden's limit per boundary; least-cost limits.
  const auto statistics = [&](const std::vector<double>& values, const std::vector<int>& truth) {
    const std::vector<double> as_number(truth.begin(), truth.end());
    std::vector<double> s = {sign * spearman(values, as_number)};
    for (int k = 1; k < n_classes; ++k) {
      const std::vector<char> positive = at_least(truth, k);
      s.push_back(area_under_roc(values, positive));
      s.push_back(sign * youden(values, positive).threshold);
    }
    for (const double limit : best_limits(values, truth, cost)) s.push_back(sign * limit);
    return s;
  };
  std::vector<Estimate*> estimates = {&result.spearman};
  for (Boundary& b : result.boundary) estimates.push_back(&b.area), estimates.push_back(&b.youden_limit);
  for (Estimate& limit : result.limits) estimates.push_back(&limit);
  const std::vector<double> found = statistics(x, rows.truth);
  for (std::size_t i = 0; i < estimates.size(); ++i) estimates[i]->value = found[i];
  add_intervals(study, rows.group, estimates, [&](const std::vector<int>& drawn) { return statistics(pick(x, drawn), pick(rows.truth, drawn)); });
  for (int k = 1; k < n_classes; ++k) {
    const std::vector<char> positive = at_least(rows.truth, k);
    Boundary& b = result.boundary[std::size_t(k - 1)];
    b.youden_j = youden(x, positive).j;
    b.roc = roc(x, positive);
    for (RocPoint& point : b.roc) point.threshold *= sign;
  }
  result.in_sample = agree(study, rows, classify(x, best_limits(x, rows.truth, cost)));
  const auto said = [&](const std::vector<int>& fold) {
    std::vector<int> all(x.size());
    validate(fold, [&](const std::vector<int>& training, const std::vector<int>& held) {
      const std::vector<int> of = classify(pick(x, held), best_limits(pick(x, training), pick(rows.truth, training), cost));
      for (std::size_t i = 0; i < held.size(); ++i) all[std::size_t(held[i])] = of[i];
    });
    return all;
  };
  result.by_groups = agree(study, rows, said(fold_by_groups(study, rows)));
  result.accuracy_by_rows = Confusion(rows.truth, said(fold_by_rows(study, rows)), n_classes).accuracy();
  return result;
}

/// Class by a rule, −1 where an index that it needs is missing.
std::vector<std::vector<int>> classes_by_rules(const Study& study, const Cases& cases) {
  std::map<std::string, std::size_t> rule_number, index_number;
  for (std::size_t i = 0; i < study.indices.entries.size(); ++i) index_number[study.indices.entries[i].first] = i;
  std::vector<std::vector<int>> said;
  for (const auto& [name, rule] : study.rules.entries) {
    std::vector<int> own(cases.truth.size(), -1);
    for (std::size_t row = 0; row < own.size(); ++row) {
      if (const auto* limits = std::get_if<LimitsRule>(&rule.value)) {
        const std::size_t i = index_number.at(limits->index);
        const double x = cases.index[i][row];
        const bool rises = study.indices.entries[i].second.severity == Severity::rises;
        if (!std::isnan(x)) own[row] = int(std::count_if(limits->at.begin(), limits->at.end(), [&](double l) { return rises ? x >= l : x < l; }));
      } else if (const auto* always = std::get_if<AlwaysRule>(&rule.value)) {
        own[row] = int(std::find(study.classes.names.begin(), study.classes.names.end(), always->what) - study.classes.names.begin());
      } else {
        const bool least = std::holds_alternative<LeastRule>(rule.value);
        const auto& of = least ? std::get<LeastRule>(rule.value).of : std::get<MostRule>(rule.value).of;
        own[row] = said[rule_number.at(of[0])][row];
        for (const std::string& other : of) {
          const int k = said[rule_number.at(other)][row];
          own[row] = own[row] < 0 || k < 0 ? -1 : least ? std::min(own[row], k) : std::max(own[row], k);
        }
      }
    }
    rule_number[name] = said.size();
    said.push_back(std::move(own));
  }
  return said;
}

RuleResult evaluate_rule(const Study& study, const Cases& cases, const std::string& name, const std::vector<int>& said) {
  std::vector<int> used;
  for (int row = 0; row < cases.n_rows(); ++row)
    if (said[std::size_t(row)] >= 0) used.push_back(row);
  if (int(used.size()) < fewest_rows) throw InputError("rule {}: it can be read for {} rows; at least {} are needed", name, used.size(), fewest_rows);
  return {name, int(used.size()), agree(study, with_groups(cases, used), pick(said, used))};
}

/// Predictors of the rows that have them all.
struct Design {
  std::vector<std::string> names;
  std::vector<int> used;
  std::vector<double> x;  ///< [used][names]
  std::vector<double> of(const std::vector<int>& rows) const {
    std::vector<double> picked;
    for (const int row : rows)
      picked.insert(picked.end(), x.begin() + std::ptrdiff_t(row * names.size()), x.begin() + std::ptrdiff_t((row + 1) * names.size()));
    return picked;
  }
};

Design design(const Study& study, const Cases& cases, const std::string& name, const Model& model) {
  Design d;
  std::vector<std::pair<std::size_t, bool>> columns;
  const auto add = [&](const std::vector<std::string>& indices, bool logarithm) {
    for (const std::string& index : indices) {
      const std::vector<std::string> all = study.indices.names();
      columns.push_back({std::size_t(std::find(all.begin(), all.end(), index) - all.begin()), logarithm});
      d.names.push_back(logarithm ? "ln " + index : index);
    }
  };
  add(model.log, true);
  add(model.linear, false);
  for (int row = 0; row < cases.n_rows(); ++row) {
    std::vector<double> predictors;
    for (const auto& [column, logarithm] : columns) {
      const double value = cases.index[column][std::size_t(row)];
      if (logarithm && value <= 0)
        throw InputError("model {}: {} is {} in a row; its logarithm is no predictor", name, study.indices.entries[column].first, value);
      predictors.push_back(logarithm ? std::log(value) : value);
    }
    if (std::any_of(predictors.begin(), predictors.end(), [](double v) { return std::isnan(v); })) continue;
    d.used.push_back(row);
    d.x.insert(d.x.end(), predictors.begin(), predictors.end());
  }
  if (int(d.used.size()) < fewest_rows * int(d.names.size()))
    throw InputError("model {}: {} rows have all its predictors; at least {} are needed", name, d.used.size(), fewest_rows * int(d.names.size()));
  return d;
}

ModelResult evaluate_model(const Study& study, const Cases& cases, const std::string& name, const Model& model) {
  const int n_classes = int(study.classes.names.size());
  const std::size_t n = std::size_t(n_classes);
  const Design d = design(study, cases, name, model);
  const int n_predictors = int(d.names.size());
  const Rows rows = with_groups(cases, d.used);
  if (rows.n_groups < 2) throw InputError("model {}: all its {} rows belong to one group", name, d.used.size());
  const auto fit = [&](const std::vector<int>& training) {
    return fit_proportional_odds(d.of(training), n_predictors, pick(rows.truth, training), n_classes);
  };
  const auto probabilities = [&](const ProportionalOdds& by, const std::vector<int>& of) {
    std::vector<double> p;
    for (const int row : of) {
      const std::vector<double> own = by.probability(d.of({row}));
      p.insert(p.end(), own.begin(), own.end());
    }
    return p;
  };
  const auto most_likely = [&](const std::vector<double>& p) {
    std::vector<int> said;
    for (auto at = p.begin(); at != p.end(); at += std::ptrdiff_t(n)) said.push_back(int(std::max_element(at, at + std::ptrdiff_t(n)) - at));
    return said;
  };
  std::vector<int> all(d.used.size());
  std::iota(all.begin(), all.end(), 0);
  ModelResult result;
  result.name = name;
  result.predictors = d.names;
  result.rows = int(d.used.size());
  result.groups = rows.n_groups;
  const auto named = [&](const char* what, const auto& f) {
    try {
      return f();
    } catch (const InputError& e) {
      throw InputError("model {}, {}: {}", name, what, e.what());
    }
  };
  result.fit = named("all rows", [&] { return fit(all); });
  std::vector<Estimate*> estimates;
  for (const double c : result.fit.cut) result.cut.push_back({c, 0, 0});
  for (const double b : result.fit.beta) result.beta.push_back({b, 0, 0});
  for (Estimate& c : result.cut) estimates.push_back(&c);
  for (Estimate& b : result.beta) estimates.push_back(&b);
  add_intervals(study, rows.group, estimates, [&](const std::vector<int>& drawn) {
    try {
      const ProportionalOdds again = fit(drawn);
      std::vector<double> found = again.cut;
      found.insert(found.end(), again.beta.begin(), again.beta.end());
      return found;
    } catch (const InputError&) {  // a sample without a class, or one that parts the classes
      ++result.replicates_without_fit;
      return std::vector<double>(estimates.size(), nan);
    }
  });
  result.in_sample = agree(study, rows, most_likely(probabilities(result.fit, all)));
  const auto unseen = [&](const std::vector<int>& fold) {
    std::vector<double> p(all.size() * n);
    validate(fold, [&](const std::vector<int>& training, const std::vector<int>& held) {
      const std::vector<double> of = probabilities(named("without one fold", [&] { return fit(training); }), held);
      for (std::size_t i = 0; i < held.size(); ++i)
        std::copy_n(of.begin() + std::ptrdiff_t(i * n), n, p.begin() + std::ptrdiff_t(std::size_t(held[i]) * n));
    });
    return p;
  };
  const std::vector<double> p = unseen(fold_by_groups(study, rows));
  result.by_groups = agree(study, rows, most_likely(p));
  result.accuracy_by_rows = Confusion(rows.truth, most_likely(unseen(fold_by_rows(study, rows))), n_classes).accuracy();
  const auto probability_scores = [&](const std::vector<int>& of) {
    std::vector<double> own;
    for (const int row : of)
      own.insert(own.end(), p.begin() + std::ptrdiff_t(std::size_t(row) * n), p.begin() + std::ptrdiff_t((std::size_t(row) + 1) * n));
    const std::vector<int> truth = pick(rows.truth, of);
    return std::vector<double>{brier(own, truth, n_classes), ranked_probability_score(own, truth, n_classes)};
  };
  const std::vector<double> scores = probability_scores(all);
  result.brier.value = scores[0];
  result.ranked_probability_score.value = scores[1];
  add_intervals(study, rows.group, {&result.brier, &result.ranked_probability_score}, probability_scores);
  constexpr int n_bins = 10;
  for (int k = 1; k < n_classes; ++k) {
    std::vector<ModelResult::Bin> bins(n_bins, {k, 0, 0, 0});
    for (std::size_t row = 0; row < all.size(); ++row) {
      double at_least_k = 0;
      for (int j = k; j < n_classes; ++j) at_least_k += p[row * n + std::size_t(j)];
      ModelResult::Bin& bin = bins[std::size_t(std::clamp(int(at_least_k * n_bins), 0, n_bins - 1))];
      bin.predicted += at_least_k;
      bin.observed += rows.truth[row] >= k;
      ++bin.rows;
    }
    for (ModelResult::Bin& bin : bins)
      if (bin.rows > 0) result.reliability.push_back({k, bin.predicted / bin.rows, bin.observed / bin.rows, bin.rows});
  }
  return result;
}

}  // namespace

Evaluation evaluate(const Study& study, const Cases& cases) {
  Evaluation evaluation;
  const std::vector<std::vector<int>> said = classes_by_rules(study, cases);
  for (std::size_t i = 0; i < said.size(); ++i) evaluation.rules.push_back(evaluate_rule(study, cases, study.rules.entries[i].first, said[i]));
  for (std::size_t i = 0; i < study.indices.entries.size(); ++i) evaluation.indices.push_back(evaluate_index(study, cases, i));
  for (const auto& [name, model] : study.models.entries) evaluation.models.push_back(evaluate_model(study, cases, name, model));
  return evaluation;
}

}  // namespace winze::calibration
