/// Cross-sections of airways and what their walls cost in pressure.
#pragma once
#include <cmath>

#include "input/key.hpp"

namespace winze::air {

inline constexpr double pi = 3.14159265358979323846;
inline constexpr double standard_density = 1.2;  ///< kg/m³ to which friction factors, resistances and fan curves of the trade refer

struct Circle {
  static constexpr const char* name = "circle";
  static constexpr const char* doc = "circular section";
  static constexpr const char* shorthand = "diameter";
  double diameter = 0;
  static auto keys() { return input::keys(input::key("diameter", &Circle::diameter, "m", "inner diameter").above(0).require()); }
  double area() const { return pi * diameter * diameter / 4; }
  double perimeter() const { return pi * diameter; }
};
struct Rectangle {
  static constexpr const char* name = "rectangle";
  static constexpr const char* doc = "rectangular section";
  double width = 0, height = 0;
  static auto keys() {
    return input::keys(input::key("width", &Rectangle::width, "m", "width").above(0).require(),
                       input::key("height", &Rectangle::height, "m", "height").above(0).require());
  }
  double area() const { return width * height; }
  double perimeter() const { return 2 * (width + height); }
};
struct Arch {
  static constexpr const char* name = "arch";
  static constexpr const char* doc = "upright walls under a semicircular roof";
  double width = 0, height = 0;
  static auto keys() {
    return input::keys(input::key("width", &Arch::width, "m", "width").above(0).require(),
                       input::key("height", &Arch::height, "m", "height at the crown, at least half the width").above(0).require());
  }
  void check(input::Check& check) const {
    if (height < width / 2) check.problem("height ({} m) must be at least half the width ({} m)", height, width);
  }
  double area() const { return width * (height - width / 2) + pi * width * width / 8; }
  double perimeter() const { return width + 2 * (height - width / 2) + pi * width / 2; }
};
struct Measured {
  static constexpr const char* name = "measured";
  static constexpr const char* doc = "section of any shape by its area and perimeter";
  double area_ = 0, perimeter_ = 0;
  static auto keys() {
    return input::keys(input::key("area", &Measured::area_, "m^2", "area").above(0).require(),
                       input::key("perimeter", &Measured::perimeter_, "m", "rubbing perimeter").above(0).require());
  }
  void check(input::Check& check) const {
    if (perimeter_ < 0.999 * 2 * std::sqrt(pi * area_))
      check.problem("perimeter ({} m) is shorter than that of a circle of the same area ({:.3f} m)", perimeter_, 2 * std::sqrt(pi * area_));
  }
  double area() const { return area_; }
  double perimeter() const { return perimeter_; }
};
using Section = input::Choice<Circle, Rectangle, Arch, Measured>;

inline double area(const Section& s) {
  return s.visit([](const auto& x) { return x.area(); });
}
inline double perimeter(const Section& s) {
  return s.visit([](const auto& x) { return x.perimeter(); });
}

/// Friction laws give Rt (1/m⁴) of Δp = Rt ρ Q|Q|: density leaves the resistance (Atkinson 1854, in rational form).
struct Atkinson {
  static constexpr const char* name = "atkinson";
  static constexpr const char* doc = "friction factor k of the trade, at 1.2 kg/m³: Δp = k L P/A³ Q² ρ/1.2";
  static constexpr const char* shorthand = "k";
  double k = 0;
  static auto keys() { return input::keys(input::key("k", &Atkinson::k, "kg/m^3", "friction factor at 1.2 kg/m³").above(0).below(1).require()); }
  double fanning(double, double) const { return k / (standard_density / 2); }
};
struct Fanning {
  static constexpr const char* name = "fanning";
  static constexpr const char* doc = "Fanning friction factor f, a quarter of Darcy's: Δp = f L P/(2 A³) ρ Q²";
  static constexpr const char* shorthand = "f";
  double f = 0;
  static auto keys() { return input::keys(input::key("f", &Fanning::f, "1", "friction factor").above(0).below(1).require()); }
  double fanning(double, double) const { return f; }
};
struct Roughness {
  static constexpr const char* name = "roughness";
  static constexpr const char* doc = "height of wall roughness e, fully rough flow: f = 1/(4 [2 log10(Dh/e) + 1.14]²) (von Karman)";
  static constexpr const char* shorthand = "height";
  double height = 0;
  static auto keys() { return input::keys(input::key("height", &Roughness::height, "m", "mean height of asperities").above(0).require()); }
  double fanning(double area, double perimeter) const {
    const double root = 2 * std::log10(4 * area / perimeter / height) + 1.14;
    return 1 / (4 * root * root);
  }
};
struct Resistance {
  static constexpr const char* name = "resistance";
  static constexpr const char* doc = "resistance of the whole airway at 1.2 kg/m³: Δp = R Q² ρ/1.2; length and section do not enter";
  static constexpr const char* shorthand = "value";
  double value = 0;
  static auto keys() { return input::keys(input::key("value", &Resistance::value, "kg/m^7", "N s²/m⁸, which is kg/m⁷").above(0).require()); }
  double fanning(double, double) const { return 0; }
};
using Friction = input::Choice<Atkinson, Fanning, Roughness, Resistance>;

}  // namespace winze::air
