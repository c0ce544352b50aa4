#include "mesh/curve.hpp"

#include <algorithm>

namespace winze::mesh {

// Skilling (2004), Programming the Hilbert curve, AIP Conf. Proc. 707:381–387: axes to transposed distance, in place.
std::uint64_t curve_key(const Vector3& point, const Vector3& low, double size) {
  constexpr std::uint32_t top = 1u << (curve_bits - 1);
  std::uint32_t x[3];
  for (int axis = 0; axis < 3; ++axis) {
    const double t = (point[axis] - low[axis]) / size * (2.0 * top);
    x[axis] = std::uint32_t(std::clamp(t, 0.0, 2.0 * top - 1));
  }
  for (std::uint32_t q = top; q > 1; q >>= 1) {
    const std::uint32_t p = q - 1;
    for (int axis = 0; axis < 3; ++axis) {
      if (x[axis] & q) {
        x[0] ^= p;
      } else {
        const std::uint32_t t = (x[0] ^ x[axis]) & p;
        x[0] ^= t, x[axis] ^= t;
      }
    }
  }
  x[1] ^= x[0], x[2] ^= x[1];
  std::uint32_t t = 0;
  for (std::uint32_t q = top; q > 1; q >>= 1)
    if (x[2] & q) t ^= q - 1;
  std::uint64_t key = 0;
  for (int axis = 0; axis < 3; ++axis) x[axis] ^= t;
  for (int bit = curve_bits - 1; bit >= 0; --bit)
    for (int axis = 0; axis < 3; ++axis) key = key << 1 | (x[axis] >> bit & 1);
  return key;
}

}  // namespace winze::mesh
