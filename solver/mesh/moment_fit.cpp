#include "mesh/moment_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>

#include "base/simd.hpp"

namespace winze::mesh {
namespace {

constexpr int most_degree = 8, lanes = pack_width<double>;
using Lanes = Pack<double, lanes>;

constexpr int n_moments(int degree) { return (degree + 1) * (degree + 2) * (degree + 3) / 6; }

/// Legendre products at a number or at a pack of numbers, x innermost last: out(k, value).
template <class Real, class Out>
void legendre_products(const Real (&x)[3], int degree, Out out) {
  Real p[3][most_degree + 1];
  for (int d = 0; d < 3; ++d) {
    p[d][0] = Real{} + 1.0, p[d][1] = x[d];
    for (int k = 1; k < degree; ++k) p[d][k + 1] = (double(2 * k + 1) / (k + 1)) * x[d] * p[d][k] - (double(k) / (k + 1)) * p[d][k - 1];
  }
  int at = 0;
  for (int i = 0; i <= degree; ++i)
    for (int j = 0; i + j <= degree; ++j) {
      const Real ij = p[0][i] * p[1][j];
      for (int k = 0; i + j + k <= degree; ++k) out(at++, ij * p[2][k]);
    }
}

/// Affine coordinates in which a set of points has unit spread along every axis and lies in [−1, 1]³: polynomials stay the same space and become well
/// conditioned on slivers. An axis along which the points have no extent becomes 0.
struct Spread {
  Vector3 mean{};
  double rows[3][3] = {};  ///< lower triangle: x' = rows · (x − mean)
  double noise = 0;        ///< of x', from rounding of x

  explicit Spread(std::span<const WeightedPoint> points) {
    double sum = 0, c[3][3] = {};
    for (const WeightedPoint& p : points) {
      sum += p.weight;
      for (int d = 0; d < 3; ++d) mean[d] += p.weight * p.at[d];
    }
    for (double& m : mean) m /= sum;
    for (const WeightedPoint& p : points)
      for (int d = 0; d < 3; ++d)
        for (int e = 0; e <= d; ++e) c[d][e] += p.weight * (p.at[d] - mean[d]) * (p.at[e] - mean[e]);
    const double trace = c[0][0] + c[1][1] + c[2][2];
    double l[3][3] = {};  // Cholesky's factor of the covariance
    for (int d = 0; d < 3; ++d) {
      for (int e = 0; e < d; ++e) {
        double f = c[d][e];
        for (int k = 0; k < e; ++k) f -= l[d][k] * l[e][k];
        l[d][e] = l[e][e] > 0 ? f / l[e][e] : 0;
      }
      double f = c[d][d];
      for (int k = 0; k < d; ++k) f -= l[d][k] * l[d][k];
      l[d][d] = f > 1e-13 * trace ? std::sqrt(f) : 0;
    }
    for (int d = 0; d < 3; ++d) {  // its inverse, row by row
      if (!(l[d][d] > 0)) continue;
      for (int e = 0; e < 3; ++e) {
        double f = d == e ? 1 : 0;
        for (int k = 0; k < d; ++k) f -= l[d][k] * rows[k][e];
        rows[d][e] = f / l[d][d];
      }
    }
    double most[3] = {};
    for (const WeightedPoint& p : points)
      for (int d = 0; d < 3; ++d) most[d] = std::max(most[d], std::abs((*this)(p.at, d)));
    for (int d = 0; d < 3; ++d)
      for (double& r : rows[d]) r = most[d] > 0 ? r / most[d] : 0, noise = std::max(noise, 1e-15 * std::abs(r));
  }
  double operator()(const Vector3& x, int d) const {
    return rows[d][0] * (x[0] - mean[0]) + rows[d][1] * (x[1] - mean[1]) + rows[d][2] * (x[2] - mean[2]);
  }
};

template <int degree>
class Compression {
  static constexpr int m = n_moments(degree), padded = (m + lanes - 1) / lanes * lanes, n_lanes = padded / lanes;
  using Column = std::array<double, padded>;

 public:
  /// False where the candidates cannot carry the moments to `tolerance` of the total; out is then of no use.
  bool fit(std::span<const WeightedPoint> points, std::size_t n_candidates, double tolerance, std::vector<WeightedPoint>& out) {
    const Spread spread(points);
    noise_ = spread.noise;
    const auto column = [&](const WeightedPoint& p, Column& a) {
      const double x[3] = {spread(p.at, 0), spread(p.at, 1), spread(p.at, 2)};
      a = {};
      legendre_products(x, degree, [&](int k, double v) { a[k] = v; });
    };
    sum_up(points, spread);
    choose(points, n_candidates);
    columns_.resize(candidates_.size());
    for (std::size_t j = 0; j < candidates_.size(); ++j) column(candidates_[j], columns_[j]);
    if (candidates_.size() < points.size() && !restore_moments()) return false;
    eliminate();
    if (!polish(tolerance)) return false;
    out.clear();
    for (int i = 0; i < m; ++i)
      if (member_[i] >= 0 && weight_[i] > 0) out.push_back({candidates_[member_[i]].at, weight_[i]});
    return true;
  }

 private:
  /// The moments to keep.
  void sum_up(std::span<const WeightedPoint> points, const Spread& spread) {
    Lanes sum[m] = {};
    for (std::size_t first = 0; first < points.size(); first += lanes) {
      double x[3][lanes] = {}, w[lanes] = {};
      for (std::size_t i = first; i < std::min(points.size(), first + lanes); ++i) {
        for (int d = 0; d < 3; ++d) x[d][i - first] = spread(points[i].at, d);
        w[i - first] = points[i].weight;
      }
      Lanes at[3] = {}, weight{};
      for (int l = 0; l < lanes; ++l) at[0][l] = x[0][l], at[1][l] = x[1][l], at[2][l] = x[2][l], weight[l] = w[l];
      legendre_products(at, degree, [&](int k, const Lanes& v) { sum[k] += weight * v; });
    }
    moments_ = {};
    for (int k = 0; k < m; ++k)
      for (int l = 0; l < lanes; ++l) moments_[k] += sum[k][l];
  }
  /// One point for each stretch of the list with an equal share of the weight: that nearest to its middle, with all its weight.
  void choose(std::span<const WeightedPoint> points, std::size_t n) {
    if (points.size() <= n) return candidates_.assign(points.begin(), points.end());
    candidates_.clear();
    const double share = moments_[0] / double(n);
    double before = 0;
    for (std::size_t begin = 0, end; begin < points.size(); begin = end) {
      WeightedPoint mean{};
      const double limit = share * (std::floor(before / share * (1 + 1e-12)) + 1);
      for (end = begin; end < points.size() && (end == begin || before + 0.5 * points[end].weight < limit); ++end) {
        before += points[end].weight, mean.weight += points[end].weight;
        for (int d = 0; d < 3; ++d) mean.at[d] += points[end].weight * points[end].at[d];
      }
      double nearest = HUGE_VAL;
      std::size_t best = begin;
      for (std::size_t i = begin; i < end; ++i) {
        double d2 = 0;
        for (int d = 0; d < 3; ++d) d2 += std::pow(points[i].at[d] - mean.at[d] / mean.weight, 2);
        if (d2 < nearest) nearest = d2, best = i;
      }
      candidates_.push_back({points[best].at, mean.weight});
    }
  }
  /// Multiplies the weights by the polynomial, nearest to 1 in the mean, that gives the points the moments; points where it is not positive are left
  /// out, and what remains tries again. False where that does not end well.
  bool restore_moments() {
    constexpr int block = 4, most_rounds = 12;
    alignas(64) static thread_local double gram[padded][padded], factor[padded][padded];
    for (int r = 0; r < m; r += block) {
      Lanes sum[block][n_lanes] = {};
      for (std::size_t j = 0; j < columns_.size(); ++j) {
        const double* a = columns_[j].data();
        for (int v = 0; v < n_lanes; ++v) {
          Lanes lane;
          __builtin_memcpy(&lane, a + v * lanes, sizeof lane);
          for (int i = 0; i < block; ++i) sum[i][v] += (candidates_[j].weight * a[r + i]) * lane;
        }
      }
      for (int i = 0; i < block; ++i) __builtin_memcpy(gram[r + i], sum[i], sizeof sum[i]);
    }
    Column missing = moments_;
    for (std::size_t j = 0; j < columns_.size(); ++j)
      for (int k = 0; k < padded; ++k) missing[k] -= candidates_[j].weight * columns_[j][k];
    for (int round = 0; round < most_rounds; ++round) {
      std::copy(&gram[0][0], &gram[0][0] + padded * padded, &factor[0][0]);
      const Column y = solve(factor, missing);
      factors_.resize(columns_.size());
      bool positive = true;
      for (std::size_t j = 0; j < columns_.size(); ++j) {
        double f = 1;
        for (int k = 0; k < padded; ++k) f += y[k] * columns_[j][k];
        factors_[j] = f;
        positive = positive && f > 0;
      }
      if (positive) {
        for (std::size_t j = 0; j < columns_.size(); ++j) candidates_[j].weight *= factors_[j];
        return true;
      }
      std::size_t kept = 0;
      for (std::size_t j = 0; j < columns_.size(); ++j) {
        if (factors_[j] > 0) {
          if (kept != j) candidates_[kept] = candidates_[j], columns_[kept] = columns_[j];
          ++kept;
          continue;
        }
        const double w = candidates_[j].weight;
        for (int r = 0; r < m; ++r) {
          const double f = w * columns_[j][r];
          for (int k = 0; k < padded; ++k) gram[r][k] -= f * columns_[j][k];
        }
        for (int k = 0; k < padded; ++k) missing[k] += w * columns_[j][k];
      }
      candidates_.resize(kept), columns_.resize(kept);
      if (kept < m) return false;
    }
    return false;
  }
  /// Of a symmetric system by Cholesky's upper factor, which takes its place; directions in which the points have no extent stay 0.
  static Column solve(double (&a)[padded][padded], Column y) {
    bool kept[m];
    for (int c = 0; c < m; ++c) {
      kept[c] = a[c][c] > 1e-13 * a[0][0];
      if (!kept[c]) continue;
      const double inverse = 1 / std::sqrt(a[c][c]);
      for (int k = c; k < m; ++k) a[c][k] *= inverse;
      y[c] *= inverse;
      for (int r = c + 1; r < m; ++r) {
        const double f = a[c][r];
        for (int k = r / lanes * lanes; k < padded; ++k) a[r][k] -= f * a[c][k];
        y[r] -= f * y[c];
      }
    }
    for (int r = m; r-- > 0;) {
      if (!kept[r]) {
        y[r] = 0;
        continue;
      }
      for (int k = r + 1; k < m; ++k) y[r] -= a[r][k] * y[k];
      y[r] /= a[r][r];
    }
    return y;
  }

  /// Carathéodory one point after the other: a basis of at most m points stands for all so far; the next one either gives its weight to them, or
  /// takes the place of the first that it empties. The inverse of the basis follows by rank 1, as in the simplex method.
  void eliminate() {
    for (int i = 0; i < padded; ++i) inverse_[i] = {}, inverse_[i][i] = 1;
    member_.fill(-1), weight_ = {}, live_ = {};
    const std::size_t n = candidates_.size();
    const double least = std::max(1e-11, 10 * noise_);
    std::size_t stride = std::size_t(0.618 * double(n)) | 1;
    while (std::gcd(stride, n) > 1) ++stride;
    int n_live = 0;
    for (std::size_t i = 0, j = 0; i < n; ++i, j = (j + stride) % n) {
      Column c = represent(columns_[j]);
      double w = candidates_[j].weight;
      int out = n_live < m ? free_place(c, least) : -1;
      if (out >= 0) {
        ++n_live, live_[out] = 1;
      } else {
        const double way = longest_way(c, w, out);
        for (int k = 0; k < padded; ++k) {
          const double moved = weight_[k] + way * live_[k] * c[k];
          weight_[k] = moved > 0 ? moved : 0;
        }
        w -= way;
        if (out < 0) continue;
      }
      const double scale = 1 / c[out];
      c[out] -= 1;
      for (int k = 0; k < m; ++k) {
        const double f = inverse_[k][out] * scale;
        for (int l = 0; l < padded; ++l) inverse_[k][l] -= f * c[l];
      }
      member_[out] = int(j), weight_[out] = w;
    }
  }
  /// The place without a point where the column is largest; −1 where it is nowhere above `least`.
  int free_place(const Column& c, double least) const {
    double size[padded], largest = least;
    for (int k = 0; k < padded; ++k) size[k] = (1 - live_[k]) * std::abs(c[k]);
    int out = -1;
    for (int k = 0; k < m; ++k)
      if (size[k] > largest) largest = size[k], out = k;
    return out;
  }
  /// How much of a point's weight w the basis can take before a member is empty; `out`: that member, or −1 when it takes all.
  double longest_way(const Column& c, double w, int& out) const {
    alignas(64) double ratio[padded];
    Lanes least = Lanes{} + w;
    for (int v = 0; v < n_lanes; ++v) {
      Lanes rate, weight, live;
      __builtin_memcpy(&rate, c.data() + v * lanes, sizeof rate);
      __builtin_memcpy(&weight, weight_.data() + v * lanes, sizeof weight);
      __builtin_memcpy(&live, live_.data() + v * lanes, sizeof live);
      rate *= live;
      const Lanes way = rate < 0.0 ? -weight / rate : Lanes{} + HUGE_VAL;
      least = way < least ? way : least;
      __builtin_memcpy(ratio + v * lanes, &way, sizeof way);
    }
    double way = w;
    for (int l = 0; l < lanes; ++l) way = std::min(way, double(least[l]));
    out = -1;
    if (way < w)
      for (int k = 0; k < m && out < 0; ++k)
        if (ratio[k] == way) out = k;
    return way;
  }
  /// Coordinates of a column in the basis. inverse_[k]: those of the k-th unit column.
  Column represent(const Column& a) const {
    Lanes sum[n_lanes] = {};
    for (int k = 0; k < m; ++k)
      for (int v = 0; v < n_lanes; ++v) {
        Lanes lane;
        __builtin_memcpy(&lane, inverse_[k].data() + v * lanes, sizeof lane);
        sum[v] += a[k] * lane;
      }
    Column c;
    __builtin_memcpy(c.data(), sum, sizeof sum);
    return c;
  }
  /// Weights of the basis once more from the moments; false where they are missed.
  bool polish(double tolerance) {
    for (int round = 0;; ++round) {
      Column r = moments_;
      for (int i = 0; i < m; ++i)
        if (member_[i] >= 0)
          for (int k = 0; k < m; ++k) r[k] -= weight_[i] * columns_[member_[i]][k];
      double worst = 0;
      for (int k = 0; k < m; ++k) worst = std::max(worst, std::abs(r[k]));
      if (worst <= 1e-14 * moments_[0] || round == 3) return worst <= std::max(tolerance, 10 * noise_) * moments_[0];
      const Column c = represent(r);
      for (int i = 0; i < m; ++i)
        if (member_[i] >= 0 && weight_[i] > 0) weight_[i] = std::max(0.0, weight_[i] + c[i]);
    }
  }

  alignas(64) Column moments_;
  std::vector<WeightedPoint> candidates_;
  std::vector<double> factors_;
  std::vector<Column> columns_;  ///< moments of each candidate per weight
  alignas(64) std::array<Column, padded> inverse_;
  std::array<int, m> member_;         ///< candidate in each place of the basis; −1: none, a unit column
  alignas(64) Column weight_, live_;  ///< 1 where a place has a point
  double noise_ = 0;
};

template <int degree>
std::vector<WeightedPoint> compressed(std::span<const WeightedPoint> points) {
  static thread_local const std::unique_ptr<Compression<degree>> compression = std::make_unique<Compression<degree>>();
  std::vector<WeightedPoint> out(points.begin(), points.end());
  for (std::size_t n = 4 * n_moments(degree); points.size() > std::size_t(n_moments(degree)); n *= 3) {
    const bool all = n >= points.size();
    if (compression->fit(points, n, all ? 1e-8 : 2e-13, out)) break;
    if (all) return {points.begin(), points.end()};
  }
  return out;
}

}  // namespace

std::vector<double> moments(std::span<const WeightedPoint> points, int degree) {
  std::vector<double> sum(std::size_t(n_moments(degree)), 0.0);
  for (const WeightedPoint& p : points) {
    const double x[3] = {p.at[0], p.at[1], p.at[2]};
    legendre_products(x, degree, [&](int k, double v) { sum[std::size_t(k)] += p.weight * v; });
  }
  return sum;
}

std::vector<WeightedPoint> compress(std::span<const WeightedPoint> points, int degree) {
  switch (degree) {
    case 1:
      return compressed<1>(points);
    case 2:
      return compressed<2>(points);
    case 3:
      return compressed<3>(points);
    case 4:
      return compressed<4>(points);
    default:
      return compressed<5>(points);
  }
}

}  // namespace winze::mesh
