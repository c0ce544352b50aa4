/// Symmetric tensors in Kelvin form: (xx, yy, zz, √2 yz, √2 xz, √2 xy). The dot product of two Kelvin vectors is the double contraction; 6×6 moduli
/// rotate orthogonally. Files and users see plain components (xx, yy, zz, xy, yz, xz). Tension positive.
#pragma once
#include <array>
#include <cmath>

namespace winze {

inline constexpr double sqrt2 = 1.4142135623730950488;
using Vector3 = std::array<double, 3>;
using Matrix3 = std::array<std::array<double, 3>, 3>;
using Sym3 = std::array<double, 6>;                   ///< Kelvin form
using Moduli = std::array<std::array<double, 6>, 6>;  ///< Kelvin form, stress = moduli · strain

inline Sym3 from_matrix(const Matrix3& a) { return {a[0][0], a[1][1], a[2][2], sqrt2 * a[1][2], sqrt2 * a[0][2], sqrt2 * a[0][1]}; }
inline Matrix3 to_matrix(const Sym3& s) {
  const double yz = s[3] / sqrt2, xz = s[4] / sqrt2, xy = s[5] / sqrt2;
  return {{{s[0], xy, xz}, {xy, s[1], yz}, {xz, yz, s[2]}}};
}
inline double trace(const Sym3& s) { return s[0] + s[1] + s[2]; }
inline double dot(const Sym3& a, const Sym3& b) {
  double sum = 0;
  for (int i = 0; i < 6; ++i) sum += a[i] * b[i];
  return sum;
}
inline double dot(const Vector3& a, const Vector3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
inline Vector3 cross(const Vector3& a, const Vector3& b) { return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]}; }
inline double norm(const Vector3& a) { return std::sqrt(dot(a, a)); }
/// σ·n
inline Vector3 traction(const Sym3& stress, const Vector3& normal) {
  const Matrix3 m = to_matrix(stress);
  return {dot(m[0], normal), dot(m[1], normal), dot(m[2], normal)};
}
inline Sym3 product(const Moduli& c, const Sym3& e) {
  Sym3 s{};
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) s[i] += c[i][j] * e[j];
  return s;
}

/// Principal values in descending order (most tensile first) with unit directions, to rounding of the tensor, equal values included.
struct Principal {
  Vector3 value;
  std::array<Vector3, 3> direction;  ///< direction[i] belongs to value[i]
};
Principal principal(const Sym3& s);

/// R s Rᵀ; the rows of R are the new axes in the old frame.
Sym3 rotate(const Sym3& s, const Matrix3& r);

}  // namespace winze
