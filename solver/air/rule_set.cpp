#include "air/rule_set.hpp"

#include <cstring>

#include "base/error.hpp"
#include "base/units.hpp"

namespace winze::air {

namespace {

struct Bound {
  double limit;
  bool upper;
};
template <class Q>
Bound bound_of(const Bounds<Q>& b) {
  return b.at_most ? Bound{*b.at_most, true} : Bound{*b.at_least, false};
}

// Air and walls colder by x kelvin at the same wet-bulb depression.
Workplace cooled(const Workplace& w, double x, Psychrometry route) {
  Workplace r = w;
  const State& air = w.surroundings.air;
  r.surroundings.air = from_wet_bulb(air.temperature - x, wet_bulb(air, route) - x, air.pressure, route);
  r.surroundings.radiant -= x;
  return r;
}

// Kelvin the place may warm until the quantity meets the bound; NAN where that is out of range.
template <class Q>
double kelvin_to(const Bound& bound, const Workplace& w, Psychrometry route) {
  const auto inside = [&](double warmer) {
    const double v = *Q::value(cooled(w, -warmer, route), route);
    return bound.upper ? v <= bound.limit : v >= bound.limit;
  };
  try {
    const bool now = inside(0);
    double near = 0, far = now ? 0.25 : -0.25;
    while (inside(far) == now) {
      near = far, far *= 2;
      if (std::abs(far) > 64) return NAN;
    }
    for (int i = 0; i < 60; ++i) {
      const double middle = 0.5 * (near + far);
      (inside(middle) == now ? near : far) = middle;
    }
    return 0.5 * (near + far);
  } catch (const InputError&) {
    return NAN;
  }
}

std::string shown(double value, const char* unit) {
  if (!std::strcmp(unit, "K")) return fmt::format("{:.2f} °C", value - zero_celsius);
  if (!std::strcmp(unit, "m^3/s")) return fmt::format("{:.2f} m³/min", value * 60);
  if (!std::strcmp(unit, "m^3/s/W")) return fmt::format("{:.2f} m³/min/kW", value * 60e3);
  if (!std::strcmp(unit, "W/m^2")) return fmt::format("{:.0f} W/m²", value);
  return fmt::format("{:.2f} {}", value, unit);
}

}  // namespace

std::optional<bool> applies(const When& when, const Workplace& w, Psychrometry route) {
  if (!when.kinds.empty()) {
    bool found = false;
    for (const std::string& kind : when.kinds) found = found || kind == w.kind;
    if (!found) return false;
  }
  if (when.acclimatised && *when.acclimatised != w.acclimatised) return false;
  const double speed = w.surroundings.speed;
  if ((when.speed_at_least && speed < *when.speed_at_least) || (when.speed_below && speed >= *when.speed_below)) return false;
  if (when.wet_bulb_above || when.wet_bulb_up_to) {
    const double tw = wet_bulb(w.surroundings.air, route);
    if ((when.wet_bulb_above && tw <= *when.wet_bulb_above) || (when.wet_bulb_up_to && tw > *when.wet_bulb_up_to)) return false;
  }
  if (when.metabolic_above || when.metabolic_up_to) {
    if (!(w.metabolic > 0)) return std::nullopt;
    if ((when.metabolic_above && w.metabolic <= *when.metabolic_above) || (when.metabolic_up_to && w.metabolic > *when.metabolic_up_to)) return false;
  }
  return true;
}

RuleSet read_rule_set(const std::string& path) {
  input::Problems problems;
  RuleSet rules = input::read<RuleSet>(input::parse_yaml_file(path), problems);
  problems.raise();
  return rules;
}

std::vector<Finding> evaluate(const RuleSet& rules, const Workplace& w, Psychrometry route) {
  check(w.surroundings, route);
  std::vector<Finding> findings;
  if (!w.active) return findings;
  for (const Clause& clause : rules.clauses) {
    Finding f;
    f.clause = &clause;
    const std::optional<bool> here = applies(clause.when, w, route);
    if (!here.value_or(true)) f.verdict = Verdict::not_applicable;
    if (here.value_or(false))
      clause.limit.visit([&](const auto& quantity) {
        using Q = std::decay_t<decltype(quantity)>;
        const Bound bound = bound_of(quantity);
        const Value value = Q::value(w, route);
        f.limit = bound.limit;
        if (!value) return;
        f.value = *value;
        f.margin = bound.upper ? bound.limit - f.value : f.value - bound.limit;
        f.verdict = f.margin >= 0 ? Verdict::within : Verdict::beyond;
        if constexpr (Q::thermal) {
          f.kelvin = kelvin_to<Q>(bound, w, route);
          if (std::isnan(f.kelvin)) return;
          const double p = w.surroundings.air.pressure, tw = wet_bulb(w.surroundings.air, route);
          f.heat = saturated_sigma_heat(tw + f.kelvin, p, route) - saturated_sigma_heat(tw, p, route);
          if (w.air_flow > 0) f.power = w.air_flow * f.heat;
        }
      });
    findings.push_back(f);
  }
  return findings;
}

std::string describe(const RuleSet& rules, const Workplace& w, const Finding& f) {
  const Clause& clause = *f.clause;
  const bool read = clause.confidence == Confidence::read;
  std::string line = fmt::format("{}, {} {}: ", w.name, rules.name, clause.name);
  if (f.verdict == Verdict::not_applicable) return line + "does not apply";
  if (f.verdict == Verdict::unknown) return line + fmt::format("cannot be judged: {} needs what the workplace does not give", clause.limit.name());
  return clause.limit.visit([&](const auto& quantity) {
    using Q = std::decay_t<decltype(quantity)>;
    line +=
        fmt::format("{} {}, {} {}: ", Q::name, shown(f.value, Q::unit), bound_of(quantity).upper ? "at most" : "at least", shown(f.limit, Q::unit));
    if (read)
      line += f.verdict == Verdict::within ? "complies" : "violates";
    else
      line += f.verdict == Verdict::within ? "within a recalled limit" : "beyond a recalled limit";
    if (!std::isnan(f.kelvin)) line += fmt::format(", {:.2f} K {}", std::abs(f.kelvin), f.kelvin >= 0 ? "to spare" : "to cool");
    if (!std::isnan(f.power)) line += fmt::format(", {:.0f} kW {}", std::abs(f.power) / 1e3, f.power >= 0 ? "to spare" : "to remove");
    if (!read) line += fmt::format(" (recalled from {}; read the text)", clause.source);
    return line;
  });
}

}  // namespace winze::air
