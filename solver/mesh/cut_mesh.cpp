#include "mesh/cut_mesh.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "base/error.hpp"
#include "mesh/octree_mesh.hpp"

namespace winze::mesh {
namespace {

using namespace cut_detail;
using geometry::Side;

std::string joined(const geometry::Scene& scene, std::span<const Index> parts) {
  std::string name;
  for (Index part : parts) name += (name.empty() ? "" : " + ") + scene[part].name;
  return name.empty() ? "rock" : name;
}

/// A list whose length nobody knows while it grows: room for what all cells will need as those done so far took it, so that it is seldom copied and
/// never in memory twice when it is long.
template <class T>
void make_room(std::vector<T>& list, std::size_t more, double done) {
  const std::size_t size = list.size() + more;
  if (size > list.capacity()) list.reserve(done < 0.02 ? 2 * size : std::size_t(1.1 * double(size) / done) + more);
}

/// Elements of the leaves of this rank, in order.
struct Pieces {
  std::vector<Index> first = {0};  ///< [leaves + 1]
  std::vector<char> cut;           ///< [leaves] not one whole element
  Units units;
  std::vector<char> dug;  ///< [regions] a stage can dig it
  std::vector<std::int32_t> region;
  std::vector<std::string> names;
  Cuts cuts;
  std::vector<double> share;
};

class Cutting {
 public:
  Cutting(const Octree& tree, const geometry::Scene& scene, const CutMeshOptions& options) : tree_(tree), scene_(scene), options_(options) {}

  Pieces pieces() {
    tree_.comm.together([&] {
      for (OctantCode code : tree_.leaves) n_cut_ += cut(tree_.box(decode(code)));
      for (OctantCode code : tree_.leaves) add(tree_.box(decode(code)));
    });
    name_regions();
    Pieces& p = pieces_;
    if (p.cuts.element.empty() && p.share.empty()) return std::move(p);
    p.share.resize(p.region.size(), 1);
    p.cuts.of_element.assign(p.region.size(), -1);
    for (std::size_t i = 0; i < p.cuts.element.size(); ++i) p.cuts.of_element[p.cuts.element[i]] = Index(i);
    return std::move(p);
  }

 private:
  /// Number of the region where these parts hold; −1: none.
  int region_of(const std::vector<Index>& parts) {
    const auto [at, fresh] = known_.try_emplace(parts, -1);
    if (fresh) {
      const bool dug = options_.dug ? options_.dug(parts) : !parts.empty();
      const std::string name = options_.region ? options_.region(parts) : joined(scene_, parts);
      if (!name.empty()) {
        auto& names = pieces_.names;
        at->second = int(std::find(names.begin(), names.end(), name) - names.begin());
        if (std::size_t(at->second) == names.size()) names.push_back(name), dug_.push_back(0);
        dug_[std::size_t(at->second)] |= char(dug);
      }
    }
    return at->second;
  }

  bool cut(const geometry::Box& box) {
    scene_.candidates(box, candidates_);
    scene_.meet(box, candidates_, met_);
    return std::any_of(met_.begin(), met_.end(), [](const auto& m) { return m.side == Side::cut; });
  }
  void add(const geometry::Box& box) {
    scene_.candidates(box, candidates_);
    scene_.meet(box, candidates_, met_);
    holding_.clear(), cutting_.clear(), solids_.clear();
    for (const auto& m : met_) {
      if (m.side == Side::inside) holding_.push_back(m.part);
      if (m.side == Side::cut) cutting_.push_back(m.part), solids_.push_back(scene_[m.part].solid.get());
    }
    if (solids_.size() > 32)
      throw InputError("{} solids cut the cell at ({:g}, {:g}, {:g}) m, at most 32 can: make the cells there smaller", solids_.size(), box.low[0],
                       box.low[1], box.low[2]);
    const auto label = [&](std::uint32_t inside) {
      std::vector<Index> parts = holding_;
      for (std::size_t i = 0; i < cutting_.size(); ++i)
        if (inside >> i & 1) parts.push_back(cutting_[i]);
      std::sort(parts.begin(), parts.end());
      return region_of(parts);
    };
    if (solids_.empty())
      add_whole(label(0));
    else
      ++n_done_, add_cut(box, cut_cell(box, solids_, label, options_.cut));
    pieces_.first.push_back(Index(pieces_.region.size()));
    Units& units = pieces_.units;
    units.element_first.push_back(pieces_.first.back());
    units.leaf_first.push_back(Index(units.element_first.size()) - 1);
  }
  void add_whole(int region) {
    pieces_.cut.push_back(region < 0);
    if (region < 0 || dug_[std::size_t(region)]) pieces_.units.sides[Index(pieces_.first.size()) - 1] = {-1};
    if (region >= 0) pieces_.region.push_back(region);
  }
  void add_cut(const geometry::Box& box, const CutCell& cell) {
    if (cell.pieces.size() == 1) return add_whole(cell.pieces[0].label);
    pieces_.cut.push_back(1);
    Cuts& cuts = pieces_.cuts;
    const double done = double(n_done_) / double(n_cut_);
    make_room(cuts.walls, cell.walls.size(), done), make_room(cuts.facets, cell.facets.size(), done);
    if (cuts.offset.empty()) cuts.offset.push_back(0);
    const double edge = box.high[0] - box.low[0];
    const std::vector<int> unit = units_of(cell);
    const int n_units = 1 + *std::max_element(unit.begin(), unit.end());
    std::vector<int> order(cell.pieces.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return unit[std::size_t(a)] < unit[std::size_t(b)]; });
    std::vector<Index> element(cell.pieces.size(), -1);
    int last = 0;
    for (int p : order) {
      const CutCell::Piece& piece = cell.pieces[std::size_t(p)];
      if (piece.label < 0) continue;
      if (unit[std::size_t(p)] != last) pieces_.units.element_first.push_back(Index(pieces_.region.size())), last = unit[std::size_t(p)];
      element[std::size_t(p)] = Index(pieces_.region.size());
      pieces_.share.resize(pieces_.region.size(), 1);
      pieces_.share.push_back(piece.volume / (edge * edge * edge));
      cuts.element.push_back(element[std::size_t(p)]);
      make_room(cuts.points, piece.points.size(), done);
      cuts.points.insert(cuts.points.end(), piece.points.begin(), piece.points.end());
      cuts.offset.push_back(GlobalIndex(cuts.points.size()));
      pieces_.region.push_back(piece.label);
    }
    see_sides(cell, unit, n_units);
    const auto of = [&](int piece) { return piece < 0 ? -1 : element[std::size_t(piece)]; };
    const Vector3 centre = box.centre();
    std::vector<Index> kept(cell.walls.size(), -1);
    for (std::size_t i = 0; i < cell.walls.size(); ++i) {
      const CutCell::Wall& w = cell.walls[i];
      if (of(w.inside) < 0 && of(w.outside) < 0) continue;
      kept[i] = Index(cuts.walls.size());
      WallPoint point{w.position, w.normal, {}, w.area, cutting_[std::size_t(w.solid)], w.patch, of(w.inside), of(w.outside)};
      for (int d = 0; d < 3; ++d) point.reference[d] = 2 * (w.position[d] - centre[d]) / edge;
      cuts.walls.push_back(point);
    }
    for (const CutCell::Facet& f : cell.facets) {
      if (kept[std::size_t(f.wall)] < 0) continue;
      WallFacet& facet = cuts.facets.emplace_back();
      facet.wall = kept[std::size_t(f.wall)];
      for (int v = 0; v < 3; ++v)
        for (int d = 0; d < 3; ++d) facet.corner[v][d] = std::int16_t(std::lround(32767 * std::clamp(f.corner[v][d], -1.0, 1.0)));
    }
  }
  bool stays(const CutCell::Piece& piece) const { return piece.label >= 0 && !dug_[std::size_t(piece.label)]; }
  /// Mean normal of the walls of each unit's rock that stays, out of it; unit, or zero without walls.
  std::vector<Vector3> normals(const CutCell& cell, const std::vector<int>& unit, int n_units) const {
    std::vector<Vector3> normal(std::size_t(n_units), Vector3{});
    for (const CutCell::Wall& w : cell.walls)
      for (const auto& [piece, other, sign] : {std::tuple{w.inside, w.outside, 1.0}, std::tuple{w.outside, w.inside, -1.0}})
        if (stays(cell.pieces[std::size_t(piece)]) && !stays(cell.pieces[std::size_t(other)]))
          for (int d = 0; d < 3; ++d) normal[std::size_t(unit[std::size_t(piece)])][std::size_t(d)] += sign * w.area * w.normal[std::size_t(d)];
    for (Vector3& n : normal) {
      const double length = std::sqrt(dot(n, n));
      for (double& c : n) c = length > 0 ? c / length : 0;
    }
    return normal;
  }
  void see_sides(const CutCell& cell, const std::vector<int>& unit, int n_units) {
    std::vector<std::int8_t> sides;
    bool all = true, none = true;
    for (std::int8_t p : cell.sides) {
      sides.push_back(std::int8_t(p >= 0 && stays(cell.pieces[std::size_t(p)]) ? unit[std::size_t(p)] : -1));
      (sides.back() < 0 ? all : none) = false;
    }
    if (all) return;
    if (none && std::none_of(cell.pieces.begin(), cell.pieces.end(), [&](const auto& piece) { return stays(piece); })) sides.assign(1, -1);
    const std::vector<Vector3> normal = normals(cell, unit, n_units);
    for (const Vector3& n : normal)
      for (int d = 0; d < 3 && sides.size() > 1; ++d) sides.push_back(std::int8_t(std::lround(127 * n[std::size_t(d)])));
    pieces_.units.sides[Index(pieces_.first.size()) - 1] = std::move(sides);
  }
  /// Unit of every piece: the parts into which digging all that can be dug parts the rest; what can be dug goes with the first that it touches.
  std::vector<int> units_of(const CutCell& cell) const {
    const std::size_t n = cell.pieces.size();
    if (cell.sides.empty()) return std::vector<int>(n, 0);
    std::vector<char> touch(n * n, 0);
    for (const CutCell::Wall& w : cell.walls) touch[std::size_t(w.inside) * n + w.outside] = touch[std::size_t(w.outside) * n + w.inside] = 1;
    std::vector<int> unit(n, -1);
    const auto stays = [&](std::size_t p) { return this->stays(cell.pieces[p]); };
    const auto spread = [&](const auto& may) {
      for (bool more = true; more;) {
        more = false;
        for (std::size_t p = 0; p < n; ++p)
          for (std::size_t q = 0; q < n && unit[p] < 0 && may(p); ++q)
            if (touch[p * n + q] && unit[q] >= 0) unit[p] = unit[q], more = true;
      }
    };
    int n_units = 0;
    for (std::size_t p = 0; p < n; ++p) {
      if (unit[p] >= 0 || !stays(p)) continue;
      unit[p] = n_units++;
      spread(stays);
    }
    if (n_units < 2) return std::vector<int>(n, 0);
    // Rock whose walls do not face one another, as beside a corner, is one unit all the same.
    const std::vector<Vector3> normal = normals(cell, unit, n_units);
    std::vector<int> now(std::size_t(n_units), -1);
    int n_apart = 0;
    for (int u = 0; u < n_units; ++u) {
      for (int v = 0; v < u && now[std::size_t(u)] < 0; ++v)
        if (dot(normal[std::size_t(u)], normal[std::size_t(v)]) > facing) now[std::size_t(u)] = now[std::size_t(v)];
      if (now[std::size_t(u)] < 0) now[std::size_t(u)] = n_apart++;
    }
    for (int& u : unit) u = u < 0 ? u : now[std::size_t(u)];
    spread([&](std::size_t p) { return cell.pieces[p].label >= 0; });
    for (int& u : unit) u = std::max(u, 0);
    return unit;
  }
  /// The same names on every rank, ascending. Collective.
  void name_regions() {
    std::vector<char> text;
    for (const std::string& name : pieces_.names) text.insert(text.end(), name.c_str(), name.c_str() + name.size() + 1);
    const std::vector<char> all = tree_.comm.all_gather(text);
    std::set<std::string> names;
    for (std::size_t at = 0; at < all.size(); at += std::string(&all[at]).size() + 1) names.insert(&all[at]);
    std::vector<std::string> sorted(names.begin(), names.end());
    std::vector<std::int32_t> number;
    for (const std::string& name : pieces_.names)
      number.push_back(std::int32_t(std::lower_bound(sorted.begin(), sorted.end(), name) - sorted.begin()));
    for (std::int32_t& region : pieces_.region) region = number[region];
    pieces_.dug.assign(sorted.size(), 0);
    for (std::size_t i = 0; i < number.size(); ++i) pieces_.dug[std::size_t(number[i])] = dug_[i];
    pieces_.names = std::move(sorted);
  }

  const Octree& tree_;
  const geometry::Scene& scene_;
  const CutMeshOptions& options_;
  Pieces pieces_;
  std::map<std::vector<Index>, int> known_;
  std::vector<char> dug_;               ///< of pieces_.names as they come
  std::size_t n_cut_ = 0, n_done_ = 0;  ///< leaves with walls
  std::vector<Index> candidates_, holding_, cutting_;
  std::vector<geometry::Scene::Met> met_;
  std::vector<const geometry::Solid*> solids_;
};

/// Collective. The pieces in leaves of other ranks.
std::vector<LeafPieces> ask_pieces(const Octree& tree, const Pieces& pieces, const std::vector<RemoteFace>& remote) {
  const Comm& comm = tree.comm;
  std::vector<LeafPieces> result(remote.size());
  if (comm.size() == 1) return result;
  std::vector<std::vector<Index>> ask(comm.size()), asked;
  for (const RemoteFace& r : remote) ask[r.rank].push_back(r.element);
  asked = comm.all_to_all(ask);
  std::vector<std::vector<Index>> replies(comm.size());
  for (int r = 0; r < comm.size(); ++r)
    for (Index leaf : asked[r]) {
      replies[r].insert(replies[r].end(), {level_of(tree.leaves[leaf]), Index(pieces.cut[leaf]), pieces.first[leaf + 1] - pieces.first[leaf]});
      for (Index e = pieces.first[leaf]; e < pieces.first[leaf + 1]; ++e) replies[r].insert(replies[r].end(), {e, pieces.region[e]});
    }
  replies = comm.all_to_all(replies);
  std::vector<std::size_t> at(comm.size(), 0);
  for (std::size_t i = 0; i < remote.size(); ++i) {
    const int r = remote[i].rank;
    LeafPieces& leaf = result[i];
    leaf.level = replies[r][at[r]++];
    leaf.cut = replies[r][at[r]++] != 0;
    for (Index n = replies[r][at[r]++]; n > 0; --n) leaf.element.push_back(replies[r][at[r]++]), leaf.region.push_back(replies[r][at[r]++]);
  }
  return result;
}

/// From one element per leaf to the pieces.
void split_elements(Mesh& mesh, const Pieces& pieces, const std::vector<Index>& neighbour, const std::vector<RemoteFace>& remote,
                    const std::vector<LeafPieces>& remote_pieces) {
  const Index n_leaves = Index(pieces.first.size()) - 1, n = Index(pieces.region.size());
  const auto spread = [&](const auto& of_leaf, int width) {
    std::decay_t<decltype(of_leaf)> of_element;
    of_element.reserve(std::size_t(n) * width);
    for (Index leaf = 0; leaf < n_leaves; ++leaf)
      for (Index e = pieces.first[leaf]; e < pieces.first[leaf + 1]; ++e)
        of_element.insert(of_element.end(), of_leaf.begin() + std::size_t(leaf) * width, of_leaf.begin() + std::size_t(leaf + 1) * width);
    return of_element;
  };
  const Units& units = pieces.units;
  mesh.element_nodes.clear();
  mesh.element_nodes.reserve(27 * std::size_t(n));
  for (std::size_t unit = 0; unit + 1 < units.element_first.size(); ++unit)
    for (Index e = units.element_first[unit]; e < units.element_first[unit + 1]; ++e)
      mesh.element_nodes.insert(mesh.element_nodes.end(), &units.nodes[27 * unit], &units.nodes[27 * unit] + 27);
  mesh.element_cell = spread(mesh.element_cell, 1);
  Level& first = mesh.levels[0];
  first.element_nodes = spread(first.element_nodes, 8);
  first.child_begin.resize(std::size_t(n) + 1);
  for (Index e = 0; e <= n; ++e) first.child_begin[e] = e;
  first.child_place.assign(n, Level::whole);
  if (mesh.levels.size() > 1) {
    Level& second = mesh.levels[1];
    for (Index& begin : second.child_begin) begin = pieces.first[begin];
    second.child_place = spread(second.child_place, 1);
  }
  const GlobalIndex before = mesh.comm.exclusive_scan(GlobalIndex(n));
  mesh.original_element.resize(n);
  for (Index e = 0; e < n; ++e) mesh.original_element[e] = before + e;

  // Across a face: the piece of the same region; where there is none, the first one of a whole cell's neighbour is a wall.
  mesh.face_region.assign(6 * std::size_t(n), -1);
  mesh.face_neighbour.assign(6 * std::size_t(n), -1);
  mesh.remote_faces.clear();
  for (Surface& surface : mesh.surfaces) surface.faces.clear();
  std::vector<Index> own_element, own_region;
  for (Index leaf = 0; leaf < n_leaves; ++leaf)
    for (int face = 0; face < 6; ++face) {
      const Index other = neighbour[6 * std::size_t(leaf) + face];
      if (other == -1) {
        for (Index e = pieces.first[leaf]; e < pieces.first[leaf + 1]; ++e) mesh.surfaces[face].faces.push_back({e, std::int8_t(face)});
        continue;
      }
      own_element.clear(), own_region.clear();
      for (Index e = other >= 0 ? pieces.first[other] : 0; other >= 0 && e < pieces.first[other + 1]; ++e)
        own_element.push_back(e), own_region.push_back(pieces.region[e]);
      const std::vector<Index>& elements = other >= 0 ? own_element : remote_pieces[-2 - other].element;
      const std::vector<Index>& regions = other >= 0 ? own_region : remote_pieces[-2 - other].region;
      if (elements.empty()) continue;
      for (Index e = pieces.first[leaf]; e < pieces.first[leaf + 1]; ++e) {
        const std::size_t at = 6 * std::size_t(e) + face;
        std::size_t piece = std::find(regions.begin(), regions.end(), pieces.region[e]) - regions.begin();
        const bool same = piece < regions.size();
        if (!same) piece = 0;
        mesh.face_region[at] = same || pieces.cut[leaf] ? pieces.region[e] : regions[piece];
        if (other >= 0) {
          mesh.face_neighbour[at] = elements[piece];
        } else {
          mesh.face_neighbour[at] = -2 - Index(mesh.remote_faces.size());
          mesh.remote_faces.push_back({remote[-2 - other].rank, elements[piece]});
        }
      }
    }
}

}  // namespace

Mesh cut_mesh(const Octree& tree, const geometry::Scene& scene, const CutMeshOptions& options) {
  Octree plain = tree;
  std::fill(plain.region.begin(), plain.region.end(), 0);
  Mesh mesh = octree_mesh(plain, {""});
  Pieces pieces = Cutting(tree, scene, options).pieces();
  std::vector<Index> leaf_nodes = std::move(mesh.element_nodes);
  const std::vector<Index> neighbour = std::move(mesh.face_neighbour);
  UnitsAround around(tree, pieces.units);
  if (tree.comm.any(!pieces.units.sides.empty()))
    copy_nodes(tree, around, leaf_nodes, pieces.units, mesh);
  else
    pieces.units.nodes = std::move(leaf_nodes);
  const std::vector<RemoteFace> remote = std::move(mesh.remote_faces);
  const std::vector<LeafPieces> remote_pieces = ask_pieces(tree, pieces, remote);
  split_elements(mesh, pieces, neighbour, remote, remote_pieces);
  mesh.region = std::move(pieces.region);
  mesh.region_names = std::move(pieces.names);
  pieces.cuts.copies = std::move(mesh.cuts.copies);
  mesh.cuts = std::move(pieces.cuts);
  mesh.share = std::move(pieces.share);
  if (!mesh.cuts.element.empty()) {
    std::vector<Index> holding;
    const auto region_at = [&](const Vector3& x) {
      scene.holding(x, holding);
      return std::int32_t(mesh.region_index(options.region ? options.region(holding) : joined(scene, holding)));
    };
    add_hull_points(tree, pieces.first, neighbour, region_at, mesh);
  }
  tie_cells(tree, pieces.units, around, pieces.cut, neighbour, remote, remote_pieces, mesh);
  if (tree.comm.any(!mesh.cuts.copies.places.empty())) {
    mesh.cuts.copies.apart = mesh.hanging;
    std::vector<char> copied(std::size_t(mesh.nodes.n_local()), 0);
    for (const NodeCopies::Place& p : mesh.cuts.copies.places)
      for (Index c = 0; c <= p.n; ++c) copied[std::size_t(mesh.nodes.local(c == 0 ? p.first : p.more + c - 1))] = 1;
    for (Index e = 0; e < mesh.n_elements(); ++e) {
      const Index* nodes = mesh.nodes_of(e);
      mesh.cuts.copies.between.push_back(pieces.dug[std::size_t(mesh.region[e])] &&
                                         std::any_of(nodes, nodes + 27, [&](Index n) { return copied[n]; }));
    }
    weld(mesh, std::vector<char>(std::size_t(mesh.n_elements()), 1));
  }
  return mesh;
}

}  // namespace winze::mesh
