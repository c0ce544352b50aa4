// Blocks of rock, materials and conditions of the heat tests.
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "base/log.hpp"
#include "fem/points.hpp"
#include "heat/heat.hpp"
#include "mesh/raw.hpp"

namespace winze::test {

using heat::Heat;
using mesh::Shape;

inline constexpr double celsius = 273.15, year = 365.25 * 86400;

/// density 1 by default, so that the heat capacity is ρc.
inline material::Material rock(double conductivity, double capacity, double density = 1) {
  material::Material m;
  m.density = density;
  m.thermal.emplace();
  m.thermal->conductivity = input::Curve(conductivity);
  m.thermal->heat_capacity = capacity;
  return m;
}
inline input::Named<material::Material> rocks(std::vector<material::Material> list) {
  input::Named<material::Material> named;
  for (std::size_t i = 0; i < list.size(); ++i) named.entries.emplace_back("rock_" + std::to_string(i), list[i]);
  return named;
}
inline heat::VirginTemperature uniform(double kelvin) { return {{heat::Gradient{kelvin, 0}}, 1e4}; }

inline input::Curve table(std::vector<double> x, std::vector<double> y) {
  input::Curve c;
  c.x = std::move(x), c.y = std::move(y);
  return c;
}
inline heat::Boundary convection(const std::string& surface, input::Curve air, input::Curve coefficient, std::vector<std::string> regions = {}) {
  heat::Convection c;
  c.surface = surface, c.regions = std::move(regions), c.air = std::move(air), c.coefficient = std::move(coefficient);
  return {c};
}
inline heat::Boundary convection(const std::string& surface, double air, double coefficient) {
  return convection(surface, input::Curve(air), input::Curve(coefficient));
}
inline heat::Boundary temperature(const std::string& surface, input::Curve t) { return {heat::Temperature{surface, std::move(t)}}; }
inline heat::Boundary temperature(const std::string& surface, double t) { return temperature(surface, input::Curve(t)); }
inline heat::Boundary flux(const std::string& surface, double q) { return {heat::Flux{surface, input::Curve(q)}}; }
inline heat::Boundary insulated(const std::string& surface) { return {heat::Insulated{surface}}; }
inline heat::Boundary virgin(const std::string& surface) { return {heat::Virgin{surface}}; }

inline heat::Options fixed_steps(int steps, heat::Method method = heat::Method::tr_bdf2) {
  heat::Options o;
  o.steps = steps, o.method = method, o.linear_tolerance = 1e-8;
  return o;
}
inline heat::Options within(double tolerance) {
  heat::Options o;
  o.tolerance = tolerance, o.linear_tolerance = 1e-8;
  return o;
}

/// A box of cells; region_of(i, j, k) → index into names.
inline mesh::Mesh box(const Comm& comm, Shape shape, const Vector3& high, const std::array<int, 3>& cells,
                      const std::vector<std::string>& names = {"rock"}, const std::function<int(int, int, int)>& region_of = {}) {
  mesh::RawMesh raw = mesh::box(comm, shape, {0, 0, 0}, high, cells);
  raw.region_names = names;
  const bool hex = mesh::info(shape).n_vertices == 8;
  const GlobalIndex first = mesh::block_begin(GlobalIndex(cells[0]) * cells[1] * cells[2], comm.size(), comm.rank());
  if (region_of)
    for (std::size_t c = 0; c < raw.cell_region.size(); ++c) {
      const int cell = int(first) + int(hex ? c : c / 6);
      raw.cell_region[c] = region_of(cell % cells[0], cell / cells[0] % cells[1], cell / (cells[0] * cells[1]));
    }
  return mesh::build(comm, std::move(raw), {});
}
inline mesh::Mesh drive(const Comm& comm, Shape shape, double radius, double side, double grading, std::array<int, 3> cells) {
  return mesh::build(comm, mesh::quarter_drive(comm, shape, {radius, side, 1, grading, cells}), {});
}
/// Elements by region; −1: dug out.
inline std::vector<std::int32_t> by_region(const mesh::Mesh& m, const std::vector<int>& material) {
  std::vector<std::int32_t> of(m.n_elements());
  for (Index e = 0; e < m.n_elements(); ++e) of[e] = material[m.region[e]];
  return of;
}
inline std::vector<std::int32_t> all_rock(const mesh::Mesh& m) { return std::vector<std::int32_t>(m.n_elements(), 0); }

inline std::vector<double> nodal(const mesh::Mesh& m, const std::function<double(const Vector3&)>& f) {
  std::vector<double> t(m.nodes.n_local());
  for (Index n = 0; n < m.nodes.n_local(); ++n) t[n] = f(m.point(n));
  return t;
}
/// Largest |T − f| over the nodes. Collective.
inline double largest_error(const mesh::Mesh& m, const std::vector<double>& t, const std::function<double(const Vector3&)>& f) {
  double error = 0;
  for (Index n = 0; n < m.nodes.n_owned(); ++n) error = std::max(error, std::abs(t[n] - f(m.point(n))));
  return m.comm.max(error);
}
/// (∫ (T − f)² dV)^½. Collective.
inline double l2_error(const mesh::Mesh& m, const std::vector<double>& t, const std::function<double(const Vector3&)>& f) {
  const fem::Points points = fem::make_points(m);
  std::vector<double> at(points.n_points());
  fem::value_at_points(m, points, t.data(), at.data());
  double sum = 0;
  for (std::size_t q = 0; q < at.size(); ++q) {
    const double d = at[q] - f({points.position[3 * q], points.position[3 * q + 1], points.position[3 * q + 2]});
    sum += points.volume[q] * d * d;
  }
  return std::sqrt(m.comm.sum(sum));
}
/// Temperature at the node nearest to x. Collective.
inline double at_node(const mesh::Mesh& m, const std::vector<double>& t, const Vector3& x) {
  double nearest = 1e300, value = 0;
  for (Index n = 0; n < m.nodes.n_owned(); ++n) {
    const Vector3 p = m.point(n);
    const double d = std::hypot(p[0] - x[0], p[1] - x[1], p[2] - x[2]);
    if (d < nearest) nearest = d, value = t[n];
  }
  const double closest = m.comm.min(nearest);
  return m.comm.max(nearest == closest ? value : -1e300);
}

}  // namespace winze::test
