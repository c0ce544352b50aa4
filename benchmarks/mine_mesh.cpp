// From the plan files of a mine (100 drives, 50 stopes) to the octree mesh that the solver takes: how long, and how much memory? The baseline is
// what is asked for: 10⁶ cells in 60 s and 1 GB on two cores.
//
//   mine_mesh [WALL]       edge of the cells at the walls, 2.5 m by default
#include <cstdio>
#include <cstdlib>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/session.hpp"
#include "mesh/cut_mesh.hpp"
#include "mesh/sizing.hpp"
#include "mine_plans.hpp"

using namespace winze;

namespace {

void run_all(const Comm& comm, double wall) {
  const Folder folder;
  const double begin = wall_time();
  const geometry::Scene scene = read_plans(folder.path, 60);
  const double read = wall_time();
  mesh::Sizing sizing;
  sizing.wall = wall, sizing.per_radius = 0.5, sizing.smallest = wall;
  mesh::OctreeOptions options;
  options.low = {-200.3, -300.7, -2400.9};
  options.size = 40;
  options.cells = {18, 20, 16};
  options.target = mesh::target_of(scene, sizing);
  options.weight = mesh::weight_of(scene);
  const mesh::Octree tree(comm, options);
  const double grown = comm.max(wall_time());
  const double tree_bytes = comm.sum(resident_peak_bytes());
  const mesh::Mesh mesh = mesh::cut_mesh(tree, scene);
  const double done = comm.max(wall_time());
  const GlobalIndex cells = comm.sum(GlobalIndex(tree.n_leaves())), cut = comm.sum(GlobalIndex(mesh.cuts.element.size())),
                    nodes = comm.sum(GlobalIndex(mesh.nodes.n_owned()));
  const double bytes = comm.sum(resident_peak_bytes());
  if (!comm.root()) return;
  std::printf(
      "%ld cells, %ld elements with points of their own; plans %.3g s, octree %.3g s, cut %.3g s; %.0f cells a second; %.0f MB before the cut, %.0f "
      "at most\n",
      long(cells), long(cut), read - begin, grown - read, done - grown, double(cells) / (done - begin), tree_bytes / 1e6, bytes / 1e6);
  std::printf(
      "{\"problem\": \"mine\", \"unknowns\": %ld, \"ranks\": %d, \"setup_s\": %.3g, \"total_s\": %.3g, \"rss_mb\": %.0f, \"baseline\": {\"total_s\": "
      "60, \"rss_mb\": 1000}}\n",
      long(3 * nodes), comm.size(), grown - begin, done - begin, bytes / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  Session session(argc, argv);
  try {
    const double wall = argc > 1 ? std::atof(argv[1]) : 2.5;
    if (!(wall > 0.1)) throw InputError("usage: mine_mesh [WALL], in m, above 0.1");
    run_all(Comm::world(), wall);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.exit_code;
  }
}
