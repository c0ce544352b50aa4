/// Multigrid for the operators of fem: matrix-free fine level in single precision, linear levels below by Galerkin per element (K_C = Σ Tᵀ K_child
/// T), the bottom direct or AMG.
#pragma once
#include <memory>
#include <vector>

#include "fem/operators.hpp"
#include "linear/multigrid.hpp"

namespace winze::fem {

struct LevelStructure;  ///< sparsity and parents: what depends on the mesh alone and survives stages

/// Collective. A coarse element is active if any child is; a coarse node is live if an active coarse element touches it; dofs prescribed on the fine
/// level are prescribed at the coarse nodes they coincide with. `reuse` starts empty; pass it again after a stage with the same mesh and the same
/// options.nested. The mesh must
/// outlive the result. Throws SolverError where the straight-sided cell between the vertices of a curved one is inverted.
std::unique_ptr<linear::Preconditioner> make_elastic_multigrid(const mesh::Mesh& mesh, const ElasticModuli& moduli, const linear::Mask& mask,
                                                               const linear::MultigridOptions& options, std::shared_ptr<LevelStructure>& reuse);
std::unique_ptr<linear::Preconditioner> make_heat_multigrid(const mesh::Mesh& mesh, const HeatCoefficients& heat,
                                                            const std::vector<Convection>& convection, double stiffness_weight, double mass_weight,
                                                            const linear::Mask& mask, const linear::MultigridOptions& options,
                                                            std::shared_ptr<LevelStructure>& reuse);

}  // namespace winze::fem
