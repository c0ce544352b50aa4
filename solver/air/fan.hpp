/// Main, booster and auxiliary fans.
#pragma once
#include <array>
#include <optional>

#include "air/branch_law.hpp"
#include "input/key.hpp"

namespace winze::air {

enum class FanPressure { total, fan_static };
constexpr std::array<const char*, 2> names(FanPressure) { return {"total", "static"}; }
enum class Motor { in_air, outside };
constexpr std::array<const char*, 2> names(Motor) { return {"in_air", "outside"}; }
enum class Blows { forward, backward };
constexpr std::array<const char*, 2> names(Blows) { return {"forward", "backward"}; }

struct Fan {
  static constexpr const char* name = "fan";
  static constexpr const char* doc = "fan: pressure by a curve, scaled by speed and density (fan laws); all its shaft power warms the air";
  input::Curve points;
  std::optional<std::array<double, 3>> polynomial;
  double density = 1.2;
  FanPressure pressure = FanPressure::total;
  double outlet_area = 0;
  input::Curve speed{1.0};
  int parallel = 1, series = 1;
  Blows direction = Blows::forward;
  input::Curve efficiency{0.7};
  double motor_efficiency = 1;
  Motor motor = Motor::outside;

  static auto keys() {
    return input::keys(
        input::key("points", &Fan::points, "m^3/s, Pa", "measured curve [[flow, pressure], …] of one fan at full speed"),
        input::key("polynomial", &Fan::polynomial, "1", "instead of points: [a0, a1, a2] of a0 + a1 Q + a2 Q², Pa and m³/s"),
        input::key("density", &Fan::density, "kg/m^3", "of the air for which the curve holds").above(0),
        input::key("pressure", &Fan::pressure, "what the curve shows: total, or static (total less the velocity pressure at the outlet)"),
        input::key("outlet_area", &Fan::outlet_area, "m^2", "area of one fan where the velocity pressure of a static curve is counted").at_least(0),
        input::key("speed", &Fan::speed, "s, 1",
                   "over the speed of the curve: a constant, or a table over time; 0: stands still and takes no pressure")
            .at_least(0)
            .at_most(3),
        input::key("parallel", &Fan::parallel, "1", "equal fans side by side").between(1, 1000),
        input::key("series", &Fan::series, "1", "equal stages behind one another").between(1, 100),
        input::key("direction", &Fan::direction, "forward: pushes air from `from` to `to`"),
        input::key("efficiency", &Fan::efficiency, "m^3/s, 1", "total efficiency of the wheel: a constant, or a table over the flow of one fan")
            .above(0)
            .at_most(1),
        input::key("motor_efficiency", &Fan::motor_efficiency, "1", "electric efficiency of the drive").above(0).at_most(1),
        input::key("motor", &Fan::motor, "in_air: its losses warm the air too"));
  }
  void check(input::Check& check) const;
  void add(BranchLaw& law, double time) const;
  /// Shaft power of all wheels, W, at flow q through the airway (m³/s) that gains the total pressure p (Pa), both positive from → to.
  double shaft_power(double q, double p, double time) const;
};

}  // namespace winze::air
