#include "geometry/solid.hpp"

namespace winze::geometry {

void Solid::nearest(std::span<const Vector3> points, std::span<Wall> walls, double within) const {
  for (std::size_t i = 0; i < points.size(); ++i) {
    double bound = within;
    if (i > 0 && walls[i - 1].patch >= 0) bound = std::min(bound, norm(points[i] - walls[i - 1].point) * (1 + 1e-9) + 1e-12);
    walls[i] = nearest(points[i], bound);
  }
}

}  // namespace winze::geometry
