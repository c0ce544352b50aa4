/// Temperature and humidity along all airways for given flows: cells with autocompression, dry and wet walls, strata heat with history, heat sources,
/// coolers, condensation; perfect mixing at junctions. Junctions that feed back on one another (recirculation) are solved together by Newton's method
/// on one sparse linear system, all others once, in the order in which the air reaches them.
///
/// Energy is enthalpy and potential: per kg of dry air h + (1 + X) g z. The ledger closes on every junction and so in total.
#pragma once
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "air/cell.hpp"
#include "air/flow.hpp"
#include "air/network.hpp"
#include "air/strata.hpp"

namespace winze::air {

/// W, and kg/s where said; brought to the air of the network.
struct Ledger {
  double inflow = 0, outflow = 0;  ///< enthalpy and potential carried in and out by the air
  double strata = 0;               ///< from the rock
  double wall_water = 0;           ///< with water that evaporates from walls, less condensate on them
  double sources = 0;              ///< heat sources and their water
  double fans = 0;
  double coolers = 0;                    ///< negative: taken out
  double drained = 0;                    ///< with fog that falls out (leaves the air)
  double evaporated = 0, condensed = 0;  ///< kg/s
  double autocompression = 0;            ///< potential turned into enthalpy; within the sum, for tables
  double residual() const { return inflow - outflow + strata + wall_water + sources + fans + coolers - drained; }
  double scale() const;
};

/// Along one airway, in its own direction from → to whichever way the air goes.
struct BranchClimate {
  Stream first, last;  ///< of the air at its ends (what enters and what leaves)
  double strata = 0, evaporated = 0, sources = 0, fans = 0, cooling = 0, condensed = 0, autocompression = 0;
  double plant_power = 0, unmet = 0;  ///< W: of a plant that rejects here; load that it could not take
};

/// Derivatives of the air that leaves an airway (downstream), with flows and pressures as they are, by {h, x} of that which enters.
struct Tangent {
  std::array<double, 2> h{}, x{};   ///< of its enthalpy and humidity
  std::array<double, 2> cooling{};  ///< W, of the duty of its coolers
  std::vector<Index> serves;        ///< branches whose coolers heat this one's condenser
  std::array<double, 2> load{};     ///< {h, x} that leave, per W of those coolers
  bool kink = false;  ///< enthalpy answers to warming and to cooling by more than 1 % differently: condensation begins or ends just here
};

class Climate {
 public:
  /// Keeps references. Throws InputError where rock or virgin temperature is missing, with the airway.
  Climate(const Network& network, const Graph& graph);

  /// Reads the network again after a change of it. Throws InputError for changes that its memory cannot follow.
  void refresh();

  /// Rock in a solve: by age under constant conditions (steady), or by the memory of each cell over a step that ends at `time`.
  struct Step {
    double time = 0, dt = 0;  ///< s; dt = 0: steady, rock of age + time
    bool jump = false;        ///< the air has its new state from the start of the step on; else it runs straight to it
  };
  /// Solves for flows and pressures; fan_heat: [branches] W to the air. Changes no memory. Heat that would warm the air of an airway by more than 60
  /// K, or that of an airway whose air rests, is cut to that: overheated() then names the airway, and the result serves only to find better flows.
  void solve(const Step& step, const FlowState& flow, const std::vector<double>& fan_heat);
  /// Around the last solve, which stays as it is; before accept(). None where the air rests.
  std::optional<Tangent> tangent(Index branch);
  /// Airways gone through since the beginning: what solves and tangents cost.
  std::int64_t passes() const { return passes_; }
  /// Rock as it is after standing `age` at the temperatures of the last steady solve.
  void begin_memory();
  /// Takes the step of the last solve.
  void accept();

  const std::vector<Stream>& nodes() const { return node_; }
  const std::vector<BranchClimate>& branches() const { return branch_; }
  const Ledger& ledger() const { return ledger_; }
  Index overheated() const { return overheated_; }  ///< airway, −1: none
  /// For the flow solver.
  BranchAir air() const;
  double node_temperature(Index i) const { return temperature_of(gas(route_), node_[size_t(i)].h, node_[size_t(i)].x); }
  Psychrometry route() const { return route_; }
  /// State for restarts: walls, air and memory.
  std::vector<double> state() const;
  void restore(const std::vector<double>& state);

  /// Rock solved elsewhere (airways in_mesh; adiabatic until set): the wall of a cell has one temperature, and the rock answers as given. Its dry and
  /// wet parts are by the wetness of the airway.
  struct GivenWall {
    double area = 0;         ///< m²
    RockAnswer rock;         ///< slope 0: the flow is given and passes to the air as it is
    double temperature = 0;  ///< K, for air that rests
  };
  void set_wall(Index cell, const GivenWall& wall) { given_[size_t(cell)] = wall; }

  // Cells, for tables and for rock solved elsewhere: [n_cells], branch by branch from `from` to `to`.
  std::vector<Index> cell_begin;  ///< [branches + 1]
  std::vector<double> temperature, humidity, dry_wall, wet_wall;
  std::vector<double> wall_heat, wall_film;  ///< of given walls: W to the air, latent heat included; tangent of that per area, W/(m² K)

 private:
  struct Branch {
    Index from, to;
    int cells;
    double length, section, perimeter, fanning, wetness, z0, z1;
    std::optional<double> film, supply;
    bool strata, given;
    Strata rock;
    double virgin0, virgin1, age;
    bool whole;  ///< carries all devices of its airway (false for further parts of a ladder)
    double share;
  };
  struct Table;
  double conductance(const Branch& b, double film, double time);
  RockAnswer answer(const Branch& b, size_t cell, bool wet, double film);
  Course course(const RockMemory& memory) const { return memory.exposed() && !step_.jump ? Course::linear : Course::jump; }
  Stream march(size_t b, const Stream& in, bool keep);
  Stream outside(Index node) const;
  void mix(const std::vector<Index>& group, bool cyclic);
  void stagnant(size_t b);
  Gain gain(size_t b) const;
  const std::vector<Device>& device_list(size_t b) const { return network_.airways.entries[size_t(graph_.airway[b])].second.devices; }

  const Network& network_;
  const Graph& graph_;
  ClimateOptions options_;
  Psychrometry route_;
  std::vector<Branch> branch_data_;
  Step step_;
  const FlowState* flow_ = nullptr;
  std::vector<double> fan_heat_;
  std::vector<Stream> node_;
  std::vector<BranchClimate> branch_;
  Ledger ledger_;
  std::map<std::string, size_t> airway_place_;
  double least_flow_ = 0;
  Index overheated_ = -1;
  std::int64_t passes_ = 0;
  std::vector<std::vector<Index>> incoming_, outgoing_;
  std::shared_ptr<const ExponentialSum> sum_;
  std::vector<RockMemory> dry_memory_, wet_memory_;  // [n_cells], empty until begin_memory()
  std::vector<double> dry_film_, wet_film_;          // [n_cells] W/(m² K) of the last solve
  std::vector<GivenWall> given_;                     // [n_cells]
  std::vector<double> column_;                       // [n_cells] K: log-mean, which the weight of a column takes
  std::vector<double> mean_temperature_;             // [branches] K, of the last pass
  std::map<double, std::shared_ptr<Table>> tables_;  // by Fourier number
};

}  // namespace winze::air
