#include "fem/tangent_term.hpp"

#include <algorithm>
#include <array>

#include "fem/hex_kernel.hpp"
#include "fem/tet_kernel.hpp"
#include "mesh/mesh.hpp"
#include "mesh/shape_functions.hpp"

namespace winze::fem {
namespace {

/// σ = M : ε with M of the point, as packs of n numbers for W elements; −1 where none of the W has one. Shear rows and columns are scaled as those of
/// GeneralElastic.
template <class T, int W, bool symmetric>
struct ModuliOfPoints {
  using V = Pack<T, W>;
  static constexpr int components = 3, n_numbers = symmetric ? 21 : 36;
  static constexpr bool has_capacity = false;
  const Index* pack;
  const T* values;

  KOKKOS_FORCEINLINE_FUNCTION void flux(int point, const V (&h)[3][3], V f, V (&s)[3][3]) const {
    V stress[6] = {};
    if (pack[point] >= 0) {
      const T* m = values + std::size_t(pack[point]) * n_numbers * W;
      const V e[6] = {h[0][0], h[1][1], h[2][2], h[1][2] + h[2][1], h[0][2] + h[2][0], h[0][1] + h[1][0]};
      for (int i = 0; i < 6; ++i) {
        for (int j = 0; j < 6; ++j) stress[i] += Lanes<T, W>::load(m + place(i, j) * W) * e[j];
        stress[i] *= f;
      }
    }
    for (int i = 0; i < 3; ++i) s[i][i] = stress[i];
    s[1][2] = s[2][1] = stress[3];
    s[0][2] = s[2][0] = stress[4];
    s[0][1] = s[1][0] = stress[5];
  }
  KOKKOS_FORCEINLINE_FUNCTION void flux(const V (&h)[3][3], V f, V (&s)[3][3]) const { flux(0, h, f, s); }
  KOKKOS_FORCEINLINE_FUNCTION static constexpr int place(int i, int j) {
    if constexpr (!symmetric) return 6 * i + j;
    const int row = i < j ? i : j, column = i < j ? j : i;
    return row * (11 - row) / 2 + column;
  }
};

template <class T, template <class, int> class ElementKind, int n_points>
class TangentTermOf final : public TangentTerm<T> {
  static constexpr int W = pack_width<T>;
  using Element = ElementKind<T, W>;
  static constexpr int n = Element::n_nodes, n_geometry = Element::n_geometry;

 public:
  void set(const mesh::Mesh& mesh, const Points& points, const PointModuli& moduli) override {
    symmetric_ = moduli.symmetric;
    std::vector<Index> elements;
    std::vector<std::array<std::size_t, 2>> range;  // of the element's points in the list
    cut_.clear();
    for (std::size_t i = 0, end; i < moduli.point.size(); i = end) {
      const Index e = Index(std::upper_bound(points.offset.begin(), points.offset.end(), moduli.point[i]) - points.offset.begin()) - 1;
      end = i + 1;
      while (end < moduli.point.size() && moduli.point[end] < points.offset[std::size_t(e) + 1]) ++end;
      if (mesh.cuts.whole(e)) {
        elements.push_back(e);
        range.push_back({i, end});
      } else {
        for (std::size_t k = i; k < end; ++k) cut_.push_back(cut_point(mesh, points, e, moduli.point[k], moduli.moduli[k]));
      }
    }
    n_batches_ = Index((elements.size() + W - 1) / W);
    const std::size_t lanes = std::size_t(n_batches_) * W;
    std::vector<Index> nodes(lanes * n), pack(std::size_t(n_batches_) * n_points, -1);
    std::vector<T> geometry(lanes * n_geometry), values;
    constexpr int width = pack_width<double>;
    for (Index batch = 0; batch < n_batches_; ++batch) {
      for (int lane = 0; lane < W; ++lane) {
        const std::size_t slot = std::size_t(batch) * W + lane;
        const Index* of_element = mesh.nodes_of(elements[std::min(slot, elements.size() - 1)]);
        for (int node = 0; node < n; ++node) nodes[(std::size_t(batch) * n + node) * W + lane] = of_element[node];
        if (slot >= elements.size()) continue;
        for (std::size_t i = range[slot][0]; i < range[slot][1]; ++i)
          add_point(pack[std::size_t(batch) * n_points + std::size_t(moduli.point[i] - points.offset[elements[slot]])], values, lane,
                    moduli.moduli[i]);
      }
      for (int start = 0; start < W; start += std::min(W, width)) {
        constexpr int some = std::min(W, width);
        Pack<double, some> x[3][n], out[n_geometry];
        for (int lane = 0; lane < some; ++lane) {
          const Index* own = nodes.data() + std::size_t(batch) * n * W + start + lane;
          for (int node = 0; node < n; ++node)
            for (int c = 0; c < 3; ++c)
              Lanes<double, some>::set(x[c][node], lane, mesh.points[3 * std::size_t(own[node * W]) + c] - mesh.points[3 * std::size_t(own[0]) + c]);
        }
        ElementKind<double, some>::store(x, out);
        for (int k = 0; k < n_geometry; ++k)
          for (int lane = 0; lane < some; ++lane)
            geometry[(std::size_t(batch) * n_geometry + k) * W + start + lane] = T(Lanes<double, some>::get(out[k], lane));
      }
    }
    nodes_ = to_device(nodes, "connectivity");
    pack_ = to_device(pack, "packs");
    geometry_ = to_device(geometry, "geometry");
    values_ = to_device(values, "tangents");
  }
  void add(const View<T>& x, const View<T>& y) const override {
    if (symmetric_)
      add_with<true>(x, y);
    else
      add_with<false>(x, y);
    for (const CutPoint& p : cut_) {
      T h[3][3] = {};
      for (int a = 0; a < 27; ++a)
        for (int c = 0; c < 3; ++c)
          for (int k = 0; k < 3; ++k) h[c][k] += x(3 * std::size_t(p.nodes[a]) + c) * p.slope[a][k];
      const T e[6] = {h[0][0], h[1][1], h[2][2], h[1][2] + h[2][1], h[0][2] + h[2][0], h[0][1] + h[1][0]};
      T s[6] = {};
      for (int i = 0; i < 6; ++i)
        for (int j = 0; j < 6; ++j) s[i] += p.moduli[6 * i + j] * e[j];
      const T flux[3][3] = {{s[0], s[5], s[4]}, {s[5], s[1], s[3]}, {s[4], s[3], s[2]}};
      for (int a = 0; a < 27; ++a)
        for (int c = 0; c < 3; ++c)
          y(3 * std::size_t(p.nodes[a]) + c) += flux[c][0] * p.slope[a][0] + flux[c][1] * p.slope[a][1] + flux[c][2] * p.slope[a][2];
    }
  }
  std::size_t bytes() const override {
    return (nodes_.size() + pack_.size()) * sizeof(Index) + (geometry_.size() + values_.size()) * sizeof(T) + cut_.size() * sizeof(CutPoint);
  }

 private:
  /// A point of a cut cell: slopes of the shape functions in space, moduli times volume. On the host.
  struct CutPoint {
    const Index* nodes;
    T slope[27][3], moduli[36];
  };
  static CutPoint cut_point(const mesh::Mesh& mesh, const Points& points, Index e, GlobalIndex point, const Moduli& m) {
    CutPoint p;
    p.nodes = mesh.nodes_of(e);
    const mesh::Cuts& cuts = mesh.cuts;
    const double stretch = 2 / (mesh.points[3 * std::size_t(p.nodes[26])] - mesh.points[3 * std::size_t(p.nodes[0])]);
    double n[mesh::max_nodes], dn[mesh::max_nodes][3];
    mesh::shape_functions(mesh::Shape::hex27, cuts.points[cuts.offset[cuts.of_element[e]] + point - points.offset[e]].at, n, dn);
    for (int a = 0; a < 27; ++a)
      for (int k = 0; k < 3; ++k) p.slope[a][k] = T(stretch * dn[a][k]);
    for (int i = 0; i < 6; ++i)
      for (int j = 0; j < 6; ++j) p.moduli[6 * i + j] = T(points.volume[point] * m[i][j] / ((i < 3 ? 1 : sqrt2) * (j < 3 ? 1 : sqrt2)));
    return p;
  }
  /// The scaled numbers of one lane into the point's pack, which is made if it is the first.
  void add_point(Index& pack, std::vector<T>& values, int lane, const Moduli& m) const {
    const int numbers = symmetric_ ? 21 : 36;
    if (pack < 0) {
      pack = Index(values.size() / (std::size_t(numbers) * W));
      values.resize(values.size() + std::size_t(numbers) * W, T(0));
    }
    T* to = values.data() + std::size_t(pack) * numbers * W + lane;
    int k = 0;
    for (int i = 0; i < 6; ++i)
      for (int j = symmetric_ ? i : 0; j < 6; ++j, ++k) {
        const double value = symmetric_ ? 0.5 * (m[i][j] + m[j][i]) : m[i][j];
        to[k * W] = T(value / ((i < 3 ? 1 : sqrt2) * (j < 3 ? 1 : sqrt2)));
      }
  }
  template <bool symmetric>
  void add_with(const View<T>& x, const View<T>& y) const {
    const Index* all_nodes = nodes_.data();
    const Index* pack = pack_.data();
    const T *geometry = geometry_.data(), *values = values_.data();
    parallel_for(
        "tangents", n_batches_, KOKKOS_LAMBDA(Index batch) {
          Pack<T, W> u[3][n], r[3][n];
          const Index* nodes = all_nodes + std::size_t(batch) * n * W;
          gather<T, W>(x.data(), nodes, u);
          const ModuliOfPoints<T, W, symmetric> law{pack + std::size_t(batch) * n_points, values};
          Element::apply(u, r, geometry + std::size_t(batch) * n_geometry * W, law);
          scatter<T, W>(y.data(), nodes, r);
        });
  }

  std::vector<CutPoint> cut_;
  bool symmetric_ = true;
  Index n_batches_ = 0;
  View<Index> nodes_, pack_;  ///< [batch][n][W], [batch][n_points]
  View<T> geometry_, values_;
};

}  // namespace

template <class T>
std::unique_ptr<TangentTerm<T>> make_tangent_term(mesh::Shape shape) {
  switch (shape) {
    case mesh::Shape::hex8:
      return std::make_unique<TangentTermOf<T, Hex8, 8>>();
    case mesh::Shape::hex27:
      return std::make_unique<TangentTermOf<T, Hex27, 27>>();
    case mesh::Shape::tet4:
      return std::make_unique<TangentTermOf<T, Tet4, 1>>();
    case mesh::Shape::tet10:
      break;
  }
  return std::make_unique<TangentTermOf<T, CurvedTet10, 4>>();
}
template std::unique_ptr<TangentTerm<double>> make_tangent_term(mesh::Shape);
template std::unique_ptr<TangentTerm<float>> make_tangent_term(mesh::Shape);

}  // namespace winze::fem
