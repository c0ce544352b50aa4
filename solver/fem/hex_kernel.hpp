/// Element operators of hex8 (n = 2) and hex27 (n = 3) by sum factorisation, W elements at a time.
///
/// Gradients are taken in the basis of the Gauss points: nodal values are interpolated to them once, and both the field and the coordinates are then
/// differentiated there. Coordinates are stored already interpolated, so that curved cells cost one collocated derivative per point and 3 n³ numbers.
///
/// An element kernel has n_nodes; n_geometry numbers per lane, [n_geometry][W], that store() makes of node coordinates in double precision;
/// apply(u, r, geometry, law), which consumes u[component][node] and overwrites r with the element's product; and diagonal(d, …) of the same matrix.
#pragma once
#include <utility>

#include "fem/batch.hpp"
#include "fem/jacobian.hpp"
#include "fem/line.hpp"

namespace winze::fem {

/// body(std::integral_constant<int, 0>) … body(std::integral_constant<int, n − 1>).
template <int n, class Body>
KOKKOS_FORCEINLINE_FUNCTION void unrolled(const Body& body) {
  [&]<int... i>(std::integer_sequence<int, i...>) { (body(std::integral_constant<int, i>()), ...); }
  (std::make_integer_sequence<int, n>());
}

template <class T, int n>
struct HexWeights {
  T at[n * n * n] = {};
  constexpr HexWeights() {
    for (int i = 0; i < n * n * n; ++i) at[i] = T(Line<n>::weight[i % n] * Line<n>::weight[i / n % n] * Line<n>::weight[i / (n * n)]);
  }
};

/// What mapped and affine hexes share.
template <class T, int W, int n>
struct Hex {
  using V = Pack<T, W>;
  using L = Line<n>;
  static constexpr int n_nodes = n * n * n, slab = n * n;

  template <int C>
  KOKKOS_FORCEINLINE_FUNCTION static void interpolate(V (&u)[C][n_nodes]) {
    for (int c = 0; c < C; ++c) {
      for (int i = 0; i < slab; ++i) L::template interpolate<T>(u[c] + n * i, 1);
      for (int k = 0; k < n; ++k)
        for (int i = 0; i < n; ++i) L::template interpolate<T>(u[c] + slab * k + i, n);
      for (int i = 0; i < slab; ++i) L::template interpolate<T>(u[c] + i, slab);
    }
  }
  template <int C>
  KOKKOS_FORCEINLINE_FUNCTION static void interpolate_adjoint(V (&u)[C][n_nodes]) {
    for (int c = 0; c < C; ++c) {
      for (int i = 0; i < slab; ++i) L::template interpolate_adjoint<T>(u[c] + i, slab);
      for (int k = 0; k < n; ++k)
        for (int i = 0; i < n; ++i) L::template interpolate_adjoint<T>(u[c] + slab * k + i, n);
      for (int i = 0; i < slab; ++i) L::template interpolate_adjoint<T>(u[c] + n * i, 1);
    }
  }
  /// Scaled derivatives d[c][axis] of the values at Gauss points u[c] in slab k.
  template <int k, int C>
  KOKKOS_FORCEINLINE_FUNCTION static void derive(const V (*u)[n_nodes], V (&d)[C][3][slab]) {
    for (int c = 0; c < C; ++c) {
      const V* v = u[c] + slab * k;
      for (int i = 0; i < n; ++i) L::template derive<T>(v + n * i, d[c][0] + n * i, 1);
      for (int i = 0; i < n; ++i) L::template derive<T>(v + i, d[c][1] + i, n);
      for (int i = 0; i < slab; ++i) d[c][2][i] = L::template derivative<k, T>(u[c] + i, slab);
    }
  }
  /// The derivatives at point i of the slab.
  template <int C>
  KOKKOS_FORCEINLINE_FUNCTION static void pick(const V (&d)[C][3][slab], int i, V (&g)[C][3]) {
    for (int c = 0; c < C; ++c)
      for (int e = 0; e < 3; ++e) g[c][e] = d[c][e][i];
  }
  KOKKOS_FORCEINLINE_FUNCTION static T weight(int point) {
    constexpr HexWeights<T, n> weights;
    return weights.at[point];
  }
  /// d += what point (qx, qy, qz) adds to the diagonal: a as in to_space, f for the gradients, mass for the capacity.
  template <class Law>
  KOKKOS_FORCEINLINE_FUNCTION static void add_diagonal(int qx, int qy, int qz, const V (&a)[3][3], const V& f, const V& mass, const Law& law,
                                                       V (&d)[Law::components][n_nodes]) {
    constexpr typename L::template Table<T> table;
    for (int node = 0; node < n_nodes; ++node) {
      const int x = node % n, y = node / n % n, z = node / slab;
      const T along_x = table.slope[qx][x] * table.value[qy][y] * table.value[qz][z];
      const T along_y = table.value[qx][x] * table.slope[qy][y] * table.value[qz][z];
      const T along_z = table.value[qx][x] * table.value[qy][y] * table.slope[qz][z];
      V b[3], sum[Law::components] = {};
      for (int e = 0; e < 3; ++e) b[e] = along_x * a[0][e] + along_y * a[1][e] + along_z * a[2][e];
      law.diagonal(b, f, sum);
      for (int c = 0; c < Law::components; ++c) d[c][node] += sum[c];
      if constexpr (Law::has_capacity) {
        const T value = table.value[qx][x] * table.value[qy][y] * table.value[qz][z];
        d[0][node] += (law.capacity * mass) * (value * value);
      }
    }
  }
  template <int k, int C>
  KOKKOS_FORCEINLINE_FUNCTION static void derive_adjoint(const V (&d)[C][3][slab], V (&r)[C][n_nodes]) {
    for (int c = 0; c < C; ++c) {
      V* v = r[c] + slab * k;
      for (int i = 0; i < n; ++i) L::template derive_adjoint<T>(d[c][0] + n * i, v + n * i, 1);
      for (int i = 0; i < n; ++i) L::template derive_adjoint<T>(d[c][1] + i, v + i, n);
      for (int i = 0; i < slab; ++i) L::template derivative_adjoint<k, T>(d[c][2][i], r[c] + i, slab);
    }
  }
};

/// Any isoparametric hex. Geometry: coordinates at the Gauss points, [3][n³].
template <class T, int W, int n>
struct MappedHex : Hex<T, W, n> {
  using V = Pack<T, W>;
  using H = Hex<T, W, n>;
  using L = Line<n>;
  static constexpr int n_nodes = H::n_nodes, slab = H::slab, n_geometry = 3 * n_nodes;

  KOKKOS_INLINE_FUNCTION static void store(V (&x)[3][n_nodes], V (&geometry)[n_geometry]) {
    H::interpolate(x);
    for (int c = 0; c < 3; ++c)
      for (int i = 0; i < n_nodes; ++i) geometry[n_nodes * c + i] = x[c][i];
  }
  template <class Law>
  KOKKOS_INLINE_FUNCTION static void apply(V (&u)[Law::components][n_nodes], V (&r)[Law::components][n_nodes], const T* geometry, const Law& law) {
    constexpr int C = Law::components;
    const V(*x)[n_nodes] = reinterpret_cast<const V(*)[n_nodes]>(geometry);
    H::interpolate(u);
    for (int c = 0; c < C; ++c)
      for (int i = 0; i < n_nodes; ++i) r[c][i] = V{};
    unrolled<n>([&](auto plane) {
      constexpr int k = decltype(plane)::value;
      V d[C][3][slab], dx[3][3][slab];
      H::template derive<k>(u, d);
      H::template derive<k>(x, dx);
      for (int i = 0; i < slab; ++i) {
        V j[3][3], a[3][3], g[C][3], h[C][3], s[C][3];
        H::pick(dx, i, j);
        H::pick(d, i, g);
        const V det = cofactors(j, a);
        const T weight = H::weight(slab * k + i);
        to_space(g, a, h);
        flux_at(law, slab * k + i, h, V(weight / det), s);
        from_space(s, a, g);
        for (int c = 0; c < C; ++c)
          for (int e = 0; e < 3; ++e) d[c][e][i] = g[c][e];
        if constexpr (Law::has_capacity)
          for (int c = 0; c < C; ++c) r[c][slab * k + i] += (law.capacity * (weight * det)) * u[c][slab * k + i];
      }
      H::template derive_adjoint<k>(d, r);
    });
    H::interpolate_adjoint(r);
  }
  template <class Law>
  KOKKOS_INLINE_FUNCTION static void diagonal(V (&d)[Law::components][n_nodes], const T* geometry, const Law& law) {
    const V(*x)[n_nodes] = reinterpret_cast<const V(*)[n_nodes]>(geometry);
    for (int c = 0; c < Law::components; ++c)
      for (int i = 0; i < n_nodes; ++i) d[c][i] = V{};
    unrolled<n>([&](auto plane) {
      constexpr int k = decltype(plane)::value;
      V dx[3][3][slab];
      H::template derive<k>(x, dx);
      for (int i = 0; i < slab; ++i) {
        V j[3][3], a[3][3];
        H::pick(dx, i, j);
        const V det = cofactors(j, a);
        const T weight = H::weight(slab * k + i);
        H::add_diagonal(i % n, i / n, k, a, weight / det, V(weight * det), law, d);
      }
    });
  }
};

/// A parallelepiped: the Jacobian is constant. Geometry: a[d][e] = (∂ξ_d/∂x_e) √det of the scaled reference axes, [3][3].
template <class T, int W, int n>
struct AffineHex : Hex<T, W, n> {
  using V = Pack<T, W>;
  using H = Hex<T, W, n>;
  using L = Line<n>;
  static constexpr int n_nodes = H::n_nodes, slab = H::slab, n_geometry = 9;

  KOKKOS_INLINE_FUNCTION static void store(const V (&x)[3][n_nodes], V (&geometry)[n_geometry]) {
    V j[3][3];
    constexpr int far[3] = {n - 1, slab - n, n_nodes - slab};
    for (int c = 0; c < 3; ++c)
      for (int d = 0; d < 3; ++d) j[c][d] = T(0.5 * L::span) * (x[c][far[d]] - x[c][0]);
    store_scaled_inverse<T, W>(j, 1, geometry);
  }
  template <class Law>
  KOKKOS_INLINE_FUNCTION static void apply(V (&u)[Law::components][n_nodes], V (&r)[Law::components][n_nodes], const T* geometry, const Law& law) {
    constexpr int C = Law::components;
    V a[3][3];
    load_matrix<T, W>(geometry, a);
    const ReferenceFlux<V, Law> flux(law, a);
    H::interpolate(u);
    for (int c = 0; c < C; ++c)
      for (int i = 0; i < n_nodes; ++i) r[c][i] = V{};
    unrolled<n>([&](auto plane) {
      constexpr int k = decltype(plane)::value;
      V d[C][3][slab];
      H::template derive<k>(u, d);
      for (int i = 0; i < slab; ++i) {
        V g[C][3];
        H::pick(d, i, g);
        const T weight = H::weight(slab * k + i);
        flux(g, V{} + weight);
        for (int c = 0; c < C; ++c)
          for (int e = 0; e < 3; ++e) d[c][e][i] = g[c][e];
        if constexpr (Law::has_capacity)
          for (int c = 0; c < C; ++c) r[c][slab * k + i] += (weight * flux.capacity) * u[c][slab * k + i];
      }
      H::template derive_adjoint<k>(d, r);
    });
    H::interpolate_adjoint(r);
  }
  template <class Law>
  KOKKOS_INLINE_FUNCTION static void diagonal(V (&d)[Law::components][n_nodes], const T* geometry, const Law& law) {
    V a[3][3];
    load_matrix<T, W>(geometry, a);
    const V root = determinant(a);
    for (int c = 0; c < Law::components; ++c)
      for (int i = 0; i < n_nodes; ++i) d[c][i] = V{};
    unrolled<n>([&](auto plane) {
      constexpr int k = decltype(plane)::value;
      for (int i = 0; i < slab; ++i) {
        const V weight = V{} + H::weight(slab * k + i);
        H::add_diagonal(i % n, i / n, k, a, weight, V(weight * root * root), law, d);
      }
    });
  }
};

template <class T, int W>
using Hex27 = MappedHex<T, W, 3>;
template <class T, int W>
using AffineHex27 = AffineHex<T, W, 3>;
template <class T, int W>
using Hex8 = MappedHex<T, W, 2>;
template <class T, int W>
using AffineHex8 = AffineHex<T, W, 2>;

}  // namespace winze::fem
