/// The rows of a study's table that count.
#pragma once
#include <string>
#include <vector>

#include "calibration/study.hpp"

namespace winze::calibration {

struct Cases {
  std::vector<int> truth;  ///< class of each row
  std::vector<int> group;  ///< 0 … n_groups − 1
  int n_groups = 0;
  std::vector<std::vector<double>> index;  ///< [index of the study][row], NaN where a cell is empty
  struct LeftOut {
    std::string why;
    int rows;
  };
  std::vector<LeftOut> left_out;
  std::string hash;  ///< of the table's bytes, FNV-1a, 64 bits

  int n_rows() const { return int(truth.size()); }
};

/// Not collective. `folder`: what the table's path is relative to. Throws InputError with file:line for a column that is missing, a cell that is no
/// number, a class that has no name, a denominator that is not positive, one class only, one group only; EnvironmentError where the table cannot be
/// read.
Cases read_cases(const Study& study, const std::string& folder);

}  // namespace winze::calibration
