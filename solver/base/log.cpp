#include "base/log.hpp"

#include <fcntl.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace winze {
namespace log {
namespace {
bool prints = true, terminal = false, line_open = false;
double started = 0, last_progress = -1e9;
std::vector<std::string> warned;

void close_line() {
  if (line_open) std::fputs("\r\033[K", stdout), std::fflush(stdout);
  line_open = false;
}

/// A person reads standard output as it comes. Open MPI gives every rank a terminal of its own, wherever mpirun's own output goes: then mpirun, the
/// parent, is asked.
bool on_terminal() {
  if (!isatty(fileno(stdout))) return false;
  if (!std::getenv("OMPI_COMM_WORLD_RANK")) return true;
  const int of_parent = open(fmt::format("/proc/{}/fd/1", getppid()).c_str(), O_WRONLY | O_NOCTTY);
  if (of_parent < 0) return false;
  const bool is_terminal = isatty(of_parent);
  close(of_parent);
  return is_terminal;
}
}  // namespace

void start(bool root, int verbosity) {
  prints = root;
  terminal = root && on_terminal();
  started = last_progress = wall_time();
  warned.clear();
  auto logger = std::make_shared<spdlog::logger>("winze", std::make_shared<spdlog::sinks::stdout_sink_mt>());
  logger->set_pattern(terminal ? "%v" : "%Y-%m-%d %H:%M:%S %L %v");
  logger->set_level(!root ? spdlog::level::off : verbosity == 0 ? spdlog::level::warn : verbosity == 1 ? spdlog::level::info : spdlog::level::debug);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(logger);
}
void info_text(const std::string& text) { close_line(), spdlog::info("{}", text); }
void detail_text(const std::string& text) { close_line(), spdlog::debug("{}", text); }
void warn_text(const std::string& text) {
  warned.push_back(text);
  close_line(), spdlog::warn("{}{}", terminal ? "warning: " : "", text);
}
void error_text(const std::string& text) {
  if (!prints) return;
  close_line(), std::fprintf(stderr, "error: %s\n", text.c_str());
}
void progress(double fraction, const std::string& text) {
  if (!prints) return;
  const double now = wall_time(), elapsed = now - started;
  const std::string left = fraction > 0.01 ? fmt::format(", {:.0f} s left", elapsed * (1 - fraction) / fraction) : "";
  if (terminal) {
    if (now - last_progress < 0.1 && fraction < 1) return;
    last_progress = now;
    std::fprintf(stdout, "\r\033[K%3.0f %% %s%s", 100 * fraction, text.c_str(), left.c_str());
    std::fflush(stdout);
    line_open = true;
  } else {
    if (now - last_progress < 30 && fraction < 1) return;  // a log wants a sign of life, not a film
    last_progress = now;
    spdlog::info("{:3.0f} % {}{}", 100 * fraction, text, left);
  }
}
const std::vector<std::string>& warnings() { return warned; }

}  // namespace log

double wall_time() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

namespace {
double status_kilobytes(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind(key, 0) == 0) return std::stod(line.substr(key.size()));
  return 0;
}
}  // namespace
double resident_peak_bytes() { return 1024 * status_kilobytes("VmHWM:"); }
double resident_bytes() { return 1024 * status_kilobytes("VmRSS:"); }

Timings& Timings::global() {
  static Timings timings;
  return timings;
}

}  // namespace winze
