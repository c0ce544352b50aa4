/// The node tags of an MSH file, which may have gaps and any order, and the numbers 0 … n−1 in order of appearance that replace them.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "base/types.hpp"

namespace winze::mesh {

class NodeNumbers {
 public:
  void reserve(std::int64_t n) { tags_.reserve(std::size_t(n)); }
  void add(std::int64_t tag) { tags_.push_back(tag); }
  GlobalIndex size() const { return n_; }
  /// After the last add(). Returns a tag below 1 or one that occurs twice, or 0 if all is well. Keeps nothing where tags are consecutive, 8 bytes per
  /// tag up to the largest where gaps are few, 16 bytes per node elsewhere.
  std::int64_t close();
  /// −1 if the file has no such node.
  GlobalIndex operator()(std::int64_t tag) const;

 private:
  std::vector<std::int64_t> tags_;
  GlobalIndex n_ = 0;
  std::int64_t first_ = 0;          // of consecutive tags
  std::vector<GlobalIndex> table_;  // by tag − first_
  std::vector<std::pair<std::int64_t, GlobalIndex>> sorted_;
};

}  // namespace winze::mesh
