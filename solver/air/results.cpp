// What the network has to show for itself: a column per quantity, a row per airway or junction; and sums.
#include <algorithm>
#include <cmath>

#include "air/air.hpp"

namespace winze::air {
namespace {

double wet_bulb_or_nan(double t, double p, double x, Psychrometry route) {
  const double most = saturation_humidity(t, p, route);
  return wet_bulb({t, p, std::min(x, most)}, route);
}

}  // namespace

std::vector<Column> Air::airways() const {
  const size_t n = graph_.airway_names.size();
  std::vector<Column> all;
  const auto column = [&](const char* name, const char* unit, auto value) {
    Column c{name, unit, std::vector<double>(n)};
    for (size_t a = 0; a < n; ++a) c.values[a] = value(size_t(graph_.first[a]), size_t(graph_.last[a]));
    all.push_back(std::move(c));
  };
  if (state_.mass.empty()) return all;
  const auto volume = [&](size_t b) {  // m³/s at the mean density of the branch
    const double moist = network_.density ? 1 : air_.moist[b];
    return state_.mass[b] * moist / state_.density[b];
  };
  column("flow", "m^3/s", [&](size_t b, size_t) { return volume(b); });
  column("mass_flow", "kg/s", [&](size_t b, size_t) { return state_.mass[b]; });
  column("speed", "m/s", [&](size_t b, size_t) { return graph_.section[b] > 0 ? volume(b) / graph_.section[b] : NAN; });
  column("density", "kg/m^3", [&](size_t b, size_t) { return state_.density[b]; });
  column("pressure_from", "Pa", [&](size_t b, size_t) { return state_.pressure[size_t(graph_.from[b])]; });
  column("pressure_to", "Pa", [&](size_t, size_t b) { return state_.pressure[size_t(graph_.to[b])]; });
  column("friction_loss", "Pa", [&](size_t b, size_t e) {
    double sum = 0;
    for (size_t k = 0; k < graph_.from.size(); ++k)
      if (b != e && graph_.airway[k] == graph_.airway[b] && graph_.length[k] > 0)
        sum += graph_.law[k].resistance * state_.density[k] * volume(k) * std::abs(volume(k));
    return b == e ? graph_.law[b].resistance * state_.density[b] * volume(b) * std::abs(volume(b)) : sum;
  });
  std::vector<double> fan(n, 0), demand(n, 0);
  for (const FanPoint& p : report_.flow.fans) fan[size_t(p.airway)] += p.pressure;
  for (const FlowDemand& d : report_.flow.demands) demand[size_t(d.airway)] = d.pressure;
  column("fan_pressure", "Pa", [&](size_t b, size_t) { return fan[size_t(graph_.airway[b])]; });
  column("fixed_flow_takes", "Pa", [&](size_t b, size_t) { return demand[size_t(graph_.airway[b])]; });
  if (!climate_) return all;
  const Gas& g = gas(climate_->route());
  const auto end = [&](bool to, size_t b) { return to ? climate_->branches()[b].last : climate_->branches()[b].first; };
  const auto pressure = [&](bool to, size_t b) { return state_.pressure[size_t(to ? graph_.to[b] : graph_.from[b])]; };
  for (const bool to : {false, true}) {
    column(to ? "temperature_to" : "temperature_from", "degC", [&](size_t b, size_t e) {
      const Stream s = end(to, to ? e : b);
      return temperature_of(g, s.h, s.x) - zero_celsius;
    });
    column(to ? "wet_bulb_to" : "wet_bulb_from", "degC", [&](size_t b, size_t e) {
      const Stream s = end(to, to ? e : b);
      return wet_bulb_or_nan(temperature_of(g, s.h, s.x), pressure(to, to ? e : b), s.x, climate_->route()) - zero_celsius;
    });
    column(to ? "humidity_to" : "humidity_from", "kg/kg", [&](size_t b, size_t e) { return end(to, to ? e : b).x; });
  }
  const auto total = [&](const char* name, const char* unit, double BranchClimate::*member) {
    Column c{name, unit, std::vector<double>(n, 0)};
    for (size_t b = 0; b < graph_.from.size(); ++b) c.values[size_t(graph_.airway[b])] += climate_->branches()[b].*member;
    all.push_back(std::move(c));
  };
  total("strata_heat", "W", &BranchClimate::strata);
  total("evaporated", "kg/s", &BranchClimate::evaporated);
  total("source_heat", "W", &BranchClimate::sources);
  total("fan_heat", "W", &BranchClimate::fans);
  total("cooling", "W", &BranchClimate::cooling);
  total("condensed", "kg/s", &BranchClimate::condensed);
  total("autocompression", "W", &BranchClimate::autocompression);
  total("plant_power", "W", &BranchClimate::plant_power);
  return all;
}

std::vector<Column> Air::junctions() const {
  const size_t n = network_.junctions.entries.size();
  std::vector<Column> all;
  if (state_.mass.empty()) return all;
  const auto column = [&](const char* name, const char* unit, auto value) {
    Column c{name, unit, std::vector<double>(n)};
    for (size_t i = 0; i < n; ++i) c.values[i] = value(i);
    all.push_back(std::move(c));
  };
  for (int d = 0; d < 3; ++d)
    column(d == 0 ? "x" : d == 1 ? "y" : "z", "m", [&](size_t i) { return network_.junctions.entries[i].second.at[size_t(d)]; });
  column("pressure", "Pa", [&](size_t i) { return state_.pressure[i]; });
  std::vector<double> through(graph_.z.size(), 0), net(graph_.z.size(), 0);
  for (size_t b = 0; b < graph_.from.size(); ++b) {
    const double m = state_.mass[b];
    through[size_t(m > 0 ? graph_.to[b] : graph_.from[b])] += std::abs(m);
    net[size_t(graph_.from[b])] += m;
    net[size_t(graph_.to[b])] -= m;
  }
  column("mass_from_outside", "kg/s", [&](size_t i) { return net[i]; });
  if (!climate_) return all;
  const auto humidity = [&](size_t i) { return climate_->nodes()[i].x; };
  column("temperature", "degC", [&](size_t i) { return climate_->node_temperature(Index(i)) - zero_celsius; });
  column("wet_bulb", "degC", [&](size_t i) {
    return wet_bulb_or_nan(climate_->node_temperature(Index(i)), state_.pressure[i], humidity(i), climate_->route()) - zero_celsius;
  });
  column("humidity", "kg/kg", humidity);
  return all;
}

std::vector<Air::Headline> Air::headlines() const {
  std::vector<Headline> all;
  double in = 0;  // departs from junctions open to the outside, or is put in
  std::vector<double> net(graph_.z.size(), 0);
  for (size_t b = 0; b < graph_.from.size(); ++b) {
    const double m = state_.mass[b];
    if (graph_.open[size_t(m > 0 ? graph_.from[b] : graph_.to[b])]) in += std::abs(m);
    net[size_t(graph_.from[b])] += m;
    net[size_t(graph_.to[b])] -= m;
  }
  for (size_t i = 0; i < net.size(); ++i)
    if (!graph_.open[i] && graph_.inject[i] > 0) in += net[i];
  double shaft = 0, margin = HUGE_VAL;
  for (const FanPoint& p : report_.flow.fans) {
    const Fan& fan = std::get<Fan>(network_.airways.entries[size_t(p.airway)].second.devices[size_t(p.device)].value);
    shaft += fan.shaft_power(p.flow, fan.direction == Blows::forward ? p.pressure : -p.pressure, solved_) / fan.motor_efficiency;
    if (p.place != FanPoint::Place::stopped) margin = std::min(margin, p.stall_margin);
  }
  all.push_back({"air_intake", "kg/s", in});
  if (!report_.flow.fans.empty()) {
    all.push_back({"fan_power", "W", shaft});
    all.push_back({"fan_stall_margin_min", "1", margin});
  }
  all.push_back({"air_mass_residual", "1", report_.flow.mass_residual});
  all.push_back({"air_loop_residual", "1", report_.flow.loop_residual});
  all.push_back({"air_flow_iterations", "1", double(report_.flow.iterations)});
  all.push_back({"air_warnings", "1", double(report_.flow.warnings.size())});
  if (!climate_) return all;
  const Ledger& l = climate_->ledger();
  all.push_back({"air_couplings", "1", double(report_.couplings)});
  all.push_back({"air_ledger_residual", "1", report_.ledger_residual});
  all.push_back({"heat_strata", "W", l.strata});
  all.push_back({"heat_sources", "W", l.sources});
  all.push_back({"heat_fans", "W", l.fans});
  all.push_back({"heat_autocompression", "W", l.autocompression});
  all.push_back({"heat_coolers", "W", l.coolers});
  double plants = 0;
  for (const BranchClimate& b : climate_->branches()) plants += b.plant_power;
  const std::vector<PlantState> surface = this->plants();
  for (const PlantState& p : surface) plants += p.power;
  all.push_back({"plant_power", "W", plants});
  for (size_t i = 0; i < surface.size(); ++i) {
    const std::string name = "plant_" + network_.plants.entries[i].first;
    all.push_back({name + "_load", "W", surface[i].load});
    all.push_back({name + "_power", "W", surface[i].power});
    all.push_back({name + "_cop", "1", surface[i].cop});
    all.push_back({name + "_make_up", "kg/s", surface[i].make_up});
  }
  all.push_back({"heat_wall_water", "W", l.wall_water});
  all.push_back({"water_evaporated", "kg/s", l.evaporated});
  all.push_back({"water_condensed", "kg/s", l.condensed});
  double hottest = -HUGE_VAL, wettest = -HUGE_VAL;
  for (const Column& c : airways()) {
    if (c.name != "temperature_to" && c.name != "temperature_from" && c.name != "wet_bulb_to" && c.name != "wet_bulb_from") continue;
    double& largest = c.name[0] == 't' ? hottest : wettest;
    for (const double v : c.values) largest = std::max(largest, v);
  }
  all.push_back({"temperature_max", "degC", hottest});
  all.push_back({"wet_bulb_max", "degC", wettest});
  return all;
}

}  // namespace winze::air
