/// What a catalogue of events tells: completeness, b-value, energy index, apparent volume, Schmidt number, sum of moments, hazard. Not collective.
/// Sources: Gutenberg and Richter 1944; Aki 1965; Utsu 1966; Shi and Bolt 1982; Wiemer and Wyss 2000; Woessner and Wiemer 2005; van der Elst 2021;
/// Mendecki 1997 (Seismic Monitoring in Mines, ch. 10); van Aswegen and Butler 1993; McGarr 1976.
#pragma once
#include <vector>

#include "burst/catalogue.hpp"

namespace winze::burst {

struct Interval {
  double value, low, high;
};
/// x with Φ(x) = p, 0 < p < 1.
double normal_quantile(double p);

/// Magnitudes as multiples of `bin` (unchanged for 0). InputError where they are coarser than `bin` already: then b would be biased.
std::vector<double> binned(std::vector<double> magnitudes, double bin);

struct Completeness {
  double maximum_curvature;  ///< bin with most events (Wiemer and Wyss 2000) + 0.2 (Woessner and Wiemer 2005)
  double goodness_of_fit;  ///< least magnitude from which R = 1 − Σ|N_i − S_i| / ΣN_i ≥ 0.9, N_i and S_i cumulative counts observed and by the
                           ///< fitted law (Wiemer and Wyss 2000, eq. 1, written as a share); NaN where none does
  double fit;   ///< R at `used`; NaN where fewer than 10 events are left
  double used;  ///< the larger of the two
};
/// `width`: of the bins that count events, above 0. InputError for fewer than 50 magnitudes.
Completeness completeness(const std::vector<double>& magnitudes, double width);

struct BValue {
  double b, error;  ///< standard error (Shi and Bolt 1982): ln 10 b² √(Σ(m − m̄)² / (N (N − 1)))
  int n;
  Interval interval(double confidence) const;
};
/// b = log10 e / (m̄ − (Mc − Δm/2)) over the events ≥ Mc (Aki 1965; Utsu 1966). InputError for fewer than 10 events or all of one magnitude.
BValue b_value(const std::vector<double>& magnitudes, double completeness, double bin);
/// The same law on the positive differences ≥ `least` between successive events of a catalogue in time order (van der Elst 2021): needs no Mc.
/// `least` ≥ bin and above 0.
BValue b_positive(const std::vector<double>& magnitudes, double least, double bin);

/// log10 E = c + d log10 M0 by orthogonal regression: both have errors, and ordinary least squares makes d too small. E in J, M0 in
/// N m.
struct EnergyLine {
  double c, d, d_error;  ///< standard error by leaving out one event at a time
  int n;
};
/// Events with an energy. InputError for fewer than 10 of them or all of one moment.
EnergyLine energy_line(const std::vector<Event>& events);
/// log10 of the energy index E / 10^(c + d log10 M0) (van Aswegen and Butler 1993); NaN without an energy.
double log_energy_index(const EnergyLine& line, const Event& event);
/// M0² / (2 G E), m³ (Mendecki 1997); NaN without an energy.
double apparent_volume(const Event& event, double shear_modulus);

/// Sc = 4 G² ΔV Δt t̄ ΣE / (ρ X̄² (ΣM0)²): viscosity over density and diffusivity (Mendecki 1997), X̄ and t̄ mean distance and time between
/// successive events. Events without energy are left out; NaN for fewer than 3, or where time or distance is zero. G Pa, ΔV m³, ρ kg/m³.
double schmidt_number(const std::vector<Event>& events, double shear_modulus, double volume, double density);

/// γ G ΔV, N m (McGarr 1976): the sum of moments that a closure of ΔV m³ can release. γ 0.5 to 1 for mines, 2 for injection.
double closure_moment(double gamma, double shear_modulus, double closure);

/// Gutenberg and Richter: N events ≥ Mc in T s, λ(M) = N/T 10^(−b (M − Mc + Δm/2)), truncated at `largest` where it is finite.
struct Hazard {
  Interval rate;         ///< events ≥ M per second
  Interval probability;  ///< of at least one within `horizon`, 1 − e^(−λ horizon)
};
/// Interval: ln λ is normal with variance 1/N + (ln 10 (M − Mc + Δm/2) σ_b)² (delta method; Poisson count and b independent). For M ≥ Mc, below
/// `largest`; InputError elsewhere. It holds while the rate and b stay what they were.
Hazard hazard(const BValue& b, double completeness, double bin, double observed, double magnitude, double horizon, double largest, double confidence);

}  // namespace winze::burst
