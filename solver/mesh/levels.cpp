#include "mesh/levels.hpp"

#include <algorithm>
#include <numeric>

#include "mesh/split.hpp"

namespace winze::mesh {
namespace {

/// Numbers the vertices of a level's elements; `number` [local nodes of the mesh] gets each one's local number on the level, −1 elsewhere.
void number_level(const Comm& comm, const SharedNodes& mesh_nodes, Level& level, std::vector<Index>& number) {
  number.assign(mesh_nodes.n_local(), -1);
  std::vector<Index> touched_ghosts;
  Index n_owned = 0;
  for (Index node : level.element_nodes) {
    if (number[node] >= 0) continue;
    if (node < mesh_nodes.n_owned()) {
      number[node] = n_owned++;
    } else {
      number[node] = 0;
      touched_ghosts.push_back(node);
    }
  }
  std::vector<std::pair<GlobalIndex, Index>> ghosts;
  std::vector<GlobalIndex> ghost_numbers;
  if (comm.size() > 1) {
    const GlobalIndex begin = comm.exclusive_scan(GlobalIndex(n_owned));
    std::vector<GlobalIndex> global(mesh_nodes.n_local(), -1);
    for (Index node = 0; node < mesh_nodes.n_owned(); ++node)
      if (number[node] >= 0) global[node] = begin + number[node];
    mesh_nodes.update_ghosts(global.data(), 1);
    for (Index node : touched_ghosts) ghosts.emplace_back(global[node], node);
    std::sort(ghosts.begin(), ghosts.end());
    for (const auto& [global_number, node] : ghosts) {
      number[node] = n_owned + Index(ghost_numbers.size());
      ghost_numbers.push_back(global_number);
    }
  }
  level.nodes = SharedNodes(comm, n_owned, std::move(ghost_numbers));
  for (Index& node : level.element_nodes) node = number[node];
}

}  // namespace

std::vector<Level> build_levels(const Comm& comm, const Lattice& lattice, const Numbering& numbering, const Mesh& mesh, Index n_cells) {
  const Shape shape = mesh.shape;
  std::vector<Level> levels(lattice.refine + 1);
  std::vector<Index> number, finer_number;
  for (int l = 0; l <= lattice.refine; ++l) {
    Level& level = levels[l];
    const Index n_elements = n_cells * lattice.n_elements(l), n_children = l == 0 ? 1 : 8;
    const std::vector<int>& vertices = lattice.vertices(l);
    level.element_nodes.reserve(size_t(n_cells) * vertices.size());
    for (Index cell = 0; cell < n_cells; ++cell)
      for (int at : vertices) level.element_nodes.push_back(numbering.of_cell(cell, lattice)[at]);
    finer_number.swap(number);
    number_level(comm, mesh.nodes, level, number);
    level.child_begin.resize(size_t(n_elements) + 1);
    for (Index e = 0; e <= n_elements; ++e) level.child_begin[e] = e * n_children;
    level.child_place.resize(size_t(n_elements) * n_children);
    for (size_t i = 0; i < level.child_place.size(); ++i) level.child_place[i] = l == 0 ? Level::whole : std::uint8_t(i % 8);
    level.points.resize(3 * size_t(level.nodes.n_local()));
    for (Index node = 0; node < mesh.nodes.n_local(); ++node)
      if (number[node] >= 0) std::copy_n(mesh.points.data() + 3 * size_t(node), 3, level.points.data() + 3 * size_t(number[node]));

    // Every finer node is a node of the quadratic shape of some element here, or for level[0] of the mesh's own shape.
    const Shape list_shape = l == 0 ? shape : quadratic(shape);
    const std::vector<int> list = lattice.nodes(l, list_shape);
    const int n_list = info(list_shape).n_nodes, n_vertices = info(shape).n_vertices;
    const Index n_finer = l == 0 ? mesh.nodes.n_local() : levels[l - 1].nodes.n_local();
    const auto finer = [&](Index node) { return l == 0 ? node : finer_number[node]; };
    MeanOf& mean = level.to_finer;
    mean.offset.assign(size_t(n_finer) + 1, 0);
    for (Index cell = 0; cell < n_cells; ++cell) {
      const Index* node = numbering.of_cell(cell, lattice);
      for (size_t i = 0, local = 0; i < list.size(); ++i, local = local + 1 == size_t(n_list) ? 0 : local + 1)
        mean.offset[finer(node[list[i]]) + 1] = masters_of(list_shape, int(local)).n;
    }
    std::partial_sum(mean.offset.begin(), mean.offset.end(), mean.offset.begin());
    mean.masters.assign(mean.offset.back(), -1);
    for (Index cell = 0; cell < n_cells; ++cell) {
      const Index* node = numbering.of_cell(cell, lattice);
      for (int e = 0; e < lattice.n_elements(l); ++e)
        for (int i = 0; i < n_list; ++i) {
          const Index at = mean.offset[finer(node[list[size_t(e) * n_list + i]])];
          if (mean.masters[at] >= 0) continue;
          const Masters& masters = masters_of(list_shape, i);
          for (int m = 0; m < masters.n; ++m) mean.masters[at + m] = number[node[vertices[size_t(e) * n_vertices + masters.vertex[m]]]];
        }
    }
  }
  return levels;
}

}  // namespace winze::mesh
