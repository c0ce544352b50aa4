#include "base/shared_nodes.hpp"

#include <algorithm>
#include <cstring>

namespace winze {

SharedNodes::SharedNodes(const Comm& comm, Index n_owned, std::vector<GlobalIndex> ghosts)
    : comm_(comm), n_owned_(n_owned), ghosts_(std::move(ghosts)) {
  std::sort(ghosts_.begin(), ghosts_.end());
  const std::vector<GlobalIndex> counts = comm.all_gather<GlobalIndex>(n_owned);
  begin_.assign(comm.size() + 1, 0);
  for (int r = 0; r < comm.size(); ++r) begin_[r + 1] = begin_[r] + counts[r];
  std::vector<std::vector<GlobalIndex>> wanted(comm.size());
  for (GlobalIndex g : ghosts_) wanted[owner(g)].push_back(g);
  const auto asked = comm.all_to_all(wanted);
  Index ghost = n_owned_;
  for (int r = 0; r < comm.size(); ++r) {
    if (wanted[r].empty() && asked[r].empty()) continue;
    Neighbour neighbour{r, {}, ghost, ghost + Index(wanted[r].size())};
    for (GlobalIndex g : asked[r]) neighbour.sent.push_back(Index(g - begin()));
    ghost = neighbour.ghost_end;
    neighbours_.push_back(std::move(neighbour));
  }
}

int SharedNodes::owner(GlobalIndex global) const { return int(std::upper_bound(begin_.begin(), begin_.end(), global) - begin_.begin()) - 1; }

Index SharedNodes::local(GlobalIndex global) const {
  if (global >= begin() && global < begin() + n_owned_) return Index(global - begin());
  const auto it = std::lower_bound(ghosts_.begin(), ghosts_.end(), global);
  return it != ghosts_.end() && *it == global ? n_owned_ + Index(it - ghosts_.begin()) : -1;
}

template <class T>
void SharedNodes::update_ghosts(T* x, int width) const {
  std::vector<MPI_Request> requests;
  std::vector<std::vector<T>> buffers(neighbours_.size());
  for (const Neighbour& n : neighbours_)
    if (n.ghost_end > n.ghost_begin)
      MPI_Irecv(x + size_t(n.ghost_begin) * width, (n.ghost_end - n.ghost_begin) * width, mpi_type<T>(), n.rank, 11, comm_.handle(),
                &requests.emplace_back());
  for (size_t k = 0; k < neighbours_.size(); ++k) {
    const Neighbour& n = neighbours_[k];
    if (n.sent.empty()) continue;
    buffers[k].resize(n.sent.size() * width);
    T* out = buffers[k].data();
    for (Index node : n.sent)
      for (int c = 0; c < width; ++c) *out++ = x[size_t(node) * width + c];
    MPI_Isend(buffers[k].data(), int(buffers[k].size()), mpi_type<T>(), n.rank, 11, comm_.handle(), &requests.emplace_back());
  }
  MPI_Waitall(int(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
}

template <class T>
void SharedNodes::add_to_owners(T* x, int width) const {
  std::vector<MPI_Request> requests;
  std::vector<std::vector<T>> buffers(neighbours_.size());
  for (size_t k = 0; k < neighbours_.size(); ++k) {
    const Neighbour& n = neighbours_[k];
    if (n.sent.empty()) continue;
    buffers[k].resize(n.sent.size() * width);
    MPI_Irecv(buffers[k].data(), int(buffers[k].size()), mpi_type<T>(), n.rank, 12, comm_.handle(), &requests.emplace_back());
  }
  for (const Neighbour& n : neighbours_)
    if (n.ghost_end > n.ghost_begin)
      MPI_Isend(x + size_t(n.ghost_begin) * width, (n.ghost_end - n.ghost_begin) * width, mpi_type<T>(), n.rank, 12, comm_.handle(),
                &requests.emplace_back());
  MPI_Waitall(int(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
  for (size_t k = 0; k < neighbours_.size(); ++k) {  // neighbours ascend by rank: the sum does not depend on arrival order
    const T* in = buffers[k].data();
    for (Index node : neighbours_[k].sent)
      for (int c = 0; c < width; ++c) x[size_t(node) * width + c] += *in++;
  }
  std::fill(x + size_t(n_owned_) * width, x + size_t(n_local()) * width, T(0));
}

#define WINZE_INSTANTIATE(T)                                  \
  template void SharedNodes::update_ghosts<T>(T*, int) const; \
  template void SharedNodes::add_to_owners<T>(T*, int) const;
WINZE_INSTANTIATE(double)
WINZE_INSTANTIATE(float)
WINZE_INSTANTIATE(std::int32_t)
WINZE_INSTANTIATE(std::int64_t)
WINZE_INSTANTIATE(std::uint8_t)

}  // namespace winze
