/// What algebraic multigrid must be told about an elastic or thermal matrix. Only for .cpp files of linear/.
#pragma once
#include <string>
#include <vector>

#include "linear/petsc.hpp"

namespace winze::linear {

/// Collective. Rigid modes with zeros at held dofs (width 3) or the constant. kept[k]: the local node of block row k of the matrix; points and held
/// per local node.
void set_near_null_space(Mat matrix, const std::vector<double>& points, const std::vector<Index>& kept, const std::vector<std::uint8_t>& held,
                         int width);
/// GAMG as it works on elasticity: threshold 0 and no aggressive coarsening, unless the options of `prefix` say otherwise.
void prepare_gamg(PC pc, const std::string& prefix);

}  // namespace winze::linear
