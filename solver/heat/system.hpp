/// The matrix M + w K of one time step length, with its preconditioner; K includes convection.
#pragma once
#include <memory>
#include <vector>

#include "heat/heat.hpp"

namespace winze::heat {

struct Heat::System {
  double weight = 0;
  std::vector<double> coefficients;                    ///< convection coefficients it was built with, one per condition
  std::shared_ptr<linear::Operator<double>> full;      ///< columns of prescribed nodes included
  std::shared_ptr<linear::Operator<double>> unknowns;  ///< prescribed rows and columns left out
  std::unique_ptr<linear::Preconditioner> preconditioner;
};

/// a·x with valid ghosts in and out.
std::vector<double> product(const mesh::Mesh& mesh, const linear::Operator<double>& a, const std::vector<double>& x);

}  // namespace winze::heat
