#include "air/fan.hpp"

#include <algorithm>
#include <cmath>

namespace winze::air {

double FanLaw::pressure(double q, double rho, double& slope) const {
  if (speed <= 0) {
    slope = 0;
    return 0;
  }
  const double one = direction * q / parallel;
  double rise;
  double p = series * (rho / density) * speed * speed * (*curve)(one / speed, rise);
  slope = series * (rho / density) * speed * rise / parallel;
  if (outlet_area > 0) {
    const double u = one / outlet_area;
    p += 0.5 * rho * u * std::abs(u);
    slope += rho * std::abs(u) / outlet_area / parallel;
  }
  return direction * p;
}

void Fan::check(input::Check& check) const {
  if (points.empty() == !polynomial) check.problem("needs either points or polynomial");
  if (!points.empty()) {
    if (points.constant()) return check.problem("points: needs at least two pairs [flow, pressure]");
    if (points.x.front() < 0) check.problem("points: flow {} m³/s is negative; turn the fan with `direction: backward`", points.x.front());
    const double peak = *std::max_element(points.y.begin(), points.y.end());
    if (!(peak > 0)) check.problem("points: no pressure is above 0");
    if (points.y.back() >= peak) check.problem("points: the pressure must be lower at the last point than at its peak");
  }
  if (polynomial && ((*polynomial)[2] > 0 || ((*polynomial)[2] == 0 && (*polynomial)[1] > 0)))
    check.problem("polynomial: this pressure rises without end with the flow; a2 must be below 0");
  if (pressure == FanPressure::fan_static && !(outlet_area > 0)) check.problem("a curve of static pressure needs outlet_area");
  if (pressure == FanPressure::total && outlet_area > 0) check.problem("outlet_area goes with `pressure: static`");
}

void Fan::add(BranchLaw& law, double time) const {
  FanLaw fan;
  fan.curve = std::make_shared<const FanCurve>(polynomial ? FanCurve(*polynomial) : FanCurve(points.x, points.y));
  fan.density = density;
  fan.speed = speed(time);
  fan.parallel = parallel;
  fan.series = series;
  fan.outlet_area = pressure == FanPressure::fan_static ? outlet_area : 0;
  fan.direction = direction == Blows::forward ? 1 : -1;
  law.fans.push_back(std::move(fan));
}

double Fan::shaft_power(double q, double p, double time) const {
  const double n = speed(time);
  return n > 0 ? std::max(0.0, p * q) / efficiency(std::abs(q) / parallel / n) : 0;
}

}  // namespace winze::air
