/// Access to the nodes of a raw mesh, which are numbered globally and stored in blocks of those numbers.
#pragma once
#include <span>
#include <vector>

#include "mesh/raw.hpp"

namespace winze::mesh {

/// The distinct node numbers in a list, ascending. Memory grows with the list, not with the mesh.
class NumberSet {
 public:
  explicit NumberSet(std::span<const GlobalIndex> list);
  const std::vector<GlobalIndex>& numbers() const { return numbers_; }
  Index size() const { return Index(numbers_.size()); }
  /// Place in numbers(); −1 if absent.
  Index find(GlobalIndex number) const {
    if (number < low_ || number > high_) return -1;
    if (!direct_.empty()) return direct_[size_t(number - low_)];
    for (size_t slot = hash(number);; slot = (slot + 1) & mask_) {
      if (slots_[slot] < 0) return -1;
      if (numbers_[slots_[slot]] == number) return slots_[slot];
    }
  }

 private:
  size_t hash(GlobalIndex number) const { return size_t(std::uint64_t(number) * 0x9E3779B97F4A7C15ull >> 20) & mask_; }
  GlobalIndex low_ = 0, high_ = -1;
  size_t mask_ = 0;
  std::vector<GlobalIndex> numbers_;
  std::vector<Index> direct_;  ///< by number − low_, where the range is dense
  std::vector<Index> slots_;   ///< open addressing otherwise
};

/// Who holds the nodes this rank asks for, and who asks this rank.
class NodeRequest {
 public:
  /// Collective. `numbers` ascending.
  NodeRequest(const Comm& comm, GlobalIndex n_nodes, const std::vector<GlobalIndex>& numbers);
  /// Collective. Points [numbers][3] from every rank's block of points.
  std::vector<double> points(const std::vector<double>& block) const;
  const std::vector<std::vector<GlobalIndex>>& asked() const { return asked_; }  ///< numbers of this rank's block that each rank asks for

 private:
  Comm comm_;
  GlobalIndex begin_;
  std::vector<std::vector<GlobalIndex>> asked_;
};

}  // namespace winze::mesh
