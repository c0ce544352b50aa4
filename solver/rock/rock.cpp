#include "rock/rock.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/log.hpp"
#include "fem/tie_term.hpp"
#include "rock/release.hpp"
#include "rock/system.hpp"

namespace winze::rock {

Rock::Rock(const mesh::Mesh& mesh, input::Named<material::Material> materials, std::vector<int> material_of_region, InSituStress in_situ,
           const std::vector<Boundary>& boundaries, Options options)
    : mesh_(mesh),
      materials_(std::move(materials)),
      material_of_region_(std::move(material_of_region)),
      in_situ_(std::move(in_situ)),
      options_(options),
      points_(fem::make_points(mesh)) {
  for (const auto& [name, m] : materials_.entries) {
    const int size = m.law.visit([](const auto& law) { return material::state_size<std::decay_t<decltype(law)>>(); });
    state_size_.push_back(size);
    memory_size_ = std::max(memory_size_, size > 0 ? size + 1 : 0);
    moduli_.push_back(m.moduli());
    compliance_.push_back(material::inverse(moduli_.back()));
    expansion_.push_back(m.expansion());
  }
  boundary_ = rock::apply(mesh, boundaries);
  state_.u.assign(3 * size_t(mesh.nodes.n_local()), 0);
  state_.held.assign(state_.u.size(), 0);
  state_.material.resize(mesh.n_elements());
  state_.placed.assign(mesh.n_elements(), 0);
  state_.changed.assign(mesh.n_elements(), 0);
  for (Index e = 0; e < mesh.n_elements(); ++e) state_.material[e] = material_of_region_[mesh.region[e]];
  if (memory_size_ > 0) {
    state_.memory.assign(size_t(memory_size_) * points_.n_points(), 0);
    length_.assign(size_t(mesh.n_elements()), 0);
    for (Index e = 0; e < mesh.n_elements(); ++e) {
      for (GlobalIndex q = points_.offset[e]; q < points_.offset[e + 1]; ++q) length_[e] += points_.volume[q];
      length_[e] = std::cbrt(length_[e]);
    }
  }
  initial_state();
  initial_boundary_force_ = boundary_force_;
  find_walls(0);
  check_supported(active());  // before any other physics spends time
  if (memory_size_ > 0) check_initial_strength();
}

std::vector<char> Rock::active() const {
  std::vector<char> a(mesh_.n_elements());
  for (size_t e = 0; e < a.size(); ++e) a[e] = state_.material[e] != gone;
  return a;
}

void Rock::initial_state() {
  const std::vector<char> standing = active();
  initial_stress_.resize(6 * points_.n_points());
  initial_weight_.assign(3 * points_.n_points(), 0);
  for (Index e = 0; e < mesh_.n_elements(); ++e)
    for (GlobalIndex q = points_.offset[e]; q < points_.offset[e + 1]; ++q) {
      const Vector3 x = {points_.position[3 * q], points_.position[3 * q + 1], points_.position[3 * q + 2]};
      const Sym3 s = in_situ_(x);
      std::copy(s.begin(), s.end(), &initial_stress_[6 * q]);
      if (options_.start == Start::hold) {
        const Vector3 b = in_situ_.body_force(x);
        std::copy(b.begin(), b.end(), &initial_weight_[3 * q]);
      } else if (state_.material[e] != gone) {
        initial_weight_[3 * q + 2] = -options_.gravity * materials_.entries[state_.material[e]].second.density;
      }
    }
  std::vector<double> internal(state_.u.size(), 0), weight(state_.u.size(), 0);
  fem::add_body_forces(mesh_, points_, standing, initial_weight_.data(), weight.data());
  boundary_force_.assign(state_.u.size(), 0);
  if (options_.start == Start::hold) {
    fem::add_internal_forces(mesh_, points_, standing, initial_stress_.data(), internal.data());
    for (size_t i = 0; i < internal.size(); ++i) boundary_force_[i] = internal[i] - weight[i];
    free_openings();
    return;
  }
  // Tractions of the in-situ stress on the whole outer boundary, then equilibrium with gravity; displacements count from there.
  std::vector<mesh::Face> outer;
  const int n_faces = mesh::info(mesh_.shape).n_faces;
  for (Index e = 0; e < mesh_.n_elements(); ++e)
    for (int f = 0; standing[e] && f < n_faces; ++f)
      if (mesh_.face_region[size_t(e) * n_faces + f] < 0) outer.push_back({e, std::int8_t(f)});
  const auto at = fem::make_surface_points(mesh_, outer, 0, 0);
  std::vector<Vector3> t(at.size());
  for (size_t i = 0; i < at.size(); ++i) t[i] = traction(in_situ_(at[i].position), at[i].normal);
  fem::add_tractions(mesh_, at, t, boundary_force_.data());
  BoundaryState given = boundary_;  // prescribed displacements and extra tractions act after the initial state only
  std::fill(boundary_.value.begin(), boundary_.value.end(), 0.0);
  std::fill(boundary_.force.begin(), boundary_.force.end(), 0.0);
  check_supported(active());
  Report report;
  System system(*this, report);
  solve(system, report, out_of_balance());
  std::vector<double> strain(6 * points_.n_points(), 0);
  fem::strain_at_points(mesh_, points_, standing, state_.u.data(), strain.data());
  for (Index e = 0; e < mesh_.n_elements(); ++e)
    for (GlobalIndex q = points_.offset[e]; standing[e] && q < points_.offset[e + 1]; ++q) {
      Sym3 s;
      std::copy_n(&strain[6 * q], 6, s.begin());
      s = product(moduli_[state_.material[e]], s);
      for (int i = 0; i < 6; ++i) initial_stress_[6 * q + i] += s[i];
    }
  state_.start = state_.u;
  std::fill(state_.u.begin(), state_.u.end(), 0.0);
  boundary_ = std::move(given);
  free_openings();
}

void Rock::free_openings() {
  const auto at = fem::make_surface_points(mesh_, boundary_.openings, 0, 0);
  std::vector<Vector3> t(at.size());
  for (size_t i = 0; i < at.size(); ++i) {
    const Vector3 carried = traction(in_situ_(at[i].position), at[i].normal);
    t[i] = {-carried[0], -carried[1], -carried[2]};
  }
  fem::add_tractions(mesh_, at, t, boundary_force_.data());
}

void Rock::prescribe(const std::string& surface, const std::function<Vector3(const Vector3&)>& displacement) {
  for (Index n : nodes_on_surface(mesh_, surface)) {
    const Vector3 u = displacement(mesh_.point(n));
    for (int d = 0; d < 3; ++d) boundary_.fixed[3 * n + d] = 1, boundary_.value[3 * n + d] = u[d];
  }
}

std::vector<double> Rock::thermal_strain_at_points(const std::vector<double>& temperature) const {
  if (temperature.empty()) return {};
  std::vector<double> t(points_.n_points()), strain(6 * points_.n_points(), 0);
  fem::value_at_points(mesh_, points_, temperature.data(), t.data());
  for (Index e = 0; e < mesh_.n_elements(); ++e)
    if (state_.material[e] != gone)
      for (GlobalIndex q = points_.offset[e]; q < points_.offset[e + 1]; ++q)
        for (int i = 0; i < 6; ++i) strain[6 * q + i] = expansion_[state_.material[e]][i] * t[q];
  return strain;
}

std::vector<double> Rock::stress_at_points() const { return stress_at_points(thermal_strain_at_points(state_.temperature)); }

std::vector<double> Rock::stress_at_points(const std::vector<double>& thermal) const {
  const std::vector<char> standing = active();
  std::vector<double> stress(6 * points_.n_points(), 0);
  fem::strain_at_points(mesh_, points_, standing, state_.u.data(), stress.data());
  for (Index e = 0; e < mesh_.n_elements(); ++e) {
    double* s = stress.data() + 6 * points_.offset[e];
    const double *initial = initial_stress_.data() + 6 * points_.offset[e], *th = thermal.empty() ? nullptr : thermal.data() + 6 * points_.offset[e];
    const double* placed = state_.placed[e] ? state_.placed_strain.data() + 6 * points_.offset[e] : nullptr;
    const GlobalIndex n = points_.offset[e + 1] - points_.offset[e];
    if (state_.material[e] == gone) {
      std::fill(s, s + 6 * n, 0.0);
      continue;
    }
    const double* memory = nonlinear(e) ? &state_.memory[size_t(memory_size_) * size_t(points_.offset[e])] : nullptr;
    const Moduli& c = moduli_[state_.material[e]];
    for (GlobalIndex q = 0; q < n; ++q, s += 6) {
      Sym3 strain;
      for (int i = 0; i < 6; ++i) strain[i] = s[i] - (th ? th[6 * q + i] : 0) - (placed ? placed[6 * q + i] : 0);
      if (memory)
        for (int i = 0; i < 6; ++i) strain[i] -= memory[q * memory_size_ + i];
      const Sym3 law = product(c, strain);
      for (int i = 0; i < 6; ++i) s[i] = law[i] + (placed ? 0 : initial[6 * q + i]);
    }
  }
  return stress;
}

std::vector<double> Rock::loads() const {
  const std::vector<char> standing = active();
  std::vector<double> weight = initial_weight_;
  for (Index e = 0; e < mesh_.n_elements(); ++e)
    for (GlobalIndex q = points_.offset[e]; state_.placed[e] && standing[e] && q < points_.offset[e + 1]; ++q) {
      weight[3 * q] = weight[3 * q + 1] = 0;
      weight[3 * q + 2] = -options_.gravity * materials_.entries[state_.material[e]].second.density;
    }
  std::vector<double> f(state_.u.size(), 0);
  fem::add_body_forces(mesh_, points_, standing, weight.data(), f.data());
  for (size_t i = 0; i < f.size(); ++i) f[i] += boundary_force_[i] + boundary_.force[i];
  return f;
}

std::vector<double> Rock::internal_forces(const std::vector<double>& stress) const {
  std::vector<double> f(state_.u.size(), 0);
  fem::add_internal_forces(mesh_, points_, active(), stress.data(), f.data());
  return f;
}

std::vector<double> Rock::tie_forces() const {
  std::vector<double> tied;
  if (!mesh_.comm.any(!mesh_.cuts.tied.faces.empty())) return tied;
  std::vector<double> u = state_.u;
  for (size_t i = 0; i < state_.tie_start.size(); ++i) u[i] -= state_.tie_start[i];
  tied.assign(u.size(), 0);
  fem::subtract_ties<3>(mesh_, fem::elastic_ties(mesh_, {moduli_, state_.material}), u, tied.data());
  return tied;
}

double Rock::tie_energy() const {
  const std::vector<double> tied = tie_forces();
  double sum = 0;
  for (size_t i = 0; !tied.empty() && i < 3 * size_t(mesh_.nodes.n_owned()); ++i)
    sum -= 0.5 * tied[i] * (state_.u[i] - (state_.tie_start.empty() ? 0 : state_.tie_start[i]));
  return sum;
}

std::vector<double> Rock::out_of_balance() const {
  std::vector<double> r = loads();
  const std::vector<double> internal = internal_forces(stress_at_points()), tied = tie_forces();
  for (size_t i = 0; i < r.size(); ++i) r[i] += state_.held[i] - internal[i];
  for (size_t i = 0; i < tied.size(); ++i) r[i] += tied[i];
  return r;
}

double Rock::force_scale() const {
  const std::vector<double> stress = stress_at_points();
  double sum = 0;
  for (Index e = 0; e < mesh_.n_elements(); ++e) {
    double v = 0, s = 0;
    for (GlobalIndex q = points_.offset[e]; q < points_.offset[e + 1]; ++q) {
      v += points_.volume[q];
      for (int i = 0; i < 6; ++i) s = std::max({s, std::abs(initial_stress_[6 * q + i]), std::abs(stress[6 * q + i])});
    }
    s *= std::cbrt(v) * std::cbrt(v);
    sum += s * s;
  }
  return std::sqrt(mesh_.comm.sum(sum));
}

void Rock::lose_outer_faces() {
  std::vector<mesh::Face> lost;
  const int n_faces = mesh::info(mesh_.shape).n_faces;
  for (Index e = 0; e < mesh_.n_elements(); ++e)
    for (int f = 0; (state_.material[e] == gone || state_.placed[e]) && f < n_faces; ++f)
      if (mesh_.face_region[size_t(e) * n_faces + f] < 0) lost.push_back({e, std::int8_t(f)});
  const auto at = fem::make_surface_points(mesh_, lost, 0, 0);
  std::vector<Vector3> t(at.size());
  for (size_t i = 0; i < at.size(); ++i) {
    const Vector3 carried = traction(in_situ_(at[i].position), at[i].normal);
    t[i] = {-carried[0], -carried[1], -carried[2]};
  }
  boundary_force_ = initial_boundary_force_;
  fem::add_tractions(mesh_, at, t, boundary_force_.data());
}

void Rock::change_elements(const Change& change, int stage) {
  std::vector<int> action(mesh_.region_names.size(), -2);  // −2 nothing, −1 dig, otherwise the fill's material
  for (int region : change.excavate) action[region] = gone;
  for (const Change::Fill& f : change.fill) {
    if (action[f.region] != -2)
      throw InputError("region '{}' is dug and filled in the same stage; give the fill a stage of its own", mesh_.region_names[f.region]);
    action[f.region] = f.material;
  }
  mesh_.comm.together([&] {
    for (Index e = 0; e < mesh_.n_elements(); ++e) {
      const int a = action[mesh_.region[e]];
      const std::string& name = mesh_.region_names[mesh_.region[e]];
      if (a == gone && state_.material[e] == gone && !between(e)) throw InputError("region '{}' is already dug out", name);
      if (a >= 0 && state_.material[e] != gone) throw InputError("region '{}' still stands; it must be dug before it can be filled", name);
    }
  });
  std::vector<char> filled(mesh_.n_elements(), 0);
  for (Index e = 0; e < mesh_.n_elements(); ++e) {
    const int a = action[mesh_.region[e]];
    if (a == -2 || (a >= 0 && between(e))) continue;
    state_.material[e] = a;
    state_.placed[e] = filled[e] = a >= 0;
    state_.changed[e] = stage;
    for (GlobalIndex k = memory_size_ * points_.offset[e]; k < memory_size_ * points_.offset[e + 1]; ++k) state_.memory[size_t(k)] = 0;
  }
  if (!change.fill.empty() || !change.excavate.empty()) lose_outer_faces();
  if (change.fill.empty()) return;
  if (mesh_.comm.any(!mesh_.cuts.tied.faces.empty())) state_.tie_start = state_.u;
  if (state_.placed_strain.empty()) state_.placed_strain.assign(6 * points_.n_points(), 0);
  std::vector<double> strain(6 * points_.n_points(), 0);
  fem::strain_at_points(mesh_, points_, filled, state_.u.data(), strain.data());
  const std::vector<double> thermal = thermal_strain_at_points(state_.temperature);
  for (Index e = 0; e < mesh_.n_elements(); ++e)
    for (GlobalIndex k = 6 * points_.offset[e]; filled[e] && k < 6 * points_.offset[e + 1]; ++k)
      state_.placed_strain[k] = strain[k] - (thermal.empty() ? 0 : thermal[k]);
}

Report Rock::advance(const Change& change, int stage, const double* temperature_change) {
  const State before = state_;
  try {
    Loads loads;
    loads.stress = stress_at_points();
    if (temperature_change) state_.temperature.assign(temperature_change, temperature_change + mesh_.nodes.n_local());
    change_elements(change, stage);
    check_supported(active());
    find_walls(stage);
    Report report;
    begin(loads, before, change.release, report.energy);
    for (size_t i = 0; i < state_.u.size(); ++i)
      if (boundary_.fixed[i]) state_.u[i] = boundary_.value[i];
    mesh_.hanging.fill(state_.u.data(), 3);
    System system(*this, report);
    bool yields = false;
    for (Index e = 0; e < mesh_.n_elements(); ++e) yields = yields || nonlinear(e);
    if (mesh_.comm.any(yields)) {
      follow(system, loads, report);
    } else {
      std::fill(state_.held.begin(), state_.held.end(), 0.0);
      std::vector<double> r = out_of_balance();
      if (change.release < 1) {
        for (size_t i = 0; i < r.size(); ++i)
          if (i < 3 * size_t(mesh_.nodes.n_owned())) state_.held[i] = -(1 - change.release) * r[i], r[i] *= change.release;
      }
      solve(system, report, r);
      loads.end = state_.held;
      add_energy(loads, 0, 1, state_.memory, before.u, stress_at_points(loads.thermal_to), report.energy);
    }
    end(loads, report.energy);
    double most = 0;
    for (Index n = 0; n < mesh_.nodes.n_owned(); ++n)
      if (!(system.mask().held[3 * n] & linear::Mask::dead))
        most = std::max(most, std::hypot(state_.u[3 * n], state_.u[3 * n + 1], state_.u[3 * n + 2]));
    report.largest_displacement = mesh_.comm.max(most);
    return report;
  } catch (...) {
    restore(before);
    throw;
  }
}

void Rock::restore(State state) {
  state_ = std::move(state);
  lose_outer_faces();
}

}  // namespace winze::rock
