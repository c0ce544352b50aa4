#include "run/case.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <sstream>

#include "air/tables.hpp"
#include "base/error.hpp"
#include "run/schedule.hpp"

namespace winze::run {
namespace {

void check_box(const Vector3& low, const Vector3& high, input::Check& check) {
  for (int d = 0; d < 3; ++d)
    if (!(high[d] > low[d]))
      return check.problem("high must lie above low along every axis; along {} it is {} m against {} m", "xyz"[d], high[d], low[d]);
}

bool matches(const char* pattern, const char* text) {
  if (*pattern == 0) return *text == 0;
  if (*pattern == '*') return matches(pattern + 1, text) || (*text && matches(pattern, text + 1));
  return *pattern == *text && matches(pattern + 1, text + 1);
}

/// Global counts are 64 bits wide; a mesh whose quadratic nodes would not fit any machine is a slip of the pen.
void check_cells(const std::array<int, 3>& cells, input::Check& check) {
  const double n = double(cells[0]) * cells[1] * cells[2];
  if (n > 1e10) check.problem("cells: {} × {} × {} are {:.3g} cells; at most 1e10", cells[0], cells[1], cells[2], n);
}

}  // namespace

void BoxMesh::check(input::Check& check) const {
  check_box(low, high, check);
  check_cells(cells, check);
}

void OctreeMesh::check(input::Check& check) const {
  check_box(low, high, check);
  std::array<int, 3> cells{};
  for (int d = 0; d < 3 && size > 0; ++d) {
    const double n = (high[d] - low[d]) / size;
    if (n > 1e5 || std::abs(n - std::round(n)) > 1e-6 || n < 0.5)
      return check.problem("size: the side of {} m along {} is not a whole multiple of {} m, at most 100000 times", high[d] - low[d], "xyz"[d], size);
    cells[d] = int(std::lround(n));
  }
  check_cells(cells, check);
  for (const OctreeRefine& r : refine) check_box(r.low, r.high, check);
}

void QuarterDriveMesh::check(input::Check& check) const {
  if (!(side > radius)) check.problem("side ({} m) must be larger than radius ({} m)", side, radius);
  if (shape == CellShape::tet4) check.problem("shape must be hex27, hex8 or tet10");
  check_cells(cells, check);
}

void MeshInput::check(input::Check& check) const {
  const int sources = !file.empty() + box.has_value() + octree.has_value() + quarter_drive.has_value();
  if (sources != 1) check.problem("needs exactly one of file, box, octree and quarter_drive; {} are given", sources);
  if (!paint.empty() && !box && !octree) check.problem("paint goes with box and octree");
  if (octree && (refine > 0 || !true_surfaces.empty() || partition != PartitionBy::curve))
    check.problem("an octree has its own refine, no true_surfaces, and is dealt to ranks along its curve");
  for (const TrueSurfaceInput& s : true_surfaces) {
    if (s.kind != mesh::TrueSurface::Kind::plane && !(s.radius > 0)) check.problem("true surface '{}' needs a radius", s.surface);
    if (s.kind != mesh::TrueSurface::Kind::sphere && !(norm(s.axis) > 0)) check.problem("true surface '{}' needs an axis", s.surface);
  }
}

std::vector<Vector3> LineProbe::points() const {
  std::vector<Vector3> all(static_cast<size_t>(n));
  for (int i = 0; i < n; ++i)
    for (int d = 0; d < 3; ++d) all[size_t(i)][d] = from[d] + (to[d] - from[d]) * i / (n - 1);
  return all;
}

/// A network alone: what belongs to a mesh is refused, so that nobody takes it for solved.
void Case::check_air(input::Check& check) const {
  if (!air) return check.problem("'mesh' is missing: where the mesh comes from (or 'air': a ventilation network that stands alone)");
  const auto refuse = [&](bool given, const char* key) {
    if (given) check.problem("{} belongs to a mesh, which this case does not have", key);
  };
  refuse(!regions.entries.empty(), "regions");
  refuse(in_situ.stress || in_situ.temperature, "in_situ");
  refuse(!boundaries.rock.empty() || !boundaries.heat.empty(), "boundaries");
  refuse(!geometry.entries.empty(), "geometry");
  refuse(!schedule.empty(), "schedule");
  refuse(!indicators.empty(), "indicators");
  refuse(!probes.entries.empty(), "probes");
  std::set<std::string> stage_names;
  for (const Stage& s : stages) {
    if (!stage_names.insert(s.name).second) check.problem("stages: two stages are called '{}'", s.name);
    refuse(!s.excavate.empty(), "excavate");
    refuse(!s.fill.entries.empty(), "fill");
  }
  check_air_rock(check);
}

void Case::check_air_rock(input::Check& check) const {
  const auto known = [&](const std::optional<air::RockInput>& rock, const std::string& path) {
    if (!rock || rock->material.empty()) return;
    const material::Material* m = materials.find(rock->material);
    const std::string near = input::suggest(rock->material, materials.names());
    if (!m)
      check.problem("{}: there is no material '{}'{}", path, rock->material, near.empty() ? "" : "; did you mean '" + near + "'?");
    else if (!m->thermal)
      check.problem("materials.{}: thermal is missing; {} uses it", rock->material, path);
  };
  known(air->rock, "air.rock");
  for (const auto& [name, a] : air->airways.entries) known(a.rock, "air.airways." + name + ".rock");
}

/// A network beside a mesh: every airway that exchanges heat with the mesh is named once.
void Case::check_coupling(input::Check& check) const {
  std::set<std::string> airways, surfaces;
  for (const heat::Boundary& b : boundaries.heat) {
    const auto* c = std::get_if<heat::Convection>(&b.value);
    if (!c || c->airway.empty()) continue;
    const std::string where = fmt::format("{}: convection of airway '{}'", c->origin.where(), c->airway);
    if (!air) {
      check.problem("{}: there is no network in this case", where);
      continue;
    }
    if (!air->airways.find(c->airway)) {
      const std::string near = input::suggest(c->airway, air->airways.names());
      check.problem("{}: there is no such airway{}", where, near.empty() ? "" : "; did you mean '" + near + "'?");
    }
    if (!airways.insert(c->airway).second)
      check.problem("{}: the airway has another wall already; name all regions of its walls in one condition", where);
    for (const std::string& region : c->regions.empty() ? std::vector<std::string>{""} : c->regions)
      if (!surfaces.insert(c->surface + " " + region).second)
        check.problem("{}: {} '{}' belongs to another airway already", where, region.empty() ? "surface" : "region",
                      region.empty() ? c->surface : region);
  }
  if (!air) return;
  if (air->positional) check.problem("air.positional belongs to a network alone: this case has a mesh");
  if (airways.empty())
    check.problem(
        "a case with a mesh and air: no convection under boundaries.heat names an airway, so that they exchange no heat; run them as two cases");
  if (!in_situ.temperature) check.problem("in_situ.temperature is missing: rock and air exchange heat");
  if (!air->climate) check.problem("air.climate is missing: rock and air exchange heat");
  check_air_rock(check);
}

void Case::check(input::Check& check) const {
  if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != std::string::npos)
    check.problem("case: '{}' must consist of letters, digits, _ and -", name);
  if (!mesh) return check_air(check);
  check_coupling(check);
  if (materials.entries.empty()) check.problem("'materials' is missing: rock and fill by name");
  if (regions.entries.empty()) check.problem("'regions' is missing: material of every region of the mesh");
  if (stages.empty() && schedule.empty()) check.problem("'stages' is missing: what is dug, filled and for how long");
  if (!stages.empty() && !schedule.empty()) check.problem("the stages come from stages or from schedule: leave one out");
  if (!geometry.entries.empty() && (!mesh->octree || !mesh->paint.empty() || mesh->shift != Vector3{}))
    check.problem("geometry cuts an octree: give mesh: octree, without paint and shift");
  if (geometry.entries.empty() && (!schedule.empty() || (mesh->octree && (mesh->octree->wall || mesh->octree->smallest))))
    check.problem("schedule, wall and smallest go with geometry");
  for (const Stage& s : stages)
    if (!air && !s.air.entries.empty()) check.problem("stages.{}.air: there is no network in this case", s.name);
  if (!in_situ.stress && !in_situ.temperature)
    check.problem("in_situ must give stress, temperature, or both; without either there is nothing to solve");
  if (in_situ.temperature)
    for (const auto& [region, material] : regions.entries)
      if (const auto* m = materials.find(material); m && !m->thermal)
        check.problem("materials.{}: thermal is missing; region '{}' uses it and heat is solved", material, region);
  for (const auto& [region, material] : regions.entries)
    if (!materials.find(material)) {
      const std::string near = input::suggest(material, materials.names());
      check.problem("regions.{}: there is no material '{}'{}", region, material, near.empty() ? "" : "; did you mean '" + near + "'?");
    }
  std::set<std::string> stage_names;
  for (const Stage& s : stages) {
    if (!stage_names.insert(s.name).second) check.problem("stages: two stages are called '{}'", s.name);
    for (const auto& [region, fill] : s.fill.entries)
      if (!materials.find(fill.material)) {
        const std::string near = input::suggest(fill.material, materials.names());
        check.problem("stages.{}.fill.{}: there is no material '{}'{}", s.name, region, fill.material,
                      near.empty() ? "" : "; did you mean '" + near + "'?");
      } else if (in_situ.temperature && !materials.find(fill.material)->thermal) {
        check.problem("materials.{}: thermal is missing; stage '{}' fills with it and heat is solved", fill.material, s.name);
      }
    if (in_situ.temperature && s.duration == 0 && &s != &stages.front()) continue;  // a stage without duration changes the openings only
  }
  std::set<std::string> fixed, loaded;
  for (const rock::Boundary& b : boundaries.rock)
    b.visit([&](const auto& x) {
      const std::string kind = x.name;
      if (kind == "fixed") fixed.insert(x.surface);
      if (kind == "traction" || kind == "pressure" || kind == "far_field" || kind == "opening") loaded.insert(x.surface);
    });
  for (const std::string& surface : fixed)
    if (loaded.count(surface))
      check.problem("boundaries.rock: surface '{}' is both fixed and loaded; a load on a fixed surface does nothing", surface);
  if (!indicators.empty() && !in_situ.stress) check.problem("indicators need in_situ: stress");
  if (boundaries.rock.empty() && in_situ.stress) check.problem("boundaries: rock must hold the block somewhere: add rollers or fixed surfaces");
}

/// Stages from the schedule, whose fills must be materials.
static void add_schedule(Case& c, const std::string& folder) {
  const geometry::Schedule schedule = geometry::read_schedule_csv((std::filesystem::path(folder) / c.schedule).string());
  for (const geometry::Task& t : schedule.tasks)
    if (!t.fill.empty() && !c.materials.find(t.fill)) {
      const std::string near = input::suggest(t.fill, c.materials.names());
      throw InputError("{}:{}: there is no material '{}'{}", schedule.path, t.line, t.fill, near.empty() ? "" : "; did you mean '" + near + "'?");
    }
  c.stages = stages_of(schedule);
}

/// Tables of the network, then --set: settings may change rows.
static Case read_case(input::Value document, const std::string& folder, const std::vector<std::string>& settings) {
  for (auto& [key, value] : document.entries)
    if (key == "air" && value.kind == input::Value::Kind::map) air::expand_tables(value, folder);
  for (const std::string& s : settings) input::set(document, s);
  input::Problems problems;
  Case c = input::read<Case>(document, problems);
  problems.raise();
  if (!c.schedule.empty()) add_schedule(c, folder);
  return c;
}

Case load_text(const std::string& text, const std::string& name, const std::vector<std::string>& settings) {
  return read_case(input::parse_yaml_text(text, name), ".", settings);
}

Case load(const std::string& path, const std::vector<std::string>& settings) {
  return read_case(input::parse_yaml_file(path), std::filesystem::path(path).parent_path().string(), settings);
}

/// Multiplies and adds to the numbers below `at` that the steps from `step` on lead to; returns how many.
static int rescale(input::Value& at, const std::vector<std::string>& steps, size_t step, const Rescale& by) {
  using Kind = input::Value::Kind;
  int n = 0;
  if (step < steps.size()) {
    for (auto& [name, value] : at.entries)
      if (steps[step] == "*" || steps[step] == name) n += rescale(value, steps, step + 1, by);
    for (size_t i = 0; i < at.items.size(); ++i)
      if (steps[step] == "*" || steps[step] == std::to_string(i)) n += rescale(at.items[i], steps, step + 1, by);
    return n;
  }
  if (at.kind == Kind::list) {  // a table of [place, value], or a list of numbers
    for (input::Value& item : at.items) n += rescale(item.kind == Kind::list && item.items.size() == 2 ? item.items[1] : item, steps, step, by);
    return n;
  }
  if (at.kind != Kind::scalar) return 0;
  char* end = nullptr;
  const double x = std::strtod(at.text.c_str(), &end);
  if (end == at.text.c_str()) return 0;
  at.text = fmt::format("{}{}", by.factor * x + by.added, end);
  return 1;
}

Case rescaled(const Case& c, const std::vector<Rescale>& list) {
  input::Value tree = input::Io<Case>::write(c, "1");
  for (const Rescale& by : list) {
    std::vector<std::string> steps;
    std::istringstream text(by.path);
    for (std::string step; std::getline(text, step, '.');) steps.push_back(step);
    if (rescale(tree, steps, 0, by) == 0) throw InputError("'{}' meets no number of the case; a path is like air.airways.*.wetness", by.path);
  }
  input::Problems problems;
  Case changed = input::read<Case>(tree, problems);
  problems.raise();
  return changed;
}

std::vector<int> match_regions(const std::string& pattern, const std::vector<std::string>& regions) {
  std::vector<int> found;
  for (size_t r = 0; r < regions.size(); ++r)
    if (matches(pattern.c_str(), regions[r].c_str()) || matches((pattern + " in *").c_str(), regions[r].c_str())) found.push_back(int(r));
  return found;
}

/// Excavations and bodies that no pattern names are of the rock that they lie in.
static void inherit_materials(const Case& c, const std::vector<std::string>& names, const std::vector<std::string>& materials,
                              std::vector<int>& material) {
  const auto of = [&](const std::string& region) {
    for (const auto& [pattern, name] : c.regions.entries)
      if (matches(pattern.c_str(), region.c_str())) return int(std::find(materials.begin(), materials.end(), name) - materials.begin());
    return -1;
  };
  for (size_t r = 0; r < names.size(); ++r) {
    if (material[r] >= 0) continue;
    const size_t in = names[r].find(" in ");
    if (in != std::string::npos) material[r] = of(names[r].substr(in + 4));
    if (material[r] < 0) material[r] = of("rock");
  }
}

std::vector<int> bind_regions(const Case& c, const mesh::Mesh& mesh) {
  std::vector<std::string> problems;
  const auto missing = [&](const std::string& where, const std::string& region) {
    std::string all;
    for (const std::string& name : mesh.region_names) all += (all.empty() ? "" : ", ") + name;
    const std::string near = input::suggest(region, mesh.region_names);
    problems.push_back(
        fmt::format("{}: the mesh has no region '{}'{} (it has: {})", where, region, near.empty() ? "" : "; did you mean '" + near + "'?", all));
  };
  const std::vector<std::string> materials = c.materials.names();
  std::vector<int> material(mesh.region_names.size(), -1);
  std::vector<std::string> by(material.size());
  for (const auto& [pattern, name] : c.regions.entries) {
    const std::vector<int> found = match_regions(pattern, mesh.region_names);
    if (found.empty()) missing("regions", pattern);
    for (int r : found) {
      const bool exact_before = !by[r].empty() && by[r].find('*') == std::string::npos, exact = pattern.find('*') == std::string::npos;
      if (!by[r].empty() && exact == exact_before)
        problems.push_back(fmt::format("regions: '{}' is named by both '{}' and '{}'", mesh.region_names[r], by[r], pattern));
      if (exact_before && !exact) continue;
      by[r] = pattern;
      material[r] = int(std::find(materials.begin(), materials.end(), name) - materials.begin());
    }
  }
  if (!c.geometry.entries.empty()) inherit_materials(c, mesh.region_names, materials, material);
  for (size_t r = 0; r < material.size(); ++r)
    if (material[r] < 0) problems.push_back(fmt::format("regions: region '{}' of the mesh has no material", mesh.region_names[r]));
  std::vector<char> open(material.size(), 0);
  for (const Stage& s : c.stages) {
    std::vector<int> dug, filled;
    for (const std::string& pattern : s.excavate) {
      const std::vector<int> found = match_regions(pattern, mesh.region_names);
      if (found.empty()) missing(fmt::format("stages.{}.excavate", s.name), pattern);
      for (int r : found) {
        if (open[r]) problems.push_back(fmt::format("stages.{}.excavate: region '{}' is already dug out", s.name, mesh.region_names[r]));
        dug.push_back(r);
      }
    }
    for (const auto& [pattern, fill] : s.fill.entries) {
      const std::vector<int> found = match_regions(pattern, mesh.region_names);
      if (found.empty()) missing(fmt::format("stages.{}.fill", s.name), pattern);
      for (int r : found) {
        if (!open[r])
          problems.push_back(fmt::format("stages.{}.fill: region '{}' still stands at the beginning of the stage; dig it in an earlier one", s.name,
                                         mesh.region_names[r]));
        filled.push_back(r);
      }
    }
    for (int r : dug) open[r] = 1;
    for (int r : filled) open[r] = 0;
    if (std::find(open.begin(), open.end(), 0) == open.end())
      problems.push_back(fmt::format("stages.{}.excavate: nothing is left standing after this stage; leave a region of rock", s.name));
  }
  if (problems.empty()) return material;
  std::string all;
  for (const std::string& p : problems) all += (all.empty() ? "" : "\n") + p;
  throw InputError("{}", all);
}

}  // namespace winze::run
