#include "geometry/repair.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <tuple>
#include <unordered_map>

#include "base/error.hpp"
#include "geometry/orientation.hpp"
#include "geometry/topology.hpp"
#include "geometry/winding.hpp"

namespace winze::geometry {
namespace {

constexpr int most_intersections = 1000;
constexpr double most_ambiguous = 0.1, most_inside_out = 0.05;  // shares of the enclosed space

void check_numbers(const Triangles& t) {
  for (const Vector3& x : t.points)
    if (!finite(x) || std::max({std::abs(x[0]), std::abs(x[1]), std::abs(x[2])}) > 1e12)
      throw InputError("a corner of a face has a coordinate that is not a number below 1e12; write the file again");
  for (const Face& f : t.faces)
    for (Index p : f)
      if (p < 0 || p >= Index(t.points.size())) throw InputError("a face names corner {} of {}", p + 1, t.points.size());
}

void drop_degenerate(Triangles& t, Damage& damage) {
  std::erase_if(t.faces, [&](const Face& f) {
    const Vector3 &a = t.points[f[0]], &b = t.points[f[1]], &c = t.points[f[2]];
    const double side2 = std::max({dot(b - a, b - a), dot(c - b, c - b), dot(a - c, a - c)});
    if (norm(cross(b - a, c - a)) > 1e-10 * side2) return false;
    damage.degenerate.add(a);
    return true;
  });
}

void drop_duplicates(Triangles& t, Damage& damage) {
  struct Entry {
    Face sorted;
    Index face;
    int turn;  ///< +1 where the sorted corners run as the face does
  };
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < t.faces.size(); ++i) {
    Face f = t.faces[i];
    int turn = 1;
    for (auto [a, b] : {std::pair{0, 1}, {1, 2}, {0, 1}})
      if (f[a] > f[b]) std::swap(f[a], f[b]), turn = -turn;
    entries.push_back({f, Index(i), turn});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return std::tie(a.sorted, a.face) < std::tie(b.sorted, b.face); });
  std::vector<char> drop(t.faces.size(), 0);
  for (std::size_t i = 0, j; i < entries.size(); i = j) {
    int net = 0;
    for (j = i; j < entries.size() && entries[j].sorted == entries[i].sorted; ++j) net += entries[j].turn;
    bool kept = net == 0;
    for (std::size_t k = i; k < j; ++k) {
      if (!kept && entries[k].turn * net > 0) {
        kept = true;
      } else {
        drop[entries[k].face] = 1;
      }
    }
  }
  std::vector<Face> faces;
  for (std::size_t i = 0; i < t.faces.size(); ++i) {
    if (drop[i])
      damage.duplicate.add(t.middle(t.faces[i]));
    else
      faces.push_back(t.faces[i]);
  }
  t.faces = std::move(faces);
}

/// Loops of edges that the faces leave open, each in the direction that a closing face needs.
std::vector<std::vector<Index>> open_loops(const Triangles& t) {
  const std::vector<EdgeUse> uses = edge_uses(t.faces);
  std::unordered_multimap<Index, Index> next;
  std::vector<Index> starts;
  for_each_edge(uses, [&](std::span<const EdgeUse> edge) {
    int net = 0;
    for (const EdgeUse& u : edge) net += u.forward ? 1 : -1;
    for (int i = 0; i < std::abs(net); ++i) {
      const Index from = net > 0 ? edge[0].high : edge[0].low, to = net > 0 ? edge[0].low : edge[0].high;
      next.emplace(from, to);
      starts.push_back(from);
    }
  });
  std::vector<std::vector<Index>> loops;
  for (Index start : starts) {  // as many edges enter a corner as leave it, so every walk comes home; a corner met twice ends a loop of its own
    std::vector<Index> walk = {start};
    for (auto at = next.find(start); at != next.end(); at = next.find(walk.back())) {
      const Index to = at->second;
      next.erase(at);
      const auto met = std::find(walk.begin(), walk.end(), to);
      if (met == walk.end()) {
        walk.push_back(to);
      } else {
        loops.emplace_back(met, walk.end());
        walk.erase(met + 1, walk.end());
      }
    }
  }
  return loops;
}

void close_holes(Triangles& t, Damage& damage) {
  for (const std::vector<Index>& loop : open_loops(t)) {
    double area = 0, around = 0;
    for (std::size_t i = 0; i < loop.size(); ++i) {
      const Vector3 &o = t.points[loop[0]], &a = t.points[loop[i]], &b = t.points[loop[(i + 1) % loop.size()]];
      area += 0.5 * norm(cross(a - o, b - o));
      around += norm(b - a);
    }
    if (area < 1e-9 * around * around) {
      damage.seams.add(t.points[loop[0]]);
    } else {
      damage.holes.add(t.points[loop[0]]);
      append_polygon(t.points, loop, t.faces);
    }
  }
}

std::vector<Index> find_intersections(const Triangles& t, Damage& damage) {
  std::vector<Index> crossing;
  std::vector<Box> boxes(t.faces.size());
  for (std::size_t i = 0; i < boxes.size(); ++i)
    for (Index p : t.faces[i]) boxes[i].add(t.points[p]);
  const BoxTree tree(boxes);
  const auto one_way = [&](const Face& f, const Face& g) {  // an edge of f that shares no corner with g crosses g
    for (int k = 0; k < 3; ++k) {
      const Index a = f[k], b = f[(k + 1) % 3];
      if (std::find(g.begin(), g.end(), a) != g.end() || std::find(g.begin(), g.end(), b) != g.end()) continue;
      if (crosses(t.points[a], t.points[b], t.points[g[0]], t.points[g[1]], t.points[g[2]])) return true;
    }
    return false;
  };
  for (std::size_t i = 0; i < boxes.size() && damage.intersections.count < most_intersections; ++i)
    tree.search([&](const Box& b) { return b.overlaps(boxes[i]); },
                [&](std::int32_t j) {
                  if (std::size_t(j) > i && boxes[j].overlaps(boxes[i]) && (one_way(t.faces[i], t.faces[j]) || one_way(t.faces[j], t.faces[i]))) {
                    damage.intersections.add(t.middle(t.faces[i]));
                    crossing.insert(crossing.end(), {Index(i), j});
                  }
                  return damage.intersections.count >= most_intersections;
                });
  if (damage.intersections.count >= most_intersections) {
    crossing.resize(t.faces.size());
    std::iota(crossing.begin(), crossing.end(), 0);
  }
  std::sort(crossing.begin(), crossing.end());
  crossing.erase(std::unique(crossing.begin(), crossing.end()), crossing.end());
  return crossing;
}

/// Winding numbers just behind the wall, down to half the mean thickness, before and after holes were closed.
void judge(const Triangles& open, const Triangles& closed, Damage& damage) {
  const double volume = closed.enclosed();
  double area = 0;
  std::vector<double> sums;
  for (const Face& f : closed.faces) sums.push_back(area += norm(closed.area_vector(f)));
  const double size = closed.box().diagonal();
  if (!(volume > 1e-12 * size * area))
    throw InputError("the faces enclose nothing: the volume is {:.3g} m3 for an area of {:.3g} m2; give a closed surface", volume, area);
  if (damage.sound() && damage.pieces == 1) return;
  const Winding before(open), after(closed);
  const bool changed = open.faces.size() != closed.faces.size();
  std::mt19937_64 engine(1);
  std::uniform_real_distribution<double> dice(0, 1);
  constexpr int n = 300;
  int inside = 0, unclear = 0, inside_out = 0;
  Vector3 place{};
  for (int i = 0; i < n; ++i) {
    const std::size_t at = std::size_t(std::lower_bound(sums.begin(), sums.end(), dice(engine) * area) - sums.begin());
    const Face& f = closed.faces[std::min(at, sums.size() - 1)];
    double u = dice(engine), v = dice(engine);
    if (u + v > 1) u = 1 - u, v = 1 - v;
    const Vector3 a = closed.points[f[0]], on = a + u * (closed.points[f[1]] - a) + v * (closed.points[f[2]] - a);
    const Vector3 x = on - (dice(engine) * volume / area) * unit(closed.area_vector(f));
    const double w = after(x), was = changed ? before(x) : w;
    inside += w > 0.5;
    inside_out += w < -0.5;
    if (std::abs(was - std::round(was)) > 0.2 && unclear++ == 0) place = x;
    if (w < -0.5 && inside_out == 1 && unclear == 0) place = x;
  }
  damage.closedness = 1 - double(unclear) / n;
  if (inside == 0 || unclear > most_ambiguous * n)
    throw InputError(
        "inside and outside cannot be told apart: {} holes, the first at ({:.3f}, {:.3f}, {:.3f}), leave {:.0f} % of the solid unclear; "
        "close the surface",
        damage.holes.count, damage.holes.place[0], damage.holes.place[1], damage.holes.place[2], 100.0 * unclear / n);
  if (inside_out > most_inside_out * n)
    throw InputError("the surface is inside out for {:.0f} % of the solid, first near ({:.3f}, {:.3f}, {:.3f}); remove the faces that cross",
                     100.0 * inside_out / n, place[0], place[1], place[2]);
}

}  // namespace

std::string Damage::text() const {
  std::string all;
  const auto say = [&](const Kind& kind, const char* what) {
    if (kind.count == 0) return;
    all += fmt::format("{}{}{} {} (first at {:.3f}, {:.3f}, {:.3f})", all.empty() ? "" : "; ", kind.count,
                       kind.count >= most_intersections ? "+" : "", what, kind.place[0], kind.place[1], kind.place[2]);
  };
  say(degenerate, "faces without area removed");
  say(duplicate, "duplicate faces removed");
  say(inverted, "faces turned outward");
  say(loose, "loose faces removed");
  say(holes, "holes closed");
  say(seams, "open seams without area");
  say(overused_edges, "edges of more than two faces");
  say(intersections, "pairs of faces that cross");
  if (closedness < 1) all += fmt::format("; {:.1f} % closed before", 100 * closedness);
  return all.empty() ? "nothing found" : all;
}

void weld(Triangles& t, double near) {
  const double cell = 1024 * near;
  const auto key = [](std::int64_t i, std::int64_t j, std::int64_t k) {
    return std::uint64_t(i) * 0x9E3779B97F4A7C15u ^ std::uint64_t(j) * 0xC2B2AE3D27D4EB4Fu ^ std::uint64_t(k) * 0x165667B19E3779F9u;
  };
  std::unordered_multimap<std::uint64_t, Index> known;
  std::vector<Vector3> points;
  std::vector<Index> number(t.points.size());
  for (std::size_t i = 0; i < t.points.size(); ++i) {
    const Vector3& x = t.points[i];
    std::array<std::int64_t, 3> low, high, home;
    for (int d = 0; d < 3; ++d) {
      low[d] = std::int64_t(std::floor((x[d] - near) / cell));
      high[d] = std::int64_t(std::floor((x[d] + near) / cell));
      home[d] = std::int64_t(std::floor(x[d] / cell));
    }
    Index found = -1;
    for (std::int64_t a = low[0]; a <= high[0]; ++a)
      for (std::int64_t b = low[1]; b <= high[1]; ++b)
        for (std::int64_t c = low[2]; c <= high[2] && found < 0; ++c) {
          const auto [begin, end] = known.equal_range(key(a, b, c));
          for (auto at = begin; at != end && found < 0; ++at)
            if (norm(points[at->second] - x) <= near) found = at->second;
        }
    if (found < 0) {
      found = Index(points.size());
      points.push_back(x);
      known.emplace(key(home[0], home[1], home[2]), found);
    }
    number[i] = found;
  }
  t.points = std::move(points);
  for (Face& f : t.faces)
    for (Index& p : f) p = number[p];
}

Mended mend(Triangles raw) {
  Mended out{std::move(raw), {}, {}};
  Triangles& t = out.triangles;
  Damage& damage = out.damage;
  if (t.faces.empty()) throw InputError("there is no face; a solid needs at least four");
  check_numbers(t);
  const double size = t.box().diagonal();
  if (!(size > 0)) throw InputError("all corners are the same point; check the unit of the file");
  weld(t, 1e-7 * size);
  drop_degenerate(t, damage);
  drop_duplicates(t, damage);
  if (t.faces.size() < 3) throw InputError("{} faces are left of those given; a solid needs at least four", t.faces.size());
  face_outward(t, damage);
  const Triangles open = t;
  close_holes(t, damage);
  out.crossing = find_intersections(t, damage);
  judge(open, t, damage);
  return out;
}

}  // namespace winze::geometry
