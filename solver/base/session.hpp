/// Starts MPI, Kokkos and PETSc in that order and ends them in reverse. One per process, in main.
#pragma once
namespace winze {
class Session {
 public:
  /// argv after "--" belongs to PETSc; the rest is left untouched.
  Session(int argc, char** argv);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
};
}  // namespace winze
