/// Serial sparse LDLᵀ of a symmetric positive definite matrix whose pattern stays and whose numbers change: ordered and analysed once (approximate
/// minimum degree: Amestoy, Davis & Duff 2004), factored up-looking (Davis 2005, algorithm 849, with the row patterns kept), no pivoting.
#pragma once
#include <span>
#include <utility>
#include <vector>

#include "base/types.hpp"

namespace winze::linear {

class SparseCholesky {
 public:
  /// n rows; off-diagonal positions as pairs (i, j), i ≠ j, each standing for both triangles; positions may repeat (their values are added).
  /// Throws SolverError when the ordering fails.
  SparseCholesky(Index n, std::span<const std::pair<Index, Index>> pairs);

  /// diagonal: [n]; off: one value per pair given above. Returns the row of the first pivot that is not above zero, −1 when there is none (only then
  /// may solve() be called).
  Index factor(std::span<const double> diagonal, std::span<const double> off);
  /// Replaces b by the solution.
  void solve(std::span<double> b) const;

  Index size() const { return n_; }
  std::int64_t entries_of_factor() const { return std::int64_t(row_.size()); }

 private:
  Index n_ = 0;
  std::vector<Index> order_, place_;         // new → old, old → new
  std::vector<std::int64_t> begin_;          // upper triangle of the permuted matrix, by columns: [n + 1]
  std::vector<Index> upper_;                 // its rows
  std::vector<std::int64_t> slot_;           // of each pair in upper_
  std::vector<std::int64_t> pattern_begin_;  // pattern of each row of L in topological order: [n + 1]
  std::vector<Index> pattern_;
  std::vector<std::int64_t> column_;  // columns of L: [n + 1]
  std::vector<Index> row_;
  std::vector<double> values_, factor_, pivot_, work_;
  std::vector<std::int64_t> filled_;
  mutable std::vector<double> x_;
};

}  // namespace winze::linear
