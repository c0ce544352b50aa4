/// The matrix a few Lanczos steps make, and its largest eigenvalue.
#pragma once
#include "base/kokkos.hpp"

namespace winze::fem {

/// Eight steps find λmax of an element to 1 %, from below, on cubes and on graded, curved and nearly incompressible cells alike.
struct Tridiagonal {
  static constexpr int size = 8;
  double alpha[size], beta_squared[size];  ///< beta_squared[k] couples k and k + 1; the last is not used

  /// True if every eigenvalue is below x: all pivots of x − T are positive (Sturm).
  KOKKOS_INLINE_FUNCTION bool below(double x) const {
    double pivot = x - alpha[0];
    for (int k = 1; k < size && pivot > 0; ++k) pivot = x - alpha[k] - beta_squared[k - 1] / pivot;
    return pivot > 0;
  }
  /// The larger of λmax and `at_least`, λmax to 1e-4 of itself.
  KOKKOS_INLINE_FUNCTION double largest_eigenvalue(double at_least) const {
    if (below(at_least)) return at_least;
    double low = at_least > 0 ? at_least : 0, high = low > 0 ? low : 1;
    for (int k = 0; k < 60 && !below(high); ++k) low = high, high *= 2;
    while (high - low > 1e-4 * high) (below(0.5 * (low + high)) ? high : low) = 0.5 * (low + high);
    return high;
  }
};

}  // namespace winze::fem
