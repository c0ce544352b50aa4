#include "mesh/surfaces.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"

namespace winze::mesh {
namespace {

struct Patch {
  std::int32_t surface;
  std::array<GlobalIndex, 4> vertices;  ///< ascending, −1 (of triangles) moved to the end as the largest number
};
constexpr GlobalIndex no_vertex = std::numeric_limits<GlobalIndex>::max();

/// Patches sorted by their lowest vertex, on the rank whose block of raw numbers holds that vertex.
std::vector<Patch> patches_at_home(const Comm& comm, const RawMesh& raw) {
  const int n_vertices = info(raw.shape).n_face_vertices;
  std::vector<GlobalIndex> begins(comm.size());
  for (int r = 0; r < comm.size(); ++r) begins[r] = block_begin(raw.n_nodes, comm.size(), r);
  std::vector<std::vector<GlobalIndex>> send(comm.size());
  comm.together([&] {
    for (const RawMesh::FacePatch& face : raw.faces) {
      std::array<GlobalIndex, 4> v = face.vertices;
      for (int i = 0; i < n_vertices; ++i)
        if (v[i] < 0 || v[i] >= raw.n_nodes)
          throw InputError("surface '{}': a face names node {} of {}", raw.surface_names[face.surface], v[i], raw.n_nodes);
      if (n_vertices == 3) v[3] = no_vertex;
      std::sort(v.begin(), v.end());
      const int home = int(std::upper_bound(begins.begin(), begins.end(), v[0]) - begins.begin()) - 1;
      send[home].insert(send[home].end(), {face.surface, v[0], v[1], v[2], v[3]});
    }
  });
  std::vector<Patch> patches;
  for (const auto& from : comm.all_to_all(send))
    for (size_t i = 0; i < from.size(); i += 5) patches.push_back({std::int32_t(from[i]), {from[i + 1], from[i + 2], from[i + 3], from[i + 4]}});
  std::sort(patches.begin(), patches.end(), [](const Patch& a, const Patch& b) { return a.vertices < b.vertices; });
  return patches;
}

}  // namespace

std::vector<CellFace> match_surfaces(const Comm& comm, const RawMesh& raw, const NodeRequest& request, const Topology& t) {
  const int n_faces = info(t.shape).n_faces, ranks = comm.size();
  const std::vector<Patch> patches = patches_at_home(comm, raw);
  // Every rank that holds a patch's lowest vertex gets the patch and answers whether it has the face.
  std::vector<std::vector<GlobalIndex>> offer(ranks);
  std::vector<std::vector<Index>> offered(ranks);
  for (int r = 0; r < ranks; ++r) {
    auto patch = patches.begin();
    for (GlobalIndex number : request.asked()[r]) {
      while (patch != patches.end() && patch->vertices[0] < number) ++patch;
      for (; patch != patches.end() && patch->vertices[0] == number; ++patch) {
        const auto& v = patch->vertices;
        offer[r].insert(offer[r].end(), {patch->surface, v[0], v[1], v[2], v[3]});
        offered[r].push_back(Index(patch - patches.begin()));
      }
    }
  }
  std::vector<CellFace> found;
  std::vector<std::vector<std::uint8_t>> has(ranks);
  const auto received = comm.all_to_all(offer);
  for (int r = 0; r < ranks; ++r)
    for (size_t i = 0; i < received[r].size(); i += 5) {
      std::array<Index, 4> v;
      bool known = true;
      for (int k = 0; k < 4; ++k) {
        const GlobalIndex number = received[r][i + 1 + k];
        const auto at = std::lower_bound(t.used.begin(), t.used.end(), number);
        const bool here = at != t.used.end() && *at == number;
        known = known && (here || number == no_vertex);
        v[k] = number == no_vertex ? std::numeric_limits<Index>::max() : Index(at - t.used.begin());
      }
      const Index face = known ? t.find_face(v) : -1;
      has[r].push_back(face >= 0);
      for (int s = 0; face >= 0 && s < 2; ++s) {
        const Index side = t.faces[face].side[s];
        if (side >= 0) found.push_back({std::int32_t(received[r][i]), side / n_faces, side % n_faces});
      }
    }
  const auto answers = comm.all_to_all(has);
  std::vector<std::uint8_t> matched(patches.size(), 0);
  for (int r = 0; r < ranks; ++r)
    for (size_t i = 0; i < offered[r].size(); ++i) matched[offered[r][i]] |= answers[r][i];

  const int n_surfaces = int(raw.surface_names.size());
  std::vector<GlobalIndex> n_patches(n_surfaces, 0), n_missed(n_surfaces, 0);
  for (size_t i = 0; i < patches.size(); ++i) {
    ++n_patches[patches[i].surface];
    n_missed[patches[i].surface] += !matched[i];
  }
  comm.sum(n_patches.data(), n_surfaces);
  comm.sum(n_missed.data(), n_surfaces);
  for (int s = 0; s < n_surfaces; ++s) {
    if (n_patches[s] == 0) throw InputError("surface '{}' has no faces: remove the name or give it faces of the mesh", raw.surface_names[s]);
    if (n_missed[s] > 0)
      throw InputError("surface '{}': {} of its {} faces are not faces of any {} cell: mesh volume and surface together", raw.surface_names[s],
                       n_missed[s], n_patches[s], info(t.shape).name);
  }
  const auto key = [](const CellFace& f) { return std::array<Index, 3>{f.surface, f.cell, Index(f.face)}; };
  std::sort(found.begin(), found.end(), [&](const CellFace& a, const CellFace& b) { return key(a) < key(b); });
  found.erase(std::unique(found.begin(), found.end(), [&](const CellFace& a, const CellFace& b) { return key(a) == key(b); }), found.end());
  return found;
}

}  // namespace winze::mesh
