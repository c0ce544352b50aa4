/// Devices of airways. Adding one: a struct with name, doc, keys and add() (what it does to the pressure law), and its name in the list.
#pragma once
#include "air/door.hpp"
#include "air/duct.hpp"
#include "air/fan.hpp"
#include "air/regulator.hpp"

namespace winze::air {

using Device = input::Choice<Fan, Regulator, FixedFlow, FixedPressure, Door, Duct>;

}  // namespace winze::air
