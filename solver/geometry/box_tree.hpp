/// A binary tree over boxes in one flat array. Queries allocate nothing and may run on many threads.
#pragma once
#include <array>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "geometry/box.hpp"

namespace winze::geometry {

class BoxTree {
 public:
  struct Node {
    Box box;
    std::int32_t first;  ///< leaf: first place in items(); else index of the second child (the first follows the node)
    std::int32_t count;  ///< leaf: number of items; else 0
  };

  BoxTree() = default;
  /// leaf_size: 1 where visiting an item costs much more than testing its box.
  explicit BoxTree(const std::vector<Box>& boxes, int leaf_size = 4);

  const std::vector<Node>& nodes() const { return nodes_; }          ///< depth first; node 0 is the root; none when there are no boxes
  const std::vector<std::int32_t>& items() const { return items_; }  ///< indices of boxes in the order of the leaves
  /// Numbers the items by their places in the leaves, for callers that then keep what belongs to them in that order.
  void number_by_leaves() { std::iota(items_.begin(), items_.end(), 0); }
  Box box() const { return nodes_.empty() ? Box{} : nodes_[0].box; }

  /// Calls visit(item) for every item of a leaf whose box passes; visit returns true to stop. Passes: bool(const Box&).
  template <class Passes, class Visit>
  void search(Passes passes, Visit visit) const {
    if (nodes_.empty()) return;
    std::array<std::int32_t, 64> stack;
    int n = 0;
    stack[n++] = 0;
    while (n > 0) {
      const std::int32_t at = stack[--n];
      const Node& node = nodes_[at];
      if (!passes(node.box)) continue;
      if (node.count > 0) {
        for (std::int32_t i = node.first; i < node.first + node.count; ++i)
          if (visit(items_[i])) return;
      } else {
        stack[n++] = node.first;
        stack[n++] = at + 1;
      }
    }
  }

  /// Nearest first: calls visit(item, bound2) for items whose leaf lies nearer than the squared bound; visit returns the new squared bound.
  template <class Visit>
  void nearest(const Vector3& x, double bound2, Visit visit) const {
    if (nodes_.empty()) return;
    std::array<std::pair<double, std::int32_t>, 64> stack;
    int n = 0;
    stack[n++] = {nodes_[0].box.distance2(x), 0};
    while (n > 0) {
      const auto [d2, at] = stack[--n];
      if (d2 > bound2) continue;
      const Node& node = nodes_[at];
      if (node.count > 0) {
        for (std::int32_t i = node.first; i < node.first + node.count; ++i) bound2 = visit(items_[i], bound2);
      } else {
        std::pair<double, std::int32_t> a = {nodes_[at + 1].box.distance2(x), at + 1}, b = {nodes_[node.first].box.distance2(x), node.first};
        if (a.first < b.first) std::swap(a, b);
        if (a.first <= bound2) stack[n++] = a;
        if (b.first <= bound2) stack[n++] = b;
      }
    }
  }

 private:
  void build(const std::vector<Box>& boxes, int leaf_size, std::int32_t begin, std::int32_t end);

  std::vector<Node> nodes_;
  std::vector<std::int32_t> items_;
};

}  // namespace winze::geometry
