#include "run/home_mesh.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>

#include "base/error.hpp"
#include "base/log.hpp"
#include "geometry/triangle_mesh.hpp"
#include "geometry/vector.hpp"

namespace winze::run {
namespace {

using geometry::operator+;

geometry::Box block_of(const Case& c) { return {c.mesh->octree->low, c.mesh->octree->high}; }

double smallest_of(const OctreeMesh& o) { return o.smallest.value_or(o.wall.value_or(o.size) / 8); }

double volume_of(const mesh::Mesh& m, Index e) {
  const Index* nodes = m.nodes_of(e);
  const double edge = m.point(nodes[26])[0] - m.point(nodes[0])[0];
  return edge * edge * edge * (m.share.empty() ? 1 : m.share[std::size_t(e)]);
}

}  // namespace

geometry::Scene scene_of(const Case& c, const std::string& folder) {
  SceneOptions options;
  options.frame = c.frame.frame();
  options.folder = folder;
  options.block = block_of(c);
  std::optional<geometry::Schedule> schedule;
  if (!c.schedule.empty()) {
    schedule = geometry::read_schedule_csv((std::filesystem::path(folder) / c.schedule).string());
    options.schedule = &*schedule;
  }
  for (const Stage& s : c.stages) options.excavated.insert(options.excavated.end(), s.excavate.begin(), s.excavate.end());
  return make_scene(c.geometry, options);
}

RegionNames::RegionNames(const Case& c, const geometry::Scene& scene) : scene_(scene), stage_(std::size_t(scene.size()), never) {
  for (int s = int(c.stages.size()) - 1; s >= 0; --s)
    for (const std::string& pattern : c.stages[std::size_t(s)].excavate)
      for (Index part = 0; part < scene.size(); ++part)
        if (!match_regions(pattern, {scene[part].name}).empty()) stage_[std::size_t(part)] = s;
}

std::string RegionNames::operator()(std::span<const Index> parts) const {
  Index first = -1, body = -1;
  for (Index part : parts) {
    if (!dug(part)) {
      if (body < 0 || scene_.over(part, body)) body = part;
    } else if (first < 0 || stage_[std::size_t(part)] < stage_[std::size_t(first)] ||
               (stage_[std::size_t(part)] == stage_[std::size_t(first)] && scene_.over(part, first))) {
      first = part;
    }
  }
  const std::string rock = body < 0 ? "rock" : scene_[body].name;
  if (first < 0) return rock;
  return body < 0 ? scene_[first].name : scene_[first].name + " in " + rock;
}

mesh::Octree tree_of(const Comm& comm, const Case& c, const geometry::Scene& scene) {
  const OctreeMesh& input = *c.mesh->octree;
  const RegionNames names(c, scene);
  mesh::Sizing sizing;
  sizing.wall = input.wall.value_or(input.size), sizing.growth = input.growth, sizing.per_radius = input.per_radius, sizing.across = input.across;
  sizing.smallest = smallest_of(input);
  for (const OctreeRefine& r : input.refine) sizing.boxes.push_back({{r.low, r.high}, r.size});
  for (Index part = 0; part < scene.size(); ++part)
    if (!names.dug(part)) sizing.without.push_back(part);
  mesh::OctreeOptions options;
  options.low = input.low;
  options.size = input.size;
  for (std::size_t d = 0; d < 3; ++d) options.cells[d] = int(std::lround((input.high[d] - input.low[d]) / input.size));
  double smallest = input.size;
  while (smallest > smallest_of(input) * (1 + 1e-9)) smallest /= 2;
  const double fraction[3] = {0.3187, 0.2813, 0.3541};  // far from halves, quarters, eighths and tenths
  for (std::size_t d = 0; d < 3; ++d) options.low[d] -= fraction[d] * smallest;
  options.target = mesh::target_of(scene, sizing);
  options.weight = mesh::weight_of(scene);
  return mesh::Octree(comm, options);
}

void report_geometry(const Comm& comm, const Case& c, const std::string& folder) {
  const double begin = wall_time();
  geometry::Scene scene;
  comm.together([&] { scene = scene_of(c, folder); });
  const mesh::Octree tree = tree_of(comm, c, scene);
  std::map<std::string, std::vector<Index>> parts_of;  // every combination of parts is a region here, so that solids can be added up
  mesh::CutMeshOptions options;
  options.region = [&](std::span<const Index> parts) {
    std::string name = "_";
    for (Index p : parts) name += fmt::format("{:d} ", p);
    parts_of.try_emplace(name, parts.begin(), parts.end());
    return name;
  };
  const mesh::Mesh m = mesh::cut_mesh(tree, scene, options);
  std::vector<double> volume(std::size_t(scene.size()), 0);
  std::vector<double> of_region(m.region_names.size(), 0);
  std::vector<double> walls(std::size_t(scene.size()), 0);
  for (Index e = 0; e < m.n_elements(); ++e) of_region[std::size_t(m.region[std::size_t(e)])] += volume_of(m, e);
  for (std::size_t r = 0; r < m.region_names.size(); ++r)
    if (const auto at = parts_of.find(m.region_names[r]); at != parts_of.end())
      for (Index p : at->second) volume[std::size_t(p)] += of_region[r];
  for (const mesh::WallPoint& w : m.cuts.walls) walls[std::size_t(w.solid)] += w.area;
  comm.sum(volume.data(), int(volume.size()));
  comm.sum(walls.data(), int(walls.size()));
  const GlobalIndex leaves = comm.sum(GlobalIndex(tree.n_leaves())), elements = m.n_elements_global(),
                    pieces = comm.sum(GlobalIndex(m.cuts.element.size())), nodes = comm.sum(GlobalIndex(m.nodes.n_owned())),
                    points = comm.sum(GlobalIndex(m.cuts.points.size()));
  std::vector<GlobalIndex> of_level(32, 0);
  GlobalIndex cut = 0;
  for (mesh::OctantCode code : tree.leaves) ++of_level[std::size_t(mesh::level_of(code))];
  for (std::size_t i = 0; i < m.cuts.element.size(); ++i)
    cut += i == 0 || m.element_cell[std::size_t(m.cuts.element[i])] != m.element_cell[std::size_t(m.cuts.element[i - 1])];
  cut = comm.sum(cut);
  comm.sum(of_level.data(), int(of_level.size()));
  const double peak = comm.sum(resident_peak_bytes()), seconds = comm.max(wall_time() - begin);
  if (!comm.root()) return;
  std::cout << fmt::format("{} cells, {} of them cut into {} pieces with {} points; {} elements, {} levels, made in {:.1f} s\n", leaves, cut, pieces,
                           points, elements, m.levels.size(), seconds);
  for (std::size_t l = 0; l < of_level.size(); ++l)
    if (of_level[l] > 0) std::cout << fmt::format("edge {:10.4g} m: {} cells\n", tree.edge_length(int(l)), of_level[l]);
  // Measured on kirsch_cut and mine_block, to a factor of two: vectors, levels and tables take 600 B per node and 200 B per point of a cut cell
  // besides the mesh; a stage takes some 15 cycles of 1 µs per node and 1 µs per point on one core.
  const double memory = peak + 600.0 * double(nodes) + 200.0 * double(points), solve = 15e-6 * (double(nodes) + double(points));
  std::cout << fmt::format(
      "unknowns: {} (rock), {} (heat); memory: {:.0f} MB for the mesh, about {:.0f} MB to solve; time: about {:.0f} s per stage\n", 3 * nodes, nodes,
      peak / 1e6, memory / 1e6, solve / comm.size());
  const RegionNames names(c, scene);
  std::cout << fmt::format("{:24} {:>12} {:>12} {:>9} {:>12}  {}\n", "solid", "volume m³", "in the mesh", "off %", "wall m²", "state");
  for (Index p = 0; p < scene.size(); ++p) {
    const geometry::Solid& solid = *scene[p].solid;
    const auto* triangles = dynamic_cast<const geometry::TriangleMesh*>(&solid);
    std::string state = triangles ? triangles->damage().text() : "exact";
    const geometry::Box box = solid.box(),
                        block = {tree.low, tree.low + Vector3{tree.size * tree.cells[0], tree.size * tree.cells[1], tree.size * tree.cells[2]}};
    bool whole = true;
    for (std::size_t d = 0; d < 3; ++d) whole = whole && box.low[d] >= block.low[d] && box.high[d] <= block.high[d];
    if (!whole) state += "; reaches out of the block";
    if (!names.dug(p)) state += "; never dug";
    const double exact = solid.volume(), off = 100 * (volume[std::size_t(p)] / exact - 1);
    std::cout << fmt::format("{:24} {:12.6g} {:12.6g} {:>9} {:12.6g}  {}\n", scene[p].name, exact, volume[std::size_t(p)],
                             whole ? fmt::format("{:.3f}", off) : "-", walls[std::size_t(p)], state);
    if (whole && std::abs(off) > 0.1) log::warn("geometry.{}: the mesh holds {:.2f} % of it; make wall smaller", scene[p].name, 100 + off);
  }
}

mesh::Mesh make_mesh(const Comm& comm, const Case& c, const std::string& folder) {
  if (c.geometry.entries.empty()) return make_mesh(comm, *c.mesh, folder);
  PhaseTimer timer("mesh");
  geometry::Scene scene;
  comm.together([&] { scene = scene_of(c, folder); });
  mesh::CutMeshOptions options;
  const RegionNames names(c, scene);
  options.region = names;
  options.dug = [&](std::span<const Index> parts) { return std::any_of(parts.begin(), parts.end(), [&](Index p) { return names.dug(p); }); };
  return mesh::cut_mesh(tree_of(comm, c, scene), scene, options);
}

}  // namespace winze::run
