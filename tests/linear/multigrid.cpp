#include "linear/multigrid.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "box_problem.hpp"

using namespace winze;
using namespace winze::linear;
using namespace winze::linear::test;

namespace {

/// 6 cells wide, not aligned with the coarse cells.
auto block_of(double factor) {
  return [=](int i, int j, int k) { return in_cube(i, j, k, 5, 11) ? factor : 1.0; };
}

}  // namespace

// Iteration counts of the multigrid study (hex8 levels, exact coarse solve): about 10 at ν = 0.25, flat in the size. The work bᵀx of the column under
// its own weight is known: u_z'' = 1/M with M the constrained modulus gives ∫ M u'² = 1/(3 M), of which linear elements miss h²/(12 M).
TEST(MultigridRanks, SolvesTheColumnInFewIterationsAtBothSizes) {
  const double nu = 0.25, constrained = (1 - nu) / ((1 + nu) * (1 - 2 * nu));
  for (int n : {8, 16}) {
    const BoxProblem problem(Comm::world(), n, n == 8 ? 2 : 3, nu, one);
    const Solved s = solve_box(problem);
    EXPECT_TRUE(s.report.converged) << s.report.reason;
    EXPECT_LE(s.report.iterations, 10) << n;
    EXPECT_LE(s.report.relative_residual, 1e-8);
    EXPECT_NEAR(s.work * constrained * 3, 1 - 0.25 / (n * n), 1e-6) << n;
  }
}

// Stiffness jumps, excavated openings and high ν: few iterations, and the same problem on one rank gives the same count and the same work.
TEST(MultigridRanks, HandlesJumpsAndOpeningsAlikeOnAnyRanks) {
  struct Row {
    const char* name;
    double nu;
    std::function<double(int, int, int)> modulus;
  };
  const auto drifts = [](int i, int j, int k) { return (i / 2 == 3 && k / 2 == 4) || (j / 2 == 3 && k / 2 == 4) ? 0.0 : 1.0; };
  const Row rows[] = {{"jump 1e3", 0.25, block_of(1e3)},
                      {"jump 1e-6", 0.25, block_of(1e-6)},
                      {"jump 1e6", 0.25, block_of(1e6)},
                      {"crossing drifts", 0.25, drifts},
                      {"stope, nu 0.45", 0.45, block_of(0)}};
  for (const Row& row : rows) {
    const Solved s = solve_box(BoxProblem(Comm::world(), 16, 3, row.nu, row.modulus));
    EXPECT_TRUE(s.report.converged) << row.name << ": " << s.report.reason;
    EXPECT_LE(s.report.iterations, 15) << row.name;
    if (Comm::world().size() == 1) continue;
    const Solved alone = solve_box(BoxProblem(Comm::self(), 16, 3, row.nu, row.modulus));
    EXPECT_NEAR(s.report.iterations, alone.report.iterations, 1) << row.name;
    EXPECT_NEAR(s.work / alone.work, 1, 1e-7) << row.name;
  }
}

// No nesting below the only level, or below the second: algebraic multigrid.
TEST(MultigridRanks, AlgebraicBottomTakesUpToThirtyIterations) {
  using Coarse = MultigridOptions::Coarse;
  for (const auto& [coarse, factor] :
       {std::pair(Coarse::boomer, 1.0), std::pair(Coarse::boomer, 1e-6), std::pair(Coarse::boomer, 0.0), std::pair(Coarse::gamg, 0.0)}) {
    MultigridOptions options;
    options.coarse = coarse;
    const auto cavity = [=](int i, int j, int k) { return in_cube(i, j, k, 2, 5) ? factor : 1.0; };
    const Solved alone = solve_box(BoxProblem(Comm::world(), 8, 1, 0.25, cavity), options),
                 below = solve_box(BoxProblem(Comm::world(), 16, 2, 0.25, block_of(factor)), options);
    EXPECT_TRUE(alone.report.converged && below.report.converged) << alone.report.reason << below.report.reason;
    EXPECT_LE(alone.report.iterations, 30) << factor;
    EXPECT_LE(below.report.iterations, 15) << factor;
  }
}

// Galerkin by element is the Galerkin product: a coarse vector and its interpolant have the same energy on the two levels (no dof held, so that no
// row is cut out); with single-precision matrices to their rounding.
TEST(MultigridRanks, CoarseEnergyIsThatOfTheInterpolant) {
  const BoxProblem problem(
      Comm::world(), 8, 2, 0.3, [](int i, int j, int k) { return in_cube(i, j, k, 1, 4) ? 0.0 : 1.0 + i; }, false);
  const BoxLevel &fine = problem.levels[0], &coarse = problem.levels[1];
  const auto a = problem.matrix<double>(0), c = problem.matrix<double>(1);
  std::vector<double> x(coarse.nodes.n_local() * 3), p(fine.nodes.n_local() * 3, 0.0);
  for (size_t i = 0; i < x.size(); ++i) {
    const double* at = coarse.points.data() + i / 3 * 3;
    x[i] = coarse.mask.held[i] ? 0 : std::sin(9 * at[0] + 5 * at[1] * at[2] + double(i % 3));
  }
  for (size_t i = 0; i < p.size(); ++i) {
    const Index begin = coarse.offset[i / 3], end = coarse.offset[i / 3 + 1];
    for (Index k = begin; k < end; ++k) p[i] += x[3 * size_t(coarse.masters[k]) + i % 3] / (end - begin);
    if (fine.mask.held[i]) p[i] = 0;
  }
  EXPECT_NEAR(energy(*c, x) / energy(*a, p), 1, 1e-13);
}

// Negative controls: what must not pass as a solution is reported with its reason.
TEST(MultigridRanks, TooSmallABoundIsReported) {
  BoxProblem problem(Comm::world(), 8, 2, 0.25, one);
  problem.bound_factor = 0.4;
  const Solved s = solve_box(problem);
  EXPECT_FALSE(s.report.converged);
  EXPECT_NE(s.report.reason.find("not positive definite"), std::string::npos) << s.report.reason;
}
TEST(MultigridRanks, WrongInterpolationCostsIterations) {
  BoxProblem problem(Comm::world(), 16, 3, 0.25, one);
  const int right = solve_box(problem).report.iterations;
  std::vector<Index>& masters = problem.levels[1].masters;
  for (size_t i = 0; i + 1 < masters.size(); i += 2) std::swap(masters[i], masters[i + 1]);
  const Solved s = solve_box(problem);
  EXPECT_TRUE(!s.report.converged || s.report.iterations > 2 * right) << s.report.iterations;
}
TEST(MultigridRanks, BodyWithoutSupportsIsRefusedByTheFactors) {
  EXPECT_THROW(solve_box(BoxProblem(Comm::world(), 8, 2, 0.25, one, false)), SolverError);
}
TEST(MultigridRanks, NumbersThatAreNotFiniteAreRefused) {
  EXPECT_THROW(solve_box(BoxProblem(Comm::world(), 8, 2, 0.25, [](int i, int, int) { return i == 3 ? std::nan("") : 1.0; })), SolverError);
}
