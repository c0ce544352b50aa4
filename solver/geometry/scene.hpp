/// All solids of a case in one tree: which hold a point, which meet a cell, how far the nearest wall is. Queries are const, allocate nothing (lists
/// keep their capacity) and may run on many threads.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/types.hpp"
#include "geometry/box_tree.hpp"
#include "geometry/solid.hpp"

namespace winze::geometry {

struct Part {
  std::string name;
  std::shared_ptr<const Solid> solid;
  int priority = 0;  ///< where parts overlap, the higher priority holds (excavations over rock); among equals, the later
};

enum class Side { outside, cut, inside };

class Scene {
 public:
  Scene() = default;
  /// InputError where two parts have one name.
  explicit Scene(std::vector<Part> parts);

  Index size() const { return Index(parts_.size()); }
  const Part& operator[](Index i) const { return parts_[std::size_t(i)]; }
  Index find(const std::string& name) const;  ///< −1 where there is none
  /// True where part a holds against part b.
  bool over(Index a, Index b) const {
    const int p = parts_[std::size_t(a)].priority, q = parts_[std::size_t(b)].priority;
    return p != q ? p > q : a > b;
  }

  /// Parts that hold a point, ascending.
  void holding(const Vector3& x, std::vector<Index>& parts) const;
  /// The part that has its way at a point; −1 outside all.
  Index top(const Vector3& x) const;

  /// Parts that may meet a cell, ascending; by their boxes alone.
  void candidates(const Box& cell, std::vector<Index>& parts) const;
  /// Where a cell lies with respect to one part; `cut` where the wall comes within the cell's circumscribed sphere.
  Side side(Index part, const Box& cell) const;
  struct Met {
    Index part;
    Side side;  ///< never outside
  };
  /// Parts that a cell lies in or is cut by, ascending; `among`: the candidates, such as what the parent cell met.
  void meet(const Box& cell, std::span<const Index> among, std::vector<Met>& met) const;

  struct Near {
    Wall wall;  ///< distance negative inside its part; +∞ where nothing is near enough
    Index part = -1;
  };
  /// The nearest wall of any part, also of walls inside other parts.
  Near nearest(const Vector3& x, double within = Box::inf) const;
  /// Rock between a wall point and the next wall, straight along its outward normal, at most `longest`: pillars.
  double pillar(const Wall& wall, double longest) const;

 private:
  std::vector<Part> parts_;
  BoxTree tree_;
  std::vector<Box> boxes_;    ///< that cover the parts, in the order of the tree's leaves
  std::vector<Index> owner_;  ///< part of each box
};

}  // namespace winze::geometry
