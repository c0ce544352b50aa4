#include "air/climate.hpp"

#include <algorithm>
#include <cmath>

#include "air/wall_exchange.hpp"
#include "base/error.hpp"

namespace winze::air {
namespace {

/// K: more than this no source warms the air of one airway while flows are still being sought.
constexpr double most_warming = 60, least_warming = 5, warming_at_rest = 20;

}  // namespace

/// S(B) = 1/(1/G(F, B) − 1/B) for one F: what rock conducts behind a film, over k/a. Smooth in ln B: cubic between lattice points, evaluated when
/// asked.
struct Climate::Table {
  static constexpr double first = -2, per_decade = 8;
  static constexpr int points = 57;  // B = 0.01 … 1e5
  double fourier;
  std::vector<double> value = std::vector<double>(points, 0);
  double at(int k) {
    static const std::vector<RadialFlux> flux = [] {
      std::vector<RadialFlux> all;
      for (int i = 0; i < points; ++i) all.emplace_back(std::pow(10.0, first + i / per_decade));
      return all;
    }();
    double& s = value[size_t(k)];
    if (s == 0) s = 1 / (1 / flux[size_t(k)](fourier) - 1 / flux[size_t(k)].biot());
    return s;
  }
  double operator()(double biot) {
    const double x = std::clamp((std::log10(biot) - first) * per_decade, 1.0, points - 2.0);
    const int k = std::min(int(x), points - 3);
    const double t = x - k, a = at(k - 1), b = at(k), c = at(k + 1), d = at(k + 2);
    return -t * (t - 1) * (t - 2) / 6 * a + (t + 1) * (t - 1) * (t - 2) / 2 * b - (t + 1) * t * (t - 2) / 2 * c + (t + 1) * t * (t - 1) / 6 * d;
  }
};

double Ledger::scale() const {
  return std::max({std::abs(strata), std::abs(fans), std::abs(sources), std::abs(coolers), std::abs(wall_water), std::abs(autocompression),
                   std::abs(outflow - inflow), 1.0});
}

Climate::Climate(const Network& network, const Graph& graph)
    : network_(network), graph_(graph), options_(network.climate.value_or(ClimateOptions{})), route_(options_.psychrometry) {
  refresh();
  const size_t m = branch_data_.size();
  const size_t n_cells = size_t(cell_begin.back());
  for (auto* v : {&temperature, &humidity, &dry_wall, &wet_wall, &wall_heat, &wall_film, &column_}) v->assign(n_cells, 0);
  given_.resize(n_cells);
  node_.resize(size_t(graph.n_nodes()));
  branch_.resize(m);
  mean_temperature_.assign(m, 0);
  incoming_.resize(node_.size());
  outgoing_.resize(node_.size());
  for (Index i = 0; i < graph.n_nodes(); ++i) node_[size_t(i)] = outside(i);
  for (size_t b = 0; b < m; ++b) {
    const double t = outside_temperature(network.weather, (branch_data_[b].z0 + branch_data_[b].z1) / 2, 0);
    mean_temperature_[b] = t;
    for (Index c = cell_begin[b]; c < cell_begin[b + 1]; ++c) {
      temperature[size_t(c)] = column_[size_t(c)] = t;
      humidity[size_t(c)] = node_[size_t(branch_data_[b].from)].x;
    }
  }
}

void Climate::refresh() {
  if (network_.climate) options_ = *network_.climate;
  const size_t m = size_t(graph_.n_branches());
  for (size_t a = 0; a < graph_.airway_names.size(); ++a) airway_place_[graph_.airway_names[a]] = a;
  std::vector<Index> begin = {0};
  std::vector<Branch> all;
  std::vector<double> total(graph_.airway_names.size(), 0);
  for (size_t b = 0; b < m; ++b) total[size_t(graph_.airway[b])] += graph_.length[b];
  for (size_t b = 0; b < m; ++b) {
    const auto& [name, a] = network_.airways.entries[size_t(graph_.airway[b])];
    Branch d{};
    d.from = graph_.from[b];
    d.to = graph_.to[b];
    d.length = graph_.length[b];
    d.section = graph_.section[b];
    d.perimeter = graph_.perimeter[b];
    d.fanning = graph_.fanning[b];
    d.z0 = graph_.z[size_t(d.from)];
    d.z1 = graph_.z[size_t(d.to)];
    d.whole = Index(b) == graph_.first[size_t(graph_.airway[b])];
    d.share = total[size_t(graph_.airway[b])] > 0 ? d.length / total[size_t(graph_.airway[b])] : d.whole ? 1 : 0;
    d.film = a.film;
    if (a.water) d.supply = *a.water * d.share;
    d.wetness = a.wetness;
    d.age = a.age;
    d.given = a.in_mesh;
    d.strata = !d.given && a.strata && d.length > 0 && d.perimeter > 0 && (a.rock || network_.rock);
    if (d.strata) {
      const RockInput& rock = a.rock ? *a.rock : *network_.rock;
      if (!(rock.conductivity > 0))
        throw InputError("{}: airway '{}': the thermal properties of its rock ('{}') are not known here", a.origin.where(), name, rock.material);
      if (!a.virgin && !network_.virgin)
        throw InputError("{}: airway '{}' has rock but no virgin temperature; give `virgin` for it or for the network, or `strata: false`",
                         a.origin.where(), name);
      d.rock = {rock.conductivity, rock.density * rock.heat_capacity, equivalent_radius(d.perimeter)};
      d.virgin0 = a.virgin ? *a.virgin : (*network_.virgin)(d.z0);
      d.virgin1 = a.virgin ? *a.virgin : (*network_.virgin)(d.z1);
      if (!(d.fanning > 0) && !d.film)
        throw InputError("{}: airway '{}' needs a film coefficient: its friction says nothing about the wall", a.origin.where(), name);
    } else if (d.given) {
      if (!(d.fanning > 0) && !d.film)
        throw InputError("{}: airway '{}' needs a film coefficient: its friction says nothing about the wall", a.origin.where(), name);
    } else if (a.wetness > 0 && d.length > 0 && a.strata) {
      throw InputError("{}: airway '{}' is wet but has no rock; give rock, or `strata: false` and its water as a heat source", a.origin.where(),
                       name);
    } else {
      d.wetness = 0;
    }
    d.cells = d.length > 0 ? std::max(1, int(std::ceil(d.length / options_.cell - 1e-9))) : 1;
    begin.push_back(begin.back() + d.cells);
    all.push_back(d);
  }
  if (!branch_data_.empty()) {
    if (begin != cell_begin) throw InputError("a change of the network may not change lengths of airways, nor the length of cells");
    for (size_t b = 0; b < m; ++b) {
      const Branch &o = branch_data_[b], &d = all[b];
      if (!dry_memory_.empty() &&
          (o.strata != d.strata ||
           (d.strata && (o.rock.conductivity != d.rock.conductivity || o.rock.heat_capacity != d.rock.heat_capacity ||
                         o.rock.radius != d.rock.radius || o.virgin0 != d.virgin0 || o.virgin1 != d.virgin1 || o.age != d.age))))
        throw InputError("airway '{}': its rock, perimeter, virgin temperature and age cannot change once it remembers its history",
                         graph_.airway_names[size_t(graph_.airway[b])]);
    }
  }
  cell_begin = std::move(begin);
  branch_data_ = std::move(all);
}

Stream Climate::outside(Index node) const {
  const double z = graph_.z[size_t(node)], t = outside_temperature(network_.weather, z, step_.time),
               x = outside_humidity(network_.weather, route_, z, step_.time);
  return {enthalpy_of(gas(route_), t, x), x};
}

double Climate::conductance(const Branch& b, double film, double time) {
  const double age = b.age + time;
  if (!(age > 0)) return 0;
  const double f = b.rock.fourier(age);
  std::shared_ptr<Table>& table = tables_[f];
  if (!table) table = std::make_shared<Table>(Table{f});
  return b.rock.scale() * (*table)(b.rock.biot(film));
}

RockAnswer Climate::answer(const Branch& b, size_t cell, bool wet, double film) {
  if (!b.strata) return {};
  const size_t first = size_t(cell_begin[size_t(&b - branch_data_.data())]);
  std::vector<double>& films = wet ? wet_film_ : dry_film_;
  films.resize(temperature.size(), 0);
  films[cell] = film;
  if (step_.dt > 0 && !dry_memory_.empty()) {
    if (!(film > 0)) return {};
    const RockMemory& memory = (wet ? wet_memory_ : dry_memory_)[cell];
    const RockMemory::Answer a = memory.through_film(step_.dt, film, course(memory));
    // By the wall instead of what lies outside its film: q = film (T_wall − T_outside).
    const double share = 1 - a.mean_slope / film;
    return {a.mean_constant / share, a.mean_slope / share};
  }
  const double virgin = b.virgin0 + (b.virgin1 - b.virgin0) * (double(cell - first) + 0.5) / b.cells;
  const double s = conductance(b, film, step_.time);
  return {s * virgin, s};
}

Gain Climate::gain(size_t b) const {
  Gain sum;
  for (const Device& device : device_list(b))
    device.visit([&](const auto& x) {
      if constexpr (requires { x.gain(0.0, 0.0); }) {
        const Gain one = x.gain(step_.time, mean_temperature_[b]);
        sum.heat += one.heat * branch_data_[b].share;
        sum.vapour += one.vapour * branch_data_[b].share;
        sum.water += one.water * branch_data_[b].share;
      }
    });
  return sum;
}

/// Air through branch b, entering at its upstream end. keep: store cells, ledger terms and ends.
Stream Climate::march(size_t b, const Stream& in, bool keep) {
  ++passes_;
  const Branch& d = branch_data_[b];
  const Gas& g = gas(route_);
  const double m = std::abs(flow_->mass[b]);
  const bool forward = flow_->mass[b] > 0;
  const double p0 = flow_->pressure[size_t(d.from)], p1 = flow_->pressure[size_t(d.to)];
  BranchClimate ledger;
  Stream at = in;
  const auto energy = [&](const Stream& s, double z) { return s.h + network_.gravity * (1 + s.x) * z; };
  const double z_in = forward ? d.z0 : d.z1, z_out = forward ? d.z1 : d.z0;
  ledger.fans = fan_heat_[b];
  const double most = std::clamp(g.high - 5 - temperature_of(g, in.h, in.x), least_warming, most_warming) * g.cp_dry * m;
  if (ledger.fans > most) {
    ledger.fans = most;
    if (keep) overheated_ = graph_.airway[b];
  }
  at.h += ledger.fans / m;
  for (const Device& device : device_list(b))
    device.visit([&](const auto& x) {
      constexpr bool cools = requires { x.cool(State{}, 0.0, Psychrometry{}); }
      , by_schedule = requires { x.cool(State{}, 0.0, Psychrometry{}, 0.0); };
      if constexpr (cools || by_schedule)
        if (d.whole) {
          const State before{temperature_of(g, at.h, at.x), forward ? p0 : p1, at.x};
          State after;
          if constexpr (by_schedule)
            after = x.cool(before, m, route_, step_.time);
          else
            after = x.cool(before, m, route_);
          if (after.temperature == before.temperature && after.humidity == before.humidity) return;
          const Stream cooled{enthalpy_of(g, after.temperature, after.humidity), after.humidity};
          ledger.cooling += m * (energy(at, z_in) - energy(cooled, z_in));
          at = cooled;
        }
      if constexpr (requires { x.reject(State{}, 0.0, 0.0, Psychrometry{}); })
        if (d.whole) {
          double load = 0;  // of the last round: it settles with the rounds between flow and climate
          for (const std::string& name : x.coolers) load += std::max(0.0, branch_[size_t(graph_.first[airway_place_.at(name)])].cooling);
          if (load < 1) return;
          const Refrigeration r = x.reject({temperature_of(g, at.h, at.x), forward ? p0 : p1, at.x}, m, load, route_);
          const State& after = r.rejection.spray.air;
          const Stream warmed{enthalpy_of(g, after.temperature, after.humidity), after.humidity};
          ledger.cooling += m * (energy(at, z_in) - energy(warmed, z_in));
          at = warmed;
          ledger.plant_power = r.chilled.power;
          ledger.unmet = r.chilled.unmet;
        }
    });
  Gain brought = gain(b);
  if (brought.heat > most) {
    brought.heat = most;
    if (keep) overheated_ = graph_.airway[b];
  }

  double convection_ = 0, radiation_ = 0;
  if (d.strata || d.given) {
    const double t = temperature_of(g, at.h, at.x);
    const State air{t, (p0 + p1) / 2, std::max(at.x, 0.0)};
    const double speed = m * specific_volume(air, route_) / d.section;
    convection_ = d.film ? *d.film : convection(air, speed, hydraulic_diameter(d.section, d.perimeter), d.fanning, route_);
    if (options_.emissivity > 0) radiation_ = radiation(options_.emissivity, mean_temperature_[b]);
  }
  double sum_t = 0;
  for (int k = 0; k < d.cells; ++k) {
    const int own = forward ? k : d.cells - 1 - k;  // from → to
    const size_t cell = size_t(cell_begin[b]) + size_t(own);
    Cell c;
    c.mass = m;
    c.gravity = network_.gravity;
    c.pressure = p0 + (p1 - p0) * (own + 0.5) / d.cells;
    c.z_in = z_in + (z_out - z_in) * k / d.cells;
    c.z_out = z_in + (z_out - z_in) * (k + 1) / d.cells;
    c.heat = brought.heat / d.cells;
    c.vapour = brought.vapour / d.cells;
    c.water = brought.water / d.cells;
    c.water_temperature = std::max(brought.water_temperature, zero_celsius);
    if (d.strata) {
      c.area = d.perimeter * d.length / d.cells;
      c.wetness = d.wetness;
      c.convection = convection_;
      c.radiation = radiation_;
      c.dry = answer(d, cell, false, convection_ + radiation_);
      if (d.wetness > 0) {
        const double wall = wet_wall[cell] > 0 ? wet_wall[cell] : temperature[cell];
        c.wet = answer(d, cell, true, wet_film(convection_, radiation_, wall, c.pressure, route_));
        if (d.supply) c.supply = *d.supply / (d.perimeter * d.length * d.wetness);
      }
    }
    if (d.given) {
      c.one_wall = true;
      c.area = given_[cell].area;
      c.dry = given_[cell].rock;
      c.wetness = d.wetness;
      c.convection = convection_;
      c.radiation = radiation_;
      if (d.supply && d.wetness > 0) c.supply = *d.supply / (d.perimeter * d.length * d.wetness);
    }
    const double before = temperature_of(g, at.h, at.x);
    const CellResult r = pass(c, at, route_, dry_wall[cell], wet_wall[cell]);
    at = r.out;
    if (!keep) continue;
    const double after = temperature_of(g, at.h, at.x), step = (after - before) / (after + before);
    column_[cell] = std::abs(step) < 1e-4 ? (after + before) / 2 * (1 - step * step / 3) : (after - before) / std::log(after / before);
    temperature[cell] = r.temperature;
    humidity[cell] = r.humidity;
    dry_wall[cell] = r.dry_wall;
    wet_wall[cell] = r.wet_wall;
    if (d.given) {
      wall_heat[cell] = r.strata;
      wall_film[cell] = convection_ + radiation_;
      if (d.wetness > 0 && c.area > 0)
        wall_film[cell] += d.wetness * (wet_film(convection_, radiation_, r.dry_wall, c.pressure, route_) - convection_ - radiation_);
    }
    sum_t += r.temperature;
    ledger.strata += r.strata;
    ledger.evaporated += r.evaporated;
    ledger.sources += r.sources;
    ledger.condensed += r.condensed;
    ledger.autocompression += m * network_.gravity * (1 + r.humidity) * (c.z_in - c.z_out);
    ledger_.wall_water += r.wall_water;
    ledger_.drained += r.drained;
    ledger_.condensed += r.condensed;
    ledger_.evaporated += r.evaporated;
  }
  if (keep) {
    mean_temperature_[b] = sum_t / d.cells;
    ledger.first = forward ? in : at;
    ledger.last = forward ? at : in;
    branch_[b] = ledger;
    ledger_.strata += ledger.strata;
    ledger_.sources += ledger.sources;
    ledger_.fans += ledger.fans;
    ledger_.coolers -= ledger.cooling;
    ledger_.autocompression += ledger.autocompression;
  }
  return at;
}

/// Air that rests takes the temperature of rock, or that of the junction; its humidity is kept below saturation.
void Climate::stagnant(size_t b) {
  const Branch& d = branch_data_[b];
  const Stream& from = node_[size_t(d.from)];
  const double p = (flow_->pressure[size_t(d.from)] + flow_->pressure[size_t(d.to)]) / 2;
  branch_[b] = {node_[size_t(d.from)], node_[size_t(d.to)]};
  double sum = 0;
  const bool heated = gain(b).heat > 0;
  if (heated) overheated_ = graph_.airway[b];
  for (int k = 0; k < d.cells; ++k) {
    const size_t cell = size_t(cell_begin[b]) + size_t(k);
    const double t = (heated ? warming_at_rest : 0) + (d.given && given_[cell].area > 0 ? given_[cell].temperature
                                                       : d.strata                       ? d.virgin0 + (d.virgin1 - d.virgin0) * (k + 0.5) / d.cells
                                                                                        : temperature_of(gas(route_), from.h, from.x));
    column_[cell] = temperature[cell] = dry_wall[cell] = wet_wall[cell] = t;
    wall_heat[cell] = wall_film[cell] = 0;
    humidity[cell] = std::min(from.x, saturation_humidity(t, p, route_));
    sum += t;
  }
  mean_temperature_[b] = sum / d.cells;
}

}  // namespace winze::air
