/// The linear systems of one stage: operator, tangents of yielded points, and what stands behind the Krylov method.
#pragma once
#include <memory>
#include <vector>

#include "fem/levels.hpp"
#include "fem/operators.hpp"
#include "linear/solver.hpp"
#include "rock/rock.hpp"

namespace winze::rock {

class Rock::System {
 public:
  /// Nothing is built before the first solve.
  System(Rock& rock, Report& report);

  const linear::Mask& mask() const { return mask_; }
  /// |r| over the unknowns. Collective.
  double norm(const std::vector<double>& r) const;
  /// Collective. x with A x = r over the unknowns, ghosts valid; entries of r that are no unknowns are ignored. Falls back from nested levels to
  /// algebraic ones and, by preset, to factors.
  struct Answer {
    std::vector<double> x;
    linear::SolveReport report;
  };
  Answer solve(std::vector<double> r, linear::SolveOptions options);
  /// Adds the tangents of yielded points to the operator. Collective.
  void set_tangents(const fem::PointModuli& moduli);

 private:
  void build();
  void prepare(Method method);

  Rock& rock_;
  Report& report_;
  linear::Mask mask_;
  fem::ElasticModuli moduli_;
  fem::TangentTerm<double>* tangents_ = nullptr;  ///< owned by a_
  bool yields_ = false;                           ///< some rank has tangents
  std::shared_ptr<linear::Operator<double>> a_;
  std::unique_ptr<linear::Preconditioner> preconditioner_;
};

}  // namespace winze::rock
