#include "fem/dense_term.hpp"

#include <algorithm>
#include <cmath>

#include "fem/volume_term.hpp"

namespace winze::fem {
namespace {

/// λmax(diag(K)⁻¹ K) by power steps, with a margin of 1 %.
double bound_of(const SurfaceMatrix& matrix) {
  const std::size_t size = matrix.nodes.size();
  std::vector<double> u(size), r(size);
  for (std::size_t i = 0; i < size; ++i) u[i] = (i % 2 ? -0.8 : 1) + 0.1 * double(i);
  double value = 0;
  for (int step = 0; step < 30; ++step) {
    double before = 0, after = 0;
    for (std::size_t i = 0; i < size; ++i) {
      r[i] = 0;
      for (std::size_t j = 0; j < size; ++j) r[i] += matrix.value[i * size + j] * u[j];
    }
    for (std::size_t i = 0; i < size; ++i) {
      const double diagonal = matrix.value[i * size + i];
      if (diagonal <= 0) continue;  // h = 0: the row is null
      before += u[i] * u[i] * diagonal;
      after += r[i] * r[i] / diagonal;
      u[i] = r[i] / diagonal;
    }
    if (before <= 0 || after <= 0) break;
    value = 1.01 * std::sqrt(after / before);
  }
  return value;
}

}  // namespace

template <class T>
DenseTerm<T>::DenseTerm(const std::vector<SurfaceMatrix>& matrices, double scale) : n_matrices_(Index(matrices.size())) {
  std::vector<Index> node_begin = {0}, value_begin = {0}, nodes;
  std::vector<T> values;
  for (const SurfaceMatrix& matrix : matrices) {
    nodes.insert(nodes.end(), matrix.nodes.begin(), matrix.nodes.end());
    for (double value : matrix.value) values.push_back(T(scale * value));
    node_begin.push_back(Index(nodes.size()));
    value_begin.push_back(Index(values.size()));
    bound_ = std::max(bound_, bound_of(matrix));
  }
  node_begin_ = to_device(node_begin, "node_begin");
  value_begin_ = to_device(value_begin, "value_begin");
  nodes_ = to_device(nodes, "nodes");
  values_ = to_device(values, "values");
}

template <class T>
void DenseTerm<T>::add(const View<T>& x, const View<T>& y) const {
  const View<Index> node_begin = node_begin_, value_begin = value_begin_, nodes = nodes_;
  const View<T> values = values_;
  parallel_for(
      "surface", n_matrices_, KOKKOS_LAMBDA(Index m) {
        const Index size = node_begin(m + 1) - node_begin(m);
        const Index* own = nodes.data() + node_begin(m);
        const T* k = values.data() + value_begin(m);
        for (Index i = 0; i < size; ++i) {
          T sum = 0;
          for (Index j = 0; j < size; ++j) sum += k[i * size + j] * x(own[j]);
          scatter_add(y(own[i]), sum);
        }
      });
}

template <class T>
void DenseTerm<T>::add_diagonal(const View<T>& d) const {
  const View<Index> node_begin = node_begin_, value_begin = value_begin_, nodes = nodes_;
  const View<T> values = values_;
  parallel_for(
      "surface", n_matrices_, KOKKOS_LAMBDA(Index m) {
        const Index size = node_begin(m + 1) - node_begin(m);
        for (Index i = 0; i < size; ++i) scatter_add(d(nodes(node_begin(m) + i)), values(value_begin(m) + i * size + i));
      });
}

template class DenseTerm<double>;
template class DenseTerm<float>;

}  // namespace winze::fem
