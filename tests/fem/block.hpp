// Small blocks of every shape for the tests of points and surfaces: [0, 1]³ cut into n³ cells (each one hex or 6 tets), then bent.
#pragma once
#include <cmath>
#include <random>

#include "mesh/raw.hpp"

namespace winze::test {

inline constexpr mesh::Shape all_shapes[] = {mesh::Shape::hex8, mesh::Shape::hex27, mesh::Shape::tet4, mesh::Shape::tet10};

/// Collective over `comm`. Cells with centre x < 1/2 are region 0, the others region 1.
inline mesh::Mesh block(mesh::Shape shape, int n, const Comm& comm = Comm::self()) {
  mesh::RawMesh raw = mesh::box(comm, shape, {0, 0, 0}, {1, 1, 1}, {n, n, n});
  raw.region_names = {"west", "east"};
  const int parts = mesh::linear(shape) == mesh::Shape::hex8 ? 1 : 6;  // cells follow one another with x fastest
  const GlobalIndex first = comm.exclusive_scan<GlobalIndex>(GlobalIndex(raw.cell_region.size()));
  for (size_t c = 0; c < raw.cell_region.size(); ++c) raw.cell_region[c] = 2 * ((first + GlobalIndex(c)) / parts % n) + 1 < n ? 0 : 1;
  return mesh::build(comm, std::move(raw), {});
}

/// A smooth map of the unit block with all strains and curvatures; |J| between about 0.6 and 1.5.
inline void bend(mesh::Mesh& m) {  // ghosts too: a function of position alone
  for (size_t i = 0; i < m.points.size(); i += 3) {
    double* x = &m.points[i];
    const double a = x[0], b = x[1], c = x[2];
    x[0] += 0.15 * std::sin(2 * b + c) + 0.1 * c;
    x[1] += 0.1 * std::cos(3 * a - c) - 0.1 * a * c;
    x[2] += 0.12 * std::sin(2 * a) * std::cos(2 * b) + 0.05 * c * c;
  }
}

/// Puts the middles of the edges of tet10 on straight lines.
inline void straighten(mesh::Mesh& m) {
  constexpr int ends[6][2] = {{0, 1}, {1, 2}, {0, 2}, {0, 3}, {1, 3}, {2, 3}};
  for (Index e = 0; e < m.n_elements(); ++e)
    for (int k = 0; k < 6; ++k)
      for (int c = 0; c < 3; ++c) {
        const Index* nodes = m.nodes_of(e);
        m.points[3 * nodes[4 + k] + c] = 0.5 * (m.points[3 * nodes[ends[k][0]] + c] + m.points[3 * nodes[ends[k][1]] + c]);
      }
}

/// Faces of the elements of active regions that are on the outside of the body those regions form.
inline std::vector<mesh::Face> hull(const mesh::Mesh& m, const std::vector<char>& active_region) {
  std::vector<mesh::Face> faces;
  const int n = mesh::info(m.shape).n_faces;
  for (Index e = 0; e < m.n_elements(); ++e)
    for (int f = 0; f < n; ++f) {
      const int other = m.face_region[size_t(e) * n + f];
      if (active_region[m.region[e]] && (other < 0 || !active_region[other])) faces.push_back({e, std::int8_t(f)});
    }
  return faces;
}
inline std::vector<char> active_elements(const mesh::Mesh& m, const std::vector<char>& active_region) {
  std::vector<char> active;
  for (int region : m.region) active.push_back(active_region[region]);
  return active;
}

inline std::vector<double> random_numbers(size_t n, unsigned seed = 1) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<double> x(n);
  for (double& v : x) v = uniform(generator);
  return x;
}

}  // namespace winze::test
