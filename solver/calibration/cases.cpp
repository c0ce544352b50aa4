#include "calibration/cases.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <set>

#include "base/error.hpp"
#include "calibration/folds.hpp"
#include "geometry/text_file.hpp"

namespace winze::calibration {
namespace {

/// Number of a class from its name or number; −1 for neither.
int class_number(std::string_view text, const std::vector<std::string>& names) {
  for (std::size_t k = 0; k < names.size(); ++k)
    if (geometry::lower(text) == geometry::lower(names[k]) || text == std::to_string(k)) return int(k);
  return -1;
}

}  // namespace

Cases read_cases(const Study& study, const std::string& folder) {
  const std::filesystem::path path = std::filesystem::path(folder) / study.table;
  geometry::CsvFile csv(path.string());
  const auto column = [&](const std::string& name) {
    const std::string bare = geometry::lower(name);
    return csv.need({bare.c_str()});
  };
  const int observed = column(study.classes.column);
  const bool each_row = study.group == std::vector<std::string>{"each_row"};
  std::vector<int> where, marks, groups;
  for (const Where& w : study.where) where.push_back(column(w.column));
  for (const std::string& name : study.leave_out) marks.push_back(column(name));
  if (!each_row)
    for (const std::string& name : study.group) groups.push_back(column(name));
  struct Columns {
    int value, over;
  };
  std::vector<Columns> columns;
  for (const auto& [name, index] : study.indices.entries) columns.push_back({column(index.column), index.over.empty() ? -1 : column(index.over)});

  Cases cases;
  cases.index.resize(columns.size());
  cases.hash = csv.file.hash();
  std::map<std::string, int> left_out;
  std::vector<std::string> labels;
  while (csv.next()) {
    bool counts = true;
    for (std::size_t i = 0; i < where.size() && counts; ++i)
      if (csv.text(where[i]) != study.where[i].is) {
        ++left_out[fmt::format("{} is not {}", study.where[i].column, study.where[i].is)];
        counts = false;
      }
    for (std::size_t i = 0; i < marks.size() && counts; ++i)
      if (!csv.text(marks[i]).empty()) {
        ++left_out[fmt::format("marked by {}", study.leave_out[i])];
        counts = false;
      }
    if (counts && csv.text(observed).empty()) {
      ++left_out["without an observed class"];
      counts = false;
    }
    if (!counts) continue;
    const int truth = class_number(csv.text(observed), study.classes.names);
    if (truth < 0)
      csv.file.wrong("{}: '{}' is no class; the names are {}, or their numbers 0 … {}", study.classes.column, geometry::shown(csv.text(observed)),
                     fmt::join(study.classes.names, ", "), study.classes.names.size() - 1);
    cases.truth.push_back(truth);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      double value = std::numeric_limits<double>::quiet_NaN();
      const auto [top, over] = columns[i];
      if (!csv.text(top).empty() && (over < 0 || !csv.text(over).empty())) {
        value = csv.real(top);
        if (over >= 0) {
          const double bottom = csv.real(over);
          if (!(bottom > 0)) csv.file.wrong("{} is {}; what an index is divided by must be above 0", study.indices.entries[i].second.over, bottom);
          value /= bottom;
        }
      }
      cases.index[i].push_back(value);
    }
    std::string label;
    for (const int g : groups) label += std::string(csv.text(g)) + (csv.text(g).empty() ? "" : "\x80");  // so that "a"+"bc" is not "ab"+"c"
    labels.push_back(label);
  }
  for (const auto& [why, rows] : left_out) cases.left_out.push_back({why, rows});
  cases.group = group_rows(labels);
  cases.n_groups = cases.group.empty() ? 0 : *std::max_element(cases.group.begin(), cases.group.end()) + 1;
  const std::string file = path.string();
  if (cases.n_rows() < 10) throw InputError("{}: {} rows are left for the study; at least 10 are needed", file, cases.n_rows());
  if (std::set<int>(cases.truth.begin(), cases.truth.end()).size() < 2)
    throw InputError("{}: all {} rows are of class '{}': nothing can be told apart", file, cases.n_rows(),
                     study.classes.names[std::size_t(cases.truth[0])]);
  if (cases.n_groups < 2)
    throw InputError("{}: all rows belong to one group ({}): nothing is left to validate with", file, fmt::join(study.group, ", "));
  return cases;
}

}  // namespace winze::calibration
