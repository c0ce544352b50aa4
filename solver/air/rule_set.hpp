/// Rule sets: limits of heat and air for places where people work, as data files. Every clause has its source and says whether its text was read or
/// only recalled; what was only recalled is never reported as compliance.
///
/// Adding a quantity: a struct with name, doc, unit, thermal and value(), and its name in Limit. Adding a rule set: a file like those in cases/rules.
#pragma once
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "air/heat_stress.hpp"
#include "input/key.hpp"

namespace winze::air {

/// A place where people work, and what is known about it. Zero flow, people, diesel power, metabolic rate: unknown.
struct Workplace {
  std::string name;
  std::string kind;  ///< as the clauses call it: heading, drift_stope, haulage, …
  Surroundings surroundings;
  double air_flow = 0;      ///< kg of dry air per second
  double volume_flow = 0;   ///< m³/s
  double people = 0;        ///< most at one time
  double diesel_power = 0;  ///< W, rated
  double metabolic = 0;     ///< W per person
  bool acclimatised = true, active = true;
  Clothing clothing{0.5, 0.45};
};

enum class Confidence { read, recalled };
constexpr std::array<const char*, 2> names(Confidence) { return {"read", "recalled"}; }

/// Bounds of a quantity Q in its unit.
template <class Q>
struct Bounds {
  std::optional<double> at_most, at_least;
  static auto keys() {
    using Member = std::optional<double> Q::*;
    return input::keys(input::key("at_most", Member(&Bounds::at_most), Q::unit, "upper limit"),
                       input::key("at_least", Member(&Bounds::at_least), Q::unit, "lower limit"));
  }
  void check(input::Check& check) const {
    if (at_most.has_value() == at_least.has_value()) check.problem("give one of at_most and at_least");
  }
};

using Value = std::optional<double>;  ///< nothing where the workplace does not say

struct WetBulb : Bounds<WetBulb> {
  static constexpr const char *name = "wet_bulb", *doc = "aspirated wet-bulb temperature", *unit = "K";
  static constexpr bool thermal = true;
  static Value value(const Workplace& w, Psychrometry route) { return wet_bulb(w.surroundings.air, route); }
};
struct DryBulb : Bounds<DryBulb> {
  static constexpr const char *name = "dry_bulb", *doc = "dry-bulb temperature", *unit = "K";
  static constexpr bool thermal = true;
  static Value value(const Workplace& w, Psychrometry) { return w.surroundings.air.temperature; }
};
struct WetBulbGlobe : Bounds<WetBulbGlobe> {
  static constexpr const char *name = "wbgt", *doc = "wet-bulb globe temperature", *unit = "K";
  static constexpr bool thermal = true;
  static Value value(const Workplace& w, Psychrometry route) { return wet_bulb_globe_temperature(w.surroundings, route); }
};
struct CoolingPower : Bounds<CoolingPower> {
  static constexpr const char *name = "air_cooling_power", *doc = "air cooling power of a fully wet, unclothed skin at 35 °C", *unit = "W/m^2";
  static constexpr bool thermal = true;
  static Value value(const Workplace& w, Psychrometry route) { return air_cooling_power(w.surroundings, {}, route); }
};
struct ThermalWork : Bounds<ThermalWork> {
  static constexpr const char *name = "thermal_work_limit", *doc = "thermal work limit", *unit = "W/m^2";
  static constexpr bool thermal = true;
  static Value value(const Workplace& w, Psychrometry route) { return thermal_work_limit(w.surroundings, w.clothing, route).limit; }
};
struct AirSpeed : Bounds<AirSpeed> {
  static constexpr const char *name = "air_speed", *doc = "air speed", *unit = "m/s";
  static constexpr bool thermal = false;
  static Value value(const Workplace& w, Psychrometry) { return w.surroundings.speed; }
};
struct AirPerPerson : Bounds<AirPerPerson> {
  static constexpr const char *name = "air_per_person", *doc = "air per person on the largest shift", *unit = "m^3/s";
  static constexpr bool thermal = false;
  static Value value(const Workplace& w, Psychrometry) { return w.people > 0 ? Value(w.volume_flow / w.people) : std::nullopt; }
};
struct AirPerDiesel : Bounds<AirPerDiesel> {
  static constexpr const char *name = "air_per_diesel_power", *doc = "air per rated diesel power", *unit = "m^3/s/W";
  static constexpr bool thermal = false;
  static Value value(const Workplace& w, Psychrometry) { return w.diesel_power > 0 ? Value(w.volume_flow / w.diesel_power) : std::nullopt; }
};

using Limit = input::Choice<WetBulb, DryBulb, WetBulbGlobe, CoolingPower, ThermalWork, AirSpeed, AirPerPerson, AirPerDiesel>;

/// Where a clause applies; everything given must hold. Lower ends of wet bulb and metabolic rate are exclusive, their upper ends inclusive; of the
/// speed the lower is inclusive, the upper exclusive.
struct When {
  std::vector<std::string> kinds;
  std::optional<double> wet_bulb_above, wet_bulb_up_to, speed_at_least, speed_below, metabolic_above, metabolic_up_to;
  std::optional<bool> acclimatised;
  static auto keys();
};
/// No value where the workplace does not tell (a metabolic rate).
std::optional<bool> applies(const When& when, const Workplace& w, Psychrometry route = Psychrometry::hyland_wexler);

struct Clause {
  std::string name, text, otherwise, source;
  Limit limit;
  When when;
  Confidence confidence = Confidence::recalled;
  static auto keys();
};

struct RuleSet {
  std::string name, title, jurisdiction, note;
  std::vector<Clause> clauses;
  static auto keys();
};
/// Throws InputError with file and line of all that is wrong.
RuleSet read_rule_set(const std::string& path);

enum class Verdict { within, beyond, not_applicable, unknown };

/// One clause at one workplace.
struct Finding {
  const Clause* clause = nullptr;
  Verdict verdict = Verdict::unknown;
  double value = NAN, limit = NAN;  ///< in the unit of the quantity
  double margin = NAN;              ///< in that unit, positive inside
  /// Thermal quantities: how many kelvin air and walls may warm (negative: must cool) at unchanged wet-bulb depression until the limit is met, the
  /// sigma heat of that, J per kg of dry air, and with the air flow, W: what a cooler here must take, negated. NAN where no such state is in range.
  double kelvin = NAN, heat = NAN, power = NAN;
};
/// None where the workplace is not active. The set must outlive the findings.
std::vector<Finding> evaluate(const RuleSet& rules, const Workplace& w, Psychrometry route = Psychrometry::hyland_wexler);
/// One line for people: "stope 3, gb_16423_2020 6.6.1: wet_bulb 28.40 °C, at most 27.00 °C: beyond a recalled limit by 1.40 K, 512 kW to remove". The
/// word "complies" only for clauses that were read.
std::string describe(const RuleSet& rules, const Workplace& w, const Finding& finding);

// ---- keys ----
inline auto When::keys() {
  using input::key;
  return input::keys(key("kinds", &When::kinds, "kinds of workplace; empty: all"),
                     key("wet_bulb_above", &When::wet_bulb_above, "K", "applies above this wet bulb"),
                     key("wet_bulb_up_to", &When::wet_bulb_up_to, "K", "applies up to this wet bulb"),
                     key("speed_at_least", &When::speed_at_least, "m/s", "applies from this air speed"),
                     key("speed_below", &When::speed_below, "m/s", "applies below this air speed"),
                     key("metabolic_above", &When::metabolic_above, "W", "applies above this metabolic rate per person"),
                     key("metabolic_up_to", &When::metabolic_up_to, "W", "applies up to this metabolic rate per person"),
                     key("acclimatised", &When::acclimatised, "for acclimatised people, or for others"));
}
inline auto Clause::keys() {
  using input::key;
  return input::keys(key("name", &Clause::name, "number of the clause, or what it is called").require(),
                     key("text", &Clause::text, "what it asks, in one sentence").require(),
                     key("limit", &Clause::limit, "quantity and bound").require(), key("when", &Clause::when, "where it applies"),
                     key("otherwise", &Clause::otherwise, "what follows where it is not met"),
                     key("source", &Clause::source, "where the clause was read, or from where it is recalled").require(),
                     key("confidence", &Clause::confidence, "read: the text was read; recalled: it was not").require());
}
inline auto RuleSet::keys() {
  using input::key;
  return input::keys(key("name", &RuleSet::name, "short name").require(), key("title", &RuleSet::title, "title of the document").require(),
                     key("jurisdiction", &RuleSet::jurisdiction, "where it holds").require(), key("note", &RuleSet::note, "what a reader must know"),
                     key("clauses", &RuleSet::clauses, "its clauses").require());
}

}  // namespace winze::air
