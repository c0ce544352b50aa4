// One time step: TR-BDF2 and backward Euler, and the linear solve inside them.
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "heat/system.hpp"

namespace winze::heat {
namespace {

/// An operator whose prescribed rows are left out; its columns meet zeros by contract.
class OnUnknowns : public linear::Operator<double> {
 public:
  OnUnknowns(std::shared_ptr<linear::Operator<double>> full, const linear::Mask& mask) : full_(std::move(full)) {
    for (Index i = 0; i < full_->n_owned_unknowns(); ++i)
      if (mask.held[i]) held_.push_back(i);
    held_view_ = to_device(held_, "held");
  }
  const SharedNodes& nodes() const override { return full_->nodes(); }
  int width() const override { return 1; }
  void apply(const View<double>& x, const View<double>& y) const override {
    full_->apply(x, y);
    set(y, 0);
  }
  void diagonal(const View<double>& d) const override {
    full_->diagonal(d);
    set(d, 1);
  }
  double eigenvalue_bound() const override { return full_->eigenvalue_bound(); }

 private:
  void set(const View<double>& y, double value) const {
    const auto held = held_view_;
    parallel_for(
        "held", Index(held_.size()), KOKKOS_LAMBDA(Index i) { y[held[i]] = value; });
  }
  std::shared_ptr<linear::Operator<double>> full_;
  std::vector<Index> held_;
  View<Index> held_view_;
};

}  // namespace

std::vector<double> product(const mesh::Mesh& mesh, const linear::Operator<double>& a, const std::vector<double>& x) {
  const View<double> in = to_device(x, "x"), out("y", x.size());
  a.apply(in, out);
  std::vector<double> y = to_host(out);
  mesh.nodes.update_ghosts(y.data(), 1);
  return y;
}

std::shared_ptr<Heat::System> Heat::system_for(double weight, double time, Report& report) {
  std::vector<double> h;
  for (const Boundary& b : boundaries_)
    if (const auto* c = std::get_if<Convection>(&b.value)) h.push_back(c->coefficient(time));
  for (size_t i = 0; i < systems_.size(); ++i)
    if (std::abs(systems_[i]->weight - weight) <= 1e-12 * weight && systems_[i]->coefficients == h) {
      std::rotate(systems_.begin(), systems_.begin() + long(i), systems_.begin() + long(i) + 1);
      return systems_[0];
    }
  std::vector<fem::Convection> convection;
  size_t k = 0;
  for (const Boundary& b : boundaries_) {
    if (!std::get_if<Convection>(&b.value)) continue;
    for (const Surface& s : surfaces_)
      if (s.condition == &b) convection.push_back({s.at, std::vector<double>(s.at.size(), h[k])});
    ++k;
  }
  auto system = std::make_shared<System>();
  system->weight = weight;
  system->coefficients = h;
  system->full = fem::make_heat_operator<double>(mesh_, coefficients_, convection, weight, 1, dead_);
  system->unknowns = std::make_shared<OnUnknowns>(system->full, mask_);
  system->preconditioner = fem::make_heat_multigrid(mesh_, coefficients_, convection, weight, 1, mask_, linear::MultigridOptions{}, levels_);
  ++report.setups;
  systems_.insert(systems_.begin(), system);
  if (systems_.size() > 3) systems_.pop_back();
  return system;
}

void Heat::solve(System& system, const std::vector<double>& rhs, std::vector<double>& t, Report& report) const {
  std::vector<double> r = product(mesh_, *system.full, t);
  double norm = 0;
  for (Index i = 0; i < mesh_.nodes.n_local(); ++i) {
    r[i] = i < mesh_.nodes.n_owned() && !mask_.held[i] ? rhs[i] - r[i] : 0;
    norm += i < mesh_.nodes.n_owned() && !mask_.held[i] ? rhs[i] * rhs[i] : 0;
  }
  const View<double> b = to_device(r, "residual"), x("increment", r.size());
  linear::SolveOptions options;
  options.relative_tolerance = options_.linear_tolerance;
  options.reference = std::sqrt(mesh_.comm.sum(norm));
  options.max_iterations = options_.max_iterations;
  if (options.reference == 0) return;
  const linear::SolveReport s = linear::solve(*system.unknowns, *system.preconditioner, b, x, options, "heat_");
  report.linear_iterations += s.iterations;
  if (!s.converged)
    throw SolverError("heat: the linear solver stopped at a residual of {:.2e} after {} iterations: {}", s.relative_residual, s.iterations, s.reason);
  std::vector<double> d = to_host(x);
  mesh_.nodes.update_ghosts(d.data(), 1);
  for (size_t i = 0; i < d.size(); ++i) t[i] += d[i];
}

void Heat::add_flows(const System& system, const std::vector<double>& t, const std::vector<double>& rate, double time, double weight,
                     Report& report) const {
  const std::vector<double> constant = loads(time, false), all = loads(time, true);
  const std::vector<double> full = product(mesh_, *system.full, t), mass = product(mesh_, *mass_, t);
  double boundary = 0;
  for (Index i = 0; i < mesh_.nodes.n_owned(); ++i) {
    boundary += constant[i];
    if (mask_.held[i] & linear::Mask::prescribed) boundary += rate[i] - all[i] + (full[i] - mass[i]) / system.weight;
  }
  report.boundary_heat += weight * mesh_.comm.sum(boundary);
  report.wall_heat += weight * convection_into_rock(t, time);
}

double Heat::step_tr_bdf2(double time, double dt, Report& report, std::vector<double>& next, std::vector<double>& rate) {
  static const double gamma = 2 - std::sqrt(2.0), d = gamma / 2, w = std::sqrt(2.0) / 4;
  const double b[3] = {w, w, d}, embedded[3] = {(1 - w) / 3, (3 * w + 1) / 3, d / 3};
  const auto system = system_for(d * dt, time + 0.5 * dt, report);
  const size_t n = temperature_.size();
  const std::vector<double> mass0 = product(mesh_, *mass_, temperature_);
  std::vector<double> z1 = std::move(rate);
  if (z1.empty()) {  // no rate carried over: the conditions have just changed
    z1 = loads(time, true);
    const std::vector<double> full = product(mesh_, *system->full, temperature_);
    for (size_t i = 0; i < n; ++i) z1[i] -= (full[i] - mass0[i]) / system->weight;
  }
  const auto finish = [&](std::vector<double>& z, const std::vector<double>& t, const std::vector<double>& known) {
    const std::vector<double> mass = product(mesh_, *mass_, t);
    z.resize(n);
    for (size_t i = 0; i < n; ++i) z[i] = (mass[i] - known[i]) / system->weight;
  };
  std::vector<double> known = mass0, rhs(n), z2, z3;
  const double t2 = time + gamma * dt;
  std::vector<double> f = loads(t2, true), middle = temperature_;
  for (size_t i = 0; i < n; ++i) known[i] += d * dt * z1[i], rhs[i] = known[i] + system->weight * f[i];
  prescribe(t2, middle);
  solve(*system, rhs, middle, report);
  finish(z2, middle, known);

  f = loads(time + dt, true);
  for (size_t i = 0; i < n; ++i) known[i] = mass0[i] + dt * w * (z1[i] + z2[i]), rhs[i] = known[i] + system->weight * f[i];
  next = middle;
  prescribe(time + dt, next);
  solve(*system, rhs, next, report);
  finish(z3, next, known);

  std::vector<double> error(n, 0);
  for (size_t i = 0; i < n; ++i)
    rhs[i] = mask_.held[i] ? 0 : dt * ((b[0] - embedded[0]) * z1[i] + (b[1] - embedded[1]) * z2[i] + (b[2] - embedded[2]) * z3[i]);
  double worst = 0;
  if (options_.steps == 0) {
    solve(*system, rhs, error, report);
    for (Index i = 0; i < mesh_.nodes.n_owned(); ++i) worst = std::max(worst, mask_.held[i] ? 0 : std::abs(error[i]));
  }
  add_flows(*system, temperature_, z1, time, dt * b[0], report);
  add_flows(*system, middle, z2, t2, dt * b[1], report);
  add_flows(*system, next, z3, time + dt, dt * b[2], report);
  rate = std::move(z3);
  worst = mesh_.comm.max(worst);
  return std::isfinite(worst) ? worst : 1e300;
}

double Heat::step_backward_euler(double time, double dt, Report& report, std::vector<double>& next) {
  const auto system = system_for(dt, time + dt, report);
  const std::vector<double> mass0 = product(mesh_, *mass_, temperature_);
  std::vector<double> rhs = loads(time + dt, true), rate(rhs.size());
  for (size_t i = 0; i < rhs.size(); ++i) rhs[i] = mass0[i] + dt * rhs[i];
  next = temperature_;
  prescribe(time + dt, next);
  solve(*system, rhs, next, report);
  const std::vector<double> mass = product(mesh_, *mass_, next);
  for (size_t i = 0; i < rate.size(); ++i) rate[i] = (mass[i] - mass0[i]) / dt;
  add_flows(*system, next, rate, time + dt, dt, report);
  return 0;
}

}  // namespace winze::heat
