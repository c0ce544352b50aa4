#include "air/contaminant.hpp"

#include <cmath>

#include "air/decay.hpp"
#include "base/error.hpp"

namespace winze::air {

namespace {

constexpr double gas_constant = 8.314462618;

void check_volume(const MixedVolume& v) {
  if (!(v.volume > 0 && v.flow >= 0 && v.decay >= 0 && std::isfinite(v.source) && v.inlet >= 0))
    throw InputError("a mixed volume needs volume above zero ({:.6g} m³), flow, decay and inlet not negative ({:.6g} m³/s, {:.6g} 1/s, {:.6g})",
                     v.volume, v.flow, v.decay, v.inlet);
}
void check_gas(double temperature, double pressure, double molar_mass) {
  if (!(temperature > 150 && pressure > 0 && molar_mass > 0 && molar_mass < 1))
    throw InputError("a gas at {:.6g} K and {:.6g} Pa of {:.6g} kg/mol is not one", temperature, pressure, molar_mass);
}

}  // namespace

double MixedVolume::settled() const {
  check_volume(*this);
  if (rate() == 0) throw InputError("a volume without flow and decay does not settle");
  return (source + flow * inlet) / (volume * rate());
}
double MixedVolume::after(double start, double time) const {
  check_volume(*this);
  if (!(start >= 0 && time >= 0)) throw InputError("concentration {:.6g} and time {:.6g} s must not be negative", start, time);
  const double z = rate() * time;
  return start * std::exp(-z) + (source + flow * inlet) / volume * time * mean_decay(z);
}
double MixedVolume::time_to(double start, double target) const {
  check_volume(*this);
  if (!(start >= 0 && target >= 0)) throw InputError("concentrations {:.6g} and {:.6g} must not be negative", start, target);
  if (start == target) return 0;
  if (rate() == 0) {
    const double time = (target - start) * volume / source;
    if (!(time > 0)) throw InputError("concentration {:.6g} is never reached from {:.6g}: neither flow nor decay", target, start);
    return time;
  }
  const double rest = settled(), ratio = (start - rest) / (target - rest);
  if (!(ratio > 1)) throw InputError("concentration {:.6g} is never reached from {:.6g}: the volume settles at {:.6g}", target, start, rest);
  return std::log(ratio) / rate();
}

double plug_outlet(double inlet, double residence, double source_per_volume, double decay) {
  if (!(inlet >= 0 && residence >= 0 && decay >= 0))
    throw InputError("inlet {:.6g}, residence {:.6g} s and decay {:.6g} 1/s must not be negative", inlet, residence, decay);
  const double z = decay * residence;
  return inlet * std::exp(-z) + source_per_volume * residence * mean_decay(z);
}
double taylor_dispersion(double speed, double hydraulic_diameter, double fanning) {
  if (!(hydraulic_diameter > 0 && fanning >= 0))
    throw InputError("hydraulic diameter {:.6g} m must be positive and friction {:.6g} not negative", hydraulic_diameter, fanning);
  return 10.1 * 0.5 * hydraulic_diameter * std::abs(speed) * std::sqrt(0.5 * fanning);
}
double volume_fraction(double concentration, double temperature, double pressure, double molar_mass) {
  check_gas(temperature, pressure, molar_mass);
  return concentration * gas_constant * temperature / (molar_mass * pressure);
}
double mass_concentration(double volume_fraction, double temperature, double pressure, double molar_mass) {
  check_gas(temperature, pressure, molar_mass);
  return volume_fraction * molar_mass * pressure / (gas_constant * temperature);
}

Radon aged(const Radon& start, double time, double source, double removal) {
  if (!(time >= 0 && source >= 0 && removal >= 0))
    throw InputError("age {:.6g} s, source {:.6g} and removal {:.6g} 1/s of radon must not be negative", time, source, removal);
  // Activities: dA₀/dt = source − μ₀ A₀, dAᵢ/dt = λᵢ Aᵢ₋₁ − μᵢ Aᵢ, μ = λ + removal: a rest and one exponential for each ancestor.
  const double lambda[4] = {radon_decay, progeny_decay[0], progeny_decay[1], progeny_decay[2]};
  const double from[4] = {start.radon, start.polonium, start.lead, start.bismuth};
  double rest = 0, now[4], a[4][4] = {};
  for (int i = 0; i < 4; ++i) {
    const double mu = lambda[i] + removal;
    rest = (i == 0 ? source : lambda[i] * rest) / mu;
    double sum = 0;
    for (int j = 0; j < i; ++j) {
      a[i][j] = lambda[i] * a[i - 1][j] / (lambda[i] - lambda[j]);
      sum += a[i][j];
    }
    a[i][i] = from[i] - rest - sum;
    now[i] = rest;
    for (int j = 0; j <= i; ++j) now[i] += a[i][j] * std::exp(-(lambda[j] + removal) * time);
  }
  return {now[0], now[1], now[2], now[3]};
}

double fume_zone(double explosive) {
  if (!(explosive > 0)) throw InputError("mass of explosive {:.6g} kg must be positive", explosive);
  return 15 + explosive / 5;
}
double Blast::concentration(double section) const {
  if (!(section > 0)) throw InputError("section {:.6g} m² must be positive", section);
  if (!(yield >= 0 && kept_in_muck >= 0 && kept_in_muck <= 1))
    throw InputError("yield {:.6g} must not be negative and the share kept in muck {:.6g} within 0 … 1", yield, kept_in_muck);
  return released() / (section * fume_zone(explosive));
}

}  // namespace winze::air
