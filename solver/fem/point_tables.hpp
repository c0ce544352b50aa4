/// Shape functions at the points of a shape's rule, tabulated once and laid out for vectors: lanes are points where points are written, nodes where
/// nodes are written. Private to the files of fem that loop over the points of elements.
#pragma once
#include <algorithm>

#include "base/simd.hpp"
#include "fem/points.hpp"
#include "mesh/shape_functions.hpp"

namespace winze::fem {

template <mesh::Shape shape>
struct PointTable {
  static constexpr int n_nodes = shape == mesh::Shape::hex8 ? 8 : shape == mesh::Shape::hex27 ? 27 : shape == mesh::Shape::tet4 ? 4 : 10;
  static constexpr int n_points = shape == mesh::Shape::hex8 ? 8 : shape == mesh::Shape::hex27 ? 27 : shape == mesh::Shape::tet4 ? 1 : 4;
  static constexpr int width = std::max(2, pack_width<double>);
  static constexpr int point_packs = (n_points + width - 1) / width, node_packs = (n_nodes + width - 1) / width;
  using Lanes = Pack<double, width>;

  Lanes weight[point_packs];  ///< lanes beyond the last point repeat it
  Lanes value[n_nodes][point_packs], gradient[n_nodes][3][point_packs];
  Lanes value_by_node[n_points][node_packs], gradient_by_node[n_points][3][node_packs];  ///< lanes beyond the last node are zero

  PointTable() {
    std::fill_n(&value_by_node[0][0], n_points * node_packs, Lanes{});
    std::fill_n(&gradient_by_node[0][0][0], n_points * 3 * node_packs, Lanes{});
    const Rule& points = rule(shape);
    for (int lane = 0; lane < point_packs * width; ++lane) {
      const int point = std::min(lane, n_points - 1), p = lane / width, i = lane % width;
      double n[mesh::max_nodes], dn[mesh::max_nodes][3];
      mesh::shape_functions(shape, points.points[point], n, dn);
      weight[p][i] = points.weights[point];
      for (int node = 0; node < n_nodes; ++node) {
        value[node][p][i] = n[node];
        value_by_node[point][node / width][node % width] = n[node];
        for (int axis = 0; axis < 3; ++axis) {
          gradient[node][axis][p][i] = dn[node][axis];
          gradient_by_node[point][axis][node / width][node % width] = dn[node][axis];
        }
      }
    }
  }
};

/// body(table of the shape), the table known to the compiler.
template <class Body>
void with_point_table(mesh::Shape shape, const Body& body) {
  const auto call = [&]<mesh::Shape s>() {
    static const PointTable<s> table;
    body(table);
  };
  switch (shape) {
    case mesh::Shape::hex8:
      return call.template operator()<mesh::Shape::hex8>();
    case mesh::Shape::hex27:
      return call.template operator()<mesh::Shape::hex27>();
    case mesh::Shape::tet4:
      return call.template operator()<mesh::Shape::tet4>();
    case mesh::Shape::tet10:
      return call.template operator()<mesh::Shape::tet10>();
  }
}

}  // namespace winze::fem
