/// From the mine's schedule to stages.
#pragma once
#include <string>
#include <vector>

#include "geometry/schedule.hpp"
#include "run/case.hpp"

namespace winze::run {

/// Name of the part that a task digs: the solid's, or `drive@0-40` for chainages 0 to 40 m.
std::string part_name(const geometry::Task& task);

/// One stage for every time at which digging or filling begins: what is dug there is dug at once. Stages are called after their day. The last stage
/// lasts until the last task has ended.
std::vector<Stage> stages_of(const geometry::Schedule& schedule);

}  // namespace winze::run
