/// What this build stands on, for `winze info`.
#pragma once
#include <string>
namespace winze::linear {
/// PETSc, MPI and the external solvers PETSc was built with, one per line.
std::string library_versions();
}  // namespace winze::linear
