// Small blocks of every shape for the tests of points and surfaces: [0, 1]³ cut into n³ cells (each 6 tets), one rank, then bent.
#pragma once
#include <cmath>
#include <map>
#include <random>

#include "mesh/mesh.hpp"
#include "mesh/shape_functions.hpp"

namespace winze::test {

inline constexpr mesh::Shape all_shapes[] = {mesh::Shape::hex8, mesh::Shape::hex27, mesh::Shape::tet4, mesh::Shape::tet10};

/// Every rank holds its own block. Cells with centre x < 1/2 are region 0, the others region 1. face_region is filled.
inline mesh::Mesh block(mesh::Shape shape, int n) {
  using namespace mesh;
  Mesh m(Comm::self());
  m.shape = shape;
  m.region_names = {"west", "east"};
  const ShapeInfo& s = info(shape);
  const bool hex = s.n_vertices == 8;
  constexpr int paths[6][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {0, 2, 1}, {2, 1, 0}, {1, 0, 2}};  // the last three turn the other way
  std::map<std::array<int, 3>, Index> lattice;                                                     // in half cells
  std::vector<std::array<int, 3>> place;                                                           // of every node
  for (int cell = 0; cell < n * n * n; ++cell)
    for (int part = 0; part < (hex ? 1 : 6); ++part) {
      Matrix3 edge = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};  // reference axes of the element in cells
      Vector3 corner = {double(cell % n), double(cell / n % n), double(cell / n / n)};
      if (!hex) {
        Vector3 at{};
        for (int v = 0; v < 3; ++v) at[paths[part][v]] = 1, edge[v] = at;
        if (part >= 3) std::swap(edge[0], edge[1]);
      }
      for (int a = 0; a < s.n_nodes; ++a) {
        Vector3 xi = reference_node(shape, a);
        if (hex)
          for (double& c : xi) c = (c + 1) / 2;
        std::array<int, 3> key;
        for (int c = 0; c < 3; ++c) key[c] = int(std::lround(2 * (corner[c] + xi[0] * edge[0][c] + xi[1] * edge[1][c] + xi[2] * edge[2][c])));
        const auto [it, fresh] = lattice.try_emplace(key, Index(lattice.size()));
        m.element_nodes.push_back(it->second);
        if (fresh) place.push_back(key);
        if (fresh)
          for (int c : key) m.points.push_back(c / (2.0 * n));
      }
      m.element_cell.push_back(m.n_elements());
      m.region.push_back(2 * (cell % n) + 1 < n ? 0 : 1);
    }
  m.nodes = SharedNodes(m.comm, Index(lattice.size()), {});
  std::map<std::vector<Index>, std::vector<size_t>> sides;
  for (Index e = 0; e < m.n_elements(); ++e)
    for (int f = 0; f < s.n_faces; ++f) {
      std::vector<Index> key;
      for (int v = 0; v < s.n_face_vertices; ++v) key.push_back(m.nodes_of(e)[vertex_nodes(shape)[face_nodes(linear(shape), f)[v]]]);
      std::sort(key.begin(), key.end());
      sides[key].push_back(size_t(e) * s.n_faces + f);
    }
  m.face_region.assign(size_t(m.n_elements()) * s.n_faces, -1);
  for (const auto& [key, pair] : sides)
    if (pair.size() == 2)
      for (int i = 0; i < 2; ++i) m.face_region[pair[i]] = m.region[pair[1 - i] / s.n_faces];
  return m;
}

/// A smooth map of the unit block with all strains and curvatures; |J| between about 0.6 and 1.5.
inline void bend(mesh::Mesh& m) {
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
