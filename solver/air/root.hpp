/// Root of an increasing function.
#pragma once
#include <algorithm>
#include <cmath>

namespace winze::air {

/// Newton steps kept inside the shrinking bracket [low, high], halving it where a step leaves it. f(x, slope) returns the value and sets the slope.
/// Where f does not change sign the end nearer to zero comes out: callers check what that means.
template <class F>
double increasing_root(F f, double low, double high, double start) {
  double x = std::clamp(start, low, high);
  for (int i = 0; i < 200; ++i) {
    double slope = 0;
    const double value = f(x, slope);
    if (value == 0) return x;
    (value > 0 ? high : low) = x;
    double next = x - value / slope;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::abs(next - x) < 1e-12 * std::abs(x)) return next;
    x = next;
  }
  return x;
}

}  // namespace winze::air
