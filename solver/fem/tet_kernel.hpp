/// Element operators of tet4 and tet10, W elements at a time; the interface is that of hex_kernel.hpp.
///
/// The gradient of a quadratic field is linear in a straight-sided tet, so its values at the four vertices carry everything: they need 24 operations
/// per component from edge differences, and ∫ of products of linear functions, volume/20 · (1 + δ), is exact without quadrature points. Curved tets
/// take the gradients on to the points of rule(tet10), where each has its own Jacobian.
#pragma once
#include <cmath>

#include "fem/batch.hpp"
#include "fem/jacobian.hpp"
#include "mesh/tet_rule.hpp"

namespace winze::fem {

using mesh::TetDegree5;
/// rule(tet10): point q has barycentric coordinate `near` at vertex q and `far` at the others.
struct TetDegree2 {
  static constexpr double near = 0.58541019662496845446, far = 0.13819660112501051518;
};

/// What straight and curved tet10 share: derivatives at the vertices, shape functions at a point.
template <class T, int W>
struct Tet10 {
  using V = Pack<T, W>;
  static constexpr int n_nodes = 10;

  /// Middle node of the edge between vertices p and q.
  KOKKOS_FORCEINLINE_FUNCTION static constexpr int middle(int p, int q) {
    constexpr int number[4][4] = {{0, 4, 6, 7}, {4, 1, 5, 8}, {6, 5, 2, 9}, {7, 8, 9, 3}};
    return number[p][q];
  }
  /// Nodal values u of component c → g[vertex][c][axis], the derivatives along the reference axes at the vertices.
  template <int C>
  KOKKOS_FORCEINLINE_FUNCTION static void derive(const V (&u)[10], int c, V (&g)[4][C][3]) {
    for (int k = 1; k < 4; ++k) {
      const V d = u[0] - u[k];
      g[0][c][k - 1] = T(4) * (u[middle(0, k)] - u[0]) + d;
      g[k][c][k - 1] = -g[0][c][k - 1] - (d + d);
      for (int v = 1; v < 4; ++v)
        if (v != k) g[v][c][k - 1] = T(4) * (u[middle(v, k)] - u[middle(0, v)]) + d;
    }
  }
  /// r = adjoint of derive on component c of g.
  template <int C>
  KOKKOS_FORCEINLINE_FUNCTION static void derive_adjoint(const V (&g)[4][C][3], int c, V (&r)[10]) {
    r[0] = V{};
    for (int k = 1; k < 4; ++k) {
      const int p = k % 3 + 1, q = p % 3 + 1;  // the other two vertices
      const V own = g[k][c][k - 1], along = g[0][c][k - 1] - own, end = along - (own + own) + (g[p][c][k - 1] + g[q][c][k - 1]);
      r[k] = -end;
      r[0] += end - T(4) * along;
      r[middle(0, k)] = T(4) * (along - (g[k][c][p - 1] + g[k][c][q - 1]));
      r[middle(k, p)] = T(4) * (g[k][c][p - 1] + g[p][c][k - 1]);
    }
  }
  KOKKOS_FORCEINLINE_FUNCTION static void shape_functions(const T (&b)[4], T (&n)[10]) {
    for (int p = 0; p < 4; ++p) {
      n[p] = b[p] * (2 * b[p] - 1);
      for (int q = p + 1; q < 4; ++q) n[middle(p, q)] = 4 * b[p] * b[q];
    }
  }
  /// d[c][node] += law.diagonal with the gradients of the shape functions at vertex-near point q of rule(tet10); a as in to_space.
  template <class Law>
  KOKKOS_FORCEINLINE_FUNCTION static void add_diagonal(int q, const V (&a)[3][3], const V& f, const Law& law, V (&d)[Law::components][10]) {
    V barycentric[4][3];
    for (int e = 0; e < 3; ++e) {
      barycentric[0][e] = -(a[0][e] + a[1][e] + a[2][e]);
      for (int k = 0; k < 3; ++k) barycentric[k + 1][e] = a[k][e];
    }
    const auto at = [&](int v) { return T(v == q ? TetDegree2::near : TetDegree2::far); };
    const auto add = [&](int node, const V(&b)[3]) {
      V sum[Law::components] = {};
      law.diagonal(b, f, sum);
      for (int c = 0; c < Law::components; ++c) d[c][node] += sum[c];
    };
    for (int v = 0; v < 4; ++v) {
      V b[3];
      for (int e = 0; e < 3; ++e) b[e] = (4 * at(v) - 1) * barycentric[v][e];
      add(v, b);
      for (int w = v + 1; w < 4; ++w) {
        for (int e = 0; e < 3; ++e) b[e] = T(4) * (at(v) * barycentric[w][e] + at(w) * barycentric[v][e]);
        add(middle(v, w), b);
      }
    }
  }
};

/// Geometry: a[d][e] = (∂ξ_d/∂x_e) √(det/120), [3][3].
template <class T, int W>
struct StraightTet10 : Tet10<T, W> {
  using V = Pack<T, W>;
  using Tet = Tet10<T, W>;
  static constexpr int n_nodes = 10, n_geometry = 9;

  KOKKOS_INLINE_FUNCTION static void store(const V (&x)[3][10], V (&geometry)[n_geometry]) { store_straight_tet<T, W>(x, 120, geometry); }
  template <class Law>
  KOKKOS_INLINE_FUNCTION static void apply(V (&u)[Law::components][10], V (&r)[Law::components][10], const T* geometry, const Law& law) {
    constexpr int C = Law::components;
    V a[3][3], g[4][C][3];
    load_matrix<T, W>(geometry, a);
    const ReferenceFlux<V, Law> flux(law, a);
    for (int c = 0; c < C; ++c) Tet::derive(u[c], c, g);
    for (int v = 0; v < 4; ++v) flux(g[v], V{} + T(1));
    for (int c = 0; c < C; ++c)
      for (int k = 0; k < 3; ++k) {
        const V sum = (g[0][c][k] + g[1][c][k]) + (g[2][c][k] + g[3][c][k]);
        for (int v = 0; v < 4; ++v) g[v][c][k] += sum;
      }
    for (int c = 0; c < C; ++c) Tet::derive_adjoint(g, c, r[c]);
    if constexpr (Law::has_capacity)
      for (int c = 0; c < C; ++c) add_capacity(u[c], capacity_scale * flux.capacity, r[c]);
  }
  template <class Law>
  KOKKOS_INLINE_FUNCTION static void diagonal(V (&d)[Law::components][10], const T* geometry, const Law& law) {
    V a[3][3];
    const V weight = V{} + T(120.0 / 24);  // of the points of rule(tet10), over the 1/120 in the geometry
    load_matrix<T, W>(geometry, a);
    for (int c = 0; c < Law::components; ++c)
      for (int node = 0; node < 10; ++node) d[c][node] = V{};
    for (int q = 0; q < 4; ++q) Tet::add_diagonal(q, a, weight, law, d);
    if constexpr (Law::has_capacity) {
      const V scale = capacity_scale * ReferenceFlux<V, Law>(law, a).capacity;
      for (int c = 0; c < Law::components; ++c)
        for (int node = 0; node < 10; ++node) d[c][node] += scale * T(node < 4 ? 6 : 32);
    }
  }

 private:
  static constexpr T capacity_scale = T(120.0 * 120 * 120 / (6 * 420));  ///< capacity · volume / 420 from ReferenceFlux::capacity
  /// r += scale · M u with the integer matrix of ∫ N N · 420 / volume: vertices 6 and 1, vertex–middle −4 (on its edge) and −6, middles 32, 16, and 8
  /// (opposite edges).
  KOKKOS_FORCEINLINE_FUNCTION static void add_capacity(const V (&u)[10], const V& scale, V (&r)[10]) {
    const V vertices = (u[0] + u[1]) + (u[2] + u[3]), middles = ((u[4] + u[5]) + (u[6] + u[7])) + (u[8] + u[9]);
    const V at_vertex = vertices - T(6) * middles, at_middle = T(16) * middles - T(6) * vertices;
    for (int v = 0; v < 4; ++v) {
      const int p = (v + 1) % 4, q = (v + 2) % 4, w = (v + 3) % 4;
      const V on_edges = u[Tet::middle(v, p)] + u[Tet::middle(v, q)] + u[Tet::middle(v, w)];
      r[v] += scale * (at_vertex + T(5) * u[v] + T(2) * on_edges);
    }
    for (int p = 0; p < 4; ++p)
      for (int q = p + 1; q < 4; ++q) {
        const int other = p == 0 ? q % 3 + 1 : 0, last = 6 - p - q - other;
        r[Tet::middle(p, q)] += scale * (at_middle + T(16) * u[Tet::middle(p, q)] - T(8) * u[Tet::middle(other, last)] + T(2) * (u[p] + u[q]));
      }
  }
};

/// Geometry: node coordinates, [3][10].
template <class T, int W>
struct CurvedTet10 : Tet10<T, W> {
  using V = Pack<T, W>;
  using Tet = Tet10<T, W>;
  static constexpr int n_nodes = 10, n_geometry = 30;

  KOKKOS_INLINE_FUNCTION static void store(const V (&x)[3][10], V (&geometry)[n_geometry]) {
    for (int c = 0; c < 3; ++c)
      for (int node = 0; node < 10; ++node) geometry[10 * c + node] = x[c][node];
  }
  template <class Law>
  KOKKOS_INLINE_FUNCTION static void apply(V (&u)[Law::components][10], V (&r)[Law::components][10], const T* geometry, const Law& law) {
    constexpr int C = Law::components;
    V g[4][C][3], j[4][3][3];
    jacobians(geometry, j);
    for (int c = 0; c < C; ++c) {
      for (int node = 0; node < 10; ++node) r[c][node] = V{};
      if constexpr (Law::has_capacity)
        at_capacity_points(j, law, [&](const T(&n)[10], const V& weight) {
          V value = n[0] * u[c][0];
          for (int node = 1; node < 10; ++node) value += n[node] * u[c][node];
          value *= weight;
          for (int node = 0; node < 10; ++node) r[c][node] += n[node] * value;
        });
      Tet::derive(u[c], c, g);
    }
    to_points(g);
    to_points(j);
    for (int q = 0; q < 4; ++q) {
      V a[3][3], h[C][3], s[C][3];
      const V f = T(1.0 / 24) / cofactors(j[q], a);
      to_space(g[q], a, h);
      flux_at(law, q, h, f, s);
      from_space(s, a, g[q]);
    }
    to_points(g);  // symmetric: its own adjoint
    for (int c = 0; c < C; ++c) {
      V stiff[10];
      Tet::derive_adjoint(g, c, stiff);
      for (int node = 0; node < 10; ++node) r[c][node] += stiff[node];
    }
  }
  template <class Law>
  KOKKOS_INLINE_FUNCTION static void diagonal(V (&d)[Law::components][10], const T* geometry, const Law& law) {
    V j[4][3][3];
    jacobians(geometry, j);
    for (int c = 0; c < Law::components; ++c)
      for (int node = 0; node < 10; ++node) d[c][node] = V{};
    if constexpr (Law::has_capacity)
      at_capacity_points(j, law, [&](const T(&n)[10], const V& weight) {
        for (int node = 0; node < 10; ++node) d[0][node] += weight * (n[node] * n[node]);
      });
    to_points(j);
    for (int q = 0; q < 4; ++q) {
      V a[3][3];
      const V f = T(1.0 / 24) / cofactors(j[q], a);
      Tet::add_diagonal(q, a, f, law, d);
    }
  }

 private:
  /// j[vertex][c][axis] = ∂x_c/∂ξ_axis.
  KOKKOS_FORCEINLINE_FUNCTION static void jacobians(const T* geometry, V (&j)[4][3][3]) {
    for (int c = 0; c < 3; ++c) {
      V x[10];
      for (int node = 0; node < 10; ++node) x[node] = Lanes<T, W>::load(geometry + (10 * c + node) * W);
      Tet::derive(x, c, j);
    }
  }
  /// Linear functions: values at the vertices → values at the points of rule(tet10).
  template <int C>
  KOKKOS_FORCEINLINE_FUNCTION static void to_points(V (&g)[4][C][3]) {
    for (int c = 0; c < C; ++c)
      for (int k = 0; k < 3; ++k) {
        const V mean = T(TetDegree2::far) * ((g[0][c][k] + g[1][c][k]) + (g[2][c][k] + g[3][c][k]));
        for (int q = 0; q < 4; ++q) g[q][c][k] = T(TetDegree2::near - TetDegree2::far) * g[q][c][k] + mean;
      }
  }
  /// body(shape functions, capacity · weight · det) at the points of TetDegree5; j at the vertices.
  template <class Law, class Body>
  KOKKOS_FORCEINLINE_FUNCTION static void at_capacity_points(const V (&j)[4][3][3], const Law& law, const Body& body) {
    constexpr TetDegree5 table;
    for (int q = 0; q < TetDegree5::n_points; ++q) {
      T n[10], b[4];
      V jacobian[3][3];
      for (int v = 0; v < 4; ++v) b[v] = T(table.b[q][v]);
      Tet::shape_functions(b, n);
      for (int c = 0; c < 3; ++c)
        for (int k = 0; k < 3; ++k) jacobian[c][k] = b[0] * j[0][c][k] + b[1] * j[1][c][k] + b[2] * j[2][c][k] + b[3] * j[3][c][k];
      const V weight = law.capacity * (T(table.weight[q] / 6) * determinant(jacobian));
      body(n, weight);
    }
  }
};

/// Geometry: a[d][e] = (∂ξ_d/∂x_e) √(det/6), [3][3].
template <class T, int W>
struct Tet4 {
  using V = Pack<T, W>;
  static constexpr int n_nodes = 4, n_geometry = 9;

  KOKKOS_INLINE_FUNCTION static void store(const V (&x)[3][4], V (&geometry)[n_geometry]) { store_straight_tet<T, W>(x, 6, geometry); }
  template <class Law>
  KOKKOS_INLINE_FUNCTION static void apply(V (&u)[Law::components][4], V (&r)[Law::components][4], const T* geometry, const Law& law) {
    constexpr int C = Law::components;
    V a[3][3], g[C][3];
    load_matrix<T, W>(geometry, a);
    const ReferenceFlux<V, Law> flux(law, a);
    for (int c = 0; c < C; ++c)
      for (int k = 0; k < 3; ++k) g[c][k] = u[c][k + 1] - u[c][0];
    flux(g, V{} + T(1));
    for (int c = 0; c < C; ++c) {
      r[c][0] = -(g[c][0] + g[c][1] + g[c][2]);
      for (int k = 0; k < 3; ++k) r[c][k + 1] = g[c][k];
      if constexpr (Law::has_capacity) {
        const V scale = capacity_scale * flux.capacity, sum = (u[c][0] + u[c][1]) + (u[c][2] + u[c][3]);
        for (int v = 0; v < 4; ++v) r[c][v] += scale * (sum + u[c][v]);
      }
    }
  }
  template <class Law>
  KOKKOS_INLINE_FUNCTION static void diagonal(V (&d)[Law::components][4], const T* geometry, const Law& law) {
    V a[3][3];
    load_matrix<T, W>(geometry, a);
    for (int v = 0; v < 4; ++v) {
      V b[3], sum[Law::components] = {};
      for (int e = 0; e < 3; ++e) b[e] = v == 0 ? -(a[0][e] + a[1][e] + a[2][e]) : a[v - 1][e];
      law.diagonal(b, V{} + T(1), sum);
      for (int c = 0; c < Law::components; ++c) d[c][v] = sum[c];
    }
    if constexpr (Law::has_capacity) {
      const V scale = capacity_scale * ReferenceFlux<V, Law>(law, a).capacity;
      for (int c = 0; c < Law::components; ++c)
        for (int v = 0; v < 4; ++v) d[c][v] += scale + scale;
    }
  }

 private:
  static constexpr T capacity_scale = T(6.0 * 6 * 6 / (6 * 20));  ///< capacity · volume / 20 from ReferenceFlux::capacity
};

}  // namespace winze::fem
