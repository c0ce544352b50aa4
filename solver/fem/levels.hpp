/// Multigrid for the operators of fem: matrix-free fine level in single precision, linear levels by Galerkin per element (K_C = Σ Tᵀ K_child T), the
/// bottom direct or AMG.
#pragma once
#include <memory>

#include "fem/operators.hpp"
#include "linear/multigrid.hpp"

namespace winze::fem {

/// Collective. A coarse element is active if any child is; a coarse node is live if an active coarse element touches it; held dofs of the fine level
/// are held at the coarse nodes they coincide with. Rebuilding after a stage reuses everything that depends on the mesh alone (kept in `reuse`).
struct LevelStructure;  ///< sparsity, batches and bounds that survive stages
std::unique_ptr<linear::Preconditioner> make_elastic_multigrid(const mesh::Mesh& mesh, const ElasticModuli& moduli, const linear::Mask& mask,
                                                               const linear::MultigridOptions& options, std::shared_ptr<LevelStructure>& reuse);
std::unique_ptr<linear::Preconditioner> make_heat_multigrid(const mesh::Mesh& mesh, const HeatCoefficients& heat,
                                                            const std::vector<Convection>& convection, double stiffness_weight, double mass_weight,
                                                            const linear::Mask& mask, const linear::MultigridOptions& options,
                                                            std::shared_ptr<LevelStructure>& reuse);

}  // namespace winze::fem
