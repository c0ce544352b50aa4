#include "geometry/topology.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace winze::geometry {

std::vector<EdgeUse> edge_uses(const std::vector<Face>& faces) {
  std::vector<EdgeUse> uses;
  uses.reserve(3 * faces.size());
  for (std::size_t f = 0; f < faces.size(); ++f)
    for (int k = 0; k < 3; ++k) {
      const Index a = faces[f][k], b = faces[f][(k + 1) % 3];
      uses.push_back({std::min(a, b), std::max(a, b), Index(f), k, a < b});
    }
  std::sort(uses.begin(), uses.end(),
            [](const EdgeUse& a, const EdgeUse& b) { return std::tie(a.low, a.high, a.face) < std::tie(b.low, b.high, b.face); });
  return uses;
}

Sets::Sets(Index n) : parent_(std::size_t(n)) { std::iota(parent_.begin(), parent_.end(), 0); }

Index Sets::of(Index i) {
  while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
  return i;
}

std::vector<Index> Sets::numbers(Index& n_sets) {
  std::vector<Index> number(parent_.size(), -1), all(parent_.size());
  n_sets = 0;
  for (Index i = 0; i < Index(parent_.size()); ++i) {
    Index& n = number[of(i)];
    if (n < 0) n = n_sets++;
    all[i] = n;
  }
  return all;
}

}  // namespace winze::geometry
