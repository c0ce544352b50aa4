/// Elastic box [0, 1]³ of n³ hex8 cells in slabs of z layers, one per rank, with nested levels assembled plainly: the test bed of linear/.
#pragma once
#include <cmath>
#include <functional>
#include <memory>
#include <vector>

#include "linear/block_matrix.hpp"
#include "linear/multigrid.hpp"
#include "linear/vectors.hpp"

namespace winze::linear::test {

inline constexpr int n_dof = 24;
using ElementMatrix = std::array<std::array<double, n_dof>, n_dof>;

/// Stiffness of a cube of side h, E = 1, 2×2×2 Gauss.
inline ElementMatrix cube_stiffness(double h, double nu) {
  ElementMatrix k{};
  const double lambda = nu / ((1 + nu) * (1 - 2 * nu)), mu = 0.5 / (1 + nu), g = 1 / std::sqrt(3.0);
  for (int q = 0; q < 8; ++q) {
    double dn[8][3];
    for (int v = 0; v < 8; ++v)
      for (int d = 0; d < 3; ++d) {
        dn[v][d] = (v >> d & 1 ? 0.25 : -0.25) / h;
        for (int e = 0; e < 3; ++e)
          if (e != d) dn[v][d] *= 1 + (v >> e & 1 ? 1 : -1) * (q >> e & 1 ? g : -g);
      }
    const double w = h * h * h / 8;
    for (int a = 0; a < 8; ++a)
      for (int b = 0; b < 8; ++b)
        for (int i = 0; i < 3; ++i)
          for (int j = 0; j < 3; ++j) {
            k[3 * a + i][3 * b + j] += w * (lambda * dn[a][i] * dn[b][j] + mu * dn[a][j] * dn[b][i]);
            if (i == j)
              for (int d = 0; d < 3; ++d) k[3 * a + i][3 * b + j] += w * mu * dn[a][d] * dn[b][d];
          }
  }
  return k;
}

/// λmax(diag(K)⁻¹ K) by power iteration.
inline double pencil_bound(const ElementMatrix& k) {
  std::array<double, n_dof> u;
  for (int i = 0; i < n_dof; ++i) u[i] = std::sin(1.7 * i + 0.3);
  double bound = 0;
  for (int it = 0; it < 60; ++it) {
    std::array<double, n_dof> w{};
    double top = 0, bottom = 0;
    for (int i = 0; i < n_dof; ++i) {
      if (k[i][i] <= 0) continue;
      for (int j = 0; j < n_dof; ++j) w[i] += k[i][j] * u[j];
      top += u[i] * w[i];
      bottom += u[i] * k[i][i] * u[i];
    }
    bound = top / bottom;
    for (int i = 0; i < n_dof; ++i) u[i] = k[i][i] > 0 ? w[i] / (k[i][i] * bound) : 0;
  }
  return bound * 1.001;
}

struct BoxLevel {
  int n = 0, first_layer = 0, layers = 0;
  SharedNodes nodes;
  std::vector<Index> element_nodes;
  std::shared_ptr<BlockPattern> pattern;
  std::vector<ElementMatrix> stiffness;
  std::vector<char> active;
  std::vector<Index> offset, masters;  ///< of the finer level's nodes
  std::vector<double> points;
  Mask mask;
  Index element(int i, int j, int k) const { return (k * n + j) * n + i; }
  Index node(int i, int j, int k) const { return (k * (n + 1) + j) * (n + 1) + i; }
};

struct BoxProblem {
  std::vector<BoxLevel> levels;
  double nu;
  bool unsupported = false;
  double bound_factor = 1;  ///< 1 is right

  /// modulus(i, j, k) of the cell, 0 = excavated. Rollers on x = 0, x = 1, y = 0, y = 1, z = 0. n divisible by ranks · 2^(n_levels − 1).
  BoxProblem(const Comm& comm, int n, int n_levels, double poisson, const std::function<double(int, int, int)>& modulus, bool supported = true)
      : nu(poisson), unsupported(!supported) {
    for (int l = 0; l < n_levels; ++l) {
      BoxLevel level;
      level.n = n >> l;
      level.layers = level.n / comm.size();
      level.first_layer = level.layers * comm.rank();
      const int side = level.n + 1, plane = side * side;
      const bool last = comm.rank() + 1 == comm.size();
      std::vector<GlobalIndex> ghosts;
      if (!last)
        for (int i = 0; i < plane; ++i) ghosts.push_back(GlobalIndex(level.first_layer + level.layers) * plane + i);
      level.nodes = SharedNodes(comm, (level.layers + last) * plane, ghosts);
      for (int k = 0; k <= level.layers; ++k)
        for (int j = 0; j < side; ++j)
          for (int i = 0; i < side; ++i)
            for (double x : {double(i), double(j), double(k + level.first_layer)}) level.points.push_back(x / level.n);
      for (int k = 0; k < level.layers; ++k)
        for (int j = 0; j < level.n; ++j)
          for (int i = 0; i < level.n; ++i)
            for (int v = 0; v < 8; ++v) level.element_nodes.push_back(level.node(i + (v & 1), j + (v >> 1 & 1), k + (v >> 2)));
      level.pattern = std::make_shared<BlockPattern>(level.nodes.n_local(), level.element_nodes, 8);
      fill_stiffness(level, l, modulus);
      make_mask(level);
      if (l > 0) interpolate(levels.back(), level);
      levels.push_back(std::move(level));
    }
  }

  template <class T>
  std::shared_ptr<BlockMatrix<T>> matrix(int l) const {
    const BoxLevel& level = levels[l];
    auto a = std::make_shared<BlockMatrix<T>>(level.nodes, 3, level.pattern);
    double bound = 0;
    for (size_t e = 0; e < level.stiffness.size(); ++e) {
      if (!level.active[e]) continue;
      const bool same = e > 0 && level.active[e - 1] && level.stiffness[e] == level.stiffness[e - 1];
      if (!same) bound = std::max(bound, pencil_bound(level.stiffness[e]));
      for (int p = 0; p < 8; ++p)
        for (int q = 0; q < 8; ++q) {
          T* block = a->block(level.element_nodes[e * 8 + p], level.pattern->slot[(e * 8 + p) * 8 + q]);
          for (int c = 0; c < 3; ++c)
            for (int d = 0; d < 3; ++d) block[c * a->row_stride() + d] += T(level.stiffness[e][3 * p + c][3 * q + d]);
        }
    }
    a->finish(level.mask, bound_factor * bound);
    return a;
  }
  std::vector<MultigridLevel> hierarchy() const {
    std::vector<MultigridLevel> all;
    for (size_t l = 0; l < levels.size(); ++l)
      all.push_back({matrix<float>(int(l)), levels[l].mask.held, {levels[l].offset, levels[l].masters}, levels[l].points});
    return all;
  }
  /// Gravity on active cells, zero where held.
  View<double> weight() const {
    const BoxLevel& level = levels[0];
    std::vector<double> b(level.nodes.n_local() * 3, 0.0);
    for (size_t e = 0; e < level.active.size(); ++e)
      if (level.active[e])
        for (int v = 0; v < 8; ++v) b[3 * level.element_nodes[8 * e + v] + 2] -= std::pow(1.0 / level.n, 3) / 8;
    level.nodes.add_to_owners(b.data(), 3);
    for (size_t i = 0; i < b.size(); ++i)
      if (level.mask.held[i]) b[i] = 0;
    return to_device(b, "weight");
  }

 private:
  void fill_stiffness(BoxLevel& level, int l, const std::function<double(int, int, int)>& modulus) {
    const size_t n_elements = level.element_nodes.size() / 8;
    level.stiffness.assign(n_elements, ElementMatrix{});
    level.active.assign(n_elements, 0);
    const ElementMatrix unit = cube_stiffness(1.0 / level.n, nu);
    for (int k = 0; k < level.layers; ++k)
      for (int j = 0; j < level.n; ++j)
        for (int i = 0; i < level.n; ++i) {
          const Index e = level.element(i, j, k);
          if (l == 0) {
            const double factor = modulus(i, j, k + level.first_layer);
            level.active[e] = factor != 0;
            for (int r = 0; r < n_dof; ++r)
              for (int c = 0; c < n_dof; ++c) level.stiffness[e][r][c] = factor * unit[r][c];
          } else {
            for (int child = 0; child < 8; ++child)
              add_child(levels.back(), level, e, {2 * i + (child & 1), 2 * j + (child >> 1 & 1), 2 * k + (child >> 2)}, child);
          }
        }
  }
  static void add_child(const BoxLevel& fine, BoxLevel& coarse, Index parent, const std::array<int, 3>& at, int child) {
    const Index e = fine.element(at[0], at[1], at[2]);
    if (!fine.active[e]) return;
    coarse.active[parent] = 1;
    double t[8][8];
    for (int v = 0; v < 8; ++v)
      for (int c = 0; c < 8; ++c) {
        t[v][c] = 1;
        for (int d = 0; d < 3; ++d) {
          const double x = 0.5 * ((v >> d & 1) + (child >> d & 1));
          t[v][c] *= c >> d & 1 ? x : 1 - x;
        }
      }
    ElementMatrix half{};
    for (int r = 0; r < n_dof; ++r)
      for (int v = 0; v < 8; ++v)
        for (int c = 0; c < 8; ++c)
          for (int d = 0; d < 3; ++d) half[r][3 * c + d] += fine.stiffness[e][r][3 * v + d] * t[v][c];
    for (int v = 0; v < 8; ++v)
      for (int c = 0; c < 8; ++c)
        for (int d = 0; d < 3; ++d)
          for (int q = 0; q < n_dof; ++q) coarse.stiffness[parent][3 * c + d][q] += t[v][c] * half[3 * v + d][q];
  }
  void make_mask(BoxLevel& level) const {
    std::vector<std::uint8_t> live(level.nodes.n_local(), 0);
    for (size_t e = 0; e < level.active.size(); ++e)
      if (level.active[e])
        for (int v = 0; v < 8; ++v) live[level.element_nodes[8 * e + v]] = 1;
    level.nodes.add_to_owners(live.data(), 1);
    level.nodes.update_ghosts(live.data(), 1);
    level.mask.held.assign(live.size() * 3, 0);
    for (size_t node = 0; node < live.size(); ++node)
      for (int c = 0; c < 3; ++c) {
        const double x = level.points[3 * node + c];
        if (!unsupported && (x == 0 || (x == 1 && c < 2))) level.mask.held[3 * node + c] |= Mask::prescribed;
        if (!live[node]) level.mask.held[3 * node + c] |= Mask::dead;
      }
  }
  static void interpolate(const BoxLevel& fine, BoxLevel& coarse) {
    coarse.offset.assign(1, 0);
    for (int k = 0; k <= fine.layers; ++k)
      for (int j = 0; j <= fine.n; ++j)
        for (int i = 0; i <= fine.n; ++i) {
          for (int c = 0; c <= k % 2; ++c)
            for (int b = 0; b <= j % 2; ++b)
              for (int a = 0; a <= i % 2; ++a) coarse.masters.push_back(coarse.node(i / 2 + a, j / 2 + b, k / 2 + c));
          coarse.offset.push_back(Index(coarse.masters.size()));
        }
  }
};

struct Solved {
  SolveReport report;
  double work;  ///< bᵀ x
};
inline Solved solve_box(const BoxProblem& problem, const MultigridOptions& options = {}, const SolveOptions& how = {}) {
  Multigrid multigrid(problem.hierarchy(), options);
  const auto a = problem.matrix<double>(0);
  const View<double> b = problem.weight(), x("x", b.extent(0));
  const SolveReport report = solve(*a, multigrid, b, x, how, "test_");
  return {report, dot(a->nodes().comm(), a->n_owned_unknowns(), b, x)};
}

/// Collective. xᵀ A x
template <class T>
double energy(const BlockMatrix<T>& a, const std::vector<double>& x) {
  const View<T> in = to_device(std::vector<T>(x.begin(), x.end()), "in"), out("out", x.size());
  a.apply(in, out);
  const std::vector<T> y = to_host(out);
  double sum = 0;
  for (Index i = 0; i < a.n_owned_unknowns(); ++i) sum += x[i] * y[i];
  return a.nodes().comm().sum(sum);
}

inline double one(int, int, int) { return 1; }
inline bool in_cube(int i, int j, int k, int low, int high) { return i >= low && i < high && j >= low && j < high && k >= low && k < high; }

}  // namespace winze::linear::test
