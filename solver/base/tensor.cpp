#include "base/tensor.hpp"

#include <algorithm>

namespace winze {

Principal principal(const Sym3& s) {
  Matrix3 a = to_matrix(s), v = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  double scale = 0;
  for (const auto& row : a)
    for (double x : row) scale = std::max(scale, std::abs(x));
  for (int sweep = 0; sweep < 50; ++sweep) {
    const double off = std::abs(a[0][1]) + std::abs(a[0][2]) + std::abs(a[1][2]);
    if (off <= 1e-300 || off <= 1e-17 * scale) break;
    for (int p = 0; p < 2; ++p)
      for (int q = p + 1; q < 3; ++q) {
        if (a[p][q] == 0) continue;
        const double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        const double t = (theta >= 0 ? 1.0 : -1.0) / (std::abs(theta) + std::sqrt(theta * theta + 1)), c = 1 / std::sqrt(t * t + 1), z = t * c;
        for (int k = 0; k < 3; ++k) {
          const double x = a[k][p], y = a[k][q];
          a[k][p] = c * x - z * y;
          a[k][q] = z * x + c * y;
        }
        for (int k = 0; k < 3; ++k) {
          const double x = a[p][k], y = a[q][k];
          a[p][k] = c * x - z * y;
          a[q][k] = z * x + c * y;
        }
        for (int k = 0; k < 3; ++k) {
          const double x = v[k][p], y = v[k][q];
          v[k][p] = c * x - z * y;
          v[k][q] = z * x + c * y;
        }
      }
  }
  std::array<int, 3> order = {0, 1, 2};
  std::sort(order.begin(), order.end(), [&](int i, int j) { return a[i][i] > a[j][j]; });
  Principal result;
  for (int i = 0; i < 3; ++i) {
    result.value[i] = a[order[i]][order[i]];
    for (int k = 0; k < 3; ++k) result.direction[i][k] = v[k][order[i]];
  }
  return result;
}

Sym3 rotate(const Sym3& s, const Matrix3& r) {
  const Matrix3 m = to_matrix(s);
  Matrix3 out{};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 3; ++k)
        for (int l = 0; l < 3; ++l) out[i][j] += r[i][k] * m[k][l] * r[j][l];
  return from_matrix(out);
}

}  // namespace winze
