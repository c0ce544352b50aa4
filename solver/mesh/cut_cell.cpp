#include "mesh/cut_cell.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

#include "mesh/polyhedron.hpp"
#include "mesh/tet_rule.hpp"

namespace winze::mesh {
namespace {

using namespace geometry;  // arithmetic of points

/// Walls of the solids as seen from a lattice of half the smallest box, asked for when needed. Kept per thread.
class Samples {
 public:
  void begin(const Box& cell, int boxes, std::size_t n_solids) {
    n_ = 2 * boxes + 1, low_ = cell.low, step_ = (cell.high[0] - cell.low[0]) / (2 * boxes);
    const std::size_t size = std::size_t(n_) * n_ * n_ * n_solids;
    if (walls_.size() < size) walls_.resize(size), round_of_.resize(size, 0);
    if (++round_ == 0) std::fill(round_of_.begin(), round_of_.end(), 0), round_ = 1;
    last_.assign(n_solids, nullptr);
  }
  Vector3 position(const std::array<int, 3>& at) const { return {low_[0] + at[0] * step_, low_[1] + at[1] * step_, low_[2] + at[2] * step_}; }
  const Wall& operator()(const Solid& solid, std::size_t s, const std::array<int, 3>& at) {
    const std::size_t i = ((s * n_ + at[2]) * n_ + at[1]) * n_ + at[0];
    if (round_of_[i] == round_) return walls_[i];
    const Vector3 x = position(at);
    double bound = HUGE_VAL;  // the last answer's wall is not nearer than the nearest
    if (last_[s]) bound = norm(x - last_[s]->point) * (1 + 1e-9) + 1e-12;
    walls_[i] = solid.nearest(x, bound);
    if (walls_[i].patch < 0) walls_[i] = solid.nearest(x);
    round_of_[i] = round_;
    return *(last_[s] = &walls_[i]);
  }

 private:
  int n_ = 0;
  std::uint32_t round_ = 0;
  Vector3 low_{};
  double step_ = 0;
  std::vector<Wall> walls_;
  std::vector<std::uint32_t> round_of_;
  std::vector<const Wall*> last_;
};

/// A plane that stands for a smooth wall inside a box.
struct WallPlane {
  std::size_t solid;
  int patch;
  bool flat;  ///< the wall is this plane
  Plane plane;
};
/// A box of the subdivision and its cuts.
struct Leaf {
  std::array<int, 3> at;
  int size;
  std::vector<WallPlane> planes;
  std::uint32_t inside = 0;  ///< solids without a plane here
  int begin = 0, end = 0;    ///< its regions
};
/// What a wall between two pieces gathers.
struct WallPart {
  std::vector<WeightedPoint> points;
  std::vector<std::array<Vector3, 3>> facets;
};
using WallParts = std::map<std::tuple<int, int, int, int, bool>, WallPart>;  ///< by solid, patch, piece inside, piece outside, flatness

/// Parts a triangle until no side is much longer than half the edge of the cell.
void add_facets(const std::array<Vector3, 3>& x, std::vector<std::array<Vector3, 3>>& facets) {
  double longest = 0;
  for (int v = 0; v < 3; ++v) longest = std::max(longest, norm(x[(v + 1) % 3] - x[v]));
  if (longest < 1.5) return facets.push_back(x);
  const std::array<Vector3, 3> middle = {0.5 * (x[0] + x[1]), 0.5 * (x[1] + x[2]), 0.5 * (x[2] + x[0])};
  for (int v = 0; v < 3; ++v) add_facets({x[v], middle[v], middle[(v + 2) % 3]}, facets);
  add_facets(middle, facets);
}

/// What the planes leave of a box.
struct Region {
  int leaf;
  std::uint32_t below, inside;  ///< planes whose low side it lies on; solids that hold it
  int label;
  double volume;  ///< reference
  Polyhedron shape;
};

class Cutter {
 public:
  Cutter(const Box& cell, std::span<const Solid* const> solids, const std::function<int(std::uint32_t)>& label, const CutOptions& options)
      : cell_(cell),
        solids_(solids),
        label_(label),
        options_(options),
        n_(1 << options.depth),
        edge_(cell.high[0] - cell.low[0]),
        leaf_at_(n_ * n_ * n_) {
    samples_.begin(cell, n_, solids.size());
    std::vector<std::size_t> near(solids.size());
    std::iota(near.begin(), near.end(), 0);
    descend({0, 0, 0}, n_, near, 0);
    connect();
  }
  CutCell result();

 private:
  static constexpr int most_planes = 10;

  Vector3 reference(const std::array<int, 3>& at) const { return {2.0 * at[0] / n_ - 1, 2.0 * at[1] / n_ - 1, 2.0 * at[2] / n_ - 1}; }
  Vector3 position(const Vector3& reference) const {
    return {cell_.low[0] + 0.5 * edge_ * (reference[0] + 1), cell_.low[1] + 0.5 * edge_ * (reference[1] + 1),
            cell_.low[2] + 0.5 * edge_ * (reference[2] + 1)};
  }
  /// Planes are found in m about `centre`; in the reference coordinates of the cell they are this.
  Plane in_reference(const Vector3& normal, const Vector3& centre, double value_at_centre) const {
    const Vector3 middle = (2 / edge_) * (centre - cell_.centre());
    return {normal, dot(normal, middle) - 2 / edge_ * value_at_centre};
  }

  void descend(const std::array<int, 3>& at, int size, const std::vector<std::size_t>& near, std::uint32_t inside);
  bool find_planes(std::size_t solid, const std::array<int, 3>& at, int size, std::vector<WallPlane>& planes);
  bool cut(Leaf& leaf);
  void add_leaf(Leaf leaf);
  void connect();
  void see_sides();
  int neighbour(const Leaf& leaf, const Vector3& on_side, int tag) const;
  void add_walls(const Region& region, WallParts& walls) const;

  const Box& cell_;
  std::span<const Solid* const> solids_;
  const std::function<int(std::uint32_t)>& label_;
  const CutOptions& options_;
  int n_;  ///< smallest boxes along an edge
  double edge_;
  static thread_local Samples samples_;
  std::vector<Leaf> leaves_;
  std::vector<int> leaf_at_;  ///< of each smallest box
  std::vector<Region> regions_;
  std::vector<int> piece_;  ///< of each region
  std::vector<int> sides_;  ///< region at the points of CutCell::sides; those of slivers −1
};
thread_local Samples Cutter::samples_;

void Cutter::descend(const std::array<int, 3>& at, int size, const std::vector<std::size_t>& near, std::uint32_t inside) {
  Leaf leaf{at, size, {}, inside};
  const double reach = 0.5 * std::sqrt(3.0) * edge_ * size / n_ * (1 + 1e-9);
  std::vector<std::size_t> cutting;
  bool fine = true;
  for (std::size_t s : near) {
    const Wall& wall = samples_(*solids_[s], s, {2 * at[0] + size, 2 * at[1] + size, 2 * at[2] + size});
    if (std::abs(wall.distance) >= reach) {
      if (wall.distance < 0) leaf.inside |= 1u << s;
      continue;
    }
    cutting.push_back(s);
    fine = find_planes(s, at, size, leaf.planes) && fine;
    if (std::none_of(leaf.planes.begin(), leaf.planes.end(), [&](const WallPlane& p) { return p.solid == s; }) && wall.distance < 0)
      leaf.inside |= 1u << s;
  }
  if (int(leaf.planes.size()) > most_planes) {
    fine = false;
    leaf.planes.resize(most_planes);
  }
  if (fine || size == 1) {
    if (cut(leaf)) return add_leaf(std::move(leaf));
    regions_.resize(std::size_t(leaf.begin));
  }
  const int half = size / 2;
  std::uint32_t settled = inside;
  for (std::size_t s : near)
    if (std::find(cutting.begin(), cutting.end(), s) == cutting.end()) settled |= leaf.inside & 1u << s;
  for (int v = 0; v < 8; ++v) descend({at[0] + half * (v & 1), at[1] + half * (v >> 1 & 1), at[2] + half * (v >> 2)}, half, cutting, settled);
}

/// Planes of one solid's smooth walls in a box, from what its corners and its middle see. False where a plane misses its wall by too much.
bool Cutter::find_planes(std::size_t s, const std::array<int, 3>& at, int size, std::vector<WallPlane>& planes) {
  struct View {
    Vector3 x;
    const Wall* wall;
    int group = -1;
  };
  std::array<View, 9> views;
  for (int v = 0; v < 9; ++v) {
    const std::array<int, 3> place = v == 8
                                         ? std::array{2 * at[0] + size, 2 * at[1] + size, 2 * at[2] + size}
                                         : std::array{2 * (at[0] + size * (v & 1)), 2 * (at[1] + size * (v >> 1 & 1)), 2 * (at[2] + size * (v >> 2))};
    views[std::size_t(v)] = {samples_.position(place), &samples_(*solids_[s], s, place)};
  }
  const double side = edge_ * size / n_;
  const Vector3 centre = views[8].x;
  const Box reach = Box{centre, centre}.grown(0.75 * side);
  std::array<const Wall*, 9> heads{};
  int n_groups = 0;
  std::array<int, 9> order = {8, 0, 1, 2, 3, 4, 5, 6, 7};
  std::sort(order.begin(), order.end(),
            [&](int a, int b) { return std::abs(views[std::size_t(a)].wall->distance) < std::abs(views[std::size_t(b)].wall->distance); });
  for (int round = 0; round < 2; ++round)  // walls that come near make groups; all others join them
    for (int v : order) {
      View& view = views[std::size_t(v)];
      for (int g = 0; g < n_groups && view.group < 0; ++g)
        if (heads[std::size_t(g)]->patch == view.wall->patch && dot(heads[std::size_t(g)]->normal, view.wall->normal) > 0.5) view.group = g;
      if (view.group < 0 && round == 0 && reach.contains(view.wall->point)) heads[std::size_t(n_groups)] = view.wall, view.group = n_groups++;
    }
  bool fine = true;
  for (int g = 0; g < n_groups; ++g) {
    const Wall& head = *heads[std::size_t(g)];
    double value[9], mean = 0, worst = 0;
    bool flat = std::isinf(head.curvature_radius);
    for (int v = 0; v < 9; ++v) {
      const View& view = views[std::size_t(v)];
      const Wall* from = nullptr;
      if (view.group == g) {
        flat = flat && std::abs(dot(view.wall->point - head.point, head.normal)) < 1e-9 * edge_ && dot(view.wall->normal, head.normal) > 1 - 1e-12;
        from = view.wall;
      } else {  // beyond the edge of the patch: along the tangent plane of the nearest view of it
        double nearest = HUGE_VAL;
        for (const View& other : views)
          if (const Vector3 d = other.x - view.x; other.group == g && dot(d, d) < nearest) nearest = dot(d, d), from = other.wall;
      }
      value[v] = dot(view.x - from->point, from->normal);
      const bool straight = view.group == g && std::abs(std::abs(value[v]) - std::abs(from->distance)) < 1e-6 * side;
      if (straight) value[v] = from->distance;
      if (v < 8) mean += value[v] / 8;
    }
    if (flat) {
      planes.push_back({s, head.patch, true, in_reference(head.normal, centre, dot(centre - head.point, head.normal))});
      continue;
    }
    // The linear function nearest to the distance in the mean over the box, so that planes neither add nor take volume (for quadratic functions).
    Vector3 slope{};
    for (int v = 0; v < 8; ++v)
      for (int d = 0; d < 3; ++d) slope[std::size_t(d)] += (v >> d & 1 ? 1 : -1) * value[v] / (4 * side);
    const double middle = (2 * value[8] + mean) / 3;
    for (int v = 0; v < 9; ++v) worst = std::max(worst, std::abs(middle + dot(slope, views[std::size_t(v)].x - centre) - value[v]));
    planes.push_back({s, head.patch, false, in_reference(slope, centre, middle)});
    fine = fine && worst <= options_.flatness * edge_;
  }
  return fine;
}

/// Regions of a leaf. False, where it can still be parted, if a sample finds itself on the wrong side.
bool Cutter::cut(Leaf& leaf) {
  const Vector3 low = reference(leaf.at), high = reference({leaf.at[0] + leaf.size, leaf.at[1] + leaf.size, leaf.at[2] + leaf.size});
  leaf.begin = int(regions_.size());
  regions_.push_back({0, 0, leaf.inside, 0, 0, Polyhedron::box(low, high)});
  Polyhedron below, above;
  for (std::size_t k = 0; k < leaf.planes.size(); ++k)
    for (std::size_t r = std::size_t(leaf.begin), end = regions_.size(); r < end; ++r) {
      if (regions_[r].shape.clip(leaf.planes[k].plane, 6 + int(k), below, above)) {
        regions_.push_back({0, regions_[r].below, leaf.inside, 0, 0, std::move(above)});
        regions_[r].shape = std::move(below);
        regions_[r].below |= 1u << k;
      } else {
        Vector3 mean{};
        for (const Vector3& x : regions_[r].shape.points) mean = mean + x;
        if (leaf.planes[k].plane.value((1.0 / double(regions_[r].shape.points.size())) * mean) < 0) regions_[r].below |= 1u << k;
      }
    }
  std::array<int, 32> n_planes{};
  for (const WallPlane& p : leaf.planes) ++n_planes[p.solid];
  const double least = 1e-15 * 8;
  std::size_t kept = std::size_t(leaf.begin);
  for (std::size_t r = std::size_t(leaf.begin); r < regions_.size(); ++r) {
    Region& region = regions_[r];
    region.volume = region.shape.volume();
    if (!(region.volume > least)) continue;
    Vector3 mean{};
    for (const Vector3& x : region.shape.points) mean = mean + x;
    mean = (1.0 / double(region.shape.points.size())) * mean;
    for (std::size_t s = 0; s < solids_.size(); ++s) {
      if (n_planes[s] == 0) continue;
      bool in = false;
      if (n_planes[s] == 1) {
        for (std::size_t k = 0; k < leaf.planes.size(); ++k)
          if (leaf.planes[k].solid == s) in = region.below >> k & 1;
      } else {
        in = solids_[s]->inside(position(mean));
      }
      if (in) region.inside |= 1u << s;
    }
    region.label = label_(region.inside);
    region.leaf = int(leaves_.size());
    if (kept != r) regions_[kept] = std::move(region);
    ++kept;
  }
  regions_.resize(kept);
  leaf.end = int(kept);
  if (leaf.size == 1 || leaf.planes.empty()) return true;
  for (int v = 0; v < 9; ++v) {  // do the corners and the middle find themselves where they are?
    const std::array<int, 3> place = v == 8 ? std::array{2 * leaf.at[0] + leaf.size, 2 * leaf.at[1] + leaf.size, 2 * leaf.at[2] + leaf.size}
                                            : std::array{2 * (leaf.at[0] + leaf.size * (v & 1)), 2 * (leaf.at[1] + leaf.size * (v >> 1 & 1)),
                                                         2 * (leaf.at[2] + leaf.size * (v >> 2))};
    const Vector3 x = 0.5 * (reference({place[0], place[1], place[2]}) + Vector3{-1, -1, -1});
    std::uint32_t side = 0;
    for (std::size_t k = 0; k < leaf.planes.size(); ++k)
      if (leaf.planes[k].plane.value(x) < 0) side |= 1u << k;
    for (int r = leaf.begin; r < leaf.end; ++r)
      if (regions_[std::size_t(r)].below == side)
        for (std::size_t s = 0; s < solids_.size(); ++s)
          if (n_planes[s] > 0) {
            const double d = samples_(*solids_[s], s, place).distance;
            if (std::abs(d) > options_.flatness * edge_ && (d < 0) != bool(regions_[std::size_t(r)].inside >> s & 1)) return false;
          }
  }
  return true;
}

void Cutter::add_leaf(Leaf leaf) {
  for (int k = 0; k < leaf.size; ++k)
    for (int j = 0; j < leaf.size; ++j)
      for (int i = 0; i < leaf.size; ++i) leaf_at_[std::size_t(leaf.at[0] + i + n_ * (leaf.at[1] + j + n_ * (leaf.at[2] + k)))] = int(leaves_.size());
  leaves_.push_back(std::move(leaf));
}

/// The region beyond a side of a leaf at a point of the side; −1 outside the cell or where there is none.
int Cutter::neighbour(const Leaf& leaf, const Vector3& x, int tag) const {
  std::array<int, 3> at;
  for (int d = 0; d < 3; ++d) at[d] = std::clamp(int(std::floor(0.5 * n_ * (x[d] + 1))), leaf.at[d], leaf.at[d] + leaf.size - 1);
  at[tag / 2] = tag % 2 ? leaf.at[tag / 2] + leaf.size : leaf.at[tag / 2] - 1;
  if (at[tag / 2] < 0 || at[tag / 2] >= n_) return -1;
  const Leaf& other = leaves_[std::size_t(leaf_at_[std::size_t(at[0] + n_ * (at[1] + n_ * at[2]))])];
  std::uint32_t below = 0;
  for (std::size_t k = 0; k < other.planes.size(); ++k)
    if (other.planes[k].plane.value(x) < 0) below |= 1u << k;
  for (int r = other.begin; r < other.end; ++r)
    if (regions_[std::size_t(r)].below == below) return r;
  return -1;
}

/// Regions of one label make a piece where they share a side: in a leaf across one plane, between leaves where the middle of a side, or points
/// between it and its corners, lead from one into the other.
void Cutter::connect() {
  std::vector<int> parent(regions_.size());
  std::iota(parent.begin(), parent.end(), 0);
  const auto root = [&](int r) {
    while (parent[std::size_t(r)] != r) r = parent[std::size_t(r)] = parent[std::size_t(parent[std::size_t(r)])];
    return r;
  };
  for (int r = 0; r < int(regions_.size()); ++r) {
    const Region& region = regions_[std::size_t(r)];
    const Leaf& leaf = leaves_[std::size_t(region.leaf)];
    for (int q = leaf.begin; q < r; ++q)
      if (regions_[std::size_t(q)].label == region.label && std::has_single_bit(regions_[std::size_t(q)].below ^ region.below))
        parent[std::size_t(root(r))] = root(q);
    for (const Polyhedron::Side& side : region.shape.sides) {
      if (side.tag >= 6) continue;
      const Vector3 middle = mesh::middle(region.shape, side);
      for (std::size_t c = 0; c <= side.corners.size(); ++c) {
        const Vector3 x = c == 0 ? middle : 0.4 * middle + 0.6 * region.shape.points[std::size_t(side.corners[c - 1])];
        const int q = neighbour(leaf, x, side.tag);
        if (q < 0 || regions_[std::size_t(q)].label != region.label) continue;
        parent[std::size_t(root(r))] = root(q);
      }
    }
  }
  // Slivers that the planes of neighbouring boxes leave between them belong to the largest piece of their label; thin layers along a face do not.
  std::vector<double> volume(regions_.size(), 0);
  for (int r = 0; r < int(regions_.size()); ++r) volume[std::size_t(root(r))] += regions_[std::size_t(r)].volume;
  int n_roots = 0;
  for (int r = 0; r < int(regions_.size()); ++r) n_roots += parent[std::size_t(r)] == r;
  std::vector<int> seen(regions_.size(), 0);
  if (n_roots > 1) see_sides();
  for (int r : sides_)
    if (r >= 0) ++seen[std::size_t(root(r))];
  std::vector<char> sliver(regions_.size(), 0);
  for (int r = 0; r < int(regions_.size()); ++r) {
    if (parent[std::size_t(r)] != r || volume[std::size_t(r)] > 8 * 2e-3 || seen[std::size_t(r)] >= 2) continue;
    sliver[std::size_t(r)] = 1;
  }
  for (int& r : sides_)
    if (r >= 0 && sliver[std::size_t(root(r))]) r = -1;
  for (int r = 0; r < int(regions_.size()); ++r) {
    if (!sliver[std::size_t(r)]) continue;
    int best = r;
    for (int q = 0; q < int(regions_.size()); ++q)
      if (parent[std::size_t(q)] == q && regions_[std::size_t(q)].label == regions_[std::size_t(r)].label &&
          volume[std::size_t(q)] > volume[std::size_t(best)])
        best = q;
    parent[std::size_t(r)] = best;
  }
  piece_.resize(regions_.size());
  std::map<int, int> number;
  for (int r = 0; r < int(regions_.size()); ++r) piece_[std::size_t(r)] = number.try_emplace(root(r), int(number.size())).first->second;
}

void Cutter::see_sides() {
  constexpr int n = CutCell::n_samples;
  sides_.assign(6 * n * n, -1);
  for (int face = 0; face < 6; ++face)
    for (int k = 0; k < n * n; ++k) {
      const int axis = face / 2;
      Vector3 x;
      x[axis] = face % 2 ? 1 : -1;
      x[(axis + 1) % 3] = (2 * (k % n) + 1.0) / n - 1, x[(axis + 2) % 3] = (2 * (k / n) + 1.0) / n - 1;
      std::array<int, 3> at;
      for (int d = 0; d < 3; ++d) at[d] = std::clamp(int(std::floor(0.5 * n_ * (x[d] + 1))), 0, n_ - 1);
      const Leaf& leaf = leaves_[std::size_t(leaf_at_[std::size_t(at[0] + n_ * (at[1] + n_ * at[2]))])];
      std::uint32_t below = 0;
      for (std::size_t p = 0; p < leaf.planes.size(); ++p)
        if (leaf.planes[p].plane.value(x) < 0) below |= 1u << p;
      for (int r = leaf.begin; r < leaf.end; ++r)
        if (regions_[std::size_t(r)].below == below) sides_[std::size_t(face * n * n + k)] = r;
    }
}

/// Points of the walls on the sides of a region below its planes.
void Cutter::add_walls(const Region& region, WallParts& walls) const {
  const Leaf& leaf = leaves_[std::size_t(region.leaf)];
  for (const Polyhedron::Side& side : region.shape.sides) {
    if (side.tag < 6 || !(region.below >> (side.tag - 6) & 1)) continue;
    const WallPlane& wall = leaf.planes[std::size_t(side.tag - 6)];
    const std::uint32_t beyond = region.below ^ 1u << (side.tag - 6);
    for (int r = leaf.begin; r < leaf.end; ++r) {
      const Region& other = regions_[std::size_t(r)];
      const bool in = region.inside >> wall.solid & 1, other_in = other.inside >> wall.solid & 1;
      if (other.below != beyond || other.label == region.label || in == other_in) continue;
      const int here = piece_[std::size_t(&region - regions_.data())], there = piece_[std::size_t(r)];
      WallPart& part = walls[{int(wall.solid), wall.patch, in ? here : there, in ? there : here, wall.flat}];
      for (std::size_t i = 2; i < side.corners.size(); ++i) {
        std::array<Vector3, 3> x = {region.shape.points[std::size_t(side.corners[0])], region.shape.points[std::size_t(side.corners[i - 1])],
                                    region.shape.points[std::size_t(side.corners[i])]};
        const double area = 0.5 * norm(cross(x[1] - x[0], x[2] - x[0])) * std::pow(0.5 * edge_, 2);
        if (!(area > 0)) continue;
        // Degree 4 (Dunavant 1985, 6 points).
        for (const auto& [a, weight] : {std::pair{0.445948490915965, 0.223381589678011}, std::pair{0.091576213509771, 0.109951743655322}})
          for (int v = 0; v < 3; ++v) part.points.push_back({(1 - 2 * a) * x[v] + a * (x[(v + 1) % 3] + x[(v + 2) % 3]), area * weight});
        if (!in) std::swap(x[1], x[2]);  // the side looks out of its region
        add_facets(x, part.facets);
      }
    }
  }
}

CutCell Cutter::result() {
  CutCell out;
  const double scale = std::pow(0.5 * edge_, 3);
  out.pieces.resize(std::size_t(1 + *std::max_element(piece_.begin(), piece_.end())));
  WallParts walls;
  std::vector<WeightedPoint> all;
  for (int p = 0; p < int(out.pieces.size()); ++p) {
    all.clear();
    CutCell::Piece& piece = out.pieces[std::size_t(p)];
    piece.volume = 0;
    for (std::size_t r = 0; r < regions_.size(); ++r) {
      if (piece_[r] != p) continue;
      const Region& region = regions_[r];
      piece.label = region.label;
      if (region.shape.sides.size() == 6 && leaves_[std::size_t(region.leaf)].end - leaves_[std::size_t(region.leaf)].begin == 1) {
        const double g = std::sqrt(0.6), gauss[3] = {-g, 0, g}, weight[3] = {5.0 / 9, 8.0 / 9, 5.0 / 9};
        const double half = double(leaves_[std::size_t(region.leaf)].size) / n_;
        const Vector3 centre = reference(leaves_[std::size_t(region.leaf)].at) + Vector3{half, half, half};
        for (int i = 0; i < 27; ++i)
          all.push_back({centre + half * Vector3{gauss[i % 3], gauss[i / 3 % 3], gauss[i / 9]},
                         scale * std::pow(half, 3) * weight[i % 3] * weight[i / 3 % 3] * weight[i / 9]});
      } else {
        region.shape.tets([&](const Vector3& a, const Vector3& b, const Vector3& c, const Vector3& d) {
          const double volume = dot(b - a, cross(c - a, d - a)) / 6 * scale;
          if (!(volume > 0)) return;
          static constexpr TetDegree5 rule;
          for (int q = 0; q < TetDegree5::n_points; ++q)
            all.push_back({(rule.b[q][0] * a + rule.b[q][1] * b) + (rule.b[q][2] * c + rule.b[q][3] * d), volume * rule.weight[q]});
        });
        add_walls(region, walls);
      }
    }
    for (const WeightedPoint& q : all) piece.volume += q.weight;
    piece.points = options_.compressed ? compress(all, options_.degree) : all;
  }
  for (const auto& [key, part] : walls) {
    const auto& [s, patch, inside, outside, flat] = key;
    const std::vector<WeightedPoint> few = options_.compressed ? compress(part.points, options_.wall_degree) : part.points;
    for (const auto& corner : part.facets) {
      const Vector3 middle = (1.0 / 3) * (corner[0] + corner[1] + corner[2]);
      const auto from = [&](const WeightedPoint& q) { return dot(q.at - middle, q.at - middle); };
      const auto nearest = std::min_element(few.begin(), few.end(), [&](const auto& a, const auto& b) { return from(a) < from(b); });
      if (nearest != few.end()) out.facets.push_back({corner, int(out.walls.size() + std::size_t(nearest - few.begin()))});
    }
    for (const WeightedPoint& q : few) {
      const Vector3 x = position(q.at);
      const geometry::Wall at = solids_[s]->nearest(x);
      out.walls.push_back({at.point, at.normal, q.weight, s, patch, inside, outside});
    }
  }
  if (out.pieces.size() > 1)
    for (int r : sides_) out.sides.push_back(std::int8_t(r < 0 ? -1 : std::min(piece_[std::size_t(r)], 127)));
  return out;
}

}  // namespace

CutCell cut_cell(const Box& cell, std::span<const Solid* const> solids, const std::function<int(std::uint32_t)>& label, const CutOptions& options) {
  return Cutter(cell, solids, label, options).result();
}

}  // namespace winze::mesh
