/// Random networks that look like mines: levels of paired intake and return drives between shafts, stopes and crosscuts across, ramps and passes
/// between levels, drives made of several airways, regulators and leaking doors, fans on the return side. Used by the benchmark and by the tests.
#pragma once
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "air/network.hpp"

namespace winze::air {

/// Small, portable, the same numbers everywhere (Steele, Lea & Flood 2014, SplitMix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  double uniform() { return double(bits() >> 11) * 0x1p-53; }
  double between(double a, double b) { return a + (b - a) * uniform(); }
  double log_between(double a, double b) { return a * std::pow(b / a, uniform()); }
  int below(int n) { return int(uniform() * n); }

 private:
  std::uint64_t state_;
};

struct MineOptions {
  int branches = 1000;   ///< about
  bool fans = true;      ///< quadratic fans; without them the outflow is fixed at the return shafts
  double chain = 0.55;   ///< share of nodes with two airways only, which survey points and bends make
  double depth = 3000;   ///< m
  bool planned = false;  ///< every drive is wide and every stope gets its share: no air rests, as in a mine with people in it
};

inline Graph mine_network(std::uint64_t seed, const MineOptions& o) {
  Random random(seed);
  Graph g;
  const auto node = [&](double z, bool open = false) {
    g.node_names.push_back("n" + std::to_string(g.z.size()));
    g.z.push_back(z);
    g.open.push_back(open);
    g.gauge.push_back(0);
    g.inject.push_back(0);
    return Index(g.z.size() - 1);
  };
  const auto branch = [&](Index from, Index to, double r) {
    const double section = random.between(8, 30), length = random.between(20, 200);
    g.from.push_back(from);
    g.to.push_back(to);
    g.airway.push_back(Index(g.airway_names.size()));
    g.airway_names.push_back("a" + std::to_string(g.airway_names.size()));
    g.law.emplace_back().resistance = r / 1.2;
    g.length.push_back(length);
    g.section.push_back(section);
    g.perimeter.push_back(4 * std::sqrt(section));
    g.fanning.push_back(0.02);
    g.first.push_back(Index(g.from.size() - 1));
    g.last.push_back(Index(g.from.size() - 1));
    return g.from.size() - 1;
  };
  // A drive of several airways between two nodes; the last branch of it.
  const auto drive = [&](Index from, Index to, double r) {
    std::size_t last = 0;
    int parts = 1;
    while (random.uniform() < o.chain && parts < 6) ++parts;
    Index at = from;
    for (int k = 0; k < parts; ++k) {
      const Index next = k + 1 == parts ? to : node(g.z[std::size_t(from)] + (g.z[std::size_t(to)] - g.z[std::size_t(from)]) * (k + 1) / parts);
      last = branch(at, next, r / parts * random.between(0.5, 1.5));
      at = next;
    }
    return last;
  };
  const double mean_parts = 1 / (1 - o.chain);
  const double cells = std::max(2.0, o.branches / (3.0 * mean_parts) / 0.97);
  const int levels = std::max(1, int(std::round(std::sqrt(cells / 2.5))));
  const int along = std::max(2, int(std::round(cells / levels)));
  std::vector<std::vector<Index>> intake(static_cast<std::size_t>(levels)), back(static_cast<std::size_t>(levels));
  const Index down = node(0, true), up = node(0, true);
  const Index collar = node(-10);
  const double wanted = o.planned ? 20.0 * levels * along : o.branches / 4.0;               // m³/s
  const double shaft = o.planned ? 20000 / (wanted * wanted * levels) : 40.0 / o.branches;  // larger mines have larger shafts
  const std::size_t fan_branch = branch(collar, up, 0.01 * shaft);
  if (o.fans) {
    const double scale = wanted;
    FanLaw fan;
    fan.curve = std::make_shared<const FanCurve>(std::array<double, 3>{4000, 0, -1500 / (scale * scale)});
    g.law[fan_branch].fans.push_back(fan);
  } else {
    g.open[std::size_t(up)] = 0;
    g.inject[std::size_t(up)] = -o.branches / 4.0;
  }
  for (int l = 0; l < levels; ++l) {
    const double z = -200 - (o.depth - 200) * (l + 1) / levels;
    for (int k = 0; k < along; ++k) {
      intake[std::size_t(l)].push_back(node(z));
      back[std::size_t(l)].push_back(node(z + 5));
      if (k > 0) {
        drive(intake[std::size_t(l)][std::size_t(k) - 1], intake[std::size_t(l)][std::size_t(k)],
              o.planned ? random.log_between(1e-6, 1e-5) : random.log_between(1e-4, 0.1));
        drive(back[std::size_t(l)][std::size_t(k)], back[std::size_t(l)][std::size_t(k) - 1],
              o.planned ? random.log_between(1e-6, 1e-5) : random.log_between(1e-4, 0.1));
      }
      const std::size_t stope = drive(intake[std::size_t(l)][std::size_t(k)], back[std::size_t(l)][std::size_t(k)],
                                      o.planned ? random.log_between(1, 4) : random.log_between(0.05, 5));
      const double kind = o.planned ? 0.5 : random.uniform();
      if (kind < 0.3) g.law[stope].resistance += random.log_between(0.1, 100) / 1.2;    // regulator
      if (kind > 0.8) g.law[stope].resistance += random.log_between(100, 10000) / 1.2;  // leaking stopping
      if (l > 0 && !o.planned && random.uniform() < 0.1)                                // ramp, ore pass
        drive(intake[std::size_t(l) - 1][std::size_t(random.below(along))], intake[std::size_t(l)][std::size_t(k)], random.log_between(0.01, 1));
    }
    drive(l == 0 ? down : intake[std::size_t(l) - 1][0], intake[std::size_t(l)][0], 0.02 * shaft);
    drive(back[std::size_t(l)][0], l == 0 ? collar : back[std::size_t(l) - 1][0], 0.02 * shaft);
  }
  return g;
}

/// The same as a network with climate: rock, wet walls, ages up to 30 years, electric machines in some of the airways.
inline Network mine_with_climate(std::uint64_t seed, const MineOptions& o) {
  const Graph g = mine_network(seed, o);
  Random random(seed + 1000);
  Network n;
  n.climate.emplace();
  n.weather.temperature = input::Curve(290.15);
  n.weather.relative_humidity = input::Curve(0.6);
  n.rock = RockInput{"", 4.5, 2750, 850};
  n.virgin.emplace();
  n.virgin->x = {-5000, 0};
  n.virgin->y = {288.15 + 5000 * 0.018, 288.15};
  for (std::size_t i = 0; i < g.z.size(); ++i) {
    Junction j;
    j.at = {double(i), 0, g.z[i]};
    j.surface = g.open[i];
    if (g.inject[i] != 0) j.inject = Injection{g.inject[i]};
    n.junctions.entries.emplace_back(g.node_names[i], j);
  }
  for (std::size_t b = 0; b < g.from.size(); ++b) {
    Airway a;
    a.from = g.node_names[std::size_t(g.from[b])];
    a.to = g.node_names[std::size_t(g.to[b])];
    const double dz = std::abs(g.z[std::size_t(g.from[b])] - g.z[std::size_t(g.to[b])]);
    a.length = std::max(g.length[b], dz);
    a.section = Section{Measured{g.section[b], g.perimeter[b]}};
    a.friction = Friction{Resistance{g.law[b].resistance * 1.2}};
    a.film = 12;
    a.age = random.log_between(0.05, 30) * 365.25 * 86400;
    a.wetness = random.uniform() < 0.5 ? 0 : random.between(0.05, 0.6);
    if (g.law[b].resistance < 0.005 && random.uniform() < 0.05) {
      Electric machine;
      machine.power = input::Curve(random.between(5e3, 50e3));
      a.devices.push_back({machine});
    }
    if (!g.law[b].fans.empty()) {
      Fan fan;
      double slope;
      const FanCurve& curve = *g.law[b].fans[0].curve;
      const double p0 = curve(0, slope);
      fan.polynomial = {p0, 0, curve(1, slope) - p0};
      a.devices.push_back({fan});
    }
    n.airways.entries.emplace_back(g.airway_names[b], std::move(a));
  }
  return n;
}

}  // namespace winze::air
