// Orders in space and time, and what the error control promises.
#include "cases.hpp"

using namespace winze;
using namespace winze::test;

namespace {

constexpr double pi = std::numbers::pi;

/// κ = 1 m²/s on [0, 1]³: modes decay in about 0.1 s.
const auto unit_rock = [] { return rocks({rock(1, 1)}); };

/// Slowest modes of the insulated unit cube: 300 + 10 cos πx cos πy exp(−2π² t).
double mode(const Vector3& x, double t) { return 300 + 10 * std::cos(pi * x[0]) * std::cos(pi * x[1]) * std::exp(-2 * pi * pi * t); }

/// A problem with everything smooth: a mode as start, one side against air that warms steadily, another prescribed and warming.
struct Smooth {
  mesh::Mesh m = test::box(Comm::world(), Shape::hex27, {1, 1, 1}, {4, 2, 1});
  std::vector<double> run(const heat::Options& options, double end, heat::Report* report = nullptr) {
    Heat h(m, unit_rock(), uniform(300),
           {convection("x_max", table({0, 1}, {300, 330}), input::Curve(2)), temperature("x_min", table({0, 1}, {310, 350}))}, options);
    h.restore(all_rock(m), nodal(m, [](const Vector3& x) { return 300 + 10 * std::cos(0.5 * pi * x[0]); }));
    const heat::Report r = h.advance(0, end);
    if (report) *report = r;
    return h.temperature();
  }
  double difference(const std::vector<double>& a, const std::vector<double>& b) {
    double d = 0;
    for (std::size_t i = 0; i < a.size(); ++i) d = std::max(d, std::abs(a[i] - b[i]));
    return m.comm.max(d);
  }
};

}  // namespace

// ‖T − T_exact‖ in L2 of a decaying mode: third order for quadratic elements; time error a hundred times smaller.
TEST(ConvergenceRanks, TemperatureIsThirdOrderInSpace) {
  const double end = 0.02;
  for (Shape shape : {Shape::hex27, Shape::tet10}) {
    double error[2];
    for (int k = 0; k < 2; ++k) {
      const int n = 2 << k;
      const mesh::Mesh m = test::box(Comm::world(), shape, {1, 1, 1}, {n, n, shape == Shape::hex27 ? 1 : n});
      Heat h(m, unit_rock(), uniform(300), {}, fixed_steps(32));
      h.restore(all_rock(m), nodal(m, [](const Vector3& x) { return mode(x, 0); }));
      h.advance(0, end);
      error[k] = l2_error(m, h.temperature(), [&](const Vector3& x) { return mode(x, end); });
      // Negative control: with twice the diffusivity the error of the finer mesh is many times as large.
      const double control = l2_error(m, h.temperature(), [&](const Vector3& x) { return mode(x, 2 * end); });
      EXPECT_GT(control, k * 10 * error[k]);
    }
    EXPECT_GT(std::log2(error[0] / error[1]), 2.8) << mesh::info(shape).name << " " << error[0] << " " << error[1];
  }
}

// The same mesh throughout, so that only time is at stake; the reference takes eight times as many steps as the finest.
TEST(Convergence, TrBdf2IsSecondOrderInTimeAndBackwardEulerFirst) {
  Smooth smooth;
  const double end = 0.25;
  const std::vector<double> reference = smooth.run(fixed_steps(256), end);
  for (const auto& [method, order] : {std::pair{heat::Method::tr_bdf2, 2.0}, {heat::Method::backward_euler, 1.0}}) {
    double error[3];
    for (int k = 0; k < 3; ++k) error[k] = smooth.difference(smooth.run(fixed_steps(8 << k, method), end), reference);
    for (int k = 0; k < 2; ++k) EXPECT_NEAR(std::log2(error[k] / error[k + 1]), order, 0.1) << error[0] << " " << error[1] << " " << error[2];
  }
}

// The tolerance bounds the error of a step; the errors of many steps decay as heat spreads, so the sum stays within a factor.
TEST(Convergence, ErrorControlHonoursTheTolerance) {
  Smooth smooth;
  const std::vector<double> reference = smooth.run(within(1e-5), 0.25);
  int before = 0;
  for (double tolerance : {0.1, 0.01, 0.001}) {
    heat::Report r;
    const double error = smooth.difference(smooth.run(within(tolerance), 0.25, &r), reference);
    EXPECT_LT(error, 3 * tolerance);
    EXPECT_GT(error, tolerance / 1000);  // not by steps a hundred times too short
    EXPECT_LE(r.largest_error, tolerance);
    EXPECT_GT(r.steps, before);
    before = r.steps;
  }
}

// A wall bared at once: the error of the first hours is the hardest. Reference by steps a thousandth as wrong.
TEST(Convergence, ErrorControlHonoursTheToleranceAfterASuddenChange) {
  const mesh::Mesh m = drive(Comm::world(), Shape::hex27, 2, 40, 4, {8, 2, 1});
  const auto run = [&](double tolerance) {
    Heat h(m, rocks({rock(3, 2.3e6)}), uniform(333), {convection("wall", 298, 20)}, within(tolerance));
    h.set_elements(all_rock(m));
    h.advance(0, 30 * 86400.0);
    return h.temperature();
  };
  const std::vector<double> reference = run(1e-5);
  for (double tolerance : {0.1, 0.01}) {
    const std::vector<double> t = run(tolerance);
    double error = 0;
    for (std::size_t i = 0; i < t.size(); ++i) error = std::max(error, std::abs(t[i] - reference[i]));
    EXPECT_LT(error, 3 * tolerance);
  }
}

// A day of hot air inside a month: steps longer than the day must not step over it. The heat brought is that of steps of an hour.
TEST(Convergence, TablesFinerThanTheStepsKeepTheirHeat) {
  const mesh::Mesh m = test::box(Comm::world(), Shape::hex27, {4, 1, 1}, {8, 1, 1});
  const double day = 86400;
  const auto heat_of = [&](const heat::Options& options) {
    const input::Curve air = table({10 * day, 10.1 * day, 11 * day, 11.1 * day}, {300, 400, 400, 300});
    Heat h(m, rocks({rock(3, 2.3e6)}), uniform(300), {convection("x_min", air, input::Curve(2))}, options);
    h.set_elements(all_rock(m));
    return h.advance(0, 30 * day).wall_heat;
  };
  const double fine = heat_of(fixed_steps(720));
  EXPECT_GT(fine, 1e6);
  EXPECT_NEAR(heat_of(fixed_steps(3)) / fine, 1, 0.1);
  EXPECT_NEAR(heat_of(fixed_steps(3, heat::Method::backward_euler)) / fine, 1, 0.1);
}
