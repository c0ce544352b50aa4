// Where airways meet: mixing, recirculation, the order in which the air passes, and the ledger.
#include <algorithm>
#include <cmath>

#include "air/climate.hpp"
#include "air/downstream.hpp"
#include "base/error.hpp"
#include "linear/sparse_lu.hpp"

namespace winze::air {
namespace {

/// Flows below this share of the largest carry no heat: their air rests and takes the temperature of its walls.
constexpr double resting = 1e-7;

}  // namespace

/// State of the nodes of a group whose upstream is known.
void Climate::mix(const std::vector<Index>& group, bool cyclic) {
  const auto external = [&](Index i) {  // kg/s of air put in here
    double net = 0;
    for (const Index b : outgoing_[size_t(i)]) net += std::abs(flow_->mass[size_t(b)]);
    for (const Index b : incoming_[size_t(i)]) net -= std::abs(flow_->mass[size_t(b)]);
    return net > least_flow_ ? net : 0;
  };
  if (!cyclic) {
    const Index i = group[0];
    if (graph_.open[size_t(i)]) {
      node_[size_t(i)] = outside(i);
      return;
    }
    const double in = external(i);
    const Stream out = outside(i);
    double mass = in;
    Stream sum{in * out.h, in * out.x};
    for (const Index b : incoming_[size_t(i)]) {
      const double m = std::abs(flow_->mass[size_t(b)]);
      const Stream& s = flow_->mass[size_t(b)] > 0 ? branch_[size_t(b)].last : branch_[size_t(b)].first;
      mass += m;
      sum.h += m * s.h;
      sum.x += m * s.x;
    }
    if (mass > 0) node_[size_t(i)] = {sum.h / mass, sum.x / mass};
    return;
  }
  // Newton on enthalpy (in units of 1 kJ/kg) and humidity of all nodes of the group; each airway's answer by differences.
  std::vector<Index> place(node_.size(), -1);
  for (size_t k = 0; k < group.size(); ++k) place[size_t(group[k])] = Index(k);
  const Index n = 2 * Index(group.size());
  constexpr double largest_step = 30;  // kJ/kg, within which airways answer almost linearly
  double last_change = HUGE_VAL;
  for (int round = 0;; ++round) {
    std::vector<linear::Entry> entries;
    std::vector<double> right(size_t(n), 0);
    for (size_t k = 0; k < group.size(); ++k) {
      const Index i = group[k];
      const double in = external(i);
      const Stream out = outside(i), here = node_[size_t(i)];
      double mass = in;
      Stream sum{in * out.h, in * out.x};
      for (const Index b : incoming_[size_t(i)]) {
        const double m = std::abs(flow_->mass[size_t(b)]);
        const bool forward = flow_->mass[size_t(b)] > 0;
        const Index up = forward ? graph_.from[size_t(b)] : graph_.to[size_t(b)], column = place[size_t(up)];
        mass += m;
        if (column < 0) {
          const Stream& s = forward ? branch_[size_t(b)].last : branch_[size_t(b)].first;
          sum.h += m * s.h;
          sum.x += m * s.x;
          continue;
        }
        const Stream at = node_[size_t(up)], s = march(size_t(b), at, false);
        constexpr double dh = 1.0, dx = 1e-6;
        const Stream by_h = march(size_t(b), {at.h + dh, at.x}, false), by_x = march(size_t(b), {at.h, at.x + dx}, false);
        sum.h += m * s.h;
        sum.x += m * s.x;
        entries.push_back({Index(2 * k), 2 * column, -m * (by_h.h - s.h) / dh});
        entries.push_back({Index(2 * k), 2 * column + 1, -m * (by_x.h - s.h) / dx * 1e-3});
        entries.push_back({Index(2 * k) + 1, 2 * column, -m * (by_h.x - s.x) / dh * 1e3});
        entries.push_back({Index(2 * k) + 1, 2 * column + 1, -m * (by_x.x - s.x) / dx});
      }
      entries.push_back({Index(2 * k), Index(2 * k), mass});
      entries.push_back({Index(2 * k) + 1, Index(2 * k) + 1, mass});
      right[2 * k] = (sum.h - mass * here.h) * 1e-3;
      right[2 * k + 1] = sum.x - mass * here.x;
    }
    linear::solve_sparse(n, entries, right);
    double change = 0;
    for (size_t k = 0; k < group.size(); ++k) change = std::max({change, std::abs(right[2 * k]), 2500 * std::abs(right[2 * k + 1])});  // kJ/kg
    const double part = std::min(1.0, largest_step / change);
    for (size_t k = 0; k < group.size(); ++k) {
      Stream& s = node_[size_t(group[k])];
      s.x = std::max(0.0, s.x + part * right[2 * k + 1]);
      s.h += part * 1e3 * right[2 * k];
    }
    if (change < 1e-7 || (change < 1e-5 && change > 0.3 * last_change)) return;  // rounding of the airways' answers; the ledger judges
    last_change = change;
    if (round > 40)
      throw SolverError(
          "climate: air that recirculates over {} junctions (near '{}') does not settle (last change {:.3g} kJ/kg); look for heat sources in a loop "
          "without fresh air",
          group.size(), graph_.node_names[size_t(group[0])], change);
  }
}

void Climate::solve(const Step& step, const FlowState& flow, const std::vector<double>& fan_heat) {
  step_ = step;
  flow_ = &flow;
  fan_heat_ = fan_heat;
  if (tables_.size() > 200000) tables_.clear();
  ledger_ = {};
  overheated_ = -1;
  double largest = 1e-4;
  for (const double m : flow.mass) largest = std::max(largest, std::abs(m));
  least_flow_ = resting * largest;
  for (auto& list : incoming_) list.clear();
  for (auto& list : outgoing_) list.clear();
  std::vector<std::vector<Index>> next(node_.size());
  for (size_t b = 0; b < branch_.size(); ++b) {
    if (std::abs(flow.mass[b]) <= least_flow_) continue;
    const Index up = flow.mass[b] > 0 ? graph_.from[b] : graph_.to[b], down = flow.mass[b] > 0 ? graph_.to[b] : graph_.from[b];
    outgoing_[size_t(up)].push_back(Index(b));
    incoming_[size_t(down)].push_back(Index(b));
    if (!graph_.open[size_t(down)]) next[size_t(up)].push_back(down);  // what leaves does not come back
  }
  for (const std::vector<Index>& group : groups_downstream(graph_.n_nodes(), next)) {
    if (group.size() == 1 && incoming_[size_t(group[0])].empty() && outgoing_[size_t(group[0])].empty()) {
      const size_t i = size_t(group[0]);  // rests: outside air at the surface, rock below
      if (graph_.open[i] || !network_.virgin)
        node_[i] = outside(group[0]);
      else
        node_[i].h = enthalpy_of(gas(route_), (*network_.virgin)(graph_.z[i]), node_[i].x);
      continue;
    }
    mix(group, group.size() > 1);
    for (const Index i : group)
      for (const Index b : outgoing_[size_t(i)]) march(size_t(b), node_[size_t(i)], true);
  }
  for (size_t b = 0; b < branch_.size(); ++b)
    if (std::abs(flow.mass[b]) <= least_flow_) stagnant(b);
  // What crosses the border: at open junctions all that arrives leaves, and all that departs is outside air.
  const auto energy = [&](const Stream& s, size_t i) { return s.h + network_.gravity * (1 + s.x) * graph_.z[i]; };
  for (size_t i = 0; i < node_.size(); ++i) {
    if (!graph_.open[i] && graph_.inject[i] == 0) continue;
    double in = 0, out = 0, arriving = 0;
    Stream mixed;
    for (const Index b : outgoing_[i]) out += std::abs(flow.mass[size_t(b)]);
    for (const Index b : incoming_[i]) {
      const double m = std::abs(flow.mass[size_t(b)]);
      const Stream& s = flow.mass[size_t(b)] > 0 ? branch_[size_t(b)].last : branch_[size_t(b)].first;
      in += m;
      arriving += m * energy(s, i);
      mixed.h += m * s.h;
      mixed.x += m * s.x;
    }
    if (graph_.open[i]) {
      ledger_.inflow += out * energy(outside(Index(i)), i);
      ledger_.outflow += arriving;
      if (out == 0 && in > 0) node_[i] = {mixed.h / in, mixed.x / in};
    } else {
      (out > in ? ledger_.inflow : ledger_.outflow) += std::abs(out - in) * energy(out > in ? outside(Index(i)) : node_[i], i);
    }
  }
}

}  // namespace winze::air
