#include "geometry/triangle_mesh.hpp"

#include <numbers>

#include "base/error.hpp"
#include "contract.hpp"
#include "geometry/primitives.hpp"
#include "shapes.hpp"

using namespace winze;
using namespace winze::geometry;
using std::numbers::pi;

namespace {

Triangles potato(int n = 12) {
  return ball_shape(
      {0, 0, 0}, [](const Vector3& d) { return 10 * (1 + 0.3 * d[0] * d[1] + 0.2 * d[2] * d[2] * d[2]); }, n);
}
double exact_winding(const Triangles& t, const Vector3& x) {
  double sum = 0;
  for (const Face& f : t.faces) {
    SolidAngle one;
    one.add(x, t.points[f[0]], t.points[f[1]], t.points[f[2]]);
    sum += one.winding();
  }
  return sum;
}

}  // namespace

TEST(TriangleMesh, BoxAgreesWithTheFormula) {
  const TriangleMesh mesh(box_shape({1, 2, 3}, {4, 9, 5}));
  const Cuboid box({1, 2, 3}, {4, 9, 5});
  EXPECT_FALSE(mesh.damage().found()) << mesh.damage().text();  // corners that faces do not share are welded
  EXPECT_NEAR(mesh.volume(), box.volume(), 1e-12);
  EXPECT_NEAR(mesh.area(), box.area(), 1e-12);
  EXPECT_EQ(mesh.n_patches(), 6);
  Dice dice(1);
  for (int i = 0; i < 5000; ++i) {
    const Vector3 x = dice.in(box.box().grown(3));
    ASSERT_NEAR(mesh.distance(x), box.distance(x), 1e-12);
  }
  expect_contract(mesh);
}

TEST(TriangleMesh, TorusAndPotatoKeepTheContract) {
  const TriangleMesh torus(torus_shape(5, 2, 48, 24));
  EXPECT_NEAR(torus.volume(), 2 * pi * pi * 5 * 4, 0.02 * torus.volume());  // inscribed: (sin α)/α of 24 and 48 corners
  expect_contract(torus, 1000);
  expect_volume(torus, 50000);
  EXPECT_EQ(torus.n_patches(), 1);
  const TriangleMesh stone(potato());
  expect_contract(stone, 1000);
  expect_volume(stone, 50000);
}

// Needles, plates and spikes, every third with an edge that meets two on its other side: sides agree with the exact sum of winding numbers.
TEST(TriangleMesh, SpikyAndThinSolidsKeepTheContract) {
  Dice dice(5);
  for (int round = 0; round < 24; ++round) {
    Triangles t = ball_shape(
        {0, 0, 0}, [&](const Vector3&) { return dice(2, 10); }, 3 + round % 6);
    const Vector3 scale = {1, dice(0.01, 1), dice(0.01, 1)};
    for (Vector3& x : t.points)
      for (int d = 0; d < 3; ++d) x[d] *= scale[d];
    if (round % 3 == 0) {
      const Face f = t.faces[5];
      const Index n = Index(t.points.size());
      t.points.push_back(0.5 * (t.points[f[0]] + t.points[f[1]]));
      t.faces[5] = {f[0], n, f[2]};
      t.faces.push_back({n, f[1], f[2]});
    }
    const TriangleMesh mesh(t);
    EXPECT_EQ(mesh.damage().sound(), round % 3 != 0);
    EXPECT_EQ(mesh.damage().seams.count, round % 3 == 0);
    expect_contract(mesh, 200, 1e-7, unsigned(round));
    expect_volume(mesh, 3000, unsigned(round));
    for (int i = 0; i < 50; ++i) {
      const Vector3 x = dice.in(mesh.box());
      ASSERT_EQ(exact_winding(t, x) > 0.5, mesh.inside(x));
    }
    if (HasFailure()) FAIL() << "round " << round << ": " << mesh.damage().text();
  }
}

// Spheres and cylinders of many facets: the curvature that cells are sized by.
TEST(TriangleMesh, RadiusOfCurvatureFromFacets) {
  const TriangleMesh ball(ball_shape(
      {0, 0, 0}, [](const Vector3&) { return 3.0; }, 24));
  Dice dice(5);
  for (int i = 0; i < 200; ++i) ASSERT_NEAR(ball.nearest(4.0 * dice.direction(), Box::inf).curvature_radius, 3, 0.1);
  const TriangleMesh torus(torus_shape(5, 2, 96, 48));  // 2 everywhere but on the inner equator, where −3 and 2 meet: still 2
  for (int i = 0; i < 200; ++i) ASSERT_NEAR(torus.nearest(dice.in(torus.box()), Box::inf).curvature_radius, 2, 0.1);
}

// The hierarchy with dipoles against the plain sum, on a surface with a hole, where no rounding to whole numbers helps.
TEST(Winding, HierarchyAgreesWithTheSum) {
  Triangles open = potato(16);
  open.faces.resize(open.faces.size() - 60);
  const Winding winding(open);
  Dice dice(2);
  double worst = 0;
  for (int i = 0; i < 3000; ++i) {
    const Vector3 x = dice.in({{-20, -20, -20}, {20, 20, 20}});
    worst = std::max(worst, std::abs(winding(x) - exact_winding(open, x)));
  }
  EXPECT_LT(worst, 0.02);
  RecordProperty("worst", std::to_string(worst));
}

TEST(Repair, TurnedFacesLookOutwardAgain) {
  Triangles t = potato();
  const double volume = t.enclosed();
  Dice dice(3);
  int turned = 0;
  for (Face& f : t.faces)
    if (dice(0, 1) < 0.3) std::swap(f[0], f[1]), ++turned;
  const TriangleMesh mesh(t);
  EXPECT_EQ(mesh.damage().inverted.count, turned);
  EXPECT_TRUE(mesh.damage().sound());
  EXPECT_DOUBLE_EQ(mesh.volume(), volume);
  for (Face& f : t.faces) std::swap(f[0], f[1]);
  EXPECT_DOUBLE_EQ(TriangleMesh(t).volume(), volume) << "wholly inside out";
}

TEST(Repair, DuplicatesAndDegeneratesGo) {
  Triangles t = potato();
  const std::size_t n = t.faces.size();
  const double volume = t.enclosed();
  for (int i = 0; i < 7; ++i) t.faces.push_back(t.faces[std::size_t(i * 11)]);
  t.faces.push_back({5, 5, 9});
  t.points.push_back(t.points[20]);
  t.faces.push_back({20, 21, Index(t.points.size()) - 1});
  const TriangleMesh mesh(t);
  EXPECT_EQ(mesh.damage().duplicate.count, 7);
  EXPECT_EQ(mesh.damage().degenerate.count, 2);
  EXPECT_EQ(mesh.triangles().faces.size(), n);
  EXPECT_TRUE(mesh.damage().sound());
  EXPECT_DOUBLE_EQ(mesh.volume(), volume);
}

TEST(Repair, SmallHolesAreClosedAndReported) {
  Triangles t = potato(16);
  const double volume = t.enclosed();
  const Face gone = t.faces[200];
  t.faces.erase(t.faces.begin() + 200, t.faces.begin() + 202);
  t.faces.erase(t.faces.begin() + 400);
  const TriangleMesh mesh(t);
  EXPECT_EQ(mesh.damage().holes.count, 2);
  bool first_named = false;
  for (Index p : gone) first_named = first_named || norm(t.points[p] - mesh.damage().holes.place) < 1e-9;
  const TriangleMesh whole{potato(16)};
  EXPECT_GT(mesh.damage().closedness, 0.9);
  EXPECT_NEAR(mesh.volume(), volume, 0.005 * volume);
  Dice dice(4);
  for (int i = 0; i < 3000; ++i) {
    const Vector3 x = dice.in(whole.box());
    if (std::abs(whole.distance(x)) > 0.4) {  // the chord of the closing faces
      ASSERT_EQ(mesh.inside(x), whole.inside(x));
    }
  }
  EXPECT_NE(mesh.damage().text().find("2 holes closed"), std::string::npos);
}

TEST(Repair, OverlapsCountOnceAndInnerFacesAreNoWall) {
  const Triangles two = joined(box_shape({0, 0, 0}, {4, 4, 4}, 2), box_shape({2.1, 1.1, 1.2}, {7, 3, 3.3}, 2));
  const TriangleMesh mesh(two);
  EXPECT_GT(mesh.damage().intersections.count, 0);
  EXPECT_EQ(mesh.damage().pieces, 2);
  const double both = 64 + 4.9 * 1.9 * 2.1 - 1.9 * 1.9 * 2.1;
  EXPECT_NEAR(mesh.volume(), both, 0.003 * both);
  const Cuboid a({0, 0, 0}, {4, 4, 4}), b({2.1, 1.1, 1.2}, {7, 3, 3.3});
  Dice dice(6);
  for (int i = 0; i < 5000; ++i) {
    const Vector3 x = dice.in(mesh.box().grown(1));
    const double d = mesh.distance(x), exact = std::min(a.distance(x), b.distance(x));
    ASSERT_EQ(d < 0, exact < 0);
    if (exact > 0) {
      ASSERT_NEAR(d, exact, 1e-9);
    }
  }
}

TEST(Repair, CavityStaysACavityAndASharedWallVanishes) {
  Triangles hole = box_shape({1, 1, 1}, {2, 2, 2}, 1);
  for (Face& f : hole.faces) std::swap(f[0], f[1]);
  const TriangleMesh hollow(joined(box_shape({0, 0, 0}, {4, 4, 4}, 2), hole));
  EXPECT_NEAR(hollow.volume(), 63, 1e-12);
  EXPECT_FALSE(hollow.inside({1.5, 1.5, 1.5}));
  const TriangleMesh pair(joined(box_shape({0, 0, 0}, {1, 1, 1}, 1), box_shape({1, 0, 0}, {2, 1, 1}, 1)));
  EXPECT_NEAR(pair.volume(), 2, 1e-12);
  EXPECT_NEAR(pair.distance({1, 0.5, 0.5}), -0.5, 1e-12);
  EXPECT_EQ(pair.damage().duplicate.count, 4);
}

// Modelling programs leave walls between the blocks of a stope, and fins outside: neither is a wall of the solid.
TEST(Repair, InnerWallsAndFinsAreNoWall) {
  const Triangles box = box_shape({0, 0, 0}, {4, 4, 4}, 2);
  const Triangles wall = {{{0, 0, 2}, {2, 0, 2}, {4, 0, 2}, {4, 2, 2}, {4, 4, 2}, {2, 4, 2}, {0, 4, 2}, {0, 2, 2}, {2, 2, 2}},
                          {{0, 1, 8}, {1, 2, 8}, {2, 3, 8}, {3, 4, 8}, {4, 5, 8}, {5, 6, 8}, {6, 7, 8}, {7, 0, 8}}};
  const Triangles fin = {{{4, 0, 2}, {4, 2, 2}, {6, 0, 2}}, {{0, 1, 2}}};
  for (const Triangles& extra : {wall, fin}) {
    const TriangleMesh mesh(joined(box, extra));
    EXPECT_EQ(mesh.damage().loose.count, int(extra.faces.size()));
    EXPECT_TRUE(mesh.damage().sound()) << mesh.damage().text();
    EXPECT_NEAR(mesh.volume(), 64, 1e-9);
    EXPECT_NEAR(mesh.area(), 96, 1e-9);
    EXPECT_NEAR(mesh.distance({2, 2, 2.1}), -1.9, 1e-9) << mesh.damage().text();
    EXPECT_NEAR(mesh.distance({5, 0.5, 2.1}), 1, 1e-9);
  }
}

TEST(Repair, AMillionMetresAway) {
  const Vector3 far = {1e6, 7e6, -2500};
  const TriangleMesh here{potato()}, there(moved(potato(), far));
  EXPECT_NEAR(there.volume(), here.volume(), 1e-6 * here.volume());
  Dice dice(8);
  for (int i = 0; i < 2000; ++i) {
    const Vector3 x = dice.in(here.box().grown(2));
    ASSERT_NEAR(there.distance(x + far), here.distance(x), 1e-8);
  }
}

TEST(Repair, RefusesWhatHasNoInside) {
  const auto refused = [](Triangles t, const std::string& word) {
    try {
      const TriangleMesh mesh(std::move(t));
      ADD_FAILURE() << "accepted: " << mesh.damage().text() << "; expected: " << word;
    } catch (const InputError& e) {
      EXPECT_NE(std::string(e.what()).find(word), std::string::npos) << e.what();
      EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    }
  };
  refused({}, "no face");
  refused({{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}, {{0, 1, 2}}}, "faces are left");
  Triangles t = potato();
  t.points[9][1] = std::nan("");
  refused(t, "not a number");
  t = potato();
  t.faces[3][1] = 1 << 20;
  refused(t, "names corner");
  t = box_shape({0, 0, 0}, {1, 1, 1}, 1);
  for (Vector3& x : t.points) x[2] = 0;
  refused(t, "left");
  t = box_shape({0, 0, 0}, {4, 4, 4}, 4);
  t.faces.resize(t.faces.size() - 32);  // a whole side
  refused(t, "cannot be told apart");
  Triangles band;  // Möbius
  for (int i = 0; i < 20; ++i) {
    const double a = 2 * pi * i / 20;
    for (double s : {-1.0, 1.0})
      band.points.push_back({(5 + s * std::cos(a / 2)) * std::cos(a), (5 + s * std::cos(a / 2)) * std::sin(a), s * std::sin(a / 2)});
  }
  for (Index i = 0; i < 20; ++i) {
    const bool last = i == 19;
    const Index a = 2 * i, b = 2 * i + 1, c = last ? 1 : a + 2, d = last ? 0 : b + 2;
    band.faces.insert(band.faces.end(), {{a, c, b}, {b, c, d}});
  }
  refused(band, "one side");
}

// A thousand solids, each spoiled in one to four random ways: every one ends in a report or in a refusal of one line; what is reported sound keeps
// its volume, and what is accepted agrees with itself.
TEST(Repair, AThousandDamagedSolids) {
  Dice dice(11);
  const auto pick = [&](std::size_t n) { return std::size_t(dice(0, 1) * double(n)) % n; };
  int accepted = 0, refused = 0;
  for (int round = 0; round < 1000; ++round) {
    Triangles t = round % 3 == 0 ? box_shape({0, 0, 0}, {8, 5, 3}, 2) : round % 3 == 1 ? potato(5) : torus_shape(6, 2, 9, 6);
    const int ways = 1 + int(pick(4));
    for (int way = 0; way < ways && !t.faces.empty(); ++way) {
      Face& f = t.faces[pick(t.faces.size())];
      const std::size_t some = 1 + pick(1 + t.faces.size() / 4);
      switch (pick(9)) {
        case 0:
          std::swap(f[0], f[1]);
          break;
        case 1:
          t.faces.erase(t.faces.begin() + std::ptrdiff_t(pick(t.faces.size())));
          break;
        case 2:
          t.faces.push_back(t.faces[pick(t.faces.size())]);
          break;
        case 3:
          f[0] = f[1];
          break;
        case 4:
          t.points[pick(t.points.size())] = {dice(-9, 9), dice(-9, 9), dice(-9, 9)};
          break;
        case 5:
          t.faces.resize(t.faces.size() - std::min(some, t.faces.size()));
          break;
        case 6:
          f[pick(3)] = Index(pick(t.points.size()));
          break;
        case 7:
          for (std::size_t i = 0; i < some; ++i) std::swap(t.faces[pick(t.faces.size())][0], t.faces[pick(t.faces.size())][1]);
          break;
        case 8:
          t = joined(t, moved(t, {dice(-3, 3), dice(-3, 3), dice(-3, 3)}));
          break;
      }
    }
    try {
      const TriangleMesh mesh(t);
      ++accepted;
      ASSERT_FALSE(mesh.damage().text().empty());
      if (round % 40 == 0) {
        ASSERT_GT(mesh.volume(), 0) << mesh.damage().text();
        expect_volume(mesh, 2000, unsigned(round));
      }
      for (int i = 0; i < 20; ++i) {
        const Vector3 x = dice.in(mesh.box());
        const Wall w = mesh.nearest(x, Box::inf);
        ASSERT_EQ(w.distance < 0, mesh.inside(x));
        ASSERT_TRUE(finite(w.point) && std::isfinite(w.distance));
        const Vector3 y = x + (0.99 * std::abs(w.distance)) * dice.direction();
        ASSERT_EQ(mesh.inside(y), w.distance < 0) << "a wall is nearer than " << w.distance << ": " << mesh.damage().text();
      }
    } catch (const InputError& e) {
      ++refused;
      ASSERT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    }
  }
  EXPECT_GT(accepted, 300);
  EXPECT_GT(refused, 50);
  RecordProperty("accepted", accepted);
}
