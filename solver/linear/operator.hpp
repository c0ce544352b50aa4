/// A linear operator on nodal vectors, and the mask of what is not an unknown.
#pragma once
#include <vector>

#include "base/kokkos.hpp"
#include "base/shared_nodes.hpp"

namespace winze::linear {

/// Degrees of freedom that are held: prescribed ones and those of nodes that no active element touches. Rows and columns of held dofs are left out of
/// every operator (y = 0 there), vectors of unknowns carry zeros there. Coarse levels need the two causes apart: a coarse node may live where the
/// fine node under it is dead, but stays prescribed where that one is.
/// Hanging nodes are no unknowns either; operators set their values from their masters wherever they read them.
struct Mask {
  static constexpr std::uint8_t prescribed = 1, dead = 2, hanging = 4;
  std::vector<std::uint8_t> held;  ///< [n_local nodes · width], sum of the causes, 0 = unknown; the same on every rank that shares the node
};

/// y = A x for square A on vectors x[n_local nodes][width], owned nodes first. A is the sum of terms over lists of elements, faces and surface
/// points.
template <class T>
class Operator {
 public:
  virtual ~Operator() = default;
  virtual const SharedNodes& nodes() const = 0;
  virtual int width() const = 0;  ///< unknowns per node
  /// Collective. In: owned entries of x, zero where held; the ghosts of x are overwritten with the owners' values, its
  /// hanging nodes with those of their masters. Out: owned entries of y, zero
  /// where held; the ghosts of y are left unspecified.
  virtual void apply(const View<T>& x, const View<T>& y) const = 0;
  /// Collective. Owned entries of the diagonal; 1 where held.
  virtual void diagonal(const View<T>& d) const = 0;
  /// Upper bound of the largest eigenvalue of diag(A)⁻¹ A, valid for any set of active elements: max over elements of λmax(diag(K_e)⁻¹ K_e).
  /// Collective.
  virtual double eigenvalue_bound() const = 0;

  Index n_owned_unknowns() const { return nodes().n_owned() * width(); }
  Index n_local_unknowns() const { return nodes().n_local() * width(); }
};

}  // namespace winze::linear
