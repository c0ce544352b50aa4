#include "run/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/signals.hpp"
#include "mesh/cut_mesh.hpp"

namespace winze::run {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

}  // namespace

const Fields::Entry* Fields::find(const std::string& name) const {
  for (const Entry& e : entries)
    if (e.name == name) return &e;
  return nullptr;
}
void Fields::add(std::string name, std::string unit, bool nodal, int components, std::vector<double> values) {
  entries.push_back({std::move(name), std::move(unit), nodal, components, std::move(values)});
}

Simulation::Simulation(const Case& c, mesh::Mesh& mesh) : case_(c), mesh_(mesh), material_of_region_(bind_regions(c, mesh)) {
  material_.resize(mesh.n_elements());
  for (Index e = 0; e < mesh.n_elements(); ++e) material_[e] = material_of_region_[mesh.region[e]];
  weld_slots();
  if (c.in_situ.stress) {
    PhaseTimer timer("rock set-up");
    rock_ = std::make_unique<rock::Rock>(mesh, c.materials, material_of_region_, rock::InSituStress{*c.in_situ.stress, c.in_situ.ground},
                                         c.boundaries.rock, c.solver.rock);
    for (const auto& [name, material] : c.materials.entries) {
      burst_rocks_.emplace_back(name, material);
      plastic_ = plastic_ || !material.law.visit([](const auto& law) { return law.linear; });
    }
    std::vector<burst::Rock> used;
    std::vector<char> seen(c.materials.entries.size(), 0);
    for (int m : material_of_region_)
      if (!seen[m]) seen[m] = 1, used.push_back(burst_rocks_[m]);
    for (const burst::Indicator& i : c.indicators) burst::check(i, plastic_ ? burst::Solution::plastic : burst::Solution::elastic, used);
    check_in_situ();
    check_stages();
    const fem::Points& points = rock_->points();
    element_volume_.assign(mesh.n_elements(), 0);
    for (Index e = 0; e < mesh.n_elements(); ++e)
      for (GlobalIndex q = points.offset[e]; q < points.offset[e + 1]; ++q) element_volume_[e] += points.volume[q];
  }
  if (c.in_situ.temperature) {
    PhaseTimer timer("heat set-up");
    if (c.air) coupling_ = std::make_unique<Coupling>(c, mesh, material_of_region_);
    heat_ = std::make_unique<heat::Heat>(mesh, c.materials, heat::VirginTemperature{*c.in_situ.temperature, c.in_situ.ground},
                                         coupling_ ? coupling_->conditions() : c.boundaries.heat, c.solver.heat);
    heat_->set_elements(material_);
    if (coupling_) coupling_->start();
  }
}

void Simulation::check_stages() const {
  std::vector<char> open(mesh_.region_names.size(), 0), standing(size_t(mesh_.n_elements()));
  for (const Stage& stage : case_.stages) {
    const std::vector<char> before = open;
    for (const std::string& pattern : stage.excavate)
      for (int r : match_regions(pattern, mesh_.region_names)) open[r] = 1;
    for (const auto& [pattern, fill] : stage.fill.entries)
      for (int r : match_regions(pattern, mesh_.region_names)) open[r] = 0;
    if (open == before) continue;
    for (Index e = 0; e < mesh_.n_elements(); ++e) standing[e] = !open[mesh_.region[e]];
    try {
      rock_->check_supported(standing);
    } catch (const InputError& error) {
      throw InputError("stages.{}: {}", stage.name, error.what());
    }
  }
}

void Simulation::check_in_situ() const {
  double lowest = HUGE_VAL, tension = 0;
  for (size_t i = 0; i < size_t(mesh_.nodes.n_owned()); ++i) {
    const Vector3 x = {mesh_.points[3 * i], mesh_.points[3 * i + 1], mesh_.points[3 * i + 2]};
    lowest = std::min(lowest, x[2]);
    tension = std::max(tension, principal(rock_->in_situ(x)).value[0]);
  }
  lowest = -mesh_.comm.max(-lowest);
  tension = mesh_.comm.max(tension);
  if (lowest > case_.in_situ.ground && std::string(case_.in_situ.stress->name()) != "tensor")
    throw InputError(
        "in_situ.ground: the whole mesh lies above the ground (lowest z {:.6g} m, ground {:.6g} m): lower it by mesh.shift, or raise ground", lowest,
        case_.in_situ.ground);
  if (tension > 1e3) log::warn("in_situ: the stress is tensile somewhere, by up to {:.3g} MPa; compression is positive in a case", 1e-6 * tension);
}

void Simulation::advance_heat(int number, const std::function<void(double, const std::string&)>& progress) {
  const Stage& stage = case_.stages[number];
  const auto each_step = [&](double fraction, double dt) {
    progress(0.6 * fraction, fmt::format("heat, step of {:.3g} d", dt / 86400));
    if (stop_requested(mesh_.comm)) throw Stopped("stopped by a signal within a stage; --resume goes on from the stage before");
  };
  CouplingReport coupled;
  if (coupling_) {
    coupling_->change(number);
    coupled = coupling_->advance(*heat_, time_, time_ + stage.duration, each_step);
  }
  const heat::Report r = coupling_ ? coupled.heat : heat_->advance(time_, time_ + stage.duration, each_step);
  double hottest = r.hottest, coldest = r.coldest;
  const double flow = heat_->wall_flow(time_ + stage.duration);
  headlines_.push_back({"rock_temperature_min", "degC", r.steps ? coldest - 273.15 : NAN});
  headlines_.push_back({"rock_temperature_max", "degC", r.steps ? hottest - 273.15 : NAN});
  headlines_.push_back({"heat_flow_into_openings", "W", flow});
  headlines_.push_back({"heat_from_walls", "J", -r.wall_heat});
  headlines_.push_back({"heat_stored_change", "J", r.stored});
  headlines_.push_back({"heat_imbalance", "1", r.imbalance});
  headlines_.push_back({"heat_overshoot", "K", r.overshoot});
  headlines_.push_back({"heat_steps", "1", double(r.steps)});
  headlines_.push_back({"heat_iterations", "1", double(r.linear_iterations)});
  if (!coupling_) return;
  headlines_.push_back({"coupling_steps", "1", double(coupled.steps)});
  headlines_.push_back({"coupling_rounds", "1", double(coupled.rounds)});
  headlines_.push_back({"coupling_rounds_max", "1", double(coupled.most_rounds)});
  headlines_.push_back({"coupling_mismatch", "K", coupled.mismatch});
  headlines_.push_back({"heat_from_airway_walls", "J", coupled.from_rock});
  headlines_.push_back({"heat_to_air_from_mesh", "J", coupled.to_air});
  headlines_.push_back({"coupling_ledger_residual", "1", coupled.ledger});
  Timings::global().add("air of the coupling", coupled.air_time);
  for (const air::Air::Headline& h : coupling_->air().headlines()) headlines_.push_back({h.name, h.unit, h.value});
}

void Simulation::advance(int number, const std::function<void(double, const std::string&)>& progress) {
  const Stage& stage = case_.stages[number];
  const std::vector<std::string> materials = case_.materials.names();
  rock::Change change;
  change.release = stage.release;
  std::vector<double> fill_temperature(mesh_.region_names.size(), NAN);
  for (const std::string& pattern : stage.excavate)
    for (int r : match_regions(pattern, mesh_.region_names)) change.excavate.push_back(r);
  for (const auto& [pattern, fill] : stage.fill.entries)
    for (int r : match_regions(pattern, mesh_.region_names)) {
      change.fill.push_back({r, int(std::find(materials.begin(), materials.end(), fill.material) - materials.begin())});
      fill_temperature[r] = fill.temperature;
    }
  std::vector<int> action(mesh_.region_names.size(), -2);
  for (int r : change.excavate) action[r] = rock::Rock::gone;
  for (const auto& f : change.fill) action[f.region] = f.material;
  const std::vector<char>& between = mesh_.cuts.copies.between;
  double unfilled = 0;
  for (Index e = 0; e < mesh_.n_elements(); ++e) {
    const int a = action[mesh_.region[e]];
    if (a == -2) continue;
    const bool thin = a >= 0 && !between.empty() && between[e];
    if (thin && rock_) unfilled += element_volume_[e];
    if (!thin) material_[e] = a;
  }
  unfilled = mesh_.comm.sum(unfilled);
  if (unfilled > 0)
    log::warn("{}: {:.3g} m³ of fill lie in openings that are thinner than a cell and carry nothing: make the cells smaller there", stage.name,
              unfilled);
  weld_slots();

  headlines_.clear();
  if (heat_) {
    PhaseTimer timer("heat");
    if (!change.excavate.empty() || !change.fill.empty()) heat_->set_elements(material_, fill_temperature);
    advance_heat(number, progress);
  }
  time_ += stage.duration;
  if (rock_) {
    progress(0.6, "equilibrium");
    rock::Report r;
    double reached = 1;
    {
      PhaseTimer timer("rock");
      const std::vector<double> temperature = heat_ ? heat_->change() : std::vector<double>();
      try {
        r = rock_->advance(change, number, heat_ ? temperature.data() : nullptr);
      } catch (const rock::Collapse& collapse) {
        collapse_ = std::current_exception();
        rock_->restore(*collapse.last);
        r = collapse.report;
        reached = collapse.share;
      }
    }
    headlines_.push_back({"largest_displacement", "m", r.largest_displacement});
    headlines_.push_back({"out_of_balance_force", "N", r.out_of_balance});
    headlines_.push_back({"rock_residual", "1", r.residual});
    headlines_.push_back({"rock_iterations", "1", double(r.linear_iterations)});
    headlines_.push_back({"newton_steps", "1", double(r.newton_steps)});
    headlines_.push_back({"release_steps", "1", double(r.steps)});
    headlines_.push_back({"release_reached", "1", reached});
    headlines_.push_back({"yielded_points", "1", double(r.yielded)});
    headlines_.push_back({"work_of_loads", "J", r.energy.loads});
    headlines_.push_back({"released_work", "J", r.energy.released});
    headlines_.push_back({"stored_energy_change", "J", r.energy.stored});
    headlines_.push_back({"dissipated_energy", "J", r.energy.dissipated});
    headlines_.push_back({"thermal_work", "J", r.energy.thermal});
    headlines_.push_back({"excess_energy", "J", r.energy.excess});
    headlines_.push_back({"energy_carried_out", "J", r.energy.carried_out});
    headlines_.push_back({"energy_imbalance", "1", r.energy.imbalance});
    progress(0.9, "indicators");
    PhaseTimer timer("indicators");
    evaluate(number);
  } else {
    find_walls();
  }
}

void Simulation::evaluate(int) {
  const fem::Points& points = rock_->points();
  const std::vector<double> stress = rock_->stress_at_points();
  element_stress_.assign(6 * size_t(mesh_.n_elements()), 0);
  energy_before_ = energy_density_;
  energy_density_ = rock_->stored_energy();
  double stored = 0;
  for (Index e = 0; e < mesh_.n_elements(); ++e) {
    stored += energy_density_[e];
    energy_density_[e] /= element_volume_[e];
    for (GlobalIndex q = points.offset[e]; q < points.offset[e + 1]; ++q)
      for (int i = 0; i < 6; ++i) element_stress_[6 * size_t(e) + i] += points.volume[q] / element_volume_[e] * stress[6 * q + i];
  }
  headlines_.push_back({"stored_elastic_energy", "J", mesh_.comm.sum(stored)});
  find_walls();
  wall_stress_ = rock_->wall_stress(wall_points_);
  at_crease_ = rock_->at_creases();
  double area = 0, major[2] = {-infinite, -infinite};  // away from creases, beside them
  for (size_t i = 0; i < wall_points_.size(); ++i) {
    area += wall_points_[i].weight;
    double& largest = major[size_t(at_crease_[i])];
    largest = std::max(largest, burst::major_compression(wall_stress_[i]));
  }
  headlines_.push_back({"wall_area", "m^2", mesh_.comm.sum(area)});
  const char* const names[2] = {"wall_compression_max", "wall_compression_beside_creases"};
  for (int k = 0; k < 2; ++k) {
    const double largest = mesh_.comm.max(major[k]);
    headlines_.push_back({names[k], "Pa", largest > -infinite ? largest : NAN});
  }

  const auto& placed = rock_->state().placed;
  sample_element_.clear();
  for (Index e = 0; e < mesh_.n_elements(); ++e)
    if (material_[e] >= 0 && !placed[e]) sample_element_.push_back(size_t(e));
  std::vector<size_t> on_rock;  // walls of fill are left out
  for (size_t i = 0; i < wall_points_.size(); ++i)
    if (!placed[wall_points_[i].element]) on_rock.push_back(i);
  const burst::Solution solution = plastic_ ? burst::Solution::plastic : burst::Solution::elastic;
  const burst::Samples walls{burst::Place::surface, solution, on_rock.size(), [&](size_t k) {
                               const size_t i = on_rock[k];
                               const fem::SurfacePoint& p = wall_points_[i];
                               burst::Sample s;
                               s.position = p.position, s.stress = wall_stress_[i], s.weight = p.weight, s.rock = &burst_rocks_[material_[p.element]];
                               s.singular = at_crease_[i];
                               s.normal = p.normal, s.in_situ = rock_->in_situ(p.position);
                               if (!energy_before_.empty()) s.energy_before = energy_before_[p.element];
                               return s;
                             }};
  const burst::Samples volume{burst::Place::volume, solution, sample_element_.size(), [&](size_t k) {
                                const size_t e = sample_element_[k];
                                burst::Sample s;
                                const GlobalIndex q0 = points.offset[e], q1 = points.offset[e + 1];
                                for (GlobalIndex q = q0; q < q1; ++q)
                                  for (int d = 0; d < 3; ++d) s.position[d] += points.volume[q] / element_volume_[e] * points.position[3 * q + d];
                                std::copy_n(&element_stress_[6 * e], 6, s.stress.begin());
                                s.weight = element_volume_[e], s.rock = &burst_rocks_[material_[e]], s.in_situ = rock_->in_situ(s.position);
                                if (!energy_before_.empty()) s.energy_before = energy_before_[e];
                                return s;
                              }};
  evaluations_.clear();
  for (const burst::Indicator& indicator : case_.indicators) {
    const burst::Description about = burst::describe(indicator);
    const bool needs_before = about.needs.previous_stage && energy_before_.empty();
    const burst::Samples none{about.place, solution, 0, [](size_t) { return burst::Sample(); }};
    burst::Evaluation result = burst::evaluate(mesh_.comm, indicator, needs_before ? none : about.place == burst::Place::surface ? walls : volume);
    headlines_.push_back({std::string(about.name) + "_most_severe", about.unit, result.most_severe});
    for (size_t k = 0; k < result.amount.size(); ++k) {
      std::string name = fmt::format("{}_{}_{}", about.name, about.place == burst::Place::surface ? "area" : "volume", result.class_label[k]);
      std::replace(name.begin(), name.end(), ' ', '_');
      headlines_.push_back({name, about.place == burst::Place::surface ? "m^2" : "m^3", result.amount[k]});
    }
    for (const std::string& w : result.warnings) log::warn("{}", w);
    if (about.place == burst::Place::surface) {  // back to all wall points
      std::vector<double> value(wall_points_.size(), NAN);
      std::vector<std::int8_t> severity(wall_points_.size(), 0);
      for (size_t k = 0; k < result.value.size(); ++k) value[on_rock[k]] = result.value[k], severity[on_rock[k]] = result.severity[k];
      result.value = std::move(value), result.severity = std::move(severity);
    } else {
      std::vector<double> value(size_t(mesh_.n_elements()), NAN);
      std::vector<std::int8_t> severity(value.size(), 0);
      for (size_t k = 0; k < result.value.size(); ++k) value[sample_element_[k]] = result.value[k], severity[sample_element_[k]] = result.severity[k];
      result.value = std::move(value), result.severity = std::move(severity);
    }
    evaluations_.push_back(std::move(result));
  }
}

Fields Simulation::fields() const {
  Fields f;
  std::vector<double> material(material_.begin(), material_.end());
  f.add("material", "", false, 1, std::move(material));
  if (heat_) {
    std::vector<double> celsius = heat_->temperature();
    for (double& t : celsius) t -= 273.15;
    f.add("temperature", "degC", true, 1, std::move(celsius));
    f.add("temperature_change", "K", true, 1, heat_->change());
  }
  if (!rock_) return f;
  f.add("displacement", "m", true, 3, rock_->displacement());
  f.add("stress", "Pa", true, 6, fem::points_to_nodes(mesh_, rock_->points(), rock_->active(), rock_->stress_at_points(), 6));
  if (plastic_) {
    rock::Rock::Yielding y = rock_->yielding();
    f.add("yielded_by", "", false, 1, std::move(y.by));
    f.add("plastic_strain", "1", false, 1, std::move(y.plastic_strain));
    f.add("strength_ratio", "1", false, 1, std::move(y.strength_ratio));
  }
  for (size_t i = 0; i < evaluations_.size(); ++i) {
    const burst::Description about = burst::describe(case_.indicators[i]);
    if (about.place != burst::Place::volume) continue;
    f.add(about.name, about.unit, false, 1, evaluations_[i].value);
    f.add(std::string(about.name) + "_class", "", false, 1, std::vector<double>(evaluations_[i].severity.begin(), evaluations_[i].severity.end()));
  }
  return f;
}

void Simulation::weld_slots() {
  std::vector<char> standing(material_.size());
  for (size_t e = 0; e < standing.size(); ++e) standing[e] = material_[e] >= 0;
  mesh::weld(mesh_, standing);
}

void Simulation::find_walls() {
  walls_ = {};
  std::vector<char> standing(material_.size());
  for (size_t e = 0; e < standing.size(); ++e) standing[e] = rock_ ? rock_->state().material[e] >= 0 : material_[e] >= 0;
  walls_.facets = fem::bare_facets(mesh_, standing);
  if (rock_) {
    for (const rock::Wall& w : rock_->walls()) walls_.faces.push_back(w.face);
    wall_points_ = rock_->wall_points();
    return;
  }
  std::vector<char> open(mesh_.region_names.size(), 0), whole(open.size());
  for (size_t e = 0; e < standing.size(); ++e)
    if (!standing[e]) open[mesh_.region[e]] = 1;
  for (size_t r = 0; r < open.size(); ++r) open[r] = mesh_.comm.any(open[r]), whole[r] = !open[r];
  walls_.faces = mesh::surface_between(mesh_, whole, open);
  wall_points_ = fem::make_surface_points(mesh_, walls_.faces, 0, 0, fem::SurfaceUse::sample);
  const auto inside = fem::bare_wall_points(mesh_, standing, [](size_t) { return 0; });
  wall_points_.insert(wall_points_.end(), inside.begin(), inside.end());
}

Fields Simulation::wall_fields() const {
  Fields f;
  size_t on_faces = 0;
  while (on_faces < wall_points_.size() && wall_points_[on_faces].surface == 0) ++on_faces;
  const size_t n = walls_.faces.size(), per_face = n ? on_faces / n : 1;
  // Of each face's points the mean by area or the largest, then of each facet the value at its point.
  const auto spread = [&](int width, bool largest, const auto& value) {
    std::vector<double> out((n + walls_.facets.size()) * size_t(width), 0);
    for (size_t face = 0; face < n; ++face) {
      double area = 0;
      for (size_t i = face * per_face; i < (face + 1) * per_face; ++i) area += wall_points_[i].weight;
      for (size_t i = face * per_face; i < (face + 1) * per_face; ++i)
        for (int k = 0; k < width; ++k) {
          double& to = out[face * size_t(width) + size_t(k)];
          to = largest ? std::max(to, double(value(i, k))) : to + wall_points_[i].weight / area * value(i, k);
        }
    }
    for (size_t i = 0; i < walls_.facets.size(); ++i)
      for (int k = 0; k < width; ++k) out[(n + i) * size_t(width) + size_t(k)] = value(on_faces + size_t(walls_.facets[i].point), k);
    return out;
  };
  if (rock_) {
    f.add("wall_stress", "Pa", false, 6, spread(6, false, [&](size_t i, int k) { return wall_stress_[i][size_t(k)]; }));
    f.add("compression_max", "Pa", false, 1, spread(1, false, [&](size_t i, int) { return burst::major_compression(wall_stress_[i]); }));
    f.add("crease", "", false, 1, spread(1, false, [&](size_t i, int) { return double(at_crease_[i]); }));
    f.add("stage", "", false, 1, spread(1, false, [&](size_t i, int) { return double(wall_points_[i].stage); }));
  }
  if (heat_) {
    const std::vector<double> t = fem::value_at(mesh_, wall_points_, heat_->temperature().data());
    f.add("temperature", "degC", false, 1, spread(1, false, [&](size_t i, int) { return t[i] - 273.15; }));
  }
  for (size_t j = 0; j < evaluations_.size(); ++j) {
    const burst::Description about = burst::describe(case_.indicators[j]);
    if (about.place != burst::Place::surface) continue;
    const burst::Evaluation& e = evaluations_[j];
    f.add(about.name, about.unit, false, 1, spread(1, false, [&](size_t i, int) { return e.value[i]; }));
    f.add(std::string(about.name) + "_class", "", false, 1, spread(1, true, [&](size_t i, int) { return double(e.severity[i]); }));
  }
  return f;
}

Simulation::State Simulation::state() const {
  return {time_,           heat_ ? heat_->temperature() : std::vector<double>(), rock_ ? rock_->state() : rock::Rock::State(), material_,
          energy_density_, coupling_ ? coupling_->save() : std::vector<double>()};
}

void Simulation::restore(State s) {
  time_ = s.time;
  material_ = s.material;
  weld_slots();
  energy_density_ = s.energy_density;
  if (heat_) heat_->restore(material_, std::move(s.temperature));
  if (coupling_) coupling_->restore(s.coupling);
  if (rock_) rock_->restore(std::move(s.rock));
}

}  // namespace winze::run
