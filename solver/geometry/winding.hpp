/// Generalised winding number of triangles that need not be closed (Jacobson, Kavan and Sorkine-Hornung 2013), in a hierarchy with dipoles for what
/// is far (Barill, Dickson, Schmidt, Levin and Jacobson 2018).
#pragma once
#include <vector>

#include "geometry/box_tree.hpp"
#include "geometry/triangles.hpp"

namespace winze::geometry {

class Winding {
 public:
  Winding() = default;
  explicit Winding(const Triangles& triangles);

  /// 1 inside a closed outward surface, 0 outside, 2 where two overlap; between where the surface has holes. Within 0.02 of the exact sum.
  double operator()(const Vector3& x) const;

 private:
  struct Cluster {
    Vector3 dipole, centre;  ///< sum of area vectors over 4π; mean of the faces
    double near2;            ///< squared distance within which the dipole is not exact enough
  };
  BoxTree tree_;
  std::vector<Cluster> clusters_;                ///< one per node of the tree
  std::vector<std::array<Vector3, 3>> corners_;  ///< in the order of the tree's leaves
};

}  // namespace winze::geometry
