// Where heat enters and leaves: surface points of each condition, and the nodal loads they make.
#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "heat/heat.hpp"

namespace winze::heat {
namespace {

const mesh::Surface& surface_of(const mesh::Mesh& mesh, const std::string& name) {
  if (const mesh::Surface* s = mesh.find_surface(name)) return *s;
  std::vector<std::string> names;
  std::string all = "walls";
  for (const mesh::Surface& s : mesh.surfaces) names.push_back(s.name), all += ", " + s.name;
  const std::string near = input::suggest(name, names);
  throw InputError("boundaries: heat: the mesh has no surface '{}'{}; there are: {}", name, near.empty() ? "" : "; did you mean '" + near + "'?",
                   all);
}

}  // namespace

void Heat::find_surfaces() {
  const int n_faces = mesh::info(mesh_.shape).n_faces;
  const auto key = [&](const mesh::Face& f) { return std::int64_t(f.element) * n_faces + f.face; };
  const auto standing = [&](const mesh::Face& f) { return material_of_element_[f.element] >= 0; };
  std::vector<char> stands(mesh_.region_names.size(), 1), open(mesh_.region_names.size(), 0);
  for (Index e = 0; e < mesh_.n_elements(); ++e)
    if (material_of_element_[e] < 0) open[mesh_.region[e]] = 1;
  for (size_t r = 0; r < open.size(); ++r) {
    open[r] = char(mesh_.comm.max<std::int32_t>(open[r]));
    stands[r] = !open[r];
  }
  const std::vector<mesh::Face> walls = mesh::surface_between(mesh_, stands, open);
  std::set<std::int64_t> conditioned;
  surfaces_.clear();
  std::fill(fixed_.begin(), fixed_.end(), 0);
  prescribed_.clear();
  for (const Boundary& b : boundaries_) {
    std::vector<mesh::Face> faces;
    const auto take_named = [&](const std::string& name) {
      for (const mesh::Face& f : surface_of(mesh_, name).faces)
        if (standing(f)) faces.push_back(f), conditioned.insert(key(f));
    };
    b.visit([&](const auto& c) {
      using C = std::decay_t<decltype(c)>;
      if constexpr (std::is_same_v<C, Convection>) {
        if (c.surface != "walls") {
          if (!c.regions.empty()) throw InputError("boundaries: heat: `regions` goes with surface: walls, not with '{}'", c.surface);
          return take_named(c.surface);
        }
        std::vector<char> facing(open.size(), c.regions.empty());
        for (const std::string& name : c.regions) {
          const int r = mesh_.region_index(name);
          if (r < 0) {
            const std::string near = input::suggest(name, mesh_.region_names);
            throw InputError("boundaries: heat: the mesh has no region '{}'{}", name, near.empty() ? "" : "; did you mean '" + near + "'?");
          }
          facing[r] = 1;
        }
        for (const mesh::Face& f : walls)
          if (facing[mesh_.face_region[key(f)]]) faces.push_back(f);
      } else {
        take_named(c.surface);
        if constexpr (std::is_same_v<C, Temperature> || std::is_same_v<C, Virgin>) {
          std::vector<std::uint8_t> on(fixed_.size(), 0);
          const int n = mesh::info(mesh_.shape).n_face_nodes;
          for (const mesh::Face& f : faces)
            for (int i = 0; i < n; ++i) on[mesh_.nodes_of(f.element)[mesh::face_nodes(mesh_.shape, f.face)[i]]] = 1;
          mesh_.nodes.add_to_owners(on.data(), 1);
          mesh_.nodes.update_ghosts(on.data(), 1);
          std::vector<Index> nodes;
          for (Index i = 0; i < Index(on.size()); ++i)
            if (on[i]) nodes.push_back(i), fixed_[i] = 1;
          prescribed_.push_back({&b, std::move(nodes)});
        }
      }
    });
    surfaces_.push_back({&b, fem::make_surface_points(mesh_, faces, int(surfaces_.size()), 0)});
  }
  // Outer faces without a condition keep the heat flow of the virgin state: k ∇T·n.
  std::vector<mesh::Face> outer;
  for (Index e = 0; e < mesh_.n_elements(); ++e)
    for (int f = 0; f < n_faces; ++f) {
      const mesh::Face face{e, std::int8_t(f)};
      if (mesh_.face_region[key(face)] < 0 && standing(face) && !conditioned.count(key(face))) outer.push_back(face);
    }
  const auto at = fem::make_surface_points(mesh_, outer, 0, 0);
  std::vector<double> q(at.size());
  for (size_t i = 0; i < at.size(); ++i) {
    const auto& [x, n] = std::pair{at[i].position, at[i].normal};
    const double inside = law_({x[0] - 0.5 * n[0], x[1] - 0.5 * n[1], x[2] - 0.5 * n[2]}),
                 outside = law_({x[0] + 0.5 * n[0], x[1] + 0.5 * n[1], x[2] + 0.5 * n[2]});
    q[i] = materials_.entries[material_of_element_[at[i].element]].second.thermal->conductivity_at(law_(x)) * (outside - inside);
  }
  geothermal_.assign(virgin_.size(), 0);
  fem::add_fluxes(mesh_, at, q, geothermal_.data());
}

std::vector<double> Heat::loads(double time, bool with_convection) const {
  std::vector<double> f = geothermal_;
  for (const Surface& s : surfaces_) {
    std::vector<double> q(s.at.size(), 0);
    if (const auto* flux = std::get_if<Flux>(&s.condition->value))
      std::fill(q.begin(), q.end(), flux->flux(time));
    else if (const auto* c = std::get_if<Convection>(&s.condition->value); c && with_convection)
      std::fill(q.begin(), q.end(), c->coefficient(time) * c->air(time));
    else
      continue;
    fem::add_fluxes(mesh_, s.at, q, f.data());
  }
  mesh_.nodes.update_ghosts(f.data(), 1);
  return f;
}

void Heat::prescribe(double time, std::vector<double>& t) const {
  for (const auto& [condition, nodes] : prescribed_) {
    const auto* given = std::get_if<Temperature>(&condition->value);
    for (Index i : nodes) t[i] = given ? given->temperature(time) : virgin_[i];
  }
}

double Heat::convection_into_rock(const std::vector<double>& t, double time) const {
  double sum = 0;
  for (const Surface& s : surfaces_) {
    const auto* c = std::get_if<Convection>(&s.condition->value);
    if (!c) continue;
    const std::vector<double> wall = fem::value_at(mesh_, s.at, t.data());
    for (size_t i = 0; i < wall.size(); ++i) sum += s.at[i].weight * c->coefficient(time) * (c->air(time) - wall[i]);
  }
  return mesh_.comm.sum(sum);
}

double Heat::wall_flow(double time) const { return -convection_into_rock(temperature_, time); }

}  // namespace winze::heat
