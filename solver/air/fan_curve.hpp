/// Pressure of one fan wheel against volume flow, with its slope: monotone cubic through points (Fritsch & Carlson 1980) or a parabola.
#pragma once
#include <array>
#include <vector>

namespace winze::air {

class FanCurve {
 public:
  FanCurve() = default;
  /// Points with ascending flow, at least two. Between them the curve has no peak or trough that the points do not have. Below the first point it
  /// goes on with the slope there, or level where it would fall; beyond the last one it goes on falling with the slope there.
  FanCurve(std::vector<double> flow, std::vector<double> pressure);
  /// a0 + a1 Q + a2 Q², a2 ≤ 0.
  explicit FanCurve(const std::array<double, 3>& coefficients);

  /// Pressure, Pa, at a flow, m³/s; slope in Pa s/m³.
  double operator()(double flow, double& slope) const;
  double first() const { return flow_.empty() ? 0 : flow_.front(); }  ///< m³/s, where the curve begins
  double last() const { return last_; }                               ///< m³/s, where it ends: the last point, or the zero of a parabola
  double peak_flow() const { return peak_flow_; }                     ///< of the largest pressure, m³/s: left of it the fan stalls
  double peak() const { return peak_; }                               ///< largest pressure, Pa
  double steepest_rise() const { return rise_; }                      ///< largest slope, Pa s/m³; 0 where it falls throughout

 private:
  std::vector<double> flow_, pressure_, slope_;
  std::array<double, 3> a_{};
  double last_ = 0, peak_flow_ = 0, peak_ = 0, rise_ = 0;
};

}  // namespace winze::air
