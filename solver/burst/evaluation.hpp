/// An indicator over many samples: fields, the most severe place, and how much surface or rock lies in each class.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/comm.hpp"
#include "burst/indicators.hpp"

namespace winze::burst {

struct Evaluation {
  std::string label;                  ///< "russenes indicator: sigma_theta / sigma_c (Russenes 1974, recalled)"
  std::vector<double> value;          ///< [local samples], unit of the indicator
  std::vector<std::int8_t> severity;  ///< [local samples] class, 0 the least severe

  // the same on every rank
  GlobalIndex n_samples = 0;
  double most_severe = 0;  ///< largest value, or smallest where smaller is worse; NaN without samples away from creases
  Vector3 at{};            ///< its place, m. Among values equal to 1e-6 the first by x, then y, then z, on any number of ranks
  std::vector<const char*> class_label;
  std::vector<double> amount;  ///< per class: area, m², of a surface; volume, m³, of rock
  double integral = 0;         ///< Σ weight · value
  std::vector<std::string> warnings;
};

/// Collective. Throws the same error on every rank: InputError where a sample lacks what the indicator needs (naming indicator, material and remedy),
/// SolverError where a value is not finite.
Evaluation evaluate(const Comm& comm, const Indicator& indicator, const Samples& samples);

/// What evaluate() refuses whatever the stress, for a check before any solve. `rocks`: those that samples can lie in. Throws InputError.
void check(const Indicator& indicator, Solution solution, std::span<const Rock> rocks);

/// What the list says of an indicator, for help, reports and field names.
struct Description {
  const char *name, *title, *doc, *unit;
  Source source;
  Place place;
  Severity severity;
  std::vector<double> limits;
  std::vector<const char*> labels;
  Needs needs;
};
Description describe(const Indicator& indicator);

}  // namespace winze::burst
