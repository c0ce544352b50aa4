#include "base/tensor.hpp"

#include <algorithm>
#include <utility>

namespace winze {

// Deviator over its largest entry; the root of its characteristic equation that stands farthest from the others by Newton's method, whose vector is
// the longest cross product of two rows; the other two by one rotation of the plane across it, so that equal values cost no accuracy.
Principal principal(const Sym3& s) {
  const double mean = trace(s) / 3;
  Matrix3 a = to_matrix(s);
  double scale = 0;
  for (int i = 0; i < 3; ++i) a[i][i] -= mean;
  for (const auto& row : a)
    for (double x : row) scale = std::max(scale, std::abs(x));
  if (!(scale > 1e-290) || !std::isfinite(scale)) return {{mean, mean, mean}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}};
  const double unit = 1 / scale;
  for (auto& row : a)
    for (double& x : row) x *= unit;

  const auto [xx, yy, zz] = Vector3{a[0][0], a[1][1], a[2][2]};
  const auto [yz, xz, xy] = Vector3{a[1][2], a[0][2], a[0][1]};
  const double third = (0.5 * (xx * xx + yy * yy + zz * zz) + yz * yz + xz * xz + xy * xy) / 3, size = std::sqrt(third);  // J2/3
  const double determinant = xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz);
  const double lode = std::min(1.0, std::abs(determinant) / (2 * third * size));
  double x = 1.73213 + lode * (0.33066 + lode * (-0.08138 + 0.01864 * lode));  // x³ − 3 x = 2 lode, to 1e-4
  for (int i = 0; i < 2; ++i) x -= (x * (x * x - 3) - 2 * lode) / (3 * (x * x - 1));
  const bool first = determinant >= 0;  // the lone value is the largest
  const double lone = (first ? x : -x) * size;

  const Vector3 r0 = {xx - lone, xy, xz}, r1 = {xy, yy - lone, yz}, r2 = {xz, yz, zz - lone};
  Vector3 n = cross(r0, r1);
  double square = dot(n, n);
  for (const Vector3& c : {cross(r1, r2), cross(r2, r0)})
    if (const double more = dot(c, c); more > square) n = c, square = more;
  const double shorten = 1 / std::sqrt(square);
  for (double& c : n) c *= shorten;
  const bool x_longer = std::abs(n[0]) > std::abs(n[1]);
  const double across = 1 / std::sqrt((x_longer ? n[0] * n[0] : n[1] * n[1]) + n[2] * n[2]);
  const Vector3 u = x_longer ? Vector3{-n[2] * across, 0, n[0] * across} : Vector3{0, n[2] * across, -n[1] * across}, w = cross(n, u);
  const auto times = [&](const Vector3& v) { return Vector3{dot(a[0], v), dot(a[1], v), dot(a[2], v)}; };
  const Vector3 au = times(u), aw = times(w);
  const double uu = dot(u, au), uw = dot(u, aw), ww = dot(w, aw), half = 0.5 * (ww - uu);
  const double t = uw == 0 ? 0 : (half >= 0 ? uw : -uw) / (std::abs(half) + std::sqrt(half * half + uw * uw));
  const double c = 1 / std::sqrt(1 + t * t), z = t * c;
  Vector3 values = {uu - t * uw, ww + t * uw, dot(n, times(n))};
  std::array<Vector3, 2> pair;
  for (int k = 0; k < 3; ++k) pair[0][k] = c * u[k] - z * w[k], pair[1][k] = z * u[k] + c * w[k];
  if (values[0] < values[1]) std::swap(values[0], values[1]), std::swap(pair[0], pair[1]);
  for (double& v : values) v = mean + scale * v;
  if (first) return {{values[2], values[0], values[1]}, {n, pair[0], pair[1]}};
  return {values, {pair[0], pair[1], n}};
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
