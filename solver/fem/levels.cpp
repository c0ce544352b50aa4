#include "fem/levels.hpp"

#include "fem/levels_fill.hpp"

namespace winze::fem {
namespace {

constexpr GlobalIndex fewest_unknowns = 300;  ///< a level smaller than this costs more in messages than it saves

/// True where level 0 numbers the nodes as the mesh does: a mesh of linear elements.
bool same_nodes(const mesh::Mesh& mesh) {
  const mesh::MeanOf& mean = mesh.levels[0].to_finer;
  bool same = mesh::info(mesh.shape).degree == 1 && mesh.levels[0].nodes.n_owned() == mesh.nodes.n_owned() &&
              mesh.levels[0].nodes.n_local() == mesh.nodes.n_local();
  for (size_t i = 0; same && i < mean.masters.size(); ++i) same = mean.masters[i] == Index(i);
  return mesh.comm.all(same);
}

template <class MakeFine, class MakeLevels>
std::unique_ptr<linear::Preconditioner> build(const mesh::Mesh& mesh, int width, const std::vector<std::int32_t>& of_element,
                                              const linear::Mask& mask, const linear::MultigridOptions& options,
                                              std::shared_ptr<LevelStructure>& reuse, const MakeFine& make_fine, const MakeLevels& make_levels) {
  if (!reuse) reuse = std::make_shared<LevelStructure>(mesh, fewest_unknowns / width);
  std::vector<char> active(of_element.size());
  for (size_t e = 0; e < active.size(); ++e) active[e] = of_element[e] >= 0;
  const LevelActivity activity(mesh, *reuse, std::move(active), mask, width);
  const LevelMatrices matrices = make_levels(*reuse, activity);
  std::vector<linear::MultigridLevel> levels;
  if (!same_nodes(mesh)) levels.push_back({make_fine(), mask.held, {}, {}});
  for (size_t l = 0; l < matrices.size(); ++l) {
    const mesh::MeanOf& mean = mesh.levels[l].to_finer;
    levels.push_back({matrices[l], activity.masks[l].held, {mean.offset, mean.masters}, {}});
  }
  levels.back().points = mesh.levels[matrices.size() - 1].points;
  return std::make_unique<linear::Multigrid>(std::move(levels), options);
}

}  // namespace

std::unique_ptr<linear::Preconditioner> make_elastic_multigrid(const mesh::Mesh& mesh, const ElasticModuli& moduli, const linear::Mask& mask,
                                                               const linear::MultigridOptions& options, std::shared_ptr<LevelStructure>& reuse) {
  return build(
      mesh, 3, moduli.of_element, mask, options, reuse, [&] { return make_elastic_operator<float>(mesh, moduli, mask); },
      [&](const LevelStructure& structure, const LevelActivity& activity) { return elastic_levels(mesh, structure, activity, moduli); });
}

std::unique_ptr<linear::Preconditioner> make_heat_multigrid(const mesh::Mesh& mesh, const HeatCoefficients& heat,
                                                            const std::vector<Convection>& convection, double stiffness_weight, double mass_weight,
                                                            const linear::Mask& mask, const linear::MultigridOptions& options,
                                                            std::shared_ptr<LevelStructure>& reuse) {
  return build(
      mesh, 1, heat.of_element, mask, options, reuse,
      [&] { return make_heat_operator<float>(mesh, heat, convection, stiffness_weight, mass_weight, mask); },
      [&](const LevelStructure& structure, const LevelActivity& activity) {
        return heat_levels(mesh, structure, activity, heat, convection, stiffness_weight, mass_weight);
      });
}

}  // namespace winze::fem
