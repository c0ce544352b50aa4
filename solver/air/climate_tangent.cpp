// How one airway answers to a small change of the air that enters it.
#include <algorithm>
#include <cmath>

#include "air/climate.hpp"
#include "base/error.hpp"

namespace winze::air {

/// Central differences: the cells' laws join condensation, the end of the water, coolers and films by correlation, whose derivatives by hand would be
/// a second copy of them. What a solve takes from its last round (films at wet walls, radiation, sources by temperature) is settled here, so that the
/// result is the derivative of what rounds converge to; the second side starts from the mirror image of the first.
std::optional<Tangent> Climate::tangent(Index branch) {
  if (!flow_) throw SolverError("climate: there is no solution yet to take derivatives of");
  const size_t b = size_t(branch);
  if (std::abs(flow_->mass[b]) <= least_flow_) return {};
  const bool forward = flow_->mass[b] > 0;
  const Stream in = forward ? branch_[b].first : branch_[b].last, out = forward ? branch_[b].last : branch_[b].first;
  std::vector<std::vector<double>*> cells = {&temperature, &humidity, &dry_wall, &wet_wall, &wall_heat, &wall_film, &column_, &dry_film_, &wet_film_};
  std::erase_if(cells, [](const auto* v) { return v->empty(); });
  std::vector<std::vector<double>> kept;
  const auto begin = cell_begin[b], end = cell_begin[b + 1];
  for (const auto* v : cells) kept.emplace_back(v->begin() + begin, v->begin() + end);
  const BranchClimate kept_branch = branch_[b];
  const Ledger kept_ledger = ledger_;
  const double kept_mean = mean_temperature_[b];
  const Index kept_overheated = overheated_;
  const auto restore = [&] {
    for (size_t i = 0; i < cells.size(); ++i) std::copy(kept[i].begin(), kept[i].end(), cells[i]->begin() + begin);
    branch_[b] = kept_branch;
    ledger_ = kept_ledger;
    mean_temperature_[b] = kept_mean;
    overheated_ = kept_overheated;
  };
  const Branch& d = branch_data_[b];
  const bool lags = d.strata || d.given || !device_list(b).empty();
  constexpr double enough = 1e-6;  // J/kg
  const auto distance = [](const Stream& a, const Stream& b) { return std::abs(a.h - b.h) + 2.5e6 * std::abs(a.x - b.x); };
  struct Answer {
    Stream out;
    double cooling;
  };
  const auto settle = [&](const Stream& entering) {
    Stream last = out;
    double before = 0;
    for (int round = 0;; ++round) {
      const Stream now = march(b, entering, true);
      const double change = distance(now, last);
      last = now;
      if (!lags || change < enough || (round > 0 && change * std::min(1.0, change / before) < enough) || round > 12) break;
      before = change;
    }
    return Answer{last, branch_[b].cooling};
  };
  /// Of (h, x) out and of the duty of coolers.
  const auto difference = [&](Stream step, double size) {
    const Answer up = settle({in.h + step.h, in.x + step.x});
    const double mean = 2 * kept_mean - mean_temperature_[b];
    std::vector<double> walls;
    for (Index c = begin; c < end; ++c) walls.push_back(wet_wall[size_t(c)]);
    std::vector<double> mirrored;
    restore();
    for (Index c = begin; c < end; ++c) mirrored.push_back(2 * wet_wall[size_t(c)] - walls[size_t(c - begin)]);
    std::copy(mirrored.begin(), mirrored.end(), wet_wall.begin() + begin);
    mean_temperature_[b] = mean;
    const Stream down = march(b, {in.h - step.h, in.x - step.x}, true);
    const double cooling = branch_[b].cooling;
    restore();
    const double h_up = up.out.h - out.h, h_down = out.h - down.h;
    return std::array<double, 4>{(up.out.h - down.h) / (2 * size), (up.out.x - down.x) / (2 * size), (up.cooling - cooling) / (2 * size),
                                 std::abs(h_up - h_down) / std::max(std::abs(h_up) + std::abs(h_down), 1e-6)};
  };
  Tangent t;
  constexpr double dh = 10, dx = 4e-6;
  const auto by_h = difference({dh, 0}, dh);
  const auto by_x = difference({0, std::min(dx, 0.5 * in.x)}, std::min(dx, 0.5 * in.x) > 0 ? std::min(dx, 0.5 * in.x) : 1);
  t.h = {by_h[0], in.x > 0 ? by_x[0] : 0};
  t.x = {by_h[1], in.x > 0 ? by_x[1] : 0};
  t.cooling = {by_h[2], in.x > 0 ? by_x[2] : 0};
  t.kink = by_h[3] > 0.01;
  if (!d.whole) return t;
  for (const Device& device : device_list(b))
    if (const Condenser* plant = std::get_if<Condenser>(&device.value)) {
      for (const std::string& name : plant->coolers) {
        const Index cooler = graph_.first[airway_place_.at(name)];
        if (cooler != branch && branch_[size_t(cooler)].cooling > 1) t.serves.push_back(cooler);
      }
      if (t.serves.empty()) continue;
      double& load = branch_[size_t(t.serves[0])].cooling;
      const double at = load, step = std::min(0.5 * at, 10 * std::abs(flow_->mass[b]));
      load = at + step;
      const Answer more = settle(in);
      restore();
      load = at - step;
      const Answer less = settle(in);
      load = at;
      restore();
      t.load = {(more.out.h - less.out.h) / (2 * step), (more.out.x - less.out.x) / (2 * step)};
    }
  return t;
}

}  // namespace winze::air
