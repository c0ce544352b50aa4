/// The 1-D operations of sum factorisation on n nodes and n Gauss points of [−1, 1], n = 2 (±1) or 3 (−1, 0, 1): values at nodes → values at Gauss
/// points, and the derivative of the polynomial through the values at the Gauss points ("collocated"), with their adjoints.
///
/// The derivative is multiplied by `span`, the distance between the outer Gauss points, which leaves small integers. The factor cancels in gradients
/// where the Jacobian comes from the same operation; a weight goes with dξ = span · (scaled length), so weights below are divided by span.
#pragma once
#include "base/kokkos.hpp"

namespace winze::fem {

template <int n>
struct Line;

/// value[q][i], slope[q][i]: shape function i at Gauss point q and its scaled derivative.
template <class T, int n>
struct LineTable {
  T value[n][n] = {}, slope[n][n] = {};
};

template <>
struct Line<2> {
  static constexpr double gauss = 0.57735026918962576451, span = 2 * gauss;
  static constexpr double weight[2] = {1 / span, 1 / span};
  static constexpr double near = 0.5 * (1 + gauss), far = 0.5 * (1 - gauss);
  template <class T>
  struct Table : LineTable<T, 2> {
    constexpr Table() : LineTable<T, 2>{{{T(near), T(far)}, {T(far), T(near)}}, {{T(-0.5 * span), T(0.5 * span)}, {T(-0.5 * span), T(0.5 * span)}}} {}
  };

  template <class T, class V>
  KOKKOS_FORCEINLINE_FUNCTION static void interpolate(V* v, int stride) {
    const V a = v[0], b = v[stride];
    v[0] = T(near) * a + T(far) * b;
    v[stride] = T(far) * a + T(near) * b;
  }
  template <class T, class V>
  KOKKOS_FORCEINLINE_FUNCTION static void interpolate_adjoint(V* v, int stride) {
    interpolate<T>(v, stride);
  }
  /// d[i · stride] = scaled derivative at point i.
  template <class T, class V>
  KOKKOS_FORCEINLINE_FUNCTION static void derive(const V* v, V* d, int stride) {
    d[0] = d[stride] = v[stride] - v[0];
  }
  /// v += adjoint of derive on d.
  template <class T, class V>
  KOKKOS_FORCEINLINE_FUNCTION static void derive_adjoint(const V* d, V* v, int stride) {
    const V sum = d[0] + d[stride];
    v[0] -= sum;
    v[stride] += sum;
  }
  /// Scaled derivative at point q alone, and its adjoint.
  template <int q, class T, class V>
  KOKKOS_FORCEINLINE_FUNCTION static V derivative(const V* v, int stride) {
    return v[stride] - v[0];
  }
  template <int q, class T, class V>
  KOKKOS_FORCEINLINE_FUNCTION static void derivative_adjoint(V d, V* v, int stride) {
    v[0] -= d;
    v[stride] += d;
  }
};

template <>
struct Line<3> {
  static constexpr double gauss = 0.77459666924148337704, span = 2 * gauss;
  static constexpr double weight[3] = {5.0 / 9 / span, 8.0 / 9 / span, 5.0 / 9 / span};
  static constexpr double near = 0.5 * (0.6 + gauss), middle = 0.4, far = 0.5 * (0.6 - gauss);
  template <class T>
  struct Table : LineTable<T, 3> {
    constexpr Table() {
      for (int q = 0; q < 3; ++q) {
        const double x = (q - 1) * gauss;
        const double values[3] = {0.5 * x * (x - 1), 1 - x * x, 0.5 * x * (x + 1)}, slopes[3] = {x - 0.5, -2 * x, x + 0.5};
        for (int i = 0; i < 3; ++i) this->value[q][i] = T(values[i]), this->slope[q][i] = T(slopes[i] * span);
      }
    }
  };

  template <class T, class V>
  KOKKOS_FORCEINLINE_FUNCTION static void interpolate(V* v, int stride) {
    const V a = v[0], b = T(middle) * v[stride], c = v[2 * stride];
    v[0] = T(near) * a + (T(far) * c + b);
    v[2 * stride] = T(near) * c + (T(far) * a + b);
  }
  template <class T, class V>
  KOKKOS_FORCEINLINE_FUNCTION static void interpolate_adjoint(V* v, int stride) {
    const V a = v[0], c = v[2 * stride];
    v[0] = T(near) * a + T(far) * c;
    v[stride] += T(middle) * (a + c);
    v[2 * stride] = T(near) * c + T(far) * a;
  }
  template <class T, class V>
  KOKKOS_FORCEINLINE_FUNCTION static void derive(const V* v, V* d, int stride) {
    const V a = v[0], b = v[stride], c = v[2 * stride], whole = c - a;
    d[0] = T(4) * (b - a) - whole;
    d[stride] = whole;
    d[2 * stride] = T(4) * (c - b) - whole;
  }
  template <class T, class V>
  KOKKOS_FORCEINLINE_FUNCTION static void derive_adjoint(const V* d, V* v, int stride) {
    const V a = d[0], c = d[2 * stride], m = d[stride] - a - c;
    v[0] -= T(4) * a + m;
    v[stride] += T(4) * (a - c);
    v[2 * stride] += T(4) * c + m;
  }
  template <int q, class T, class V>
  KOKKOS_FORCEINLINE_FUNCTION static V derivative(const V* v, int stride) {
    const V a = v[0], b = v[stride], c = v[2 * stride];
    if constexpr (q == 0) return T(4) * b - (T(3) * a + c);
    if constexpr (q == 1) return c - a;
    if constexpr (q == 2) return (T(3) * c + a) - T(4) * b;
  }
  template <int q, class T, class V>
  KOKKOS_FORCEINLINE_FUNCTION static void derivative_adjoint(V d, V* v, int stride) {
    V &a = v[0], &b = v[stride], &c = v[2 * stride];
    if constexpr (q == 0) a -= T(3) * d, b += T(4) * d, c -= d;
    if constexpr (q == 1) a -= d, c += d;
    if constexpr (q == 2) a += d, b -= T(4) * d, c += T(3) * d;
  }
};

}  // namespace winze::fem
