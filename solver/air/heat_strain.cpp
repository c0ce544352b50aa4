// Predicted heat strain: the program of ISO 7933 (2004: annex E; 2023: annex E) with its own units, °C, kPa, minutes, W/m².
#include <algorithm>
#include <cmath>

#include "air/heat_stress.hpp"
#include "base/error.hpp"

namespace winze::air {

namespace {

constexpr double met = 58.15;  // W/m²

double saturated(double celsius) { return 0.6105 * std::exp(17.27 * celsius / (celsius + 237.3)); }

void check_range(double value, double low, double high, const char* what, const char* unit) {
  if (!(value >= low - 1e-9 && value <= high + 1e-9))
    throw InputError("{} {:.6g} {} is outside {:.6g} … {:.6g} {}, the range of ISO 7933", what, value, unit, low, high, unit);
}

// Clothing in motion: total insulation, its own insulation, and vapour resistance (m² K/W, m² kPa/W).
struct Moving {
  double own, vapour, area;
  Moving(const Work& w, double wind, double walking, bool new_edition) {
    constexpr double air_layer = 0.111;
    const double intrinsic = 0.155 * w.insulation;
    area = 1 + (new_edition ? 0.28 : 0.3) * w.insulation;
    const double total = intrinsic + air_layer / area, v = std::min(wind, 3.0), u = std::min(walking, 1.5);
    const double clothed = std::min(1.0, 1.044 * std::exp((0.066 * v - 0.398) * v + (0.094 * u - 0.378) * u));
    const double nude = std::min(1.0, std::exp((0.047 * wind - 0.472) * wind + (0.117 * u - 0.342) * u));
    const double correction = w.insulation <= 0.6 ? ((0.6 - w.insulation) * nude + w.insulation * clothed) / 0.6 : clothed;
    const double dynamic = total * correction;
    own = dynamic - nude * air_layer / area;
    const double permeability = std::min(0.9, w.moisture * ((2.6 * correction - 6.5) * correction + 4.9));
    vapour = dynamic / permeability / 16.7;
  }
};

}  // namespace

Strain predicted_heat_strain(const Surroundings& s, const Work& w, StrainEdition edition, Psychrometry route) {
  check(s, route);
  const bool is_new = edition == StrainEdition::iso_7933_2023;
  const double ta = s.air.temperature - zero_celsius, tr = s.radiant - zero_celsius, pa = vapour_pressure(s.air, route) / 1e3, m = w.metabolic;
  check_range(ta, 15, 50, "air temperature", "°C");
  check_range(pa, 0, 4.5, "vapour pressure", "kPa");
  check_range(tr - ta, 0, 60, "radiant less air temperature", "K");
  check_range(s.speed, 0, 3, "air speed", "m/s");
  check_range(m, is_new ? 56 : 100, is_new ? 250 : 450, "metabolic rate", "W/m²");
  check_range(w.insulation, 0.1, 1, "clothing insulation", "clo");
  if (!(w.weight > 0 && w.weight <= 300 && w.height > 0 && w.height <= 3 && w.minutes > 0 && w.minutes <= 1440))
    throw InputError("a worker of {:.6g} kg and {:.6g} m for {} minutes: expected up to 300 kg, 3 m, 1440 minutes, all positive", w.weight, w.height,
                     w.minutes);

  const double body = 0.202 * std::pow(w.weight, 0.425) * std::pow(w.height, 0.725);  // m² (Du Bois)
  const double capacity = met * w.weight / body;                                      // W min/(m² K)
  const double loss_mean = (is_new ? (w.drinks ? 50 : 30) : 75) * w.weight, loss_95 = (is_new ? (w.drinks ? 50 : 30) : 50) * w.weight;  // g
  const double radiating = w.posture == Posture::standing ? 0.77 : w.posture == Posture::sitting ? 0.7 : 0.67;
  const double most_sweat = is_new ? (w.acclimatised ? 500 : 400) : std::clamp((m - 32) * body, 250.0, 400.0) * (w.acclimatised ? 1.25 : 1);
  const double most_wet = w.acclimatised ? 1 : 0.85;

  double walking = w.walking, wind = s.speed;
  if (walking > 0)
    wind = w.direction != 0 ? std::abs(s.speed - walking * std::cos(w.direction)) : std::max(s.speed, walking);
  else
    walking = std::min(0.7, 0.0052 * (m - 58));
  const Moving clothes(w, wind, walking, is_new);

  const double expired = 28.56 + 0.115 * ta + 0.641 * pa;
  const double respired_heat = 0.001516 * m * (expired - ta), respired_vapour = 0.00127 * m * (59.34 + 0.53 * ta - 11.63 * pa);
  const double forced = wind > 1 ? 8.7 * std::pow(wind, 0.6) : 3.5 + 5.2 * wind;
  // The free convection of both programs is evaluated once: 2004 from the skin at the start, 2023 from the first guess of the clothing.
  double skin = 34.1, core = 36.8, rectal = 36.8, core_set = 36.8, skin_share = 0.3;
  const double convection = std::max(forced, 2.38 * std::pow(std::abs((is_new ? tr + 0.1 : skin) - ta), 0.25));
  const double reflection = w.reflection >= 0 ? w.reflection : (is_new ? 0.42 : 0.97);
  const double emission = (1 - w.reflective) * 0.97 + w.reflective * (is_new ? 1 - reflection : reflection);

  const double core_set_end = 0.0036 * m + 36.6, slow = std::exp(-1 / 10.), quick = std::exp(-1 / 3.);
  const double clothed_base = 12.165 + 0.02017 * ta + 0.04361 * tr + 0.19354 * pa - 0.25315 * s.speed + 0.005346 * m;
  const double nude_base = 7.191 + 0.064 * ta + 0.061 * tr + 0.198 * pa - 0.348 * s.speed;
  double sweat = 0, evaporated = 0, grams = 0;
  Strain result;
  for (int minute = 1; minute <= w.minutes; ++minute) {
    const double skin0 = skin, core0 = core, core_set0 = core_set, share0 = skin_share;
    core_set = core_set0 * slow + core_set_end * (1 - slow);
    const double stored_set = capacity * (core_set - core_set0) * (1 - share0);
    const double clothed = clothed_base + 0.51274 * rectal, nude = nude_base + 0.616 * rectal;
    const double skin_set = w.insulation >= 0.6 ? clothed : w.insulation <= 0.2 ? nude : nude + 2.5 * (clothed - nude) * (w.insulation - 0.2);
    skin = is_new && minute == 1 ? skin_set : skin0 * quick + skin_set * (1 - quick);  // 2023: the first minute takes the set value

    double cloth = tr + 0.1, radiation = 0;
    for (int i = 0; i < 200; ++i) {
      radiation = emission * 5.67e-8 * radiating * (std::pow(cloth + 273, 4) - std::pow(tr + 273, 4)) / (cloth - tr);
      const double next =
          (clothes.area * (convection * ta + radiation * tr) + skin / clothes.own) / (clothes.area * (convection + radiation) + 1 / clothes.own);
      if (std::abs(cloth - next) <= 0.001) break;
      cloth = 0.5 * (cloth + next);
      if (cloth == tr) cloth += 1e-6;
    }
    const double dry = clothes.area * (convection * (cloth - ta) + radiation * (cloth - tr));
    double most = (saturated(skin) - pa) / clothes.vapour;
    if (most == 0) most = 0.001;
    double required = m - stored_set - w.external - respired_heat - respired_vapour - dry;
    const double wettedness = required / most;
    double required_sweat = 0;
    if (required <= 0) {
      required = 0;
    } else if (most <= 0) {
      most = 0;
      required_sweat = most_sweat;
    } else if (wettedness >= 1.7) {
      required_sweat = most_sweat;
    } else {
      const double efficiency = wettedness > 1 ? 0.5 * (2 - wettedness) * (2 - wettedness) : 1 - 0.5 * wettedness * wettedness;
      required_sweat = std::min(most_sweat, required / std::max(0.05, efficiency));
    }
    sweat = sweat * slow + required_sweat * (1 - slow);
    double predicted = 0;
    if (sweat > 0) {
      const double k = most / std::max(sweat, 1e-6), wet = k >= 0.5 ? -k + std::sqrt(k * k + 2) : 1;
      predicted = std::min(wet, most_wet) * most;
    } else {
      sweat = 0;
    }
    const double stored = required - predicted + stored_set;
    double guess = core0;
    for (int i = 0; i < 200; ++i) {
      skin_share = std::clamp(0.3 - 0.09 * (guess - 36.8), 0.1, 0.3);
      core = (stored / capacity + 0.5 * skin0 * share0 - 0.5 * skin * skin_share + core0 * (1 - 0.5 * share0)) / (1 - 0.5 * skin_share);
      if (std::abs(core - guess) <= 0.001) break;
      guess = 0.5 * (guess + core);
    }
    rectal += (2 * core - 1.962 * rectal - 1.31) / 9;
    evaporated += sweat + respired_vapour;
    grams = evaporated * 2.67 * body / 1.8 / 60;
    if (result.minutes_rectal == 0 && rectal >= 38) result.minutes_rectal = minute;
    if (result.minutes_loss_mean == 0 && grams >= loss_mean) result.minutes_loss_mean = minute;
    if (result.minutes_loss_95 == 0 && grams >= loss_95) result.minutes_loss_95 = minute;
  }
  if (!w.drinks && !is_new) result.minutes_loss_95 *= 0.6, result.minutes_loss_mean = result.minutes_loss_95;
  for (double* t : {&result.minutes_rectal, &result.minutes_loss_mean, &result.minutes_loss_95})
    if (*t == 0) *t = w.minutes;
  result.rectal = rectal + zero_celsius;
  result.core = core + zero_celsius;
  result.skin = skin + zero_celsius;
  result.sweat = grams / 1e3;
  return result;
}

}  // namespace winze::air
