#include "air/flow.hpp"

#include <algorithm>
#include <cmath>

#include "air/islands.hpp"
#include "base/error.hpp"

namespace winze::air {
namespace {

/// Flows and losses are judged by the largest of the network, and by these where nothing moves: kg/s, Pa.
/// Columns of air weigh 1e5 Pa and have their rounding.
constexpr double least_flow = 1e-4, least_loss = 1e-4, least_loss_of_columns = 1;
/// Below this share of the largest flow the slope of r m|m| is held, never the law itself: Newton's matrix stays regular, the flux exact.
constexpr double slope_floor = 1e-11;
/// Relative change of flows below which Newton's matrix takes chords instead of tangents: the slope of r m|m| between the flow and that which the
/// present heads would drive. Branches with almost no flow, where tangents halve the error a step, then converge like all others.
constexpr double chord_from = 0.5;
/// Width of the smoothed step of a constant drop, as a share of the largest flow.
constexpr double drop_width = 1e-5;
/// It is reached from 1 by this factor a step: a step function at once makes Newton's method run to and fro.
constexpr double drop_narrowing = 0.3;

/// (a − b)/ln(a/b): with it a column at rest has its exact weight.
double log_mean(double a, double b) {
  const double x = (a - b) / (a + b);
  return std::abs(x) < 1e-3 ? (a + b) / 2 * (1 - x * x * (1.0 / 3 + x * x * 4.0 / 45)) : (a - b) / std::log(a / b);
}

}  // namespace

Flow::Flow(const Graph& graph, const FlowOptions& options) : graph_(graph), options_(options) {
  const size_t n = size_t(graph.n_nodes()), m = size_t(graph.n_branches());
  fixed_.assign(m, 0);
  fixed_mass_.assign(m, 0);
  special_of_.assign(m, -1);
  fan_begin_.assign(1, 0);
  for (size_t b = 0; b < m; ++b) {
    const BranchLaw& law = graph.law[b];
    fixed_[b] = law.flow.has_value();
    if (law.fans.empty() && law.drop == 0 && law.gain == 0) continue;
    any_drop_ = any_drop_ || law.drop > 0;
    special_of_[b] = std::int32_t(special_.size());
    special_.push_back(b);
    for (const FanLaw& fan : law.fans) fans_.push_back({b, fan});
    fan_begin_.push_back(std::uint32_t(fans_.size()));
  }

  std::vector<std::int8_t> given(graph.open.begin(), graph.open.end());
  const Islands parts = find_islands(graph, false);
  std::vector<double> net(parts.parts.size(), 0);
  std::vector<std::int8_t> fed(parts.parts.size(), 0);
  for (size_t i = 0; i < n; ++i) {
    net[size_t(parts.of_node[i])] += graph.inject[i];
    if (graph.inject[i] != 0) fed[size_t(parts.of_node[i])] = 1;
  }
  for (size_t b = 0; b < m; ++b)
    if (fixed_[b] && *graph.law[b].flow != 0) {
      const size_t p = size_t(parts.of_node[size_t(graph.from[b])]), q = size_t(parts.of_node[size_t(graph.to[b])]);
      if (p == q) continue;
      net[p] -= *graph.law[b].flow;
      net[q] += *graph.law[b].flow;
      fed[p] = fed[q] = 1;
    }
  for (size_t p = 0; p < parts.parts.size(); ++p) {
    if (parts.parts[p].n_open > 0) continue;
    if (fed[p])
      throw InputError(
          "fixed flows or injections are the only links of {} ({} junction{}) with the rest of the network: their sum is {:.6g} m³/s and no pressure "
          "there "
          "follows from them; leave one of the links free",
          parts.parts[p].some_names, parts.parts[p].n_nodes, parts.parts[p].n_nodes == 1 ? "" : "s", net[p]);
    given[size_t(parts.parts[p].first)] = 1;  // shut off by airtight doors: it rests at the pressure of its height
  }
  row_.assign(n, -1);
  Index rows = 0;
  for (size_t i = 0; i < n; ++i)
    if (!given[i]) row_[i] = rows++;
  std::vector<std::pair<Index, Index>> pairs;
  for (size_t b = 0; b < m; ++b)
    if (!fixed_[b] && row_[size_t(graph.from[b])] >= 0 && row_[size_t(graph.to[b])] >= 0) {
      pairs_.push_back(b);
      pairs.emplace_back(row_[size_t(graph.from[b])], row_[size_t(graph.to[b])]);
    }
  matrix_ = std::make_unique<linear::SparseCholesky>(rows, pairs);
  for (auto* v : {&coefficient_, &weight_, &volume_, &density_, &law_, &slope_, &change_}) v->assign(m, 0);
  for (auto* v : {&head_, &tail_, &inject_}) v->assign(n, 0);
  diagonal_.assign(size_t(rows), 0);
  right_.assign(size_t(rows), 0);
  off_.assign(pairs_.size(), 0);
}

/// Densities of the present pressures and what follows from them.
void Flow::densities(const Outside& outside, const BranchAir& air, const FlowState& state) {
  const size_t m = fixed_.size();
  const bool one = one_density_ = outside.density > 0;
  for (size_t b = 0; b < m; ++b) {
    const size_t i = size_t(graph_.from[b]), j = size_t(graph_.to[b]);
    double moist = 1;
    if (one) {
      density_[b] = outside.density;
    } else {
      const double p = log_mean(state.pressure[i], state.pressure[j]);
      moist = air.moist[b];
      density_[b] = p / air.friction[b];
      weight_[b] = p / air.head[b] * outside.gravity * (graph_.z[j] - graph_.z[i]) + (outside.reference[j] - outside.reference[i]);
    }
    volume_[b] = moist / density_[b];
    coefficient_[b] = graph_.law[b].resistance * moist * volume_[b];
    if (fixed_[b] && graph_.law[b].flow) fixed_mass_[b] = *graph_.law[b].flow / volume_[b];
  }
  std::fill(inject_.begin(), inject_.end(), 0.0);
  bool any = false;
  for (const double q : graph_.inject) any = any || q != 0;
  if (!any) return;
  std::vector<double> sum(inject_.size(), 0);
  std::vector<int> count(inject_.size(), 0);
  for (size_t b = 0; b < m; ++b)
    for (const Index i : {graph_.from[b], graph_.to[b]}) sum[size_t(i)] += volume_[b], ++count[size_t(i)];
  for (size_t i = 0; i < inject_.size(); ++i)
    if (graph_.inject[i] != 0) inject_[i] = graph_.inject[i] * count[i] / sum[i];
}

/// Pa lost from → to at flow m, without what the state of the air gives as weight_ (added here), and its derivative.
double Flow::pressure_law(size_t b, double m, double& slope) const {
  double p = coefficient_[b] * m * std::abs(m) + weight_[b];
  slope = 2 * coefficient_[b] * std::abs(m);
  if (const std::int32_t s = special_of_[b]; s >= 0) {
    const BranchLaw& law = graph_.law[b];
    p -= law.gain;
    if (law.drop > 0) {
      const double w = width_ * scale_, root = std::sqrt(m * m + w * w);
      p += law.drop * m / root;
      slope += law.drop * w * w / (root * root * root);
    }
    for (std::uint32_t f = fan_begin_[size_t(s)]; f < fan_begin_[size_t(s) + 1]; ++f) {
      double rise;
      p -= fans_[f].law.pressure(m * volume_[b], density_[b], rise);
      slope -= rise * volume_[b];
    }
  }
  return p;
}

void Flow::pressure_laws(const std::vector<double>& mass) {
  const size_t m = fixed_.size();
  for (size_t b = 0; b < m; ++b) {
    const double a = coefficient_[b] * std::abs(mass[b]);
    law_[b] = a * mass[b] + weight_[b];
    slope_[b] = 2 * a;
  }
  for (const size_t b : special_) law_[b] = pressure_law(b, mass[b], slope_[b]);
}

/// Heads are kept in two doubles: flows near zero hang on differences of pressure far below the last digit of the pressures themselves.
double Flow::head_difference(size_t b) const {
  const size_t i = size_t(graph_.from[b]), j = size_t(graph_.to[b]);
  return (head_[i] - head_[j]) + (tail_[i] - tail_[j]);
}

/// Slope of the law of branch b between flow m and the flow that its present heads would drive.
double Flow::chord_of_drop(size_t b, double m) const {
  const double head = law_[b] + change_[b];
  double low = -10 * scale_, high = 10 * scale_, unused;
  for (int k = 0; k < 60; ++k) (pressure_law(b, (low + high) / 2, unused) < head ? low : high) = (low + high) / 2;
  const double there = (low + high) / 2;
  return std::abs(there - m) > 1e-9 * (std::abs(there) + std::abs(m)) ? (head - law_[b]) / (there - m) : slope_[b];
}

/// One Newton step from `mass` and head_: head_ is moved, change_ holds the step of the flows. False where the matrix is not positive definite.
bool Flow::newton_step(const std::vector<double>& mass, bool chord) {
  const size_t m = fixed_.size(), n = row_.size();
  std::fill(diagonal_.begin(), diagonal_.end(), 0.0);
  for (size_t i = 0; i < n; ++i)
    if (row_[i] >= 0) right_[size_t(row_[i])] = inject_[i];
  for (size_t b = 0; b < m; ++b) {
    const Index i = row_[size_t(graph_.from[b])], j = row_[size_t(graph_.to[b])];
    double flow;
    if (fixed_[b]) {
      slope_[b] = 0;
      flow = fixed_mass_[b];
    } else {
      change_[b] = head_difference(b) - law_[b];
      if (chord && special_of_[b] < 0) {
        const double loss = law_[b] - weight_[b] + change_[b], here = std::abs(mass[b]), there = std::sqrt(std::abs(loss) / coefficient_[b]);
        slope_[b] = coefficient_[b] * ((loss < 0) == (mass[b] < 0) ? here + there : (here * here + there * there) / (here + there + 1e-300));
      }
      if (special_of_[b] >= 0 && graph_.law[b].drop > 0 && graph_.law[b].fans.empty()) slope_[b] = chord_of_drop(b, mass[b]);
      const double floor = std::max(2 * coefficient_[b] * slope_floor * scale_, 1e-300);
      const double g = 1 / std::max(slope_[b], floor);
      slope_[b] = g;  // from here on the conductance
      flow = mass[b] + g * change_[b];
      if (i >= 0) diagonal_[size_t(i)] += g;
      if (j >= 0) diagonal_[size_t(j)] += g;
    }
    if (i >= 0) right_[size_t(i)] -= flow;
    if (j >= 0) right_[size_t(j)] += flow;
  }
  for (size_t p = 0; p < pairs_.size(); ++p) off_[p] = -slope_[pairs_[p]];
  if (matrix_->factor(diagonal_, off_) >= 0) return false;
  matrix_->solve(right_);
  for (size_t b = 0; b < m; ++b) {  // from the steps of the heads, not from the heads: nodes stay balanced to the last digits
    const Index i = row_[size_t(graph_.from[b])], j = row_[size_t(graph_.to[b])];
    const double step = (i >= 0 ? right_[size_t(i)] : 0) - (j >= 0 ? right_[size_t(j)] : 0);
    change_[b] = fixed_[b] ? fixed_mass_[b] - mass[b] : slope_[b] * (change_[b] + step);
  }
  for (size_t i = 0; i < n; ++i)
    if (row_[i] >= 0) {
      const double x = right_[size_t(row_[i])], sum = head_[i] + x, back = sum - head_[i];
      tail_[i] += (head_[i] - (sum - back)) + (x - back);
      head_[i] = sum;
    }
  return true;
}

/// A flow that balances at every node: the network with linear resistances of about the right size.
void Flow::first_guess(const Outside& outside, FlowState& state) {
  const size_t m = fixed_.size(), n = row_.size();
  state.mass.assign(m, 0);
  state.pressure.resize(n);
  for (size_t i = 0; i < n; ++i) state.pressure[i] = outside.reference[i] + (row_[i] < 0 ? graph_.gauge[i] : 0);
}

/// Newton's iteration; false instead of an error when it fails and may_fail.
bool Flow::iterate(const Outside& outside, const BranchAir& air, FlowState& state, FlowReport& report, bool may_fail) {
  const size_t m = fixed_.size(), n = row_.size();
  for (size_t i = 0; i < n; ++i) head_[i] = row_[i] < 0 ? graph_.gauge[i] : state.pressure[i] - outside.reference[i];
  std::fill(tail_.begin(), tail_.end(), 0.0);
  std::vector<double> before;
  std::vector<double>& mass = state.mass;
  bool balanced = false, from_scratch = true;
  for (const double x : mass) from_scratch = from_scratch && x == 0;
  double last_step = 1;
  for (int k = 0; k < options_.iterations; ++k, ++report.iterations) {
    const bool settling = outside.density <= 0;
    if (settling || k == 0) {
      before = density_;
      densities(outside, air, state);
    }
    width_ = any_drop_ ? std::max(drop_width, std::pow(drop_narrowing, k)) : drop_width;
    double density_change = 0;
    if (settling && k > 0)
      for (size_t b = 0; b < m; ++b) density_change = std::max(density_change, std::abs(density_[b] / before[b] - 1));
    scale_ = 0;
    for (size_t b = 0; b < m; ++b) scale_ = std::max(scale_, std::abs(fixed_[b] ? fixed_mass_[b] : mass[b]));
    for (const double q : inject_) scale_ = std::max(scale_, std::abs(q));
    if (k == 0 && from_scratch) {
      double guess = scale_, guess_loss = 1;
      for (const FanAt& f : fans_) {
        const double last = std::isfinite(f.law.curve->last()) ? f.law.curve->last() : f.law.curve->peak_flow() + 1;
        const double q = 0.6 * last * f.law.speed * f.law.parallel / volume_[f.branch];
        mass[f.branch] = f.law.direction * q;
        guess = std::max(guess, q);
        guess_loss = std::max(guess_loss, 0.02 * f.law.curve->peak());
      }
      scale_ = guess > 0 ? guess : 10;
      pressure_laws(mass);
      for (size_t b = 0; b < m; ++b) slope_[b] += std::sqrt(coefficient_[b] * guess_loss);
    } else {
      scale_ = std::max(scale_, least_flow);
      pressure_laws(mass);
    }
    if (!newton_step(mass, balanced && last_step == 1 && report.last_change < chord_from)) {
      if (may_fail) return false;
      throw SolverError("flow: the matrix of the network lost its rank at iteration {}; look for airways whose resistances differ by more than 1e12",
                        k);
    }
    double step = 1, largest = 0;
    for (size_t b = 0; b < m; ++b) largest = std::max(largest, std::abs(change_[b]));
    if (!std::isfinite(largest)) {
      if (may_fail) return false;
      throw SolverError("flow: numbers out of range at iteration {}; look for resistances or fan pressures beyond reason", k);
    }
    if (balanced && largest > 1e-6 * scale_) {
      // Slope of the content along the step: Σ (law(m + α Δm) − head) Δm, below zero at its start.
      const auto content_slope = [&](double alpha) {
        double sum = 0;
        for (size_t b = 0; b < m; ++b) {
          if (fixed_[b]) continue;
          const double x = mass[b] + alpha * change_[b], h = head_difference(b);
          double unused;
          const double p = special_of_[b] < 0 ? coefficient_[b] * x * std::abs(x) + weight_[b] : pressure_law(b, x, unused);
          sum += (p - h) * change_[b];
        }
        return sum;
      };
      double start = 0;
      for (size_t b = 0; b < m; ++b)
        if (!fixed_[b]) start -= change_[b] * change_[b] / slope_[b];
      double low = 0, at_low = start, at = content_slope(1), high = 1, at_high = at;
      for (int tries = 0; tries < 8 && at > 0.3 * std::abs(start); ++tries) {
        high = step, at_high = at;
        step = low + (high - low) * std::clamp(-at_low / (at_high - at_low), 0.1, 0.9);
        at = content_slope(step);
        if (at < -0.3 * std::abs(start)) {
          low = step, at_low = at;
          step = (low + high) / 2;
          at = content_slope(step);
        }
      }
    }
    for (size_t b = 0; b < m; ++b) mass[b] += step * change_[b];
    balanced = true;
    last_step = step;
    for (size_t i = 0; i < n; ++i) state.pressure[i] = outside.reference[i] + head_[i];
    double flow = 0;
    for (size_t b = 0; b < m; ++b) flow = std::max(flow, std::abs(mass[b]));
    report.last_change = largest / std::max(flow, least_flow);
    const bool settled = !settling || (k > 0 && density_change <= options_.tolerance);
    if (step == 1 && report.last_change <= options_.tolerance && settled && width_ == drop_width) {
      if (settling) densities(outside, air, state);
      residuals(state, report);
      if (report.mass_residual <= options_.tolerance && report.loop_residual <= options_.tolerance) {
        ++report.iterations;
        return true;
      }
    }
    if (settling)
      for (size_t i = 0; i < n; ++i)
        if (!(state.pressure[i] > 0.05 * outside.reference[i] && state.pressure[i] < 20 * outside.reference[i])) {
          // Far from the solution a head may be wild: densities are taken from within what can be.
          state.pressure[i] = std::clamp(state.pressure[i], 0.5 * outside.reference[i], 2 * outside.reference[i]);
        }
  }
  if (may_fail) return false;
  not_converged(state, report);
}

void Flow::residuals(const FlowState& state, FlowReport& report) {
  const size_t m = fixed_.size(), n = row_.size();
  std::vector<double> sum(inject_);
  report.largest_flow = report.largest_loss = 0;
  double worst = 0;
  pressure_laws(state.mass);
  for (size_t b = 0; b < m; ++b) {
    const size_t i = size_t(graph_.from[b]), j = size_t(graph_.to[b]);
    sum[i] -= state.mass[b];
    sum[j] += state.mass[b];
    report.largest_flow = std::max(report.largest_flow, std::abs(state.mass[b]));
    if (fixed_[b]) continue;
    const double h = head_difference(b);
    report.largest_loss = std::max({report.largest_loss, std::abs(h), coefficient_[b] * state.mass[b] * state.mass[b], std::abs(weight_[b])});
    worst = std::max(worst, std::abs(h - law_[b]));
  }
  double imbalance = 0;
  for (size_t i = 0; i < n; ++i)
    if (row_[i] >= 0) imbalance = std::max(imbalance, std::abs(sum[i]));
  report.mass_residual = imbalance / std::max(report.largest_flow, least_flow);
  report.loop_residual = worst / std::max(report.largest_loss, one_density_ ? least_loss : least_loss_of_columns);
}

FlowReport Flow::solve(const Outside& outside, const BranchAir& air, FlowState& state) {
  FlowReport report;
  if (state.mass.size() != fixed_.size() || state.pressure.size() != row_.size()) first_guess(outside, state);
  iterate(outside, air, state, report, false);
  state.density = density_;
  examine_demands(report);
  examine_fans(outside, air, state, report);
  return report;
}

void Flow::not_converged(const FlowState& state, const FlowReport& report) const {
  size_t worst = 0;
  for (size_t b = 0; b < fixed_.size(); ++b)
    if (std::abs(change_[b]) > std::abs(change_[worst])) worst = b;
  throw SolverError(
      "flow did not converge in {} iterations: last change {:.2g} of the largest flow {:.4g} kg/s (tolerance {:.1g}), mass residual {:.2g}, pressure "
      "residual "
      "{:.2g}; the flow of airway '{}' ({:.4g} kg/s) still moves most: look at its fans and resistance",
      report.iterations, report.last_change, report.largest_flow, options_.tolerance, report.mass_residual, report.loop_residual, name(worst),
      state.mass[worst]);
}

std::string Flow::name(size_t b) const { return graph_.airway_names[size_t(graph_.airway[b])]; }

}  // namespace winze::air
