/// Small rock models for the tests, written as a user would write them.
#pragma once
#include <cmath>

#include "rock/rock.hpp"
#include "run/case.hpp"

namespace winze::testing {

inline input::Named<material::Material> rock_material(double young, double poisson, double density = 0, double expansion = 0) {
  material::Material m;
  m.density = density;
  m.law.value = material::Elastic{young, poisson};
  if (expansion != 0) {
    m.thermal.emplace();
    m.thermal->conductivity = input::Curve(3);
    m.thermal->heat_capacity = 800;
    m.thermal->expansion = expansion;
  }
  return {{{"rock", m}}};
}

/// Compression positive, constant: xx, yy, zz, xy, yz, xz.
inline rock::InSituStress constant_stress(std::array<double, 6> compression, std::array<double, 6> gradient = {}) {
  rock::TensorStress t;
  t.surface = compression;
  t.gradient = gradient;
  rock::InSituStress s;
  s.law.value = t;
  return s;
}

template <class B>
rock::Boundary on(const std::string& surface) {
  B b;
  b.surface = surface;
  rock::Boundary boundary;
  boundary.value = b;
  return boundary;
}

/// Kirsch, displacement caused by making the hole (compression positive p1 along x, p2 along y, plane strain): Brady & Brown 2004, eq. 7.2.
struct Kirsch {
  double a, p1, p2, young, poisson;
  Vector3 displacement(const Vector3& x) const {
    const double g = young / (2 * (1 + poisson)), r = std::hypot(x[0], x[1]), theta = std::atan2(x[1], x[0]), q = a * a / (r * r);
    const double inward = a * a / (4 * g * r) * ((p1 + p2) + (p1 - p2) * (4 * (1 - poisson) - q) * std::cos(2 * theta));
    const double along = -a * a * (p1 - p2) / (4 * g * r) * (2 * (1 - 2 * poisson) + q) * std::sin(2 * theta);
    const double c = std::cos(theta), s = std::sin(theta);
    // The page's u_theta is for displacement positive with theta while u_r is inward.
    return {-inward * c + along * s, -inward * s - along * c, 0};
  }
  /// Hoop stress at the wall, compression positive.
  double hoop(double theta) const { return p1 + p2 - 2 * (p1 - p2) * std::cos(2 * theta); }
};

}  // namespace winze::testing
