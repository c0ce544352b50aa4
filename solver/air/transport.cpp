#include "air/transport.hpp"

#include <algorithm>
#include <cmath>

#include "air/decay.hpp"
#include "base/error.hpp"
#include "linear/sparse_lu.hpp"

namespace winze::air {

namespace {

double resting(const Carrier& c) {
  double most = 0;
  for (double m : c.flow) most = std::max(most, std::abs(m));
  return 1e-9 * most;
}
Index upstream(const Carrier& c, Index b) { return c.flow[std::size_t(b)] > 0 ? c.from[std::size_t(b)] : c.to[std::size_t(b)]; }
Index downstream(const Carrier& c, Index b) { return c.flow[std::size_t(b)] > 0 ? c.to[std::size_t(b)] : c.from[std::size_t(b)]; }

void complete(Emission& e, const Carrier& c) {
  for (auto [values, n, what] :
       {std::tuple(&e.branch, c.n_branches(), "airways"), {&e.node, c.n_nodes, "junctions"}, {&e.inlet, c.n_nodes, "junctions"}}) {
    if (values->empty()) values->assign(std::size_t(n), 0);
    if (values->size() != std::size_t(n)) throw InputError("emission gives {} values for {} {}", values->size(), n, what);
    for (double v : *values)
      if (!(v >= 0 && std::isfinite(v))) throw InputError("emissions and inlet concentrations must not be negative: {:.6g}", v);
  }
  if (!(e.decay >= 0)) throw InputError("decay {:.6g} 1/s must not be negative", e.decay);
}

// Per node, kg/s: from outside, to it, and all that mixes there. An open node that feeds airways does not mix what arrives into what departs.
struct Exchanged {
  std::vector<double> enters, leaves, through;
  std::vector<char> mixes;
};
Exchanged exchanged(const Carrier& c, double rest) {
  const std::size_t n = std::size_t(c.n_nodes);
  std::vector<double> departs(n, 0), arrives(n, 0);
  for (Index b = 0; b < c.n_branches(); ++b) {
    const double m = std::abs(c.flow[std::size_t(b)]);
    if (m <= rest) continue;
    departs[std::size_t(upstream(c, b))] += m;
    arrives[std::size_t(downstream(c, b))] += m;
  }
  Exchanged x{std::vector<double>(n), std::vector<double>(n), std::vector<double>(n), std::vector<char>(n, 1)};
  for (std::size_t i = 0; i < n; ++i) {
    const bool feeds = !c.open.empty() && c.open[i] && departs[i] > 0;
    x.mixes[i] = !feeds;
    x.enters[i] = feeds ? departs[i] : std::max(0.0, departs[i] - arrives[i]);
    x.leaves[i] = feeds ? 0 : std::max(0.0, arrives[i] - departs[i]);
    x.through[i] = feeds ? departs[i] : arrives[i] + x.enters[i];
  }
  return x;
}

}  // namespace

void check(const Carrier& c) {
  const std::size_t n = c.from.size();
  if (!c.open.empty() && c.open.size() != std::size_t(c.n_nodes))
    throw InputError("a carrier says of {} junctions whether they are open, of {}", c.open.size(), c.n_nodes);
  if (c.to.size() != n || c.flow.size() != n || c.air_mass.size() != n)
    throw InputError("a carrier has {} airways by their start, {} by their end, {} flows, {} air masses", n, c.to.size(), c.flow.size(),
                     c.air_mass.size());
  for (std::size_t b = 0; b < n; ++b) {
    if (c.from[b] < 0 || c.from[b] >= c.n_nodes || c.to[b] < 0 || c.to[b] >= c.n_nodes)
      throw InputError("airway {} joins junctions {} and {} of {}", b, c.from[b], c.to[b], c.n_nodes);
    if (!(c.air_mass[b] > 0) || !std::isfinite(c.flow[b]))
      throw InputError("airway {} holds {:.6g} kg of air and carries {:.6g} kg/s: the mass must be positive, the flow finite", b, c.air_mass[b],
                       c.flow[b]);
  }
}

Spread steady_spread(const Carrier& c, const Emission& given) {
  check(c);
  Emission e = given;
  complete(e, c);
  const double rest = resting(c);
  const Exchanged x = exchanged(c, rest);
  const std::size_t n = std::size_t(c.n_nodes), branches = c.from.size();
  std::vector<linear::Entry> entries;
  Spread s;
  s.node.assign(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    if (x.through[i] <= 0 && e.node[i] > 0)
      throw InputError("junction {} has a source of {:.6g} but no air passes: it has no steady state", i, e.node[i]);
    entries.push_back({Index(i), Index(i), x.through[i] > 0 ? x.through[i] : 1});
    s.node[i] = e.node[i] + x.enters[i] * e.inlet[i];
  }
  const auto moves = [&](std::size_t b) { return std::abs(c.flow[b]) > rest; };
  for (std::size_t b = 0; b < branches; ++b) {
    if (!moves(b)) continue;
    const double m = std::abs(c.flow[b]), z = e.decay * c.air_mass[b] / m;
    const Index down = downstream(c, Index(b));
    if (!x.mixes[std::size_t(down)]) continue;
    entries.push_back({down, upstream(c, Index(b)), -m * std::exp(-z)});
    s.node[std::size_t(down)] += e.branch[b] * mean_decay(z);
  }
  try {
    linear::solve_sparse(c.n_nodes, entries, s.node);
  } catch (const SolverError&) {
    throw InputError("air goes round without fresh air or outlet, and nothing decays: a contaminant there has no steady state");
  }
  s.outlet.resize(branches);
  s.mean.resize(branches);
  for (std::size_t b = 0; b < branches; ++b) {
    const double mass = c.air_mass[b];
    if (!moves(b)) {
      if (e.branch[b] > 0 && e.decay == 0)
        throw InputError("airway {} has a source of {:.6g} in air that rests: it has no steady state", b, e.branch[b]);
      s.outlet[b] = s.mean[b] = e.branch[b] > 0 ? e.branch[b] / (e.decay * mass) : 0;
    } else {
      const double m = std::abs(c.flow[b]), z = e.decay * mass / m, in = s.node[std::size_t(upstream(c, Index(b)))];
      s.outlet[b] = in * std::exp(-z) + e.branch[b] / m * mean_decay(z);
      s.mean[b] = in * mean_decay(z) + e.branch[b] / m * mean_rise(z);
      if (!x.mixes[std::size_t(downstream(c, Index(b)))]) s.balance.left += m * s.outlet[b];
    }
    s.balance.emitted += e.branch[b];
    s.balance.decayed += e.decay * mass * s.mean[b];
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (!(s.node[i] >= -1e-12 && std::isfinite(s.node[i])))
      throw InputError("junction {}: air goes round without fresh air or outlet; a contaminant there has no steady state", i);
    s.balance.emitted += e.node[i];
    s.balance.entered += x.enters[i] * e.inlet[i];
    s.balance.left += x.leaves[i] * s.node[i];
  }
  if (!(std::abs(s.balance.residual()) <= 1e-6 * (s.balance.entered + s.balance.emitted)))
    throw InputError("air goes round without fresh air or outlet, and nothing decays: a contaminant there has no steady state");
  return s;
}

Transport::Transport(Carrier carrier, Emission emission, double step) : carrier_(std::move(carrier)), emission_(std::move(emission)), step_(step) {
  check(carrier_);
  complete(emission_, carrier_);
  if (!(step > 0)) throw InputError("step of a transport must be positive, not {:.6g} s", step);
  for (double mass : carrier_.air_mass) plugs_.push_back({{mass, 0}});
  node_.assign(std::size_t(carrier_.n_nodes), 0);
}

void Transport::start(const Spread& spread) {
  constexpr int n = 16;
  node_ = spread.node;
  balance_ = {};
  for (std::size_t b = 0; b < plugs_.size(); ++b) {
    const double mass = carrier_.air_mass[b], mean = spread.mean.at(b), end = spread.outlet.at(b);
    const bool moves = std::abs(carrier_.flow[b]) > resting(carrier_), forward = carrier_.flow[b] > 0;
    const double begin = moves ? node_.at(std::size_t(upstream(carrier_, Index(b)))) : mean, offset = mean - 0.5 * (begin + end);
    plugs_[b].clear();
    for (int i = 0; i < n; ++i) {
      const double x = (i + 0.5) / n, c = std::max(0.0, begin + (end - begin) * (forward ? x : 1 - x) + offset);
      plugs_[b].push_back({mass / n, c});
      balance_.start += mass / n * c;
    }
  }
}

void Transport::set_flows(const std::vector<double>& flow, const std::vector<double>& air_mass) {
  Carrier next = carrier_;
  next.flow = flow;
  next.air_mass = air_mass;
  check(next);
  for (std::size_t b = 0; b < plugs_.size(); ++b) {
    const double ratio = air_mass[b] / carrier_.air_mass[b];
    for (Plug& p : plugs_[b]) {
      balance_.left += p.mass * (1 - ratio) * p.concentration;
      p.mass *= ratio;
    }
  }
  carrier_ = std::move(next);
}
void Transport::set_emission(Emission emission) {
  complete(emission, carrier_);
  emission_ = std::move(emission);
}

void Transport::release(Index branch, double x0, double x1, double amount) {
  if (branch < 0 || branch >= carrier_.n_branches()) throw InputError("airway {} of {} does not exist", branch, carrier_.n_branches());
  if (!(x0 >= 0 && x0 < x1 && x1 <= 1 && amount >= 0))
    throw InputError("a release needs a part of the airway 0 ≤ x0 < x1 ≤ 1 and an amount not negative: {:.6g} … {:.6g}, {:.6g}", x0, x1, amount);
  const double mass = carrier_.air_mass[std::size_t(branch)], a = x0 * mass, b = x1 * mass, added = amount / (b - a);
  std::deque<Plug> cut;
  double begin = 0;
  for (const Plug& p : plugs_[std::size_t(branch)]) {
    const double end = begin + p.mass;
    for (const auto& [low, high] : {std::pair(begin, std::min(end, a)), {std::max(begin, a), std::min(end, b)}, {std::max(begin, b), end}})
      if (high > low) cut.push_back({high - low, p.concentration + (low >= a && high <= b ? added : 0)});
    begin = end;
  }
  plugs_[std::size_t(branch)] = std::move(cut);
  balance_.emitted += amount;
}

bool Transport::is_short(Index b, double h) const { return std::abs(carrier_.flow[std::size_t(b)]) * h >= carrier_.air_mass[std::size_t(b)]; }

void Transport::advance(double time) {
  if (!(time > 0)) throw InputError("a time step must be positive, not {:.6g} s", time);
  const int n = std::max(1, int(std::ceil(time / step_ * (1 - 1e-12))));
  for (int i = 0; i < n; ++i) substep(time / n);
}

void Transport::substep(double h) {
  const Carrier& c = carrier_;
  const double rest = resting(c), decay = emission_.decay;
  const Exchanged x = exchanged(c, rest);
  const std::size_t n = node_.size(), branches = plugs_.size();
  std::vector<linear::Entry> entries;
  std::vector<double> right(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (x.through[i] <= 0 && emission_.node[i] > 0)
      throw InputError("junction {} has a source of {:.6g} but no air passes to take it up", i, emission_.node[i]);
    entries.push_back({Index(i), Index(i), x.through[i] > 0 ? x.through[i] : 1});
    right[i] = x.through[i] > 0 ? emission_.node[i] + x.enters[i] * emission_.inlet[i] : node_[i];
  }
  // Long airways: sources and decay in place, then what a step's flow takes out at the downstream end. Short ones join the junctions' equations.
  std::vector<double> before(branches, 0), given(branches, 0);
  const auto react = [&](std::size_t b) {  // half a step of sources and decay
    const double mass = c.air_mass[b], gain = emission_.branch[b] / mass * 0.5 * h;
    const double factor = std::exp(-decay * 0.5 * h), added = gain * mean_decay(decay * 0.5 * h);
    for (Plug& p : plugs_[b]) {
      const double after = p.concentration * factor + added;
      balance_.decayed += p.mass * (p.concentration + gain - after);
      p.concentration = after;
    }
    balance_.emitted += emission_.branch[b] * 0.5 * h;
  };
  for (std::size_t b = 0; b < branches; ++b) {
    const double m = std::abs(c.flow[b]), mass = c.air_mass[b];
    std::deque<Plug>& plugs = plugs_[b];
    const bool moves = m > rest;
    if (moves && is_short(Index(b), h)) {
      double amount = 0;
      for (const Plug& p : plugs) amount += p.mass * p.concentration;
      before[b] = amount;
      const double all = mass / h + m + decay * mass;
      if (!x.mixes[std::size_t(downstream(c, Index(b)))]) continue;
      entries.push_back({downstream(c, Index(b)), upstream(c, Index(b)), -m * m / all});
      right[std::size_t(downstream(c, Index(b)))] += m * (amount / h + emission_.branch[b]) / all;
      continue;
    }
    react(b);
    if (!moves) continue;
    double wanted = m * h;
    const bool forward = c.flow[b] > 0;
    while (wanted > 0 && !plugs.empty()) {
      Plug& end = forward ? plugs.back() : plugs.front();
      const double taken = std::min(wanted, end.mass);
      given[b] += taken * end.concentration;
      wanted -= taken;
      end.mass -= taken;
      if (end.mass <= 1e-12 * mass) {
        given[b] += end.mass * end.concentration;
        forward ? plugs.pop_back() : plugs.pop_front();
      }
    }
    if (x.mixes[std::size_t(downstream(c, Index(b)))])
      right[std::size_t(downstream(c, Index(b)))] += given[b] / h;
    else
      balance_.left += given[b];
  }
  if (entries.size() > n)
    linear::solve_sparse(c.n_nodes, entries, right);
  else
    for (std::size_t i = 0; i < n; ++i) right[i] /= entries[i].value;  // no short airways: junctions do not feed on one another within a step
  node_ = right;

  for (std::size_t b = 0; b < branches; ++b) {
    const double m = std::abs(c.flow[b]), mass = c.air_mass[b];
    if (m <= rest) {
      react(b);
      continue;
    }
    std::deque<Plug>& plugs = plugs_[b];
    const double in = node_[std::size_t(upstream(c, Index(b)))];
    if (is_short(Index(b), h)) {
      const double mean = (before[b] / h + m * in + emission_.branch[b]) / (mass / h + m + decay * mass);
      balance_.emitted += emission_.branch[b] * h;
      balance_.decayed += decay * mass * mean * h;
      if (!x.mixes[std::size_t(downstream(c, Index(b)))]) balance_.left += m * mean * h;
      plugs = {{mass, mean}};
      continue;
    }
    double kept = 0;
    for (const Plug& p : plugs) kept += p.mass;
    const bool forward = c.flow[b] > 0;
    // The mass that enters fills the airway to the last bit; its amount is what the junction gave.
    const Plug plug{mass - kept, in * m * h / (mass - kept)};
    Plug* last = plugs.empty() ? nullptr : forward ? &plugs.front() : &plugs.back();
    if (last && std::abs(last->concentration - plug.concentration) <= 1e-13 * std::abs(plug.concentration)) {
      last->concentration = (last->mass * last->concentration + plug.mass * plug.concentration) / (last->mass + plug.mass);
      last->mass += plug.mass;
    } else {
      forward ? plugs.push_front(plug) : plugs.push_back(plug);
    }
    react(b);
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (x.through[i] <= 0) continue;
    balance_.emitted += emission_.node[i] * h;
    balance_.entered += x.enters[i] * emission_.inlet[i] * h;
    balance_.left += x.leaves[i] * node_[i] * h;
  }
  time_ += h;
}

double Transport::mean(Index branch) const {
  double amount = 0;
  for (const Plug& p : plugs_.at(std::size_t(branch))) amount += p.mass * p.concentration;
  return amount / carrier_.air_mass[std::size_t(branch)];
}
double Transport::at(Index branch, double x) const {
  if (!(x >= 0 && x <= 1)) throw InputError("place {:.6g} along an airway must be within 0 … 1", x);
  double end = 0;
  for (const Plug& p : plugs_.at(std::size_t(branch)))
    if ((end += p.mass) >= x * carrier_.air_mass[std::size_t(branch)]) return p.concentration;
  return plugs_[std::size_t(branch)].back().concentration;
}
Balance Transport::balance() const {
  Balance b = balance_;
  for (const auto& plugs : plugs_)
    for (const Plug& p : plugs) b.held += p.mass * p.concentration;
  return b;
}

}  // namespace winze::air
