#include "mesh/gmsh_nodes.hpp"

#include <algorithm>

namespace winze::mesh {

std::int64_t NodeNumbers::close() {
  n_ = GlobalIndex(tags_.size());
  if (n_ == 0) return 0;
  const auto [lowest, highest] = std::minmax_element(tags_.begin(), tags_.end());
  if (*lowest < 1) return *lowest == 0 ? -1 : *lowest;
  first_ = *lowest;
  const std::int64_t span = *highest - first_ + 1;
  bool consecutive = span == n_;
  for (GlobalIndex i = 0; i < n_ && consecutive; ++i) consecutive = tags_[i] == first_ + i;
  if (consecutive) {
    tags_ = {};
    return 0;
  }
  if (span / 4 <= n_) {
    table_.assign(std::size_t(span), -1);
    for (GlobalIndex i = 0; i < n_; ++i) {
      GlobalIndex& place = table_[tags_[i] - first_];
      if (place >= 0) return tags_[i];
      place = i;
    }
  } else {
    sorted_.reserve(std::size_t(n_));
    for (GlobalIndex i = 0; i < n_; ++i) sorted_.emplace_back(tags_[i], i);
    std::sort(sorted_.begin(), sorted_.end());
    for (GlobalIndex i = 1; i < n_; ++i)
      if (sorted_[i].first == sorted_[i - 1].first) return sorted_[i].first;
  }
  tags_ = {};
  return 0;
}

GlobalIndex NodeNumbers::operator()(std::int64_t tag) const {
  if (tag < first_) return -1;
  if (!table_.empty()) return tag - first_ < GlobalIndex(table_.size()) ? table_[tag - first_] : -1;
  if (!sorted_.empty()) {
    const auto found = std::lower_bound(sorted_.begin(), sorted_.end(), std::pair<std::int64_t, GlobalIndex>(tag, -1));
    return found != sorted_.end() && found->first == tag ? found->second : -1;
  }
  return tag - first_ < n_ ? tag - first_ : -1;
}

}  // namespace winze::mesh
