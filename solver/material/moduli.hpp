/// 6×6 elastic moduli in Kelvin form: rotation, inversion, admissibility, stored energy.
#pragma once
#include <array>

#include "base/tensor.hpp"

namespace winze::material {

/// Orientation of a plane in the ground. `dip`: angle of the plane below the horizontal, [0, π/2]; `dip_direction`: azimuth of the steepest descent,
/// clockwise from north (y), [0, 2π). Radians.
struct Plane {
  double dip = 0, dip_direction = 0;
  /// Unit normal pointing up (towards the dip direction when the plane is vertical).
  Vector3 normal() const;
  /// Rows: strike line, down-dip line, upward normal, as a right-handed frame in (east, north, up).
  Matrix3 axes() const;
};

/// The orthogonal 6×6 matrix Q with Q·s = rotate(s, r) for every Kelvin vector s.
Moduli kelvin_rotation(const Matrix3& r);
/// Q c Qᵀ: moduli or compliance known in the old frame, seen from the new axes (the rows of r).
Moduli rotate(const Moduli& c, const Matrix3& r);
/// Moduli or compliance known in the frame whose axes are the rows of `axes`, seen from the global frame.
Moduli to_global(const Moduli& local, const Matrix3& axes);

/// Moduli ↔ compliance. Throws InputError unless c is symmetric positive definite.
Moduli inverse(const Moduli& c);
/// Every strain but zero stores positive energy.
bool positive_definite(const Moduli& c);

/// Hooke's law; E in Pa.
Moduli isotropic_moduli(double young, double poisson);

/// Stored elastic energy per volume, ½ σ : S : σ, J/m³.
inline double energy_density(const Moduli& compliance, const Sym3& stress) { return 0.5 * dot(stress, product(compliance, stress)); }

/// Solves the leading n×n block of a x = b by elimination with pivoting; false where it is singular to rounding. b becomes x.
bool solve_small(int n, Moduli a, Sym3& b);

}  // namespace winze::material
