/// Heat between rock and the air of airways: the only place where the network and the finite elements meet.
///
/// The wall of an airway in the mesh is shared out to the cells of the air along its centre line. Over a step the air of a cell is one state; the
/// rock gives its mean heat flow q to it, and h (T_wall − T_air) of the air's film (of its tangent where the wall is wet) is what the rock sees. Each
/// round the air is solved with walls that answer q = q_rock − s (T − T_rock), then the rock with that air, until both have the same wall
/// temperature. In the end the air takes exactly the heat that left the rock. s and the first guess of q come from the radial law with the cell's own
/// history.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "air/air.hpp"
#include "air/strata.hpp"
#include "heat/heat.hpp"
#include "mesh/mesh.hpp"
#include "run/case.hpp"

namespace winze::run {

/// Over one stage; of several steps the sum, or the worst where said.
struct CouplingReport {
  heat::Report heat;
  int steps = 0, rounds = 0, most_rounds = 0;
  double mismatch = 0;   ///< K, of a wall's temperature between rock and air, worst
  double from_rock = 0;  ///< J that left the rock through the walls of airways (whole airways, where the mesh holds a share)
  double to_air = 0;     ///< J that the air got there
  double ledger = 0;     ///< |from_rock − to_air| of a step over the gross flow of that step, worst
  double air_time = 0;   ///< s of wall time outside the heat solver
};

class Coupling {
 public:
  /// Collective. Throws InputError with file:line where a wall and the centre line of its airway do not fit.
  Coupling(const Case& c, const mesh::Mesh& mesh, const std::vector<int>& material_of_region);

  /// The heat conditions of the case, with one convection per cell of the air in place of each that names an airway.
  const std::vector<heat::Boundary>& conditions() const { return conditions_; }

  /// Collective. The network before the first stage, its rock in the mesh not yet dug.
  void start();
  /// Collective. The changes that a stage makes to the network.
  void change(int stage);
  /// Collective. Rock and air from begin to end in steps of at most the network's. Throws SolverError where they do not agree, and what Heat::advance
  /// and Air throw; then both are as they were at the last good step. A stage of no length solves the air again.
  CouplingReport advance(heat::Heat& heat, double begin, double end, const std::function<void(double, double)>& progress);
  /// Of the air now with its given walls, for comparison with what left the rock: W, gross and net. Not collective.
  struct Flow {
    double net = 0, gross = 0;
  };
  Flow heat_to_air() const;

  const air::Air& air() const { return *air_; }
  air::Air& air() { return *air_; }
  std::vector<double> save() const;
  void restore(const std::vector<double>& state);

 private:
  /// Of the air along an airway, and the condition of the rock beside it.
  struct Piece {
    std::size_t condition;
    Index cell;
    double share = 1;                         ///< of the wall that the mesh holds
    double coefficient = 0;                   ///< W/m²/K, what the rock sees; stays while the air's film does within a few per cent
    double correction = 1;                    ///< what the rock gave in the last step over what the radial law says
    double area = 0;                          ///< m², whole
    air::Strata rock;                         ///< for the radial law
    std::unique_ptr<air::RockMemory> memory;  ///< from the first step with area
    std::string airway;
  };
  void step(heat::Heat& heat, double begin, double end, const std::function<void(double, double)>& progress, CouplingReport& report);
  air::Network network(int stage) const;

  Comm comm_;
  const Case& case_;
  std::vector<heat::Boundary> conditions_;
  std::vector<Piece> pieces_;
  std::unique_ptr<air::Air> air_;
  std::shared_ptr<const air::ExponentialSum> sum_;
};

}  // namespace winze::run
