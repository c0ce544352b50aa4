/// Algebraic multigrid of PETSc as it works on elasticity and heat. Only for .cpp files of linear/.
#pragma once
#include <string>
#include <vector>

#include "linear/petsc.hpp"

namespace winze::linear {

/// Collective. For GAMG: rigid modes with zeros at held dofs (width 3) or the constant. kept[k]: the local node of block row k of the matrix; points
/// and held per local node.
void set_near_null_space(Mat matrix, const std::vector<double>& points, const std::vector<Index>& kept, const std::vector<std::uint8_t>& held,
                         int width);
/// GAMG with threshold 0 and no aggressive coarsening, unless the options of `prefix` say otherwise.
void use_gamg(PC pc, const std::string& prefix);
/// hypre's BoomerAMG by unknowns, with sparse interpolation: its set-up costs a fifth of GAMG's. False where PETSc has no hypre.
bool use_boomer(PC pc, const std::string& prefix, int width);

}  // namespace winze::linear
