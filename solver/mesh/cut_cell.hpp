/// A cube of the octree cut by solids: what lies where, as quadrature points, and the walls between. May run on many threads.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "geometry/solid.hpp"
#include "mesh/moment_fit.hpp"

namespace winze::mesh {

struct CutCell {
  /// Connected rock of one label. Points in reference coordinates, within [−1, 1]³ of the cell, inside the piece; weights in m³.
  struct Piece {
    int label;
    double volume;  ///< m³
    std::vector<WeightedPoint> points;
  };
  /// A point of the wall of a solid between two pieces.
  struct Wall {
    Vector3 position;  ///< m, on the solid's true wall
    Vector3 normal;    ///< unit, out of the solid
    double area;       ///< m²
    int solid, patch;
    int inside, outside;  ///< pieces on its two sides
  };
  /// A triangle of a wall, for pictures: within `flatness` of the true one.
  struct Facet {
    std::array<Vector3, 3> corner;  ///< reference coordinates, anticlockwise seen from outside the solid
    int wall;                       ///< the point of that wall nearest to it
  };
  std::vector<Piece> pieces;
  std::vector<Wall> walls;
  std::vector<Facet> facets;
  /// With two pieces and more: the piece at 8 × 8 points of each face (−ξ +ξ …), at odd 1/8 of half the edge, next axis (cyclic) fastest; −1: a
  /// sliver that joined a piece elsewhere. Empty with one.
  static constexpr int n_samples = 8;
  std::vector<std::int8_t> sides;
};

struct CutOptions {
  int depth = 2;           ///< curved walls are flat within boxes of at least 2^−depth of the cell's edge
  double flatness = 4e-3;  ///< distance between a wall and its plane that is small enough, over the cell's edge: boxes are not parted further
  int degree = 5;          ///< total degree to which the points of pieces are exact: 5 makes the forces of constant stress on hex27 exact
  int wall_degree = 4;     ///< same for the points of walls
  bool compressed = true;  ///< false: all points
};

/// label(inside): what holds where bit i says whether solids[i] holds; equal labels make one piece where they are connected inside the cell; pieces
/// below 0.2 % of the cell that hardly show on its faces join the largest of their label. The pieces' moments add up to the cell's. The cell is
/// parted into boxes in each of which every smooth patch of a wall is one plane: plane walls with their edges and corners are exact, curved ones
/// neither add nor take volume in the mean. Walls between equal labels are left out, and walls that lie in the cell's own faces are none. At most 32
/// solids.
CutCell cut_cell(const geometry::Box& cell, std::span<const geometry::Solid* const> solids, const std::function<int(std::uint32_t inside)>& label,
                 const CutOptions& options = {});

}  // namespace winze::mesh
