#include "mesh/octree_mesh.hpp"

#include <numeric>

#include "base/error.hpp"
#include "mesh/octree_nodes.hpp"
#include "mesh/split.hpp"

namespace winze::mesh {
namespace {

std::vector<double> points_of(const Octree& tree, const std::vector<NodeKey>& keys) {
  const double half = 0.5 * tree.edge_length(tree.max_level);
  std::vector<double> points(3 * keys.size());
  for (std::size_t node = 0; node < keys.size(); ++node) {
    const auto at = place_of(keys[node]);
    for (int d = 0; d < 3; ++d) points[3 * node + d] = tree.low[d] + half * at[d];
  }
  return points;
}

/// Leaf across a face: of the same size, or the larger one, or the first of the smaller ones along the curve; as LeafFinder numbers it.
Index across(const Octree& tree, const LeafFinder& finder, const Octant& cell, int face) {
  const int axis = face / 2, side = face % 2;
  Octant other = cell;
  other.at[axis] += side ? tree.edge(cell.level) : -tree.edge(cell.level);
  if (!tree.inside(other.at)) return LeafFinder::none;
  const Index same = finder.find(encode(other));
  if (same != LeafFinder::none) return same;
  const Index larger = cell.level == 0 ? LeafFinder::none : finder.find(encode(tree.parent(other)));
  if (larger != LeafFinder::none) return larger;
  return finder.find(encode(tree.child(other, side ? 0 : 1 << axis)));
}

void find_faces(const Octree& tree, const GhostLeaves& ghosts, const LeafFinder& finder, Mesh& mesh) {
  static constexpr const char* names[6] = {"x_min", "x_max", "y_min", "y_max", "z_min", "z_max"};
  for (const char* name : names) mesh.surfaces.push_back({name, {}});
  const std::size_t n = 6 * std::size_t(tree.n_leaves());
  mesh.face_region.assign(n, -1);
  mesh.face_neighbour.assign(n, -1);
  for (Index leaf = 0; leaf < tree.n_leaves(); ++leaf) {
    const Octant cell = decode(tree.leaves[leaf]);
    for (int face = 0; face < 6; ++face) {
      const std::size_t at = 6 * std::size_t(leaf) + face;
      const Index other = across(tree, finder, cell, face);
      if (other >= 0) {
        mesh.face_neighbour[at] = other;
        mesh.face_region[at] = tree.region[other];
      } else if (other == LeafFinder::none) {
        mesh.surfaces[face].faces.push_back({leaf, std::int8_t(face)});
      } else {
        const Index ghost = -2 - other;
        mesh.face_neighbour[at] = -2 - Index(mesh.remote_faces.size());
        mesh.face_region[at] = ghosts.region[ghost];
        mesh.remote_faces.push_back({ghosts.rank[ghost], ghosts.index[ghost]});
      }
    }
  }
}

/// Means that carry the values at the level's vertices to the nodes of finer elements. node(e, i): i-th node of the quadratic shape of the level's
/// element e among the finer nodes, −1 if that is none.
template <class Node>
MeanOf means(const Level& level, Index n_finer, const Node& node) {
  std::vector<std::uint8_t> count(n_finer, 0), place(n_finer, 0);
  std::vector<Index> element(n_finer, -1);
  for (Index e = 0; e < level.n_elements(); ++e)
    for (int i = 0; i < 27; ++i) {
      const Index at = node(e, i);
      if (at < 0) continue;
      const int n = masters_of(Shape::hex27, i).n;
      if (count[at] == 0 || n < count[at]) count[at] = std::uint8_t(n), place[at] = std::uint8_t(i), element[at] = e;
    }
  MeanOf mean;
  mean.offset.assign(std::size_t(n_finer) + 1, 0);
  for (Index at = 0; at < n_finer; ++at) mean.offset[at + 1] = mean.offset[at] + count[at];
  mean.masters.reserve(mean.offset.back());
  for (Index at = 0; at < n_finer; ++at)
    for (int m = 0; m < count[at]; ++m)
      mean.masters.push_back(level.element_nodes[8 * std::size_t(element[at]) + masters_of(Shape::hex27, place[at]).vertex[m]]);
  return mean;
}

void add_level(const Octree& tree, const LeafFinder& finder, std::vector<Index> child_begin, std::vector<std::uint8_t> child_place, Mesh& mesh) {
  TreeNodes vertices = number_nodes(tree, finder, 1);
  Level level;
  level.points = points_of(tree, vertices.key);
  level.nodes = std::move(vertices.nodes);
  level.element_nodes = std::move(vertices.element_nodes);
  level.hanging = std::move(vertices.hanging);
  level.child_begin = std::move(child_begin);
  level.child_place = std::move(child_place);
  if (mesh.levels.empty()) {
    level.to_finer = means(level, mesh.nodes.n_local(), [&](Index e, int i) { return mesh.nodes_of(e)[i]; });
  } else {
    const Level& finer = mesh.levels.back();
    level.to_finer = means(level, finer.nodes.n_local(), [&](Index e, int i) {
      const int at[3] = {i % 3, i / 3 % 3, i / 9};
      const Index first = level.child_begin[e];
      int child = 0, vertex = 0;  // the node as a vertex of a child, or of the element itself where it is not split
      const bool whole = level.child_place[first] == Level::whole;
      for (int d = 0; d < 3; ++d) {
        if (whole && at[d] == 1) return Index(-1);
        if (at[d] >= 1) vertex |= 1 << d;
        if (!whole && at[d] == 2) child |= 1 << d;
      }
      return finer.element_nodes[8 * std::size_t(first + child) + vertex];
    });
  }
  mesh.levels.push_back(std::move(level));
}

}  // namespace

Mesh octree_mesh(const Octree& tree, std::vector<std::string> region_names) {
  const Comm& comm = tree.comm;
  comm.together([&] {
    for (std::int32_t region : tree.region)
      if (region < 0 || std::size_t(region) >= region_names.size())
        throw InputError("a cell of the octree lies in region {} of {}: every cell needs a named region", region, region_names.size());
  });
  Mesh mesh(comm);
  mesh.shape = Shape::hex27;
  mesh.region = tree.region;
  mesh.region_names = std::move(region_names);
  mesh.element_cell.resize(tree.leaves.size());
  std::iota(mesh.element_cell.begin(), mesh.element_cell.end(), 0);
  mesh.original_element.resize(tree.leaves.size());
  std::iota(mesh.original_element.begin(), mesh.original_element.end(), comm.exclusive_scan(GlobalIndex(tree.n_leaves())));

  Octree own = tree;
  GhostLeaves ghosts = ghost_leaves(own);
  const LeafFinder finder(own, ghosts);
  TreeNodes nodes = number_nodes(own, finder, 2);
  mesh.points = points_of(own, nodes.key);
  mesh.nodes = std::move(nodes.nodes);
  mesh.element_nodes = std::move(nodes.element_nodes);
  mesh.hanging = std::move(nodes.hanging);
  find_faces(own, ghosts, finder, mesh);

  std::vector<Index> child_begin(tree.leaves.size() + 1);
  std::iota(child_begin.begin(), child_begin.end(), 0);
  std::vector<std::uint8_t> child_place(tree.leaves.size(), Level::whole);
  for (bool more = true; more;) {
    add_level(own, finder, std::move(child_begin), std::move(child_place), mesh);
    Octree coarser(comm);
    more = own.coarsen(coarser, child_begin, child_place);
    own = std::move(coarser);
    if (more) ghosts = ghost_leaves(own);
  }
  return mesh;
}

}  // namespace winze::mesh
