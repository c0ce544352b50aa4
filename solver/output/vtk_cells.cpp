#include "output/vtk_cells.hpp"

namespace winze::output {
namespace {

constexpr int hex8[] = {0, 1, 3, 2, 4, 5, 7, 6};
// VTK_TRIQUADRATIC_HEXAHEDRON: vertices, edges of the bottom, of the top, upright edges, faces −x +x −y +y −z +z, centre.
constexpr int hex27[] = {0, 2, 8, 6, 18, 20, 26, 24, 1, 5, 7, 3, 19, 23, 25, 21, 9, 11, 17, 15, 12, 14, 10, 16, 4, 22, 13};
constexpr int as_is[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
constexpr int quad4[] = {0, 1, 3, 2};
constexpr int quad9[] = {0, 2, 8, 6, 1, 5, 7, 3, 4};

constexpr VtkCell cells[] = {
    {12, "Hexahedron", 8, hex8}, {29, "Hexahedron_27", 27, hex27}, {10, "Tetrahedron", 4, as_is}, {24, "Tetrahedron_10", 10, as_is}};
constexpr VtkCell faces[] = {
    {9, "Quadrilateral", 4, quad4}, {28, "Quadrilateral_9", 9, quad9}, {5, "Triangle", 3, as_is}, {22, "Triangle_6", 6, as_is}};

}  // namespace

const VtkCell& vtk_cell(mesh::Shape shape) { return cells[int(shape)]; }
const VtkCell& vtk_face(mesh::Shape shape) { return faces[int(shape)]; }
const VtkCell& vtk_triangle() { return faces[int(mesh::Shape::tet4)]; }

}  // namespace winze::output
