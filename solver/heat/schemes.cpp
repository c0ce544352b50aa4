// One time step by TR-BDF2 or backward Euler, and the linear solve inside.
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "heat/time_steps_data.hpp"

namespace winze::heat {

double TimeSteps::solve(System& system, const View<double>& b, const View<double>& x, double relative_tolerance, double reference, Report& report) {
  const Index n = mesh_.nodes.n_owned();
  const View<double> d = system.diagonal, t = v_->now;
  linear::SolveOptions options;
  options.max_iterations = options_.max_iterations;
  options.relative_tolerance = relative_tolerance;
  double norms[2] = {sum_over(
                         n, KOKKOS_LAMBDA(Index i, double& s) { s += b[i] * b[i]; }),
                     sum_over(
                         n, KOKKOS_LAMBDA(Index i, double& s) { s += d[i] * t[i] * d[i] * t[i]; })};
  mesh_.comm.sum(norms, 2);
  // What M T and K T lose to rounding is not worth a solve.
  options.reference =
      std::max(std::max(std::sqrt(norms[0]), reference), 16 * std::numeric_limits<double>::epsilon() * std::sqrt(norms[1]) / relative_tolerance);
  const linear::SolveReport s = linear::solve(*system.unknowns, *system.preconditioner, b, x, options, "heat_");
  report.linear_iterations += s.iterations;
  if (!s.converged)
    throw SolverError("heat: a linear solve of a time step of {:.3g} s stopped at a residual of {:.2e} (wanted {:.2e}) after {} iterations: {}",
                      system.weight / scheme_.implicit, s.relative_residual, relative_tolerance, s.iterations, s.reason);
  return s.relative_residual * options.reference;
}

void TimeSteps::solve_stage(System& system, const View<double>& t, Report& report) {
  const Index n = mesh_.nodes.n_owned();
  const View<double> r = v_->residual, rhs = v_->rhs, a = v_->product, x = v_->x;
  const View<std::uint8_t> held = held_;
  system.full->apply(t, a);
  double norm = sum_over(
      n, KOKKOS_LAMBDA(Index i, double& s) {
        r[i] = held[i] ? 0 : rhs[i] - a[i];
        x[i] = 0;
        s += held[i] ? 0 : rhs[i] * rhs[i];
      });
  norm = std::sqrt(mesh_.comm.sum(norm));
  const double residual = solve(system, r, x, options_.linear_tolerance, v_->moved * system.weight, report);
  if (norm > 0) report.linear_residual = std::max(report.linear_residual, residual / norm);
  each(
      n, KOKKOS_LAMBDA(Index i) { t[i] += x[i]; });
}

double TimeSteps::tr_bdf2(const StepConditions& step, System& system, Report& report) {
  const Index n = mesh_.nodes.n_owned();
  const double dt = step.length, w = system.weight, gamma = scheme_.c[1], b = scheme_.b[0], d = scheme_.implicit;
  const auto [now, middle, next] = std::tuple{v_->now, v_->middle, v_->next};
  const auto [mass_now, mass_middle, mass_next] = std::tuple{v_->mass_now, v_->mass_middle, v_->mass_next};
  const auto [z1, z2, z3] = std::tuple{v_->z1, v_->z2, v_->z3};
  const auto [rhs, x, a, slope, bend] = std::tuple{v_->rhs, v_->x, v_->product, v_->slope, v_->bend};
  const View<std::uint8_t> held = held_;
  const bool first = v_->n_steps == 0;

  Kokkos::deep_copy(z1, 0);
  conditions_.add_inflow(step, 0, z1);
  system.full->apply(now, a);
  each(
      n, KOKKOS_LAMBDA(Index i) { z1[i] += (mass_now[i] - a[i]) / w; });  // f − K T

  Kokkos::deep_copy(rhs, 0);
  conditions_.add_inflow(step, 1, rhs);
  Kokkos::deep_copy(middle, now);
  conditions_.prescribe(step.begin + gamma * dt, middle);
  each(
      n, KOKKOS_LAMBDA(Index i) {
        z2[i] = mass_now[i] + w * z1[i];  // the known part, until the stage is solved
        rhs[i] = z2[i] + w * rhs[i];
        if (!held[i]) middle[i] += gamma * dt * (slope[i] + gamma * dt * bend[i]);
      });
  solve_stage(system, middle, report);
  mass_->apply(middle, mass_middle);
  each(
      n, KOKKOS_LAMBDA(Index i) { z2[i] = (mass_middle[i] - z2[i]) / w; });

  Kokkos::deep_copy(rhs, 0);
  conditions_.add_inflow(step, 2, rhs);
  Kokkos::deep_copy(next, middle);
  conditions_.prescribe(step.begin + dt, next);
  each(
      n, KOKKOS_LAMBDA(Index i) {
        z3[i] = mass_now[i] + dt * b * (z1[i] + z2[i]);
        rhs[i] = z3[i] + w * rhs[i];
        const double secant = (middle[i] - now[i]) / (gamma * dt), second = first ? 0 : (secant - slope[i]) / (gamma * dt);
        if (!held[i]) next[i] += (1 - gamma) * dt * (secant + second * dt);  // the parabola through now and middle
      });
  solve_stage(system, next, report);
  mass_->apply(next, mass_next);
  each(
      n, KOKKOS_LAMBDA(Index i) { z3[i] = (mass_next[i] - z3[i]) / w; });
  if (options_.steps > 0) return 0;

  // Hosea & Shampine (1996), eq. 7: the companion has weights (1 − b)/3, (3b + 1)/3, d/3.
  const double e1 = dt * (b - (1 - b) / 3), e2 = dt * (b - (3 * b + 1) / 3), e3 = dt * (d - d / 3);
  each(
      n, KOKKOS_LAMBDA(Index i) {
        rhs[i] = held[i] ? 0 : e1 * z1[i] + e2 * z2[i] + e3 * z3[i];
        x[i] = 0;
      });
  constexpr double enough_for_an_estimate = 0.1;
  solve(system, rhs, x, enough_for_an_estimate, 0, report);
  double error = 0;
  Kokkos::parallel_reduce(
      "error", Kokkos::RangePolicy<Device>(0, n),
      KOKKOS_LAMBDA(Index i, double& largest) { largest = std::abs(x[i]) > largest ? std::abs(x[i]) : largest; }, Kokkos::Max<double>(error));
  return mesh_.comm.max(error);
}

void TimeSteps::backward_euler(const StepConditions& step, System& system, Report& report) {
  const Index n = mesh_.nodes.n_owned();
  const double dt = step.length;
  const auto [next, mass_now, mass_next, z3] = std::tuple{v_->next, v_->mass_now, v_->mass_next, v_->z3};
  const auto [rhs, slope, bend] = std::tuple{v_->rhs, v_->slope, v_->bend};
  const View<std::uint8_t> held = held_;
  Kokkos::deep_copy(rhs, 0);
  conditions_.add_inflow(step, 0, rhs);
  Kokkos::deep_copy(next, v_->now);
  conditions_.prescribe(step.begin + dt, next);
  each(
      n, KOKKOS_LAMBDA(Index i) {
        rhs[i] = mass_now[i] + dt * rhs[i];
        if (!held[i]) next[i] += dt * (slope[i] + dt * bend[i]);
      });
  solve_stage(system, next, report);
  mass_->apply(next, mass_next);
  each(
      n, KOKKOS_LAMBDA(Index i) { z3[i] = (mass_next[i] - mass_now[i]) / dt; });
}

}  // namespace winze::heat
