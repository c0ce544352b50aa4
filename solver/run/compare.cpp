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
#include "run/network.hpp"

namespace winze::run {
namespace {

namespace fs = std::filesystem;
using design::Judged;
using design::Observed;
using design::Outcome;
using design::Study;
using json = nlohmann::ordered_json;

json number(double x) { return std::isfinite(x) ? json(x) : json(nullptr); }
double number(const json& x) { return x.is_null() ? NAN : x.get<double>(); }

Study load_study(const std::string& path, const std::vector<std::string>& settings) {
  input::Value document = input::parse_yaml_file(path);
  for (const std::string& s : settings) input::set(document, s);
  input::Problems problems;
  Study study = input::read<Study>(document, problems);
  problems.raise();
  return study;
}

/// One run: an option as it is, or under a doubt.
struct Task {
  const design::Option* option = nullptr;
  std::string name, doubt;
  Case changed;
  std::vector<std::string> settings;
  // found by whoever runs it
  std::vector<Observed> seen;
  std::vector<std::pair<std::string, double>> minutes;  ///< of trips; infinite: none within the time watched
  std::string failure;
};

class Judge {
 public:
  Judge(const Study& study, const std::vector<air::RuleSet>& sets) : sets_(sets) {
    std::vector<std::string> known;
    for (const air::RuleSet& set : sets)
      for (const air::Clause& clause : set.clauses) known.push_back(set.name + "/" + clause.name);
    for (const std::string& clause : study.clauses)
      if (std::find(known.begin(), known.end(), clause) == known.end()) {
        const std::string near = input::suggest(clause, known);
        throw InputError("clauses: there is no clause '{}'{}; there are: {}", clause, near.empty() ? "" : "; did you mean '" + near + "'?",
                         fmt::join(known, ", "));
      }
    for (const std::string& clause : known)
      if (study.clauses.empty() || std::find(study.clauses.begin(), study.clauses.end(), clause) != study.clauses.end()) counted_.push_back(clause);
  }
  std::vector<Judged> operator()(const air::Air& air) const {
    std::vector<Judged> all;
    if (!air.climate() || air.network().workplaces.entries.empty()) return all;
    const air::Psychrometry route = air.climate()->route();
    for (const air::Workplace& w : air::workplaces(air))
      for (const air::RuleSet& set : sets_)
        for (const air::Finding& f : air::evaluate(set, w, route)) {
          const std::string clause = set.name + "/" + f.clause->name;
          if (f.verdict != air::Verdict::within && f.verdict != air::Verdict::beyond) continue;
          if (std::find(counted_.begin(), counted_.end(), clause) == counted_.end()) continue;
          all.push_back({w.name, clause, f.verdict == air::Verdict::beyond, f.kelvin, f.power});
        }
    return all;
  }
  bool recalled(const std::string& clause) const {
    for (const air::RuleSet& set : sets_)
      for (const air::Clause& c : set.clauses)
        if (set.name + "/" + c.name == clause) return c.confidence == air::Confidence::recalled;
    return false;
  }
  const std::vector<std::string>& counted() const { return counted_; }

 private:
  const std::vector<air::RuleSet>& sets_;
  std::vector<std::string> counted_;
};

double coolest(const std::vector<Judged>& judged) {
  double least = HUGE_VAL;
  for (const Judged& j : judged)
    if (std::isfinite(j.kelvin)) least = std::min(least, j.kelvin);
  return least;
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

/// Minutes from the state `from` of the hottest moment until a clause that held is broken.
double minutes_to_limit(const Case& c, const std::string& name, const design::Trip& trip, const air::Air& hottest, const Judge& judge) {
  std::vector<std::string> settings;
  air::Air air(hottest.network());
  air.restore(hottest.save());
  Case tripped = c;
  tripped.air = hottest.network();
  tripped.stages.clear();
  Stage stage;
  stage.name = name;
  for (const auto& change : trip.air.entries) stage.air.entries.push_back(change);
  tripped.stages.push_back(stage);
  std::vector<std::string> broken;
  for (const Judged& j : judge(hottest))
    if (j.beyond) broken.push_back(j.workplace + "\n" + j.clause);
  air.network() = network_of(tripped, 0);
  for (double t = trip.step; t <= trip.longest * (1 + 1e-12); t += trip.step) {
    air.advance(trip.step);
    for (const Judged& j : judge(air))
      if (j.beyond && std::find(broken.begin(), broken.end(), j.workplace + "\n" + j.clause) == broken.end()) return t / 60;
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

/// A column of the ranked table: in the files, and with `short` names on the terminal.
struct Measure {
  const char *name, *unit;
  double (*value)(const Outcome&);
};
constexpr double kilo = 1e-3, kilowatt_hours = 1 / 3.6e6;
constexpr Measure measures[] = {
    {"beyond", "workplace-days", [](const Outcome& o) { return o.beyond_days; }},
    {"workplaces_beyond", "1", [](const Outcome& o) { return double(o.beyond_workplaces); }},
    {"margin_least", "K", [](const Outcome& o) { return o.worst.kelvin; }},
    {"to_remove_most", "kW", [](const Outcome& o) { return kilo * o.remove_most; }},
    {"cooling_mean", "kW", [](const Outcome& o) { return kilo * o.cooling_mean; }},
    {"cooling_most", "kW", [](const Outcome& o) { return kilo * o.cooling_most; }},
    {"power_mean", "kW", [](const Outcome& o) { return kilo * o.power_mean; }},
    {"power_most", "kW", [](const Outcome& o) { return kilo * o.power_most; }},
    {"fan_energy", "kWh/yr", [](const Outcome& o) { return kilowatt_hours * o.fan_energy; }},
    {"plant_energy", "kWh/yr", [](const Outcome& o) { return kilowatt_hours * o.plant_energy; }},
    {"water", "m^3/yr", [](const Outcome& o) { return o.water; }},
    {"carbon", "t/yr", [](const Outcome& o) { return kilo * o.carbon; }},
    {"energy_cost", "/yr", [](const Outcome& o) { return o.energy_cost; }},
    {"water_cost", "/yr", [](const Outcome& o) { return o.water_cost; }},
    {"capital", "", [](const Outcome& o) { return o.capital; }},
    {"present_cost", "", [](const Outcome& o) { return o.present_cost; }},
    {"fan_stall_margin_least", "1", [](const Outcome& o) { return o.stall_margin; }},
};

std::string quoted(const std::string& text) {
  std::string q = "\"";
  for (const char c : text) q += c == '"' ? std::string("\"\"") : std::string(1, c);
  return q + "\"";
}
std::string cell(double x) { return std::isfinite(x) ? fmt::format("{:.10g}", x) : std::string(); }

class Report {
 public:
  Report(const Study& study, const std::vector<Task>& tasks, const Judge& judge, const Case& base) : study_(study), judge_(judge), base_(base) {
    for (const Task& t : tasks)
      if (t.doubt.empty())
        all_.push_back(&t);
      else
        doubts_.push_back(&t);
    for (const Task* t : all_)
      if (t->failure.empty()) solved_.push_back(t), outcomes_.push_back(design::outcome(study, *t->option, t->seen));
    order_ = design::ranking(study.weights, outcomes_);
    front_ = design::pareto(outcomes_);
  }

  std::string ranking_csv() const {
    std::string csv = "rank,option,title,score";
    for (const Measure& m : measures) csv += fmt::format(",{} [{}]", m.name, unit(m));
    csv += ",pareto,first_beyond,first_clause,first_time [yr],first_z [m]";
    for (const auto& [name, trip] : study_.trips.entries) csv += "," + quoted(name + " [min]");
    csv += "\n";
    int rank = 0;
    for (const int i : order_) {
      const Outcome& o = outcomes_[size_t(i)];
      csv += fmt::format("{},{},{},{}", ++rank, quoted(solved_[size_t(i)]->name), quoted(solved_[size_t(i)]->option->title),
                         cell(design::score(study_.weights, o)));
      for (const Measure& m : measures) csv += "," + cell(m.value(o));
      const bool any = !o.first.workplace.empty();
      csv += fmt::format(",{},{},{},{},{}", front_[size_t(i)] ? 1 : 0, quoted(o.first.workplace), quoted(o.first.clause),
                         any ? cell(o.first.time / design::year) : "", any ? cell(height(o.first.workplace)) : "");
      for (const auto& [name, minutes] : solved_[size_t(i)]->minutes) csv += "," + cell(minutes);
      csv += "\n";
    }
    return csv;
  }

  /// Days beyond, by clause and workplace of every option.
  std::string beyond_csv() const {
    std::string csv = "option,kind,name,confidence,days\n";
    for (size_t i = 0; i < solved_.size(); ++i) {
      for (const auto& [clause, days] : outcomes_[i].days_by_clause)
        csv +=
            fmt::format("{},clause,{},{},{}\n", quoted(solved_[i]->name), quoted(clause), judge_.recalled(clause) ? "recalled" : "read", cell(days));
      for (const auto& [workplace, days] : outcomes_[i].days_by_workplace)
        csv += fmt::format("{},workplace,{},,{}\n", quoted(solved_[i]->name), quoted(workplace), cell(days));
    }
    return csv;
  }

  std::string sensitivity_csv() const {
    std::string csv = "doubt,option,rank,score,solved";
    for (const Measure& m : measures) csv += fmt::format(",{} [{}]", m.name, unit(m));
    csv += "\n";
    for (const auto& [doubt, given] : study_.sensitivity.entries) {
      std::vector<const Task*> tasks;
      std::vector<Outcome> outcomes;
      for (const Task* t : doubts_)
        if (t->doubt == doubt && t->failure.empty()) tasks.push_back(t), outcomes.push_back(design::outcome(study_, *t->option, t->seen));
      int rank = 0;
      for (const int i : design::ranking(study_.weights, outcomes)) {
        csv += fmt::format("{},{},{},{},1", quoted(doubt), quoted(tasks[size_t(i)]->name), ++rank,
                           cell(design::score(study_.weights, outcomes[size_t(i)])));
        for (const Measure& m : measures) csv += "," + cell(m.value(outcomes[size_t(i)]));
        csv += "\n";
      }
      for (const Task* t : doubts_)
        if (t->doubt == doubt && !t->failure.empty())
          csv += fmt::format("{},{},,,0{}\n", quoted(doubt), quoted(t->name), std::string(std::size(measures), ','));
    }
    return csv;
  }

  json summary(const std::string& command) const {
    json all = {{"study", study_.name},        {"title", study_.title},    {"status", failures().empty() ? "done" : "incomplete"},
                {"command", command},          {"version", version},       {"case", base_.name},
                {"currency", study_.currency}, {"clauses", json::array()}, {"weights", json::object()}};
    for (const std::string& clause : judge_.counted())
      all["clauses"].push_back({{"name", clause}, {"confidence", judge_.recalled(clause) ? "recalled" : "read"}});
    all["weights"] = {{"cost", study_.weights.cost}, {"beyond", study_.weights.beyond}, {"carbon", study_.weights.carbon}};
    for (const Measure& m : measures) all["units"][m.name] = unit(m);
    all["options"] = json::array();
    int rank = 0;
    for (const int i : order_) {
      const Outcome& o = outcomes_[size_t(i)];
      const Task& t = *solved_[size_t(i)];
      json entry = {{"name", t.name},
                    {"title", t.option->title},
                    {"rank", ++rank},
                    {"score", design::score(study_.weights, o)},
                    {"pareto", bool(front_[size_t(i)])}};
      for (const Measure& m : measures) entry[m.name] = number(m.value(o));
      entry["workplaces"] = o.workplaces;
      entry["settings"] = t.settings;
      entry["worst"] = place(o.worst);
      entry["first_beyond"] = o.first.workplace.empty() ? json(nullptr) : place(o.first);
      entry["days_by_clause"] = json::object();
      for (const auto& [clause, days] : o.days_by_clause) entry["days_by_clause"][clause] = days;
      entry["days_by_workplace"] = json::object();
      for (const auto& [workplace, days] : o.days_by_workplace) entry["days_by_workplace"][workplace] = days;
      entry["minutes_to_limit"] = json::object();
      for (const auto& [name, minutes] : t.minutes) entry["minutes_to_limit"][name] = number(minutes);
      entry["history"] = json::array();
      for (const Observed& s : t.seen)
        entry["history"].push_back({{"stage", s.stage},
                                    {"time", s.time},
                                    {"cooling", s.cooling},
                                    {"fans", s.fans},
                                    {"plants", s.plants},
                                    {"strata", s.strata},
                                    {"wet_bulb_max", number(s.wet_bulb)},
                                    {"margin_least", number(coolest(s.judged))}});
      all["options"].push_back(entry);
    }
    for (const Task* t : failures()) all["failed"].push_back({{"name", t->name}, {"doubt", t->doubt}, {"why", t->failure}});
    return all;
  }

  void print() const {
    std::cout << fmt::format("{}: {} options of case {}\n", study_.name, all_.size(), base_.name);
    std::cout << fmt::format("Limits: {} clauses{}. Ranked by {} x present cost + {} x workplace-days beyond a limit{}.\n", judge_.counted().size(),
                             recalled_note(), study_.weights.cost, study_.weights.beyond,
                             study_.weights.carbon > 0 ? fmt::format(" + {} x t CO2", study_.weights.carbon) : "");
    size_t width = 6;
    for (const Task* t : all_) width = std::max(width, t->name.size());
    std::cout << fmt::format("\n   {:{}}  {:>10} {:>7} {:>8} {:>9} {:>9} {:>9} {:>9} {:>10} {:>10} {:>9} {:>12}\n", "option", width, "beyond",
                             "places", "margin", "to remove", "kW(R)", "kW(R)", "kWe", "MWh", "energy", "capital", "present cost");
    std::cout << fmt::format("   {:{}}  {:>10} {:>7} {:>8} {:>9} {:>9} {:>9} {:>9} {:>10} {:>10} {:>9} {:>12}\n", "", width, "place-days", "beyond",
                             "K", "kW, most", "mean", "most", "mean", "a year", "M " + study_.currency + "/yr", "M", "M " + study_.currency);
    int rank = 0;
    for (const int i : order_) {
      const Outcome& o = outcomes_[size_t(i)];
      std::cout << fmt::format("{:2} {:{}}  {:10.0f} {:>7} {:>8} {:9.0f} {:9.0f} {:9.0f} {:9.0f} {:10.0f} {:10.2f} {:9.2f} {:12.2f}{}\n", ++rank,
                               solved_[size_t(i)]->name, width, o.beyond_days, fmt::format("{}/{}", o.beyond_workplaces, o.workplaces),
                               std::isfinite(o.worst.kelvin) ? fmt::format("{:+.1f}", o.worst.kelvin) : "-", kilo * o.remove_most,
                               kilo * o.cooling_mean, kilo * o.cooling_most, kilo * o.power_mean, (o.fan_energy + o.plant_energy) / 3.6e9,
                               1e-6 * o.energy_cost, 1e-6 * o.capital, 1e-6 * o.present_cost, front_[size_t(i)] ? "  *" : "");
    }
    std::cout << "*  no other option needs less power and has fewer days beyond\n\n";
    for (const int i : order_) {
      const Outcome& o = outcomes_[size_t(i)];
      const Task& t = *solved_[size_t(i)];
      std::string line = fmt::format("{}: ", t.name);
      if (o.first.workplace.empty())
        line += fmt::format("nothing beyond a limit; nearest is {} ({}) with {:+.1f} K", o.worst.workplace, o.worst.clause, o.worst.kelvin);
      else
        line += fmt::format("first beyond is {} at {:.0f} m after {:.1f} years ({}); worst {} by {:.1f} K, {:.0f} kW, in {}", o.first.workplace,
                            height(o.first.workplace), o.first.time / design::year, o.first.clause, o.worst.workplace, -o.worst.kelvin,
                            -kilo * o.worst.power, o.worst.stage);
      std::cout << line << "\n";
      for (const auto& [name, minutes] : t.minutes)
        std::cout << fmt::format("  {}: {}\n", name,
                                 std::isfinite(minutes) ? fmt::format("a limit is passed within {:.0f} min", minutes)
                                                        : fmt::format("no further limit is passed in {:.0f} min", longest(name) / 60));
    }
    if (!study_.sensitivity.entries.empty()) {
      std::cout << "\nIf the mine is otherwise: place-days beyond (rank)\n   " << fmt::format("{:{}}", "", width);
      for (const auto& [doubt, given] : study_.sensitivity.entries) std::cout << fmt::format("  {:>18}", doubt.substr(0, 18));
      std::cout << "\n";
      for (const int i : order_) {
        std::cout << fmt::format("   {:{}}", solved_[size_t(i)]->name, width);
        for (const auto& [doubt, given] : study_.sensitivity.entries) std::cout << fmt::format("  {:>18}", under(doubt, solved_[size_t(i)]->name));
        std::cout << "\n";
      }
    }
    for (const Task* t : failures())
      std::cout << fmt::format("not solved: {}{}: {}\n", t->name, t->doubt.empty() ? "" : " under " + t->doubt, t->failure);
  }

  std::vector<const Task*> failures() const {
    std::vector<const Task*> failed;
    for (const auto* list : {&all_, &doubts_})
      for (const Task* t : *list)
        if (!t->failure.empty()) failed.push_back(t);
    return failed;
  }

 private:
  std::string unit(const Measure& m) const {
    const std::string u = m.unit;
    return u.empty() || u[0] == '/' ? study_.currency + u : u;
  }
  double longest(const std::string& trip) const { return study_.trips.find(trip)->longest; }
  std::string recalled_note() const {
    const auto n = std::count_if(judge_.counted().begin(), judge_.counted().end(), [&](const std::string& c) { return judge_.recalled(c); });
    return n ? fmt::format(" ({} of them recalled, not read: no statement of compliance)", n) : "";
  }
  double height(const std::string& workplace) const {
    const air::Post& post = *base_.air->workplaces.find(workplace);
    const air::Airway& a = *base_.air->airways.find(post.airway);
    return base_.air->junctions.find(post.at == air::Where::to ? a.to : a.from)->at[2];
  }
  json place(const design::Place& p) const {
    return {{"workplace", p.workplace},
            {"clause", p.clause},
            {"stage", p.stage},
            {"years", number(p.time / design::year)},
            {"kelvin", number(p.kelvin)},
            {"kW", number(kilo * p.power)},
            {"z", p.workplace.empty() ? json(nullptr) : json(height(p.workplace))}};
  }
  std::string under(const std::string& doubt, const std::string& name) const {
    std::vector<const Task*> tasks;
    std::vector<Outcome> outcomes;
    for (const Task* t : doubts_)
      if (t->doubt == doubt && t->failure.empty()) tasks.push_back(t), outcomes.push_back(design::outcome(study_, *t->option, t->seen));
    const std::vector<int> order = design::ranking(study_.weights, outcomes);
    for (size_t rank = 0; rank < order.size(); ++rank)
      if (tasks[size_t(order[rank])]->name == name) return fmt::format("{:.0f} ({})", outcomes[size_t(order[rank])].beyond_days, rank + 1);
    return "not solved";
  }

  const Study& study_;
  const Judge& judge_;
  const Case& base_;
  std::vector<const Task*> all_, doubts_, solved_;
  std::vector<Outcome> outcomes_;
  std::vector<int> order_;
  std::vector<bool> front_;
};

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
  const Report report(study, tasks, *judge, base);
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
