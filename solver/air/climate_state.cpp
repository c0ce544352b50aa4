// What airways remember between steps, and what the flow solver and restarts take from them.
#include <algorithm>

#include "air/climate.hpp"
#include "base/error.hpp"

namespace winze::air {
namespace {

/// Fourier numbers that memories must serve: minutes in a wide shaft to centuries in a narrow drive.
constexpr double least_fourier = 1e-5, most_fourier = 1e5, memory_tolerance = 1e-4;

}  // namespace

void Climate::begin_memory() {
  if (!sum_) sum_ = std::make_shared<const ExponentialSum>(prescribed_wall, least_fourier, most_fourier, memory_tolerance);
  dry_memory_.clear();
  wet_memory_.clear();
  dry_film_.resize(temperature.size(), 0);
  wet_film_.resize(temperature.size(), 0);
  for (size_t b = 0; b < branch_.size(); ++b) {
    const Branch& d = branch_data_[b];
    for (int k = 0; k < d.cells; ++k) {
      const size_t cell = size_t(cell_begin[b]) + size_t(k);
      const double virgin = d.virgin0 + (d.virgin1 - d.virgin0) * (k + 0.5) / d.cells;
      const Strata rock = d.strata ? d.rock : Strata{1, 1e6, 1};
      for (const bool wet : {false, true}) {
        RockMemory& memory = (wet ? wet_memory_ : dry_memory_).emplace_back(rock, d.strata ? virgin : 300, sum_);
        const double wall = wet ? wet_wall[cell] : dry_wall[cell], film = (wet ? wet_film_ : dry_film_)[cell];
        if (!(d.strata && d.age > 0 && wall > 0 && film > 0)) continue;
        const double s = conductance(d, film, 0), outside = wall - s * (virgin - wall) / film;
        for (const double part : {0.05, 0.15, 0.3, 0.5}) memory.advance_through_film(part * d.age, film, outside, Course::jump);
      }
    }
  }
}

void Climate::accept() {
  if (dry_memory_.empty() || !(step_.dt > 0)) return;
  for (size_t b = 0; b < branch_.size(); ++b)
    if (branch_data_[b].strata)
      for (size_t cell = size_t(cell_begin[b]); cell < size_t(cell_begin[b + 1]); ++cell)
        for (const bool wet : {false, true}) {
          if (wet && !(branch_data_[b].wetness > 0)) continue;
          RockMemory& memory = (wet ? wet_memory_ : dry_memory_)[cell];
          const double film = (wet ? wet_film_ : dry_film_)[cell], wall = wet ? wet_wall[cell] : dry_wall[cell];
          const RockMemory::Answer a = memory.through_film(step_.dt, film, course(memory));
          const double outside = film > 0 ? (film * wall - a.mean_constant) / (film - a.mean_slope) : wall;
          memory.advance_through_film(step_.dt, film, outside, course(memory));
        }
}

BranchAir Climate::air() const {
  const Gas& g = gas(route_);
  BranchAir air;
  for (size_t b = 0; b < branch_.size(); ++b) {
    const Branch& d = branch_data_[b];
    double reciprocal = 0, sum = 0, moist = 0;
    for (Index c = cell_begin[b]; c < cell_begin[b + 1]; ++c) {
      const double x = humidity[size_t(c)], r = g.r_dry * (1 + x / g.mass_ratio) / (1 + x), rt = r * temperature[size_t(c)];
      reciprocal += 1 / (r * column_[size_t(c)]);
      sum += rt;
      moist += 1 + x;
    }
    air.head.push_back(d.cells / reciprocal);
    air.friction.push_back(sum / d.cells);
    air.moist.push_back(moist / d.cells);
  }
  return air;
}

std::vector<double> Climate::state() const {
  std::vector<double> s;
  for (const auto* v : {&temperature, &humidity, &dry_wall, &wet_wall, &column_, &mean_temperature_}) s.insert(s.end(), v->begin(), v->end());
  for (const Stream& n : node_) s.insert(s.end(), {n.h, n.x});
  for (const BranchClimate& b : branch_) s.push_back(b.cooling);  // what plants begin their next solve with
  s.push_back(double(dry_memory_.size()));
  for (const auto* list : {&dry_memory_, &wet_memory_})
    for (const RockMemory& memory : *list) {
      const std::vector<double> one = memory.state();
      s.insert(s.end(), one.begin(), one.end());
    }
  return s;
}

void Climate::restore(const std::vector<double>& s) {
  size_t at = 0;
  const auto take = [&](size_t n) {
    if (at + n > s.size()) throw InputError("the restart of the airways does not belong to this network: {} numbers are too few", s.size());
    at += n;
    return s.begin() + std::ptrdiff_t(at - n);
  };
  for (auto* v : {&temperature, &humidity, &dry_wall, &wet_wall, &column_, &mean_temperature_}) std::copy_n(take(v->size()), v->size(), v->begin());
  for (Stream& n : node_) {
    const auto p = take(2);
    n = {p[0], p[1]};
  }
  for (BranchClimate& b : branch_) b.cooling = *take(1);
  if (*take(1) == 0) return;
  begin_memory();
  for (auto* list : {&dry_memory_, &wet_memory_})
    for (RockMemory& memory : *list) {
      const size_t n = memory.state().size();
      memory.restore({&*take(n), n});
    }
}

}  // namespace winze::air
