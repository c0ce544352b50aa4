/// How many unknowns per second do the matrix-free operators take, beside PETSc's product with the same matrix assembled? See operators.md.
///   operators elastic|heat hex27|tet10|hex8|tet4 drive|box K [matrix-free]
/// 8K × 8K × 12K cells (tets: six in each) on the map of problem P1, tets straight-sided, or a plain box. "matrix-free" leaves the matrix out.
#include "fem/operators.hpp"

#include <petscmat.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/session.hpp"
#include "fem/element_matrix.hpp"
#include "fem/term.hpp"
#include "mesh/raw.hpp"
#include "mesh/shape_functions.hpp"

using namespace winze;

namespace {

constexpr int repeats = 20;
constexpr double step = 0.02 * 365.25 * 86400, capacity = 2.295e6, conductivity = 3;  // problem P2

/// (s, t, z) in the unit cube → the quarter block of problem P1.
Vector3 drive(const Vector3& at) {
  const double g = std::expm1(2.5 * at[0]) / std::expm1(2.5), angle = 0.5 * std::numbers::pi * at[1], c = std::cos(angle), s = std::sin(angle);
  const double r = (1 - g) * 2 + g * 20 / std::max(c, s);
  return {r * c, r * s, 20 * at[2]};
}

mesh::Mesh make_mesh(const Comm& comm, mesh::Shape shape, bool mapped, int k) {
  mesh::Mesh m = mesh::build(comm, mesh::box(comm, shape, {0, 0, 0}, {1, 1, 1}, {8 * k, 8 * k, 12 * k}), {});
  if (!mapped) return m;
  for (Index node = 0; node < m.nodes.n_local(); ++node) {
    const Vector3 x = drive(m.point(node));
    std::copy(x.begin(), x.end(), m.points.begin() + 3 * std::size_t(node));
  }
  if (shape == mesh::Shape::tet10)
    for (Index e = 0; e < m.n_elements(); ++e) {
      constexpr int edges[6][2] = {{0, 1}, {1, 2}, {0, 2}, {0, 3}, {1, 3}, {2, 3}};
      const Index* nodes = m.nodes_of(e);
      for (int edge = 0; edge < 6; ++edge)
        for (int c = 0; c < 3; ++c)
          m.points[3 * std::size_t(nodes[4 + edge]) + c] =
              0.5 * (m.points[3 * std::size_t(nodes[edges[edge][0]]) + c] + m.points[3 * std::size_t(nodes[edges[edge][1]]) + c]);
    }
  return m;
}

struct Problem {
  mesh::Mesh mesh;
  int width;
  fem::ElasticModuli moduli;
  fem::HeatCoefficients heat;
  linear::Mask mask;

  Problem(mesh::Mesh built, bool elastic) : mesh(std::move(built)), width(elastic ? 3 : 1) {
    const double young = 60e9, poisson = 0.25;
    Moduli c{};
    for (int i = 0; i < 6; ++i)
      for (int j = 0; j < 6; ++j)
        c[i][j] = (i < 3 && j < 3 ? young * poisson / ((1 + poisson) * (1 - 2 * poisson)) : 0) + (i == j ? young / (1 + poisson) : 0);
    const std::vector<std::int32_t> all(mesh.n_elements(), 0);
    moduli = {{c}, all};
    heat = {{{conductivity, conductivity, conductivity, 0, 0, 0}}, {capacity}, all, {}};
    std::vector<std::uint8_t> fixed(std::size_t(mesh.nodes.n_local()) * width);
    for (std::size_t i = 0; i < fixed.size(); ++i) fixed[i] = mesh.points[3 * (i / width) + 2] == 0;
    mask = fem::make_mask(mesh, std::vector<char>(all.size(), 1), fixed, width);
  }
  template <class T>
  std::shared_ptr<linear::Operator<T>> make() const {
    return width == 3 ? fem::make_elastic_operator<T>(mesh, moduli, mask) : fem::make_heat_operator<T>(mesh, heat, {}, step, 1, mask);
  }
  void element_matrix(Index element, double* k) const {
    double x[mesh::max_nodes][3], mass[mesh::max_nodes * mesh::max_nodes];
    fem::gather_points(mesh, element, x);
    if (width == 3) return fem::elastic_matrix(mesh.shape, x, moduli.table[0], k);
    fem::conduction_matrix(mesh.shape, x, heat.conductivity[0], k);
    fem::capacity_matrix(mesh.shape, x, capacity, mass);
    const int n = mesh::info(mesh.shape).n_nodes;
    for (int i = 0; i < n * n; ++i) k[i] = step * k[i] + mass[i];
  }
};

/// PETSc's AIJ matrix of the problem, held rows and columns the identity. Its rows are counted before (for nodes that ranks share, from above).
Mat assemble(const Problem& problem) {
  const mesh::Mesh& m = problem.mesh;
  const int n = mesh::info(m.shape).n_nodes, width = problem.width;
  std::vector<std::vector<Index>> neighbours(m.nodes.n_local());
  for (Index e = 0; e < m.n_elements(); ++e)
    for (int i = 0; i < n; ++i) {
      std::vector<Index>& own = neighbours[m.nodes_of(e)[i]];
      own.insert(own.end(), m.nodes_of(e), m.nodes_of(e) + n);
      if (own.size() > 400) {
        std::sort(own.begin(), own.end());
        own.erase(std::unique(own.begin(), own.end()), own.end());
      }
    }
  std::vector<std::int32_t> counts(2 * std::size_t(m.nodes.n_local()));
  for (Index node = 0; node < m.nodes.n_local(); ++node) {
    std::vector<Index>& own = neighbours[node];
    std::sort(own.begin(), own.end());
    own.erase(std::unique(own.begin(), own.end()), own.end());
    const int owner = m.nodes.owner(m.nodes.global(node));
    for (Index other : own) ++counts[2 * std::size_t(node) + (m.nodes.owner(m.nodes.global(other)) == owner ? 0 : 1)];
    std::vector<Index>().swap(own);
  }
  m.nodes.add_to_owners(counts.data(), 2);
  std::vector<PetscInt> same(std::size_t(m.nodes.n_owned()) * width), others(same.size());
  for (std::size_t i = 0; i < same.size(); ++i) same[i] = width * counts[2 * (i / width)], others[i] = width * counts[2 * (i / width) + 1];
  Mat a = nullptr;
  MatCreateAIJ(m.comm.handle(), PetscInt(same.size()), PetscInt(same.size()), PETSC_DETERMINE, PETSC_DETERMINE, 0, same.data(), 0, others.data(), &a);
  MatSetBlockSize(a, width);
  std::vector<double> k(std::size_t(n) * n * width * width);
  std::vector<PetscInt> rows(n);
  for (Index e = 0; e < m.n_elements(); ++e) {
    problem.element_matrix(e, k.data());
    const int size = n * width;
    for (int i = 0; i < n; ++i) rows[i] = PetscInt(m.nodes.global(m.nodes_of(e)[i]));
    for (int i = 0; i < size; ++i)
      if (problem.mask.held[std::size_t(m.nodes_of(e)[i / width]) * width + i % width])
        for (int j = 0; j < size; ++j) k[i * size + j] = k[j * size + i] = 0;
    MatSetValuesBlocked(a, n, rows.data(), n, rows.data(), k.data(), ADD_VALUES);
  }
  for (Index i = 0; i < m.nodes.n_owned() * width; ++i) {
    const PetscInt global = PetscInt(m.nodes.begin() * width + i);
    const double one = 1;
    if (problem.mask.held[i]) MatSetValues(a, 1, &global, 1, &global, &one, ADD_VALUES);
  }
  MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY);
  MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY);
  return a;
}

/// Seconds of the slowest rank.
template <class Work>
double seconds(const Comm& comm, const Work& work) {
  comm.sum(0);
  const double start = wall_time();
  work();
  return comm.max(wall_time() - start);
}

/// Bytes per second of a = b + 3 c on all ranks together, best of five.
double stream(const Comm& comm) {
  const std::size_t n = 20'000'000;
  std::vector<double> a(n, 1), b(n, 2), c(n, 3);
  double best = 1e30;
  for (int i = 0; i < 5; ++i)
    best = std::min(best, seconds(comm, [&] {
                      for (std::size_t k = 0; k < n; ++k) a[k] = b[k] + 3 * c[k];
                    }));
  return a[n / 2] > 0 ? comm.sum(24.0 * n) / best : 0;
}

template <class T>
View<T> wavy(const Problem& problem) {
  View<T> x("x", problem.mask.held.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!problem.mask.held[i]) {
      const double* p = problem.mesh.points.data() + 3 * (i / problem.width);
      x(i) = T(std::sin(3 * p[0] + double(i % problem.width)) * std::cos(2 * p[1] - p[2]));
    }
  return x;
}

void run(const std::vector<std::string>& words) {
  const Comm comm = Comm::world();
  const bool elastic = words.at(0) == "elastic";
  mesh::Shape shape = mesh::Shape::hex27;
  for (const mesh::Shape s : {mesh::Shape::hex8, mesh::Shape::hex27, mesh::Shape::tet4, mesh::Shape::tet10})
    if (words.at(1) == mesh::info(s).name) shape = s;
  const Problem problem(make_mesh(comm, shape, words.at(2) == "drive", std::stoi(words.at(3))), elastic);
  const double unknowns = double(problem.mesh.nodes.n_global()) * problem.width;

  std::shared_ptr<linear::Operator<double>> a;
  std::shared_ptr<linear::Operator<float>> single;
  const double make_double = seconds(comm, [&] { a = problem.make<double>(); }), make_single = seconds(comm, [&] { single = problem.make<float>(); });
  const View<double> x = wavy<double>(problem), y("y", x.size());
  const View<float> xs = wavy<float>(problem), ys("ys", xs.size());
  const double diagonal = seconds(comm, [&] { single->diagonal(ys); });
  double bound = 0;
  const double bound_seconds = seconds(comm, [&] { bound = single->eigenvalue_bound(); });

  Mat matrix = words.size() > 4 ? nullptr : assemble(problem);
  Vec from = nullptr, to = nullptr;
  if (matrix) {
    MatCreateVecs(matrix, &from, &to);
    double* array = nullptr;
    VecGetArrayWrite(from, &array);
    std::copy(x.data(), x.data() + a->n_owned_unknowns(), array);
    VecRestoreArrayWrite(from, &array);
  }
  // Turn and turn about: all three meet the same disturbances.
  double best[3] = {1e30, 1e30, 1e30};
  for (int i = 0; i < repeats; ++i) {
    best[0] = std::min(best[0], seconds(comm, [&] { a->apply(x, y); }));
    best[1] = std::min(best[1], seconds(comm, [&] { single->apply(xs, ys); }));
    if (matrix) best[2] = std::min(best[2], seconds(comm, [&] { MatMult(matrix, from, to); }));
  }
  double sums[3] = {0, 0, 0};  // |double − assembled|², |double − single|², |double|²
  if (matrix) {
    const double* array = nullptr;
    VecGetArrayRead(to, &array);
    for (Index i = 0; i < a->n_owned_unknowns(); ++i) sums[0] += (y(i) - array[i]) * (y(i) - array[i]);
    VecRestoreArrayRead(to, &array);
  }
  for (Index i = 0; i < a->n_owned_unknowns(); ++i) sums[1] += (y(i) - ys(i)) * (y(i) - ys(i)), sums[2] += y(i) * y(i);
  comm.sum(sums, 3);
  const double assembled_error = std::sqrt(sums[0] / sums[2]), single_error = std::sqrt(sums[1] / sums[2]);
  if (assembled_error > 1e-12 || single_error > 1e-5)
    throw SolverError("the products differ: assembled by {:.1e}, single by {:.1e}", assembled_error, single_error);

  const double bytes = comm.sum(double(dynamic_cast<fem::TermSum<double>&>(*a).bytes())), triad = stream(comm);
  MatInfo info{};
  if (matrix) MatGetInfo(matrix, MAT_GLOBAL_SUM, &info);
  if (!comm.root()) return;
  std::fprintf(
      stderr,
      "operator data %.3f s double, %.3f s single; diagonal %.3f s, bound %.3f = %.3f s (single)\n"
      "element data %.1f bytes per unknown, with the vectors %.0f %% of the triad's %.1f GB/s; single is %.2f times double, differs by %.1e\n",
      make_double, make_single, diagonal, bound, bound_seconds, bytes / unknowns, 100 * (bytes + 32 * unknowns) / best[0] / triad, triad / 1e9,
      best[0] / best[1], single_error);
  if (matrix)
    std::fprintf(stderr, "AIJ %.1f entries per row, %.0f %% of the triad; double is %.1f times AIJ, differs by %.1e\n", info.nz_used / unknowns,
                 100 * (12 * info.nz_used + 16 * unknowns) / best[2] / triad, best[2] / best[0], assembled_error);
  const auto row = [&](const char* precision, double time, const std::string& baseline) {
    std::printf("{\"problem\": \"%s %s operator%s\", \"element\": \"%s\", \"unknowns\": %.0f, \"ranks\": %d, \"apply_mdofs\": %.4g%s}\n",
                words[0].c_str(), words[2].c_str(), precision, mesh::info(shape).name, unknowns, comm.size(), unknowns / time / 1e6,
                baseline.c_str());
  };
  const auto baseline = [&](const char* name, double time) {
    return fmt::format(", \"baseline\": {{\"problem\": \"{}\", \"apply_mdofs\": {:.4g}}}", name, unknowns / time / 1e6);
  };
  row("", best[0], matrix ? baseline("assembled, AIJ", best[2]) : "");
  row(", single", best[1], baseline("double", best[0]));
}

}  // namespace

int main(int argc, char** argv) {
  Session session(argc, argv);
  std::vector<std::string> words;
  for (int i = 1; i < argc && argv[i][0] != '-'; ++i) words.emplace_back(argv[i]);
  try {
    run(words);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
