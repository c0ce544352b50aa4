/// Steady air flow in a network by the mass-based global gradient algorithm (Todini & Pilati 1988): Newton's method on branch flows and node
/// pressures with a sparse Cholesky factorisation ordered once, fan slopes in the Jacobian, and a line search on the content of the network. Natural
/// ventilation and compression are not sources: they are the weight of the air in each branch, at its own density.
///
/// Flows are of dry air, which no branch gains or loses: kg/s, positive from → to. Pressures are total pressures at nodes. Serial; every rank may own
/// one.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "air/network.hpp"
#include "linear/sparse_cholesky.hpp"

namespace winze::air {

/// The air in the branches, as the pressure laws need it: [branches] each, or all empty when one density holds for all air.
struct BranchAir {
  std::vector<double> head;      ///< R T whose reciprocal is the mean of 1/(R T) over the height, J/kg (the column's weight)
  std::vector<double> friction;  ///< mean R T along the length, J/kg
  std::vector<double> moist;     ///< kg moist air per kg dry air
};

struct FlowState {
  std::vector<double> mass;      ///< [branches] kg dry air/s
  std::vector<double> pressure;  ///< [nodes] Pa, absolute
  std::vector<double> density;   ///< [branches] mean, kg moist air/m³
};

/// Where a fan works.
struct FanPoint {
  Index airway = 0, branch = 0;
  int device = 0;
  double flow = 0, pressure = 0;  ///< m³/s through the airway, Pa of total pressure gained along the fan's direction
  double density = 0;             ///< kg/m³
  double slope_margin = 0;  ///< Pa s/kg: slope of the pressure the network takes less that of the fan; above 0 the point is stable (McPherson 1993)
  double stall_margin = 0;  ///< 1: flow over that at the peak of the curve, less 1; below 0 the fan is stalled
  enum class Place { good, stalled, beyond_curve, blown_back, stopped } place = Place::good;
};
/// What a fixed flow takes.
struct FlowDemand {
  Index airway = 0;
  double pressure = 0;    ///< Pa: above 0 a regulator takes it, below 0 a fan must give it
  double resistance = 0;  ///< N s²/m⁸ at 1.2 kg/m³ of that regulator; 0 where it takes a fan
};
struct FlowReport {
  int iterations = 0;
  double last_change = 0;    ///< of any flow in the last Newton step over the largest flow
  double mass_residual = 0;  ///< largest imbalance of a node over the largest flow
  double loop_residual = 0;  ///< largest error of a branch's pressure law over the largest pressure loss
  double largest_flow = 0;   ///< kg/s
  double largest_loss = 0;   ///< Pa
  std::vector<FanPoint> fans;
  std::vector<FlowDemand> demands;
  std::vector<std::string> warnings;
};

class Flow {
 public:
  /// Keeps a reference to the graph. Throws InputError for parts that fixed flows cut off from every given pressure.
  Flow(const Graph& graph, const FlowOptions& options);

  /// What the outside and the frame of reference are; per node.
  struct Outside {
    std::vector<double> reference;  ///< [nodes] Pa: any hydrostatic pressure at their heights; pressures given by the graph are gauges above it
    double gravity = 9.81;
    double density = 0;  ///< kg/m³ of all air; 0: from BranchAir
  };
  /// Solves from `state` when its arrays are filled, else from scratch. Throws SolverError when it does not converge or when the operating point of
  /// fans is not unique and options refuse that; InputError when a regulator cannot hold its flow. After an exception the state is not a solution.
  FlowReport solve(const Outside& outside, const BranchAir& air, FlowState& state);

 private:
  void densities(const Outside& outside, const BranchAir& air, const FlowState& state);
  void first_guess(const Outside& outside, FlowState& state);
  double pressure_law(size_t b, double m, double& slope) const;
  void pressure_laws(const std::vector<double>& mass);
  double head_difference(size_t b) const;
  double chord_of_drop(size_t b, double m) const;
  bool newton_step(const std::vector<double>& mass, bool chord);
  bool iterate(const Outside& outside, const BranchAir& air, FlowState& state, FlowReport& report, bool may_fail);
  void residuals(const FlowState& state, FlowReport& report);
  void examine_fans(const Outside& outside, const BranchAir& air, FlowState& state, FlowReport& report);
  void count_points(const Outside& outside, const BranchAir& air, const FlowState& state, size_t f, FlowReport& report);
  void examine_demands(FlowReport& report) const;
  std::vector<double> response(size_t branch);
  [[noreturn]] void not_converged(const FlowState& state, const FlowReport& report) const;
  std::string name(size_t branch) const;

  const Graph& graph_;
  FlowOptions options_;
  struct FanAt {
    size_t branch;
    FanLaw law;
  };
  std::vector<FanAt> fans_;
  std::vector<std::uint32_t> fan_begin_;  // [special branches + 1]
  std::vector<size_t> special_;           // branches with fans, drops or gains
  std::vector<std::int32_t> special_of_;  // [branches], −1
  std::vector<Index> row_;                // [nodes] unknown, −1 where the pressure is given
  std::vector<std::int8_t> fixed_;        // [branches]
  std::vector<double> fixed_mass_;        // [branches] kg/s where fixed
  std::vector<size_t> pairs_;             // branches with an off-diagonal entry
  std::unique_ptr<linear::SparseCholesky> matrix_;
  // Of the current iterate: coefficient of m|m|, Pa from weight and reference, volume of one kg of dry air.
  std::vector<double> coefficient_, weight_, volume_, density_;
  std::vector<double> law_, slope_, head_, tail_, change_, inject_;
  std::vector<double> diagonal_, off_, right_;
  double scale_ = 1, width_ = 1;  // kg/s; of the smoothed step of constant drops, over the scale
  bool any_drop_ = false, one_density_ = false;
};

}  // namespace winze::air
