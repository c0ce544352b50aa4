#include "air/network.hpp"

#include <cmath>
#include <map>
#include <unordered_map>

#include "air/islands.hpp"
#include "base/error.hpp"

namespace winze::air {
namespace {

struct Faults {
  std::vector<std::string> lines;
  template <class... A>
  void add(const input::Origin& at, fmt::format_string<A...> text, A&&... a) {
    lines.push_back(fmt::format("{}: {}", at.where(), fmt::format(text, std::forward<A>(a)...)));
  }
  void raise() const {
    if (lines.empty()) return;
    std::string all;
    const size_t shown = std::min<size_t>(lines.size(), 50);
    for (size_t i = 0; i < shown; ++i) all += (i ? "\n" : "") + lines[i];
    if (shown < lines.size()) all += fmt::format("\n… and {} more", lines.size() - shown);
    throw InputError("{}", all);
  }
};

double distance(const Vector3& a, const Vector3& b) { return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]); }

struct Builder {
  const Network& network;
  double time;
  Graph graph{};
  Faults faults{};
  std::unordered_map<std::string, Index> node{}, airway{};

  Index find_node(const Airway& a, const std::string& name, const std::string& airway_name, const char* key) {
    if (const auto found = node.find(name); found != node.end()) return found->second;
    const std::string near = input::suggest(name, network.junctions.names());
    faults.add(a.origin, "airway '{}': {}: there is no junction '{}'{}", airway_name, key, name,
               near.empty() ? "" : "; did you mean '" + near + "'?");
    return -1;
  }
  Index add_node(std::string name, double z) {
    graph.node_names.push_back(std::move(name));
    graph.z.push_back(z);
    graph.open.push_back(0);
    graph.gauge.push_back(0);
    graph.inject.push_back(0);
    return graph.n_nodes() - 1;
  }
  Index add_branch(Index from, Index to, Index of, BranchLaw law, double length, double section, double perimeter, double fanning) {
    graph.from.push_back(from);
    graph.to.push_back(to);
    graph.airway.push_back(of);
    graph.law.push_back(std::move(law));
    graph.length.push_back(length);
    graph.section.push_back(section);
    graph.perimeter.push_back(perimeter);
    graph.fanning.push_back(fanning);
    return graph.n_branches() - 1;
  }

  void junctions() {
    for (const auto& [name, j] : network.junctions.entries) {
      if (!node.emplace(name, graph.n_nodes()).second) faults.add(j.origin, "junction '{}' is given twice", name);
      const Index i = add_node(name, j.at[2]);
      graph.open[size_t(i)] = j.open();
      graph.gauge[size_t(i)] = j.gauge.value_or(0);
      graph.inject[size_t(i)] = j.inject ? j.inject->flow : 0;
      if (j.open() && j.inject) faults.add(j.origin, "junction '{}': a junction open to the outside takes no injection; its flow follows", name);
    }
  }

  /// The branch an airway is without ladders; −1 nodes where something is wrong.
  void airways() {
    for (const auto& [name, a] : network.airways.entries) {
      const Index id = Index(graph.airway_names.size());
      if (!airway.emplace(name, id).second) faults.add(a.origin, "airway '{}' is given twice", name);
      graph.airway_names.push_back(name);
      const Index from = find_node(a, a.from, name, "from"), to = find_node(a, a.to, name, "to");
      if (from >= 0 && from == to)
        faults.add(a.origin, "airway '{}' begins and ends at '{}'; a loop at one junction carries no air of the network", name, a.from);
      BranchLaw law;
      for (size_t d = 0; d < a.devices.size(); ++d) {
        BranchLaw one;
        a.devices[d].visit([&](const auto& x) {
          if constexpr (requires { x.add(one, time); })
            x.add(one, time);
          else if constexpr (requires { x.add(one); })
            x.add(one);
        });
        if (one.flow && law.flow) faults.add(a.origin, "airway '{}': two devices fix its flow; one is enough", name);
        law.resistance += one.resistance;
        law.drop += one.drop;
        law.gain += one.gain;
        if (one.flow) law.flow = one.flow, law.only_throttle = one.only_throttle;
        for (FanLaw& fan : one.fans) {
          fan.device = int(d);
          law.fans.push_back(std::move(fan));
        }
      }
      double length = a.length.value_or(0);
      if (!a.length && from >= 0 && to >= 0)
        length = distance(network.junctions.entries[size_t(from)].second.at, network.junctions.entries[size_t(to)].second.at);
      const double area = a.section ? air::area(*a.section) : 0, per = a.section ? air::perimeter(*a.section) : 0;
      double fanning = 0;
      if (const auto* r = std::get_if<Resistance>(&a.friction->value)) {
        law.resistance += r->value / standard_density;
        if (a.section && length > 0) fanning = 2 * r->value / standard_density * area * area * area / (length * per);
      } else if (a.section) {
        if (!(length > 0) && from >= 0 && to >= 0 && from != to)
          faults.add(a.origin, "airway '{}': length is missing and its junctions lie at the same point", name);
        fanning = a.friction->visit([&](const auto& f) { return f.fanning(area, per); });
        law.resistance += fanning * length * per / (2 * area * area * area);
      }
      if (a.section) law.resistance += a.shock / (2 * area * area);
      add_branch(from, to, id, std::move(law), length, area, per, fanning);
      graph.first.push_back(graph.n_branches() - 1);
      graph.last.push_back(graph.n_branches() - 1);
    }
  }

  /// Cuts a duct and the airway beside it into parts, joined by leaks at the middles of the parts.
  void ladder(Index id, const Duct& duct) {
    const auto& [name, a] = network.airways.entries[size_t(id)];
    const auto found = airway.find(duct.beside);
    if (found == airway.end()) {
      const std::string near = input::suggest(duct.beside, network.airways.names());
      return faults.add(a.origin, "airway '{}': duct.beside: there is no airway '{}'{}", name, duct.beside,
                        near.empty() ? "" : "; did you mean '" + near + "'?");
    }
    const Index other = found->second;
    if (other == id) return faults.add(a.origin, "airway '{}': a duct cannot hang beside itself", name);
    if (graph.first[size_t(id)] != graph.last[size_t(id)] || graph.first[size_t(other)] != graph.last[size_t(other)])
      return faults.add(a.origin, "airway '{}': '{}' already has a duct of its own", name, duct.beside);
    const size_t bd = size_t(graph.first[size_t(id)]), bh = size_t(graph.first[size_t(other)]);
    if (graph.from[bd] < 0 || graph.to[bd] < 0 || graph.from[bh] < 0 || graph.to[bh] < 0) return;
    if (!(graph.length[bd] > 0)) return faults.add(a.origin, "airway '{}': a leaking duct needs a length", name);
    const Vector3& duct_from = network.junctions.entries[size_t(graph.from[bd])].second.at;
    const Vector3& duct_to = network.junctions.entries[size_t(graph.to[bd])].second.at;
    const Vector3& near_from = network.junctions.entries[size_t(graph.from[bh])].second.at;
    const Vector3& near_to = network.junctions.entries[size_t(graph.to[bh])].second.at;
    const bool shared = graph.to[bd] == graph.from[bh] || graph.from[bd] == graph.to[bh];
    const bool shared_along = graph.to[bd] == graph.to[bh] || graph.from[bd] == graph.from[bh];
    bool back = shared;
    if (shared == shared_along)
      back = distance(duct_from, near_to) + distance(duct_to, near_from) < distance(duct_from, near_from) + distance(duct_to, near_to);
    const int n = duct.parts;
    const double length = graph.length[bd];
    const std::vector<Index> in_duct = split(id, n), in_heading = split(other, n);
    BranchLaw leak;
    leak.resistance = opening_resistance(duct.leakage * length / n);
    for (int k = 0; k < n; ++k) add_branch(in_duct[size_t(k)], in_heading[size_t(back ? n - 1 - k : k)], id, leak, 0, 0, 0, 0);
  }
  /// Cuts the branch of an airway at the middles of n equal parts; its devices stay at the end where `from` is. Returns the new nodes.
  std::vector<Index> split(Index id, int n) {
    const size_t b = size_t(graph.first[size_t(id)]);
    const Index end = graph.to[b];
    const double z0 = graph.z[size_t(graph.from[b])], z1 = graph.z[size_t(end)], length = graph.length[b];
    const BranchLaw whole = graph.law[b];
    std::vector<Index> nodes;
    for (int k = 0; k < n; ++k)
      nodes.push_back(
          add_node(fmt::format("{} at {:.6g} m", graph.airway_names[size_t(id)], length * (k + 0.5) / n), z0 + (z1 - z0) * (k + 0.5) / n));
    const auto part = [&](double share) {
      BranchLaw law;
      law.resistance = whole.resistance * share;
      return law;
    };
    graph.to[b] = nodes.front();
    graph.length[b] = length / (2 * n);
    graph.law[b].resistance = whole.resistance / (2 * n);
    for (int k = 1; k < n; ++k)
      add_branch(nodes[size_t(k) - 1], nodes[size_t(k)], id, part(1.0 / n), length / n, graph.section[b], graph.perimeter[b], graph.fanning[b]);
    graph.last[size_t(id)] =
        add_branch(nodes.back(), end, id, part(1.0 / (2 * n)), length / (2 * n), graph.section[b], graph.perimeter[b], graph.fanning[b]);
    return nodes;
  }

  /// Every junction must be reached from an open one; parts whose every link has a fixed flow have no pressure of their own.
  void islands() {
    const Islands all = find_islands(graph, true);
    for (const Islands::Part& part : all.parts)
      if (part.n_open == 0)
        faults.add(network.origin, "{} {} not joined to any junction that is open to the outside (surface or gauge): {}", part.n_nodes,
                   part.n_nodes == 1 ? "junction is" : "junctions are", part.some_names);
  }
};

}  // namespace

void Airway::check(input::Check& check) const {
  if (!std::holds_alternative<Resistance>(friction->value) && !section)
    check.problem("section is missing: friction needs area and perimeter, unless it is a resistance");
  if (shock > 0 && !section) check.problem("shock needs a section");
}

Graph make_graph(const Network& network, double time) {
  Builder b{network, time};
  if (network.junctions.entries.empty()) b.faults.add(network.origin, "junctions must not be empty");
  if (network.airways.entries.empty()) b.faults.add(network.origin, "airways must not be empty");
  b.faults.raise();
  b.junctions();
  b.airways();
  for (size_t a = 0; a < network.airways.entries.size(); ++a)
    for (const Device& d : network.airways.entries[a].second.devices)
      if (const auto* duct = std::get_if<Duct>(&d.value)) b.ladder(Index(a), *duct);
  b.faults.raise();
  b.islands();
  for (const auto& [name, a] : network.airways.entries)
    for (const Device& d : a.devices)
      if (const auto* plant = std::get_if<Condenser>(&d.value))
        for (const std::string& cooler : plant->coolers)
          if (!b.airway.count(cooler)) {
            const std::string near = input::suggest(cooler, network.airways.names());
            b.faults.add(a.origin, "airway '{}': condenser: there is no airway '{}'{}", name, cooler,
                         near.empty() ? "" : "; did you mean '" + near + "'?");
          }
  std::map<std::string, std::string> served;
  for (const auto& [name, plant] : network.plants.entries)
    for (const std::string& cooler : plant.coolers) {
      if (!served.emplace(cooler, name).second)
        b.faults.add(network.origin, "plants: the cooler '{}' is served by '{}' and by '{}'", cooler, served[cooler], name);
      if (!b.airway.count(cooler)) {
        const std::string near = input::suggest(cooler, network.airways.names());
        b.faults.add(network.origin, "plant '{}': there is no airway '{}'{}", name, cooler, near.empty() ? "" : "; did you mean '" + near + "'?");
      }
    }
  if (!network.plants.entries.empty() && !network.climate) b.faults.add(network.origin, "plants need climate: add `climate: {{}}`");
  for (const auto& [name, post] : network.workplaces.entries)
    if (!b.airway.count(post.airway)) {
      const std::string near = input::suggest(post.airway, network.airways.names());
      b.faults.add(post.origin, "workplace '{}': there is no airway '{}'{}", name, post.airway, near.empty() ? "" : "; did you mean '" + near + "'?");
    }
  if (!network.workplaces.entries.empty() && !network.climate) b.faults.add(network.origin, "workplaces need climate: add `climate: {{}}`");
  b.faults.raise();
  return std::move(b.graph);
}

double outside_temperature(const Weather& w, double z, double time) { return w.temperature(w.moment(time)) - w.lapse * (z - w.elevation); }

double outside_pressure(const Weather& w, double gravity, double gas_constant, double z, double time) {
  const double t0 = w.temperature(w.moment(time)), fall = w.lapse * (z - w.elevation) / t0;
  const double exponent =
      std::abs(fall) < 1e-12 ? -gravity * (z - w.elevation) / (gas_constant * t0) : gravity / (gas_constant * w.lapse) * std::log1p(-fall);
  return w.pressure(w.moment(time)) * std::exp(exponent);
}

double outside_humidity(const Weather& w, Psychrometry route, double z, double time) {
  const double now = w.moment(time), t = w.temperature(now), p = w.pressure(now);
  const double x = w.wet_bulb            ? from_wet_bulb(t, (*w.wet_bulb)(now), p, route).humidity
                   : w.relative_humidity ? from_relative_humidity(t, (*w.relative_humidity)(now), p, route).humidity
                                         : 0;
  const double at = outside_temperature(w, z, time);
  return std::min(x, saturation_humidity(at, outside_pressure(w, 9.81, gas(route).r_dry, z, time), route));
}

}  // namespace winze::air
