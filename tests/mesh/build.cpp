#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include "base/error.hpp"
#include "mesh/raw.hpp"
#include "mesh/shape_functions.hpp"

using namespace winze;
using namespace winze::mesh;

namespace {

Comm world() { return Comm::world(); }
constexpr Shape all_shapes[] = {Shape::hex8, Shape::hex27, Shape::tet4, Shape::tet10};

Mesh unit_box(Shape shape, int refine = 0, std::array<int, 3> cells = {2, 3, 4}) {
  BuildOptions options;
  options.refine = refine;
  return build(world(), box(world(), shape, {-1, 0, 2}, {1, 3, 6}, cells), options);
}

/// Area vector of a face from its corners (exact for planar faces): its direction is the outward normal of face_nodes' order.
Vector3 area_vector(const Mesh& mesh, const Face& face) {
  const int* local = face_nodes(mesh.shape, face.face);
  const ShapeInfo& cell = info(mesh.shape);
  const int last_u = cell.n_face_vertices == 4 ? cell.degree : 1, last_v = cell.n_face_vertices == 4 ? cell.degree * (cell.degree + 1) : 2;
  const Index* node = mesh.nodes_of(face.element);
  const Vector3 a = mesh.point(node[local[0]]), b = mesh.point(node[local[last_u]]), c = mesh.point(node[local[last_v]]);
  Vector3 u, v;
  for (int i = 0; i < 3; ++i) u[i] = b[i] - a[i], v[i] = c[i] - a[i];
  Vector3 n = cross(u, v);
  for (double& x : n) x *= cell.n_face_vertices == 4 ? 1 : 0.5;
  return n;
}

/// Every local node is in some element of this rank, ghosts carry their owner's coordinates, every global number is owned once.
void expect_consistent(const SharedNodes& nodes, const std::vector<double>& points, const std::vector<Index>& element_nodes) {
  std::vector<char> used(nodes.n_local(), 0);
  for (Index node : element_nodes) {
    ASSERT_GE(node, 0);
    ASSERT_LT(node, nodes.n_local());
    used[node] = 1;
  }
  EXPECT_EQ(std::count(used.begin(), used.end(), 0), 0);
  ASSERT_EQ(points.size(), 3 * size_t(nodes.n_local()));
  std::vector<double> copy = points;
  for (Index i = 3 * nodes.n_owned(); i < 3 * nodes.n_local(); ++i) copy[i] = 1e30;
  nodes.update_ghosts(copy.data(), 3);
  EXPECT_EQ(copy, points);
}

/// No two nodes of all ranks at the same place: nodes shared by ranks have one number.
void expect_distinct(const SharedNodes& nodes, const std::vector<double>& points) {
  std::vector<double> owned(points.begin(), points.begin() + 3 * nodes.n_owned());
  owned = world().all_gather(owned);
  std::set<std::array<std::int64_t, 3>> places;
  for (size_t i = 0; i < owned.size(); i += 3)
    places.insert({std::llround(owned[i] * 1e6), std::llround(owned[i + 1] * 1e6), std::llround(owned[i + 2] * 1e6)});
  EXPECT_EQ(places.size(), owned.size() / 3);
}

}  // namespace

// Volume 24 m³ and faces 12, 8, 6 m² of the box [−1, 1] × [0, 3] × [2, 6]; normals outward; n (d nx + 1)… nodes for the lattice of each shape.
TEST(BuildRanks, BoxIsExactForEveryShapeAndRefinement) {
  for (Shape shape : all_shapes)
    for (int refine = 0; refine <= 2; ++refine) {
      SCOPED_TRACE(fmt::format("{} refined {} times", info(shape).name, refine));
      const Mesh mesh = unit_box(shape, refine);
      const int n = info(shape).degree << refine;
      const bool tets = linear(shape) == Shape::tet4;
      EXPECT_EQ(mesh.nodes.n_global(), (2 * n + 1) * (3 * n + 1) * (4 * n + 1));
      EXPECT_EQ(mesh.n_elements_global(), (tets ? 144 : 24) << 3 * refine);
      const Quality q = quality(mesh);
      EXPECT_NEAR(q.volume, 24, 1e-11);
      EXPECT_EQ(q.inverted, 0);
      const double areas[] = {12, 12, 8, 8, 6, 6};
      ASSERT_EQ(mesh.surfaces.size(), 6);
      for (int s = 0; s < 6; ++s) {
        EXPECT_NEAR(q.surface_area[s], areas[s], 1e-11) << mesh.surfaces[s].name;
        Vector3 sum{};
        for (const Face& face : mesh.surfaces[s].faces)
          for (int i = 0; i < 3; ++i) sum[i] += area_vector(mesh, face)[i];
        for (int i = 0; i < 3; ++i) EXPECT_NEAR(world().sum(sum[i]), i == s / 2 ? (s % 2 ? 1 : -1) * areas[s] : 0, 1e-11) << mesh.surfaces[s].name;
      }
      expect_consistent(mesh.nodes, mesh.points, mesh.element_nodes);
      expect_distinct(mesh.nodes, mesh.points);
    }
}

// Linear functions pass exactly from each level to the next finer one (the box is straight), and each level tiles the box.
TEST(BuildRanks, LevelsInterpolateLinearFunctionsExactly) {
  for (Shape shape : all_shapes) {
    SCOPED_TRACE(info(shape).name);
    const int refine = 2;
    const Mesh mesh = unit_box(shape, refine, {2, 1, 2});
    ASSERT_EQ(mesh.levels.size(), size_t(refine) + 1);
    for (int l = 0; l <= refine; ++l) {
      const Level& level = mesh.levels[l];
      expect_consistent(level.nodes, level.points, level.element_nodes);
      expect_distinct(level.nodes, level.points);
      const SharedNodes& finer_nodes = l == 0 ? mesh.nodes : mesh.levels[l - 1].nodes;
      const std::vector<double>& finer_points = l == 0 ? mesh.points : mesh.levels[l - 1].points;
      ASSERT_EQ(level.to_finer.offset.size(), size_t(finer_nodes.n_local()) + 1);
      for (Index node = 0; node < finer_nodes.n_local(); ++node) {
        const Index begin = level.to_finer.offset[node], end = level.to_finer.offset[node + 1];
        ASSERT_LT(begin, end);
        for (int axis = 0; axis < 3; ++axis) {
          double mean = 0;
          for (Index m = begin; m < end; ++m) mean += level.points[3 * level.to_finer.masters[m] + axis] / (end - begin);
          EXPECT_NEAR(mean, finer_points[3 * node + axis], 1e-13);
        }
      }
      const Index n_finer = l == 0 ? mesh.n_elements() : mesh.levels[l - 1].n_elements();
      ASSERT_EQ(level.child_begin.back(), n_finer);
      ASSERT_EQ(level.child_place.size(), size_t(n_finer));
    }
  }
}

// child_weights describe where each child's vertices lie in its parent, in the order in which the elements of the finer level are stored.
TEST(BuildRanks, ChildWeightsGiveTheVerticesOfChildren) {
  for (Shape shape : all_shapes) {
    SCOPED_TRACE(info(shape).name);
    const Mesh mesh = unit_box(shape, 2, {2, 1, 2});
    const int nv = info(shape).n_vertices;
    for (size_t l = 0; l < mesh.levels.size(); ++l) {
      const Level& level = mesh.levels[l];
      for (Index parent = 0; parent < level.n_elements(); ++parent)
        for (Index child = level.child_begin[parent]; child < level.child_begin[parent + 1]; ++child) {
          const double* weights = child_weights(linear(shape), level.child_place[child]);
          for (int v = 0; v < nv; ++v)
            for (int axis = 0; axis < 3; ++axis) {
              double x = 0;
              for (int p = 0; p < nv; ++p) x += weights[v * nv + p] * level.points[3 * level.element_nodes[parent * nv + p] + axis];
              const double expected = l == 0 ? mesh.point(mesh.nodes_of(child)[vertex_nodes(shape)[v]])[axis]
                                             : mesh.levels[l - 1].points[3 * mesh.levels[l - 1].element_nodes[child * nv + v] + axis];
              EXPECT_NEAR(x, expected, 1e-13);
            }
        }
    }
  }
}

// Bey (1995): the tets of a red-refined tet fall into at most three congruence classes per refined class, so the worst shape does not decay. Kuhn's
// tets reproduce themselves: one class, the same scaled Jacobian on every level.
TEST(BuildRanks, RedRefinementKeepsTheShapeOfTets) {
  const double coarse = quality(unit_box(Shape::tet4, 0, {2, 3, 4})).smallest_jacobian;
  for (int refine = 1; refine <= 3; ++refine) EXPECT_NEAR(quality(unit_box(Shape::tet4, refine, {2, 3, 4})).smallest_jacobian, coarse, 1e-12);
}

// Quarter block 20 × 20 × 20 m minus a quarter cylinder of radius 2 m: volume (400 − π) 20 m³, wall area 20 π m². The biquadratic arc leaves an error
// of fourth order: halving the cells divides it by about 16.
TEST(BuildRanks, QuarterDriveConvergesToTheCylinder) {
  double before[2] = {0, 0};
  for (int k = 1; k <= 3; ++k) {
    QuarterDrive drive;
    drive.cells = {2 << k, 1 << k, 2};
    const Mesh mesh = build(world(), quarter_drive(world(), Shape::hex27, drive), {});
    const Quality q = quality(mesh);
    const double error[2] = {std::abs(q.volume - 20 * (400 - std::numbers::pi)), std::abs(q.surface_area[0] - 20 * std::numbers::pi)};
    EXPECT_NEAR(q.surface_area[1], 400, 1e-9);
    EXPECT_NEAR(q.surface_area[6], 400, 1e-9);
    for (int i = 0; i < 2; ++i) {
      if (k > 1) {
        EXPECT_NEAR(std::log2(before[i] / error[i]), 4, 0.3);
      }
      before[i] = error[i];
    }
  }
}

TEST(BuildRanks, QuarterDriveInTetsHasTheSameVolume) {
  QuarterDrive drive;
  drive.cells = {4, 4, 2};
  const double hexes = quality(build(world(), quarter_drive(world(), Shape::hex27, drive), {})).volume;
  const double tets = quality(build(world(), quarter_drive(world(), Shape::tet10, drive), {})).volume;
  EXPECT_NEAR(tets, hexes, 2e-3 * 20 * std::numbers::pi);  // both fourth order in the same arcs, at different nodes
}

// A true cylinder: every node of the wall has r = 2 m to rounding after two splits of a coarse arc, and the worst cell is little worse than before;
// without it the parent's parabola stays 1e-4 m off or more (negative control).
TEST(BuildRanks, TrueSurfacePutsRefinedNodesOnTheCylinder) {
  QuarterDrive drive;
  drive.cells = {3, 2, 2};
  drive.height = 4;
  for (Shape shape : all_shapes) {
    double smallest_jacobian = 0;
    for (bool exact : {false, true}) {
      SCOPED_TRACE(info(shape).name);
      BuildOptions options;
      options.refine = 2;
      if (exact) options.true_surfaces = {{"wall", TrueSurface::Kind::cylinder, {0, 0, 0}, {0, 0, 1}, 2}};
      const Mesh mesh = build(world(), quarter_drive(world(), shape, drive), options);
      double worst = 0;
      for (const Face& face : mesh.find_surface("wall")->faces) {
        const int* local = face_nodes(mesh.shape, face.face);
        for (int i = 0; i < info(shape).n_face_nodes; ++i) {
          const Vector3 x = mesh.point(mesh.nodes_of(face.element)[local[i]]);
          worst = std::max(worst, std::abs(std::hypot(x[0], x[1]) - 2));
        }
      }
      worst = world().max(worst);
      if (exact)
        EXPECT_LT(worst, 1e-14 * 4);
      else
        EXPECT_GT(worst, 1e-4);
      if (!exact) smallest_jacobian = quality(mesh).smallest_jacobian;
      EXPECT_GT(quality(mesh).smallest_jacobian, 0.6 * smallest_jacobian);
    }
  }
}

// The neighbour across a face has the region that face_region says, and its neighbour across the common face is this element.
TEST(BuildRanks, NeighboursAcrossFacesAreMutual) {
  for (Shape shape : all_shapes) {
    SCOPED_TRACE(info(shape).name);
    RawMesh raw = box(world(), shape, {0, 0, 0}, {4, 2, 2}, {4, 2, 2});
    raw.region_names = {"low", "high"};
    const GlobalIndex half = world().sum(GlobalIndex(raw.cell_region.size())) / 2;
    const GlobalIndex first = world().exclusive_scan(GlobalIndex(raw.cell_region.size()));
    for (size_t c = 0; c < raw.cell_region.size(); ++c) raw.cell_region[c] = first + GlobalIndex(c) < half ? 0 : 1;  // z < 1 m is low
    BuildOptions options;
    options.refine = 1;
    const Mesh mesh = build(world(), raw, options);
    const int n_faces = info(shape).n_faces;
    GlobalIndex outer = 0, between = 0;
    for (Index e = 0; e < mesh.n_elements(); ++e)
      for (int f = 0; f < n_faces; ++f) {
        const size_t at = size_t(e) * n_faces + f;
        const Index other = mesh.face_neighbour[at];
        outer += mesh.face_region[at] < 0;
        between += mesh.face_region[at] >= 0 && mesh.face_region[at] != mesh.region[e];
        EXPECT_EQ(mesh.face_region[at] < 0, other == -1);
        if (other >= 0) {
          EXPECT_EQ(mesh.region[other], mesh.face_region[at]);
          int back = 0;
          for (int g = 0; g < n_faces; ++g) back += mesh.face_neighbour[size_t(other) * n_faces + g] == e;
          EXPECT_EQ(back, 1);
        }
      }
    // 8 × 4 × 4 quads on the sides after one split: 2 (32 + 32 + 16) = 160; 32 between the regions, seen from both sides; two triangles per quad.
    const int per_quad = linear(shape) == Shape::tet4 ? 2 : 1;
    EXPECT_EQ(world().sum(outer), 160 * per_quad);
    EXPECT_EQ(world().sum(between), 64 * per_quad);
    std::vector<std::vector<Index>> send(world().size());
    for (const RemoteFace& face : mesh.remote_faces) send[face.rank].push_back(face.element);
    const auto received = world().all_to_all(send);
    for (int r = 0; r < world().size(); ++r) {
      EXPECT_EQ(received[r].size(), send[r].size());
      for (Index element : received[r]) EXPECT_LT(element, mesh.n_elements());
    }
    const std::vector<Face> surface = surface_between(mesh, {1, 0}, {0, 1});
    EXPECT_EQ(world().sum(GlobalIndex(surface.size())), 32 * per_quad);
    for (const Face& face : surface) EXPECT_GT(area_vector(mesh, face)[2], 0);
  }
}

// Neighbouring elements are near in memory: on one rank the mean distance of the first nodes of consecutive elements is a few cells, far below that
// of a random order (negative control: 0.66 of the side for random points in a cube).
TEST(Build, ElementsFollowACurve) {
  const Mesh mesh = build(Comm::self(), box(Comm::self(), Shape::hex8, {0, 0, 0}, {1, 1, 1}, {16, 16, 16}), {});
  double sum = 0;
  for (Index e = 1; e < mesh.n_elements(); ++e) {
    const Vector3 a = mesh.point(mesh.nodes_of(e - 1)[0]), b = mesh.point(mesh.nodes_of(e)[0]);
    sum += norm(Vector3{a[0] - b[0], a[1] - b[1], a[2] - b[2]}) * 16;
  }
  EXPECT_NEAR(sum / (mesh.n_elements() - 1), 1, 1e-9);  // Hilbert's curve on a power-of-two grid: every step goes to a face neighbour
}

// A named surface between two regions holds the faces of both sides, and its area counts once.
TEST(BuildRanks, SurfaceBetweenRegionsHasBothSides) {
  for (Shape shape : {Shape::hex27, Shape::tet10}) {
    RawMesh raw = box(world(), shape, {0, 0, 0}, {2, 2, 4}, {2, 2, 4});
    raw.surface_names.push_back("contact");
    const GlobalIndex degree = info(shape).degree, row = 2 * degree + 1, layer = row * row;
    for (GlobalIndex j = 0; j < 2 && world().root(); ++j)
      for (GlobalIndex i = 0; i < 2; ++i) {  // the plane z = 2 m; triangles of Kuhn's tets: 00, 10, 11 and 00, 01, 11
        const GlobalIndex a = degree * (i + row * j + 2 * layer), b = a + degree, c = a + degree * row, d = c + degree;
        if (shape == Shape::hex27) {
          raw.faces.push_back({6, {d, b, a, c}});
        } else {
          raw.faces.push_back({6, {a, d, b, -1}});
          raw.faces.push_back({6, {c, a, d, -1}});
        }
      }
    BuildOptions options;
    options.refine = 1;
    const Mesh mesh = build(world(), raw, options);
    const GlobalIndex n_faces = world().sum(GlobalIndex(mesh.find_surface("contact")->faces.size()));
    EXPECT_EQ(n_faces, 2 * 16 * (shape == Shape::tet10 ? 2 : 1));
    EXPECT_NEAR(quality(mesh).surface_area[6], 4, 1e-12);
  }
}

// Files often hold points that belong to no cell (centres of arcs): they get no number.
TEST(BuildRanks, UnusedNodesAreDropped) {
  RawMesh raw = box(Comm::self(), Shape::hex8, {0, 0, 0}, {4, 4, 4}, {4, 4, 4});
  const GlobalIndex n = raw.n_nodes;
  raw.n_nodes = 2 * n;
  std::vector<double> points(6 * size_t(n), 1e9);
  for (GlobalIndex i = 0; i < n; ++i) std::copy_n(raw.points.data() + 3 * i, 3, points.data() + 6 * i);
  for (GlobalIndex& node : raw.cell_nodes) node *= 2;
  for (auto& face : raw.faces)
    for (GlobalIndex& vertex : face.vertices) vertex *= 2;
  const GlobalIndex begin = block_begin(raw.n_nodes, world().size(), world().rank()),
                    end = block_begin(raw.n_nodes, world().size(), world().rank() + 1);
  raw.points.assign(points.begin() + 3 * begin, points.begin() + 3 * end);
  if (!world().root()) raw.cell_nodes.clear(), raw.cell_region.clear(), raw.faces.clear();
  const Mesh mesh = build(world(), raw, {});
  EXPECT_EQ(mesh.nodes.n_global(), n);
  EXPECT_NEAR(quality(mesh).volume, 64, 1e-12);
}
