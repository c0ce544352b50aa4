// Faces between cut cells and their neighbours, with the nodes of those that other ranks own.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "mesh/cut_mesh.hpp"

namespace winze::mesh {

void TiedCells::exchange(const Comm& comm, std::vector<double>& values, int width) const {
  if (comm.size() == 1) return;
  std::vector<std::vector<double>> send(comm.size());
  for (std::size_t r = 0; r < sent.size(); ++r)
    for (Index cell : sent[r]) send[r].insert(send[r].end(), &values[std::size_t(cell) * width], &values[std::size_t(cell) * width] + width);
  const auto got = comm.all_to_all(send);
  for (std::size_t r = 0; r < received.size(); ++r)
    for (std::size_t i = 0; i < received[r].size(); ++i) std::copy_n(&got[r][i * width], width, &values[std::size_t(received[r][i]) * width]);
}

namespace cut_detail {
namespace {

/// A node of another rank as its owner or user knows it.
struct FarNode {
  GlobalIndex global;
  Vector3 at;
  std::vector<std::pair<GlobalIndex, double>> masters;  ///< empty: it does not hang
  NodeCopies::Place place;                              ///< n 0: it has no copies
};

/// Collective. Nodes of units of other ranks; nodes[r]: [units asked of rank r][27] global numbers.
std::vector<std::vector<GlobalIndex>> ask_nodes(const Mesh& mesh, const std::vector<std::vector<Index>>& asked, const std::vector<Index>& unit_nodes,
                                                std::vector<FarNode>& far) {
  const Comm& comm = mesh.comm;
  std::unordered_map<Index, Index> row;
  std::unordered_map<Index, NodeCopies::Place> place;
  for (const NodeCopies::Place& p : mesh.cuts.copies.places)
    for (Index c = 0; c <= p.n; ++c) place[mesh.nodes.local(c == 0 ? p.first : p.more + c - 1)] = p;
  for (std::size_t i = 0; i < mesh.hanging.node.size(); ++i) row[mesh.hanging.node[i]] = Index(i);
  std::vector<std::vector<GlobalIndex>> nodes(comm.size()), numbers(comm.size());
  std::vector<std::vector<double>> reals(comm.size());
  for (int r = 0; r < comm.size(); ++r) {
    std::vector<Index> told;
    for (Index unit : asked[r])
      for (int i = 0; i < 27; ++i) {
        told.push_back(unit_nodes[27 * std::size_t(unit) + i]);
        nodes[r].push_back(mesh.nodes.global(told.back()));
      }
    const auto unique = [&] {
      std::sort(told.begin(), told.end());
      told.erase(std::unique(told.begin(), told.end()), told.end());
    };
    const auto add_copies = [&] {
      for (std::size_t i = 0, n = told.size(); i < n; ++i)
        if (const auto at = place.find(told[i]); at != place.end())
          for (Index c = 0; c <= at->second.n; ++c) told.push_back(mesh.nodes.local(c == 0 ? at->second.first : at->second.more + c - 1));
      unique();
    };
    unique();
    add_copies();
    for (std::size_t i = 0, n = told.size(); i < n; ++i)
      if (const auto at = row.find(told[i]); at != row.end())
        told.insert(told.end(), &mesh.hanging.master[mesh.hanging.offset[at->second]], &mesh.hanging.master[0] + mesh.hanging.offset[at->second + 1]);
    unique();
    add_copies();
    for (Index node : told) {
      numbers[r].push_back(mesh.nodes.global(node));
      for (double x : mesh.point(node)) reals[r].push_back(x);
      const auto at = row.find(node);
      const Index begin = at == row.end() ? 0 : mesh.hanging.offset[at->second], end = at == row.end() ? 0 : mesh.hanging.offset[at->second + 1];
      numbers[r].push_back(end - begin);
      for (Index k = begin; k < end; ++k) numbers[r].push_back(mesh.nodes.global(mesh.hanging.master[k])), reals[r].push_back(mesh.hanging.weight[k]);
      const auto copied = place.find(node);
      const NodeCopies::Place p = copied == place.end() ? NodeCopies::Place{-1, -1, 0} : copied->second;
      numbers[r].insert(numbers[r].end(), {p.first, p.more, p.n});
    }
  }
  nodes = comm.all_to_all(nodes), numbers = comm.all_to_all(numbers), reals = comm.all_to_all(reals);
  for (int r = 0; r < comm.size(); ++r)
    for (std::size_t i = 0, x = 0; i < numbers[r].size();) {
      FarNode node{numbers[r][i], {reals[r][x], reals[r][x + 1], reals[r][x + 2]}, {}, {}};
      const GlobalIndex n = numbers[r][i + 1];
      i += 2, x += 3;
      for (GlobalIndex k = 0; k < n; ++k) node.masters.emplace_back(numbers[r][i++], reals[r][x++]);
      node.place = {numbers[r][i], numbers[r][i + 1], Index(numbers[r][i + 2])};
      i += 3;
      far.push_back(std::move(node));
    }
  return nodes;
}

/// Collective. Adds nodes to the ghosts of the mesh; every array of local numbers follows.
void add_ghosts(const std::vector<FarNode>& far, Mesh& mesh) {
  const SharedNodes old = mesh.nodes;
  std::vector<GlobalIndex> ghosts = old.ghosts();
  for (const FarNode& node : far)
    if (old.local(node.global) < 0) ghosts.push_back(node.global);
  std::sort(ghosts.begin(), ghosts.end());
  ghosts.erase(std::unique(ghosts.begin(), ghosts.end()), ghosts.end());
  mesh.nodes = SharedNodes(mesh.comm, old.n_owned(), std::move(ghosts));
  std::vector<Index> now(old.n_local());
  for (Index n = 0; n < old.n_local(); ++n) now[n] = mesh.nodes.local(old.global(n));
  const auto renumber = [&](std::vector<Index>& list) {
    for (Index& n : list) n = now[n];
  };
  renumber(mesh.element_nodes), renumber(mesh.hanging.node), renumber(mesh.hanging.master);
  std::vector<double> points(3 * std::size_t(mesh.nodes.n_local()));
  for (Index n = 0; n < old.n_local(); ++n) std::copy_n(&mesh.points[3 * std::size_t(n)], 3, &points[3 * std::size_t(now[n])]);
  for (const FarNode& node : far) std::copy_n(node.at.begin(), 3, &points[3 * std::size_t(mesh.nodes.local(node.global))]);
  mesh.points = std::move(points);
  MeanOf& mean = mesh.levels[0].to_finer;
  std::vector<Index> was(mesh.nodes.n_local(), -1);
  for (Index n = 0; n < old.n_local(); ++n) was[now[n]] = n;
  MeanOf next;
  next.offset.push_back(0);
  for (Index n : was) {
    if (n >= 0) next.masters.insert(next.masters.end(), mean.masters.begin() + mean.offset[n], mean.masters.begin() + mean.offset[n + 1]);
    next.offset.push_back(Index(next.masters.size()));
  }
  mean = std::move(next);
  std::vector<char> hangs(mesh.nodes.n_local(), 0);
  for (Index n : mesh.hanging.node) hangs[n] = 1;
  for (const FarNode& node : far) {
    const Index n = mesh.nodes.local(node.global);
    if (node.masters.empty() || hangs[n]) continue;
    hangs[n] = 1;
    mesh.hanging.node.push_back(n);
    for (const auto& [master, weight] : node.masters) mesh.hanging.master.push_back(mesh.nodes.local(master)), mesh.hanging.weight.push_back(weight);
    mesh.hanging.offset.push_back(Index(mesh.hanging.master.size()));
  }
  auto& places = mesh.cuts.copies.places;
  for (const FarNode& node : far)
    if (node.place.n > 0) places.push_back(node.place);
  std::sort(places.begin(), places.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  places.erase(std::unique(places.begin(), places.end(), [](const auto& a, const auto& b) { return a.first == b.first; }), places.end());
}

}  // namespace

void tie_cells(const Octree& tree, const Units& units, const UnitsAround& around, const std::vector<char>& leaf_cut,
               const std::vector<Index>& neighbour, const std::vector<RemoteFace>& remote, const std::vector<LeafPieces>& remote_pieces, Mesh& mesh) {
  const Comm& comm = mesh.comm;
  TiedCells& cells = mesh.cuts.tied;
  std::vector<Index> number(units.element_first.size(), -1), own;
  struct Far {
    int rank;
    Index unit;  ///< there
    int level;
  };
  std::vector<Far> far;
  std::map<std::pair<int, Index>, Index> far_number;
  const auto own_cell = [&](Index unit) {
    if (number[unit] < 0) number[unit] = Index(own.size()), own.push_back(unit);
    return number[unit];
  };
  const auto empty = [&](Index leaf) { return units.element_first[units.leaf_first[leaf]] == units.element_first[units.leaf_first[leaf + 1]]; };
  for (Index a = 0; a < tree.n_leaves(); ++a)
    for (int face = 0; face < 6; ++face) {
      Index b = neighbour[6 * std::size_t(a) + face];
      if (b == -1 || empty(a)) continue;
      const LeafPieces* there = b < 0 ? &remote_pieces[-2 - b] : nullptr;
      if (there ? there->element.empty() : empty(b)) continue;
      if (!leaf_cut[a] && !(there ? there->cut : leaf_cut[b])) continue;
      const int level = level_of(tree.leaves[a]), other = there ? there->level : level_of(tree.leaves[b]);
      // One rank has the face: that of the smaller cell, or the lower rank.
      if (other > level || (other == level && (there ? remote[-2 - b].rank < comm.rank() : b < a))) continue;
      TiedFace f{0, 0, std::int8_t(face / 2), std::int8_t(face % 2), TiedFace::whole};
      if (other < level) {
        const int place = tree.child_place(decode(tree.leaves[a]));
        f.quarter = std::int8_t((place >> (f.axis + 1) % 3 & 1) | (place >> (f.axis + 2) % 3 & 1) << 1);
      }
      const int rank = there ? remote[-2 - b].rank : -1;
      if (there) b = around.ghost(rank, remote[-2 - b].element);
      for (Index u = 0; u < around.n_units(a); ++u)
        for (Index v = 0; v < around.n_units(b); ++v) {
          if (!around.same_nodes(a, u, b, v)) continue;
          f.a = own_cell(around.first_unit(a) + u);
          const Index unit = around.first_unit(b) + v;
          if (there) {
            const auto [at, fresh] = far_number.try_emplace({rank, unit}, Index(far.size()));
            if (fresh) far.push_back({rank, unit, other});
            f.b = -2 - at->second;
          } else {
            f.b = own_cell(unit);
          }
          cells.faces.push_back(f);
        }
    }

  // The nodes of other ranks' cells, and the cells that other ranks ask for.
  std::vector<std::vector<Index>> ask(comm.size());
  for (const Far& k : far) ask[k.rank].push_back(k.unit);
  std::vector<std::vector<GlobalIndex>> far_nodes(comm.size());
  if (comm.size() > 1) {
    const auto asked = comm.all_to_all(ask);
    cells.sent.resize(comm.size()), cells.received.resize(comm.size());
    for (int r = 0; r < comm.size(); ++r)
      for (Index unit : asked[r]) cells.sent[r].push_back(own_cell(unit));
    std::vector<FarNode> known;
    far_nodes = ask_nodes(mesh, asked, units.nodes, known);
    const SharedNodes before = mesh.nodes;
    add_ghosts(known, mesh);
    for (Index unit : own)
      for (int i = 0; i < 27; ++i) cells.nodes.push_back(mesh.nodes.local(before.global(units.nodes[27 * std::size_t(unit) + i])));
  } else {
    for (Index unit : own) cells.nodes.insert(cells.nodes.end(), &units.nodes[27 * std::size_t(unit)], &units.nodes[27 * std::size_t(unit)] + 27);
  }
  for (Index unit : own) {
    const Index leaf = Index(std::upper_bound(units.leaf_first.begin(), units.leaf_first.end(), unit) - units.leaf_first.begin()) - 1;
    cells.edge.push_back(tree.edge_length(level_of(tree.leaves[leaf])));
    cells.first.insert(cells.first.end(), {units.element_first[unit], units.element_first[unit + 1]});
  }
  std::vector<Index> far_cell(far.size());
  for (int r = 0; r < comm.size() && comm.size() > 1; ++r) {
    std::size_t i = 0;
    for (std::size_t k = 0; k < far.size(); ++k) {
      if (far[k].rank != r) continue;
      far_cell[k] = Index(cells.edge.size());
      cells.received[r].push_back(far_cell[k]);
      cells.edge.push_back(tree.edge_length(far[k].level));
      for (int n = 0; n < 27; ++n) cells.nodes.push_back(mesh.nodes.local(far_nodes[r][27 * i + n]));
      ++i;
    }
  }
  for (TiedFace& f : cells.faces)
    if (f.b < 0) f.b = far_cell[-2 - f.b];
}

}  // namespace cut_detail
}  // namespace winze::mesh
