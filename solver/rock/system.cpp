#include "rock/system.hpp"

#include <algorithm>
#include <cmath>

#include "base/log.hpp"
#include "linear/assembled.hpp"

namespace winze::rock {
namespace {

constexpr int patience = 35;                  ///< iterations of nested levels before algebraic ones are tried
constexpr GlobalIndex few_unknowns = 100000;  ///< few enough for factors of a three-dimensional mesh

}  // namespace

Rock::System::System(Rock& rock, Report& report)
    : rock_(rock), report_(report), mask_(fem::make_mask(rock.mesh_, rock.active(), rock.boundary_.fixed, 3)) {}

double Rock::System::norm(const std::vector<double>& r) const {
  double sum = 0;
  for (size_t i = 0; i < 3 * size_t(rock_.mesh_.nodes.n_owned()); ++i)
    if (!mask_.held[i]) sum += r[i] * r[i];
  return std::sqrt(rock_.mesh_.comm.sum(sum));
}

void Rock::System::prepare(Method method) {
  const double start = wall_time();
  if (method != rock_.state_.method) rock_.levels_.reset();
  rock_.state_.method = method;
  linear::MultigridOptions multigrid;
  multigrid.nested = method == Method::nested;
  multigrid.cycles = method == Method::nested ? 1 : 3;
  preconditioner_.reset();
  if (method == Method::factors)
    preconditioner_ = linear::make_direct(fem::assemble_elastic(rock_.mesh_, moduli_, mask_), rock_.mesh_.nodes, 3, true, "rock_");
  else
    preconditioner_ = fem::make_elastic_multigrid(rock_.mesh_, moduli_, mask_, multigrid, rock_.levels_);
  report_.setup_seconds += wall_time() - start;
}

void Rock::System::build() {
  moduli_ = {rock_.moduli_, rock_.state_.material};
  std::unique_ptr<fem::TangentTerm<double>> tangents;
  if (rock_.memory_size_ > 0) {
    tangents = fem::make_tangent_term<double>(rock_.mesh_.shape);
    tangents_ = tangents.get();
  }
  a_ = fem::make_elastic_operator<double>(rock_.mesh_, moduli_, mask_, std::move(tangents));
  prepare(rock_.options_.preset == Preset::direct ? Method::factors : rock_.state_.method);
}

void Rock::System::set_tangents(const fem::PointModuli& moduli) {
  if (!a_) build();
  yields_ = rock_.mesh_.comm.any(!moduli.point.empty());
  tangents_->set(rock_.mesh_, rock_.points_, moduli);
}

Rock::System::Answer Rock::System::solve(std::vector<double> r, linear::SolveOptions options) {
  if (!a_) build();
  const mesh::Mesh& mesh = rock_.mesh_;
  const Options& chosen = rock_.options_;
  for (size_t i = 0; i < r.size(); ++i)
    if (i >= 3 * size_t(mesh.nodes.n_owned()) || mask_.held[i]) r[i] = 0;
  const View<double> b = to_device(r, "out of balance"), x("displacement increment", r.size());
  linear::SolveReport s;
  const auto solve_with = [&](int iterations) {
    options.max_iterations = std::min(iterations, chosen.max_iterations);
    s = linear::solve(*a_, *preconditioner_, b, x, options, "rock_");
    report_.linear_iterations += s.iterations;
    report_.solve_seconds += s.solve_seconds;
  };
  const bool elastic = options.symmetric && !yields_;
  solve_with(elastic && rock_.state_.method == Method::nested ? patience : chosen.max_iterations);
  if (elastic && !s.converged && rock_.state_.method == Method::nested && chosen.max_iterations > patience) {
    log::info("slow multigrid (residual {:.1e} after {} iterations): algebraic levels from here on", s.relative_residual, s.iterations);
    if (!(s.relative_residual < 1)) Kokkos::deep_copy(x, 0);
    prepare(Method::algebraic);
    solve_with(chosen.max_iterations);
  }
  if (elastic && !s.converged && rock_.state_.method == Method::algebraic && chosen.preset == Preset::automatic &&
      3 * mesh.nodes.n_global() <= few_unknowns) {
    log::warn("multigrid stopped at a residual of {:.1e} after {} iterations: MUMPS from here on (very flat cells?)", s.relative_residual,
              report_.linear_iterations);
    Kokkos::deep_copy(x, 0);
    prepare(Method::factors);
    solve_with(chosen.max_iterations);
  }
  std::vector<double> du = to_host(x);
  mesh.update_ghosts(du.data(), 3);
  return {std::move(du), s};
}

}  // namespace winze::rock
