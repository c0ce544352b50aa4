#include "fem/face_rule.hpp"

#include <cmath>

namespace winze::fem {
namespace {

FaceRule gauss_quad(int n) {
  const double x2 = std::sqrt(1.0 / 3), x3 = std::sqrt(3.0 / 5);
  const std::vector<double> x = n == 2 ? std::vector<double>{-x2, x2} : std::vector<double>{-x3, 0, x3};
  const std::vector<double> w = n == 2 ? std::vector<double>{1, 1} : std::vector<double>{5.0 / 9, 8.0 / 9, 5.0 / 9};
  FaceRule rule;
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) {
      rule.points.push_back({x[i], x[j]});
      rule.weights.push_back(w[i] * w[j]);
    }
  return rule;
}

void add_tri_orbit(FaceRule& rule, double a, double weight) {
  for (const auto& [s, t] : {std::array{a, a}, std::array{1 - 2 * a, a}, std::array{a, 1 - 2 * a}}) {
    rule.points.push_back({s, t});
    rule.weights.push_back(weight / 2);
  }
}

// Strang and Fix 1973: degree 2 with 3 points, degree 4 with 6.
FaceRule tri_of_three() {
  FaceRule rule;
  add_tri_orbit(rule, 1.0 / 6, 1.0 / 3);
  return rule;
}
FaceRule tri_of_six() {
  const double root = std::sqrt(38 - 44 * std::sqrt(0.4)), split = std::sqrt(213125 - 53320 * std::sqrt(10.0));
  FaceRule rule;
  add_tri_orbit(rule, (8 - std::sqrt(10.0) + root) / 18, (620 + split) / 3720);
  add_tri_orbit(rule, (8 - std::sqrt(10.0) - root) / 18, (620 - split) / 3720);
  return rule;
}

}  // namespace

const FaceRule& face_rule(mesh::Shape shape, SurfaceUse use) {
  static const FaceRule quad1 = {{{0, 0}}, {4}}, quad4 = gauss_quad(2), quad9 = gauss_quad(3);
  static const FaceRule tri1 = {{{1.0 / 3, 1.0 / 3}}, {0.5}}, tri3 = tri_of_three(), tri6 = tri_of_six();
  const bool sample = use == SurfaceUse::sample;
  switch (shape) {
    case mesh::Shape::hex8:
      return sample ? quad1 : quad4;
    case mesh::Shape::hex27:
      return sample ? quad4 : quad9;
    case mesh::Shape::tet4:
      return sample ? tri1 : tri3;
    case mesh::Shape::tet10:
      break;
  }
  return sample ? tri3 : tri6;
}

FaceMap face_map(mesh::Shape shape, int face) {
  const mesh::Shape flat = mesh::linear(shape);
  const int* vertices = mesh::face_nodes(flat, face);
  const Vector3 v0 = mesh::reference_node(flat, vertices[0]), v1 = mesh::reference_node(flat, vertices[1]),
                v2 = mesh::reference_node(flat, vertices[2]);
  FaceMap map;
  for (int i = 0; i < 3; ++i) {
    const double s = v1[i] - v0[i], t = v2[i] - v0[i];
    const bool quad = flat == mesh::Shape::hex8;
    map.s_axis[i] = quad ? s / 2 : s;
    map.t_axis[i] = quad ? t / 2 : t;
    map.origin[i] = quad ? v0[i] + s / 2 + t / 2 : v0[i];
  }
  return map;
}

}  // namespace winze::fem
