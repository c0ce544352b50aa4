#include "linear/block_matrix.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "base/simd.hpp"

namespace winze::linear {
namespace {

constexpr int chunk = BlockPattern::chunk;

template <class T, int W>
KOKKOS_FORCEINLINE_FUNCTION T lane_sum(Pack<T, W> pack) {
  if constexpr (W == 1) {
    return pack;
  } else {
    Pack<T, W / 2> half[2];
    std::memcpy(half, &pack, sizeof pack);
    return lane_sum<T, W / 2>(half[0] + half[1]);
  }
}

template <class T, int width>
void multiply(Index n_rows, const Index* row, const Index* column, const T* values, const T* x, T* y) {
  constexpr int n = chunk * width, W = std::min(pack_width<T>, chunk);
  using P = Pack<T, W>;
  parallel_for(
      "block rows", n_rows, KOKKOS_LAMBDA(Index node) {
        P sum[width] = {};
        for (Index k = row[node]; k < row[node + 1]; ++k) {
          alignas(64) T gathered[n];
          const Index* from = column + std::size_t(k) * chunk;
          for (int i = 0; i < chunk; ++i)
            for (int d = 0; d < width; ++d) gathered[i * width + d] = x[std::size_t(from[i]) * width + d];
          const T* v = values + std::size_t(k) * n * width;
          for (int i = 0; i < n; i += W) {
            P xi, a;
            std::memcpy(&xi, gathered + i, sizeof xi);
            for (int c = 0; c < width; ++c) {
              std::memcpy(&a, v + c * n + i, sizeof a);
              sum[c] += a * xi;
            }
          }
        }
        for (int c = 0; c < width; ++c) y[std::size_t(node) * width + c] = lane_sum<T, W>(sum[c]);
      });
}

}  // namespace

BlockPattern::BlockPattern(Index n_nodes, std::span<const Index> element_nodes, int n_vertices) {
  std::vector<Index> begin(n_nodes + 1, 0), entries(element_nodes.size());  // entries of node: positions in element_nodes
  for (Index node : element_nodes) ++begin[node + 1];
  for (Index node = 0; node < n_nodes; ++node) begin[node + 1] += begin[node];
  {
    std::vector<Index> next(begin.begin(), begin.end() - 1);
    for (size_t i = 0; i < element_nodes.size(); ++i) entries[next[element_nodes[i]]++] = Index(i);
  }
  row.assign(n_nodes + 1, 0);
  length.resize(n_nodes);
  slot.resize(element_nodes.size() * n_vertices);
  column.reserve(size_t(n_nodes) * (n_vertices == 8 ? 2 : 1) * chunk);
  std::vector<Index> seen(n_nodes, -1), place(n_nodes), columns;
  for (Index node = 0; node < n_nodes; ++node) {
    columns.assign(1, node);
    seen[node] = node;
    for (Index k = begin[node]; k < begin[node + 1]; ++k) {
      const Index* element = element_nodes.data() + entries[k] / n_vertices * size_t(n_vertices);
      for (int b = 0; b < n_vertices; ++b)
        if (seen[element[b]] != node) seen[element[b]] = node, columns.push_back(element[b]);
    }
    if (columns.size() > 65535) throw InputError("A node of the mesh has {} neighbours; no sound mesh has that.", columns.size() - 1);
    std::sort(columns.begin(), columns.end());
    length[node] = std::uint16_t(columns.size());
    for (size_t i = 0; i < columns.size(); ++i) place[columns[i]] = Index(i);
    for (Index k = begin[node]; k < begin[node + 1]; ++k) {
      const Index* element = element_nodes.data() + entries[k] / n_vertices * size_t(n_vertices);
      for (int b = 0; b < n_vertices; ++b) slot[size_t(entries[k]) * n_vertices + b] = std::uint16_t(place[element[b]]);
    }
    columns.resize((columns.size() + chunk - 1) / chunk * chunk, node);
    column.insert(column.end(), columns.begin(), columns.end());
    row[node + 1] = row[node] + Index(columns.size() / chunk);
  }
  row_view = to_device(row, "block rows");
  column_view = to_device(column, "block columns");
}

template <class T>
BlockMatrix<T>::BlockMatrix(const SharedNodes& nodes, int width, std::shared_ptr<const BlockPattern> pattern)
    : nodes_(&nodes), width_(width), pattern_(std::move(pattern)), values_("block values", pattern_->column.size() * width * width) {
  host_ = Kokkos::create_mirror_view(values_);
}

template <class T>
void BlockMatrix<T>::finish(const Mask& mask, double bound) {
  held_ = mask.held;
  bound_ = nodes_->comm().max(bound);
  const Index n = nodes_->n_local();
  const int w = width_, stride = row_stride();
  std::vector<char> touched(n, 0);
  for (Index node = 0; node < n; ++node)
    for (int c = 0; c < w; ++c) touched[node] |= held_[size_t(node) * w + c] != 0;
  std::vector<T> d(size_t(n) * w);
  for (Index node = 0; node < n; ++node) {
    const Index* columns = pattern_->column.data() + size_t(pattern_->row[node]) * chunk;
    for (int k = 0; k < pattern_->length[node]; ++k) {
      const Index other = columns[k];
      T* b = block(node, k);
      if (touched[node] || touched[other])
        for (int c = 0; c < w; ++c)
          for (int e = 0; e < w; ++e)
            if (held_[size_t(node) * w + c] || held_[size_t(other) * w + e]) b[c * stride + e] = 0;
      if (other == node)
        for (int c = 0; c < w; ++c) d[size_t(node) * w + c] = b[c * stride + c];
    }
  }
  nodes_->add_to_owners(d.data(), w);
  d.resize(size_t(nodes_->n_owned()) * w);
  for (size_t i = 0; i < d.size(); ++i)
    if (held_[i]) d[i] = 1;
  diagonal_ = to_device(d, "block diagonal");
  Kokkos::deep_copy(values_, host_);
}

template <class T>
void BlockMatrix<T>::apply(const View<T>& x, const View<T>& y) const {
  nodes_->update_ghosts(x.data(), width_);
  const auto& p = *pattern_;
  if (width_ == 3)
    multiply<T, 3>(nodes_->n_local(), p.row_view.data(), p.column_view.data(), values_.data(), x.data(), y.data());
  else
    multiply<T, 1>(nodes_->n_local(), p.row_view.data(), p.column_view.data(), values_.data(), x.data(), y.data());
  nodes_->add_to_owners(y.data(), width_);
}

template <class T>
void BlockMatrix<T>::diagonal(const View<T>& d) const {
  Kokkos::deep_copy(Kokkos::subview(d, std::pair<size_t, size_t>(0, diagonal_.extent(0))), diagonal_);
}

template class BlockMatrix<float>;
template class BlockMatrix<double>;

}  // namespace winze::linear
