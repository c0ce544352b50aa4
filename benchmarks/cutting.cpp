// What does it cost to cut a cell, and how well are volume and wall kept? Cells of a quarter of the radius (of half the width where there is none)
// over whole solids, alone and where two of them meet; the baseline is the exact volume.
//
//   cutting [CELLS]        least number of cut cells per row, 2000 by default
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>

#include "base/error.hpp"
#include "base/session.hpp"
#include "geometry/primitives.hpp"
#include "geometry/sweep.hpp"
#include "geometry/triangle_mesh.hpp"
#include "mesh/cut_cell.hpp"

using namespace winze;
using namespace winze::geometry;

namespace {

using Solids = std::vector<std::shared_ptr<const Solid>>;

std::shared_ptr<const Solid> sweep(Profile profile, std::vector<Vector3> path) { return std::make_shared<Sweep>(std::move(profile), path); }

/// An ellipsoid-like stope of 2 · 2n · (n − 1) faces.
std::shared_ptr<const Solid> stope(const Vector3& at, double a, int n) {
  Triangles t;
  const auto add = [&](double polar, double round) {
    const Vector3 d = {std::sin(polar) * std::cos(round), std::sin(polar) * std::sin(round), std::cos(polar)};
    t.points.push_back(at + a * (1 + 0.3 * d[0] * d[2] + 0.5 * d[2] * d[2]) * d);
  };
  add(0, 0), add(M_PI, 0);
  for (int p = 1; p < n; ++p)
    for (int q = 0; q < 2 * n; ++q) add(M_PI * p / n, M_PI * q / n);
  const auto i = [&](int p, int q) { return Index(2 + (p - 1) * 2 * n + q % (2 * n)); };
  for (int q = 0; q < 2 * n; ++q) {
    t.faces.push_back({0, i(1, q), i(1, q + 1)}), t.faces.push_back({1, i(n - 1, q + 1), i(n - 1, q)});
    for (int p = 1; p + 1 < n; ++p)
      t.faces.push_back({i(p, q), i(p + 1, q), i(p + 1, q + 1)}), t.faces.push_back({i(p, q), i(p + 1, q + 1), i(p, q + 1)});
  }
  return std::make_shared<TriangleMesh>(t);
}

void row(const char* problem, const Solids& solids, double h, int least) {
  Box all;
  std::vector<const Solid*> pointers;
  double exact = 0;
  for (const auto& s : solids) all.add(s->box()), pointers.push_back(s.get()), exact += s->volume();
  const Vector3 low = all.low - Vector3{0.71 * h, 0.53 * h, 0.67 * h};
  std::vector<const Solid*> near;
  double volume = 0, seconds = 0, moments_missed = 0;
  long cut = 0, points = 0, walls = 0, pieces = 0, most = 0;
  for (int pass = 0; cut < least; ++pass) {
    volume = 0;
    for (double z = low[2]; z < all.high[2]; z += h)
      for (double y = low[1]; y < all.high[1]; y += h)
        for (double x = low[0]; x < all.high[0]; x += h) {
          const Box cell{{x, y, z}, {x + h, y + h, z + h}};
          near.clear();
          bool in = false;
          for (const Solid* s : pointers)
            if (s->nearest(cell.centre(), 0.5 * cell.diagonal()).patch >= 0)
              near.push_back(s);
            else
              in = in || s->inside(cell.centre());
          if (near.empty() || in) {
            if (in) volume += h * h * h;
            continue;
          }
          const std::clock_t start = std::clock();
          const mesh::CutCell c = mesh::cut_cell(cell, near, [](std::uint32_t inside) { return inside ? 1 : 0; });
          seconds += double(std::clock() - start) / CLOCKS_PER_SEC;
          double sum = 0;
          for (const auto& p : c.pieces) {
            points += long(p.points.size()), most = std::max(most, long(p.points.size())), sum += p.volume;
            if (p.label) volume += p.volume;
          }
          moments_missed = std::max(moments_missed, std::abs(sum / (h * h * h) - 1));
          ++cut, walls += long(c.walls.size()), pieces += long(c.pieces.size());
        }
  }
  std::printf(
      "{\"problem\": \"%s\", \"unknowns\": %ld, \"ranks\": 1, \"solve_s\": %.3g, \"us_per_cell\": %.0f, \"pieces_per_cell\": %.2f, "
      "\"points_per_piece\": "
      "%.1f, \"most_points\": %ld, \"walls_per_cell\": %.1f, \"error\": %.2e, \"baseline\": {\"error\": 1e-3}}\n",
      problem, cut, seconds, 1e6 * seconds / double(cut), double(pieces) / double(cut), double(points) / double(pieces), most,
      double(walls) / double(cut), volume / exact - 1);
}

void run_all(int n) {
  row("sphere", {std::make_shared<Sphere>(Vector3{0.13, 0.21, 0.17}, 2.5)}, 0.625, n);
  row("circular drive", {sweep(Profile::circle(5), {{0, 0, 0}, {15, 4, 1}})}, 0.625, n);
  row("horseshoe drive with bends", {sweep(Profile::horseshoe(5, 5), {{0, 0, 0}, {15, 4, 1}, {26, 18, 2}})}, 0.625, n);
  row("rectangular drive", {sweep(Profile::rectangle(5, 4), {{0, 0, 0}, {15, 4, 1}})}, 0.625, n);
  row("stope of 1520 faces", {stope({0, 0, 0}, 7, 20)}, 1.75, n);
  row("drive in cells of its radius", {sweep(Profile::horseshoe(5, 5), {{0, 0, 0}, {40, 4, 1}})}, 2.5, n);
}

}  // namespace

int main(int argc, char** argv) {
  Session session(argc, argv);
  try {
    const int n = argc > 1 ? std::atoi(argv[1]) : 2000;
    if (n < 1) throw InputError("usage: cutting [CELLS]");
    run_all(n);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.exit_code;
  }
}
