#include "mesh/mesh.hpp"

namespace winze::mesh {
namespace {

constexpr ShapeInfo shapes[] = {
    {8, 8, 6, 4, 4, 1, "hex8"},
    {27, 8, 6, 9, 4, 2, "hex27"},
    {4, 4, 4, 3, 3, 1, "tet4"},
    {10, 4, 4, 6, 3, 2, "tet10"},
};

// Hex faces: (first axis, second axis) of the face such that first × second points outward.
struct HexFace {
  int first, second, normal, side;
};
constexpr HexFace hex_faces[6] = {{2, 1, 0, 0}, {1, 2, 0, 1}, {0, 2, 1, 0}, {2, 0, 1, 1}, {1, 0, 2, 0}, {0, 1, 2, 1}};

template <int n>
struct HexFaceTable {
  int node[6][n * n];
  constexpr HexFaceTable() : node() {
    const int stride[3] = {1, n, n * n};
    for (int f = 0; f < 6; ++f)
      for (int j = 0; j < n; ++j)
        for (int i = 0; i < n; ++i)
          node[f][i + n * j] =
              i * stride[hex_faces[f].first] + j * stride[hex_faces[f].second] + hex_faces[f].side * (n - 1) * stride[hex_faces[f].normal];
  }
};
constexpr HexFaceTable<2> hex8_faces;
constexpr HexFaceTable<3> hex27_faces;
// Outward by the right-hand rule for a positively oriented tet; then middles of edges 01, 12, 02 of the face.
constexpr int tet4_faces[4][3] = {{1, 2, 3}, {0, 3, 2}, {0, 1, 3}, {0, 2, 1}};
constexpr int tet10_faces[4][6] = {{1, 2, 3, 5, 9, 8}, {0, 3, 2, 7, 9, 6}, {0, 1, 3, 4, 8, 7}, {0, 2, 1, 6, 5, 4}};
constexpr int first_nodes[8] = {0, 1, 2, 3, 4, 5, 6, 7};
constexpr int hex27_vertices[8] = {0, 2, 6, 8, 18, 20, 24, 26};

}  // namespace

const ShapeInfo& info(Shape shape) { return shapes[int(shape)]; }

Shape linear(Shape shape) { return shape == Shape::hex8 || shape == Shape::hex27 ? Shape::hex8 : Shape::tet4; }

const int* face_nodes(Shape shape, int face) {
  switch (shape) {
    case Shape::hex8:
      return hex8_faces.node[face];
    case Shape::hex27:
      return hex27_faces.node[face];
    case Shape::tet4:
      return tet4_faces[face];
    case Shape::tet10:
      return tet10_faces[face];
  }
  return nullptr;
}

const int* vertex_nodes(Shape shape) { return shape == Shape::hex27 ? hex27_vertices : first_nodes; }

}  // namespace winze::mesh
