// Points on the outer faces of cut elements.
#include <algorithm>
#include <cmath>
#include <map>

#include "mesh/cut_mesh.hpp"

namespace winze::mesh::cut_detail {
namespace {

constexpr int n_lines = 8, n_steps = 16;
constexpr double line_at[4] = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363};  ///< Gauss, 8 points
constexpr double line_weight[4] = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763};

}  // namespace

void add_hull_points(const Octree& tree, const std::vector<Index>& leaf_first, const std::vector<Index>& neighbour,
                     const std::function<std::int32_t(const Vector3&)>& region_at, Mesh& mesh) {
  Cuts& cuts = mesh.cuts;
  cuts.hull_offset.assign(1, 0);
  std::map<Index, std::array<std::vector<WeightedPoint>, 6>> of_element;
  for (Index leaf = 0; leaf < tree.n_leaves(); ++leaf) {
    const Index first = leaf_first[leaf], end = leaf_first[leaf + 1];
    if (first == end || cuts.whole(first)) continue;
    const geometry::Box box = tree.box(decode(tree.leaves[leaf]));
    const double half = 0.5 * (box.high[0] - box.low[0]);
    const Vector3 centre = box.centre();
    for (int face = 0; face < 6; ++face) {
      if (neighbour[6 * std::size_t(leaf) + face] != -1) continue;
      const int axis = face / 2, s = (axis + 1) % 3, t = (axis + 2) % 3;
      const auto region = [&](const Vector3& at) {
        Vector3 x = {centre[0] + half * at[0], centre[1] + half * at[1], centre[2] + half * at[2]};
        x[axis] -= (face % 2 ? 1 : -1) * 1e-9 * half;
        return region_at(x);
      };
      // The piece of the region whose points come nearest.
      const auto element_at = [&](const Vector3& at, std::int32_t of) {
        Index best = -1;
        double least = HUGE_VAL;
        for (Index e = first; e < end; ++e)
          for (GlobalIndex q = cuts.offset[cuts.of_element[e]]; q < cuts.offset[cuts.of_element[e] + 1]; ++q) {
            const Vector3 d = geometry::operator-(cuts.points[q].at, at);
            if (mesh.region[e] == of && dot(d, d) < least) least = dot(d, d), best = e;
          }
        return best;
      };
      for (int line = 0; line < n_lines; ++line) {
        Vector3 at{};
        at[axis] = face % 2 ? 1 : -1;
        at[t] = line < 4 ? -line_at[line] : line_at[line - 4];
        const auto along = [&](double x) {
          at[s] = x;
          return region(at);
        };
        double begin = -1;
        std::int32_t now = along(-1 + 1e-9);
        const auto close = [&](double x) {
          if (now >= 0 && x > begin)
            for (double g : {-std::sqrt(0.6), 0.0, std::sqrt(0.6)}) {
              at[s] = 0.5 * (begin + x) + 0.5 * (x - begin) * g;
              const Index e = element_at(at, now);
              if (e >= 0) of_element[e][face].push_back({at, half * half * line_weight[line % 4] * 0.5 * (x - begin) * (g == 0 ? 8.0 / 9 : 5.0 / 9)});
            }
          begin = x;
        };
        for (int step = 1; step <= n_steps; ++step) {
          const double from = -1 + 2.0 * (step - 1) / n_steps, to = step == n_steps ? 1 - 1e-9 : -1 + 2.0 * step / n_steps;
          const std::int32_t next = along(to);
          if (next == now) continue;
          double low = from, high = to;
          for (int i = 0; i < 24; ++i) (along(0.5 * (low + high)) == now ? low : high) = 0.5 * (low + high);
          close(0.5 * (low + high));
          now = next;
        }
        close(1);
      }
    }
  }
  for (const auto& [element, faces] : of_element)
    for (int face = 0; face < 6; ++face) {
      if (faces[face].empty()) continue;
      const std::vector<WeightedPoint> few = compress(faces[face], 4);
      cuts.hull_face.push_back({element, std::int8_t(face)});
      cuts.hull.insert(cuts.hull.end(), few.begin(), few.end());
      cuts.hull_offset.push_back(Index(cuts.hull.size()));
    }
}

}  // namespace winze::mesh::cut_detail
