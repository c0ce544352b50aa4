#include "geometry/schedule.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#include "geometry/text_file.hpp"

namespace winze::geometry {
namespace {

constexpr double day = 86400;

/// Days since 1970 of YYYY-MM-DD; nothing where the text has another form. InputError where there is no such day.
std::optional<double> date(const TextFile& file, std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
  const auto part = [&](std::size_t at, std::size_t n) { return int(file.integer(text.substr(at, n), "a date (YYYY-MM-DD)")); };
  const std::chrono::year_month_day ymd(std::chrono::year(part(0, 4)), std::chrono::month(unsigned(part(5, 2))),
                                        std::chrono::day(unsigned(part(8, 2))));
  if (!ymd.ok()) file.wrong("there is no day '{}'", shown(text));
  return double(std::chrono::sys_days(ymd).time_since_epoch().count());
}

std::string iso(double days) {
  const std::chrono::year_month_day ymd{std::chrono::sys_days(std::chrono::days(static_cast<long long>(days)))};
  return fmt::format("{:04d}-{:02d}-{:02d}", int(ymd.year()), unsigned(ymd.month()), unsigned(ymd.day()));
}

/// Ground cannot be mined twice: tasks of one solid must not share chainages.
void check_once(const Schedule& s) {
  std::map<std::string, std::vector<const Task*>> by_solid;
  for (const Task& t : s.tasks) by_solid[t.solid].push_back(&t);
  for (auto& [solid, tasks] : by_solid) {
    const auto from = [](const Task* t) { return t->from.value_or(-std::numeric_limits<double>::infinity()); };
    std::sort(tasks.begin(), tasks.end(), [&](const Task* a, const Task* b) { return std::pair(from(a), a->line) < std::pair(from(b), b->line); });
    for (std::size_t i = 1; i < tasks.size(); ++i) {
      const Task &a = *tasks[i - 1], &b = *tasks[i];
      if (!a.from || from(&b) < *a.to - 1e-6)
        throw InputError("{}:{}: '{}' mines what the task of line {} has mined; leave one out or part them by chainage", s.path,
                         std::max(a.line, b.line), shown(solid), std::min(a.line, b.line));
    }
  }
}

}  // namespace

Schedule read_schedule_csv(const std::string& path) {
  CsvFile csv(path);
  const int solid = csv.need({"solid", "name", "drive"}), start = csv.need({"start"}), end = csv.need({"end", "finish"});
  const int from = csv.column({"from"}), to = csv.column({"to"}), fill = csv.column({"fill"}), filled = csv.column({"filled"});
  if ((from < 0) != (to < 0)) csv.file.wrong("columns from and to go together; '{}' is missing", from < 0 ? "from" : "to");
  Schedule s{path, {}, {}};
  std::optional<bool> dates;
  const auto time = [&](int column, const char* what) {
    const std::string_view text = csv.text(column);
    if (text.empty()) csv.file.wrong("{} is missing: give a date YYYY-MM-DD or a number of days", what);
    const std::optional<double> day_number = date(csv.file, text);
    if (dates && *dates != day_number.has_value()) csv.file.wrong("{} '{}': dates and numbers of days are mixed; use one of them", what, shown(text));
    dates = day_number.has_value();
    return day_number ? *day_number : csv.real(column);
  };
  while (csv.next()) {
    Task t;
    t.solid = csv.text(solid);
    t.line = csv.file.line_number();
    if (t.solid.empty()) csv.file.wrong("the name of the solid is missing");
    t.start = time(start, "start");
    t.end = time(end, "end");
    if (!(t.end >= t.start)) csv.file.wrong("the end of '{}' lies before its start", shown(t.solid));
    const bool some = !csv.text(from).empty(), both = some && !csv.text(to).empty();
    if (some != !csv.text(to).empty()) csv.file.wrong("from and to go together; give both or none");
    if (both) {
      t.from = csv.real(from), t.to = csv.real(to);
      if (!(*t.to > *t.from && *t.from >= 0)) csv.file.wrong("chainages must ascend from 0; they are {} and {}", *t.from, *t.to);
    }
    t.fill = csv.text(fill);
    t.filled = csv.text(filled).empty() ? t.end : time(filled, "filled");
    if (!csv.text(filled).empty() && t.fill.empty()) csv.file.wrong("'{}' is filled without a material; name it under fill", shown(t.solid));
    if (t.filled < t.end) csv.file.wrong("'{}' is filled before its digging ends", shown(t.solid));
    s.tasks.push_back(std::move(t));
  }
  if (s.tasks.empty()) throw InputError("{}: there is no task below the names of columns", path);
  check_once(s);
  std::stable_sort(s.tasks.begin(), s.tasks.end(), [](const Task& a, const Task& b) { return a.start < b.start; });
  const double zero = s.tasks.front().start;
  if (*dates) s.first_day = iso(zero);
  for (Task& t : s.tasks) t.start = (t.start - zero) * day, t.end = (t.end - zero) * day, t.filled = (t.filled - zero) * day;
  return s;
}

void Schedule::check(const std::map<std::string, std::optional<double>>& lengths) const {
  for (const Task& t : tasks) {
    const auto found = lengths.find(t.solid);
    if (found == lengths.end()) {
      std::string all;
      for (const auto& [name, length] : lengths)
        if (all.size() < 200) all += (all.empty() ? "" : ", ") + name;
      throw InputError("{}:{}: there is no solid '{}'; geometry has: {}", path, t.line, shown(t.solid), all);
    }
    if (!t.to) continue;
    if (!found->second) throw InputError("{}:{}: '{}' has no chainage; leave from and to empty", path, t.line, shown(t.solid));
    if (*t.to > *found->second + 1e-3)
      throw InputError("{}:{}: '{}' is {:.3f} m long; the task ends at {:.3f} m", path, t.line, shown(t.solid), *found->second, *t.to);
  }
}

}  // namespace winze::geometry
