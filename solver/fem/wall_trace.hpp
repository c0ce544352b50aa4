/// Walls inside cells: their points as surface points, and the strain along them from the displacement on the wall.
#pragma once
#include <vector>

#include "fem/surface_points.hpp"

namespace winze::fem {

/// The points of walls inside cells that have standing rock on one side only, as that rock sees them: normal into the opening, surface 1 + number of
/// the solid, its patch. stage(w): for point w of mesh.cuts.walls.
template <class Stage>
std::vector<SurfacePoint> bare_wall_points(const mesh::Mesh& mesh, const std::vector<char>& standing, const Stage& stage) {
  std::vector<SurfacePoint> points;
  const auto stands = [&](Index e) { return e >= 0 && standing[e]; };
  for (std::size_t w = 0; w < mesh.cuts.walls.size(); ++w) {
    const mesh::WallPoint& wall = mesh.cuts.walls[w];
    const bool inside = stands(wall.inside);
    if (inside == stands(wall.outside)) continue;
    const double sign = inside ? 1 : -1;
    points.push_back({wall.position,
                      {sign * wall.normal[0], sign * wall.normal[1], sign * wall.normal[2]},
                      wall.area,
                      inside ? wall.inside : wall.outside,
                      wall.reference,
                      1 + wall.solid,
                      stage(w),
                      wall.patch});
  }
  return points;
}

/// A triangle of a wall that bare_wall_points() has points of.
struct BareFacet {
  Index facet;    ///< of mesh.cuts.facets
  Index element;  ///< that stands
  Index point;    ///< the nearest of bare_wall_points()
};
std::vector<BareFacet> bare_facets(const mesh::Mesh& mesh, const std::vector<char>& standing);

/// Strain (Kelvin) of which only the part along the wall counts (wall_stress): slopes at the points `at` of the cubic in two tangent coordinates that
/// is nearest, by area, to the displacement at the wall points of the same surface and patch within 1.5 edges of the point's cell. Near the end of a
/// patch the fit is one-sided; where too few points lie around, its degree falls. `wall`: bare wall points of this rank; those of others are fetched.
/// u[n_local][3], ghosts valid. Collective.
std::vector<Sym3> trace_strain(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& wall, const std::vector<SurfacePoint>& at, const double* u);

/// 1 where a wall point of another surface or patch, more than 50° off, lies within half an edge of the point's cell: elastic stress has no limit at
/// re-entrant creases. Collective.
std::vector<char> beside_creases(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& wall, const std::vector<SurfacePoint>& at);

}  // namespace winze::fem
