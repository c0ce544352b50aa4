/// The ventilation network as a whole: flow and climate together, in time. What a run drives.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "air/climate.hpp"
#include "air/flow.hpp"
#include "air/network.hpp"

namespace winze::air {

/// Numbers for tables and files, one per airway or junction.
struct Column {
  std::string name, unit;
  std::vector<double> values;
};
struct AirReport {
  FlowReport flow;
  int couplings = 0;           ///< rounds between flow and climate
  double coupling_change = 0;  ///< of R T in the last round, relative
  double ledger_residual = 0;  ///< of the energy of all air over the largest of its terms; 0 without climate
};

class Air {
 public:
  /// Checks everything that can be checked before a solve; throws InputError. Materials that rock names must have been filled in.
  explicit Air(Network network);
  Air(const Air&) = delete;

  /// Air and rock as they are when the present weather and flows have held since each airway was dug (age + time). Throws SolverError.
  const AirReport& solve_steady(double time = 0);
  /// One step of dt > 0 s from `time()`: rock by its memory, air quasi-steady at the end of the step. The first one starts from solve_steady().
  const AirReport& advance(double dt);
  /// The two halves of a step, for rock solved elsewhere: a solve at its end that leaves all memory as it is, any number of times; then the step.
  const AirReport& attempt(double dt);
  void accept(double dt);
  /// The present moment again, after a change of the network: rock keeps its memory (walls as they are), or steady where there is none yet.
  const AirReport& solve_again();
  double time() const { return time_; }

  /// Another network from now on: what devices do, openings, sources; junctions, airways and the parts of ducts stay. In the next step walls answer
  /// to air that jumps to its new state at once; where it ran straight to that, flow and rock would swing about each other for many short steps.
  void change(Network network);
  const Network& network() const { return network_; }
  const Graph& graph() const { return graph_; }
  const FlowState& flow() const { return state_; }
  const Climate* climate() const { return climate_.get(); }
  Climate* climate() { return climate_.get(); }
  const AirReport& report() const { return report_; }

  std::vector<PlantState> plants() const;  ///< on the surface, in file order
  std::vector<Column> airways() const;     ///< in file order
  std::vector<Column> junctions() const;   ///< in file order
  /// Sums over the network: flows in, fan power, strata heat, …
  struct Headline {
    std::string name, unit;
    double value;
  };
  std::vector<Headline> headlines() const;

  /// Everything a restart needs; restore() of the same network goes on as if never stopped.
  std::vector<double> save() const;
  void restore(const std::vector<double>& state);

 private:
  void couple(double time, double dt);
  std::vector<double> fan_heat() const;
  BranchAir given_air(double time) const;

  Network network_;
  Graph graph_;
  std::unique_ptr<Flow> flow_;
  std::unique_ptr<Climate> climate_;
  FlowState state_;
  BranchAir air_;
  AirReport report_;
  double time_ = 0, solved_ = 0;
  bool steady_ = false, remembers_ = false, jumps_ = false;
};

}  // namespace winze::air
