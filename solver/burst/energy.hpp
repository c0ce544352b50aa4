/// Elastic energy stored in the rock, and its ratio to what a laboratory sample can store.
#pragma once
#include <array>

#include "burst/indicator.hpp"

namespace winze::burst {

inline double strain_energy(const Sample& s) { return material::energy_density(s.rock->compliance, s.stress); }
/// σc²/(2 E): energy per volume of a sample at its uniaxial strength, J/m³.
inline double critical_energy(const Rock& rock) { return *rock.ucs * *rock.ucs / (2 * *rock.modulus); }

/// U = ½ σ : S : σ; for isotropic rock [σ1² + σ2² + σ3² − 2ν(σ1σ2 + σ2σ3 + σ3σ1)]/(2E). No universal limits exist: one class.
struct StrainEnergy {
  static constexpr const char* name = "strain_energy";
  static constexpr const char* title = "elastic strain energy density";
  static constexpr const char* doc = "Elastic energy stored per volume of rock.";
  static constexpr const char* unit = "J/m^3";
  static constexpr Source source = {"theory of elasticity", Confidence::published};
  static constexpr Place place = Place::volume;
  static constexpr Severity severity = Severity::rises;
  static constexpr std::array<double, 0> limits = {};
  static constexpr std::array labels = {"unclassified"};
  static auto keys() { return input::keys(); }
  Needs needs() const { return {}; }
  double value(const Sample& s) const { return strain_energy(s); }
};

struct PotentialEnergy {
  static constexpr const char* name = "pes";
  static constexpr const char* title = "PES = sigma_c^2 / (2 E_u)";
  static constexpr const char* doc = "Potential energy of elastic strain: what a laboratory sample stores per volume at its uniaxial strength.";
  static constexpr const char* unit = "J/m^3";
  static constexpr Source source = {"Kwasniewski et al. 1994", Confidence::recalled};
  static constexpr Place place = Place::volume;
  static constexpr Severity severity = Severity::rises;
  static constexpr std::array limits = {50e3, 100e3, 150e3, 200e3};
  static constexpr std::array labels = {"very low", "low", "moderate", "high", "very high"};
  static auto keys() { return input::keys(); }
  Needs needs() const { return {.ucs = true, .modulus = true}; }
  double value(const Sample& s) const { return critical_energy(*s.rock); }
};

/// The state against which stored energy is counted.
enum class Since { virgin, previous_stage };
constexpr std::array<const char*, 2> names(Since) { return {"virgin", "previous_stage"}; }

/// BPI = ΔU/e_c with e_c = σc²/(2E); 1 is the published 100 %. ΔU is counted from the in-situ state (all mining) or from the stage before.
struct BurstPotential {
  static constexpr const char* name = "bpi";
  static constexpr const char* title = "BPI = energy storage rate / critical energy";
  static constexpr const char* doc = "Burst potential index: strain energy density that mining has added, over the critical energy of the rock.";
  static constexpr const char* unit = "1";
  static constexpr Source source = {"Mitri et al. 1999", Confidence::recalled};
  static constexpr Place place = Place::volume;
  static constexpr Severity severity = Severity::rises;
  static constexpr std::array limits = {1.0};
  static constexpr std::array labels = {"below critical energy", "at critical energy"};

  Since since = Since::virgin;

  static auto keys() {
    return input::keys(input::key("since", &BurstPotential::since, "count stored energy from the virgin state or from the stage before"));
  }
  Needs needs() const { return {.ucs = true, .modulus = true, .in_situ = since == Since::virgin, .previous_stage = since == Since::previous_stage}; }
  double value(const Sample& s) const {
    const double before = since == Since::virgin ? material::energy_density(s.rock->compliance, *s.in_situ) : *s.energy_before;
    return (strain_energy(s) - before) / critical_energy(*s.rock);
  }
};

}  // namespace winze::burst
