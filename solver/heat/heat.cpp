#include "heat/heat.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/log.hpp"
#include "heat/time_steps.hpp"

namespace winze::heat {

void Options::check(input::Check& check) const {
  if (method == Method::backward_euler && steps == 0) check.problem("backward_euler has no error control; give steps, or take tr_bdf2");
  if (steps > 0 && (first_step > 0 || longest_step > 0)) check.problem("steps are equal parts of a stage; leave out first_step and longest_step");
}

struct Heat::Present {
  Present(const mesh::Mesh& mesh, fem::HeatCoefficients of_elements, const Conductivity& conductivity, const Options& options, Conditions&& found,
          std::shared_ptr<fem::LevelStructure>& levels)
      : coefficients(std::move(of_elements)), conditions(std::move(found)), steps(mesh, coefficients, conductivity, conditions, options, levels) {}
  fem::HeatCoefficients coefficients;
  Conditions conditions;
  TimeSteps steps;
};

Heat::Heat(const mesh::Mesh& mesh, input::Named<material::Material> materials, const VirginTemperature& virgin, std::vector<Boundary> boundaries,
           Options options)
    : mesh_(mesh), materials_(std::move(materials)), law_(virgin), boundaries_(std::move(boundaries)), options_(options) {
  if (options_.method == Method::backward_euler && options_.steps == 0)
    throw InputError("solver: heat: backward_euler has no error control; give steps, or take tr_bdf2");
  for (const Boundary& b : boundaries_)
    if (const auto* c = std::get_if<Convection>(&b.value); c && (c->air.empty() || c->coefficient.empty()))
      throw InputError("boundaries: heat: convection on '{}' has no air: give air and coefficient, or the airway of a network", c->surface);
  for (const auto& [name, m] : materials_.entries)
    if (!m.thermal)
      throw InputError("material '{}' has no thermal properties (thermal: conductivity, heat_capacity), which the heat solver needs", name);
  conductivity_ = std::make_unique<Conductivity>(mesh, materials_);
  virgin_.resize(mesh.nodes.n_local());
  for (Index n = 0; n < mesh.nodes.n_local(); ++n) virgin_[n] = law_(mesh.point(n));
  mesh.hanging.fill(virgin_.data(), 1);
  temperature_ = virgin_;
}
Heat::~Heat() = default;

std::vector<double> Heat::change() const {
  std::vector<double> d(temperature_.size());
  for (std::size_t i = 0; i < d.size(); ++i) d[i] = temperature_[i] - virgin_[i];
  return d;
}

void Heat::set_elements(const std::vector<std::int32_t>& material_of_element, const std::vector<double>& fill_temperature) {
  const bool first = !present_;
  std::vector<double> t = first ? temperature_ : with_fill(material_of_element, fill_temperature);
  stand(material_of_element);
  temperature_ = std::move(t);
  if (first) warn_unless_steady();
}

void Heat::stand(const std::vector<std::int32_t>& material_of_element) {
  fem::HeatCoefficients coefficients;
  coefficients.of_element = material_of_element;
  for (std::size_t m = 0; m < materials_.entries.size(); ++m) {
    const double k = conductivity_->reference(int(m));
    coefficients.conductivity.push_back({k, k, k, 0, 0, 0});
    coefficients.capacity.push_back(materials_.entries[m].second.density * materials_.entries[m].second.thermal->heat_capacity);
  }
  Conditions conditions(mesh_, boundaries_, materials_, law_, virgin_, material_of_element);
  present_ = std::make_unique<Present>(mesh_, std::move(coefficients), *conductivity_, options_, std::move(conditions), levels_);
  material_of_element_ = material_of_element;
}

std::vector<double> Heat::with_fill(const std::vector<std::int32_t>& material_of_element, const std::vector<double>& fill_temperature) const {
  std::vector<std::int32_t> filled(mesh_.region_names.size(), 0);
  struct Around {
    double fills, sum, others;  ///< elements around a node: placed now, their temperatures, standing before
  };
  static_assert(sizeof(Around) == 3 * sizeof(double));
  std::vector<Around> around(mesh_.nodes.n_local(), Around{});
  const int n_nodes = mesh::info(mesh_.shape).n_nodes;
  for (Index e = 0; e < mesh_.n_elements(); ++e) {
    if (material_of_element[e] < 0) continue;
    const bool placed = material_of_element_[e] < 0;
    const std::size_t region = mesh_.region[e];
    if (placed) filled[region] = 1;
    const double t = placed && region < fill_temperature.size() ? fill_temperature[region] : 0;
    for (int i = 0; i < n_nodes; ++i) {
      Around& a = around[mesh_.nodes_of(e)[i]];
      placed ? (a.fills += 1, a.sum += t) : a.others += 1;
    }
  }
  mesh_.comm.sum(filled.data(), int(filled.size()));
  for (std::size_t r = 0; r < filled.size(); ++r)
    if (filled[r] && (r >= fill_temperature.size() || !(fill_temperature[r] > 0)))
      throw InputError("heat: region '{}' is filled but the fill has no temperature; give kelvin above 0", mesh_.region_names[r]);
  mesh_.nodes.add_to_owners(&around[0].fills, 3);
  mesh_.nodes.update_ghosts(&around[0].fills, 3);
  std::vector<double> t = temperature_;
  for (std::size_t n = 0; n < t.size(); ++n)
    if (around[n].fills > 0 && around[n].others == 0) t[n] = around[n].sum / around[n].fills;
  mesh_.hanging.fill(t.data(), 1);
  return t;
}

void Heat::warn_unless_steady() const {
  const Conditions& conditions = present_->conditions;
  fem::HeatCoefficients coefficients = present_->coefficients;
  if (conductivity_->varies()) coefficients.factor = conductivity_->factors(coefficients.of_element, virgin_);
  std::vector<char> active(coefficients.of_element.size());
  for (std::size_t e = 0; e < active.size(); ++e) active[e] = coefficients.of_element[e] >= 0;
  const linear::Mask dead = fem::make_mask(mesh_, active, std::vector<std::uint8_t>(virgin_.size(), 0), 1);
  std::vector<double> t = virgin_;
  for (std::size_t n = 0; n < t.size(); ++n)
    if (dead.held[n]) t[n] = 0;
  View<double> flow("flow", t.size());
  fem::make_heat_operator<double>(mesh_, coefficients, {}, 1, 0, dead)->apply(to_device(t, "virgin"), flow);
  const std::vector<double> out = to_host(flow), in = to_host(conditions.geothermal());
  double sums[2] = {0, 0};
  for (Index n = 0; n < mesh_.nodes.n_owned(); ++n) {
    sums[0] += std::abs(in[n]);
    if (!dead.held[n] && !conditions.touched()[n]) sums[1] += std::abs(in[n] - out[n]);
  }
  mesh_.comm.sum(sums, 2);
  if (sums[0] > 0 && sums[1] > 0.05 * sums[0])
    log::warn(
        "the virgin temperature is not steady with these conductivities: {:.0f} % of the geothermal flow would move heat without any opening; "
        "in_situ: temperature: heat_flow with the layers' conductivities is",
        100 * sums[1] / sums[0]);
}

Report Heat::advance(double time, double end, const std::function<void(double, double)>& progress) {
  if (!present_) throw InputError("heat: set the elements before the first step");
  if (!(end > time)) return {};
  return present_->steps.run(time, end, temperature_, progress);
}

void Heat::set_air(std::size_t condition, double air, double coefficient) {
  auto* convection = condition < boundaries_.size() ? std::get_if<Convection>(&boundaries_[condition].value) : nullptr;
  if (!convection) throw InputError("heat: condition {} is no convection", condition);
  // What lags behind a coefficient must not outlive it: the result would depend on the past.
  if (present_ && !(convection->coefficient.constant() && convection->coefficient(0) == coefficient)) present_->steps.forget();
  convection->air = input::Curve(air), convection->coefficient = input::Curve(coefficient);
}

void Heat::set_temperature(std::vector<double> temperature) {
  if (temperature.size() != temperature_.size()) throw InputError("heat: {} temperatures for {} nodes", temperature.size(), temperature_.size());
  temperature_ = std::move(temperature);
}

std::vector<Conditions::Mean> Heat::surface_means() const {
  if (!present_) throw InputError("heat: set the elements before asking for surfaces");
  return present_->conditions.means(to_device(temperature_, "temperature"));
}

double Heat::wall_flow(double time) const {
  if (!present_) return 0;
  std::vector<double> t = temperature_;
  const Scheme now{1, {0}, {1}, 1};
  return -mesh_.comm.sum(present_->conditions.flows(present_->conditions.during(time, 0, now), 0, to_device(t, "temperature")).walls);
}

void Heat::restore(const std::vector<std::int32_t>& material_of_element, std::vector<double> temperature) {
  bool good = temperature.size() == virgin_.size();
  for (double t : temperature) good = good && t > 0 && t < 3000;
  if (!mesh_.comm.all(good)) throw InputError("heat: the restart's temperatures do not fit this mesh or are not physical");
  stand(material_of_element);
  temperature_ = std::move(temperature);
}

}  // namespace winze::heat
