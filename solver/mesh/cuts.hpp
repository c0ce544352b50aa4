/// Elements that are a part of their cell, the walls inside cells, and the faces where polynomials of neighbouring cells are tied together.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "base/comm.hpp"
#include "base/hanging_nodes.hpp"
#include "base/tensor.hpp"
#include "base/types.hpp"
#include "mesh/moment_fit.hpp"

namespace winze::mesh {

/// One face of one owned element.
struct Face {
  Index element;
  std::int8_t face;  ///< local face number
};

/// A point of the wall of a solid inside a cell, between two elements of that cell.
struct WallPoint {
  Vector3 position;       ///< m, on the solid's true wall
  Vector3 normal;         ///< unit, out of the solid
  Vector3 reference;      ///< coordinates in the cell
  double area;            ///< m²
  Index solid;            ///< part of the scene
  std::int32_t patch;     ///< smooth piece of that solid's wall
  Index inside, outside;  ///< elements on the solid's side and beyond; −1: nothing from the start
};

/// A triangle of a wall inside a cell, for pictures: what is known of the wall there is known at a wall point beside it.
struct WallFacet {
  std::int16_t corner[3][3];  ///< reference coordinates · 32767, anticlockwise seen from outside the solid
  Index wall;                 ///< the nearest point of its wall
};

/// A face between a cell a and a cell b of the same size or twice as large.
struct TiedFace {
  Index a, b;              ///< numbers in TiedCells
  std::int8_t axis, side;  ///< side 1: b lies towards larger coordinates
  std::int8_t quarter;     ///< place of a on b's face: bit 0 upper half of the next axis (cyclic), bit 1 of the one after; `whole`: same size
  static constexpr std::int8_t whole = 4;
};

/// Faces between cut cells and their neighbours; every face is on one rank.
struct TiedCells {
  std::vector<Index> nodes;  ///< [cells][27] local nodes, lexicographic
  std::vector<double> edge;  ///< [cells] m
  std::vector<Index> first;  ///< [own cells][2] range of their elements; own cells come first; the sides of a slot count as cells
  std::vector<TiedFace> faces;
  std::vector<std::vector<Index>> sent, received;  ///< per rank: own cells whose values it gets, cells that get its values

  Index n_cells() const { return Index(edge.size()); }
  Index n_own() const { return Index(first.size() / 2); }
  /// Collective. values[cells][width], own cells filled in: fills in those of other ranks.
  void exchange(const Comm& comm, std::vector<double>& values, int width) const;
};

/// Nodes of one place that belong to different sides of a slot: where what can be dug parts the rest of a cell, each part has its own nodes.
struct NodeCopies {
  struct Place {
    GlobalIndex first, more;  ///< the node of the first side; the others are more … more + n − 1
    Index n;
  };
  std::vector<Place> places;  ///< ascending first: of all copied nodes known here
  HangingNodes apart;         ///< Mesh::hanging with all sides apart
  /// [n_elements] 1 where the element lies between copies: once dug, it cannot be filled there. Empty without copies.
  std::vector<char> between;
};

struct Cuts {
  std::vector<Index> element;         ///< ascending: elements with points of their own; all others are whole cells
  std::vector<GlobalIndex> offset;    ///< [element + 1] into points
  std::vector<WeightedPoint> points;  ///< reference coordinates, weights in m³
  std::vector<Index> of_element;      ///< [n_elements] place in `element`, −1: whole; empty without cuts
  std::vector<WallPoint> walls;
  std::vector<WallFacet> facets;  ///< ascending cells
  /// Parts of the outer faces of cells that belong to cut elements, by element and face, with points: reference coordinates in the cell, weights in
  /// m². The boundary of a part is found to 1e-7 of the edge on eight lines across the face: areas are right to about 1e-3.
  std::vector<Face> hull_face;
  std::vector<Index> hull_offset;  ///< [hull_face + 1] into hull
  std::vector<WeightedPoint> hull;
  TiedCells tied;
  NodeCopies copies;

  bool whole(Index e) const { return of_element.empty() || of_element[e] < 0; }
};

}  // namespace winze::mesh
