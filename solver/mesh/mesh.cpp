#include "mesh/mesh.hpp"

namespace winze::mesh {

int Mesh::region_index(const std::string& name) const {
  for (size_t i = 0; i < region_names.size(); ++i)
    if (region_names[i] == name) return int(i);
  return -1;
}

const Surface* Mesh::find_surface(const std::string& name) const {
  for (const Surface& s : surfaces)
    if (s.name == name) return &s;
  return nullptr;
}

std::vector<Face> surface_between(const Mesh& mesh, const std::vector<char>& active_region, const std::vector<char>& removed_region) {
  std::vector<Face> faces;
  const int n_faces = info(mesh.shape).n_faces;
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    if (!active_region[mesh.region[e]]) continue;
    for (int f = 0; f < n_faces; ++f) {
      const int other = mesh.face_region[size_t(e) * n_faces + f];
      if (other >= 0 && removed_region[other]) faces.push_back({e, std::int8_t(f)});
    }
  }
  return faces;
}

}  // namespace winze::mesh
