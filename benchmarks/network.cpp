// Steady flow in random mine-like networks, ordering included, on one core.
//
//   network [--branches N] [--repeat R] [--months M]
//
// --months: flow and climate together instead: steady, then M steps of a month with the walls' memory; setup_s is the steady solve, solve_s all
// steps. Air of given resistance, dry and wet walls, rock of ages up to 30 years; error: the residual of the energy ledger.
//
// Quadratic resistances over five decades, one density, one fan; solved to 1e-9 of the largest flow. total_s is the best of R solves from nothing:
// the graph is in memory, everything else (parts, ordering, analysis, Newton's steps, certificate) is counted. error: the larger of the mass and the
// pressure residual.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "air/air.hpp"
#include "base/comm.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/session.hpp"
#include "mine_network.hpp"

using namespace winze;

namespace {

int climate(air::MineOptions options, int months) {
  options.planned = true;
  air::Network network = air::mine_with_climate(1, options);
  network.climate->tolerance = 1e-6;
  const double start = wall_time();
  air::Air air(std::move(network));
  air.solve_steady();
  const double ready = wall_time();
  int couplings = air.report().couplings;
  double error = air.report().ledger_residual;
  std::printf("steady: %d rounds, %.3f s\n", couplings, ready - start);
  for (int k = 0; k < months; ++k) {
    air.advance(365.25 * 86400 / 12);
    couplings += air.report().couplings;
    error = std::max(error, air.report().ledger_residual);
  }
  const double done = wall_time();
  if (!(error <= 1e-8)) return exit_not_converged;
  std::printf(
      "{\"problem\": \"network\", \"element\": \"climate, %d months\", \"unknowns\": %d, \"ranks\": 1, \"setup_s\": %.3f, \"solve_s\": %.3f, "
      "\"total_s\": "
      "%.3f, \"iterations\": %d, \"rss_mb\": %.0f, \"error\": %.1e}\n",
      months, air.graph().n_branches(), ready - start, done - ready, done - start, couplings, resident_peak_bytes() / 1e6, error);
  return exit_done;
}

int run(int argc, char** argv) {
  air::MineOptions options;
  int repeat = 5, months = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!std::strcmp(argv[i], "--branches"))
      options.branches = std::atoi(argv[i + 1]);
    else if (!std::strcmp(argv[i], "--repeat"))
      repeat = std::atoi(argv[i + 1]);
    else if (!std::strcmp(argv[i], "--months"))
      months = std::atoi(argv[i + 1]);
    else
      throw InputError("unknown option {}; there are --branches, --repeat and --months", argv[i]);
  }
  if (months > 0) return climate(options, months);
  const air::Graph graph = air::mine_network(1, options);
  air::Flow::Outside outside;
  outside.density = 1.2;
  outside.reference.assign(std::size_t(graph.n_nodes()), 1e5);
  double setup = 1e30, solve = 1e30;
  air::FlowReport report;
  for (int k = 0; k < repeat; ++k) {
    const double start = wall_time();
    air::Flow flow(graph, {});
    const double ready = wall_time();
    air::FlowState state;
    report = flow.solve(outside, {}, state);
    const double done = wall_time();
    if (done - start < setup + solve) setup = ready - start, solve = done - ready;
  }
  const double error = std::max(report.mass_residual, report.loop_residual);
  std::printf("%d branches, %d nodes: last change %.1e, mass %.1e, pressure %.1e\n", graph.n_branches(), graph.n_nodes(), report.last_change,
              report.mass_residual, report.loop_residual);
  if (!(error <= 1e-9 && report.last_change <= 1e-9)) return exit_not_converged;
  std::printf(
      "{\"problem\": \"network\", \"element\": \"flow\", \"unknowns\": %d, \"ranks\": 1, \"setup_s\": %.5f, \"solve_s\": %.5f, \"total_s\": %.5f, "
      "\"iterations\": %d, \"rss_mb\": %.0f, \"error\": %.1e}\n",
      graph.n_branches(), setup, solve, setup + solve, report.iterations, resident_peak_bytes() / 1e6, error);
  return exit_done;
}

}  // namespace

int main(int argc, char** argv) {
  Session session(argc, argv);
  try {
    return run(argc, argv);
  } catch (const Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return e.exit_code;
  }
}
