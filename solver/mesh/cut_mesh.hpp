/// The home mesh: cubes of an octree cut once by all solids of all stages. A stage only switches regions on and off.
#pragma once
#include <functional>
#include <map>
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
  /// True where a stage can dig what these parts hold. Rock that it parts gets node copies. Null: wherever any part holds.
  std::function<bool(std::span<const Index> parts)> dug;
  CutOptions cut;
};

/// Collective. octree_mesh of the tree (whose own regions do not matter) in which every connected piece of a region within a cell is an element:
/// whole cells with the rule of the shape, pieces with points of their own (Mesh::cuts), however small. Cells without any region are left out. Region
/// names ascend; neither they nor the elements' numbering in original_element depends on the number of ranks. face_region of faces between pieces
/// is that of the element's own region: the walls there are Cuts::walls; a wall that lies in the faces of cells is a surface between whole cells.
/// Where a solid that can be dug parts the rest of a cell or of two cells, by walls that face one another (a slot), its sides are elements with node
/// copies, welded as long as it stands: see weld(). InputError where more than 32 solids cut one cell.
Mesh cut_mesh(const Octree& tree, const geometry::Scene& scene, const CutMeshOptions& options = {});

/// Collective. Sets mesh.hanging so that the sides of a slot move together until all that lies between them, in the cells round a node, has been dug.
/// standing[n_elements]. To be called before whatever uses the mesh after a change.
void weld(Mesh& mesh, const std::vector<char>& standing);

namespace cut_detail {
/// Cosine between the normals of two walls below which they face one another.
constexpr double facing = -0.5;
/// A unit is what shares one polynomial in a leaf: all its pieces, or those on one side of a slot.
struct Units {
  std::vector<Index> leaf_first = {0};     ///< [leaves + 1] into units
  std::vector<Index> element_first = {0};  ///< [units + 1] into elements
  /// Where rock that stays shows on the faces, of leaves that are not all of it: its unit at the points of CutCell::sides or −1, then 127 × the mean
  /// normal of what borders it, of each unit; a single −1 where there is none of it.
  std::map<Index, std::vector<std::int8_t>> sides;
  std::vector<Index> nodes;  ///< [units][27] local nodes
  Index of_leaf(Index leaf) const { return leaf_first[leaf + 1] - leaf_first[leaf]; }
};
/// The leaves of this rank and those of others that touch them: numbers from n_leaves on.
class UnitsAround {
 public:
  UnitsAround(const Octree& tree, const Units& units);  ///< collective; both must outlive it
  Index n_leaves() const { return Index(octant_.size()); }
  const Octant& octant(Index leaf) const { return octant_[leaf]; }
  OctantCode code(Index leaf) const { return encode(octant_[leaf]); }
  Index n_units(Index leaf) const { return leaf < n_own_ ? units_.of_leaf(leaf) : Index(ghost_count_[leaf - n_own_]); }
  Index ghost(int rank, Index leaf) const { return ghost_.at({rank, leaf}); }  ///< number of a leaf of another rank
  Index first_unit(Index leaf) const { return leaf < n_own_ ? units_.leaf_first[leaf] : ghost_first_[leaf - n_own_]; }  ///< on its rank
  /// Whether the rock of two units meets on the face that their leaves share, or at least does not lie on the two sides of a slot.
  bool joined(Index a, Index unit_a, Index b, Index unit_b) const;
  bool is_cut(Index leaf) const { return sides(leaf) && sides(leaf)->size() > 1; }
  bool stays(Index leaf) const { return !sides(leaf) || sides(leaf)->size() > 1; }  ///< has rock that stays
  /// Copy of a node of a leaf that a unit has; leaves that are not listed have the first everywhere.
  Index copy(Index leaf, Index unit, int i) const {
    const auto at = copies.find(leaf);
    return at == copies.end() ? 0 : at->second[27 * std::size_t(unit) + i];
  }
  bool same_nodes(Index a, Index unit_a, Index b, Index unit_b) const;  ///< where their leaves touch
  std::map<Index, std::vector<std::uint8_t>> copies;                    ///< [units][27] per leaf
  /// Collective. of_leaf(leaf): bytes of an own leaf, none for most; of ghosts what their ranks say.
  std::vector<std::vector<std::uint8_t>> exchange(const std::function<std::vector<std::uint8_t>(Index)>& of_leaf) const;

 private:
  const std::vector<std::int8_t>* sides(Index leaf) const {
    const auto& of = leaf < n_own_ ? units_.sides : ghost_sides_;
    const auto at = of.find(leaf);
    return at == of.end() ? nullptr : &at->second;
  }
  const Octree& tree_;
  const Units& units_;
  Index n_own_;
  GhostLeaves ghosts_;
  std::vector<Octant> octant_;
  std::vector<Index> ghost_count_, ghost_first_;
  std::map<std::pair<int, Index>, Index> ghost_;
  std::map<Index, std::vector<std::int8_t>> ghost_sides_;
};
/// Collective. Gives the units of slots nodes of their own (units.nodes, from those of the leaves) and fills cuts.copies but for `between`.
/// A node has copies where rock that stays, in the leaves round it, is joined over none of the faces that it lies on.
void copy_nodes(const Octree& tree, UnitsAround& around, const std::vector<Index>& leaf_nodes, Units& units, Mesh& mesh);

/// What a rank knows of the pieces in the leaves of the others that share a face with its own.
struct LeafPieces {
  int level;                   ///< in the tree
  bool cut;                    ///< not one whole element
  std::vector<Index> element;  ///< there
  std::vector<Index> region;
};
/// Collective. Fills cuts.tied and makes the nodes of cells of other ranks known here. `neighbour`[leaves][6] as in Mesh::face_neighbour, of leaves;
/// `remote`: the leaves of other ranks that it names.
void tie_cells(const Octree& tree, const Units& units, const UnitsAround& around, const std::vector<char>& leaf_cut,
               const std::vector<Index>& neighbour, const std::vector<RemoteFace>& remote, const std::vector<LeafPieces>& remote_pieces, Mesh& mesh);
/// Fills cuts.hull…; region_at: −1 where nothing is.
void add_hull_points(const Octree& tree, const std::vector<Index>& leaf_first, const std::vector<Index>& neighbour,
                     const std::function<std::int32_t(const Vector3&)>& region_at, Mesh& mesh);
}  // namespace cut_detail

}  // namespace winze::mesh
