/// A case that is a ventilation network alone: stages, steps in time, tables.
#pragma once
#include <functional>
#include <string>

#include "air/air.hpp"
#include "base/comm.hpp"
#include "output/step.hpp"
#include "run/case.hpp"
#include "run/run.hpp"

namespace winze::run {

/// The network of a case with its materials put in and the changes of stages 0 … stage made (−1: none). Throws InputError.
air::Network network_of(const Case& c, int stage);
/// Everything that can be checked without solving. Throws InputError.
void check_network(const Case& c, const std::string& folder);
/// What `--set` would have to say to change the network at its beginning as {airway.key: value} or {airway.device.key: value} do. Throws InputError.
std::string setting_of(const Case& c, const std::string& path, const std::string& value);
/// Sees every record of a run: the state at its end has held for `duration` s.
using Observer = std::function<void(const output::Step& at, double duration, const air::Air& air)>;
/// Collective; every rank solves the same. Writes summary.json, history.csv, resolved.yaml, restart.h5 and what AirTables writes.
void run_network(const Comm& comm, const RunOptions& options, const Case& c);
/// The same without a word to people.
void run_network(const Comm& comm, const RunOptions& options, const Case& c, const Observer& observer);

}  // namespace winze::run
