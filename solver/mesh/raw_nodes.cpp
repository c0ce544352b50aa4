#include "mesh/raw_nodes.hpp"

#include <algorithm>
#include <bit>

namespace winze::mesh {

NumberSet::NumberSet(std::span<const GlobalIndex> list) {
  if (list.empty()) return;
  const auto [low, high] = std::minmax_element(list.begin(), list.end());
  low_ = *low, high_ = *high;
  const size_t range = size_t(high_ - low_) + 1;
  if (range <= 4 * list.size()) {
    direct_.assign(range, -1);
    for (GlobalIndex number : list) direct_[size_t(number - low_)] = 0;
    for (size_t i = 0; i < range; ++i)
      if (direct_[i] == 0) direct_[i] = Index(numbers_.size()), numbers_.push_back(low_ + GlobalIndex(i));
    return;
  }
  const auto insert = [&](std::vector<GlobalIndex>& slots, GlobalIndex number) {
    size_t slot = hash(number);
    while (slots[slot] >= 0 && slots[slot] != number) slot = (slot + 1) & mask_;
    const bool is_new = slots[slot] < 0;
    slots[slot] = number;
    return is_new;
  };
  mask_ = 1023;
  std::vector<GlobalIndex> seen(mask_ + 1, -1);
  size_t n = 0;
  for (GlobalIndex number : list) {
    if (insert(seen, number)) ++n;
    if (2 * n <= mask_) continue;
    std::vector<GlobalIndex> old(4 * seen.size(), -1);
    old.swap(seen);
    mask_ = seen.size() - 1;
    for (GlobalIndex other : old)
      if (other >= 0) insert(seen, other);
  }
  for (GlobalIndex number : seen)
    if (number >= 0) numbers_.push_back(number);
  seen = {};
  std::sort(numbers_.begin(), numbers_.end());
  slots_.assign(mask_ + 1, -1);
  for (Index i = 0; i < size(); ++i) {
    size_t slot = hash(numbers_[i]);
    while (slots_[slot] >= 0) slot = (slot + 1) & mask_;
    slots_[slot] = i;
  }
}

NodeRequest::NodeRequest(const Comm& comm, GlobalIndex n_nodes, const std::vector<GlobalIndex>& numbers)
    : comm_(comm), begin_(block_begin(n_nodes, comm.size(), comm.rank())) {
  std::vector<std::vector<GlobalIndex>> wanted(comm.size());
  auto from = numbers.begin();
  for (int r = 0; r < comm.size(); ++r) {
    const auto to = std::lower_bound(from, numbers.end(), block_begin(n_nodes, comm.size(), r + 1));
    wanted[r].assign(from, to);
    from = to;
  }
  asked_ = comm.size() == 1 ? std::move(wanted) : comm.all_to_all(wanted);
}

std::vector<double> NodeRequest::points(const std::vector<double>& block) const {
  std::vector<std::vector<double>> answer(comm_.size());
  for (int r = 0; r < comm_.size(); ++r) {
    answer[r].reserve(3 * asked_[r].size());
    for (GlobalIndex number : asked_[r]) {
      const double* x = block.data() + 3 * (number - begin_);
      answer[r].insert(answer[r].end(), x, x + 3);
    }
  }
  if (comm_.size() == 1) return std::move(answer[0]);
  const auto received = comm_.all_to_all(answer);
  std::vector<double> result;
  for (const auto& part : received) result.insert(result.end(), part.begin(), part.end());
  return result;
}

}  // namespace winze::mesh
