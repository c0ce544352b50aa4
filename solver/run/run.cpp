#include "run/run.hpp"

#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/signals.hpp"
#include "base/version.hpp"
#include "output/disk.hpp"
#include "output/history.hpp"
#include "output/restart.hpp"
#include "output/results.hpp"
#include "output/summary.hpp"
#include "run/air_tables.hpp"
#include "run/network.hpp"
#include "run/probes.hpp"
#include "run/simulation.hpp"

namespace winze::run {
namespace {

namespace fs = std::filesystem;

/// All files of one run and the rules by which they grow.
class Record {
 public:
  Record(const Case& c, const RunOptions& options, const mesh::Mesh& mesh)
      : case_(c),
        folder_(options.out),
        order_(mesh),
        resolved_(input::write(c)),
        hash_(output::case_hash(resolved_)),
        summary_(c.name, options.command) {
    for (const auto& [name, probe] : c.probes.entries) samplers_.push_back(std::make_unique<ProbeSampler>(name, probe, mesh));
    if (c.air) {
      const std::string case_folder = fs::path(options.case_path).parent_path().string();
      mesh.comm.together([&] { air_tables_.emplace(mesh.comm, folder_, c.name, read_rules(c, case_folder)); });
    }
    results_options_ = {folder_, c.name, resolved_, c.output.compress, c.output.precision == Precision::f32};
    const auto facts = [&] {
      summary_.mesh("nodes", mesh.nodes.n_global());
      summary_.mesh("elements", mesh.n_elements_global());
      summary_.mesh("ranks", mesh.comm.size());
      summary_.fact("element", mesh::info(mesh.shape).name);
      summary_.fact("version", version);
    };
    facts();
  }

  fs::path restart_path() const { return folder_ / "restart.h5"; }
  std::uint64_t hash() const { return hash_; }
  const output::FileOrder& order() const { return order_; }

  /// Refuses probes of fields that there are not, before anything is written.
  void check_probes(const Simulation& s) const {
    if (samplers_.empty()) return;
    const Fields fields = s.fields();
    for (const auto& sampler : samplers_) sampler->columns(fields);
  }
  void write_resolved(const Comm& comm) const {
    comm.together([&] {
      if (!comm.root()) return;
      output::make_folder(folder_);
      output::replace_text(folder_ / "resolved.yaml", resolved_);
    });
  }

  void start(const Comm& comm) {
    comm.together([&] {
      if (comm.root()) output::remove_file(restart_path());
    });
    if (case_.output.fields) results_ = std::make_unique<output::ResultsFile>(order_, results_options_);
  }
  void resume(output::RestartReader& restart) {
    if (case_.output.fields) results_ = std::make_unique<output::ResultsFile>(order_, results_options_, restart);
    summary_.restore(restart);
    if (air_tables_) air_tables_->restore(restart);
    restart_ = &restart;
  }

  /// After the initial state (stage −1) and after every stage.
  void write(const Simulation& s, int step, const std::string& stage) {
    const output::Step at{step, stage, s.time()};
    const Fields fields = s.fields();
    {
      PhaseTimer timer("output");
      if (results_) write_fields(s, at, fields);
    }
    if (step > 0) {
      const auto numbers = s.headlines();
      std::vector<output::History::Column> columns;
      std::vector<double> values;
      std::vector<output::Summary::Number> list;
      for (const Headline& h : numbers) {
        columns.push_back({h.name, h.unit});
        values.push_back(h.value);
        list.push_back({h.name, h.value, h.unit});
        summary_.number({h.name, h.value, h.unit});
      }
      if (!history_) history_ = open("history.csv", columns);
      history_->append(at, values);
      summary_.step(at, list);
      for (size_t i = 0; i < s.evaluations().size(); ++i) {
        const burst::Description about = burst::describe(case_.indicators[i]);
        const burst::Evaluation& e = s.evaluations()[i];
        summary_.fact(std::string(about.name), e.label);
        for (int d = 0; d < 3; ++d)
          summary_.number({fmt::format("{}_most_severe_{}", about.name, "xyz"[d]), e.n_samples ? e.at[size_t(d)] : NAN, "m"});
      }
    }
    if (air_tables_ && step > 0) {
      std::unique_ptr<air::Contaminants> contaminants;
      order_.comm().together([&] {
        contaminants = std::make_unique<air::Contaminants>(s.coupling()->air());
        contaminants->solve_steady();
      });
      air_tables_->add(at, s.coupling()->air(), *contaminants, case_.output.fields);
    }
    PhaseTimer timer("probes");
    for (size_t i = 0; i < samplers_.size(); ++i) {
      const ProbeSampler& sampler = *samplers_[i];
      const auto columns = sampler.columns(fields);
      if (tables_.size() <= i) {
        std::vector<output::History::Column> named;
        for (const auto& c : columns) named.push_back({c.name, c.unit});
        tables_.push_back(open("probe_" + sampler.name() + ".csv", named));
      }
      tables_[i]->append(at, sampler.sample(fields, s.material_of_element()));
    }
    restart_ = nullptr;
  }

  void save(const Simulation& s, int stages_done) {
    PhaseTimer timer("restart");
    const Simulation::State state = s.state();
    output::RestartWriter w(restart_path(), order_, hash_);
    w.value<std::int32_t>("stages_done", stages_done);
    w.value<double>("time", state.time);
    w.elemental("material", state.material.data(), 1);
    if (!state.energy_density.empty()) w.elemental("energy_density", state.energy_density.data(), 1);
    if (!state.temperature.empty()) w.nodal("temperature", state.temperature.data(), 1);
    if (!state.coupling.empty()) w.array("coupling", state.coupling);
    if (s.rock()) {
      const rock::Rock::State& r = state.rock;
      w.nodal("u", r.u.data(), 3);
      w.nodal("held", r.held.data(), 3);
      w.value<std::uint8_t>("method", std::uint8_t(r.method));
      if (!r.start.empty()) w.nodal("start", r.start.data(), 3);
      if (!r.temperature.empty()) w.nodal("rock_temperature", r.temperature.data(), 1);
      w.elemental("placed", r.placed.data(), 1);
      w.elemental("changed", r.changed.data(), 1);
      if (!r.tie_start.empty()) w.nodal("tie_start", r.tie_start.data(), 3);
      w.value<std::uint8_t>("any_placed", !r.placed_strain.empty());
      if (!r.memory.empty()) w.pointwise("memory", s.rock()->points().offset, r.memory.data(), s.rock()->memory_size());
      if (!r.placed_strain.empty()) w.pointwise("placed_strain", s.rock()->points().offset, r.placed_strain.data(), 6);
      const int n_faces = mesh::info(order_.mesh().shape).n_faces;
      std::vector<std::int32_t> bared(size_t(order_.mesh().n_elements()) * size_t(n_faces), -1);
      for (const rock::Wall& wall : r.walls) bared[size_t(wall.face.element) * size_t(n_faces) + size_t(wall.face.face)] = wall.stage;
      w.elemental("walls", bared.data(), n_faces);
    }
    if (results_) results_->save(w);
    if (history_) history_->save(w);
    for (const auto& t : tables_) t->save(w);
    if (air_tables_) air_tables_->save(w);
    summary_.save(w);
    w.close();
  }

  static int load(Simulation& s, output::RestartReader& in, const mesh::Mesh& mesh) {
    Simulation::State state = s.state();
    state.time = in.value<double>("time");
    in.elemental("material", state.material.data(), 1);
    if (in.has("elemental", "energy_density")) {
      state.energy_density.resize(size_t(mesh.n_elements()));
      in.elemental("energy_density", state.energy_density.data(), 1);
    }
    if (s.heat()) in.nodal("temperature", state.temperature.data(), 1);
    if (s.coupling()) state.coupling = in.array<double>("coupling");
    if (s.rock()) {
      rock::Rock::State& r = state.rock;
      in.nodal("u", r.u.data(), 3);
      in.nodal("held", r.held.data(), 3);
      r.method = rock::Rock::Method(std::min<int>(in.value<std::uint8_t>("method"), int(rock::Rock::Method::factors)));
      if (in.has("nodal", "start")) r.start.resize(r.u.size()), in.nodal("start", r.start.data(), 3);
      if (in.has("nodal", "rock_temperature")) r.temperature.resize(r.u.size() / 3), in.nodal("rock_temperature", r.temperature.data(), 1);
      in.elemental("placed", r.placed.data(), 1);
      in.elemental("changed", r.changed.data(), 1);
      if (in.has("nodal", "tie_start")) r.tie_start.resize(r.u.size()), in.nodal("tie_start", r.tie_start.data(), 3);
      if (!r.memory.empty()) in.pointwise("memory", s.rock()->points().offset, r.memory.data(), s.rock()->memory_size());
      if (in.value<std::uint8_t>("any_placed")) {
        r.placed_strain.resize(6 * s.rock()->points().n_points());
        in.pointwise("placed_strain", s.rock()->points().offset, r.placed_strain.data(), 6);
      }
      const int n_faces = mesh::info(mesh.shape).n_faces;
      std::vector<std::int32_t> bared(size_t(mesh.n_elements()) * size_t(n_faces));
      in.elemental("walls", bared.data(), n_faces);
      r.walls.clear();
      for (size_t k = 0; k < bared.size(); ++k)
        if (bared[k] >= 0) r.walls.push_back({{Index(k / size_t(n_faces)), std::int8_t(k % size_t(n_faces))}, bared[k]});
      r.material = state.material;
    }
    s.restore(std::move(state));
    return in.value<std::int32_t>("stages_done");
  }

  void close() {
    PhaseTimer timer("output");
    std::vector<const output::History*> all;
    if (history_) all.push_back(history_.get());
    if (results_) results_->close(all);
  }
  void write_summary(const Comm& comm, const std::string& status) const { summary_.write(comm, folder_ / "summary.json", status); }
  fs::path results_path() const { return results_ ? results_->path() : fs::path(); }

 private:
  std::unique_ptr<output::History> open(const std::string& name, const std::vector<output::History::Column>& columns) {
    if (restart_) return std::make_unique<output::History>(order_.comm(), folder_ / name, columns, *restart_);
    return std::make_unique<output::History>(order_.comm(), folder_ / name, columns);
  }
  void write_fields(const Simulation& s, const output::Step& at, const Fields& fields) {
    const auto list = [](const Fields& f) {
      std::vector<output::Field> out;
      for (const Fields::Entry& e : f.entries)
        out.push_back({e.name, e.unit, e.nodal ? output::Centre::node : output::Centre::element, e.components, e.values.data()});
      return out;
    };
    std::vector<char> active(s.material_of_element().size());
    for (size_t e = 0; e < active.size(); ++e) active[e] = s.material_of_element()[e] >= 0;
    if (at.number > 0) {
      const Fields walls = s.wall_fields();
      output::SurfaceFields surface{s.walls().faces, list(walls)};
      for (const fem::BareFacet& f : s.walls().facets) surface.facets.push_back({f.facet, f.element});
      results_->write(at, list(fields), active, &surface);
    } else {
      results_->write(at, list(fields), active);
    }
  }

  const Case& case_;
  fs::path folder_;
  output::FileOrder order_;
  std::string resolved_;
  std::uint64_t hash_;
  output::Summary summary_;
  output::ResultsOptions results_options_;
  std::unique_ptr<output::ResultsFile> results_;
  std::unique_ptr<output::History> history_;
  std::vector<std::unique_ptr<output::History>> tables_;
  std::optional<AirTables> air_tables_;
  std::vector<std::unique_ptr<ProbeSampler>> samplers_;
  output::RestartReader* restart_ = nullptr;  ///< while tables of an interrupted run are being continued
};

std::string number_with_unit(double bytes) { return bytes > 1e9 ? fmt::format("{:.2f} GB", bytes / 1e9) : fmt::format("{:.0f} MB", bytes / 1e6); }

}  // namespace

void run(const Comm& comm, const RunOptions& options) {
  Case c;
  comm.together([&] { c = load(options.case_path, options.settings); });
  watch_signals();
  log::info("winze {}, case {}{}, {} rank{}", version, c.name, c.title.empty() ? "" : " (" + c.title + ")", comm.size(), comm.size() > 1 ? "s" : "");
  if (!c.mesh) return run_network(comm, options, c);
  mesh::Mesh mesh = make_mesh(comm, c, fs::path(options.case_path).parent_path().string());
  log::info("mesh: {} {} elements, {} nodes, {} regions, {} surfaces", mesh.n_elements_global(), mesh::info(mesh.shape).name, mesh.nodes.n_global(),
            mesh.region_names.size(), mesh.surfaces.size());
  Simulation simulation(c, mesh);
  Record record(c, options, mesh);
  record.check_probes(simulation);
  record.write_resolved(comm);
  int first = 0;
  std::optional<output::RestartReader> restart;
  if (options.resume && comm.any(comm.root() && fs::exists(record.restart_path()))) {
    restart.emplace(record.restart_path(), record.order(), record.hash());
    first = Record::load(simulation, *restart, mesh);
    record.resume(*restart);
    log::info("resumed after stage {} of {} ({})", first, c.stages.size(), c.stages[size_t(first) - 1].name);
  } else {
    if (options.resume) log::info("nothing to resume in {}: starting from the beginning", options.out);
    record.start(comm);
    record.write(simulation, 0, "initial");
  }
  const int n_stages = int(c.stages.size());
  try {
    for (int i = first; i < n_stages; ++i) {
      if (stop_requested(comm)) throw Stopped("stopped by a signal between stages; --resume goes on from here");
      const double start = wall_time();
      simulation.advance(i, [&](double fraction, const std::string& text) {
        log::progress((i + fraction) / n_stages, fmt::format("stage {}/{} {}: {}", i + 1, n_stages, c.stages[size_t(i)].name, text));
      });
      record.write(simulation, i + 1, c.stages[size_t(i)].name + (simulation.collapsed() ? " (last equilibrium)" : ""));
      if (simulation.collapsed()) record.close();
      simulation.rethrow_collapse();
      if (c.output.restart > 0 && ((i + 1) % c.output.restart == 0 || i + 1 == n_stages)) record.save(simulation, i + 1);
      std::string line = fmt::format("stage {}/{} {} ({:.4g} d)", i + 1, n_stages, c.stages[size_t(i)].name, simulation.time() / 86400);
      for (const Headline& h : simulation.headlines()) {
        if (h.name == "largest_displacement") line += fmt::format(", displacement {:.2f} mm", 1e3 * h.value);
        if (h.name == "wall_compression_max" && std::isfinite(h.value)) line += fmt::format(", wall {:.1f} MPa", 1e-6 * h.value);
        if (h.name == "heat_flow_into_openings") line += fmt::format(", heat {:.1f} kW", 1e-3 * h.value);
        if (h.name == "rock_iterations") line += fmt::format(", {:.0f} iterations", h.value);
      }
      log::info("{}, {:.1f} s", line, wall_time() - start);
    }
    record.close();
    record.write_summary(comm, "done");
  } catch (const Error& error) {
    record.write_summary(comm, error.exit_code == exit_stopped ? "stopped" : error.what());
    throw;
  }
  const double memory = comm.sum(resident_peak_bytes());
  log::info("done: {} in {}, peak memory {}", c.name, options.out, number_with_unit(memory));
  if (c.output.fields) log::info("open {} in ParaView (5.11 and older: the .xdmf beside it)", record.results_path().string());
}

}  // namespace winze::run
