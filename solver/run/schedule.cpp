#include "run/schedule.hpp"

#include <algorithm>
#include <set>

namespace winze::run {

std::string part_name(const geometry::Task& task) { return task.from ? fmt::format("{}@{:g}-{:g}", task.solid, *task.from, *task.to) : task.solid; }

std::vector<Stage> stages_of(const geometry::Schedule& schedule) {
  std::set<double> times;
  double last = 0;
  for (const geometry::Task& t : schedule.tasks) {
    times.insert(t.start);
    if (!t.fill.empty()) times.insert(t.filled);
    last = std::max({last, t.end, t.fill.empty() ? t.end : t.filled});
  }
  std::vector<Stage> stages;
  for (auto at = times.begin(); at != times.end(); ++at) {
    Stage& stage = stages.emplace_back();
    stage.name = fmt::format("day {:g}", *at / 86400);
    stage.duration = (std::next(at) == times.end() ? last : *std::next(at)) - *at;
    for (const geometry::Task& t : schedule.tasks) {
      if (t.start == *at) stage.excavate.push_back(part_name(t));
      if (!t.fill.empty() && t.filled == *at) stage.fill.entries.emplace_back(part_name(t), FillInput{.material = t.fill});
    }
  }
  return stages;
}

}  // namespace winze::run
