/// Cooling of mine air: spray coolers and towers, coils, refrigeration plant, condensers, pipes, pumps, turbines, ice, cold storage. Every result
/// carries all its flows of energy and water, so that a ledger over air, water and plant closes to rounding; `residual()` says how well.
///
/// Air flows are kg of dry air per second. Enthalpy of water is water_enthalpy() of the psychrometric route: zero for liquid at 0 °C.
#pragma once
#include "air/moist_air.hpp"
#include "input/key.hpp"

namespace winze::air {

/// A stream of liquid water.
struct Water {
  double flow = 0;         ///< kg/s
  double temperature = 0;  ///< K, 0 … 95 °C
};

// ---- direct contact ----
struct Spray {
  State air;                    ///< leaving: saturated
  Water water;                  ///< leaving: with the condensate (or less what evaporated), at the temperature that closes the enthalpy balance
  double duty = 0;              ///< W taken from the air's sigma heat, Whillier's duty; negative where the water is cooled (tower)
  double merit_water = 0;       ///< K: water leaving by Whillier's balance, duty/(flow c_w) above the inlet, without the condensate's share
  double condensate = 0;        ///< kg/s from air to water; negative: evaporation
  double air_loss = 0;          ///< W: flow · (enthalpy in − out) of the air
  double water_gain = 0;        ///< W: enthalpy out − in of the water
  double capacity_ratio = 0;    ///< R
  double water_efficiency = 0;  ///< η_w
  double air_efficiency = 0;    ///< η_a = R η_w ≤ 1
  double residual() const { return air_loss - water_gain; }
};
/// Factor of merit F, 0 < F < 1 (Whillier 1977, Bluhm 1981): R = m_w c_w (t_wb − t_wi)/(m_a [S(air) − S_sat(t_wi)]), N = F/(R^0.4 (1 − F)),
/// η_w = (1 − e^−N(1−R))/(1 − R e^−N(1−R)). F: one stage horizontal 0.4 … 0.5, two 0.55 … 0.68, three 0.7 … 0.8, towers 0.5 … 0.7 (recalled).
/// Serves coolers (water colder than the wet bulb) and towers (warmer). Refuses mixtures that would freeze.
Spray spray(const State& air, double air_flow, const Water& water, double merit, Psychrometry route = Psychrometry::hyland_wexler);

// ---- coil ----
struct Coil {
  double outside = 0;  ///< W/K: air side, area times coefficient
  double inside = 0;   ///< W/K: water side
  double fouling = 0;  ///< K/W between them
};
struct Coiled {
  State air;              ///< leaving
  Water water;            ///< leaving
  double duty = 0;        ///< W into the water
  double air_loss = 0;    ///< W
  double condensate = 0;  ///< kg/s, drained at the surface's temperature
  double drained = 0;     ///< W, its enthalpy
  double bypass = 0;      ///< exp(−NTU outside)
  double surface = 0;     ///< K, effective
  bool wet = false;
  double residual() const { return air_loss - duty - drained; }
};
/// Counterflow, dry where the surface is above the dew point, wet where it is below: ε-NTU in temperature and in enthalpy with the saturation heat
/// capacity between the water's ends (Threlkeld 1970; Braun, Klein, Mitchell 1989), the boundary placed where the surface is at the dew point.
/// Condensate leaves at the surface's effective temperature. Saturation is taken straight over
/// the water's range and from water to surface. Water must be colder
/// than the air; refuses a wet surface below 0 °C.
Coiled coil(const State& air, double air_flow, const Water& water, const Coil& coil, Psychrometry route = Psychrometry::hyland_wexler);

// ---- refrigeration ----
struct Chiller {
  double efficiency = 0.6;           ///< of Carnot, at full load
  double evaporator_approach = 2.5;  ///< K: chilled water leaving less evaporating temperature
  double condenser_approach = 2.5;   ///< K: condensing temperature less condenser water leaving
  double capacity = 0;               ///< W of cooling
  input::Curve part_load{1.0};       ///< efficiency over that at full load, by load over capacity
};
struct Chilled {
  double cooling = 0, power = 0, rejected = 0;  ///< W; rejected = cooling + power
  double unmet = 0;                             ///< W of the load beyond the capacity
  double cop = 0;
  double evaporating = 0, condensing = 0;  ///< K
  double residual() const { return cooling + power - rejected; }
};
/// COP = η T_e/(T_c − T_e). Load in W; chilled and condenser water leaving in K. Refuses a lift below 2 K.
Chilled chiller(const Chiller& plant, double load, double chilled_out, double condenser_out);
/// T_e/(T_c − T_e).
double carnot_cop(double evaporating, double condensing);

/// A condenser that sprays its water into air (return air underground, or a tower on surface).
struct Rejection {
  Spray spray;           ///< at the balance, or at the hottest water where the heat is more than it can take
  double hot = 0;        ///< K: water from the condenser
  double cold = 0;       ///< K: water to the condenser, by Whillier's balance
  double capacity = 0;   ///< W at the hottest water allowed
  bool limited = false;  ///< the heat exceeds the capacity
};
/// Finds the hot water temperature at which the spray takes `heat` W. `hottest`: allowed water temperature, K.
Rejection reject_to_air(const State& air, double air_flow, double water_flow, double merit, double heat, double hottest,
                        Psychrometry route = Psychrometry::hyland_wexler);
/// What air can take at most, W: m (S_sat(limit) − S).
double air_capacity(const State& air, double air_flow, double wet_bulb_limit, Psychrometry route = Psychrometry::hyland_wexler);

/// Plant and condenser together: condensing temperature and rejected heat agree.
struct Refrigeration {
  Chilled chilled;
  Rejection rejection;
};
/// Where the condenser cannot take the heat the cooling is cut until it can: chilled.unmet says by how much, rejection.limited is set.
Refrigeration refrigerate(const Chiller& plant, double load, double chilled_out, const State& air, double air_flow, double condenser_water,
                          double merit, double hottest, Psychrometry route = Psychrometry::hyland_wexler);

// ---- water circuit ----
/// W/(m K) of an insulated pipe: 1/(ln(D/d)/(2 π k) + 1/(h π D)); d, D: diameters within and outside the insulation.
double pipe_conductance(double inner_diameter, double outer_diameter, double insulation, double film);
struct Piped {
  Water water;           ///< leaving
  double gain = 0;       ///< W from the surrounding air
  double potential = 0;  ///< W of potential energy that stays in the water as heat: flow g drop (1 − recovered)
  double recovered = 0;  ///< W taken out at the end by a turbine or feeder
  double residual(const Water& in, Psychrometry route = Psychrometry::hyland_wexler) const;
};
/// Water through `length` m of pipe in air of `ambient` K, down by `drop` m (rising water neither warms nor cools by it: its pump pays). `recovery`:
/// share of the head taken out as work (turbine efficiency, or that of a three-chamber pipe feeder, about 0.95); 0 … 1. Falling water warms by
/// g/c_w, 2.34 K/km, less what is recovered.
Piped pipe(const Water& in, double conductance, double length, double ambient, double drop, double recovery = 0,
           Psychrometry route = Psychrometry::hyland_wexler);
struct Pumped {
  double power = 0;      ///< W at the shaft
  double hydraulic = 0;  ///< W into head
  double heat = 0;       ///< W into the water
};
/// flow g head/efficiency; kg/s, m.
Pumped pump(double flow, double head, double efficiency);
/// W: flow g head efficiency.
double turbine_power(double flow, double head, double efficiency);
/// A three-chamber pipe feeder trades cold water down for warm water up at almost equal pressure: only the lost head is pumped.
Pumped pipe_feeder(double flow, double head, double recovery, double pump_efficiency);

// ---- ice and storage ----
inline constexpr double ice_latent = 333.5e3;      ///< J/kg
inline constexpr double ice_heat_capacity = 2100;  ///< J/(kg K)
/// J per kg of a mixture of ice and water at 0 °C (or ice colder) that leaves as water at `leaving` K.
double ice_cooling(double ice_fraction, double ice_temperature, double leaving, Psychrometry route = Psychrometry::hyland_wexler);

/// A well-mixed tank of cold water, with ice in it if at 0 °C.
struct ColdStore {
  double water = 0;        ///< kg, ice included
  double ice = 0;          ///< kg
  double temperature = 0;  ///< K
  double leak = 0;         ///< W/K to the surroundings
};
struct Stored {
  double through = 0;  ///< J brought by the water passing through
  double leaked = 0;   ///< J from the surroundings
  double leaving = 0;  ///< K: mean temperature of the water that left
};
/// dt seconds of `in` passing through (what enters leaves) with surroundings at `ambient`; exact for constant conditions: ice melts at 0 °C first,
/// then the temperature runs exponentially. Changes the store.
Stored advance(ColdStore& store, double dt, const Water& in, double ambient, Psychrometry route = Psychrometry::hyland_wexler);
/// J, zero for water at 0 °C.
double stored_energy(const ColdStore& store, Psychrometry route = Psychrometry::hyland_wexler);

/// Share of a cooling of air at the inlet of a dry airway that is still felt at its end: e^(−per U L/(m c)).
double positional_efficiency(double perimeter, double conductance, double length, double air_flow, double heat_capacity);

}  // namespace winze::air
