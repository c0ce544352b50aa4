/// A case that is a ventilation network alone: stages, steps in time, tables.
#pragma once
#include <string>

#include "air/air.hpp"
#include "base/comm.hpp"
#include "run/case.hpp"
#include "run/run.hpp"

namespace winze::run {

/// The network of a case with its materials put in and the changes of stages 0 … stage made (−1: none). Throws InputError.
air::Network network_of(const Case& c, int stage);
/// Everything that can be checked without solving. Throws InputError.
void check_network(const Case& c, const std::string& folder);
/// Collective; every rank solves the same. Writes summary.json, history.csv, resolved.yaml, restart.h5 and what AirTables writes.
void run_network(const Comm& comm, const RunOptions& options, const Case& c);

}  // namespace winze::run
