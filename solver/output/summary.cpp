#include "output/summary.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "base/version.hpp"

namespace winze::output {

using json = nlohmann::ordered_json;

struct Summary::Content {
  json all;
  double started = wall_time();
};

namespace {

json written(const Summary::Number& number) {
  json entry = {{"value", std::isfinite(number.value) ? json(number.value) : json(nullptr)}};
  if (!number.unit.empty()) entry["unit"] = number.unit;
  return entry;
}

json warnings_of(const json& all) {
  json warnings = all["warnings"];
  for (const std::string& warning : log::warnings()) warnings.push_back(warning);
  return warnings;
}

std::string text_of(const json& all, int indent) { return all.dump(indent, ' ', false, json::error_handler_t::replace); }

}  // namespace

Summary::Summary(const std::string& case_name, const std::string& command) : content_(std::make_unique<Content>()) {
  content_->all = {
      {"case", case_name},        {"winze", version},         {"command", command},        {"status", "running"},    {"ranks", 0},
      {"mesh", json::object()},   {"facts", json::object()},  {"numbers", json::object()}, {"steps", json::array()}, {"timings", json::object()},
      {"memory", json::object()}, {"warnings", json::array()}};
}
Summary::~Summary() = default;

void Summary::number(const Number& number) { content_->all["numbers"][number.name] = written(number); }
void Summary::fact(const std::string& name, const std::string& text) { content_->all["facts"][name] = text; }
void Summary::mesh(const std::string& name, std::int64_t count) { content_->all["mesh"][name] = count; }

void Summary::step(const Step& step, const std::vector<Number>& numbers) {
  json entry = {{"number", step.number}, {"stage", step.stage}, {"time_d", step.time / seconds_per_day}, {"numbers", json::object()}};
  for (const Number& number : numbers) entry["numbers"][number.name] = written(number);
  content_->all["steps"].push_back(entry);
}

void Summary::save(RestartWriter& restart) const {
  json kept = content_->all;
  kept["warnings"] = warnings_of(content_->all);
  restart.text("summary", text_of(kept, -1));
}

void Summary::restore(RestartReader& restart) {
  const json kept = json::parse(restart.text("summary"));
  for (const char* part : {"mesh", "facts", "numbers", "steps", "warnings"}) content_->all[part] = kept[part];
}

void Summary::write(const Comm& comm, const std::filesystem::path& path, const std::string& status) const {
  json all = content_->all;
  all["status"] = status;
  all["ranks"] = comm.size();
  all["warnings"] = warnings_of(all);
  std::string names;  // rank 0's phases, one a line
  for (const auto& [phase, seconds] : Timings::global().seconds()) names += phase + '\n';
  names = comm.broadcast(names);
  all["timings"]["total_s"] = comm.max(wall_time() - content_->started);
  for (std::size_t begin = 0; begin < names.size();) {
    const std::size_t end = names.find('\n', begin);
    const std::string phase = names.substr(begin, end - begin);
    const auto& seconds = Timings::global().seconds();
    const auto found = seconds.find(phase);
    all["timings"][phase + "_s"] = comm.max(found == seconds.end() ? 0.0 : found->second);
    begin = end + 1;
  }
  const double peak = resident_peak_bytes() / 1e6;
  all["memory"]["peak_mb_sum"] = comm.sum(peak);
  all["memory"]["peak_mb_largest_rank"] = comm.max(peak);
  comm.together([&] {
    if (comm.root()) replace_text(path, text_of(all, 2) + '\n');
  });
}

}  // namespace winze::output
