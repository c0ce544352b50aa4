/// Geometric multigrid in single precision: a matrix-free fine level, assembled linear levels below, and at the bottom factors or algebraic
/// multigrid by PETSc. Chebyshev of the first kind with point Jacobi on [λ/range, λ], λ the element bound; V-cycle; equal-weight interpolation
/// (mesh::MeanOf); Galerkin coarse matrices.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/hanging_nodes.hpp"
#include "linear/operator.hpp"
#include "linear/solver.hpp"

namespace winze::linear {

class CoarseSolver;

/// Interpolation by means: value at fine node i = mean of coarse values at masters[offset[i] .. offset[i+1]). Same content as mesh::MeanOf.
struct MeanInterpolation {
  std::span<const Index> offset, masters;
};

struct MultigridOptions {
  int degree = 5;     ///< Chebyshev degree on every level
  double range = 30;  ///< smoothing interval [λ/range, λ]
  /// Coarsest level: factors, hypre's BoomerAMG (GAMG where PETSc has no hypre), PETSc's GAMG, or by size: factors up to direct_limit, then
  /// BoomerAMG.
  enum class Coarse { automatic, direct, boomer, gamg } coarse = Coarse::automatic;
  Index direct_limit = 2000;  ///< unknowns
  int cycles = 1;             ///< algebraic cycles on the coarsest level
  bool nested = true;         ///< false: algebraic right below the linear elements on the same cells, whatever levels the mesh has
  std::string prefix;         ///< of the PETSc options of the coarsest level: prefix + "coarse_"
};

struct MultigridLevel {
  std::shared_ptr<const Operator<float>> a;
  std::span<const std::uint8_t> held;     ///< [n_local nodes · width] Mask of this level; read in the constructor only
  MeanInterpolation to_finer;             ///< for all local nodes of the finer level; unused on level 0. Must outlive the Multigrid
  std::vector<double> points;             ///< [n_local nodes][3] of the coarsest level, m, for the rigid modes of GAMG; may be empty elsewhere
  const HangingNodes* hanging = nullptr;  ///< nodes of this level that to_finer reads from their masters; null: none. Must outlive the Multigrid
};

/// Levels from fine to coarse; the last must be a BlockMatrix<float>. Set-up is collective and throws SolverError when the coarsest level is singular
/// (a body without supports). Held and dead unknowns stay zero on every level.
class Multigrid : public Preconditioner {
 public:
  Multigrid(std::vector<MultigridLevel> levels, const MultigridOptions& options);
  ~Multigrid() override;
  /// Collective. One V-cycle from zero.
  void apply(const View<double>& r, const View<double>& z) override;
  /// What was built and what it took so far, in one line per level (unknowns, λ, seconds), for logs. Collective.
  std::string describe() const;

 private:
  struct Level;
  void smooth(Level& level, bool from_zero);
  void cycle(std::size_t l);
  std::vector<Level> levels_;
  std::unique_ptr<CoarseSolver> bottom_;
  MultigridOptions options_;
};

}  // namespace winze::linear
