// Operating points of fans: where they lie on their curves, whether they are stable, whether there are others; and what fixed flows take.
#include <algorithm>
#include <cmath>

#include "air/flow.hpp"
#include "base/error.hpp"

namespace winze::air {
namespace {

constexpr int curve_samples = 200, scan_points = 48, most_interacting = 64;

/// Largest slope of the branch's fans by flow of dry air, less what the branch itself takes, over the flows of the curve: above 0 the law of the
/// branch falls somewhere and more than one operating point can be.
double steepest_net_rise(const FanLaw& fan, double coefficient, double volume, double density) {
  if (fan.speed <= 0 || (fan.curve->steepest_rise() <= 0 && fan.outlet_area <= 0)) return 0;
  const double last = std::isfinite(fan.curve->last()) ? fan.curve->last() : 2 * fan.curve->peak_flow();
  double worst = 0;
  for (int k = 0; k <= curve_samples; ++k) {
    const double q = last * fan.speed * fan.parallel * k / curve_samples;
    double rise;
    fan.pressure(fan.direction * q, density, rise);
    worst = std::max(worst, rise * volume - 2 * coefficient * q / volume);
  }
  return worst;
}

/// Whether I − B is positive definite; b: [k][k], destroyed.
bool below_one(std::vector<double> b, size_t k) {
  for (double& x : b) x = -x;
  for (size_t i = 0; i < k; ++i) b[i * k + i] += 1;
  for (size_t i = 0; i < k; ++i) {
    for (size_t j = 0; j < i; ++j) b[i * k + i] -= b[i * k + j] * b[i * k + j];
    if (!(b[i * k + i] > 0)) return false;
    b[i * k + i] = std::sqrt(b[i * k + i]);
    for (size_t r = i + 1; r < k; ++r) {
      for (size_t j = 0; j < i; ++j) b[r * k + i] -= b[r * k + j] * b[i * k + j];
      b[r * k + i] /= b[i * k + i];
    }
  }
  return true;
}

}  // namespace

/// Heads at the free nodes that answer a unit pressure in a branch; the matrix must be factored, slope_ hold the conductances.
std::vector<double> Flow::response(size_t branch) {
  std::vector<double> e(right_.size(), 0);
  const Index i = row_[size_t(graph_.from[branch])], j = row_[size_t(graph_.to[branch])];
  if (i >= 0) e[size_t(i)] -= slope_[branch];
  if (j >= 0) e[size_t(j)] += slope_[branch];
  matrix_->solve(e);
  return e;
}

void Flow::examine_fans(const Outside& outside, const BranchAir& air, FlowState& state, FlowReport& report) {
  if (fans_.empty()) return;
  const size_t m = fixed_.size();
  std::vector<double> rise(fans_.size());
  for (size_t f = 0; f < fans_.size(); ++f) {
    const FanAt& fan = fans_[f];
    const double q = state.mass[fan.branch] * volume_[fan.branch];
    FanPoint point;
    point.branch = Index(fan.branch);
    point.airway = graph_.airway[fan.branch];
    point.device = fan.law.device;
    point.flow = q;
    point.density = density_[fan.branch];
    double slope;
    point.pressure = fan.law.direction * fan.law.pressure(q, density_[fan.branch], slope);
    rise[f] = slope * volume_[fan.branch];
    const double one = fan.law.speed > 0 ? fan.law.direction * q / (fan.law.parallel * fan.law.speed) : 0;
    point.stall_margin = fan.law.curve->peak_flow() > 0 ? one / fan.law.curve->peak_flow() - 1 : HUGE_VAL;
    using Place = FanPoint::Place;
    if (fan.law.speed <= 0)
      point.place = Place::stopped;
    else if (one < 0)
      point.place = Place::blown_back;
    else if (point.stall_margin < 0 || one < fan.law.curve->first())
      point.place = Place::stalled;
    else if (one > fan.law.curve->last())
      point.place = Place::beyond_curve;
    const auto warn = [&](const char* text) {
      report.warnings.push_back(fmt::format("fan of airway '{}' {}: {:.4g} m³/s at {:.4g} Pa (curve from {:.4g} to {:.4g} m³/s, peak at {:.4g})",
                                            name(fan.branch), text, one, point.pressure, fan.law.curve->first(), fan.law.curve->last(),
                                            fan.law.curve->peak_flow()));
    };
    if (point.place == Place::blown_back) warn("is blown back by stronger ones");
    if (point.place == Place::stalled) warn("works left of the peak of its curve, in stall");
    if (point.place == Place::beyond_curve) warn("works beyond the end of its curve, which is extrapolated");
    report.fans.push_back(point);
  }

  // Network with every rising slope taken out: its answers to unit pressures in the fans' branches are the reduced network (interaction matrix).
  std::vector<size_t> risky;
  for (size_t f = 0; f < fans_.size(); ++f) {
    const size_t b = fans_[f].branch;
    if (!fixed_[b] && steepest_net_rise(fans_[f].law, coefficient_[b], volume_[b], density_[b]) > 0) risky.push_back(f);
  }
  pressure_laws(state.mass);
  for (size_t f = 0; f < fans_.size(); ++f) slope_[fans_[f].branch] += std::max(0.0, rise[f]);
  for (size_t p = 0; p < right_.size(); ++p) diagonal_[p] = 0;
  for (size_t b = 0; b < m; ++b) {
    const double floor = std::max(2 * coefficient_[b] * 1e-7 * scale_, 1e-300);
    slope_[b] = fixed_[b] ? 0 : 1 / std::max(slope_[b], floor);
    for (const Index node : {graph_.from[b], graph_.to[b]})
      if (row_[size_t(node)] >= 0) diagonal_[size_t(row_[size_t(node)])] += slope_[b];
  }
  for (size_t p = 0; p < pairs_.size(); ++p) off_[p] = -slope_[pairs_[p]];
  if (matrix_->factor(diagonal_, off_) >= 0)
    throw SolverError("flow: the interaction of fans cannot be judged: the matrix of the network has no full rank");
  const auto at_branch = [&](const std::vector<double>& heads, size_t b) {
    const Index i = row_[size_t(graph_.from[b])], j = row_[size_t(graph_.to[b])];
    return slope_[b] * ((i >= 0 ? heads[size_t(i)] : 0) - (j >= 0 ? heads[size_t(j)] : 0));
  };
  std::vector<size_t> rising;
  for (size_t f = 0; f < fans_.size(); ++f)
    if (rise[f] > 0 && !fixed_[fans_[f].branch]) rising.push_back(f);
  std::vector<double> interaction(rising.size() * rising.size());
  for (size_t f = 0, r = 0; f < fans_.size(); ++f) {
    const size_t b = fans_[f].branch;
    const bool is_rising = rise[f] > 0 && !fixed_[b];
    if (fixed_[b] || (!is_rising && f >= most_interacting)) continue;
    const std::vector<double> heads = response(b);
    const double admittance = slope_[b] + at_branch(heads, b);
    report.fans[f].slope_margin = 1 / std::max(admittance, 1e-300) - std::max(0.0, rise[f]);
    if (!is_rising) continue;
    for (size_t s = 0; s < rising.size(); ++s) {
      const size_t other = fans_[rising[s]].branch;
      interaction[r * rising.size() + s] = ((other == b ? slope_[b] : 0) + at_branch(heads, other)) * std::sqrt(rise[f] * rise[rising[s]]);
    }
    ++r;
  }
  if (!below_one(interaction, rising.size())) {
    std::string all;
    for (const size_t f : rising) all += (all.empty() ? "'" : ", '") + name(fans_[f].branch) + "'";
    const std::string text = fmt::format(
        "the operating point found is unstable: the rising part of the curve of fan{} {} is steeper than the network; give {} a speed, blade setting "
        "or airway "
        "resistance that keeps the point right of the peak",
        rising.size() > 1 ? "s" : "", all, rising.size() > 1 ? "them" : "it");
    if (options_.several_points == SeveralPoints::refuse) throw SolverError("flow: {}", text);
    report.warnings.push_back(text);
  }
  for (const size_t f : risky) count_points(outside, air, state, f, report);
}

/// Counts the crossings of a fan's curve with what the rest of the network takes at every flow through it, from reversed to the peak of the curve;
/// right of the peak there can be one only.
void Flow::count_points(const Outside& outside, const BranchAir& air, const FlowState& state, size_t f, FlowReport& report) {
  const size_t b = fans_[f].branch;
  const FanLaw& fan = fans_[f].law;
  const double present = fan.direction * state.mass[b] * volume_[b];
  const double peak = fan.curve->peak_flow() * fan.speed * fan.parallel;
  double end = peak;
  if (fan.outlet_area > 0) end = std::max(end, fan.curve->last() * fan.speed * fan.parallel);
  const std::int8_t was = fixed_[b];
  const std::vector<double> head = head_, tail = tail_;
  const double volume = volume_[b], density = density_[b];
  fixed_[b] = 1;
  FlowState trial = state;
  FlowReport count;
  // Gain of the branch with its fans less what the network takes, at flow q along the fan's direction; NaN where the branch is the only way of the
  // air.
  const auto surplus = [&](double q) {
    fixed_mass_[b] = fan.direction * q / volume;
    if (!iterate(outside, air, trial, count, true)) {
      trial = state;
      return std::nan("");
    }
    double unused;
    fixed_mass_[b] = fan.direction * q / volume;
    const double law = pressure_law(b, trial.mass[b], unused);
    return fan.direction * (head_difference(b) - law);
  };
  std::vector<double> points;
  double q0 = end, s0 = surplus(q0);
  if (present > end) points.push_back(present);
  // The network takes less at less flow: where the fan gives more than the network takes at the peak, all the way down, there is no other point.
  bool other = std::isfinite(s0);
  if (other && s0 > 0) {
    double unused, lowest = HUGE_VAL;
    for (int k = 0; k <= curve_samples; ++k)
      lowest = std::min(lowest, fan.direction * fan.pressure(fan.direction * end * k / curve_samples, density, unused));
    const double at_peak = fan.direction * fan.pressure(fan.direction * end, density, unused);
    other = lowest < at_peak - s0;
  }
  if (other) {
    if (present <= end && s0 > 0) points.push_back(present);  // cannot be: kept for honesty of the count
    if (s0 <= 0 && present > end) points.pop_back();
    for (int k = 1; k <= scan_points && std::isfinite(s0); ++k) {
      const double q1 = end * (1 - double(k) / scan_points), s1 = surplus(q1);
      if (!std::isfinite(s1)) break;
      if ((s0 < 0) != (s1 < 0)) points.push_back(q1 + (q0 - q1) * s1 / (s1 - s0));
      q0 = q1, s0 = s1;
    }
    if (s0 < 0) points.push_back(-0.0);  // the network drives the air back through the fan before it stands still
  }
  fixed_[b] = was;
  head_ = head, tail_ = tail;
  densities(outside, air, state);
  if (points.size() < 2) return;
  std::string list;
  std::sort(points.begin(), points.end());
  for (const double q : points)
    list += fmt::format("{}{}", list.empty() ? "" : ", ", q == 0 ? std::string("blown back") : fmt::format("{:.4g} m³/s", q));
  const std::string text =
      fmt::format("the fan of airway '{}' can work at {} points ({}); which one it takes depends on how it is started. This solution has {:.4g} m³/s",
                  name(b), points.size(), list, present);
  if (options_.several_points == SeveralPoints::refuse)
    throw SolverError("flow: {}; move it right of its peak, or allow it with `flow: {{several_points: warn}}`", text);
  report.warnings.push_back(text);
}

void Flow::examine_demands(FlowReport& report) const {
  for (size_t b = 0; b < fixed_.size(); ++b) {
    if (!fixed_[b] || *graph_.law[b].flow == 0) continue;
    double unused;
    const double law = pressure_law(b, fixed_mass_[b], unused), q = fixed_mass_[b] * volume_[b];
    FlowDemand demand;
    demand.airway = graph_.airway[b];
    const double sign = q < 0 ? -1 : 1;
    demand.pressure = sign * (head_difference(b) - law);
    demand.resistance = demand.pressure > 0 ? demand.pressure * standard_density / (density_[b] * q * q) : 0;
    if (graph_.law[b].only_throttle && demand.pressure < -1e-6 * std::max(1.0, report.largest_loss))
      throw InputError(
          "the regulator of airway '{}' cannot hold {:.4g} m³/s: fully open, the airway lacks {:.4g} Pa; lower the flow, or drive it with a fan",
          name(b), std::abs(q), -demand.pressure);
    report.demands.push_back(demand);
  }
}

}  // namespace winze::air
