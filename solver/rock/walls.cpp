// Walls of the openings: found from the regions, measured by tangential strain.
#include <algorithm>
#include <map>

#include "material/moduli.hpp"
#include "rock/rock.hpp"

namespace winze::rock {

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
  return points;
}

std::vector<Sym3> Rock::wall_stress(const std::vector<fem::SurfacePoint>& at) const {
  const std::vector<Sym3> strain = fem::strain_at(mesh_, at, state_.u.data());
  std::vector<Sym3> start(at.size(), Sym3{}), stress(at.size());
  if (!state_.start.empty()) start = fem::strain_at(mesh_, at, state_.start.data());
  std::vector<double> temperature(at.size(), 0);
  if (!state_.temperature.empty()) temperature = fem::value_at(mesh_, at, state_.temperature.data());
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
  }
  return stress;
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
