/// The mesh: flat arrays with named regions and surfaces. One shape of element per mesh.
///
/// An *element* is one part of one cell: for imported meshes every cell is one element; a cell that surfaces cut has one element per part. Elements
/// are owned by exactly one rank and stay in the order of a space-filling curve. Nodes are owned or ghosted (SharedNodes); every unknown lives at a
/// mesh node.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/hanging_nodes.hpp"
#include "base/shared_nodes.hpp"
#include "base/tensor.hpp"
#include "base/types.hpp"
#include "mesh/cuts.hpp"

namespace winze::mesh {

/// Local node order. hex8, hex27: lexicographic, node (i, j, k) at i + n j + n² k, ξ fastest. tet4: vertices 0..3; tet10: then the middles of edges
/// 01, 12, 02, 03, 13, 23. quad4, quad9: lexicographic; tri3, tri6: vertices, then middles of 01, 12, 02.
enum class Shape : std::uint8_t { hex8, hex27, tet4, tet10 };

struct ShapeInfo {
  int n_nodes, n_vertices, n_faces, n_face_nodes, n_face_vertices, degree;
  const char* name;
};
const ShapeInfo& info(Shape shape);
/// The shape of degree 1 with the same vertices.
Shape linear(Shape shape);
/// Local node numbers of a face: hex faces −ξ +ξ −η +η −ζ +ζ, tet faces opposite vertex 0, 1, 2, 3. Nodes in the face's own order (quad4/9 or
/// tri3/6), oriented so that the first two axes of the face give an outward normal by the right-hand rule.
const int* face_nodes(Shape shape, int face);
/// Local numbers of the vertices within the element's own nodes (hex27: 0 2 6 8 18 20 24 26).
const int* vertex_nodes(Shape shape);

struct Surface {
  std::string name;
  std::vector<Face> faces;
};

/// Interpolation with equal weights: the value at fine node i is the mean of the coarse values at masters[offset[i] .. offset[i + 1]).
/// It serves quadratic nodes from vertices (1, 2, 4 or 8 masters) and vertices from the vertices of parents alike.
struct MeanOf {
  std::vector<Index> offset, masters;
};

/// A level of linear elements below the mesh. level[0] has the mesh's own elements (same order, vertices only); level[l + 1] has the parents of
/// level[l]. Levels do not know what is active: a coarse element is active if any child is.
struct Level {
  SharedNodes nodes;
  std::vector<double> points;             ///< [n_local nodes][3], m
  std::vector<Index> element_nodes;       ///< [n_elements][n_vertices], local node numbers of this level
  std::vector<Index> child_begin;         ///< [n_elements + 1]: the children of element e are the finer elements child_begin[e] .. child_begin[e + 1]
  std::vector<std::uint8_t> child_place;  ///< per finer element: which child it is (0..7), or `whole` when it is the parent unrefined
  /// Finer nodes (level[0]: the mesh's nodes, owned and ghost) from this level's nodes, once its hanging ones are filled; finer ghosts that only
  /// serve as masters have no row.
  MeanOf to_finer;
  HangingNodes hanging;  ///< vertices inside an edge or a face of a larger element: means of 2 or 4 others
  Index n_elements() const { return Index(child_begin.size()) - 1; }
  static constexpr std::uint8_t whole = 255;
};
/// Weights of the parent's vertices at vertex v of child `place`: n_vertices × n_vertices numbers, row v. `place` as in Level::child_place.
const double* child_weights(Shape linear_shape, std::uint8_t place);

/// An element of another rank.
struct RemoteFace {
  std::int32_t rank;
  Index element;  ///< its number there
};

struct Mesh {
  explicit Mesh(const Comm& comm) : comm(comm) {}
  Comm comm;
  Shape shape = Shape::hex27;
  SharedNodes nodes;
  std::vector<double> points;        ///< [n_local nodes][3], m; x east, y north, z up
  std::vector<Index> element_nodes;  ///< [n_elements][info(shape).n_nodes], local node numbers
  /// Octrees: nodes of small elements inside a face or an edge of a larger one. Fields keep the right values there, loads and residuals zero: see
  /// update_ghosts, add_to_owners. Their elements are cubes along the axes. Empty on imported meshes.
  HangingNodes hanging;
  std::vector<Index> element_cell;  ///< cell of each element: the identity on imported meshes
  Cuts cuts;                        ///< elements that are a part of their cell; empty on imported meshes
  /// [n_elements] volume over that of the cell, or empty for 1. It stands in for the points of elements that `cuts` does not list: coarse levels.
  std::vector<double> share;
  /// [n_elements] a numbering 0 … n_elements_global−1 that does not depend on the number of ranks: files and restarts keep their data in this order.
  /// Imported meshes: cell · 8^refine + which child, cells counted as the file counts them (RawMesh: by rank, then by place in the arrays). Empty:
  /// the elements count by rank, then by place; such a run can be resumed only on the same number of ranks.
  std::vector<GlobalIndex> original_element;
  std::vector<std::int32_t> region;       ///< per element, index into region_names
  std::vector<std::string> region_names;  ///< same on every rank
  std::vector<Surface> surfaces;  ///< same names and order on every rank; faces of owned elements only; a surface between elements has both faces
  std::vector<std::int32_t> face_region;  ///< [n_elements][n_faces] region of the element across the face (any rank); −1 on the outer boundary
  /// [n_elements][n_faces] owned element across the face; −1 outer boundary; −2 − k: remote_faces[k]. Across a face to smaller elements: the first of
  /// the four, while each of the four names the larger one; all are of one region then, so a face between regions is always whole on both sides.
  std::vector<Index> face_neighbour;
  std::vector<RemoteFace> remote_faces;  ///< faces whose other element another rank owns
  std::vector<Level> levels;             ///< see Level: refine + 1 of them, the last one the unrefined cells

  /// Collective. Of a field x[n_local][width]: ghosts from their owners, then hanging nodes from their masters.
  template <class T>
  void update_ghosts(T* x, int width) const {
    nodes.update_ghosts(x, width);
    hanging.fill(x, width);
  }
  /// Collective. Of loads f[n_local][width] summed over this rank's elements: hanging nodes to their masters, then ghosts to their owners; both are
  /// zero afterwards.
  template <class T>
  void add_to_owners(T* f, int width) const {
    hanging.add_to_masters(f, width);
    nodes.add_to_owners(f, width);
  }

  Index n_elements() const { return Index(region.size()); }
  GlobalIndex n_elements_global() const { return comm.sum<GlobalIndex>(n_elements()); }
  const Index* nodes_of(Index element) const { return element_nodes.data() + std::size_t(element) * info(shape).n_nodes; }
  Vector3 point(Index node) const { return {points[3 * node], points[3 * node + 1], points[3 * node + 2]}; }
  int region_index(const std::string& name) const;             ///< −1 if absent
  const Surface* find_surface(const std::string& name) const;  ///< nullptr if absent
};

/// Faces of owned active elements whose neighbour is inactive: the excavation surface between regions. `active` per region. Outer faces are not
/// included. Purely local: face_region already knows the other side.
std::vector<Face> surface_between(const Mesh& mesh, const std::vector<char>& active_region, const std::vector<char>& removed_region);

}  // namespace winze::mesh
