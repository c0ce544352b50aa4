/// What VTK and XDMF call the shapes of the mesh and their faces, and their order of nodes.
#pragma once
#include "mesh/mesh.hpp"

namespace winze::output {

struct VtkCell {
  int type;          ///< VTK cell type number (vtkCellType.h)
  const char* xdmf;  ///< XDMF topology type
  int n_nodes;
  const int* order;  ///< VTK's node i is winze's node order[i]
};
const VtkCell& vtk_cell(mesh::Shape shape);
const VtkCell& vtk_face(mesh::Shape shape);
const VtkCell& vtk_triangle();

}  // namespace winze::output
