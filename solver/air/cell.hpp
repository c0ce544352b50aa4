/// One piece of an airway: moist air passes between two kinds of wall, dry and wet, behind which rock answers. Enthalpies are per kg of dry air,
/// linear in temperature and humidity: h = cp t + X (L₀ + cv t), t in °C.
#pragma once
#include <limits>

#include "air/moist_air.hpp"

namespace winze::air {

inline double enthalpy_of(const Gas& g, double temperature, double x) {
  const double t = temperature - zero_celsius;
  return g.cp_dry * t + x * (g.latent + g.cp_vapour * t);
}
inline double temperature_of(const Gas& g, double h, double x) { return zero_celsius + (h - x * g.latent) / (g.cp_dry + x * g.cp_vapour); }

/// What the rock gives to a wall at temperature T: constant − slope · T, W/m².
struct RockAnswer {
  double constant = 0, slope = 0;
};
struct Cell {
  double mass = 0;             ///< kg dry air/s, above 0
  double pressure = 0;         ///< Pa, mean
  double z_in = 0, z_out = 0;  ///< m
  double gravity = 9.81;
  double area = 0;                                          ///< m² of wall
  double wetness = 0;                                       ///< share of it
  double convection = 0;                                    ///< W/(m² K)
  double radiation = 0;                                     ///< W/(m² K)
  RockAnswer dry, wet;                                      ///< slope 0 and constant 0: adiabatic
  bool one_wall = false;                                    ///< dry and wet parts share one temperature; `dry` answers for both
  double supply = std::numeric_limits<double>::infinity();  ///< kg/(m² s) of water on wet walls
  double heat = 0;                                          ///< W from sources
  double vapour = 0;                                        ///< kg/s of vapour from sources, at the temperature of the air
  double water = 0, water_temperature = 293.15;             ///< kg/s of liquid that evaporates, K
};
/// Enthalpy J/kg and humidity kg/kg of a stream.
struct Stream {
  double h = 0, x = 0;
};
struct CellResult {
  Stream out;
  double temperature = 0;             ///< K, mean in the cell
  double humidity = 0;                ///< mean
  double dry_wall = 0, wet_wall = 0;  ///< K
  double strata = 0;                  ///< W out of the rock, latent heat included
  double evaporated = 0;              ///< kg/s from walls (negative: condensed on them)
  double wall_water = 0;              ///< W: enthalpy and potential of that water
  double sources = 0;                 ///< W: heat, and enthalpy and potential of vapour and water
  double condensed = 0, drained = 0;  ///< kg/s of fog that falls out, W with it
};
/// Exact exponential profiles for what is linear, Newton's method for the rest. `guess`: wall temperatures to start from (0: none). Conserves energy
/// (enthalpy and potential) and water to rounding. Throws SolverError where no state within the psychrometric range balances.
CellResult pass(const Cell& cell, const Stream& in, Psychrometry route, double guess_dry, double guess_wet);

/// Coefficient of the tangent of the exchange at a wet wall of this temperature, W/(m² K).
double wet_film(double convection, double radiation, double wall, double pressure, Psychrometry route);

}  // namespace winze::air
