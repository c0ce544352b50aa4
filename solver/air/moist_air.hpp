/// Moist air as a mixture of ideal gases. Kelvin, pascal, kilogram and joule; humidity is mass of vapour per mass of dry air. What is "per kg" here
/// is per kilogram of dry air, the mass that a network conserves.
///
/// Two routes, each consistent in itself:
///   hyland_wexler  saturation over water and over ice by Hyland and Wexler (1983) as in ASHRAE Fundamentals 2017, chapter 1, equations 5 and 6; heat
///                  capacities and latent heat of the same chapter (30, 33, 35). No enhancement factor: engines with real gas differ by 0.5 % in
///                  humidity at 100 kPa, more at 150 kPa.
///   mcpherson      McPherson, Subsurface Ventilation Engineering, chapter 14: for comparison with mine codes. Water only, 0 … 60 °C.
///
/// Every function checks what it is given and throws InputError naming the quantity, its value and the valid range.
#pragma once
#include <array>

namespace winze::air {

inline constexpr double zero_celsius = 273.15;
inline constexpr double gravity = 9.81;  ///< m/s², as in the reference tables of mine ventilation

enum class Psychrometry { hyland_wexler, mcpherson };
constexpr std::array<const char*, 2> names(Psychrometry) { return {"hyland_wexler", "mcpherson"}; }

/// Constants of a route.
struct Gas {
  double cp_dry, cp_vapour;     ///< J/(kg K)
  double c_water;               ///< J/(kg K)
  double latent, latent_slope;  ///< J/kg at 0 °C, J/(kg K): heat of evaporation latent − latent_slope t
  double r_dry;                 ///< J/(kg K)
  double mass_ratio;            ///< of water to air, the 0.622 of the books
  double low, high;             ///< K: range of the saturation pressure
};
const Gas& gas(Psychrometry route);

/// Dry-bulb temperature K, pressure Pa, humidity kg/kg of dry air.
struct State {
  double temperature = 0, pressure = 0, humidity = 0;
};
/// Throws InputError unless temperature is in the route's range, pressure in 20 … 500 kPa, and humidity not negative (and finite).
void check(const State& air, Psychrometry route = Psychrometry::hyland_wexler);

// ---- saturation ----
/// Pa. ASHRAE 2017, 1, equations 5 (ice, below 0 °C) and 6; or 610.6 exp(17.27 t/(237.3 + t)).
double saturation_pressure(double temperature, Psychrometry route = Psychrometry::hyland_wexler);
/// Pa/K, the derivative of the former.
double saturation_pressure_slope(double temperature, Psychrometry route = Psychrometry::hyland_wexler);
/// K: the inverse of saturation_pressure(), hence the dew point of a vapour pressure.
double saturation_temperature(double vapour_pressure, Psychrometry route = Psychrometry::hyland_wexler);
/// kg/kg. Refuses temperatures at and above boiling.
double saturation_humidity(double temperature, double pressure, Psychrometry route = Psychrometry::hyland_wexler);
/// J/kg of evaporation (below 0 °C by hyland_wexler: of sublimation, ASHRAE equation 35).
double latent_heat(double temperature, Psychrometry route = Psychrometry::hyland_wexler);
double latent_heat_slope(double temperature, Psychrometry route = Psychrometry::hyland_wexler);  ///< J/(kg K), negative
/// J/kg of the liquid (below 0 °C by hyland_wexler: of ice), zero for water at 0 °C.
double water_enthalpy(double temperature, Psychrometry route = Psychrometry::hyland_wexler);

// ---- of a state ----
double vapour_pressure(const State& air, Psychrometry route = Psychrometry::hyland_wexler);    ///< Pa
double relative_humidity(const State& air, Psychrometry route = Psychrometry::hyland_wexler);  ///< 0 … 1; above 1 for fog not yet separated
double specific_volume(const State& air, Psychrometry route = Psychrometry::hyland_wexler);    ///< m³ per kg of dry air
double apparent_density(const State& air, Psychrometry route = Psychrometry::hyland_wexler);   ///< kg of dry air per m³
double density(const State& air, Psychrometry route = Psychrometry::hyland_wexler);            ///< kg of air and vapour per m³
double heat_capacity(const State& air, Psychrometry route = Psychrometry::hyland_wexler);      ///< J/(kg K), ∂H/∂T at constant humidity
/// J/kg, zero for dry air at 0 °C. hyland_wexler: cp t + X (2501 kJ/kg + cp_v t) (ASHRAE equation 30), linear in T and in X. mcpherson: S + c_w t_w
/// X, which needs the wet bulb and departs from that linear form by at most 0.1 %.
double enthalpy(const State& air, Psychrometry route = Psychrometry::hyland_wexler);
/// J/kg: enthalpy less that of the vapour's water at the wet bulb, a function of wet bulb and pressure alone (McPherson 14.47).
double sigma_heat(const State& air, Psychrometry route = Psychrometry::hyland_wexler);
/// K. Adiabatic saturation: X [L + cp_v (T − Tw)] = L Xs(Tw) − cp (T − Tw). Where ice and water both balance (just at 0 °C), that over water is
/// given. Refuses fog, and wet bulbs below the route's range.
double wet_bulb(const State& air, Psychrometry route = Psychrometry::hyland_wexler);
/// K. Refuses dry air, which has none, and fog.
double dew_point(const State& air, Psychrometry route = Psychrometry::hyland_wexler);

// ---- states from what is measured ----
State from_relative_humidity(double temperature, double relative_humidity, double pressure, Psychrometry route = Psychrometry::hyland_wexler);
/// Refuses a wet bulb above the dry bulb, and one so low that humidity would be negative.
State from_wet_bulb(double temperature, double wet_bulb, double pressure, Psychrometry route = Psychrometry::hyland_wexler);
State from_dew_point(double temperature, double dew_point, double pressure, Psychrometry route = Psychrometry::hyland_wexler);
/// The state of given enthalpy and humidity. Refuses fog for mcpherson; for hyland_wexler fog comes out supersaturated: see separate().
State from_enthalpy(double enthalpy, double pressure, double humidity, Psychrometry route = Psychrometry::hyland_wexler);

// ---- saturated air ----
/// J/kg, L Xs + cp t: sigma heat of any air with this wet bulb.
double saturated_sigma_heat(double wet_bulb, double pressure, Psychrometry route = Psychrometry::hyland_wexler);
/// K, its inverse; over water where the answer is not below 0 °C.
double wet_bulb_of_sigma_heat(double sigma_heat, double pressure, Psychrometry route = Psychrometry::hyland_wexler);

/// Air and the water (or ice) that it cannot hold.
struct Separated {
  State air;
  double water = 0;  ///< kg per kg of dry air, liquid and ice
  double ice = 0;    ///< kg per kg of dry air, the frozen part of water
};
/// Splits air of given enthalpy (that of suspended water included) and total water content: unchanged if unsaturated, otherwise saturated air with
/// the rest as water at the same temperature (below 0 °C ice, at 0 °C both). Enthalpy and water are conserved to rounding.
Separated separate(double enthalpy, double pressure, double total_humidity, Psychrometry route = Psychrometry::hyland_wexler);

// ---- standard atmosphere (ASHRAE 2017, 1, equations 3 and 4), −5000 … 11000 m ----
double standard_pressure(double altitude);
double standard_temperature(double altitude);

}  // namespace winze::air
