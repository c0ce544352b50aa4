/// Networks put together in code, and the published ones where their data are at hand.
#pragma once
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "air/flow.hpp"
#include "air/network.hpp"

namespace winze::air {

/// Airway of a resistance in N s²/m⁸ at 1.2 kg/m³.
inline Airway resistance(const std::string& from, const std::string& to, double r, std::vector<Device> devices = {}) {
  Airway a;
  a.from = from;
  a.to = to;
  a.friction = Friction{Resistance{r}};
  a.devices = std::move(devices);
  return a;
}
inline Fan parabola(double a0, double a1, double a2) {
  Fan fan;
  fan.polynomial = {a0, a1, a2};
  return fan;
}
/// All air at 1.2 kg/m³: flows in m³/s are mass over 1.2.
struct PlainFlow {
  Network network;
  Graph graph;
  FlowState state;
  FlowReport report;

  PlainFlow() { network.density = standard_density; }
  void junction(const std::string& name, bool surface = false, double inject = 0) {
    Junction j;
    j.surface = surface;
    if (inject != 0) j.inject = Injection{inject};
    network.junctions.entries.emplace_back(name, j);
  }
  void airway(const std::string& name, Airway a) { network.airways.entries.emplace_back(name, std::move(a)); }
  void solve() {
    graph = make_graph(network);
    Flow flow(graph, network.flow);
    Flow::Outside outside;
    outside.density = *network.density;
    outside.reference.assign(size_t(graph.n_nodes()), 1e5);
    report = flow.solve(outside, {}, state);
  }
  double q(const std::string& name) const {
    for (size_t a = 0; a < graph.airway_names.size(); ++a)
      if (graph.airway_names[a] == name) return state.mass[size_t(graph.first[a])] / *network.density;
    throw std::out_of_range(name);
  }
  double gauge(const std::string& node) const {
    for (size_t i = 0; i < graph.node_names.size(); ++i)
      if (graph.node_names[i] == node) return state.pressure[i] - 1e5;
    throw std::out_of_range(node);
  }
};

/// Folder of the published networks (changtian0509/mine-ventilation-network-benchmark, CC BY 4.0), beside the sources or above them; empty when
/// absent.
inline std::filesystem::path published_networks() {
  for (std::filesystem::path at = WINZE_SOURCE_DIR; at.has_relative_path(); at = at.parent_path())
    if (std::filesystem::exists(at / "shared/data/networks")) return at / "shared/data/networks";
  return {};
}
inline std::vector<std::vector<std::string>> read_rows(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::vector<std::string> row;
    std::stringstream s(line);
    for (std::string cell; std::getline(s, cell, ',');) row.push_back(cell);
    rows.push_back(std::move(row));
  }
  return rows;
}
/// One of the published networks with its flows, m³/s by edge.
struct Published {
  PlainFlow flow;
  std::map<std::string, double> expected;
  explicit Published(const std::filesystem::path& folder) {
    std::map<std::string, std::pair<bool, double>> nodes;
    const auto edges = read_rows(folder / "edges.csv");
    for (const auto& e : edges) nodes[e[2]], nodes[e[3]];
    for (const auto& b : read_rows(folder / "boundary.csv"))
      nodes[b[0]] = b[1] == "pressure" ? std::pair(true, 0.0) : std::pair(false, -std::stod(b[2]));
    for (const auto& [name, n] : nodes) flow.junction(name, n.first, n.second);
    for (const auto& e : edges) {
      std::vector<Device> devices;
      if (e[6] == "1") devices.push_back({parabola(std::stod(e[7]), std::stod(e[8]), std::stod(e[9]))});
      flow.airway(e[0], resistance(e[2], e[3], std::stod(e[4]) + std::stod(e[5]), devices));
    }
    for (const auto& f : read_rows(folder / "flows_published.csv")) expected[f[0]] = std::stod(f[1]);
  }
};

}  // namespace winze::air
