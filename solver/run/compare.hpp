/// The command `winze compare`: one case, several designs, one ranked table.
#pragma once
#include <string>
#include <vector>

#include "base/comm.hpp"

namespace winze::run {

struct CompareOptions {
  std::string study_path, out;        ///< out empty: out/<name of the study>
  std::vector<std::string> settings;  ///< --set key=value, of the study
  std::string command;
};

/// Collective; options are shared out among the ranks. Every option is run into <out>/<option>/ as `winze run` would with its changes as --set.
/// Writes ranking.csv, beyond.csv, sensitivity.csv (where asked), compare.json and resolved.yaml, and prints the table. Throws InputError before
/// anything runs; SolverError after everything is written where an option could not be solved.
void compare(const Comm& comm, const CompareOptions& options);

/// JSON schema of a study.
void compare_schema(const Comm& comm);

}  // namespace winze::run
