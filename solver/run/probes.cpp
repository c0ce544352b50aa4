#include "run/probes.hpp"

#include <cmath>

#include "base/error.hpp"
#include "mesh/locate.hpp"
#include "mesh/shape_functions.hpp"

namespace winze::run {
namespace {

const char* tensor_suffix[6] = {"xx", "yy", "zz", "yz", "xz", "xy"};  // Kelvin order

std::vector<Vector3> surface_nodes(const mesh::Mesh& mesh, const std::string& probe, const std::string& surface) {
  const mesh::Surface* s = mesh.find_surface(surface);
  if (!s) throw InputError("probes.{}: the mesh has no surface '{}'", probe, surface);
  std::vector<std::uint8_t> on(size_t(mesh.nodes.n_local()), 0);
  const int n = mesh::info(mesh.shape).n_face_nodes;
  for (const mesh::Face& f : s->faces)
    for (int i = 0; i < n; ++i) on[size_t(mesh.nodes_of(f.element)[mesh::face_nodes(mesh.shape, f.face)[i]])] = 1;
  mesh.nodes.add_to_owners(on.data(), 1);
  std::vector<double> mine;
  for (Index i = 0; i < mesh.nodes.n_owned(); ++i)
    if (on[size_t(i)]) mine.insert(mine.end(), &mesh.points[3 * size_t(i)], &mesh.points[3 * size_t(i)] + 3);
  const std::vector<double> all = mesh.comm.all_gather(mine);
  std::vector<Vector3> points(all.size() / 3);
  for (size_t i = 0; i < points.size(); ++i) points[i] = {all[3 * i], all[3 * i + 1], all[3 * i + 2]};
  return points;
}

}  // namespace

ProbeSampler::ProbeSampler(const std::string& name, const Probe& probe, const mesh::Mesh& mesh) : name_(name), wanted_(probe.fields), mesh_(mesh) {
  points_ = probe.where.visit([&](const auto& w) {
    if constexpr (requires { w.surface; })
      return surface_nodes(mesh, name, w.surface);
    else
      return w.points();
  });
  const std::vector<mesh::Located> found = mesh::Locator(mesh).locate(points_);
  std::vector<std::int32_t> hits(points_.size(), 0);
  for (size_t i = 0; i < found.size(); ++i)
    if (found[i].found) here_.push_back({i, found[i].element, found[i].reference}), hits[i] = 1;
  mesh.comm.sum(hits.data(), int(hits.size()));
  for (size_t i = 0; i < hits.size(); ++i)
    if (hits[i] == 0)
      throw InputError("probes.{}: point {} at ({:.6g}, {:.6g}, {:.6g}) m lies outside the mesh", name, i, points_[i][0], points_[i][1],
                       points_[i][2]);
}

std::vector<const Fields::Entry*> ProbeSampler::chosen(const Fields& fields) const {
  std::vector<const Fields::Entry*> all;
  if (wanted_.empty()) {
    for (const char* name : {"displacement", "stress", "temperature"})
      if (const auto* f = fields.find(name)) all.push_back(f);
    return all;
  }
  std::vector<std::string> names;
  std::string menu;
  for (const auto& f : fields.entries) names.push_back(f.name), menu += (menu.empty() ? "" : ", ") + f.name;
  for (const std::string& name : wanted_) {
    const auto* f = fields.find(name);
    if (!f) {
      const std::string near = input::suggest(name, names);
      throw InputError("probes.{}: there is no field '{}'{} (there are: {})", name_, name, near.empty() ? "" : "; did you mean '" + near + "'?",
                       menu);
    }
    all.push_back(f);
  }
  return all;
}

std::vector<ProbeSampler::Column> ProbeSampler::columns(const Fields& fields) const {
  std::vector<Column> c = {{"x", "m"}, {"y", "m"}, {"z", "m"}};
  for (const auto* f : chosen(fields))
    for (int k = 0; k < f->components; ++k)
      c.push_back({f->components == 1 ? f->name : f->name + "_" + (f->components == 3 ? std::string(1, "xyz"[k]) : tensor_suffix[k]), f->unit});
  return c;
}

std::vector<double> ProbeSampler::sample(const Fields& fields, const std::vector<std::int32_t>& material) const {
  const auto columns_of = chosen(fields);
  size_t width = 3;
  for (const auto* f : columns_of) width += size_t(f->components);
  std::vector<double> table(points_.size() * width, 0);
  const int n_nodes = mesh::info(mesh_.shape).n_nodes;
  for (const Place& p : here_) {
    double* row = &table[p.point * width];
    for (int d = 0; d < 3; ++d) row[d] = points_[p.point][size_t(d)];
    double n[27], dn[27][3];
    mesh::shape_functions(mesh_.shape, p.reference, n, dn);
    const Index* nodes = mesh_.nodes_of(p.element);
    double* out = row + 3;
    for (const auto* f : columns_of)
      for (int k = 0; k < f->components; ++k) {
        double v = 0;
        if (material[size_t(p.element)] < 0)
          v = NAN;
        else if (!f->nodal)
          v = f->values[size_t(p.element) * size_t(f->components) + size_t(k)];
        else
          for (int i = 0; i < n_nodes; ++i) v += n[i] * f->values[size_t(nodes[i]) * size_t(f->components) + size_t(k)];
        *out++ = f->components == 6 && k > 2 ? v / sqrt2 : v;
      }
  }
  mesh_.comm.sum(table.data(), int(table.size()));
  return table;
}

}  // namespace winze::run
