/// The model's own coordinates: mine grids put millions of metres in front of the centimetres that matter.
#pragma once
#include "geometry/vector.hpp"

namespace winze::geometry {

/// local = R · (global − origin). The local y axis points along the azimuth `north` (clockwise from the grid's north, rad), x to its right; z stays.
struct Frame {
  Vector3 origin{};
  double north = 0;

  Vector3 local(const Vector3& global) const {
    const Vector3 d = global - origin;
    if (north == 0) return d;
    const double c = std::cos(north), s = std::sin(north);
    return {c * d[0] - s * d[1], s * d[0] + c * d[1], d[2]};
  }
  Vector3 global(const Vector3& local) const {
    if (north == 0) return local + origin;
    const double c = std::cos(north), s = std::sin(north);
    return Vector3{c * local[0] + s * local[1], -s * local[0] + c * local[1], local[2]} + origin;
  }
};

}  // namespace winze::geometry
