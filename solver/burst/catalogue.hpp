/// A catalogue of seismic events: one row per event of a CSV file, in time order, with what was left out and why.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/tensor.hpp"
#include "input/key.hpp"

namespace winze::burst {

struct Event {
  double time = 0;       ///< s; since 1970-01-01 UTC for dates, since the zero of the file for numbers
  Vector3 at{};          ///< m
  double moment = 0;     ///< N m, above 0
  double magnitude = 0;  ///< moment magnitude
  double energy = 0;     ///< radiated, J; NaN where the catalogue has none
  double error = 0;      ///< of the location, m; NaN where the catalogue has none
  std::string kind;      ///< class, empty where the catalogue has none
  int line = 0;          ///< of the file
};

/// M = 2/3 (log10 M0 − 9.1), M0 in N m (Hanks and Kanamori 1979, in the rounding of the IASPEI standard of 2005), and back.
double moment_magnitude(double moment);
double seismic_moment(double magnitude);

struct CatalogueKeys {
  std::string table;
  std::vector<std::string> leave_out;
  double duplicate_time = 0.01, duplicate_distance = 1, magnitude_tolerance = 0.3;
  std::optional<double> largest_error, gap;
  static auto keys() {
    return input::keys(
        input::key(
            "table", &CatalogueKeys::table,
            "CSV file with one row per event, relative to this file. Columns: time (ISO-8601 with its zone, or a number with [s] or [d] in the "
            "heading), x, y, z [m], moment [N m] or magnitude (moment magnitude) or both, and where there are energy [J], class, error [m] of "
            "the location; other units in the headings are converted")
            .require(),
        input::key("leave_out", &CatalogueKeys::leave_out, "classes that do not count: blasts"),
        input::key("duplicate_time", &CatalogueKeys::duplicate_time, "s",
                   "events no further apart than this, and no further than duplicate_distance, are one")
            .at_least(0),
        input::key("duplicate_distance", &CatalogueKeys::duplicate_distance, "m", "see duplicate_time").at_least(0),
        input::key("magnitude_tolerance", &CatalogueKeys::magnitude_tolerance, "1",
                   "largest difference between a magnitude of the table and that of its moment; more is taken for mixed units or another scale")
            .above(0),
        input::key("largest_error", &CatalogueKeys::largest_error, "m", "events located worse are left out; default: none are").above(0),
        input::key("gap", &CatalogueKeys::gap, "s",
                   "longer without an event is a gap of the record; default: what an even rate would show once in 100 catalogues")
            .above(0));
  }
};

struct Catalogue {
  std::vector<Event> events;  ///< time ascending
  bool dates = false;         ///< times are dates
  bool binned = false;        ///< magnitudes come from the table, not from moments
  struct Count {
    std::string why;
    int rows;
  };
  std::vector<Count> left_out, notes;  ///< rows that do not count; rows that do, but lack something
  struct Gap {
    double from, to;
  };
  std::vector<Gap> gaps;
  std::string hash;

  double span() const { return events.back().time - events.front().time; }
  double observed() const;  ///< span without gaps, s
};

/// Not collective. `folder`: what the path of the table is relative to. InputError with file:line for a column or unit that is missing, coordinates
/// in different units, a date without zone, dates mixed with numbers, a moment or location error that is not positive, moment and magnitude that
/// contradict each other, fewer than 10 events left, all at one time; EnvironmentError where the file cannot be read.
Catalogue read_catalogue(const CatalogueKeys& keys, const std::string& folder);

/// Seconds since 1970-01-01T00:00Z of "2026-03-01T06:30:00.5+08:00"; nothing where the text is no such date. `zone`: whether it has one.
std::optional<double> parse_date(std::string_view text, bool& zone);
/// "2026-03-01T06:30:00Z", or a number of days.
std::string written_time(double time, bool date);

}  // namespace winze::burst
