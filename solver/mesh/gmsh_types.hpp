/// The element types of MSH files (Gmsh reference manual, "MSH file format" and "Node ordering") and how their nodes become winze's.
#pragma once
#include <cstdint>

#include "mesh/mesh.hpp"

namespace winze::mesh {

struct GmshType {
  int number, dimension, n_nodes, n_vertices;
  const char* name;  ///< plural
};
/// nullptr for a number that Gmsh 4 does not define or that no finite-element mesh of solids contains.
const GmshType* gmsh_type(std::int32_t number);

/// The shape winze computes with, and where its local node i stands in the file's element. `shape` is meaningless where `from` is nullptr: the type
/// is three-dimensional but not one of tet4 (4), hex8 (5), tet10 (11), hex27 (12).
struct GmshShape {
  Shape shape = Shape::tet4;
  const int* from = nullptr;
};
GmshShape gmsh_shape(std::int32_t number);

}  // namespace winze::mesh
