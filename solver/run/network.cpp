#include "run/network.hpp"

#include <cmath>
#include <filesystem>
#include <optional>
#include <sstream>

#include "air/contaminants.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/signals.hpp"
#include "base/version.hpp"
#include "output/disk.hpp"
#include "output/file_order.hpp"
#include "output/history.hpp"
#include "output/restart.hpp"
#include "output/summary.hpp"
#include "run/air_tables.hpp"
#include "run/positional.hpp"

namespace winze::run {
namespace {

namespace fs = std::filesystem;
using input::Value;

void fill_rock(std::optional<air::RockInput>& rock, const Case& c) {
  if (!rock || rock->material.empty()) return;
  const material::Material& m = *c.materials.find(rock->material);
  rock->conductivity = m.thermal->conductivity_at(293.15);
  rock->density = m.density;
  rock->heat_capacity = m.thermal->heat_capacity;
  rock->material.clear();
}

/// The value of one change: airway.key…, airway.device.key…, or a path within air such as weather.temperature.
Value* target(Value& air, const std::string& path, std::string& rest) {
  Value* airways = nullptr;
  for (auto& [name, value] : air.entries)
    if (name == "airways") airways = &value;
  Value* found = nullptr;
  size_t length = 0;
  if (airways)
    for (auto& [name, value] : airways->entries)  // the longest name: names may have dots
      if (name.size() > length && path.rfind(name + ".", 0) == 0) found = &value, length = name.size();
  if (!found) {
    rest = path;
    return &air;
  }
  rest = path.substr(length + 1);
  const std::string head = rest.substr(0, rest.find('.'));
  if (rest.find('.') == std::string::npos) return found;
  for (auto& [key, devices] : found->entries)
    if (key == "devices")
      for (Value& device : devices.items)
        for (auto& [kind, keys] : device.entries)
          if (kind == head) {
            rest = rest.substr(head.size() + 1);
            return &keys;
          }
  return found;
}

}  // namespace

air::Network network_of(const Case& c, int stage) {
  air::Network network = *c.air;
  bool changed = false;
  for (int i = 0; i <= stage; ++i) changed = changed || !c.stages[size_t(i)].air.entries.empty();
  if (changed) {
    Value tree = input::Io<air::Network>::write(network, "1");
    for (int i = 0; i <= stage; ++i)
      for (const auto& [path, value] : c.stages[size_t(i)].air.entries) {
        std::string rest;
        Value* at = target(tree, path, rest);
        if (at == &tree && rest.find('.') == std::string::npos && !tree.find(rest))
          throw InputError("stages.{}.air: '{}' names nothing in the network: write airway.key, airway.device.key, or a key of air",
                           c.stages[size_t(i)].name, path);
        input::set(*at, rest + "=" + value);
      }
    input::Problems problems;
    Value root = Value::map();
    network = input::read<air::Network>(tree, problems);
    if (!problems.empty()) throw InputError("after the changes of stage '{}': {}", c.stages[size_t(stage)].name, fmt::join(problems.lines(), "\n"));
  }
  fill_rock(network.rock, c);
  for (auto& [name, a] : network.airways.entries) fill_rock(a.rock, c);
  return network;
}

std::string setting_of(const Case& c, const std::string& path, const std::string& value) {
  const std::string* airway = nullptr;
  for (const auto& [name, a] : c.air->airways.entries)
    if (path.rfind(name + ".", 0) == 0 && (!airway || name.size() > airway->size())) airway = &name;
  if (!airway) return "air." + path + "=" + value;
  std::string rest = path.substr(airway->size() + 1);
  const std::string head = rest.substr(0, rest.find('.'));
  const std::vector<air::Device>& devices = c.air->airways.find(*airway)->devices;
  if (rest.size() > head.size())
    for (size_t i = 0; i < devices.size(); ++i)
      if (devices[i].name() == head) {
        rest = fmt::format("devices.{}.{}", i, rest);
        break;
      }
  if (airway->find('.') != std::string::npos) throw InputError("'{}': the name of the airway has a dot: change it by a stage", path);
  return "air.airways." + *airway + "." + rest + "=" + value;
}

void check_network(const Case& c, const std::string& folder) {
  read_rules(c, folder);
  for (int i = -1; i < int(c.stages.size()); ++i) {
    const air::Air air(network_of(c, i));
    air::Contaminants{air};
  }
}

namespace {

/// A network, what it has come to, and its files.
class NetworkRun {
 public:
  NetworkRun(const Comm& comm, const RunOptions& options, const Case& c, Observer observer = {})
      : observer_(std::move(observer)),
        comm_(comm),
        case_(c),
        folder_(options.out),
        no_mesh_(comm),
        order_(no_mesh_),
        summary_(c.name, options.command) {
    summary_.fact("version", version);
    const std::string resolved = input::write(c);
    hash_ = output::case_hash(resolved);
    comm_.together([&] {
      const std::string case_folder = fs::path(options.case_path).parent_path().string();
      check_network(c, case_folder);
      tables_ = std::make_unique<AirTables>(comm_, folder_, c.name, read_rules(c, case_folder));
      if (comm_.root()) {
        output::make_folder(folder_);
        output::replace_text(folder_ / "resolved.yaml", resolved);
      }
      air_ = std::make_unique<air::Air>(network_of(c, -1));
      contaminants_ = std::make_unique<air::Contaminants>(*air_);
    });
    summary_.mesh("junctions", std::int64_t(c.air->junctions.entries.size()));
    summary_.mesh("airways", std::int64_t(c.air->airways.entries.size()));
  }

  void run(bool resume) {
    if (!(resume && restored())) {
      comm_.together([&] {
        if (comm_.root()) output::remove_file(restart_path());
        air_->solve_steady();
        contaminants_->solve_steady();
      });
      record(case_.stages.empty() ? "steady" : "initial");
      if (case_.stages.empty()) place();
    }
    for (; stage_ < std::int32_t(case_.stages.size()); ++stage_, step_ = 0) advance(case_.stages[size_t(stage_)]);
    if (!case_.stages.empty()) save();
  }
  void write_summary(const std::string& status) const { summary_.write(comm_, folder_ / "summary.json", status); }
  const air::Air& air() const { return *air_; }
  /// Where coolers would do most, for people; empty unless asked for.
  const std::vector<std::string>& positional() const { return positional_; }

 private:
  fs::path restart_path() const { return folder_ / "restart.h5"; }

  void advance(const Stage& stage) {
    comm_.together([&] {
      if (!stage.air.entries.empty()) air_->change(network_of(case_, stage_));
    });
    const int steps = stage.duration > 0 ? std::max(1, int(std::ceil(stage.duration / case_.air->step - 1e-9))) : 0;
    if (steps == 0) {
      comm_.together([&] {
        air_->solve_again();
        contaminants_->solve_steady();
      });
      record(stage.name);
      if (last(stage)) place();
    }
    while (step_ < steps) {
      constexpr double between = 5;  // s of work that a stop without warning may cost
      const bool due = comm_.any(comm_.root() && wall_time() - saved_ > between), stop = stop_requested(comm_);
      if (due || stop) save();
      if (stop) throw Stopped("stopped by a signal; --resume goes on from here");
      comm_.together([&] { air_->attempt(stage.duration / steps); });
      if (last(stage) && step_ + 1 == steps) place();
      comm_.together([&] {
        air_->accept(stage.duration / steps);
        contaminants_->advance();
      });
      ++step_;
      record(stage.name, step_ == steps, stage.duration / steps);
      if (!observer_)
        log::progress((stage_ + double(step_) / steps) / double(case_.stages.size()),
                      fmt::format("stage {}/{} {}", stage_ + 1, case_.stages.size(), stage.name));
    }
  }

  bool last(const Stage& stage) const { return &stage == &case_.stages.back(); }
  /// The air has been solved and the step not yet been taken.
  void place() {
    if (case_.air->positional && !observer_) positional_ = write_positional(comm_, folder_, *air_);
  }

  /// `drawn`: the end of a stage, for ParaView too.
  void record(const std::string& stage, bool drawn = true, double duration = 0) {
    const output::Step at{++number_, stage, air_->time()};
    tables_->add(at, *air_, *contaminants_, drawn && case_.output.fields);
    std::vector<output::Summary::Number> list;
    std::vector<output::History::Column> columns;
    std::vector<double> values;
    for (const auto& n : air_->headlines()) {
      columns.push_back({n.name, n.unit});
      values.push_back(n.value);
      list.push_back({n.name, n.value, n.unit});
      summary_.number({n.name, n.value, n.unit});
    }
    if (!history_) history_.emplace(comm_, folder_ / "history.csv", columns);
    history_->append(at, values);
    summary_.step(at, list);
    if (observer_) return observer_(at, duration, *air_);
    if (comm_.root())
      for (const std::string& w : air_->report().flow.warnings) log::warn("{}", w);
  }

  /// Contaminants in motion have no restart: such a run starts from the beginning.
  void save() {
    saved_ = wall_time();
    if (case_.output.restart == 0 || !case_.air->contaminants.entries.empty()) return;
    output::RestartWriter w(restart_path(), order_, hash_);
    w.array<std::int32_t>("network/place", {stage_, step_, number_});
    w.array("network/air", air_->save());
    std::string columns;
    for (const output::History::Column& c : history_->columns()) columns += c.name + "\n" + c.unit + "\n";
    w.text("network/columns", columns);
    tables_->save(w);
    history_->save(w);
    summary_.save(w);
    w.close();
  }
  bool restored() {
    if (!comm_.any(comm_.root() && fs::exists(restart_path()))) {
      log::info("nothing to resume in {}: starting from the beginning", folder_.string());
      return false;
    }
    output::RestartReader in(restart_path(), order_, hash_);
    const std::vector<std::int32_t> place = in.array<std::int32_t>("network/place");
    stage_ = place.at(0), step_ = place.at(1), number_ = place.at(2);
    const std::vector<double> state = in.array<double>("network/air");
    comm_.together([&] {
      air_->change(network_of(case_, std::min(stage_, std::int32_t(case_.stages.size()) - 1)));
      air_->restore(state);
      contaminants_->solve_steady();
    });
    tables_->restore(in);
    std::vector<output::History::Column> columns;
    std::istringstream text(in.text("network/columns"));
    for (std::string name, unit; std::getline(text, name) && std::getline(text, unit);) columns.push_back({name, unit});
    history_.emplace(comm_, folder_ / "history.csv", columns, in);
    summary_.restore(in);
    log::info("resumed at {:.6g} d", air_->time() / 86400);
    return true;
  }

  Observer observer_;
  Comm comm_;
  const Case& case_;
  fs::path folder_;
  mesh::Mesh no_mesh_;
  output::FileOrder order_;
  std::uint64_t hash_ = 0;
  output::Summary summary_;
  std::optional<output::History> history_;
  std::unique_ptr<AirTables> tables_;
  std::unique_ptr<air::Air> air_;
  std::unique_ptr<air::Contaminants> contaminants_;
  std::int32_t stage_ = 0, step_ = 0, number_ = 0;  ///< stage in work, its steps done, rows written
  double saved_ = wall_time();
  std::vector<std::string> positional_;
};

}  // namespace

/// Runs and leaves the summary, whatever happens.
static void complete(NetworkRun& run, bool resume) {
  try {
    run.run(resume);
  } catch (const Error& error) {
    run.write_summary(error.exit_code == exit_stopped ? "stopped" : error.what());
    throw;
  }
  run.write_summary("done");
}

void run_network(const Comm& comm, const RunOptions& options, const Case& c, const Observer& observer) {
  NetworkRun run(comm, options, c, observer);
  complete(run, false);
}

void run_network(const Comm& comm, const RunOptions& options, const Case& c) {
  NetworkRun run(comm, options, c);
  log::info("network: {} junctions, {} airways", c.air->junctions.entries.size(), c.air->airways.entries.size());
  complete(run, options.resume);
  for (const std::string& row : run.positional()) log::info("{}", row);
  std::string line;
  for (const auto& n : run.air().headlines()) {
    if (n.name == "air_intake") line += fmt::format(", {:.1f} kg/s of air", n.value);
    if (n.name == "fan_power") line += fmt::format(", fans {:.0f} kW", 1e-3 * n.value);
    if (n.name == "heat_strata") line += fmt::format(", strata {:.0f} kW", 1e-3 * n.value);
    if (n.name == "wet_bulb_max") line += fmt::format(", wet bulb up to {:.1f} °C", n.value);
  }
  log::info("done: {} in {}{}", c.name, options.out, line);
}

}  // namespace winze::run
