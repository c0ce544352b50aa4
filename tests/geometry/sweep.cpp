#include "geometry/sweep.hpp"

#include <numbers>

#include "base/error.hpp"
#include "contract.hpp"

using namespace winze;
using namespace winze::geometry;
using std::numbers::pi;

namespace {

std::vector<Vector3> ramp(int n, double radius, double gradient) {  // helix downward
  std::vector<Vector3> path;
  for (int i = 0; i <= n; ++i) {
    const double a = 0.25 * i;
    path.push_back({radius * std::cos(a), radius * std::sin(a), -gradient * radius * a});
  }
  return path;
}

}  // namespace

// Areas and centroids of half-discs and their sums from the closed forms (half-disc: πr²/2, centroid 4r/3π above the diameter).
TEST(Profile, AreasAndCentroidsInClosedForm) {
  const Profile circle = Profile::circle(3);
  EXPECT_NEAR(circle.area(), pi * 2.25, 1e-12);
  EXPECT_NEAR(circle.perimeter(), pi * 3, 1e-12);
  EXPECT_EQ(circle.n_patches(), 1);
  const Profile horseshoe = Profile::horseshoe(4, 5, Profile::Anchor::floor);
  EXPECT_NEAR(horseshoe.area(), 4 * 3 + 2 * pi, 1e-12);
  EXPECT_NEAR(horseshoe.perimeter(), 4 + 3 + 3 + 2 * pi, 1e-12);
  EXPECT_NEAR(horseshoe.centroid()[1], (12 * 1.5 + 2 * pi * (3 + 8 / (3 * pi))) / (12 + 2 * pi), 1e-12);
  EXPECT_EQ(horseshoe.n_patches(), 2);               // the floor; the walls run smoothly into the roof
  const Profile arched = Profile::d_shape(4, 4, 3);  // rise 1: R = 2.5, half angle asin 0.8
  EXPECT_NEAR(arched.area(), 12 + 6.25 * std::asin(0.8) - 0.5 * 4 * 1.5, 1e-12);
  EXPECT_EQ(arched.n_patches(), 4);
  const Vector2 ell[] = {{0, 0}, {0, 2}, {1, 2}, {1, 1}, {3, 1}, {3, 0}};  // clockwise
  const Profile own = Profile::polygon(ell);
  EXPECT_NEAR(own.area(), 4, 1e-12);
  EXPECT_TRUE(own.inside({0.5, 1.5}));
  EXPECT_FALSE(own.inside({2, 1.5}));
  EXPECT_NEAR(own.nearest({2, 1.5}).distance, 0.5, 1e-12);
  EXPECT_EQ(own.n_patches(), 6);
}

TEST(Profile, RefusesWhatEnclosesNothing) {
  const Vector2 bow[] = {{0, 0}, {1, 1}, {1, 0}, {0, 1}}, flat[] = {{0, 0}, {1, 1}, {2, 2}}, twice[] = {{0, 0}, {0, 0}, {1, 0}, {0, 1}};
  EXPECT_THROW(Profile::polygon(bow), InputError);
  EXPECT_THROW(Profile::polygon(flat), InputError);
  EXPECT_THROW(Profile::polygon(twice), InputError);
  EXPECT_THROW(Profile::circle(0), InputError);
  EXPECT_THROW(Profile::horseshoe(5, 2), InputError);
  EXPECT_THROW(Profile::d_shape(4, 4, 1), InputError);
}

TEST(Sweep, StraightDriveInClosedForm) {
  const Vector3 path[] = {{10, 20, -2000}, {110, 20, -2000}};
  const Sweep drive(Profile::horseshoe(4, 5), path);
  EXPECT_NEAR(drive.volume(), 100 * (12 + 2 * pi), 1e-9);
  EXPECT_NEAR(drive.area(), 100 * (10 + 2 * pi) + 2 * (12 + 2 * pi), 1e-9);
  const Wall floor = drive.nearest({60, 20, -2003}, 100), roof = drive.nearest({60, 20, -1997}, 100);
  EXPECT_NEAR(floor.distance, 0.5, 1e-12);
  EXPECT_NEAR(floor.normal[2], -1, 1e-12);
  EXPECT_NEAR(roof.distance, 0.5, 1e-12);
  EXPECT_NEAR(roof.normal[2], 1, 1e-12) << "the roof is up";
  EXPECT_NE(floor.patch, roof.patch);
  EXPECT_DOUBLE_EQ(roof.curvature_radius, 2);
  expect_contract(drive, 4000, 1e-8);
}

// A mitred bend has the volume area × length of the line of centroids, whatever the angle; on the axis here because of the circle.
TEST(Sweep, BendsLeaveNoGap) {
  const Vector3 path[] = {{0, 0, 0}, {20, 0, 0}, {20, 15, 0}, {30, 25, 5}, {30, 25, 30}};
  const Sweep drive(Profile::circle(4), path);
  EXPECT_NEAR(drive.volume(), pi * 4 * drive.length(), 1e-9);
  EXPECT_EQ(drive.n_patches(), 4 + 2);  // a crease at each of the three bends
  expect_contract(drive);
  expect_volume(drive);
}

TEST(Sweep, HorseshoeRampThatTurnsAndDips) {
  const std::vector<Vector3> path = ramp(20, 20, 1.0 / 7);
  const Sweep drive(Profile::horseshoe(5, 5.5), path);
  expect_contract(drive);
  expect_volume(drive);
  const Vector2 box[] = {{-1, -1}, {2, -1}, {2, 1.5}, {0, 2.5}, {-1, 1.5}};
  const Vector3 zig[] = {{0, 0, 0}, {20, 0, 3}, {35, 14, -6}, {32, 34, -20}};
  const Sweep stepped(Profile::polygon(box), zig);
  expect_contract(stepped);
  expect_volume(stepped);
  expect_area(stepped, 0.3, 0.06);
}

TEST(Sweep, ShaftOfGivenOrientation) {
  const Vector3 path[] = {{0, 0, 0}, {0, 0, -50}};
  const Sweep shaft(Profile::rectangle(2, 6), path, 30 * pi / 180);  // long side along 30° east of north
  EXPECT_TRUE(shaft.inside({2.9 * std::sin(pi / 6), 2.9 * std::cos(pi / 6), -25}));
  EXPECT_FALSE(shaft.inside({2.9 * std::cos(pi / 6), -2.9 * std::sin(pi / 6), -25}));
  expect_contract(shaft);
}

// Random profiles along random paths, steep and flat: what is accepted keeps the contract.
TEST(Sweep, RandomPathsKeepTheContract) {
  Dice dice(21);
  int accepted = 0;
  for (int round = 0; round < 60; ++round) {
    std::vector<Vector3> path = {{0, 0, 0}};
    Vector3 way = dice.direction();
    for (int k = 0; k < 4; ++k) {
      path.push_back(path.back() + dice(4, 20) * way);
      way = unit(way + dice(0, 1.2) * dice.direction());
    }
    std::vector<Vector2> corners;
    for (int k = 0; k < 7; ++k) {
      const double a = 2 * pi * k / 7, r = dice(0.5, 2);
      corners.push_back({r * std::cos(a) + 0.3, r * std::sin(a)});
    }
    try {
      const Sweep drive(round % 3 == 0   ? Profile::polygon(corners)
                        : round % 3 == 1 ? Profile::d_shape(3, 3, 2, Profile::Anchor::floor)
                                         : Profile::horseshoe(2, 3),
                        path, dice(0, 6));
      ++accepted;
      expect_contract(drive, 300, 1e-9, unsigned(round));
      expect_volume(drive, 20000, unsigned(round));
    } catch (const InputError&) {
    }
    if (HasFailure()) FAIL() << "round " << round;
  }
  EXPECT_GT(accepted, 30);
}

// Rounds of a drive fill it without gap or overlap, also where a cut falls into a bend.
TEST(Sweep, PartsFillTheWhole) {
  const Vector3 path[] = {{0, 0, 0}, {30, 0, 0}, {50, 20, 2}, {80, 20, 2}};
  const Sweep drive(Profile::horseshoe(5, 5), path);
  std::vector<Sweep> rounds;
  const int n = 22;
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    rounds.push_back(drive.part(drive.length() * i / n, drive.length() * (i + 1) / n));
    sum += rounds.back().volume();
  }
  EXPECT_NEAR(sum, drive.volume(), 1e-9 * sum);
  Dice dice(7);
  for (int i = 0; i < 20000; ++i) {
    const Vector3 x = dice.in(drive.box());
    int held = 0;
    for (const Sweep& r : rounds) held += r.inside(x);
    ASSERT_EQ(held, drive.inside(x));
  }
  for (const Sweep& r : rounds) expect_contract(r, 300);
  EXPECT_THROW(drive.part(10, 10), InputError);
  EXPECT_THROW(drive.part(-5, 10), InputError);
  EXPECT_THROW(drive.part(10, 1000), InputError);
}

// Mine grids are metres times 1e6: coordinates resolve 1e-10 m there, and so must distances (to the rounding of one product of 1e6 · 1e6 ulp).
TEST(Sweep, CoordinatesOfAMillionMetres) {
  const Vector3 far = {1e6, 7e6, -2000};
  std::vector<Vector3> here = {{0, 0, 0}, {30, 0, 0}, {50, 20, 2}}, there;
  for (const Vector3& x : here) there.push_back(x + far);
  const Sweep near_drive(Profile::horseshoe(5, 5), here), far_drive(Profile::horseshoe(5, 5), there);
  Dice dice(3);
  for (int i = 0; i < 2000; ++i) {
    const Vector3 x = dice.in(near_drive.box().grown(5));
    ASSERT_NEAR(near_drive.distance(x), far_drive.distance(x + far), 1e-8);
  }
}

TEST(Sweep, RefusesPathsWithoutASolid) {
  const auto refused = [](std::vector<Vector3> path, const std::string& word) {
    try {
      Sweep(Profile::circle(4), path);
      ADD_FAILURE() << "accepted; expected: " << word;
    } catch (const InputError& e) {
      EXPECT_NE(std::string(e.what()).find(word), std::string::npos) << e.what();
      EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    }
  };
  refused({{0, 0, 0}}, "at least two");
  refused({{1, 1, 1}, {1, 1, 1}}, "at least two");
  refused({{0, 0, 0}, {std::nan(""), 0, 0}}, "finite");
  refused({{0, 0, 0}, {10, 0, 0}, {1, 0.5, 0}}, "turns by");
  refused({{0, 0, 0}, {10, 0, 0}, {11, 1, 0}, {11, 10, 0}}, "too short");
  refused({{0, 0, 0}, {20, 0, 0}, {20, 20, 0}, {0, 20, 0}, {0, 0, 0}}, "ends where it begins");
  refused({{0, 0, 0}, {40, 0, 0}, {40, 20, 0}, {20, 20, 0}, {20, -20, 0}}, "runs into itself");
}
