#include <cmath>

#include "fem/points.hpp"

namespace winze::fem {
namespace {

Rule gauss_hex(int n) {
  const std::vector<double> x =
      n == 2 ? std::vector<double>{-std::sqrt(1.0 / 3), std::sqrt(1.0 / 3)} : std::vector<double>{-std::sqrt(3.0 / 5), 0, std::sqrt(3.0 / 5)};
  const std::vector<double> w = n == 2 ? std::vector<double>{1, 1} : std::vector<double>{5.0 / 9, 8.0 / 9, 5.0 / 9};
  Rule rule;
  for (int k = 0; k < n; ++k)
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < n; ++i) {
        rule.points.push_back({x[i], x[j], x[k]});
        rule.weights.push_back(w[i] * w[j] * w[k]);
      }
  return rule;
}

// Exact for degree 2: Hammer, Marlowe and Stroud 1956.
Rule tet_of_four() {
  const double near = (5 + 3 * std::sqrt(5.0)) / 20, far = (5 - std::sqrt(5.0)) / 20;
  return {{{far, far, far}, {near, far, far}, {far, near, far}, {far, far, near}}, std::vector<double>(4, 1.0 / 24)};
}

}  // namespace

const Rule& rule(mesh::Shape shape) {
  static const Rule hex8 = gauss_hex(2), hex27 = gauss_hex(3), tet4 = {{{0.25, 0.25, 0.25}}, {1.0 / 6}}, tet10 = tet_of_four();
  switch (shape) {
    case mesh::Shape::hex8:
      return hex8;
    case mesh::Shape::hex27:
      return hex27;
    case mesh::Shape::tet4:
      return tet4;
    case mesh::Shape::tet10:
      break;
  }
  return tet10;
}

}  // namespace winze::fem
