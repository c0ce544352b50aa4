#include "linear/multigrid.hpp"

#include <gtest/gtest.h>

#include "box_problem.hpp"
#include "linear/vectors.hpp"

using namespace winze;
using namespace winze::linear;
using namespace winze::linear::test;

namespace {

double one(int, int, int) { return 1; }

struct Solved {
  SolveReport report;
  double work;  ///< bᵀ x
};
Solved solve_box(const BoxProblem& problem, const MultigridOptions& options = {}, const SolveOptions& how = {}) {
  Multigrid multigrid(problem.hierarchy(), options);
  const auto a = problem.matrix<double>(0);
  const View<double> b = problem.weight(), x("x", b.extent(0));
  const SolveReport report = solve(*a, multigrid, b, x, how, "test_");
  return {report, dot(Comm::world(), a->n_owned_unknowns(), b, x)};
}

}  // namespace

// Iteration counts of the multigrid study (hex8 levels, exact coarse solve): about 10 at ν = 0.25, flat in the size. The work bᵀx of the column under
// its own weight is known: u_z'' = 1/M with M the constrained modulus gives ∫ M u'² = 1/(3 M), of which linear elements miss h²/(12 M).
TEST(MultigridRanks, SolvesTheColumnInFewIterationsAtEverySize) {
  const double nu = 0.25, constrained = (1 - nu) / ((1 + nu) * (1 - 2 * nu));
  for (int n : {8, 16, 32}) {
    const BoxProblem problem(Comm::world(), n, n == 8 ? 2 : 3, nu, one);
    const Solved s = solve_box(problem);
    EXPECT_TRUE(s.report.converged) << s.report.reason;
    EXPECT_LE(s.report.iterations, 12) << n;
    EXPECT_LE(s.report.relative_residual, 1e-8);
    EXPECT_NEAR(s.work * constrained * 3, 1 - 0.25 / (n * n), 1e-6) << n;
  }
}
