/// Axis-aligned boxes.
#pragma once
#include <algorithm>
#include <limits>

#include "geometry/vector.hpp"

namespace winze::geometry {

struct Box {
  static constexpr double inf = std::numeric_limits<double>::infinity();
  Vector3 low = {inf, inf, inf}, high = {-inf, -inf, -inf};  ///< empty as constructed

  bool empty() const { return !(low[0] <= high[0]); }
  Vector3 centre() const { return 0.5 * (low + high); }
  double diagonal() const { return empty() ? 0 : norm(high - low); }
  void add(const Vector3& x) {
    for (int d = 0; d < 3; ++d) low[d] = std::min(low[d], x[d]), high[d] = std::max(high[d], x[d]);
  }
  void add(const Box& b) {
    for (int d = 0; d < 3; ++d) low[d] = std::min(low[d], b.low[d]), high[d] = std::max(high[d], b.high[d]);
  }
  Box grown(double by) const { return {low - Vector3{by, by, by}, high + Vector3{by, by, by}}; }
  bool contains(const Vector3& x) const {
    return x[0] >= low[0] && x[0] <= high[0] && x[1] >= low[1] && x[1] <= high[1] && x[2] >= low[2] && x[2] <= high[2];
  }
  bool overlaps(const Box& b) const {
    return low[0] <= b.high[0] && b.low[0] <= high[0] && low[1] <= b.high[1] && b.low[1] <= high[1] && low[2] <= b.high[2] && b.low[2] <= high[2];
  }
  /// Squared distance of a point; 0 inside.
  double distance2(const Vector3& x) const {
    double sum = 0;
    for (int d = 0; d < 3; ++d) {
      const double out = std::max({low[d] - x[d], x[d] - high[d], 0.0});
      sum += out * out;
    }
    return sum;
  }
};

}  // namespace winze::geometry
