/// A ventilation network as the case file says it, and as flat arrays for the solvers.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "air/devices.hpp"
#include "air/section.hpp"
#include "base/types.hpp"
#include "input/key.hpp"

namespace winze::air {

struct Injection {
  double flow = 0;
  static constexpr const char* shorthand = "flow";
  static auto keys() {
    return input::keys(input::key("flow", &Injection::flow, "m^3/s", "at the density of the junction; negative: taken out").require());
  }
};

struct Junction {
  Vector3 at{};
  bool surface = false;
  std::optional<double> gauge;
  std::optional<Injection> inject;
  input::Origin origin;
  static auto keys() {
    return input::keys(
        input::key("at", &Junction::at, "m", "east, north, up"),
        input::key("surface", &Junction::surface, "open to the outside air, whose pressure and temperature the weather gives"),
        input::key("gauge", &Junction::gauge, "Pa", "holds this pressure above that of the outside air at its height; implies surface"),
        input::key("inject", &Junction::inject, "air put in (positive) or taken out (negative) whatever the pressure"));
  }
  bool open() const { return surface || gauge; }
};

struct Airway {
  std::string from, to;
  std::optional<double> length;
  std::optional<Section> section;
  std::optional<Friction> friction;
  double shock = 0;
  std::vector<Device> devices;
  std::optional<double> temperature;
  input::Origin origin;
  static auto keys() {
    return input::keys(
        input::key("from", &Airway::from, "junction where it begins; flow towards `to` is positive").require(),
        input::key("to", &Airway::to, "junction where it ends").require(),
        input::key("length", &Airway::length, "m", "along the airway; the distance of its junctions if not given").above(0),
        input::key("section", &Airway::section, "cross-section; needed unless friction is a resistance"),
        input::key("friction", &Airway::friction, "of the walls").require(),
        input::key("shock", &Airway::shock, "1", "sum X of shock loss coefficients: Δp = X ρu²/2; the exit to the outside counts 1").at_least(0),
        input::key("devices", &Airway::devices, "fans, regulators, doors, ducts"),
        input::key("temperature", &Airway::temperature, "K", "mean temperature of its air where the climate is not solved").above(150).below(500));
  }
  void check(input::Check& check) const;
};

/// Outside air: hydrostatic, with a constant lapse of temperature with height.
struct Weather {
  input::Curve temperature{288.15}, pressure{101325.0};
  double elevation = 0, lapse = 0.0065;
  static auto keys() {
    return input::keys(
        input::key("temperature", &Weather::temperature, "s, K", "dry-bulb temperature: a constant, or a table over time").above(200).below(340),
        input::key("pressure", &Weather::pressure, "s, Pa", "barometric pressure: a constant, or a table over time").above(2e4).below(1.5e5),
        input::key("elevation", &Weather::elevation, "m", "z where they are measured"),
        input::key("lapse", &Weather::lapse, "K/m", "fall of the outside temperature with height (standard atmosphere: 6.5 K/km)")
            .between(-0.02, 0.02));
  }
};

enum class SeveralPoints { refuse, warn };
constexpr std::array<const char*, 2> names(SeveralPoints) { return {"refuse", "warn"}; }

struct FlowOptions {
  double tolerance = 1e-9;
  int iterations = 200;
  SeveralPoints several_points = SeveralPoints::refuse;
  static auto keys() {
    return input::keys(
        input::key("tolerance", &FlowOptions::tolerance, "1", "of the last change of any flow over the largest, and of mass and pressure residuals")
            .above(1e-13)
            .at_most(1e-4),
        input::key("iterations", &FlowOptions::iterations, "1", "at most, before the solve is refused").between(1, 10000),
        input::key("several_points", &FlowOptions::several_points, "what to do where fans that can stall leave more than one operating point"));
  }
};

/// Files that expand_tables() (air/tables.hpp) turns into junctions and airways before anything is read.
struct Tables {
  std::string junctions, airways, ventsim;
  static auto keys() {
    return input::keys(input::key("junctions", &Tables::junctions, "CSV file, a column per key: name, x [m], y [m], z [m], surface, …"),
                       input::key("airways", &Tables::airways, "CSV file: name, from, to, length [m], area [m^2], perimeter [m], k [kg/m^3], …"),
                       input::key("ventsim", &Tables::ventsim, "the airway list that Ventsim exports as CSV"));
  }
};

struct Network {
  input::Named<Junction> junctions;
  input::Named<Airway> airways;
  std::optional<Tables> tables;
  Weather weather;
  std::optional<double> density;
  double gravity = 9.81;
  FlowOptions flow;
  input::Origin origin;
  static auto keys() {
    return input::keys(
        input::key("junctions", &Network::junctions, "where airways meet or end: {name: {at: [x, y, z]}}").require(),
        input::key("airways", &Network::airways, "shafts, drives, stopes, ducts: {name: {from, to, …}}").require(),
        input::key("tables", &Network::tables, "CSV files with more junctions and airways; entries given here go on top of their rows"),
        input::key("weather", &Network::weather, "the outside air"),
        input::key("density", &Network::density, "kg/m^3",
                   "one density for all air: no buoyancy, no compression; without it densities follow pressure, temperature and moisture")
            .above(0)
            .below(20),
        input::key("gravity", &Network::gravity, "m/s^2", "acceleration of free fall").at_least(0).below(30),
        input::key("flow", &Network::flow, "how exactly flows are solved"));
  }
};

/// The network as flat arrays. Branches: one per airway, and more where a duct makes a ladder; nodes: the junctions in file order, then those of
/// ladders.
struct Graph {
  std::vector<std::string> node_names;
  std::vector<double> z;                   ///< [nodes] m
  std::vector<std::int8_t> open;           ///< [nodes] 1: its pressure is given
  std::vector<double> gauge;               ///< [nodes] Pa above the outside air, where open
  std::vector<double> inject;              ///< [nodes] m³/s
  std::vector<Index> from, to;             ///< [branches] nodes
  std::vector<Index> airway;               ///< [branches] place in Network::airways; of a leak: that of its duct
  std::vector<BranchLaw> law;              ///< [branches]
  std::vector<double> length, section;     ///< [branches] m, m²; 0 where not given (leaks)
  std::vector<double> perimeter, fanning;  ///< [branches] m, Fanning factor; 0 where not given
  std::vector<Index> first, last;          ///< [airways] the branches at its two ends
  std::vector<std::string> airway_names;

  Index n_nodes() const { return Index(z.size()); }
  Index n_branches() const { return Index(from.size()); }
};

/// Throws InputError listing every fault of how the entries go together, each with file:line and the airway.
Graph make_graph(const Network& network);

/// Pressure of the outside air at height z and time t.
double outside_pressure(const Weather& weather, double gravity, double z, double time);
double outside_temperature(const Weather& weather, double z, double time);

}  // namespace winze::air
