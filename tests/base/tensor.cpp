#include "base/tensor.hpp"

#include <gtest/gtest.h>

using namespace winze;

// Principal values of a diagonal tensor are its entries; a rotated one gives them back with the rotated axes.
TEST(Principal, FoundAgainAfterRotation) {
  const double c = std::cos(0.7), s = std::sin(0.7);
  const Matrix3 r = {{{c, s, 0}, {-s, c, 0}, {0, 0, 1}}};
  const Sym3 diagonal = {-30e6, -60e6, -45e6, 0, 0, 0};
  const Principal p = principal(rotate(diagonal, r));
  EXPECT_NEAR(p.value[0], -30e6, 1e-6);
  EXPECT_NEAR(p.value[1], -45e6, 1e-6);
  EXPECT_NEAR(p.value[2], -60e6, 1e-6);
  EXPECT_NEAR(std::abs(p.direction[1][2]), 1, 1e-12);
}

TEST(Sym3, KelvinDotIsDoubleContraction) {
  const Matrix3 a = {{{1, 2, 3}, {2, 5, 6}, {3, 6, 9}}}, b = {{{2, -1, 0.5}, {-1, 3, 4}, {0.5, 4, -2}}};
  double sum = 0;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) sum += a[i][j] * b[i][j];
  EXPECT_NEAR(dot(from_matrix(a), from_matrix(b)), sum, 1e-12);
}
