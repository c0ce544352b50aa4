/// Moduli that single points add to those of their elements: the tangent of rock that yields. Elements without such points cost nothing, points
/// without them store nothing.
#pragma once
#include <memory>
#include <vector>

#include "fem/points.hpp"
#include "fem/term.hpp"

namespace winze::fem {

/// tangent − elastic moduli at the points listed, numbers of the offset table in ascending order.
struct PointModuli {
  std::vector<GlobalIndex> point;
  std::vector<Moduli> moduli;  ///< Pa, Kelvin form
  bool symmetric = true;       ///< all of them
  void clear() {
    point.clear(), moduli.clear();
    symmetric = true;
  }
};

/// ∫ ε(v) : M : ε(u) over the points that have an M, those of cut elements one by one. Adds nothing to diagonal and bound, which stay those of the
/// elastic terms beside it. 21 numbers a point, 36 if unsymmetric; points share packs with those of the neighbouring elements. The mesh must outlive
/// what is set.
template <class T>
class TangentTerm : public Term<T> {
 public:
  void add_diagonal(const View<T>&) const override {}
  double bound() const override { return 0; }
  virtual void set(const mesh::Mesh& mesh, const Points& points, const PointModuli& moduli) = 0;
};
template <class T>
std::unique_ptr<TangentTerm<T>> make_tangent_term(mesh::Shape shape);

}  // namespace winze::fem
