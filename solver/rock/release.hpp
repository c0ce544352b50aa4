/// What a stage changes, and the answer of the points to it. Private to rock.
#pragma once
#include <vector>

#include "rock/rock.hpp"

namespace winze::rock {

/// A share s of the stage, 0 to 1: dead loads act; (1 − s · release) of the force that carried the dug rock is still held; temperature and
/// prescribed displacements have gone s of their way.
struct Rock::Loads {
  std::vector<double> dead;   ///< nodal: tractions and weight, N
  std::vector<double> start;  ///< nodal: out of balance at s = 0, N
  std::vector<double> end;    ///< held at s = 1, where not a multiple of start; or empty
  double release = 1;
  std::vector<double> thermal_from, thermal_to;  ///< [n_points][6] or empty
  std::vector<double> u;                         ///< [n_local nodes][3] at s = 0
  std::vector<double> stress;                    ///< [n_points][6] at the last accepted s, of rock that stands
  double stored = 0;                             ///< J, of this rank at s = 0

  /// Nodal forces still held; `end` where that is given for s = 1.
  std::vector<double> held(double share) const {
    if (share == 1 && !end.empty()) return end;
    std::vector<double> f = start;
    for (double& x : f) x *= -(1 - share * release);
    return f;
  }
  std::vector<double> thermal(double share) const {
    std::vector<double> t = thermal_to;
    for (size_t i = 0; i < t.size(); ++i) t[i] = (1 - share) * thermal_from[i] + share * thermal_to[i];
    return t;
  }
};

/// The laws' answer at a displacement, from the accepted memory.
struct Rock::Substep {
  std::vector<double> stress, memory;  ///< as in Rock
  fem::PointModuli tangents;
  std::int64_t yielded = 0;  ///< points of this rank
};

}  // namespace winze::rock
