// Broken mesh files: each ends in a message that says what is wrong, with the line of an ASCII file, and never in a crash or a wrong mesh.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "base/error.hpp"
#include "mesh/gmsh.hpp"
#include "mesh/read.hpp"
#include "small_mesh.hpp"

using namespace winze;
using namespace winze::mesh;
using namespace winze::mesh::formats;

namespace {

Comm world() { return Comm::world(); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "the test's own file has no '" << from << "'";
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}
std::string message(const std::string& path, int* code = nullptr) {
  try {
    read_mesh(world(), path, 1);
  } catch (const Error& error) {
    if (code) *code = error.exit_code;
    return error.what();
  }
  return "read without complaint";
}
void expect_refused(const std::string& bytes, const std::vector<std::string>& parts, int exit_code = exit_input) {
  int code = 0;
  const std::string text = message(write_file("damaged.msh", bytes), &code);
  for (const std::string& part : parts) EXPECT_NE(text.find(part), std::string::npos) << "'" << part << "' is not in: " << text;
  EXPECT_EQ(code, exit_code) << text;
  EXPECT_EQ(text.find('\n'), std::string::npos) << text;
}

// One tetrahedron, one named face; line numbers as written here.
const std::string msh22 = R"($MeshFormat
2.2 0 8
$EndMeshFormat
$PhysicalNames
2
2 5 "wall"
3 7 "rock"
$EndPhysicalNames
$Nodes
4
1 0 0 0
2 1 0 0
3 0 1 0
4 0 0 1
$EndNodes
$Elements
2
1 2 2 5 1 1 2 3
2 4 2 7 1 1 2 3 4
$EndElements
)";
const std::string msh41 = R"($MeshFormat
4.1 0 8
$EndMeshFormat
$PhysicalNames
2
2 5 "wall"
3 7 "rock"
$EndPhysicalNames
$Entities
0 0 1 1
1 0 0 0 1 1 0 1 5 0
1 0 0 0 1 1 1 1 7 1 1
$EndEntities
$Nodes
1 4 1 4
3 1 0 4
1
2
3
4
0 0 0
1 0 0
0 1 0
0 0 1
$EndNodes
$Elements
2 2 1 2
2 1 2 1
1 1 2 3
3 1 4 1
2 1 2 3 4
$EndElements
)";

}  // namespace

TEST(Damaged, TheFilesAreRightBeforeTheyAreDamaged) {
  for (const std::string& text : {msh22, msh41}) EXPECT_EQ(read_gmsh(world(), write_file("right.msh", text), 1).faces.size(), 1u);
}

TEST(Damaged, FilesThatAreNotThere) {
  int code = 0;
  EXPECT_NE(message("no_such_folder/mesh.msh", &code).find("No such file"), std::string::npos);
  EXPECT_EQ(code, exit_environment);
  EXPECT_NE(message(folder(), &code).find("is neither"), std::string::npos);
  EXPECT_EQ(exit_code_of([&] { read_gmsh(world(), folder(), 1); }), exit_environment);
  expect_refused("", {"is empty"}, exit_environment);
}

TEST(Damaged, OtherFormatsNameTheConverter) {
  for (const char* name : {"part.vtu", "part.inp", "part", "part.med"}) {
    int code = 0;
    const std::string text = message(write_file(name, "<VTKFile>"), &code);
    EXPECT_NE(text.find("meshio convert"), std::string::npos) << text;
    EXPECT_EQ(code, exit_input);
  }
}

TEST(Damaged, Formats) {
  expect_refused("hello", {":1", "'hello'", "$MeshFormat"});
  expect_refused(replaced(msh22, "2.2 0 8", "1.0 0 8"), {":2", "version 1.0", "2.2 and 4.1", "gmsh FILE -save"});
  expect_refused(replaced(msh41, "4.1 0 8", "4 0 8"), {":2", "version 4;", "gmsh FILE -save"});
  expect_refused(replaced(msh41, "4.1 0 8", "4.1 0 4"), {":2", "data size 4"});
  expect_refused(replaced(msh41, "4.1 0 8", "4.1 0"), {":2", "4.1 0 8"});
  expect_refused(replaced(msh41, "4.1 0 8", "4.1 2 8"), {":2", "file type 2"});
  expect_refused("$NOD\n1\n1 0 0 0\n$ENDNOD\n", {":1", "version 1"});
  expect_refused(replaced(msh22, "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n", ""), {":1", "before $MeshFormat"});
  expect_refused(replaced(msh22, "$EndMeshFormat\n", ""), {":3", "$EndMeshFormat expected, '$PhysicalNames' found"});
  expect_refused(replaced(msh_4(two_cells(Shape::hex8), true), std::string("\1\0\0\0", 4), std::string("\0\0\0\1", 4)),
                 {"byte", "another kind of machine"});
}

TEST(Damaged, Names) {
  expect_refused(replaced(msh22, "2 5 \"wall\"", "2 5 wall"), {":6", "dimension, tag"});
  expect_refused(replaced(msh22, "2 5 \"wall\"", "4 5 \"wall\""), {":6", "dimension, tag"});
  expect_refused(replaced(msh22, "$PhysicalNames\n2", "$PhysicalNames\n3"), {":8", "'$EndPhysicalNames' is not the dimension"});
}

TEST(Damaged, Nodes) {
  for (const std::string& text : {msh22, msh41}) {
    expect_refused(replaced(text, "0 1 0\n", "0 nan 0\n"), {"node 3", "not a finite number"});
    expect_refused(replaced(text, "0 1 0\n", "0 1e999 0\n"), {"node 3", "not a finite number"});
    expect_refused(replaced(text, "0 1 0\n", "0 1\n"), {"the line ends where coordinate z should be"});
    expect_refused(replaced(text, "0 1 0\n", "0 1 0 7\n"), {"'7' is left at the end of the line"});
    expect_refused(replaced(text, "0 1 0\n", "0 one 0\n"), {"'one' is not coordinate y, a number"});
  }
  expect_refused(replaced(msh22, "3 0 1 0", "2 0 1 0"), {"node tag 2 occurs twice"});
  expect_refused(replaced(msh22, "3 0 1 0", "0 0 1 0"), {"a node tag is not positive"});
  expect_refused(replaced(msh22, "3 0 1 0", "3.5 0 1 0"), {":13", "'3.5' is not a node tag, a whole number"});
  expect_refused(replaced(msh22, "$Nodes\n4", "$Nodes\n5"), {":15", "'$EndNodes' is not a node tag"});
  expect_refused(replaced(msh22, "$Nodes\n4", "$Nodes\n3"), {":14", "$EndNodes expected, '4 0 0 1' found"});
  expect_refused(replaced(msh22, "$Nodes\n4", "$Nodes\n0"), {":10", "no nodes"});
  expect_refused(replaced(msh22, "$Nodes\n4", "$Nodes\n-4"), {":10", "-4"});
  expect_refused(replaced(msh22, "$Nodes\n4", "$Nodes\n4000000000000"), {":10", "4000000000000", "at most"});
  expect_refused(replaced(msh22, "$Nodes\n4", "$Nodes\n99999999999999999999"), {":10", "whole number"});
  expect_refused(replaced(msh41, "1 4 1 4", "1 5 1 4"), {"1 nodes fewer"});
  expect_refused(replaced(msh41, "1 4 1 4", "1 3 1 4"), {":16", "more nodes than"});
  expect_refused(replaced(msh41, "3 1 0 4", "3 1 0 4000000000000"), {":16", "at most"});
  expect_refused(replaced(msh41, "3 1 0 4", "7 1 0 4"), {":16", "dimension 7"});
  expect_refused(replaced(msh41, "3 1 0 4", "3 5000000000 0 4"), {":16", "does not fit in 32 bits"});
  expect_refused(replaced(msh22, "$Nodes\n", "$ParametricNodes\n"), {":9", "Mesh.SaveParametric = 0"});
  expect_refused(replaced(msh22, "$Elements\n", "$Nodes\n1\n1 0 0 0\n$EndNodes\n$Elements\n"), {":16", "a second $Nodes"});
}

TEST(Damaged, Elements) {
  for (const std::string& text : {msh22, msh41}) {
    expect_refused(replaced(text, "1 2 3 4\n$EndEl", "1 2 3 9\n$EndEl"), {"element 2 has node 9, which is not in $Nodes"});
    expect_refused(replaced(text, "1 2 3 4\n$EndEl", "1 2 3 -4\n$EndEl"), {"element 2 has node -4"});
    expect_refused(replaced(text, "1 2 3 4\n$EndEl", "1 2 3\n$EndEl"), {"the line ends where a node of an element should be"});
    expect_refused(replaced(text, "1 2 3 4\n$EndEl", "1 2 3 4 5\n$EndEl"), {"'5' is left at the end"});
    expect_refused(replaced(text, "$EndElements", "$EndElement"), {"$EndElements expected"});
  }
  expect_refused(replaced(msh22, "2 4 2 7 1 1 2 3 4", "2 4 2 0 1 1 2 3 4"), {":19", "element 2", "no physical group", "Physical Volume"});
  expect_refused(replaced(msh41, "1 0 0 0 1 1 1 1 7 1 1", "1 0 0 0 1 1 1 0 1 1"), {"no physical group", "Physical Volume"});
  expect_refused(replaced(msh41, "1 0 0 0 1 1 1 1 7 1 1", "1 0 0 0 1 1 1 2 7 8 1 1"), {"'rock' and 'volume_8'", "one region"});
  expect_refused(replaced(msh22, "2 4 2 7 1 1 2 3 4", "2 77 2 7 1 1 2 3 4"), {":19", "element type 77 is unknown"});
  expect_refused(replaced(msh22, "2 4 2 7 1 1 2 3 4", "2 6 2 7 1 1 2 3 4 4 4"), {":19", "6-node prisms", "tetrahedra"});
  expect_refused(replaced(msh22, "2 4 2 7 1 1 2 3 4", "2 7 2 7 1 1 2 3 4 4"), {":19", "5-node pyramids"});
  expect_refused(replaced(msh22, "2 4 2 7 1 1 2 3 4", "2 17 2 7 1 1 2 3 4 1 2 3 4 1 2 3 4 1 2 3 4 1 2 3 4"),
                 {":19", "20-node hexahedra", "Mesh.SecondOrderIncomplete = 0"});
  expect_refused(replaced(msh22, "2 4 2 7 1 1 2 3 4", "2 29 2 7 1 1 2 3 4 1 2 3 4 1 2 3 4 1 2 3 4 1 2 3 4"),
                 {":19", "20-node tetrahedra", "Mesh.ElementOrder = 1 or 2"});
  expect_refused(
      replaced(msh22, "2 4 2 7 1 1 2 3 4\n", "2 4 2 7 1 1 2 3 4\n3 5 2 7 1 1 2 3 4 1 2 3 4\n").replace(msh22.find("$Elements\n2") + 10, 1, "3"),
      {":20", "4-node tetrahedra and 8-node hexahedra in one mesh"});
  expect_refused(replaced(msh22, "2 4 2 7 1 1 2 3 4\n", "2 2 2 5 1 1 2 4\n"), {"no three-dimensional elements", "gmsh -3"});
  expect_refused(replaced(msh22, "$Elements\n2", "$Elements\n1"), {":19", "$EndElements expected"});
  expect_refused(replaced(msh22, "$Elements\n2", "$Elements\n3"), {":20", "'$EndElements' is not an element tag"});
  expect_refused(replaced(msh22, "$Elements\n2", "$Elements\n20000000000"), {":17", "at most"});
  expect_refused(replaced(msh41, "2 2 1 2\n", "2 3 1 2\n"), {"1 elements fewer"});
  expect_refused(replaced(msh41, "2 2 1 2\n", "2 1 1 2\n"), {"1 elements of an entity, where 0 are left"});
  expect_refused(replaced(msh41, "3 1 4 1\n", "2 1 4 1\n"), {"in an entity of dimension 2"});
  expect_refused(replaced(msh22, "2 4 2 7 1 1 2 3 4", "2 4 -1 7 1 1 2 3 4"), {":19", "-1 tags"});
  expect_refused(msh22.substr(0, msh22.find("$Nodes")) + msh22.substr(msh22.find("$Elements")), {":9", "$Nodes is missing"});
  expect_refused(msh22.substr(0, msh22.find("$Elements")), {"ends without an $Elements section"}, exit_environment);
}

TEST(Damaged, PartitionedFiles) {
  expect_refused(replaced(msh22, "2 4 2 7 1 1 2 3 4", "2 4 4 7 1 1 2 1 2 3 4"), {":19", "partitioned", "without partitions"});
  expect_refused(replaced(msh41, "$Nodes\n", "$PartitionedEntities\n2\n$EndPartitionedEntities\n$Nodes\n"), {":14", "partitioned"});
}

// Every beginning of a file is refused, whatever its kind.
TEST(Damaged, TruncatedAnywhere) {
  const FileMesh mesh = two_cells(Shape::tet4);
  for (const std::string& whole : {msh_2(mesh, false), msh_2(mesh, true), msh_4(mesh, false), msh_4(mesh, true)}) {
    const std::size_t last = whole.rfind("$EndElements") + 11;  // the newline may be missing
    for (std::size_t length = 1; length <= last; length += 3) {
      const std::string path = write_file("cut.msh", whole.substr(0, length));
      EXPECT_THROW(read_gmsh(world(), path, 1), Error) << length << " of " << whole.size() << " bytes";
    }
  }
}

// Flipped bytes give an error or a mesh whose numbers are all within range: 600 files, the same on every run.
TEST(Damaged, FlippedBytesNeverGiveNumbersOutOfRange) {
  std::mt19937 random(20240501);
  const FileMesh mesh = two_cells(Shape::hex8);
  int refused = 0;
  for (const std::string& whole : {msh_2(mesh, false), msh_2(mesh, true), msh_4(mesh, false), msh_4(mesh, true)})
    for (int trial = 0; trial < 150; ++trial) {
      std::string bytes = whole;
      for (int k = 0; k < 2; ++k) bytes[random() % bytes.size()] = char(random() % 256);
      const std::string path = write_file("flipped.msh", bytes);
      try {
        const RawMesh raw = read_gmsh(world(), path, 1);
        EXPECT_EQ(GlobalIndex(raw.points.size()), 3 * raw.n_nodes);
        for (double x : raw.points) EXPECT_TRUE(std::isfinite(x));
        for (GlobalIndex n : raw.cell_nodes) EXPECT_TRUE(n >= 0 && n < raw.n_nodes);
        for (std::int32_t r : raw.cell_region) EXPECT_TRUE(r >= 0 && r < std::int32_t(raw.region_names.size()));
        EXPECT_EQ(raw.cell_nodes.size(), raw.cell_region.size() * info(raw.shape).n_nodes);
      } catch (const Error& error) {
        ++refused;
        EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
      }
    }
  EXPECT_GT(refused, 100);
}

// An error that root alone meets is thrown on every rank, wherever in the file it is.
TEST(DamagedRanks, EveryRankThrowsTheSame) {
  for (const std::string& bytes :
       {replaced(msh22, "2 4 2 7 1 1 2 3 4", "2 4 2 7 1 1 2 3 9"), replaced(msh22, "0 1 0", "0 nan 0"), std::string("$Nodes")}) {
    const std::string text = message(write_file("ranks.msh", bytes));
    EXPECT_NE(text, "read without complaint");
    EXPECT_EQ(text, world().broadcast(text));
    world().all(true);
  }
}
