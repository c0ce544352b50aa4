/// Networks from tables: CSV files of junctions and airways, or the airway list that Ventsim exports, become the same tree of values that YAML does,
/// so that units, ranges and messages (with file:line of the row) are the same.
///
/// A table has one header line. A column is called after a key, by its path and with its unit: `name`, `from`, `section.circle.diameter [m]`,
/// `devices` (a cell that begins with [ or { is YAML). Short names: x, y, z (at); area, perimeter, diameter, width, height (section); k, resistance
/// (friction). Empty cells are not given. Separators: comma, semicolon or tab. Lines that begin with # are left out.
///
/// Entries of the case file under `junctions` and `airways` go on top of rows with the same name, key by key.
///
/// Ventsim: columns are found by their names whatever their order, letter case and the unit behind them (SI is expected):
///   Branch Name | Name, Unique No | Branch No; Entry Node No | From | Start Node, Exit Node No | To | End Node (or nodes are told apart by
///   coordinates to a millimetre); X1 Y1 Z1 X2 Y2 Z2; Length; Area; Perimeter; Width; Height; Friction Factor; Resistance; Shock (or Shock X); Fixed
///   Flow (or Fix Quantity). Airway names are Branch Name with Unique No behind it where the name is not unique; junctions are N<number>. Other
///   columns are ignored; which junctions are at the surface and where fans stand goes into the case file.
#pragma once
#include <string>

#include "input/value.hpp"

namespace winze::air {

/// Replaces `tables` in the value of `air` by what the files say. `folder`: what their paths are relative to. Throws InputError with file:line,
/// EnvironmentError where a file cannot be read. Does nothing without `tables`.
void expand_tables(input::Value& air, const std::string& folder);

}  // namespace winze::air
