#include "mesh/shape_functions.hpp"

#include <gtest/gtest.h>

using namespace winze;
using namespace winze::mesh;

constexpr Shape all_shapes[] = {Shape::hex8, Shape::hex27, Shape::tet4, Shape::tet10};

TEST(ShapeFunctions, AreOneAtTheirNodeAndZeroAtOthers) {
  for (Shape shape : all_shapes)
    for (int node = 0; node < info(shape).n_nodes; ++node) {
      double n[max_nodes];
      shape_functions(shape, reference_node(shape, node), n, nullptr);
      for (int other = 0; other < info(shape).n_nodes; ++other) EXPECT_NEAR(n[other], other == node ? 1 : 0, 1e-15) << info(shape).name;
    }
}

// Polynomials of the shape's degree are reproduced, values and gradients (definition of Lagrange elements).
TEST(ShapeFunctions, ReproducePolynomialsOfTheirDegree) {
  const Vector3 xi = {0.17, 0.31, 0.23};
  for (Shape shape : all_shapes) {
    const bool quadratic = info(shape).degree == 2;
    const auto f = [&](const Vector3& x) { return 1 + 2 * x[0] - 3 * x[1] + x[2] + (quadratic ? x[0] * x[1] - 2 * x[2] * x[2] : 0); };
    const Vector3 gradient = {2 + (quadratic ? xi[1] : 0), -3 + (quadratic ? xi[0] : 0), 1 - (quadratic ? 4 * xi[2] : 0)};
    double n[max_nodes], dn[max_nodes][3], value = 0;
    Vector3 slope{};
    shape_functions(shape, xi, n, dn);
    for (int node = 0; node < info(shape).n_nodes; ++node) {
      const double at_node = f(reference_node(shape, node));
      value += n[node] * at_node;
      for (int axis = 0; axis < 3; ++axis) slope[axis] += dn[node][axis] * at_node;
    }
    EXPECT_NEAR(value, f(xi), 1e-14) << info(shape).name;
    for (int axis = 0; axis < 3; ++axis) EXPECT_NEAR(slope[axis], gradient[axis], 1e-13) << info(shape).name;
  }
}

// Right-hand rule of face_nodes: (second − first) × (third − first corner) points away from the middle of the cell.
TEST(ShapeFunctions, FacesTurnOutward) {
  for (Shape shape : all_shapes)
    for (int face = 0; face < info(shape).n_faces; ++face) {
      const int* nodes = face_nodes(linear(shape), face);
      const auto corner = [&](int i) { return reference_node(linear(shape), nodes[i]); };
      Vector3 u, v, out;
      for (int i = 0; i < 3; ++i) {
        u[i] = corner(1)[i] - corner(0)[i], v[i] = corner(2)[i] - corner(0)[i];
        out[i] = corner(0)[i] - reference_centre(shape)[i];
      }
      EXPECT_GT(dot(cross(u, v), out), 0) << info(shape).name << " face " << face;
    }
}
