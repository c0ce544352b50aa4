/// One run of a case: stage by stage, heat then equilibrium then indicators, written and restartable after every accepted stage.
#pragma once
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fem/wall_trace.hpp"
#include "heat/heat.hpp"
#include "mesh/mesh.hpp"
#include "rock/rock.hpp"
#include "run/case.hpp"
#include "run/couple.hpp"

namespace winze::run {

/// Named nodal and element fields of the present moment, as results, probes and tables see them.
struct Fields {
  struct Entry {
    std::string name, unit;
    bool nodal;
    int components;              ///< 6: Kelvin form
    std::vector<double> values;  ///< [n_local nodes or n_elements][components]
  };
  std::vector<Entry> entries;
  const Entry* find(const std::string& name) const;
  void add(std::string name, std::string unit, bool nodal, int components, std::vector<double> values);
};

/// One value of a stage, for history.csv and summary.json.
struct Headline {
  std::string name, unit;
  double value;
};

class Simulation {
 public:
  /// The sides of slots in the mesh part as they are dug; nothing else of it changes.
  Simulation(const Case& c, mesh::Mesh& mesh);

  /// Collective. Carries out stage `i`; `progress(fraction of the stage, text)`. Throws as Rock::advance and Heat::advance, but for a Collapse, see
  /// rethrow_collapse(); Stopped on a signal.
  void advance(int stage, const std::function<void(double, const std::string&)>& progress);
  /// Throws what ended the last stage before its time: the rock then stands in its last equilibrium, and fields and headlines show it.
  void rethrow_collapse() const {
    if (collapse_) std::rethrow_exception(collapse_);
  }
  bool collapsed() const { return collapse_ != nullptr; }
  /// What the stage means in numbers; the columns are the same for every stage of a case.
  std::vector<Headline> headlines() const { return headlines_; }
  /// Results of every indicator after the last stage, in the order of the case.
  const std::vector<burst::Evaluation>& evaluations() const { return evaluations_; }
  Fields fields() const;
  /// The bare walls: faces of the mesh, then triangles of walls inside cells.
  struct Walls {
    std::vector<mesh::Face> faces;
    std::vector<fem::BareFacet> facets;
  };
  const Walls& walls() const { return walls_; }
  /// Per face and facet of walls(): wall stress (6, Kelvin), stage, temperature, and value and class of surface indicators.
  Fields wall_fields() const;
  double time() const { return time_; }
  const rock::Rock* rock() const { return rock_.get(); }
  const heat::Heat* heat() const { return heat_.get(); }
  const Coupling* coupling() const { return coupling_.get(); }
  const std::vector<std::int32_t>& material_of_element() const { return material_; }

  /// For restarts.
  struct State {
    double time = 0;
    std::vector<double> temperature;
    rock::Rock::State rock;
    std::vector<std::int32_t> material;
    std::vector<double> energy_density;
    std::vector<double> coupling;
  };
  State state() const;
  void restore(State state);

 private:
  void check_stages() const;   ///< every stage leaves supported rock; collective
  void check_in_situ() const;  ///< refuses a mesh in the air, warns of tension; collective
  void advance_heat(int stage, const std::function<void(double, const std::string&)>& progress);
  void evaluate(int stage);
  const Case& case_;
  mesh::Mesh& mesh_;
  std::vector<int> material_of_region_;
  std::unique_ptr<rock::Rock> rock_;
  std::unique_ptr<heat::Heat> heat_;
  std::unique_ptr<Coupling> coupling_;    ///< where the case has a network
  std::vector<burst::Rock> burst_rocks_;  ///< per material
  std::vector<std::int32_t> material_;    ///< per element, −1 dug out
  std::vector<double> element_stress_;    ///< [n_elements][6] volume mean, Kelvin
  std::vector<double> element_volume_;
  std::vector<double> energy_density_, energy_before_;  ///< [n_elements] J/m³
  void find_walls();
  void weld_slots();  ///< by material_; collective
  Walls walls_;
  std::vector<fem::SurfacePoint> wall_points_;  ///< of the faces, the same number each, then those inside cells
  std::vector<Sym3> wall_stress_;
  std::vector<char> at_crease_;  ///< per wall point
  std::vector<burst::Evaluation> evaluations_;
  std::vector<std::size_t> sample_element_;  ///< element of every volume sample
  std::vector<Headline> headlines_;
  std::exception_ptr collapse_;
  double time_ = 0;
  bool plastic_ = false;
};

}  // namespace winze::run
