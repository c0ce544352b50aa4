#include "fem/element_lists.hpp"

#include <cmath>

#include "base/error.hpp"
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

void check_lists(const mesh::Mesh& mesh, const std::vector<std::int32_t>& of_element, std::size_t n_entries, const linear::Mask& mask, int width) {
  if (of_element.size() != std::size_t(mesh.n_elements()))
    throw InputError("{} materials given for {} elements: one per element is needed", of_element.size(), mesh.n_elements());
  for (std::int32_t index : of_element)
    if (index >= std::int64_t(n_entries)) throw InputError("an element names material {} of a table of {}", index, n_entries);
  if (mask.held.size() != std::size_t(mesh.nodes.n_local()) * width)
    throw InputError("the mask has {} entries for {} unknowns: one per local node and component is needed", mask.held.size(),
                     mesh.nodes.n_local() * width);
}

void check_heat(const mesh::Mesh& mesh, const HeatCoefficients& heat, const linear::Mask& mask) {
  if (heat.capacity.size() != heat.conductivity.size())
    throw InputError("{} heat capacities given for {} conductivities: one each per material is needed", heat.capacity.size(),
                     heat.conductivity.size());
  check_lists(mesh, heat.of_element, heat.conductivity.size(), mask, 1);
  if (!heat.factor.empty() && heat.factor.size() != heat.of_element.size())
    throw InputError("{} conductivity factors given for {} elements: one per element is needed, or none", heat.factor.size(), heat.of_element.size());
}

std::vector<std::int32_t> whole_elements(const mesh::Mesh& mesh, const std::vector<std::int32_t>& of_element) {
  std::vector<std::int32_t> whole = of_element;
  for (Index e : mesh.cuts.element) whole[e] = -1;
  return whole;
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
