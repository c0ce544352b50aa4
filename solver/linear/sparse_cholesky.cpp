#include "linear/sparse_cholesky.hpp"

#include <amd.h>

#include <algorithm>

#include "base/error.hpp"

namespace winze::linear {

SparseCholesky::SparseCholesky(Index n, std::span<const std::pair<Index, Index>> pairs) : n_(n) {
  const size_t rows = size_t(n);
  order_.resize(rows);
  place_.resize(rows);
  {  // adjacency by columns, both triangles, as AMD reads it without forming A + Aᵀ from one triangle
    std::vector<int> begin(rows + 1, 0), rows_of(2 * pairs.size());
    for (const auto& [i, j] : pairs) ++begin[size_t(i) + 1], ++begin[size_t(j) + 1];
    for (size_t k = 0; k < rows; ++k) begin[k + 1] += begin[k];
    std::vector<int> next(begin.begin(), begin.end() - 1);
    for (const auto& [i, j] : pairs) rows_of[size_t(next[size_t(i)]++)] = j, rows_of[size_t(next[size_t(j)]++)] = i;
    if (pairs.empty())
      for (Index k = 0; k < n; ++k) order_[size_t(k)] = k;
    else if (amd_order(n, begin.data(), rows_of.data(), order_.data(), nullptr, nullptr) < AMD_OK)
      throw SolverError("ordering a sparse matrix of {} rows failed: out of memory", n);
  }
  for (size_t k = 0; k < rows; ++k) place_[size_t(order_[k])] = Index(k);

  begin_.assign(rows + 1, 0);
  std::vector<std::pair<Index, Index>> placed(pairs.size());  // (column, row), row < column
  for (size_t p = 0; p < pairs.size(); ++p) {
    const Index i = place_[size_t(pairs[p].first)], j = place_[size_t(pairs[p].second)];
    placed[p] = {std::max(i, j), std::min(i, j)};
    ++begin_[size_t(placed[p].first) + 1];
  }
  for (size_t k = 0; k < rows; ++k) begin_[k + 1] += begin_[k];
  upper_.resize(pairs.size());
  slot_.resize(pairs.size());
  std::vector<std::int64_t> next(begin_.begin(), begin_.end() - 1);
  for (size_t p = 0; p < pairs.size(); ++p) {
    slot_[p] = next[size_t(placed[p].first)]++;
    upper_[size_t(slot_[p])] = placed[p].second;
  }

  // Elimination tree and the pattern of each row of L (Davis 2005).
  std::vector<Index> parent(rows, -1), flag(rows, -1), path(rows), stack(rows);
  column_.assign(rows + 1, 0);
  pattern_begin_.assign(rows + 1, 0);
  pattern_.reserve(4 * pairs.size() + rows);
  for (Index k = 0; k < n; ++k) {
    flag[size_t(k)] = k;
    size_t top = rows;
    for (std::int64_t p = begin_[size_t(k)]; p < begin_[size_t(k) + 1]; ++p) {
      size_t length = 0;
      for (Index i = upper_[size_t(p)]; flag[size_t(i)] != k; i = parent[size_t(i)]) {
        if (parent[size_t(i)] < 0) parent[size_t(i)] = k;
        path[length++] = i;
        ++column_[size_t(i) + 1];
        flag[size_t(i)] = k;
      }
      while (length > 0) stack[--top] = path[--length];
    }
    pattern_.insert(pattern_.end(), stack.begin() + std::ptrdiff_t(top), stack.end());
    pattern_begin_[size_t(k) + 1] = std::int64_t(pattern_.size());
  }
  for (size_t k = 0; k < rows; ++k) column_[k + 1] += column_[k];
  row_.resize(size_t(column_[rows]));
  filled_.assign(column_.begin(), column_.end() - 1);
  for (Index k = 0; k < n; ++k)  // rows of a column in ascending order, as the factorisation fills them
    for (std::int64_t p = pattern_begin_[size_t(k)]; p < pattern_begin_[size_t(k) + 1]; ++p) row_[size_t(filled_[size_t(pattern_[size_t(p)])]++)] = k;
  values_.resize(pairs.size());
  factor_.resize(row_.size());
  pivot_.resize(rows);
  work_.assign(rows, 0);
  x_.resize(rows);
}

Index SparseCholesky::factor(std::span<const double> diagonal, std::span<const double> off) {
  for (size_t p = 0; p < slot_.size(); ++p) values_[size_t(slot_[p])] = off[p];
  std::copy(column_.begin(), column_.end() - 1, filled_.begin());
  double* const y = work_.data();
  for (Index k = 0; k < n_; ++k) {
    for (std::int64_t p = begin_[size_t(k)]; p < begin_[size_t(k) + 1]; ++p) y[upper_[size_t(p)]] += values_[size_t(p)];
    double d = diagonal[size_t(order_[size_t(k)])];
    for (std::int64_t p = pattern_begin_[size_t(k)]; p < pattern_begin_[size_t(k) + 1]; ++p) {
      const Index i = pattern_[size_t(p)];
      const double yi = y[i];
      y[i] = 0;
      const std::int64_t end = filled_[size_t(i)]++;
      for (std::int64_t q = column_[size_t(i)]; q < end; ++q) y[row_[size_t(q)]] -= factor_[size_t(q)] * yi;
      const double l = yi / pivot_[size_t(i)];
      d -= l * yi;
      factor_[size_t(end)] = l;
    }
    if (!(d > 0)) {
      std::fill(work_.begin(), work_.end(), 0.0);
      return order_[size_t(k)];
    }
    pivot_[size_t(k)] = d;
  }
  return -1;
}

void SparseCholesky::solve(std::span<double> b) const {
  double* const x = x_.data();
  for (Index k = 0; k < n_; ++k) x[k] = b[size_t(order_[size_t(k)])];
  for (Index k = 0; k < n_; ++k) {
    const double xk = x[k];
    for (std::int64_t p = column_[size_t(k)]; p < column_[size_t(k) + 1]; ++p) x[row_[size_t(p)]] -= factor_[size_t(p)] * xk;
  }
  for (Index k = n_; k-- > 0;) {
    double xk = x[k] / pivot_[size_t(k)];
    for (std::int64_t p = column_[size_t(k)]; p < column_[size_t(k) + 1]; ++p) xk -= factor_[size_t(p)] * x[row_[size_t(p)]];
    x[k] = xk;
  }
  for (Index k = 0; k < n_; ++k) b[size_t(order_[size_t(k)])] = x[k];
}

}  // namespace winze::linear
