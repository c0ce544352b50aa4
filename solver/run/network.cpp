#include "run/network.hpp"

#include <cmath>
#include <filesystem>
#include <optional>

#include "air/contaminants.hpp"
#include "air/workplaces.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/signals.hpp"
#include "base/version.hpp"
#include "output/disk.hpp"
#include "output/history.hpp"
#include "output/summary.hpp"

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

std::string csv_text(const std::string& s) {
  if (s.find_first_of(",\"\n") == std::string::npos) return s;
  std::string quoted = "\"";
  for (const char c : s) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

/// A table with names in its first columns, all stages behind one another.
class NamedTable {
 public:
  explicit NamedTable(std::string kind) : kind_(std::move(kind)) {}
  void add(const output::Step& at, const std::vector<std::string>& names, const std::vector<air::Column>& columns) {
    if (columns.empty()) return;
    if (text_.empty()) {
      text_ = "stage,step,time [s]," + kind_;
      for (const air::Column& c : columns) text_ += "," + c.name + (c.unit == "1" ? "" : " [" + c.unit + "]");
      text_ += "\n";
    }
    for (size_t i = 0; i < names.size(); ++i) {
      text_ += fmt::format("{},{},{:.17g},{}", csv_text(at.stage), at.number, at.time, csv_text(names[i]));
      for (const air::Column& c : columns) text_ += std::isfinite(c.values[i]) ? fmt::format(",{:.10g}", c.values[i]) : std::string(",");
      text_ += "\n";
    }
  }
  void line(const std::string& header, const std::string& row) {
    if (text_.empty()) text_ = header + "\n";
    text_ += row + "\n";
  }
  void write(const fs::path& folder, const std::string& name) const {
    if (!text_.empty()) output::replace_text(folder / name, text_);
  }

 private:
  std::string kind_, text_;
};

struct Tables {
  NamedTable airways{"airway"}, junctions{"junction"}, workplaces{"workplace"}, rules{"workplace"};
  std::vector<air::RuleSet> sets;

  void add(const output::Step& at, const air::Air& air, const air::Contaminants& contaminants) {
    const auto joined = [](std::vector<air::Column> columns, const std::vector<air::Column>& more) {
      columns.insert(columns.end(), more.begin(), more.end());
      return columns;
    };
    airways.add(at, air.graph().airway_names, joined(air.airways(), contaminants.airways()));
    junctions.add(at, air.network().junctions.names(), joined(air.junctions(), contaminants.junctions()));
    if (air.network().workplaces.entries.empty()) return;
    const std::vector<air::Workplace> places = air::workplaces(air);
    workplaces.add(at, air.network().workplaces.names(), air::workplace_table(places, air.climate()->route()));
    for (const air::RuleSet& set : sets)
      for (const air::Workplace& w : places)
        for (const air::Finding& f : air::evaluate(set, w, air.climate()->route())) {
          static constexpr const char* verdicts[] = {"within", "beyond", "not_applicable", "unknown"};
          const auto number = [](double x) { return std::isfinite(x) ? fmt::format("{:.6g}", x) : std::string(); };
          if (f.verdict == air::Verdict::not_applicable) continue;
          rules.line(
              "stage,step,time [s],workplace,rule_set,clause,confidence,verdict,value,limit,margin,margin [K],margin [W],says",
              fmt::format("{},{},{:.17g},{},{},{},{},{},{},{},{},{},{},{}", csv_text(at.stage), at.number, at.time, csv_text(w.name), set.name,
                          csv_text(f.clause->name), f.clause->confidence == air::Confidence::read ? "read" : "recalled", verdicts[int(f.verdict)],
                          number(f.value), number(f.limit), number(f.margin), number(f.kelvin), number(f.power), csv_text(air::describe(set, w, f))));
        }
  }
  void write(const fs::path& folder) const {
    airways.write(folder, "airways.csv");
    junctions.write(folder, "junctions.csv");
    workplaces.write(folder, "workplaces.csv");
    rules.write(folder, "rules.csv");
  }
};

std::vector<air::RuleSet> read_rules(const Case& c, const std::string& folder) {
  std::vector<air::RuleSet> all;
  for (const std::string& file : c.air->rules)
    all.push_back(air::read_rule_set(fs::path(file).is_absolute() ? file : (fs::path(folder) / file).string()));
  return all;
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

void check_network(const Case& c, const std::string& folder) {
  read_rules(c, folder);
  for (int i = -1; i < int(c.stages.size()); ++i) {
    const air::Air air(network_of(c, i));
    air::Contaminants{air};
  }
}

void run_network(const Comm& comm, const RunOptions& options, const Case& c) {
  const fs::path folder = options.out;
  output::Summary summary(c.name, options.command);
  summary.fact("version", version);
  Tables tables;
  std::optional<output::History> history;
  std::string status = "done";
  std::unique_ptr<air::Air> air;
  std::unique_ptr<air::Contaminants> contaminants;
  comm.together([&] {
    const std::string case_folder = fs::path(options.case_path).parent_path().string();
    check_network(c, case_folder);
    tables.sets = read_rules(c, case_folder);
    if (comm.root()) {
      output::make_folder(folder);
      output::replace_text(folder / "resolved.yaml", input::write(c));
    }
    air = std::make_unique<air::Air>(network_of(c, -1));
    contaminants = std::make_unique<air::Contaminants>(*air);
  });
  if (options.resume) log::info("a network alone starts from the beginning: it is solved sooner than restarts are worth");
  summary.mesh("junctions", std::int64_t(c.air->junctions.entries.size()));
  summary.mesh("airways", std::int64_t(c.air->airways.entries.size()));
  log::info("network: {} junctions, {} airways", c.air->junctions.entries.size(), c.air->airways.entries.size());

  int number = 0;
  const auto record = [&](const std::string& stage) {  // collective
    const std::vector<air::Air::Headline> numbers = air->headlines();
    const output::Step at{++number, stage, air->time()};
    if (comm.root()) tables.add(at, *air, *contaminants);
    std::vector<output::Summary::Number> list;
    std::vector<output::History::Column> columns;
    std::vector<double> values;
    for (const auto& n : numbers) {
      columns.push_back({n.name, n.unit});
      values.push_back(n.value);
      list.push_back({n.name, n.value, n.unit});
      summary.number({n.name, n.value, n.unit});
    }
    if (!history) history.emplace(comm, folder / "history.csv", columns);
    history->append(at, values);
    summary.step(at, list);
    if (comm.root())
      for (const std::string& w : air->report().flow.warnings) log::warn("{}", w);
  };
  try {
    comm.together([&] {
      air->solve_steady();
      contaminants->solve_steady();
    });
    record(c.stages.empty() ? "steady" : "initial");
    for (size_t i = 0; i < c.stages.size(); ++i) {
      const Stage& stage = c.stages[i];
      comm.together([&] {
        if (!stage.air.entries.empty()) air->network() = network_of(c, int(i));
      });
      const int steps = stage.duration > 0 ? std::max(1, int(std::ceil(stage.duration / c.air->step - 1e-9))) : 0;
      if (steps == 0) {
        comm.together([&] {
          air->solve_again();
          contaminants->solve_steady();
        });
        record(stage.name);
      }
      for (int k = 0; k < steps; ++k) {
        if (stop_requested(comm)) throw Stopped("stopped by a signal; a network alone starts from the beginning");
        comm.together([&] {
          air->advance(stage.duration / steps);
          contaminants->advance();
        });
        record(stage.name);
        log::progress((double(i) + double(k + 1) / steps) / double(c.stages.size()),
                      fmt::format("stage {}/{} {}", i + 1, c.stages.size(), stage.name));
      }
    }
  } catch (const Error& error) {
    status = error.exit_code == exit_stopped ? "stopped" : error.what();
    if (comm.root()) tables.write(folder);
    summary.write(comm, folder / "summary.json", status);
    throw;
  }
  comm.together([&] {
    if (comm.root()) tables.write(folder);
  });
  summary.write(comm, folder / "summary.json", status);
  if (comm.root()) {
    std::string line;
    for (const auto& n : air->headlines()) {
      if (n.name == "air_intake") line += fmt::format(", {:.1f} kg/s of air", n.value);
      if (n.name == "fan_power") line += fmt::format(", fans {:.0f} kW", 1e-3 * n.value);
      if (n.name == "heat_strata") line += fmt::format(", strata {:.0f} kW", 1e-3 * n.value);
      if (n.name == "wet_bulb_max") line += fmt::format(", wet bulb up to {:.1f} °C", n.value);
    }
    log::info("done: {} in {}{}", c.name, options.out, line);
  }
}

}  // namespace winze::run
