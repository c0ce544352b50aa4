#include "linear/solver.hpp"

#include <gtest/gtest.h>
#include <petscsys.h>

#include "base/error.hpp"
#include "box_problem.hpp"
#include "linear/assembled.hpp"

using namespace winze;
using namespace winze::linear;
using namespace winze::linear::test;

namespace {

Triplets triplets(const BlockMatrix<double>& a) {
  Triplets t;
  const SharedNodes& nodes = a.nodes();
  for (Index node = 0; node < nodes.n_local(); ++node)
    for (int k = 0; k < a.pattern().length[node]; ++k) {
      const Index other = a.pattern().column[size_t(a.pattern().row[node]) * BlockPattern::chunk + k];
      for (int c = 0; c < 3; ++c)
        for (int d = 0; d < 3; ++d) {
          const bool identity = other == node && c == d && node < nodes.n_owned() && a.held()[3 * size_t(node) + c];
          t.row.push_back(nodes.global(node) * 3 + c);
          t.column.push_back(nodes.global(other) * 3 + d);
          t.value.push_back(identity ? 1 : a.block(node, k)[c * a.row_stride() + d]);
        }
    }
  return t;
}

struct Setting {
  Setting(const char* name, const char* value) : name_(name) { PetscOptionsSetValue(nullptr, name, value); }
  ~Setting() { PetscOptionsClearValue(nullptr, name_); }
  const char* name_;
};

double difference(const BoxProblem& problem, const View<double>& a, const View<double>& b) {
  const Index n = problem.levels[0].nodes.n_owned() * 3;
  const std::vector<double> x = to_host(a), y = to_host(b);
  double largest = 0, of = 0;
  for (Index i = 0; i < n; ++i) largest = std::max(largest, std::abs(x[i] - y[i])), of = std::max(of, std::abs(x[i]));
  return Comm::world().max(largest) / Comm::world().max(of);
}

const auto stope = [](int i, int j, int k) { return in_cube(i, j, k, 2, 5) ? 0.0 : 1.0; };

}  // namespace

// A product with the blocks is the sum over elements: energy of any vector element by element, rigid motions have none.
TEST(BlockMatrixRanks, MultipliesLikeTheSumOfItsElements) {
  const BoxProblem problem(
      Comm::world(), 8, 1, 0.3, [](int i, int j, int k) { return in_cube(i, j, k, 0, 3) ? 0.0 : 1.0 + j; }, false);
  const BoxLevel& level = problem.levels[0];
  const auto a = problem.matrix<double>(0);
  std::vector<double> x(level.nodes.n_local() * 3), rigid(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    const double* at = level.points.data() + i / 3 * 3;
    const double turned[3] = {1 - at[1], 2 + at[0], 3};
    x[i] = level.mask.held[i] ? 0 : std::cos(7 * at[0] - 4 * at[1] * at[2] + double(i % 3));
    rigid[i] = level.mask.held[i] ? 0 : turned[i % 3];
  }
  double sum = 0;
  for (size_t e = 0; e < level.stiffness.size(); ++e)
    for (int p = 0; p < n_dof; ++p)
      for (int q = 0; q < n_dof; ++q)
        sum += level.stiffness[e][p][q] * x[3 * level.element_nodes[8 * e + p / 3] + p % 3] * x[3 * level.element_nodes[8 * e + q / 3] + q % 3];
  sum = Comm::world().sum(sum);
  EXPECT_NEAR(energy(*a, x) / sum, 1, 1e-13);
  EXPECT_NEAR(energy(*problem.matrix<float>(0), x) / sum, 1, 1e-5);  // the single-precision twin
  EXPECT_LT(energy(*a, rigid) / sum, 1e-13);
}

TEST(SolverRanks, DirectEqualsIterative) {
  const BoxProblem problem(Comm::world(), 8, 2, 0.25, stope);
  const auto a = problem.matrix<double>(0);
  const auto direct = make_direct(triplets(*a), a->nodes(), 3, true, "test_");
  Multigrid multigrid(problem.hierarchy(), {});
  const View<double> b = problem.weight(), x("x", b.extent(0)), y("y", b.extent(0));
  SolveOptions tight;
  tight.relative_tolerance = 1e-12;
  const SolveReport by_factors = solve(*a, *direct, b, x, tight, "test_"), by_cycles = solve(*a, multigrid, b, y, tight, "test_");
  EXPECT_TRUE(by_factors.converged && by_cycles.converged) << by_factors.reason << by_cycles.reason;
  EXPECT_LE(by_factors.iterations, 2);
  EXPECT_LT(difference(problem, x, y), 1e-10);
}

// The Krylov method of PETSc, asked for by its options, and FGMRES reach the same solution.
TEST(SolverRanks, PetscCarriesTheIterationOnRequest) {
  const BoxProblem problem(Comm::world(), 8, 2, 0.25, stope);
  const auto a = problem.matrix<double>(0);
  Multigrid multigrid(problem.hierarchy(), {});
  const View<double> b = problem.weight();
  SolveOptions options;
  options.relative_tolerance = 1e-10;
  const View<double> own("own", b.extent(0));
  const int iterations = solve(*a, multigrid, b, own, options, "test_").iterations;
  for (const char* method : {"fcg", "fgmres"}) {
    const Setting setting("-test_ksp_type", method);
    const View<double> x("x", b.extent(0));
    const SolveReport report = solve(*a, multigrid, b, x, options, "test_");
    EXPECT_TRUE(report.converged) << report.reason;
    EXPECT_NEAR(report.iterations, iterations, 1) << method;
    EXPECT_LT(difference(problem, own, x), 1e-8) << method;
  }
  options.symmetric = false;
  const View<double> x("x", b.extent(0));
  EXPECT_TRUE(solve(*a, multigrid, b, x, options, "test_").converged);
  {
    const Setting type("-test_ksp_type", "fcg"), most("-test_ksp_max_it", "2");
    const View<double> y("y", b.extent(0));
    const SolveReport report = solve(*a, multigrid, b, y, {}, "test_");
    EXPECT_FALSE(report.converged);
    EXPECT_EQ(report.iterations, 2);
    EXPECT_NE(report.reason.find("iterations were not enough"), std::string::npos) << report.reason;
  }
}

TEST(SolverRanks, StartsFromTheGuess) {
  const BoxProblem problem(Comm::world(), 8, 2, 0.25, stope);
  const auto a = problem.matrix<double>(0);
  Multigrid multigrid(problem.hierarchy(), {});
  const View<double> b = problem.weight(), x("x", b.extent(0));
  solve(*a, multigrid, b, x, {}, "test_");
  const SolveReport again = solve(*a, multigrid, b, x, {}, "test_");
  EXPECT_TRUE(again.converged);
  EXPECT_EQ(again.iterations, 0);
  const View<double> zero("zero", b.extent(0)), y("y", b.extent(0));
  EXPECT_TRUE(solve(*a, multigrid, zero, y, {}, "test_").converged);  // nothing to do is not a failure
}

// A preconditioner that loses digits makes the recursive residual drift; what is reported is the true one.
TEST(SolverRanks, TooFewIterationsAreReportedWithTheTrueResidual) {
  const BoxProblem problem(Comm::world(), 8, 2, 0.25, stope);
  SolveOptions few;
  few.max_iterations = 3;
  const Solved s = solve_box(problem, {}, few);
  EXPECT_FALSE(s.report.converged);
  EXPECT_EQ(s.report.iterations, 3);
  EXPECT_GT(s.report.relative_residual, 1e-8);
  EXPECT_NE(s.report.reason.find("3 iterations were not enough"), std::string::npos) << s.report.reason;
}

// Inside a block 1e6 times as stiff forces cancel to the last digits: the residual stays above a tolerance that is too tight by less than ten times
// and is told from a failure; a tolerance tighter still is a failure.
TEST(SolverRanks, RoundingIsToldFromFailure) {
  const BoxProblem problem(Comm::world(), 8, 2, 0.25, [](int i, int j, int k) { return in_cube(i, j, k, 2, 5) ? 1e6 : 1.0; });
  const auto solve_to = [&](double tolerance) {
    SolveOptions options;
    options.relative_tolerance = tolerance;
    return solve_box(problem, {}, options).report;
  };
  const SolveReport reached = solve_to(1e-8), rounded = solve_to(2e-10), failed = solve_to(1e-11);
  EXPECT_TRUE(reached.converged && !reached.at_rounding);
  EXPECT_TRUE(rounded.converged && rounded.at_rounding);
  EXPECT_GT(rounded.relative_residual, 2e-10);  // what is reported is what was reached
  EXPECT_FALSE(failed.converged || failed.at_rounding);
  EXPECT_NE(failed.reason.find("rounding"), std::string::npos) << failed.reason;
}

TEST(SolverRanks, AssembledBaselineGivesTheSameSolution) {
  const BoxProblem problem(Comm::world(), 8, 2, 0.25, stope);
  const auto a = problem.matrix<double>(0);
  const View<double> b = problem.weight(), x("x", b.extent(0)), y("y", b.extent(0));
  Multigrid multigrid(problem.hierarchy(), {});
  EXPECT_TRUE(solve(*a, multigrid, b, x, {}, "test_").converged);
  AssembledSystem assembled(*a, problem.levels[0].points);
  for (auto method : {AssembledSystem::Method::gamg, AssembledSystem::Method::boomer}) {
    const SolveReport report = assembled.solve(b, y, method, 1e-8);
    EXPECT_TRUE(report.converged) << report.reason;
    EXPECT_LT(report.iterations, 60);
    EXPECT_LT(difference(problem, x, y), 1e-5);
  }
}

TEST(SolverRanks, SingularDirectSystemIsRefused) {
  const BoxProblem problem(Comm::world(), 4, 1, 0.25, one);
  const auto a = problem.matrix<double>(0);
  Triplets t = triplets(*a);
  for (size_t i = 0; i < t.row.size(); ++i)
    if (t.row[i] == 100 || t.column[i] == 100) t.value[i] = 0;
  EXPECT_THROW(make_direct(t, a->nodes(), 3, true, "test_"), SolverError);
}
