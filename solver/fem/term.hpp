/// An operator as a sum of terms over lists: full elements of one kind, surface matrices, and whatever later joins them (cut cells, ghost faces,
/// springs). Terms are local to the rank; the sum does the exchange and the mask.
#pragma once
#include <memory>
#include <vector>

#include "base/hanging_nodes.hpp"
#include "linear/operator.hpp"

namespace winze::fem {

template <class T>
class Term {
 public:
  virtual ~Term() = default;
  /// y += A x on local vectors [n_local nodes][width]; the ghosts and hanging nodes of x are valid, what y gets at hanging nodes goes to their
  /// masters.
  virtual void add(const View<T>& x, const View<T>& y) const = 0;
  /// d += diagonal of A in terms of unknowns: what hanging nodes add belongs to their masters.
  virtual void add_diagonal(const View<T>& d) const = 0;
  /// max over this rank's own pieces K_e of λmax(diag(K_e)⁻¹ K_e). Since A = Σ K_e and diag A = Σ diag K_e, the largest of all terms bounds
  /// λmax(diag(A)⁻¹ A), with any rows and columns left out.
  virtual double bound() const = 0;
  /// d += Σ λmax(diag(K_e)⁻¹ K_e) diag K_e over the pieces, or more. Since A ≤ Σ λ_e diag K_e, the largest ratio of the sum over all terms to diag A
  /// bounds λmax(diag(A)⁻¹ A) as well, and stays low where a piece with a large λ_e has little part in the diagonal: slivers of cells.
  virtual void add_bounded_diagonal(const View<T>& d) const;
  /// False where slivers make that sum far too large.
  virtual bool sharp() const { return true; }
  /// Bytes of element data one application reads.
  virtual std::size_t bytes() const = 0;
};

template <class T>
class TermSum final : public linear::Operator<T> {
 public:
  /// `hanging` is copied; its nodes are held in the mask.
  TermSum(const SharedNodes& nodes, const HangingNodes& hanging, int width, const linear::Mask& mask, std::vector<std::unique_ptr<Term<T>>> terms);

  const SharedNodes& nodes() const override { return nodes_; }
  int width() const override { return width_; }
  void apply(const View<T>& x, const View<T>& y) const override;
  void diagonal(const View<T>& d) const override;
  double eigenvalue_bound() const override;
  std::size_t bytes() const;

 private:
  void set_held(const View<T>& y, T value) const;
  double lanczos(const View<T>& d) const;
  SharedNodes nodes_;
  HangingNodes hanging_;
  int width_;
  View<Index> held_;  ///< owned unknowns that are held
  std::vector<std::unique_ptr<Term<T>>> terms_;
};

}  // namespace winze::fem
