#include "geometry/orientation.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "base/error.hpp"
#include "geometry/topology.hpp"
#include "geometry/winding.hpp"

namespace winze::geometry {
namespace {

void turn_over(Face& f) { std::swap(f[1], f[2]); }

/// Turns faces until every piece agrees with itself and encloses a positive volume, or lies as a cavity in another. Returns the piece of each face.
std::vector<Index> orient(Triangles& t, Damage& damage) {
  const std::vector<Face> given = t.faces;
  const std::vector<EdgeUse> uses = edge_uses(t.faces);
  struct Neighbour {
    Index face = -1;
    bool agrees = true;
  };
  std::vector<std::array<Neighbour, 3>> neighbours(t.faces.size());
  Sets sets{Index(t.faces.size())};
  for_each_edge(uses, [&](std::span<const EdgeUse> edge) {
    if (edge.size() > 2) damage.overused_edges.add(0.5 * (t.points[edge[0].low] + t.points[edge[0].high]));
    if (edge.size() != 2) return;
    const bool agrees = edge[0].forward != edge[1].forward;
    neighbours[edge[0].face][edge[0].corner] = {edge[1].face, agrees};
    neighbours[edge[1].face][edge[1].corner] = {edge[0].face, agrees};
    sets.join(edge[0].face, edge[1].face);
  });
  std::vector<Index> piece = sets.numbers(damage.pieces);
  std::vector<char> turned(t.faces.size(), 2);  // 2: not seen
  std::vector<Index> waiting;
  for (std::size_t seed = 0; seed < t.faces.size(); ++seed) {
    if (turned[seed] != 2) continue;
    turned[seed] = 0;
    waiting = {Index(seed)};
    double as_given = 0, over = 0;
    for (std::size_t at = 0; at < waiting.size(); ++at) {
      const Index f = waiting[at];
      (turned[f] ? over : as_given) += norm(t.area_vector(t.faces[f]));
      for (const Neighbour& n : neighbours[f]) {
        if (n.face < 0) continue;
        const char should = n.agrees ? turned[f] : char(1 - turned[f]);
        if (turned[n.face] == 2) {
          turned[n.face] = should;
          waiting.push_back(n.face);
        } else if (turned[n.face] != should) {
          const Vector3 x = t.middle(t.faces[f]);
          throw InputError("the surface has only one side (a twisted band) near ({:.3f}, {:.3f}, {:.3f}); it encloses nothing there", x[0], x[1],
                           x[2]);
        }
      }
    }
    for (Index f : waiting)
      if (bool(turned[f]) != (over > as_given)) turn_over(t.faces[f]);
  }
  std::vector<double> enclosed(std::size_t(damage.pieces), 0);
  const Vector3 o = t.box().centre();
  for (std::size_t f = 0; f < t.faces.size(); ++f) enclosed[piece[f]] += dot(t.middle(t.faces[f]) - o, t.area_vector(t.faces[f])) / 3;
  Triangles outer{t.points, {}};
  std::vector<Index> first(enclosed.size(), -1);
  for (std::size_t f = 0; f < t.faces.size(); ++f) {
    if (enclosed[piece[f]] > 0)
      outer.faces.push_back(t.faces[f]);
    else if (first[piece[f]] < 0)
      first[piece[f]] = Index(f);
  }
  const Winding around(outer);
  std::vector<char> turn(enclosed.size(), 0);
  for (std::size_t p = 0; p < turn.size(); ++p) turn[p] = enclosed[p] < 0 && around(t.middle(t.faces[first[p]])) < 0.5;
  for (std::size_t f = 0; f < t.faces.size(); ++f) {
    if (turn[piece[f]]) turn_over(t.faces[f]);
    if (t.faces[f] != given[f]) damage.inverted.add(t.middle(t.faces[f]));
  }
  return piece;
}

/// Faces of pieces that hang on edges of others and whose removal leaves less of those edges open. Small pieces go first: a wall across a solid is
/// smaller than what it closes on either side.
std::vector<char> loose_faces(const Triangles& t, const std::vector<Index>& piece, int n_pieces) {
  struct Border {
    std::size_t edge;
    int net;
  };
  std::vector<int> net, others;  // of each edge: uses forward − backward; all uses
  std::vector<double> length, area(static_cast<std::size_t>(n_pieces), 0);
  std::vector<std::vector<Border>> borders(area.size());
  const std::vector<EdgeUse> uses = edge_uses(t.faces);
  for_each_edge(uses, [&](std::span<const EdgeUse> edge) {
    std::map<Index, int> own;
    int sum = 0;
    for (const EdgeUse& u : edge) own[piece[u.face]] += u.forward ? 1 : -1, sum += u.forward ? 1 : -1;
    for (const auto& [p, n] : own)
      if (n != 0) borders[p].push_back({net.size(), n});
    net.push_back(sum);
    others.push_back(int(own.size()));
    length.push_back(norm(t.points[edge[0].high] - t.points[edge[0].low]));
  });
  for (std::size_t f = 0; f < t.faces.size(); ++f) area[piece[f]] += norm(t.area_vector(t.faces[f]));
  std::vector<Index> order(area.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](Index a, Index b) { return area[a] < area[b]; });
  std::vector<char> gone(area.size(), 0), loose(t.faces.size());
  for (Index p : order) {
    double gain = 0;
    bool hangs = false;
    for (const Border& b : borders[p]) {
      gain += length[b.edge] * (std::abs(net[b.edge]) - std::abs(net[b.edge] - b.net));
      hangs = hangs || others[b.edge] > 1;
    }
    if (!hangs || !(gain > 0)) continue;
    gone[p] = 1;
    for (const Border& b : borders[p]) net[b.edge] -= b.net, --others[b.edge];
  }
  for (std::size_t f = 0; f < t.faces.size(); ++f) loose[f] = gone[piece[f]];
  return loose;
}

}  // namespace

void face_outward(Triangles& t, Damage& damage) {
  Triangles turned = t;
  Damage with = damage;
  const std::vector<Index> piece = orient(turned, with);
  const std::vector<char> loose = with.overused_edges.count > 0 ? loose_faces(turned, piece, with.pieces) : std::vector<char>(piece.size(), 0);
  const auto n = std::size_t(std::count(loose.begin(), loose.end(), 1));
  if (n == 0 || n == loose.size()) {
    t = std::move(turned);
    damage = with;
    return;
  }
  std::vector<Face> kept;
  for (std::size_t f = 0; f < t.faces.size(); ++f) {
    if (loose[f])
      damage.loose.add(t.middle(t.faces[f]));
    else
      kept.push_back(t.faces[f]);
  }
  t.faces = std::move(kept);
  orient(t, damage);
}

}  // namespace winze::geometry
