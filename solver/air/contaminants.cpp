#include "air/contaminants.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace winze::air {

namespace {

constexpr double longest = 86400;             // s: of a step in which plugs are followed
constexpr double molar_mass_air = 0.0289645;  // kg/mol, dry

std::size_t place(const std::string& name, const std::vector<std::string>& known, const std::string& species, const char* what) {
  const auto found = std::find(known.begin(), known.end(), name);
  if (found != known.end()) return std::size_t(found - known.begin());
  const std::string near = input::suggest(name, known);
  throw InputError("contaminant '{}': there is no {} '{}'{}", species, what, name, near.empty() ? "" : "; did you mean '" + near + "'?");
}
std::vector<BlastFumes> blasts(const Species& species) {
  return species.visit([](const auto& s) {
    if constexpr (requires { s.blasts; }) return s.blasts;
    return std::vector<BlastFumes>{};
  });
}

}  // namespace

Contaminants::Contaminants(const Air& air, double step) : air_(air), step_(step) { check(); }

void Contaminants::check() const {
  const std::vector<std::string> junctions = air_.network().junctions.names(), airways = air_.network().airways.names();
  for (const auto& [name, one] : given()) {
    one.visit([&](const auto& s) {
      for (const auto& source : s.sources)
        source.airway.empty() ? place(source.junction, junctions, name, "junction") : place(source.airway, airways, name, "airway");
    });
    for (const BlastFumes& b : blasts(one)) place(b.airway, airways, name, "airway");
  }
}

Carrier Contaminants::carrier() {
  const Graph& g = air_.graph();
  const FlowState& flow = air_.flow();
  if (flow.mass.empty()) throw SolverError("contaminants need the flow of the air: solve it first");
  const Climate* climate = air_.network().density ? nullptr : air_.climate();
  Carrier c{g.n_nodes(), g.from, g.to, flow.mass, {}, g.open};
  dry_density_.clear();
  for (std::size_t b = 0; b < g.from.size(); ++b) {
    const double x = climate ? 0.5 * (climate->branches()[b].first.x + climate->branches()[b].last.x) : 0;
    dry_density_.push_back(flow.density[b] / (1 + x));
    c.air_mass.push_back(std::max(1e-3, g.length[b] * g.section[b] * dry_density_[b]));  // leaks hold next to nothing
  }
  air_mass_ = c.air_mass;
  return c;
}

double Contaminants::scale(std::size_t k, double dry_density) const {
  const Species& species = given()[k].second;
  if (const auto* gas = std::get_if<GasSpecies>(&species.value)) return 1e6 * molar_mass_air / gas->molar_mass;
  return std::holds_alternative<DustSpecies>(species.value) ? 1e6 * dry_density : dry_density;
}

Emission Contaminants::emission(std::size_t k, double time) const {
  const Graph& g = air_.graph();
  const auto& [name, species] = given()[k];
  Emission e;
  e.branch.assign(g.from.size(), 0);
  e.node.assign(std::size_t(g.n_nodes()), 0);
  const std::vector<std::string> junctions = air_.network().junctions.names(), airways = air_.network().airways.names();
  std::vector<double> length(airways.size(), 0);
  for (std::size_t b = 0; b < g.from.size(); ++b) length[std::size_t(g.airway[b])] += g.length[b];
  species.visit([&](const auto& s) {
    e.decay = s.decay();
    for (const auto& source : s.sources) {
      if (source.airway.empty()) {
        e.node[place(source.junction, junctions, name, "junction")] += source.rate(time);
        continue;
      }
      const std::size_t a = place(source.airway, airways, name, "airway");
      for (std::size_t b = 0; b < g.from.size(); ++b) {  // a duct's parts share it
        if (std::size_t(g.airway[b]) != a) continue;
        const double share = length[a] > 0 ? g.length[b] / length[a] : Index(b) == g.first[a] ? 1 : 0;
        e.branch[b] += share * source.rate(time);
      }
    }
    // Outside air enters at the density of the first airway that takes it.
    using S = std::decay_t<decltype(s)>;
    double outside = s.outside;
    if constexpr (std::is_same_v<S, GasSpecies>) outside *= s.molar_mass / molar_mass_air;
    std::vector<double> density(std::size_t(g.n_nodes()), 1.2);
    for (std::size_t b = 0; b < g.from.size(); ++b) density[std::size_t(air_.flow().mass[b] > 0 ? g.from[b] : g.to[b])] = dry_density_[b];
    for (double d : density) e.inlet.push_back(std::is_same_v<S, GasSpecies> ? outside : outside / d);
  });
  return e;
}

void Contaminants::solve_steady() {
  transport_.clear();
  time_ = air_.time();
  const Carrier c = carrier();
  for (std::size_t k = 0; k < given().size(); ++k) {
    Emission e = emission(k, time_);
    try {
      const Spread spread = steady_spread(c, e);
      transport_.push_back(std::make_unique<Transport>(c, std::move(e), step_));
      transport_.back()->start(spread);
    } catch (const InputError& error) {
      throw SolverError("contaminant '{}': {}", given()[k].first, error.what());
    }
  }
}

void Contaminants::release(Transport& transport, std::size_t airway, const BlastFumes& blast) const {
  // The airway's parts in their order; a duct beside it cuts it into several.
  const Graph& g = air_.graph();
  std::vector<Index> parts = {g.first[airway]};
  while (parts.back() != g.last[airway]) {
    Index next = -1;
    for (Index b = 0; b < g.n_branches() && next < 0; ++b)
      if (std::size_t(g.airway[std::size_t(b)]) == airway && g.length[std::size_t(b)] > 0 &&
          g.from[std::size_t(b)] == g.to[std::size_t(parts.back())])
        next = b;
    if (next < 0 || parts.size() > g.from.size()) throw SolverError("blast in '{}': its parts do not follow one another", blast.airway);
    parts.push_back(next);
  }
  double length = 0, mass = 0, begin = 0;
  for (const Index b : parts) length += g.length[std::size_t(b)];
  if (!(length > 0)) throw InputError("blast in '{}': the airway has no length to hold its fumes", blast.airway);
  std::vector<std::array<double, 3>> spans;  // from, to in the part; air mass
  for (const Index b : parts) {
    const double own = g.length[std::size_t(b)] / length;
    const double from = std::clamp((blast.from - begin) / own, 0.0, 1.0), to = std::clamp((blast.to - begin) / own, 0.0, 1.0);
    spans.push_back({from, to, (to - from) * air_mass_[std::size_t(b)]});
    mass += spans.back()[2];
    begin += own;
  }
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (spans[i][1] > spans[i][0]) transport.release(parts[i], spans[i][0], spans[i][1], blast.amount() * spans[i][2] / mass);
}

void Contaminants::advance() {
  const double until = air_.time();
  check();
  if (transport_.size() != given().size() || until - time_ > longest) return solve_steady();
  if (until <= time_) return;
  const std::vector<std::string> airways = air_.network().airways.names();
  const Carrier c = carrier();
  for (std::size_t k = 0; k < given().size(); ++k) {
    Transport& t = *transport_[k];
    t.set_flows(c.flow, c.air_mass);
    double now = time_;
    std::vector<BlastFumes> due;
    for (const BlastFumes& b : blasts(given()[k].second))
      if (b.time >= time_ && b.time < until) due.push_back(b);
    std::sort(due.begin(), due.end(), [](const BlastFumes& a, const BlastFumes& b) { return a.time < b.time; });
    const auto go = [&](double to) {
      if (to <= now) return;
      t.set_emission(emission(k, 0.5 * (now + to)));
      t.advance(to - now);
      now = to;
    };
    for (const BlastFumes& b : due) {
      go(b.time);
      release(t, place(b.airway, airways, given()[k].first, "airway"), b);
    }
    go(until);
  }
  time_ = until;
}

std::vector<Column> Contaminants::airways() const {
  const Graph& g = air_.graph();
  std::vector<Column> all;
  for (std::size_t k = 0; k < transport_.size(); ++k) {
    Column c{given()[k].first,
             std::string(std::get_if<GasSpecies>(&given()[k].second.value)    ? "ppm"
                         : std::get_if<DustSpecies>(&given()[k].second.value) ? "mg/m^3"
                                                                              : "Bq/m^3"),
             std::vector<double>(g.airway_names.size(), 0)};
    std::vector<double> mass(c.values.size(), 0), amount(c.values.size(), 0);
    for (std::size_t b = 0; b < g.from.size(); ++b) {
      const std::size_t a = std::size_t(g.airway[b]);
      mass[a] += air_mass_[b];
      amount[a] += air_mass_[b] * transport_[k]->mean(Index(b)) * scale(k, dry_density_[b]);
    }
    for (std::size_t a = 0; a < mass.size(); ++a) c.values[a] = amount[a] / mass[a];
    all.push_back(std::move(c));
  }
  return all;
}

std::vector<Column> Contaminants::junctions() const {
  const Graph& g = air_.graph();
  const std::size_t n = air_.network().junctions.entries.size();
  std::vector<double> density(std::size_t(g.n_nodes()), 1.2);
  for (std::size_t b = 0; b < g.from.size(); ++b) density[std::size_t(g.from[b])] = density[std::size_t(g.to[b])] = dry_density_[b];
  std::vector<Column> all = airways();
  for (std::size_t k = 0; k < all.size(); ++k) {
    all[k].values.resize(n);
    for (std::size_t i = 0; i < n; ++i) all[k].values[i] = transport_[k]->nodes()[i] * scale(k, density[i]);
  }
  return all;
}

}  // namespace winze::air
