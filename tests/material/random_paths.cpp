// Random strain paths through every plastic law: from the virgin state, from the apex, along edges, in large steps, and back.
#include "plastic.hpp"

using namespace winze;
using namespace winze::material;
using input::Curve;

namespace {

constexpr int n_paths = 100000;

/// A path of four steps: onto the surface (half of them far beyond the apex), along an edge or across, a step of up to a hundred yield strains, and
/// back by most of the way. Returns the number of updates that yielded; the worst excess over the surface goes to `worst`, relative to the stress
/// and to what rounding of the trial stress leaves.
template <class L>
int random_path(const L& law, const Moduli& moduli, double strength, Random& random, double& worst, double& least_work) {
  const double unit = strength / moduli[0][0];
  const Matrix3 frame = random_frame(random);
  PlasticState state;
  Sym3 strain{};
  int yielded = 0;
  for (int step = 0; step < 4; ++step) {
    Sym3 by{};
    if (step == 0) {
      by = in_frame(random_principal(random, unit, uniform(random, 0, 1) < 0.5 ? 3 * unit : -unit), frame);
    } else if (step == 1) {  // two equal principal increments in the frame of the first step: along an edge
      const double a = uniform(random, -2, 2) * unit, b = uniform(random, -2, 2) * unit;
      by = in_frame(uniform(random, 0, 1) < 0.5 ? Vector3{a, a, b} : Vector3{a, b, b}, frame);
    } else if (step == 2) {
      const double size = unit * std::pow(10, uniform(random, -3, 2));
      by = in_frame(random_principal(random, size, uniform(random, -1, 0.5) * size), random_frame(random));
    } else {
      const double share = uniform(random, 0.5, 1);
      for (int i = 0; i < 6; ++i) by[i] = -share * strain[i];
    }
    for (int i = 0; i < 6; ++i) strain[i] += by[i];
    const double before = std::sqrt(dot(state.strain, state.strain));
    const Response r = law.update(moduli, strain, {}, state);
    const double trial = moduli[0][0] * (std::sqrt(dot(strain, strain)) + before);
    const double size = std::sqrt(dot(r.stress, r.stress)) + strength;
    double sum = r.dissipated;
    for (int i = 0; i < 6; ++i) {
      sum += r.stress[i] + state.strain[i];
      for (int j = 0; j < 6; ++j) sum += r.tangent[i][j];
    }
    const auto surface = law.surface(law.softening().place(state.equivalent, {}));
    const Vector3 s = principal(r.stress).value;
    // As a distance in stress: dσ1/dσ3 has no limit at the apex of Hoek–Brown.
    const double excess = surface.excess(s) / std::max(1.0, surface.curve.slope(std::max(-s[0], -surface.curve.apex())));
    worst = std::isfinite(sum) ? std::max(worst, (excess - 1e-14 * trial) / size) : HUGE_VAL;
    least_work = std::min(least_work, r.dissipated / (strength * unit + trial * trial / moduli[0][0]));
    yielded += r.yielded != 0;
  }
  return yielded;
}

template <class L>
void keeps_inside(const L& law, double strength, std::uint64_t seed, double& least_work) {
  Random random(seed);
  const Moduli moduli = law.moduli();
  double worst = 0;
  std::int64_t yielded = 0;
  for (int n = 0; n < n_paths; ++n) yielded += random_path(law, moduli, strength, random, worst, least_work);
  EXPECT_LE(worst, 1e-10);
  EXPECT_GT(yielded, n_paths);
}

}  // namespace

// Inside to 1e-10 of the stress, everything finite, and no work gained from rock whose dilation stays below its friction.
TEST(RandomPaths, MohrCoulombStaysInside) {
  MohrCoulomb law{60e9, 0.2, Curve(20e6), Curve(35 * degree), Curve(10 * degree)};
  double least_work = 0;
  keeps_inside(law, 20e6, 31, least_work);
  law.tension = Curve(2e6), law.dilation = Curve(35 * degree);
  keeps_inside(law, 20e6, 32, least_work);
  EXPECT_GT(least_work, -1e-12);
}

TEST(RandomPaths, SofteningMohrCoulombStaysInside) {
  MohrCoulomb law{60e9, 0.2, Curve(50e6), Curve(0), Curve(0)};
  law.cohesion.x = {0, 0.002}, law.cohesion.y = {50e6, 15e6};
  law.friction.x = {0, 0.005}, law.friction.y = {0, 48 * degree};
  law.tension.x = {0, 0.001}, law.tension.y = {10e6, 0};
  law.reference_length = 0.5;
  double least_work = 0;
  keeps_inside(law, 50e6, 33, least_work);
  EXPECT_GT(least_work, -1e-12);
}

TEST(RandomPaths, HoekBrownStaysInside) {
  HoekBrown law{70e9, 0.2, 200e6};
  law.gsi = 65, law.mi = 20;
  double least_work = 0;
  keeps_inside(law, 28e6, 34, least_work);
  EXPECT_GT(least_work, -1e-12);
  law.dilation = Curve(15 * degree);
  double with_dilation = 0;  // may be negative beyond σ3 = σci/4
  keeps_inside(law, 28e6, 35, with_dilation);
}
