/// Hilbert's curve through a cube: cells close along it are close in space.
#pragma once
#include <cstdint>

#include "base/tensor.hpp"

namespace winze::mesh {

inline constexpr int curve_bits = 20;  ///< per axis

/// Distance along the curve, in [0, 8^curve_bits), of a point of the cube [low, low + size]³.
std::uint64_t curve_key(const Vector3& point, const Vector3& low, double size);

}  // namespace winze::mesh
