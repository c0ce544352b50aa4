// Transient heat by multigrid: the quarter block of problem P2 cooled through a drive for a year, in 50 steps of backward Euler.
//
//   heat [--cells radial,round,along] [--refine N]
//
// k 3 W/m/K, ρc 2700 · 850 J/m³/K, 60 °C; wall r = 2 m with 10 W/m²K to air of 25 °C; the rest insulated. After a year the wall gives 1643.02 W and
// has a mean temperature of 27.6149 °C (finite elements of this and of three other programs on several meshes agree on these digits). Every solve
// ends at a true residual of at most 1e-8 of its right-hand side.
#include "heat/heat.hpp"

#include <cmath>
#include <cstdio>
#include <cstring>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/session.hpp"
#include "mesh/raw.hpp"

using namespace winze;

namespace {

constexpr double wall_heat_flow = 1643.02, wall_temperature = 27.6149, agreed_digits = 1e-5;

int run(int argc, char** argv) {
  mesh::QuarterDrive drive;
  drive.cells = {12, 12, 16};
  mesh::BuildOptions build;
  build.refine = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!std::strcmp(argv[i], "--cells"))
      std::sscanf(argv[i + 1], "%d,%d,%d", &drive.cells[0], &drive.cells[1], &drive.cells[2]);
    else if (!std::strcmp(argv[i], "--refine"))
      build.refine = std::atoi(argv[i + 1]);
    else
      throw InputError("unknown option {}; there are --cells and --refine", argv[i]);
  }
  build.true_surfaces = {{"wall", mesh::TrueSurface::Kind::cylinder, {}, {0, 0, 1}, drive.radius}};
  const Comm world = Comm::world();
  const double start = wall_time();
  const mesh::Mesh mesh = mesh::build(world, mesh::quarter_drive(world, mesh::Shape::hex27, drive), build);

  input::Named<material::Material> materials;
  material::Material rock;
  rock.density = 2700;
  rock.thermal.emplace();
  rock.thermal->conductivity = input::Curve(3.0);
  rock.thermal->heat_capacity = 850;
  materials.entries.emplace_back("rock", rock);
  heat::Convection air;
  air.surface = "wall";
  air.air = input::Curve(298.15);
  air.coefficient = input::Curve(10.0);
  heat::Options options;
  options.method = heat::Method::backward_euler;
  options.steps = 50;
  options.linear_tolerance = 1.5e-6;  // of the heat that moves in a step, at most 1/150 of the right-hand side
  heat::Heat heat(mesh, materials, {{heat::Gradient{333.15, 0}}, drive.height}, {{air}}, options);
  heat.set_elements(std::vector<std::int32_t>(mesh.n_elements(), 0));
  const double built = wall_time();
  const double year = 365.25 * 86400;
  const heat::Report report = heat.advance(0, year);
  const double done = wall_time();

  const double flow = heat.wall_flow(year), area = 0.5 * std::acos(-1.0) * drive.radius * drive.height, mean = 25 + flow / (10 * area);
  const double error = std::abs(flow / wall_heat_flow - 1);
  const double memory = world.sum(resident_peak_bytes()) / 1e6, setup = world.max(built - start), solve = world.max(done - built);
  const GlobalIndex unknowns = mesh.nodes.n_global();
  if (world.root()) std::printf("wall %.4f W, %.5f degC; residual %.1e, imbalance %.1e\n", flow, mean, report.linear_residual, report.imbalance);
  if (!(error < agreed_digits && std::abs(mean - wall_temperature) < 1e-3 && report.linear_residual <= 1e-8)) return exit_not_converged;
  if (world.root())
    std::printf(
        "{\"problem\": \"P2\", \"element\": \"hex27\", \"unknowns\": %lld, \"ranks\": %d, \"setup_s\": %.3f, \"solve_s\": %.3f, \"total_s\": %.3f, "
        "\"iterations\": %d, \"rss_mb\": %.0f, \"error\": %.1e}\n",
        static_cast<long long>(unknowns), world.size(), setup, solve, setup + solve, report.linear_iterations, memory, error);
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
