#include "linear/anderson.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace winze::linear {
namespace {

// On a linear fixed point of n unknowns the combination is GMRES's (Walker & Ni 2011, theorem 2.2): n + 1 residuals are enough, though the plain
// iteration diverges (eigenvalue −3).
TEST(Anderson, LinearInAsManyRoundsAsUnknowns) {
  const std::vector<std::vector<double>> a = {{0.5, 0.2, 0}, {-0.1, -3, 0.3}, {0, 0.4, 0.9}};
  const std::vector<double> b = {1, 2, -1};
  const auto residual = [&](const std::vector<double>& x) {
    std::vector<double> r = b;
    for (size_t i = 0; i < 3; ++i) {
      for (size_t j = 0; j < 3; ++j) r[i] += a[i][j] * x[j];
      r[i] -= x[i];
    }
    return r;
  };
  Anderson anderson(5);
  std::vector<double> x = {0, 0, 0};
  for (int k = 0; k < 4; ++k) x = anderson.next(x, residual(x));
  for (const double r : residual(x)) EXPECT_NEAR(r, 0, 1e-10);
}

// x = cos x, whose plain iteration gains a factor of 0.67 a round (57 rounds to 1e-10): the secant method with depth 1.
TEST(Anderson, ScalarIsTheSecantMethod) {
  Anderson anderson(1);
  std::vector<double> x = {1};
  int rounds = 0;
  for (; std::abs(std::cos(x[0]) - x[0]) > 1e-12 && rounds < 50; ++rounds) x = anderson.next(x, {std::cos(x[0]) - x[0]});
  EXPECT_LE(rounds, 6);
  EXPECT_NEAR(x[0], 0.7390851332151607, 1e-12);
}

// The same residual twice carries no direction: the round goes on as a plain one, with finite numbers.
TEST(Anderson, RepeatedRoundsAreLeftOut) {
  Anderson anderson(4);
  std::vector<double> x = {1, 2};
  anderson.next(x, {0.1, 0.1});
  const std::vector<double> next = anderson.next(x, {0.1, 0.1});
  EXPECT_EQ(next[0], 1.1);
  EXPECT_EQ(next[1], 2.1);
}

}  // namespace
}  // namespace winze::linear
