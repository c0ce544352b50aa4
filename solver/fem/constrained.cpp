#include "fem/constrained.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <unordered_map>

#include "base/error.hpp"
#include "fem/tridiagonal.hpp"

namespace winze::fem {

using mesh::max_nodes;

std::vector<Index> rows_of_nodes(const HangingNodes& hanging, Index n_local) {
  std::vector<Index> row;
  if (hanging.empty()) return row;
  row.assign(n_local, -1);
  for (std::size_t i = 0; i < hanging.node.size(); ++i) row[hanging.node[i]] = Index(i);
  return row;
}

Constrained::Constrained(const mesh::Mesh& mesh)
    : Constrained(mesh.hanging, mesh.nodes.n_local(), mesh.element_nodes, mesh::info(mesh.shape).n_nodes) {}

Constrained::Constrained(const HangingNodes& hanging, Index n_local, std::span<const Index> element_nodes, int n) {
  const std::vector<Index> row = rows_of_nodes(hanging, n_local);
  if (row.empty()) return;
  std::unordered_map<std::string, Index> known;
  std::string name;
  for (std::size_t e = 0; e * n < element_nodes.size(); ++e) {
    const Index* own = element_nodes.data() + e * n;
    bool any = false;
    for (int i = 0; i < n; ++i) any = any || row[own[i]] >= 0;
    if (!any) continue;
    Index unknown[max_nodes];
    int free[max_nodes], n_free = 0, taken = 0;
    for (int i = 0; i < n; ++i) {
      unknown[i] = row[own[i]] < 0 ? own[i] : -1;
      if (row[own[i]] >= 0) free[n_free++] = i;
    }
    name.clear();
    for (int f = 0; f < n_free; ++f) {
      const Index r = row[own[free[f]]];
      name.push_back(char(free[f]));
      name.push_back(char(hanging.offset[r + 1] - hanging.offset[r]));
      for (Index k = hanging.offset[r]; k < hanging.offset[r + 1]; ++k) {
        int slot = 0;
        while (slot < n && unknown[slot] != hanging.master[k]) ++slot;
        if (slot == n) {
          if (taken == n_free) throw SolverError("an element with hanging nodes depends on more nodes than it has: the octree is not balanced");
          unknown[slot = free[taken++]] = hanging.master[k];
        }
        name.push_back(char(slot));
      }
    }
    const auto [at, added] = known.try_emplace(name, Index(patterns.size()));
    if (added) {
      Pattern p;
      p.offset.push_back(0);
      std::size_t read = 0;
      for (int i = 0, f = 0; i < n; ++i) {
        if (f < n_free && free[f] == i) {
          const Index r = row[own[i]];
          const int count = name[read + 1];
          for (int k = 0; k < count; ++k)
            p.slot.push_back(std::uint8_t(name[read + 2 + k])), p.weight.push_back(hanging.weight[hanging.offset[r] + k]);
          read += 2 + count, ++f;
        } else {
          p.slot.push_back(std::uint8_t(i)), p.weight.push_back(1);
        }
        p.offset.push_back(std::uint8_t(p.slot.size()));
      }
      patterns.push_back(std::move(p));
    }
    elements.push_back(Index(e));
    pattern.push_back(at->second);
    for (int i = 0; i < n; ++i) nodes.push_back(unknown[i] >= 0 ? unknown[i] : own[i]);
  }
}

void reduce(const Constrained::Pattern& pattern, int n, int width, const double* k, double* reduced) {
  const int size = n * width;
  std::vector<double> half(std::size_t(size) * size, 0.0);  // k T
  for (int r = 0; r < size; ++r)
    for (int j = 0; j < n; ++j)
      for (int m = pattern.offset[j]; m < pattern.offset[j + 1]; ++m)
        for (int d = 0; d < width; ++d) half[r * size + pattern.slot[m] * width + d] += pattern.weight[m] * k[r * size + j * width + d];
  std::fill(reduced, reduced + std::size_t(size) * size, 0.0);
  for (int i = 0; i < n; ++i)
    for (int m = pattern.offset[i]; m < pattern.offset[i + 1]; ++m)
      for (int c = 0; c < width; ++c) {
        const double* from = half.data() + std::size_t(i * width + c) * size;
        double* to = reduced + std::size_t(pattern.slot[m] * width + c) * size;
        for (int s = 0; s < size; ++s) to[s] += pattern.weight[m] * from[s];
      }
}

SurfaceMatrix reduced(const HangingNodes& hanging, const std::vector<Index>& row, SurfaceMatrix matrix) {
  const std::size_t n = matrix.nodes.size();
  bool any = false;
  for (Index node : matrix.nodes) any = any || (!row.empty() && row[node] >= 0);
  if (!any) return matrix;
  SurfaceMatrix result;
  std::vector<std::vector<std::pair<std::size_t, double>>> t(n);
  const auto slot = [&](Index node) {
    const auto at = std::find(result.nodes.begin(), result.nodes.end(), node) - result.nodes.begin();
    if (std::size_t(at) == result.nodes.size()) result.nodes.push_back(node);
    return std::size_t(at);
  };
  for (std::size_t i = 0; i < n; ++i) {
    const Index r = row[matrix.nodes[i]];
    if (r < 0)
      t[i] = {{slot(matrix.nodes[i]), 1.0}};
    else
      for (Index k = hanging.offset[r]; k < hanging.offset[r + 1]; ++k) t[i].emplace_back(slot(hanging.master[k]), hanging.weight[k]);
  }
  const std::size_t m = result.nodes.size();
  result.value.assign(m * m, 0.0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (const auto& [a, wa] : t[i])
        for (const auto& [b, wb] : t[j]) result.value[a * m + b] += wa * wb * matrix.value[i * n + j];
  return result;
}

// Lanczos steps in the inner product of the diagonal, as of whole elements.
Measured measure(const std::vector<double>& k, int size) {
  Measured result;
  std::vector<double> u(size), before(size, 0.0), r(size);
  for (int i = 0; i < size; ++i) {
    result.diagonal.push_back(k[std::size_t(i) * size + i]);
    const double multiple = (i + 1) * 0.6180339887498949;
    u[i] = 2 * (multiple - int(multiple)) - 1;
  }
  const std::vector<double>& d = result.diagonal;
  const auto norm = [&] {
    double sum = 0;
    for (int i = 0; i < size; ++i) sum += u[i] * u[i] * d[i];
    return sum;
  };
  Tridiagonal t{};
  double beta = 0, scale = 1 / std::sqrt(norm());
  for (int step = 0; step < Tridiagonal::size; ++step) {
    double alpha = 0;
    for (int i = 0; i < size; ++i) u[i] *= scale;
    for (int i = 0; i < size; ++i) {
      r[i] = 0;
      for (int j = 0; j < size; ++j) r[i] += k[std::size_t(i) * size + j] * u[j];
      alpha += u[i] * r[i];
    }
    for (int i = 0; i < size; ++i) {
      const double next = (d[i] > 0 ? r[i] / d[i] : 0) - alpha * u[i] - beta * before[i];
      before[i] = u[i], u[i] = next;
    }
    const double square = norm();
    t.alpha[step] = alpha, t.beta_squared[step] = square;
    const bool exhausted = !(square > 1e-10);
    beta = exhausted ? 0 : std::sqrt(square), scale = exhausted ? 0 : 1 / beta;
  }
  result.bound = Tridiagonal::margin * t.largest_eigenvalue(0);
  return result;
}

template <class T>
ConstrainedTerm<T>::ConstrainedTerm(const Constrained& constrained, int n, int width, std::vector<std::unique_ptr<Term<T>>> terms,
                                    const std::vector<ConstrainedPart>& parts)
    : terms_(std::move(terms)) {
  const int size = n * width;
  Index most = 0;
  for (Index node : constrained.nodes) most = std::max(most, node + 1);
  std::vector<double> sum(std::size_t(most) * width, 0.0), bounded(sum), matrix(std::size_t(size) * size);
  for (const ConstrainedPart& part : parts) {
    std::map<std::pair<std::int32_t, Index>, Measured> known;
    for (std::size_t i = 0; i < constrained.elements.size(); ++i) {
      if (part.kind[i] < 0 || part.scale[i] == 0) continue;
      const auto [at, added] = known.try_emplace({part.kind[i], constrained.pattern[i]});
      if (added) {
        reduce(constrained.patterns[constrained.pattern[i]], n, width, part.matrix[part.kind[i]].data(), matrix.data());
        at->second = measure(matrix, size);
        bound_ = std::max(bound_, at->second.bound);
      }
      for (int a = 0; a < n; ++a)
        for (int c = 0; c < width; ++c) {
          const double own = part.scale[i] * at->second.diagonal[a * width + c];
          sum[std::size_t(constrained.nodes[i * n + a]) * width + c] += own;
          bounded[std::size_t(constrained.nodes[i * n + a]) * width + c] += at->second.bound * own;
        }
    }
  }
  std::vector<Index> places;
  std::vector<T> values, bounds;
  for (std::size_t i = 0; i < sum.size(); ++i)
    if (sum[i] != 0) places.push_back(Index(i)), values.push_back(T(sum[i])), bounds.push_back(T(bounded[i]));
  bounded_ = to_device(bounds, "constrained bounds");
  at_ = to_device(places, "constrained unknowns");
  diagonal_ = to_device(values, "constrained diagonal");
}

template <class T>
void ConstrainedTerm<T>::add_diagonal(const View<T>& d) const {
  const View<Index> at = at_;
  const View<T> values = diagonal_, to = d;
  parallel_for(
      "constrained diagonal", Index(at.size()), KOKKOS_LAMBDA(Index i) { to(at(i)) += values(i); });
}

template <class T>
void ConstrainedTerm<T>::add_bounded_diagonal(const View<T>& d) const {
  const View<Index> at = at_;
  const View<T> values = bounded_, to = d;
  parallel_for(
      "constrained bounds", Index(at.size()), KOKKOS_LAMBDA(Index i) { to(at(i)) += values(i); });
}

template <class T>
std::size_t ConstrainedTerm<T>::bytes() const {
  std::size_t bytes = 0;
  for (const auto& term : terms_) bytes += term->bytes();
  return bytes;
}

template class ConstrainedTerm<double>;
template class ConstrainedTerm<float>;

void unit_cube(mesh::Shape shape, double (*x)[3]) {
  for (int i = 0; i < mesh::info(shape).n_nodes; ++i) {
    const Vector3 xi = mesh::reference_node(shape, i);
    for (int d = 0; d < 3; ++d) x[i][d] = 0.5 * (xi[d] + 1);
  }
}

double edge_of_cube(const mesh::Mesh& mesh, Index element) {
  const Index* nodes = mesh.nodes_of(element);
  return mesh.points[3 * std::size_t(nodes[mesh::info(mesh.shape).n_nodes - 1])] - mesh.points[3 * std::size_t(nodes[0])];
}

std::array<std::vector<std::int32_t>, 2> apart(const Constrained& constrained, const std::vector<std::int32_t>& of_element) {
  std::array<std::vector<std::int32_t>, 2> lists = {of_element, std::vector<std::int32_t>(of_element.size(), -1)};
  for (Index e : constrained.elements) std::swap(lists[0][e], lists[1][e]);
  return lists;
}

}  // namespace winze::fem
