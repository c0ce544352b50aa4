// The serial sparse factorisation against what it must reproduce.
#include "linear/sparse_cholesky.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace winze::linear {
namespace {

TEST(SparseCholesky, SolvesALaplacianWithRepeatedPairs) {
  const Index side = 23, n = side * side;  // five-point Laplacian plus a chord through the middle and doubled edges
  std::vector<std::pair<Index, Index>> pairs;
  for (Index i = 0; i < n; ++i) {
    if (i % side + 1 < side) pairs.emplace_back(i, i + 1);
    if (i + side < n) pairs.emplace_back(i + side, i);
  }
  pairs.emplace_back(0, n - 1);
  pairs.emplace_back(1, 0);
  SparseCholesky a(n, pairs);
  for (int round = 0; round < 2; ++round) {  // numbers change, pattern stays
    std::vector<double> diagonal(size_t(n), 0.01), off, x, b(size_t(n), 0);
    for (size_t p = 0; p < pairs.size(); ++p) {
      const double w = std::exp(5 * std::sin(double(p) + round));
      off.push_back(-w);
      diagonal[size_t(pairs[p].first)] += w;
      diagonal[size_t(pairs[p].second)] += w;
    }
    for (Index i = 0; i < n; ++i) x.push_back(std::cos(double(i)));
    for (Index i = 0; i < n; ++i) b[size_t(i)] = diagonal[size_t(i)] * x[size_t(i)];
    for (size_t p = 0; p < pairs.size(); ++p) {
      b[size_t(pairs[p].first)] += off[p] * x[size_t(pairs[p].second)];
      b[size_t(pairs[p].second)] += off[p] * x[size_t(pairs[p].first)];
    }
    ASSERT_EQ(a.factor(diagonal, off), -1);
    a.solve(b);
    for (Index i = 0; i < n; ++i) EXPECT_NEAR(b[size_t(i)], x[size_t(i)], 1e-10);  // condition about 1e5
  }
}

TEST(SparseCholesky, NamesARowThatIsNotPositive) {
  const std::vector<std::pair<Index, Index>> pairs = {{0, 1}, {1, 2}};
  SparseCholesky a(3, pairs);
  EXPECT_GE(a.factor(std::vector<double>{1, 2, 0.5}, std::vector<double>{-1, -1}), 0);  // indefinite
  EXPECT_EQ(a.factor(std::vector<double>{2, 2, 2}, std::vector<double>{-1, -1}), -1);   // and is itself again afterwards
  std::vector<double> b = {1, 0, 1};
  a.solve(b);
  for (const double x : b) EXPECT_NEAR(x, 1, 1e-15);
}

TEST(SparseCholesky, OneRowAlone) {
  SparseCholesky a(1, {});
  ASSERT_EQ(a.factor(std::vector<double>{4}, {}), -1);
  std::vector<double> b = {2};
  a.solve(b);
  EXPECT_EQ(b[0], 0.5);
}

}  // namespace
}  // namespace winze::linear
