/// The linear levels of elasticity and of heat.
#pragma once
#include <memory>
#include <vector>

#include "fem/levels_assembly.hpp"
#include "fem/operators.hpp"

namespace winze::fem {

using LevelMatrices = std::vector<std::shared_ptr<linear::BlockMatrix<float>>>;

/// Collective. See assemble_levels. Throws SolverError where a straight-sided cell is inverted.
LevelMatrices elastic_levels(const mesh::Mesh& mesh, const LevelStructure& structure, const LevelActivity& activity, const ElasticModuli& moduli);
/// Collective. Of the operator of make_heat_operator.
LevelMatrices heat_levels(const mesh::Mesh& mesh, const LevelStructure& structure, const LevelActivity& activity, const HeatCoefficients& heat,
                          const std::vector<Convection>& convection, double stiffness_weight, double mass_weight);

}  // namespace winze::fem
