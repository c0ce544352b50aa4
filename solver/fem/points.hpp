/// Points of the elements: quadrature and state by offset table. Three loops carry every law: strain at points, law at points, forces from points.
#pragma once
#include <vector>

#include "base/kokkos.hpp"
#include "base/tensor.hpp"
#include "mesh/mesh.hpp"

namespace winze::fem {

/// Quadrature rule on a reference element.
struct Rule {
  std::vector<Vector3> points;  ///< reference coordinates
  std::vector<double> weights;  ///< sum = reference volume (hex 8, tet 1/6)
};
/// hex27: 3×3×3 Gauss; hex8: 2×2×2 (ξ fastest); tet10: 4 points; tet4: 1 point.
const Rule& rule(mesh::Shape shape);

/// All points of the owned elements. offset[e] .. offset[e + 1] are the points of element e; every per-point array of the program is indexed by it,
/// and files store the same order. Elements of one mesh may have different numbers of points.
struct Points {
  std::vector<GlobalIndex> offset;  ///< [n_elements + 1]
  std::vector<double> position;     ///< [n_points][3], m
  std::vector<double> volume;       ///< [n_points] weight · |J|, m³
  std::size_t n_points() const { return volume.size(); }
};
/// Collective. Throws InputError where an element is inverted at a point.
Points make_points(const mesh::Mesh& mesh);

/// u[n_local nodes][3] with valid ghosts → strain[n_points][6] Kelvin. Only elements with active[element] ≠ 0 are written.
void strain_at_points(const mesh::Mesh& mesh, const Points& points, const std::vector<char>& active, const double* u, double* strain);
/// f[n_local nodes][3] += ∫ Bᵀ σ over active elements; collective: what ghosts and hanging nodes get is added to owners and masters, and is zero
/// there. Exact for
/// constant σ on bent hexes and straight tets (it then equals the tractions of the hull node by node); bent tet10 have integrands of degree 3, beyond
/// the rule.
void add_internal_forces(const mesh::Mesh& mesh, const Points& points, const std::vector<char>& active, const double* stress, double* f);
/// f += ∫ N b over active elements, b[n_points][3] N/m³. Collective like add_internal_forces.
void add_body_forces(const mesh::Mesh& mesh, const Points& points, const std::vector<char>& active, const double* b, double* f);
/// Nodal scalar with valid ghosts → value at points.
void value_at_points(const mesh::Mesh& mesh, const Points& points, const double* nodal, double* value);
/// f[n_local nodes] += ∫ N s over active elements, s[n_points]. Collective.
void add_sources(const mesh::Mesh& mesh, const Points& points, const std::vector<char>& active, const double* s, double* f);
/// Points → nodes: extrapolation per element, then the mean over the active elements around a node that share a region, then the mean of the regions
/// there. hex: tensor-product polynomial through the points; tet10: linear function of position through its four points (linear fields return
/// exactly, bent or not); tet4: constant. `width` numbers per point. Hanging nodes follow their masters where those have values. Collective; ghosts
/// of the result are valid. Nodes no active element touches get NaN.
std::vector<double> points_to_nodes(const mesh::Mesh& mesh, const Points& points, const std::vector<char>& active, const std::vector<double>& values,
                                    int width);

}  // namespace winze::fem
