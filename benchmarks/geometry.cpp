// What do the questions cost that an octree asks of a mine? 100 drives and 50 stopes from plan files; every answer is compared with that of asking
// all solids in turn, which is the baseline.
//
//   geometry [QUERIES]        10⁶ by default
#include "run/geometry.hpp"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/session.hpp"

using namespace winze;
using geometry::Box;
using geometry::Scene;
using geometry::Side;

namespace {

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("winze_bench_geometry_" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

// Drives on levels with bends; stopes of 2 · 20 · 38 faces between them.
void write_plans(const std::filesystem::path& folder) {
  std::mt19937_64 engine(17);
  const auto dice = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine); };
  std::ofstream drives(folder / "drives.csv"), stopes(folder / "stopes.obj");
  drives << "name,x,y,z\n";
  for (int i = 0; i < 100; ++i)
    for (int k = 0; k < 6; ++k)
      drives << fmt::format("drive_{},{},{:.3f},{}\n", i, 60 * k, 12 * (i % 20) + dice(-4, 4), -2000 - 40 * (i / 20) + 1.5 * k);
  constexpr int n = 20;
  for (int i = 0; i < 50; ++i) {
    const double a = dice(4, 9), b = dice(0, 0.4);
    stopes << fmt::format("o stope_{}\n", i);
    const int first = 1 + i * (2 * n * (n - 1) + 2);
    const auto add = [&](double polar, double round) {
      const Vector3 d = {std::sin(polar) * std::cos(round), std::sin(polar) * std::sin(round), std::cos(polar)};
      const double r = a * (1 + b * d[0] * d[2] + 0.5 * d[2] * d[2]);
      stopes << fmt::format("v {:.6f} {:.6f} {:.6f}\n", 30 + 30 * (i % 10) + r * d[0], 40 * (i / 10) + r * d[1], -2020 - 40 * (i % 5) + r * d[2]);
    };
    add(0, 0);
    add(M_PI, 0);
    for (int p = 1; p < n; ++p)
      for (int q = 0; q < 2 * n; ++q) add(M_PI * p / n, M_PI * q / n);
    const auto at = [&](int p, int q) { return first + 2 + (p - 1) * 2 * n + q % (2 * n); };
    for (int q = 0; q < 2 * n; ++q) {
      stopes << fmt::format("f {} {} {}\nf {} {} {}\n", first, at(1, q), at(1, q + 1), first + 1, at(n - 1, q + 1), at(n - 1, q));
      for (int p = 1; p + 1 < n; ++p) stopes << fmt::format("f {} {} {} {}\n", at(p, q), at(p + 1, q), at(p + 1, q + 1), at(p, q + 1));
    }
  }
}

Scene read_plans(const std::filesystem::path& folder) {
  write_plans(folder);
  input::Named<run::SolidInput> solids;
  run::SweepsSolid drives;
  drives.profile.value = run::HorseshoeProfile{.width = 5, .height = 5};
  drives.file = "drives.csv";
  run::FileSolids stopes;
  stopes.file = "stopes.obj";
  solids.entries.emplace_back("drives", run::SolidInput{drives});
  solids.entries.emplace_back("stopes", run::SolidInput{stopes});
  return run::make_scene(solids, {{}, folder.string(), {{-1000, -1000, -3000}, {1000, 1000, 0}}, {"*"}, nullptr});
}

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
  const Scene scene = read_plans(folder.path);
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
