/// Elements with points of their own (mesh::Cuts) as a term: hex27 in cubes, W elements at a time. Fields are worked on as polynomials in the
/// reference coordinates, and all that a rule of any number of points does to products of two of them are its moments.
#pragma once
#include <algorithm>
#include <span>

#include "fem/lanczos.hpp"
#include "fem/term.hpp"
#include "mesh/mesh.hpp"

namespace winze::fem {

/// Coefficients of the quadratic shape functions of a line, and of products of two of them, of their values and slopes.
struct LinePowers {
  static constexpr double value[3][3] = {{0, -0.5, 0.5}, {1, 0, -1}, {0, 0.5, 0.5}}, slope[3][3] = {{-0.5, 1, 0}, {0, -2, 0}, {0.5, 1, 0}};
  double product[3][3][5] = {};  ///< [value², value · slope, slope²][node][power]
  constexpr LinePowers() {
    for (int node = 0; node < 3; ++node)
      for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) {
          product[0][node][i + j] += value[node][i] * value[node][j];
          product[1][node][i + j] += value[node][i] * slope[node][j];
          product[2][node][i + j] += slope[node][i] * slope[node][j];
        }
  }
};

/// Cut elements of one law in batches of W. Polynomials are [27] coefficients of ξ^i η^j ζ^k at i + 3 j + 9 k; moments ∫ ξ^i η^j ζ^k, m³, i, j, k
/// ≤ 4.
template <class T, template <class, int> class LawKind>
struct CutBatches {
  static constexpr int W = pack_width<T>;
  using V = Pack<T, W>;
  using Law = LawKind<T, W>;
  static constexpr int C = Law::components, n = 27, n_coefficients = Law::n_coefficients, n_moments = 125;
  /// Polynomials under the integral: fluxes (of tensors one triangle), and the value where there is capacity.
  static constexpr int n_fluxes = C == 3 ? 6 : 3, n_fields = n_fluxes + (Law::has_capacity ? 1 : 0);

  Index n_elements = 0, n_batches = 0;
  View<Index> connectivity;       ///< [batch][n][W]
  View<T> coefficients, stretch;  ///< [batch][n_coefficients][W]; [batch][W] (2 / edge)²
  View<T> moments;                ///< [batch][n_moments][W]

  KOKKOS_FORCEINLINE_FUNCTION const Index* nodes(Index batch) const { return connectivity.data() + std::size_t(batch) * n * W; }
  KOKKOS_FORCEINLINE_FUNCTION Law law(Index batch) const { return Law::load(coefficients.data() + std::size_t(batch) * n_coefficients * W); }
  KOKKOS_FORCEINLINE_FUNCTION const T* moments_of(Index batch) const { return moments.data() + std::size_t(batch) * n_moments * W; }

  /// body(a line's three numbers) of all lines along all axes.
  template <class Body>
  KOKKOS_FORCEINLINE_FUNCTION static void along_lines(V (&u)[n], const Body& body) {
    for (int i = 0; i < n; i += 3) body(u[i], u[i + 1], u[i + 2]);
    for (int k = 0; k < n; k += 9)
      for (int i = k; i < k + 3; ++i) body(u[i], u[i + 3], u[i + 6]);
    for (int i = 0; i < 9; ++i) body(u[i], u[i + 9], u[i + 18]);
  }
  KOKKOS_FORCEINLINE_FUNCTION static void to_powers(V (&u)[n]) {
    along_lines(u, [](V& a, V& b, V& c) {
      const V low = T(0.5) * a, high = T(0.5) * c, middle = b;
      a = middle, b = high - low, c = high + low - middle;
    });
  }
  KOKKOS_FORCEINLINE_FUNCTION static void to_powers_adjoint(V (&r)[n]) {
    along_lines(r, [](V& a, V& b, V& c) {
      const V constant = a, half = T(0.5) * b, square = T(0.5) * c;
      a = square - half, b = constant - c, c = square + half;
    });
  }
  /// Place of flux (component, axis) among the fields.
  KOKKOS_FORCEINLINE_FUNCTION static constexpr int field(int c, int e) { return C == 1 ? e : c == e ? c : 6 - c - e; }

  /// f ← ∫ (powers) (field) of every field.
  KOKKOS_FORCEINLINE_FUNCTION static void integrate(const T* m, V (&f)[n_fields][n]) {
    V t[n_fields][n];
    for (int bz = 0; bz < 3; ++bz)
      for (int by = 0; by < 3; ++by) {
        V sum[n_fields][3];
        for (int s = 0; s < n_fields; ++s) sum[s][0] = sum[s][1] = sum[s][2] = V{};
        for (int az = 0; az < 3; ++az)
          for (int ay = 0; ay < 3; ++ay) {
            const T* row = m + 5 * (5 * (az + bz) + ay + by) * W;
            const V m0 = Lanes<T, W>::load(row), m1 = Lanes<T, W>::load(row + W), m2 = Lanes<T, W>::load(row + 2 * W),
                    m3 = Lanes<T, W>::load(row + 3 * W), m4 = Lanes<T, W>::load(row + 4 * W);
            for (int s = 0; s < n_fields; ++s) {
              const V* a = f[s] + 9 * az + 3 * ay;
              sum[s][0] += m0 * a[0] + m1 * a[1] + m2 * a[2];
              sum[s][1] += m1 * a[0] + m2 * a[1] + m3 * a[2];
              sum[s][2] += m2 * a[0] + m3 * a[1] + m4 * a[2];
            }
          }
        for (int s = 0; s < n_fields; ++s)
          for (int bx = 0; bx < 3; ++bx) t[s][9 * bz + 3 * by + bx] = sum[s][bx];
      }
    for (int s = 0; s < n_fields; ++s)
      for (int i = 0; i < n; ++i) f[s][i] = t[s][i];
  }

  /// Consumes u.
  KOKKOS_INLINE_FUNCTION void apply(Index batch, V (&u)[C][n], V (&r)[C][n]) const {
    const Law own = law(batch);
    const V scale = Lanes<T, W>::load(stretch.data() + std::size_t(batch) * W);
    constexpr int stride[3] = {1, 3, 9};
    V f[n_fields][n];
    for (int c = 0; c < C; ++c) to_powers(u[c]);
    for (int i = 0; i < n; ++i) {
      const int power[3] = {i % 3, i / 3 % 3, i / 9};
      V h[C][3], s[C][3];
      for (int c = 0; c < C; ++c)
        for (int e = 0; e < 3; ++e) h[c][e] = power[e] == 2 ? V{} : T(power[e] + 1) * u[c][i + (power[e] == 2 ? 0 : stride[e])];
      own.flux(h, scale, s);
      for (int c = 0; c < C; ++c)
        for (int e = c; e < 3; ++e) f[field(c, e)][i] = s[c][e];
      if constexpr (Law::has_capacity) f[n_fluxes][i] = own.capacity * u[0][i];
    }
    integrate(moments_of(batch), f);
    for (int c = 0; c < C; ++c) {
      for (int i = 0; i < n; ++i) {
        const int power[3] = {i % 3, i / 3 % 3, i / 9};
        V sum{};
        if constexpr (Law::has_capacity) sum = f[n_fluxes][i];
        for (int e = 0; e < 3; ++e)
          if (power[e] > 0) sum += T(power[e]) * f[field(c, e)][i - stride[e]];
        r[c][i] = sum;
      }
      to_powers_adjoint(r[c]);
    }
  }
  KOKKOS_INLINE_FUNCTION void diagonal(Index batch, V (&r)[C][n]) const {
    constexpr LinePowers line;
    const Law own = law(batch);
    const V scale = Lanes<T, W>::load(stretch.data() + std::size_t(batch) * W);
    const T* m = moments_of(batch);
    // The diagonal is quadratic in the gradient b of a shape function: what each product of two of its components adds.
    V of_pair[3][3][C];
    for (int apart = 0; apart < 3; ++apart)
      for (int e = 0; e + apart < 3; ++e) {
        const int d = e + apart;
        V b[3] = {}, sum[C] = {};
        b[d] = b[e] = V{} + T(1);
        own.diagonal(b, scale, sum);
        for (int c = 0; c < C; ++c) of_pair[d][e][c] = d == e ? sum[c] : sum[c] - of_pair[d][d][c] - of_pair[e][e][c];
      }
    const auto integral = [&](const int(&kind)[3], int node) {
      const double *x = line.product[kind[0]][node % 3], *y = line.product[kind[1]][node / 3 % 3], *z = line.product[kind[2]][node / 9];
      V sum{};
      for (int i = 0; i < n_moments; ++i)
        if (const T weight = T(x[i % 5] * y[i / 5 % 5] * z[i / 25]); weight != 0) sum += weight * Lanes<T, W>::load(m + i * W);
      return sum;
    };
    for (int node = 0; node < n; ++node) {
      for (int c = 0; c < C; ++c) r[c][node] = V{};
      for (int d = 0; d < 3; ++d)
        for (int e = 0; e <= d; ++e) {
          int kind[3] = {};
          ++kind[d], ++kind[e];
          const V both = integral(kind, node);
          for (int c = 0; c < C; ++c) r[c][node] += of_pair[d][e][c] * both;
        }
      if constexpr (Law::has_capacity) r[0][node] += own.capacity * integral({0, 0, 0}, node);
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
    batches_.n_elements = Index(elements.size());
    batches_.n_batches = (batches_.n_elements + W - 1) / W;
    const std::size_t lanes = std::size_t(batches_.n_batches) * W;
    std::vector<Index> connectivity(lanes * n);
    std::vector<T> values(lanes * n_coefficients), stretch(lanes), moments(lanes * Batches::n_moments);
    for (std::size_t slot = 0; slot < lanes; ++slot) {
      const std::size_t batch = slot / W, lane = slot % W;
      const Index e = elements[std::min(slot, elements.size() - 1)], *own = mesh.nodes_of(e);
      const double edge = mesh.point(own[26])[0] - mesh.point(own[0])[0];
      for (int node = 0; node < n; ++node) connectivity[(batch * n + node) * W + lane] = own[node];
      double c[n_coefficients] = {};
      if (slot < elements.size()) coefficients(e, c);
      for (int k = 0; k < n_coefficients; ++k) values[(batch * n_coefficients + k) * W + lane] = T(c[k]);
      stretch[slot] = T(4 / (edge * edge));
      double sum[Batches::n_moments] = {};
      for (GlobalIndex q = cuts.offset[cuts.of_element[e]]; q < cuts.offset[cuts.of_element[e] + 1]; ++q) {
        const mesh::WeightedPoint& p = cuts.points[q];
        double z = p.weight;
        for (int k = 0; k < 5; ++k, z *= p.at[2]) {
          double y = z;
          for (int j = 0; j < 5; ++j, y *= p.at[1]) {
            double x = y;
            for (int i = 0; i < 5; ++i, x *= p.at[0]) sum[i + 5 * j + 25 * k] += x;
          }
        }
      }
      for (int i = 0; i < Batches::n_moments; ++i) moments[(batch * Batches::n_moments + i) * W + lane] = T(sum[i]);
    }
    batches_.connectivity = to_device(connectivity, "connectivity");
    batches_.coefficients = to_device(values, "coefficients"), batches_.stretch = to_device(stretch, "stretch");
    batches_.moments = to_device(moments, "moments");
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
    return batches_.connectivity.size() * sizeof(Index) +
           (batches_.coefficients.size() + batches_.stretch.size() + batches_.moments.size()) * sizeof(T);
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
