/// Lanczos steps on diag(K)⁻¹ K of the element matrices of a batch, one lane per element.
#pragma once
#include <cmath>

#include "fem/batch.hpp"
#include "fem/tridiagonal.hpp"

namespace winze::fem {

/// Fractional parts of multiples of the golden ratio, in −1 … 1: no pattern that the element's symmetries could cancel.
KOKKOS_FORCEINLINE_FUNCTION double lanczos_start(int i) {
  const double multiple = (i + 1) * 0.6180339887498949;
  return 2 * (multiple - int(multiple)) - 1;
}

/// In the inner product of diag(K). apply(u, r): r = K u; it may consume u.
template <class T, int W, int C, int n, class Apply>
KOKKOS_INLINE_FUNCTION void lanczos(const Pack<T, W> (&diagonal)[C][n], const Apply& apply, Tridiagonal (&of_lane)[W]) {
  using V = Pack<T, W>;
  V inverse[C][n], u[C][n], before[C][n], consumed[C][n], r[C][n], scale = V{} + T(1), beta = V{};
  for (int c = 0; c < C; ++c)
    for (int node = 0; node < n; ++node) {
      inverse[c][node] = T(1) / diagonal[c][node];
      before[c][node] = V{};
      u[c][node] = V{} + T(lanczos_start(n * c + node));
    }
  for (int step = -1; step < Tridiagonal::size; ++step) {
    V alpha = V{}, beta_squared = V{};
    if (step >= 0) {
      for (int c = 0; c < C; ++c)
        for (int node = 0; node < n; ++node) consumed[c][node] = u[c][node] *= scale;
      apply(consumed, r);
      for (int c = 0; c < C; ++c)
        for (int node = 0; node < n; ++node) alpha += u[c][node] * r[c][node];
      for (int c = 0; c < C; ++c)
        for (int node = 0; node < n; ++node) {
          const V next = r[c][node] * inverse[c][node] - alpha * u[c][node] - beta * before[c][node];
          before[c][node] = u[c][node];
          u[c][node] = next;
        }
    }
    for (int c = 0; c < C; ++c)
      for (int node = 0; node < n; ++node) beta_squared += u[c][node] * u[c][node] * diagonal[c][node];
    for (int lane = 0; lane < W; ++lane) {
      const T square = Lanes<T, W>::get(beta_squared, lane);
      if (step >= 0) {
        of_lane[lane].alpha[step] = Lanes<T, W>::get(alpha, lane);
        of_lane[lane].beta_squared[step] = square;
      }
      // A null remainder: the space is exhausted, the rest of the matrix stays zero.
      const bool exhausted = step >= 0 && !(square > T(1e-10));
      Lanes<T, W>::set(scale, lane, exhausted ? T(0) : T(1) / std::sqrt(square));
      Lanes<T, W>::set(beta, lane, step < 0 || exhausted ? T(0) : std::sqrt(square));
    }
  }
}

}  // namespace winze::fem
