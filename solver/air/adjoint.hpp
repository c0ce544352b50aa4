/// What cooling anywhere in a network does at a place, for all places of coolers at once: the adjoint of the climate around a solution, flows as they
/// are. Junctions mix by mass and airways answer by their tangents, so that a change of the air obeys one sparse linear system, recirculation
/// included; its transpose, solved once per quantity at a place, gives the quantity's answer to cooling at every inlet of an airway and at every
/// junction.
#pragma once
#include <array>
#include <span>
#include <string>
#include <vector>

#include "air/air.hpp"
#include "linear/sparse_lu.hpp"

namespace winze::air {

using Pair = std::array<double, 2>;  ///< of enthalpy and humidity

class Adjoint {
 public:
  /// Takes the tangents of all airways of the last solve (see Climate::tangent); keeps references.
  Adjoint(Climate& climate, const Graph& graph, const FlowState& flow);

  /// Answer per W of cooling, positive where the quantity falls.
  struct Answer {
    std::vector<double> airway;    ///< [airways] cooled where its air enters
    std::vector<double> junction;  ///< [nodes] cooled where airways meet
  };
  /// `gradient`: of a quantity by h (J/kg) and x (kg/kg) of the air at the end `to` (or `from`) of a branch. Where that rests nothing arrives.
  Answer solve(Index branch, Where end, const Pair& gradient) const;

  /// The system, by rows: balances of enthalpy and water of the nodes in kJ/kg, 1/2500 kg/kg.
  std::vector<linear::Entry> matrix() const;
  Index n_unknowns() const { return 2 * graph_.n_nodes(); }
  int kinks() const;  ///< airways whose tangent is the mean of two slopes
  int solves() const { return solves_; }

 private:
  bool moves(size_t b) const { return tangents_[b].has_value(); }
  size_t upstream(size_t b) const { return size_t(flow_.mass[b] > 0 ? graph_.from[b] : graph_.to[b]); }
  size_t downstream(size_t b) const { return size_t(flow_.mass[b] > 0 ? graph_.to[b] : graph_.from[b]); }
  std::vector<Pair> at_inlets(const std::vector<Pair>& at_outlets) const;
  Pair cooling(const Stream& air, double pressure) const;

  const Climate& climate_;
  const Graph& graph_;
  const FlowState& flow_;
  std::vector<std::optional<Tangent>> tangents_;  // [branches], in scaled units
  std::vector<double> through_;                   // [nodes] kg/s that mix there
  mutable int solves_ = 0;
};

/// Derivatives by h and x.
Pair dry_bulb_gradient(const Stream& air, Psychrometry route);                   ///< K
Pair wet_bulb_gradient(const Stream& air, double pressure, Psychrometry route);  ///< K, of adiabatic saturation

/// Per W installed. Cooling felt is that of the sigma heat of all air at the workplace, which is a function of its wet bulb.
struct Benefit {
  double efficiency = 0;  ///< W felt at the workplace
  double wet_bulb = 0;    ///< K by which the wet bulb falls
  double dry_bulb = 0;    ///< K
};
struct Positional {
  std::string workplace;
  std::vector<Benefit> airway;    ///< [airways] of a cooler where the air enters, in file order
  std::vector<Benefit> junction;  ///< [nodes of the graph], junctions first, in file order
};
/// Of all workplaces in file order, around the last solve of `air` (with climate), before it is accepted. Costs fewer passes through airways than two
/// solves, however many coolers could be placed.
std::vector<Positional> positional_efficiencies(Air& air);

}  // namespace winze::air
