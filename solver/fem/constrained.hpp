/// Elements with hanging nodes: their matrices in terms of unknowns, K′ = Tᵀ K T.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "fem/element_matrix.hpp"
#include "fem/term.hpp"
#include "mesh/mesh.hpp"
#include "mesh/shape_functions.hpp"

namespace winze::fem {

/// The elements that have hanging nodes and the nodes that stand for those: with every hanging node of an element comes one node of the larger cell
/// beside it, so an element has as many unknown nodes as own ones.
struct Constrained {
  struct Pattern {  ///< T: value at own node i = Σ weight[k] · value at unknown node slot[k], k from offset[i] to offset[i + 1]
    std::vector<std::uint8_t> offset, slot;
    std::vector<double> weight;
  };
  std::vector<Pattern> patterns;
  std::vector<Index> elements;  ///< ascending
  std::vector<Index> pattern;   ///< of each of `elements`
  std::vector<Index> nodes;     ///< [elements][n] unknown nodes; own ones that do not hang keep their places

  /// element_nodes[…][n], n ≤ 27.
  Constrained(const HangingNodes& hanging, Index n_local, std::span<const Index> element_nodes, int n);
  explicit Constrained(const mesh::Mesh& mesh);
  bool empty() const { return elements.empty(); }
};

/// reduced[n width][n width] = Tᵀ k T, row major, unknown width · node + component.
void reduce(const Constrained::Pattern& pattern, int n, int width, const double* k, double* reduced);
/// The matrix on its list of nodes as one on unknown nodes; unchanged where none of them hangs.
SurfaceMatrix reduced(const HangingNodes& hanging, const std::vector<Index>& row_of_node, SurfaceMatrix matrix);
/// [n_local] row of each node in `hanging`, −1 where it does not hang; empty if none does.
std::vector<Index> rows_of_nodes(const HangingNodes& hanging, Index n_local);

/// One part of the matrices of all constrained elements: element e has scale(e) · (K of its kind on a cube of edge 1). Elements of one kind and one
/// pattern share their reduced diagonal and its bound.
struct ConstrainedPart {
  std::vector<std::int32_t> kind;           ///< [constrained.elements] −1: not active
  std::vector<double> scale;                ///< [constrained.elements]
  std::vector<std::vector<double>> matrix;  ///< per kind [n width][n width]; empty where no element has it
};

/// Terms over constrained elements, whose diagonal and bound are those of K′.
template <class T>
class ConstrainedTerm final : public Term<T> {
 public:
  ConstrainedTerm(const Constrained& constrained, int n, int width, std::vector<std::unique_ptr<Term<T>>> terms,
                  const std::vector<ConstrainedPart>& parts);
  void add(const View<T>& x, const View<T>& y) const override {
    for (const auto& term : terms_) term->add(x, y);
  }
  void add_diagonal(const View<T>& d) const override;
  void add_bounded_diagonal(const View<T>& d) const override;
  double bound() const override { return bound_; }
  std::size_t bytes() const override;

 private:
  std::vector<std::unique_ptr<Term<T>>> terms_;
  View<Index> at_;
  View<T> diagonal_, bounded_;
  double bound_ = 0;
};

/// Coordinates of a cube of edge 1, and the edge of an element that is a cube along the axes.
void unit_cube(mesh::Shape shape, double (*x)[3]);
double edge_of_cube(const mesh::Mesh& mesh, Index element);

/// Diagonal of a dense matrix [size][size] and λmax(diag⁻¹ K), with the margin of Tridiagonal.
struct Measured {
  std::vector<double> diagonal;
  double bound = 0;
};
Measured measure(const std::vector<double>& matrix, int size);

/// of_element apart: [0] −1 at constrained elements, [1] −1 at the others.
std::array<std::vector<std::int32_t>, 2> apart(const Constrained& constrained, const std::vector<std::int32_t>& of_element);

}  // namespace winze::fem
