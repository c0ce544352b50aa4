/// Graded octrees for the tests.
#pragma once
#include "mesh/octree_mesh.hpp"

namespace winze::testing {

/// The unit cube, `cells` unrefined cells along each axis, split `depth` times where they touch a small box off the middle.
inline mesh::OctreeOptions graded(int cells, int depth) {
  mesh::OctreeOptions options;
  options.cells = {cells, cells, cells};
  options.size = 1.0 / cells;
  const double finest = options.size / (1 << depth);
  geometry::Box fine;
  fine.low = {0.3, 0.55, 0.4}, fine.high = {0.45, 0.7, 0.55};
  options.target = [=](const geometry::Box& box) { return box.grown(-1e-9).overlaps(fine) ? finest : 9.0; };
  return options;
}
inline mesh::Mesh graded_mesh(const Comm& comm, int cells, int depth) { return octree_mesh(mesh::Octree(comm, graded(cells, depth)), {"rock"}); }

}  // namespace winze::testing
