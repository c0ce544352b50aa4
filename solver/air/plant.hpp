/// Refrigeration plant on the surface: chills the water of coolers and gives all heat to the outside air by evaporating water in towers.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "air/cooling.hpp"
#include "input/key.hpp"

namespace winze::air {

struct Plant {
  std::vector<std::string> coolers;
  double chilled = 0, approach = 8, lowest = 288.15, efficiency = 0.6, pumps = 0;
  std::optional<double> capacity;
  static auto keys() {
    return input::keys(input::key("coolers", &Plant::coolers, "airways whose coolers it serves").require(),
                       input::key("chilled", &Plant::chilled, "K", "chilled water that leaves the plant").above(273).below(310).require(),
                       input::key("approach", &Plant::approach, "K", "condenser water leaving above the outside wet bulb").above(0).below(50),
                       input::key("lowest", &Plant::lowest, "K", "condenser water is kept at least so warm in winter").above(274).below(330),
                       input::key("efficiency", &Plant::efficiency, "1", "share of Carnot's (0.5 … 0.65)").between_open(0, 1),
                       input::key("pumps", &Plant::pumps, "W", "power of its pumps and tower fans while it cools").at_least(0),
                       input::key("capacity", &Plant::capacity, "W", "of cooling; as much as its coolers ask if not given").above(0));
  }
  void check(input::Check& check) const {
    if (lowest < chilled + 5) check.problem("lowest must be at least 5 K above chilled, or the machine has no lift");
  }
};

struct PlantState {
  double load = 0, power = 0, rejected = 0;  ///< W: of its coolers; of machine and pumps; into the outside air
  double cop = 0;                            ///< of the machine alone; 0 without a load
  double condenser = 0;                      ///< K: condenser water leaving
  double make_up = 0;                        ///< kg/s: water evaporated by the rejected heat, no drift, no bleed
  double unmet = 0;                          ///< W beyond the capacity
};
/// `load` W at the outside wet bulb, K.
inline PlantState work(const Plant& plant, double load, double wet_bulb) {
  constexpr double evaporation = 2.43e6;  // J/kg, latent heat at 30 °C (ASHRAE Fundamentals 2017, ch. 1)
  PlantState s;
  s.load = load;
  s.condenser = std::max(wet_bulb + plant.approach, plant.lowest);
  if (load <= 0) return s;
  Chiller machine;
  machine.capacity = plant.capacity.value_or(load);
  machine.efficiency = plant.efficiency;
  const Chilled done = chiller(machine, load, plant.chilled, s.condenser);
  s.power = done.power + plant.pumps;
  s.rejected = done.rejected;
  s.cop = done.cop;
  s.make_up = done.rejected / evaporation;
  s.unmet = done.unmet;
  return s;
}

}  // namespace winze::air
