/// The commands beside `run`. Each prints on rank 0 and throws as the program's errors do.
#pragma once
#include <string>
#include <vector>

#include "base/comm.hpp"

namespace winze::run {

struct CheckOptions {
  std::string case_path;
  std::vector<std::string> settings;
  bool without_mesh = false;
};
/// Collective. Everything that `run` would refuse before its first solve.
void check(const Comm& comm, const CheckOptions& options);

struct MeshOptions {
  std::string path, write;
  double scale = 1;
  int refine = 0;
  bool report = false;
};
/// Collective.
void mesh(const Comm& comm, const MeshOptions& options);

void schema(const Comm& comm);
void help(const Comm& comm, const std::string& key, bool reference);
void info(const Comm& comm);

}  // namespace winze::run
