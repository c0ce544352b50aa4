/// SIGTERM, SIGINT and SIGUSR1 ask for an orderly end. The handler only sets a flag; the run looks at it between steps.
#pragma once
#include "base/comm.hpp"

namespace winze {

void watch_signals();
/// Collective: true on every rank as soon as any rank was asked to stop.
bool stop_requested(const Comm& comm);

}  // namespace winze
