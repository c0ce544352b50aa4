// Closed-form stress around a circular opening, and the samples made of it.
#pragma once
#include <cmath>
#include <numbers>
#include <vector>

#include "burst/evaluation.hpp"

namespace winze::burst::test {

inline Rock rock(double young = 50e9, double poisson = 0.25, double ucs = 180e6, const std::string& name = "granite") {
  material::Material m;
  m.density = 2700;
  m.law.value = material::Elastic{young, poisson};
  m.strength.ucs = ucs;
  return Rock(name, m);
}

/// Opening of radius 1 m along y (Kirsch 1898), plane strain; sx, sz: far-field stress, compression positive; the axial far field sy makes ε_yy = 0
/// relative to it: σyy = sy + ν (σr + σθ − sx − sz).
struct Opening {
  double sx, sz, sy, poisson = 0.25;

  Sym3 in_situ() const { return {-sx, -sy, -sz, 0, 0, 0}; }
  static Vector3 outward(double theta) { return {std::cos(theta), 0, std::sin(theta)}; }  ///< from the axis, θ from x
  Sym3 stress(double r, double theta) const {
    const double q = 1 / (r * r), m = (sx + sz) / 2, d = (sx - sz) / 2, c2 = std::cos(2 * theta), s2 = std::sin(2 * theta);
    const double radial = m * (1 - q) + d * (1 - 4 * q + 3 * q * q) * c2;
    const double hoop = m * (1 + q) - d * (1 + 3 * q * q) * c2;
    const double shear = -d * (1 + 2 * q - 3 * q * q) * s2;
    const double axial = sy + poisson * (radial + hoop - sx - sz);
    // Local axes: r, y, θ. Compression positive becomes tension positive.
    const Matrix3 local = {{{-radial, 0, -shear}, {0, -axial, 0}, {-shear, 0, -hoop}}};
    const double c = std::cos(theta), s = std::sin(theta);
    return rotate(from_matrix(local), {{{c, 0, -s}, {0, 1, 0}, {s, 0, c}}});
  }
};

/// `n` equal strips of the wall of an opening 1 m long, from θ = `first`, over `sweep`.
inline std::vector<Sample> wall(const Opening& opening, const Rock& rock, int n, double first = 0, double sweep = 2 * std::numbers::pi) {
  std::vector<Sample> samples;
  for (int i = 0; i < n; ++i) {
    const double theta = first + sweep * i / n;
    const Vector3 out = Opening::outward(theta);
    Sample s;
    s.position = out;
    s.stress = opening.stress(1, theta);
    s.weight = sweep / n;
    s.rock = &rock;
    s.normal = Vector3{-out[0], -out[1], -out[2]};
    s.in_situ = opening.in_situ();
    samples.push_back(s);
  }
  return samples;
}

inline Samples of(const std::vector<Sample>& samples, Place place, Solution solution = Solution::elastic) {
  return {place, solution, samples.size(), [&samples](std::size_t i) { return samples[i]; }};
}

}  // namespace winze::burst::test
