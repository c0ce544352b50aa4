// How many points a second does a law answer on one core? Points of an unloading drive: strains of random frames, the given share beyond yield.
//
//   law [SHARE]   share of points that yield, default 0.2
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <random>
#include <vector>

#include "material/laws.hpp"

using namespace winze;
using namespace winze::material;

namespace {

template <class L>
void measure(const L& law, double share) {
  const Moduli moduli = law.moduli();
  const auto& ready = prepared(law);
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  std::vector<Sym3> inside, outside, strain;
  const std::size_t n = 20000;
  while (inside.size() < n || outside.size() < n) {  // around 20 MPa of pressure
    Sym3 e;
    const double size = 6e-4 * std::abs(normal(random));
    for (int i = 0; i < 6; ++i) e[i] = size * normal(random) - (i < 3 ? 2e-4 : 0);
    typename L::State state{};
    (law.update(moduli, e, {}, state).yielded ? outside : inside).push_back(e);
  }
  for (std::size_t i = 0; i < n; ++i) strain.push_back(std::fmod(double(i) * 0.6180339887498949, 1) < share ? outside[i] : inside[i]);
  double best = 1e30, sum = 0;
  for (int repeat = 0; repeat < 20; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    for (const Sym3& e : strain) {
      typename L::State state{};
      const Response r = ready.update(moduli, e, {}, state);
      sum += r.stress[0] + r.tangent[5][5];
    }
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  if (!std::isfinite(sum)) std::exit(1);
  std::printf("{\"problem\": \"law %s, %.0f %% yield\", \"unknowns\": %zu, \"ranks\": 1, \"solve_s\": %.4g, \"apply_mdofs\": %.3g}\n", L::name,
              100 * share, n, best, double(n) / best / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  const double share = argc > 1 ? std::atof(argv[1]) : 0.2, angle = 35 * std::numbers::pi / 180;
  measure(MohrCoulomb{60e9, 0.2, input::Curve(10e6), input::Curve(angle), input::Curve(0.2)}, share);
  measure(DruckerPrager{60e9, 0.2, 10e6, angle, 0.2}, share);
  HoekBrown hoek{60e9, 0.2, 120e6};
  hoek.gsi = 60, hoek.mi = 15;
  measure(hoek, share);
}
