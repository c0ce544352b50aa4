/// What the air of a case leaves in files: airways.csv, junctions.csv, workplaces.csv and rules.csv with all steps in each, and the airways as lines
/// for ParaView, <case>_airways.pvd (tubes: its filter Tube by the radius of the points), its time in days, or the number of the step where two steps
/// have the same time.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "air/air.hpp"
#include "air/contaminants.hpp"
#include "air/rule_set.hpp"
#include "base/comm.hpp"
#include "output/restart.hpp"
#include "output/step.hpp"
#include "run/case.hpp"

namespace winze::run {

/// The rule sets that the network names. `folder` of the case file. Throws InputError.
std::vector<air::RuleSet> read_rules(const Case& c, const std::string& folder);

/// A name as a field of a CSV file, quoted where it must be.
std::string csv_text(const std::string& s);

/// Every member is collective.
class AirTables {
 public:
  AirTables(const Comm& comm, std::filesystem::path folder, std::string case_name, std::vector<air::RuleSet> sets);
  /// `lines`: into the file for ParaView too.
  void add(const output::Step& at, const air::Air& air, const air::Contaminants& contaminants, bool lines);
  void save(output::RestartWriter& restart) const;
  /// Goes on after a restart: rows written later are dropped.
  void restore(output::RestartReader& restart);

 private:
  /// A table with names in its first columns that grows on the disk.
  struct Table {
    std::string file;
    std::int64_t size = 0;  ///< bytes, rank 0
  };
  void append(Table& table, const std::string& header, const std::string& rows) const;
  void named(Table& table, const char* kind, const output::Step& at, const std::vector<std::string>& names,
             const std::vector<air::Column>& columns) const;
  void judge(const output::Step& at, const std::vector<air::Workplace>& places, air::Psychrometry route);
  void draw(const output::Step& at, const air::Air& air, const std::vector<air::Column>& columns);

  Comm comm_;
  std::filesystem::path folder_;
  std::string case_name_;
  std::vector<air::RuleSet> sets_;
  Table tables_[4] = {{"airways.csv"}, {"junctions.csv"}, {"workplaces.csv"}, {"rules.csv"}};
  std::vector<double> drawn_;  ///< number and time of every step in the file for ParaView
};

}  // namespace winze::run
