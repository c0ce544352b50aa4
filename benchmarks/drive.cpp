/// Problem P1: quarter block around a circular drive under Kirsch's far field, linear elasticity from zero to a true residual of 1e-8.
/// How long does the whole solve take, set-up included, and how exact is it?
///   drive hex27 K [REFINE]   8K × 8K × 12K cells on the problem's map, nested REFINE times (default: as often as it divides)
///   drive tet10 K            the same grid with six tets per cell, no nesting
///   drive tet10 FILE         a mesh file with surfaces wall, x_symmetry, y_symmetry, x_far, y_far, z_min, z_max
/// A second number after K or FILE, "baseline", adds the assembled solve by PETSc.
#include <sys/resource.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <numbers>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/session.hpp"
#include "fem/levels.hpp"
#include "linear/assembled.hpp"
#include "mesh/read.hpp"

using namespace winze;

namespace {

constexpr double radius = 2, side = 20, grading = 2.5, young = 60e9, poisson = 0.25;
constexpr double mu = young / (2 * (1 + poisson)), lambda = young * poisson / ((1 + poisson) * (1 - 2 * poisson));

/// (s, t, z) in the unit cube → the quarter block.
Vector3 map(const Vector3& at) {
  const double g = std::expm1(grading * at[0]) / std::expm1(grading), angle = 0.5 * std::numbers::pi * at[1], c = std::cos(angle),
               s = at[1] == 0 ? 0 : std::sin(angle), f = (1 - g) * radius + g * side / std::max(c, s);
  return {at[1] == 1 ? 0 : f * c, f * s, side * at[2]};
}

mesh::Mesh structured(const Comm& comm, mesh::Shape shape, int k, int refine) {
  const int cells = 8 * k >> refine, layers = 12 * k >> refine;
  mesh::BuildOptions options;
  options.refine = refine;
  mesh::Mesh mesh = mesh::build(comm, mesh::box(comm, shape, {0, 0, 0}, {1, 1, 1}, {cells, cells, layers}), options);
  const auto move = [](std::vector<double>& points) {
    for (size_t i = 0; i < points.size(); i += 3) {
      const Vector3 x = map({points[i], points[i + 1], points[i + 2]});
      std::copy(x.begin(), x.end(), points.begin() + i);
    }
  };
  move(mesh.points);
  for (mesh::Level& level : mesh.levels) move(level.points);
  return mesh;
}

/// Displacement of Kirsch's solution in plane strain, −30 MPa along x and −60 MPa along y at infinity.
Vector3 kirsch(const Vector3& x) {
  const double r = std::hypot(x[0], x[1]), angle = std::atan2(x[1], x[0]), p = -45e6, q = 15e6, a2 = radius * radius;
  const double radial =
      (p * ((1 - 2 * poisson) * r + a2 / r) + q * std::cos(2 * angle) * (r + 4 * (1 - poisson) * a2 / r - a2 * a2 / (r * r * r))) / (2 * mu);
  const double tangential = -q * std::sin(2 * angle) * (r + 2 * (1 - 2 * poisson) * a2 / r + a2 * a2 / (r * r * r)) / (2 * mu);
  return {radial * std::cos(angle) - tangential * std::sin(angle), radial * std::sin(angle) + tangential * std::cos(angle), 0};
}

struct Problem {
  explicit Problem(mesh::Mesh built) : mesh(std::move(built)) {
    Moduli c{};
    for (int i = 0; i < 6; ++i) {
      c[i][i] = 2 * mu;
      for (int j = 0; j < 3; ++j) c[i][j] += i < 3 ? lambda : 0;
    }
    moduli.table = {c};
    moduli.of_element.assign(mesh.n_elements(), 0);
    const double close = 1e-9 * side;
    std::vector<std::uint8_t> fixed(size_t(mesh.nodes.n_local()) * 3, 0);
    prescribed.assign(fixed.size(), 0);
    for (Index node = 0; node < mesh.nodes.n_local(); ++node) {
      const Vector3 x = mesh.point(node);
      std::uint8_t* f = fixed.data() + 3 * size_t(node);
      f[0] = std::abs(x[0]) < close, f[1] = std::abs(x[1]) < close, f[2] = x[2] < close || x[2] > side - close;
      if (x[0] < side - close && x[1] < side - close) continue;
      const Vector3 u = kirsch(x);
      for (int c = 0; c < 3; ++c) {
        prescribed[3 * size_t(node) + c] = f[c] ? 0 : u[c];
        f[c] = 1;
      }
    }
    mask = fem::make_mask(mesh, std::vector<char>(mesh.n_elements(), 1), fixed, 3);
  }
  /// −A u of the prescribed displacements at the unknowns.
  View<double> right_hand_side() const {
    const linear::Mask none{std::vector<std::uint8_t>(mask.held.size(), 0)};
    const View<double> u = to_device(prescribed, "prescribed"), b("b", prescribed.size());
    fem::make_elastic_operator<double>(mesh, moduli, none)->apply(u, b);
    const View<std::uint8_t> held = to_device(mask.held, "held");
    parallel_for(
        "mask", Index(b.extent(0)), KOKKOS_LAMBDA(Index i) { b[i] = held[i] ? 0 : -b[i]; });
    return b;
  }
  /// Relative l2 error of the nodal displacements.
  double error(const View<double>& solution) const {
    const std::vector<double> x = to_host(solution);
    double sums[2] = {0, 0};
    for (Index node = 0; node < mesh.nodes.n_owned(); ++node) {
      const Vector3 exact = kirsch(mesh.point(node));
      for (int c = 0; c < 3; ++c) {
        const size_t i = 3 * size_t(node) + c;
        const double e = x[i] + prescribed[i] - exact[c];
        sums[0] += e * e, sums[1] += exact[c] * exact[c];
      }
    }
    mesh.comm.sum(sums, 2);
    return std::sqrt(sums[0] / sums[1]);
  }
  mesh::Mesh mesh;
  fem::ElasticModuli moduli;
  linear::Mask mask;
  std::vector<double> prescribed;
};

/// Peak resident memory of this process, MB.
double peak() { return resident_peak_bytes() / 1e6; }

/// Seconds of one product, best of ten.
template <class Product>
double product_seconds(const Comm& comm, const Product& product) {
  double best = 1e30;
  for (int i = 0; i < 10; ++i) {
    comm.sum(0);
    const double start = wall_time();
    product();
    best = std::min(best, comm.max(wall_time() - start));
  }
  return best;
}

struct Row {
  double setup, solve;
  int iterations;
  double megabytes, seconds_per_product, error;
};
std::string text(const Row& row, double unknowns) {
  return fmt::format(
      R"("setup_s": {:.4g}, "solve_s": {:.4g}, "total_s": {:.4g}, "iterations": {}, "rss_mb": {:.0f}, "apply_mdofs": {:.4g}, "error": {:.3g})",
      row.setup, row.solve, row.setup + row.solve, row.iterations, row.megabytes, unknowns / row.seconds_per_product / 1e6, row.error);
}

void run(const std::vector<std::string>& words) {
  const Comm comm = Comm::world();
  const mesh::Shape shape = words.at(0) == "tet10" ? mesh::Shape::tet10
                            : words[0] == "tet4"   ? mesh::Shape::tet4
                            : words[0] == "hex8"   ? mesh::Shape::hex8
                                                   : mesh::Shape::hex27;
  const bool number = words.at(1).find_first_not_of("0123456789") == std::string::npos;
  const bool with_baseline = words.back() == "baseline";
  const double start = wall_time();
  const int k = number ? std::stoi(words[1]) : 0;
  int refine = 0;
  if (words.size() > 2 && !with_baseline) {
    refine = std::stoi(words[2]);
  } else if (number && shape == mesh::Shape::hex27) {
    while ((8 * k >> refine) % 2 == 0 && (12 * k >> refine) % 2 == 0 && (8 * k >> refine) > 4) ++refine;
  }
  const Problem problem(number ? structured(comm, shape, k, refine) : mesh::build(comm, mesh::read_mesh(comm, words[1], 1), {}));
  const double meshed = wall_time();
  const auto a = fem::make_elastic_operator<double>(problem.mesh, problem.moduli, problem.mask);
  const double op = wall_time();
  const View<double> b = problem.right_hand_side();
  const double rhs = wall_time();
  std::shared_ptr<fem::LevelStructure> structure;
  linear::MultigridOptions options;
  options.prefix = "rock_";
  const auto multigrid = fem::make_elastic_multigrid(problem.mesh, problem.moduli, problem.mask, options, structure);
  const double built = wall_time();
  const View<double> x("x", b.extent(0));
  const linear::SolveReport report = linear::solve(*a, *multigrid, b, x, {}, "rock_");
  const double solved = wall_time();
  if (!report.converged) throw SolverError("P1: {}.", report.reason);
  Row row{comm.max(built - start), comm.max(solved - built), report.iterations, comm.sum(peak()), 0, problem.error(x)};
  const View<double> y("y", b.extent(0));
  row.seconds_per_product = product_seconds(comm, [&] { a->apply(x, y); });
  const double unknowns = double(problem.mesh.nodes.n_global()) * 3;
  const std::string levels = static_cast<linear::Multigrid&>(*multigrid).describe();
  if (comm.root())
    std::fprintf(stderr, "mesh %.3f  operator %.3f  right-hand side %.3f  multigrid %.3f  solve %.3f s\n%s\n", meshed - start, op - meshed, rhs - op,
                 built - rhs, solved - built, levels.c_str());
  if (comm.root())
    std::printf("{\"problem\": \"P1\", \"element\": \"%s\", \"unknowns\": %.0f, \"ranks\": %d, %s}\n", mesh::info(shape).name, unknowns, comm.size(),
                text(row, unknowns).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  Session session(argc, argv);
  std::vector<std::string> words;
  for (int i = 1; i < argc && std::strcmp(argv[i], "--") != 0; ++i) words.emplace_back(argv[i]);
  try {
    run(words);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
