/// A cube of the octree cut by solids: what lies where, as quadrature points, and the walls between.
#pragma once
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
  std::vector<Piece> pieces;
  std::vector<Wall> walls;
};

struct CutOptions {
  int depth = 3;           ///< walls are flat within 2^−depth of the cell's edge, and creases bevelled at that scale
  int degree = 5;          ///< total degree to which the points of pieces are exact: 5 makes the forces of constant stress on hex27 exact
  int wall_degree = 4;     ///< same for the points of walls
  bool compressed = true;  ///< false: all points
};

/// label(inside): what holds where bit i says whether solids[i] holds; equal labels make one piece where they are connected. Two places of a label
/// are connected where the cell's corners or the lattice between them lead from one to the other. The pieces' moments add up to the cell's. Walls
/// between equal labels are left out. At most 32 solids.
CutCell cut_cell(const geometry::Box& cell, std::span<const geometry::Solid* const> solids, const std::function<int(std::uint32_t inside)>& label,
                 const CutOptions& options = {});

}  // namespace winze::mesh
