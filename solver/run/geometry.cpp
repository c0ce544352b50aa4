#include "run/geometry.hpp"

#include <filesystem>
#include <map>
#include <memory>

#include "base/error.hpp"
#include "base/log.hpp"
#include "geometry/plan.hpp"
#include "geometry/primitives.hpp"
#include "geometry/sheet.hpp"
#include "geometry/sweep.hpp"
#include "geometry/triangle_mesh.hpp"
#include "run/schedule.hpp"

namespace winze::run {
namespace {

using geometry::Part;
using geometry::Plan;
using geometry::PlanLine;
using geometry::Sweep;

class SceneMaker {
 public:
  explicit SceneMaker(const SceneOptions& options) : options_(options) {}

  std::vector<Part> parts;
  std::map<std::string, std::optional<double>> lengths;  ///< of what the schedule may name
  std::vector<std::string> notes;

  void add(const std::string& name, const SolidInput& input) {
    name_ = name;
    input.visit([&](const auto& solid) { make(solid); });
  }

 private:
  Vector3 local(const Vector3& x) const { return options_.frame.local(x); }

  Plan read(const std::string& file, double scale) {
    const std::filesystem::path path(file);
    Plan plan = geometry::read_plan(path.is_absolute() ? file : (std::filesystem::path(options_.folder) / path).string(), {scale, options_.frame});
    for (const std::string& n : plan.notes) notes.push_back(fmt::format("geometry.{}: {}", name_, n));
    return plan;
  }

  void add_part(const std::string& name, std::shared_ptr<const geometry::Solid> solid) {
    if (!solid->box().overlaps(options_.block)) {
      const geometry::Box a = solid->box(), b = options_.block;
      throw InputError(
          "'{}' lies outside the block: it spans ({:.1f}, {:.1f}, {:.1f}) to ({:.1f}, {:.1f}, {:.1f}) m, the block ({:.1f}, {:.1f}, {:.1f}) to "
          "({:.1f}, "
          "{:.1f}, {:.1f}) m; check unit, origin and file",
          name, a.low[0], a.low[1], a.low[2], a.high[0], a.high[1], a.high[2], b.low[0], b.low[1], b.low[2], b.high[0], b.high[1], b.high[2]);
    }
    parts.push_back({name, std::move(solid), excavated(name) ? 1 : 0});
  }
  bool excavated(const std::string& name) const {
    for (const std::string& pattern : options_.excavated)
      if (!match_regions(pattern, {name}).empty()) return true;
    return false;
  }

  /// One part, or one for every task that digs it by chainage.
  void add_sweep(const std::string& name, Sweep sweep) {
    lengths[name] = sweep.length();
    bool parted = false;
    if (options_.schedule)
      for (const geometry::Task& t : options_.schedule->tasks)
        if (t.solid == name && t.from && *t.to <= sweep.length() + 1e-3) {
          parted = true;
          add_part(part_name(t), std::make_shared<Sweep>(sweep.part(*t.from, std::min(*t.to, sweep.length()))));
        }
    if (!parted) add_part(name, std::make_shared<Sweep>(std::move(sweep)));
  }
  template <class Input>
  Sweep swept(const Input& input, std::span<const Vector3> path) const {
    return {input.profile.visit([](const auto& p) { return p.profile(); }), path, input.vertical_up - options_.frame.north};
  }

  void make(const SweepSolid& input) {
    std::vector<Vector3> path;
    for (const Vector3& x : input.path) path.push_back(local(x));
    if (!input.file.empty()) path = line_of(read(input.file, input.scale), input);
    Sweep sweep = swept(input, path);
    if (input.from || input.to) sweep = sweep.part(input.from.value_or(0), input.to.value_or(sweep.length()));
    add_sweep(name_, std::move(sweep));
  }
  static std::vector<Vector3> line_of(const Plan& plan, const SweepSolid& input) {
    const PlanLine* found = nullptr;
    std::string all;
    for (const PlanLine& line : plan.lines) {
      if (all.size() < 200) all += (all.empty() ? "" : ", ") + line.name;
      if (!input.line.empty() && line.name != input.line) continue;
      if (found)
        throw InputError("{}: more than one line{}; name one under line, or use sweeps (lines: {})", input.file,
                         input.line.empty() ? "" : " is called '" + input.line + "'", all);
      found = &line;
    }
    if (!found) throw InputError("{}: there is no line{}; lines: {}", input.file, input.line.empty() ? "" : " '" + input.line + "'", all);
    if (found->closed) throw InputError("{}: line '{}' is a closed ring; split it into two drives that meet", input.file, found->name);
    return found->points;
  }
  void make(const SweepsSolid& input) {
    const Plan plan = read(input.file, input.scale);
    if (plan.lines.empty()) throw InputError("{}: there is no line in the file", input.file);
    for (const PlanLine& line : plan.lines) {
      if (line.closed) throw InputError("{}: line '{}' is a closed ring; split it into two drives that meet", input.file, line.name);
      named(line.name, [&] { add_sweep(line.name, swept(input, line.points)); });
    }
  }
  /// Errors of one of many solids in a file say which.
  template <class Make>
  void named(const std::string& name, Make make) {
    try {
      make();
    } catch (const InputError& e) {
      throw InputError("'{}': {}", name, e.what());
    }
  }

  void add_mesh(const std::string& name, geometry::Triangles triangles, double crease) {
    auto mesh = std::make_shared<geometry::TriangleMesh>(std::move(triangles), crease);
    if (mesh->damage().found()) notes.push_back(fmt::format("geometry.{}: {}", name, mesh->damage().text()));
    lengths[name] = {};
    add_part(name, std::move(mesh));
  }
  void make(const FileSolid& input) { add_mesh(name_, read(input.file, input.scale).layer(input.layer), input.crease); }
  void make(const FileSolids& input) {
    const Plan plan = read(input.file, input.scale);
    for (const std::string& layer : plan.layers) {
      if (layer.empty()) throw InputError("{}: faces without a layer or group have no name; use solid, or name them", input.file);
      geometry::Triangles faces = plan.layer(layer);
      if (!faces.faces.empty()) named(layer, [&] { add_mesh(layer, std::move(faces), input.crease); });
    }
  }
  void make(const SurfaceSolid& input) {
    add_part(name_, std::make_shared<geometry::Sheet>(read(input.file, input.scale).layer(input.layer), options_.block));
  }
  void make(const BoxSolid& input) {
    lengths[name_] = {};
    if (options_.frame.north == 0) return add_part(name_, std::make_shared<geometry::Cuboid>(local(input.low), local(input.high)));
    for (int d = 0; d < 3; ++d)
      if (!(input.high[d] > input.low[d])) throw InputError("high must lie above low along every axis; along {} it does not", "xyz"[d]);
    const double x = (input.low[0] + input.high[0]) / 2, y = (input.low[1] + input.high[1]) / 2;
    const Vector3 axis[] = {local({x, y, input.low[2]}), local({x, y, input.high[2]})};
    add_part(name_, std::make_shared<Sweep>(geometry::Profile::rectangle(input.high[0] - input.low[0], input.high[1] - input.low[1]), axis,
                                            -options_.frame.north));
  }
  void make(const CylinderSolid& input) { add_sweep(name_, geometry::cylinder(local(input.from), local(input.to), input.radius)); }
  void make(const SphereSolid& input) {
    lengths[name_] = {};
    add_part(name_, std::make_shared<geometry::Sphere>(local(input.centre), input.radius));
  }

  const SceneOptions& options_;
  std::string name_;
};

}  // namespace

void SweepSolid::check(input::Check& check) const {
  if (path.empty() == file.empty()) check.problem("needs exactly one of path and file");
  if (!line.empty() && file.empty()) check.problem("line goes with file");
}

geometry::Scene make_scene(const input::Named<SolidInput>& solids, const SceneOptions& options) {
  SceneMaker maker(options);
  std::string problems;
  const auto attempt = [&](const std::string& where, auto work) {
    try {
      work();
    } catch (const InputError& e) {
      problems += fmt::format("{}{}: {}", problems.empty() ? "" : "\n", where, e.what());
    }
  };
  for (const auto& [name, input] : solids.entries) {
    const std::string where = input.visit([](const auto& solid) { return solid.origin.where(); });
    attempt(where + ": geometry." + name, [&] { maker.add(name, input); });
  }
  if (options.schedule && problems.empty()) attempt("schedule", [&] { options.schedule->check(maker.lengths); });
  geometry::Scene scene;
  if (problems.empty()) attempt("geometry", [&] { scene = geometry::Scene(std::move(maker.parts)); });
  if (!problems.empty()) throw InputError("{}", problems);
  for (const std::string& note : maker.notes) log::warn("{}", note);
  return scene;
}

}  // namespace winze::run
