#include "base/error.hpp"
#include "fem/surface_points.hpp"

namespace winze::fem {
namespace {

/// Rows: two tangents of the wall, then the normal.
Matrix3 wall_frame(const Vector3& normal) {
  int least = 0;
  for (int i = 1; i < 3; ++i)
    if (std::abs(normal[i]) < std::abs(normal[least])) least = i;
  Vector3 axis{};
  axis[least] = 1;
  Vector3 first = cross(axis, normal);
  const double length = norm(first);
  for (double& c : first) c /= length;
  return {first, cross(normal, first), normal};
}

}  // namespace

// In the wall's frame the elastic strain splits into the tangential part (11, 22, 12), known, and the part (33, 23, 13) that the traction
// (σ33, σ23, σ13) determines: C_nn e_n = t − initial_n − C_nt e_t, a symmetric positive definite 3×3 system.
Sym3 wall_stress(const Sym3& strain, const Sym3& thermal, const Sym3& initial, const Moduli& moduli, const Vector3& normal, const Vector3& traction) {
  const Matrix3 frame = wall_frame(normal);
  Moduli turn;  // Kelvin rotation, turn[i][j]: component i in the wall's frame of the j-th unit tensor
  for (int j = 0; j < 6; ++j) {
    Sym3 unit{};
    unit[j] = 1;
    const Sym3 column = rotate(unit, frame);
    for (int i = 0; i < 6; ++i) turn[i][j] = column[i];
  }
  Moduli c{};
  for (int i = 0; i < 6; ++i) {
    Sym3 row{};  // row i of turn · moduli
    for (int k = 0; k < 6; ++k)
      for (int j = 0; j < 6; ++j) row[j] += turn[i][k] * moduli[k][j];
    for (int j = 0; j < 6; ++j) c[i][j] = dot(row, turn[j]);
  }
  const Sym3 before = product(turn, initial);
  Sym3 elastic = product(turn, strain);
  const Sym3 expansion = product(turn, thermal);
  for (int i = 0; i < 6; ++i) elastic[i] -= expansion[i];

  constexpr int with_normal[3] = {2, 3, 4}, tangential[3] = {0, 1, 5};
  const Vector3 wanted = {dot(frame[2], traction), sqrt2 * dot(frame[1], traction), sqrt2 * dot(frame[0], traction)};
  double a[3][4];
  for (int i = 0; i < 3; ++i) {
    const int row = with_normal[i];
    for (int j = 0; j < 3; ++j) a[i][j] = c[row][with_normal[j]];
    a[i][3] = wanted[i] - before[row];
    for (int k : tangential) a[i][3] -= c[row][k] * elastic[k];
  }
  for (int k = 0; k < 3; ++k) {
    if (!(a[k][k] > 0)) throw SolverError("wall stress needs positive definite moduli: pivot {} of the wall's normal is {:g} Pa", k + 1, a[k][k]);
    for (int i = k + 1; i < 3; ++i)
      for (int j = 3; j >= k; --j) a[i][j] -= a[i][k] / a[k][k] * a[k][j];
  }
  for (int k = 2; k >= 0; --k) {
    double right = a[k][3];
    for (int j = k + 1; j < 3; ++j) right -= a[k][j] * elastic[with_normal[j]];
    elastic[with_normal[k]] = right / a[k][k];
  }

  Sym3 stress = product(c, elastic);
  for (int i = 0; i < 6; ++i) stress[i] += before[i];
  const Matrix3 back = {{{frame[0][0], frame[1][0], frame[2][0]}, {frame[0][1], frame[1][1], frame[2][1]}, {frame[0][2], frame[1][2], frame[2][2]}}};
  return rotate(stress, back);
}

}  // namespace winze::fem
