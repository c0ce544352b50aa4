#include "fem/levels.hpp"

#include <limits>

#include "fem/levels_fill.hpp"

namespace winze::fem {
namespace {

constexpr GlobalIndex fewest_unknowns = 300;  ///< a level smaller than this costs more in messages than it saves

/// Keeps alive what the levels refer to.
struct MeshMultigrid : linear::Multigrid {
  MeshMultigrid(std::vector<linear::MultigridLevel> levels, const linear::MultigridOptions& options, std::shared_ptr<LevelStructure> kept)
      : Multigrid(std::move(levels), options), structure(std::move(kept)) {}
  std::shared_ptr<LevelStructure> structure;
};

/// make_operator(mesh, mask): the matrix-free operator in single precision; make_levels(structure, activity): the assembled levels.
template <class MakeOperator, class MakeLevels>
std::unique_ptr<linear::Preconditioner> build(const mesh::Mesh& mesh, int width, const std::vector<std::int32_t>& of_element,
                                              const linear::Mask& mask, const linear::MultigridOptions& options,
                                              std::shared_ptr<LevelStructure>& reuse, const MakeOperator& make_operator,
                                              const MakeLevels& make_levels) {
  // A matrix-free hex8 reads an eighth of what its assembled rows do; on tets the rows are short and the products equal.
  const bool hexes = mesh::linear(mesh.shape) == mesh::Shape::hex8;
  if (!reuse)
    reuse = std::make_shared<LevelStructure>(mesh, options.nested ? fewest_unknowns / width : std::numeric_limits<GlobalIndex>::max(), !hexes);
  std::vector<char> active(of_element.size());
  for (size_t e = 0; e < active.size(); ++e) active[e] = of_element[e] >= 0;
  const LevelActivity activity(mesh, *reuse, std::move(active), mask, width);
  const LevelMatrices matrices = make_levels(*reuse, activity);
  std::vector<linear::MultigridLevel> levels;
  if (!reuse->same_nodes) levels.push_back({make_operator(mesh, mask), mask.held, {}, {}, nullptr});
  for (size_t l = 0; l < matrices.size(); ++l) {
    const mesh::MeanOf& mean = mesh.levels[l].to_finer;
    std::shared_ptr<const linear::Operator<float>> a = matrices[l];
    if (!a) a = make_operator(reuse->same_nodes ? mesh : *reuse->vertex_mesh, activity.masks[l]);
    levels.push_back({std::move(a), activity.masks[l].held, {mean.offset, mean.masters}, {}, &mesh.levels[l].hanging});
  }
  levels.back().points = mesh.levels[matrices.size() - 1].points;
  return std::make_unique<MeshMultigrid>(std::move(levels), options, reuse);
}

}  // namespace

std::unique_ptr<linear::Preconditioner> make_elastic_multigrid(const mesh::Mesh& mesh, const ElasticModuli& moduli, const linear::Mask& mask,
                                                               const linear::MultigridOptions& options, std::shared_ptr<LevelStructure>& reuse) {
  return build(
      mesh, 3, moduli.of_element, mask, options, reuse,
      [&](const mesh::Mesh& of, const linear::Mask& held) { return make_elastic_operator<float>(of, moduli, held); },
      [&](const LevelStructure& structure, const LevelActivity& activity) { return elastic_levels(mesh, structure, activity, moduli); });
}

std::unique_ptr<linear::Preconditioner> make_heat_multigrid(const mesh::Mesh& mesh, const HeatCoefficients& heat,
                                                            const std::vector<Convection>& convection, double stiffness_weight, double mass_weight,
                                                            const linear::Mask& mask, const linear::MultigridOptions& options,
                                                            std::shared_ptr<LevelStructure>& reuse) {
  return build(
      mesh, 1, heat.of_element, mask, options, reuse,
      [&](const mesh::Mesh& of, const linear::Mask& held) {
        return make_heat_operator<float>(of, heat, convection, stiffness_weight, mass_weight, held);
      },
      [&](const LevelStructure& structure, const LevelActivity& activity) {
        return heat_levels(mesh, structure, activity, heat, convection, stiffness_weight, mass_weight);
      });
}

}  // namespace winze::fem
