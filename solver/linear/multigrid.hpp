/// Geometric multigrid in single precision: a matrix-free fine level, assembled linear levels below, and at the bottom a direct solve or AMG by
/// PETSc. Recipe: Chebyshev of the first kind with point Jacobi on [λ/range, λ], λ the element bound; V-cycle; equal-weight interpolation
/// (mesh::MeanOf); Galerkin coarse matrices.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "linear/operator.hpp"
#include "linear/solver.hpp"

namespace winze::linear {

/// Assembled level: rows of width × width blocks in single precision, unknown order of SharedNodes (columns include ghosts).
template <class T>
class BlockMatrix;

/// Interpolation by means: value at fine node i = mean of coarse values at masters[offset[i] .. offset[i+1]). Same content as mesh::MeanOf.
struct MeanInterpolation {
  std::span<const Index> offset, masters;
};

struct MultigridOptions {
  int degree = 5;     ///< Chebyshev degree on every level
  double range = 30;  ///< smoothing interval [λ/range, λ]
  enum class Coarse { automatic, direct, amg } coarse = Coarse::automatic;
  Index direct_limit = 20000;  ///< unknowns of the coarsest level up to which `automatic` factorises
  int cycles = 1;
};

struct MultigridLevel {
  std::shared_ptr<const Operator<float>> a;
  MeanInterpolation to_finer;  ///< unused on level 0
  std::vector<double> points;  ///< [n_local nodes][3] of the coarsest level, for the rigid modes of AMG; may be empty elsewhere
};

/// Levels from fine to coarse; the last must be a BlockMatrix. Set-up is collective. Held and dead unknowns stay zero on every level.
class Multigrid : public Preconditioner {
 public:
  Multigrid(std::vector<MultigridLevel> levels, const MultigridOptions& options);
  ~Multigrid() override;
  void apply(const View<double>& r, const View<double>& z) override;
  /// What was built, in one line per level (unknowns, λ, seconds), for logs.
  std::string describe() const;

 private:
  struct Cycle;
  std::unique_ptr<Cycle> cycle_;
};

}  // namespace winze::linear
