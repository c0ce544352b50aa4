/// Heat from rock into an airway: the circular opening of radius a in infinite rock at virgin temperature, exposed at age zero, wall film h to the
/// air.
///
///   q = (k/a) G(F, B) (VRT − T_air),   F = α t/a²,   B = h a/k
///
/// q is heat from rock to air per wall area, W/m². B = infinity stands for a prescribed wall temperature. Sources: Carslaw and Jaeger, Conduction of
/// Heat in Solids, 13.5; Goch and Patterson 1940 and Jaeger and Clarke 1942 for their tables.
#pragma once
#include <limits>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace winze::air {

inline constexpr double prescribed_wall = std::numeric_limits<double>::infinity();  ///< the Biot number of a prescribed wall temperature

/// Rock around an airway. Radius: equivalent_radius().
struct Strata {
  double conductivity = 0;   ///< W/(m K)
  double heat_capacity = 0;  ///< J/(m³ K), density times specific heat
  double radius = 0;         ///< m
  double diffusivity() const { return conductivity / heat_capacity; }
  double fourier(double time) const { return diffusivity() * time / (radius * radius); }
  double biot(double film) const { return film * radius / conductivity; }
  /// W/(m² K) for G = 1.
  double scale() const { return conductivity / radius; }
};
/// The circle of the same perimeter: it has the same wall area per length.
double equivalent_radius(double perimeter);

/// G(·, B) and its mean over the age for one B by quadrature of the exact integral; relative error below 1e-10 for 0 < F ≤ 1e12. Building costs
/// microseconds, a value some microseconds: for histories of many airways take ExponentialSum.
class RadialFlux {
 public:
  /// biot > 0, or prescribed_wall. Throws InputError otherwise.
  explicit RadialFlux(double biot);
  double biot() const { return biot_; }
  /// G(F, B). F ≥ 0; F = 0 gives B, and is refused for a prescribed wall (infinite flux).
  double operator()(double fourier) const;
  /// Mean of G over ages 0 … F, finite for F > 0 whatever B. F = 0 as above.
  double mean(double fourier) const;

 private:
  double biot_;
  std::vector<double> density_;  // (4/π²) w/D at the nodes of the common lattice in ln u
};
/// One value; builds a RadialFlux.
double radial_flux(double fourier, double biot);
double radial_mean_flux(double fourier, double biot);

/// Half space (footwall of a stope), a being any length that F and B share: B erfcx(B √F); B finite.
double plane_flux(double fourier, double biot);
double plane_mean_flux(double fourier, double biot);  ///< mean over ages 0 … F
/// exp(x²) erfc(x) for x ≥ 0, relative error below 1e-13.
double erfcx(double x);

/// Gibson's fit as used by the Climsim and Ventsim lineage (coefficients reconstructed, not read in the source), within ±3.5 % of the exact G for
/// 0.1 ≤ F ≤ 1000, 0.01 ≤ B ≤ 1000; refused elsewhere. For comparison with such codes only.
double gibson_flux(double fourier, double biot);

/// Wall temperature, K: T_air + (VRT − T_air) G/B; B finite.
double wall_temperature(double virgin, double air, double flux, double biot);

/// G as a sum of decaying exponentials with positive weights at rates spaced evenly in logarithm: G is a mixture of exponentials (its integral), and
/// the trapezoid rule in ln u converges faster than any power. What lies below the slowest rate is one more exponential that keeps its weight and
/// mean rate; what lies above the fastest is one that keeps its share of the heat, so that the heat since exposure is right also where steps are
/// shorter than `least`.
class ExponentialSum {
 public:
  /// For `least` ≤ F ≤ `most` the relative error of G stays below `tolerance` (1e-2 … 1e-7), that of the mean over ages too. 20 terms for four
  /// decades at 1e-3, 40 for ten decades at 1e-4. Throws InputError on an empty range.
  ExponentialSum(double biot, double least, double most, double tolerance = 1e-4);
  double biot() const { return biot_; }
  double tolerance() const { return tolerance_; }
  double least() const { return least_; }
  double most() const { return most_; }
  std::size_t n_terms() const { return rate_.size(); }
  const std::vector<double>& rates() const { return rate_; }
  const std::vector<double>& weights() const { return weight_; }
  double operator()(double fourier) const;  ///< the sum itself, a fifth of a microsecond
  double mean(double fourier) const;        ///< its mean over ages 0 … F

  /// What a step of length ΔF does to a term of rate λ: decay e^−z, mean decay φ₁ = (1 − e^−z)/z, and the sums over the terms that end flux and mean
  /// flux need, with z = λ ΔF, φ₂ = (1 − φ₁)/z.
  struct Step {
    std::vector<double> decay, mean_decay;
    double jump_end = 0, jump_mean = 0;      // Σ w e^−z, Σ w φ₁
    double linear_end = 0, linear_mean = 0;  // Σ w φ₁,   Σ w φ₂
  };
  /// Kept for the lengths used before (up to 16384 of them): not for concurrent use by threads.
  const Step& step(double fourier_step) const;

  /// A step in pieces that grow by three, ending at t_j = ΔF 3^(j + 1 − n). The driving temperature jumps at the start of the first and runs straight
  /// in the others. What its change in piece l does to the mean flux of piece j, to the flux at the end of the step, and to the terms.
  static constexpr int n_pieces = 7;
  struct Graded {
    std::vector<double> past, change;  // [pieces · terms]: mean of e^−λt over piece j; what piece l leaves in a term at the end, times its weight
    double mean[n_pieces][n_pieces] = {};                 // [j][l], l ≤ j
    double end[n_pieces] = {};                            // [l]
    double length[n_pieces] = {}, middle[n_pieces] = {};  // over ΔF
  };
  const Graded& graded(double fourier_step) const;

 private:
  double biot_, least_, most_, tolerance_;
  std::vector<double> rate_, weight_;
  mutable std::unordered_map<double, Step> steps_;
  mutable std::unordered_map<double, Graded> graded_;
};

/// How the driving temperature goes through a step: jumps to its end value at the start and stays, or runs straight to it.
enum class Course { jump, linear };

/// The thermal memory of one piece of wall: heat after any history of the driving temperature by superposition (Duhamel), at a cost per step that
/// does not grow with the history. The driving temperature is that of the air for a finite B, which is exact while the film does not change; with
/// prescribed_wall it is the wall's, and the film outside may be anything, wet or varying: the flux at the end and its mean are affine in the
/// temperature at the end, so the wall balance is one linear equation.
///
/// Starts as rock not yet exposed. The first step exposes it: by `jump` all at once at the start of the step, by `linear` evenly through the step, as
/// the wall of a heading does that advances past it (per area finally exposed).
class RockMemory {
 public:
  RockMemory(const Strata& rock, double virgin, std::shared_ptr<const ExponentialSum> sum);

  /// q = constant − slope · T_end, W/m²: at the end of the step and as its mean.
  struct Answer {
    double end_constant = 0, end_slope = 0, mean_constant = 0, mean_slope = 0;
    double end(double temperature) const { return end_constant - end_slope * temperature; }
    double mean(double temperature) const { return mean_constant - mean_slope * temperature; }
  };
  /// The answer of a step of dt > 0 s to any temperature at its end; changes nothing.
  Answer answer(double dt, Course course) const;
  /// Takes the step. Returns the mean flux over it, W/m²: times dt exactly the heat that left the rock. Throws InputError once the age since exposure
  /// passes the sum's range: its error is not known there.
  double advance(double dt, double temperature, Course course);

  /// The same through a film of `film` W/(m² K) that stays during the step, outside of which the temperature jumps at the start and stays (`jump`),
  /// or runs straight from that of the step before (`linear`; not the first step). For a sum of prescribed_wall. The wall's own course is resolved
  /// inside the step: the heat of a first step or after a sudden change is within 1 % of the exact one whatever the step, where one straight course
  /// of the wall errs by 40 %. The answer is to the temperature outside the film.
  Answer through_film(double dt, double film, Course course) const;
  double advance_through_film(double dt, double film, double outside, Course course);

  double flux() const;  ///< W/m² now
  double temperature() const { return temperature_; }
  double virgin() const { return virgin_; }
  bool exposed() const { return age_ > 0; }
  const Strata& rock() const { return rock_; }
  /// State for a restart: the terms, the driving temperature, that outside the film, the age.
  std::vector<double> state() const;
  void restore(std::span<const double> state);  ///< throws InputError when its length is wrong

 private:
  Strata rock_;
  /// Wall temperatures at the ends of the pieces, affine in the temperature outside: a + b T.
  struct Pieces {
    double a[ExponentialSum::n_pieces], b[ExponentialSum::n_pieces];
  };
  Pieces walls(double dt, double film, Course course) const;
  void grow_older(double fourier);

  double virgin_, temperature_, outside_, age_ = 0;  // K, K, K, Fourier number
  std::shared_ptr<const ExponentialSum> sum_;
  std::vector<double> term_;  // w y, K
  // What the past gives in the mean of the pieces of the step last asked for, and at its end.
  mutable double asked_ = 0, past_[ExponentialSum::n_pieces] = {}, past_end_ = 0;
};

/// The same by exact superposition, for checks: air at temperature[i] from time[i] to time[i+1]; exposed at time[0]. W/m² at `now` > the last time.
double superposed_flux(const Strata& rock, double virgin, const RadialFlux& flux, std::span<const double> time, std::span<const double> temperature,
                       double now);

/// A deepening heading: face position over time, so that age falls along it.
class Heading {
 public:
  /// Face position (m from the start of the heading) at times (s), both not decreasing; straight between, still before and after. Throws InputError.
  Heading(std::vector<double> time, std::vector<double> face);
  double face(double time) const;
  /// Age of the wall at x; 0 ahead of the face. Where the face jumps or starts, x there is of the first time that reaches it.
  double age(double x, double time) const;
  /// Mean of G over the wall from x0 to x1 (x0 < x1 ≤ face), exactly, by the mean over ages on each straight piece of the advance.
  double mean_flux(const Strata& rock, const RadialFlux& flux, double x0, double x1, double time) const;

 private:
  std::vector<double> time_, face_;
};

}  // namespace winze::air
