/// A thin, non-owning view of an MPI communicator with the few reductions the program uses. Every member but rank() and size() is collective.
#pragma once
#include <mpi.h>

#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/types.hpp"

namespace winze {

template <class T>
MPI_Datatype mpi_type() {
  if constexpr (std::is_same_v<T, double>)
    return MPI_DOUBLE;
  else if constexpr (std::is_same_v<T, float>)
    return MPI_FLOAT;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return MPI_INT32_T;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return MPI_INT64_T;
  else if constexpr (std::is_same_v<T, std::uint64_t>)
    return MPI_UINT64_T;
  else if constexpr (std::is_same_v<T, std::int8_t>)
    return MPI_INT8_T;
  else if constexpr (std::is_same_v<T, std::uint8_t> || std::is_same_v<T, char>)
    return MPI_UINT8_T;
  else
    static_assert(sizeof(T) == 0, "no MPI type");
}

class Comm {
 public:
  explicit Comm(MPI_Comm handle);
  static Comm world() { return Comm(MPI_COMM_WORLD); }
  static Comm self() { return Comm(MPI_COMM_SELF); }

  MPI_Comm handle() const { return handle_; }
  int rank() const { return rank_; }
  int size() const { return size_; }
  bool root() const { return rank_ == 0; }

  template <class T>
  T sum(T value) const {
    return reduce(value, MPI_SUM);
  }
  template <class T>
  T max(T value) const {
    return reduce(value, MPI_MAX);
  }
  template <class T>
  T min(T value) const {
    return reduce(value, MPI_MIN);
  }
  bool any(bool value) const { return max<std::int32_t>(value) != 0; }
  bool all(bool value) const { return min<std::int32_t>(value) != 0; }
  /// In place over an array of equal length on every rank.
  template <class T>
  void sum(T* values, int n) const {
    MPI_Allreduce(MPI_IN_PLACE, values, n, mpi_type<T>(), MPI_SUM, handle_);
  }
  /// Sum of the values on the ranks before this one.
  template <class T>
  T exclusive_scan(T value) const {
    T before = 0;
    MPI_Exscan(&value, &before, 1, mpi_type<T>(), MPI_SUM, handle_);
    return rank_ == 0 ? T(0) : before;
  }
  template <class T>
  std::vector<T> all_gather(T value) const {
    std::vector<T> all(size_);
    MPI_Allgather(&value, 1, mpi_type<T>(), all.data(), 1, mpi_type<T>(), handle_);
    return all;
  }
  /// Concatenation of every rank's array, in rank order, on every rank.
  template <class T>
  std::vector<T> all_gather(const std::vector<T>& mine) const {
    std::vector<int> counts = all_gather<int>(int(mine.size())), offsets(size_ + 1, 0);
    for (int r = 0; r < size_; ++r) offsets[r + 1] = offsets[r] + counts[r];
    std::vector<T> all(offsets[size_]);
    MPI_Allgatherv(mine.data(), int(mine.size()), mpi_type<T>(), all.data(), counts.data(), offsets.data(), mpi_type<T>(), handle_);
    return all;
  }
  /// Sends to_rank[r] to every rank r; returns what each rank sent here (index = source rank).
  template <class T>
  std::vector<std::vector<T>> all_to_all(const std::vector<std::vector<T>>& to_rank) const;

  std::string broadcast(std::string text, int root = 0) const;

  /// Runs `body` on every rank; if it throws a winze::Error on any, the error of the lowest such rank is thrown on all of them.
  void together(const std::function<void()>& body) const;

 private:
  template <class T>
  T reduce(T value, MPI_Op op) const {
    T result;
    MPI_Allreduce(&value, &result, 1, mpi_type<T>(), op, handle_);
    return result;
  }
  MPI_Comm handle_;
  int rank_ = 0, size_ = 1;
};

template <class T>
std::vector<std::vector<T>> Comm::all_to_all(const std::vector<std::vector<T>>& to_rank) const {
  std::vector<int> send_count(size_), receive_count(size_), send_offset(size_ + 1, 0), receive_offset(size_ + 1, 0);
  for (int r = 0; r < size_; ++r) send_count[r] = int(to_rank[r].size());
  MPI_Alltoall(send_count.data(), 1, MPI_INT, receive_count.data(), 1, MPI_INT, handle_);
  for (int r = 0; r < size_; ++r) {
    send_offset[r + 1] = send_offset[r] + send_count[r];
    receive_offset[r + 1] = receive_offset[r] + receive_count[r];
  }
  std::vector<T> send(send_offset[size_]), receive(receive_offset[size_]);
  for (int r = 0; r < size_; ++r) std::copy(to_rank[r].begin(), to_rank[r].end(), send.begin() + send_offset[r]);
  MPI_Alltoallv(send.data(), send_count.data(), send_offset.data(), mpi_type<T>(), receive.data(), receive_count.data(), receive_offset.data(),
                mpi_type<T>(), handle_);
  std::vector<std::vector<T>> from_rank(size_);
  for (int r = 0; r < size_; ++r) from_rank[r].assign(receive.begin() + receive_offset[r], receive.begin() + receive_offset[r + 1]);
  return from_rank;
}

}  // namespace winze
