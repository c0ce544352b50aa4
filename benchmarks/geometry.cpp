// What do the questions cost that an octree asks of a mine? 100 drives and 50 stopes from plan files; every answer is compared with that of asking
// all solids in turn, which is the baseline.
//
//   geometry [QUERIES]        10⁶ by default
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/session.hpp"
#include "mine_plans.hpp"

using namespace winze;
using geometry::Box;
using geometry::Scene;
using geometry::Side;

namespace {

// One row: a question asked of the tree for all points, and of every solid in turn for every hundredth.
template <class Tree, class All>
void row(const char* problem, double setup, int n, Tree tree, All all) {
  double start = wall_time();
  double sum = 0;
  for (int i = 0; i < n; ++i) sum += tree(i);
  const double fast = wall_time() - start;
  start = wall_time();
  int wrong = 0;
  for (int i = 0; i < n; i += 100) wrong += std::abs(all(i) - tree(i)) > 1e-9;
  const double slow = (wall_time() - start) * 100;
  if (wrong > 0 || !std::isfinite(sum)) throw SolverError("{}: {} answers of the tree differ from those of all solids", problem, wrong);
  std::printf("{\"problem\": \"%s\", \"unknowns\": %d, \"ranks\": 1, \"setup_s\": %.3g, \"solve_s\": %.3g, \"baseline\": {\"solve_s\": %.3g}}\n",
              problem, n, setup, fast, slow);
}

void run_all(int n) {
  const Folder folder;
  double start = wall_time();
  const Scene scene = read_plans(folder.path, 60);
  const double setup = wall_time() - start;
  Box space;
  for (Index i = 0; i < scene.size(); ++i) space.add(scene[i].solid->box());
  std::mt19937_64 engine(1);
  const auto in = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine); };
  std::vector<Box> near, anywhere;  // cells of 1 m, like the finest of an octree beside its walls, and strewn
  for (int i = 0; i < n; ++i) {
    const Vector3 x = {in(space.low[0], space.high[0]), in(space.low[1], space.high[1]), in(space.low[2], space.high[2])};
    anywhere.push_back(Box{x, x}.grown(0.5));
    const Vector3 wall = scene.nearest(x).wall.point;
    near.push_back(Box{wall, wall}.grown(0.5));
  }
  std::vector<Index> parts;
  std::vector<Scene::Met> met;
  const auto code = [](Index part, Side side) { return part * 3.0 + (side == Side::cut ? 1 : 2); };
  const auto ask = [&](const Box& cell) {
    scene.candidates(cell, parts);
    scene.meet(cell, parts, met);
    double sum = 0;
    for (const Scene::Met& m : met) sum += code(m.part, m.side);
    return sum;
  };
  const auto ask_all = [&](const Box& cell) {
    double sum = 0;
    for (Index p = 0; p < scene.size(); ++p)
      if (scene[p].solid->box().overlaps(cell))
        if (const Side s = scene.side(p, cell); s != Side::outside) {
          std::vector<Box> cover;
          scene[p].solid->cover(cover);
          bool touched = false;
          for (const Box& b : cover) touched = touched || b.overlaps(cell);
          if (touched) sum += code(p, s);
        }
    return sum;
  };
  row(
      "solids that meet a cell at a wall", setup, n, [&](int i) { return ask(near[i]); }, [&](int i) { return ask_all(near[i]); });
  row(
      "solids that meet a cell anywhere", setup, n, [&](int i) { return ask(anywhere[i]); }, [&](int i) { return ask_all(anywhere[i]); });
  row(
      "nearest wall within 5 m", setup, n,
      [&](int i) {
        const double d = std::abs(scene.nearest(anywhere[i].centre(), 5).wall.distance);
        return d < 5 ? d : 5;
      },
      [&](int i) {
        double d = 5;
        for (Index p = 0; p < scene.size(); ++p) d = std::min(d, std::abs(scene[p].solid->distance(anywhere[i].centre())));
        return d;
      });
}

}  // namespace

int main(int argc, char** argv) {
  Session session(argc, argv);
  try {
    const int n = argc > 1 ? std::atoi(argv[1]) : 1000000;
    if (n < 100) throw InputError("usage: geometry [QUERIES], at least 100");
    run_all(n);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.exit_code;
  }
}
