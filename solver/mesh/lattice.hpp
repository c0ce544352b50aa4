/// The regular lattice of nodes inside one unrefined cell that is split n times: which lattice points are nodes of which sub-element at which level,
/// and which lie inside the cell's edges and faces. The same for every cell, so refinement needs no search.
///
/// Coordinates are integers 0 … order: (i, j, k) on hexes; on tets the last three barycentric coordinates times order. Sub-elements of a level are
/// in the order of refinement: the children of sub-element s are 8s … 8s + 7 one level finer.
#pragma once
#include <array>
#include <bit>
#include <vector>

#include "mesh/mesh.hpp"

namespace winze::mesh {

using LatticePoint = std::array<int, 3>;

class Lattice {
 public:
  /// order = degree of the shape · 2^refine.
  Lattice(Shape shape, int refine);

  const Shape shape;
  const int refine, order;
  int n_points = 0;
  std::vector<LatticePoint> position;  ///< [n_points]
  std::vector<std::uint8_t> on_faces;  ///< [n_points] bit f: lies on face f of the cell
  std::vector<int> vertex_points;      ///< [n_vertices]
  std::vector<int> edge_points;        ///< [n_edges][order − 1], from the edge's vertex a to b
  std::vector<int> face_points;        ///< [n_faces][n_face_points], strictly inside the face, in a fixed order of the face's own coordinates
  std::vector<int> inner_points;       ///< strictly inside the cell
  int n_face_points = 0;

  int point(int i, int j, int k) const { return number_[i + (order + 1) * (j + (order + 1) * k)]; }
  int n_elements(int level) const { return 1 << 3 * (refine - level); }
  /// Vertices of sub-elements; level 0 is the finest, level `refine` the cell itself. [n_elements(level)][n_vertices]
  const std::vector<int>& vertices(int level) const { return vertices_[level]; }
  /// Lattice points at integer coordinates t (0 … q, as LatticePoint) of the sub-element's own lattice of order q.
  int point_in(int level, int element, const LatticePoint& t, int q) const;
  /// Points of the nodes of `other` (of this family) in every sub-element. [n_elements(level)][n_nodes of other]
  std::vector<int> nodes(int level, Shape other) const;

  /// A face of a finest sub-element on a face of the cell, at `slot` of 4^refine in the face's own coordinates.
  struct SubFace {
    Index element;
    std::int8_t face;
  };
  std::vector<SubFace> sub_faces;      ///< [n_faces][4^refine], by slot
  std::vector<Index> inner_neighbour;  ///< [n_elements(0)][n_faces] sub-element across, or −1 − f where the face lies on face f of the cell
  int n_sub_faces() const { return 1 << 2 * refine; }

  /// How a cell sees one of its faces: numbered by the order of the global numbers of the face's vertices, so that both sides agree on a common
  /// ("canonical") order of the points and sub-faces of the face.
  template <class Number>
  int orientation(const Number* face_vertex_numbers) const;
  const std::vector<int>& canonical_point(int orientation) const { return canonical_point_[orientation]; }  ///< own order → canonical
  const std::vector<int>& canonical_slot(int orientation) const { return canonical_slot_[orientation]; }

 private:
  void enumerate();
  void split();
  void find_sub_faces();
  bool hex() const { return shape == Shape::hex8 || shape == Shape::hex27; }
  std::vector<int> number_;
  std::vector<std::vector<int>> vertices_;
  std::array<std::vector<int>, 8> canonical_point_, canonical_slot_;
};

template <class Number>
int Lattice::orientation(const Number* v) const {
  if (!hex()) return (v[0] > v[1]) + 2 * (v[0] > v[2]) + 4 * (v[1] > v[2]);
  int lowest = 0;
  for (int i = 1; i < 4; ++i)
    if (v[i] < v[lowest]) lowest = i;
  return 2 * lowest + (v[lowest ^ 2] < v[lowest ^ 1]);
}

}  // namespace winze::mesh
