/// Coolers in airways: what enters an airway passes them first, whichever way the air goes.
#pragma once
#include <string>
#include <vector>

#include "air/cooling.hpp"
#include "air/moist_air.hpp"
#include "input/key.hpp"

namespace winze::air {

struct SprayCooler {
  static constexpr const char* name = "spray_cooler";
  static constexpr const char* doc = "bulk air cooler or spot cooler by direct contact with chilled water (factor of merit)";
  double water = 0, temperature = 0, merit = 0.6;
  static auto keys() {
    return input::keys(
        input::key("water", &SprayCooler::water, "kg/s", "flow of chilled water; 0: switched off, air passes unchanged").at_least(0).require(),
        input::key("temperature", &SprayCooler::temperature, "K", "of the water that enters").above(273).below(330).require(),
        input::key("merit", &SprayCooler::merit, "1", "factor of merit: one stage 0.4 … 0.5, two 0.55 … 0.68, three 0.7 … 0.8").between_open(0, 1));
  }
  State cool(const State& in, double mass, Psychrometry route) const {
    return water > 0 ? spray(in, mass, {water, temperature}, merit, route).air : in;
  }
};

struct CoilCooler {
  static constexpr const char* name = "coil_cooler";
  static constexpr const char* doc = "cooling coil with chilled water in counterflow, dry or wet";
  double water = 0, temperature = 0, outside = 0, inside = 0, fouling = 0;
  static auto keys() {
    return input::keys(
        input::key("water", &CoilCooler::water, "kg/s", "flow of chilled water; 0: switched off, air passes unchanged").at_least(0).require(),
        input::key("temperature", &CoilCooler::temperature, "K", "of the water that enters").above(273).below(330).require(),
        input::key("outside", &CoilCooler::outside, "W/K", "conductance on the air side, fins included").above(0).require(),
        input::key("inside", &CoilCooler::inside, "W/K", "conductance on the water side").above(0).require(),
        input::key("fouling", &CoilCooler::fouling, "K/W", "resistance of fouling between them").at_least(0));
  }
  /// Air colder than the water passes unchanged: the coil is shut off.
  State cool(const State& in, double mass, Psychrometry route) const {
    if (water == 0 || in.temperature <= temperature + 0.01) return in;
    return coil(in, mass, {water, temperature}, {outside, inside, fouling}, route).air;
  }
};

struct FixedCooling {
  static constexpr const char* name = "cooling";
  static constexpr const char* doc = "a cooling duty that is given; what the air cannot hold falls out";
  input::Curve duty{0.0};
  double coldest = 275.15;
  static auto keys() {
    return input::keys(input::key("duty", &FixedCooling::duty, "s, W", "heat taken from the air, latent heat included").at_least(0).require(),
                       input::key("coldest", &FixedCooling::coldest, "K", "no colder than this: the duty is cut").above(273.15).below(330));
  }
  State cool(const State& in, double mass, Psychrometry route, double time) const;
};

/// Underground plant: chills the water of coolers elsewhere and sprays the heat, its own power included, into the air of this airway.
struct Condenser {
  static constexpr const char* name = "condenser";
  static constexpr const char* doc =
      "refrigeration plant that cools the water of coolers and rejects all heat into the air of this airway (return air)";
  std::vector<std::string> coolers;
  double chilled = 0, water = 0, merit = 0.6, hottest = 328.15, capacity = 0, efficiency = 0.6;
  static auto keys() {
    return input::keys(input::key("coolers", &Condenser::coolers, "airways whose coolers it serves").require(),
                       input::key("chilled", &Condenser::chilled, "K", "chilled water that leaves the plant").above(273).below(310).require(),
                       input::key("water", &Condenser::water, "kg/s", "condenser water").above(0).require(),
                       input::key("merit", &Condenser::merit, "1", "factor of merit of the spray").between_open(0, 1),
                       input::key("hottest", &Condenser::hottest, "K", "condenser water that the plant allows").above(280).below(370),
                       input::key("capacity", &Condenser::capacity, "W", "of cooling").above(0).require(),
                       input::key("efficiency", &Condenser::efficiency, "1", "share of Carnot's (0.5 … 0.65)").between_open(0, 1));
  }
  /// Heat `load` (W) of the coolers goes into this air.
  Refrigeration reject(const State& in, double mass, double load, Psychrometry route) const {
    Chiller machine;
    machine.capacity = capacity;
    machine.efficiency = efficiency;
    return refrigerate(machine, load, chilled, in, mass, water, merit, hottest, route);
  }
};

}  // namespace winze::air
