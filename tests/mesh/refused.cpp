// Meshes that build() must refuse, each with one line that names what is wrong.
#include <gtest/gtest.h>

#include <functional>

#include "base/error.hpp"
#include "mesh/raw.hpp"

using namespace winze;
using namespace winze::mesh;

namespace {

std::string refusal(const RawMesh& raw, const BuildOptions& options = {}) {
  try {
    build(Comm::world(), raw, options);
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code, exit_input);
    return error.what();
  }
  return "accepted";
}
void expect_refused(const RawMesh& raw, const std::string& words, const BuildOptions& options = {}) {
  const std::string message = refusal(raw, options);
  EXPECT_NE(message.find(words), std::string::npos) << message;
}
/// `change` acts on the whole box, which rank 0 alone holds: raw numbers are those of one rank.
RawMesh changed_box(Shape shape, std::array<int, 3> cells, const std::function<void(RawMesh&)>& change) {
  const Comm world = Comm::world();
  RawMesh raw = box(Comm::self(), shape, {0, 0, 0}, {double(cells[0]), double(cells[1]), double(cells[2])}, cells);
  change(raw);
  const GlobalIndex begin = block_begin(raw.n_nodes, world.size(), world.rank()), end = block_begin(raw.n_nodes, world.size(), world.rank() + 1);
  raw.points = std::vector<double>(raw.points.begin() + 3 * begin, raw.points.begin() + 3 * end);
  if (world.rank() > 0) raw.cell_nodes.clear(), raw.cell_region.clear(), raw.faces.clear();
  return raw;
}
constexpr auto as_it_is = [](RawMesh&) {};

}  // namespace

TEST(RefusedRanks, TheUnchangedBoxIsAccepted) {
  for (Shape shape : {Shape::hex8, Shape::hex27, Shape::tet4, Shape::tet10}) EXPECT_EQ(refusal(changed_box(shape, {2, 2, 2}, as_it_is)), "accepted");
}

TEST(RefusedRanks, InvertedCellIsNamedWithItsCentre) {
  expect_refused(changed_box(Shape::hex8, {4, 1, 1},
                             [](RawMesh& raw) {
                               for (int v = 0; v < 4; ++v) std::swap(raw.cell_nodes[8 * 2 + v], raw.cell_nodes[8 * 2 + 4 + v]);
                             }),
                 "1 cell is inverted or degenerate, the worst at (2.5, 0.5, 0.5) m");
}

TEST(RefusedRanks, DegenerateCell) {
  expect_refused(changed_box(Shape::tet4, {1, 1, 1},
                             [](RawMesh& raw) {
                               for (size_t i = 0; i < raw.points.size(); i += 3) raw.points[i + 2] *= 1e-9;
                             }),
                 "inverted or degenerate");
}

// The middle node of an edge pulled beyond the vertex: the determinant changes sign inside the cell although the vertices are fine.
TEST(RefusedRanks, CurvedCellFoldedByItsMiddleNode) {
  expect_refused(changed_box(Shape::hex27, {2, 2, 1}, [](RawMesh& raw) { raw.points[3 * raw.cell_nodes[1]] += 0.3; }), "inverted or degenerate");
}

TEST(RefusedRanks, NotANumber) {
  expect_refused(changed_box(Shape::hex8, {4, 1, 1}, [](RawMesh& raw) { raw.points[5] = std::nan(""); }), "not a number");
}

TEST(RefusedRanks, CellNamesAMissingNode) {
  expect_refused(changed_box(Shape::hex8, {4, 1, 1}, [](RawMesh& raw) { raw.cell_nodes[3] = raw.n_nodes; }), "names node 20");
}

TEST(RefusedRanks, CellWithoutRegion) {
  expect_refused(changed_box(Shape::hex8, {4, 1, 1}, [](RawMesh& raw) { raw.cell_region[1] = -1; }), "no region");
}

TEST(RefusedRanks, FewerCellsThanRanks) {
  if (Comm::world().size() == 1)
    expect_refused(changed_box(Shape::hex8, {1, 1, 1}, [](RawMesh& raw) { raw.cell_nodes.clear(), raw.cell_region.clear(); }), "no hex8 cells");
  else
    expect_refused(changed_box(Shape::hex8, {1, 1, 1}, as_it_is), "1 unrefined cells, too few for");
}

TEST(RefusedRanks, SameCellTwice) {
  expect_refused(changed_box(Shape::hex8, {3, 2, 2},
                             [](RawMesh& raw) {
                               const std::vector<GlobalIndex> cell(raw.cell_nodes.begin() + 8, raw.cell_nodes.begin() + 16);
                               raw.cell_nodes.insert(raw.cell_nodes.end(), cell.begin(), cell.end());
                               raw.cell_region.push_back(0);
                             }),
                 "does not conform");
}

// Nodes of the last cell duplicated: it touches its neighbour without sharing nodes.
TEST(RefusedRanks, UnmergedNodes) {
  for (Shape shape : {Shape::hex8, Shape::hex27, Shape::tet4, Shape::tet10})
    expect_refused(changed_box(shape, {4, 1, 1},
                               [&](RawMesh& raw) {
                                 const int per_hex = linear(shape) == Shape::tet4 ? 6 : 1;
                                 const GlobalIndex n = raw.n_nodes;
                                 const std::vector<double> points = raw.points;
                                 raw.points.insert(raw.points.end(), points.begin(), points.end());
                                 raw.n_nodes = 2 * n;
                                 raw.surface_names.clear(), raw.faces.clear();
                                 for (size_t i = raw.cell_nodes.size() - size_t(per_hex) * info(shape).n_nodes; i < raw.cell_nodes.size(); ++i)
                                   raw.cell_nodes[i] += n;
                               }),
                   "without sharing nodes");
}

// One cell beside two half as thick: the vertex between them hangs on the large cell's edges.
TEST(RefusedRanks, HangingNodes) {
  expect_refused(changed_box(Shape::hex8, {1, 1, 1},
                             [](RawMesh& raw) {
                               const RawMesh fine = box(Comm::self(), Shape::hex8, {1, 0, 0}, {2, 1, 1}, {1, 1, 4});
                               std::vector<GlobalIndex> number;  // the outer corners of both share nodes
                               for (GlobalIndex i = 0; i < fine.n_nodes; ++i) {
                                 const double* x = fine.points.data() + 3 * i;
                                 GlobalIndex same = -1;
                                 for (GlobalIndex j = 0; j < 8; ++j)
                                   if (std::equal(x, x + 3, raw.points.data() + 3 * j)) same = j;
                                 if (same < 0) same = raw.n_nodes++, raw.points.insert(raw.points.end(), x, x + 3);
                                 number.push_back(same);
                               }
                               for (GlobalIndex node : fine.cell_nodes) raw.cell_nodes.push_back(number[node]);
                               raw.cell_region.resize(5, 0);
                               raw.surface_names.clear(), raw.faces.clear();
                             }),
                 "does not conform: a vertex at (1,");
}

// Two hex27 cells with the corners of their common face but different middle nodes.
TEST(RefusedRanks, TornQuadraticCells) {
  for (int node : {5, 14})  // middle of an edge, of the face +ξ of the first cell
    expect_refused(changed_box(Shape::hex27, {4, 1, 1},
                               [&](RawMesh& raw) {
                                 const GlobalIndex old = raw.cell_nodes[node];
                                 raw.points.insert(raw.points.end(), raw.points.begin() + 3 * old, raw.points.begin() + 3 * old + 3);
                                 raw.cell_nodes[node] = raw.n_nodes++;
                               }),
                   "conform");
}

TEST(RefusedRanks, SurfaceThatMatchesNoFace) {
  expect_refused(changed_box(Shape::hex8, {4, 1, 1}, [](RawMesh& raw) { raw.faces[0].vertices = {0, 1, 2, 3}; }), "are not faces of any hex8 cell");
  expect_refused(changed_box(Shape::hex8, {4, 1, 1}, [](RawMesh& raw) { raw.surface_names.push_back("wall"); }), "surface 'wall' has no faces");
}

TEST(RefusedRanks, TrueSurfaces) {
  const auto cylinder = [](const char* name, double radius) {
    BuildOptions options;
    options.true_surfaces = {{name, TrueSurface::Kind::cylinder, {0, 0, 0}, {0, 0, 1}, radius}};
    return options;
  };
  QuarterDrive drive;
  drive.cells = {4, 4, 2};
  const RawMesh raw = quarter_drive(Comm::world(), Shape::hex27, drive);
  EXPECT_EQ(refusal(raw, cylinder("wall", 2)), "accepted");
  expect_refused(raw, "no surface of that name", cylinder("walls", 2));
  expect_refused(raw, "off it", cylinder("wall", 5));
}

TEST(RefusedRanks, Generators) {
  const Comm world = Comm::world();
  EXPECT_THROW(box(world, Shape::hex8, {0, 0, 0}, {1, 0, 1}, {1, 1, 1}), InputError);
  EXPECT_THROW(box(world, Shape::hex8, {0, 0, 0}, {1, 1, 1}, {1, 0, 1}), InputError);
  QuarterDrive drive;
  drive.cells[1] = 3;
  EXPECT_THROW(quarter_drive(world, Shape::hex8, drive), InputError);
  drive = {};
  drive.radius = 25;
  EXPECT_THROW(quarter_drive(world, Shape::hex8, drive), InputError);
}
