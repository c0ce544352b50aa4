/// Quadrature on tets.
#pragma once

namespace winze::mesh {

/// Quadrature of degree 5 in barycentric coordinates, weights summing to 1: products of two quadratic functions need it. Walkington, "Quadrature on
/// simplices of arbitrary dimension" (2000).
struct TetDegree5 {
  static constexpr int n_points = 14;
  double b[n_points][4] = {}, weight[n_points] = {};
  constexpr TetDegree5() {
    constexpr double a[2] = {0.31088591926330060980, 0.092735250310891226402}, a_weight[2] = {0.11268792571801585080, 0.073493043116361949544};
    constexpr double c = 0.045503704125649649492, c_weight = 0.042546020777081466438;
    int q = 0;
    for (int k = 0; k < 2; ++k)
      for (int v = 0; v < 4; ++v, ++q) {
        weight[q] = a_weight[k];
        for (int i = 0; i < 4; ++i) b[q][i] = i == v ? 1 - 3 * a[k] : a[k];
      }
    for (int v = 0; v < 4; ++v)
      for (int w = v + 1; w < 4; ++w, ++q) {
        weight[q] = c_weight;
        for (int i = 0; i < 4; ++i) b[q][i] = i == v || i == w ? 0.5 - c : c;
      }
  }
};

}  // namespace winze::mesh
