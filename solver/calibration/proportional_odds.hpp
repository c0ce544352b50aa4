/// Ordinal logistic regression with proportional odds (McCullagh 1980, J. R. Stat. Soc. B 42, 109): P(class ≤ k) = 1 / (1 + exp(η − c_k)), η = β·x.
#pragma once
#include <span>
#include <vector>

namespace winze::calibration {

struct ProportionalOdds {
  std::vector<double> cut;    ///< c_k ascending, n_classes − 1
  std::vector<double> beta;   ///< per predictor: positive where larger values are more severe
  std::vector<double> error;  ///< standard errors of cut, then of beta, from the observed information
  double log_likelihood = 0;
  int iterations = 0;

  /// P(class = k) for one row x.
  std::vector<double> probability(std::span<const double> x) const;
};

/// Maximum likelihood without penalty, by Newton's method. x: [rows][predictors]. Throws InputError where there is no maximum: a class without a row,
/// a predictor that is constant or a combination of others, classes parted perfectly.
ProportionalOdds fit_proportional_odds(std::span<const double> x, int n_predictors, std::span<const int> truth, int n_classes);

}  // namespace winze::calibration
