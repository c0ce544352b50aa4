/// `winze calibrate`: rockburst criteria judged and fitted on a table of cases.
#pragma once
#include <string>
#include <vector>

#include "base/comm.hpp"

namespace winze::run {

struct CalibrateOptions {
  std::string study_path, out;
  std::vector<std::string> settings;
  std::string command;  ///< the words that started the program
};
/// Collective; rank 0 does the work. Prints the scores and writes into `out` (by default out/<name of the file>): limits.yaml (limits found, their
/// intervals, the hash of the table), scores.csv, roc.csv, reliability.csv, summary.json (all of it), resolved.yaml.
void calibrate(const Comm& comm, const CalibrateOptions& options);
void calibrate_schema(const Comm& comm);

}  // namespace winze::run
