/// A ventilation network as the case file says it, and as flat arrays for the solvers.
#pragma once
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "air/devices.hpp"
#include "air/moist_air.hpp"
#include "air/plant.hpp"
#include "air/section.hpp"
#include "air/species.hpp"
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

/// Rock round an airway.
struct RockInput {
  static constexpr const char* shorthand = "material";
  std::string material;
  double conductivity = 0, density = 0, heat_capacity = 0;
  static auto keys() {
    return input::keys(input::key("material", &RockInput::material, "name under materials whose thermal properties are taken (at 20 °C)"),
                       input::key("conductivity", &RockInput::conductivity, "W/m/K", "thermal conductivity").at_least(0),
                       input::key("density", &RockInput::density, "kg/m^3", "mass per volume").at_least(0),
                       input::key("heat_capacity", &RockInput::heat_capacity, "J/kg/K", "specific heat capacity").at_least(0));
  }
  void check(input::Check& check) const {
    const bool own = conductivity > 0 && density > 0 && heat_capacity > 0, any = conductivity > 0 || density > 0 || heat_capacity > 0;
    if (material.empty() ? !own : any) check.problem("needs either material or all of conductivity, density and heat_capacity");
  }
};

struct Airway {
  std::string from, to;
  std::optional<double> length;
  std::optional<Section> section;
  std::optional<Friction> friction;
  double shock = 0;
  std::vector<Device> devices;
  std::optional<double> temperature;
  std::optional<RockInput> rock;
  bool strata = true;
  std::optional<double> virgin;
  double age = 0, wetness = 0;
  std::optional<double> water, film;
  bool in_mesh = false;  ///< not a key: its rock is solved elsewhere, see Climate::set_wall
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
        input::key("temperature", &Airway::temperature, "K", "mean temperature of its air where the climate is not solved").above(150).below(500),
        input::key("rock", &Airway::rock, "round the airway; that of the network if not given"),
        input::key("strata", &Airway::strata, "false: no heat from rock (ducts, surface ways)"),
        input::key("virgin", &Airway::virgin, "K", "virgin rock temperature; that of the network at its height if not given").above(250).below(400),
        input::key("age", &Airway::age, "s", "since it was dug, at the start of the case").at_least(0),
        input::key("wetness", &Airway::wetness, "1", "share of its walls under a film of water").between(0, 1),
        input::key("water", &Airway::water, "kg/s", "water that can evaporate along its wet walls; unbounded if not given").at_least(0),
        input::key("film", &Airway::film, "W/m^2/K", "convective coefficient; by Nunner from friction and speed if not given").above(0));
  }
  void check(input::Check& check) const;
};

/// Outside air: hydrostatic, with a constant lapse of temperature with height.
struct Weather {
  input::Curve temperature{288.15}, pressure{101325.0};
  std::optional<input::Curve> wet_bulb, relative_humidity;
  double elevation = 0, lapse = 0.0065, repeat = 0;
  void check(input::Check& check) const {
    if (wet_bulb && relative_humidity) check.problem("wet_bulb and relative_humidity say the same thing: give one");
  }
  static auto keys() {
    return input::keys(
        input::key("temperature", &Weather::temperature, "s, K", "dry-bulb temperature: a constant, or a table over time").above(200).below(340),
        input::key("pressure", &Weather::pressure, "s, Pa", "barometric pressure: a constant, or a table over time").above(2e4).below(1.5e5),
        input::key("wet_bulb", &Weather::wet_bulb, "s, K", "wet-bulb temperature; without it and relative_humidity the air is dry")
            .above(200)
            .below(340),
        input::key("relative_humidity", &Weather::relative_humidity, "s, 1", "vapour pressure over that of saturation").between(0, 1),
        input::key("elevation", &Weather::elevation, "m", "z where they are measured"),
        input::key("lapse", &Weather::lapse, "K/m", "fall of the outside temperature with height (standard atmosphere: 6.5 K/km)")
            .between(-0.02, 0.02),
        input::key("repeat", &Weather::repeat, "s", "the tables begin again after this time, as each year; 0: they end with their last values")
            .at_least(0));
  }
  /// Time in the tables, s.
  double moment(double time) const { return repeat > 0 ? time - repeat * std::floor(time / repeat) : time; }
};

enum class SeveralPoints { refuse, warn };
constexpr std::array<const char*, 2> names(SeveralPoints) { return {"refuse", "warn"}; }

enum class Where { from, to };
constexpr std::array<const char*, 2> names(Where) { return {"from", "to"}; }

/// A place where people work.
struct Post {
  std::string airway, kind;
  Where at = Where::to;
  double people = 0, diesel = 0, metabolic = 0;
  bool acclimatised = true, active = true;
  input::Origin origin;
  static auto keys() {
    return input::keys(input::key("airway", &Post::airway, "airway in which they work").require(),
                       input::key("at", &Post::at, "end of the airway whose air they breathe"),
                       input::key("kind", &Post::kind, "as rule sets call it: heading, drift_stope, haulage, …"),
                       input::key("people", &Post::people, "1", "most at one time").at_least(0),
                       input::key("diesel", &Post::diesel, "W", "rated power of the diesel machines there").at_least(0),
                       input::key("metabolic", &Post::metabolic, "W", "rate of a person; 0: not known").at_least(0),
                       input::key("acclimatised", &Post::acclimatised, "people used to heat"),
                       input::key("active", &Post::active, "false: nobody works there now, rules say nothing"));
  }
};

struct ClimateOptions {
  Psychrometry psychrometry = Psychrometry::hyland_wexler;
  double emissivity = 0.95, cell = 100, tolerance = 1e-9;
  int iterations = 60;
  static auto keys() {
    return input::keys(
        input::key("psychrometry", &ClimateOptions::psychrometry, "properties of moist air"),
        input::key("emissivity", &ClimateOptions::emissivity, "1", "between walls and the air's vapour; 0: no radiation (codes differ)")
            .between(0, 1),
        input::key("cell", &ClimateOptions::cell, "m", "longest piece of an airway with one wall temperature").above(0),
        input::key("tolerance", &ClimateOptions::tolerance, "1",
                   "of the last change of temperatures over absolute temperature between flow and climate")
            .above(1e-13)
            .at_most(1e-3),
        input::key("iterations", &ClimateOptions::iterations, "1", "at most between flow and climate").between(2, 10000));
  }
};

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
  std::optional<ClimateOptions> climate;
  std::optional<RockInput> rock;
  std::optional<input::Curve> virgin;
  input::Named<Plant> plants;
  input::Named<Post> workplaces;
  std::vector<std::string> rules;
  input::Named<Species> contaminants;
  double step = 30 * 86400.0;
  bool positional = false;
  input::Origin origin;
  void check(input::Check& check) const {
    if (positional && (!climate || workplaces.entries.empty())) check.problem("positional is about workplaces and their climate: give both");
  }
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
        input::key("flow", &Network::flow, "how exactly flows are solved"),
        input::key("climate", &Network::climate, "solve temperature and humidity along the airways; without it only flows are solved"),
        input::key("rock", &Network::rock, "round all airways that do not name their own"),
        input::key("virgin", &Network::virgin, "m, K", "virgin rock temperature: a constant, or a table over z, upward").above(250).below(450),
        input::key("plants", &Network::plants, "refrigeration plants on the surface by name; a plant underground is a condenser in its airway"),
        input::key("workplaces", &Network::workplaces, "places where people work, judged by their heat stress and by rules"),
        input::key("rules", &Network::rules, "files of rule sets (cases/rules), relative to the case file"),
        input::key("contaminants", &Network::contaminants, "gases, particles, radon that the air carries: {name: {kind: {…}}}"),
        input::key("step", &Network::step, "s", "longest step in time within a stage").above(0),
        input::key("positional", &Network::positional,
                   "write positional.csv at the end of the run: what a cooler in any airway would do at every workplace"));
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
/// Devices that follow a schedule are those of `time`, s.
Graph make_graph(const Network& network, double time = 0);

/// Dry-bulb temperature (K) of the outside air at height z and time t.
double outside_temperature(const Weather& weather, double z, double time);
/// Its pressure: hydrostatic, for a gas of `gas_constant` J/(kg K).
double outside_pressure(const Weather& weather, double gravity, double gas_constant, double z, double time);
/// kg vapour per kg dry air, the same at all heights but not above saturation.
double outside_humidity(const Weather& weather, Psychrometry route, double z, double time);

}  // namespace winze::air
