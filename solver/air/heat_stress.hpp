/// Heat stress of people: wet-bulb globe temperature, air cooling power, thermal work limit, predicted heat strain, effective temperature.
/// Temperatures in kelvin, heat in W per m² of body surface.
#pragma once
#include <array>
#include <string>

#include "air/moist_air.hpp"

namespace winze::air {

/// What surrounds a person.
struct Surroundings {
  State air;
  double radiant = 0;  ///< mean radiant temperature, K; of a mine: the wall's
  double speed = 0;    ///< m/s
};
/// Throws InputError unless the air is valid, −30 … 120 °C of radiant temperature, 0 … 30 m/s.
void check(const Surroundings& s, Psychrometry route = Psychrometry::hyland_wexler);

// ---- globe, natural wet bulb, WBGT ----
/// 150 mm black globe in balance of radiation (emissivity 0.95) and the larger of forced convection 6.3 V^0.6/D^0.4 and free 1.4 (ΔT/D)^0.25 (ISO
/// 7726).
double globe_temperature(const Surroundings& s);
/// The mean radiant temperature that gives this globe temperature in air of this temperature and speed: the inverse of the former.
double radiant_of_globe(double globe, double air, double speed);
/// Unventilated wick of 4 mm: convection Nu = 0.281 Re^0.6 (Bedingfield and Drew), radiation with exchange factor 0.76, evaporation by the Lewis
/// relation 0.622 L h/(cp P) (heat balance of Brake 2001); speed not below 0.1 m/s. An estimate: instruments differ by some tenths of a kelvin.
double natural_wet_bulb(const Surroundings& s, Psychrometry route = Psychrometry::hyland_wexler);
/// Without sun: 0.7 t_nwb + 0.3 t_g (ISO 7243:2017).
double wet_bulb_globe_temperature(const Surroundings& s, Psychrometry route = Psychrometry::hyland_wexler);

// ---- air cooling power and thermal work limit ----
struct Clothing {
  double insulation = 0;     ///< clo, of the ensemble without its air layer
  double permeation = 0.45;  ///< vapour permeation efficiency i_cl, 0 … 1
};
/// Heat that a fully wet skin of 35 °C can lose (Mitchell and Whillier 1971, Stewart 1982): h_c = 0.608 P^0.6 V^0.6 (P in kPa), h_r = 4.61 [1 + (t_r
/// + t_s) /546]³, h_e = 1587 h_c P/(P − p_a)², body area factor 0.73 for radiation; clothing by the factors of Brake and Bates (2002). Negative where
/// the surroundings heat the skin.
double air_cooling_power(const Surroundings& s, const Clothing& clothing = {}, Psychrometry route = Psychrometry::hyland_wexler);

/// Zones of the protocol of Brake and Bates (2002): below 115 W/m² withdrawal, below 140 buffer, below 220 acclimatisation, else unrestricted.
enum class WorkZone { withdrawal, buffer, acclimatisation, unrestricted };
constexpr std::array<const char*, 4> names(WorkZone) { return {"withdrawal", "buffer", "acclimatisation", "unrestricted"}; }
WorkZone work_zone(double limit);

/// Thermal work limit: the metabolic rate at which a hydrated, acclimatised person's core stays at 38.2 °C.
struct WorkLimit {
  double limit = 0;  ///< W/m²; 0 where even rest is too much
  double skin = 0;   ///< K
  double sweat = 0;  ///< kg/(m² s)
};
/// Brake and Bates (2002), appendix: core conductance and sweat after Wyndham, evaporation in three zones. The printed exponent of the middle zone
/// does not join its neighbours; λS_r exp(−0.4127 (x − 0.46)^1.168) does. Speed is taken within their 0.2 … 4 m/s.
WorkLimit thermal_work_limit(const Surroundings& s, const Clothing& clothing, Psychrometry route = Psychrometry::hyland_wexler);

// ---- predicted heat strain ----
enum class Posture { standing, sitting, crouching };
constexpr std::array<const char*, 3> names(Posture) { return {"standing", "sitting", "crouching"}; }
enum class StrainEdition { iso_7933_2004, iso_7933_2023 };
constexpr std::array<const char*, 2> names(StrainEdition) { return {"iso_7933_2004", "iso_7933_2023"}; }

struct Work {
  double metabolic = 0;      ///< W/m²: 100 … 450 (2004), 56 … 250 (2023)
  double external = 0;       ///< W/m², effective mechanical power
  double insulation = 0.5;   ///< clo, static, 0.1 … 1
  double moisture = 0.38;    ///< static moisture permeability index
  double reflective = 0.54;  ///< share of the body under reflective clothing
  double reflection = -1;    ///< F_r: emissivity 0.97 (2004), reflection 0.42 (2023); negative: these
  double weight = 75;        ///< kg
  double height = 1.8;       ///< m
  double walking = 0;        ///< m/s; 0: estimated from the metabolic rate
  double direction = 0;      ///< rad between walking and wind; 0: any
  Posture posture = Posture::standing;
  bool acclimatised = true, drinks = true;
  int minutes = 480;
};
struct Strain {
  double rectal = 0, core = 0, skin = 0;  ///< K at the end
  double sweat = 0;                       ///< kg of the whole person
  double minutes_rectal = 0;              ///< until 38 °C; the duration where never reached
  double minutes_loss_mean = 0;           ///< until the water loss of a mean person; 2023 knows one limit
  double minutes_loss_95 = 0;             ///< until that of 95 % of workers
};
/// ISO 7933 annex program, minute by minute. The standard is written for pressures near 101 kPa and does not correct for others. Throws InputError
/// outside its range: 15 … 50 °C, 0 … 4.5 kPa of vapour, radiant 0 … 60 K above the air, 0 … 3 m/s.
Strain predicted_heat_strain(const Surroundings& s, const Work& work, StrainEdition edition, Psychrometry route = Psychrometry::hyland_wexler);

/// Missenard's (1933) net effective temperature, K: legacy, for comparison with old limits; not the nomograms of Yaglou, which have no formula.
double effective_temperature(const Surroundings& s, Psychrometry route = Psychrometry::hyland_wexler);

}  // namespace winze::air
