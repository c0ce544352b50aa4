#include "mesh/components.hpp"

#include <gtest/gtest.h>

#include "mesh/raw.hpp"

using namespace winze;
using namespace winze::mesh;

namespace {

/// A box of nx × ny × nz unit hexes, each its own region as given by region(i, j, k).
template <class Region>
Mesh blocks(Shape shape, std::array<int, 3> n, int refine, std::vector<std::string> names, const Region& region) {
  const Comm world = Comm::world();
  RawMesh raw = box(world, shape, {0, 0, 0}, {double(n[0]), double(n[1]), double(n[2])}, n);
  raw.region_names = std::move(names);
  const GlobalIndex first = world.exclusive_scan(GlobalIndex(raw.cell_region.size()));
  const int per_hex = linear(shape) == Shape::tet4 ? 6 : 1;
  for (size_t c = 0; c < raw.cell_region.size(); ++c) {
    const int hex = int((first + GlobalIndex(c)) / per_hex);
    raw.cell_region[c] = region(hex % n[0], hex / n[0] % n[1], hex / (n[0] * n[1]));
  }
  BuildOptions options;
  options.refine = refine;
  return build(world, raw, options);
}

std::vector<std::int32_t> components(const Mesh& mesh, const std::vector<char>& active_region, int& n) {
  std::vector<char> active(mesh.n_elements());
  for (Index e = 0; e < mesh.n_elements(); ++e) active[e] = active_region[mesh.region[e]];
  return face_connected_components(mesh, active, n);
}

/// The component of the elements of a region, which must be one and the same on all ranks.
int component_of(const Mesh& mesh, const std::vector<std::int32_t>& component, std::int32_t region) {
  int low = 1 << 30, high = -2;
  for (Index e = 0; e < mesh.n_elements(); ++e)
    if (mesh.region[e] == region) low = std::min(low, component[e]), high = std::max(high, component[e]);
  low = mesh.comm.min(low), high = mesh.comm.max(high);
  EXPECT_EQ(low, high);
  return low;
}

}  // namespace

// Two blocks that touch along an edge only are two; the whole box is one; with the other diagonal pair taken away as well nothing is left.
TEST(ComponentsRanks, BlocksTouchingAlongAnEdgeAreTwo) {
  for (Shape shape : {Shape::hex8, Shape::hex27, Shape::tet4, Shape::tet10})
    for (int refine : {0, 1}) {
      SCOPED_TRACE(info(shape).name);
      const Mesh mesh = blocks(shape, {4, 4, 2}, refine, {"south_west", "north_east", "rest"}, [](int i, int j, int) {
        const bool west = i < 2, south = j < 2;
        return west && south ? 0 : !west && !south ? 1 : 2;
      });
      int n = -1;
      const auto two = components(mesh, {1, 1, 0}, n);
      EXPECT_EQ(n, 2);
      EXPECT_NE(component_of(mesh, two, 0), component_of(mesh, two, 1));
      EXPECT_EQ(component_of(mesh, two, 2), -1);
      components(mesh, {1, 1, 1}, n);
      EXPECT_EQ(n, 1);
      components(mesh, {0, 0, 0}, n);
      EXPECT_EQ(n, 0);
    }
}

// A snake that winds through all ranks is one block, and each of the excavated bars it leaves is one too.
TEST(ComponentsRanks, ALongSnakeIsOneBlock) {
  const Mesh mesh = blocks(Shape::hex8, {8, 9, 3}, 0, {"snake", "bar_1", "bar_2", "bar_3", "bar_4"}, [](int i, int j, int) {
    if (j % 2 == 0) return 0;
    return i == (j % 4 == 1 ? 7 : 0) ? 0 : 1 + j / 2;
  });
  int n = -1;
  components(mesh, {1, 0, 0, 0, 0}, n);
  EXPECT_EQ(n, 1);
  const auto bars = components(mesh, {0, 1, 1, 1, 1}, n);
  EXPECT_EQ(n, 4);
  int seen = 0;
  for (int bar = 1; bar <= 4; ++bar) seen |= 1 << component_of(mesh, bars, bar);
  EXPECT_EQ(seen, 15);
}
