/// Means of exponential courses, smooth through zero.
#pragma once
#include <cmath>

namespace winze::air {

/// (1 − e^−z)/z, the mean of e^−z s over s = 0 … 1.
inline double mean_decay(double z) { return std::abs(z) < 1e-4 ? 1 - z * (0.5 - z * (1 / 6. - z / 24)) : -std::expm1(-z) / z; }
/// (1 − mean_decay(z))/z, the mean of (1 − e^−z s)/z.
inline double mean_rise(double z) {
  if (std::abs(z) > 0.02) return (1 + std::expm1(-z) / z) / z;
  return 0.5 - z * (1 / 6. - z * (1 / 24. - z * (1 / 120. - z * (1 / 720. - z / 5040.))));
}

}  // namespace winze::air
