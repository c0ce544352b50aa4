/// Energy that a stage moves, J. Sums over all ranks.
#pragma once

namespace winze::rock {

/// loads = released + stored + dissipated + thermal + excess, up to `imbalance`. Sub-steps are integrated by the trapezoidal rule, which is
/// exact for linear laws and closes for any law as far as equilibrium is met at both ends.
struct StageEnergy {
  double loads = 0;        ///< work of boundary tractions, weight, forces still held on faces, and prescribed displacements on the standing rock
  double released = 0;     ///< what the slowly lowered support of dug faces takes up; sudden digging would turn it into motion (Salamon 1984)
  double stored = 0;       ///< change of elastic energy of the rock that stands
  double dissipated = 0;   ///< ∫ σ : dε inelastic
  double thermal = 0;      ///< ∫ σ : dε thermal
  double excess = 0;       ///< work of forces out of balance where rock had to run to a new equilibrium: it would have gone into motion
  double carried_out = 0;  ///< elastic energy that dug rock held, not part of the balance
  double imbalance = 0;    ///< |left − right| over the largest term
};

}  // namespace winze::rock
