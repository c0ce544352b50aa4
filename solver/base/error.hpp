/// The three kinds of failure a user can meet, each with its exit code. Messages say what is wrong and what would be right, in one line.
#pragma once
#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace winze {

enum ExitCode : int { exit_done = 0, exit_input = 2, exit_not_converged = 3, exit_environment = 4, exit_stopped = 130 };

/// Any failure that ends in a message and an exit code.
struct Error : std::runtime_error {
  Error(int code, const std::string& message) : std::runtime_error(message), exit_code(code) {}
  int exit_code;
};
/// The case, a mesh or a table is wrong: says file:line, key, value, and what would be right.
struct InputError : Error {
  template <class... A>
  explicit InputError(fmt::format_string<A...> text, A&&... a) : Error(exit_input, fmt::format(text, std::forward<A>(a)...)) {}
};
/// A solve did not converge or left the physical range: says stage, step, norms, and what to try.
struct SolverError : Error {
  template <class... A>
  explicit SolverError(fmt::format_string<A...> text, A&&... a) : Error(exit_not_converged, fmt::format(text, std::forward<A>(a)...)) {}
};
/// Disk, memory, permission, missing or damaged file, missing program.
struct EnvironmentError : Error {
  template <class... A>
  explicit EnvironmentError(fmt::format_string<A...> text, A&&... a) : Error(exit_environment, fmt::format(text, std::forward<A>(a)...)) {}
};
/// A signal asked for an orderly end; a restart has been written.
struct Stopped : Error {
  explicit Stopped(const std::string& message) : Error(exit_stopped, message) {}
};

}  // namespace winze
