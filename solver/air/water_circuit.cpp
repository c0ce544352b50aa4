// Pipes, pumps, turbines, feeders, ice and cold storage.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "air/cooling.hpp"
#include "air/decay.hpp"
#include "base/error.hpp"

namespace winze::air {

namespace {

void check_positive(double value, const char* what) {
  if (!(value > 0 && std::isfinite(value))) throw InputError("{} must be positive, not {:.6g}", what, value);
}
void check_share(double value, const char* what) {
  if (!(value >= 0 && value <= 1)) throw InputError("{} {:.6g} must be within 0 … 1", what, value);
}
void check_efficiency(double value, const char* what) {
  if (!(value > 0 && value <= 1)) throw InputError("efficiency of a {} {:.6g} must be above 0 and at most 1", what, value);
}

}  // namespace

double pipe_conductance(double inner_diameter, double outer_diameter, double insulation, double film) {
  check_positive(inner_diameter, "pipe diameter");
  check_positive(film, "outer film of a pipe");
  if (!(outer_diameter >= inner_diameter))
    throw InputError("diameter outside the insulation {:.6g} m must not be below that inside, {:.6g} m", outer_diameter, inner_diameter);
  double resistance = 1 / (film * std::numbers::pi * outer_diameter);
  if (outer_diameter > inner_diameter) {
    check_positive(insulation, "conductivity of pipe insulation");
    resistance += std::log(outer_diameter / inner_diameter) / (2 * std::numbers::pi * insulation);
  }
  return 1 / resistance;
}

Piped pipe(const Water& in, double conductance, double length, double ambient, double drop, double recovery, Psychrometry route) {
  check_positive(in.flow, "water flow");
  check_share(recovery, "recovery of head");
  if (!(conductance >= 0 && length >= 0)) throw InputError("a pipe needs conductance and length that are not negative");
  check_positive(ambient, "temperature around a pipe");
  const double c = gas(route).c_water, capacity = in.flow * c, z = conductance * length / capacity;
  Piped r;
  // Falling water warms evenly along the pipe by `rate` K, exchanging heat on the way; a riser does not cool: its pump pays for the head.
  const double head = std::max(drop, 0.0);
  r.recovered = in.flow * gravity * head * recovery;
  r.potential = in.flow * gravity * head - r.recovered;
  const double rate = r.potential / capacity;
  const double out = ambient + (in.temperature - ambient) * std::exp(-z) + rate * mean_decay(z);
  r.water = {in.flow, out};
  r.gain = capacity * (out - in.temperature) - r.potential;
  if (!(out >= zero_celsius)) throw InputError("water in a pipe would cool to {:.3f} °C and freeze", out - zero_celsius);
  return r;
}
double Piped::residual(const Water& in, Psychrometry route) const {
  return water.flow * water_enthalpy(water.temperature, route) - in.flow * water_enthalpy(in.temperature, route) - gain - potential;
}

Pumped pump(double flow, double head, double efficiency) {
  check_positive(flow, "water flow");
  check_efficiency(efficiency, "pump");
  if (!(head >= 0)) throw InputError("head of a pump must not be negative: {:.6g} m", head);
  const double hydraulic = flow * gravity * head;
  return {hydraulic / efficiency, hydraulic, hydraulic / efficiency - hydraulic};
}
double turbine_power(double flow, double head, double efficiency) {
  check_positive(flow, "water flow");
  check_efficiency(efficiency, "turbine");
  if (!(head >= 0)) throw InputError("head of a turbine must not be negative: {:.6g} m", head);
  return flow * gravity * head * efficiency;
}
Pumped pipe_feeder(double flow, double head, double recovery, double pump_efficiency) {
  check_share(recovery, "recovery of a pipe feeder");
  return pump(flow, head * (1 - recovery), pump_efficiency);
}

double ice_cooling(double ice_fraction, double ice_temperature, double leaving, Psychrometry route) {
  check_share(ice_fraction, "ice fraction");
  if (!(ice_temperature <= zero_celsius && ice_temperature >= zero_celsius - 60))
    throw InputError("ice temperature {:.6g} °C is outside −60 … 0 °C", ice_temperature - zero_celsius);
  if (ice_fraction < 1 && ice_temperature < zero_celsius)
    throw InputError("ice mixed with water is at 0 °C, not at {:.6g} °C", ice_temperature - zero_celsius);
  if (!(leaving >= zero_celsius)) throw InputError("water of melted ice leaves at 0 °C or warmer, not at {:.6g} °C", leaving - zero_celsius);
  return ice_fraction * (ice_latent + ice_heat_capacity * (zero_celsius - ice_temperature)) + gas(route).c_water * (leaving - zero_celsius);
}

double stored_energy(const ColdStore& store, Psychrometry route) {
  return store.water * gas(route).c_water * (store.temperature - zero_celsius) - store.ice * ice_latent;
}

Stored advance(ColdStore& store, double dt, const Water& in, double ambient, Psychrometry route) {
  check_positive(store.water, "water of a store");
  check_positive(dt, "time step");
  if (!(store.ice >= 0 && store.ice <= store.water)) throw InputError("a store of {:.6g} kg cannot hold {:.6g} kg of ice", store.water, store.ice);
  if (store.ice > 0 && store.temperature != zero_celsius)
    throw InputError("a store with ice is at 0 °C, not at {:.6g} °C", store.temperature - zero_celsius);
  if (!(in.flow >= 0 && in.temperature >= zero_celsius && store.temperature >= zero_celsius && store.leak >= 0 && ambient > 0))
    throw InputError("a store needs water of 0 °C or warmer, and flow and leak that are not negative");
  const double c = gas(route).c_water, through = in.flow * c;
  Stored r;
  double left = dt, leaving_sum = 0;  // K s
  if (store.ice > 0) {
    const double power = through * (in.temperature - zero_celsius) + store.leak * (ambient - zero_celsius);
    const double melting = power > 0 ? std::min(left, store.ice * ice_latent / power) : left;
    if (power < 0) throw InputError("surroundings at {:.6g} °C would freeze the store: not covered", ambient - zero_celsius);
    r.through += melting * through * (in.temperature - zero_celsius);
    r.leaked += melting * store.leak * (ambient - zero_celsius);
    store.ice = melting < left ? 0 : std::max(0.0, store.ice - melting * power / ice_latent);
    leaving_sum += melting * zero_celsius;
    left -= melting;
  }
  if (left > 0) {
    const double sum = through + store.leak;
    double mean = store.temperature;
    if (sum > 0) {
      const double rest = (through * in.temperature + store.leak * ambient) / sum, z = sum * left / (store.water * c);
      mean = rest + (store.temperature - rest) * mean_decay(z);
      store.temperature = rest + (store.temperature - rest) * std::exp(-z);
    }
    if (!(store.temperature >= zero_celsius)) throw InputError("the store would freeze: not covered");
    r.through += left * through * (in.temperature - mean);
    r.leaked += left * store.leak * (ambient - mean);
    leaving_sum += left * mean;
  }
  r.leaving = leaving_sum / dt;
  return r;
}

}  // namespace winze::air
