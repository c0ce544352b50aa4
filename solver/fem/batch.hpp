/// Elements worked W at a time, one lane per element: access to single lanes, gather and scatter through connectivity interleaved by lane.
#pragma once
#ifdef __AVX512F__
#include <immintrin.h>
#endif

#include <cstring>
#include <type_traits>

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
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
  KOKKOS_FORCEINLINE_FUNCTION static void set(V& pack, int lane, T value) {
    if constexpr (W == 1)
      pack = value;
    else
      pack[lane] = value;
  }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
  KOKKOS_FORCEINLINE_FUNCTION static V load(const T* from) {
    V pack;
    std::memcpy(&pack, from, sizeof(V));
    return pack;
  }
  KOKKOS_FORCEINLINE_FUNCTION static void store(T* to, const V& pack) { std::memcpy(to, &pack, sizeof(V)); }
};

/// Lane l = x[stride · nodes[l]].
template <class T, int W>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> gather(const T* x, const Index* nodes, int stride) {
#ifdef __AVX512F__
  // The gather instruction saves a quarter to a third of this step. Masked, because GCC 12 warns of the other form.
  if constexpr (W == 8 && std::is_same_v<T, double>) {
    const __m256i index = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(nodes));
    return Pack<T, W>(_mm512_mask_i32gather_pd(_mm512_setzero_pd(), 0xff, _mm256_mullo_epi32(index, _mm256_set1_epi32(stride)), x, sizeof(T)));
  }
  if constexpr (W == 16 && std::is_same_v<T, float>) {
    const __m512i index = _mm512_loadu_si512(nodes);
    return Pack<T, W>(_mm512_mask_i32gather_ps(_mm512_setzero_ps(), 0xffff, _mm512_mullo_epi32(index, _mm512_set1_epi32(stride)), x, sizeof(T)));
  }
#endif
  Pack<T, W> pack{};
  for (int lane = 0; lane < W; ++lane) Lanes<T, W>::set(pack, lane, x[std::size_t(stride) * nodes[lane]]);
  return pack;
}
/// u[component][node] of W elements from x[local node][C]; nodes: [n][W].
template <class T, int W, int C, int n>
KOKKOS_FORCEINLINE_FUNCTION void gather(const T* x, const Index* nodes, Pack<T, W> (&u)[C][n]) {
  for (int node = 0; node < n; ++node)
    for (int c = 0; c < C; ++c) u[c][node] = gather<T, W>(x + c, nodes + node * W, C);
}
/// Adds u[component][node] of W elements to y[local node][C].
template <class T, int W, int C, int n>
KOKKOS_FORCEINLINE_FUNCTION void scatter(T* y, const Index* nodes, const Pack<T, W> (&u)[C][n]) {
  for (int node = 0; node < n; ++node)
    for (int lane = 0; lane < W; ++lane) {
      T* to = y + std::size_t(C) * nodes[node * W + lane];
      int c = 0;
      if constexpr (C == 3 && !concurrent_scatter) {  // two at a time: a sixth to a quarter faster
        const Pack<T, 2> pair = {Lanes<T, W>::get(u[0][node], lane), Lanes<T, W>::get(u[1][node], lane)};
        Lanes<T, 2>::store(to, Lanes<T, 2>::load(to) + pair);
        c = 2;
      }
      for (; c < C; ++c) scatter_add(to[c], Lanes<T, W>::get(u[c][node], lane));
    }
}

}  // namespace winze::fem
