/// Stress in the ground before mining, as a function of position. Input is compression positive (keys start with `compression_`); the tensor returned
/// is tension positive. Depth is measured from the ground surface downward.
#pragma once
#include <array>

#include "base/tensor.hpp"
#include "input/key.hpp"

namespace winze::rock {

/// a + b·depth.
struct LinearInDepth {
  double surface = 0, gradient = 0;
  static auto keys() {
    return input::keys(input::key("surface", &LinearInDepth::surface, "Pa", "compression at the ground surface"),
                       input::key("gradient", &LinearInDepth::gradient, "Pa/m", "increase with depth").require());
  }
  double operator()(double depth) const { return surface + gradient * depth; }
};
/// a + b·ln(1 + depth/c): growth that slows down with depth.
struct LogInDepth {
  double surface = 0, scale = 0, length = 1000;
  static auto keys() {
    return input::keys(input::key("surface", &LogInDepth::surface, "Pa", "compression at the ground surface"),
                       input::key("scale", &LogInDepth::scale, "Pa", "factor of the logarithm").require(),
                       input::key("length", &LogInDepth::length, "m", "depth at which growth has halved").above(0));
  }
  double operator()(double depth) const;
};

/// Orientation of the principal axes. With plunge = roll = 0: major horizontal along `trend`, minor horizontal across, third axis vertical.
struct PrincipalAxes {
  double trend = 0, plunge = 0, roll = 0;  ///< rad
  static auto keys() {
    return input::keys(input::key("trend", &PrincipalAxes::trend, "radian", "azimuth of the major axis, clockwise from north"),
                       input::key("plunge", &PrincipalAxes::plunge, "radian", "dip of the major axis below horizontal")
                           .between(-1.5707963267948968, 1.5707963267948968),
                       input::key("roll", &PrincipalAxes::roll, "radian", "turn of the two other axes about the major one"));
  }
  /// Rows: major, minor, third axis, in (east, north, up).
  Matrix3 axes() const;
};

struct LinearStress {
  static constexpr const char* name = "linear";
  static constexpr const char* doc = "three principal compressions linear in depth, as regressions of overcoring data are published";
  LinearInDepth major, minor, vertical;
  PrincipalAxes axes;
  static auto keys() {
    return input::keys(input::key("compression_major", &LinearStress::major, "major horizontal compression").require(),
                       input::key("compression_minor", &LinearStress::minor, "minor horizontal compression").require(),
                       input::key("compression_vertical", &LinearStress::vertical, "vertical compression").require(),
                       input::key("axes", &LinearStress::axes, "orientation of the principal axes"));
  }
  std::array<double, 3> compressions(double depth) const { return {major(depth), minor(depth), vertical(depth)}; }
};
struct LogStress {
  static constexpr const char* name = "log";
  static constexpr const char* doc = "horizontal compressions that grow like a logarithm of depth, vertical linear";
  LogInDepth major, minor;
  LinearInDepth vertical;
  PrincipalAxes axes;
  static auto keys() {
    return input::keys(input::key("compression_major", &LogStress::major, "major horizontal compression").require(),
                       input::key("compression_minor", &LogStress::minor, "minor horizontal compression").require(),
                       input::key("compression_vertical", &LogStress::vertical, "vertical compression").require(),
                       input::key("axes", &LogStress::axes, "orientation of the principal axes"));
  }
  std::array<double, 3> compressions(double depth) const { return {major(depth), minor(depth), vertical(depth)}; }
};
/// K = constant + length/depth (Brown & Hoek 1978 form).
struct RatioStress {
  static constexpr const char* name = "ratio";
  static constexpr const char* doc = "horizontal compressions as ratios K of the vertical one, K = constant + length/depth";
  LinearInDepth vertical;
  double major = 1, minor = 1, major_length = 0, minor_length = 0;
  PrincipalAxes axes;
  static auto keys() {
    return input::keys(input::key("compression_vertical", &RatioStress::vertical, "vertical compression").require(),
                       input::key("major", &RatioStress::major, "1", "K of the major horizontal stress at great depth").at_least(0).require(),
                       input::key("minor", &RatioStress::minor, "1", "K of the minor horizontal stress at great depth").at_least(0).require(),
                       input::key("major_length", &RatioStress::major_length, "m", "length/depth is added to the major K").at_least(0),
                       input::key("minor_length", &RatioStress::minor_length, "m", "length/depth is added to the minor K").at_least(0),
                       input::key("axes", &RatioStress::axes, "orientation of the principal axes"));
  }
  std::array<double, 3> compressions(double depth) const;
};
struct TableStress {
  static constexpr const char* name = "table";
  static constexpr const char* doc = "three principal compressions as tables over depth";
  input::Curve major, minor, vertical;
  PrincipalAxes axes;
  static auto keys() {
    return input::keys(input::key("compression_major", &TableStress::major, "m, Pa", "major horizontal compression over depth").require(),
                       input::key("compression_minor", &TableStress::minor, "m, Pa", "minor horizontal compression over depth").require(),
                       input::key("compression_vertical", &TableStress::vertical, "m, Pa", "vertical compression over depth").require(),
                       input::key("axes", &TableStress::axes, "orientation of the principal axes"));
  }
  std::array<double, 3> compressions(double depth) const { return {major(depth), minor(depth), vertical(depth)}; }
};
struct TensorStress {
  static constexpr const char* name = "tensor";
  static constexpr const char* doc =
      "all six components (xx, yy, zz, xy, yz, xz), compression positive, at the ground surface and per metre of depth";
  std::array<double, 6> surface{}, gradient{};
  static auto keys() {
    return input::keys(input::key("compression_surface", &TensorStress::surface, "Pa", "xx, yy, zz, xy, yz, xz at the ground surface"),
                       input::key("compression_gradient", &TensorStress::gradient, "Pa/m", "increase of each component with depth"));
  }
};

using StressLaw = input::Choice<LinearStress, LogStress, RatioStress, TableStress, TensorStress>;

struct InSituStress {
  StressLaw law;
  double ground = 0;  ///< m, z of the ground surface
  /// Tension positive, Kelvin form, Pa. Above the ground surface depth counts as zero.
  Sym3 operator()(const Vector3& x) const;
  /// −div σ by central differences over 1 m: the weight that keeps this stress in equilibrium, N/m³.
  Vector3 body_force(const Vector3& x) const;
};

}  // namespace winze::rock
