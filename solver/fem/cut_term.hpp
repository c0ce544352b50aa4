/// Elements with points of their own (mesh::Cuts) as a term: hex27 in cubes, W elements at a time, as many points as the longest of them has.
#pragma once
#include <algorithm>
#include <numeric>
#include <span>

#include "fem/lanczos.hpp"
#include "fem/term.hpp"
#include "mesh/mesh.hpp"

namespace winze::fem {

/// Cut elements of one law in batches of W. Points are [point][4][W]: reference coordinates and m³; lanes beyond their last point have weight 0.
template <class T, template <class, int> class LawKind>
struct CutBatches {
  static constexpr int W = pack_width<T>;
  using V = Pack<T, W>;
  using Law = LawKind<T, W>;
  static constexpr int C = Law::components, n = 27, n_coefficients = Law::n_coefficients;

  Index n_elements = 0, n_batches = 0;
  View<Index> connectivity, begin;  ///< [batch][n][W]; [n_batches + 1] into points
  View<T> coefficients, stretch;    ///< [batch][n_coefficients][W]; [batch][W] (2 / edge)²
  View<T> points;

  KOKKOS_FORCEINLINE_FUNCTION const Index* nodes(Index batch) const { return connectivity.data() + std::size_t(batch) * n * W; }
  KOKKOS_FORCEINLINE_FUNCTION Law law(Index batch) const { return Law::load(coefficients.data() + std::size_t(batch) * n_coefficients * W); }

  /// Quadratic shape functions of a line and their slopes at x.
  KOKKOS_FORCEINLINE_FUNCTION static void line(const V& x, V (&value)[3], V (&slope)[3]) {
    const V half = T(0.5) * x, square = x * half;
    value[0] = square - half, value[1] = T(1) - T(2) * square, value[2] = square + half;
    slope[0] = x - T(0.5), slope[1] = T(-2) * x, slope[2] = x + T(0.5);
  }

  KOKKOS_INLINE_FUNCTION void apply(Index batch, const V (&u)[C][n], V (&r)[C][n]) const {
    const Law own = law(batch);
    const V scale = Lanes<T, W>::load(stretch.data() + std::size_t(batch) * W);
    for (int c = 0; c < C; ++c)
      for (int node = 0; node < n; ++node) r[c][node] = V{};
    for (Index q = begin(batch); q < begin(batch + 1); ++q) {
      const T* at = points.data() + std::size_t(q) * 4 * W;
      V v[3][3], d[3][3];  // [axis][node of the line]
      for (int axis = 0; axis < 3; ++axis) line(Lanes<T, W>::load(at + axis * W), v[axis], d[axis]);
      const V weight = Lanes<T, W>::load(at + 3 * W);
      V h[C][3], s[C][3], value[C];
      for (int c = 0; c < C; ++c) {
        h[c][0] = h[c][1] = h[c][2] = value[c] = V{};
        for (int k = 0; k < 3; ++k) {
          V plane = V{}, along_x = V{}, along_y = V{};
          for (int j = 0; j < 3; ++j) {
            const V* a = u[c] + 9 * k + 3 * j;
            const V row = v[0][0] * a[0] + v[0][1] * a[1] + v[0][2] * a[2];
            along_x += v[1][j] * (d[0][0] * a[0] + d[0][1] * a[1] + d[0][2] * a[2]);
            plane += v[1][j] * row;
            along_y += d[1][j] * row;
          }
          h[c][0] += v[2][k] * along_x;
          h[c][1] += v[2][k] * along_y;
          h[c][2] += d[2][k] * plane;
          if constexpr (Law::has_capacity) value[c] += v[2][k] * plane;
        }
      }
      own.flux(h, weight * scale, s);
      if constexpr (Law::has_capacity) value[0] *= own.capacity * weight;
      for (int c = 0; c < C; ++c)
        for (int k = 0; k < 3; ++k) {
          const V along_x = v[2][k] * s[c][0], along_y = v[2][k] * s[c][1];
          V plane = d[2][k] * s[c][2];
          if constexpr (Law::has_capacity) plane += v[2][k] * value[c];
          for (int j = 0; j < 3; ++j) {
            V* to = r[c] + 9 * k + 3 * j;
            const V x = v[1][j] * along_x, row = v[1][j] * plane + d[1][j] * along_y;
            for (int i = 0; i < 3; ++i) to[i] += d[0][i] * x + v[0][i] * row;
          }
        }
    }
  }
  KOKKOS_INLINE_FUNCTION void diagonal(Index batch, V (&r)[C][n]) const {
    const Law own = law(batch);
    const V scale = Lanes<T, W>::load(stretch.data() + std::size_t(batch) * W);
    for (int c = 0; c < C; ++c)
      for (int node = 0; node < n; ++node) r[c][node] = V{};
    for (Index q = begin(batch); q < begin(batch + 1); ++q) {
      const T* at = points.data() + std::size_t(q) * 4 * W;
      V v[3][3], d[3][3];
      for (int axis = 0; axis < 3; ++axis) line(Lanes<T, W>::load(at + axis * W), v[axis], d[axis]);
      const V weight = Lanes<T, W>::load(at + 3 * W);
      for (int node = 0; node < n; ++node) {
        const int i = node % 3, j = node / 3 % 3, k = node / 9;
        const V b[3] = {d[0][i] * v[1][j] * v[2][k], v[0][i] * d[1][j] * v[2][k], v[0][i] * v[1][j] * d[2][k]};
        V sum[C] = {};
        own.diagonal(b, weight * scale, sum);
        if constexpr (Law::has_capacity) {
          const V value = v[0][i] * v[1][j] * v[2][k];
          sum[0] += own.capacity * weight * value * value;
        }
        for (int c = 0; c < C; ++c) r[c][node] += sum[c];
      }
    }
  }
};

template <class T, template <class, int> class LawKind>
class CutTerm final : public Term<T> {
  using Batches = CutBatches<T, LawKind>;
  using V = typename Batches::V;
  static constexpr int W = Batches::W, C = Batches::C, n = Batches::n, n_coefficients = Batches::n_coefficients;

 public:
  /// coefficients(element, c) as for VolumeTerm; `elements` all have points of their own.
  template <class Coefficients>
  CutTerm(const mesh::Mesh& mesh, std::span<const Index> elements, const Coefficients& coefficients) {
    const mesh::Cuts& cuts = mesh.cuts;
    const auto begin_of = [&](Index e) { return cuts.offset[cuts.of_element[e]]; };
    const auto count = [&](Index e) { return Index(cuts.offset[cuts.of_element[e] + 1] - begin_of(e)); };
    // Longest first, so that the lanes of a batch have about as many points each; batches then in the order of the mesh.
    std::vector<Index> order(elements.begin(), elements.end());
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return count(a) > count(b); });
    batches_.n_elements = Index(order.size());
    batches_.n_batches = (batches_.n_elements + W - 1) / W;
    const std::size_t lanes = std::size_t(batches_.n_batches) * W;
    std::vector<Index> connectivity(lanes * n), begin = {0};
    std::vector<T> values(lanes * n_coefficients), stretch(lanes), points;
    for (std::size_t slot = 0; slot < lanes; ++slot) {
      const std::size_t batch = slot / W, lane = slot % W;
      const Index e = order[std::min(slot, order.size() - 1)], *own = mesh.nodes_of(e);
      const double edge = mesh.point(own[26])[0] - mesh.point(own[0])[0];
      for (int node = 0; node < n; ++node) connectivity[(batch * n + node) * W + lane] = own[node];
      double c[n_coefficients] = {};
      if (slot < order.size()) coefficients(e, c);
      for (int k = 0; k < n_coefficients; ++k) values[(batch * n_coefficients + k) * W + lane] = T(c[k]);
      stretch[slot] = T(4 / (edge * edge));
      if (lane == 0) begin.push_back(begin.back() + count(e)), points.resize(std::size_t(begin.back()) * 4 * W, T(0));
      for (Index q = 0; q < count(e); ++q) {
        const mesh::WeightedPoint& p = cuts.points[begin_of(e) + q];
        T* to = &points[(std::size_t(begin[batch]) + q) * 4 * W + lane];
        for (int axis = 0; axis < 3; ++axis) to[axis * W] = T(p.at[axis]);
        to[3 * W] = T(p.weight);
      }
    }
    batches_.connectivity = to_device(connectivity, "connectivity"), batches_.begin = to_device(begin, "begin");
    batches_.coefficients = to_device(values, "coefficients"), batches_.stretch = to_device(stretch, "stretch");
    batches_.points = to_device(points, "points");
  }

  void add(const View<T>& x, const View<T>& y) const override {
    const Batches batches = batches_;
    parallel_for(
        "cut elements", batches.n_batches, KOKKOS_LAMBDA(Index batch) {
          V u[C][n], r[C][n];
          gather<T, W>(x.data(), batches.nodes(batch), u);
          batches.apply(batch, u, r);
          scatter<T, W>(y.data(), batches.nodes(batch), r);
        });
  }
  void add_diagonal(const View<T>& d) const override {
    const Batches batches = batches_;
    parallel_for(
        "cut diagonal", batches.n_batches, KOKKOS_LAMBDA(Index batch) {
          V own[C][n];
          batches.diagonal(batch, own);
          scatter<T, W>(d.data(), batches.nodes(batch), own);
        });
  }
  double bound() const override {
    double most = 0;
    for (double b : bounds()) most = std::max(most, b);
    return most;
  }
  void add_bounded_diagonal(const View<T>& d) const override {
    const Batches batches = batches_;
    std::vector<T> of_lane;
    for (double b : bounds()) of_lane.push_back(T(b));
    const View<T> bound = to_device(of_lane, "bounds");
    parallel_for(
        "cut bounds", batches.n_batches, KOKKOS_LAMBDA(Index batch) {
          V own[C][n];
          batches.diagonal(batch, own);
          const V b = Lanes<T, W>::load(bound.data() + std::size_t(batch) * W);
          for (int c = 0; c < C; ++c)
            for (int node = 0; node < n; ++node) own[c][node] *= b;
          scatter<T, W>(d.data(), batches.nodes(batch), own);
        });
  }
  bool sharp() const override { return false; }
  std::size_t bytes() const override {
    return (batches_.connectivity.size() + batches_.begin.size()) * sizeof(Index) +
           (batches_.coefficients.size() + batches_.stretch.size() + batches_.points.size()) * sizeof(T);
  }

 private:
  /// λmax(diag(K)⁻¹ K) of every lane; slivers have up to twenty times that of a whole element.
  std::vector<double> bounds() const {
    const Batches batches = batches_;
    const View<double> result("bounds", std::size_t(batches.n_batches) * W);
    parallel_for(
        "cut lanczos", batches.n_batches, KOKKOS_LAMBDA(Index batch) {
          V d[C][n];
          batches.diagonal(batch, d);
          Tridiagonal of_lane[W];
          lanczos<T, W, C, n>(
              d, [&](V(&u)[C][n], V(&r)[C][n]) { batches.apply(batch, u, r); }, of_lane);
          for (int lane = 0; lane < W && batch * W + lane < batches.n_elements; ++lane)
            result(batch * W + lane) = Tridiagonal::margin * of_lane[lane].largest_eigenvalue(0);
        });
    return to_host(result);
  }
  Batches batches_;
};

}  // namespace winze::fem
