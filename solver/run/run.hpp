/// The command `winze run`: a case from file to results.
#pragma once
#include <string>
#include <vector>

#include "base/comm.hpp"

namespace winze::run {

struct RunOptions {
  std::string case_path, out = "out";
  std::vector<std::string> settings;  ///< --set key=value
  bool resume = false;
  std::string command;  ///< the words that started the run
};

/// Collective. Writes <out>/<case>.vtkhdf (+ .xdmf), summary.json, history.csv, resolved.yaml, restart.h5 and one table per probe.
void run(const Comm& comm, const RunOptions& options);

}  // namespace winze::run
