#include "mesh/tets.hpp"

namespace winze::mesh {

void shorten_inner_diagonals(Shape shape, const NumberSet& used, const std::vector<double>& points, std::vector<GlobalIndex>& cell_nodes) {
  if (linear(shape) != Shape::tet4) return;
  // Even permutations that bring the edge pairs 02|13, 01|23, 03|12 to the places 02|13, and the middles of edges 01 12 02 03 13 23 with them.
  constexpr int order[3][10] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 3, 1, 2, 7, 8, 4, 6, 9, 5}, {0, 2, 3, 1, 6, 9, 7, 4, 5, 8}};
  const int n = info(shape).n_nodes;
  for (size_t first = 0; first < cell_nodes.size(); first += n) {
    GlobalIndex old[10];
    const double* x[4];
    for (int i = 0; i < n; ++i) old[i] = cell_nodes[first + i];
    for (int v = 0; v < 4; ++v) x[v] = points.data() + 3 * size_t(used.find(old[v]));
    int best = 0;
    double shortest = 0;
    for (int o = 0; o < 3; ++o) {
      double square = 0;
      for (int axis = 0; axis < 3; ++axis) {
        const double d = x[order[o][0]][axis] + x[order[o][2]][axis] - x[order[o][1]][axis] - x[order[o][3]][axis];
        square += d * d;
      }
      if (o == 0 || square < (1 - 1e-9) * shortest) best = o, shortest = square;
    }
    for (int i = 0; best > 0 && i < n; ++i) cell_nodes[first + i] = old[order[best][i]];
  }
}

}  // namespace winze::mesh
