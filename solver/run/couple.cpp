#include "run/couple.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/log.hpp"
#include "run/network.hpp"

namespace winze::run {
namespace {

constexpr double coefficient_room = 0.05;  ///< by which the air's film may leave what the rock sees: its operators then stay
constexpr double ledger_tolerance = 1e-8;
/// Fourier numbers that the radial memories serve.
constexpr double least_fourier = 1e-5, most_fourier = 1e5, memory_tolerance = 1e-4;

struct Line {
  Vector3 from, along;
  double length;
  Line(const Vector3& a, const Vector3& b) : from(a), along{b[0] - a[0], b[1] - a[1], b[2] - a[2]}, length(norm(along)) {
    for (double& x : along) x /= length;
  }
  /// Chainage and distance.
  std::array<double, 2> operator()(const Vector3& x) const {
    const Vector3 d = {x[0] - from[0], x[1] - from[1], x[2] - from[2]};
    const double s = d[0] * along[0] + d[1] * along[1] + d[2] * along[2];
    return {s, std::sqrt(std::max(0.0, d[0] * d[0] + d[1] * d[1] + d[2] * d[2] - s * s))};
  }
};

/// Faces that can become the wall: those of the named surface, or those across which a named (or any dug) region lies.
std::vector<mesh::Face> faces_of(const Case& c, const mesh::Mesh& mesh, const heat::Convection& wall) {
  if (wall.surface != heat::walls) {
    const mesh::Surface* surface = mesh.find_surface(wall.surface);
    return surface ? surface->faces : std::vector<mesh::Face>();  // the heat solver names those that there are
  }
  std::vector<char> facing(mesh.region_names.size(), 0);
  for (std::size_t r = 0; r < facing.size(); ++r)
    facing[r] = std::find(wall.regions.begin(), wall.regions.end(), mesh.region_names[r]) != wall.regions.end();
  if (wall.regions.empty())
    for (const Stage& s : c.stages)
      for (const std::string& pattern : s.excavate)
        for (int r : match_regions(pattern, mesh.region_names)) facing[std::size_t(r)] = 1;
  std::vector<mesh::Face> faces;
  const int n_faces = mesh::info(mesh.shape).n_faces;
  for (std::size_t f = 0; f < mesh.face_region.size(); ++f)
    if (mesh.face_region[f] >= 0 && facing[std::size_t(mesh.face_region[f])] && !facing[std::size_t(mesh.region[f / std::size_t(n_faces)])])
      faces.push_back({Index(f / std::size_t(n_faces)), std::int8_t(f % std::size_t(n_faces))});
  return faces;
}

Vector3 centre(const mesh::Mesh& mesh, const mesh::Face& face) {
  const int n = mesh::info(mesh.shape).n_face_nodes;
  const int* of_face = mesh::face_nodes(mesh.shape, face.face);
  Vector3 x{};
  for (int k = 0; k < n; ++k)
    for (int d = 0; d < 3; ++d) x[std::size_t(d)] += mesh.point(mesh.nodes_of(face.element)[of_face[k]])[std::size_t(d)] / n;
  return x;
}

/// Its thermal properties: of the material that most faces of the wall belong to, at 20 °C.
air::Strata rock_beside(const Case& c, const mesh::Mesh& mesh, const std::vector<mesh::Face>& faces, const std::vector<int>& material_of_region,
                        double radius) {
  std::vector<std::int64_t> count(c.materials.entries.size(), 0);
  for (const mesh::Face& f : faces) ++count[std::size_t(material_of_region[std::size_t(mesh.region[std::size_t(f.element)])])];
  mesh.comm.sum(count.data(), int(count.size()));
  const material::Material& m = c.materials.entries[std::size_t(std::max_element(count.begin(), count.end()) - count.begin())].second;
  return {m.thermal->conductivity_at(293.15), m.density * m.thermal->heat_capacity, radius};
}

void check_place(const Case& c, const mesh::Mesh& mesh, const std::vector<mesh::Face>& faces, const heat::Convection& wall, const air::Airway& airway,
                 const Line& line, double perimeter) {
  const std::string where = fmt::format("{}: convection of airway '{}'", wall.origin.where(), wall.airway);
  const double radius = air::equivalent_radius(perimeter);
  double off[3] = {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL};  // farthest from the line, before its beginning, beyond its end
  for (const mesh::Face& f : faces) {
    const auto [chainage, distance] = line(centre(mesh, f));
    off[0] = std::max(off[0], distance), off[1] = std::max(off[1], -chainage), off[2] = std::max(off[2], chainage - line.length);
  }
  for (double& x : off) x = mesh.comm.max(x);
  const auto junction = [&](const std::string& name) { return c.air->junctions.find(name)->at; };
  const auto text = [](const Vector3& x) { return fmt::format("[{:.6g}, {:.6g}, {:.6g}] m", x[0], x[1], x[2]); };
  const std::string ends = fmt::format("its centre line runs from {} to {}", text(junction(airway.from)), text(junction(airway.to)));
  if (off[0] > 2 * radius)
    throw InputError("{}: the surface is up to {:.4g} m away from the centre line, more than two radii ({:.4g} m); {}", where, off[0], 2 * radius,
                     ends);
  if (std::max(off[1], off[2]) > radius)
    throw InputError("{}: the surface goes {:.4g} m beyond the end of the airway, whose length is {:.6g} m; {}", where, std::max(off[1], off[2]),
                     line.length, ends);
}

void add(heat::Report& sum, const heat::Report& one) {
  sum.steps += one.steps, sum.rejected += one.rejected;
  sum.largest_error = std::max(sum.largest_error, one.largest_error);
  sum.linear_residual = std::max(sum.linear_residual, one.linear_residual);
  sum.stored += one.stored, sum.wall_heat += one.wall_heat, sum.boundary_heat += one.boundary_heat, sum.gross_heat += one.gross_heat;
  sum.condition_heat.resize(one.condition_heat.size(), 0);
  for (std::size_t i = 0; i < one.condition_heat.size(); ++i) sum.condition_heat[i] += one.condition_heat[i];
  sum.imbalance = sum.gross_heat > 0 ? std::abs(sum.stored - sum.wall_heat - sum.boundary_heat) / sum.gross_heat : 0;
  sum.overshoot = std::max(sum.overshoot, one.overshoot);
  sum.coldest = one.coldest, sum.hottest = one.hottest;
}

}  // namespace

Coupling::Coupling(const Case& c, const mesh::Mesh& mesh, const std::vector<int>& material_of_region)
    : comm_(mesh.comm),
      case_(c),
      air_(std::make_unique<air::Air>(network(-1))),
      sum_(std::make_shared<const air::ExponentialSum>(air::prescribed_wall, least_fourier, most_fourier, memory_tolerance)) {
  const air::Graph& graph = air_->graph();
  for (const heat::Boundary& boundary : c.boundaries.heat) {
    const auto* wall = std::get_if<heat::Convection>(&boundary.value);
    if (!wall || wall->airway.empty()) {
      conditions_.push_back(boundary);
      continue;
    }
    const std::string where = fmt::format("{}: convection of airway '{}'", wall->origin.where(), wall->airway);
    const std::size_t a = std::size_t(std::find(graph.airway_names.begin(), graph.airway_names.end(), wall->airway) - graph.airway_names.begin());
    const air::Airway& airway = air_->network().airways.entries[a].second;
    const std::size_t branch = std::size_t(graph.first[a]);
    if (graph.first[a] != graph.last[a]) throw InputError("{}: an airway with leaks along it has no wall of its own", where);
    if (!(graph.perimeter[branch] > 0)) throw InputError("{}: the airway needs a section", where);
    const auto at = [&](const std::string& name) { return air_->network().junctions.find(name)->at; };
    const Line line(at(airway.from), at(airway.to));
    if (!(line.length > 0)) throw InputError("{}: its junctions lie at the same place; give both their coordinates", where);
    if (std::abs(graph.length[branch] / line.length - 1) > 0.1)
      throw InputError("{}: its length is {:.6g} m, but its junctions lie {:.6g} m apart: an airway in the mesh is straight", where,
                       graph.length[branch], line.length);
    const std::vector<mesh::Face> faces = faces_of(c, mesh, *wall);
    check_place(c, mesh, faces, *wall, airway, line, graph.perimeter[branch]);
    const air::Strata rock = rock_beside(c, mesh, faces, material_of_region, air::equivalent_radius(graph.perimeter[branch]));
    const std::vector<Index>& begin = air_->climate()->cell_begin;
    const int parts = int(begin[branch + 1] - begin[branch]);
    for (int part = 0; part < parts; ++part) {
      Piece& piece = pieces_.emplace_back();
      piece.condition = conditions_.size();
      piece.cell = begin[branch] + part;
      piece.share = wall->share;
      piece.rock = rock;
      piece.airway = wall->airway;
      heat::Convection one = *wall;
      one.air = input::Curve(c.air->weather.temperature(0)), one.coefficient = input::Curve(0.0);
      one.along = heat::Along{at(airway.from), at(airway.to), part, parts};
      conditions_.push_back({one});
    }
  }
}

air::Network Coupling::network(int stage) const {
  air::Network network = network_of(case_, stage);
  for (const heat::Boundary& b : case_.boundaries.heat)
    if (const auto* c = std::get_if<heat::Convection>(&b.value); c && !c->airway.empty())
      for (auto& [name, airway] : network.airways.entries)
        if (name == c->airway) airway.in_mesh = true;
  return network;
}

void Coupling::start() {
  comm_.together([&] { air_->solve_steady(); });
}

void Coupling::change(int stage) {
  if (!case_.stages[std::size_t(stage)].air.entries.empty()) comm_.together([&] { air_->change(network(stage)); });
}

Coupling::Flow Coupling::heat_to_air() const {
  Flow flow;
  for (const Piece& p : pieces_) {
    const double heat = std::as_const(*air_).climate()->wall_heat[std::size_t(p.cell)];
    flow.net += heat, flow.gross += std::abs(heat);
  }
  return flow;
}

CouplingReport Coupling::advance(heat::Heat& heat, double begin, double end, const std::function<void(double, double)>& progress) {
  CouplingReport report;
  const int steps = end > begin ? std::max(1, int(std::ceil((end - begin) / case_.air->step - 1e-9))) : 0;
  if (steps == 0) comm_.together([&] { air_->solve_again(); });
  for (int k = 0; k < steps; ++k) {
    const double from = begin + (end - begin) * k / steps, to = begin + (end - begin) * (k + 1) / steps;
    const std::vector<double> rock_before = heat.temperature(), air_before = save();
    try {
      step(
          heat, from, to, [&](double fraction, double dt) { progress((k + fraction) / steps, dt); }, report);
    } catch (...) {
      heat.set_temperature(rock_before);
      restore(air_before);
      throw;
    }
  }
  return report;
}

void Coupling::step(heat::Heat& heat, double begin, double end, const std::function<void(double, double)>& progress, CouplingReport& report) {
  const double start = wall_time(), dt = end - begin;
  air::Climate& climate = *air_->climate();
  const std::vector<double> before = heat.temperature();
  const std::vector<heat::Conditions::Mean> means = heat.surface_means();
  struct Wall {
    double flow = 0, temperature = 0, slope = 0;  // W/m², K, W/(m² K): mean over the step as the rock has them
    double outside = 0;                           // K: of the air as the rock sees it
  };
  std::vector<Wall> walls(pieces_.size());
  const auto answer = [&](std::size_t i, double constant, double slope) {
    const Piece& p = pieces_[i];
    climate.set_wall(p.cell, {p.area, {constant, slope}, walls[i].temperature});
  };
  bool fresh = false;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    Piece& p = pieces_[i];
    const heat::Conditions::Mean& mean = means[p.condition];
    p.area = mean.area > 0 ? mean.area / p.share : 0;
    if (p.area > 0 && !p.memory) p.memory = std::make_unique<air::RockMemory>(p.rock, mean.temperature, sum_), fresh = true;
    walls[i].temperature = p.area > 0 ? mean.temperature : 0;
    answer(i, 0, 0);
  }
  if (fresh) {  // their films, from the flows
    comm_.together([&] { air_->attempt(dt); });
    for (Piece& p : pieces_)
      if (p.coefficient == 0) p.coefficient = climate.wall_film[std::size_t(p.cell)];
  }
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& p = pieces_[i];
    if (p.area == 0 || p.coefficient == 0) continue;
    const air::RockMemory::Answer a = p.memory->through_film(dt, p.coefficient, air::Course::jump);
    const double by_wall = p.correction / (1 - a.mean_slope / p.coefficient);
    walls[i].slope = by_wall * a.mean_slope;
    answer(i, by_wall * a.mean_constant, walls[i].slope);
  }
  heat::Report rock;
  double in_heat = 0, mismatch = 0;
  int round = 0;
  for (;;) {
    ++round;
    comm_.together([&] { air_->attempt(dt); });
    std::vector<double> wanted(pieces_.size(), 0);
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      Piece& p = pieces_[i];
      const double film = climate.wall_film[std::size_t(p.cell)];
      if (p.area == 0 || film == 0) {
        p.coefficient = 0;
        heat.set_air(p.condition, p.area > 0 ? walls[i].temperature : climate.temperature[std::size_t(p.cell)], 0);
        continue;
      }
      if (std::abs(film - p.coefficient) > coefficient_room * p.coefficient) p.coefficient = film;
      wanted[i] = climate.dry_wall[std::size_t(p.cell)];
      walls[i].outside = wanted[i] - climate.wall_heat[std::size_t(p.cell)] / p.area / p.coefficient;
      heat.set_air(p.condition, walls[i].outside, p.coefficient);
    }
    if (round > 1) heat.set_temperature(before);
    const double at = wall_time();
    rock = heat.advance(begin, end, progress);
    in_heat += wall_time() - at;
    report.heat.linear_iterations += rock.linear_iterations, report.heat.setups += rock.setups;
    mismatch = 0;
    std::size_t worst = 0;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      const Piece& p = pieces_[i];
      if (p.area == 0 || p.coefficient == 0) {
        walls[i].flow = 0;
        continue;
      }
      const Wall last = walls[i];
      Wall& now = walls[i];
      now.flow = -rock.condition_heat[p.condition] / (p.area * p.share * dt);
      now.temperature = now.outside + now.flow / p.coefficient;
      const double moved = now.temperature - last.temperature;
      if (round > 1 && std::abs(moved) > 1e-6) now.slope = std::clamp((last.flow - now.flow) / moved, now.slope / 3, 3 * now.slope);
      const double off = std::abs(now.temperature - wanted[i]);
      if (!(off <= mismatch)) mismatch = off, worst = i;
    }
    if (mismatch <= case_.solver.coupling.tolerance) break;
    if (round >= case_.solver.coupling.rounds)
      throw SolverError(
          "coupling: rock and air do not agree after {} rounds of a step of {:.3g} d at {:.6g} d: the wall of airway '{}' differs by {:.3g} K "
          "(tolerance {:.3g} K); take shorter steps (air.step) or more rounds",
          round, dt / 86400, begin / 86400, pieces_[worst].airway, mismatch, case_.solver.coupling.tolerance);
    for (std::size_t i = 0; i < pieces_.size(); ++i) answer(i, walls[i].flow + walls[i].slope * walls[i].temperature, walls[i].slope);
  }
  double from_rock = 0;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    answer(i, walls[i].flow, 0);
    from_rock -= pieces_[i].area > 0 ? rock.condition_heat[pieces_[i].condition] / pieces_[i].share : 0;
  }
  comm_.together([&] { air_->attempt(dt); });
  const Flow to_air = heat_to_air();
  const double ledger = to_air.gross > 0 ? std::abs(from_rock - dt * to_air.net) / (dt * to_air.gross) : std::abs(from_rock) > 0 ? 1 : 0;
  if (!(ledger <= ledger_tolerance))
    throw SolverError("coupling: {:.10g} J left the rock and {:.10g} J came to the air in a step of {:.3g} d", from_rock, dt * to_air.net,
                      dt / 86400);
  comm_.together([&] { air_->accept(dt); });
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    Piece& p = pieces_[i];
    if (p.area == 0 || p.coefficient == 0) continue;
    const double radial = p.memory->advance_through_film(dt, p.coefficient, walls[i].outside, air::Course::jump);
    p.correction = radial != 0 ? std::clamp(walls[i].flow / radial, 0.5, 2.0) : 1;
  }
  add(report.heat, rock);
  ++report.steps;
  report.rounds += round;
  report.most_rounds = std::max(report.most_rounds, round);
  report.mismatch = std::max(report.mismatch, mismatch);
  report.from_rock += from_rock;
  report.to_air += dt * to_air.net;
  report.ledger = std::max(report.ledger, ledger);
  report.air_time += wall_time() - start - in_heat;
}

std::vector<double> Coupling::save() const {
  std::vector<double> state;
  for (const Piece& p : pieces_) {
    const std::vector<double> memory = p.memory ? p.memory->state() : std::vector<double>();
    state.insert(state.end(), {p.coefficient, p.correction, p.area, p.memory ? p.memory->virgin() : 0, double(memory.size())});
    state.insert(state.end(), memory.begin(), memory.end());
  }
  const std::vector<double> air = air_->save();
  state.insert(state.end(), air.begin(), air.end());
  return state;
}

void Coupling::restore(const std::vector<double>& state) {
  std::size_t at = 0;
  const auto take = [&](std::size_t n) {
    if (at + n > state.size()) throw InputError("the restart of rock and air does not belong to this case");
    at += n;
    return state.data() + (at - n);
  };
  for (Piece& p : pieces_) {
    const double* head = take(5);
    p.coefficient = head[0], p.correction = head[1], p.area = head[2];
    p.memory.reset();
    if (head[4] == 0) continue;
    p.memory = std::make_unique<air::RockMemory>(p.rock, head[3], sum_);
    p.memory->restore({take(std::size_t(head[4])), std::size_t(head[4])});
  }
  air_->restore({state.begin() + std::ptrdiff_t(at), state.end()});
}

}  // namespace winze::run
