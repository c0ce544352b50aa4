#include "rock/in_situ.hpp"

#include <algorithm>
#include <cmath>

namespace winze::rock {

double LogInDepth::operator()(double depth) const { return surface + scale * std::log1p(depth / length); }

std::array<double, 3> RatioStress::compressions(double depth) const {
  const double v = vertical(depth), inverse = depth > 0 ? 1 / depth : 0;
  return {(major + major_length * inverse) * v, (minor + minor_length * inverse) * v, v};
}

Matrix3 PrincipalAxes::axes() const {
  const double ct = std::cos(trend), st = std::sin(trend), cp = std::cos(plunge), sp = std::sin(plunge);
  const Vector3 major = {st * cp, ct * cp, -sp}, across = {ct, -st, 0}, third = cross(across, major);
  const double cr = std::cos(roll), sr = std::sin(roll);
  Matrix3 rows{};
  for (int i = 0; i < 3; ++i) {
    rows[0][i] = major[i];
    rows[1][i] = cr * across[i] + sr * third[i];
    rows[2][i] = -sr * across[i] + cr * third[i];
  }
  return rows;
}

Sym3 InSituStress::operator()(const Vector3& x) const {
  const double depth = std::max(0.0, ground - x[2]);
  return law.visit([&](const auto& l) -> Sym3 {
    if constexpr (requires { l.compressions(depth); }) {
      const std::array<double, 3> c = l.compressions(depth);
      const Matrix3 a = l.axes.axes();
      Matrix3 m{};
      for (int p = 0; p < 3; ++p)
        for (int i = 0; i < 3; ++i)
          for (int j = 0; j < 3; ++j) m[i][j] -= c[p] * a[p][i] * a[p][j];
      return from_matrix(m);
    } else {
      std::array<double, 6> c;
      for (int i = 0; i < 6; ++i) c[i] = -(l.surface[i] + l.gradient[i] * depth);
      return {c[0], c[1], c[2], sqrt2 * c[4], sqrt2 * c[5], sqrt2 * c[3]};
    }
  });
}

Vector3 InSituStress::body_force(const Vector3& x) const {
  const Matrix3 above = to_matrix((*this)({x[0], x[1], x[2] + 0.5})), below = to_matrix((*this)({x[0], x[1], x[2] - 0.5}));
  return {below[0][2] - above[0][2], below[1][2] - above[1][2], below[2][2] - above[2][2]};
}

}  // namespace winze::rock
