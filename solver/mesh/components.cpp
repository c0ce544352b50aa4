#include "mesh/components.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

namespace winze::mesh {
namespace {

struct Sets {  ///< union-find with path halving
  std::vector<std::int32_t> parent;
  explicit Sets(size_t n) : parent(n) { std::iota(parent.begin(), parent.end(), 0); }
  std::int32_t find(std::int32_t i) {
    while (parent[size_t(i)] != i) i = parent[size_t(i)] = parent[size_t(parent[size_t(i)])];
    return i;
  }
  void join(std::int32_t a, std::int32_t b) {
    a = find(a), b = find(b);
    parent[size_t(std::max(a, b))] = std::min(a, b);
  }
};

/// The three smallest vertices of a face tell it from every other face.
struct FaceKey {
  std::array<GlobalIndex, 3> vertices;
  std::int32_t element;
  auto operator<=>(const FaceKey&) const = default;
};

}  // namespace

std::vector<std::int32_t> face_connected_components(const Mesh& mesh, const std::vector<char>& active_element, int& n_components) {
  const ShapeInfo& shape = info(mesh.shape);
  const Shape vertices_only = linear(mesh.shape);
  std::vector<FaceKey> faces;
  faces.reserve(size_t(mesh.n_elements()) * size_t(shape.n_faces));
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    if (!active_element[size_t(e)]) continue;
    const Index* nodes = mesh.nodes_of(e);
    for (int f = 0; f < shape.n_faces; ++f) {
      if (mesh.face_region[size_t(e) * size_t(shape.n_faces) + size_t(f)] < 0) continue;
      std::array<GlobalIndex, 4> v;
      v.fill(std::numeric_limits<GlobalIndex>::max());
      for (int i = 0; i < shape.n_face_vertices; ++i)
        v[size_t(i)] = mesh.nodes.global(nodes[vertex_nodes(mesh.shape)[face_nodes(vertices_only, f)[i]]]);
      std::sort(v.begin(), v.end());
      faces.push_back({{v[0], v[1], v[2]}, e});
    }
  }
  std::sort(faces.begin(), faces.end());
  Sets local(size_t(mesh.n_elements()));
  std::vector<size_t> open;  // faces whose other side is on another rank or not active
  for (size_t i = 0; i < faces.size(); ++i)
    if (i + 1 < faces.size() && faces[i].vertices == faces[i + 1].vertices)
      local.join(faces[i].element, faces[i + 1].element), ++i;
    else
      open.push_back(i);

  std::vector<std::int32_t> body(size_t(mesh.n_elements()), -1);
  std::int32_t n_local = 0;
  for (Index e = 0; e < mesh.n_elements(); ++e)
    if (active_element[size_t(e)] && local.find(e) == e) body[size_t(e)] = n_local++;
  const std::int32_t begin = mesh.comm.exclusive_scan(n_local), n_all = mesh.comm.sum(n_local);
  for (Index e = 0; e < mesh.n_elements(); ++e)
    if (active_element[size_t(e)]) body[size_t(e)] = local.find(e) == e ? body[size_t(e)] + begin : body[size_t(local.find(e))];

  Sets all(static_cast<size_t>(n_all));
  if (mesh.comm.size() > 1) {
    std::vector<std::vector<GlobalIndex>> to_owner(size_t(mesh.comm.size()));
    for (size_t i : open) {
      auto& message = to_owner[size_t(mesh.nodes.owner(faces[i].vertices[0]))];
      message.insert(message.end(), faces[i].vertices.begin(), faces[i].vertices.end());
      message.push_back(body[size_t(faces[i].element)]);
    }
    std::vector<FaceKey> met;
    for (const auto& message : mesh.comm.all_to_all(to_owner))
      for (size_t k = 0; k < message.size(); k += 4) met.push_back({{message[k], message[k + 1], message[k + 2]}, std::int32_t(message[k + 3])});
    std::sort(met.begin(), met.end());
    std::vector<std::array<std::int32_t, 2>> pairs;
    for (size_t i = 0; i + 1 < met.size(); ++i)
      if (met[i].vertices == met[i + 1].vertices && met[i].element != met[i + 1].element) pairs.push_back({met[i].element, met[i + 1].element});
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    std::vector<std::int32_t> flat;
    for (const auto& p : pairs) flat.insert(flat.end(), p.begin(), p.end());
    flat = mesh.comm.all_gather(flat);
    for (size_t k = 0; k < flat.size(); k += 2) all.join(flat[k], flat[k + 1]);
  }
  std::vector<std::int32_t> number(static_cast<size_t>(n_all), -1);
  n_components = 0;
  for (std::int32_t i = 0; i < n_all; ++i)
    if (all.find(i) == i) number[size_t(i)] = n_components++;
  for (std::int32_t& b : body)
    if (b >= 0) b = number[size_t(all.find(b))];
  return body;
}

}  // namespace winze::mesh
