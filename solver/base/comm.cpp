#include "base/comm.hpp"

#include <optional>

#include "base/error.hpp"

namespace winze {

Comm::Comm(MPI_Comm handle) : handle_(handle) {
  MPI_Comm_rank(handle, &rank_);
  MPI_Comm_size(handle, &size_);
}

std::string Comm::broadcast(std::string text, int root) const {
  std::int64_t length = std::int64_t(text.size());
  MPI_Bcast(&length, 1, MPI_INT64_T, root, handle_);
  text.resize(size_t(length));
  MPI_Bcast(text.data(), int(length), MPI_CHAR, root, handle_);
  return text;
}

void Comm::together(const std::function<void()>& body) const {
  std::optional<Error> failure;
  try {
    body();
  } catch (const Error& error) {
    failure = error;
  }
  const int first = min<int>(failure ? rank_ : size_);
  if (first == size_) return;
  const std::string message = broadcast(failure ? failure->what() : "", first);
  int code = failure ? failure->exit_code : 0;
  MPI_Bcast(&code, 1, MPI_INT, first, handle_);
  switch (code) {
    case exit_input:
      throw InputError("{}", message);
    case exit_not_converged:
      throw SolverError("{}", message);
    case exit_environment:
      throw EnvironmentError("{}", message);
    case exit_stopped:
      throw Stopped(message);
    default:
      throw Error(code, message);
  }
}

}  // namespace winze
