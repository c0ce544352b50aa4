#include "fem/element_lists.hpp"

#include <cmath>

#include "mesh/shape_functions.hpp"

namespace winze::fem {

bool is_affine(const mesh::Mesh& mesh, Index element) {
  if (mesh.shape == mesh::Shape::tet4) return true;
  const mesh::ShapeInfo& shape = mesh::info(mesh.shape);
  const bool hex = mesh::linear(mesh.shape) == mesh::Shape::hex8;
  const int* vertices = mesh::vertex_nodes(mesh.shape);
  const Index* nodes = mesh.nodes_of(element);
  const auto point = [&](int node) { return mesh.points.data() + 3 * std::size_t(nodes[node]); };
  // Ends of the three edges at the first vertex: hex vertices 1, 2, 4, tet vertices 1, 2, 3.
  const double* origin = point(vertices[0]);
  const double* ends[3] = {point(vertices[1]), point(vertices[2]), point(vertices[hex ? 4 : 3])};
  double size = 0, magnitude = 0;
  for (const double* end : ends)
    for (int c = 0; c < 3; ++c) size = std::max(size, std::abs(end[c] - origin[c])), magnitude = std::max(magnitude, std::abs(end[c]));
  const double tolerance = 1e-13 * size + 1e-15 * magnitude;
  for (int node = 1; node < shape.n_nodes; ++node) {
    const Vector3 xi = mesh::reference_node(mesh.shape, node);
    const double* x = point(node);
    for (int c = 0; c < 3; ++c) {
      double affine = origin[c];
      for (int d = 0; d < 3; ++d) affine += (hex ? 0.5 * (xi[d] + 1) : xi[d]) * (ends[d][c] - origin[c]);
      if (std::abs(x[c] - affine) > tolerance) return false;
    }
  }
  return true;
}

ElementLists list_elements(const mesh::Mesh& mesh, const std::vector<std::int32_t>& of_element, const std::vector<char>& isotropic) {
  ElementLists lists;
  const bool hex = mesh::linear(mesh.shape) == mesh::Shape::hex8;
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    if (of_element[e] < 0) continue;
    const bool simple = isotropic[of_element[e]];
    if ((simple || !hex) && is_affine(mesh, e))
      (simple ? lists.affine_isotropic : lists.affine_general).push_back(e);
    else
      (simple ? lists.curved_isotropic : lists.curved_general).push_back(e);
  }
  return lists;
}

}  // namespace winze::fem
