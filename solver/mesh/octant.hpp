/// One cube of an octree as a number whose order is the order of the tree along Morton's curve.
#pragma once
#include <array>
#include <cstdint>

namespace winze::mesh {

/// key · 32 + level; key: the bits of the lowest corner in unit cells, x first. Ascending codes follow the curve, a cube comes before what it holds.
using OctantCode = std::uint64_t;

inline constexpr int octant_bits = 19;  ///< per axis, of positions in unit cells

struct Octant {
  std::array<std::int32_t, 3> at;  ///< lowest corner, in unit cells: the smallest cubes there can be
  int level;                       ///< 0: an unrefined cell
};

/// Bit i of v (21 bits) goes to bit 3 i.
inline std::uint64_t spread_bits(std::uint64_t v) {
  v = (v | v << 32) & 0x1f00000000ffffull;
  v = (v | v << 16) & 0x1f0000ff0000ffull;
  v = (v | v << 8) & 0x100f00f00f00f00full;
  v = (v | v << 4) & 0x10c30c30c30c30c3ull;
  return (v | v << 2) & 0x1249249249249249ull;
}
inline std::uint64_t collect_bits(std::uint64_t v) {
  v &= 0x1249249249249249ull;
  v = (v ^ v >> 2) & 0x10c30c30c30c30c3ull;
  v = (v ^ v >> 4) & 0x100f00f00f00f00full;
  v = (v ^ v >> 8) & 0x1f0000ff0000ffull;
  v = (v ^ v >> 16) & 0x1f00000000ffffull;
  return (v ^ v >> 32) & 0x1fffffull;
}

inline OctantCode encode(const Octant& o) {
  return (spread_bits(std::uint64_t(o.at[0])) | spread_bits(std::uint64_t(o.at[1])) << 1 | spread_bits(std::uint64_t(o.at[2])) << 2) << 5 |
         std::uint64_t(o.level);
}
inline Octant decode(OctantCode code) {
  const std::uint64_t key = code >> 5;
  return {{std::int32_t(collect_bits(key)), std::int32_t(collect_bits(key >> 1)), std::int32_t(collect_bits(key >> 2))}, int(code & 31)};
}
inline int level_of(OctantCode code) { return int(code & 31); }

}  // namespace winze::mesh
