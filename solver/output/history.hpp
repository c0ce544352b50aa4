/// A table that grows with the run: history.csv, or the samples of one probe. One row per step (or several: points of a line), numbers in columns
/// with units, ready for spreadsheets and pandas. The first columns are always stage, step, time [s], time [d]. A number that is not finite leaves
/// its cell empty.
#pragma once
#include <string>
#include <vector>

#include "base/comm.hpp"
#include "output/restart.hpp"
#include "output/step.hpp"

namespace winze::output {

class History {
 public:
  struct Column {
    std::string name, unit;
  };
  /// Collective. Starts an empty table.
  History(const Comm& comm, std::filesystem::path path, std::vector<Column> columns);
  /// Collective. Continues the table of an interrupted run: rows written after the restart are dropped. EnvironmentError when the rows before it are
  /// not the ones that the restart knows.
  History(const Comm& comm, std::filesystem::path path, std::vector<Column> columns, RestartReader& restart);

  /// Collective. Rank 0's values[rows][columns]. The rows are with the operating system when this returns.
  void append(const Step& step, const std::vector<double>& values);
  /// Collective. Puts the rows so far on the disk and their length into the restart, under the file's name.
  void save(RestartWriter& restart) const;

  const std::filesystem::path& path() const { return path_; }
  const std::vector<Column>& columns() const { return columns_; }
  /// The rows so far, read back from the file: values[column][row]. Not collective.
  struct Table {
    std::vector<std::string> stage;
    std::vector<double> step, time;  ///< time in s
    std::vector<std::vector<double>> values;
  };
  Table read() const;

 private:
  std::string key() const { return "history/" + path_.filename().string(); }
  std::string header() const;
  Comm comm_;
  std::filesystem::path path_;
  std::vector<Column> columns_;
  std::int64_t size_ = 0;  ///< bytes, rank 0
};

}  // namespace winze::output
