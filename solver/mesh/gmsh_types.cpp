#include "mesh/gmsh_types.hpp"

namespace winze::mesh {
namespace {

constexpr GmshType types[] = {
    {15, 0, 1, 1, "points"},
    {1, 1, 2, 2, "2-node lines"},
    {8, 1, 3, 2, "3-node lines"},
    {26, 1, 4, 2, "4-node lines"},
    {27, 1, 5, 2, "5-node lines"},
    {28, 1, 6, 2, "6-node lines"},
    {2, 2, 3, 3, "3-node triangles"},
    {9, 2, 6, 3, "6-node triangles"},
    {20, 2, 9, 3, "9-node triangles"},
    {21, 2, 10, 3, "10-node triangles"},
    {22, 2, 12, 3, "12-node triangles"},
    {23, 2, 15, 3, "15-node triangles"},
    {25, 2, 21, 3, "21-node triangles"},
    {3, 2, 4, 4, "4-node quadrangles"},
    {16, 2, 8, 4, "8-node quadrangles"},
    {10, 2, 9, 4, "9-node quadrangles"},
    {36, 2, 16, 4, "16-node quadrangles"},
    {37, 2, 25, 4, "25-node quadrangles"},
    {4, 3, 4, 4, "4-node tetrahedra"},
    {11, 3, 10, 4, "10-node tetrahedra"},
    {29, 3, 20, 4, "20-node tetrahedra"},
    {30, 3, 35, 4, "35-node tetrahedra"},
    {31, 3, 56, 4, "56-node tetrahedra"},
    {5, 3, 8, 8, "8-node hexahedra"},
    {17, 3, 20, 8, "20-node hexahedra"},
    {12, 3, 27, 8, "27-node hexahedra"},
    {92, 3, 64, 8, "64-node hexahedra"},
    {93, 3, 125, 8, "125-node hexahedra"},
    {6, 3, 6, 6, "6-node prisms"},
    {18, 3, 15, 6, "15-node prisms"},
    {13, 3, 18, 6, "18-node prisms"},
    {7, 3, 5, 5, "5-node pyramids"},
    {19, 3, 13, 5, "13-node pyramids"},
    {14, 3, 14, 5, "14-node pyramids"},
};

constexpr int tet_order[10] = {0, 1, 2, 3, 4, 5, 6, 7, 9, 8};
constexpr int hex8_order[8] = {0, 1, 3, 2, 4, 5, 7, 6};
constexpr int hex27_order[27] = {0, 8, 1, 9, 20, 11, 3, 13, 2, 10, 21, 12, 22, 26, 23, 15, 24, 14, 4, 16, 5, 17, 25, 18, 7, 19, 6};

}  // namespace

const GmshType* gmsh_type(std::int32_t number) {
  for (const GmshType& type : types)
    if (type.number == number) return &type;
  return nullptr;
}

GmshShape gmsh_shape(std::int32_t number) {
  switch (number) {
    case 4:
      return {Shape::tet4, tet_order};
    case 11:
      return {Shape::tet10, tet_order};
    case 5:
      return {Shape::hex8, hex8_order};
    case 12:
      return {Shape::hex27, hex27_order};
  }
  return {};
}

}  // namespace winze::mesh
