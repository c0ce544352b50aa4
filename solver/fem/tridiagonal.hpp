/// The matrix a few Lanczos steps make, and its largest eigenvalue.
#pragma once
#include "base/kokkos.hpp"

namespace winze::fem {

/// λmax of element matrices by a few Lanczos steps from a fixed start comes from below. Measured on 1440 elements (hex8, hex27, tet4, tet10, plain,
/// bent and with nodes moved at random by up to a tenth; aspect ratios 1 to 50, ν 0 to 0.49): 99.7 % of them within 1 %, the worst 2.3 % too low. The
/// bound is therefore raised by `margin`. Fewer steps or starts with a pattern miss modes (8 steps: up to 12 %).
struct Tridiagonal {
  static constexpr int size = 14;
  static constexpr double margin = 1.025;
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
