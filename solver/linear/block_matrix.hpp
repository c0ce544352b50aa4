/// Assembled matrix of a level of linear elements, in blocks of width × width per pair of nodes that meet in an element.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "linear/operator.hpp"

namespace winze::linear {

/// Which nodes each node meets, and where the blocks of each element lie. Depends on the mesh alone, so it survives stages. Rows are those of all
/// local nodes: each rank holds what its own elements add, and products are summed over the ranks.
struct BlockPattern {
  static constexpr int chunk = 16;  ///< a row is cut into chunks of 16 columns; the last one is padded with the row's own node and zero values

  /// element_nodes[n_elements][n_vertices], local node numbers.
  BlockPattern(Index n_local_nodes, std::span<const Index> element_nodes, int n_vertices);

  std::vector<Index> row;             ///< [n_local nodes + 1] first chunk of each row
  std::vector<Index> column;          ///< [chunks][16] local nodes, ascending before the padding
  std::vector<std::uint16_t> length;  ///< [n_local nodes] columns before the padding
  std::vector<std::uint16_t> slot;    ///< [n_elements][n_vertices][n_vertices] position of column b in the row of vertex a
  View<Index> row_view, column_view;
};

/// Rows and columns of held dofs are zero.
template <class T>
class BlockMatrix : public Operator<T> {
 public:
  BlockMatrix(const SharedNodes& nodes, int width, std::shared_ptr<const BlockPattern> pattern);

  /// Before finish(): host address of entry (0, 0) of a block; entry (c, d) lies row_stride() · c + d behind it. Starts at zero.
  T* block(Index node, Index slot) {
    return host_.data() +
           (std::size_t(pattern_->row[node] + slot / BlockPattern::chunk) * width_ * BlockPattern::chunk + slot % BlockPattern::chunk) * width_;
  }
  const T* block(Index node, Index slot) const { return const_cast<BlockMatrix*>(this)->block(node, slot); }
  int row_stride() const { return BlockPattern::chunk * width_; }
  /// Collective. Clears held rows and columns and makes the matrix ready for products. `bound` as in Operator::eigenvalue_bound, of this rank.
  void finish(const Mask& mask, double bound);

  const SharedNodes& nodes() const override { return *nodes_; }
  int width() const override { return width_; }
  void apply(const View<T>& x, const View<T>& y) const override;
  void diagonal(const View<T>& d) const override;
  double eigenvalue_bound() const override { return bound_; }
  const BlockPattern& pattern() const { return *pattern_; }
  const std::vector<std::uint8_t>& held() const { return held_; }  ///< [n_local nodes · width]

 private:
  const SharedNodes* nodes_;
  int width_;
  std::shared_ptr<const BlockPattern> pattern_;
  View<T> values_;
  typename View<T>::HostMirror host_;
  View<T> diagonal_;
  std::vector<std::uint8_t> held_;
  double bound_ = 0;
};

}  // namespace winze::linear
