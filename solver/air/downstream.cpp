#include "air/downstream.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace winze::air {

std::vector<std::vector<Index>> groups_downstream(Index n, const std::vector<std::vector<Index>>& next) {
  std::vector<std::vector<Index>> groups;
  std::vector<Index> number(size_t(n), -1), low(size_t(n), 0), stack;
  std::vector<std::int8_t> on(size_t(n), 0);
  std::vector<std::pair<Index, size_t>> calls;
  Index count = 0;
  for (Index start = 0; start < n; ++start) {
    if (number[size_t(start)] >= 0) continue;
    calls.emplace_back(start, 0);
    while (!calls.empty()) {
      auto& [i, k] = calls.back();
      if (k == 0) {
        number[size_t(i)] = low[size_t(i)] = count++;
        stack.push_back(i);
        on[size_t(i)] = 1;
      }
      if (k < next[size_t(i)].size()) {
        const Index j = next[size_t(i)][k++];
        if (number[size_t(j)] < 0)
          calls.emplace_back(j, 0);
        else if (on[size_t(j)])
          low[size_t(i)] = std::min(low[size_t(i)], number[size_t(j)]);
        continue;
      }
      if (low[size_t(i)] == number[size_t(i)]) {
        auto& group = groups.emplace_back();
        Index j;
        do {
          j = stack.back();
          stack.pop_back();
          on[size_t(j)] = 0;
          group.push_back(j);
        } while (j != i);
      }
      const Index done = i;
      calls.pop_back();
      if (!calls.empty()) low[size_t(calls.back().first)] = std::min(low[size_t(calls.back().first)], low[size_t(done)]);
    }
  }
  std::reverse(groups.begin(), groups.end());
  return groups;
}

}  // namespace winze::air
