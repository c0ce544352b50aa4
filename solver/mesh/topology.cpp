#include "mesh/topology.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "mesh/split.hpp"

namespace winze::mesh {
namespace {

constexpr Index none = std::numeric_limits<Index>::max();

[[noreturn]] void torn(const Vector3& at, const char* what) {
  throw InputError("the mesh does not conform near ({:.6g}, {:.6g}, {:.6g}) m: {}", at[0], at[1], at[2], what);
}

/// Of a face with local vertices `local`.
std::array<Index, 4> sorted_vertices(const Topology& t, Index cell, const int* local, int n) {
  std::array<Index, 4> v = {none, none, none, none};
  for (int i = 0; i < n; ++i) v[i] = t.vertex(cell, local[i]);
  const auto order = [&](int a, int b) {
    if (v[a] > v[b]) std::swap(v[a], v[b]);
  };
  order(0, 1), order(2, 3), order(0, 2), order(1, 3), order(1, 2);  // none stays last
  return v;
}

/// Local number of the middle node of an edge of a quadratic cell.
int edge_middle(Shape shape, int edge) {
  const Edge& e = edge_vertices(shape, edge);
  return shape == Shape::hex27 ? (vertex_nodes(shape)[e.a] + vertex_nodes(shape)[e.b]) / 2 : 4 + edge;
}

void add_edges(Topology& t) {
  const int n_edges_of_cell = n_edges(t.shape), n_nodes = info(t.shape).n_nodes;
  const bool has_middle = info(t.shape).degree == 2;
  std::vector<Index> first(t.used.size(), -1);
  t.cell_edges.resize(size_t(t.n_cells()) * n_edges_of_cell);
  t.edges.reserve(t.n_cells() * (t.shape == Shape::tet4 || t.shape == Shape::tet10 ? 3 : 4) / 2);
  int middle_node[12];
  for (int e = 0; has_middle && e < n_edges_of_cell; ++e) middle_node[e] = edge_middle(t.shape, e);
  const Edge* const ends = &edge_vertices(t.shape, 0);
  const Index n = t.n_cells();
  for (Index cell = 0; cell < n; ++cell)
    for (int e = 0; e < n_edges_of_cell; ++e) {
      const Index a = t.vertex(cell, ends[e].a), b = t.vertex(cell, ends[e].b);
      const Index low = std::min(a, b), high = std::max(a, b);
      const Index middle = has_middle ? t.cell_nodes[size_t(cell) * n_nodes + middle_node[e]] : -1;
      Index edge = first[low];
      while (edge >= 0 && t.edges[edge].high != high) edge = t.edges[edge].next;
      if (edge < 0) {
        edge = Index(t.edges.size());
        t.edges.push_back({low, high, middle, first[low]});
        first[low] = edge;
      } else if (t.edges[edge].middle != middle) {
        torn(t.point(middle), "two cells share the ends of an edge but not its middle node; make the mesh of one order, with nodes merged");
      }
      t.cell_edges[size_t(cell) * n_edges_of_cell + e] = edge;
    }
}

void add_faces(Topology& t) {
  const ShapeInfo& cell_info = info(t.shape);
  const int n_faces = cell_info.n_faces;
  const Index n = t.n_cells();
  t.first_face.assign(t.used.size(), -1);
  t.faces.reserve(size_t(n) * n_faces * 11 / 20);
  const int* local[6];
  int middle_node[6];
  for (int f = 0; f < n_faces; ++f)
    local[f] = face_nodes(linear(t.shape), f), middle_node[f] = t.shape == Shape::hex27 ? face_nodes(t.shape, f)[4] : -1;
  for (Index cell = 0; cell < n; ++cell)
    for (int f = 0; f < n_faces; ++f) {
      const std::array<Index, 4> v = sorted_vertices(t, cell, local[f], cell_info.n_face_vertices);
      const Index middle = middle_node[f] >= 0 ? t.cell_nodes[size_t(cell) * 27 + middle_node[f]] : -1;
      Index face = t.find_face(v);
      if (face < 0) {
        face = Index(t.faces.size());
        t.faces.push_back({v, middle, t.first_face[v[0]], {cell * n_faces + f, -1}});
        t.first_face[v[0]] = face;
      } else {
        if (t.faces[face].side[1] >= 0) torn(t.centre(cell), "three cells share one face; remove doubled or overlapping cells");
        if (t.faces[face].middle != middle) torn(t.centre(cell), "two cells share the corners of a face but not its middle node; merge the nodes");
        t.faces[face].side[1] = cell * n_faces + f;
      }
      t.cell_faces[size_t(cell) * n_faces + f] = face;
    }
}

}  // namespace

Vector3 Topology::centre(Index cell) const {
  Vector3 sum{};
  const int n = info(shape).n_vertices;
  for (int v = 0; v < n; ++v)
    for (int axis = 0; axis < 3; ++axis) sum[axis] += point(vertex(cell, v))[axis] / n;
  return sum;
}

Topology topology(const Comm& comm, Shape shape, const Cells& cells, const NumberSet& used, std::vector<double> points, bool with_edges) {
  Topology t(shape);
  t.used = used.numbers();
  t.points = std::move(points);
  t.cell_nodes.resize(cells.nodes.size());
  for (size_t i = 0; i < cells.nodes.size(); ++i) t.cell_nodes[i] = used.find(cells.nodes[i]);
  t.cell_faces.resize(cells.region.size() * info(shape).n_faces);
  comm.together([&] {
    if (with_edges) add_edges(t);
    add_faces(t);
  });
  return t;
}

namespace {

/// Raw numbers of an entity's vertices (the lowest three name a face), then of its middle node; −1 fills.
struct EntityKey {
  GlobalIndex v[3], middle;
  bool same_vertices(const EntityKey& o) const { return v[0] == o.v[0] && v[1] == o.v[1] && v[2] == o.v[2]; }
  bool operator<(const EntityKey& o) const { return std::lexicographical_compare(v, v + 3, o.v, o.v + 3); }
};
struct Candidate {
  EntityKey key;
  Entity entity;
};

/// Every vertex, edge and face on a face that has only one cell here: whatever another rank shares is among them.
std::vector<Candidate> candidates(const Topology& t) {
  const ShapeInfo& cell_info = info(t.shape);
  const auto raw = [&](Index node) { return node < 0 ? GlobalIndex(-1) : t.used[node]; };
  std::vector<Candidate> result;
  std::vector<char> seen_vertex(t.used.size(), 0), seen_edge(t.edges.size(), 0);
  for (Index f = 0; f < Index(t.faces.size()); ++f) {
    const Topology::FaceRecord& face = t.faces[f];
    if (face.side[1] >= 0) continue;
    const auto& v = face.vertices;
    result.push_back({{{raw(v[0]), raw(v[1]), raw(v[2])}, raw(face.middle)}, {Entity::face, f}});
    for (int i = 0; i < cell_info.n_face_vertices; ++i)
      if (!std::exchange(seen_vertex[v[i]], 1)) result.push_back({{{raw(v[i]), -1, -1}, -1}, {Entity::vertex, v[i]}});
    if (t.edges.empty()) continue;
    const Index cell = face.side[0] / cell_info.n_faces;
    std::uint32_t on_face = 0;
    for (int i = 0; i < cell_info.n_face_vertices; ++i) on_face |= 1u << face_nodes(linear(t.shape), face.side[0] % cell_info.n_faces)[i];
    for (int e = 0; e < n_edges(t.shape); ++e) {
      const Edge& ends = edge_vertices(t.shape, e);
      const Index edge = t.cell_edges[size_t(cell) * n_edges(t.shape) + e];
      if (!(on_face >> ends.a & 1) || !(on_face >> ends.b & 1) || std::exchange(seen_edge[edge], 1)) continue;
      const Topology::EdgeRecord& record = t.edges[edge];
      result.push_back({{{raw(record.low), raw(record.high), -1}, raw(record.middle)}, {Entity::edge, edge}});
    }
  }
  std::sort(result.begin(), result.end(), [](const Candidate& a, const Candidate& b) { return a.key < b.key; });
  return result;
}

/// Answers, for every candidate a rank sent, the number of ranks that hold it and those ranks; 0 if it is the only one; −1 if their middle nodes
/// differ or more than two cells share a face.
std::vector<std::vector<std::int32_t>> holders(const Comm& comm, const std::vector<std::vector<GlobalIndex>>& sent) {
  struct Held {
    EntityKey key;
    std::int32_t rank;
    Index place;
  };
  std::vector<Held> held;
  std::vector<std::vector<std::int32_t>> first(comm.size()), answer(comm.size());
  for (int r = 0; r < comm.size(); ++r) {
    first[r].assign(sent[r].size() / 4, 0);
    for (size_t i = 0; i < sent[r].size(); i += 4) held.push_back({{{sent[r][i], sent[r][i + 1], sent[r][i + 2]}, sent[r][i + 3]}, r, Index(i / 4)});
  }
  std::stable_sort(held.begin(), held.end(), [](const Held& a, const Held& b) { return a.key < b.key; });
  std::vector<std::int32_t> groups = {0};  // group: count, ranks…; group 0 is "nobody else"
  for (size_t begin = 0, end; begin < held.size(); begin = end) {
    bool torn_here = false;
    for (end = begin + 1; end < held.size() && held[end].key.same_vertices(held[begin].key); ++end)
      torn_here = torn_here || held[end].key.middle != held[begin].key.middle;
    if (end == begin + 1) continue;
    torn_here = torn_here || (held[begin].key.v[2] >= 0 && end > begin + 2);
    const std::int32_t group = std::int32_t(groups.size());
    groups.push_back(torn_here ? -1 : std::int32_t(end - begin));
    for (size_t i = begin; i < end; ++i) {
      groups.push_back(held[i].rank);
      first[held[i].rank][held[i].place] = group;
    }
  }
  for (int r = 0; r < comm.size(); ++r)
    for (std::int32_t group : first[r]) {
      answer[r].push_back(groups[group]);
      for (std::int32_t i = 1; i <= groups[group]; ++i) answer[r].push_back(groups[group + i]);
    }
  return comm.all_to_all(answer);
}

}  // namespace

std::vector<SharedWith> shared_entities(const Comm& comm, const Topology& t) {
  if (comm.size() == 1) return {};
  const std::vector<Candidate> mine = candidates(t);
  std::vector<std::vector<GlobalIndex>> send(comm.size());
  const auto home = [&](const EntityKey& key) { return int((std::uint64_t(key.v[0]) * 0x9E3779B97F4A7C15ull >> 33) % std::uint64_t(comm.size())); };
  for (const Candidate& c : mine) send[home(c.key)].insert(send[home(c.key)].end(), {c.key.v[0], c.key.v[1], c.key.v[2], c.key.middle});
  const auto answers = holders(comm, comm.all_to_all(send));

  std::vector<SharedWith> with(comm.size());
  std::vector<size_t> next(comm.size(), 0);
  comm.together([&] {
    for (const Candidate& c : mine) {  // ascending keys: the same order on every rank that holds an entity
      const std::vector<std::int32_t>& answer = answers[home(c.key)];
      size_t& at = next[home(c.key)];
      const std::int32_t n = answer[at++];
      if (n < 0) {
        const Index node = c.entity.kind == Entity::edge ? t.edges[c.entity.number].low : t.faces[c.entity.number].vertices[0];
        torn(t.point(node), "cells share the vertices of an edge or face but not its middle node, or three cells share a face; merge the nodes");
      }
      if (n == 0) continue;
      const std::int32_t* ranks = answer.data() + at;
      at += n;
      const int owner = *std::min_element(ranks, ranks + n);
      for (int i = 0; i < n; ++i) {
        const int other = ranks[i];
        if (other == comm.rank()) continue;
        if (owner == comm.rank()) with[other].given.push_back(c.entity);
        if (owner == other) with[other].taken.push_back(c.entity);
        if (c.entity.kind == Entity::face) with[other].faces.push_back(c.entity.number);
      }
    }
  });
  std::vector<SharedWith> result;
  for (int r = 0; r < comm.size(); ++r) {
    if (with[r].given.empty() && with[r].taken.empty()) continue;
    with[r].rank = r;
    result.push_back(std::move(with[r]));
  }
  return result;
}

}  // namespace winze::mesh
