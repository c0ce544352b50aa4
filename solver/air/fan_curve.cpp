#include "air/fan_curve.hpp"

#include <algorithm>
#include <cmath>

namespace winze::air {

FanCurve::FanCurve(std::vector<double> flow, std::vector<double> pressure) : flow_(std::move(flow)), pressure_(std::move(pressure)) {
  const size_t n = flow_.size();
  std::vector<double> width(n - 1), secant(n - 1);
  for (size_t i = 0; i + 1 < n; ++i) {
    width[i] = flow_[i + 1] - flow_[i];
    secant[i] = (pressure_[i + 1] - pressure_[i]) / width[i];
  }
  slope_.assign(n, secant.front());
  const auto end_slope = [](double h0, double h1, double s0, double s1) {  // of three points, within what stays monotone
    const double s = ((2 * h0 + h1) * s0 - h0 * s1) / (h0 + h1);
    if (s * s0 <= 0) return 0.0;
    return s0 * s1 <= 0 && std::abs(s) > 3 * std::abs(s0) ? 3 * s0 : s;
  };
  if (n > 2) {
    slope_.front() = end_slope(width[0], width[1], secant[0], secant[1]);
    slope_.back() = end_slope(width[n - 2], width[n - 3], secant[n - 2], secant[n - 3]);
    for (size_t i = 1; i + 1 < n; ++i) {
      if (secant[i - 1] * secant[i] <= 0) {
        slope_[i] = 0;
        continue;
      }
      const double a = 2 * width[i] + width[i - 1], b = width[i] + 2 * width[i - 1];
      slope_[i] = (a + b) / (a / secant[i - 1] + b / secant[i]);
    }
  }
  last_ = flow_.back();
  const size_t top = size_t(std::max_element(pressure_.begin(), pressure_.end()) - pressure_.begin());
  peak_flow_ = flow_[top];
  peak_ = pressure_[top];
  for (size_t i = 0; i + 1 < n; ++i)  // a cubic's slope is a parabola: largest at an end or at its vertex
    for (const double t : {0.0, 1.0, [&] {
                             const double c = 3 * secant[i] - 2 * slope_[i] - slope_[i + 1], d = slope_[i] + slope_[i + 1] - 2 * secant[i];
                             return d != 0 ? std::clamp(-c / (3 * d), 0.0, 1.0) : 0.0;
                           }()}) {
      double s;
      (*this)(flow_[i] + t * width[i], s);
      rise_ = std::max(rise_, s);
    }
}

FanCurve::FanCurve(const std::array<double, 3>& coefficients) : a_(coefficients) {
  const double root = a_[1] * a_[1] - 4 * a_[2] * a_[0];
  last_ = a_[2] < 0 && root >= 0 ? (-a_[1] - std::sqrt(root)) / (2 * a_[2]) : a_[1] < 0 && a_[2] == 0 ? -a_[0] / a_[1] : HUGE_VAL;
  peak_flow_ = a_[1] > 0 && a_[2] < 0 ? -a_[1] / (2 * a_[2]) : 0;
  double s;
  peak_ = (*this)(peak_flow_, s);
  rise_ = std::max(0.0, a_[1]);
}

double FanCurve::operator()(double q, double& slope) const {
  if (flow_.empty()) {
    if (q < 0) {  // blown back through: a parabola would turn down again, a fan does not help
      slope = std::min(0.0, a_[1]);
      return a_[0] + slope * q;
    }
    slope = a_[1] + 2 * a_[2] * q;
    return a_[0] + q * (a_[1] + q * a_[2]);
  }
  if (q < flow_.front()) {
    slope = std::min(0.0, slope_.front());
    return pressure_.front() + slope * (q - flow_.front());
  }
  if (q > flow_.back()) {
    slope = std::min(0.0, slope_.back());
    return pressure_.back() + slope * (q - flow_.back());
  }
  const size_t i = std::min(size_t(std::upper_bound(flow_.begin(), flow_.end(), q) - flow_.begin()) - 1, flow_.size() - 2);
  const double h = flow_[i + 1] - flow_[i], t = (q - flow_[i]) / h, secant = (pressure_[i + 1] - pressure_[i]) / h;
  const double c = 3 * secant - 2 * slope_[i] - slope_[i + 1], d = slope_[i] + slope_[i + 1] - 2 * secant;
  slope = slope_[i] + t * (2 * c + 3 * t * d);
  return pressure_[i] + h * t * (slope_[i] + t * (c + t * d));
}

}  // namespace winze::air
