/// The bottom of the multigrid: the coarsest assembled level solved by factors or by algebraic multigrid, in double precision, by PETSc.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "linear/block_matrix.hpp"
#include "linear/multigrid.hpp"

namespace winze::linear {

class CoarseSolver {
 public:
  /// Collective. points [n_local nodes][3], m. The matrix is copied for the nodes that have an unknown; dead nodes are left out. With factors every
  /// rank solves the whole level; GAMG has blocks of `width` and the rigid modes (width 3, zero where held) or the constant.
  /// PETSc options: prefix + "coarse_". Throws SolverError when the factors do not exist.
  CoarseSolver(const BlockMatrix<float>& a, const std::vector<double>& points, const MultigridOptions& options);
  ~CoarseSolver();
  /// Collective. x = A⁻¹ b approximately, owned entries; zero where held.
  void solve(const View<float>& b, const View<float>& x);
  std::string describe() const;

 private:
  struct Petsc;
  std::unique_ptr<Petsc> petsc_;
};

}  // namespace winze::linear
