/// Nodes that are no unknowns of their own because they lie inside a face or an edge of a larger cell: their values follow from those of its nodes.
#pragma once
#include <vector>

#include "base/types.hpp"

namespace winze {

/// value(node[i]) = Σ weight[k] · value(master[k]), k from offset[i] up to offset[i + 1]. Local node numbers; the masters of every hanging node here,
/// owned or ghost, are here too, and none of them hangs.
struct HangingNodes {
  std::vector<Index> node, offset = {0}, master;
  std::vector<double> weight;

  bool empty() const { return node.empty(); }
  /// Sets the hanging nodes of x[local node][width] from their masters. Local.
  template <class T>
  void fill(T* x, int width) const;
  /// The adjoint for loads and residuals: adds y at the hanging nodes to their masters and zeroes them. Local, before sums over ranks.
  template <class T>
  void add_to_masters(T* y, int width) const;
  /// Zeroes the hanging nodes. Local.
  template <class T>
  void clear(T* x, int width) const;
};

template <class T>
void HangingNodes::fill(T* x, int width) const {
  for (std::size_t i = 0; i < node.size(); ++i)
    for (int c = 0; c < width; ++c) {
      T sum = 0;
      for (Index k = offset[i]; k < offset[i + 1]; ++k) sum += T(weight[k]) * x[std::size_t(master[k]) * width + c];
      x[std::size_t(node[i]) * width + c] = sum;
    }
}

template <class T>
void HangingNodes::add_to_masters(T* y, int width) const {
  for (std::size_t i = 0; i < node.size(); ++i)
    for (int c = 0; c < width; ++c) {
      T& own = y[std::size_t(node[i]) * width + c];
      for (Index k = offset[i]; k < offset[i + 1]; ++k) y[std::size_t(master[k]) * width + c] += T(weight[k]) * own;
      own = 0;
    }
}

template <class T>
void HangingNodes::clear(T* x, int width) const {
  for (Index n : node)
    for (int c = 0; c < width; ++c) x[std::size_t(n) * width + c] = 0;
}

}  // namespace winze
