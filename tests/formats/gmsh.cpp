#include "mesh/gmsh.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>

#include "base/error.hpp"
#include "mesh/read.hpp"
#include "small_mesh.hpp"

using namespace winze;
using namespace winze::mesh;
using namespace winze::mesh::formats;

namespace {
Comm world() { return Comm::world(); }
// To a grid of 2⁻³⁰, since Gmsh writes 16 digits in ASCII files.
Contents rounded(Contents all) {
  for (auto* list : {&all.cells, &all.faces}) {
    for (auto& [name, points] : *list)
      for (Vector3& x : points)
        for (double& c : x) c = std::ldexp(std::round(std::ldexp(c, 30)), -30) + 0.0;
    std::sort(list->begin(), list->end());
  }
  for (auto& [name, points] : all.faces) std::sort(points.begin(), points.end());
  return all;
}
constexpr Shape all_shapes[] = {Shape::hex8, Shape::hex27, Shape::tet4, Shape::tet10};
}  // namespace

// One mesh in 2.2 and 4.1, ASCII and binary, gives the same cells with the same nodes in winze's order, the same regions and surfaces, on any number
// of ranks. The order expected comes from positions on the reference cell, not from a permutation.
TEST(GmshRanks, EveryVersionAndModeGivesTheSameMesh) {
  for (Shape shape : all_shapes) {
    const FileMesh mesh = two_cells(shape);
    for (int version : {2, 4})
      for (bool binary : {false, true}) {
        const std::string path = write_file("two_cells.msh", version == 2 ? msh_2(mesh, binary) : msh_4(mesh, binary));
        const RawMesh raw = read_mesh(world(), path, 1);
        EXPECT_EQ(contents(world(), raw), expected(shape)) << info(shape).name << " version " << version << " binary " << binary;
        EXPECT_EQ(raw.n_nodes, GlobalIndex(mesh.nodes.size()));
        const GlobalIndex share =
            block_begin(raw.n_nodes, world().size(), world().rank() + 1) - block_begin(raw.n_nodes, world().size(), world().rank());
        EXPECT_EQ(GlobalIndex(raw.points.size()), 3 * share);
        world().all(true);
      }
  }
}

// Tags spread so far that no table by tag would fit in memory.
TEST(Gmsh, NodeTagsMayBeAnywhere) {
  FileMesh mesh = two_cells(Shape::tet10);
  for (auto& [tag, x] : mesh.nodes) tag = tag * 800000000000;
  for (FileElement& e : mesh.elements)
    for (std::int64_t& tag : e.nodes) tag *= 800000000000;
  for (bool binary : {false, true})
    EXPECT_EQ(contents(world(), read_gmsh(world(), write_file("tags.msh", msh_4(mesh, binary)), 1)), expected(Shape::tet10));
}

TEST(Gmsh, ScaleMultipliesCoordinates) {
  const std::string path = write_file("scale.msh", msh_2(two_cells(Shape::tet4), true));
  Contents scaled = expected(Shape::tet4);
  for (auto* list : {&scaled.cells, &scaled.faces})
    for (auto& [name, points] : *list)
      for (Vector3& x : points)
        for (double& c : x) c *= 0.001;
  EXPECT_EQ(contents(world(), read_gmsh(world(), path, 0.001)), scaled);
  EXPECT_THROW(read_gmsh(world(), path, 0), InputError);
  EXPECT_THROW(read_gmsh(world(), path, NAN), InputError);
}

TEST(Gmsh, GroupsWithoutNamesAreCalledByTheirTag) {
  FileMesh mesh = two_cells(Shape::hex8);
  mesh.names.clear();
  const RawMesh raw = read_gmsh(world(), write_file("names.msh", msh_4(mesh, false)), 1);
  EXPECT_EQ(raw.region_names, (std::vector<std::string>{"volume_3", "volume_7"}));
  EXPECT_EQ(raw.surface_names, (std::vector<std::string>{"surface_5"}));
}

TEST(Gmsh, LinesMayEndAsOnWindows) {
  std::string text = msh_4(two_cells(Shape::hex27), false), dos;
  for (char c : text) dos += c == '\n' ? "\r\n" : std::string(1, c);
  EXPECT_EQ(contents(world(), read_gmsh(world(), write_file("dos.msh", dos), 1)), expected(Shape::hex27));
}

// Every rank gets its share of the cells, in the order of the file.
TEST(GmshRanks, CellsAreDealtOutEvenlyAndInOrder) {
  FileMesh mesh;
  const int n = 4000;
  for (int i = 0; i <= n; ++i)
    for (int j = 0; j < 4; ++j) mesh.nodes.push_back({4 * i + j + 1, {double(i), double(j == 1 || j == 2), double(j > 1)}});
  for (std::int64_t i = 0; i < n; ++i)
    mesh.elements.push_back({5, 3, 31, {4 * i + 1, 4 * i + 5, 4 * i + 6, 4 * i + 2, 4 * i + 4, 4 * i + 8, 4 * i + 7, 4 * i + 3}});
  mesh.group = {{{3, 31}, 1}};
  const RawMesh raw = read_gmsh(world(), write_file("row.msh", msh_2(mesh, false)), 1);
  EXPECT_EQ(world().sum<GlobalIndex>(raw.cell_region.size()), n);
  ASSERT_EQ(raw.cell_region.size() * world().size(), std::size_t(n));
  for (std::size_t c = 0; c < raw.cell_region.size(); ++c)
    EXPECT_EQ(raw.cell_nodes[8 * c], 4 * (GlobalIndex(c) + world().rank() * n / world().size()));
}

// What Gmsh itself writes: a curved quarter ring of hexahedra and a ball in a box of tetrahedra, in eight files. All agree; middle nodes of edges lie
// between their vertices as winze's order says; the ring's nodes lie on its circles.
TEST(GmshProgram, ItsFilesOfEveryKindAgree) {
  if (std::system("gmsh --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "the program gmsh is not installed";
  const std::string ring = R"(
    Point(1) = {0, 0, 0}; Point(2) = {1, 0, 0}; Point(3) = {2, 0, 0}; Point(4) = {0, 2, 0}; Point(5) = {0, 1, 0};
    Line(1) = {2, 3}; Circle(2) = {3, 1, 4}; Line(3) = {4, 5}; Circle(4) = {5, 1, 2};
    Curve Loop(1) = {1, 2, 3, 4}; Plane Surface(1) = {1};
    Transfinite Curve{1, 3} = 3; Transfinite Curve{2, 4} = 4; Transfinite Surface{1}; Recombine Surface{1};
    out[] = Extrude{0, 0, 1}{Surface{1}; Layers{2}; Recombine;};
    Physical Volume("rock") = {out[1]}; Physical Surface("outside") = {out[3]}; Physical Surface("inside") = {out[5]};
    Mesh.SecondOrderIncomplete = 0;)";
  const std::string ball = R"(SetFactory("OpenCASCADE");
    Box(1) = {-2, -2, -2, 4, 4, 4}; Sphere(2) = {0, 0, 0, 1}; BooleanFragments{Volume{1}; Delete;}{Volume{2}; Delete;}
    Physical Volume("ball") = {2}; Physical Volume("rock") = {3}; Physical Surface("skin") = Boundary{Volume{2};};
    Mesh.CharacteristicLengthMin = 0.9; Mesh.CharacteristicLengthMax = 0.9;)";
  for (const auto& [name, geometry] : {std::pair<std::string, std::string>("ring", ring), {"ball", ball}}) {
    const std::string source = write_file(name + ".geo", geometry), path = folder() / (name + ".msh");
    for (int order : {1, 2}) {
      const std::string mesh_command = "cd " + folder().string() + " && gmsh -v 0 -3 -order " + std::to_string(order) + " " + source + " -o ";
      ASSERT_EQ(std::system((mesh_command + path + " -format msh41 -bin").c_str()), 0);
      const Contents reference = contents(world(), read_gmsh(world(), path, 1));
      ASSERT_GT(reference.cells.size(), 10u);
      for (const char* format : {"msh41", "msh22", "msh22 -bin"}) {
        const std::string other = folder() / "other.msh";
        ASSERT_EQ(std::system(("gmsh -v 0 " + path + " -save -o " + other + " -format " + format).c_str()), 0);
        EXPECT_EQ(rounded(contents(world(), read_gmsh(world(), other, 1))), rounded(reference)) << format;
      }
      const Shape shape = reference.shape;
      EXPECT_EQ(shape, name == "ring" ? (order == 1 ? Shape::hex8 : Shape::hex27) : (order == 1 ? Shape::tet4 : Shape::tet10));
      // A middle node is off the middle of its chord by the rise of the arc, here less than a quarter of the chord; that of another edge is not.
      const auto between = [](const std::vector<Vector3>& x, int a, int middle, int b) {
        double off = 0, chord = 0;
        for (int d = 0; d < 3; ++d) {
          off += std::pow(x[middle][d] - (x[a][d] + x[b][d]) / 2, 2);
          chord += std::pow(x[b][d] - x[a][d], 2);
        }
        EXPECT_LT(std::sqrt(off), 0.25 * std::sqrt(chord)) << a << ' ' << middle << ' ' << b;
      };
      for (const auto& [region, x] : reference.cells) {
        if (shape == Shape::hex27) {
          for (int j = 0; j < 3; ++j)
            for (int i = 0; i < 3; ++i) between(x, 3 * i + 9 * j, 3 * i + 9 * j + 1, 3 * i + 9 * j + 2);
          for (int j = 0; j < 3; ++j)
            for (int i = 0; i < 3; ++i) between(x, i + 9 * j, i + 9 * j + 3, i + 9 * j + 6);
          for (int i = 0; i < 9; ++i) between(x, i, i + 9, i + 18);
        } else if (shape == Shape::tet10) {
          const int edges[6][2] = {{0, 1}, {1, 2}, {0, 2}, {0, 3}, {1, 3}, {2, 3}};
          for (int e = 0; e < 6; ++e) between(x, edges[e][0], 4 + e, edges[e][1]);
        }
      }
    }
  }
}
