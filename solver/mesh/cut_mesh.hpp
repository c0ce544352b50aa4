/// The home mesh: cubes of an octree cut once by all solids of all stages. A stage only switches regions on and off.
#pragma once
#include <functional>
#include <span>
#include <string>

#include "geometry/scene.hpp"
#include "mesh/cut_cell.hpp"
#include "mesh/mesh.hpp"
#include "mesh/octree.hpp"

namespace winze::mesh {

struct CutMeshOptions {
  /// Name of the region where just these parts of the scene hold, ascending; "" where nothing is from the start. Null: their names joined by " + ",
  /// and "rock" outside all, so that any stage can dig any solid.
  std::function<std::string(std::span<const Index> parts)> region;
  CutOptions cut;
};

/// Collective. octree_mesh of the tree (whose own regions do not matter) in which every connected piece of a region within a cell is an element:
/// whole cells with the rule of the shape, pieces with points of their own (Mesh::cuts), however small. Cells without any region are left out. Region
/// names ascend; neither they nor the elements' numbering in original_element depends on the number of ranks. face_region of faces between pieces
/// is that of the element's own region: the walls there are Cuts::walls; a wall that lies in the faces of cells is a surface between whole cells.
/// InputError where more than 32 solids cut one cell.
Mesh cut_mesh(const Octree& tree, const geometry::Scene& scene, const CutMeshOptions& options = {});

namespace cut_detail {
/// What a rank knows of the pieces in the leaves of the others that share a face with its own.
struct LeafPieces {
  int level;                   ///< in the tree
  bool cut;                    ///< not one whole element
  std::vector<Index> element;  ///< there
  std::vector<Index> region;
};
/// Collective. Fills cuts.tied and makes the nodes of cells of other ranks known here. `leaf_first`: elements of own leaves by offset;
/// `neighbour`[leaves][6] as in Mesh::face_neighbour, of leaves; `remote`: the leaves of other ranks that it names.
void tie_cells(const Octree& tree, const std::vector<Index>& leaf_first, const std::vector<char>& leaf_cut, const std::vector<Index>& neighbour,
               const std::vector<RemoteFace>& remote, const std::vector<LeafPieces>& remote_pieces, const std::vector<Index>& leaf_nodes, Mesh& mesh);
/// Fills cuts.hull…; region_at: −1 where nothing is.
void add_hull_points(const Octree& tree, const std::vector<Index>& leaf_first, const std::vector<Index>& neighbour,
                     const std::function<std::int32_t(const Vector3&)>& region_at, Mesh& mesh);
}  // namespace cut_detail

}  // namespace winze::mesh
