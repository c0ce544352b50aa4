// What do cut cells and their ghost penalty add to an application of the elastic operator, and what do cubes gain on mapped cells? See
// cut_operator.md.
//
//   cut_operator K [RADIUS]     K³ cells in the unit cube, a ball of RADIUS (0.3) dug out of its middle; beside it the same cells whole, and bent
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/session.hpp"
#include "fem/operators.hpp"
#include "fem/tie_term.hpp"
#include "geometry/primitives.hpp"
#include "material/moduli.hpp"
#include "mesh/cut_mesh.hpp"

using namespace winze;

namespace {

constexpr int repeats = 30;

/// Applications of one operator, timed in turn with others.
template <class T>
struct Timed {
  std::shared_ptr<linear::Operator<T>> a;
  View<T> x, y;
  double best = 1e300;

  Timed(const mesh::Mesh& mesh, const fem::ElasticModuli& moduli) {
    std::vector<char> active;
    for (std::int32_t of : moduli.of_element) active.push_back(of >= 0);
    const std::size_t n = 3 * std::size_t(mesh.nodes.n_local());
    const linear::Mask mask = fem::make_mask(mesh, active, std::vector<std::uint8_t>(n, 0), 3);
    a = fem::make_elastic_operator<T>(mesh, moduli, mask);
    x = View<T>("x", n), y = View<T>("y", n);
    for (std::size_t i = 0; i < n; ++i) x(i) = mask.held[i] ? T(0) : T(std::sin(0.1 * double(i)));
  }
  void run(const Comm& comm) {
    const double start = comm.max(wall_time());
    a->apply(x, y);
    best = std::min(best, comm.max(wall_time()) - start);
  }
};

fem::ElasticModuli moduli_of(const mesh::Mesh& mesh, int hollow) {
  fem::ElasticModuli moduli{{material::isotropic_moduli(60e9, 0.25)}, {}};
  for (Index e = 0; e < mesh.n_elements(); ++e) moduli.of_element.push_back(mesh.region[std::size_t(e)] == hollow ? -1 : 0);
  return moduli;
}

template <class T>
void measure(const char* precision, const mesh::Mesh& cut, const mesh::Mesh& whole, const mesh::Mesh& bent) {
  mesh::Mesh untied = cut;
  untied.cuts.tied.faces.clear();
  const Comm& comm = cut.comm;
  const fem::ElasticModuli hollow = moduli_of(cut, cut.region_index("ball"));
  Timed<T> of_cut(cut, hollow), of_untied(untied, hollow), of_whole(whole, moduli_of(whole, -1)), of_bent(bent, moduli_of(bent, -1));
  for (int i = 0; i < repeats; ++i)
    for (Timed<T>* timed : {&of_cut, &of_untied, &of_whole, &of_bent}) timed->run(comm);
  GlobalIndex active = 0, parts = 0;
  for (Index e = 0; e < cut.n_elements(); ++e)
    if (hollow.of_element[std::size_t(e)] >= 0) ++active, parts += !cut.cuts.whole(e);
  active = comm.sum(active), parts = comm.sum(parts);
  const GlobalIndex ties = comm.sum(GlobalIndex(fem::elastic_ties(cut, hollow).size()));
  const double per_whole = of_whole.best / double(whole.n_elements_global()), share = double(parts) / double(active);
  const double cells = of_untied.best / double(active) / per_whole - 1, both = of_cut.best / double(active) / per_whole - 1;
  if (!comm.root()) return;
  const double unknowns = 3 * double(cut.nodes.n_global()), unknowns_whole = 3 * double(whole.nodes.n_global());
  std::printf(
      "%s: %ld cells, %.1f %% of them cut, %ld ties; whole %.3g us a cell, mapped / box %.2f; cut cells add %.0f %%, ties %.0f %%, both %.0f %%\n",
      precision, long(active), 100 * share, long(ties), 1e6 * per_whole, of_bent.best / of_whole.best, 100 * cells, 100 * (both - cells), 100 * both);
  std::printf(
      "{\"problem\": \"cut operator, %s\", \"element\": \"hex27\", \"unknowns\": %.0f, \"ranks\": %d, \"apply_mdofs\": %.4g, \"baseline\": "
      "{\"problem\": \"whole cells\", "
      "\"unknowns\": %.0f, \"apply_mdofs\": %.4g}}\n",
      precision, unknowns, comm.size(), 1e-6 * unknowns / of_cut.best, unknowns_whole, 1e-6 * unknowns_whole / of_whole.best);
}

}  // namespace

int main(int argc, char** argv) {
  const Session session(argc, argv);
  try {
    const int k = argc > 1 ? std::atoi(argv[1]) : 16;
    const double radius = argc > 2 ? std::atof(argv[2]) : 0.3;
    if (k < 4 || k > 200 || !(radius > 0.01 && radius < 0.45)) throw InputError("usage: cut_operator K [RADIUS], 4 to 200 cells, 0.01 to 0.45");
    mesh::OctreeOptions options;
    options.cells = {k, k, k};
    options.size = 1.0 / k;
    const mesh::Octree tree(Comm::world(), options);
    const geometry::Scene scene({{"ball", std::make_shared<geometry::Sphere>(Vector3{0.503, 0.497, 0.511}, radius)}});
    const mesh::Mesh cut = cut_mesh(tree, scene), whole = cut_mesh(tree, geometry::Scene());
    mesh::Mesh bent = whole;
    for (Index n = 0; n < bent.nodes.n_local(); ++n) bent.points[3 * std::size_t(n)] += 0.02 * std::sin(3 * bent.points[3 * std::size_t(n) + 1]);
    measure<double>("double", cut, whole, bent);
    measure<float>("float", cut, whole, bent);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.exit_code;
  }
  return 0;
}
