/// Kokkos in the forms winze uses. Written to the API shared by Kokkos 3.4 and 5.x; the default spaces decide where the program runs.
#pragma once
#include <Kokkos_Core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/types.hpp"

namespace winze {

using Device = Kokkos::DefaultExecutionSpace;
template <class T>
using View = Kokkos::View<T*, Device>;  ///< flat array in the memory of the default device

/// Deep copy of a host array to the device.
template <class T>
View<T> to_device(const std::vector<T>& host, const std::string& label) {
  View<T> device(Kokkos::ViewAllocateWithoutInitializing(label), host.size());
  Kokkos::View<const T*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>> source(host.data(), host.size());
  Kokkos::deep_copy(device, source);
  return device;
}
template <class T>
std::vector<T> to_host(const View<T>& device) {
  std::vector<T> host(device.extent(0));
  Kokkos::View<T*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>> target(host.data(), host.size());
  Kokkos::deep_copy(target, device);
  return host;
}

/// body(i) for i in [0, n) on the default device.
template <class Body>
void parallel_for(const char* label, Index n, const Body& body) {
  Kokkos::parallel_for(label, Kokkos::RangePolicy<Device>(0, n), body);
}

/// True where several threads may run one loop: then scattered additions must be atomic.
#if defined(KOKKOS_ENABLE_SERIAL) && !defined(KOKKOS_ENABLE_OPENMP) && !defined(KOKKOS_ENABLE_CUDA) && !defined(KOKKOS_ENABLE_HIP) && \
    !defined(KOKKOS_ENABLE_SYCL) && !defined(KOKKOS_ENABLE_THREADS)
inline constexpr bool concurrent_scatter = false;
#else
inline constexpr bool concurrent_scatter = true;
#endif
template <class T>
KOKKOS_FORCEINLINE_FUNCTION void scatter_add(T& target, T value) {
  if constexpr (concurrent_scatter)
    Kokkos::atomic_add(&target, value);
  else
    target += value;
}

}  // namespace winze
