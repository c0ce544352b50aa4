#include "mesh/sizing.hpp"

#include <algorithm>
#include <cmath>

namespace winze::mesh {
namespace {

using geometry::Box;
using geometry::Scene;
using geometry::Wall;
using geometry::operator-, geometry::operator*;

/// Width of the solid behind a wall point, up to `longest`, if the wall over there faces this one: beside an edge the way ends at the wall next to
/// it.
double facing_width(const geometry::Solid& solid, const Wall& wall, double longest) {
  const double width = geometry::thickness(solid, wall, longest);
  if (width < longest && dot(solid.nearest(wall.point - width * wall.normal).normal, wall.normal) > -0.5) return longest;
  return width;
}

/// Edge that a wall point asks of its cell, if that is below `edge`; without the thickness behind it, which is dear, unless `thickness`.
double at_wall(const geometry::Solid& solid, const Wall& wall, const Sizing& sizing, double edge, bool thickness) {
  double wanted = wall.curvature_radius / sizing.per_radius;
  if (thickness && sizing.across > 0 && wanted > edge)
    wanted = std::min(wanted, facing_width(solid, wall, 1.01 * sizing.across * edge) / sizing.across);
  return std::min(sizing.wall, std::max(wanted, sizing.smallest));
}

double target(const Scene& scene, const Sizing& sizing, const Box& cell, std::vector<Index>& parts) {
  const double edge = cell.high[0] - cell.low[0], reach = 0.5 * cell.diagonal();
  double wanted = Box::inf;
  for (const SizeBox& b : sizing.boxes) {
    bool in = true;
    for (int d = 0; d < 3; ++d) in = in && cell.low[d] < b.box.high[d] - 1e-9 * edge && cell.high[d] > b.box.low[d] + 1e-9 * edge;
    if (in) wanted = std::min(wanted, b.size);
  }
  if (wanted < edge * (1 - 1e-9)) return wanted;
  const auto counts = [&](Index part) { return !std::binary_search(sizing.without.begin(), sizing.without.end(), part); };
  const Vector3 centre = cell.centre();
  scene.candidates(cell.grown(0.37 * edge), parts);  // all that may come within reach
  bool cut = false;
  for (Index part : parts) {
    if (!counts(part)) continue;
    const geometry::Solid& solid = *scene[part].solid;
    const Wall wall = solid.nearest(centre, reach);
    if (wall.patch < 0) continue;
    cut = true;
    wanted = std::min(wanted, at_wall(solid, wall, sizing, edge, true));
    if (wanted < edge * (1 - 1e-9)) return wanted;
    const bool beside_edge = std::abs(std::abs(dot(centre - wall.point, wall.normal)) - std::abs(wall.distance)) > 1e-6 * edge;
    for (int v = 0; v < 8; ++v) {
      const Vector3 corner = {v & 1 ? cell.high[0] : cell.low[0], v & 2 ? cell.high[1] : cell.low[1], v & 4 ? cell.high[2] : cell.low[2]};
      const Wall seen = solid.nearest(corner, reach);
      if (seen.patch >= 0 && cell.contains(seen.point)) wanted = std::min(wanted, at_wall(solid, seen, sizing, edge, beside_edge));
    }
  }
  if (cut) return wanted;
  // Farther away than this, whatever the wall asks for, the cell may stay.
  const double distance = reach + edge / sizing.growth;
  Scene::Near near = scene.nearest(centre, distance);
  if (near.part >= 0 && !counts(near.part)) {  // look past it
    scene.candidates(Box{centre, centre}.grown(distance), parts);
    near = {};
    for (Index part : parts)
      if (counts(part))
        if (const Wall wall = scene[part].solid->nearest(centre, std::min(distance, std::abs(near.wall.distance))); wall.patch >= 0)
          near = {wall, part};
  }
  if (near.part < 0) return wanted;
  const double off = std::max(0.0, std::abs(near.wall.distance) - reach), there = (edge - sizing.growth * off);
  if (!(there > 0)) return wanted;
  return std::min(wanted, at_wall(*scene[near.part].solid, near.wall, sizing, there, true) + sizing.growth * off);
}

}  // namespace

std::function<double(const Box&)> target_of(const Scene& scene, const Sizing& sizing) {
  return [&scene, &sizing](const Box& cell) {
    static thread_local std::vector<Index> parts;
    return target(scene, sizing, cell, parts);
  };
}

std::function<double(const Box&)> weight_of(const Scene& scene) {
  return [&scene](const Box& cell) { return scene.nearest(cell.centre(), 0.5 * cell.diagonal()).part < 0 ? 1.0 : 8.0; };
}

}  // namespace winze::mesh
