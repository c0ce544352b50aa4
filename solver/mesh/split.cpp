#include "mesh/split.hpp"

namespace winze::mesh {
namespace {

constexpr Edge hex_edges[12] = {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {0, 2}, {1, 3}, {4, 6}, {5, 7}, {0, 4}, {1, 5}, {2, 6}, {3, 7}};
constexpr Edge tet_edges[6] = {{0, 1}, {1, 2}, {0, 2}, {0, 3}, {1, 3}, {2, 3}};
// Nodes of tet10: 4 = 01, 5 = 12, 6 = 02, 7 = 03, 8 = 13, 9 = 23.
constexpr std::int8_t tet_children[8][4] = {{0, 4, 6, 7}, {4, 1, 5, 8}, {6, 5, 2, 9}, {7, 8, 9, 3},
                                            {4, 6, 7, 8}, {5, 6, 4, 8}, {6, 7, 8, 9}, {8, 5, 6, 9}};

bool is_hex(Shape shape) { return shape == Shape::hex8 || shape == Shape::hex27; }

struct Tables {
  Masters hex[27], tet[10];
  std::int8_t hex_children[8][8];
  double hex_weights[9][64], tet_weights[9][16];

  Tables() : hex(), tet(), hex_weights(), tet_weights() {
    for (int node = 0; node < 27; ++node) {
      const int at[3] = {node % 3, node / 3 % 3, node / 9};
      for (int v = 0; v < 8; ++v) {
        bool master = true;
        for (int axis = 0; axis < 3; ++axis) master = master && (at[axis] == 1 || at[axis] == 2 * (v >> axis & 1));
        if (master) hex[node].vertex[hex[node].n++] = std::int8_t(v);
      }
    }
    for (std::int8_t v = 0; v < 4; ++v) tet[v] = {1, {v}};
    for (int e = 0; e < 6; ++e) tet[4 + e] = {2, {tet_edges[e].a, tet_edges[e].b}};
    for (int place = 0; place < 8; ++place)
      for (int v = 0; v < 8; ++v) {
        int node = 0;
        for (int axis = 0, stride = 1; axis < 3; ++axis, stride *= 3) node += stride * ((place >> axis & 1) + (v >> axis & 1));
        hex_children[place][v] = std::int8_t(node);
      }
    for (int place = 0; place < 8; ++place) {
      for (int v = 0; v < 8; ++v) spread(hex[hex_children[place][v]], hex_weights[place] + 8 * v);
      for (int v = 0; v < 4; ++v) spread(tet[tet_children[place][v]], tet_weights[place] + 4 * v);
    }
    for (int v = 0; v < 8; ++v) hex_weights[8][9 * v] = 1;
    for (int v = 0; v < 4; ++v) tet_weights[8][5 * v] = 1;
  }
  static void spread(const Masters& masters, double* row) {
    for (int i = 0; i < masters.n; ++i) row[masters.vertex[i]] = 1.0 / masters.n;
  }
};
const Tables& tables() {
  static const Tables t;
  return t;
}

}  // namespace

Shape quadratic(Shape shape) { return is_hex(shape) ? Shape::hex27 : Shape::tet10; }

const Masters& masters_of(Shape shape, int node) {
  return is_hex(shape) ? tables().hex[shape == Shape::hex8 ? vertex_nodes(Shape::hex27)[node] : node] : tables().tet[node];
}

const std::int8_t* child_vertices(Shape shape, int place) { return is_hex(shape) ? tables().hex_children[place] : tet_children[place]; }

int n_edges(Shape shape) { return is_hex(shape) ? 12 : 6; }

const Edge& edge_vertices(Shape shape, int edge) { return is_hex(shape) ? hex_edges[edge] : tet_edges[edge]; }

const double* child_weights(Shape linear_shape, std::uint8_t place) {
  const int row = place == Level::whole ? 8 : place;
  return is_hex(linear_shape) ? tables().hex_weights[row] : tables().tet_weights[row];
}

}  // namespace winze::mesh
