/// Meshes, materials and vectors of the operator tests. All of them depend on positions alone, never on the number of ranks.
#pragma once
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "fem/operators.hpp"
#include "mesh/raw.hpp"
#include "mesh/shape_functions.hpp"

namespace winze::test {

inline constexpr mesh::Shape operator_shapes[] = {mesh::Shape::hex8, mesh::Shape::hex27, mesh::Shape::tet4, mesh::Shape::tet10};

/// box: parallelepipeds and straight tets; distorted: vertices moved, other nodes in the middle of them; bent: curved for x > 0.4, boxes elsewhere.
enum class Form { box, distorted, bent };

inline Vector3 moved(const Vector3& x, Form form) {
  const double t = std::max(0.0, x[0] - 0.4), s = form == Form::bent ? 0.25 * t * t : 0.08;
  return {x[0] + s * std::sin(2 * x[1] + x[2]), x[1] - s * std::sin(3 * x[2] + 1), x[2] + s * std::cos(2 * x[1])};
}
/// Unit cube of 4 × 3 × 3 cells (tets: six each), shifted.
inline mesh::Mesh operator_mesh(mesh::Shape shape, Form form, const Comm& comm = Comm::world(), double shift = 0,
                                std::array<int, 3> cells = {4, 3, 3}) {
  mesh::Mesh m = mesh::build(comm, mesh::box(comm, shape, {0, 0, 0}, {1, 1, 1}, cells), {});
  if (form != Form::box)
    for (Index node = 0; node < m.nodes.n_local(); ++node) {
      const Vector3 x = moved(m.point(node), form);
      for (int c = 0; c < 3; ++c) m.points[3 * node + c] = x[c];
    }
  if (form == Form::distorted && mesh::info(shape).degree == 2) {
    const mesh::MeanOf& mean = m.levels[0].to_finer;
    const std::vector<double> old = m.points;
    std::vector<Index> fine(m.levels[0].nodes.n_local(), -1);  // the mesh's node at each vertex
    for (Index node = 0; node < m.nodes.n_local(); ++node)
      if (mean.offset[node + 1] == mean.offset[node] + 1) fine[mean.masters[mean.offset[node]]] = node;
    for (Index node = 0; node < m.nodes.n_local(); ++node)
      for (int c = 0; c < 3; ++c) {
        double sum = 0;
        for (Index k = mean.offset[node]; k < mean.offset[node + 1]; ++k) sum += old[3 * fine[mean.masters[k]] + c];
        m.points[3 * node + c] = sum / (mean.offset[node + 1] - mean.offset[node]);
      }
  }
  for (double& x : m.points) x += shift;
  return m;
}

inline Moduli isotropic_moduli(double young, double poisson) {
  const double lambda = young * poisson / ((1 + poisson) * (1 - 2 * poisson)), mu = young / (2 * (1 + poisson));
  Moduli c{};
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) c[i][j] = (i < 3 && j < 3 ? lambda : 0) + (i == j ? 2 * mu : 0);
  return c;
}
/// Symmetric, positive definite, without any symmetry of the material.
inline Moduli triclinic_moduli() {
  Moduli c = isotropic_moduli(40e9, 0.2);
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) c[i][j] += 2e9 * std::cos(i + j) + (i == j ? 1e9 * i + 12e9 : 0);
  return c;
}

inline Vector3 centre(const mesh::Mesh& m, Index element) {
  Vector3 sum{};
  const int n = mesh::info(m.shape).n_nodes;
  for (int i = 0; i < n; ++i)
    for (int c = 0; c < 3; ++c) sum[c] += m.points[3 * m.nodes_of(element)[i] + c] / n;
  return sum;
}

/// Two isotropic rocks and, unless only_isotropic, a triclinic one; a hole (−1) at the corner x, y, z > 0.6.
inline std::vector<std::int32_t> rocks(const mesh::Mesh& m, bool only_isotropic = false, double shift = 0) {
  std::vector<std::int32_t> of(m.n_elements());
  for (Index e = 0; e < m.n_elements(); ++e) {
    Vector3 x = centre(m, e);
    for (double& value : x) value -= shift;
    of[e] = x[0] > 0.6 && x[1] > 0.6 && x[2] > 0.6 ? -1 : x[2] > 0.55 ? 1 : x[1] > 0.45 && !only_isotropic ? 2 : 0;
  }
  return of;
}
inline fem::ElasticModuli elastic_rocks(const mesh::Mesh& m, bool only_isotropic = false, double shift = 0) {
  return {{isotropic_moduli(60e9, 0.25), isotropic_moduli(5e9, 0.4), triclinic_moduli()}, rocks(m, only_isotropic, shift)};
}
inline fem::HeatCoefficients hot_rocks(const mesh::Mesh& m) {
  fem::HeatCoefficients heat;
  heat.conductivity = {{3.2, 3.2, 3.2, 0, 0, 0}, {1.1, 1.1, 1.1, 0, 0, 0}, {4, 3, 2.5, 0.3, -0.2, 0.5}};
  heat.capacity = {2.3e6, 1.7e6, 2.1e6};
  heat.of_element = rocks(m);
  for (Index e = 0; e < m.n_elements(); ++e) heat.factor.push_back(1 + 0.2 * centre(m, e)[0]);
  return heat;
}
inline std::vector<char> active(const std::vector<std::int32_t>& of) {
  std::vector<char> flags;
  for (std::int32_t index : of) flags.push_back(index >= 0);
  return flags;
}
/// Holds component 0 on the plane of smallest z and everything where x = 0 (box and bent forms), and what is dead.
inline linear::Mask mask_of(const mesh::Mesh& m, const std::vector<std::int32_t>& of, int width) {
  std::vector<std::uint8_t> fixed(std::size_t(m.nodes.n_local()) * width, 0);
  for (Index node = 0; node < m.nodes.n_local(); ++node)
    for (int c = 0; c < width; ++c) fixed[node * width + c] = m.points[3 * node] == 0 || (c == 0 && m.points[3 * node + 2] == 0);
  return fem::make_mask(m, active(of), fixed, width);
}

/// Wavy values at nodes, zero where held.
template <class T>
View<T> wavy(const mesh::Mesh& m, const linear::Mask& mask, int width, double phase = 0) {
  View<T> x("x", std::size_t(m.nodes.n_local()) * width);
  for (Index node = 0; node < m.nodes.n_local(); ++node)
    for (int c = 0; c < width; ++c) {
      const double* p = m.points.data() + 3 * node;
      const std::size_t i = std::size_t(node) * width + c;
      x(i) = mask.held[i] ? T(0) : T(std::sin(7 * p[0] + 3 * c + phase) + std::cos(9 * p[1] - c) * std::sin(8 * p[2] + phase + 1));
    }
  return x;
}
template <class T>
double product(const mesh::Mesh& m, const View<T>& a, const View<T>& b, int width) {
  double sum = 0;
  for (std::size_t i = 0; i < std::size_t(m.nodes.n_owned()) * width; ++i) sum += double(a(i)) * double(b(i));
  return m.comm.sum(sum);
}
/// y = A x by triplets, owned entries; held rows, which are the identity there, are zero since x is.
template <class T>
std::vector<double> product(const mesh::Mesh& m, const linear::Triplets& a, const View<T>& x, int width) {
  std::vector<double> y(std::size_t(m.nodes.n_local()) * width, 0.0);
  const auto local = [&](std::int64_t global) { return std::size_t(m.nodes.local(global / width)) * width + global % width; };
  for (std::size_t k = 0; k < a.value.size(); ++k) y[local(a.row[k])] += a.value[k] * double(x(local(a.column[k])));
  m.nodes.add_to_owners(y.data(), width);
  y.resize(std::size_t(m.nodes.n_owned()) * width);
  return y;
}
inline std::vector<double> diagonal(const mesh::Mesh& m, const linear::Triplets& a, int width) {
  std::vector<double> d(std::size_t(m.nodes.n_local()) * width, 0.0);
  for (std::size_t k = 0; k < a.value.size(); ++k)
    if (a.row[k] == a.column[k]) d[std::size_t(m.nodes.local(a.row[k] / width)) * width + a.row[k] % width] += a.value[k];
  m.nodes.add_to_owners(d.data(), width);
  d.resize(std::size_t(m.nodes.n_owned()) * width);
  return d;
}
/// max |a − b| / max |b| over all ranks, b the owned entries.
template <class T>
double difference(const mesh::Mesh& m, const View<T>& a, const std::vector<double>& b) {
  double error = 0, size = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    error = std::max(error, std::abs(double(a(i)) - b[i]));
    size = std::max(size, std::abs(b[i]));
  }
  return m.comm.max(error) / m.comm.max(size);
}

}  // namespace winze::test
