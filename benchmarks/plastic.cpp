// Problem P3: a drive in rock that yields. Quarter block of 20 m with a hole of radius 2 m, 30 MPa in all directions, rollers on every face but the
// wall, released in ten equal steps, Newton's method to 1e-6 of the released force.
//
//   plastic LAW [--element hex27|tet10] [--cells radial,round,along] [--refine N]
//
// LAW drucker_prager: associated, matched in plane strain to 30° and 5 MPa; the wall comes in by 3.41 mm (finite elements of another program on two
// meshes). LAW mohr_coulomb: the pyramid of the same angle and cohesion.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <numbers>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/session.hpp"
#include "mesh/raw.hpp"
#include "rock/rock.hpp"

using namespace winze;

namespace {

template <class B>
rock::Boundary on(const std::string& surface) {
  B b;
  b.surface = surface;
  rock::Boundary boundary;
  boundary.value = b;
  return boundary;
}

int run(int argc, char** argv) {
  const std::string law = argc > 1 ? argv[1] : "drucker_prager";
  mesh::QuarterDrive drive;
  drive.radius = 2, drive.side = 20, drive.height = 20, drive.grading = 2.5, drive.cells = {8, 8, 12};
  mesh::BuildOptions build;
  build.refine = 1;
  mesh::Shape shape = mesh::Shape::hex27;
  for (int i = 2; i + 1 < argc; i += 2) {
    if (!std::strcmp(argv[i], "--cells"))
      std::sscanf(argv[i + 1], "%d,%d,%d", &drive.cells[0], &drive.cells[1], &drive.cells[2]);
    else if (!std::strcmp(argv[i], "--refine"))
      build.refine = std::atoi(argv[i + 1]);
    else if (!std::strcmp(argv[i], "--element"))
      shape = !std::strcmp(argv[i + 1], "tet10") ? mesh::Shape::tet10 : mesh::Shape::hex27;
    else
      throw InputError("unknown option {}; there are --element, --cells and --refine", argv[i]);
  }
  build.true_surfaces = {{"wall", mesh::TrueSurface::Kind::cylinder, {}, {0, 0, 1}, drive.radius}};
  const double angle = 30 * std::numbers::pi / 180;
  material::Material material;
  if (law == "drucker_prager")
    material.law.value = material::DruckerPrager{60e9, 0.25, 5e6, angle, angle};
  else if (law == "mohr_coulomb")
    material.law.value = material::MohrCoulomb{60e9, 0.25, input::Curve(5e6), input::Curve(angle), input::Curve(angle)};
  else
    throw InputError("unknown law {}; there are drucker_prager and mohr_coulomb", law);

  const Comm world = Comm::world();
  const double start = wall_time();
  const mesh::Mesh mesh = mesh::build(world, mesh::quarter_drive(world, shape, drive), build);
  rock::TensorStress stress;
  stress.surface = {30e6, 30e6, 30e6, 0, 0, 0};
  rock::InSituStress in_situ;
  in_situ.law.value = stress;
  rock::Options options;
  options.tolerance = 1e-6, options.steps = 10;
  std::vector<rock::Boundary> boundaries = {on<rock::Opening>("wall")};
  for (const char* face : {"x_symmetry", "y_symmetry", "x_far", "y_far", "z_min", "z_max"}) boundaries.push_back(on<rock::Roller>(face));
  rock::Rock rock(mesh, {{{"rock", material}}}, {0}, in_situ, boundaries, options);
  const double built = wall_time();
  const rock::Report report = rock.advance({}, 0, nullptr);
  const double done = wall_time();

  double sum = 0, count = 0;
  for (Index i = 0; i < mesh.nodes.n_owned(); ++i) {
    const Vector3 x = mesh.point(i);
    const double r = std::hypot(x[0], x[1]);
    if (r > 2.000001) continue;
    sum -= (rock.displacement()[3 * i] * x[0] + rock.displacement()[3 * i + 1] * x[1]) / r, count += 1;
  }
  const double wall = world.sum(sum) / world.sum(count), setup = world.max(built - start + report.setup_seconds), total = world.max(done - start),
               memory = world.sum(resident_peak_bytes()) / 1e6, points = world.sum(double(rock.points().n_points()));
  const double error = std::abs(wall / 3.41e-3 - 1);
  if (world.root())
    std::fprintf(stderr, "%s: wall %.4f mm, %d steps, %d Newton, %.1f %% of points yield, linear solver %.2f s, energy closes to %.1e\n", law.c_str(),
                 1e3 * wall, report.steps, report.newton_steps, 100 * double(report.yielded) / points, report.solve_seconds, report.energy.imbalance);
  if (law == "drucker_prager" && !(error < 5e-3)) return exit_not_converged;
  if (world.root())
    std::printf(
        "{\"problem\": \"P3 %s\", \"element\": \"%s\", \"unknowns\": %lld, \"ranks\": %d, \"setup_s\": %.3f, \"solve_s\": %.3f, \"total_s\": %.3f, "
        "\"iterations\": %d, \"rss_mb\": %.0f, \"error\": %.1e}\n",
        law.c_str(), mesh::info(shape).name, static_cast<long long>(3 * mesh.nodes.n_global()), world.size(), setup, total - setup, total,
        report.linear_iterations, memory, error);
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
