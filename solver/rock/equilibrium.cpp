// Equilibrium of linear laws, and the checks that make it solvable: supported blocks, no free rigid motion.
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "mesh/components.hpp"
#include "rock/system.hpp"

namespace winze::rock {

void Rock::solve(System& system, Report& report, const std::vector<double>& r0) {
  report.out_of_balance = system.norm(r0);
  const double floor = 1e-12 * force_scale();
  if (!std::isfinite(report.out_of_balance))
    throw SolverError("the out-of-balance force is not finite; check the in-situ stress and the temperatures");
  double norm = report.out_of_balance;
  std::vector<double> r = r0;
  while (norm > std::max(options_.tolerance * report.out_of_balance, floor)) {
    if (report.newton_steps == options_.newton)
      throw SolverError("equilibrium not found: residual {:.2e} of the released force after {} Newton steps (tolerance {:.0e})",
                        norm / report.out_of_balance, report.newton_steps, options_.tolerance);
    linear::SolveOptions options;
    options.relative_tolerance = 0.9 * options_.tolerance;
    options.reference = report.newton_steps == 0 ? 0 : report.out_of_balance;
    const auto [du, s] = system.solve(std::move(r), options);
    if (!s.converged)
      throw SolverError("the linear solver stopped at a residual of {:.2e} after {} iterations: {}", s.relative_residual, report.linear_iterations,
                        s.reason);
    for (size_t i = 0; i < du.size(); ++i) state_.u[i] += du[i];
    ++report.newton_steps;
    r = out_of_balance();
    norm = system.norm(r);
    if (!std::isfinite(norm)) throw SolverError("the displacement is not finite after Newton step {}", report.newton_steps);
    if (s.at_rounding) break;  // a linear problem solved as well as double precision can
  }
  report.residual = report.out_of_balance > floor ? norm / report.out_of_balance : 0;
}

void Rock::check_supported(const std::vector<char>& standing) const {
  // Every face-connected body must have its six rigid motions stopped by prescribed displacements: the 6×6 Gram matrix of the motions at the fixed
  // degrees of freedom, with rotations about the body's centre scaled by its size, must be regular.
  int n_components = 0;
  const std::vector<std::int32_t> component = mesh::face_connected_components(mesh_, standing, n_components);
  const int n_nodes = mesh::info(mesh_.shape).n_nodes;
  std::vector<double> sums(5 * size_t(n_components), 0);  // volume, volume·x, and room for the size
  for (Index e = 0; e < mesh_.n_elements(); ++e) {
    if (component[e] < 0) continue;
    for (GlobalIndex q = points_.offset[e]; q < points_.offset[e + 1]; ++q) {
      double* s = &sums[5 * size_t(component[e])];
      s[0] += points_.volume[q];
      for (int d = 0; d < 3; ++d) s[1 + d] += points_.volume[q] * points_.position[3 * q + d];
    }
  }
  mesh_.comm.sum(sums.data(), int(sums.size()));
  std::vector<double> gram(36 * size_t(n_components), 0);
  for (Index e = 0; e < mesh_.n_elements(); ++e) {
    if (component[e] < 0) continue;
    const double* s = &sums[5 * size_t(component[e])];
    const double size = std::cbrt(s[0]);
    for (int i = 0; i < n_nodes; ++i) {
      const Index n = mesh_.nodes_of(e)[i];
      double x[3];
      for (int d = 0; d < 3; ++d) x[d] = (mesh_.points[3 * n + d] - s[1 + d] / s[0]) / size;
      const double motion[3][6] = {{1, 0, 0, 0, x[2], -x[1]}, {0, 1, 0, -x[2], 0, x[0]}, {0, 0, 1, x[1], -x[0], 0}};
      for (int d = 0; d < 3; ++d)
        if (boundary_.fixed[3 * n + d])
          for (int p = 0; p < 6; ++p)
            for (int q = 0; q < 6; ++q) gram[36 * size_t(component[e]) + 6 * p + q] += motion[d][p] * motion[d][q];
    }
  }
  mesh_.comm.sum(gram.data(), int(gram.size()));
  for (int c = 0; c < n_components; ++c) {
    double* g = &gram[36 * size_t(c)];
    double largest = 0;
    for (int p = 0; p < 6; ++p) largest = std::max(largest, g[7 * p]);
    static constexpr const char* motions[6] = {"translation east", "translation north", "translation up",
                                               "rotation about x", "rotation about y",  "rotation about z"};
    int free_motion = largest > 0 ? -1 : 0;
    bool used[6] = {};
    for (int k = 0; k < 6 && free_motion < 0; ++k) {  // elimination with diagonal pivots
      int p = -1;
      for (int i = 0; i < 6; ++i)
        if (!used[i] && (p < 0 || g[7 * i] > g[7 * p])) p = i;
      if (g[7 * p] < 1e-10 * largest) {
        free_motion = p;
        break;
      }
      used[p] = true;
      for (int i = 0; i < 6; ++i)
        if (!used[i])
          for (int j = 0; j < 6; ++j)
            if (!used[j]) g[6 * i + j] -= g[6 * i + p] * g[6 * p + j] / g[7 * p];
    }
    if (free_motion < 0) continue;
    const double* s = &sums[5 * size_t(c)];
    if (n_components > 1 && largest == 0)
      throw InputError(
          "a block of {:.3g} m³ around ({:.2f}, {:.2f}, {:.2f}) m hangs in the air: no face joins it to supported rock; dig it too, or leave "
          "something that carries it",
          s[0], s[1] / s[0], s[2] / s[0], s[3] / s[0]);
    throw InputError("the rock{} can move freely ({}): add rollers or fixed surfaces under boundaries: rock",
                     n_components > 1 ? fmt::format(" around ({:.2f}, {:.2f}, {:.2f}) m", s[1] / s[0], s[2] / s[0], s[3] / s[0]) : "",
                     motions[free_motion]);
  }
}

}  // namespace winze::rock
