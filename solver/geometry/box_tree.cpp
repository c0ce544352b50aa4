#include "geometry/box_tree.hpp"

namespace winze::geometry {

BoxTree::BoxTree(const std::vector<Box>& boxes, int leaf_size) : items_(boxes.size()) {
  std::iota(items_.begin(), items_.end(), 0);
  if (!boxes.empty()) build(boxes, leaf_size, 0, std::int32_t(boxes.size()));
}

/// Halves by the median of the centres along their longest extent: the depth stays below log2(n), so that the stacks of the queries suffice.
void BoxTree::build(const std::vector<Box>& boxes, int leaf_size, std::int32_t begin, std::int32_t end) {
  Box all, centres;
  for (std::int32_t i = begin; i < end; ++i) all.add(boxes[items_[i]]), centres.add(boxes[items_[i]].centre());
  const std::size_t at = nodes_.size();
  nodes_.push_back({all, begin, end - begin});
  if (end - begin <= leaf_size) return;
  int axis = 0;
  for (int d = 1; d < 3; ++d)
    if (centres.high[d] - centres.low[d] > centres.high[axis] - centres.low[axis]) axis = d;
  const std::int32_t middle = begin + (end - begin) / 2;
  std::nth_element(items_.begin() + begin, items_.begin() + middle, items_.begin() + end, [&](std::int32_t a, std::int32_t b) {
    return boxes[a].low[axis] + boxes[a].high[axis] < boxes[b].low[axis] + boxes[b].high[axis];
  });
  build(boxes, leaf_size, begin, middle);
  const auto second = std::int32_t(nodes_.size());
  build(boxes, leaf_size, middle, end);
  nodes_[at].first = second;
  nodes_[at].count = 0;
}

}  // namespace winze::geometry
