#include "air/adjoint.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace winze::air {
namespace {

constexpr Pair scale = {1e-3, 2500};  // kJ/kg, and what latent heat makes of humidity

Pair state_gradient(const Stream& air, double pressure, Psychrometry route, bool wet) {
  const Gas& g = gas(route);
  const double t = temperature_of(g, air.h, air.x), cp = g.cp_dry + air.x * g.cp_vapour;
  const Pair dry = {1 / cp, -(g.latent + g.cp_vapour * (t - zero_celsius)) / cp};
  if (!wet) return dry;
  // X [L + cp_v (T − Tw)] = L Xs(Tw) − cp (T − Tw), differentiated.
  const double tw = wet_bulb({t, pressure, std::min(air.x, saturation_humidity(t, pressure, route))}, route);
  const double es = saturation_pressure(tw, route), xs = saturation_humidity(tw, pressure, route);
  const double slope = xs * pressure / (pressure - es) * saturation_pressure_slope(tw, route) / es;
  const double latent = latent_heat(tw, route), latent_slope = latent_heat_slope(tw, route);
  const double by_tw = latent_slope * xs + latent * slope + g.cp_dry - air.x * (latent_slope - g.cp_vapour);
  const double by_x = latent + g.cp_vapour * (t - tw);
  return {cp * dry[0] / by_tw, (cp * dry[1] + by_x) / by_tw};
}

/// J/(kg K) of sigma heat by wet bulb.
double sigma_slope(double tw, double pressure, Psychrometry route) {
  const double es = saturation_pressure(tw, route), xs = saturation_humidity(tw, pressure, route);
  return latent_heat_slope(tw, route) * xs + latent_heat(tw, route) * xs * pressure / (pressure - es) * saturation_pressure_slope(tw, route) / es +
         gas(route).cp_dry;
}

}  // namespace

Pair dry_bulb_gradient(const Stream& air, Psychrometry route) { return state_gradient(air, 0, route, false); }
Pair wet_bulb_gradient(const Stream& air, double pressure, Psychrometry route) { return state_gradient(air, pressure, route, true); }

Adjoint::Adjoint(Climate& climate, const Graph& graph, const FlowState& flow) : climate_(climate), graph_(graph), flow_(flow) {
  std::vector<double> in(graph.z.size(), 0), out(graph.z.size(), 0);
  for (size_t b = 0; b < graph.from.size(); ++b) {
    std::optional<Tangent>& t = tangents_.emplace_back(climate.tangent(Index(b)));
    if (!t) continue;
    t->h[1] *= scale[0] / scale[1];
    t->x[0] *= scale[1] / scale[0];
    for (size_t k = 0; k < 2; ++k) t->cooling[k] /= scale[k], t->load[k] *= scale[k];
    out[upstream(b)] += std::abs(flow.mass[b]);
    in[downstream(b)] += std::abs(flow.mass[b]);
  }
  for (size_t i = 0; i < in.size(); ++i) through_.push_back(graph.open[i] ? out[i] : std::max(in[i], out[i]));
}

int Adjoint::kinks() const {
  return int(std::count_if(tangents_.begin(), tangents_.end(), [](const auto& t) { return t && t->kink; }));
}

std::vector<linear::Entry> Adjoint::matrix() const {
  std::vector<linear::Entry> all;
  for (Index k = 0; k < n_unknowns(); ++k) all.push_back({k, k, through_[size_t(k / 2)] > 0 ? through_[size_t(k / 2)] : 1});
  for (size_t b = 0; b < tangents_.size(); ++b) {
    if (!moves(b) || graph_.open[downstream(b)]) continue;
    const Tangent& t = *tangents_[b];
    const double m = std::abs(flow_.mass[b]);
    const Index row = 2 * Index(downstream(b)), column = 2 * Index(upstream(b));
    for (Index k = 0; k < 2; ++k) {
      all.push_back({row, column + k, -m * t.h[size_t(k)]});
      all.push_back({row + 1, column + k, -m * t.x[size_t(k)]});
    }
    for (const Index served : t.serves) {
      if (!moves(size_t(served))) continue;
      for (Index r = 0; r < 2; ++r)
        for (Index k = 0; k < 2; ++k)
          all.push_back({row + r, 2 * Index(upstream(size_t(served))) + k, -m * t.load[size_t(r)] * tangents_[size_t(served)]->cooling[size_t(k)]});
    }
  }
  return all;
}

/// Transposed answers of all airways, and of condensers to the coolers that they serve.
std::vector<Pair> Adjoint::at_inlets(const std::vector<Pair>& outlet) const {
  std::vector<Pair> inlet(outlet.size(), Pair{});
  for (size_t b = 0; b < outlet.size(); ++b) {
    if (!moves(b)) continue;
    const Tangent& t = *tangents_[b];
    for (size_t k = 0; k < 2; ++k) inlet[b][k] += outlet[b][0] * t.h[k] + outlet[b][1] * t.x[k];
    const double by_load = outlet[b][0] * t.load[0] + outlet[b][1] * t.load[1];
    for (const Index served : t.serves)
      if (moves(size_t(served)))
        for (size_t k = 0; k < 2; ++k) inlet[size_t(served)][k] += by_load * tangents_[size_t(served)]->cooling[k];
  }
  return inlet;
}

/// Change of air per W/(kg/s) of cooling, scaled: at constant humidity; saturated air stays so and drops its water at its own temperature.
Pair Adjoint::cooling(const Stream& air, double pressure) const {
  const Psychrometry route = climate_.route();
  const Gas& g = gas(route);
  const double t = temperature_of(g, air.h, air.x), xs = saturation_humidity(t, pressure, route);
  if (air.x < xs * (1 - 1e-9)) return {-scale[0], 0};
  const double es = saturation_pressure(t, route), hw = water_enthalpy(t, route);
  const double slope = xs * pressure / (pressure - es) * saturation_pressure_slope(t, route) / es;
  const double fall = 1 / (g.cp_dry + xs * g.cp_vapour + slope * (g.latent + g.cp_vapour * (t - zero_celsius) - hw));
  return {-scale[0] * (1 + hw * slope * fall), -scale[1] * slope * fall};
}

Adjoint::Answer Adjoint::solve(Index branch, Where end, const Pair& gradient) const {
  const size_t place = size_t(branch), n_branches = tangents_.size();
  Answer answer;
  answer.airway.assign(graph_.airway_names.size(), 0);
  answer.junction.assign(graph_.z.size(), 0);
  if (!moves(place)) return answer;
  const Pair weight = {gradient[0] / scale[0], gradient[1] / scale[1]};
  const bool leaves = (end == Where::to) == (flow_.mass[place] > 0);
  std::vector<Pair> outlet(n_branches, Pair{});
  std::vector<double> node(size_t(n_unknowns()), 0);
  if (leaves)
    outlet[place] = weight;
  else
    for (size_t k = 0; k < 2; ++k) node[2 * upstream(place) + k] = weight[k];
  std::vector<Pair> inlet = at_inlets(outlet);
  for (size_t b = 0; b < n_branches; ++b)
    if (moves(b))
      for (size_t k = 0; k < 2; ++k) node[2 * upstream(b) + k] += inlet[b][k];
  std::vector<linear::Entry> transposed = matrix();
  for (linear::Entry& e : transposed) std::swap(e.row, e.column);
  linear::solve_sparse(n_unknowns(), transposed, node);
  ++solves_;
  for (size_t b = 0; b < n_branches; ++b)
    if (moves(b) && !graph_.open[downstream(b)])
      for (size_t k = 0; k < 2; ++k) outlet[b][k] += std::abs(flow_.mass[b]) * node[2 * downstream(b) + k];
  inlet = at_inlets(outlet);
  for (size_t a = 0; a < answer.airway.size(); ++a) {
    const size_t b = size_t(flow_.mass[size_t(graph_.first[a])] > 0 ? graph_.first[a] : graph_.last[a]);
    if (!moves(b)) continue;
    const Pair change = cooling(climate_.nodes()[upstream(b)], flow_.pressure[upstream(b)]);
    answer.airway[a] = -(inlet[b][0] * change[0] + inlet[b][1] * change[1]) / std::abs(flow_.mass[b]);
  }
  for (size_t i = 0; i < answer.junction.size(); ++i) {
    if (!(through_[i] > 0)) continue;
    const Pair change = cooling(climate_.nodes()[i], flow_.pressure[i]);
    answer.junction[i] = -(node[2 * i] * change[0] + node[2 * i + 1] * change[1]);
  }
  return answer;
}

std::vector<Positional> positional_efficiencies(Air& air) {
  if (!air.climate()) throw InputError("positional efficiency needs air.climate");
  Climate& climate = *air.climate();
  const Graph& graph = air.graph();
  const Psychrometry route = climate.route();
  const Adjoint adjoint(climate, graph, air.flow());
  std::vector<Positional> all;
  for (const auto& [name, post] : air.network().workplaces.entries) {
    const size_t a = size_t(std::find(graph.airway_names.begin(), graph.airway_names.end(), post.airway) - graph.airway_names.begin());
    const bool to = post.at == Where::to;
    const size_t b = size_t(to ? graph.last[a] : graph.first[a]);
    const Stream s = to ? climate.branches()[b].last : climate.branches()[b].first;
    const double p = air.flow().pressure[size_t(to ? graph.to[b] : graph.from[b])], t = temperature_of(gas(route), s.h, s.x);
    const Adjoint::Answer wet = adjoint.solve(Index(b), post.at, wet_bulb_gradient(s, p, route));
    const Adjoint::Answer dry = adjoint.solve(Index(b), post.at, dry_bulb_gradient(s, route));
    const double felt =
        std::abs(air.flow().mass[b]) * sigma_slope(wet_bulb({t, p, std::min(s.x, saturation_humidity(t, p, route))}, route), p, route);
    Positional one;
    one.workplace = name;
    for (size_t i = 0; i < wet.airway.size(); ++i) one.airway.push_back({felt * wet.airway[i], wet.airway[i], dry.airway[i]});
    for (size_t i = 0; i < wet.junction.size(); ++i) one.junction.push_back({felt * wet.junction[i], wet.junction[i], dry.junction[i]});
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace winze::air
