/// Packs of W numbers worked on lane by lane: one lane is one element. On CPUs the compiler's vector extension; width 1 is the plain number (GPUs).
#pragma once
#include <cstddef>
#include <type_traits>

namespace winze {

template <class T, int W>
struct PackType {
  typedef T type __attribute__((vector_size(W * sizeof(T))));
};
template <class T>
struct PackType<T, 1> {
  using type = T;
};
template <class T, int W>
using Pack = typename PackType<T, W>::type;

#if defined(__CUDA_ARCH__) || defined(__HIP_DEVICE_COMPILE__)
inline constexpr std::size_t pack_bytes = 0;
#elif defined(__AVX512F__)
inline constexpr std::size_t pack_bytes = 64;
#elif defined(__AVX__)
inline constexpr std::size_t pack_bytes = 32;
#else
inline constexpr std::size_t pack_bytes = 16;
#endif
/// Lanes of the widest pack of T on this machine: 8 doubles or 16 floats with AVX-512.
template <class T>
inline constexpr int pack_width = pack_bytes == 0 ? 1 : int(pack_bytes / sizeof(T));

}  // namespace winze
