#include "geometry/scene.hpp"

#include "base/error.hpp"
#include "contract.hpp"
#include "geometry/primitives.hpp"
#include "geometry/sheet.hpp"
#include "mine.hpp"

using namespace winze;
using namespace winze::geometry;

TEST(Scene, TreeAgreesWithAskingEveryPart) {
  const Scene scene = mine(100, 50, 6);
  Dice dice(1);
  Box all;
  for (Index i = 0; i < scene.size(); ++i) all.add(scene[i].solid->box());
  std::vector<Index> held, near;
  std::vector<Scene::Met> met;
  int n_held = 0, n_cut = 0, n_near = 0;
  for (int i = 0; i < 1500; ++i) {
    const Vector3 x = dice.in(all);
    const double h = dice(0.5, 10);
    const Box cell = {x, x + Vector3{h, h, h}};
    scene.holding(x, held);
    scene.candidates(cell, near);
    scene.meet(cell, near, met);
    const Scene::Near wall = scene.nearest(x, 15);
    Index top = -1;
    double nearest = 15;
    std::size_t at_held = 0, at_met = 0;
    for (Index p = 0; p < scene.size(); ++p) {
      const Solid& solid = *scene[p].solid;
      const bool in = solid.inside(x);
      if (in) {
        ASSERT_LT(at_held, held.size());
        ASSERT_EQ(held[at_held++], p);
        if (top < 0 || scene.over(p, top)) top = p;
      }
      nearest = std::min(nearest, std::abs(solid.distance(x)));
      const Side side = scene.side(p, cell);
      if (side != Side::outside) {
        ASSERT_TRUE(std::binary_search(near.begin(), near.end(), p) || side == Side::cut);  // the sphere reaches past the cell's corners
        if (!std::binary_search(near.begin(), near.end(), p)) continue;
        ASSERT_EQ(met[at_met].part, p);
        ASSERT_EQ(met[at_met++].side, side);
        n_cut += side == Side::cut;
        for (int k = 0; side == Side::inside && k < 8; ++k) {
          ASSERT_TRUE(solid.inside(dice.in(cell)));
        }
      } else {
        for (int k = 0; solid.box().overlaps(cell) && k < 8; ++k) {
          ASSERT_FALSE(solid.inside(dice.in(cell)));
        }
      }
    }
    ASSERT_EQ(at_held, held.size());
    ASSERT_EQ(at_met, met.size());
    ASSERT_EQ(scene.top(x), top);
    if (nearest < 15) {
      ASSERT_NEAR(std::abs(wall.wall.distance), nearest, 1e-9);
      ASSERT_NEAR(scene[wall.part].solid->distance(x), wall.wall.distance, 1e-9);
    } else {
      ASSERT_EQ(wall.part, -1);
    }
    n_held += !held.empty();
    n_near += wall.part >= 0;
  }
  EXPECT_GT(n_held, 20);
  EXPECT_GT(n_cut, 50);
  EXPECT_GT(n_near, 300);
}

TEST(Scene, PriorityThenOrder) {
  const auto box = [](double low, double high) { return std::make_shared<Cuboid>(Vector3{low, 0, 0}, Vector3{high, 1, 1}); };
  const Scene scene({{"drive", box(0, 4), 1}, {"dyke", box(1, 5), 0}, {"ore", box(2, 6), 0}});
  EXPECT_EQ(scene.top({0.5, 0.5, 0.5}), 0);
  EXPECT_EQ(scene.top({2.5, 0.5, 0.5}), 0) << "an excavation holds over rock that is named later";
  EXPECT_EQ(scene.top({4.5, 0.5, 0.5}), 2) << "later over earlier";
  EXPECT_EQ(scene.top({5.5, 0.5, 0.5}), 2);
  EXPECT_EQ(scene.top({6.5, 0.5, 0.5}), -1);
  EXPECT_EQ(scene.find("ore"), 2);
  EXPECT_EQ(scene.find("gold"), -1);
  EXPECT_THROW(Scene({{"a", box(0, 1), 0}, {"a", box(2, 3), 0}}), InputError);
}

TEST(Scene, ThicknessAndPillars) {
  const Scene scene({{"slot", std::make_shared<Cuboid>(Vector3{0, 0, 0}, Vector3{100, 50, 1.2}), 1},
                     {"drive", std::make_shared<Sweep>(cylinder({-10, 25, 6.2}, {110, 25, 6.2}, 2)), 1}});
  const Scene::Near roof = scene.nearest({50, 25, 1.5});
  EXPECT_EQ(roof.part, 0);
  EXPECT_NEAR(thickness(*scene[0].solid, roof.wall, 100), 1.2, 1e-3);
  EXPECT_NEAR(scene.pillar(roof.wall, 100), 3, 1e-3);  // 6.2 − 2 − 1.2
  EXPECT_NEAR(scene.pillar(scene.nearest({50, 25, -0.5}).wall, 100), 100, 1e-9) << "nothing below";
}

namespace {

// A surface over n × n squares with a given height.
Triangles carpet(const Vector3& low, const Vector3& high, int n, const std::function<double(double, double)>& z) {
  Triangles t;
  for (int j = 0; j <= n; ++j)
    for (int i = 0; i <= n; ++i) {
      const double x = low[0] + (high[0] - low[0]) * i / n, y = low[1] + (high[1] - low[1]) * j / n;
      t.points.push_back({x, y, z(x, y)});
    }
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) {
      const Index a = j * (n + 1) + i, b = a + 1, c = a + n + 1, d = c + 1;
      t.faces.insert(t.faces.end(), {{a, b, d}, {c, a, d}});
    }
  return t;
}

}  // namespace

TEST(Sheet, PlaneInClosedForm) {
  const Box block = {{0, 0, -100}, {40, 40, 10}};
  Triangles plane = carpet({-10, -10, 0}, {50, 50, 0}, 6, [](double x, double y) { return -20 + 0.75 * x - 0.0 * y; });
  for (std::size_t i = 0; i < plane.faces.size(); i += 3) std::swap(plane.faces[i][0], plane.faces[i][1]);  // any orientation
  Triangles loose;  // as STL and 3DFACE have it: no corner is shared
  for (const Face& f : plane.faces) {
    const Index n = Index(loose.points.size());
    for (Index p : f) loose.points.push_back(plane.points[p]);
    loose.faces.push_back({n, n + 1, n + 2});
  }
  const Sheet sheet(loose, block);
  EXPECT_NEAR(sheet.height(12, 7), -11, 1e-12);
  EXPECT_TRUE(sheet.inside({12, 7, -11.5}));
  EXPECT_TRUE(sheet.above({12, 7, -10.5}));
  EXPECT_NEAR(sheet.distance({12, 7, -6}), 4, 1e-12);  // 5 m upright over a slope of 3 in 4
  EXPECT_NEAR(sheet.distance({12, 7, -16}), -4, 1e-12);
  EXPECT_NEAR(sheet.volume(), 40 * 40 * (100 - 20 + 15), 1e-6);
  EXPECT_NEAR(sheet.area(), 40 * 40 * 1.25, 1e-6);
  const Scene scene({{"below", std::make_shared<Sheet>(sheet), 0}});
  EXPECT_EQ(scene.top({12, 7, -16}), 0);
  EXPECT_EQ(scene.top({12, 7, -6}), -1);
}

TEST(Sheet, RefusesWhatHasNoHeight) {
  const Box block = {{0, 0, -100}, {40, 40, 10}};
  const auto refused = [&](Triangles t, const std::string& word) {
    try {
      const Sheet sheet(std::move(t), block);
      ADD_FAILURE() << "accepted; expected: " << word;
    } catch (const InputError& e) {
      EXPECT_NE(std::string(e.what()).find(word), std::string::npos) << e.what();
    }
  };
  const auto flat = [](double, double) { return -5.0; };
  refused({}, "no face");
  refused(carpet({1, 1, 0}, {39, 39, 0}, 3, flat), "ends inside");
  refused(carpet({100, 100, 0}, {139, 139, 0}, 3, flat), "beside the block");
  refused(joined(carpet({-1, -1, 0}, {41, 41, 0}, 3, flat), carpet({-1, -1, 0}, {41, 41, 0}, 3, [](double, double) { return -9.0; })), "two heights");
  refused({{{0, 0, 0}, {40, 0, 0}, {40, 0, 10}}, {{0, 1, 2}}}, "upright");
  Triangles t = carpet({-1, -1, 0}, {41, 41, 0}, 3, flat);
  t.faces.erase(t.faces.begin() + 8, t.faces.begin() + 10);  // a hole in the middle
  refused(t, "ends inside");
}
