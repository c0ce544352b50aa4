/// Implicit time steps of one set of elements.
///
/// TR-BDF2 (Bank et al. 1985; embedded third-order companion of Hosea & Shampine 1996): second order, L-stable, both implicit stages with one matrix
/// M + d Δt K. The error of a step is that of the companion, smoothed by the matrix. Steps are the interval divided by powers of two and begin at
/// multiples of their length, so that few matrices serve all of them.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "fem/levels.hpp"
#include "heat/conditions.hpp"
#include "heat/conductivity.hpp"
#include "heat/options.hpp"

namespace winze::heat {

class TimeSteps {
 public:
  /// Collective. The arguments must outlive it. `levels` is made on first use and may serve later objects of the same mesh.
  TimeSteps(const mesh::Mesh& mesh, const fem::HeatCoefficients& coefficients, const Conductivity& conductivity, const Conditions& conditions,
            const Options& options, std::shared_ptr<fem::LevelStructure>& levels);
  ~TimeSteps();

  /// Collective. Integrates temperature [n_local nodes] from `begin` to `end`; on exceptions it is left as it was.
  Report run(double begin, double end, std::vector<double>& temperature, const std::function<void(double, double)>& progress);

  /// Operators and preconditioners are made anew: after a change of a coefficient that is constant in time.
  void forget();

  const linear::Mask& mask() const { return mask_; }

 private:
  struct System;
  struct Vectors;

  void start(double begin, const std::vector<double>& temperature, Report& report);
  /// A step from the present temperature to `next`; returns its error, K.
  double attempt(const StepConditions& step, Report& report);
  double tr_bdf2(const StepConditions& step, System& system, Report& report);
  void backward_euler(const StepConditions& step, System& system, Report& report);
  /// `next` becomes the present; its flows enter the report.
  void accept(const StepConditions& step, Report& report);
  void balance(Report& report) const;
  std::array<double, 2> extremes() const;  ///< coldest and hottest standing node now, K. Collective

  System& system_for(const StepConditions& step, Report& report);
  /// factor: conductivity of the temperature in the middle of the step. Returns what the one in use is wrong by: its relative error times the change
  /// of temperature over the step, the largest of all elements, K.
  double conductivity_lag(const View<double>& middle, std::vector<double>& factor) const;
  /// A x = b for the unknowns, x the first guess. Ends at a true residual of relative_tolerance · max(|b|, reference) and returns its norm.
  double solve(System& system, const View<double>& b, const View<double>& x, double relative_tolerance, double reference, Report& report);
  /// Moves the unknowns of t, first guesses, until A t = rhs.
  void solve_stage(System& system, const View<double>& t, Report& report);

  const mesh::Mesh& mesh_;
  fem::HeatCoefficients coefficients_;
  const Conductivity& conductivity_;
  const Conditions& conditions_;
  const Options& options_;
  Scheme scheme_;
  std::shared_ptr<fem::LevelStructure>& levels_;
  linear::Mask mask_, dead_;  ///< dead_: without the prescribed nodes
  View<std::uint8_t> held_;   ///< mask_ on the device
  std::shared_ptr<linear::Operator<double>> mass_;
  std::vector<std::unique_ptr<System>> systems_;  ///< most recent first
  std::unique_ptr<Vectors> v_;
  std::array<double, 2> range_{};  ///< K, what temperatures of the interval should keep to
};

}  // namespace winze::heat
