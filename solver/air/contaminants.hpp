/// Contaminants of a case carried by the air of its network: steady, or over time from one solve of the air to the next.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "air/air.hpp"
#include "air/transport.hpp"

namespace winze::air {

class Contaminants {
 public:
  /// Those of the air's network, which may change between calls as the network may. Throws InputError where a source names no airway or junction of
  /// it. `step`: longest step of the transport, s.
  explicit Contaminants(const Air& air, double step = 10);
  /// Concentrations in balance with the flows and sources of now; forgets what was before.
  void solve_steady();
  /// From the time of the last call to that of the air: plugs in motion for up to a day, the steady state for longer (nothing in a mine's air is
  /// older).
  void advance();
  /// Of every species: ppm of dry air, mg/m³ or Bq/m³.
  std::vector<Column> airways() const;    ///< mean along each airway, in file order
  std::vector<Column> junctions() const;  ///< in file order
  /// Amounts in, out and held of species k since the last steady state.
  Balance balance(std::size_t k) const { return transport_[k]->balance(); }

 private:
  Carrier carrier();  // of now; sets dry_density_
  Emission emission(std::size_t k, double time) const;
  double scale(std::size_t k, double dry_density) const;  // of a concentration per kg to the unit of the tables

  const std::vector<std::pair<std::string, Species>>& given() const { return air_.network().contaminants.entries; }
  void check() const;
  void release(Transport& transport, std::size_t airway, const BlastFumes& blast) const;

  const Air& air_;
  std::vector<double> dry_density_, air_mass_;  // [branches] kg/m³, kg
  double step_, time_ = 0;
  std::vector<std::unique_ptr<Transport>> transport_;  // [species]
};

}  // namespace winze::air
