#include "heat/heat.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/log.hpp"
#include "heat/system.hpp"

namespace winze::heat {

Heat::Heat(const mesh::Mesh& mesh, input::Named<material::Material> materials, const VirginTemperature& virgin, std::vector<Boundary> boundaries,
           Options options)
    : mesh_(mesh),
      materials_(std::move(materials)),
      boundaries_(std::move(boundaries)),
      options_(options),
      points_(fem::make_points(mesh)),
      law_(virgin) {
  if (options_.method == Method::backward_euler && options_.steps == 0)
    throw InputError("solver: heat: backward_euler has no error control; give steps, or use tr_bdf2");
  for (const auto& [name, m] : materials_.entries) {
    if (!m.thermal)
      throw InputError("material '{}' has no thermal properties (thermal: conductivity, heat_capacity), which the heat solver needs", name);
    coefficients_.capacity.push_back(m.density * m.thermal->heat_capacity);
    const double k = m.thermal->conductivity_at(293.15);
    coefficients_.conductivity.push_back({k, k, k, 0, 0, 0});
    for (double t : {250.0, 350.0, 450.0}) temperature_dependent_ = temperature_dependent_ || m.thermal->conductivity_at(t) != k;
  }
  virgin_.resize(mesh.nodes.n_local());
  for (Index n = 0; n < mesh.nodes.n_local(); ++n) virgin_[n] = virgin(mesh.point(n));
  temperature_ = virgin_;
  fixed_.assign(virgin_.size(), 0);
}

Heat::~Heat() = default;

std::vector<double> Heat::change() const {
  std::vector<double> d(temperature_.size());
  for (size_t i = 0; i < d.size(); ++i) d[i] = temperature_[i] - virgin_[i];
  return d;
}

void Heat::set_elements(const std::vector<std::int32_t>& material_of_element, double fill_temperature) {
  const bool first = material_of_element_.empty();
  const linear::Mask before = mask_;
  material_of_element_ = material_of_element;
  coefficients_.of_element = material_of_element;
  std::vector<char> active(material_of_element.size());
  for (size_t e = 0; e < active.size(); ++e) active[e] = material_of_element[e] >= 0;
  find_surfaces();
  mask_ = fem::make_mask(mesh_, active, fixed_, 1);
  dead_ = fem::make_mask(mesh_, active, std::vector<std::uint8_t>(fixed_.size(), 0), 1);
  if (!first)
    for (size_t i = 0; i < temperature_.size(); ++i)
      if ((before.held[i] & linear::Mask::dead) && !(mask_.held[i] & linear::Mask::dead)) temperature_[i] = fill_temperature;
  update_conductivity(temperature_);
  systems_.clear();
  mass_ = fem::make_heat_operator<double>(mesh_, coefficients_, {}, 0, 1, dead_);
  last_step_ = 0;
  previous_.clear();
}

void Heat::update_conductivity(const std::vector<double>& t) {
  if (!temperature_dependent_) return;
  std::vector<double> at(points_.n_points());
  fem::value_at_points(mesh_, points_, t.data(), at.data());
  coefficients_.factor.assign(mesh_.n_elements(), 1);
  for (Index e = 0; e < mesh_.n_elements(); ++e) {
    const int m = material_of_element_[e];
    if (m < 0) continue;
    double volume = 0, sum = 0;
    for (GlobalIndex q = points_.offset[e]; q < points_.offset[e + 1]; ++q) {
      volume += points_.volume[q];
      sum += points_.volume[q] * materials_.entries[m].second.thermal->conductivity_at(at[q]);
    }
    coefficients_.factor[e] = sum / volume / coefficients_.conductivity[m][0];
  }
  systems_.clear();
}

Report Heat::advance(double time, double end, const std::function<void(double, double)>& progress) {
  if (material_of_element_.empty()) throw InputError("heat: no elements were set");
  Report report;
  const double length = end - time, start = time;
  if (length <= 0) return report;
  const std::vector<double> at_start = temperature_;
  const bool fixed_steps = options_.steps > 0;
  double dt = fixed_steps ? length / options_.steps : last_step_ > 0 ? last_step_ : options_.first_step > 0 ? options_.first_step : length / 100;
  rate_.clear();
  while (end - time > 1e-9 * length) {
    double h = std::min(dt, end - time);
    if (options_.longest_step > 0) h = std::min(h, options_.longest_step);
    if (!fixed_steps && end - time < 2 * h && end - time > h) h = 0.5 * (end - time);  // no sliver at the end
    if (temperature_dependent_) {
      std::vector<double> middle = temperature_;
      if (!previous_.empty())
        for (size_t i = 0; i < middle.size(); ++i) middle[i] += 0.5 * h / previous_step_ * (temperature_[i] - previous_[i]);
      update_conductivity(middle);
    }
    const Report before = report;
    std::vector<double> next, rate = rate_;
    const double error =
        options_.method == Method::backward_euler ? step_backward_euler(time, h, report, next) : step_tr_bdf2(time, h, report, next, rate);
    if (!fixed_steps && error > options_.tolerance) {
      const int iterations = report.linear_iterations, setups = report.setups;
      report = before;
      report.linear_iterations = iterations, report.setups = setups, ++report.rejected;
      dt = 0.5 * h;
      if (dt < 1e-9 * length)
        throw SolverError(
            "heat: the time step fell to {:.3g} s at t = {:.6g} s with an error of {:.3g} K; loosen solver: heat: tolerance or refine the mesh at "
            "the walls",
            dt, time, error);
      continue;
    }
    previous_ = std::move(temperature_), previous_step_ = h;
    temperature_ = std::move(next);
    rate_ = std::move(rate);
    time += h;
    ++report.steps;
    progress(std::min(1.0, (time - start) / length), h);
    // Doubling only: one matrix serves many steps.
    if (!fixed_steps && h >= 0.99 * dt && error < options_.tolerance / 10) dt = 2 * h;
  }
  if (!fixed_steps) last_step_ = dt;
  std::vector<double> difference(temperature_.size()), stored;
  for (size_t i = 0; i < difference.size(); ++i) difference[i] = temperature_[i] - at_start[i];
  stored = product(mesh_, *mass_, difference);
  for (Index n = 0; n < mesh_.nodes.n_owned(); ++n) report.stored += stored[n];
  report.stored = mesh_.comm.sum(report.stored);
  const double size = std::abs(report.stored) + std::abs(report.wall_heat) + std::abs(report.boundary_heat);
  report.imbalance = size > 0 ? std::abs(report.stored - report.wall_heat - report.boundary_heat) / size : 0;
  report.coldest = 1e300, report.hottest = -1e300;
  for (Index n = 0; n < mesh_.nodes.n_owned(); ++n)
    if (!(mask_.held[n] & linear::Mask::dead)) {
      report.coldest = std::min(report.coldest, temperature_[n]);
      report.hottest = std::max(report.hottest, temperature_[n]);
    }
  report.coldest = mesh_.comm.min(report.coldest), report.hottest = mesh_.comm.max(report.hottest);
  if (!(report.coldest > 0 && report.hottest < 3000))
    throw SolverError("heat: temperatures from {:.6g} to {:.6g} K are not physical", report.coldest, report.hottest);
  return report;
}

}  // namespace winze::heat
