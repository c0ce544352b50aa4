/// A single material point led along a path of strains and stresses, as a testing machine would.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/error.hpp"
#include "material/laws.hpp"

namespace winze::material {

/// One straight leg of a path in Kelvin components. Component i of `target` is a stress (Pa) where stress_controlled[i], otherwise a strain.
struct Leg {
  Sym3 target{};
  std::array<bool, 6> stress_controlled{};
  int steps = 1;
  double duration = 0;  ///< s, shared evenly by the steps
};

/// Axial strain along `axis` (0, 1, 2) with every other stress at zero.
inline Leg uniaxial_stress(int axis, double strain, int steps = 1) {
  Leg leg{{}, {true, true, true, true, true, true}, steps};
  leg.stress_controlled[axis] = false;
  leg.target[axis] = strain;
  return leg;
}
/// Axial strain with every other strain at zero (oedometer).
inline Leg uniaxial_strain(int axis, double strain, int steps = 1) {
  Leg leg{{}, {}, steps};
  leg.target[axis] = strain;
  return leg;
}
/// Equal normal stresses (Pa, tension positive) without shear: the cell pressure of a triaxial test.
inline Leg hydrostatic_stress(double stress, int steps = 1) {
  return {{stress, stress, stress, 0, 0, 0}, {true, true, true, true, true, true}, steps};
}
/// Axial strain along `axis` with the other two normal stresses held at `lateral` and no shear stress: the second leg of a triaxial test.
inline Leg triaxial(int axis, double strain, double lateral, int steps = 1) {
  Leg leg = hydrostatic_stress(lateral, steps);
  leg.stress_controlled[axis] = false;
  leg.target[axis] = strain;
  return leg;
}

struct DriverPoint {
  Sym3 strain, stress;
  int iterations = 0;  ///< Newton iterations of this step
  std::uint8_t yielded = 0;
  double dissipated = 0;  ///< J/m³ in this step
};

/// Runs the path from the stress-free virgin point; returns the start and every step, and leaves the last state in `final_state` where given. Newton
/// on the stress-controlled components with the law's own tangent, to `tolerance` relative to the largest stress of the law's elastic trial; steps
/// that raise the residual are halved, and where the tangent is singular a tenth of the elastic moduli is added. `at` gives length,
/// temperature and age at the start. Throws SolverError where that fails.
template <ConstitutiveLaw L>
std::vector<DriverPoint> drive(const L& law, const std::vector<Leg>& path, double tolerance = 1e-12, Conditions at = {},
                               typename L::State* final_state = nullptr) {
  constexpr int max_iterations = 100;
  const Moduli moduli = law.moduli();
  typename L::State accepted{};
  typename L::State trial = accepted;
  std::vector<DriverPoint> points = {{{}, law.update(moduli, Sym3{}, at, trial).stress}};
  for (std::size_t leg_number = 0; leg_number < path.size(); ++leg_number) {
    const Leg& leg = path[leg_number];
    const DriverPoint start = points.back();
    at.time_step = leg.duration / leg.steps;
    for (int step = 1; step <= leg.steps; ++step) {
      at.age += at.time_step;
      DriverPoint now = points.back();
      Sym3 wanted;
      for (int i = 0; i < 6; ++i) {
        const double from = leg.stress_controlled[i] ? start.stress[i] : start.strain[i];
        wanted[i] = from + (leg.target[i] - from) * step / leg.steps;
        if (!leg.stress_controlled[i]) now.strain[i] = wanted[i];
      }
      std::array<int, 6> open{};
      int n_open = 0;
      for (int i = 0; i < 6; ++i)
        if (leg.stress_controlled[i]) open[n_open++] = i;
      Sym3 step_by{};
      double before = std::numeric_limits<double>::infinity();
      int halvings = 0;
      for (now.iterations = 0;; ++now.iterations) {
        trial = accepted;
        const Response response = law.update(moduli, now.strain, at, trial);
        now.stress = response.stress;
        now.yielded = response.yielded;
        now.dissipated = response.dissipated;
        double residual = 0, scale = 0;
        Sym3 correction{};
        Moduli block{};
        for (int i = 0; i < 6; ++i)
          scale = std::max({scale, std::abs(now.stress[i]), std::abs(wanted[i] * (leg.stress_controlled[i] ? 1 : moduli[i][i]))});
        for (int a = 0; a < n_open; ++a) {
          correction[a] = wanted[open[a]] - now.stress[open[a]];
          residual = std::max(residual, std::abs(correction[a]));
          for (int b = 0; b < n_open; ++b) block[a][b] = response.tangent[open[a]][open[b]];
        }
        if (std::isfinite(residual) && residual <= tolerance * scale) break;
        if (residual > 1.01 * before && halvings < 8) {  // too far: return half of the step
          ++halvings;
          for (int a = 0; a < n_open; ++a) now.strain[open[a]] -= step_by[a] *= 0.5;
          continue;
        }
        halvings = 0, before = residual;
        step_by = correction;
        bool solved = std::isfinite(residual) && solve_small(n_open, block, step_by);
        if (!solved && std::isfinite(residual)) {
          for (int a = 0; a < n_open; ++a)
            for (int b = 0; b < n_open; ++b) block[a][b] += 0.1 * moduli[open[a]][open[b]];
          step_by = correction;
          solved = solve_small(n_open, block, step_by);
        }
        if (now.iterations == max_iterations || !solved)
          throw SolverError("one-point driver, law {}, leg {}, step {}: stress is off by {:.3g} Pa after {} iterations; take more steps", L::name,
                            leg_number + 1, step, residual, now.iterations);
        for (int a = 0; a < n_open; ++a) now.strain[open[a]] += step_by[a];
      }
      accepted = trial;
      points.push_back(now);
    }
  }
  if (final_state) *final_state = accepted;
  return points;
}

}  // namespace winze::material
