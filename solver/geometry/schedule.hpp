/// The mining schedule: what is dug when, and what it is filled with.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace winze::geometry {

struct Task {
  std::string solid;
  std::optional<double> from, to;  ///< chainages along a drive, m; without: all of it
  double start = 0, end = 0;       ///< of digging, s after the first start of the file
  std::string fill;                ///< material placed at `filled`; empty: stays open
  double filled = 0;               ///< s; at least `end`
  int line = 0;                    ///< of the file
};

struct Schedule {
  std::string path;
  std::string first_day;    ///< ISO date of time 0; empty where the file counts days
  std::vector<Task> tasks;  ///< by start, then as in the file

  /// `lengths`: name of each solid that may be mined → length along its path, m, or nothing where it has no chainage. InputError, one line with
  /// file:line: an unknown solid (with the nearest names), chainages past the end, or on what has none.
  void check(const std::map<std::string, std::optional<double>>& lengths) const;
};

/// Columns solid (or name, drive), start, end; optional from, to, fill, filled. Times are dates YYYY-MM-DD or days as numbers, not both.
/// InputError, one line with file:line: dates that do not exist, an end before its start, ground that is mined twice, a fill before the end of
/// digging.
Schedule read_schedule_csv(const std::string& path);

}  // namespace winze::geometry
