/// 3 × 3 Jacobians of W elements, one lane per element.
#pragma once
#include <cmath>

#include "fem/batch.hpp"

namespace winze::fem {

/// j[c][d] = ∂x_c/∂ξ_d → a[d][e] = det j · ∂ξ_d/∂x_e; returns det j.
template <class V>
KOKKOS_FORCEINLINE_FUNCTION V cofactors(const V (&j)[3][3], V (&a)[3][3]) {
  for (int d = 0; d < 3; ++d) {
    const int p = (d + 1) % 3, q = (d + 2) % 3;
    a[d][0] = j[1][p] * j[2][q] - j[2][p] * j[1][q];
    a[d][1] = j[2][p] * j[0][q] - j[0][p] * j[2][q];
    a[d][2] = j[0][p] * j[1][q] - j[1][p] * j[0][q];
  }
  return j[0][0] * a[0][0] + j[1][0] * a[0][1] + j[2][0] * a[0][2];
}
template <class V>
KOKKOS_FORCEINLINE_FUNCTION V determinant(const V (&j)[3][3]) {
  V unused[3][3];
  return cofactors(j, unused);
}

/// h[c][e] = Σ_d g[c][d] a[d][e]: derivatives along the reference axes → gradients in space.
template <class V, int C>
KOKKOS_FORCEINLINE_FUNCTION void to_space(const V (&g)[C][3], const V (&a)[3][3], V (&h)[C][3]) {
  for (int c = 0; c < C; ++c)
    for (int e = 0; e < 3; ++e) h[c][e] = g[c][0] * a[0][e] + g[c][1] * a[1][e] + g[c][2] * a[2][e];
}
/// g[c][d] = Σ_e s[c][e] a[d][e]: its adjoint.
template <class V, int C>
KOKKOS_FORCEINLINE_FUNCTION void from_space(const V (&s)[C][3], const V (&a)[3][3], V (&g)[C][3]) {
  for (int c = 0; c < C; ++c)
    for (int d = 0; d < 3; ++d) g[c][d] = s[c][0] * a[d][0] + s[c][1] * a[d][1] + s[c][2] * a[d][2];
}

/// law.flux at a point of the element's rule; laws that do not vary from point to point have no use for its number.
template <class Law, class V, int C>
KOKKOS_FORCEINLINE_FUNCTION void flux_at(const Law& law, int point, const V (&h)[C][3], const V& f, V (&s)[C][3]) {
  if constexpr (requires { law.flux(point, h, f, s); })
    law.flux(point, h, f, s);
  else
    law.flux(h, f, s);
}

template <class T, int W>
KOKKOS_FORCEINLINE_FUNCTION void load_matrix(const T* from, Pack<T, W> (&a)[3][3]) {
  for (int d = 0; d < 3; ++d)
    for (int e = 0; e < 3; ++e) a[d][e] = Lanes<T, W>::load(from + (3 * d + e) * W);
}

/// j[c][d] = ∂x_c/∂ξ_d → geometry[3 d + e] = (∂ξ_d/∂x_e) √(det/divisor).
template <class T, int W>
KOKKOS_FORCEINLINE_FUNCTION void store_scaled_inverse(const Pack<T, W> (&j)[3][3], T divisor, Pack<T, W> (&geometry)[9]) {
  Pack<T, W> a[3][3], scale = T(1) / (divisor * cofactors(j, a));
  for (int lane = 0; lane < W; ++lane) Lanes<T, W>::set(scale, lane, std::sqrt(Lanes<T, W>::get(scale, lane)));
  for (int d = 0; d < 3; ++d)
    for (int e = 0; e < 3; ++e) geometry[3 * d + e] = scale * a[d][e];
}
/// The same from the vertices of tets.
template <class T, int W, int n>
KOKKOS_FORCEINLINE_FUNCTION void store_straight_tet(const Pack<T, W> (&x)[3][n], T divisor, Pack<T, W> (&geometry)[9]) {
  Pack<T, W> j[3][3];
  for (int c = 0; c < 3; ++c)
    for (int d = 0; d < 3; ++d) j[c][d] = x[c][d + 1] - x[c][0];
  store_scaled_inverse<T, W>(j, divisor, geometry);
}

/// Derivatives along the reference axes → those of the flux, where the Jacobian is constant: g ← f · (flux of g). For a scalar the law and the
/// Jacobian fold into one symmetric 3 × 3 matrix. a from store_scaled_inverse; `capacity` =
/// capacity · det / divisor³.
template <class V, class Law>
struct ReferenceFlux {
  static constexpr int C = Law::components;
  const Law& law;
  const V (&a)[3][3];
  V metric[3][3], capacity;

  KOKKOS_FORCEINLINE_FUNCTION ReferenceFlux(const Law& law, const V (&a)[3][3]) : law(law), a(a) {
    if constexpr (C == 1)
      for (int d = 0; d < 3; ++d) {
        V h[1][3], s[1][3], g[1][3];
        for (int e = 0; e < 3; ++e) h[0][e] = a[d][e];
        law.flux(h, V{} + 1.0f, s);
        from_space(s, a, g);
        for (int e = 0; e < 3; ++e) metric[d][e] = g[0][e];
      }
    if constexpr (Law::has_capacity) {
      const V root = determinant(a);
      capacity = law.capacity * (root * root);
    }
  }
  KOKKOS_FORCEINLINE_FUNCTION void operator()(V (&g)[C][3], const V& f) const {
    V h[C][3], s[C][3];
    if constexpr (C == 1) {
      for (int e = 0; e < 3; ++e) h[0][e] = f * g[0][e];
      for (int e = 0; e < 3; ++e) g[0][e] = metric[0][e] * h[0][0] + metric[1][e] * h[0][1] + metric[2][e] * h[0][2];
    } else {
      to_space(g, a, h);
      law.flux(h, f, s);
      from_space(s, a, g);
    }
  }
};

}  // namespace winze::fem
