/// The iterations behind solve(): one run each, from the current x to the recursive residual `target`. Collective.
#pragma once
#include <string>

#include "linear/solver.hpp"

namespace winze::linear {

struct KrylovRun {
  int iterations = 0;
  std::string stopped_by;  ///< empty: the target was reached
};

/// Vectors of one solve that the flexible CG works in; kept between restarts.
struct ConjugateGradients {
  ConjugateGradients(const Operator<double>& a, Preconditioner& m);
  /// r holds b − A x on entry and the recursive residual on return; residual_norm likewise.
  KrylovRun run(const View<double>& x, const View<double>& r, double& residual_norm, double target, int max_iterations);

  const Operator<double>& a;
  Preconditioner& m;
  View<double> z, p, q;
};

/// PETSc's KSP (FCG, or FGMRES if not symmetric, unless options say otherwise) with A and M as shells on the same memory.
KrylovRun run_ksp(const Operator<double>& a, Preconditioner& m, const View<double>& b, const View<double>& x, double target, int max_iterations,
                  bool symmetric, const std::string& prefix);
/// True if the user asked for it by -<prefix>ksp_type.
bool ksp_requested(const std::string& prefix);

}  // namespace winze::linear
