#include "heat/time_steps.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/error.hpp"
#include "base/log.hpp"
#include "heat/time_steps_data.hpp"

namespace winze::heat {
namespace {

Scheme scheme_of(Method method) {
  if (method == Method::backward_euler) return {1, {1}, {1}, 1};
  const double gamma = 2 - std::sqrt(2.0), b = std::sqrt(2.0) / 4;
  return {3, {0, gamma, 1}, {b, b, gamma / 2}, gamma / 2};
}

constexpr double infinite_error = 1e300;
constexpr double tolerable_overshoot = 0.5;  ///< K

/// A preconditioner made for coefficients within a third still serves.
bool far(const std::vector<double>& a, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] > 1.33 * b[i] || b[i] > 1.33 * a[i]) return true;
  return false;
}

}  // namespace

OnUnknowns::OnUnknowns(std::shared_ptr<linear::Operator<double>> full, const linear::Mask& mask) : full_(std::move(full)) {
  std::vector<Index> held;
  for (Index i = 0; i < full_->n_owned_unknowns(); ++i)
    if (mask.held[i]) held.push_back(i);
  held_ = to_device(held, "held");
}
void OnUnknowns::apply(const View<double>& x, const View<double>& y) const {
  full_->apply(x, y);
  set(y, 0);
}
void OnUnknowns::diagonal(const View<double>& d) const {
  full_->diagonal(d);
  set(d, 1);
}
void OnUnknowns::set(const View<double>& y, double value) const {
  const View<Index> held = held_;
  parallel_for(
      "held", Index(held.size()), KOKKOS_LAMBDA(Index i) { y[held[i]] = value; });
}

TimeSteps::TimeSteps(const mesh::Mesh& mesh, const fem::HeatCoefficients& coefficients, const Conductivity& conductivity,
                     const Conditions& conditions, const Options& options, std::shared_ptr<fem::LevelStructure>& levels)
    : mesh_(mesh),
      coefficients_(coefficients),
      conductivity_(conductivity),
      conditions_(conditions),
      options_(options),
      scheme_(scheme_of(options.method)),
      levels_(levels) {
  std::vector<char> active(coefficients.of_element.size());
  for (std::size_t e = 0; e < active.size(); ++e) active[e] = coefficients.of_element[e] >= 0;
  mask_ = fem::make_mask(mesh, active, conditions.fixed(), 1);
  dead_ = fem::make_mask(mesh, active, std::vector<std::uint8_t>(mesh.nodes.n_local(), 0), 1);
  held_ = to_device(mask_.held, "held");
  mass_ = fem::make_heat_operator<double>(mesh, coefficients_, {}, 0, 1, dead_);
  v_ = std::make_unique<Vectors>(mesh.nodes.n_local());
}
TimeSteps::~TimeSteps() = default;
void TimeSteps::forget() { systems_.clear(); }

Report TimeSteps::run(double begin, double end, std::vector<double>& temperature, const std::function<void(double, double)>& progress) {
  Report report;
  const double length = end - begin;
  start(begin, temperature, report);
  const std::array<double, 2> rock = extremes(), outside = conditions_.range(begin, end);
  range_ = {std::min(rock[0], outside[0]), std::max(rock[1], outside[1])};
  const auto accepted = [&](const StepConditions& step, double error, double fraction) {
    accept(step, report);
    report.largest_error = std::max(report.largest_error, error);
    if (progress) progress(fraction, step.length);
  };
  if (options_.steps > 0) {
    for (int i = 0; i < options_.steps; ++i) {
      const StepConditions step = conditions_.during(begin + length * i / options_.steps, length / options_.steps, scheme_);
      if (attempt(step, report) == infinite_error)
        throw SolverError("heat: the conductivity changes too much within a step of {:.3g} s at t = {:.6g} s; take more steps", step.length,
                          step.begin);
      accepted(step, 0, (i + 1.0) / options_.steps);
    }
  } else {
    constexpr std::int64_t whole = 1 << 30;  // the interval in its shortest steps
    const auto seconds = [&](std::int64_t part) { return length * (double(part) / whole); };
    std::int64_t done = 0, h = whole / 128;
    while (h > 1 &&
           ((options_.first_step > 0 && seconds(h) > options_.first_step) || (options_.longest_step > 0 && seconds(h) > options_.longest_step)))
      h /= 2;
    while (done < whole) {
      const StepConditions step = conditions_.during(begin + seconds(done), seconds(h), scheme_);
      const double error = attempt(step, report);
      if (error > options_.tolerance) {
        ++report.rejected;
        const int halvings = 1 + std::min(3, int(std::log2(error / options_.tolerance) / 3));  // the error goes with the third power at best
        if (h >> halvings == 0)
          throw SolverError(
              "heat: a time step of {:.3g} s at t = {:.6g} s still has an error of {:.3g} K; loosen solver: heat: tolerance ({:.3g} K) or refine the "
              "mesh at the walls",
              step.length, step.begin, error, options_.tolerance);
        h >>= halvings;
        continue;
      }
      done += h;
      accepted(step, error, double(done) / whole);
      if (error < options_.tolerance / 10 && done % (2 * h) == 0 && (options_.longest_step <= 0 || seconds(2 * h) <= options_.longest_step)) h *= 2;
    }
  }
  balance(report);
  mesh_.comm.sum(report.condition_heat.data(), int(report.condition_heat.size()));
  report.overshoot = std::max({0.0, range_[0] - report.coldest, report.hottest - range_[1]});
  if (report.overshoot > tolerable_overshoot)
    log::warn(
        "heat: at {:.4g} d temperatures pass those of rock and air by {:.2g} K: the cells at fresh walls are too coarse for "
        "the {:.3g} d since they were bared; halve them if that matters",
        end / 86400, report.overshoot, length / 86400);
  std::vector<double> result = to_host(v_->now);
  for (Index i = 0; i < mesh_.nodes.n_owned(); ++i)
    if (mask_.held[i] & linear::Mask::dead) result[i] = temperature[i];
  mesh_.update_ghosts(result.data(), 1);
  temperature = std::move(result);
  return report;
}

void TimeSteps::start(double begin, const std::vector<double>& temperature, Report& report) {
  const Index n = mesh_.nodes.n_owned();
  // What lags behind must not outlive the interval: the result would depend on the past.
  if (conductivity_.varies() || !conditions_.constant_coefficients()) systems_.clear();
  std::vector<double> standing = temperature;
  for (std::size_t i = 0; i < standing.size(); ++i)
    if (dead_.held[i]) standing[i] = 0;
  Kokkos::deep_copy(v_->now, to_device(standing, "temperature"));
  Kokkos::deep_copy(v_->slope, 0);
  Kokkos::deep_copy(v_->bend, 0);
  v_->n_steps = 0;
  v_->moved = 0;
  mass_->apply(v_->now, v_->start);
  Kokkos::deep_copy(v_->mass_now, v_->start);
  if (!conditions_.any_fixed()) return;
  conditions_.prescribe(begin, v_->now);
  mass_->apply(v_->now, v_->mass_now);
  const auto [after, before] = std::tuple{v_->mass_now, v_->start};
  const double heat = mesh_.comm.sum(sum_over(
      n, KOKKOS_LAMBDA(Index i, double& s) { s += after[i] - before[i]; }));
  report.boundary_heat += heat;
  report.gross_heat += std::abs(heat);
}

double TimeSteps::attempt(const StepConditions& step, Report& report) {
  const auto once = [&] {
    System& system = system_for(step, report);
    if (options_.method == Method::tr_bdf2) return tr_bdf2(step, system, report);
    backward_euler(step, system, report);
    return 0.0;
  };
  if (!conductivity_.varies()) return once();
  const Index n = mesh_.nodes.n_owned();
  const auto [now, next, middle, slope] = std::tuple{v_->now, v_->next, v_->product, v_->slope};
  const double half = 0.5 * step.length;
  each(
      n, KOKKOS_LAMBDA(Index i) { middle[i] = now[i] + half * slope[i]; });
  std::vector<double> factor;
  conductivity_lag(middle, factor);
  for (int pass = 0; pass < 5; ++pass) {
    coefficients_.factor = factor;
    for (auto& s : systems_) s->full.reset();
    const double error = once();
    each(
        n, KOKKOS_LAMBDA(Index i) { middle[i] = 0.5 * (now[i] + next[i]); });
    if (conductivity_lag(middle, factor) <= 0.1 * options_.tolerance) return error;
  }
  return infinite_error;
}

double TimeSteps::conductivity_lag(const View<double>& middle, std::vector<double>& factor) const {
  std::vector<double> t = to_host(middle), now = to_host(v_->now);
  mesh_.update_ghosts(t.data(), 1);
  mesh_.update_ghosts(now.data(), 1);
  factor = conductivity_.factors(coefficients_.of_element, t);
  double lag = 0;
  const int n_nodes = mesh::info(mesh_.shape).n_nodes;
  for (Index e = 0; e < Index(coefficients_.factor.size()); ++e) {
    if (coefficients_.of_element[e] < 0) continue;
    double change = 0;
    for (int i = 0; i < n_nodes; ++i) {
      const Index node = mesh_.nodes_of(e)[i];
      change = std::max(change, 2 * std::abs(t[node] - now[node]));
    }
    lag = std::max(lag, std::abs(factor[e] / coefficients_.factor[e] - 1) * change);
  }
  return mesh_.comm.max(lag);
}

TimeSteps::System& TimeSteps::system_for(const StepConditions& step, Report& report) {
  const double weight = scheme_.implicit * step.length;
  auto found = std::find_if(systems_.begin(), systems_.end(), [&](const auto& s) { return s->weight == weight; });
  if (found == systems_.end()) {
    constexpr std::size_t most = 2;
    if (systems_.size() == most) systems_.pop_back();
    found = systems_.insert(systems_.begin(), std::make_unique<System>());
    (*found)->weight = weight;
  }
  std::rotate(systems_.begin(), found, found + 1);
  System& s = *systems_.front();
  if (s.full && s.coefficient == step.coefficient) return s;
  const std::vector<fem::Convection> convection = conditions_.convection(step.coefficient);
  s.coefficient = step.coefficient;
  s.full = fem::make_heat_operator<double>(mesh_, coefficients_, convection, weight, 1, dead_);
  s.unknowns = std::make_unique<OnUnknowns>(s.full, mask_);
  s.diagonal = View<double>("diagonal", mesh_.nodes.n_local());
  s.unknowns->diagonal(s.diagonal);
  const bool stale = !s.preconditioner || far(s.coefficient, s.preconditioner_coefficient) || far(coefficients_.factor, s.preconditioner_factor);
  if (mesh_.comm.any(stale)) {
    // The capacity keeps low modes out of a step: shorter smoothing than that of elasticity costs least.
    linear::MultigridOptions multigrid;
    multigrid.degree = 3;
    multigrid.range = 10;
    s.preconditioner = fem::make_heat_multigrid(mesh_, coefficients_, convection, weight, 1, mask_, multigrid, levels_);
    s.preconditioner_coefficient = s.coefficient;
    s.preconditioner_factor = coefficients_.factor;
    ++report.setups;
  }
  return s;
}

void TimeSteps::accept(const StepConditions& step, Report& report) {
  const Index n = mesh_.nodes.n_owned();
  const double dt = step.length;
  const bool bdf2 = options_.method == Method::tr_bdf2;
  const auto [now, middle, next, slope, bend, secant] = std::tuple{v_->now, v_->middle, v_->next, v_->slope, v_->bend, v_->secant};
  const auto [mass_now, mass_next, held] = std::tuple{v_->mass_now, v_->mass_next, held_};
  const bool has_secant = v_->n_steps > 0;
  double heat[4] = {0, 0, 0, 0};  // walls, outer, gross; what the unknowns take up, squared
  const auto add = [&](int stage, const View<double>& t) {
    const Conditions::Flows flows = conditions_.flows(step, stage, t);
    heat[0] += dt * scheme_.b[stage] * flows.walls;
    heat[1] += dt * scheme_.b[stage] * flows.outer;
    heat[2] += dt * scheme_.b[stage] * flows.gross;
    report.condition_heat.resize(flows.of_condition.size(), 0);
    for (std::size_t i = 0; i < flows.of_condition.size(); ++i) report.condition_heat[i] += dt * scheme_.b[stage] * flows.of_condition[i];
  };
  // What holds the temperature of prescribed nodes: M dT/dt − f + K T there. The rate at the beginning was made without it.
  const auto add_reaction = [&](int stage, const View<double>& t, const View<double>& mass, const View<double>& rate) {
    add(stage, t);
    if (!conditions_.any_fixed()) return;
    const auto [f, a] = std::tuple{v_->rhs, v_->product};
    const double w = systems_.front()->weight;
    Kokkos::deep_copy(f, 0);
    conditions_.add_inflow(step, stage, f);
    systems_.front()->full->apply(t, a);
    double net = 0, gross = 0;
    Kokkos::parallel_reduce(
        "reaction", Kokkos::RangePolicy<Device>(0, n),
        KOKKOS_LAMBDA(Index i, double& sum, double& magnitudes) {
          if (held[i] != linear::Mask::prescribed) return;
          const double flow = rate[i] - f[i] + (a[i] - mass[i]) / w;
          sum += flow;
          magnitudes += std::abs(flow);
        },
        net, gross);
    heat[1] += dt * scheme_.b[stage] * net;
    heat[2] += dt * scheme_.b[stage] * gross;
  };
  if (bdf2) {
    add(0, now);
    add_reaction(1, middle, v_->mass_middle, v_->z2);
    add_reaction(2, next, v_->mass_next, v_->z3);
    const double gamma = scheme_.c[1];
    each(
        n, KOKKOS_LAMBDA(Index i) {
          const double first = (middle[i] - now[i]) / (gamma * dt), second = (next[i] - middle[i]) / ((1 - gamma) * dt);
          bend[i] = (second - first) / dt;
          slope[i] = second + (1 - gamma) * dt * bend[i];
        });
  } else {
    add_reaction(0, next, v_->mass_next, v_->z3);
    each(
        n, KOKKOS_LAMBDA(Index i) {
          const double own = (next[i] - now[i]) / dt;
          bend[i] = has_secant ? (own - secant[i]) / (2 * dt) : 0;
          slope[i] = own + dt * bend[i];
          secant[i] = own;
        });
  }
  heat[3] = sum_over(
      n, KOKKOS_LAMBDA(Index i, double& s) {
        const double rate = held[i] ? 0 : (mass_next[i] - mass_now[i]) / dt;
        s += rate * rate;
      });
  mesh_.comm.sum(heat, 4);
  v_->moved = std::sqrt(heat[3]);
  report.wall_heat += heat[0];
  report.boundary_heat += heat[1];
  report.gross_heat += heat[2];
  ++report.steps;
  ++v_->n_steps;
  std::swap(v_->now, v_->next);
  std::swap(v_->mass_now, v_->mass_next);
}

void TimeSteps::balance(Report& report) const {
  const Index n = mesh_.nodes.n_owned();
  const auto [now, mass, before] = std::tuple{v_->now, v_->mass_now, v_->start};
  report.stored = mesh_.comm.sum(sum_over(
      n, KOKKOS_LAMBDA(Index i, double& s) { s += mass[i] - before[i]; }));
  const double missing = std::abs(report.stored - report.wall_heat - report.boundary_heat);
  report.imbalance = report.gross_heat > 0 ? missing / report.gross_heat : 0;
  std::tie(report.coldest, report.hottest) = std::tuple_cat(extremes());
  if (!(report.coldest > 0 && report.hottest < 3000))
    throw SolverError("heat: temperatures from {:.6g} to {:.6g} K are not physical; look for wrong flows or coefficients", report.coldest,
                      report.hottest);
}

std::array<double, 2> TimeSteps::extremes() const {
  const auto [now, held] = std::tuple{v_->now, held_};
  double coldest = 1e300, hottest = -1e300;
  Kokkos::parallel_reduce(
      "extremes", Kokkos::RangePolicy<Device>(0, mesh_.nodes.n_owned()),
      KOKKOS_LAMBDA(Index i, double& low, double& high) {
        if (held[i] & linear::Mask::dead) return;
        low = now[i] < low ? now[i] : low;
        high = now[i] > high ? now[i] : high;
      },
      Kokkos::Min<double>(coldest), Kokkos::Max<double>(hottest));
  return {mesh_.comm.min(coldest), mesh_.comm.max(hottest)};
}

}  // namespace winze::heat
