// From a case with geometry to its cut mesh: regions by what is dug first, materials of the rock around.
#include "run/home_mesh.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

using namespace winze;
using namespace winze::run;

namespace {

Case example() {
  return load_text(R"(
case: example
geometry:
  ore: {box: {low: [2 m, -5 m, -5 m], high: [9 m, 5 m, 5 m]}}
  drive: {sweep: {profile: {rectangle: {width: 3 m, height: 3 m}}, path: [[-20 m, 0 m, 0 m], [6 m, 0 m, 0 m]]}}
  stope: {box: {low: [4 m, -3 m, -3 m], high: [8 m, 3 m, 3 m]}}
mesh: {octree: {low: [-16 m, -16 m, -16 m], high: [16 m, 16 m, 16 m], size: 8 m, wall: 2 m, smallest: 1 m}}
materials:
  granite: {density: 2700 kg/m^3, law: {elastic: {young: 50 GPa, poisson: 0.25}}}
  quartz: {density: 2650 kg/m^3, law: {elastic: {young: 70 GPa, poisson: 0.2}}}
regions: {rock: granite, ore: quartz}
in_situ: {stress: {ratio: {compression_vertical: {gradient: 0.027 MPa/m}, major: 1, minor: 1}}}
boundaries: {rock: [{fixed: {surface: z_min}}]}
stages: [{name: drive, excavate: [drive]}, {name: stope, excavate: [stope]}]
)",
                   "example.yaml", {});
}

}  // namespace

TEST(HomeMeshRanks, GroundBelongsToWhatIsDugFirst) {
  const Case c = example();
  const mesh::Mesh mesh = make_mesh(Comm::world(), c, ".");
  ASSERT_EQ(mesh.region_names, (std::vector<std::string>{"drive", "drive in ore", "ore", "rock", "stope in ore"}));
  std::vector<double> volume(5, 0);
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    const double edge = mesh.point(mesh.nodes_of(e)[26])[0] - mesh.point(mesh.nodes_of(e)[0])[0];
    volume[std::size_t(mesh.region[std::size_t(e)])] += edge * edge * edge * (mesh.share.empty() ? 1 : mesh.share[std::size_t(e)]);
  }
  mesh.comm.sum(volume.data(), 5);
  const double moved = 0.3187;  // the box begins a third of a cell of 1 m further out
  EXPECT_NEAR(volume[0], 9 * (18 + moved), 1e-9);
  EXPECT_NEAR(volume[1], 9 * 4, 1e-9);
  EXPECT_NEAR(volume[2], 7 * 100 - 4 * 36 - 9 * 2, 1e-9);
  EXPECT_NEAR(volume[4], 4 * 36 - 9 * 2, 1e-9);
  EXPECT_EQ(bind_regions(c, mesh), (std::vector<int>{0, 1, 1, 0, 1})) << "granite, or quartz within the ore";
  EXPECT_EQ(match_regions("stope", mesh.region_names), std::vector<int>{4});
  EXPECT_EQ(match_regions("drive", mesh.region_names), (std::vector<int>{0, 1}));
}
