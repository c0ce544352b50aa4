// Stages of rock that yields: sub-steps of the release, Newton's method in each, and the energy of any stage.
#include "rock/release.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/log.hpp"
#include "rock/system.hpp"

namespace winze::rock {

void Rock::begin(Loads& loads, const State& before, double release, StageEnergy& energy) const {
  loads.release = release;
  loads.u = before.u;
  loads.thermal_to = thermal_strain_at_points(state_.temperature);
  if (!loads.thermal_to.empty()) {
    loads.thermal_from = thermal_strain_at_points(before.temperature);
    loads.thermal_from.resize(loads.thermal_to.size(), 0);
  }
  const auto energy_of = [&](Index e, int material) {
    double sum = 0;
    for (GlobalIndex q = points_.offset[e]; q < points_.offset[e + 1]; ++q) {
      Sym3 s;
      std::copy_n(&loads.stress[6 * q], 6, s.begin());
      sum += points_.volume[q] * material::energy_density(compliance_[material], s);
    }
    return sum;
  };
  for (Index e = 0; e < mesh_.n_elements(); ++e) {
    const int was = before.material[e], is = state_.material[e];
    if (was == is) {
      if (is != gone) loads.stored += energy_of(e, is);
      continue;
    }
    if (was != gone) energy.carried_out += energy_of(e, was);
    for (GlobalIndex k = 6 * points_.offset[e]; k < 6 * points_.offset[e + 1]; ++k) {
      loads.stress[size_t(k)] = 0;
      if (is != gone && !loads.thermal_to.empty()) loads.thermal_from[size_t(k)] = loads.thermal_to[size_t(k)];
    }
  }
  loads.stored += tie_energy();
  energy.stored = -loads.stored;
  loads.dead = this->loads();
  loads.start = loads.dead;
  const std::vector<double> internal = internal_forces(loads.stress), tied = tie_forces();
  const size_t n_owned = 3 * size_t(mesh_.nodes.n_owned());
  for (size_t i = 0; i < loads.start.size(); ++i) loads.start[i] = i < n_owned ? loads.start[i] - internal[i] + (tied.empty() ? 0 : tied[i]) : 0;
}

void Rock::add_energy(Loads& loads, double from, double to, const std::vector<double>& memory_from, const std::vector<double>& u_from,
                      std::vector<double> stress, StageEnergy& energy) const {
  // Work of nodal forces: internal force at both ends, which dead loads, held forces and reactions make up together.
  const std::vector<double> f_from = internal_forces(loads.stress), f_to = internal_forces(stress);
  const std::vector<double>&held_from = loads.held(from), &held_to = loads.held(to), &held_end = loads.held(1);
  for (size_t i = 0; i < 3 * size_t(mesh_.nodes.n_owned()); ++i) {
    const double du = state_.u[i] - u_from[i];
    if (du == 0) continue;
    const double released = boundary_.fixed[i] ? 0 : -0.5 * (held_from[i] + held_to[i] - 2 * held_end[i]) * du;
    energy.released += released;
    energy.loads += boundary_.fixed[i] ? 0.5 * (f_from[i] + f_to[i]) * du : (loads.dead[i] + held_end[i]) * du;
  }
  for (Index e = 0; e < mesh_.n_elements(); ++e) {
    if (state_.material[e] == gone) continue;
    for (GlobalIndex q = points_.offset[e]; q < points_.offset[e + 1]; ++q)
      for (int i = 0; i < 6; ++i) {
        const double mean = 0.5 * (loads.stress[6 * q + i] + stress[6 * q + i]) * points_.volume[q];
        if (nonlinear(e)) energy.dissipated += mean * (state_.memory[q * memory_size_ + i] - memory_from[q * memory_size_ + i]);
        if (!loads.thermal_to.empty()) energy.thermal += mean * (to - from) * (loads.thermal_to[6 * q + i] - loads.thermal_from[6 * q + i]);
      }
  }
  loads.stress = std::move(stress);
}

void Rock::end(const Loads& loads, StageEnergy& energy) const {
  energy.stored += tie_energy();
  for (Index e = 0; e < mesh_.n_elements(); ++e)
    for (GlobalIndex q = points_.offset[e]; state_.material[e] != gone && q < points_.offset[e + 1]; ++q) {
      Sym3 s;
      std::copy_n(&loads.stress[6 * q], 6, s.begin());
      energy.stored += points_.volume[q] * material::energy_density(compliance_[state_.material[e]], s);
    }
  double sums[7] = {energy.loads, energy.released, energy.stored, energy.dissipated, energy.thermal, energy.excess, energy.carried_out};
  mesh_.comm.sum(sums, 7);
  energy = {sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], 0};
  double largest = 0;
  for (int i = 0; i < 6; ++i) largest = std::max(largest, std::abs(sums[i]));
  energy.imbalance = largest > 0 ? std::abs(sums[0] - sums[1] - sums[2] - sums[3] - sums[4] - sums[5]) / largest : 0;
}

void Rock::move_supports(const Loads& loads, double share) {
  for (size_t i = 0; i < state_.u.size(); ++i)
    if (boundary_.fixed[i]) state_.u[i] = loads.u[i] + share * (boundary_.value[i] - loads.u[i]);
  mesh_.hanging.fill(state_.u.data(), 3);
}

std::vector<double> Rock::out_of_balance(const Loads& loads, double share, const std::vector<double>& stress) const {
  const std::vector<double> held = loads.held(share), tied = tie_forces();
  std::vector<double> r = internal_forces(stress);
  for (size_t i = 0; i < r.size(); ++i) r[i] = loads.dead[i] + held[i] - r[i] + (tied.empty() ? 0 : tied[i]);
  return r;
}

bool Rock::balance(System& system, const Loads& loads, double share, double tolerance, Substep& at, Report& report) {
  constexpr int most_cuts = 4, most_stalls = 3;
  const std::vector<double> thermal = loads.thermal(share);
  std::vector<double> r;
  const auto evaluate = [&] {
    respond(thermal, at);
    r = out_of_balance(loads, share, at.stress);
    return system.norm(r);
  };
  double norm = evaluate(), before = norm;
  int stalls = 0;
  for (int step = 0;; ++step) {
    if (!std::isfinite(norm)) return false;
    if (norm <= tolerance) return report.residual = norm, true;
    if (step == options_.newton) return false;
    system.set_tangents(at.tangents);
    linear::SolveOptions options;
    options.symmetric = mesh_.comm.all(at.tangents.symmetric);
    // Forcing terms after Eisenstat and Walker 1996, choice 2; never further than the tolerance asks.
    options.relative_tolerance = std::max(step == 0 ? 1e-2 : std::clamp(0.5 * norm * norm / (before * before), 1e-5, 5e-2), 0.3 * tolerance / norm);
    System::Answer answer = system.solve(r, options);
    if (!answer.report.converged && options.symmetric) {
      options.symmetric = false;
      answer = system.solve(r, options);
    }
    if (!(answer.report.converged || answer.report.relative_residual < 0.5)) return false;
    ++report.newton_steps;
    const std::vector<double> u = state_.u;
    const auto go = [&](double length) {
      for (size_t i = 0; i < u.size(); ++i) state_.u[i] = u[i] + length * answer.x[i];
      const double n = evaluate();
      return std::isfinite(n) ? n : HUGE_VAL;
    };
    before = norm;
    double length = 1, best = 1, least = go(1);
    for (int cut = 0; cut < most_cuts && least > before; ++cut) {
      length *= 0.5;
      const double n = go(length);
      if (n < least) least = n, best = length;
    }
    if (length != best) least = go(best);
    norm = least;
    if (norm > 0.95 * before && ++stalls == most_stalls) return false;
  }
}

// Pseudo-time steps of rock with a viscosity of `damping` times its elastic stiffness C: (C damping + tangent) x = r, memory accepted after each. The
// system is solved as (C + (tangent − C)/(1 + damping)) x = r/(1 + damping).
bool Rock::settle(System& system, Loads& loads, double share, double tolerance, Substep& at, Report& report) {
  constexpr int most_steps = 150, patience = 60;
  const std::vector<double> thermal = loads.thermal(share);
  respond(thermal, at);
  std::vector<double> r = out_of_balance(loads, share, at.stress);
  double norm = system.norm(r), best = norm, damping = 1;
  int best_at = 0;
  for (int step = 0; std::isfinite(norm); ++step) {
    if (norm <= tolerance) return report.residual = norm, true;
    if (step == most_steps || step - best_at > patience) return false;
    fem::PointModuli tangents = at.tangents;
    for (Moduli& m : tangents.moduli)
      for (auto& row : m)
        for (double& x : row) x /= 1 + damping;
    system.set_tangents(tangents);
    linear::SolveOptions options;
    options.symmetric = mesh_.comm.all(tangents.symmetric);
    options.relative_tolerance = 1e-2;
    System::Answer answer = system.solve(r, options);
    if (!answer.report.converged && options.symmetric) {
      options.symmetric = false;
      answer = system.solve(r, options);
    }
    if (!(answer.report.converged || answer.report.relative_residual < 0.5)) {
      if (damping > 5) return false;
      damping *= 4;
      continue;
    }
    ++report.newton_steps;
    const std::vector<double> u = state_.u, memory = state_.memory;
    for (size_t i = 0; i < u.size(); ++i) state_.u[i] += answer.x[i] / (1 + damping);
    respond(thermal, at);
    state_.memory = at.memory;
    const std::vector<double> before = std::move(r);
    r = out_of_balance(loads, share, at.stress);
    for (size_t i = 0; i < 3 * size_t(mesh_.nodes.n_owned()); ++i)
      if (!system.mask().held[i]) report.energy.excess += 0.5 * (before[i] + r[i]) * (state_.u[i] - u[i]);
    add_energy(loads, share, share, memory, u, at.stress, report.energy);
    const double now = system.norm(r);
    damping = now < 0.7 * norm ? std::max(0.5 * damping, 0.01) : now > norm ? std::min(2 * damping, 10.0) : damping;
    norm = now;
    if (norm < 0.8 * best) best = norm, best_at = step;
  }
  return false;
}

void Rock::follow(System& system, Loads& loads, Report& report) {
  const mesh::Mesh& mesh = mesh_;
  // The whole stage as if nothing yielded: the first direction, and the force that tolerances refer to.
  move_supports(loads, 1);
  std::vector<double> r = out_of_balance(loads, 1, stress_at_points(loads.thermal_to)), rate;
  report.out_of_balance = system.norm(r);
  const double floor = 1e-12 * force_scale(), tolerance = std::max(options_.tolerance * report.out_of_balance, floor);
  if (!std::isfinite(report.out_of_balance))
    throw SolverError("the out-of-balance force is not finite; check the in-situ stress and the temperatures");
  rate.assign(state_.u.size(), 0);
  if (report.out_of_balance > floor) {
    linear::SolveOptions options;
    options.relative_tolerance = 0.9 * options_.tolerance;
    const auto [x, s] = system.solve(r, options);
    if (!s.converged)
      throw SolverError("the linear solver stopped at a residual of {:.2e} after {} iterations: {}", s.relative_residual, report.linear_iterations,
                        s.reason);
    rate = x;
    ++report.newton_steps;
  }
  for (size_t i = 0; i < rate.size(); ++i) rate[i] += state_.u[i] - loads.u[i];

  const std::vector<double> elastic_rate = rate;
  std::vector<double> u = loads.u;  // accepted
  double share = 0, step = 1;
  const double longest = 1.0 / options_.steps;
  bool yields = false, ran = false;
  report.steps = 0;
  Substep at;
  while (share < 1) {
    const double target = share + step > 1 - 1e-9 ? 1 : share + step;
    const auto predict = [&] {
      for (size_t i = 0; i < u.size(); ++i) state_.u[i] = u[i] + (target - share) * rate[i];
      move_supports(loads, target);
    };
    predict();
    if (!yields) {
      respond(loads.thermal(target), at);
      if (mesh.comm.any(at.yielded > 0)) {
        yields = true;
        if (step > longest) {
          step = longest;
          continue;
        }
      }
    }
    const int newton = report.newton_steps;
    const auto accept = [&](double reached) {
      report.yielded = mesh.comm.sum(at.yielded);
      u = state_.u;
      share = reached;
      ++report.steps;
    };
    if (!balance(system, loads, target, tolerance, at, report)) {
      if (step <= options_.smallest_step || (step < 0.2 * longest && !ran)) {
        ran = true;
        const std::vector<double> memory = state_.memory, stress = loads.stress, failed = state_.u;
        const StageEnergy energy = report.energy;
        for (size_t i = 0; i < u.size(); ++i) state_.u[i] = u[i] + (target - share) * elastic_rate[i];
        move_supports(loads, target);
        respond(loads.thermal(target), at);
        state_.memory = at.memory;
        r = out_of_balance(loads, target, at.stress);
        for (size_t i = 0; i < 3 * size_t(mesh.nodes.n_owned()); ++i)
          if (!system.mask().held[i]) report.energy.excess += 0.5 * r[i] * (state_.u[i] - u[i]);
        add_energy(loads, share, target, memory, u, at.stress, report.energy);
        if (settle(system, loads, target, tolerance, at, report)) {
          log::info("rock ran to a new equilibrium at {:.2f} % of the stage", 100 * target);
          accept(target);
          rate = elastic_rate;
          step = std::min(4 * step, longest);
          continue;
        }
        state_.memory = memory, loads.stress = stress, report.energy = energy;
        if (step <= options_.smallest_step) {
          state_.u = failed;
          throw collapse(loads, share, u, report);
        }
      }
      step = std::max(0.5 * step, options_.smallest_step);
      log::info("no equilibrium at {:.2f} % of the stage: back to {:.2f} %, sub-steps of {:.2g} %", 100 * target, 100 * share, 100 * step);
      continue;
    }
    const std::vector<double> memory = std::move(state_.memory);
    state_.memory = std::move(at.memory);
    add_energy(loads, share, target, memory, u, std::move(at.stress), report.energy);
    for (size_t i = 0; i < u.size(); ++i) rate[i] = (state_.u[i] - u[i]) / (target - share);
    accept(target);
    ran = false;
    if (report.newton_steps - newton <= 6) step = std::min(1.5 * step, yields ? longest : 1.0);
  }
  state_.held = loads.held(1);
  report.residual = report.out_of_balance > floor ? report.residual / report.out_of_balance : 0;
}

Collapse Rock::collapse(const Loads& loads, double share, const std::vector<double>& u, Report report) {
  // Where the last attempt ran away from the last equilibrium.
  double increment = 0;
  Index node = 0;
  for (Index n = 0; n < mesh_.nodes.n_owned(); ++n) {
    const double d = std::hypot(state_.u[3 * n] - u[3 * n], state_.u[3 * n + 1] - u[3 * n + 1], state_.u[3 * n + 2] - u[3 * n + 2]);
    if (d > increment) increment = d, node = n;
  }
  const double largest = mesh_.comm.max(increment);
  const int owner = mesh_.comm.min(increment == largest ? mesh_.comm.rank() : mesh_.comm.size());
  Vector3 at = mesh_.point(node);
  if (mesh_.comm.rank() != owner) at = {};
  mesh_.comm.sum(at.data(), 3);
  std::string region;
  const int n_nodes = mesh::info(mesh_.shape).n_nodes;
  for (Index e = 0; mesh_.comm.rank() == owner && e < mesh_.n_elements() && region.empty(); ++e)
    if (state_.material[e] != gone && std::count(mesh_.nodes_of(e), mesh_.nodes_of(e) + n_nodes, node)) region = mesh_.region_names[mesh_.region[e]];
  region = mesh_.comm.broadcast(region, owner);
  Collapse found(
      "collapse: no equilibrium beyond {:.2f} % of the stage ({} sub-steps, {} Newton steps, {} points yield); the rock runs away at ({:.6g}, "
      "{:.6g}, "
      "{:.6g}) m in region '{}', by {:.3g} m in the last attempt: support it, release less, or check its strength",
      100 * share, report.steps, report.newton_steps, report.yielded, at[0], at[1], at[2], region, largest);
  found.share = share, found.at = at, found.region = region, found.increment = largest;
  auto last = std::make_shared<State>(state_);
  last->u = u;
  last->held = loads.held(share);
  found.last = std::move(last);
  end(loads, report.energy);
  found.report = std::move(report);
  return found;
}

}  // namespace winze::rock
