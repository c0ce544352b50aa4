// Cells cut by solids: moments, volumes, areas, pieces.
#include "mesh/cut_cell.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "geometry/primitives.hpp"
#include "geometry/sweep.hpp"

using namespace winze;
using namespace winze::mesh;
using geometry::Box;

namespace {

constexpr double pi = std::numbers::pi;

int first_that_holds(std::uint32_t inside) {
  for (int i = 0; i < 32; ++i)
    if (inside >> i & 1) return i + 1;
  return 0;
}

/// Sums over a block of n³ cells of edge h from `low`.
struct Sums {
  std::vector<double> volume = std::vector<double>(8, 0.0);
  double area = 0;
  Vector3 closed{};  ///< ∫ n dA
  std::size_t most_points = 0, cut = 0;
};
Sums sum(const Vector3& low, double h, int n, const std::vector<const geometry::Solid*>& solids, const CutOptions& options = {}) {
  Sums s;
  for (int k = 0; k < n; ++k)
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < n; ++i) {
        const Vector3 a = {low[0] + i * h, low[1] + j * h, low[2] + k * h};
        const CutCell c = cut_cell({a, {a[0] + h, a[1] + h, a[2] + h}}, solids, first_that_holds, options);
        double whole = 0;
        for (const auto& p : c.pieces) {
          s.volume[std::size_t(p.label)] += p.volume, whole += p.volume;
          double weights = 0;
          for (const WeightedPoint& q : p.points) {
            EXPECT_GT(q.weight, 0);
            EXPECT_LE(std::max({std::abs(q.at[0]), std::abs(q.at[1]), std::abs(q.at[2])}), 1.0);
            weights += q.weight;
          }
          EXPECT_NEAR(weights, p.volume, 1e-12 * p.volume + 1e-300);
          if (options.compressed) s.most_points = std::max(s.most_points, p.points.size());
        }
        EXPECT_NEAR(whole, h * h * h, 1e-12 * h * h * h);
        s.cut += c.pieces.size() > 1;
        for (const auto& w : c.walls) {
          s.area += w.area;
          for (int d = 0; d < 3; ++d) s.closed[std::size_t(d)] += w.area * w.normal[std::size_t(d)];
        }
      }
  return s;
}

}  // namespace

TEST(Compress, KeepsAllMomentsWithFewPositiveWeights) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> u(-1, 1), w(0.1, 1);
  std::vector<WeightedPoint> points(5000);
  for (WeightedPoint& p : points) p = {{u(random), u(random), u(random)}, w(random)};
  std::sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  for (int degree : {1, 3, 5}) {
    const auto few = compress(points, degree);
    EXPECT_LE(int(few.size()), (degree + 1) * (degree + 2) * (degree + 3) / 6);
    const auto all = moments(points, degree), kept = moments(few, degree);
    for (std::size_t k = 0; k < all.size(); ++k) EXPECT_NEAR(kept[k], all[k], 1e-12 * all[0]) << degree << " " << k;
    for (const WeightedPoint& p : few) EXPECT_GT(p.weight, 0);
    // Negative control: they are not exact beyond their degree.
    const auto beyond = moments(points, degree + 2), missed = moments(few, degree + 2);
    double worst = 0;
    for (std::size_t k = 0; k < beyond.size(); ++k) worst = std::max(worst, std::abs(beyond[k] - missed[k]) / beyond[0]);
    EXPECT_GT(worst, 1e-4);
  }
}

// The pieces of a cell integrate together what the cell does: constant stress stays in balance across any cut.
TEST(CutCell, PiecesAddUpToTheCell) {
  const geometry::Sphere a({0.31, 0.22, 0.47}, 0.4), b({0.8, 0.6, 0.5}, 0.35);
  const CutCell c = cut_cell({{0, 0, 0}, {1, 1, 1}}, std::vector<const geometry::Solid*>{&a, &b}, first_that_holds);
  ASSERT_EQ(c.pieces.size(), 3u);
  std::vector<WeightedPoint> all;
  for (const auto& p : c.pieces) {
    EXPECT_LE(p.points.size(), 56u);
    all.insert(all.end(), p.points.begin(), p.points.end());
  }
  const auto m = moments(all, 5);
  EXPECT_NEAR(m[0], 1, 1e-13);
  for (std::size_t k = 1; k < m.size(); ++k) EXPECT_NEAR(m[k], 0, 1e-13);  // Legendre products have no mean over the cube
}

// Volume and area of a ball at any position: planes within a cell neither add nor take volume in the mean.
TEST(CutCell, VolumesAndAreasOfRoundSolids) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> u(0, 0.5);
  for (int i = 0; i < 2; ++i) {
    const geometry::Sphere ball({1 + u(random), 1 + u(random), 1 + u(random)}, 0.8);
    for (double h : {0.5, 0.25}) {  // 0.6 and 0.3 radii
      const Sums s = sum({0, 0, 0}, h, int(3 / h), {&ball});
      EXPECT_NEAR(s.volume[0] + s.volume[1], 27, 1e-10);
      EXPECT_NEAR(s.volume[1] / ball.volume(), 1, h > 0.3 ? 1e-3 : 1e-4);
      EXPECT_NEAR(s.area / ball.area(), 1, 6e-3);
      EXPECT_LE(s.most_points, 56u);
      for (double d : s.closed) EXPECT_NEAR(d, 0, 1e-3 * ball.area());
    }
  }
}

// Creases between plane and curved walls: floor and roof of a drive, its end faces, at cells of half of the roof's radius.
TEST(CutCell, CreasesOfDrives) {
  const Vector3 path[] = {{0.37, 0.41, 0.52}, {2.4, 2.1, 0.8}};
  for (const geometry::Profile& profile :
       {geometry::Profile::horseshoe(1, 1.1), geometry::Profile::d_shape(1.2, 1, 0.7), geometry::Profile::circle(1)}) {
    const geometry::Sweep drive(profile, path);
    const Sums s = sum({-0.33, -0.33, -0.33}, 0.25, 14, {&drive});
    EXPECT_NEAR(s.volume[1] / drive.volume(), 1, 1e-3);
    EXPECT_NEAR(s.area / drive.area(), 1, 5e-3);
    for (double d : s.closed) EXPECT_NEAR(d, 0, 1e-3 * drive.area());
    EXPECT_LE(s.most_points, 56u);
  }
}

// Negative control: a lattice too coarse for the curvature is seen in the volume.
TEST(CutCell, TooFewBoxesMissVolume) {
  const geometry::Sphere ball({0.9, 1.1, 1.03}, 0.8);
  const Sums s = sum({0, 0, 0}, 1, 2, {&ball}, {.depth = 0});
  EXPECT_GT(std::abs(s.volume[1] / ball.volume() - 1), 5e-3);
}

// A cube that is not aligned with the cells: walls are planes, so that everything is exact, edges and corners too.
TEST(CutCell, EdgesAndPatchesOfABox) {
  const geometry::Cuboid box({0.53, 0.61, 0.47}, {1.52, 1.43, 1.71});
  const Sums s = sum({0, 0, 0}, 0.5, 4, {&box});
  EXPECT_NEAR(s.volume[1], box.volume(), 1e-13);
  EXPECT_NEAR(s.area, box.area(), 1e-12);
  for (double d : s.closed) EXPECT_NEAR(d, 0, 1e-13);
  const CutCell c = cut_cell({{0.5, 0.5, 0.25}, {1, 1, 0.75}}, std::vector<const geometry::Solid*>{&box}, first_that_holds);
  std::vector<int> patches;
  for (const auto& w : c.walls) patches.push_back(w.patch);
  std::sort(patches.begin(), patches.end());
  patches.erase(std::unique(patches.begin(), patches.end()), patches.end());
  EXPECT_EQ(patches, (std::vector<int>{0, 2, 4}));  // x low, y low, z low
  for (const auto& w : c.walls) EXPECT_NEAR(box.distance(w.position), 0, 1e-12);
}

// A slot through a cell leaves two pieces of rock, its ends within the cell leave one.
TEST(CutCell, SlotPartsTheRock) {
  const geometry::Cuboid through({-1, -1, 0.4}, {2, 2, 0.55}), blind({-1, -1, 0.4}, {0.6, 2, 0.55});
  for (const geometry::Cuboid* slot : {&through, &blind}) {
    const CutCell c = cut_cell({{0, 0, 0}, {1, 1, 1}}, std::vector<const geometry::Solid*>{slot}, first_that_holds);
    int rock = 0, air = 0;
    for (const auto& p : c.pieces) (p.label == 0 ? rock : air) += 1;
    EXPECT_EQ(air, 1);
    EXPECT_EQ(rock, slot == &through ? 2 : 1);
    for (const auto& w : c.walls) {
      ASSERT_GE(w.inside, 0);
      ASSERT_GE(w.outside, 0);
      EXPECT_EQ(c.pieces[std::size_t(w.inside)].label, 1);
      EXPECT_EQ(c.pieces[std::size_t(w.outside)].label, 0);
      if (slot == &through) {
        // The wall's rock lies on its own side of the slot.
        double z = 0;
        for (const WeightedPoint& q : c.pieces[std::size_t(w.outside)].points) z += q.weight * q.at[2];
        EXPECT_GT(w.normal[2] * z, 0);
      }
    }
  }
}

// Two solids that overlap: walls of one inside the other part nothing when the label is the same on both sides.
TEST(CutCell, WallsWithinALabelAreLeftOut) {
  const geometry::Sphere a({0.4, 0.5, 0.5}, 0.3), b({0.6, 0.5, 0.5}, 0.3);
  const std::vector<const geometry::Solid*> both = {&a, &b};
  const auto one = [](std::uint32_t inside) { return inside ? 1 : 0; };
  double area = 0, expected = 2 * 2 * pi * 0.3 * (0.3 + 0.1);  // two caps of height r + d/2
  for (const auto& w : cut_cell({{0, 0, 0}, {1, 1, 1}}, both, one, {.depth = 4}).walls) area += w.area;
  EXPECT_NEAR(area, expected, 0.02 * expected);
}
