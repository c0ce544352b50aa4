#include "heat/conditions.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "fem/wall_trace.hpp"
#include "heat/means.hpp"

namespace winze::heat {
namespace {

const mesh::Surface& surface_of(const mesh::Mesh& mesh, const std::string& name) {
  if (const mesh::Surface* s = mesh.find_surface(name)) return *s;
  std::vector<std::string> names = {walls};
  for (const mesh::Surface& s : mesh.surfaces) names.push_back(s.name);
  const std::string near = input::suggest(name, names);
  throw InputError("boundaries: heat: the mesh has no surface '{}'{}; there are: {}", name, near.empty() ? "" : "; did you mean '" + near + "'?",
                   fmt::join(names, ", "));
}

int region_of(const mesh::Mesh& mesh, const std::string& name) {
  const int region = mesh.region_index(name);
  if (region >= 0) return region;
  const std::string near = input::suggest(name, mesh.region_names);
  throw InputError("boundaries: heat: the mesh has no region '{}'{}; there are: {}", name, near.empty() ? "" : "; did you mean '" + near + "'?",
                   fmt::join(mesh.region_names, ", "));
}

/// Mean of the vertices of a face, numbered through all elements.
Vector3 face_centre(const mesh::Mesh& mesh, std::size_t face) {
  const mesh::ShapeInfo& shape = mesh::info(mesh.shape);
  const Index* nodes = mesh.nodes_of(Index(face / std::size_t(shape.n_faces)));
  const int* of_face = mesh::face_nodes(mesh.shape, int(face % std::size_t(shape.n_faces)));
  Vector3 centre{};
  for (int k = 0; k < shape.n_face_nodes; ++k)
    for (int d = 0; d < 3; ++d) centre[d] += mesh.points[3 * std::size_t(nodes[of_face[k]]) + d] / shape.n_face_nodes;
  return centre;
}

/// Regions that are dug out. Collective.
std::vector<char> open_regions(const mesh::Mesh& mesh, const std::vector<std::int32_t>& material_of_element) {
  std::vector<std::int32_t> seen(2 * mesh.region_names.size(), 0);
  for (Index e = 0; e < mesh.n_elements(); ++e) seen[2 * mesh.region[e] + (material_of_element[e] < 0)] = 1;
  mesh.comm.sum(seen.data(), int(seen.size()));
  std::vector<char> open(mesh.region_names.size());
  for (std::size_t r = 0; r < open.size(); ++r) {
    if (seen[2 * r] && seen[2 * r + 1])
      throw InputError("heat: region '{}' is dug out in part; a region is dug and filled as a whole", mesh.region_names[r]);
    open[r] = seen[2 * r + 1] != 0;
  }
  return open;
}

}  // namespace

bool Along::holds(const Vector3& x) const {
  double length = 0, way = 0;
  for (int d = 0; d < 3; ++d) length += (to[d] - from[d]) * (to[d] - from[d]), way += (to[d] - from[d]) * (x[d] - from[d]);
  return std::clamp(int(std::floor(parts * way / length)), 0, parts - 1) == part;
}

Conditions::Conditions(const mesh::Mesh& mesh, const std::vector<Boundary>& boundaries, const input::Named<material::Material>& materials,
                       const VirginTemperature& law, const std::vector<double>& virgin, const std::vector<std::int32_t>& material_of_element)
    : mesh_(mesh), boundaries_(boundaries) {
  const std::vector<char> open = open_regions(mesh, material_of_element);
  const int n_faces = mesh::info(mesh.shape).n_faces;
  holder_.assign(std::size_t(mesh.n_elements()) * n_faces, inner);
  for (std::size_t f = 0; f < holder_.size(); ++f) {
    const std::int32_t across = mesh.face_region[f];
    if (material_of_element[f / n_faces] >= 0 && (across < 0 || open[across])) holder_[f] = across < 0 ? outer : wall;
  }
  std::vector<char> standing(material_of_element.size());
  for (std::size_t e = 0; e < standing.size(); ++e) standing[e] = material_of_element[e] >= 0;
  cut_walls_ = fem::bare_wall_points(mesh, standing, [&](std::size_t w) {
    const mesh::WallPoint& p = mesh.cuts.walls[w];
    const Index across = p.inside >= 0 && standing[p.inside] ? p.outside : p.inside;
    cut_across_.push_back(across < 0 ? -1 : mesh.region[across]);
    return 0;
  });
  cut_holder_.assign(cut_walls_.size(), wall);
  claim_faces();
  touched_.assign(mesh.nodes.n_local(), 0);
  for (std::size_t f = 0; f < holder_.size(); ++f)
    if (holder_[f] >= 0 || holder_[f] == wall)
      for (int i = 0; i < mesh::info(mesh.shape).n_face_nodes; ++i)
        touched_[mesh.nodes_of(Index(f / n_faces))[mesh::face_nodes(mesh.shape, int(f % n_faces))[i]]] = 1;
  for (const fem::SurfacePoint& p : cut_walls_)
    for (int i = 0; i < mesh::info(mesh.shape).n_nodes; ++i) touched_[mesh.nodes_of(p.element)[i]] = 1;
  mesh.nodes.add_to_owners(touched_.data(), 1);
  mesh.nodes.update_ghosts(touched_.data(), 1);
  gather_surfaces();
  gather_prescribed(virgin);
  find_geothermal(materials, law, material_of_element);
}

void Conditions::claim_faces() {
  const int n_faces = mesh::info(mesh_.shape).n_faces;
  for (std::size_t i = 0; i < boundaries_.size(); ++i) {
    const auto* convection = std::get_if<Convection>(&boundaries_[i].value);
    const Along* along = convection && convection->along ? &*convection->along : nullptr;
    const auto claim = [&](std::size_t face) {
      if (holder_[face] != inner && (!along || along->holds(face_centre(mesh_, face)))) holder_[face] = std::int32_t(i);
    };
    const std::string name = boundaries_[i].visit([](const auto& c) { return c.surface; });
    if (name != walls) {
      for (const mesh::Face& f : surface_of(mesh_, name).faces) claim(std::size_t(f.element) * n_faces + f.face);
      continue;
    }
    std::vector<char> facing(mesh_.region_names.size(), !convection || convection->regions.empty());
    if (convection)
      for (const std::string& region : convection->regions) facing[region_of(mesh_, region)] = 1;
    for (std::size_t f = 0; f < holder_.size(); ++f)
      if (mesh_.face_region[f] >= 0 && facing[mesh_.face_region[f]]) claim(f);
    const bool any = !convection || convection->regions.empty();
    for (std::size_t k = 0; k < cut_walls_.size(); ++k)
      if ((cut_across_[k] < 0 ? any : facing[cut_across_[k]] != 0) && (!along || along->holds(cut_walls_[k].position)))
        cut_holder_[k] = std::int32_t(i);
  }
  mesh_.comm.together([&] {
    for (std::int32_t held : cut_holder_)
      if (held >= 0 && (std::holds_alternative<Temperature>(boundaries_[held].value) || std::holds_alternative<Virgin>(boundaries_[held].value)))
        throw InputError("boundaries: heat: walls that cut cells take no prescribed temperature; give convection with a large coefficient");
  });
}

void Conditions::gather_surfaces() {
  const int n_faces = mesh::info(mesh_.shape).n_faces;
  std::vector<double> area(mesh_.nodes.n_local());
  for (std::size_t i = 0; i < boundaries_.size(); ++i) {
    const bool convective = std::holds_alternative<Convection>(boundaries_[i].value);
    if (!convective && !std::holds_alternative<Flux>(boundaries_[i].value)) continue;
    std::vector<mesh::Face> faces;
    for (std::size_t f = 0; f < holder_.size(); ++f)
      if (holder_[f] == std::int32_t(i)) faces.push_back({Index(f / n_faces), std::int8_t(f % n_faces)});
    Surface surface{i, fem::make_surface_points(mesh_, faces, int(i), 0), {}, {}};
    for (std::size_t k = 0; k < cut_walls_.size(); ++k)
      if (cut_holder_[k] == std::int32_t(i)) surface.at.push_back(cut_walls_[k]);
    std::fill(area.begin(), area.end(), 0);
    fem::add_fluxes(mesh_, surface.at, std::vector<double>(surface.at.size(), 1), area.data());
    std::vector<Index> nodes;
    std::vector<double> of_node;
    for (Index n = 0; n < mesh_.nodes.n_owned(); ++n)
      if (area[n] != 0) nodes.push_back(n), of_node.push_back(area[n]);
    surface.nodes = to_device(nodes, "surface nodes");
    surface.area = to_device(of_node, "nodal area");
    if (!convective) surface.at.clear();
    surfaces_.push_back(std::move(surface));
  }
}

void Conditions::gather_prescribed(const std::vector<double>& virgin) {
  const int n_faces = mesh::info(mesh_.shape).n_faces, n_face_nodes = mesh::info(mesh_.shape).n_face_nodes;
  const std::size_t n_local = virgin.size();
  fixed_.assign(n_local, 0);
  std::vector<std::int32_t> last(n_local, 0);  // one more than the last condition that prescribes the node
  for (std::size_t i = 0; i < boundaries_.size(); ++i) {
    if (!std::holds_alternative<Temperature>(boundaries_[i].value) && !std::holds_alternative<Virgin>(boundaries_[i].value)) continue;
    std::vector<std::uint8_t> on(n_local, 0);
    for (std::size_t f = 0; f < holder_.size(); ++f)
      if (holder_[f] == std::int32_t(i))
        for (int k = 0; k < n_face_nodes; ++k) on[mesh_.nodes_of(Index(f / n_faces))[mesh::face_nodes(mesh_.shape, int(f % n_faces))[k]]] = 1;
    mesh_.nodes.add_to_owners(on.data(), 1);
    mesh_.nodes.update_ghosts(on.data(), 1);
    for (std::size_t n = 0; n < n_local; ++n)
      if (on[n]) fixed_[n] = 1, last[n] = std::int32_t(i) + 1;
  }
  for (std::size_t i = 0; i < boundaries_.size(); ++i) {
    std::vector<Index> nodes;
    std::vector<double> values;
    for (Index n = 0; n < mesh_.nodes.n_owned(); ++n)
      if (last[n] == std::int32_t(i) + 1) nodes.push_back(n), values.push_back(virgin[n]);
    if (!nodes.empty()) prescribed_.push_back({i, to_device(nodes, "prescribed nodes"), to_device(values, "virgin")});
  }
  any_fixed_ = mesh_.comm.any(!prescribed_.empty());
}

void Conditions::find_geothermal(const input::Named<material::Material>& materials, const VirginTemperature& law,
                                 const std::vector<std::int32_t>& material_of_element) {
  const int n_faces = mesh::info(mesh_.shape).n_faces;
  std::vector<mesh::Face> faces;
  for (std::size_t f = 0; f < holder_.size(); ++f)
    if (holder_[f] == outer) faces.push_back({Index(f / n_faces), std::int8_t(f % n_faces)});
  const std::vector<fem::SurfacePoint> at = fem::make_surface_points(mesh_, faces, 0, 0);
  std::vector<double> flow(at.size());
  for (std::size_t i = 0; i < at.size(); ++i) {
    const Vector3 &x = at[i].position, &n = at[i].normal;
    constexpr double step = 1e-6;  // m into the rock: the side that counts where a layer ends on the face
    const double slope = law.vertical_gradient({x[0] - step * n[0], x[1] - step * n[1], x[2] - step * n[2]});
    flow[i] = materials.entries[material_of_element[at[i].element]].second.thermal->conductivity_at(law(x)) * slope * n[2];
  }
  std::vector<double> nodal(mesh_.nodes.n_local(), 0);
  fem::add_fluxes(mesh_, at, flow, nodal.data());
  geothermal_ = to_device(nodal, "geothermal");
  for (Index n = 0; n < mesh_.nodes.n_owned(); ++n) geothermal_net_ += nodal[n], geothermal_gross_ += std::abs(nodal[n]);
}

bool Conditions::constant_coefficients() const {
  for (const Boundary& b : boundaries_)
    if (const auto* c = std::get_if<Convection>(&b.value); c && !c->coefficient.constant()) return false;
  return true;
}

StepConditions Conditions::during(double begin, double length, const Scheme& scheme) const {
  StepConditions step{begin, length, std::vector<double>(boundaries_.size(), 0), std::vector<std::array<double, 3>>(boundaries_.size())};
  const auto stage_values = [&](const input::Curve& curve, double mean_value) {
    std::array<double, 3> values{};
    double mean_of_stages = 0;
    for (int j = 0; j < scheme.n_stages; ++j) {
      values[j] = curve(begin + scheme.c[j] * length);
      mean_of_stages += scheme.b[j] * values[j];
    }
    if (!curve.constant())
      for (int j = 0; j < scheme.n_stages; ++j) values[j] += mean_value - mean_of_stages;
    return values;
  };
  for (std::size_t i = 0; i < boundaries_.size(); ++i) {
    if (const auto* flux = std::get_if<Flux>(&boundaries_[i].value)) {
      step.inflow[i] = stage_values(flux->flux, mean(flux->flux, begin, begin + length));
    } else if (const auto* c = std::get_if<Convection>(&boundaries_[i].value)) {
      step.coefficient[i] = mean(c->coefficient, begin, begin + length);
      if (step.coefficient[i] == 0) continue;
      step.inflow[i] = stage_values(c->air, mean_of_product(c->coefficient, c->air, begin, begin + length) / step.coefficient[i]);
      for (double& q : step.inflow[i]) q *= step.coefficient[i];
    }
  }
  return step;
}

std::vector<fem::Convection> Conditions::convection(const std::vector<double>& coefficient) const {
  std::vector<fem::Convection> all;
  for (const Surface& s : surfaces_)
    if (coefficient[s.condition] > 0) all.push_back({s.at, std::vector<double>(s.at.size(), coefficient[s.condition])});
  return all;
}

std::array<double, 2> Conditions::range(double begin, double end) const {
  std::array<double, 2> range = {HUGE_VAL, -HUGE_VAL};
  const auto add = [&](double t) { range = {std::min(range[0], t), std::max(range[1], t)}; };
  const auto over = [&](const input::Curve& curve, const auto& each) {
    each(curve(begin)), each(curve(end));
    for (std::size_t i = 0; i < curve.x.size(); ++i)
      if (curve.x[i] > begin && curve.x[i] < end) each(curve.y[i]);
  };
  for (const Boundary& boundary : boundaries_) {
    if (const auto* c = std::get_if<Convection>(&boundary.value)) over(c->air, add);
    if (const auto* c = std::get_if<Temperature>(&boundary.value)) over(c->temperature, add);
    if (const auto* c = std::get_if<Flux>(&boundary.value)) over(c->flux, [&](double q) { q > 0 ? add(HUGE_VAL) : q < 0 ? add(-HUGE_VAL) : void(); });
  }
  return range;
}

void Conditions::prescribe(double time, const View<double>& t) const {
  for (const Prescribed& p : prescribed_) {
    const auto* given = std::get_if<Temperature>(&boundaries_[p.condition].value);
    const double value = given ? given->temperature(time) : 0;
    const auto [nodes, virgin, to] = std::tuple{p.nodes, p.virgin, t};
    const bool constant = given != nullptr;
    parallel_for(
        "prescribe", Index(nodes.size()), KOKKOS_LAMBDA(Index i) { to[nodes[i]] = constant ? value : virgin[i]; });
  }
}

void Conditions::add_inflow(const StepConditions& step, int stage, const View<double>& f) const {
  const View<double> to = f, from = geothermal_;
  parallel_for(
      "geothermal", mesh_.nodes.n_owned(), KOKKOS_LAMBDA(Index i) { to[i] += from[i]; });
  for (const Surface& s : surfaces_) {
    const double q = step.inflow[s.condition][stage];
    const View<Index> nodes = s.nodes;
    const View<double> area = s.area;
    parallel_for(
        "inflow", Index(nodes.size()), KOKKOS_LAMBDA(Index i) { to[nodes[i]] += q * area[i]; });
  }
}

Conditions::Flows Conditions::flows(const StepConditions& step, int stage, const View<double>& t) const {
  Flows flows{0, geothermal_net_, geothermal_gross_, std::vector<double>(boundaries_.size(), 0)};
  for (const Surface& s : surfaces_) {
    const double q = step.inflow[s.condition][stage], h = step.coefficient[s.condition];
    const View<Index> nodes = s.nodes;
    const View<double> area = s.area, at = t;
    double net = 0, gross = 0;
    Kokkos::parallel_reduce(
        "flow", Kokkos::RangePolicy<Device>(0, nodes.size()),
        KOKKOS_LAMBDA(Index i, double& sum, double& magnitudes) {
          const double flow = area[i] * (q - h * at[nodes[i]]);
          sum += flow;
          magnitudes += std::abs(flow);
        },
        net, gross);
    (std::holds_alternative<Convection>(boundaries_[s.condition].value) ? flows.walls : flows.outer) += net;
    flows.gross += gross;
    flows.of_condition[s.condition] += net;
  }
  return flows;
}

std::vector<Conditions::Mean> Conditions::means(const View<double>& t) const {
  std::vector<double> sums(2 * boundaries_.size(), 0);
  for (const Surface& s : surfaces_) {
    const auto [nodes, area, at] = std::tuple{s.nodes, s.area, t};
    double heat = 0, all = 0;
    Kokkos::parallel_reduce(
        "mean", Kokkos::RangePolicy<Device>(0, nodes.size()),
        KOKKOS_LAMBDA(Index i, double& sum, double& areas) {
          sum += area[i] * at[nodes[i]];
          areas += area[i];
        },
        heat, all);
    sums[2 * s.condition] += heat, sums[2 * s.condition + 1] += all;
  }
  mesh_.comm.sum(sums.data(), int(sums.size()));
  std::vector<Mean> means;
  for (std::size_t i = 0; i < boundaries_.size(); ++i) means.push_back({sums[2 * i] / sums[2 * i + 1], sums[2 * i + 1]});
  return means;
}

}  // namespace winze::heat
