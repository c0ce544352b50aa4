#include "fem/node_sums.hpp"

#include <algorithm>

namespace winze::fem {

Index NodeSums::find(Index node, std::int32_t key) const {
  Index sum = first_[node];
  while (sum >= 0 && key_[sum] != key) sum = next_[sum];
  return sum;
}

Index NodeSums::add(Index node, std::int32_t key) {
  const Index found = find(node, key);
  if (found >= 0) return found;
  key_.push_back(key);
  next_.push_back(first_[node]);
  data_.resize(data_.size() + width_, 0.0);
  return first_[node] = Index(key_.size()) - 1;
}

std::vector<std::vector<GlobalIndex>> NodeSums::exchange_keys(std::vector<std::vector<Index>>& mine) const {
  const Comm& comm = nodes_->comm();
  std::vector<std::vector<GlobalIndex>> keys(comm.size());
  mine.assign(comm.size(), {});
  for (Index node = nodes_->n_owned(); node < nodes_->n_local(); ++node) {
    if (first_[node] < 0) continue;
    const GlobalIndex global = nodes_->global(node);
    const int owner = nodes_->owner(global);
    for (Index s = first_[node]; s >= 0; s = next_[s]) {
      mine[owner].push_back(s);
      keys[owner].insert(keys[owner].end(), {global, GlobalIndex(key_[s])});
    }
  }
  return comm.all_to_all(keys);
}

void NodeSums::add_to_owners() {
  std::vector<std::vector<Index>> mine;
  const std::vector<std::vector<GlobalIndex>> keys = exchange_keys(mine);
  std::vector<std::vector<double>> data(mine.size());
  for (std::size_t r = 0; r < mine.size(); ++r)
    for (Index s : mine[r]) data[r].insert(data[r].end(), (*this)[s], (*this)[s] + width_);
  data = nodes_->comm().all_to_all(data);
  for (std::size_t r = 0; r < data.size(); ++r)
    for (std::size_t i = 0; 2 * i < keys[r].size(); ++i) {
      double* sum = (*this)[add(nodes_->local(keys[r][2 * i]), std::int32_t(keys[r][2 * i + 1]))];
      for (int c = 0; c < width_; ++c) sum[c] += data[r][i * width_ + c];
    }
}

void NodeSums::update_ghosts() {
  std::vector<std::vector<Index>> mine;
  const std::vector<std::vector<GlobalIndex>> keys = exchange_keys(mine);
  std::vector<std::vector<double>> data(mine.size());
  for (std::size_t r = 0; r < mine.size(); ++r)
    for (std::size_t i = 0; i < keys[r].size(); i += 2) {
      const double* sum = (*this)[find(nodes_->local(keys[r][i]), std::int32_t(keys[r][i + 1]))];
      data[r].insert(data[r].end(), sum, sum + width_);
    }
  data = nodes_->comm().all_to_all(data);
  for (std::size_t r = 0; r < mine.size(); ++r)
    for (std::size_t i = 0; i < mine[r].size(); ++i) std::copy_n(&data[r][i * width_], width_, (*this)[mine[r][i]]);
}

}  // namespace winze::fem
