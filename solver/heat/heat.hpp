/// Transient heat conduction in rock that is dug out and filled by stages.
///
///   ρc ∂T/∂t = ∇·(k(T) ∇T), with convection, flow or temperature on surfaces.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "fem/levels.hpp"
#include "heat/boundaries.hpp"
#include "heat/conditions.hpp"
#include "heat/conductivity.hpp"
#include "heat/options.hpp"
#include "heat/virgin.hpp"

namespace winze::heat {

class Heat {
 public:
  /// Collective. Every material needs thermal properties (InputError names the one without). The rock has its virgin temperature.
  Heat(const mesh::Mesh& mesh, input::Named<material::Material> materials, const VirginTemperature& virgin, std::vector<Boundary> boundaries,
       Options options);
  ~Heat();

  /// Collective. material_of_element: −1 where dug out; a region is dug and filled as a whole. fill_temperature: [n_regions] K, read where elements
  /// of a region stand that were dug out before; nodes that only such elements touch take it (where two fills meet: the mean over their elements),
  /// the others keep theirs. Throws InputError for unknown surfaces and regions, regions dug in part, fill without a temperature. The first call
  /// warns if the virgin temperature is not steady with the conductivities.
  void set_elements(const std::vector<std::int32_t>& material_of_element, const std::vector<double>& fill_temperature = {});
  /// Collective. Integrates from `time` to `end`; `progress(fraction, Δt)` after every accepted step. The result depends on temperature, elements and
  /// arguments alone: no history passes from one call to the next. Throws SolverError when the step falls below 1e-9 of the interval, a linear solve
  /// fails or temperatures leave the physical range; then, and when progress throws, the temperature is what it was before.
  Report advance(double time, double end, const std::function<void(double, double)>& progress = {});

  const std::vector<double>& temperature() const { return temperature_; }  ///< [n_local nodes] K, ghosts valid; where dug out the last one
  const std::vector<double>& virgin() const { return virgin_; }            ///< [n_local nodes] K
  /// temperature − virgin, nodal, ghosts valid.
  std::vector<double> change() const;
  /// Sets the air of a convection of the list, constant until set again; K, W/m²/K. The same on every rank.
  void set_air(std::size_t condition, double air, double coefficient);
  /// A temperature that temperature() gave since the elements were last set: an interval can be repeated. The same on every rank.
  void set_temperature(std::vector<double> temperature);
  /// Of the surfaces that the conditions hold (convection and flow). Collective.
  std::vector<Conditions::Mean> surface_means() const;
  /// Heat flow from the rock into the openings through convection at `time`, W. Collective.
  double wall_flow(double time) const;
  /// Collective. Elements as in set_elements and temperature [n_local nodes] K with valid ghosts, as a run had them: it goes on bit by bit as if it
  /// had never stopped. InputError unless of this mesh and physical.
  void restore(const std::vector<std::int32_t>& material_of_element, std::vector<double> temperature);

 private:
  struct Present;  ///< conditions and time steps of the present elements
  void stand(const std::vector<std::int32_t>& material_of_element);
  std::vector<double> with_fill(const std::vector<std::int32_t>& material_of_element, const std::vector<double>& fill_temperature) const;
  void warn_unless_steady() const;

  const mesh::Mesh& mesh_;
  input::Named<material::Material> materials_;
  VirginTemperature law_;
  std::vector<Boundary> boundaries_;
  Options options_;
  std::unique_ptr<Conductivity> conductivity_;
  std::shared_ptr<fem::LevelStructure> levels_;
  std::vector<double> virgin_, temperature_;
  std::vector<std::int32_t> material_of_element_;
  std::unique_ptr<Present> present_;
};

}  // namespace winze::heat
