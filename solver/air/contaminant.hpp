/// Gases and dust at a point: mixed volumes, plug flow, decay, radon and its progeny, blast fumes, dispersion. Amounts of a species are kilograms
/// (radon: becquerel); concentrations are per cubic metre unless said.
#pragma once

namespace winze::air {

// ---- mixed volume and plug flow ----
/// A well-mixed volume (dead end, chamber): dc/dt = source/V + (Q/V)(c_in − c) − λ c.
struct MixedVolume {
  double volume = 0;  ///< m³
  double flow = 0;    ///< m³/s through it
  double source = 0;  ///< per second into it
  double inlet = 0;   ///< concentration of the air that enters
  double decay = 0;   ///< 1/s
  double rate() const { return flow / volume + decay; }
  double settled() const;                         ///< concentration at rest; refuses a volume with source but neither flow nor decay
  double after(double start, double time) const;  ///< exact, also without flow and decay
  /// Seconds from `start` until `target`; refuses a target that is never reached.
  double time_to(double start, double target) const;
};
/// Air that moves as a plug through an airway of residence time τ = V/Q, s: c_in e^−λτ + (source/V)(1 − e^−λτ)/λ.
double plug_outlet(double inlet, double residence, double source_per_volume, double decay);
/// Coefficient of axial dispersion of turbulent flow, m²/s: 10.1 a u*, u* = U √(f/2) (Taylor 1954); a = D/2.
double taylor_dispersion(double speed, double hydraulic_diameter, double fanning);
/// m³/m³ of an ideal gas at c kg/m³: c R T/(M P), molar mass kg/mol.
double volume_fraction(double concentration, double temperature, double pressure, double molar_mass);
double mass_concentration(double volume_fraction, double temperature, double pressure, double molar_mass);

// ---- radon-222 and its short-lived progeny ----
/// 1/s: half-lives 3.8235 d, 3.098 min (Po-218), 26.8 min (Pb-214), 19.9 min (Bi-214) (nuclear data, recalled).
inline constexpr double radon_decay = 2.0982e-6;
inline constexpr double progeny_decay[3] = {3.7290e-3, 4.3106e-4, 5.8052e-4};

/// Activities, Bq/m³, of radon, Po-218, Pb-214, Bi-214.
struct Radon {
  double radon = 0, polonium = 0, lead = 0, bismuth = 0;
  /// Equilibrium-equivalent concentration 0.105 Po + 0.515 Pb + 0.380 Bi, Bq/m³ (ICRP 65).
  double equivalent() const { return 0.105 * polonium + 0.515 * lead + 0.380 * bismuth; }
  /// Potential alpha energy, J/m³: 5.56e-9 per Bq/m³ of equivalent() (ICRP 65).
  double alpha_energy() const { return 5.56e-9 * equivalent(); }
  /// One working level is 2.08e-5 J/m³.
  double working_levels() const { return alpha_energy() / 2.08e-5; }
};
/// `time` s later, with radon emitted at `source` Bq/(m³ s) and all removed at `removal` 1/s (air exchange with clean air; 0 in a moving plug). Exact
/// (Bateman 1910); progeny is taken not to plate out.
Radon aged(const Radon& start, double time, double source = 0, double removal = 0);

// ---- blasting ----
/// Length of a heading first filled by fumes: 15 + A/5 m for A kg of explosive fired electrically (Voronin; recalled).
double fume_zone(double explosive);
struct Blast {
  double explosive = 0;       ///< kg
  double yield = 0;           ///< kg of the gas per kg of explosive; carbon monoxide of 0.04 m³/kg at 20 °C and 1 atm is 0.0466
  double kept_in_muck = 0.0;  ///< share that stays in the broken rock and comes later, 0 … 1
  /// kg/m³ at once in the fume zone of this section, m².
  double concentration(double section) const;
  double released() const { return explosive * yield * (1 - kept_in_muck); }  ///< kg at once
};

}  // namespace winze::air
