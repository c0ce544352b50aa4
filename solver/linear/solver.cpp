#include "linear/solver.hpp"

#include <cmath>
#include <limits>

#include "base/log.hpp"
#include "linear/krylov.hpp"
#include "linear/vectors.hpp"

namespace winze::linear {
namespace {

constexpr int most_restarts = 5;
constexpr double most_for_rounding = 10;  ///< × tolerance; a body without supports may run away until rounding hides any residual
constexpr int patience = 50;              ///< iterations without a new best residual (by a tenth) before the iteration counts as stagnated

}  // namespace

ConjugateGradients::ConjugateGradients(const Operator<double>& op, Preconditioner& preconditioner)
    : a(op), m(preconditioner), z("z", size_t(op.n_local_unknowns())), p("p", size_t(op.n_local_unknowns())), q("q", size_t(op.n_local_unknowns())) {}

// Flexible (Polak–Ribière) CG. The new direction is made A-orthogonal to the last one explicitly, β = −(z, A p)/(p, A p), which equals
// Polak–Ribière's β and needs no copy of the old residual (Notay 2000, SIAM J. Sci. Comput. 22, 1444, eq. 5 truncated to one direction).
KrylovRun ConjugateGradients::run(const View<double>& x, const View<double>& r, double& residual_norm, double target, int max_iterations) {
  const Comm& comm = a.nodes().comm();
  const Index n = a.n_owned_unknowns();
  KrylovRun run;
  double pq = 0, best = residual_norm;
  int best_at = 0;
  while (residual_norm > target) {
    if (run.iterations == max_iterations) {
      run.stopped_by = fmt::format("{} iterations were not enough", max_iterations);
      break;
    }
    m.apply(r, z);
    const auto [rz, qz] = dot_two(comm, n, r, q, z);
    if (!std::isfinite(rz)) {
      run.stopped_by = "the preconditioner returned numbers that are not finite; check moduli and coordinates";
      break;
    }
    if (rz <= 0) {
      run.stopped_by = "the preconditioner is not positive definite; raise the smoother's eigenvalue bound or take the direct preset";
      break;
    }
    next_direction(n, run.iterations ? -qz / pq : 0, z, p);
    a.apply(p, q);
    pq = dot(comm, n, p, q);
    if (!std::isfinite(pq)) {
      run.stopped_by = "the operator returned numbers that are not finite; check moduli and coordinates";
      break;
    }
    if (pq <= 0) {
      run.stopped_by = "the operator is not positive definite; look for a body without supports or for negative moduli";
      break;
    }
    residual_norm = std::sqrt(advance(comm, n, rz / pq, p, q, x, r));
    ++run.iterations;
    if (residual_norm < 0.9 * best) {
      best = residual_norm;
      best_at = run.iterations;
    } else if (run.iterations - best_at >= patience) {
      run.stopped_by = fmt::format("the residual has not fallen for {} iterations", patience);
      break;
    }
  }
  return run;
}

SolveReport solve(const Operator<double>& a, Preconditioner& m, const View<double>& b, const View<double>& x, const SolveOptions& options,
                  const std::string& prefix) {
  const double start = wall_time();
  const Comm& comm = a.nodes().comm();
  const Index n = a.n_owned_unknowns();
  const bool by_ksp = !options.symmetric || ksp_requested(prefix);
  ConjugateGradients cg(a, m);
  View<double> r("r", size_t(a.n_local_unknowns()));
  SolveReport report;
  const auto true_residual = [&] {
    a.apply(x, cg.q);
    return std::sqrt(subtract(comm, n, b, cg.q, r));
  };
  const double b_norm = std::sqrt(dot(comm, n, b, b));
  double norm = b_norm, reference = options.reference > 0 ? options.reference : b_norm;
  if (dot(comm, n, x, x) == 0)
    Kokkos::deep_copy(r, b);  // no product for a guess of zero
  else
    norm = true_residual();
  if (reference == 0) reference = norm;
  const double tolerance = options.relative_tolerance * reference;
  for (int restart = 0; norm > tolerance && restart < most_restarts; ++restart) {
    const double before = norm;
    const int left = options.max_iterations - report.iterations;
    const KrylovRun run =
        by_ksp ? run_ksp(a, m, b, x, 0.99 * tolerance, left, options.symmetric, prefix) : cg.run(x, r, norm, 0.99 * tolerance, left);
    report.iterations += run.iterations;
    norm = true_residual();
    report.reason = run.stopped_by;
    if (!run.stopped_by.empty()) break;
    if (norm > tolerance && norm > 0.5 * before) {
      report.reason = "rounding keeps the true residual above the tolerance";
      break;
    }
  }
  if (norm > tolerance && norm < most_for_rounding * tolerance) {
    a.diagonal(cg.q);
    report.at_rounding = norm <= 8 * std::numeric_limits<double>::epsilon() * std::sqrt(scaled_norm_squared(comm, n, cg.q, x));
  }
  report.converged = norm <= tolerance || report.at_rounding;
  report.relative_residual = reference > 0 ? norm / reference : 0;
  if (report.converged)
    report.reason.clear();
  else if (!std::isfinite(norm))
    report.reason = "the right-hand side, the first guess or the operator holds numbers that are not finite";
  else if (report.reason.empty())
    report.reason = fmt::format("the true residual stayed above the tolerance after {} restarts", most_restarts);
  report.solve_seconds = wall_time() - start;
  return report;
}

}  // namespace winze::linear
