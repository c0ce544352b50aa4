#include "mesh/neighbours.hpp"

namespace winze::mesh {

void find_neighbours(const Comm& comm, const Topology& t, const std::vector<SharedWith>& shared, const Lattice& lattice, Mesh& mesh) {
  const int n_faces = info(t.shape).n_faces, n_slots = lattice.n_sub_faces();
  const Index n_children = lattice.n_elements(0);
  const size_t n = size_t(t.n_cells()) * n_children * n_faces;
  mesh.face_region.assign(n, -1);
  mesh.face_neighbour.assign(n, -1);
  mesh.remote_faces.clear();

  // Elements on one side of a face of an unrefined cell, by canonical slot.
  const auto side_elements = [&](Index side, Lattice::SubFace* by_slot) {
    const Index cell = side / n_faces;
    const int face = side % n_faces;
    if (n_slots == 1) {
      by_slot[0] = {cell, std::int8_t(face)};
      return;
    }
    const std::vector<int>& canonical = lattice.canonical_slot(face_orientation(t, lattice, cell, face));
    for (int s = 0; s < n_slots; ++s) {
      const Lattice::SubFace& sub = lattice.sub_faces[size_t(face) * n_slots + s];
      by_slot[canonical[s]] = {cell * n_children + sub.element, sub.face};
    }
  };
  const auto place = [&](const Lattice::SubFace& f) { return size_t(f.element) * n_faces + f.face; };

  if (n_children > 1)
    for (Index cell = 0; cell < t.n_cells(); ++cell)
      for (size_t i = 0; i < lattice.inner_neighbour.size(); ++i) {
        const Index inner = lattice.inner_neighbour[i];
        if (inner < 0) continue;
        const size_t at = size_t(cell) * lattice.inner_neighbour.size() + i;
        mesh.face_neighbour[at] = cell * n_children + inner;
        mesh.face_region[at] = mesh.region[size_t(cell) * n_children];
      }
  std::vector<Lattice::SubFace> a(n_slots), b(n_slots);
  for (const Topology::FaceRecord& face : t.faces) {
    if (face.side[1] < 0) continue;
    side_elements(face.side[0], a.data());
    side_elements(face.side[1], b.data());
    for (int s = 0; s < n_slots; ++s) {
      mesh.face_neighbour[place(a[s])] = b[s].element;
      mesh.face_neighbour[place(b[s])] = a[s].element;
      mesh.face_region[place(a[s])] = mesh.region[b[s].element];
      mesh.face_region[place(b[s])] = mesh.region[a[s].element];
    }
  }
  if (comm.size() == 1) return;
  std::vector<std::vector<Index>> send(comm.size());
  for (const SharedWith& with : shared)
    for (Index face : with.faces) {
      side_elements(t.faces[face].side[0], a.data());
      send[with.rank].push_back(mesh.region[a[0].element]);
      for (int s = 0; s < n_slots; ++s) send[with.rank].push_back(a[s].element);
    }
  const auto received = comm.all_to_all(send);
  for (const SharedWith& with : shared) {
    auto in = received[with.rank].begin();
    for (Index face : with.faces) {
      side_elements(t.faces[face].side[0], a.data());
      const std::int32_t region = *in++;
      for (int s = 0; s < n_slots; ++s) {
        mesh.face_region[place(a[s])] = region;
        mesh.face_neighbour[place(a[s])] = -2 - Index(mesh.remote_faces.size());
        mesh.remote_faces.push_back({with.rank, *in++});
      }
    }
  }
}

}  // namespace winze::mesh
