/// Moving windows over a catalogue, warnings where the energy index falls while apparent volume is released faster, and what those warnings are
/// worth. Not collective. Source of the pattern: van Aswegen and Butler 1993; Mendecki 1997; limits are choices of the study, none is published.
#pragma once
#include "burst/monitoring.hpp"

namespace winze::burst {

struct WarningKeys {
  int window = 50, step = 5;
  double drop = 0.2, rise = 1.5;
  double target = 0, within = 0;
  int shifts = 1000, seed = 1;
  static auto keys() {
    return input::keys(
        input::key("window", &WarningKeys::window, "1", "events with energy in a moving window; its earlier half is compared with its later half")
            .between(10, 100000),
        input::key("step", &WarningKeys::step, "1", "events from one window to the next").between(1, 100000),
        input::key("drop", &WarningKeys::drop, "1", "a warning needs the mean log10 of the energy index to fall by at least this").at_least(0),
        input::key("rise", &WarningKeys::rise, "1", "a warning needs the rate of apparent volume to grow by at least this factor").at_least(1),
        input::key("target", &WarningKeys::target, "1", "magnitude from which an event should have been warned of").require(),
        input::key("within", &WarningKeys::within, "s", "how long a warning holds").above(0).require(),
        input::key("shifts", &WarningKeys::shifts, "1", "of the targets in time, at random, for what chance would reach").between(100, 1000000),
        input::key("seed", &WarningKeys::seed, "1", "of the shifts").between(0, 1000000000));
  }
};

struct Window {
  double from, to;                ///< times of its first and last event, s
  double log_index, index_error;  ///< mean log10 of the energy index, standard error
  double index_change;            ///< later half less earlier half
  double volume;                  ///< cumulative apparent volume at its end, since the start of the catalogue, m³
  double volume_ratio;            ///< rate of apparent volume of the later half over that of the earlier
  bool in_gap, warns;             ///< a window with a gap in it never warns
  int first, last;                ///< events of `Catalogue::events`
};
/// Windows of events that have an energy; what a window says uses no event after its end, but for the line itself, fitted to the whole catalogue.
/// InputError where there are fewer events than one window needs.
std::vector<Window> moving_windows(const Catalogue& catalogue, const EnergyLine& line, double shear_modulus, const WarningKeys& keys);

/// Warnings that overlap in time are one alarm, from the end of the first window until `within` after the last.
struct Verdict {
  int warnings, alarms, targets;
  int hits;                       ///< targets inside an alarm
  int false_alarms;               ///< alarms without a target; an alarm cut off by the end of the catalogue and without one is not counted
  int judged;                     ///< alarms that are counted
  Interval hit_rate, false_rate;  ///< hits / targets and false alarms / judged, with Wilson's interval (1927); NaN of none
  double alarm_share;             ///< of the time from the first window's end to the last event that is in alarm
  double chance_hit_rate, chance_false_rate;  ///< mean over the shifts
  double p_value;                             ///< share of shifts with at least as many hits: (1 + n) / (1 + shifts); NaN without alarms or targets
};
/// By chance: all targets moved by one random time around the judged span: this keeps how targets and alarms bunch, and parts them from each other.
Verdict judge(const Catalogue& catalogue, const std::vector<Window>& windows, const WarningKeys& keys, double confidence);
/// Wilson 1927; NaN for n = 0.
Interval wilson(int k, int n, double confidence);

}  // namespace winze::burst
