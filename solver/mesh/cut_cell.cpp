#include "mesh/cut_cell.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

#include "mesh/tet_rule.hpp"

namespace winze::mesh {
namespace {

using namespace geometry;  // arithmetic of points

using Barycentric = std::array<double, 4>;
using Corners = std::array<int, 3>;

Barycentric between(const Barycentric& a, double fa, const Barycentric& b, double fb) {
  const double t = fa / (fa - fb);
  Barycentric p;
  for (int i = 0; i < 4; ++i) p[i] = a[i] + t * (b[i] - a[i]);
  return p;
}

class Cutter {
 public:
  Cutter(const Box& cell, std::span<const Solid* const> solids, const std::function<int(std::uint32_t)>& label, const CutOptions& options)
      : cell_(cell), solids_(solids), label_(label), options_(options), n_(1 << options.depth), edge_(cell.high[0] - cell.low[0]) {
    measure();
    connect();
    descend({0, 0, 0}, n_);
  }
  CutCell result() {
    CutCell out;
    std::vector<int> number(pieces_.size(), -1);
    for (std::size_t p = 0; p < pieces_.size(); ++p) {
      if (pieces_[p].points.empty()) continue;
      number[p] = int(out.pieces.size());
      CutCell::Piece piece{pieces_[p].label, 0, {}};
      for (const WeightedPoint& q : pieces_[p].points) piece.volume += q.weight;
      piece.points = options_.compressed ? compress(pieces_[p].points, options_.degree) : std::move(pieces_[p].points);
      out.pieces.push_back(std::move(piece));
    }
    for (const auto& [key, points] : walls_) {
      const auto& [solid, patch, inside, outside] = key;
      for (const WeightedPoint& q : options_.compressed ? compress(points, options_.wall_degree) : points) {
        const geometry::Wall at = solids_[std::size_t(solid)]->nearest(position(q.at));
        out.walls.push_back({at.point, at.normal, q.weight, solid, patch, number[std::size_t(inside)], number[std::size_t(outside)]});
      }
    }
    return out;
  }

 private:
  struct Draft {
    int label;
    std::vector<WeightedPoint> points;
  };
  int lattice(const Corners& c) const { return c[0] + (n_ + 1) * (c[1] + (n_ + 1) * c[2]); }
  Vector3 reference(const Corners& c) const { return {2.0 * c[0] / n_ - 1, 2.0 * c[1] / n_ - 1, 2.0 * c[2] / n_ - 1}; }
  Vector3 position(const Vector3& reference) const {
    return {cell_.low[0] + 0.5 * edge_ * (reference[0] + 1), cell_.low[1] + 0.5 * edge_ * (reference[1] + 1),
            cell_.low[2] + 0.5 * edge_ * (reference[2] + 1)};
  }
  double distance(std::size_t solid, int corner) const { return distance_[solid * std::size_t(n_corners_) + std::size_t(corner)]; }

  /// Distances at the lattice; a corner on a wall counts as outside.
  void measure() {
    n_corners_ = (n_ + 1) * (n_ + 1) * (n_ + 1);
    std::vector<Vector3> at(static_cast<std::size_t>(n_corners_));
    for (int k = 0; k <= n_; ++k)
      for (int j = 0; j <= n_; ++j)
        for (int i = 0; i <= n_; ++i) at[std::size_t(lattice({i, j, k}))] = position(reference({i, j, k}));
    std::vector<geometry::Wall> near(at.size());
    mask_.assign(at.size(), 0);
    for (std::size_t s = 0; s < solids_.size(); ++s) {
      solids_[s]->nearest(at, near);
      for (std::size_t c = 0; c < at.size(); ++c) {
        distance_.push_back(near[c].distance);
        if (near[c].distance < 0) mask_[c] |= 1u << s;
      }
    }
  }
  /// Corners of one label that edges of the lattice join make a piece.
  void connect() {
    std::vector<int> parent(mask_.size()), labels(mask_.size());
    std::iota(parent.begin(), parent.end(), 0);
    for (std::size_t c = 0; c < mask_.size(); ++c) labels[c] = label_(mask_[c]);
    const auto root = [&](int c) {
      while (parent[std::size_t(c)] != c) c = parent[std::size_t(c)] = parent[std::size_t(parent[std::size_t(c)])];
      return c;
    };
    for (int k = 0; k <= n_; ++k)
      for (int j = 0; j <= n_; ++j)
        for (int i = 0; i <= n_; ++i)
          for (int d = 0; d < 3; ++d) {
            Corners next = {i, j, k};
            if (++next[std::size_t(d)] > n_) continue;
            const int a = lattice({i, j, k}), b = lattice(next);
            if (labels[std::size_t(a)] == labels[std::size_t(b)]) parent[std::size_t(root(a))] = root(b);
          }
    std::map<int, int> number;
    piece_.resize(mask_.size());
    for (int c = 0; c < n_corners_; ++c) {
      const auto [it, fresh] = number.try_emplace(root(c), int(pieces_.size()));
      if (fresh) pieces_.push_back({labels[std::size_t(c)], {}});
      piece_[std::size_t(c)] = it->second;
    }
  }
  /// The piece of a label at a place within a cube of the lattice: that of its nearest corner of the label, in the cube if it has one.
  int piece_at(const Corners& low, int size, int label, const Vector3& at) {
    int best = -1;
    double nearest = HUGE_VAL;
    const auto consider = [&](const Corners& c) {
      const int p = piece_[std::size_t(lattice(c))];
      const Vector3 d = reference(c) - at;
      if (pieces_[std::size_t(p)].label == label && dot(d, d) < nearest) nearest = dot(d, d), best = p;
    };
    for (int v = 0; v < 8; ++v) consider({low[0] + size * (v & 1), low[1] + size * (v >> 1 & 1), low[2] + size * (v >> 2)});
    if (best >= 0) return best;
    for (int k = 0; k <= n_; ++k)
      for (int j = 0; j <= n_; ++j)
        for (int i = 0; i <= n_; ++i) consider({i, j, k});
    if (best >= 0) return best;
    for (std::size_t p = 0; p < pieces_.size(); ++p)
      if (pieces_[p].label == label) return int(p);
    pieces_.push_back({label, {}});
    return int(pieces_.size()) - 1;
  }

  void descend(const Corners& low, int size) {
    std::vector<std::size_t> cutting;
    if (size > 1) {
      const int centre = lattice({low[0] + size / 2, low[1] + size / 2, low[2] + size / 2});
      const double reach = 0.5 * std::sqrt(3.0) * edge_ * size / n_;
      bool cut = false;
      for (std::size_t s = 0; s < solids_.size(); ++s) cut = cut || std::abs(distance(s, centre)) <= reach;
      if (!cut) return add_cube(low, size, mask_[std::size_t(centre)]);
      for (int v = 0; v < 8; ++v) descend({low[0] + size / 2 * (v & 1), low[1] + size / 2 * (v >> 1 & 1), low[2] + size / 2 * (v >> 2)}, size / 2);
      return;
    }
    std::array<int, 8> corner;
    std::uint32_t any = 0, all = ~0u;
    for (int v = 0; v < 8; ++v) {
      corner[std::size_t(v)] = lattice({low[0] + (v & 1), low[1] + (v >> 1 & 1), low[2] + (v >> 2)});
      any |= mask_[std::size_t(corner[std::size_t(v)])], all &= mask_[std::size_t(corner[std::size_t(v)])];
    }
    for (std::size_t s = 0; s < solids_.size(); ++s)
      if ((any & ~all) >> s & 1) cutting.push_back(s);
    if (cutting.empty()) return add_cube(low, 1, any);
    // Kuhn's six tets along the diagonal from corner 0 to corner 7: neighbours meet face to face.
    constexpr int ways[6][2] = {{1, 3}, {1, 5}, {2, 3}, {2, 6}, {4, 5}, {4, 6}};
    for (const auto& way : ways) {
      const int vertex[4] = {0, way[0], way[1], 7};
      Tet tet{low, {}, {}, cutting};
      for (int i = 0; i < 4; ++i) {
        tet.corner[i] = corner[std::size_t(vertex[i])];
        tet.x[i] = reference({low[0] + (vertex[i] & 1), low[1] + (vertex[i] >> 1 & 1), low[2] + (vertex[i] >> 2)});
      }
      clip(tet, {{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}}}, 0, all);
    }
  }
  void add_cube(const Corners& low, int size, std::uint32_t mask) {
    const double g = std::sqrt(0.6), gauss[3] = {-g, 0, g}, weight[3] = {5.0 / 9, 8.0 / 9, 5.0 / 9}, half = double(size) / n_;
    const Vector3 corner = reference(low), centre = {corner[0] + half, corner[1] + half, corner[2] + half};
    std::vector<WeightedPoint>& points = pieces_[std::size_t(piece_at(low, size, label_(mask), centre))].points;
    const double scale = std::pow(0.5 * edge_ * half, 3);
    for (int k = 0; k < 3; ++k)
      for (int j = 0; j < 3; ++j)
        for (int i = 0; i < 3; ++i)
          points.push_back(
              {{centre[0] + half * gauss[i], centre[1] + half * gauss[j], centre[2] + half * gauss[k]}, scale * weight[i] * weight[j] * weight[k]});
  }

  struct Tet {
    Corners low;
    Vector3 x[4];   ///< reference coordinates
    int corner[4];  ///< of the lattice
    const std::vector<std::size_t>& cutting;
  };
  static Vector3 at(const Tet& tet, const Barycentric& b) { return (b[0] * tet.x[0] + b[1] * tet.x[1]) + (b[2] * tet.x[2] + b[3] * tet.x[3]); }
  double value(const Tet& tet, std::size_t solid, const Barycentric& b) const {
    double f = 0;
    for (int i = 0; i < 4; ++i) f += b[std::size_t(i)] * distance(solid, tet.corner[i]);
    return f;
  }
  /// Cuts a part of a tet by the solids from number `next` on; each is flat within the tet.
  void clip(const Tet& tet, const std::array<Barycentric, 4>& v, std::size_t next, std::uint32_t mask) {
    if (next == tet.cutting.size()) return add_tet(tet, v, mask);
    const std::size_t solid = tet.cutting[next];
    const std::uint32_t with = mask | 1u << solid, without = mask & ~(1u << solid);
    double f[4];
    int in[4], out[4], n_in = 0, n_out = 0;
    for (int i = 0; i < 4; ++i) {
      f[i] = value(tet, solid, v[std::size_t(i)]);
      (f[i] < 0 ? in[n_in++] : out[n_out++]) = i;
    }
    if (n_out == 0 || n_in == 0) return clip(tet, v, next + 1, n_in ? with : without);
    const auto cut = [&](int i, int j) { return between(v[std::size_t(i)], f[i], v[std::size_t(j)], f[j]); };
    const auto prism = [&](const Barycentric& a, const Barycentric& b, const Barycentric& c, const Barycentric& d, const Barycentric& e,
                           const Barycentric& g, std::uint32_t m) {
      clip(tet, {a, b, c, d}, next + 1, m), clip(tet, {b, c, d, e}, next + 1, m), clip(tet, {c, d, e, g}, next + 1, m);
    };
    if (n_in == 2) {
      const int a = in[0], b = in[1], c = out[0], d = out[1];
      const Barycentric ac = cut(a, c), ad = cut(a, d), bc = cut(b, c), bd = cut(b, d);
      prism(v[std::size_t(a)], ac, ad, v[std::size_t(b)], bc, bd, with);
      prism(v[std::size_t(c)], ac, bc, v[std::size_t(d)], ad, bd, without);
      clip_wall(tet, {ac, ad, bd}, solid, 0, mask);
      clip_wall(tet, {ac, bd, bc}, solid, 0, mask);
      return;
    }
    const bool one_in = n_in == 1;
    const int a = one_in ? in[0] : out[0], *rest = one_in ? out : in;
    const Barycentric p = cut(a, rest[0]), q = cut(a, rest[1]), r = cut(a, rest[2]);
    clip(tet, {v[std::size_t(a)], p, q, r}, next + 1, one_in ? with : without);
    prism(p, q, r, v[std::size_t(rest[0])], v[std::size_t(rest[1])], v[std::size_t(rest[2])], one_in ? without : with);
    clip_wall(tet, {p, q, r}, solid, 0, mask);
  }
  /// Cuts a triangle of a solid's wall by the other solids.
  void clip_wall(const Tet& tet, const std::array<Barycentric, 3>& v, std::size_t solid, std::size_t next, std::uint32_t mask) {
    if (next == tet.cutting.size()) return add_wall(tet, v, solid, mask);
    const std::size_t other = tet.cutting[next];
    if (other == solid) return clip_wall(tet, v, solid, next + 1, mask);
    const std::uint32_t with = mask | 1u << other, without = mask & ~(1u << other);
    double f[3];
    int n_in = 0;
    for (int i = 0; i < 3; ++i) n_in += (f[i] = value(tet, other, v[std::size_t(i)])) < 0;
    if (n_in == 0 || n_in == 3) return clip_wall(tet, v, solid, next + 1, n_in ? with : without);
    int a = 0;  // alone on its side
    for (int i = 0; i < 3; ++i)
      if ((f[i] < 0) == (n_in == 1)) a = i;
    const int b = (a + 1) % 3, c = (a + 2) % 3;
    const Barycentric p = between(v[std::size_t(a)], f[a], v[std::size_t(b)], f[b]), q = between(v[std::size_t(a)], f[a], v[std::size_t(c)], f[c]);
    clip_wall(tet, {v[std::size_t(a)], p, q}, solid, next + 1, n_in == 1 ? with : without);
    clip_wall(tet, {p, v[std::size_t(b)], v[std::size_t(c)]}, solid, next + 1, n_in == 1 ? without : with);
    clip_wall(tet, {p, v[std::size_t(c)], q}, solid, next + 1, n_in == 1 ? without : with);
  }
  void add_tet(const Tet& tet, const std::array<Barycentric, 4>& v, std::uint32_t mask) {
    Vector3 x[4];
    for (int i = 0; i < 4; ++i) x[i] = at(tet, v[std::size_t(i)]);
    const double volume = std::abs(dot(x[1] - x[0], cross(x[2] - x[0], x[3] - x[0]))) / 6 * std::pow(0.5 * edge_, 3);
    if (!(volume > 0)) return;
    const Vector3 centre = 0.25 * ((x[0] + x[1]) + (x[2] + x[3]));
    std::vector<WeightedPoint>& points = pieces_[std::size_t(piece_at(tet.low, 1, label_(mask), centre))].points;
    constexpr TetDegree5 rule;
    for (int q = 0; q < TetDegree5::n_points; ++q)
      points.push_back({(rule.b[q][0] * x[0] + rule.b[q][1] * x[1]) + (rule.b[q][2] * x[2] + rule.b[q][3] * x[3]), volume * rule.weight[q]});
  }
  void add_wall(const Tet& tet, const std::array<Barycentric, 3>& v, std::size_t solid, std::uint32_t mask) {
    const int inside = label_(mask | 1u << solid), outside = label_(mask & ~(1u << solid));
    if (inside == outside) return;
    Vector3 x[3];
    for (int i = 0; i < 3; ++i) x[i] = at(tet, v[std::size_t(i)]);
    const double area = 0.5 * norm(cross(x[1] - x[0], x[2] - x[0])) * std::pow(0.5 * edge_, 2);
    if (!(area > 0)) return;
    const Vector3 centre = (1.0 / 3) * (x[0] + x[1] + x[2]);
    const geometry::Wall wall = solids_[solid]->nearest(position(centre));
    const double step = 1e-3 / n_;  // towards either side
    auto& points = walls_[{int(solid), wall.patch, piece_at(tet.low, 1, inside, centre - step * wall.normal),
                           piece_at(tet.low, 1, outside, centre + step * wall.normal)}];
    for (int i = 0; i < 3; ++i) points.push_back({0.5 * (x[i] + x[(i + 1) % 3]), area / 3});
  }

  const Box& cell_;
  std::span<const Solid* const> solids_;
  const std::function<int(std::uint32_t)>& label_;
  const CutOptions& options_;
  int n_, n_corners_ = 0;  ///< intervals of the lattice along an edge
  double edge_;
  std::vector<double> distance_;     ///< [solids][corners] m
  std::vector<std::uint32_t> mask_;  ///< [corners]
  std::vector<int> piece_;           ///< [corners] into pieces_
  std::vector<Draft> pieces_;
  std::map<std::tuple<int, int, int, int>, std::vector<WeightedPoint>> walls_;  ///< by solid, patch, inside, outside
};

}  // namespace

CutCell cut_cell(const Box& cell, std::span<const Solid* const> solids, const std::function<int(std::uint32_t)>& label, const CutOptions& options) {
  return Cutter(cell, solids, label, options).result();
}

}  // namespace winze::mesh
