/// Edges of triangles: which faces meet at each.
#pragma once
#include <span>
#include <vector>

#include "geometry/triangles.hpp"

namespace winze::geometry {

/// One use of an edge by a face: edge `corner` of `face` runs from corner to corner + 1.
struct EdgeUse {
  Index low, high;  ///< end points, low < high
  Index face;
  int corner;
  bool forward;  ///< runs from low to high
};

/// All uses, sorted so that those of one edge stand together.
std::vector<EdgeUse> edge_uses(const std::vector<Face>& faces);

/// Calls visit(std::span<const EdgeUse>) once per edge.
template <class Visit>
void for_each_edge(const std::vector<EdgeUse>& uses, Visit visit) {
  for (std::size_t i = 0; i < uses.size();) {
    std::size_t j = i + 1;
    while (j < uses.size() && uses[j].low == uses[i].low && uses[j].high == uses[i].high) ++j;
    visit(std::span<const EdgeUse>(uses.data() + i, j - i));
    i = j;
  }
}

/// Disjoint sets of 0 … n − 1.
class Sets {
 public:
  explicit Sets(Index n);
  Index of(Index i);
  void join(Index i, Index j) { parent_[of(i)] = of(j); }
  /// Consecutive numbers 0, 1, … of the sets, by their first members.
  std::vector<Index> numbers(Index& n_sets);

 private:
  std::vector<Index> parent_;
};

}  // namespace winze::geometry
