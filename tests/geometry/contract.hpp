// What every closed solid promises, checked on random points.
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "geometry/solid.hpp"

namespace winze::geometry {

struct Dice {
  std::mt19937_64 engine;
  explicit Dice(unsigned seed) : engine(seed) {}
  double operator()(double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine); }
  Vector3 in(const Box& b) { return {(*this)(b.low[0], b.high[0]), (*this)(b.low[1], b.high[1]), (*this)(b.low[2], b.high[2])}; }
  Vector3 direction() {
    for (;;) {
      const Vector3 x = {(*this)(-1, 1), (*this)(-1, 1), (*this)(-1, 1)};
      if (const double r = norm(x); r > 0.1 && r < 1) return unit(x);
    }
  }
};

// Distances are exact: the nearest point lies on the wall (upper bound), and no point of the other side is nearer (lower bound). `rounding`: length
// that coordinates of this size may lose.
inline void expect_contract(const Solid& solid, int n = 4000, double rounding = 1e-9, unsigned seed = 1) {
  Dice dice(seed);
  const Box tight = solid.box();
  const double size = tight.diagonal();
  const Box space = tight.grown(0.1 * size);
  std::vector<Vector3> points(n);
  std::vector<Wall> walls(n);
  for (int i = 0; i < n; ++i) {  // strewn, and close to the wall
    points[i] = dice.in(space);
    if (i % 2) points[i] = solid.nearest(points[i], Box::inf).point + dice(0, 0.03 * size) * dice.direction();
  }
  solid.nearest(points, walls);
  int in = 0, beyond = 0, straight = 0, aligned = 0;
  for (int i = 0; i < n; ++i) {
    const Wall& w = walls[i];
    ASSERT_GE(w.patch, 0);
    ASSERT_LT(w.patch, solid.n_patches());
    const bool inside = solid.inside(points[i]);
    in += inside;
    beyond += inside && !tight.grown(rounding).contains(points[i]);
    ASSERT_EQ(inside, w.distance < 0) << "distance " << w.distance;
    ASSERT_NEAR(norm(points[i] - w.point), std::abs(w.distance), rounding);
    ASSERT_NEAR(norm(w.normal), 1, 1e-12);
    ASSERT_NEAR(solid.distance(points[i]), w.distance, rounding) << "the batch differs from the single query";
    ASSERT_NEAR(solid.distance(w.point), 0, 10 * rounding) << "the nearest point does not lie on the wall";
    ASSERT_EQ(solid.nearest(points[i], 0.9 * std::abs(w.distance)).patch, -1);
    ASSERT_EQ(solid.nearest(points[i], 1.1 * std::abs(w.distance)).patch >= 0, true);
    const double probe = 1e-5 * size;  // from an edge or a rim the wall looks back under an angle
    if (norm(cross(points[i] - w.point, w.normal)) > 1e-6 * std::abs(w.distance)) continue;
    ++aligned;
    straight += solid.inside(w.point - probe * w.normal) && !solid.inside(w.point + probe * w.normal);
  }
  EXPECT_GT(in, 0);
  EXPECT_EQ(beyond, 0);
  EXPECT_GT(aligned, 0.05 * n);
  EXPECT_GT(straight, 0.95 * aligned - 4) << "normals do not point out of the solid";  // the rest is nearer to a crease than the probe
  for (int i = 0; i + 1 < n; ++i) {
    const double way = norm(points[i] - points[i + 1]), a = walls[i].distance, b = walls[i + 1].distance;
    ASSERT_LE(std::abs(a - b), way + rounding) << "not 1-Lipschitz";
    if (a * b < 0) {
      ASSERT_LE(std::abs(a), way + rounding);
    }
    const Vector3 y = points[i] + (0.999 * std::abs(a)) * dice.direction();  // the ball of the distance holds no other side
    ASSERT_EQ(solid.inside(y), a < 0) << "distance " << a << " is too large";
  }
}

// Hits in a box of known volume; five standard deviations.
inline void expect_volume(const Solid& solid, int n = 200000, unsigned seed = 2) {
  Dice dice(seed);
  const Box b = solid.box();
  const Vector3 e = b.high - b.low;
  const double all = e[0] * e[1] * e[2];
  int hits = 0;
  for (int i = 0; i < n; ++i) hits += solid.inside(dice.in(b));
  const double p = solid.volume() / all;
  EXPECT_NEAR(hits, n * p, 5 * std::sqrt(n * p * (1 - p)) + 1);
}

// Minkowski: the volume of the layer of thickness t round the wall tends to 2 t area; edges add terms of order t².
inline void expect_area(const Solid& solid, double t, double relative, int n = 200000, unsigned seed = 3) {
  Dice dice(seed);
  const Box b = solid.box().grown(t);
  const Vector3 e = b.high - b.low;
  int hits = 0;
  for (int i = 0; i < n; ++i) hits += solid.nearest(dice.in(b), t).patch >= 0;
  const double measured = hits * e[0] * e[1] * e[2] / n / (2 * t);
  EXPECT_NEAR(measured, solid.area(), relative * solid.area());
}

}  // namespace winze::geometry
