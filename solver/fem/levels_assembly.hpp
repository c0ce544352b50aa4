/// Assembly of the linear levels under a mesh: element matrices of level 0 from the geometry, those of coarser levels by K_C = Σ Tᵀ K_child T.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "fem/constrained.hpp"
#include "fem/levels_element.hpp"
#include "linear/block_matrix.hpp"
#include "linear/multigrid.hpp"
#include "mesh/mesh.hpp"

namespace winze::fem {

/// Part of the matrix of a whole element that stands for a cut one on the linear levels: its share of the cell, and no less than what the ties of the
/// fine level give to slivers.
double coarse_share(const mesh::Mesh& mesh, Index element);

/// What depends on the mesh alone; shared by rebuilds.
struct LevelStructure {
  struct Level {
    std::shared_ptr<const linear::BlockPattern> pattern;  ///< null: this level is not assembled
    std::vector<Index> coincident;                        ///< [n_local nodes] finer node at the same place
    std::vector<Index> parent;                            ///< [n_elements] element of the next level; empty on the last
    std::shared_ptr<const Constrained> constrained;       ///< its elements with hanging vertices; null: none
    std::vector<Index> unknown_nodes;                     ///< [n_elements][vertices] in the place of hanging vertices; empty: none
  };
  std::vector<Level> levels;
  std::unique_ptr<mesh::Mesh> vertex_mesh;  ///< level 0 as a mesh, where a quadratic mesh's level 0 is not assembled
  bool same_nodes = false;                  ///< level 0 numbers the nodes as the mesh does: a mesh of linear elements

  /// Collective. Uses the mesh's levels down to the last with at least `fewest` nodes. If `assemble_first` is false, level 0 is left to a matrix-free
  /// operator unless it is the last.
  LevelStructure(const mesh::Mesh& mesh, GlobalIndex fewest, bool assemble_first);
};

/// Active flags per element and masks per level. Masters live through the vertices that hang on them. A coarse element is active if any child is; a
/// node is dead if no active element of its level touches it and prescribed where the node below it is. Collective.
struct LevelActivity {
  std::vector<std::vector<char>> active;
  std::vector<linear::Mask> masks;
  LevelActivity(const mesh::Mesh& mesh, const LevelStructure& structure, std::vector<char> active, const linear::Mask& fine, int width);
};

/// Fills the matrices of up to level_lanes elements of level 0.
template <int nv, int width>
using FillPack = std::function<void(const Index* elements, int n_lanes, ElementPack<nv, width>& k)>;

/// Collective. One matrix per level of the structure, finest first; null where it has no pattern. Errors that `fill` throws are thrown on all ranks.
template <int nv, int width>
std::vector<std::shared_ptr<linear::BlockMatrix<float>>> assemble_levels(const mesh::Mesh& mesh, const LevelStructure& structure,
                                                                         const LevelActivity& activity, const FillPack<nv, width>& fill);

/// Vertex coordinates of the elements in the lanes, relative to each one's first vertex; lanes beyond n_lanes repeat the last element.
template <int nv>
void load_vertices(const mesh::Level& level, const Index* elements, int n_lanes, LevelPack (&x)[nv][3]);

}  // namespace winze::fem
