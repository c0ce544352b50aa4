// A synthetic mine as plan files, and the scene that reading them makes.
#pragma once
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>

#include "run/geometry.hpp"

namespace winze {

/// Temporary; removed with its files.
struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("winze_bench_geometry_" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

// 100 drives of 5 steps on levels, with bends; 50 stopes of 2 · 20 · 38 faces between them.
inline void write_plans(const std::filesystem::path& folder, double step) {
  std::mt19937_64 engine(17);
  const auto dice = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine); };
  std::ofstream drives(folder / "drives.csv"), stopes(folder / "stopes.obj");
  drives << "name,x,y,z\n";
  for (int i = 0; i < 100; ++i)
    for (int k = 0; k < 6; ++k)
      drives << fmt::format("drive_{},{},{:.3f},{}\n", i, step * k, 12 * (i % 20) + dice(-4, 4), -2000 - 40 * (i / 20) + 1.5 * k);
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

inline geometry::Scene read_plans(const std::filesystem::path& folder, double step) {
  write_plans(folder, step);
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

}  // namespace winze
