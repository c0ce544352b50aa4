/// How a cell splits into eight. The vertices of the eight children are the nodes of the parent's quadratic shape (27 or 10): refinement, nested
/// levels and the step from quadratic to linear elements all use the tables here.
///
/// hex: child i + 2j + 4k takes the corner (i, j, k). tet: red refinement with the inner diagonal 02–13, children numbered as by Bey (1995, Computing
/// 55:355–378, fig. 4): at most three congruence classes ever appear. Where Bey's numbering turns a child inside out (his T6 and T8) its vertices 0
/// and 2 are swapped, which keeps the same diagonals for all its descendants.
#pragma once
#include "mesh/mesh.hpp"

namespace winze::mesh {

/// The quadratic shape with the same vertices.
Shape quadratic(Shape shape);

/// Vertices whose mean is a node of the shape (of its straight cell); a vertex is its own.
struct Masters {
  int n;
  std::int8_t vertex[8];
};
const Masters& masters_of(Shape shape, int node);

/// Vertices of child `place` as nodes of the parent's quadratic shape.
const std::int8_t* child_vertices(Shape shape, int place);

/// Vertices of the 12 or 6 edges; for tets in the order of tet10's middles. hex: edges along ξ, then η, then ζ, each group lexicographic.
struct Edge {
  std::int8_t a, b;
};
int n_edges(Shape shape);
const Edge& edge_vertices(Shape shape, int edge);

}  // namespace winze::mesh
