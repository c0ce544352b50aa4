#include "air/workplaces.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace winze::air {

std::vector<Workplace> workplaces(const Air& air) {
  std::vector<Workplace> all;
  const Climate& climate = *air.climate();
  const Graph& graph = air.graph();
  for (const auto& [name, post] : air.network().workplaces.entries) {
    const size_t a = size_t(std::find(graph.airway_names.begin(), graph.airway_names.end(), post.airway) - graph.airway_names.begin());
    const bool to = post.at == Where::to;
    const size_t b = size_t(to ? graph.last[a] : graph.first[a]);
    const Stream s = to ? climate.branches()[b].last : climate.branches()[b].first;
    const double p = air.flow().pressure[size_t(to ? graph.to[b] : graph.from[b])], t = temperature_of(gas(climate.route()), s.h, s.x);
    Workplace w;
    w.name = name;
    w.kind = post.kind;
    w.surroundings.air = {t, p, std::min(s.x, saturation_humidity(t, p, climate.route()))};
    const size_t cell = size_t(to ? climate.cell_begin[b + 1] - 1 : climate.cell_begin[b]);
    const double wet = air.network().airways.entries[a].second.wetness;
    const double wall = (1 - wet) * climate.dry_wall[cell] + wet * climate.wet_wall[cell];
    w.surroundings.radiant = wall > 0 ? wall : t;
    w.air_flow = std::abs(air.flow().mass[b]);
    w.volume_flow = w.air_flow * specific_volume(w.surroundings.air, climate.route());
    w.surroundings.speed = graph.section[b] > 0 ? w.volume_flow / graph.section[b] : 0;
    w.people = post.people;
    w.diesel_power = post.diesel;
    w.metabolic = post.metabolic;
    w.acclimatised = post.acclimatised;
    w.active = post.active;
    all.push_back(std::move(w));
  }
  return all;
}

std::vector<Column> workplace_table(const std::vector<Workplace>& places, Psychrometry route) {
  std::vector<Column> all;
  const auto column = [&](const char* name, const char* unit, auto value) {
    Column c{name, unit, {}};
    for (const Workplace& w : places) {
      double x = NAN;
      try {
        x = value(w);
      } catch (const InputError&) {  // out of the range of this index
      }
      c.values.push_back(x);
    }
    all.push_back(std::move(c));
  };
  column("flow", "m^3/s", [](const Workplace& w) { return w.volume_flow; });
  column("speed", "m/s", [](const Workplace& w) { return w.surroundings.speed; });
  column("temperature", "degC", [](const Workplace& w) { return w.surroundings.air.temperature - zero_celsius; });
  column("wet_bulb", "degC", [&](const Workplace& w) { return wet_bulb(w.surroundings.air, route) - zero_celsius; });
  column("relative_humidity", "1", [&](const Workplace& w) { return relative_humidity(w.surroundings.air, route); });
  column("wall_temperature", "degC", [](const Workplace& w) { return w.surroundings.radiant - zero_celsius; });
  column("wbgt", "degC", [&](const Workplace& w) { return wet_bulb_globe_temperature(w.surroundings, route) - zero_celsius; });
  column("air_cooling_power", "W/m^2", [&](const Workplace& w) { return air_cooling_power(w.surroundings, {}, route); });
  column("thermal_work_limit", "W/m^2", [&](const Workplace& w) { return thermal_work_limit(w.surroundings, w.clothing, route).limit; });
  return all;
}

}  // namespace winze::air
