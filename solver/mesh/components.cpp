#include "mesh/components.hpp"

#include <algorithm>
#include <numeric>

namespace winze::mesh {

std::vector<std::int32_t> face_connected_components(const Mesh& mesh, const std::vector<char>& active_element, int& n_components) {
  const Comm& comm = mesh.comm;
  const Index n = mesh.n_elements();
  const int n_faces = info(mesh.shape).n_faces;
  const auto active = [&](Index e) { return active_element[e] != 0; };

  std::vector<Index> parent(n);  // the root of a component on this rank is its first element
  std::iota(parent.begin(), parent.end(), 0);
  const auto root = [&](Index e) {
    while (parent[e] != e) e = parent[e] = parent[parent[e]];
    return e;
  };
  std::vector<Index> here(mesh.remote_faces.size(), -1);  // our active element at each face to another rank
  for (Index e = 0; e < n; ++e) {
    if (!active(e)) continue;
    for (int f = 0; f < n_faces; ++f) {
      const Index other = mesh.face_neighbour[size_t(e) * n_faces + f];
      if (other <= -2) {
        here[-2 - other] = e;
      } else if (other >= 0 && active(other)) {
        const Index a = root(e), b = root(other);
        parent[std::max(a, b)] = std::min(a, b);
      }
    }
  }

  // Links to elements of other ranks. Of the four smaller elements at a face only one is named by the larger one, so they name themselves to it.
  struct Link {
    int rank;
    Index element, own;
  };
  std::vector<Link> links;
  {
    std::vector<std::vector<Index>> pairs(comm.size());
    for (size_t k = 0; k < here.size(); ++k)
      if (here[k] >= 0) {
        const RemoteFace& face = mesh.remote_faces[k];
        links.push_back({face.rank, face.element, here[k]});
        pairs[face.rank].insert(pairs[face.rank].end(), {face.element, here[k]});
      }
    if (comm.size() > 1) pairs = comm.all_to_all(pairs);
    for (int r = 0; r < comm.size() && comm.size() > 1; ++r)
      for (size_t i = 0; i < pairs[r].size(); i += 2)
        if (active(pairs[r][i])) links.push_back({r, pairs[r][i + 1], pairs[r][i]});
  }

  // The lowest global number of a root spreads over faces between ranks until nothing changes: at most as many rounds as there are ranks in a row.
  const GlobalIndex begin = comm.exclusive_scan(GlobalIndex(n));
  std::vector<GlobalIndex> label(n);
  for (Index e = 0; e < n; ++e) label[e] = begin + e;
  for (bool changed = comm.size() > 1; changed;) {
    std::vector<std::vector<GlobalIndex>> send(comm.size());
    for (const Link& link : links) send[link.rank].insert(send[link.rank].end(), {GlobalIndex(link.element), label[root(link.own)]});
    changed = false;
    for (const auto& from : comm.all_to_all(send))
      for (size_t i = 0; i < from.size(); i += 2) {
        if (!active(Index(from[i]))) continue;
        GlobalIndex& mine = label[root(Index(from[i]))];
        if (from[i + 1] < mine) mine = from[i + 1], changed = true;
      }
    changed = comm.any(changed);
  }

  // Components are counted by the rank that owns their lowest root; the others ask it.
  std::vector<std::int32_t> number(n, -1);
  std::int32_t count = 0;
  for (Index e = 0; e < n; ++e)
    if (active(e) && parent[e] == e && label[e] == begin + e) number[e] = count++;
  const std::int32_t first = comm.exclusive_scan(count);
  n_components = comm.sum(count);
  const std::vector<GlobalIndex> begins = comm.all_gather(begin);
  std::vector<std::vector<GlobalIndex>> wanted(comm.size()), answer(comm.size());
  std::vector<std::vector<Index>> asking(comm.size());
  for (Index e = 0; e < n; ++e) {
    if (!active(e) || parent[e] != e) continue;
    if (number[e] >= 0) {
      number[e] += first;
    } else {
      const int owner = int(std::upper_bound(begins.begin(), begins.end(), label[e]) - begins.begin()) - 1;
      wanted[owner].push_back(label[e]), asking[owner].push_back(e);
    }
  }
  const auto asked = comm.all_to_all(wanted);
  for (int r = 0; r < comm.size(); ++r)
    for (GlobalIndex root_number : asked[r]) answer[r].push_back(number[Index(root_number - begin)]);
  const auto answers = comm.all_to_all(answer);
  for (int r = 0; r < comm.size(); ++r)
    for (size_t i = 0; i < asking[r].size(); ++i) number[asking[r][i]] = std::int32_t(answers[r][i]);
  for (Index e = 0; e < n; ++e)
    if (active(e)) number[e] = number[root(e)];
  return number;
}

}  // namespace winze::mesh
