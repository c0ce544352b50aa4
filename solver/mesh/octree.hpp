/// The octree of the home mesh: cubes of halved size inside a box of unrefined cells, neighbours over faces, edges and corners at most one level
/// apart, dealt to the ranks along Morton's curve. It depends on neither the number of ranks nor the order of work.
#pragma once
#include <functional>
#include <vector>

#include "base/comm.hpp"
#include "base/types.hpp"
#include "geometry/box.hpp"
#include "mesh/octant.hpp"

namespace winze::mesh {

struct OctreeOptions {
  Vector3 low{};                                       ///< m
  std::array<int, 3> cells = {1, 1, 1};                ///< unrefined cells
  double size = 1;                                     ///< edge of an unrefined cell, m
  std::function<double(const geometry::Box&)> target;  ///< largest edge wanted in a cell, m; called on one rank per cell. Null: cells stay whole
  /// Number of the region at a point. A leaf belongs to the region of its centre; leaves that share a face across two regions get the same size, so
  /// that no wall ever has hanging nodes inside its faces. Null: one region
  std::function<std::int32_t(const Vector3&)> region;
  std::function<double(const geometry::Box&)> weight;  ///< work in a leaf, for the partition. Null: 1
};

class Octree {
 public:
  /// Collective. Refines each cell whose edge is longer than its target, then what 2:1 balance and regions need on top, and no more. Throws
  /// InputError for a box beyond the resolution (2^19 smallest cells along an axis), or with fewer leaves than ranks.
  Octree(const Comm& comm, const OctreeOptions& options);

  Comm comm;
  Vector3 low{};                     ///< m
  double size = 1;                   ///< edge of an unrefined cell, m
  std::array<int, 3> cells;          ///< unrefined cells along the axes
  int max_level = 0;                 ///< level of a unit cell
  std::vector<OctantCode> leaves;    ///< of this rank, ascending; ranks follow each other along the curve
  std::vector<OctantCode> begins;    ///< [ranks] a rank holds the leaves from begins[r] up to begins[r + 1]; begins[0] = 0
  std::vector<std::int32_t> region;  ///< [leaves] of their centres

  Index n_leaves() const { return Index(leaves.size()); }
  std::int32_t edge(int level) const { return std::int32_t(1) << (max_level - level); }  ///< in unit cells
  double edge_length(int level) const { return size / double(1 << level); }              ///< m
  bool inside(const std::array<std::int32_t, 3>& at) const {
    for (int d = 0; d < 3; ++d)
      if (at[d] < 0 || at[d] >= cells[d] << max_level) return false;
    return true;
  }
  Octant parent(const Octant& o) const {
    const std::int32_t mask = ~(edge(o.level - 1) - 1);
    return {{o.at[0] & mask, o.at[1] & mask, o.at[2] & mask}, o.level - 1};
  }
  /// Which of its parent's eight children it is: bit d set in the upper half of axis d.
  int child_place(const Octant& o) const {
    const std::int32_t e = edge(o.level);
    return (o.at[0] & e ? 1 : 0) | (o.at[1] & e ? 2 : 0) | (o.at[2] & e ? 4 : 0);
  }
  Octant child(const Octant& o, int place) const {
    const std::int32_t e = edge(o.level + 1);
    return {{o.at[0] + (place & 1 ? e : 0), o.at[1] + (place & 2 ? e : 0), o.at[2] + (place & 4 ? e : 0)}, o.level + 1};
  }
  geometry::Box box(const Octant& o) const;
  Vector3 centre(const Octant& o) const;
  int rank_of(OctantCode code) const;  ///< the rank whose stretch of the curve the lowest corner lies in

  /// Collective. The next coarser tree, with the same stretches of the curve: every complete family of eight leaves becomes its parent unless 2:1
  /// balance or the end of a rank's stretch forbids it. child_begin and child_place as in Level. False, and nothing else, when nothing can be joined.
  bool coarsen(Octree& coarser, std::vector<Index>& child_begin, std::vector<std::uint8_t>& child_place) const;

  /// A tree without cells, to be filled by coarsen().
  explicit Octree(const Comm& comm) : comm(comm), cells{} {}
};

/// Leaves of other ranks that touch leaves of this rank over a face, an edge or a corner.
struct GhostLeaves {
  std::vector<OctantCode> code;    ///< ascending
  std::vector<std::int32_t> rank;  ///< owners
  std::vector<Index> index;        ///< numbers there
  std::vector<std::int32_t> region;
};
/// Collective.
GhostLeaves ghost_leaves(const Octree& tree);

/// Finds leaves near this rank by their codes.
class LeafFinder {
 public:
  /// Both must outlive the finder.
  LeafFinder(const Octree& tree, const GhostLeaves& ghosts) : tree_(tree), ghosts_(ghosts) {}
  static constexpr Index none = -1;
  /// Leaf number on this rank; −2 − k: ghosts.code[k]; none: there is no such leaf here.
  Index find(OctantCode code) const;

 private:
  const Octree& tree_;
  const GhostLeaves& ghosts_;
};

namespace octree_detail {
/// Refined cells by level, ascending codes, each on the rank_of() its code.
using Refined = std::vector<std::vector<OctantCode>>;
/// Collective. Adds what 2:1 balance needs, finest level first: with a cell every parent of its 26 neighbours and itself is refined too. `between`
/// (may be null): called at each level before going up, to add cells of that level.
void close(const Octree& tree, Refined& refined, const std::function<void(int)>& between);
/// Collective. Sends codes to their ranks and merges what arrives into the sorted list; returns what was new there.
std::vector<OctantCode> deliver(const Octree& tree, std::vector<OctantCode> codes, std::vector<OctantCode>& sorted);
}  // namespace octree_detail

}  // namespace winze::mesh
