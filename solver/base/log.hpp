/// What a run says while it works, and what it cost. Only rank 0 prints. On a terminal, progress() rewrites one line; in a file every line carries
/// its time.
#pragma once
#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

namespace winze::log {

/// Once, after MPI has started. verbosity: 0 errors and warnings, 1 the usual, 2 everything.
void start(bool root, int verbosity);
void info_text(const std::string& text);
void detail_text(const std::string& text);
void warn_text(const std::string& text);
void error_text(const std::string& text);
/// A line that the next progress line may replace on a terminal. fraction in [0, 1] of the whole run; the time left is estimated from it.
void progress(double fraction, const std::string& text);

template <class... A>
void info(fmt::format_string<A...> f, A&&... a) {
  info_text(fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void detail(fmt::format_string<A...> f, A&&... a) {
  detail_text(fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void warn(fmt::format_string<A...> f, A&&... a) {
  warn_text(fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void error(fmt::format_string<A...> f, A&&... a) {
  error_text(fmt::format(f, std::forward<A>(a)...));
}
/// Every warning of this run so far, for summary.json.
const std::vector<std::string>& warnings();

}  // namespace winze::log

namespace winze {

double wall_time();            ///< s, monotonic
double resident_peak_bytes();  ///< high-water mark of this process
double resident_bytes();

/// Seconds per named phase on this rank, summed over the run. Phases do not nest.
class Timings {
 public:
  static Timings& global();
  void add(const std::string& phase, double seconds) { seconds_[phase] += seconds; }
  const std::map<std::string, double>& seconds() const { return seconds_; }

 private:
  std::map<std::string, double> seconds_;
};
class PhaseTimer {
 public:
  explicit PhaseTimer(std::string phase) : phase_(std::move(phase)), start_(wall_time()) {}
  ~PhaseTimer() { Timings::global().add(phase_, wall_time() - start_); }
  PhaseTimer(const PhaseTimer&) = delete;

 private:
  std::string phase_;
  double start_;
};

}  // namespace winze
