/// What happens at one quadrature point of an operator: gradient → flux, for elasticity and heat. One lane per element.
///
/// A law has `components` unknowns per node, `n_coefficients` numbers per element, load() from [coefficient][W],
/// flux(h, f, s): s[c][e] = f · flux for the gradient h[c][e] = ∂u_c/∂x_e, and
/// diagonal(b, f, d): d[c] += f · (flux of the gradient b in component c alone) · b. `capacity` multiplies values where has_capacity.
#pragma once
#include "fem/batch.hpp"

namespace winze::fem {

/// σ = λ tr ε + 2 μ ε.
template <class T, int W>
struct IsotropicElastic {
  using V = Pack<T, W>;
  static constexpr int components = 3, n_coefficients = 2;
  static constexpr bool has_capacity = false;
  V lambda, mu;

  KOKKOS_FORCEINLINE_FUNCTION static IsotropicElastic load(const T* c) { return {Lanes<T, W>::load(c), Lanes<T, W>::load(c + W)}; }

  KOKKOS_FORCEINLINE_FUNCTION void flux(const V (&h)[3][3], V f, V (&s)[3][3]) const {
    const V m = mu * f, twice = m + m, pressure = (lambda * f) * (h[0][0] + h[1][1] + h[2][2]);
    for (int c = 0; c < 3; ++c) s[c][c] = twice * h[c][c] + pressure;
    s[0][1] = s[1][0] = m * (h[0][1] + h[1][0]);
    s[0][2] = s[2][0] = m * (h[0][2] + h[2][0]);
    s[1][2] = s[2][1] = m * (h[1][2] + h[2][1]);
  }
  KOKKOS_FORCEINLINE_FUNCTION void diagonal(const V (&b)[3], V f, V (&d)[3]) const {
    const V m = mu * f, stiff = (lambda + mu) * f, square[3] = {b[0] * b[0], b[1] * b[1], b[2] * b[2]};
    const V shear = m * (square[0] + square[1] + square[2]);
    for (int c = 0; c < 3; ++c) d[c] += stiff * square[c] + shear;
  }
};

/// σ = C : ε with 21 moduli, the upper triangle of the Kelvin matrix by rows; its shear rows are scaled when stored (see elastic_coefficients) so
/// that they act on h01 + h10 directly.
template <class T, int W>
struct GeneralElastic {
  using V = Pack<T, W>;
  static constexpr int components = 3, n_coefficients = 21;
  static constexpr bool has_capacity = false;
  const T* c;

  KOKKOS_FORCEINLINE_FUNCTION static GeneralElastic load(const T* c) { return {c}; }
  KOKKOS_FORCEINLINE_FUNCTION V modulus(int i, int j) const {
    const int row = i < j ? i : j, column = i < j ? j : i;
    return Lanes<T, W>::load(c + (row * (11 - row) / 2 + column) * W);
  }
  KOKKOS_FORCEINLINE_FUNCTION void flux(const V (&h)[3][3], V f, V (&s)[3][3]) const {
    const V e[6] = {h[0][0], h[1][1], h[2][2], h[1][2] + h[2][1], h[0][2] + h[2][0], h[0][1] + h[1][0]};
    V stress[6];
    for (int i = 0; i < 6; ++i) {
      stress[i] = modulus(i, 0) * e[0];
      for (int j = 1; j < 6; ++j) stress[i] += modulus(i, j) * e[j];
      stress[i] *= f;
    }
    for (int i = 0; i < 3; ++i) s[i][i] = stress[i];
    s[1][2] = s[2][1] = stress[3];
    s[0][2] = s[2][0] = stress[4];
    s[0][1] = s[1][0] = stress[5];
  }
  KOKKOS_FORCEINLINE_FUNCTION void diagonal(const V (&b)[3], V f, V (&d)[3]) const {
    // Plain strain of the gradient b in component c: places place[c][k] of (xx, yy, zz, 2yz, 2xz, 2xy) take b[k].
    constexpr int place[3][3] = {{0, 5, 4}, {5, 1, 3}, {4, 3, 2}};
    for (int c = 0; c < 3; ++c) {
      V sum = modulus(place[c][0], place[c][0]) * b[0] * b[0];
      for (int k = 1; k < 3; ++k) sum += modulus(place[c][k], place[c][k]) * b[k] * b[k];
      V mixed = modulus(place[c][0], place[c][1]) * b[0] * b[1];
      mixed += modulus(place[c][0], place[c][2]) * b[0] * b[2];
      mixed += modulus(place[c][1], place[c][2]) * b[1] * b[2];
      d[c] += f * (sum + mixed + mixed);
    }
  }
};

/// q = k ∇T; capacity acts on values.
template <class T, int W>
struct IsotropicHeat {
  using V = Pack<T, W>;
  static constexpr int components = 1, n_coefficients = 2;
  static constexpr bool has_capacity = true;
  V capacity, k;

  KOKKOS_FORCEINLINE_FUNCTION static IsotropicHeat load(const T* c) { return {Lanes<T, W>::load(c), Lanes<T, W>::load(c + W)}; }
  KOKKOS_FORCEINLINE_FUNCTION void flux(const V (&h)[1][3], V f, V (&s)[1][3]) const {
    const V kf = k * f;
    for (int e = 0; e < 3; ++e) s[0][e] = kf * h[0][e];
  }
  KOKKOS_FORCEINLINE_FUNCTION void diagonal(const V (&b)[3], V f, V (&d)[1]) const { d[0] += (k * f) * (b[0] * b[0] + b[1] * b[1] + b[2] * b[2]); }
};

/// q = K ∇T with K stored as plain components xx yy zz yz xz xy.
template <class T, int W>
struct GeneralHeat {
  using V = Pack<T, W>;
  static constexpr int components = 1, n_coefficients = 7;
  static constexpr bool has_capacity = true;
  V capacity, k[6];

  KOKKOS_FORCEINLINE_FUNCTION static GeneralHeat load(const T* c) {
    GeneralHeat law;
    law.capacity = Lanes<T, W>::load(c);
    for (int i = 0; i < 6; ++i) law.k[i] = Lanes<T, W>::load(c + (1 + i) * W);
    return law;
  }
  KOKKOS_FORCEINLINE_FUNCTION void times(const V* h, V* q) const {
    q[0] = k[0] * h[0] + k[5] * h[1] + k[4] * h[2];
    q[1] = k[5] * h[0] + k[1] * h[1] + k[3] * h[2];
    q[2] = k[4] * h[0] + k[3] * h[1] + k[2] * h[2];
  }
  KOKKOS_FORCEINLINE_FUNCTION void flux(const V (&h)[1][3], V f, V (&s)[1][3]) const {
    times(h[0], s[0]);
    for (int e = 0; e < 3; ++e) s[0][e] *= f;
  }
  KOKKOS_FORCEINLINE_FUNCTION void diagonal(const V (&b)[3], V f, V (&d)[1]) const {
    V q[3];
    times(b, q);
    d[0] += f * (b[0] * q[0] + b[1] * q[1] + b[2] * q[2]);
  }
};

}  // namespace winze::fem
