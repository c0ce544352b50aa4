// Walls of the openings: found from the regions, measured by tangential strain.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "fem/wall_trace.hpp"
#include "material/moduli.hpp"
#include "rock/rock.hpp"

namespace winze::rock {
namespace {

/// The points on walls inside cut cells.
std::vector<fem::SurfacePoint> inside_cells(const std::vector<fem::SurfacePoint>& points) {
  std::vector<fem::SurfacePoint> inside;
  for (const fem::SurfacePoint& p : points)
    if (p.surface > 0) inside.push_back(p);
  return inside;
}

}  // namespace

void Rock::find_walls(int stage) {
  std::vector<std::uint8_t> open(mesh_.region_names.size(), 0);  // regions that are dug out; whole regions are dug at a time
  for (Index e = 0; e < mesh_.n_elements(); ++e)
    if (state_.material[e] == gone) open[mesh_.region[e]] = 1;
  for (auto& o : open) o = mesh_.comm.max<std::int32_t>(o) != 0;
  std::map<std::pair<Index, int>, int> known;
  for (const Wall& w : state_.walls) known[{w.face.element, w.face.face}] = w.stage;
  std::vector<char> standing(open.size()), removed(open.size());
  for (size_t r = 0; r < open.size(); ++r) standing[r] = !open[r], removed[r] = open[r];
  state_.walls.clear();
  for (const mesh::Face& f : boundary_.openings)
    if (state_.material[f.element] != gone) state_.walls.push_back({f, 0});
  for (const mesh::Face& f : mesh::surface_between(mesh_, standing, removed)) {
    const auto it = known.find({f.element, f.face});
    state_.walls.push_back({f, it == known.end() ? stage : it->second});
  }
}

std::vector<fem::SurfacePoint> Rock::wall_points() const {
  std::vector<mesh::Face> faces;
  for (const Wall& w : state_.walls) faces.push_back(w.face);
  std::vector<fem::SurfacePoint> points = fem::make_surface_points(mesh_, faces, 0, 0, fem::SurfaceUse::sample);
  const size_t per_face = faces.empty() ? 1 : points.size() / faces.size();
  for (size_t i = 0; i < points.size(); ++i) points[i].stage = state_.walls[i / per_face].stage;
  const auto inside = fem::bare_wall_points(mesh_, active(), [&](size_t w) {
    const auto changed = [&](Index e) { return e < 0 ? 0 : state_.changed[e]; };
    return std::max(changed(mesh_.cuts.walls[w].inside), changed(mesh_.cuts.walls[w].outside));
  });
  points.insert(points.end(), inside.begin(), inside.end());
  return points;
}

std::vector<char> Rock::at_creases() const {
  // Where faces bend, the sum of their unit normals at a node is shorter than their number.
  constexpr double shortest = 0.906;  // cos 25°: two faces at 50°
  const std::vector<fem::SurfacePoint> points = wall_points(), inside = inside_cells(points);
  const size_t n_walls = state_.walls.size(), per_face = n_walls ? (points.size() - inside.size()) / n_walls : 1;
  std::vector<double> sums(4 * size_t(mesh_.nodes.n_local()), 0);  // Σ normal, number of faces
  const int n_face_nodes = mesh::info(mesh_.shape).n_face_nodes;
  const auto for_nodes = [&](const Wall& wall, const auto& body) {
    const int* of_face = mesh::face_nodes(mesh_.shape, wall.face.face);
    for (int i = 0; i < n_face_nodes; ++i) body(mesh_.nodes_of(wall.face.element)[of_face[i]]);
  };
  for (size_t w = 0; w < n_walls; ++w) {
    Vector3 normal{};
    for (size_t i = w * per_face; i < (w + 1) * per_face; ++i)
      for (int d = 0; d < 3; ++d) normal[d] += points[i].weight * points[i].normal[d];
    const double length = std::sqrt(dot(normal, normal));
    for_nodes(state_.walls[w], [&](Index node) {
      for (int d = 0; d < 3; ++d) sums[4 * size_t(node) + d] += normal[d] / length;
      sums[4 * size_t(node) + 3] += 1;
    });
  }
  mesh_.nodes.add_to_owners(sums.data(), 4);
  mesh_.nodes.update_ghosts(sums.data(), 4);
  std::vector<char> at(n_walls * per_face, 0);
  for (size_t w = 0; w < n_walls; ++w)
    for_nodes(state_.walls[w], [&](Index node) {
      const double* s = &sums[4 * size_t(node)];
      if (std::sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2]) < shortest * s[3]) std::fill_n(at.begin() + w * per_face, per_face, 1);
    });
  const std::vector<char> beside = fem::beside_creases(mesh_, inside, inside);
  at.insert(at.end(), beside.begin(), beside.end());
  return at;
}

std::vector<Sym3> Rock::wall_stress(const std::vector<fem::SurfacePoint>& at) const {
  const std::vector<fem::SurfacePoint> wall = inside_cells(wall_points()), inside = inside_cells(at);
  const bool any_inside = mesh_.comm.any(!wall.empty());
  const auto strain_of = [&](const std::vector<double>& u) {
    std::vector<Sym3> strain = fem::strain_at(mesh_, at, u.data());
    if (!any_inside) return strain;
    const std::vector<Sym3> trace = fem::trace_strain(mesh_, wall, inside, u.data());
    for (size_t i = 0, k = 0; i < at.size(); ++i)
      if (at[i].surface > 0) strain[i] = trace[k++];
    return strain;
  };
  const std::vector<Sym3> strain = strain_of(state_.u);
  std::vector<Sym3> start(at.size(), Sym3{}), stress(at.size());
  if (!state_.start.empty()) start = strain_of(state_.start);
  std::vector<double> temperature(at.size(), 0);
  if (!state_.temperature.empty()) temperature = fem::value_at(mesh_, at, state_.temperature.data());
  const std::vector<double> at_points = memory_size_ > 0 ? stress_at_points() : std::vector<double>();
  for (size_t i = 0; i < at.size(); ++i) {
    const Index e = at[i].element;
    const int m = state_.material[e];
    Sym3 initial{}, thermal;
    for (int k = 0; k < 6; ++k) thermal[k] = expansion_[m][k] * temperature[i];
    if (state_.placed[e]) {  // strain at placement, mean of the element's points
      double volume = 0;
      Sym3 mean{};
      for (GlobalIndex q = points_.offset[e]; q < points_.offset[e + 1]; ++q) {
        volume += points_.volume[q];
        for (int k = 0; k < 6; ++k) mean[k] += points_.volume[q] * state_.placed_strain[6 * q + k];
      }
      for (int k = 0; k < 6; ++k) thermal[k] += mean[k] / volume;
    } else {
      initial = in_situ_(at[i].position);
      const Sym3 added = product(moduli_[m], start[i]);
      for (int k = 0; k < 6; ++k) initial[k] += added[k];
    }
    stress[i] = fem::wall_stress(strain[i], thermal, initial, moduli_[m], at[i].normal, {0, 0, 0});
    if (!nonlinear(e)) continue;
    Sym3 elastic = product(compliance_[m], initial);
    for (int k = 0; k < 6; ++k) elastic[k] += strain[i][k] - thermal[k];
    stress[i] = yielding_wall_stress(at[i], elastic, stress[i], at_points);
  }
  return stress;
}

// Newton on the vector a of strain + sym(a ⊗ n), with which the wall's traction vanishes.
Sym3 Rock::yielding_wall_stress(const fem::SurfacePoint& at, const Sym3& strain, const Sym3& elastic,
                                const std::vector<double>& stress_at_points) const {
  const Index e = at.element;
  GlobalIndex nearest = points_.offset[e];
  double least = HUGE_VAL;
  for (GlobalIndex q = points_.offset[e]; q < points_.offset[e + 1]; ++q) {
    double d = 0;
    for (int k = 0; k < 3; ++k) d += std::pow(points_.position[3 * q + k] - at.position[k], 2);
    if (d < least) least = d, nearest = q;
  }
  const Vector3& n = at.normal;
  const double half = 1 / sqrt2;
  const double by[6][3] = {
      {n[0], 0, 0}, {0, n[1], 0}, {0, 0, n[2]}, {0, n[2] * half, n[1] * half}, {n[2] * half, 0, n[0] * half}, {n[1] * half, n[0] * half, 0}};
  return materials_.entries[state_.material[e]].second.law.visit([&](const auto& law) {
    using Law = std::decay_t<decltype(law)>;
    if constexpr (Law::linear) {
      return elastic;
    } else {
      const Moduli& moduli = moduli_[state_.material[e]];
      typename Law::State memory;
      std::memcpy(static_cast<void*>(&memory), &state_.memory[size_t(memory_size_) * size_t(nearest)], sizeof memory);
      material::Conditions conditions;
      conditions.length = length_[e];
      Vector3 a{}, step{};
      double before = HUGE_VAL;
      for (int i = 0, cuts = 0; i < 60; ++i) {
        Sym3 total = strain;
        for (int k = 0; k < 6; ++k)
          for (int c = 0; c < 3; ++c) total[k] += by[k][c] * a[c];
        typename Law::State state = memory;
        const material::Response r = law.update(moduli, total, conditions, state);
        const Vector3 t = traction(r.stress, n);
        if (norm(t) <= 1e-9 * (std::sqrt(dot(r.stress, r.stress)) + std::sqrt(dot(elastic, elastic)))) return r.stress;
        if (norm(t) > before && cuts++ < 6) {
          for (int c = 0; c < 3; ++c) a[c] -= step[c] *= 0.5;
          continue;
        }
        before = norm(t), cuts = 0;
        const auto solve = [&](const Moduli& with, double more) {
          Moduli k{};
          Sym3 x{};
          for (int c = 0; c < 3; ++c) {
            x[c] = -t[c];
            for (int d = 0; d < 3; ++d)
              for (int p = 0; p < 6; ++p)
                for (int q = 0; q < 6; ++q) k[c][d] += by[p][c] * (with[p][q] + more * moduli[p][q]) * by[q][d];
          }
          const bool found = material::solve_small(3, k, x);
          step = {x[0], x[1], x[2]};
          return found;
        };
        if (!solve(r.tangent, 1e-6) && !solve(r.tangent, 0.1)) break;
        for (int c = 0; c < 3; ++c) a[c] += step[c];
      }
      Sym3 of_point;
      std::copy_n(&stress_at_points[6 * nearest], 6, of_point.begin());
      return of_point;
    }
  });
}

std::vector<double> Rock::stored_energy() const {
  const std::vector<double> stress = stress_at_points();
  std::vector<Moduli> compliance;
  for (const Moduli& c : moduli_) compliance.push_back(material::inverse(c));
  std::vector<double> energy(mesh_.n_elements(), 0);
  for (Index e = 0; e < mesh_.n_elements(); ++e)
    for (GlobalIndex q = points_.offset[e]; state_.material[e] != gone && q < points_.offset[e + 1]; ++q) {
      Sym3 s;
      std::copy_n(&stress[6 * q], 6, s.begin());
      energy[e] += points_.volume[q] * material::energy_density(compliance[state_.material[e]], s);
    }
  return energy;
}

}  // namespace winze::rock
