#include "output/history.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/error.hpp"

namespace winze::output {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string result = "\"";
  for (char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + '"';
}

std::string titled(const std::string& name, const std::string& unit) { return quoted(unit.empty() ? name : name + " [" + unit + "]"); }

/// The cells of the row that starts at `at`; moves `at` behind it.
std::vector<std::string> take_row(const std::string& text, std::size_t& at) {
  std::vector<std::string> cells(1);
  bool inside = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (inside && c == '"' && at + 1 < text.size() && text[at + 1] == '"')
      cells.back() += text[++at];
    else if (c == '"')
      inside = !inside;
    else if (!inside && c == ',')
      cells.emplace_back();
    else if (!inside && c == '\n')
      return ++at, cells;
    else
      cells.back() += c;
  }
  return cells;
}

double number(const std::string& cell) { return cell.empty() ? std::numeric_limits<double>::quiet_NaN() : std::stod(cell); }

constexpr int n_leading = 4;

}  // namespace

std::string History::header() const {
  std::string text = "stage,step,time [s],time [d]";
  for (const Column& column : columns_) text += ',' + titled(column.name, column.unit);
  return text + '\n';
}

History::History(const Comm& comm, std::filesystem::path path, std::vector<Column> columns)
    : comm_(comm), path_(std::move(path)), columns_(std::move(columns)) {
  if (columns_.empty()) throw std::logic_error("a table without columns: " + path_.string());
  comm_.together([&] {
    if (!comm_.root()) return;
    const std::string text = header();
    DiskFile file(path_, DiskFile::Mode::create);
    file.write(0, text.data(), text.size());
    file.close();
    size_ = std::int64_t(text.size());
  });
}

History::History(const Comm& comm, std::filesystem::path path, std::vector<Column> columns, RestartReader& restart)
    : comm_(comm), path_(std::move(path)), columns_(std::move(columns)) {
  const auto size = restart.value<std::int64_t>(key() + "/size"), sum = restart.value<std::int64_t>(key() + "/checksum");
  comm_.together([&] {
    if (!comm_.root()) return;
    DiskFile file(path_, DiskFile::Mode::write);
    std::string text(std::size_t(size), '\0');
    if (file.size() >= size) file.read(0, text.data(), text.size());
    if (file.size() < size || std::int64_t(case_hash(text)) != sum || text.rfind(header(), 0) != 0)
      throw EnvironmentError("{}: not the table that the restart continues (edited, or of another run); start without --resume", path_.string());
    file.truncate(size);
    file.close();
    size_ = size;
  });
}

void History::append(const Step& step, const std::vector<double>& values) {
  if (comm_.any(comm_.root() && values.size() % columns_.size() != 0))
    throw std::logic_error("a row of " + path_.string() + " needs one value per column");
  comm_.together([&] {
    if (!comm_.root()) return;
    const std::string moment = fmt::format("{},{},{},{}", quoted(step.stage), step.number, step.time, step.time / seconds_per_day);
    std::string rows;
    for (std::size_t k = 0; k < values.size(); ++k) {
      if (k % columns_.size() == 0) rows += moment;
      rows += std::isfinite(values[k]) ? fmt::format(",{}", values[k]) : ",";
      if ((k + 1) % columns_.size() == 0) rows += '\n';
    }
    DiskFile file(path_, DiskFile::Mode::write);
    file.write(size_, rows.data(), rows.size());
    file.close();
    size_ += std::int64_t(rows.size());
  });
}

void History::save(RestartWriter& restart) const {
  std::int64_t sum = 0;
  comm_.together([&] {
    if (!comm_.root()) return;
    DiskFile file(path_, DiskFile::Mode::write);
    std::string text(std::size_t(size_), '\0');
    file.read(0, text.data(), text.size());
    sum = std::int64_t(case_hash(text));
    file.sync();
  });
  restart.value(key() + "/size", size_);
  restart.value(key() + "/checksum", sum);
}

History::Table History::read() const {
  const std::string text = read_text(path_);
  Table table;
  table.values.resize(columns_.size());
  std::size_t at = 0;
  take_row(text, at);
  while (at < text.size()) {
    const std::vector<std::string> cells = take_row(text, at);
    if (cells.size() != n_leading + columns_.size())
      throw EnvironmentError("{}: a row has {} cells instead of {}", path_.string(), cells.size(), n_leading + columns_.size());
    table.stage.push_back(cells[0]), table.step.push_back(number(cells[1])), table.time.push_back(number(cells[2]));
    for (std::size_t c = 0; c < columns_.size(); ++c) table.values[c].push_back(number(cells[n_leading + c]));
  }
  return table;
}

}  // namespace winze::output
