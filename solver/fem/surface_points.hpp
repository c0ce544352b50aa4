/// Surface quadrature objects: they serve wall stress, convection, pressure, support, closure, indicators and output, on fitted and on cut elements
/// alike.
#pragma once
#include <vector>

#include "fem/points.hpp"
#include "mesh/mesh.hpp"

namespace winze::fem {

struct SurfacePoint {
  Vector3 position;      ///< m
  Vector3 normal;        ///< unit, out of the rock (into the opening)
  double weight;         ///< m²
  Index element;         ///< owner
  Vector3 reference;     ///< coordinates in the owner
  std::int32_t surface;  ///< caller's number of the surface
  std::int32_t stage;    ///< stage that exposed it
  std::int32_t patch;    ///< smooth patch: fits along the wall never cross a crease between patches
};

enum class SurfaceUse {
  integrate,  ///< ∫ over the surface: degree enough for N·N on a flat face; quad9 3×3, quad4 2×2, tri6 6 points, tri3 3
  sample,     ///< read strain: quad9 2×2, quad4 and tri3 the middle, tri6 3 points. On quads the tangential strain is superconvergent there
};
/// Points of the given faces, those of a face together, in the order of the faces. Patches: faces joined by an edge with less than 30° between their
/// normals at its middle share one; patch numbers count from 0 in this call, on this rank. Faces of cut elements: the points of their part of an
/// outer face (Cuts::hull), none elsewhere.
std::vector<SurfacePoint> make_surface_points(const mesh::Mesh& mesh, const std::vector<mesh::Face>& faces, int surface, int stage,
                                              SurfaceUse use = SurfaceUse::integrate);

/// Strain (Kelvin) of the displacement u[n_local][3] (valid ghosts) at surface points.
std::vector<Sym3> strain_at(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& at, const double* u);
std::vector<double> value_at(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& at, const double* nodal);
/// Nodal vector u[n_local][3] at surface points.
std::vector<Vector3> vector_at(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& at, const double* u);

/// f[n_local][3] += ∫ N t dA, t per surface point, Pa. Collective: ghosts added to owners.
void add_tractions(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& at, const std::vector<Vector3>& t, double* f);
/// f[n_local] += ∫ N q dA. Collective.
void add_fluxes(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& at, const std::vector<double>& q, double* f);

/// Stress on a wall from the tangential strain and the known traction: the stress whose tangential strain (two in-plane normal strains, in-plane
/// shear) is that of `strain` and whose traction on `normal` is `traction`, for the elastic law stress = initial + moduli · (strain − thermal). Free
/// of the error of the derivatives across the wall, most of the raw stress's error there; read at SurfaceUse::sample it converges one order faster
/// than the raw stress on fitted hexes. Any moduli; SolverError unless they are positive definite on the normal.
Sym3 wall_stress(const Sym3& strain, const Sym3& thermal, const Sym3& initial, const Moduli& moduli, const Vector3& normal, const Vector3& traction);

}  // namespace winze::fem
