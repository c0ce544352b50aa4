#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/log.hpp"
#include "mesh/levels.hpp"
#include "mesh/neighbours.hpp"
#include "mesh/numbering.hpp"
#include "mesh/partition.hpp"
#include "mesh/place.hpp"
#include "mesh/quality.hpp"
#include "mesh/surfaces.hpp"
#include "mesh/tets.hpp"
#include "mesh/topology.hpp"
#include "mesh/touching.hpp"

namespace winze::mesh {
namespace {

void check_raw(const Comm& comm, const RawMesh& raw) {
  comm.together([&] {
    for (GlobalIndex node : raw.cell_nodes)
      if (node < 0 || node >= raw.n_nodes) throw InputError("a cell names node {}, the mesh has nodes 0 to {}", node, raw.n_nodes - 1);
    for (std::int32_t region : raw.cell_region)
      if (region < 0 || size_t(region) >= raw.region_names.size()) throw InputError("a cell has no region: give every volume a named region");
    for (double x : raw.points)
      if (!std::isfinite(x)) throw InputError("a node has a coordinate that is not a number");
  });
}

/// Moves the cells so that few faces lie between ranks. Graph: unrefined cells joined by faces.
Cells along_graph(const Comm& comm, const RawMesh& raw, const Cells& cells) {
  const NumberSet used(cells.nodes);
  const Topology t = topology(comm, raw.shape, cells, used, NodeRequest(comm, raw.n_nodes, used.numbers()).points(raw.points), false);
  const std::vector<SharedWith> shared = shared_entities(comm, t);
  const int n_faces = info(raw.shape).n_faces;
  const GlobalIndex first = comm.exclusive_scan(GlobalIndex(t.n_cells()));
  std::vector<std::vector<GlobalIndex>> send(comm.size());
  for (const SharedWith& with : shared)
    for (Index face : with.faces) send[with.rank].push_back(first + t.faces[face].side[0] / n_faces);
  const auto received = comm.all_to_all(send);
  std::vector<GlobalIndex> across(t.faces.size(), -1);  // cell of the other rank
  for (const SharedWith& with : shared)
    for (size_t i = 0; i < with.faces.size(); ++i) across[with.faces[i]] = received[with.rank][i];
  std::vector<Index> offset = {0};
  std::vector<GlobalIndex> neighbours;
  for (Index cell = 0; cell < t.n_cells(); ++cell) {
    for (int f = 0; f < n_faces; ++f) {
      const Index number = t.cell_faces[size_t(cell) * n_faces + f];
      const Index* side = t.faces[number].side;
      if (side[1] >= 0)
        neighbours.push_back(first + (side[0] / n_faces == cell ? side[1] : side[0]) / n_faces);
      else if (across[number] >= 0)
        neighbours.push_back(across[number]);
    }
    std::sort(neighbours.begin() + offset.back(), neighbours.end());
    offset.push_back(Index(neighbours.size()));
  }
  const std::vector<int> destination = partition_graph(comm, offset, neighbours);
  std::vector<GlobalIndex> counts(comm.size(), 0);
  for (int rank : destination) ++counts[rank];
  comm.sum(counts.data(), comm.size());
  if (std::count(counts.begin(), counts.end(), 0) > 0) {
    log::warn("PT-Scotch leaves ranks without cells on this small mesh: the curve partition is kept");
    return cells;
  }
  return move_cells(comm, raw.shape, cells, destination);
}

void add_surfaces(const RawMesh& raw, const std::vector<CellFace>& faces, const Lattice& lattice, Mesh& mesh) {
  for (const std::string& name : raw.surface_names) mesh.surfaces.push_back({name, {}});
  const int n_slots = lattice.n_sub_faces();
  for (const CellFace& face : faces)
    for (int s = 0; s < n_slots; ++s) {
      const Lattice::SubFace& sub = lattice.sub_faces[size_t(face.face) * n_slots + s];
      mesh.surfaces[face.surface].faces.push_back({face.cell * lattice.n_elements(0) + sub.element, sub.face});
    }
}

}  // namespace

Mesh build(const Comm& comm, RawMesh raw, const BuildOptions& options) {
  if (options.refine < 0 || options.refine > 6) throw InputError("refine: {} splits; 0 to 6 are possible", options.refine);
  check_raw(comm, raw);
  Cells cells = along_curve(comm, raw);
  if (options.partition == BuildOptions::Partition::ptscotch && comm.size() > 1) cells = along_graph(comm, raw, cells);
  const NumberSet used(cells.nodes);
  const NodeRequest request(comm, raw.n_nodes, used.numbers());
  std::vector<double> points = request.points(raw.points);
  raw.points = {};
  if (options.refine > 0) shorten_inner_diagonals(raw.shape, used, points, cells.nodes);
  const Lattice lattice(raw.shape, options.refine);
  const Topology t = topology(comm, raw.shape, cells, used, std::move(points), lattice.order > 1);
  cells.nodes = {};
  const std::vector<SharedWith> shared = shared_entities(comm, t);
  const std::vector<CellFace> faces = match_surfaces(comm, raw, request, t);

  Mesh mesh(comm);
  mesh.shape = raw.shape;
  mesh.region_names = raw.region_names;
  const Index n_children = lattice.n_elements(0), n_elements = t.n_cells() * n_children;
  mesh.region.reserve(n_elements);
  for (std::int32_t region : cells.region) mesh.region.insert(mesh.region.end(), n_children, region);
  mesh.element_cell.resize(n_elements);
  std::iota(mesh.element_cell.begin(), mesh.element_cell.end(), 0);
  mesh.original_element.resize(n_elements);
  for (Index e = 0; e < n_elements; ++e) mesh.original_element[e] = cells.number[e / n_children] * n_children + e % n_children;
  find_neighbours(comm, t, shared, lattice, mesh);
  add_surfaces(raw, faces, lattice, mesh);

  Numbering numbering = number_nodes(comm, t, shared, lattice);
  mesh.points = place_nodes(comm, t, lattice, numbering, faces, raw.surface_names, options.true_surfaces);
  mesh.nodes = numbering.nodes;
  const std::vector<int> element_points = lattice.nodes(0, mesh.shape);
  mesh.element_nodes.reserve(size_t(t.n_cells()) * element_points.size());
  for (Index cell = 0; cell < t.n_cells(); ++cell)
    for (int at : element_points) mesh.element_nodes.push_back(numbering.of_cell(cell, lattice)[at]);
  check_cells(mesh);
  check_touching(comm, t, shared);
  mesh.levels = build_levels(comm, lattice, numbering, mesh, t.n_cells());
  return mesh;
}

}  // namespace winze::mesh
