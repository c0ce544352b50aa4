#include "geometry/solid.hpp"

#include <cmath>

namespace winze::geometry {

void Solid::nearest(std::span<const Vector3> points, std::span<Wall> walls, double within) const {
  for (std::size_t i = 0; i < points.size(); ++i) {
    double bound = within;
    if (i > 0 && walls[i - 1].patch >= 0) bound = std::min(bound, norm(points[i] - walls[i - 1].point) * (1 + 1e-9) + 1e-12);
    walls[i] = nearest(points[i], bound);
  }
}

double free_way(const Solid& solid, const Vector3& from, const Vector3& direction, double longest) {
  const double step = 1e-6 * longest;
  double way = 10 * step;  // off the wall it starts on
  const double start = solid.distance(from + way * direction);
  for (int i = 0; i < 1000 && way < longest; ++i) {
    const double d = solid.distance(from + way * direction);
    if ((d < 0) != (start < 0)) return way;
    way += std::max(std::abs(d), step);
  }
  return std::min(way, longest);
}

}  // namespace winze::geometry
