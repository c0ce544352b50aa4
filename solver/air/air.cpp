#include "air/air.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "linear/anderson.hpp"

namespace winze::air {
namespace {

/// Of head, friction and moist, one after the other: [3 × branches].
std::vector<double> logarithms(const BranchAir& air) {
  std::vector<double> x;
  for (const auto* values : {&air.head, &air.friction, &air.moist})
    for (const double v : *values) x.push_back(std::log(v));
  return x;
}
void set_logarithms(BranchAir& air, const std::vector<double>& x) {
  size_t i = 0;
  for (auto* values : {&air.head, &air.friction, &air.moist})
    for (double& v : *values) v = std::exp(x[i++]);
}
std::vector<double> difference(std::vector<double> a, const std::vector<double>& b) {
  for (size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
  return a;
}

}  // namespace

Air::Air(Network network) : network_(std::move(network)), graph_(make_graph(network_)) {
  flow_ = std::make_unique<Flow>(graph_, network_.flow);
  if (network_.climate) climate_ = std::make_unique<Climate>(network_, graph_);
}

/// Air at the temperatures that airways give, else at that of the outside air at their height.
BranchAir Air::given_air(double time) const {
  const Psychrometry route = network_.climate ? network_.climate->psychrometry : Psychrometry::hyland_wexler;
  const Gas& g = gas(route);
  BranchAir air;
  for (size_t b = 0; b < graph_.from.size(); ++b) {
    const Airway& a = network_.airways.entries[size_t(graph_.airway[b])].second;
    const double z = (graph_.z[size_t(graph_.from[b])] + graph_.z[size_t(graph_.to[b])]) / 2;
    const double t = a.temperature ? *a.temperature : outside_temperature(network_.weather, z, time);
    const double x = outside_humidity(network_.weather, route, 0, time);
    air.head.push_back(g.r_dry * (1 + x / g.mass_ratio) / (1 + x) * t);
    air.moist.push_back(1 + x);
  }
  air.friction = air.head;
  return air;
}

std::vector<double> Air::fan_heat() const {
  std::vector<double> heat(graph_.from.size(), 0);
  for (const FanPoint& point : report_.flow.fans) {
    const Airway& a = network_.airways.entries[size_t(point.airway)].second;
    const Fan& fan = std::get<Fan>(a.devices[size_t(point.device)].value);
    const double gain = fan.direction == Blows::forward ? point.pressure : -point.pressure;
    const double shaft = fan.shaft_power(point.flow, gain, solved_);
    heat[size_t(point.branch)] += fan.motor == Motor::in_air ? shaft / fan.motor_efficiency : shaft;
    // What the air gives back where it is blown through a fan that holds it up is friction: it stays in the air and needs no term.
  }
  return heat;
}

std::vector<PlantState> Air::plants() const {
  std::vector<PlantState> all;
  if (!climate_ || network_.plants.entries.empty()) return all;
  const Weather& w = network_.weather;
  const State outside{w.temperature(w.moment(solved_)), w.pressure(w.moment(solved_)), outside_humidity(w, climate_->route(), w.elevation, solved_)};
  const double wet = wet_bulb(outside, climate_->route());
  for (const auto& [name, plant] : network_.plants.entries) {
    double load = 0;
    for (size_t b = 0; b < graph_.from.size(); ++b)
      for (const std::string& cooler : plant.coolers)
        if (graph_.airway_names[size_t(graph_.airway[b])] == cooler) load += climate_->branches()[b].cooling;
    all.push_back(work(plant, load, wet));
  }
  return all;
}

void Air::couple(double time, double dt) {
  solved_ = time;
  graph_ = make_graph(network_, time);
  flow_ = std::make_unique<Flow>(graph_, network_.flow);
  if (climate_) climate_->refresh();
  const Psychrometry route = network_.climate ? network_.climate->psychrometry : Psychrometry::hyland_wexler;
  const Gas& g = gas(route);
  Flow::Outside outside;
  outside.gravity = network_.gravity;
  outside.density = network_.density.value_or(0);
  for (const double z : graph_.z) {
    const double x = outside_humidity(network_.weather, route, 0, time), r = g.r_dry * (1 + x / g.mass_ratio) / (1 + x);
    outside.reference.push_back(network_.density ? network_.weather.pressure(network_.weather.moment(time))
                                                 : outside_pressure(network_.weather, network_.gravity, r, z, time));
  }
  if (!climate_) {
    air_ = given_air(time);
    report_ = {};
    report_.flow = flow_->solve(outside, air_, state_);
    return;
  }
  const bool first = air_.head.empty();
  if (first) air_ = given_air(time);
  report_ = {};
  // R T of the branches is what flow and climate agree on, as logarithms; near agreement all branches together by the last `depth` rounds.
  constexpr int depth = 8;
  linear::Anderson anderson(depth);
  std::vector<double> relaxation(3 * graph_.from.size(), 1), last;
  for (int k = 1;; ++k) {
    int before = report_.flow.iterations;
    report_.flow = flow_->solve(outside, air_, state_);
    report_.flow.iterations += before;
    report_.couplings = k;
    climate_->solve({time, dt, jumps_}, state_, fan_heat());
    const std::vector<double> x = logarithms(air_), change = difference(logarithms(climate_->air()), x);
    size_t worst = 0;
    for (size_t i = 0; i < change.size(); ++i)
      if (std::abs(change[i]) > std::abs(change[worst])) worst = i;
    const double largest = std::abs(change[worst]);
    report_.coupling_change = largest;
    if (largest <= network_.climate->tolerance) {
      if (climate_->overheated() >= 0)
        throw SolverError("air: the heat sources of airway '{}' would warm its {:.3g} kg/s of air by more than 60 K: give it air, or less heat",
                          graph_.airway_names[size_t(climate_->overheated())],
                          std::abs(state_.mass[size_t(graph_.first[size_t(climate_->overheated())])]));
      for (size_t b = 0; b < graph_.from.size(); ++b)
        if (climate_->branches()[b].unmet > 1e-6 * climate_->ledger().scale())
          throw SolverError(
              "air: the plant in airway '{}' lacks {:.4g} kW of cooling: its capacity, or the heat that its air can take, is less than its coolers "
              "ask",
              graph_.airway_names[size_t(graph_.airway[b])], 1e-3 * climate_->branches()[b].unmet);
      const std::vector<PlantState> surface = plants();
      for (size_t i = 0; i < surface.size(); ++i)
        if (surface[i].unmet > 1e-6 * std::abs(surface[i].load))
          throw SolverError("air: plant '{}' lacks {:.4g} kW of cooling: its coolers take {:.4g} kW", network_.plants.entries[i].first,
                            1e-3 * surface[i].unmet, 1e-3 * surface[i].load);
      break;
    }
    if (k >= network_.climate->iterations)
      throw SolverError(
          "air: flow and climate did not agree within {} rounds (last change {:.2g}, tolerance {:.1g}); airway '{}' changes most: natural "
          "ventilation may have no steady direction there",
          k, largest, network_.climate->tolerance, graph_.airway_names[size_t(graph_.airway[worst % graph_.from.size()])]);
    // Far from agreement flows may turn and nothing is linear: there each value is relaxed by its own secant (Aitken's, Irons & Tuck 1969).
    constexpr double near = 0.005;
    std::vector<double> next = x;
    if (largest < near) {
      next = anderson.next(x, change);
      for (size_t i = 0; i < x.size(); ++i) next[i] = std::clamp(next[i], x[i] - 2 * near, x[i] + 2 * near);
    } else {
      anderson = linear::Anderson(depth);
      for (size_t i = 0; i < x.size(); ++i) {
        if (!last.empty()) {
          const double secant = last[i] != change[i] ? relaxation[i] * last[i] / (last[i] - change[i]) : 1;
          relaxation[i] = secant > 0 ? std::clamp(secant, 0.2 * relaxation[i], std::min(1.0, 3 * relaxation[i])) : std::min(1.0, 3 * relaxation[i]);
        }
        next[i] += relaxation[i] * change[i];
      }
    }
    last = change;
    set_logarithms(air_, next);
  }
  report_.ledger_residual = std::abs(climate_->ledger().residual()) / climate_->ledger().scale();
  if (!(report_.ledger_residual < 1e-8))
    throw SolverError("air: the energy ledger does not close: {:.3g} W of {:.3g} W", climate_->ledger().residual(), climate_->ledger().scale());
}

void Air::change(Network network) {
  network_ = std::move(network);
  jumps_ = true;
}

const AirReport& Air::solve_steady(double time) {
  if (remembers_) throw SolverError("air: a steady solve after steps in time would forget the history of the rock");
  time_ = time;
  couple(time, 0);
  steady_ = true;
  jumps_ = false;
  return report_;
}

const AirReport& Air::solve_again() {
  constexpr double moment = 60;  // s, over which walls answer with their memory
  if (!remembers_) return solve_steady(time_);
  couple(time_, moment);
  return report_;
}

const AirReport& Air::attempt(double dt) {
  if (!(dt > 0)) throw InputError("air: a step of {} s; it must be above 0", dt);
  if (climate_ && !remembers_) {
    if (!steady_) solve_steady(time_);
    climate_->begin_memory();
    remembers_ = true;
  }
  couple(time_ + dt, dt);
  return report_;
}

void Air::accept(double dt) {
  if (climate_) climate_->accept();
  jumps_ = false;
  time_ += dt;
}

const AirReport& Air::advance(double dt) {
  attempt(dt);
  accept(dt);
  return report_;
}

std::vector<double> Air::save() const {
  std::vector<double> s = {time_,
                           double(steady_),
                           double(remembers_),
                           double(jumps_),
                           double(air_.head.size()),
                           double(state_.mass.size()),
                           double(state_.pressure.size())};
  for (const auto* v : {&air_.head, &air_.friction, &air_.moist, &state_.mass, &state_.pressure, &state_.density})
    s.insert(s.end(), v->begin(), v->end());
  if (climate_) {
    const std::vector<double> c = climate_->state();
    s.insert(s.end(), c.begin(), c.end());
  }
  return s;
}

void Air::restore(const std::vector<double>& s) {
  const auto wrong = [] { throw InputError("the restart of the airways does not belong to this network"); };
  if (s.size() < 7) wrong();
  time_ = s[0];
  steady_ = s[1] != 0;
  remembers_ = s[2] != 0;
  jumps_ = s[3] != 0;
  const size_t n_air = size_t(s[4]), m = size_t(s[5]), n = size_t(s[6]);
  if ((n_air != 0 && n_air != graph_.from.size()) || (m != 0 && m != graph_.from.size()) || (n != 0 && n != graph_.z.size())) wrong();
  size_t at = 7;
  for (auto [v, size] : {std::pair(&air_.head, n_air),
                         {&air_.friction, n_air},
                         {&air_.moist, n_air},
                         {&state_.mass, m},
                         {&state_.pressure, n},
                         {&state_.density, m}}) {
    if (at + size > s.size()) wrong();
    v->assign(s.begin() + std::ptrdiff_t(at), s.begin() + std::ptrdiff_t(at + size));
    at += size;
  }
  if (climate_) climate_->restore({s.begin() + std::ptrdiff_t(at), s.end()});
}

}  // namespace winze::air
