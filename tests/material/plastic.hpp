/// What every plastic law must keep on random paths, and helpers to make them.
#pragma once
#include <gtest/gtest.h>

#include <numbers>
#include <random>

#include "material/driver.hpp"

namespace winze::material {

inline constexpr double degree = std::numbers::pi / 180;
inline constexpr double MPa = 1e6;

using Random = std::mt19937_64;
inline double uniform(Random& random, double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); }
/// Rows are a right-handed frame, uniform over rotations (from a random unit quaternion).
inline Matrix3 random_frame(Random& random) {
  std::normal_distribution<double> normal;
  double q[4], n = 0;
  for (double& x : q) x = normal(random), n += x * x;
  for (double& x : q) x /= std::sqrt(n);
  const auto [w, x, y, z] = q;
  return {{{1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)},
           {2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)},
           {2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)}}};
}
/// Principal values that are often equal, in a random frame.
inline Vector3 random_principal(Random& random, double size, double mean) {
  Vector3 v = {mean + uniform(random, -size, size), mean + uniform(random, -size, size), mean + uniform(random, -size, size)};
  const int kind = int(uniform(random, 0, 8));
  if (kind == 0) v[1] = v[0];
  if (kind == 1) v[2] = v[1];
  if (kind == 2) v[2] = v[1] = v[0];
  if (kind == 3) v[1] = v[0] * (1 + 1e-9);
  return v;
}
inline Sym3 in_frame(const Vector3& v, const Matrix3& r) { return winze::rotate(Sym3{v[0], v[1], v[2], 0, 0, 0}, r); }

/// Largest difference of the tangent from central differences of the stress, relative to the largest modulus.
template <class L>
double tangent_error(const L& law, const Moduli& moduli, const Sym3& strain, const Conditions& at, const typename L::State& from, double h) {
  auto state = from;
  const Moduli tangent = law.update(moduli, strain, at, state).tangent;
  double worst = 0;
  for (int j = 0; j < 6; ++j) {
    Sym3 plus = strain, minus = strain;
    plus[j] += h;
    minus[j] -= h;
    auto a = from, b = from;
    const Sym3 sp = law.update(moduli, plus, at, a).stress, sm = law.update(moduli, minus, at, b).stress;
    for (int i = 0; i < 6; ++i) worst = std::max(worst, std::abs((sp[i] - sm[i]) / (2 * h) - tangent[i][j]));
  }
  return worst / moduli[0][0];
}

}  // namespace winze::material
