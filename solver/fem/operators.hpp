/// Matrix-free operators: elasticity and heat on batches of elements, one lane per element, sum-factorised on hexes.
/// An operator is a sum of terms over lists (full elements of one shape, anisotropic ones, surface terms); all write through one gather and scatter.
#pragma once
#include <memory>
#include <vector>

#include "fem/points.hpp"
#include "fem/surface_points.hpp"
#include "fem/term.hpp"
#include "linear/operator.hpp"
#include "linear/solver.hpp"
#include "mesh/mesh.hpp"

namespace winze::fem {

/// Elastic constants per element: index into `table`, −1 where the element is not active.
struct ElasticModuli {
  std::vector<Moduli> table;             ///< Pa, Kelvin form
  std::vector<std::int32_t> of_element;  ///< [n_elements]
};

/// ∫ ε(v) : C : ε(u) over the active elements. Isotropic entries of the table take the fast path (two numbers per element), others six-by-six moduli.
/// T = double for the Krylov method, float for the multigrid cycle. Width 3. `more` is one more term of the sum, or nullptr.
template <class T>
std::shared_ptr<linear::Operator<T>> make_elastic_operator(const mesh::Mesh& mesh, const ElasticModuli& moduli, const linear::Mask& mask,
                                                           std::unique_ptr<Term<T>> more = nullptr);

/// Heat per element: conductivity tensor index and volumetric heat capacity, −1 where not active.
struct HeatCoefficients {
  std::vector<Sym3> conductivity;        ///< table, W/m/K, Kelvin form
  std::vector<double> capacity;          ///< table, ρ c, J/m³/K
  std::vector<std::int32_t> of_element;  ///< [n_elements] index into both tables
  std::vector<double> factor;            ///< [n_elements] multiplies the conductivity (temperature dependence), or empty for 1
};
/// Convection on a surface: adds ∫ h v u dA.
struct Convection {
  std::vector<SurfacePoint> at;
  std::vector<double> h;  ///< W/m²/K
};
/// stiffness_weight · ∫ ∇v·k∇u + stiffness_weight · ∫ h v u + mass_weight · ∫ ρc v u. Width 1.
template <class T>
std::shared_ptr<linear::Operator<T>> make_heat_operator(const mesh::Mesh& mesh, const HeatCoefficients& heat,
                                                        const std::vector<Convection>& convection, double stiffness_weight, double mass_weight,
                                                        const linear::Mask& mask);

/// Element matrices of the same operators, for assembled comparison, direct solves and AMG: COO triplets of the global matrix, held rows and columns
/// replaced by identity.
linear::Triplets assemble_elastic(const mesh::Mesh& mesh, const ElasticModuli& moduli, const linear::Mask& mask);
linear::Triplets assemble_heat(const mesh::Mesh& mesh, const HeatCoefficients& heat, const std::vector<Convection>& convection,
                               double stiffness_weight, double mass_weight, const linear::Mask& mask);

/// `dead` at nodes that no active element touches, `hanging` where they are, plus `prescribed` where `fixed` [n_local · width] is not 0. Collective
/// (a node may live through an element of another rank).
linear::Mask make_mask(const mesh::Mesh& mesh, const std::vector<char>& active, const std::vector<std::uint8_t>& fixed, int width);

}  // namespace winze::fem
