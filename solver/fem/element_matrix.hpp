/// Element matrices by plain quadrature: the reference of the matrix-free kernels, and what direct solves and algebraic multigrid are given.
#pragma once
#include <vector>

#include "fem/points.hpp"
#include "fem/surface_points.hpp"
#include "mesh/mesh.hpp"

namespace winze::fem {

/// Rule for products of two shape functions: that of the shape on hexes; on tets the 14 points of degree 5 of Walkington, "Quadrature on simplices of
/// arbitrary dimension" (2000), since rule() is of degree 2 (tet10) and 1 (tet4) there.
const Rule& mass_rule(mesh::Shape shape);

/// k[3 n][3 n], row major, unknown 3 · node + component: ∫ ε(v) : C : ε(u) over the element with node coordinates x[n][3], m. N/m. Rule null: that of
/// the shape.
void elastic_matrix(mesh::Shape shape, const double (*x)[3], const Moduli& moduli, double* k, const Rule* rule = nullptr);
/// k[n][n], row major: ∫ ∇v · conductivity ∇u. W/K.
void conduction_matrix(mesh::Shape shape, const double (*x)[3], const Sym3& conductivity, double* k, const Rule* rule = nullptr);
/// k[n][n], row major: ∫ capacity v u. J/K.
void capacity_matrix(mesh::Shape shape, const double (*x)[3], double capacity, double* k, const Rule* rule = nullptr);
/// The points of a cut element as a rule.
Rule cut_rule(const mesh::Mesh& mesh, Index element);

/// Dense symmetric matrix on a short list of local nodes.
struct SurfaceMatrix {
  std::vector<Index> nodes;
  std::vector<double> value;  ///< [nodes][nodes]
};
/// ∫ h v u dA, one matrix per run of consecutive points of one element; only nodes whose shape function is not zero there are listed, and
/// the masters of hanging ones in their place. W/K.
std::vector<SurfaceMatrix> surface_matrices(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& at, const std::vector<double>& h);

/// Coordinates of an element's nodes: x[n][3].
void gather_points(const mesh::Mesh& mesh, Index element, double (*x)[3]);

}  // namespace winze::fem
