/// What an option comes to: from what its run showed at every step to energy, money, and how often which limit was exceeded.
#pragma once
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "design/study.hpp"

namespace winze::design {

inline constexpr double year = 365.25 * 86400;  ///< s

/// A limit at a workplace. kelvin and power as air::Finding: positive inside; NAN where not known.
struct Judged {
  std::string workplace, clause;
  bool beyond = false;
  double kelvin = NAN, power = NAN;
};
/// One record of a run; the state holds for `duration` s before `time`.
struct Observed {
  std::string stage;
  double time = 0, duration = 0;
  double fans = 0, plants = 0, cooling = 0, strata = 0, wet_bulb = NAN;  ///< W; W of electricity; W taken by coolers; W; hottest wet bulb, °C
  double make_up = 0;                                                    ///< kg/s
  double stall_margin = NAN;                                             ///< least of all fans
  std::vector<Judged> judged;
};

struct Place {
  std::string workplace, clause, stage;
  double time = NAN, kelvin = NAN, power = NAN;
};

struct Outcome {
  double duration = 0;                                                            ///< s
  double cooling_mean = 0, cooling_most = 0;                                      ///< W, refrigeration
  double power_mean = 0, power_most = 0;                                          ///< W, electricity of fans and plants
  double fan_energy = 0, plant_energy = 0;                                        ///< J per year
  double water = 0;                                                               ///< m³ per year
  double carbon = 0;                                                              ///< kg of CO2 per year
  double energy_cost = 0, water_cost = 0, capital = 0;                            ///< per year, per year, total; undiscounted
  double present_cost = 0;                                                        ///< everything, discounted to the start
  double beyond_days = 0;                                                         ///< workplace-days on which a workplace is beyond any limit
  int workplaces = 0, beyond_workplaces = 0;                                      ///< judged; ever beyond
  double remove_most = 0;                                                         ///< W to remove at all workplaces together, worst moment
  Place worst;                                                                    ///< least margin in kelvin
  Place first;                                                                    ///< first beyond a limit; empty where none is
  std::vector<std::pair<std::string, double>> days_by_clause, days_by_workplace;  ///< only those beyond
  double stall_margin = NAN;
};

/// Currency per kWh at a moment of the case, s.
double electricity_price(const Prices& prices, double time);
/// Mean over the months.
double electricity_price(const Prices& prices);

/// `seen` without durations stands for equal parts of study.years. Discounting: amounts at time t count 1/(1+discount)^(t/year), running costs at the
/// middle of their step.
Outcome outcome(const Study& study, const Option& option, const std::vector<Observed>& seen);

double score(const Weights& weights, const Outcome& outcome);
/// Places in `outcomes`, the smallest score first; equal scores keep their order.
std::vector<int> ranking(const Weights& weights, const std::vector<Outcome>& outcomes);
/// true: no other option needs less power (mean) and is beyond limits on fewer days at once.
std::vector<bool> pareto(const std::vector<Outcome>& outcomes);

}  // namespace winze::design
