#include "design/outcome.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace winze::design {
namespace {

constexpr double kilowatt_hour = 3.6e6, day = 86400;

double price_of_month(const Prices& prices, int month) {
  double sum = 0;
  for (const auto& [name, band] : prices.electricity.entries)
    if (band.months.empty() || std::find(band.months.begin(), band.months.end(), month) != band.months.end()) sum += band.share * band.price;
  return sum;
}

}  // namespace

double electricity_price(const Prices& prices, double time) {
  const double in_year = time / year - std::floor(time / year);
  return price_of_month(prices, (prices.first_month - 1 + std::min(11, int(12 * in_year))) % 12 + 1);
}

double electricity_price(const Prices& prices) {
  double sum = 0;
  for (int month = 1; month <= 12; ++month) sum += price_of_month(prices, month) / 12;
  return sum;
}

Outcome outcome(const Study& study, const Option& option, const std::vector<Observed>& seen) {
  Outcome r;
  const bool in_time = std::any_of(seen.begin(), seen.end(), [](const Observed& o) { return o.duration > 0; });
  const double discount = std::log1p(study.prices.discount) / year;
  std::map<std::string, double> by_clause, by_workplace;
  std::set<std::string> judged;
  double made_up = 0, carbon = 0, energy_cost = 0, water_cost = 0, fans = 0, plants = 0, cooling = 0;
  for (size_t i = 0; i < seen.size(); ++i) {
    const Observed& o = seen[i];
    const double dt = in_time ? o.duration : study.years * year / double(seen.size());
    const double end = in_time ? o.time : study.years * year * double(i + 1) / double(seen.size()), middle = end - dt / 2;
    const double energy = (o.fans + o.plants) * dt / kilowatt_hour;
    const double electricity = energy * (in_time ? electricity_price(study.prices, middle) : electricity_price(study.prices));
    const double water = o.make_up * dt / 1000 * study.prices.water;
    r.duration += dt;
    fans += o.fans * dt;
    plants += o.plants * dt;
    cooling += o.cooling * dt;
    made_up += o.make_up * dt / 1000;
    carbon += energy * study.prices.carbon;
    energy_cost += electricity;
    water_cost += water;
    // Steady operation is paid evenly over the years whatever the order of its states.
    const double worth =
        in_time ? std::exp(-discount * middle) : (discount > 0 ? -std::expm1(-discount * study.years * year) / (discount * study.years * year) : 1);
    r.present_cost += worth * (electricity + water + option.upkeep * dt / year);
    r.cooling_most = std::max(r.cooling_most, o.cooling);
    r.power_most = std::max(r.power_most, o.fans + o.plants);
    if (std::isfinite(o.stall_margin)) r.stall_margin = std::isfinite(r.stall_margin) ? std::min(r.stall_margin, o.stall_margin) : o.stall_margin;
    std::map<std::string, double> remove;
    for (const Judged& j : o.judged) {
      judged.insert(j.workplace);
      if (std::isfinite(j.kelvin) && !(j.kelvin >= r.worst.kelvin)) r.worst = {j.workplace, j.clause, o.stage, o.time, j.kelvin, j.power};
      if (!j.beyond) continue;
      if (r.first.workplace.empty() || (o.time == r.first.time && j.kelvin < r.first.kelvin))
        r.first = {j.workplace, j.clause, o.stage, o.time, j.kelvin, j.power};
      double& most = remove[j.workplace];
      if (std::isfinite(j.power)) most = std::max(most, -j.power);
      by_clause[j.clause] += dt / day;
    }
    double sum = 0;
    for (const auto& [workplace, power] : remove) {
      by_workplace[workplace] += dt / day;
      r.beyond_days += dt / day;
      sum += power;
    }
    r.remove_most = std::max(r.remove_most, sum);
  }
  const double years = r.duration / year;
  if (r.duration > 0) {
    r.cooling_mean = cooling / r.duration;
    r.power_mean = (fans + plants) / r.duration;
    r.fan_energy = fans / years;
    r.plant_energy = plants / years;
    r.water = made_up / years;
    r.carbon = carbon / years;
    r.energy_cost = energy_cost / years;
    r.water_cost = water_cost / years;
  }
  for (const Expense& e : option.capital) {
    r.capital += e.amount;
    r.present_cost += e.amount * std::exp(-discount * e.year * year);
  }
  r.workplaces = int(judged.size());
  r.beyond_workplaces = int(by_workplace.size());
  r.days_by_clause.assign(by_clause.begin(), by_clause.end());
  r.days_by_workplace.assign(by_workplace.begin(), by_workplace.end());
  return r;
}

double score(const Weights& w, const Outcome& o) {
  return w.cost * o.present_cost + w.beyond * o.beyond_days + w.carbon * o.carbon * (o.duration / year) / 1000;
}

std::vector<int> ranking(const Weights& weights, const std::vector<Outcome>& outcomes) {
  std::vector<int> order(outcomes.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return score(weights, outcomes[size_t(a)]) < score(weights, outcomes[size_t(b)]); });
  return order;
}

std::vector<bool> pareto(const std::vector<Outcome>& all) {
  std::vector<bool> front(all.size(), true);
  for (size_t a = 0; a < all.size(); ++a)
    for (const Outcome& b : all)
      if (b.power_mean <= all[a].power_mean && b.beyond_days <= all[a].beyond_days &&
          (b.power_mean < all[a].power_mean || b.beyond_days < all[a].beyond_days))
        front[a] = false;
  return front;
}

}  // namespace winze::design
