/// Transient heat conduction in rock that is dug out and filled by stages.
///
///   ρc ∂T/∂t = ∇·(k(T) ∇T), with convection, flow or temperature on surfaces.
///
/// Time steps: TR-BDF2 (Bank et al. 1985; embedded error of Hosea & Shampine 1996): second order, L-stable, both implicit stages with one matrix M +
/// d Δt K.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "fem/levels.hpp"
#include "heat/boundaries.hpp"
#include "heat/virgin.hpp"
#include "linear/solver.hpp"
#include "material/material.hpp"

namespace winze::heat {

enum class Method { tr_bdf2, backward_euler };
constexpr std::array<const char*, 2> names(Method) { return {"tr_bdf2", "backward_euler"}; }

struct Options {
  double tolerance = 0.02;
  double linear_tolerance = 1e-9;
  double first_step = 0, longest_step = 0;
  int steps = 0;
  Method method = Method::tr_bdf2;
  int max_iterations = 200;
  static auto keys() {
    return input::keys(
        input::key("tolerance", &Options::tolerance, "K", "largest error of one time step anywhere").above(0).below(10),
        input::key("linear_tolerance", &Options::linear_tolerance, "1", "true residual of each linear solve over its right-hand side")
            .above(0)
            .below(0.1),
        input::key("first_step", &Options::first_step, "s", "first time step after every change of the openings; 0: a hundredth of the stage")
            .at_least(0),
        input::key("longest_step", &Options::longest_step, "s", "longest time step; 0: no limit").at_least(0),
        input::key("steps", &Options::steps, "1", "equal steps per stage without error control; 0: steps by error").at_least(0),
        input::key("method", &Options::method, "tr_bdf2: second order with error control; backward_euler: first order, needs steps"),
        input::key("max_iterations", &Options::max_iterations, "1", "of each linear solve").at_least(1));
  }
};

struct Report {
  int steps = 0, rejected = 0, linear_iterations = 0, setups = 0;
  double stored = 0;                ///< J, change of ∫ ρc T of standing elements over the interval
  double wall_heat = 0;             ///< J into the rock through convection (negative while air cools rock)
  double boundary_heat = 0;         ///< J into the rock through outer flows and prescribed temperatures
  double imbalance = 0;             ///< |stored − wall_heat − boundary_heat| over the sum of their magnitudes
  double coldest = 0, hottest = 0;  ///< K, over standing rock
};

class Heat {
 public:
  /// Collective. materials need thermal properties (InputError names the one without).
  Heat(const mesh::Mesh& mesh, input::Named<material::Material> materials, const VirginTemperature& virgin, std::vector<Boundary> boundaries,
       Options options);

  ~Heat();

  /// Collective. material_of_element: −1 where dug out. Nodes that only now touch standing elements (fill) take `fill_temperature` K.
  void set_elements(const std::vector<std::int32_t>& material_of_element, double fill_temperature);
  /// Collective. Integrates from `time` to `end`; `progress(fraction, Δt)` after every accepted step. Throws SolverError when the step falls below
  /// 1e-9 of the interval or a solve fails; the temperature is then that of the last accepted step.
  Report advance(double time, double end, const std::function<void(double, double)>& progress);

  const std::vector<double>& temperature() const { return temperature_; }  ///< [n_local nodes] K, ghosts valid
  const std::vector<double>& virgin() const { return virgin_; }            ///< [n_local nodes] K
  /// temperature − virgin, nodal, ghosts valid.
  std::vector<double> change() const;
  /// Heat flow from the rock into the openings through convection at `time`, W. Collective.
  double wall_flow(double time) const;
  void restore(std::vector<double> temperature) { temperature_ = std::move(temperature); }

 private:
  struct System;    ///< matrix and multigrid of one step length
  struct Surface {  ///< one condition on its surface points
    const Boundary* condition;
    std::vector<fem::SurfacePoint> at;
  };
  struct Prescribed {
    const Boundary* condition;
    std::vector<Index> nodes;
  };
  void find_surfaces();
  void update_conductivity(const std::vector<double>& t);
  std::shared_ptr<System> system_for(double weight, double time, Report& report);
  /// Nodal heat flow that does not depend on T, W, ghosts valid; with or without the air's part of convection.
  std::vector<double> loads(double time, bool with_convection) const;
  void prescribe(double time, std::vector<double>& t) const;
  double convection_into_rock(const std::vector<double>& t, double time) const;
  void solve(System& system, const std::vector<double>& rhs, std::vector<double>& t, Report& report) const;
  /// Adds weight · (heat flows into the rock at `time`) to the balance; rate: M dT/dt.
  void add_flows(const System& system, const std::vector<double>& t, const std::vector<double>& rate, double time, double weight,
                 Report& report) const;
  /// Both return the largest error, K. rate: M dT/dt at the beginning in (empty: unknown), at the end out.
  double step_tr_bdf2(double time, double dt, Report& report, std::vector<double>& next, std::vector<double>& rate);
  double step_backward_euler(double time, double dt, Report& report, std::vector<double>& next);

  const mesh::Mesh& mesh_;
  input::Named<material::Material> materials_;
  std::vector<Boundary> boundaries_;
  Options options_;
  fem::Points points_;
  VirginTemperature law_;
  std::vector<double> virgin_, temperature_, geothermal_;  ///< nodal; geothermal_: flow through outer faces without a condition, owned, W
  std::vector<double> previous_, rate_;                    ///< temperature one step ago; M dT/dt now
  double previous_step_ = 0, last_step_ = 0;
  std::vector<std::int32_t> material_of_element_;
  std::vector<Surface> surfaces_;
  std::vector<Prescribed> prescribed_;
  std::vector<std::uint8_t> fixed_;
  fem::HeatCoefficients coefficients_;
  bool temperature_dependent_ = false;
  linear::Mask mask_, dead_;                      ///< dead_: without the prescribed nodes
  std::vector<std::shared_ptr<System>> systems_;  ///< most recent first
  std::shared_ptr<fem::LevelStructure> levels_;
  std::shared_ptr<linear::Operator<double>> mass_;
};

}  // namespace winze::heat
