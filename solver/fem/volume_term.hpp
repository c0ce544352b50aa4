/// Elements of one kind with one law, as a term: element kernels (hex_kernel.hpp, tet_kernel.hpp) × point laws (point_laws.hpp).
#pragma once
#include <algorithm>
#include <span>

#include "fem/batch.hpp"
#include "fem/lanczos.hpp"
#include "fem/term.hpp"
#include "mesh/mesh.hpp"

namespace winze::fem {

/// View of a host array that the device may read: no copy where the device is the host. The array must outlive the view.
template <class T>
Kokkos::View<const T*, Device> readable(const std::vector<T>& host) {
  if constexpr (Kokkos::SpaceAccessibility<Device, Kokkos::HostSpace>::accessible)
    return Kokkos::View<const T*, Device>(host.data(), host.size());
  else
    return to_device(host, "readable");
}

/// Elements of one kind with one law in batches of W: connectivity, geometry and coefficients interleaved by lane.
template <class T, template <class, int> class ElementKind, template <class, int> class LawKind>
struct ElementBatches {
  static constexpr int W = pack_width<T>;
  using V = Pack<T, W>;
  using Element = ElementKind<T, W>;
  using Law = LawKind<T, W>;
  static constexpr int C = Law::components, n = Element::n_nodes, n_geometry = Element::n_geometry, n_coefficients = Law::n_coefficients;

  Index n_elements, n_batches;
  View<Index> connectivity;  ///< [batch][n][W]
  View<T> geometries;        ///< [batch][n_geometry][W]
  View<T> coefficients;      ///< [batch][n_coefficients][W]

  KOKKOS_FORCEINLINE_FUNCTION const Index* nodes(Index batch) const { return connectivity.data() + std::size_t(batch) * n * W; }
  KOKKOS_FORCEINLINE_FUNCTION const T* geometry(Index batch) const { return geometries.data() + std::size_t(batch) * n_geometry * W; }
  KOKKOS_FORCEINLINE_FUNCTION Law law(Index batch) const { return Law::load(coefficients.data() + std::size_t(batch) * n_coefficients * W); }

  /// Of the W element matrices of a batch.
  KOKKOS_INLINE_FUNCTION void lanczos_of(Index batch, Tridiagonal (&of_lane)[W]) const {
    V diagonal[C][n];
    const Law own_law = law(batch);
    Element::diagonal(diagonal, geometry(batch), own_law);
    const T* own_geometry = geometry(batch);
    lanczos<T, W, C, n>(
        diagonal, [&](V(&u)[C][n], V(&r)[C][n]) { Element::apply(u, r, own_geometry, own_law); }, of_lane);
  }
};

template <class T, template <class, int> class ElementKind, template <class, int> class LawKind>
class VolumeTerm final : public Term<T> {
  using Batches = ElementBatches<T, ElementKind, LawKind>;
  using V = typename Batches::V;
  using Element = typename Batches::Element;
  static constexpr int W = Batches::W, C = Batches::C, n = Batches::n, n_geometry = Batches::n_geometry, n_coefficients = Batches::n_coefficients;

 public:
  /// coefficients(element, c) writes the law's n_coefficients numbers of an element to c. The last batch is filled up with its last element at zero
  /// coefficients.
  template <class Coefficients>
  VolumeTerm(const mesh::Mesh& mesh, std::span<const Index> elements, const Coefficients& coefficients) {
    batches_.n_elements = Index(elements.size());
    batches_.n_batches = (batches_.n_elements + W - 1) / W;
    const std::size_t lanes = std::size_t(batches_.n_batches) * W;
    batches_.connectivity = View<Index>(Kokkos::ViewAllocateWithoutInitializing("connectivity"), lanes * n);
    batches_.geometries = View<T>(Kokkos::ViewAllocateWithoutInitializing("geometry"), lanes * n_geometry);
    batches_.coefficients = View<T>(Kokkos::ViewAllocateWithoutInitializing("coefficients"), lanes * n_coefficients);
    const auto nodes = Kokkos::create_mirror_view(batches_.connectivity);
    const auto values = Kokkos::create_mirror_view(batches_.coefficients);
    for (std::size_t slot = 0; slot < lanes; ++slot) {
      const std::size_t batch = slot / W, lane = slot % W;
      const Index element = elements[std::min(slot, elements.size() - 1)];
      const Index* of_element = mesh.nodes_of(element);
      for (int node = 0; node < n; ++node) nodes((batch * n + node) * W + lane) = of_element[node];
      double c[n_coefficients] = {};
      if (slot < elements.size()) coefficients(element, c);
      for (int k = 0; k < n_coefficients; ++k) values((batch * n_coefficients + k) * W + lane) = T(c[k]);
    }
    Kokkos::deep_copy(batches_.connectivity, nodes);
    Kokkos::deep_copy(batches_.coefficients, values);
    store_geometry(readable(mesh.points));
  }

  void add(const View<T>& x, const View<T>& y) const override {
    const Batches batches = batches_;
    parallel_for(
        "elements", batches.n_batches, KOKKOS_LAMBDA(Index batch) {
          V u[C][n], r[C][n];
          gather<T, W>(x.data(), batches.nodes(batch), u);
          Element::apply(u, r, batches.geometry(batch), batches.law(batch));
          scatter<T, W>(y.data(), batches.nodes(batch), r);
        });
  }
  void add_diagonal(const View<T>& d) const override {
    const Batches batches = batches_;
    parallel_for(
        "diagonal", batches.n_batches, KOKKOS_LAMBDA(Index batch) {
          V own[C][n];
          Element::diagonal(own, batches.geometry(batch), batches.law(batch));
          scatter<T, W>(d.data(), batches.nodes(batch), own);
        });
  }
  double bound() const override {
    const Batches batches = batches_;
    double bound = 0;
    Kokkos::parallel_reduce(
        "bound", Kokkos::RangePolicy<Device>(0, batches.n_batches),
        KOKKOS_LAMBDA(Index batch, double& largest) {
          Tridiagonal of_lane[W];
          batches.lanczos_of(batch, of_lane);
          for (int lane = 0; lane < W && batch * W + lane < batches.n_elements; ++lane) largest = of_lane[lane].largest_eigenvalue(largest);
        },
        Kokkos::Max<double>(bound));
    return Tridiagonal::margin * std::max(bound, 0.0);
  }
  std::size_t bytes() const override {
    return batches_.connectivity.size() * sizeof(Index) + (batches_.geometries.size() + batches_.coefficients.size()) * sizeof(T);
  }

  /// Called once. Coordinates enter relative to the element's first node, so that single precision keeps its digits far from the origin.
  void store_geometry(const Kokkos::View<const double*, Device>& points) {
    constexpr int lanes = std::min(W, pack_width<double>);
    using D = Pack<double, lanes>;
    const Batches batches = batches_;
    parallel_for(
        "geometry", batches.n_batches, KOKKOS_LAMBDA(Index batch) {
          for (int first = 0; first < W; first += lanes) {
            D x[3][n], geometry[n_geometry];
            const Index* nodes = batches.nodes(batch) + first;
            for (int lane = 0; lane < lanes; ++lane) {
              const double* origin = points.data() + 3 * std::size_t(nodes[lane]);
              for (int node = 0; node < n; ++node) {
                const double* point = points.data() + 3 * std::size_t(nodes[node * W + lane]);
                for (int c = 0; c < 3; ++c) Lanes<double, lanes>::set(x[c][node], lane, point[c] - origin[c]);
              }
            }
            ElementKind<double, lanes>::store(x, geometry);
            T* to = batches.geometries.data() + std::size_t(batch) * n_geometry * W + first;
            for (int k = 0; k < n_geometry; ++k)
              for (int lane = 0; lane < lanes; ++lane) to[k * W + lane] = T(Lanes<double, lanes>::get(geometry[k], lane));
          }
        });
  }

 private:
  Batches batches_;
};

}  // namespace winze::fem
