#include <algorithm>
#include <iostream>

#include "base/error.hpp"
#include "base/version.hpp"
#include "run/comparison.hpp"

namespace winze::run {

using design::Judged;
using design::Observed;
using design::Outcome;
using design::Study;
using json = nlohmann::ordered_json;

namespace {

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

}  // namespace

double coolest(const std::vector<Judged>& judged) {
  double least = HUGE_VAL;
  for (const Judged& j : judged)
    if (std::isfinite(j.kelvin)) least = std::min(least, j.kelvin);
  return least;
}
Comparison::Comparison(const Study& study, const std::vector<Task>& tasks, const Judge& judge, const Case& base)
    : study_(study), judge_(judge), base_(base) {
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

std::string Comparison::ranking_csv() const {
  std::string csv = "rank,option,title,score";
  for (const Measure& m : measures) csv += fmt::format(",{} [{}]", m.name, unit(m.unit));
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

std::string Comparison::beyond_csv() const {
  std::string csv = "option,kind,name,confidence,days\n";
  for (size_t i = 0; i < solved_.size(); ++i) {
    for (const auto& [clause, days] : outcomes_[i].days_by_clause)
      csv += fmt::format("{},clause,{},{},{}\n", quoted(solved_[i]->name), quoted(clause), judge_.recalled(clause) ? "recalled" : "read", cell(days));
    for (const auto& [workplace, days] : outcomes_[i].days_by_workplace)
      csv += fmt::format("{},workplace,{},,{}\n", quoted(solved_[i]->name), quoted(workplace), cell(days));
  }
  return csv;
}

std::string Comparison::sensitivity_csv() const {
  std::string csv = "doubt,option,rank,score,solved";
  for (const Measure& m : measures) csv += fmt::format(",{} [{}]", m.name, unit(m.unit));
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

json Comparison::summary(const std::string& command) const {
  json all = {{"study", study_.name},        {"title", study_.title},    {"status", failures().empty() ? "done" : "incomplete"},
              {"command", command},          {"version", version},       {"case", base_.name},
              {"currency", study_.currency}, {"clauses", json::array()}, {"weights", json::object()}};
  for (const std::string& clause : judge_.counted())
    all["clauses"].push_back({{"name", clause}, {"confidence", judge_.recalled(clause) ? "recalled" : "read"}});
  all["weights"] = {{"cost", study_.weights.cost}, {"beyond", study_.weights.beyond}, {"carbon", study_.weights.carbon}};
  for (const Measure& m : measures) all["units"][m.name] = unit(m.unit);
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

void Comparison::print() const {
  std::cout << fmt::format("{}: {} options of case {}\n", study_.name, all_.size(), base_.name);
  std::cout << fmt::format("Limits: {} clause{}{}. Ranked by {} x present cost + {} x workplace-days beyond a limit{}.\n", judge_.counted().size(),
                           judge_.counted().size() == 1 ? "" : "s", recalled_note(), study_.weights.cost, study_.weights.beyond,
                           study_.weights.carbon > 0 ? fmt::format(" + {} x t CO2", study_.weights.carbon) : "");
  size_t width = 6;
  for (const Task* t : all_) width = std::max(width, t->name.size());
  std::cout << fmt::format("\n   {:{}}  {:>10} {:>7} {:>8} {:>9} {:>9} {:>9} {:>9} {:>10} {:>10} {:>9} {:>12}\n", "option", width, "beyond", "places",
                           "margin", "to remove", "kW(R)", "kW(R)", "kWe", "MWh", "energy", "capital", "present cost");
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

std::vector<const Task*> Comparison::failures() const {
  std::vector<const Task*> failed;
  for (const auto* list : {&all_, &doubts_})
    for (const Task* t : *list)
      if (!t->failure.empty()) failed.push_back(t);
  return failed;
}

std::string Comparison::unit(const std::string& u) const { return u.empty() || u[0] == '/' ? study_.currency + u : u; }

double Comparison::longest(const std::string& trip) const { return study_.trips.find(trip)->longest; }

std::string Comparison::recalled_note() const {
  const auto n = std::count_if(judge_.counted().begin(), judge_.counted().end(), [&](const std::string& c) { return judge_.recalled(c); });
  return n ? fmt::format(" ({} of them recalled, not read: no statement of compliance)", n) : "";
}

double Comparison::height(const std::string& workplace) const {
  const air::Post& post = *base_.air->workplaces.find(workplace);
  const air::Airway& a = *base_.air->airways.find(post.airway);
  return base_.air->junctions.find(post.at == air::Where::to ? a.to : a.from)->at[2];
}

json Comparison::place(const design::Place& p) const {
  return {{"workplace", p.workplace},
          {"clause", p.clause},
          {"stage", p.stage},
          {"years", number(p.time / design::year)},
          {"kelvin", number(p.kelvin)},
          {"kW", number(kilo * p.power)},
          {"z", p.workplace.empty() ? json(nullptr) : json(height(p.workplace))}};
}

std::string Comparison::under(const std::string& doubt, const std::string& name) const {
  std::vector<const Task*> tasks;
  std::vector<Outcome> outcomes;
  for (const Task* t : doubts_)
    if (t->doubt == doubt && t->failure.empty()) tasks.push_back(t), outcomes.push_back(design::outcome(study_, *t->option, t->seen));
  const std::vector<int> order = design::ranking(study_.weights, outcomes);
  for (size_t rank = 0; rank < order.size(); ++rank)
    if (tasks[size_t(order[rank])]->name == name) return fmt::format("{:.0f} ({})", outcomes[size_t(order[rank])].beyond_days, rank + 1);
  return "not solved";
}

}  // namespace winze::run
