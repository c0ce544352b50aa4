/// How heat is stepped in time, and what an interval reports.
#pragma once
#include <array>

#include "input/key.hpp"

namespace winze::heat {

enum class Method { tr_bdf2, backward_euler };
constexpr std::array<const char*, 2> names(Method) { return {"tr_bdf2", "backward_euler"}; }

struct Options {
  double tolerance = 0.02;
  double linear_tolerance = 1e-6;
  double first_step = 0, longest_step = 0;
  int steps = 0;
  Method method = Method::tr_bdf2;
  int max_iterations = 200;
  static auto keys() {
    return input::keys(input::key("tolerance", &Options::tolerance, "K", "largest error of one time step anywhere").above(0).below(10),
                       input::key("linear_tolerance", &Options::linear_tolerance, "1",
                                  "true residual of each linear solve over the heat that moves in the step: heat is conserved as well as that")
                           .above(0)
                           .below(0.1),
                       input::key("first_step", &Options::first_step, "s", "longest first time step of a stage; 0: 1/128 of the stage").at_least(0),
                       input::key("longest_step", &Options::longest_step, "s", "longest time step; 0: no limit").at_least(0),
                       input::key("steps", &Options::steps, "1", "equal steps per stage without error control; 0: steps by error").at_least(0),
                       input::key("method", &Options::method, "tr_bdf2: second order with error control; backward_euler: first order, needs steps"),
                       input::key("max_iterations", &Options::max_iterations, "1", "of each linear solve").at_least(1));
  }
  void check(input::Check& check) const;
};

struct Report {
  int steps = 0, rejected = 0, linear_iterations = 0, setups = 0;
  double largest_error = 0;            ///< K, of one accepted step; 0 without error control
  double linear_residual = 0;          ///< largest true residual of a linear solve over the norm of its right-hand side
  double stored = 0;                   ///< J, change of ∫ ρc T of standing elements over the interval
  double wall_heat = 0;                ///< J into the rock through convection (negative while air cools rock)
  double boundary_heat = 0;            ///< J into the rock through prescribed and geothermal flow and prescribed temperatures
  double gross_heat = 0;               ///< J, the same two without cancelling what enters here against what leaves there
  std::vector<double> condition_heat;  ///< J into the rock, per boundary condition that is convection or flow
  double imbalance = 0;                ///< |stored − wall_heat − boundary_heat| over gross_heat
  /// K by which a temperature at the end is beyond the range of the rock before, the air and the prescribed temperatures: cells too coarse for the
  /// time since a wall was bared. Not looked for on the side that a flow can heat or cool.
  double overshoot = 0;
  double coldest = 0, hottest = 0;  ///< K, over standing rock at the end
};

}  // namespace winze::heat
