#include "mesh/moment_fit.hpp"

#include <algorithm>
#include <cmath>

namespace winze::mesh {
namespace {

constexpr int most_degree = 8;

int n_moments(int degree) { return (degree + 1) * (degree + 2) * (degree + 3) / 6; }

void legendre_products(const Vector3& x, int degree, double* out) {
  double p[3][most_degree + 1];
  for (int d = 0; d < 3; ++d) {
    p[d][0] = 1, p[d][1] = x[d];
    for (int k = 1; k < degree; ++k) p[d][k + 1] = ((2 * k + 1) * x[d] * p[d][k] - k * p[d][k - 1]) / (k + 1);
  }
  for (int i = 0; i <= degree; ++i)
    for (int j = 0; i + j <= degree; ++j) {
      const double ij = p[0][i] * p[1][j];
      for (int k = 0; i + j + k <= degree; ++k) *out++ = ij * p[2][k];
    }
}

/// Groups of points as columns: moments per weight, and the weight that is left.
struct Groups {
  int n_rows, n;
  std::vector<double> column;  ///< [n][n_rows]
  std::vector<double> weight;  ///< [n]
};

/// Null vectors of the columns, as the rows of a matrix [n − rank][n], by elimination with full pivoting.
std::vector<std::vector<double>> null_vectors(const Groups& g) {
  const int m = g.n_rows, n = g.n;
  std::vector<double> a(std::size_t(m) * n);  // [row][column]
  for (int c = 0; c < n; ++c)
    for (int r = 0; r < m; ++r) a[std::size_t(r) * n + c] = g.column[std::size_t(c) * m + r];
  std::vector<int> order(n);
  for (int c = 0; c < n; ++c) order[c] = c;
  int rank = 0;
  double first = 0;
  for (; rank < std::min(m, n); ++rank) {
    int pr = rank, pc = rank;
    double best = 0;
    for (int r = rank; r < m; ++r)
      for (int c = rank; c < n; ++c)
        if (std::abs(a[std::size_t(r) * n + c]) > best) best = std::abs(a[std::size_t(r) * n + c]), pr = r, pc = c;
    if (rank == 0) first = best;
    if (best <= 1e-13 * first) break;
    std::swap(order[rank], order[pc]);
    for (int r = 0; r < m; ++r) std::swap(a[std::size_t(r) * n + rank], a[std::size_t(r) * n + pc]);
    if (pr != rank) std::swap_ranges(&a[std::size_t(rank) * n], &a[std::size_t(rank) * n] + n, &a[std::size_t(pr) * n]);
    double* pivot = &a[std::size_t(rank) * n];
    const double inverse = 1 / pivot[rank];
    for (int c = rank; c < n; ++c) pivot[c] *= inverse;
    for (int r = 0; r < m; ++r) {
      if (r == rank) continue;
      double* row = &a[std::size_t(r) * n];
      const double factor = row[rank];
      if (factor == 0) continue;
      for (int c = rank; c < n; ++c) row[c] -= factor * pivot[c];
    }
  }
  std::vector<std::vector<double>> basis;
  for (int free = rank; free < n; ++free) {
    std::vector<double>& v = basis.emplace_back(n, 0.0);
    v[order[free]] = 1;
    for (int r = 0; r < rank; ++r) v[order[r]] = -a[std::size_t(r) * n + free];
  }
  return basis;
}

/// Moves weight along null vectors until each has emptied a group.
void empty_groups(Groups& g) {
  std::vector<std::vector<double>> basis = null_vectors(g);
  while (!basis.empty()) {
    std::vector<double> v = std::move(basis.back());
    basis.pop_back();
    double least = HUGE_VAL;
    int emptied = -1;
    for (int sign : {1, -1})  // the shorter way
      for (int c = 0; c < g.n; ++c)
        if (sign * v[c] > 0 && g.weight[c] / std::abs(v[c]) < std::abs(least)) least = sign * g.weight[c] / std::abs(v[c]), emptied = c;
    if (emptied < 0) continue;
    for (int c = 0; c < g.n; ++c) g.weight[c] = std::max(0.0, g.weight[c] - least * v[c]);
    g.weight[emptied] = 0;
    for (std::vector<double>& other : basis) {
      const double factor = other[emptied] / v[emptied];
      for (int c = 0; c < g.n; ++c) other[c] -= factor * v[c];
      other[emptied] = 0;
    }
  }
}

}  // namespace

std::vector<double> moments(std::span<const WeightedPoint> points, int degree) {
  std::vector<double> sum(n_moments(degree), 0), of_point(sum.size());
  for (const WeightedPoint& p : points) {
    legendre_products(p.at, degree, of_point.data());
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += p.weight * of_point[k];
  }
  return sum;
}

std::vector<WeightedPoint> compress(std::span<const WeightedPoint> points, int degree) {
  const int m = n_moments(degree);
  std::vector<WeightedPoint> kept(points.begin(), points.end());
  std::vector<double> of_point(m);
  while (int(kept.size()) > m) {
    const int n_groups = std::min<int>(int(kept.size()), 2 * m);
    Groups g{m, n_groups, std::vector<double>(std::size_t(n_groups) * m, 0.0), std::vector<double>(n_groups, 0.0)};
    const auto begin = [&](int group) { return std::size_t(group) * kept.size() / std::size_t(n_groups); };
    for (int c = 0; c < n_groups; ++c) {
      double* column = &g.column[std::size_t(c) * m];
      for (std::size_t i = begin(c); i < begin(c + 1); ++i) {
        legendre_products(kept[i].at, degree, of_point.data());
        for (int k = 0; k < m; ++k) column[k] += kept[i].weight * of_point[k];
        g.weight[c] += kept[i].weight;
      }
      for (int k = 0; k < m; ++k) column[k] /= g.weight[c];
    }
    const std::vector<double> before = g.weight;
    empty_groups(g);
    std::vector<WeightedPoint> next;
    for (int c = 0; c < n_groups; ++c)
      if (g.weight[c] > 0)
        for (std::size_t i = begin(c); i < begin(c + 1); ++i) next.push_back({kept[i].at, kept[i].weight * g.weight[c] / before[c]});
    if (next.size() == kept.size()) break;
    kept = std::move(next);
  }
  return kept;
}

}  // namespace winze::mesh
