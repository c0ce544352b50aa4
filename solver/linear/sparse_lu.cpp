#include "linear/sparse_lu.hpp"

#include <klu.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"

namespace winze::linear {

void solve_sparse(Index n, std::span<const Entry> entries, std::span<double> b) {
  std::vector<Entry> sorted(entries.begin(), entries.end());
  std::sort(sorted.begin(), sorted.end(), [](const Entry& x, const Entry& y) { return x.column != y.column ? x.column < y.column : x.row < y.row; });
  std::vector<int> begin(size_t(n) + 1, 0), row;
  std::vector<double> value;
  for (size_t k = 0; k < sorted.size(); ++k) {
    if (k > 0 && sorted[k].column == sorted[k - 1].column && sorted[k].row == sorted[k - 1].row) {
      value.back() += sorted[k].value;
      continue;
    }
    row.push_back(sorted[k].row);
    value.push_back(sorted[k].value);
    ++begin[size_t(sorted[k].column) + 1];
  }
  for (size_t k = 0; k < size_t(n); ++k) begin[k + 1] += begin[k];
  klu_common common;
  klu_defaults(&common);
  const auto free_symbolic = [&](klu_symbolic* s) { klu_free_symbolic(&s, &common); };
  const auto free_numeric = [&](klu_numeric* f) { klu_free_numeric(&f, &common); };
  const std::unique_ptr<klu_symbolic, decltype(free_symbolic)> symbolic(klu_analyze(n, begin.data(), row.data(), &common), free_symbolic);
  if (!symbolic) throw SolverError("a sparse matrix of {} rows could not be analysed (KLU status {})", n, common.status);
  const std::unique_ptr<klu_numeric, decltype(free_numeric)> numeric(klu_factor(begin.data(), row.data(), value.data(), symbolic.get(), &common),
                                                                     free_numeric);
  if (!numeric || common.status != KLU_OK) throw SolverError("a sparse matrix of {} rows is singular (KLU status {})", n, common.status);
  klu_solve(symbolic.get(), numeric.get(), n, 1, b.data(), &common);
}

}  // namespace winze::linear
