/// Small dense symmetric matrices on lists of local nodes, one unknown per node, as a term: convection on surfaces.
#pragma once
#include "fem/element_matrix.hpp"
#include "fem/term.hpp"

namespace winze::fem {

template <class T>
class DenseTerm final : public Term<T> {
 public:
  DenseTerm(const std::vector<SurfaceMatrix>& matrices, double scale);
  void add(const View<T>& x, const View<T>& y) const override;
  void add_diagonal(const View<T>& d) const override;
  double bound() const override { return bound_; }
  std::size_t bytes() const override { return nodes_.size() * sizeof(Index) + values_.size() * sizeof(T); }

 private:
  Index n_matrices_;
  double bound_ = 0;
  View<Index> node_begin_, value_begin_, nodes_;
  View<T> values_;
};

}  // namespace winze::fem
