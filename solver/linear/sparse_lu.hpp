/// Serial sparse LU of a general matrix given once by its entries: block triangular form, so that parts that do not feed back on one another cost
/// nothing, then threshold pivoting within each block (KLU: Davis & Palamadai Natarajan 2010).
#pragma once
#include <span>
#include <vector>

#include "base/types.hpp"

namespace winze::linear {

struct Entry {
  Index row, column;
  double value;
};
/// Solves A x = b in place, A of n rows as the sum of its entries. Throws SolverError when A is singular.
void solve_sparse(Index n, std::span<const Entry> entries, std::span<double> b);

}  // namespace winze::linear
