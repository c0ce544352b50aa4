/// How many iterations does a solve take where rock is dug out, soft or stiff?  Unit cube on rollers under its weight, ν = 0.25, true residual 1e-8.
///   iterations SHAPE N REFINE [degree=5] [range=30] [cycles=1] [direct=2000] [flat] [boomer|gamg] [PATTERN]...
/// N cells a side, nested REFINE times; options of the multigrid; every pattern unless named.
/// A pattern says by how much Young's modulus of a cell (i, j, k) differs from the rock's; 0 is an opening.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/session.hpp"
#include "fem/levels.hpp"
#include "fem/points.hpp"
#include "linear/multigrid.hpp"
#include "material/moduli.hpp"
#include "mesh/components.hpp"
#include "mesh/raw.hpp"

using namespace winze;

namespace {

struct Pattern {
  const char* name;
  std::function<double(int, int, int)> factor;
};

std::vector<Pattern> patterns(int n) {
  const auto in = [](int i, int low, int high) { return i >= low && i < high; };
  const int third = n / 3, two_thirds = 2 * n / 3;
  const auto block = [=](double f) {
    return [=](int i, int j, int k) {
      return in(i, third + 1, two_thirds + 1) && in(j, third, two_thirds) && in(k, third - 1, two_thirds - 1) ? f : 1.0;
    };
  };
  const auto aligned = [=](double f) {
    return [=](int i, int j, int k) { return in(i, third, two_thirds) && in(j, third, two_thirds) && in(k, third, two_thirds) ? f : 1.0; };
  };
  const auto layers = [=](double f) { return [=](int, int, int k) { return (k / 3) % 2 ? f : 1.0; }; };
  const auto drives = [=](double f) {
    return [=](int i, int j, int k) { return (in(i % 8, 3, 5) && in(k % 8, 3, 5)) || (in(j % 16, 7, 9) && in(k % 8, 3, 5)) ? f : 1.0; };
  };
  const auto stopes = [](int i, int j, int k) { return i % 6 > 1 && j % 6 > 1 && k % 6 > 1 && (i / 6 + j / 6 + k / 6) % 2 ? 0.0 : 1.0; };
  const auto seam = [=](int pillar) {
    return [=](int i, int j, int k) { return k == n / 2 && (i % (3 * pillar) >= pillar || j % (3 * pillar) >= pillar) ? 0.0 : 1.0; };
  };
  const auto pillars = [=](int i, int j, int k) { return in(k, n / 2 - 3, n / 2 + 3) && (i % 4 || j % 4) ? 0.0 : 1.0; };
  const auto skins = [=](int i, int j, int k) {
    return in(j, n / 6, n - n / 6) && in(k, n / 6, n - n / 6) && in(i, n / 6, n - n / 6) && (i - n / 6) % 4 != 3 ? 0.0 : 1.0;
  };
  const auto plates = [=](int i, int j, int k) {
    return in(j, n / 6, n - n / 6) && in(k, n / 6, n - n / 6) && in(i, n / 2 - 6, n / 2 + 5) && (i - n / 2 + 6) % 2 == 0 ? 0.0 : 1.0;
  };
  const auto lattice = [=](double f) { return [=](int i, int j, int k) { return (i % 4 == 1) + (j % 4 == 1) + (k % 4 == 1) >= 2 ? f : 1.0; }; };
  return {{"uniform", [](int, int, int) { return 1.0; }},
          {"layers 1e3", layers(1e3)},
          {"layers 1e6", layers(1e6)},
          {"block 1e3", block(1e3)},
          {"block 1e6", block(1e6)},
          {"aligned block 1e3", aligned(1e3)},
          {"aligned block 1e6", aligned(1e6)},
          {"block 1e-3", block(1e-3)},
          {"block 1e-6", block(1e-6)},
          {"drives 1e-3", drives(1e-3)},
          {"drives 1e-6", drives(1e-6)},
          {"drives", drives(0)},
          {"stope", block(0)},
          {"stopes", stopes},
          {"seam, 2x2 pillars", seam(2)},
          {"seam, 1x1 pillars", seam(1)},
          {"pillars 1x1x6", pillars},
          {"one-cell skins", skins},
          {"one-cell plates", plates},
          {"lattice 1e3", lattice(1e3)},
          {"lattice 1e6", lattice(1e6)}};
}

/// Takes the words that set an option out of the list.
linear::MultigridOptions take_options(std::vector<std::string>& words) {
  linear::MultigridOptions options;
  std::erase_if(words, [&](const std::string& word) {
    const auto value = [&](const char* name) -> const char* {
      const std::size_t n = std::strlen(name);
      return word.compare(0, n, name) == 0 ? word.c_str() + n : nullptr;
    };
    if (const char* v = value("degree=")) return options.degree = std::atoi(v), true;
    if (const char* v = value("range=")) return options.range = std::atof(v), true;
    if (const char* v = value("cycles=")) return options.cycles = std::atoi(v), true;
    if (const char* v = value("direct=")) return options.direct_limit = std::atoi(v), true;
    if (word == "flat") return options.nested = false, true;
    if (word == "boomer") return options.coarse = linear::MultigridOptions::Coarse::boomer, true;
    if (word == "gamg") return options.coarse = linear::MultigridOptions::Coarse::gamg, true;
    return false;
  });
  return options;
}

void run(std::vector<std::string> words) {
  const Comm comm = Comm::world();
  const linear::MultigridOptions multigrid_options = take_options(words);
  if (words.size() < 3) throw InputError("iterations SHAPE N REFINE [PATTERN]...");
  mesh::Shape shape = mesh::Shape::hex27;
  while (mesh::info(shape).name != words[0])
    if (shape = mesh::Shape((int(shape) + 1) % 4); shape == mesh::Shape::hex27) throw InputError("no shape {}", words[0]);
  const int n = std::stoi(words[1]), refine = std::stoi(words[2]), coarse = n >> refine;
  mesh::BuildOptions options;
  options.refine = refine;
  const mesh::Mesh mesh = mesh::build(comm, mesh::box(comm, shape, {0, 0, 0}, {1, 1, 1}, {coarse, coarse, coarse}), options);
  const int n_nodes = mesh::info(shape).n_nodes;
  const fem::Points points = fem::make_points(mesh);
  std::vector<std::uint8_t> fixed;
  for (Index node = 0; node < mesh.nodes.n_local(); ++node)
    for (int c = 0; c < 3; ++c) fixed.push_back(mesh.point(node)[c] < 1e-9 || (c < 2 && mesh.point(node)[c] > 1 - 1e-9));
  std::shared_ptr<fem::LevelStructure> structure;
  for (const Pattern& pattern : patterns(n)) {
    if (words.size() > 3 && std::find(words.begin() + 3, words.end(), pattern.name) == words.end()) continue;
    fem::ElasticModuli moduli;
    std::vector<double> factors;
    std::vector<char> active;
    for (Index e = 0; e < mesh.n_elements(); ++e) {
      Vector3 centre{};
      for (int i = 0; i < n_nodes; ++i)
        for (int c = 0; c < 3; ++c) centre[c] += mesh.point(mesh.nodes_of(e)[i])[c] / n_nodes;
      const double f = pattern.factor(int(centre[0] * n), int(centre[1] * n), int(centre[2] * n));
      active.push_back(f != 0);
      const auto found = std::find(factors.begin(), factors.end(), f);
      if (f != 0 && found == factors.end()) {
        factors.push_back(f), moduli.table.push_back(material::isotropic_moduli(f, 0.25));
        moduli.of_element.push_back(std::int32_t(factors.size()) - 1);
      } else {
        moduli.of_element.push_back(f != 0 ? std::int32_t(found - factors.begin()) : -1);
      }
    }
    int n_bodies = 0;
    mesh::face_connected_components(mesh, active, n_bodies);
    if (n_bodies > 1) throw InputError("pattern {}: {} bodies, one is wanted", pattern.name, n_bodies);
    const linear::Mask mask = fem::make_mask(mesh, active, fixed, 3);
    std::vector<double> down(3 * points.n_points(), 0), f(3 * size_t(mesh.nodes.n_local()), 0);
    for (size_t i = 0; i < points.n_points(); ++i) down[3 * i + 2] = -1;
    fem::add_body_forces(mesh, points, active, down.data(), f.data());
    for (size_t i = 0; i < f.size(); ++i)
      if (mask.held[i]) f[i] = 0;
    const View<double> b = to_device(f, "weight"), x("x", f.size());
    const double start = wall_time();
    const auto a = fem::make_elastic_operator<double>(mesh, moduli, mask);
    const auto multigrid = fem::make_elastic_multigrid(mesh, moduli, mask, multigrid_options, structure);
    const double built = wall_time();
    const linear::SolveReport report = linear::solve(*a, *multigrid, b, x, {}, "rock_");
    const double solved = wall_time();
    if (comm.root()) {
      std::fprintf(stderr, "%-18s %4d iterations, residual %.1e%s%s\n", pattern.name, report.iterations, report.relative_residual,
                   report.at_rounding ? ", at rounding" : "", report.converged ? "" : (", NOT CONVERGED: " + report.reason).c_str());
      if (report.converged)
        std::printf(R"({"problem": "cube %d, %s", "element": "%s", "unknowns": %lld, "ranks": %d, "setup_s": %.3g, "solve_s": %.3g, )"
                    R"("total_s": %.3g, "iterations": %d})"
                    "\n",
                    n, pattern.name, words[0].c_str(), 3 * (long long)(mesh.nodes.n_global()), comm.size(), built - start, solved - built,
                    solved - start, report.iterations);
    }
    if (words.size() > 3 && comm.root()) std::fprintf(stderr, "%s\n", dynamic_cast<linear::Multigrid&>(*multigrid).describe().c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  Session session(argc, argv);
  std::vector<std::string> words;
  for (int i = 1; i < argc && std::strcmp(argv[i], "--") != 0; ++i) words.emplace_back(argv[i]);
  try {
    run(words);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
