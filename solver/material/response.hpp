/// What a constitutive law is told about a point besides its strain, and what it answers.
#pragma once
#include <cstdint>
#include <limits>

#include "base/tensor.hpp"

namespace winze::material {

/// Circumstances of one update. Laws read what they need; the defaults mean "does not matter".
struct Conditions {
  double length = 0;            ///< m, size of the element around the point; 0: the body on which softening tables were measured
  double time_step = 0;         ///< s, duration of this update; 0: instantaneous, nothing creeps
  double temperature = 293.15;  ///< K
  double age = 0;               ///< s since the material was placed, at the end of this update
};

/// By what a point yields, as bits.
enum Yielded : std::uint8_t {
  yielded_shear = 1,
  yielded_tension = 2,
  yielded_joint_1 = 4,
  yielded_joint_2 = 8,
  yielded_joint_3 = 16,
  yielded_cap = 32
};

struct Response {
  Sym3 stress;                                                 ///< Pa, tension positive
  Moduli tangent;                                              ///< consistent: d stress / d strain of this update
  std::uint8_t yielded = 0;                                    ///< Yielded bits of this update
  bool symmetric = true;                                       ///< of the tangent
  double dissipated = 0;                                       ///< J/m³ in this update: end stress · increment of plastic and creep strain
  double next_step = std::numeric_limits<double>::infinity();  ///< s, advised bound of the next time_step
};

/// Largest strength/stress ratio that is told apart; rock without shear has it.
inline constexpr double most_strength_ratio = 10;

/// What a plastic point remembers: doubles only, and the inelastic strain first, as in every State of laws that are not linear.
struct PlasticState {
  Sym3 strain{};          ///< plastic strain, Kelvin form
  double equivalent = 0;  ///< ∫ √(2/3 dεᵖ:dεᵖ), the argument of every strength table (Hajiabdolmajid, Kaiser & Martin 2002)
  double dissipated = 0;  ///< J/m³ since virgin rock
};

}  // namespace winze::material
