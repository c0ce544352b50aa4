#include "rock/boundaries.hpp"

#include <cmath>

#include "base/error.hpp"

namespace winze::rock {
namespace {

const mesh::Surface& surface_of(const mesh::Mesh& mesh, const std::string& name) {
  if (const mesh::Surface* s = mesh.find_surface(name)) return *s;
  std::vector<std::string> names;
  std::string all;
  for (const mesh::Surface& s : mesh.surfaces) names.push_back(s.name), all += (all.empty() ? "" : ", ") + s.name;
  const std::string near = input::suggest(name, names);
  throw InputError("boundaries: the mesh has no surface '{}'{}; it has: {}", name, near.empty() ? "" : "; did you mean '" + near + "'?", all);
}

void hold(BoundaryState& state, const std::vector<Index>& nodes, int component, double value) {
  for (Index n : nodes) {
    state.fixed[3 * n + component] = 1;
    state.value[3 * n + component] = value;
  }
}

}  // namespace

std::vector<Index> nodes_on_surface(const mesh::Mesh& mesh, const std::string& surface) {
  const mesh::Surface& s = surface_of(mesh, surface);
  std::vector<std::uint8_t> on(mesh.nodes.n_local(), 0);
  const int n = mesh::info(mesh.shape).n_face_nodes;
  for (const mesh::Face& f : s.faces) {
    const int* local = mesh::face_nodes(mesh.shape, f.face);
    for (int i = 0; i < n; ++i) on[mesh.nodes_of(f.element)[local[i]]] = 1;
  }
  mesh.nodes.add_to_owners(on.data(), 1);
  mesh.nodes.update_ghosts(on.data(), 1);
  std::vector<Index> nodes;
  for (Index i = 0; i < mesh.nodes.n_local(); ++i)
    if (on[i]) nodes.push_back(i);
  return nodes;
}

int axis_of_surface(const mesh::Mesh& mesh, const std::string& surface) {
  double most[3] = {1, 1, 1};  // smallest |n_axis| over the surface
  for (const fem::SurfacePoint& p : fem::make_surface_points(mesh, surface_of(mesh, surface).faces, 0, 0))
    for (int d = 0; d < 3; ++d) most[d] = std::min(most[d], std::abs(p.normal[d]));
  for (int d = 0; d < 3; ++d)
    if (mesh.comm.min(most[d]) > std::cos(M_PI / 180)) return d;
  throw InputError("boundaries: surface '{}' is not a plane normal to an axis, so a roller cannot hold it; use fixed, displacement or far_field",
                   surface);
}

void Fixed::apply(const mesh::Mesh& mesh, BoundaryState& state) const {
  const auto nodes = nodes_on_surface(mesh, surface);
  for (int d = 0; d < 3; ++d) hold(state, nodes, d, 0);
}
void Roller::apply(const mesh::Mesh& mesh, BoundaryState& state) const {
  hold(state, nodes_on_surface(mesh, surface), axis_of_surface(mesh, surface), 0);
}
void Displacement::apply(const mesh::Mesh& mesh, BoundaryState& state) const {
  const auto nodes = nodes_on_surface(mesh, surface);
  if (!x && !y && !z) throw InputError("boundaries: displacement of '{}' names none of x, y, z", surface);
  if (x) hold(state, nodes, 0, *x);
  if (y) hold(state, nodes, 1, *y);
  if (z) hold(state, nodes, 2, *z);
}
void Traction::apply(const mesh::Mesh& mesh, BoundaryState& state) const {
  const auto at = fem::make_surface_points(mesh, surface_of(mesh, surface).faces, 0, 0);
  fem::add_tractions(mesh, at, std::vector<Vector3>(at.size(), traction), state.force.data());
}
void Pressure::apply(const mesh::Mesh& mesh, BoundaryState& state) const {
  const auto at = fem::make_surface_points(mesh, surface_of(mesh, surface).faces, 0, 0);
  std::vector<Vector3> t(at.size());
  for (size_t i = 0; i < at.size(); ++i)
    for (int d = 0; d < 3; ++d) t[i][d] = -pressure * at[i].normal[d];
  fem::add_tractions(mesh, at, t, state.force.data());
}
void FarField::apply(const mesh::Mesh& mesh, BoundaryState&) const { surface_of(mesh, surface); }

void Opening::apply(const mesh::Mesh& mesh, BoundaryState& state) const {
  const auto& faces = surface_of(mesh, surface).faces;
  state.openings.insert(state.openings.end(), faces.begin(), faces.end());
}

BoundaryState apply(const mesh::Mesh& mesh, const std::vector<Boundary>& boundaries) {
  const size_t n = 3 * size_t(mesh.nodes.n_local());
  BoundaryState state{std::vector<std::uint8_t>(n, 0), std::vector<double>(n, 0), std::vector<double>(n, 0), {}};
  for (const Boundary& b : boundaries) b.visit([&](const auto& condition) { condition.apply(mesh, state); });
  return state;
}

}  // namespace winze::rock
