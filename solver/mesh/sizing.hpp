/// How small the cells of an octree must be for the solids that cut them.
#pragma once
#include <functional>
#include <vector>

#include "geometry/scene.hpp"
#include "mesh/octree.hpp"

namespace winze::mesh {

/// Cells no larger than `size` that reach into a box.
struct SizeBox {
  geometry::Box box;
  double size;  ///< m
};

struct Sizing {
  double wall = geometry::Box::inf;  ///< largest edge of a cell that a wall cuts, m
  double growth = 0.5;               ///< how much larger cells may be for every metre away from the nearest wall
  double per_radius = 4;             ///< cells along the smallest radius of curvature of the wall they hold
  double across = 2;                 ///< cells across the thickness of the solid behind the wall they hold; 0: however thin
  double smallest = 0;               ///< curvature and thickness ask for no smaller edges than this, m
  std::vector<SizeBox> boxes;
  std::vector<Index> without;  ///< parts of the scene, ascending, whose walls ask for nothing: layers, orebodies
};

/// The target of OctreeOptions: the largest edge wanted in a cell, +∞ where nothing is asked for. Any thread may call it; both must outlive it.
/// Wall cells see every part that meets them: its curvature and thickness where the cell's middle and corners see it. Cells off the walls see the
/// nearest one.
std::function<double(const geometry::Box&)> target_of(const geometry::Scene& scene, const Sizing& sizing);

/// Weight of a leaf for the partition: cells that walls cut take several times the work of whole ones.
std::function<double(const geometry::Box&)> weight_of(const geometry::Scene& scene);

}  // namespace winze::mesh
