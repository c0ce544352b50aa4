// The blocks of tests/fem spread over ranks in the worst way (neighbouring elements on different ranks), and folders for files that all ranks share.
#pragma once
#include <algorithm>
#include <filesystem>
#include <numeric>

#include "../fem/block.hpp"

namespace winze::test {

/// The elements of `whole` (the same serial mesh on every rank), dealt to the ranks by a hash of their number; the lowest rank around a node owns it.
inline mesh::Mesh scatter(const mesh::Mesh& whole, const Comm& comm) {
  const int n = mesh::info(whole.shape).n_nodes, n_faces = mesh::info(whole.shape).n_faces;
  const auto rank_of = [&](Index e) { return int((std::uint32_t(e) * 2654435761u >> 8) % std::uint32_t(comm.size())); };
  std::vector<int> owner(whole.nodes.n_owned(), comm.size());
  for (Index e = 0; e < whole.n_elements(); ++e)
    for (int i = 0; i < n; ++i) owner[whole.nodes_of(e)[i]] = std::min(owner[whole.nodes_of(e)[i]], rank_of(e));
  std::vector<GlobalIndex> count(comm.size() + 1, 0), global(owner.size());
  for (int r : owner) ++count[r + 1];
  std::partial_sum(count.begin(), count.end(), count.begin());
  for (std::size_t i = owner.size(); i-- > 0;) global[i] = --count[owner[i] + 1];  // backwards: the numbering must not be the serial one

  mesh::Mesh m(comm);
  m.shape = whole.shape;
  m.region_names = whole.region_names;
  std::vector<Index> used;
  Index n_owned = 0;
  for (int r : owner) n_owned += r == comm.rank();
  for (Index e = whole.n_elements(); e-- > 0;) {
    if (rank_of(e) != comm.rank()) continue;
    m.original_element.push_back(e);
    m.element_cell.push_back(m.n_elements());
    m.region.push_back(whole.region[e]);
    m.face_region.insert(m.face_region.end(), &whole.face_region[e * n_faces], &whole.face_region[e * n_faces] + n_faces);
    used.insert(used.end(), whole.nodes_of(e), whole.nodes_of(e) + n);
  }
  std::vector<GlobalIndex> ghosts;
  for (Index i : used)
    if (owner[i] != comm.rank()) ghosts.push_back(global[i]);
  std::sort(ghosts.begin(), ghosts.end());
  ghosts.erase(std::unique(ghosts.begin(), ghosts.end()), ghosts.end());
  m.nodes = SharedNodes(comm, n_owned, ghosts);
  m.points.resize(3 * std::size_t(m.nodes.n_local()));
  for (std::size_t i = 0; i < owner.size(); ++i) {
    const Index local = m.nodes.local(global[i]);
    if (local >= 0) std::copy_n(&whole.points[3 * i], 3, &m.points[3 * local]);
  }
  for (Index i : used) m.element_nodes.push_back(m.nodes.local(global[i]));
  return m;
}

/// A bent block on the ranks of `comm`.
inline mesh::Mesh scattered_block(mesh::Shape shape, int n, const Comm& comm) {
  mesh::Mesh whole = block(shape, n);
  bend(whole);
  return scatter(whole, comm);
}

inline Vector3 centre(const mesh::Mesh& m, Index element) {
  const int n = mesh::info(m.shape).n_nodes;
  Vector3 sum{};
  for (int i = 0; i < n; ++i)
    for (int c = 0; c < 3; ++c) sum[c] += m.point(m.nodes_of(element)[i])[c] / n;
  return sum;
}

/// An empty folder for the files of one test, the same on every rank, of this number of ranks.
inline std::filesystem::path fresh_folder(const std::string& name, const Comm& comm) {
  const std::filesystem::path folder = std::filesystem::path("output_files") / (name + "_" + std::to_string(Comm::world().size()));
  MPI_Barrier(comm.handle());  // another rank may still be reading what the test before left here
  if (comm.root()) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  }
  MPI_Barrier(comm.handle());
  return folder;
}

}  // namespace winze::test
