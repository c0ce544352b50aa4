/// The order in which moving air reaches the junctions of a network.
#pragma once
#include <vector>

#include "base/types.hpp"

namespace winze::air {

/// Strongly connected groups of n nodes (Tarjan 1972), those upstream first; next[i]: nodes that air from i reaches directly. A group of several
/// nodes recirculates.
std::vector<std::vector<Index>> groups_downstream(Index n, const std::vector<std::vector<Index>>& next);

}  // namespace winze::air
