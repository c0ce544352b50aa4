// Heat from rock into airways: tables of the exact radial solution, closed forms, histories by superposition and by exponential memory.
#include "air/strata.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "refused.hpp"

using namespace winze;
using namespace winze::air;

namespace {

constexpr double pi = std::numbers::pi, year = 365.25 * 86400;
const double biots[] = {0.01, 0.1, 1, 10, 100, 1000, prescribed_wall};
/// The rock of the reference examples: k 5.5, rho c 2700·850, a 2 m, h 10.
const Strata quartzite{5.5, 2700 * 850.0, 2};

}  // namespace

// Printed digits, by adaptive quadrature of Carslaw and Jaeger 13.5 in 20-digit arithmetic. Columns B = 0.1, 1, 5, 10, 50, 100, ∞; the last is the
// column of Jaeger and Clarke 1942 and of Goch and Patterson 1940.
TEST(Strata, TableOfG) {
  const double b[] = {0.1, 1, 5, 10, 50, 100, prescribed_wall}, f[] = {0.01, 1, 100, 1e4};
  const double g[4][7] = {{.09892820062, .9005514085, 3.139425760, 4.419027274, 5.914127426, 6.045343791, 6.128911785},
                          {.09249591288, .5342910454, .8632209051, .9225585481, .9714920146, .9776332892, .9837709417},
                          {.07841080101, .2603244721, .3246569086, .3348119618, .3433608226, .3444572461, .3455600043},
                          {.06649541202, .1642959750, .1886869352, .1922427966, .1951830958, .1955568150, .1959319330}};
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 7; ++j) EXPECT_NEAR(radial_flux(f[i], b[j]), g[i][j], g[i][j] < 1 ? 5.1e-11 : 5.1e-10) << f[i] << " " << b[j];
}
// Means over the age, what Goch and Patterson print beside the instantaneous values; six digits.
TEST(Strata, TableOfMeans) {
  const double b[] = {1, 5, 10, 50, prescribed_wall}, f[] = {0.1, 1, 10, 100, 1000};
  const double g[5][5] = {{.819582, 2.325029, 2.978513, 3.784928, 4.043386},
                          {.626637, 1.219564, 1.374589, 1.525909, 1.568292},
                          {.431941, .649401, .692005, .730032, .740152},
                          {.302765, .397056, .413008, .426692, .430251},
                          {.226982, .276657, .284414, .290935, .292611}};
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 5; ++j) EXPECT_NEAR(radial_mean_flux(f[i], b[j]), g[i][j], 6e-7) << f[i] << " " << b[j];
}
// d(F Ḡ)/dF = G for every B over 22 decades, by central differences of step 1e-3 F (error 2e-7).
TEST(Strata, MeanIsTheIntegral) {
  for (double b : biots) {
    const RadialFlux g(b);
    for (double f = 1e-11; f < 1e11; f *= 17.3)
      EXPECT_NEAR((1.001 * g.mean(1.001 * f) - 0.999 * g.mean(0.999 * f)) / 0.002, g(f), 1e-6 * g(f)) << b << " " << f;
  }
}
TEST(Strata, LimitsOfG) {
  // Short times: 1/√(πF) + 1/2 − √(F/π)/4 + F/8, 2e-5 at F = 0.01.
  for (double f : {1e-9, 1e-6, 1e-4, 0.01})
    EXPECT_NEAR(radial_flux(f, prescribed_wall), 1 / std::sqrt(pi * f) + 0.5 - 0.25 * std::sqrt(f / pi) + f / 8,
                0.15 * std::pow(f, 1.5) + 1e-13 / std::sqrt(f))
        << f;
  // Age zero: the film alone resists. Thick film resistance: rock stays at VRT. Very conductive film: the prescribed wall.
  EXPECT_DOUBLE_EQ(radial_flux(0, 3.5), 3.5);
  EXPECT_DOUBLE_EQ(radial_mean_flux(0, 3.5), 3.5);
  EXPECT_NEAR(radial_flux(10, 1e-8), 1e-8, 1e-14);
  EXPECT_NEAR(radial_flux(10, 1e9), radial_flux(10, prescribed_wall), 1e-8);
  // The short-time series takes over at F = 1e-10 without a step.
  for (double b : biots) {
    const double before = radial_flux(1e-10 * (1 - 1e-9), b), after = radial_flux(1e-10 * (1 + 1e-9), b);
    EXPECT_NEAR(before, after, 2e-9 * after) << b;
    EXPECT_NEAR(radial_mean_flux(1e-10 * (1 - 1e-9), b), radial_mean_flux(1e-10 * (1 + 1e-9), b), 2e-9 * radial_mean_flux(1e-10, b)) << b;
  }
  // Falls with age, rises with the film.
  for (double f = 1e-12; f < 1e11; f *= 9.1) {
    double before = 0;
    for (double b : biots) {
      const RadialFlux g(b);
      EXPECT_GT(g(f), g(f * 9.1));
      EXPECT_GT(g.mean(f), g(f));
      EXPECT_GT(g(f), before);
      before = g(f);
    }
  }
}
// erfcx(1), (10), (30) to 16 digits (Abramowitz and Stegun 7.1 by arbitrary precision); the plane's table; small-argument series of its mean.
TEST(Strata, Plane) {
  EXPECT_NEAR(erfcx(1), 0.42758357615580700441, 1e-15);
  EXPECT_NEAR(erfcx(10), 0.05614099274382258586, 1e-13 * 0.06);
  EXPECT_NEAR(erfcx(30), 0.01879588886141675, 1e-13 * 0.02);
  EXPECT_NEAR(erfcx(20 * (1 - 1e-14)), erfcx(20), 1e-12 * erfcx(20));
  const double f[] = {0.1, 1, 10, 100}, one[] = {.7235784385, .4275835762, .1705777183, .0561409927},
               ten[] = {1.7057771833, .5614099274, .1783233389, .0564161378};
  for (int i = 0; i < 4; ++i) {
    EXPECT_NEAR(plane_flux(f[i], 1), one[i], 1e-10);
    EXPECT_NEAR(plane_flux(f[i], 10), ten[i], 1e-10);
  }
  for (double x : {1e-8, 1e-5, 2.4e-3, 2.6e-3, 1.0, 1e4})
    EXPECT_NEAR((1.001 * plane_mean_flux(1.001 * x, 1) - 0.999 * plane_mean_flux(0.999 * x, 1)) / 0.002, plane_flux(x, 1), 1e-6 * plane_flux(x, 1))
        << x;
  // The cylinder is a plane to a skin much thinner than its radius, and always gives more.
  EXPECT_NEAR(radial_flux(1e-6, 50), plane_flux(1e-6, 50), 1e-3 * 50);
  EXPECT_GT(radial_flux(1, 50), 1.5 * plane_flux(1, 50));
}
// Gibson's fit against the exact values: 3.5 % inside its range (at F 0.18, B 1.8; 3.2 % at the decades), refused outside.
TEST(Strata, Gibson) {
  double worst = 0;
  for (double b = 0.01; b <= 1000.1; b *= std::pow(10, 0.25)) {
    const RadialFlux g(std::min(b, 1000.0));
    for (double f = 0.1; f <= 1000.1; f *= std::pow(10, 0.25)) {
      const double at = std::min(f, 1000.0);
      worst = std::max(worst, std::abs(gibson_flux(at, g.biot()) / g(at) - 1));
    }
  }
  EXPECT_LT(worst, 0.035);
  EXPECT_GT(worst, 0.034);  // it is a fit, not the solution
  EXPECT_REFUSED(gibson_flux(0.09, 1), "Fourier");
  EXPECT_REFUSED(gibson_flux(1001, 1), "Fourier");
  EXPECT_REFUSED(gibson_flux(1, 1001), "Biot");
}
// 40 °C air for a year, 28 °C for another: exact superposition, exponential memory, and the single-age formula that most codes use, 5.5 % lower.
TEST(Strata, TwoYearsOfHistory) {
  const double biot = quartzite.biot(10);
  EXPECT_NEAR(quartzite.fourier(year), 18.90705882, 1e-8);
  EXPECT_NEAR(biot, 3.63636364, 1e-8);
  const RadialFlux g(biot);
  EXPECT_NEAR(g(quartzite.fourier(year)), 0.4188380408, 1e-10);
  EXPECT_NEAR(g(quartzite.fourier(2 * year)), 0.3703578798, 1e-10);
  const double q = superposed_flux(quartzite, 55, g, std::vector<double>{0, year}, std::vector<double>{40, 28}, 2 * year);
  EXPECT_NEAR(q, 29.09891789, 1e-8);
  EXPECT_NEAR(28 + q / 10, 30.909892, 1e-6);
  EXPECT_NEAR(wall_temperature(55, 28, q / quartzite.scale() / (55 - 28), biot), 28 + q / 10, 1e-10);
  const double single = quartzite.scale() * 27 * g(quartzite.fourier(2 * year));
  EXPECT_NEAR(single, 27.499, 1e-3);
  for (double tolerance : {1e-3, 1e-5}) {
    const auto sum = std::make_shared<ExponentialSum>(biot, 0.1, 1e3, tolerance);
    RockMemory monthly(quartzite, 55, sum), yearly(quartzite, 55, sum);
    for (int month = 0; month < 24; ++month) monthly.advance(year / 12, month < 12 ? 40 : 28, Course::jump);
    for (int i = 0; i < 2; ++i) yearly.advance(year, i ? 28 : 40, Course::jump);
    EXPECT_NEAR(monthly.flux(), q, tolerance * q);
    EXPECT_NEAR(yearly.flux(), monthly.flux(), 1e-12 * q);  // memory does not depend on the steps
  }
}
// One year, VRT 48 °C, 60 kg/s of dry air at 28 °C along 1000 m: a first-order exponential; the effect of inlet cooling at the end is e^−NTU.
TEST(Strata, DryAirway) {
  const double u = quartzite.scale() * radial_flux(quartzite.fourier(year), quartzite.biot(10));
  EXPECT_NEAR(u, 1.151805, 1e-6);
  const double units = 2 * pi * 2 * 1000 * u / (60 * 1005), out = 28 + 20 * (1 - std::exp(-units));
  EXPECT_NEAR(out, 32.267966, 1e-6);
  EXPECT_NEAR(60 * 1005 * (out - 28), 257358.3, 0.1);
  EXPECT_NEAR(std::exp(-units), 0.7866, 5e-5);
}
// The stated error holds, weights and rates are positive, and the mean (the heat) is better than the flux.
TEST(Strata, ExponentialSumKeepsItsTolerance) {
  for (double tolerance : {1e-2, 1e-3, 1e-4, 1e-5, 1e-6})
    for (double most : {1.0, 1e4})
      for (double b : biots) {
        const double least = 1e-4;
        const ExponentialSum sum(b, least, most, tolerance);
        const RadialFlux g(b);
        for (std::size_t i = 0; i < sum.n_terms(); ++i) EXPECT_TRUE(sum.weights()[i] > 0 && sum.rates()[i] > 0);
        for (double f = least; f <= most; f *= 1.7) {
          EXPECT_NEAR(sum(f), g(f), tolerance * g(f)) << b << " " << f;
          EXPECT_NEAR(sum.mean(f), g.mean(f), 0.3 * tolerance * g.mean(f)) << b << " " << f;
        }
        EXPECT_GT(std::abs(sum(1e5 * most) / g(1e5 * most) - 1), 10 * tolerance);  // and it is not promised outside
      }
  EXPECT_LE(ExponentialSum(prescribed_wall, 0.01, 1e4, 1e-4).n_terms(), 25u);
}
// Freshly exposed rock: heat of the first hour in one step, in sixty, and in steps far below `least` is that of the exact mean.
TEST(Strata, FreshExposure) {
  for (double b : {5.0, prescribed_wall}) {
    const double hour = 3600, f = quartzite.fourier(hour);
    const auto sum = std::make_shared<ExponentialSum>(b, f, 1e3, 1e-4);
    const double exact = quartzite.scale() * (55 - 30) * radial_mean_flux(f, b) * hour;
    for (int steps : {1, 60, 5000}) {
      RockMemory wall(quartzite, 55, sum);
      double heat = 0;
      for (int i = 0; i < steps; ++i) heat += hour / steps * wall.advance(hour / steps, 30, Course::jump);
      EXPECT_NEAR(heat, exact, 1e-4 * exact) << b << " " << steps;
    }
  }
}
// Air that runs straight from 40 °C to 20 °C over five years after exposure: q = (k/a) [15 G + (20/F₅) F Ḡ], exactly in any steps.
TEST(Strata, StraightCourseIsExact) {
  const double b = quartzite.biot(8), f5 = quartzite.fourier(5 * year);
  const RadialFlux g(b);
  const double exact = quartzite.scale() * (15 * g(f5) + 20 * g.mean(f5));
  const auto sum = std::make_shared<ExponentialSum>(b, 1e-3, 1e3, 1e-5);
  for (int steps : {1, 7, 300}) {
    RockMemory wall(quartzite, 55, sum);
    wall.advance(1e-3, 40, Course::jump);  // exposed a millisecond before
    for (int i = 1; i <= steps; ++i) wall.advance(5 * year / steps, 40 - 20.0 * i / steps, Course::linear);
    EXPECT_NEAR(wall.flux(), exact, 2e-5 * exact) << steps;
  }
}
// answer() tells what advance() will do; state() and restore() lose nothing.
TEST(Strata, AnswerAndRestart) {
  const auto sum = std::make_shared<ExponentialSum>(prescribed_wall, 1e-3, 1e3);
  RockMemory wall(quartzite, 330, sum);
  wall.advance(1e6, 310, Course::linear);
  wall.advance(3e6, 305, Course::jump);
  for (const auto course : {Course::jump, Course::linear}) {
    RockMemory copy(quartzite, 330, sum);
    copy.restore(wall.state());
    const auto answer = copy.answer(2e6, course);
    const double mean = copy.advance(2e6, 299, course);
    EXPECT_NEAR(mean, answer.mean(299), 1e-12 * mean);
    EXPECT_NEAR(copy.flux(), answer.end(299), 1e-12 * mean);
    EXPECT_GT(answer.end_slope, 0);
  }
  EXPECT_REFUSED(wall.restore(std::vector<double>{1, 2}), "restart");
}
// A film outside a prescribed wall gives the solution of the film's own B: the wall balance h (T_wall − T_air) = q in implicit steps, first order in
// the step after a jump of the air, so half the step gives less than 0.6 of the error.
TEST(Strata, FilmOutsideTheWall) {
  const double film = 10, f = quartzite.fourier(year);
  const double exact = quartzite.scale() * 20 * radial_flux(f, quartzite.biot(film));
  const auto sum = std::make_shared<ExponentialSum>(prescribed_wall, 1e-3, 1e3, 1e-6);
  double before = 0;
  for (int steps : {12, 24, 48, 96}) {
    RockMemory wall(quartzite, 48, sum);
    for (int i = 0; i < steps; ++i) {
      const auto answer = wall.answer(year / steps, Course::linear);
      const double t = (film * 28 + answer.end_constant) / (film + answer.end_slope);
      wall.advance(year / steps, t, Course::linear);
    }
    const double error = std::abs(wall.flux() - exact);
    if (before > 0) {
      EXPECT_LT(error, 0.6 * before);
    }
    before = error;
  }
  EXPECT_LT(before, 1e-3 * exact);
}
// Through a film the wall's course is resolved inside a step: heat of a first step of any length within 1 %, of four within 0.02 %, for B = 0.1 … 100
// and F = 1e-3 … 300; one straight course of the wall errs by 40 %.
TEST(Strata, FilmResolvedInTheStep) {
  const auto sum = std::make_shared<ExponentialSum>(prescribed_wall, 1e-6, 1e3, 1e-5);
  for (double b : {0.1, 1.0, 4.0, 20.0, 100.0})
    for (double f : {1e-3, 0.1, 10.0, 300.0})
      for (int steps : {1, 4}) {
        const double film = b * quartzite.conductivity / quartzite.radius, time = f * 4 / quartzite.diffusivity();
        const double exact = quartzite.scale() * 20 * radial_mean_flux(f, b);
        RockMemory wall(quartzite, 48, sum);
        double mean = 0;
        for (int i = 0; i < steps; ++i) {
          const auto answer = wall.through_film(time / steps, film, Course::jump);
          const double one = wall.advance_through_film(time / steps, film, 28, Course::jump);
          EXPECT_NEAR(one, answer.mean(28), 1e-10 * one);
          EXPECT_NEAR(wall.flux(), answer.end(28), 1e-9 * one);
          mean += one / steps;
        }
        EXPECT_NEAR(mean, exact, (steps == 1 ? 1e-2 : 2e-4) * exact) << b << " " << f;
      }
  RockMemory straight(quartzite, 48, sum);
  const auto answer = straight.answer(year / 12, Course::linear);
  const double one = straight.advance(year / 12, (10 * 28 + answer.end_constant) / (10 + answer.end_slope), Course::linear);
  EXPECT_LT(one, 0.7 * quartzite.scale() * 20 * radial_mean_flux(quartzite.fourier(year / 12), quartzite.biot(10)));
}
// A film that changes with the air flow, against finite volumes (400 rings to 80 radii, implicit, 4000 graded steps each): 90 days at h 10, 28 °C; 60
// days at h 25, 20 °C; 120 days at h 4 and air that warms evenly to 35 °C. Heats of the three within 0.2 %.
TEST(Strata, ChangingFilmAgainstFiniteVolumes) {
  constexpr int n = 400, substeps = 4000;
  const double day = 86400, grow = std::pow(80.0, 1.0 / n);
  const auto sum = std::make_shared<ExponentialSum>(prescribed_wall, 1e-4, 1e2, 1e-5);
  RockMemory wall(quartzite, 48, sum);
  std::vector<double> t(n, 48), edge(n + 1), between(n), volume(n), lower(n), right(n);
  for (int i = 0; i <= n; ++i) edge[i] = quartzite.radius * std::pow(grow, i);
  for (int i = 0; i < n; ++i) volume[i] = pi * (edge[i + 1] * edge[i + 1] - edge[i] * edge[i]) * quartzite.heat_capacity;
  for (int i = 0; i < n; ++i) between[i] = 2 * pi * quartzite.conductivity / std::log(grow);  // from middle to middle in ln r
  const double first = 2 * pi * quartzite.conductivity / std::log(std::sqrt(grow));
  struct Span {
    double time, film, from, to;
    int steps;
  };
  for (const Span& s : {Span{90 * day, 10, 28, 28, 3}, Span{60 * day, 25, 20, 20, 2}, Span{120 * day, 4, 20, 35, 4}}) {
    const double face = 1 / (1 / first + 1 / (s.film * 2 * pi * quartzite.radius));
    double heat = 0, before = 0;
    for (int k = 1; k <= substeps; ++k) {
      const double now = s.time * k * double(k) / substeps / substeps, dt = now - before, air = s.from + (s.to - s.from) * now / s.time;
      before = now;
      double down = face, pivot = 0;
      for (int i = 0; i < n; ++i) {  // Thomas
        const double up = i + 1 < n ? between[i] : 0;
        pivot = volume[i] / dt + down + up - (i ? down * lower[i - 1] : 0);
        right[i] = (volume[i] / dt * t[i] + down * (i ? right[i - 1] : air)) / pivot;
        lower[i] = up / pivot;
        down = up;
      }
      for (int i = n - 1; i >= 0; --i) t[i] = right[i] + (i + 1 < n ? lower[i] * t[i + 1] : 0);
      heat += dt * face * (t[0] - air) / (2 * pi * quartzite.radius);
    }
    double ours = 0;
    for (int k = 0; k < s.steps; ++k) {
      const double air = s.from + (s.to - s.from) * (k + 1.0) / s.steps;
      ours += s.time / s.steps * wall.advance_through_film(s.time / s.steps, s.film, air, s.from == s.to ? Course::jump : Course::linear);
    }
    EXPECT_NEAR(ours, heat, 2e-3 * std::abs(heat)) << s.film;
  }
}
// A yearly swing of 8 K, twenty years on, less the slow part: amplitude and lead of the flux by the periodic solution (k/a) z K₁/(K₀ + (z/B) K₁) with
// z = √(iω a²/α), K from their integrals. Straight courses between points: the kinks leave an error
// of order 3/2 in the step (half of it: 0.35, taken as less than 0.4), 0.12 % of the amplitude at 96 points a year.
TEST(Strata, Seasons) {
  using Complex = std::complex<double>;
  const double b = quartzite.biot(10), omega = 2 * pi / quartzite.fourier(year);
  const Complex z = std::sqrt(Complex(0, omega));
  const auto bessel = [&](int order) {
    Complex sum = 0.5 * std::exp(-z);
    const double h = 0.01;
    for (int i = 1; i < 800; ++i) sum += std::exp(-z * std::cosh(i * h)) * std::cosh(order * i * h);
    return sum * h;
  };
  const Complex k0 = bessel(0), k1 = bessel(1), response = quartzite.scale() * z * k1 / (k0 + z / b * k1);
  const auto sum = std::make_shared<ExponentialSum>(b, 1e-2, 1e3, 1e-5);
  double before = 0;
  for (int steps : {24, 48, 96}) {
    RockMemory swinging(quartzite, 50, sum), still(quartzite, 50, sum);
    swinging.advance(1, 25, Course::jump);
    still.advance(1, 25, Course::jump);
    double worst = 0;
    for (int i = 1; i <= 20 * steps; ++i) {
      const double phase = 2 * pi * i / steps;
      swinging.advance(year / steps, 25 + 8 * std::sin(phase), Course::linear);
      still.advance(year / steps, 25, Course::linear);
      if (i > 19 * steps) worst = std::max(worst, std::abs(swinging.flux() - still.flux() + 8 * std::imag(response * std::exp(Complex(0, phase)))));
    }
    if (before > 0) {
      EXPECT_LT(worst, 0.4 * before);
    }
    before = worst;
  }
  EXPECT_LT(before, 2e-3 * 8 * std::abs(response));
}
// Advance 3 m/day for 100 days, then 20 days of rest, then 2 m/day: mean over the wall against quadrature; and a wall passed in one step, taken as
// exposed evenly through it, against the same mean.
TEST(Strata, DeepeningHeading) {
  const double day = 86400;
  const Heading heading({0, 100 * day, 120 * day, 200 * day}, {0, 300, 300, 460});
  EXPECT_DOUBLE_EQ(heading.face(150 * day), 360);
  EXPECT_DOUBLE_EQ(heading.age(150, 150 * day), 100 * day);
  EXPECT_DOUBLE_EQ(heading.age(330, 150 * day), 15 * day);
  EXPECT_DOUBLE_EQ(heading.age(400, 150 * day), 0);
  const RadialFlux g(4.0);
  double sum = 0;
  const int n = 26000;
  for (int i = 0; i < n; ++i) sum += g(quartzite.fourier(heading.age(100 + (i + 0.5) * 260 / n, 150 * day))) / n;
  EXPECT_NEAR(heading.mean_flux(quartzite, g, 100, 360, 150 * day), sum, 1e-6);
  // Rate 3 m/day over 100 … 160 m in 20 days; 30 days after the face has passed 160 m.
  const auto memory = std::make_shared<ExponentialSum>(4.0, 1e-3, 1e3, 1e-5);
  RockMemory wall(quartzite, 55, memory);
  wall.advance(20 * day, 30, Course::linear);
  wall.advance(30 * day, 30, Course::jump);
  const double passed = 160 / 3.0 * day, exact = quartzite.scale() * 25 * heading.mean_flux(quartzite, g, 100, 160, passed + 30 * day);
  EXPECT_NEAR(wall.flux(), exact, 1e-5 * exact);
  EXPECT_REFUSED(heading.mean_flux(quartzite, g, 100, 361, 150 * day), "face");
  EXPECT_REFUSED(Heading({0, 1}, {10, 5}), "decreasing");
}
TEST(Strata, Refusals) {
  EXPECT_REFUSED(radial_flux(-1, 1), "Fourier");
  EXPECT_REFUSED(radial_flux(NAN, 1), "Fourier");
  EXPECT_REFUSED(radial_flux(1, 0), "Biot");
  EXPECT_REFUSED(radial_flux(1, -2), "Biot");
  EXPECT_REFUSED(radial_flux(0, prescribed_wall), "infinite");
  EXPECT_REFUSED(ExponentialSum(1, 1, 0.5), "ascending");
  EXPECT_REFUSED(ExponentialSum(1, 0.1, 10, 1e-9), "tolerance");
  EXPECT_REFUSED(equivalent_radius(0), "perimeter");
  const auto sum = std::make_shared<ExponentialSum>(1, 0.1, 10);
  EXPECT_REFUSED(RockMemory({0, 2e6, 2}, 300, sum), "conductivity");
  RockMemory wall(quartzite, 300, sum);
  EXPECT_REFUSED(wall.advance(0, 290, Course::jump), "positive");
  EXPECT_REFUSED(wall.advance(1, NAN, Course::jump), "finite");
  EXPECT_REFUSED(wall.advance(1e9, 290, Course::jump), "range of its exponential sum");
  EXPECT_REFUSED(wall.through_film(1e5, 10, Course::jump), "prescribed wall");
  RockMemory bare(quartzite, 300, std::make_shared<ExponentialSum>(prescribed_wall, 0.1, 10));
  EXPECT_REFUSED(bare.through_film(1e5, 10, Course::linear), "first step");
  EXPECT_REFUSED(bare.through_film(1e5, -1, Course::jump), "film");
  EXPECT_REFUSED(superposed_flux(quartzite, 300, RadialFlux(1), std::vector<double>{1, 0}, std::vector<double>{1, 2}, 3), "ascending");
}
