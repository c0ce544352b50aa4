/// A mesh as files and generators give it, before it is partitioned, refined and numbered: every rank holds some share of it, in any order.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "mesh/mesh.hpp"

namespace winze::mesh {

/// Nodes have global numbers 0 … n_nodes−1; rank r holds the points of the block [first_node(r), first_node(r+1)) given by block_begin. Cells and
/// faces may lie on any rank. Readers check their input and throw; build() checks the topology.
struct RawMesh {
  Shape shape = Shape::hex27;
  GlobalIndex n_nodes = 0;
  std::vector<double> points;             ///< [nodes of this rank's block][3], m
  std::vector<GlobalIndex> cell_nodes;    ///< [cells here][n_nodes of shape], winze's local order (see Shape)
  std::vector<std::int32_t> cell_region;  ///< [cells here]
  std::vector<std::string> region_names;  ///< same on every rank
  struct FacePatch {                      ///< a face of a named surface, given by its vertices in any order
    std::int32_t surface;
    std::array<GlobalIndex, 4> vertices;  ///< −1 fills the fourth place of a triangle
  };
  std::vector<FacePatch> faces;
  std::vector<std::string> surface_names;  ///< same on every rank
};

/// Begin of the r-th of `parts` nearly equal blocks of n items.
inline GlobalIndex block_begin(GlobalIndex n, int parts, int r) { return n / parts * r + std::min<GlobalIndex>(r, n % parts); }

/// A true surface that refined nodes return to: all nodes of the named surface, at every refinement, are moved to the nearest point of the shape.
struct TrueSurface {
  std::string surface;
  enum class Kind { plane, cylinder, sphere } kind = Kind::cylinder;
  Vector3 centre{};          ///< a point of the plane or of the axis, or the centre, m
  Vector3 axis = {0, 0, 1};  ///< unit; normal of the plane or axis of the cylinder
  double radius = 0;         ///< m
};

struct BuildOptions {
  int refine = 0;  ///< times every cell is split into 8; the unrefined cells become the coarsest level
  std::vector<TrueSurface> true_surfaces;
  enum class Partition { ptscotch, curve } partition = Partition::curve;
};

/// Collective. Partitions the cells, orders them along a space-filling curve, refines, numbers the nodes, finds the neighbours across faces and the
/// named surfaces, and builds the levels. Nodes that no cell uses are dropped. Throws InputError for inverted or degenerate cells (the worst named
/// with its centre), cells that do not conform (torn, doubled, hanging vertices, nodes not merged), surfaces without a matching cell face, true
/// surfaces that the mesh does not lie on, fewer unrefined cells than ranks. Memory per rank grows with its share of the cells only.
Mesh build(const Comm& comm, RawMesh raw, const BuildOptions& options);

/// Structured box of nx × ny × nz hex27 or hex8 cells, or each cell split into 6 tets; surfaces x_min … z_max; one region "rock".
RawMesh box(const Comm& comm, Shape shape, const Vector3& low, const Vector3& high, const std::array<int, 3>& cells);

/// Problem P1: quarter block x, y ∈ [0, side], z ∈ [0, height] without the cylinder r < radius, graded radially by expm1(β s)/expm1(β); cells:
/// radial, round the quarter, along z. hex27 (every node on the map) or hex8. Surfaces: wall, x_symmetry (x = 0), y_symmetry (y = 0), x_far (x =
/// side), y_far, z_min, z_max.
struct QuarterDrive {
  double radius = 2, side = 20, height = 20, grading = 2.5;
  std::array<int, 3> cells = {16, 16, 24};
};
RawMesh quarter_drive(const Comm& comm, Shape shape, const QuarterDrive& drive);

/// Volume, size and shape of the cells, for the report and for refusing bad ones.
struct Quality {
  GlobalIndex cells = 0, nodes = 0, inverted = 0;
  double volume = 0;             ///< m³
  double smallest_jacobian = 0;  ///< worst scaled Jacobian, 1 is perfect, ≤ 0 inverted
  Vector3 worst_centre{};
  double largest_aspect = 0;                   ///< longest over shortest edge
  double smallest_edge = 0, largest_edge = 0;  ///< m
  std::vector<double> region_volume;           ///< m³ per region
  std::vector<double> surface_area;            ///< m² per surface
};
/// Collective.
Quality quality(const Mesh& mesh);

}  // namespace winze::mesh
