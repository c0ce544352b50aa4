/// Problem P1: quarter block around a circular drive under Kirsch's far field, linear elasticity from zero to a true residual of 1e-8.
/// How long does the whole solve take, set-up included, and how exact is it?
///   drive SHAPE N [REFINE]   SHAPE hex27, hex8, tet10 or tet4; N × N × 3N/2 cells on the problem's map (six tets each), nested REFINE times
///                            (default: hexes as often as N divides, tets never)
///   drive SHAPE FILE         a mesh file of the block [0, 20 m]³ with x and y ≥ 0 outside the drive of radius 2 m
/// A last word "baseline" adds the assembled matrix with BoomerAMG, by PETSc and hypre.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <numbers>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/session.hpp"
#include "fem/element_matrix.hpp"
#include "fem/levels.hpp"
#include "linear/assembled.hpp"
#include "mesh/read.hpp"
#include "mesh/shape_functions.hpp"

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

mesh::Mesh structured(const Comm& comm, mesh::Shape shape, int n, int refine) {
  const int cells = n >> refine, layers = 3 * n / 2 >> refine;
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
  std::string text(double unknowns) const {
    return fmt::format(
        R"("setup_s": {:.4g}, "solve_s": {:.4g}, "total_s": {:.4g}, "iterations": {}, "rss_mb": {:.0f}, "apply_mdofs": {:.4g}, "error": {:.3g})",
        setup, solve, setup + solve, iterations, megabytes, unknowns / seconds_per_product / 1e6, error);
  }
};

Row matrix_free(const Problem& problem, double start) {
  const Comm& comm = problem.mesh.comm;
  const double meshed = wall_time();
  const auto a = fem::make_elastic_operator<double>(problem.mesh, problem.moduli, problem.mask);
  const View<double> b = problem.right_hand_side();
  const double loaded = wall_time();
  std::shared_ptr<fem::LevelStructure> structure;
  linear::MultigridOptions options;
  options.prefix = "rock_";
  const auto multigrid = fem::make_elastic_multigrid(problem.mesh, problem.moduli, problem.mask, options, structure);
  const double built = wall_time();
  const View<double> x("x", b.extent(0));
  const linear::SolveReport report = linear::solve(*a, *multigrid, b, x, {}, "rock_");
  const double solved = wall_time();
  if (!report.converged) throw SolverError("P1: {}.", report.reason);
  Row row{comm.max(built - start), comm.max(solved - built), report.iterations, comm.sum(resident_peak_bytes() / 1e6), 0, problem.error(x)};
  const View<double> y("y", b.extent(0));
  row.seconds_per_product = product_seconds(comm, [&] { a->apply(x, y); });
  const std::string levels = dynamic_cast<linear::Multigrid&>(*multigrid).describe();
  if (comm.root())
    std::fprintf(stderr, "mesh %.3f s, operator and load %.3f s, multigrid %.3f s, solve %.3f s\n%s\n", meshed - start, loaded - meshed,
                 built - loaded, solved - built, levels.c_str());
  return row;
}

Row assembled(const Problem& problem) {
  const mesh::Mesh& mesh = problem.mesh;
  const double start = wall_time();
  const int n = mesh::info(mesh.shape).n_nodes;
  std::unique_ptr<linear::AssembledSystem> system;
  {
    const auto pattern = std::make_shared<linear::BlockPattern>(mesh.nodes.n_local(), mesh.element_nodes, n);
    linear::BlockMatrix<double> blocks(mesh.nodes, 3, pattern);
    std::vector<double> k(9 * n * n);
    double x[mesh::max_nodes][3];
    for (Index e = 0; e < mesh.n_elements(); ++e) {
      fem::gather_points(mesh, e, x);
      fem::elastic_matrix(mesh.shape, x, problem.moduli.table[0], k.data());
      for (int a = 0; a < n; ++a)
        for (int b = 0; b < n; ++b) {
          double* block = blocks.block(mesh.nodes_of(e)[a], pattern->slot[(size_t(e) * n + a) * n + b]);
          for (int c = 0; c < 3; ++c)
            for (int d = 0; d < 3; ++d) block[c * blocks.row_stride() + d] += k[(3 * a + c) * 3 * n + 3 * b + d];
        }
    }
    blocks.finish(problem.mask, 0);
    system = std::make_unique<linear::AssembledSystem>(blocks, mesh.points);
  }
  const double filled = wall_time();
  const View<double> b = problem.right_hand_side(), x("x", b.extent(0)), y("y", b.extent(0));
  const double before = wall_time();
  const linear::SolveReport report = system->solve(b, x, linear::AssembledSystem::Method::boomer, 1e-8);
  const double after = wall_time();
  const Comm& comm = mesh.comm;
  Row row{comm.max(filled - start + after - before - report.solve_seconds),
          comm.max(report.solve_seconds),
          report.iterations,
          comm.sum(resident_peak_bytes() / 1e6),
          0,
          problem.error(x)};
  row.seconds_per_product = product_seconds(comm, [&] { system->multiply(x, y); });
  return row;
}

void run(std::vector<std::string> words) {
  const Comm comm = Comm::world();
  const bool with_baseline = !words.empty() && words.back() == "baseline";
  if (with_baseline) words.pop_back();
  if (words.size() < 2) throw InputError("drive SHAPE N|FILE [REFINE] [baseline]");
  mesh::Shape shape = mesh::Shape::hex27;
  while (mesh::info(shape).name != words[0])
    if (shape = mesh::Shape((int(shape) + 1) % 4); shape == mesh::Shape::hex27) throw InputError("no shape {}", words[0]);
  const bool number = words[1].find_first_not_of("0123456789") == std::string::npos;
  const double start = wall_time();
  const int n = number ? std::stoi(words[1]) : 0;
  int refine = words.size() > 2 ? std::stoi(words[2]) : 0;
  if (number && words.size() == 2 && mesh::linear(shape) == mesh::Shape::hex8)
    while ((n >> refine) % 4 == 0 && (3 * n / 2 >> refine) % 2 == 0 && n >> refine > 4) ++refine;
  const Problem problem(number ? structured(comm, shape, n, refine) : mesh::build(comm, mesh::read_mesh(comm, words[1], 1), {}));
  const double unknowns = double(problem.mesh.nodes.n_global()) * 3;
  std::string text = fmt::format(R"({{"problem": "P1", "element": "{}", "unknowns": {:.0f}, "ranks": {}, {})", mesh::info(problem.mesh.shape).name,
                                 unknowns, comm.size(), matrix_free(problem, start).text(unknowns));
  if (with_baseline) text += fmt::format(R"(, "baseline": {{"problem": "assembled, BoomerAMG", {}}})", assembled(problem).text(unknowns));
  if (comm.root()) std::printf("%s}\n", text.c_str());
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
