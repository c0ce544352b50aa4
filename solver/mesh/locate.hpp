/// Which element holds a point, and where in it: for probes and for carrying fields from one mesh to another.
#pragma once
#include <vector>

#include "mesh/mesh.hpp"

namespace winze::mesh {

struct Located {
  bool found = false;   ///< on this rank
  Index element = -1;   ///< owned element
  Vector3 reference{};  ///< inside its reference cell
};

/// Boxes round runs of elements, eight by eight up to one: elements follow a curve, so the runs are compact and no grid needs to fit their sizes.
class Locator {
 public:
  /// Local. The mesh must outlive the locator.
  explicit Locator(const Mesh& mesh);
  /// Collective; the same points, m, on every rank. Every point is found on exactly one rank, or on none if it lies outside: the rank whose element
  /// holds it best, the lowest among equals. A point outside the mesh by less than `slack` of a cell's reference size counts as on its boundary
  /// (walls are curved, cells are not quite): it gets the nearest reference point of the cell. active_region (one flag per region, empty: all)
  /// restricts the search.
  std::vector<Located> locate(const std::vector<Vector3>& points, const std::vector<char>& active_region = {}) const;
  static constexpr double slack = 0.01;

 private:
  struct Box {
    Vector3 low, high;
    bool holds(const Vector3& x) const {
      return x[0] >= low[0] && x[0] <= high[0] && x[1] >= low[1] && x[1] <= high[1] && x[2] >= low[2] && x[2] <= high[2];
    }
  };
  void search(int level, Index box, const Vector3& x, const std::vector<char>& active_region, Located& best, double& outside) const;
  const Mesh& mesh_;
  std::vector<std::vector<Box>> boxes_;  ///< [0] of elements, [l + 1] of eight boxes of l
};

/// Inverse of the isoparametric map by Newton's method from the middle of the cell: false if it does not converge to |Δξ| < 1e-12 (or the rounding of
/// x) in 50 steps or leaves the reach of the cell. outside: how far ξ lies outside the reference cell, in its own coordinates; 0 inside.
bool invert_map(Shape shape, const double (*x)[3], const Vector3& point, Vector3& xi, double& outside);

}  // namespace winze::mesh
