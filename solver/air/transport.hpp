/// A gas or dust carried through a network of airways whose flows are known: steady, or over time without numerical diffusion. Air mixes perfectly at
/// junctions and moves as plugs along airways; recirculation is solved, not sorted. Concentrations are amounts (kg, or Bq of radon) per kg of dry
/// air, so that density does not enter; one object per species.
#pragma once
#include <deque>
#include <vector>

#include "base/types.hpp"

namespace winze::air {

/// Flows of dry air. At an open node all that arrives leaves and all that departs is outside air; at others only the imbalance is exchanged with
/// outside.
struct Carrier {
  Index n_nodes = 0;
  std::vector<Index> from, to;      ///< [branches]
  std::vector<double> flow;         ///< [branches] kg/s, positive from → to
  std::vector<double> air_mass;     ///< [branches] kg of dry air held, above zero
  std::vector<std::int8_t> open{};  ///< [nodes] 1: the atmosphere; empty: none
  Index n_branches() const { return Index(from.size()); }
};
/// Throws InputError on sizes, nodes and masses that do not fit.
void check(const Carrier& carrier);

/// Empty vectors stand for zeros.
struct Emission {
  std::vector<double> branch;  ///< [branches] amount per second, evenly along the airway
  std::vector<double> node;    ///< [nodes] amount per second
  std::vector<double> inlet;   ///< [nodes] concentration of the air that enters from outside
  double decay = 0;            ///< 1/s
};

/// Amounts (transient: since the start; steady: per second).
struct Balance {
  double start = 0, entered = 0, emitted = 0, decayed = 0, left = 0, held = 0;
  double residual() const { return start + entered + emitted - decayed - left - held; }
};

struct Spread {
  std::vector<double> node;    ///< [nodes] concentration
  std::vector<double> outlet;  ///< [branches] at the downstream end
  std::vector<double> mean;    ///< [branches] over the airway
  Balance balance;
};
/// Exact for plug flow. Throws InputError naming what has no steady state: a source in air that neither moves nor decays.
Spread steady_spread(const Carrier& carrier, const Emission& emission);

/// Plugs of air (Lagrangian segments) in airways that hold more than a step's flow; shorter ones are mixed volumes, implicit in time together with
/// the junctions. Conserves the amount to rounding whatever the step.
class Transport {
 public:
  /// step: longest step, s. Starts clean.
  Transport(Carrier carrier, Emission emission, double step);
  /// Begins again from a steady state of the same carrier: each airway straight from inlet to outlet in 16 plugs.
  void start(const Spread& spread);
  /// New flows and air masses of the same network. Concentrations stay; what the air that leaves by expansion carries counts as left.
  void set_flows(const std::vector<double>& flow, const std::vector<double>& air_mass);
  void set_emission(Emission emission);
  /// Puts an amount evenly into the part x0 … x1 of an airway (0: from, 1: to): blast fumes.
  void release(Index branch, double x0, double x1, double amount);
  void advance(double time);
  double time() const { return time_; }
  const std::vector<double>& nodes() const { return node_; }
  double mean(Index branch) const;
  /// Concentration at x, 0 (from) … 1 (to).
  double at(Index branch, double x) const;
  Balance balance() const;

 private:
  struct Plug {
    double mass, concentration;
  };
  void substep(double h);
  bool is_short(Index b, double h) const;

  Carrier carrier_;
  Emission emission_;
  double step_, time_ = 0;
  std::vector<std::deque<Plug>> plugs_;  // [branches] from `from` to `to`
  std::vector<double> node_;
  Balance balance_;
};

}  // namespace winze::air
