/// Which rows are left out together in cross-validation and drawn together in the bootstrap.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace winze::calibration {

/// Number of the group of each row, in order of first appearance. Labels are compared without letter case, blanks and punctuation; rows without a
/// label are groups of their own.
std::vector<int> group_rows(std::span<const std::string> labels);

/// Fold 0 … n_folds − 1 of each row, all rows of a group in one fold: groups in random order, larger ones first, each to the fold that keeps the
/// counts of classes most even. At most as many folds as groups; with every row a group of its own these are stratified folds.
std::vector<int> grouped_folds(std::span<const int> group, std::span<const int> truth, int n_folds, std::uint64_t seed);

/// Rows of a bootstrap sample: as many groups as there are, drawn with replacement.
class GroupBootstrap {
 public:
  explicit GroupBootstrap(std::span<const int> group);
  int n_groups() const { return int(rows_.size()); }
  /// The same for the same seed and number, whichever were drawn before.
  std::vector<int> sample(std::uint64_t seed, int number) const;

 private:
  std::vector<std::vector<int>> rows_;
};

}  // namespace winze::calibration
