#include "mesh/touching.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "mesh/split.hpp"

namespace winze::mesh {
namespace {

enum Kind : GlobalIndex { vertex, middle, face };
struct Mark {
  GlobalIndex place[3], kind;
  bool same_place(const Mark& o) const { return std::equal(place, place + 3, o.place); }
  bool operator<(const Mark& o) const {
    return std::lexicographical_compare(place, place + 3, o.place, o.place + 3) || (same_place(o) && kind < o.kind);
  }
};

struct Raster {
  Vector3 low;
  double step;
  Mark mark(const Vector3& x, Kind kind) const {
    Mark m{};
    for (int axis = 0; axis < 3; ++axis) m.place[axis] = std::llround((x[axis] - low[axis]) / step);
    m.kind = kind;
    return m;
  }
};
Raster raster(const Comm& comm, const std::vector<double>& points) {
  Raster result{{}, 0};
  for (int axis = 0; axis < 3; ++axis) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (size_t i = axis; i < points.size(); i += 3) low = std::min(low, points[i]), high = std::max(high, points[i]);
    result.low[axis] = comm.min(low);
    result.step = std::max(result.step, 1e-7 * (comm.max(high) - result.low[axis]));
  }
  return result;
}

Vector3 mean(const Topology& t, const Index* nodes, int n) {
  Vector3 sum{};
  for (int i = 0; i < n; ++i)
    for (int axis = 0; axis < 3; ++axis) sum[axis] += t.point(nodes[i])[axis] / n;
  return sum;
}

}  // namespace

void check_touching(const Comm& comm, const Topology& t, const std::vector<SharedWith>& shared) {
  const ShapeInfo& cell_info = info(t.shape);
  const bool quads = cell_info.n_face_vertices == 4;
  std::vector<char> inner(t.faces.size(), 0), seen_vertex(t.used.size(), 0);
  for (const SharedWith& with : shared)
    for (Index f : with.faces) inner[f] = 1;
  const Raster grid = raster(comm, t.points);
  std::vector<std::vector<GlobalIndex>> send(comm.size());
  const auto put = [&](const Vector3& x, Kind kind) {
    const Mark m = grid.mark(x, kind);
    std::uint64_t hash = 0;
    for (GlobalIndex p : m.place) hash = (hash ^ std::uint64_t(p)) * 0x9E3779B97F4A7C15ull;
    auto& out = send[(hash >> 33) % std::uint64_t(comm.size())];
    out.insert(out.end(), {m.place[0], m.place[1], m.place[2], m.kind});
  };
  for (size_t f = 0; f < t.faces.size(); ++f) {
    const Topology::FaceRecord& record = t.faces[f];
    if (record.side[1] >= 0 || inner[f]) continue;
    const Index cell = record.side[0] / cell_info.n_faces;
    const int* local = face_nodes(linear(t.shape), record.side[0] % cell_info.n_faces);
    Index v[4];
    for (int i = 0; i < cell_info.n_face_vertices; ++i) v[i] = t.vertex(cell, local[i]);
    for (int i = 0; i < cell_info.n_face_vertices; ++i)
      if (!std::exchange(seen_vertex[v[i]], 1)) put(t.point(v[i]), vertex);
    put(mean(t, record.vertices.data(), cell_info.n_face_vertices), face);  // sorted: the same sum from both sides of unmerged faces
    if (quads) put(record.middle >= 0 ? t.point(record.middle) : mean(t, v, 4), middle);
    constexpr int quad_edges[4][2] = {{0, 1}, {2, 3}, {0, 2}, {1, 3}}, tri_edges[3][2] = {{0, 1}, {1, 2}, {0, 2}};
    for (int e = 0; e < cell_info.n_face_vertices; ++e) {
      const int *ends = quads ? quad_edges[e] : tri_edges[e], a = local[ends[0]], b = local[ends[1]];
      if (cell_info.degree == 1) {
        const Index both[2] = {t.vertex(cell, a), t.vertex(cell, b)};
        put(mean(t, both, 2), middle);
        continue;
      }
      for (int edge = 0; edge < n_edges(t.shape); ++edge) {
        const Edge& candidate = edge_vertices(t.shape, edge);
        if (std::minmax<int>(candidate.a, candidate.b) != std::minmax(a, b)) continue;
        put(t.point(t.edges[t.cell_edges[size_t(cell) * n_edges(t.shape) + edge]].middle), middle);
      }
    }
  }
  std::vector<Mark> marks;
  for (const auto& from : comm.all_to_all(send))
    for (size_t i = 0; i < from.size(); i += 4) marks.push_back({{from[i], from[i + 1], from[i + 2]}, from[i + 3]});
  std::sort(marks.begin(), marks.end());
  comm.together([&] {
    for (size_t i = 0; i + 1 < marks.size(); ++i) {
      const Mark &a = marks[i], &b = marks[i + 1];
      if (!a.same_place(b)) continue;
      Vector3 x;
      for (int axis = 0; axis < 3; ++axis) {
        x[axis] = grid.low[axis] + grid.step * (double(a.place[axis]) - 0.318);
        if (std::abs(x[axis]) < grid.step) x[axis] = 0;
      }
      if (a.kind == vertex && b.kind == middle)
        throw InputError("the mesh does not conform: a vertex at ({:.6g}, {:.6g}, {:.6g}) m lies in the middle of another cell's edge or face", x[0],
                         x[1], x[2]);
      if (a.kind == face && b.kind == face)
        throw InputError(
            "two cells touch at ({:.6g}, {:.6g}, {:.6g}) m without sharing nodes: merge coincident nodes (Gmsh: BooleanFragments or Coherence)", x[0],
            x[1], x[2]);
    }
  });
}

}  // namespace winze::mesh
