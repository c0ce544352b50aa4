/// What every record of a run's progress says about its moment.
#pragma once
#include <string>

namespace winze::output {

struct Step {
  int number = 0;  ///< counts from 0 over the whole run
  std::string stage;
  double time = 0;  ///< s since the start of the run; does not decrease
};
inline constexpr double seconds_per_day = 86400;

}  // namespace winze::output
