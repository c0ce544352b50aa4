// The meshes that ship as Gmsh sources, in their coarse versions: the regions have the volumes of their solids, curved walls lie on the true
// cylinder, no cell is inverted.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "mesh/read.hpp"
#include "small_mesh.hpp"

using namespace winze;
using namespace winze::mesh;

namespace {

constexpr double pi = 3.14159265358979324;

class Meshes : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("gmsh --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "the program gmsh is not installed";
  }
  static Mesh made(const std::string& name) {
    const std::string root = WINZE_SOURCE_DIR;
    EXPECT_EQ(std::system(("\"" + root + "/scripts/meshes\" " + name).c_str()), 0);
    return build(Comm::self(), read_mesh(Comm::self(), root + "/meshes/built/" + name + ".msh", 1), {});
  }
};

double volume(const Mesh& mesh, const Quality& quality, const std::string& region) {
  const int i = mesh.region_index(region);
  EXPECT_GE(i, 0) << region;
  return i < 0 ? 0 : quality.region_volume[i];
}
double area(const Mesh& mesh, const Quality& quality, const std::string& surface) {
  const Surface* found = mesh.find_surface(surface);
  EXPECT_TRUE(found) << surface;
  return found ? quality.surface_area[found - mesh.surfaces.data()] : 0;
}

// Largest distance of a surface's nodes from the cylinder round the axis through the origin that is `along` z (2) or y (1).
double off_cylinder(const Mesh& mesh, const std::string& surface, int along, double radius) {
  double off = 0;
  for (const Face& face : mesh.find_surface(surface)->faces)
    for (int k = 0; k < info(mesh.shape).n_face_nodes; ++k) {
      const Vector3 x = mesh.point(mesh.nodes_of(face.element)[face_nodes(mesh.shape, face.face)[k]]);
      off = std::max(off, std::abs(std::hypot(x[0], x[3 - along]) - radius));
    }
  return off;
}

void expect_block(const Mesh& mesh, const Quality& quality, double x, double y, double z, double worst) {
  EXPECT_NEAR(quality.volume, x * y * z, 1e-9 * x * y * z);
  for (const char* side : {"x_min", "x_max"}) EXPECT_NEAR(area(mesh, quality, side), y * z, 1e-9 * y * z);
  for (const char* side : {"y_min", "y_max"}) EXPECT_NEAR(area(mesh, quality, side), x * z, 1e-9 * x * z);
  for (const char* side : {"z_min", "z_max"}) EXPECT_NEAR(area(mesh, quality, side), x * y, 1e-9 * x * y);
  EXPECT_EQ(quality.inverted, 0);
  EXPECT_GE(quality.smallest_jacobian, worst);
}

}  // namespace

TEST_F(Meshes, ShaftWithStation) {
  const Mesh mesh = made("shaft_station_coarse");
  const Quality q = quality(mesh);
  expect_block(mesh, q, 120, 120, 100, 0.05);
  const double r = 5.75, round = 10 * pi * r * r;
  // 12 parabolas round the circle are off its area by 1e-4 at most, if their nodes are on it.
  for (int k = 1; k <= 7; ++k) EXPECT_NEAR(volume(mesh, q, "shaft_" + std::to_string(k)), round, 5e-4 * round);
  EXPECT_LT(off_cylinder(mesh, "shaft_wall", 2, r), 1e-5);
  // The station from the axis to its face, less the part inside the shaft: ∫ sqrt(r² − y²) h(y) dy over its width, h the height at y.
  const double half = 3.5, wall = 3.5;
  double inside = 0;
  const int n = 10000;
  for (int i = 0; i < n; ++i) {
    const double y = half * (2 * (i + 0.5) / n - 1);
    inside += std::sqrt(r * r - y * y) * (wall + std::sqrt(half * half - y * y)) * 2 * half / n;
  }
  const double station = 30 * (2 * half * wall + pi * half * half / 2) - inside;
  EXPECT_NEAR(volume(mesh, q, "station"), station, 2e-3 * station);
  EXPECT_NEAR(volume(mesh, q, "rock_1"), 30 * 14400 - 3 * round, 10);
  EXPECT_NEAR(volume(mesh, q, "rock_2"), 30 * 14400 - 3 * round - station, 10);
  EXPECT_NEAR(volume(mesh, q, "rock_3"), 40 * 14400 - round, 10);
  EXPECT_NEAR(area(mesh, q, "shaft_bottom"), pi * r * r, 1e-3 * pi * r * r);
  EXPECT_NEAR(area(mesh, q, "shaft_wall") + area(mesh, q, "station_entrance"), 70 * 2 * pi * r, 2);
}

TEST_F(Meshes, Shaft) {
  const Mesh mesh = made("shaft_coarse");
  const Quality q = quality(mesh);
  expect_block(mesh, q, 120, 120, 100, 0.5);
  const double round = 10 * pi * 5.75 * 5.75;
  // 16 parabolas round the circle.
  for (int k = 1; k <= 7; ++k) EXPECT_NEAR(volume(mesh, q, "shaft_" + std::to_string(k)), round, 1e-4 * round);
  EXPECT_LT(off_cylinder(mesh, "shaft_wall", 2, 5.75), 1e-9);
  EXPECT_NEAR(volume(mesh, q, "rock_1"), 30 * 14400 - 3 * round, 1);
  EXPECT_NEAR(volume(mesh, q, "rock_2"), 30 * 14400 - 3 * round, 1);
  EXPECT_NEAR(volume(mesh, q, "rock_3"), 40 * 14400 - round, 1);
}

TEST_F(Meshes, CircularDrive) {
  const Mesh mesh = made("circular_drive_coarse");
  const Quality q = quality(mesh);
  expect_block(mesh, q, 50, 32, 50, 0.5);
  const double round = 4 * pi * 2.5 * 2.5;
  for (int k = 1; k <= 4; ++k) EXPECT_NEAR(volume(mesh, q, "drive_" + std::to_string(k)), round, 1e-4 * round);
  EXPECT_LT(off_cylinder(mesh, "drive_wall", 1, 2.5), 1e-9);
  EXPECT_NEAR(area(mesh, q, "drive_wall"), 16 * 2 * pi * 2.5, 0.1);
  EXPECT_NEAR(area(mesh, q, "drive_face"), pi * 2.5 * 2.5, 0.01);
}

TEST_F(Meshes, HorseshoeDrive) {
  const Mesh mesh = made("horseshoe_drive_coarse");
  const Quality q = quality(mesh);
  expect_block(mesh, q, 50, 40, 50, 0.05);
  const double face = 5 * 2 + pi * 2.5 * 2.5 / 2;
  for (int k = 1; k <= 5; ++k) EXPECT_NEAR(volume(mesh, q, "drive_" + std::to_string(k)), 4 * face, 1e-3 * 4 * face);
  EXPECT_NEAR(area(mesh, q, "drive_wall"), 20 * (5 + 2 * 2 + pi * 2.5), 0.3);
  EXPECT_NEAR(area(mesh, q, "drive_face"), face, 1e-3 * face);
}

TEST_F(Meshes, SlotStope) {
  const Mesh mesh = made("slot_stope_coarse");
  const Quality q = quality(mesh);
  expect_block(mesh, q, 120, 120, 120, 0.05);
  for (const char* panel : {"stope_1", "stope_2", "stope_3"}) EXPECT_NEAR(volume(mesh, q, panel), 4 * 12 * 25, 1e-6);
  for (const char* drive : {"upper_drive", "lower_drive"}) EXPECT_NEAR(volume(mesh, q, drive), 4 * 4 * 48, 1e-6);
  for (const char* wall : {"hanging_wall", "footwall"}) EXPECT_NEAR(area(mesh, q, wall), 36 * 25, 1e-6);
}
