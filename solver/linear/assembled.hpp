/// Solves with the assembled matrix by PETSc: MUMPS for small or nasty cases, Krylov with algebraic multigrid as the baseline of the benchmarks.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "linear/block_matrix.hpp"
#include "linear/solver.hpp"

namespace winze::linear {

/// Collective. MUMPS factors of the matrix (LDLᵀ if symmetric); apply() is one solve with them. Throws SolverError when the matrix is singular.
/// PETSc options: prefix + "direct_".
std::unique_ptr<Preconditioner> make_direct(const Triplets& matrix, const SharedNodes& nodes, int width, bool symmetric, const std::string& prefix);

/// The assembled matrix in PETSc's AIJ format with one of PETSc's solvers.
class AssembledSystem {
 public:
  enum class Method { gamg, boomer };  ///< GAMG with rigid modes, or hypre's BoomerAMG by unknowns
  /// Collective. Copies the matrix. points [n_local nodes][3], m, for the rigid modes.
  AssembledSystem(const BlockMatrix<double>& matrix, const std::vector<double>& points);
  ~AssembledSystem();
  /// Collective. y = A x, owned entries.
  void multiply(const View<double>& x, const View<double>& y) const;
  /// Collective. CG from zero to |r| ≤ tolerance · |b|; setup_seconds includes the copy. PETSc options: "assembled_".
  SolveReport solve(const View<double>& b, const View<double>& x, Method method, double tolerance);

 private:
  struct Petsc;
  std::unique_ptr<Petsc> petsc_;
};

}  // namespace winze::linear
