// From the mesh section of a case to a mesh.
#include <cmath>
#include <filesystem>

#include "base/error.hpp"
#include "base/log.hpp"
#include "mesh/octree_mesh.hpp"
#include "mesh/raw_nodes.hpp"
#include "mesh/read.hpp"
#include "run/case.hpp"

namespace winze::run {
namespace {

mesh::Shape shape_of(CellShape s) {
  switch (s) {
    case CellShape::hex27:
      return mesh::Shape::hex27;
    case CellShape::hex8:
      return mesh::Shape::hex8;
    case CellShape::tet10:
      return mesh::Shape::tet10;
    case CellShape::tet4:
      return mesh::Shape::tet4;
  }
  return mesh::Shape::hex27;
}

/// Cells whose mean vertex lies in a box become a region of their own.
void paint(const Comm& comm, mesh::RawMesh& raw, const std::vector<Paint>& paints) {
  const mesh::NumberSet needed(raw.cell_nodes);
  const mesh::NodeRequest request(comm, raw.n_nodes, needed.numbers());
  const std::vector<double> points = request.points(raw.points);
  const int n_nodes = mesh::info(raw.shape).n_nodes, n_vertices = mesh::info(raw.shape).n_vertices;
  for (const Paint& p : paints) {
    auto it = std::find(raw.region_names.begin(), raw.region_names.end(), p.region);
    const int region = int(it - raw.region_names.begin());
    if (it == raw.region_names.end()) raw.region_names.push_back(p.region);
    GlobalIndex painted = 0;
    for (size_t cell = 0; cell < raw.cell_region.size(); ++cell) {
      Vector3 centre{};
      for (int v = 0; v < n_vertices; ++v) {
        const Index node = needed.find(raw.cell_nodes[cell * size_t(n_nodes) + size_t(mesh::vertex_nodes(raw.shape)[v])]);
        for (int d = 0; d < 3; ++d) centre[size_t(d)] += points[3 * size_t(node) + size_t(d)] / n_vertices;
      }
      bool inside = true;
      for (size_t d = 0; d < 3; ++d) inside = inside && centre[d] > p.low[d] && centre[d] < p.high[d];
      if (inside) raw.cell_region[cell] = region, ++painted;
    }
    if (comm.sum(painted) == 0)
      throw InputError("mesh: paint: no cell of the box has its centre in region '{}'; enlarge it or refine the mesh", p.region);
  }
}

void shift_points(mesh::Mesh& mesh, const Vector3& by) {
  for (size_t i = 0; i < mesh.points.size(); ++i) mesh.points[i] += by[i % 3];
  for (mesh::Level& level : mesh.levels)
    for (size_t i = 0; i < level.points.size(); ++i) level.points[i] += by[i % 3];
}

mesh::Mesh octree(const Comm& comm, const OctreeMesh& input, const std::vector<Paint>& paints) {
  std::vector<std::string> names = {"rock"};
  std::vector<int> painted;  // region of each box
  for (const Paint& p : paints) {
    const auto it = std::find(names.begin(), names.end(), p.region);
    painted.push_back(int(it - names.begin()));
    if (it == names.end()) names.push_back(p.region);
  }
  mesh::OctreeOptions options;
  options.low = input.low;
  options.size = input.size;
  for (int d = 0; d < 3; ++d) options.cells[d] = int(std::lround((input.high[d] - input.low[d]) / input.size));
  options.target = [&](const geometry::Box& box) {
    double target = input.size;
    for (const OctreeRefine& r : input.refine) {
      bool reaches = true;
      for (int d = 0; d < 3; ++d) {
        const double rounding = 1e-9 * (box.high[d] - box.low[d]);
        reaches = reaches && box.low[d] < r.high[d] - rounding && box.high[d] > r.low[d] + rounding;
      }
      if (reaches) target = std::min(target, r.size);
    }
    return target;
  };
  options.region = [&](const Vector3& x) {
    std::int32_t region = 0;
    for (size_t i = 0; i < paints.size(); ++i) {
      bool inside = true;
      for (int d = 0; d < 3; ++d) inside = inside && x[d] > paints[i].low[d] && x[d] < paints[i].high[d];
      if (inside) region = painted[i];
    }
    return region;
  };
  const mesh::Octree tree(comm, options);
  std::vector<GlobalIndex> cells(names.size(), 0);
  for (std::int32_t region : tree.region) ++cells[region];
  comm.sum(cells.data(), int(cells.size()));
  for (size_t i = 0; i < paints.size(); ++i)
    if (cells[painted[i]] == 0)
      throw InputError("mesh: paint: no cell of the octree has its centre in region '{}'; enlarge it or refine the mesh there", paints[i].region);
  return octree_mesh(tree, std::move(names));
}

}  // namespace

mesh::Mesh make_mesh(const Comm& comm, const MeshInput& input, const std::string& folder) {
  PhaseTimer timer("mesh");
  if (input.octree) {
    mesh::Mesh mesh = octree(comm, *input.octree, input.paint);
    shift_points(mesh, input.shift);
    return mesh;
  }
  mesh::RawMesh raw;
  if (!input.file.empty()) {
    const std::filesystem::path given(input.file), path = given.is_absolute() ? given : (std::filesystem::path(folder) / given).lexically_normal();
    comm.together([&] {
      if (comm.root() && path.parent_path().filename() == "built" && !std::filesystem::exists(path))
        throw EnvironmentError("{} is not there; `scripts/meshes {}` makes it with Gmsh", path.string(), path.stem().string());
    });
    raw = mesh::read_mesh(comm, path.string(), input.scale);
  } else if (input.box) {
    raw = mesh::box(comm, shape_of(input.box->shape), input.box->low, input.box->high, input.box->cells);
    if (!input.paint.empty()) paint(comm, raw, input.paint);
  } else {
    const QuarterDriveMesh& q = *input.quarter_drive;
    mesh::QuarterDrive drive;
    drive.radius = q.radius, drive.side = q.side, drive.height = q.height, drive.grading = q.grading, drive.cells = q.cells;
    raw = mesh::quarter_drive(comm, shape_of(q.shape), drive);
  }
  mesh::BuildOptions options;
  options.refine = input.refine;
  options.partition = input.partition == PartitionBy::curve ? mesh::BuildOptions::Partition::curve : mesh::BuildOptions::Partition::ptscotch;
  for (const TrueSurfaceInput& s : input.true_surfaces) {
    Vector3 axis = s.axis;
    const double length = norm(axis);
    for (double& a : axis) a = length > 0 ? a / length : 0;
    options.true_surfaces.push_back({s.surface, s.kind, s.centre, axis, s.radius});
  }
  mesh::Mesh mesh = mesh::build(comm, std::move(raw), options);
  shift_points(mesh, input.shift);
  return mesh;
}

}  // namespace winze::run
