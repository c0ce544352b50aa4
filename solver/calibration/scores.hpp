/// How well classes, an index or probabilities agree with what was observed. Classes count from 0, the least severe.
#pragma once
#include <span>
#include <utility>
#include <vector>

namespace winze::calibration {

/// Table of counts: true class by rows, said class by columns.
struct Confusion {
  int n_classes = 0;
  std::vector<double> count;  ///< [true][said]

  Confusion(std::span<const int> truth, std::span<const int> said, int n_classes);
  double at(int truth, int said) const { return count[std::size_t(truth) * std::size_t(n_classes) + std::size_t(said)]; }
  double accuracy() const;
  /// Agreement beyond chance (Cohen 1960); 0 where chance agrees wholly.
  double kappa() const;
  /// With weights (i − j)² (Cohen 1968).
  double quadratic_kappa() const;
  /// Mean over the observed classes of 2 TP / (2 TP + FP + FN).
  double macro_f1() const;
  /// Share at most one class off.
  double within_one() const;

 private:
  double weighted_kappa(double power) const;
};

/// Area under the ROC curve: the share of (positive, negative) pairs in which the positive one has the larger index, ties counted half (Hanley and
/// McNeil 1982). NaN without a positive or without a negative.
double area_under_roc(std::span<const double> index, std::span<const char> positive);

/// The threshold with the largest J = sensitivity + specificity − 1 when index ≥ threshold counts as positive (Youden 1950): half-way between the
/// values on its two sides; the lowest of equals. NaN as above.
struct Youden {
  double threshold, j;
};
Youden youden(std::span<const double> index, std::span<const char> positive);

/// Corners of the ROC curve from (0, 0) to (1, 1): share of negatives, then of positives at or above each threshold; the first threshold is +∞.
struct RocPoint {
  double threshold, false_rate, true_rate;
};
std::vector<RocPoint> roc(std::span<const double> index, std::span<const char> positive);

/// Spearman's rank correlation, mean ranks for ties. NaN where one side is constant.
double spearman(std::span<const double> a, std::span<const double> b);

/// Mean over rows of Σ_k (p_k − [k is true])² (Brier 1950). probability: [rows][n_classes].
double brier(std::span<const double> probability, std::span<const int> truth, int n_classes);
/// Ranked probability score: mean over rows of Σ_k (P(class ≤ k) − [true ≤ k])² / (n_classes − 1) (Epstein 1969).
double ranked_probability_score(std::span<const double> probability, std::span<const int> truth, int n_classes);

/// Ends of the central interval of that level among the values that are not NaN, by linear interpolation of order statistics; NaN for none.
std::pair<double, double> interval(std::vector<double> values, double level);

}  // namespace winze::calibration
