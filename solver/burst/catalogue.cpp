#include "burst/catalogue.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>

#include "base/error.hpp"
#include "base/units.hpp"
#include "geometry/text_file.hpp"

namespace winze::burst {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Takes n digits off the front; −1 where there are none.
int digits(std::string_view& text, std::size_t n) {
  int value = 0;
  if (text.size() < n) return -1;
  for (std::size_t i = 0; i < n; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = 10 * value + (text[i] - '0');
  }
  text.remove_prefix(n);
  return value;
}
bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// A column whose heading must name a unit, and the factor to SI.
struct Measured {
  int column = -1;
  double factor = 1;
  Measured(const geometry::CsvFile& csv, int at, const char* name, const char* si) : column(at) {
    if (at < 0) return;
    const std::string& unit = csv.unit(at);
    if (unit.empty()) csv.file.wrong("the heading '{}' must name its unit, like '{} [{}]'", name, name, si);
    if (!convertible(unit, si)) csv.file.wrong("the unit '{}' of '{}' must be one that converts to {}", geometry::shown(unit), name, si);
    factor = convert(1, unit, si);
  }
  bool empty(const geometry::CsvFile& csv) const { return column < 0 || csv.text(column).empty(); }
  double operator()(const geometry::CsvFile& csv) const { return factor * csv.real(column, 1e30); }
};

void find_gaps(Catalogue& c, const std::optional<double>& given) {
  const double n = double(c.events.size()) - 1;
  const double least = given ? *given : c.span() / n * std::log(n / 0.01);
  for (std::size_t i = 1; i < c.events.size(); ++i)
    if (c.events[i].time - c.events[i - 1].time > least) c.gaps.push_back({c.events[i - 1].time, c.events[i].time});
}

}  // namespace

double moment_magnitude(double moment) { return (std::log10(moment) - 9.1) / 1.5; }
double seismic_moment(double magnitude) { return std::pow(10, 1.5 * magnitude + 9.1); }

std::optional<double> parse_date(std::string_view text, bool& zone) {
  using namespace std::chrono;
  zone = false;
  const int y = digits(text, 4), m = take(text, '-') ? digits(text, 2) : -1, d = take(text, '-') ? digits(text, 2) : -1;
  if (y < 0 || m < 0 || d < 0) return {};
  const year_month_day date{year{y}, month{unsigned(m)}, day{unsigned(d)}};
  if (!date.ok()) return {};
  double seconds = 86400.0 * double(sys_days{date}.time_since_epoch().count());
  if (text.empty()) return seconds;
  if (!take(text, 'T') && !take(text, ' ')) return {};
  const int hour = digits(text, 2), minute = take(text, ':') ? digits(text, 2) : -1;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return {};
  seconds += 3600.0 * hour + 60.0 * minute;
  if (take(text, ':')) {
    const int second = digits(text, 2);
    if (second < 0 || second > 60) return {};
    seconds += second;
    if (take(text, '.')) {
      double place = 0.1;
      if (text.empty() || text[0] < '0' || text[0] > '9') return {};
      for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), place /= 10) seconds += place * (text[0] - '0');
    }
  }
  if (text.empty()) return seconds;
  zone = true;
  if (text == "Z" || text == "z") return seconds;
  const double sign = text[0] == '+' ? 1 : text[0] == '-' ? -1 : 0;
  text.remove_prefix(1);
  const int hours = digits(text, 2);
  take(text, ':');
  const int minutes = text.empty() ? 0 : digits(text, 2);
  if (sign == 0 || hours < 0 || hours > 14 || minutes < 0 || minutes > 59 || !text.empty()) return {};
  return seconds - sign * (3600.0 * hours + 60.0 * minutes);
}

std::string written_time(double time, bool date) {
  if (!date) return fmt::format("{:.6f}", time / 86400);
  const double day = std::floor(time / 86400);
  const std::chrono::year_month_day ymd{std::chrono::sys_days{std::chrono::days{int(day)}}};
  const long long ms = std::llround((time - 86400 * day) * 1000);
  const long long held = std::min(ms, 86399999LL);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", int(ymd.year()), unsigned(ymd.month()), unsigned(ymd.day()), held / 3600000,
                     held / 60000 % 60, held / 1000 % 60, held % 1000);
}

double Catalogue::observed() const {
  double time = span();
  for (const Gap& g : gaps) time -= g.to - g.from;
  return time;
}

Catalogue read_catalogue(const CatalogueKeys& keys, const std::string& folder) {
  const std::filesystem::path path = std::filesystem::path(folder) / keys.table;
  geometry::CsvFile csv(path.string());
  const int time = csv.need({"time"}), magnitude = csv.column({"magnitude"}), moment_at = csv.column({"moment"});
  if (moment_at < 0 && magnitude < 0) csv.need({"moment", "magnitude"});
  const int kind = keys.leave_out.empty() ? csv.column({"class"}) : csv.need({"class"});
  const Measured x(csv, csv.need({"x"}), "x", "m"), y(csv, csv.need({"y"}), "y", "m"), z(csv, csv.need({"z"}), "z", "m");
  const Measured moment(csv, moment_at, "moment", "N m"), energy(csv, csv.column({"energy"}), "energy", "J");
  const Measured error(csv, keys.largest_error ? csv.need({"error"}) : csv.column({"error"}), "error", "m");
  if (x.factor != y.factor || x.factor != z.factor)
    csv.file.wrong("x, y and z are in {}, {} and {}: give all three in one unit", csv.unit(x.column), csv.unit(y.column), csv.unit(z.column));
  const std::string& unit = csv.unit(time);
  if (!unit.empty() && !convertible(unit, "s"))
    csv.file.wrong("the unit '{}' of 'time' must be s, h or d; dates need none, they carry their zone", geometry::shown(unit));

  Catalogue found;
  found.dates = unit.empty();
  found.binned = magnitude >= 0;
  found.hash = csv.file.hash();
  std::map<std::string, int> left_out, notes;
  while (csv.next()) {
    Event e;
    e.line = csv.file.line_number();
    const auto lacks = [&](bool what, const char* why) { return what && ++left_out[why]; };
    if (lacks(csv.text(time).empty(), "without a time")) continue;
    if (lacks(x.empty(csv) || y.empty(csv) || z.empty(csv), "without a location")) continue;
    if (lacks(moment.empty(csv) && csv.text(magnitude).empty(), "without moment or magnitude")) continue;
    e.kind = csv.text(kind);
    if (std::find(keys.leave_out.begin(), keys.leave_out.end(), e.kind) != keys.leave_out.end()) {
      ++left_out[fmt::format("of class {}", e.kind)];
      continue;
    }
    bool zone = false;
    const std::optional<double> date = parse_date(csv.text(time), zone);
    if (found.dates) {
      if (!date)
        csv.file.wrong("time '{}' must be a date like 2026-03-01T06:30:00+08:00; for numbers write 'time [s]' or 'time [d]' in the heading",
                       geometry::shown(csv.text(time)));
      if (!zone) csv.file.wrong("time '{}' has no zone: append Z for UTC, or an offset like +08:00", geometry::shown(csv.text(time)));
      e.time = *date;
    } else {
      if (date) csv.file.wrong("time '{}' is a date, but the heading says numbers of {}", geometry::shown(csv.text(time)), unit);
      e.time = convert(csv.real(time), unit, "s");
    }
    e.at = {x(csv), y(csv), z(csv)};
    const bool has_moment = !moment.empty(csv), has_magnitude = !csv.text(magnitude).empty();
    e.magnitude = has_magnitude ? csv.real(magnitude, 12) : 0;
    e.moment = has_moment ? moment(csv) : seismic_moment(e.magnitude);
    if (!(e.moment > 0)) csv.file.wrong("moment must be above 0; it is {}: leave the cell empty where it is unknown", e.moment);
    const double of_moment = moment_magnitude(e.moment);
    if (has_moment && has_magnitude && std::abs(of_moment - e.magnitude) > keys.magnitude_tolerance)
      csv.file.wrong(
          "magnitude {} and moment {:.3g} N m (magnitude {:.2f}) contradict each other: mixed units, or another scale than moment magnitude?",
          e.magnitude, e.moment, of_moment);
    if (!has_magnitude) {
      e.magnitude = of_moment;
      if (magnitude >= 0) ++notes["with a magnitude from the moment"];
    }
    e.energy = energy.empty(csv) ? nan : energy(csv);
    if (!(e.energy > 0)) e.energy = nan, ++notes["without energy"];
    e.error = error.empty(csv) ? nan : error(csv);
    if (e.error < 0) csv.file.wrong("error must not be below 0; it is {}", e.error);
    if (lacks(keys.largest_error && !(e.error <= *keys.largest_error), "located worse than largest_error, or without error")) continue;
    if (kind >= 0 && e.kind.empty()) ++notes["without class"];
    found.events.push_back(std::move(e));
  }
  const auto earlier = [](const Event& a, const Event& b) { return a.time < b.time; };
  int backwards = 0;
  for (std::size_t i = 1; i < found.events.size(); ++i) backwards += found.events[i].time < found.events[i - 1].time;
  if (backwards) notes["earlier than the row before them, sorted here"] = backwards;
  std::stable_sort(found.events.begin(), found.events.end(), earlier);
  std::vector<Event> kept;
  for (Event& e : found.events) {
    bool twin = false;
    for (auto k = kept.rbegin(); k != kept.rend() && e.time - k->time <= keys.duplicate_time && !twin; ++k)
      twin = std::hypot(e.at[0] - k->at[0], e.at[1] - k->at[1], e.at[2] - k->at[2]) <= keys.duplicate_distance;
    if (twin)
      ++left_out["that repeat another event"];
    else
      kept.push_back(std::move(e));
  }
  found.events = std::move(kept);
  for (const auto& [why, rows] : left_out) found.left_out.push_back({why, rows});
  for (const auto& [why, rows] : notes) found.notes.push_back({why, rows});
  if (found.events.size() < 10) throw InputError("{}: {} events are left; at least 10 are needed", path.string(), found.events.size());
  if (!(found.span() > 0)) throw InputError("{}: all events have one time: nothing can be said of rates", path.string());
  find_gaps(found, keys.gap);
  return found;
}

}  // namespace winze::burst
