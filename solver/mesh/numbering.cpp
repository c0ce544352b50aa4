#include "mesh/numbering.hpp"

#include <algorithm>

#include "mesh/split.hpp"

namespace winze::mesh {
namespace {

/// Provisional numbers: vertices, then the inner nodes of edges (from the lower vertex), of faces (canonical order) and of cells.
struct Provisional {
  Provisional(const Topology& t, const Lattice& l)
      : per_edge(l.order - 1),
        per_face(l.n_face_points),
        per_cell(Index(l.inner_points.size())),
        edges(Index(t.used.size())),
        faces(edges + Index(t.edges.size()) * per_edge),
        cells(faces + Index(t.faces.size()) * per_face),
        end(cells + t.n_cells() * per_cell) {}
  const Index per_edge, per_face, per_cell, edges, faces, cells, end;
  Index first(const Entity& e) const {
    return e.kind == Entity::vertex ? e.number : e.kind == Entity::edge ? edges + e.number * per_edge : faces + e.number * per_face;
  }
  Index count(const Entity& e) const { return e.kind == Entity::vertex ? 1 : e.kind == Entity::edge ? per_edge : per_face; }
};

std::vector<Index> provisional_lattice(const Topology& t, const Lattice& lattice, const Provisional& p) {
  const ShapeInfo& cell_info = info(t.shape);
  const int n_vertices = cell_info.n_vertices, n_cell_edges = n_edges(t.shape);
  const Edge* const ends = &edge_vertices(t.shape, 0);
  const int* face_vertices[6];
  for (int f = 0; f < cell_info.n_faces; ++f) face_vertices[f] = face_nodes(linear(t.shape), f);
  const Index n_cells = t.n_cells();
  std::vector<Index> result(size_t(n_cells) * lattice.n_points);
  for (Index cell = 0; cell < n_cells; ++cell) {
    Index* out = result.data() + size_t(cell) * lattice.n_points;
    for (int v = 0; v < n_vertices; ++v) out[lattice.vertex_points[v]] = t.vertex(cell, v);
    for (int e = 0; p.per_edge > 0 && e < n_cell_edges; ++e) {
      const Index edge = t.cell_edges[size_t(cell) * n_cell_edges + e], first = p.edges + edge * p.per_edge;
      const bool forward = t.vertex(cell, ends[e].a) == t.edges[edge].low;
      const int* points = lattice.edge_points.data() + e * p.per_edge;
      for (int k = 0; k < p.per_edge; ++k) out[points[k]] = first + (forward ? k : p.per_edge - 1 - k);
    }
    for (int f = 0; p.per_face > 0 && f < cell_info.n_faces; ++f) {
      const Index first = p.faces + t.cell_faces[size_t(cell) * cell_info.n_faces + f] * p.per_face;
      const int* points = lattice.face_points.data() + f * p.per_face;
      Index v[4];
      for (int i = 0; i < cell_info.n_face_vertices; ++i) v[i] = t.vertex(cell, face_vertices[f][i]);
      const std::vector<int>& canonical = lattice.canonical_point(lattice.orientation(v));
      for (int k = 0; k < p.per_face; ++k) out[points[k]] = first + canonical[k];
    }
    for (int k = 0; k < p.per_cell; ++k) out[lattice.inner_points[k]] = p.cells + cell * p.per_cell + k;
  }
  return result;
}

}  // namespace

int face_orientation(const Topology& t, const Lattice& lattice, Index cell, int face) {
  Index v[4];
  for (int i = 0; i < info(t.shape).n_face_vertices; ++i) v[i] = t.vertex(cell, face_nodes(linear(t.shape), face)[i]);
  return lattice.orientation(v);
}

Numbering number_nodes(const Comm& comm, const Topology& t, const std::vector<SharedWith>& shared, const Lattice& lattice) {
  const Provisional p(t, lattice);
  Numbering result;
  result.lattice_nodes = provisional_lattice(t, lattice, p);

  constexpr Index untouched = -1, foreign = -2;
  std::vector<Index> final_number(p.end, untouched);
  for (const SharedWith& with : shared)
    for (const Entity& e : with.taken) std::fill_n(final_number.begin() + p.first(e), p.count(e), foreign);
  const std::vector<int> touch_order = lattice.nodes(0, lattice.shape);
  Index n_owned = 0;
  for (Index cell = 0; cell < t.n_cells(); ++cell) {
    const Index* node = result.of_cell(cell, lattice);
    for (int at : touch_order)
      if (final_number[node[at]] == untouched) final_number[node[at]] = n_owned++;
  }

  const GlobalIndex begin = comm.exclusive_scan(GlobalIndex(n_owned));
  std::vector<std::vector<GlobalIndex>> send(comm.size());
  for (const SharedWith& with : shared)
    for (const Entity& e : with.given)
      for (Index k = 0; k < p.count(e); ++k) send[with.rank].push_back(begin + final_number[p.first(e) + k]);
  std::vector<std::pair<GlobalIndex, Index>> ghosts;
  if (comm.size() > 1) {
    const auto received = comm.all_to_all(send);
    for (const SharedWith& with : shared) {
      auto global = received[with.rank].begin();
      for (const Entity& e : with.taken)
        for (Index k = 0; k < p.count(e); ++k) ghosts.emplace_back(*global++, p.first(e) + k);
    }
  }
  std::sort(ghosts.begin(), ghosts.end());
  std::vector<GlobalIndex> ghost_numbers;
  for (const auto& [global, provisional] : ghosts) {
    final_number[provisional] = n_owned + Index(ghost_numbers.size());
    ghost_numbers.push_back(global);
  }
  for (Index& node : result.lattice_nodes) node = final_number[node];
  result.nodes = SharedNodes(comm, n_owned, std::move(ghost_numbers));
  return result;
}

}  // namespace winze::mesh
