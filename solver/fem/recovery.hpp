/// Error of a finite element stress from a better one that is recovered from it (Zienkiewicz and Zhu 1992, superconvergent patch recovery).
#pragma once
#include <vector>

#include "fem/operators.hpp"
#include "fem/points.hpp"

namespace winze::fem {

struct StressError {
  std::vector<double> element;  ///< [n_elements] √∫ (σ* − σ) : C⁻¹ : (σ* − σ) dV, √J; 0 where not active, NaN where no patch reaches the element
  double total = 0;           ///< the same over all elements that a patch reaches, √J
  double norm = 0;            ///< √∫ σ : C⁻¹ : σ dV over the same elements; total / norm is the relative error
  GlobalIndex unreached = 0;  ///< active elements that no patch reaches
};
/// Collective. `stress`[n_points][6] is the part that follows from the displacement (without initial and thermal stress, whose error is none of the
/// mesh's), active where of_element ≥ 0. σ* blends, within an element, polynomials of the element's degree fitted around its vertices to the stress
/// at the superconvergent points (hex27: 2×2×2, hex8: centre; tets: their points) of the whole elements with the same moduli: bodies of one layer of
/// hexes have no patches. SolverError unless the moduli are positive definite.
StressError estimate_stress_error(const mesh::Mesh& mesh, const Points& points, const ElasticModuli& moduli, const std::vector<double>& stress);

}  // namespace winze::fem
