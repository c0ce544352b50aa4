/// Where heat enters and leaves while the openings stay as they are: the faces each condition holds, their nodal areas, and the flows they make.
#pragma once
#include <array>
#include <vector>

#include "fem/operators.hpp"
#include "heat/boundaries.hpp"
#include "heat/virgin.hpp"
#include "material/material.hpp"

namespace winze::heat {

/// Stages of a time step at c[j], whose rates enter with weights b[j]; the implicit ones have the matrix M + implicit Δt K.
struct Scheme {
  int n_stages;
  std::array<double, 3> c, b;
  double implicit;
};

/// What the surfaces do in one time step. Per condition of the list; zero where it is not of that kind.
struct StepConditions {
  double begin, length;
  std::vector<double> coefficient;            ///< h, W/m²/K, mean over the step
  std::vector<std::array<double, 3>> inflow;  ///< W/m² into the rock at each stage, without the part −h T of convection
};

class Conditions {
 public:
  /// Collective. virgin: nodal, K. Throws InputError for unknown surfaces and regions, and regions that are dug in part.
  Conditions(const mesh::Mesh& mesh, const std::vector<Boundary>& boundaries, const input::Named<material::Material>& materials,
             const VirginTemperature& law, const std::vector<double>& virgin, const std::vector<std::int32_t>& material_of_element);

  const std::vector<std::uint8_t>& fixed() const { return fixed_; }  ///< [n_local nodes] 1 where the temperature is prescribed
  bool any_fixed() const { return any_fixed_; }                      ///< on any rank
  bool constant_coefficients() const;
  /// Geothermal flow through outer faces without a condition, nodal, W into the rock, owned nodes.
  const View<double>& geothermal() const { return geothermal_; }
  /// [n_local nodes] 1 on faces that a condition holds, and on bare walls.
  const std::vector<std::uint8_t>& touched() const { return touched_; }

  /// ∫ h T_air dt and every prescribed flow are those of the tables, however fine: stage values are shifted to have the right mean. length 0: what
  /// holds at an instant.
  StepConditions during(double begin, double length, const Scheme& scheme) const;
  std::vector<fem::Convection> convection(const std::vector<double>& coefficient) const;

  /// Lowest and highest temperature that air and prescribed temperatures have in [begin, end]; −∞ or ∞ where a flow may cool or heat without limit,
  /// ∞ and −∞ without conditions.
  std::array<double, 2> range(double begin, double end) const;
  /// Sets the owned prescribed entries.
  void prescribe(double time, const View<double>& t) const;
  /// f += flow into the rock at a stage, without the part −h T of convection, W, owned nodes.
  void add_inflow(const StepConditions& step, int stage, const View<double>& f) const;

  struct Flows {
    double walls = 0, outer = 0;       ///< W into the rock at this rank's nodes: convection; prescribed and geothermal flow
    double gross = 0;                  ///< W, sum of the magnitudes at the nodes
    std::vector<double> of_condition;  ///< W into the rock, per condition that is convection or flow
  };
  Flows flows(const StepConditions& step, int stage, const View<double>& t) const;

  struct Mean {
    double temperature, area;
  };
  /// Of t over the surface of each condition, K, and its area, m²; NaN where it holds none. Collective.
  std::vector<Mean> means(const View<double>& t) const;

 private:
  struct Surface {
    std::size_t condition;
    std::vector<fem::SurfacePoint> at;  ///< of convection
    View<Index> nodes;                  ///< owned nodes of its faces
    View<double> area;                  ///< ∫ N dA, m², per node
  };
  struct Prescribed {
    std::size_t condition;
    View<Index> nodes;    ///< owned; every node is in one list at most
    View<double> virgin;  ///< K, per node
  };
  void claim_faces();
  void gather_surfaces();
  void gather_prescribed(const std::vector<double>& virgin);
  void find_geothermal(const input::Named<material::Material>& materials, const VirginTemperature& law,
                       const std::vector<std::int32_t>& material_of_element);

  const mesh::Mesh& mesh_;
  const std::vector<Boundary>& boundaries_;
  std::vector<std::int32_t> holder_;          ///< [n_elements][n_faces] the condition that holds the face, or one of the following
  std::vector<fem::SurfacePoint> cut_walls_;  ///< bare walls inside cells
  std::vector<std::int32_t> cut_across_;      ///< region of the opening behind each of their points, −1: open from the start
  std::vector<std::int32_t> cut_holder_;      ///< as holder_
  static constexpr std::int32_t inner = -1, outer = -2, wall = -3;
  std::vector<Surface> surfaces_;
  std::vector<Prescribed> prescribed_;
  std::vector<std::uint8_t> fixed_, touched_;
  bool any_fixed_ = false;
  View<double> geothermal_;
  double geothermal_net_ = 0, geothermal_gross_ = 0;  ///< W, of this rank
};

}  // namespace winze::heat
