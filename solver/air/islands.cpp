#include "air/islands.hpp"

#include <numeric>

namespace winze::air {

Islands find_islands(const Graph& graph, bool fixed_too) {
  const size_t n = size_t(graph.n_nodes());
  std::vector<Index> up(n);
  std::iota(up.begin(), up.end(), 0);
  const auto root = [&](Index i) {
    while (up[size_t(i)] != i) i = up[size_t(i)] = up[size_t(up[size_t(i)])];
    return i;
  };
  for (size_t b = 0; b < graph.from.size(); ++b)
    if (fixed_too || !graph.law[b].flow) up[size_t(root(graph.from[b]))] = root(graph.to[b]);
  Islands out;
  out.of_node.assign(n, -1);
  std::vector<Index> part_of_root(n, -1);
  for (Index i = 0; i < Index(n); ++i) {
    Index& part = part_of_root[size_t(root(i))];
    if (part < 0) {
      part = Index(out.parts.size());
      out.parts.emplace_back().first = i;
    }
    out.of_node[size_t(i)] = part;
    Islands::Part& p = out.parts[size_t(part)];
    p.n_open += graph.open[size_t(i)];
    if (++p.n_nodes <= 5) p.some_names += (p.some_names.empty() ? "'" : ", '") + graph.node_names[size_t(i)] + "'";
    if (p.n_nodes == 6) p.some_names += ", …";
  }
  return out;
}

}  // namespace winze::air
