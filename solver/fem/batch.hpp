/// Elements worked W at a time, one lane per element: access to single lanes, gather and scatter through connectivity interleaved by lane.
#pragma once
#include <cstring>

#include "base/kokkos.hpp"
#include "base/simd.hpp"

namespace winze::fem {

template <class T, int W>
struct Lanes {
  using V = Pack<T, W>;
  KOKKOS_FORCEINLINE_FUNCTION static T get(const V& pack, int lane) {
    if constexpr (W == 1)
      return pack;
    else
      return pack[lane];
  }
// GCC 12 takes a pack that is set lane by lane for one read before it is set.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
  KOKKOS_FORCEINLINE_FUNCTION static void set(V& pack, int lane, T value) {
    if constexpr (W == 1)
      pack = value;
    else
      pack[lane] = value;
  }
#pragma GCC diagnostic pop
  KOKKOS_FORCEINLINE_FUNCTION static V load(const T* from) {
    V pack;
    std::memcpy(&pack, from, sizeof(V));
    return pack;
  }
  KOKKOS_FORCEINLINE_FUNCTION static void store(T* to, const V& pack) { std::memcpy(to, &pack, sizeof(V)); }
};

/// u[component][node] of W elements from x[local node][C]; nodes: [n][W].
template <class T, int W, int C, int n>
KOKKOS_FORCEINLINE_FUNCTION void gather(const T* x, const Index* nodes, Pack<T, W> (&u)[C][n]) {
  for (int node = 0; node < n; ++node) {
    for (int c = 0; c < C; ++c) u[c][node] = Pack<T, W>{};
    for (int lane = 0; lane < W; ++lane) {
      const T* from = x + std::size_t(C) * nodes[node * W + lane];
      for (int c = 0; c < C; ++c) Lanes<T, W>::set(u[c][node], lane, from[c]);
    }
  }
}
/// Adds u[component][node] of W elements to y[local node][C].
template <class T, int W, int C, int n>
KOKKOS_FORCEINLINE_FUNCTION void scatter(T* y, const Index* nodes, const Pack<T, W> (&u)[C][n]) {
  for (int node = 0; node < n; ++node)
    for (int lane = 0; lane < W; ++lane) {
      T* to = y + std::size_t(C) * nodes[node * W + lane];
      for (int c = 0; c < C; ++c) scatter_add(to[c], Lanes<T, W>::get(u[c][node], lane));
    }
}

}  // namespace winze::fem
