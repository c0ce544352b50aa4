#include "material/moduli.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"

namespace winze::material {
namespace {

/// Lower triangle L with L Lᵀ = c; false where c is not positive definite to rounding.
bool cholesky(const Moduli& c, Moduli& l) {
  l = {};
  double scale = 0;
  for (int i = 0; i < 6; ++i) scale = std::max(scale, std::abs(c[i][i]));
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j <= i; ++j) {
      double sum = c[i][j];
      for (int k = 0; k < j; ++k) sum -= l[i][k] * l[j][k];
      if (i != j) {
        l[i][j] = sum / l[j][j];
      } else {
        if (!(sum > 1e-14 * scale)) return false;
        l[i][i] = std::sqrt(sum);
      }
    }
  return true;
}

bool symmetric(const Moduli& c) {
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < i; ++j)
      if (!(std::abs(c[i][j] - c[j][i]) <= 1e-12 * (std::abs(c[i][i]) + std::abs(c[j][j])))) return false;
  return true;
}

}  // namespace

Vector3 Plane::normal() const { return {std::sin(dip) * std::sin(dip_direction), std::sin(dip) * std::cos(dip_direction), std::cos(dip)}; }

Matrix3 Plane::axes() const {
  const Vector3 n = normal(), strike = {std::cos(dip_direction), -std::sin(dip_direction), 0};
  return {strike, cross(n, strike), n};
}

Moduli kelvin_rotation(const Matrix3& r) {
  Moduli q{};
  for (int j = 0; j < 6; ++j) {
    Sym3 unit{};
    unit[j] = 1;
    const Sym3 column = winze::rotate(unit, r);
    for (int i = 0; i < 6; ++i) q[i][j] = column[i];
  }
  return q;
}

Moduli rotate(const Moduli& c, const Matrix3& r) {
  const Moduli q = kelvin_rotation(r);
  Moduli qc{}, out{};
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j)
      for (int k = 0; k < 6; ++k) qc[i][j] += q[i][k] * c[k][j];
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j)
      for (int k = 0; k < 6; ++k) out[i][j] += qc[i][k] * q[j][k];
  return out;
}

Moduli to_global(const Moduli& local, const Matrix3& axes) {
  Matrix3 transposed;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) transposed[i][j] = axes[j][i];
  return rotate(local, transposed);
}

bool positive_definite(const Moduli& c) {
  Moduli l;
  return symmetric(c) && cholesky(c, l);
}

Moduli inverse(const Moduli& c) {
  Moduli l, out{};
  if (!symmetric(c) || !cholesky(c, l))
    throw InputError("elastic moduli are not symmetric positive definite: some strain would store no or negative energy");
  for (int j = 0; j < 6; ++j) {
    Sym3 x{};
    for (int i = 0; i < 6; ++i) {
      double sum = i == j;
      for (int k = 0; k < i; ++k) sum -= l[i][k] * x[k];
      x[i] = sum / l[i][i];
    }
    for (int i = 5; i >= 0; --i) {
      double sum = x[i];
      for (int k = i + 1; k < 6; ++k) sum -= l[k][i] * x[k];
      x[i] = sum / l[i][i];
    }
    for (int i = 0; i < 6; ++i) out[i][j] = x[i];
  }
  return out;
}

Moduli isotropic_moduli(double young, double poisson) {
  const double two_shear = young / (1 + poisson), lame = young * poisson / ((1 + poisson) * (1 - 2 * poisson));
  Moduli c{};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) c[i][j] = lame;
  for (int i = 0; i < 6; ++i) c[i][i] += two_shear;
  return c;
}

bool solve_small(int n, Moduli a, Sym3& b) {
  double scale = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) scale = std::max(scale, std::abs(a[i][j]));
  for (int k = 0; k < n; ++k) {
    int pivot = k;
    for (int i = k + 1; i < n; ++i)
      if (std::abs(a[i][k]) > std::abs(a[pivot][k])) pivot = i;
    if (!(std::abs(a[pivot][k]) > 1e-14 * scale)) return false;
    std::swap(a[k], a[pivot]);
    std::swap(b[k], b[pivot]);
    for (int i = k + 1; i < n; ++i) {
      const double factor = a[i][k] / a[k][k];
      for (int j = k; j < n; ++j) a[i][j] -= factor * a[k][j];
      b[i] -= factor * b[k];
    }
  }
  for (int i = n - 1; i >= 0; --i) {
    for (int j = i + 1; j < n; ++j) b[i] -= a[i][j] * b[j];
    b[i] /= a[i][i];
  }
  return true;
}

}  // namespace winze::material
