/// Friction of an airway, and heat and moisture between its wall and the air. Heat is positive from wall to air, W per m² of wall.
#pragma once
#include <limits>

#include "air/moist_air.hpp"

namespace winze::air {

// ---- friction ----
/// f = k/0.6: Fanning factor of the Atkinson friction factor k, kg/m³ at density 1.2.
double fanning_of_atkinson(double k);
/// Fully rough: f = 1/(4 [2 log10(D/e) + 1.14]²) (Nikuradse), e < D/4.
double fanning_rough(double hydraulic_diameter, double roughness);
/// Haaland (1983) where turbulent, 16/Re where that is more. e ≥ 0.
double fanning_of_roughness(double reynolds, double hydraulic_diameter, double roughness);
/// D = 4 A/per.
double hydraulic_diameter(double area, double perimeter);
/// Pressure loss = r m|m|/density: r = f L per/(2 A³), m⁻⁴.
double mass_resistance(double fanning, double length, double perimeter, double area);

// ---- air as a medium, −50 … 100 °C ----
double viscosity(double temperature);             ///< Pa s: (17 + 0.045 t) 1e-6
double thermal_conductivity(double temperature);  ///< W/(m K): 2.2348e-4 T^0.8353
inline constexpr double prandtl = 0.7;

// ---- heat transfer coefficients, W/(m² K) ----
/// Nunner (1956): Nu = (f/2) Re Pr/(1 + 1.5 Re^(−1/8) Pr^(−1/6) (Pr f/f₀ − 1)), f₀ = 0.046 Re^(−0.2), f not below f₀; not below the 3.66 of laminar
/// flow.
double nusselt(double reynolds, double fanning);
/// Nu k/D at this speed.
double convection(const State& air, double speed, double hydraulic_diameter, double fanning, Psychrometry route = Psychrometry::hyland_wexler);
/// 4 σ ε Tm³: of two surfaces, or of a wall and the vapour, near the mean temperature Tm.
double radiation(double emissivity, double mean_temperature);

// ---- exchange of one kind of surface ----
struct Surface {
  double convection = 0;                                    ///< W/(m² K)
  double radiation = 0;                                     ///< W/(m² K) to the air's temperature; 0 leaves it out
  bool wet = false;                                         ///< under a film of water
  double supply = std::numeric_limits<double>::infinity();  ///< kg/(m² s) of water that can evaporate; condensation has no bound
};
struct Exchange {
  double convection = 0, radiation = 0, latent = 0;  ///< W/m²
  double vapour = 0;                                 ///< kg/(m² s), negative: condensation
  double slope = 0;                                  ///< W/(m² K): of the total by the wall's temperature
  double total() const { return convection + radiation + latent; }
};
/// From a wall at temperature T. Wet: vapour = 0.0007 h (es(T) − e)/P (Lewis relation with Le^(2/3) = 0.885), bounded by the supply;
/// latent = L(T) vapour.
Exchange exchange(const State& air, double wall, const Surface& surface, Psychrometry route = Psychrometry::hyland_wexler);
/// By area: `wetness` (0 … 1) of wet, the rest of dry. The two surfaces have temperatures of their own.
Exchange mix(double wetness, const Exchange& wet, const Exchange& dry);

/// The tangent of the exchange at this wall temperature, as a film: total ≈ coefficient (T − temperature). What an implicit solver of the rock asks
/// for.
struct Film {
  double coefficient = 0, temperature = 0;
};
Film film(const State& air, double wall, const Surface& surface, Psychrometry route = Psychrometry::hyland_wexler);

/// The wall's temperature where rock gives constant − slope · T and the surface takes exchange(T). slope ≥ 0. Throws InputError where no temperature
/// within the psychrometric range balances.
double wall_balance(const State& air, const Surface& surface, double constant, double slope, Psychrometry route = Psychrometry::hyland_wexler);

}  // namespace winze::air
