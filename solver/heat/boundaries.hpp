/// Thermal conditions of surfaces. They act where a surface is bare: on the outer boundary, and on walls once the rock before them is dug out. Where
/// two conditions claim a face, or two temperatures a node, the later one in the list holds. Outer faces without a condition keep the geothermal
/// flow of the virgin state, walls without one pass no heat. Tables finer than a time step act by their mean over it.
/// Adding one: a struct with name, doc, keys, and its name in the list.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "input/key.hpp"

namespace winze::heat {

/// As the name of a surface: every wall of an opening, from the day it is bared.
inline constexpr const char* walls = "walls";

/// A piece of a straight way: of the faces a condition holds, those whose centre, seen from the way, lies in part `part` of `parts` equal ones; what
/// lies before the beginning or beyond the end counts to the part there. The way has a length.
struct Along {
  Vector3 from{}, to{};
  int part = 0, parts = 1;
  bool holds(const Vector3& x) const;
};

/// h (T_air − T) into the rock, on a named surface or on the walls of openings. Where it names an airway, both come from there (Heat::set_air); until
/// then no heat passes.
struct Convection {
  static constexpr const char* name = "convection";
  static constexpr const char* doc = "heat exchange with air of given temperature";
  std::string surface = walls;
  std::vector<std::string> regions;
  input::Curve air, coefficient;
  std::optional<Along> along;  ///< not a key: set where the air changes along a way
  std::string airway;
  double share = 1;
  input::Origin origin;
  static auto keys() {
    return input::keys(
        input::key("surface", &Convection::surface, "named surface, or walls: every wall of an opening, from the day it is bared"),
        input::key("regions", &Convection::regions, "with walls: only walls that face these dug regions; empty: all"),
        input::key("air", &Convection::air, "s, K", "air temperature, constant or table over time since the start").above(150).below(1000),
        input::key("coefficient", &Convection::coefficient, "s, W/m^2/K", "heat transfer coefficient, constant or table over time").at_least(0),
        input::key("airway", &Convection::airway,
                   "in place of air and coefficient: airway of the network that runs here; its air and this rock exchange heat"),
        input::key("share", &Convection::share, "1", "with airway: of its wall that the mesh holds (a quarter model: 0.25)").above(0).at_most(1));
  }
  void check(input::Check& check) const {
    if (airway.empty() && air.empty()) check.problem("'air' is missing: air temperature, constant or table over time since the start");
    if (airway.empty() && coefficient.empty()) check.problem("'coefficient' is missing: heat transfer coefficient, constant or table over time");
    if (!airway.empty() && !(air.empty() && coefficient.empty())) check.problem("air and coefficient come from the airway: leave them out");
    if (airway.empty() && share != 1) check.problem("share goes with airway");
    if (surface != walls && !regions.empty()) check.problem("regions go with surface: {}, not with '{}'", walls, surface);
  }
};
struct Temperature {
  static constexpr const char* name = "temperature";
  static constexpr const char* doc = "prescribed temperature";
  std::string surface;
  input::Curve temperature;
  static auto keys() {
    return input::keys(
        input::key("surface", &Temperature::surface, "named surface, or walls").require(),
        input::key("temperature", &Temperature::temperature, "s, K", "constant or table over time since the start").above(150).below(2000).require());
  }
};
struct Virgin {
  static constexpr const char* name = "virgin";
  static constexpr const char* doc = "the surface keeps its virgin rock temperature";
  std::string surface;
  static auto keys() { return input::keys(input::key("surface", &Virgin::surface, "named surface, or walls").require()); }
};
struct Flux {
  static constexpr const char* name = "flux";
  static constexpr const char* doc = "prescribed heat flow into the rock";
  std::string surface;
  input::Curve flux;
  static auto keys() {
    return input::keys(input::key("surface", &Flux::surface, "named surface, or walls").require(),
                       input::key("flux", &Flux::flux, "s, W/m^2", "into the rock, constant or table over time since the start").require());
  }
};
struct Insulated {
  static constexpr const char* name = "insulated";
  static constexpr const char* doc = "no heat passes, not even the geothermal flow";
  std::string surface;
  static auto keys() { return input::keys(input::key("surface", &Insulated::surface, "named surface, or walls").require()); }
};

using Boundary = input::Choice<Convection, Temperature, Virgin, Flux, Insulated>;

}  // namespace winze::heat
