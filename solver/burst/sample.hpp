/// What an indicator sees of the rock at one point.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "base/tensor.hpp"
#include "material/material.hpp"

namespace winze::burst {

/// The constants of a material that indicators use, derived once.
struct Rock {
  Rock() = default;
  Rock(std::string name, const material::Material& material);

  std::string name;
  Moduli compliance{};            ///< 1/Pa, Kelvin form, global frame
  std::optional<double> ucs;      ///< Pa
  std::optional<double> modulus;  ///< of the uniaxial test, Pa: the unloading modulus if given, else Young's modulus of an isotropic rock
};

/// A point on an excavation surface (weight in m²) or within the rock (weight in m³).
struct Sample {
  Vector3 position{};                   ///< m
  Sym3 stress{};                        ///< total stress now, Pa, tension positive
  double weight = 0;                    ///< m² or m³
  const Rock* rock = nullptr;           ///< outlives the evaluation
  std::optional<Vector3> normal;        ///< unit, out of the rock; on excavation surfaces
  std::optional<Sym3> in_situ;          ///< stress here before any excavation, Pa
  bool singular = false;                ///< beside a crease, where elastic stress has no limit: counts in areas and volumes, not in most_severe
  std::optional<double> energy_before;  ///< strain energy density here at the end of the stage before, J/m³
};

enum class Place { surface, volume };
enum class Solution { elastic, plastic };

/// The local points of one surface or of the rock (backfill and air are left out); they differ from rank to rank, the rest does not.
struct Samples {
  Place place = Place::volume;
  Solution solution = Solution::elastic;  ///< plastic where any law of the model can yield: it changes the stress everywhere
  std::size_t n = 0;
  std::function<Sample(std::size_t)> at;  ///< at(i), i in [0, n)
};

/// Magnitude of the most compressive principal stress, Pa, compression positive: σθ at a wall, σ1 elsewhere.
inline double major_compression(const Sym3& stress) { return -principal(stress).value[2]; }

/// σθ + σL at a wall, Pa, compression positive: the sum of the two principal stresses within the tangent plane. σθ is the more compressive of the
/// two, σL the other; the sum does not depend on which of them runs along the axis of the opening.
inline double tangential_sum(const Sym3& stress, const Vector3& normal) { return dot(normal, traction(stress, normal)) - trace(stress); }

/// σ1 − σ3, Pa
inline double stress_difference(const Sym3& stress) {
  const Principal p = principal(stress);
  return p.value[0] - p.value[2];
}

}  // namespace winze::burst
