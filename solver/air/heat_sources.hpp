/// What warms and wets the air of an airway along its length: machines, people, broken rock, water.
#pragma once
#include <algorithm>
#include <cmath>

#include "input/key.hpp"

namespace winze::air {

/// Brought to the air, evenly along the airway.
struct Gain {
  double heat = 0;    ///< W, besides the enthalpy of the vapour
  double vapour = 0;  ///< kg/s that enters as vapour at the temperature of the air
  double water = 0;   ///< kg/s of liquid that evaporates: the air pays its latent heat
  double water_temperature = 293.15;
};

struct Heat {
  static constexpr const char* name = "heat";
  static constexpr const char* doc = "given heat, and water that evaporates";
  input::Curve power{0.0}, water{0.0};
  static auto keys() {
    return input::keys(input::key("power", &Heat::power, "s, W", "heat to the air; negative takes it away"),
                       input::key("water", &Heat::water, "s, kg/s", "water that evaporates; its latent heat comes out of the air").at_least(0));
  }
  Gain gain(double time, double) const { return {power(time), 0, water(time)}; }
};
struct Electric {
  static constexpr const char* name = "electric";
  static constexpr const char* doc = "electric machines: all they draw becomes heat, but for work against gravity";
  input::Curve power{0.0};
  double lifting = 0;
  static auto keys() {
    return input::keys(input::key("power", &Electric::power, "s, W", "drawn from the grid").at_least(0).require(),
                       input::key("lifting", &Electric::lifting, "1", "share of it that lifts rock or water").between(0, 1));
  }
  Gain gain(double time, double) const { return {power(time) * (1 - lifting), 0, 0}; }
};
struct Diesel {
  static constexpr const char* name = "diesel";
  static constexpr const char* doc = "diesel machines: heat of combustion of the fuel, and its water";
  input::Curve power{0.0};
  double fuel = 0.3e-3 / 3.6e6, heating_value = 35e9, water = 5;
  static auto keys() {
    return input::keys(input::key("power", &Diesel::power, "s, W", "mean shaft power").at_least(0).require(),
                       input::key("fuel", &Diesel::fuel, "m^3/J", "fuel burnt per work at the shaft (0.3 L/kWh)").above(0),
                       input::key("heating_value", &Diesel::heating_value, "J/m^3", "lower heating value of the fuel (34 … 36 MJ/L)").above(0),
                       input::key("water", &Diesel::water, "1",
                                  "volumes of liquid water that reach the air per volume of fuel: 1.1 of combustion, 3 … 10 in practice")
                           .between(0, 20));
  }
  /// 1.1 of the water is vapour of combustion, whose latent heat the lower heating value leaves out; the rest evaporates at the air's expense.
  Gain gain(double time, double) const {
    const double burnt = power(time) * fuel;
    return {burnt * heating_value, 1000 * burnt * std::min(water, 1.1), 1000 * burnt * std::max(water - 1.1, 0.0)};
  }
};
struct People {
  static constexpr const char* name = "people";
  static constexpr const char* doc = "people at work";
  double number = 0, heat = 200, latent = 0.6;
  static auto keys() {
    return input::keys(input::key("number", &People::number, "1", "of people").at_least(0).require(),
                       input::key("heat", &People::heat, "W", "each (150 … 250 W)").above(0),
                       input::key("latent", &People::latent, "1", "share given off as sweat").between(0, 1));
  }
  Gain gain(double, double) const { return {number * heat * (1 - latent), number * heat * latent / 2.43e6, 0}; }
};
struct BrokenRock {
  static constexpr const char* name = "broken_rock";
  static constexpr const char* doc = "broken rock that cools while it lies in or moves through the airway";
  input::Curve rate{0.0};
  double heat_capacity = 870, from = 0, to = 0;
  static auto keys() {
    return input::keys(input::key("rate", &BrokenRock::rate, "s, kg/s", "mass flow").at_least(0).require(),
                       input::key("heat_capacity", &BrokenRock::heat_capacity, "J/kg/K", "of the rock").above(0),
                       input::key("from", &BrokenRock::from, "K", "temperature when broken: that of the virgin rock").above(200).below(400).require(),
                       input::key("to", &BrokenRock::to, "K", "temperature when it leaves").above(200).below(400).require());
  }
  Gain gain(double time, double) const { return {rate(time) * heat_capacity * (from - to), 0, 0}; }
};
struct FissureWater {
  static constexpr const char* name = "fissure_water";
  static constexpr const char* doc = "warm water that runs along the airway and leaves cooler; wet walls are said by wetness";
  double flow = 0, from = 0, to = 0;
  static auto keys() {
    return input::keys(
        input::key("flow", &FissureWater::flow, "kg/s", "mass flow").at_least(0).require(),
        input::key("from", &FissureWater::from, "K", "temperature at its source: that of the virgin rock").above(273).below(370).require(),
        input::key("to", &FissureWater::to, "K", "temperature when it leaves the airway").above(273).below(370).require());
  }
  Gain gain(double, double) const { return {flow * 4187 * (from - to), 0, 0}; }
};
struct Explosives {
  static constexpr const char* name = "explosives";
  static constexpr const char* doc = "heat of blasting that reaches the air";
  input::Curve rate{0.0};
  double energy = 3.8e6, to_air = 0.5;
  static auto keys() {
    return input::keys(
        input::key("rate", &Explosives::rate, "s, kg/s", "explosive fired per time; a mean, or pulses over time").at_least(0).require(),
        input::key("energy", &Explosives::energy, "J/kg", "heat of explosion (ANFO 3.8 MJ/kg)").above(0),
        input::key("to_air", &Explosives::to_air, "1", "share that goes into the air, the rest into rock").between(0, 1));
  }
  Gain gain(double time, double) const { return {rate(time) * energy * to_air, 0, 0}; }
};
struct Backfill {
  static constexpr const char* name = "backfill";
  static constexpr const char* doc = "heat of hydration of cemented fill: cement · heat/τ exp(−t/τ) after placing";
  double cement = 0, heat = 3e5, decay = 5 * 86400.0, placed = 0;
  static auto keys() {
    return input::keys(input::key("cement", &Backfill::cement, "kg", "mass of cement placed at once").at_least(0).require(),
                       input::key("heat", &Backfill::heat, "J/kg", "of hydration (250 … 400 kJ/kg cement)").above(0),
                       input::key("decay", &Backfill::decay, "s", "τ").above(0), input::key("placed", &Backfill::placed, "s", "time of placing"));
  }
  Gain gain(double time, double) const { return {time < placed ? 0 : cement * heat / decay * std::exp(-(time - placed) / decay), 0, 0}; }
};
/// Insulated or bare pipe of warm or cold water in the airway.
struct Pipe {
  static constexpr const char* name = "pipe";
  static constexpr const char* doc = "pipe whose water is warmer or colder than the air: UA (T_water − T_air)";
  double conductance = 0, temperature = 0;
  static auto keys() {
    return input::keys(input::key("conductance", &Pipe::conductance, "W/K", "of the whole pipe").at_least(0).require(),
                       input::key("temperature", &Pipe::temperature, "K", "mean temperature of its water").above(250).below(400).require());
  }
  Gain gain(double, double air) const { return {conductance * (temperature - air), 0, 0}; }
};

}  // namespace winze::air
