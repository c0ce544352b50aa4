#include "run/compare.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "air/workplaces.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/version.hpp"
#include "design/outcome.hpp"
#include "output/disk.hpp"
#include "run/air_tables.hpp"
#include "run/comparison.hpp"
#include "run/network.hpp"

namespace winze::run {
namespace {

namespace fs = std::filesystem;
using design::Judged;
using design::Observed;
using design::Outcome;
using design::Study;
using json = nlohmann::ordered_json;

Study load_study(const std::string& path, const std::vector<std::string>& settings) {
  input::Value document = input::parse_yaml_file(path);
  for (const std::string& s : settings) input::set(document, s);
  input::Problems problems;
  Study study = input::read<Study>(document, problems);
  problems.raise();
  return study;
}

Observed observed(const output::Step& at, double duration, const air::Air& air, const Judge& judge) {
  Observed o;
  o.stage = at.stage;
  o.time = at.time;
  o.duration = duration;
  for (const air::Air::Headline& h : air.headlines()) {
    if (h.name == "fan_power") o.fans = h.value;
    if (h.name == "plant_power") o.plants = h.value;
    if (h.name == "heat_strata") o.strata = h.value;
    if (h.name == "wet_bulb_max") o.wet_bulb = h.value;
    if (h.name == "fan_stall_margin_min") o.stall_margin = h.value;
  }
  for (const air::PlantState& p : air.plants()) o.make_up += p.make_up;
  if (air.climate())
    for (const air::BranchClimate& b : air.climate()->branches()) o.cooling += std::max(0.0, b.cooling);
  o.judged = judge(air);
  return o;
}

/// Minutes from the hottest moment until a clause is broken that holds at that time where nothing trips.
double minutes_to_limit(const Case& c, const std::string& name, const design::Trip& trip, const air::Air& hottest, const Judge& judge) {
  Case tripped = c;
  tripped.air = hottest.network();
  tripped.stages.clear();
  Stage stage;
  stage.name = name;
  for (const auto& change : trip.air.entries) stage.air.entries.push_back(change);
  tripped.stages.push_back(stage);
  air::Air with(hottest.network()), without(hottest.network());
  with.restore(hottest.save());
  without.restore(hottest.save());
  with.change(network_of(tripped, 0));
  for (double t = trip.step; t <= trip.longest * (1 + 1e-12); t += trip.step) {
    with.advance(trip.step);
    without.advance(trip.step);
    const std::vector<Judged> now = judge(with), else_now = judge(without);
    for (size_t i = 0; i < now.size(); ++i)
      if (now[i].beyond && !else_now[i].beyond) return t / 60;
  }
  return HUGE_VAL;
}

void solve(Task& task, const Study& study, const Judge& judge, const std::string& base, const fs::path& out, const std::string& command) {
  RunOptions options;
  options.case_path = base;
  options.out = (task.doubt.empty() ? out / task.name : out / "sensitivity" / task.doubt / task.name).string();
  options.command = command;
  std::unique_ptr<air::Air> hottest;
  double margin = HUGE_VAL;
  try {
    run_network(Comm::self(), options, task.changed, [&](const output::Step& at, double duration, const air::Air& air) {
      task.seen.push_back(observed(at, duration, air, judge));
      const double now = coolest(task.seen.back().judged);
      if (!task.doubt.empty() || study.trips.entries.empty() || (hottest && now >= margin)) return;
      margin = now;
      hottest = std::make_unique<air::Air>(air.network());
      hottest->restore(air.save());
      hottest->solve_again();
    });
    for (const auto& [name, trip] : study.trips.entries)
      if (hottest) task.minutes.emplace_back(name, minutes_to_limit(task.changed, name, trip, *hottest, judge));
  } catch (const SolverError& error) {
    task.failure = error.what();
  }
}

/// What a rank found, for the others.
std::string packed(const Task& task) {
  json all = {{"failure", task.failure}, {"seen", json::array()}, {"minutes", json::array()}};
  for (const Observed& o : task.seen) {
    json entry = {
        {"stage", o.stage},       {"time", o.time},     {"duration", o.duration},         {"fans", o.fans},       {"plants", o.plants},
        {"cooling", o.cooling},   {"strata", o.strata}, {"wet_bulb", number(o.wet_bulb)}, {"make_up", o.make_up}, {"stall", number(o.stall_margin)},
        {"judged", json::array()}};
    for (const Judged& j : o.judged) entry["judged"].push_back({j.workplace, j.clause, j.beyond, number(j.kelvin), number(j.power)});
    all["seen"].push_back(entry);
  }
  for (const auto& [name, minutes] : task.minutes) all["minutes"].push_back({name, number(minutes)});
  return all.dump();
}
void unpack(Task& task, const std::string& text) {
  const json all = json::parse(text);
  task.failure = all["failure"];
  task.seen.clear();
  task.minutes.clear();
  for (const json& e : all["seen"]) {
    Observed o{e["stage"],         e["time"], e["duration"], e["fans"], e["plants"], e["cooling"], e["strata"], number(e["wet_bulb"]), e["make_up"],
               number(e["stall"]), {}};
    for (const json& j : e["judged"]) o.judged.push_back({j[0], j[1], j[2], number(j[3]), number(j[4])});
    task.seen.push_back(std::move(o));
  }
  for (const json& m : all["minutes"]) task.minutes.emplace_back(m[0], m[1].is_null() ? HUGE_VAL : m[1].get<double>());
}

/// Everything to run, with all that is wrong found before anything runs.
std::vector<Task> tasks_of(const Study& study, const Case& base, const std::string& base_path) {
  std::vector<Task> tasks;
  const std::string folder = fs::path(base_path).parent_path().string();
  for (const auto& [name, option] : study.options.entries) {
    Task task;
    task.option = &option;
    task.name = name;
    for (const auto& [path, value] : option.set.entries) task.settings.push_back(path + "=" + value);
    for (const auto& [path, value] : option.air.entries) task.settings.push_back(setting_of(base, path, value));
    try {
      task.changed = load(base_path, task.settings);
      check_network(task.changed, folder);
      for (const auto& [trip, given] : study.trips.entries) {
        Case tripped = task.changed;
        Stage stage;
        stage.name = trip;
        for (const auto& change : given.air.entries) stage.air.entries.push_back(change);
        tripped.stages.push_back(stage);
        network_of(tripped, int(tripped.stages.size()) - 1);
      }
    } catch (const InputError& error) {
      throw InputError("options.{}: {}", name, error.what());
    }
    tasks.push_back(std::move(task));
  }
  const size_t n = tasks.size();
  for (const auto& [doubt, given] : study.sensitivity.entries)
    for (size_t i = 0; i < n; ++i) {
      std::vector<Rescale> list;
      for (const auto& [path, factor] : given.scale.entries) list.push_back({path, factor, 0});
      for (const auto& [path, added] : given.shift.entries) list.push_back({path, 1, added});
      Task task;
      task.option = tasks[i].option;
      task.name = tasks[i].name;
      task.doubt = doubt;
      try {
        task.changed = rescaled(tasks[i].changed, list);
        task.changed.output.fields = false;
        check_network(task.changed, folder);
      } catch (const InputError& error) {
        throw InputError("sensitivity.{} on option '{}': {}", doubt, task.name, error.what());
      }
      tasks.push_back(std::move(task));
    }
  return tasks;
}

}  // namespace

void compare(const Comm& comm, const CompareOptions& options) {
  Study study;
  Case base;
  std::string base_path;
  std::vector<air::RuleSet> sets;
  std::unique_ptr<Judge> judge;
  std::vector<Task> tasks;
  comm.together([&] {
    study = load_study(options.study_path, options.settings);
    base_path = (fs::path(options.study_path).parent_path() / study.base).string();
    base = load(base_path, {});
    if (!base.air || base.mesh) throw InputError("{}: designs are compared on a network that stands alone: a case with air and no mesh", base_path);
    if (base.air->workplaces.entries.empty()) throw InputError("{}: workplaces are missing: nothing there could be judged", base_path);
    sets = read_rules(base, fs::path(base_path).parent_path().string());
    judge = std::make_unique<Judge>(study, sets);
    if (judge->counted().empty()) throw InputError("{}: rules are missing: there is no limit to judge by", base_path);
    tasks = tasks_of(study, base, base_path);
  });
  const fs::path out = options.out.empty() ? fs::path("out") / study.name : fs::path(options.out);
  comm.together([&] {
    if (comm.root()) output::make_folder(out);
  });
  log::info("{}: {} runs on {} rank{}", study.name, tasks.size(), comm.size(), comm.size() == 1 ? "" : "s");
  comm.together([&] {
    for (size_t i = size_t(comm.rank()); i < tasks.size(); i += size_t(comm.size())) {
      solve(tasks[i], study, *judge, base_path, out, options.command);
      log::progress(double(i + 1) / double(tasks.size()), tasks[i].doubt.empty() ? tasks[i].name : tasks[i].name + " under " + tasks[i].doubt);
    }
  });
  for (size_t i = 0; i < tasks.size(); ++i) {
    const int owner = int(i % size_t(comm.size()));
    unpack(tasks[i], comm.broadcast(comm.rank() == owner ? packed(tasks[i]) : "", owner));
  }
  const Comparison report(study, tasks, *judge, base);
  comm.together([&] {
    if (!comm.root()) return;
    output::replace_text(out / "resolved.yaml", input::write(study));
    output::replace_text(out / "ranking.csv", report.ranking_csv());
    output::replace_text(out / "beyond.csv", report.beyond_csv());
    if (!study.sensitivity.entries.empty()) output::replace_text(out / "sensitivity.csv", report.sensitivity_csv());
    output::replace_text(out / "compare.json", report.summary(options.command).dump(2) + "\n");
    report.print();
  });
  const size_t failed = report.failures().size();
  if (failed) throw SolverError("{} of {} runs could not be solved; the others are in {}", failed, tasks.size(), out.string());
  log::info("done: ranking.csv, beyond.csv{} and compare.json in {}, a folder per option beside them",
            study.sensitivity.entries.empty() ? "" : ", sensitivity.csv", out.string());
}

void compare_schema(const Comm& comm) {
  if (comm.root()) std::cout << input::json_schema(input::type_info<Study>(), "winze design study") << "\n";
}

}  // namespace winze::run
