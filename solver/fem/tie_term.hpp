/// Ghost penalty (Burman 2010): jumps of normal derivatives across the faces of cut cells, so that slivers follow their neighbours.
#pragma once
#include <array>
#include <vector>

#include "fem/element_matrix.hpp"
#include "fem/operators.hpp"
#include "fem/term.hpp"
#include "mesh/mesh.hpp"

namespace winze::fem {

/// Σ_faces c ∫ γ1 h [∂u/∂n]·[∂v/∂n] + γ2 h³ [∂²u/∂n²]·[∂²v/∂n²], h the edge of the smaller cell. Burman and Hansbo 2012; γ1 between 1e-3 (more
/// iterations) and 1e-2 (stiffer), more than 0.1 stiffens the rock. Without γ2 multigrid fails; above 1e-3 it costs
/// accuracy of the wall stress.
inline constexpr double tie_slope = 3e-3, tie_bend = 1e-3;

/// A face and its coefficient c: Pa for displacement, W/m/K for temperature.
struct Tie {
  Index face;  ///< in mesh.cuts.tied.faces
  double coefficient;
};
/// Collective. Ties of the faces between active cells (with any active element) of which one is not full, c = the mean of the two cells' mean
/// `stiffness`. stiffness(e): of an active element, negative where not active.
template <class Stiffness>
std::vector<Tie> active_ties(const mesh::Mesh& mesh, const Stiffness& stiffness);
std::vector<Tie> active_ties(const mesh::Mesh& mesh, const std::vector<double>& cells);
std::vector<Tie> elastic_ties(const mesh::Mesh& mesh, const ElasticModuli& moduli);
/// c = stiffness_weight · conductivity + mass_weight · capacity · (edge of the smaller cell)².
std::vector<Tie> heat_ties(const mesh::Mesh& mesh, const HeatCoefficients& heat, double stiffness_weight, double mass_weight);
/// The 45 nodes of a face: two layers of a behind it, three of b from it on, and how the values on the face read from b: [0] along the first axis
/// after the normal, [1] along the second.
void tie_nodes(const mesh::TiedCells& cells, const mesh::TiedFace& face, Index* nodes);
/// Its matrix [45][45], per component, for c = 1.
SurfaceMatrix tie_matrix(const mesh::TiedCells& cells, const mesh::TiedFace& face);

/// Width components per node, tied alike.
template <class T, int width>
class TieTerm final : public Term<T> {
 public:
  TieTerm(const mesh::Mesh& mesh, const std::vector<Tie>& ties);
  void add(const View<T>& x, const View<T>& y) const override;
  void add_diagonal(const View<T>& d) const override;
  void add_bounded_diagonal(const View<T>& d) const override;
  double bound() const override { return bound_; }
  std::size_t bytes() const override { return connectivity_.size() * sizeof(Index) + coefficients_.size() * sizeof(T); }

 private:
  void add_nodal(const View<T>& values, const View<T>& d) const;
  Index n_batches_ = 0;
  View<Index> connectivity_;   ///< [batch][45][W]
  View<T> coefficients_;       ///< [batch][W] c h
  View<std::int8_t> quarter_;  ///< [batch]
  View<Index> at_;
  View<T> diagonal_, bounded_;  ///< at the nodes at_
  double bound_ = 0;
};

/// Collective. f[n_local][3] −= the ties' forces on the displacement u (ghosts and hanging nodes valid).
template <int width>
void subtract_ties(const mesh::Mesh& mesh, const std::vector<Tie>& ties, const std::vector<double>& u, double* f);

template <class Stiffness>
std::vector<Tie> active_ties(const mesh::Mesh& mesh, const Stiffness& stiffness) {
  const mesh::TiedCells& tied = mesh.cuts.tied;
  std::vector<double> cells(2 * std::size_t(tied.n_cells()), 0);  // active share, Σ share · stiffness
  for (Index cell = 0; cell < tied.n_own(); ++cell)
    for (Index e = tied.first[2 * cell]; e < tied.first[2 * cell + 1]; ++e) {
      const double s = stiffness(e);
      if (s < 0) continue;
      const double share = mesh.share.empty() ? 1 : mesh.share[e];
      cells[2 * cell] += share;
      cells[2 * cell + 1] += share * s;
    }
  tied.exchange(mesh.comm, cells, 2);
  return active_ties(mesh, cells);
}

}  // namespace winze::fem
