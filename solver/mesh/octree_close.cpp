#include <algorithm>

#include "mesh/octree.hpp"

namespace winze::mesh::octree_detail {

// A tree is balanced over faces, edges and corners when the parents of all neighbours of a refined cell are refined. The 27 cells around a cell have
// eight parents, those that share its outer corner within its own parent: one sweep from fine to coarse closes the set, and adds nothing else
// (after Sundar, Sampath & Biros 2008, SIAM J. Sci. Comput. 30:2675, sec. 3).
void close(const Octree& tree, Refined& refined, const std::function<void(int)>& between) {
  for (int level = int(refined.size()) - 1; level >= 0; --level) {
    if (between) between(level);
    if (level == 0) return;
    const std::int32_t parent_edge = tree.edge(level - 1);
    std::vector<OctantCode> wanted;
    wanted.reserve(refined[level].size() * 2);
    for (OctantCode code : refined[level]) {
      const Octant cell = decode(code), parent = tree.parent(cell);
      for (int corner = 0; corner < 8; ++corner) {
        Octant around = parent;
        for (int d = 0; d < 3; ++d)
          if (corner >> d & 1) around.at[d] += cell.at[d] == parent.at[d] ? -parent_edge : parent_edge;
        if (tree.inside(around.at)) wanted.push_back(encode(around));
      }
    }
    deliver(tree, std::move(wanted), refined[level - 1]);
  }
}

std::vector<OctantCode> deliver(const Octree& tree, std::vector<OctantCode> codes, std::vector<OctantCode>& sorted) {
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  if (tree.comm.size() > 1) {
    std::vector<std::vector<OctantCode>> send(tree.comm.size());
    for (OctantCode code : codes) send[tree.rank_of(code)].push_back(code);
    codes.clear();
    for (const auto& from : tree.comm.all_to_all(send)) codes.insert(codes.end(), from.begin(), from.end());
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  }
  std::vector<OctantCode> added, merged;
  std::set_difference(codes.begin(), codes.end(), sorted.begin(), sorted.end(), std::back_inserter(added));
  merged.reserve(sorted.size() + added.size());
  std::merge(sorted.begin(), sorted.end(), added.begin(), added.end(), std::back_inserter(merged));
  sorted.swap(merged);
  return added;
}

}  // namespace winze::mesh::octree_detail
