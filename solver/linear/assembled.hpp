/// Solves with the assembled matrix by PETSc: MUMPS for small or nasty cases, algebraic multigrid as the baseline of the benchmarks.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "linear/operator.hpp"
#include "linear/solver.hpp"

namespace winze::linear {

/// Collective. MUMPS factors of the matrix (LDLᵀ if symmetric); apply() is one solve with them. Throws SolverError when the matrix is singular.
std::unique_ptr<Preconditioner> make_direct(const Triplets& matrix, const SharedNodes& nodes, int width, bool symmetric, const std::string& prefix);

}  // namespace winze::linear
