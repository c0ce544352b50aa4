/// Virgin rock temperature: what the rock had before mining, as a function of position. Depth is measured from the ground surface downward; above
/// the ground the temperature of the surface holds.
#pragma once
#include <vector>

#include "base/tensor.hpp"
#include "input/key.hpp"

namespace winze::heat {

struct Gradient {
  static constexpr const char* name = "gradient";
  static constexpr const char* doc = "temperature linear in depth";
  double surface = 288.15, gradient = 0;
  static auto keys() {
    return input::keys(input::key("surface", &Gradient::surface, "K", "temperature at the ground surface, yearly mean").above(0).below(1000),
                       input::key("gradient", &Gradient::gradient, "K/m", "increase with depth").between(0, 1).require());
  }
  double operator()(double depth) const { return surface + gradient * depth; }
  double slope(double) const { return gradient; }
};

struct Layer {
  double bottom = 0, conductivity = 0;
  static auto keys() {
    return input::keys(input::key("bottom", &Layer::bottom, "m", "depth of the bottom of the layer").above(0).require(),
                       input::key("conductivity", &Layer::conductivity, "W/m/K", "of the layer").above(0).require());
  }
};
/// dT/dz = q/k(z) (Fourier's law with constant vertical heat flow); the last layer goes on below its bottom.
struct HeatFlow {
  static constexpr const char* name = "heat_flow";
  static constexpr const char* doc = "temperature from a constant vertical heat flow through layers of given conductivity";
  double surface = 288.15, flow = 0;
  std::vector<Layer> layers;
  static auto keys() {
    return input::keys(input::key("surface", &HeatFlow::surface, "K", "temperature at the ground surface, yearly mean").above(0).below(1000),
                       input::key("flow", &HeatFlow::flow, "W/m^2", "upward heat flow").between(0, 1).require(),
                       input::key("layers", &HeatFlow::layers, "from the ground surface downward").require());
  }
  void check(input::Check& check) const;
  double operator()(double depth) const;
  double slope(double depth) const;
};
struct TemperatureTable {
  static constexpr const char* name = "table";
  static constexpr const char* doc = "measured temperature over depth";
  input::Curve temperature;
  static auto keys() {
    return input::keys(input::key("temperature", &TemperatureTable::temperature, "m, K", "[[depth, temperature], …]").above(0).below(1000).require());
  }
  double operator()(double depth) const { return temperature(depth); }
  double slope(double depth) const;
};

using VirginLaw = input::Choice<Gradient, HeatFlow, TemperatureTable>;

struct VirginTemperature {
  VirginLaw law;
  double ground = 0;                          ///< m, z of the ground surface
  double operator()(const Vector3& x) const;  ///< K
  /// ∂T/∂z, K/m, not positive where it warms with depth. At a kink of the law that of either side.
  double vertical_gradient(const Vector3& x) const;
};

}  // namespace winze::heat
