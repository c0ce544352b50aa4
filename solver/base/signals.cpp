#include "base/signals.hpp"

#include <csignal>

namespace winze {
namespace {
volatile std::sig_atomic_t asked = 0;
extern "C" void remember(int) { asked = 1; }
}  // namespace

void watch_signals() {
  for (int signal : {SIGTERM, SIGINT, SIGUSR1}) std::signal(signal, remember);
}

bool stop_requested(const Comm& comm) { return comm.any(asked != 0); }

}  // namespace winze
