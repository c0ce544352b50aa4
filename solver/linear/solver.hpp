/// Krylov solve of A x = b with a multigrid or a direct method behind it.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "linear/operator.hpp"

namespace winze::linear {

struct SolveOptions {
  double relative_tolerance = 1e-8;  ///< on the true residual |b − A x| / reference
  double reference = 0;              ///< 0: |b|
  int max_iterations = 200;
  bool symmetric = true;  ///< flexible CG (Polak–Ribière); otherwise FGMRES by PETSc
};
struct SolveReport {
  bool converged = false;
  bool at_rounding =
      false;  ///< converged to what double precision can represent: |b − A x| ≤ 8 ε |diag(A) x|, up to ten times the tolerance asked for
  int iterations = 0;
  double relative_residual = 0;  ///< true residual, computed afresh with A at the end
  double setup_seconds = 0, solve_seconds = 0;
  std::string reason;  ///< in words, when not converged: what stopped it and what to try
};

/// z ≈ A⁻¹ r on owned entries in double precision; the implementation may work in single.
class Preconditioner {
 public:
  virtual ~Preconditioner() = default;
  virtual void apply(const View<double>& r, const View<double>& z) = 0;
};

/// Collective. Solves A x = b for the unknowns that are not held; b and x [n_local unknowns] are zero where held, x enters as the first guess.
/// Restarts the iteration when the recursive residual has drifted from the true one. Never throws for lack of convergence: the caller decides.
/// With the PETSc option -<prefix>ksp_type (or symmetric = false) PETSc's KSP carries the iteration and takes every -<prefix>ksp_… option.
SolveReport solve(const Operator<double>& a, Preconditioner& m, const View<double>& b, const View<double>& x, const SolveOptions& options,
                  const std::string& prefix);

/// The matrix of an operator as triplets, for direct solves, AMG and comparison: rows and columns are global unknowns (global node · width +
/// component); equal places are summed, also over ranks.
struct Triplets {
  std::vector<std::int64_t> row, column;
  std::vector<double> value;
};

}  // namespace winze::linear
