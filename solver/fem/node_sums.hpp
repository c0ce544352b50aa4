/// Sums at nodes kept apart by a key (region, material), over the elements around a node on all ranks. The sums of one node form a list.
#pragma once
#include <cstddef>
#include <vector>

#include "base/shared_nodes.hpp"

namespace winze::fem {

class NodeSums {
 public:
  NodeSums(const SharedNodes& nodes, int width) : nodes_(&nodes), width_(width), first_(nodes.n_local(), -1) {}

  int width() const { return width_; }
  std::size_t n_sums() const { return key_.size(); }
  /// Number of the sum of (local node, key); add() starts one at zero where there is none, find() gives −1.
  Index add(Index node, std::int32_t key);
  Index find(Index node, std::int32_t key) const;
  Index first(Index node) const { return first_[node]; }  ///< −1 at the end of the list
  Index next(Index sum) const { return next_[sum]; }
  double* operator[](Index sum) { return &data_[std::size_t(sum) * width_]; }
  const double* operator[](Index sum) const { return &data_[std::size_t(sum) * width_]; }

  /// Collective. Adds the sums at ghosts to those of the owners; the ghosts keep theirs.
  void add_to_owners();
  /// Collective. The sums at ghosts become copies of the owners'; the owners must have them all, as after add_to_owners().
  void update_ghosts();

 private:
  /// Collective. Exchanges node and key of the sums at ghosts: result[r] names what rank r has here as pairs of global node and key; `mine[r]` are
  /// the sums here that rank r owns, in the order that r gets them.
  std::vector<std::vector<GlobalIndex>> exchange_keys(std::vector<std::vector<Index>>& mine) const;

  const SharedNodes* nodes_;
  int width_;
  std::vector<Index> first_, next_;
  std::vector<std::int32_t> key_;
  std::vector<double> data_;
};

}  // namespace winze::fem
