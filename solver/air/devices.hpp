/// Devices of airways. Adding one: a struct with name, doc, keys, and what it does: add() to the pressure law, gain() to heat and moisture, or cool()
/// to the air that passes; and its name in the list.
#pragma once
#include "air/coolers.hpp"
#include "air/door.hpp"
#include "air/duct.hpp"
#include "air/fan.hpp"
#include "air/heat_sources.hpp"
#include "air/regulator.hpp"

namespace winze::air {

using Device = input::Choice<Fan, Regulator, FixedFlow, FixedPressure, Door, Duct, Heat, Electric, Diesel, People, BrokenRock, FissureWater,
                             Explosives, Backfill, Pipe, SprayCooler, CoilCooler, FixedCooling, Condenser>;

}  // namespace winze::air
