/// One temporal VTKHDF file that grows step by step, with a mesh that stays or with one per step. Used by ResultsFile.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "output/array_file.hpp"
#include "output/results.hpp"
#include "output/vtk_cells.hpp"

namespace winze::output {

/// What the file holds so far: the same on every rank.
struct StepIndex {
  struct Moment {
    int number;
    std::string stage;
    double time;                ///< s
    GlobalIndex points, cells;  ///< of this step's mesh
  };
  struct Array {
    std::string name, unit;
    Centre centre;
    int components;
    Type type;
    bool constant;           ///< one dataset for all steps
    std::vector<int> steps;  ///< places in `moments` of the steps that have it
  };
  std::vector<Moment> moments;
  std::vector<Array> arrays;
};
/// "/results/step00012" for number 12.
std::string step_group(int number);

/// Every member is collective. Between steps no file is open.
class StepFile {
 public:
  StepFile(const Comm& comm, std::filesystem::path path, const VtkCell& cell, bool moving, bool compress, bool single_precision);

  /// Empties <path>.part, removes <path> and its XDMF.
  void create();
  /// Brings <path>.part back to the moment of the restart.
  void restore(RestartReader& restart);
  void save(RestartWriter& restart) const;

  void begin();
  void end();
  ArrayFile& file() { return *file_; }  ///< between begin() or begin_step() and end()
  /// coordinates[points.n][3]; cell_nodes[cells.n][nodes of a cell] in VTK's order and the file's numbering.
  void write_geometry(const std::string& group, const Slab& points, const double* coordinates, const Slab& cells, const GlobalIndex* cell_nodes);
  void begin_step(const Step& step, GlobalIndex points, GlobalIndex cells);
  /// values[items][rows_per_item][components]
  void write_field(const Field& field, const RowExchange& exchange, int rows_per_item = 1);
  void write_bytes(const std::string& name, Centre centre, const RowExchange& exchange, const char* values);
  void add_constant(const std::string& name, Centre centre, Type type);  ///< /VTKHDF/CellData or PointData/<name> was written by the caller

  const StepIndex& index() const { return index_; }
  bool moving() const { return moving_; }
  const VtkCell& cell() const { return cell_; }
  const std::filesystem::path& path() const { return path_; }

  /// Between begin() and end(), once: the views for VTK and the tables. `time_values`: what readers show as the time of each step.
  void write_views(const std::vector<double>& time_values);
  /// After end(): gives the file its name and writes the XDMF.
  void publish(const std::vector<double>& time_values);
  /// Removes <path>.part.
  void discard();

 private:
  StepIndex::Array& array(const std::string& name, const std::string& unit, Centre centre, int components, Type type);
  Comm comm_;
  std::filesystem::path path_;
  const VtkCell& cell_;
  bool moving_, compress_, single_;
  StepIndex index_;
  std::optional<ArrayFile> file_;
  std::vector<std::pair<std::int64_t, std::int64_t>> row_places_;  ///< rank 0: bytes of large arrays, which no later step touches
};

/// The text of the XDMF sidecar of a file.
std::string xdmf(const StepFile& file, const std::vector<double>& time_values);

}  // namespace winze::output
