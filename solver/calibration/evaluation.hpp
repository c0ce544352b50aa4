/// What a study finds: published rules, limits found here, ordinal models; each judged on rows it has not seen, with intervals.
///
/// Validation leaves out groups (rows of one source or site together). Validation by single rows is done as well, only to show by how much it
/// flatters: rows of one site in training and test look like skill. Intervals are central percentiles of a bootstrap that draws groups.
#pragma once
#include <string>
#include <vector>

#include "calibration/cases.hpp"
#include "calibration/proportional_odds.hpp"
#include "calibration/scores.hpp"

namespace winze::calibration {

struct Estimate {
  double value = 0, low = 0, high = 0;
};

/// Classes said against classes observed.
struct Agreement {
  Estimate accuracy, kappa, quadratic_kappa, macro_f1, within_one;
  std::vector<double> confusion;  ///< [true][said]
};

struct RuleResult {
  std::string name;
  int rows = 0;
  Agreement agreement;
};

/// "class k or more severe" told by an index alone.
struct Boundary {
  Estimate area, youden_limit;
  double youden_j = 0;
  std::vector<RocPoint> roc;
};

struct IndexResult {
  std::string name;
  int rows = 0, groups = 0;
  Estimate spearman;
  std::vector<Boundary> boundary;  ///< n_classes − 1; of the rising or falling index as given
  std::vector<Estimate> limits;    ///< in class order; infinite where a class is never said
  Agreement in_sample, by_groups;
  double accuracy_by_rows = 0;
};

struct ModelResult {
  std::string name;
  std::vector<std::string> predictors;
  int rows = 0, groups = 0, replicates_without_fit = 0;
  ProportionalOdds fit;
  std::vector<Estimate> cut, beta;
  Agreement in_sample, by_groups;
  Estimate brier, ranked_probability_score;  ///< by groups
  double accuracy_by_rows = 0;
  /// Probabilities on unseen groups against shares observed: tenths of P(class ≥ k), k = 1 …
  struct Bin {
    int boundary;
    double predicted, observed;
    int rows;
  };
  std::vector<Bin> reliability;
};

struct Evaluation {
  std::vector<RuleResult> rules;
  std::vector<IndexResult> indices;
  std::vector<ModelResult> models;
};

/// Not collective. Throws InputError where a rule or model has no rows to stand on, or a model no maximum.
Evaluation evaluate(const Study& study, const Cases& cases);

}  // namespace winze::calibration
