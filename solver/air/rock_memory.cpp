// Steps of exponential sums, and the walls that remember by them.
#include <algorithm>
#include <cmath>

#include "air/decay.hpp"
#include "air/strata.hpp"
#include "base/error.hpp"

namespace winze::air {

double ExponentialSum::operator()(double fourier) const {
  double sum = 0;
  for (std::size_t i = 0; i < rate_.size(); ++i) sum += weight_[i] * std::exp(-rate_[i] * fourier);
  return sum;
}
double ExponentialSum::mean(double fourier) const {
  double sum = 0;
  for (std::size_t i = 0; i < rate_.size(); ++i) sum += weight_[i] * mean_decay(rate_[i] * fourier);
  return sum;
}

const ExponentialSum::Step& ExponentialSum::step(double fourier_step) const {
  const auto known = steps_.find(fourier_step);
  if (known != steps_.end()) return known->second;
  if (!(fourier_step > 0)) throw InputError("a time step must be positive, not {:.6g} in Fourier numbers", fourier_step);
  if (steps_.size() >= 16384) steps_.clear();
  Step& s = steps_[fourier_step];
  s.decay.resize(n_terms());
  s.mean_decay.resize(n_terms());
  for (std::size_t i = 0; i < n_terms(); ++i) {
    const double z = rate_[i] * fourier_step;
    s.decay[i] = std::exp(-z);
    s.mean_decay[i] = mean_decay(z);
    s.jump_end += weight_[i] * s.decay[i];
    s.jump_mean += weight_[i] * s.mean_decay[i];
    s.linear_mean += weight_[i] * mean_rise(z);
  }
  s.linear_end = s.jump_mean;
  return s;
}

const ExponentialSum::Graded& ExponentialSum::graded(double fourier_step) const {
  const auto known = graded_.find(fourier_step);
  if (known != graded_.end()) return known->second;
  if (!(fourier_step > 0)) throw InputError("a time step must be positive, not {:.6g} in Fourier numbers", fourier_step);
  if (graded_.size() >= 16384) graded_.clear();
  Graded& g = graded_[fourier_step];
  const std::size_t terms = n_terms();
  g.past.resize(n_pieces * terms);
  g.change.resize(n_pieces * terms);
  double time[n_pieces + 1] = {};
  for (int j = 0; j < n_pieces; ++j) {
    time[j + 1] = fourier_step * std::pow(3.0, j + 1 - n_pieces);
    g.length[j] = (time[j + 1] - time[j]) / fourier_step;
    g.middle[j] = 0.5 * (time[j + 1] + time[j]) / fourier_step;
  }
  for (std::size_t i = 0; i < terms; ++i) {
    const double r = rate_[i], w = weight_[i];
    // Ends grow by three: one exponential serves all, each next is the cube of the last.
    double until[n_pieces + 1] = {1, std::exp(-r * time[1])}, over[n_pieces], whole[n_pieces], rise[n_pieces];
    for (int l = 0; l < n_pieces; ++l) {
      if (l) until[l + 1] = until[l] * until[l] * until[l];
      over[l] = l ? until[l] * until[l] : until[1];
      const double z = r * (time[l + 1] - time[l]);
      whole[l] = z < 0.01 ? mean_decay(z) : (1 - over[l]) / z;
      rise[l] = z < 0.05 ? mean_rise(z) : (1 - whole[l]) / z;
    }
    for (int l = 0; l < n_pieces; ++l) {
      double left = w * (l ? whole[l] : over[l]);  // of a unit change in piece l, at its end
      g.past[l * terms + i] = until[l] * whole[l];
      g.mean[l][l] += w * (l ? rise[l] : whole[l]);
      for (int j = l + 1; j < n_pieces; ++j) {
        g.mean[j][l] += left * whole[j];
        left *= over[j];
      }
      g.change[l * terms + i] = left;
      g.end[l] += left;
    }
  }
  return g;
}

RockMemory::RockMemory(const Strata& rock, double virgin, std::shared_ptr<const ExponentialSum> sum)
    : rock_(rock), virgin_(virgin), temperature_(virgin), outside_(virgin), sum_(std::move(sum)), term_(sum_->n_terms(), 0) {
  if (!(rock.conductivity > 0 && rock.heat_capacity > 0 && rock.radius > 0))
    throw InputError("rock of an airway needs positive conductivity, heat capacity and radius, not {:.6g} W/m/K, {:.6g} J/m³/K, {:.6g} m",
                     rock.conductivity, rock.heat_capacity, rock.radius);
}

RockMemory::Answer RockMemory::answer(double dt, Course course) const {
  const auto& s = sum_->step(rock_.fourier(dt));
  double end = 0, mean = 0;
  for (std::size_t i = 0; i < term_.size(); ++i) end += s.decay[i] * term_[i], mean += s.mean_decay[i] * term_[i];
  const double k = rock_.scale();
  const double by_end = k * (course == Course::jump ? s.jump_end : s.linear_end),
               by_mean = k * (course == Course::jump ? s.jump_mean : s.linear_mean);
  return {k * end + by_end * temperature_, by_end, k * mean + by_mean * temperature_, by_mean};
}

void RockMemory::grow_older(double fourier) {
  if (age_ + fourier > sum_->most() * (1 + 1e-9))
    throw InputError("a wall's age of {:.4g} in Fourier numbers passes {:.4g}, the range of its exponential sum: build it for a longer time",
                     age_ + fourier, sum_->most());
  age_ += fourier;
  asked_ = 0;
}

RockMemory::Pieces RockMemory::walls(double dt, double film, Course course) const {
  constexpr int n = ExponentialSum::n_pieces;
  if (!std::isinf(sum_->biot())) throw InputError("a film is set outside the memory of a prescribed wall, not of one with a film of its own");
  if (!(film >= 0 && std::isfinite(film))) throw InputError("film of a wall must not be negative: {:.6g} W/m²/K", film);
  if (course == Course::linear && age_ == 0) throw InputError("the first step of a wall has no temperature to run from: let it jump");
  const double fourier = rock_.fourier(dt), k = rock_.scale();
  const auto& g = sum_->graded(fourier);
  if (asked_ != dt) {
    const std::vector<double>& decay = sum_->step(fourier).decay;
    const std::size_t terms = term_.size();
    past_end_ = 0;
    for (std::size_t i = 0; i < terms; ++i) past_end_ += decay[i] * term_[i];
    for (int j = 0; j < n; ++j) {
      past_[j] = 0;
      for (std::size_t i = 0; i < terms; ++i) past_[j] += g.past[j * terms + i] * term_[i];
    }
    asked_ = dt;
  }
  // In the mean of each piece: film (T − outside) = k (past_j − Σ mean_jl (T_l − T_l−1)).
  Pieces w;
  for (int j = 0; j < n; ++j) {
    const double share = course == Course::jump ? 1 : g.middle[j], own = k * g.mean[j][j], before = j ? 0.5 : 0;
    double a = k * past_[j] + film * (1 - share) * outside_, b = film * share;
    for (int l = 0; l < j; ++l) {
      a -= k * g.mean[j][l] * (w.a[l] - (l ? w.a[l - 1] : temperature_));
      b -= k * g.mean[j][l] * (w.b[l] - (l ? w.b[l - 1] : 0));
    }
    a += (own - film * before) * (j ? w.a[j - 1] : temperature_);
    b += (own - film * before) * (j ? w.b[j - 1] : 0);
    w.a[j] = a / (film * (1 - before) + own);
    w.b[j] = b / (film * (1 - before) + own);
  }
  return w;
}

RockMemory::Answer RockMemory::through_film(double dt, double film, Course course) const {
  const Pieces w = walls(dt, film, course);
  const auto& g = sum_->graded(rock_.fourier(dt));
  const double k = rock_.scale();
  Answer r{k * past_end_, 0, 0, 0};
  for (int j = 0; j < ExponentialSum::n_pieces; ++j) {
    r.mean_constant += k * g.length[j] * past_[j];
    for (int l = 0; l <= j; ++l) {
      r.mean_constant -= k * g.length[j] * g.mean[j][l] * (w.a[l] - (l ? w.a[l - 1] : temperature_));
      r.mean_slope += k * g.length[j] * g.mean[j][l] * (w.b[l] - (l ? w.b[l - 1] : 0));
    }
    r.end_constant -= k * g.end[j] * (w.a[j] - (j ? w.a[j - 1] : temperature_));
    r.end_slope += k * g.end[j] * (w.b[j] - (j ? w.b[j - 1] : 0));
  }
  return r;
}

double RockMemory::advance_through_film(double dt, double film, double outside, Course course) {
  if (!std::isfinite(outside)) throw InputError("temperature outside the film of a wall must be finite");
  const Pieces w = walls(dt, film, course);
  const double mean = through_film(dt, film, course).mean(outside), fourier = rock_.fourier(dt);
  const auto& g = sum_->graded(fourier);
  const std::vector<double>& decay = sum_->step(fourier).decay;
  grow_older(fourier);
  const std::size_t terms = term_.size();
  for (std::size_t i = 0; i < terms; ++i) term_[i] *= decay[i];
  double before = temperature_;
  for (int l = 0; l < ExponentialSum::n_pieces; ++l) {
    const double wall = w.a[l] + w.b[l] * outside;
    for (std::size_t i = 0; i < terms; ++i) term_[i] += (before - wall) * g.change[l * terms + i];
    before = wall;
  }
  temperature_ = before;
  outside_ = outside;
  return mean;
}

double RockMemory::advance(double dt, double temperature, Course course) {
  if (!std::isfinite(temperature)) throw InputError("driving temperature of a wall must be finite");
  const auto& s = sum_->step(rock_.fourier(dt));
  grow_older(rock_.fourier(dt));
  const double change = temperature_ - temperature;  // of VRT − T
  double mean = 0;
  for (std::size_t i = 0; i < term_.size(); ++i) {
    mean += s.mean_decay[i] * term_[i];
    term_[i] = s.decay[i] * term_[i] + change * sum_->weights()[i] * (course == Course::jump ? s.decay[i] : s.mean_decay[i]);
  }
  temperature_ = outside_ = temperature;
  return rock_.scale() * (mean + change * (course == Course::jump ? s.jump_mean : s.linear_mean));
}

double RockMemory::flux() const {
  double sum = 0;
  for (double y : term_) sum += y;
  return rock_.scale() * sum;
}
std::vector<double> RockMemory::state() const {
  std::vector<double> all = term_;
  all.insert(all.end(), {temperature_, outside_, age_});
  return all;
}
void RockMemory::restore(std::span<const double> state) {
  if (state.size() != term_.size() + 3) throw InputError("memory of a wall has {} values, the restart {}", term_.size() + 3, state.size());
  std::copy(state.begin(), state.end() - 3, term_.begin());
  temperature_ = state[term_.size()];
  outside_ = state[term_.size() + 1];
  asked_ = 0;
  age_ = state.back();
}

}  // namespace winze::air
