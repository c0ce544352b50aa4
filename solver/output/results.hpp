/// <case>.vtkhdf and its sidecar <case>.xdmf: the mesh once, the fields of every step, tables, and the case that produced them. Excavation surfaces
/// change with the stages and have a file of their own, <case>_surface.vtkhdf, with the faces of each step.
///
/// Layout: /results/stepNNNNN/<field> holds the numbers (contiguous, in the order of FileOrder), /VTKHDF shows them to VTK ≥ 9.1 by virtual datasets,
/// the XDMF names them for ParaView 5.11. /results/fields and /results/steps are tables of what there is; /case, /mesh and /history the rest. While a
/// run goes on the files are called <name>.part; only close() gives them their names. A restart holds what is needed to restore a .part file byte by
/// byte to the moment of the restart, whatever a later step did to it.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "output/history.hpp"
#include "output/restart.hpp"
#include "output/step.hpp"

namespace winze::output {

enum class Centre : std::uint8_t { node, element };

struct Field {
  std::string name;  ///< unique over nodes and elements
  std::string unit;  ///< SI unless the name says otherwise; "" for plain numbers
  Centre centre;
  int components;  ///< 1, 3, or 6: a symmetric tensor in Kelvin form, written as plain xx yy zz xy yz xz
  const double* values;
};

struct ResultsOptions {
  std::filesystem::path folder;
  std::string case_name;
  std::string resolved_case;      ///< kept in the file as /case
  bool compress = false;          ///< chunks, shuffled and deflated
  bool single_precision = false;  ///< fields as 32-bit numbers; coordinates stay 64-bit
};

/// A triangle of a wall inside a cell.
struct Facet {
  Index facet;    ///< of Mesh::cuts.facets
  Index element;  ///< on the side that stands: the triangle's normal points away from it
};

/// Fields on faces of the mesh and, after them, on walls inside cells. Each brings its own points (shared edges are doubled, so fields may jump
/// there). The surface of a mesh with walls inside cells is made of triangles: faces are halved.
struct SurfaceFields {
  std::vector<mesh::Face> faces;
  std::vector<Field> fields;  ///< Centre::element: values[faces + facets][components]; Centre::node, where no wall lies inside cells:
                              ///< values[faces][nodes of a face][components], order of mesh::face_nodes
  std::vector<Facet> facets = {};
};

class StepFile;

/// Every member is collective and throws the same error on every rank.
class ResultsFile {
 public:
  /// A new run: removes results of the same name, so that none can be mistaken for those of this run. `order` must outlive this.
  ResultsFile(const FileOrder& order, ResultsOptions options);
  /// Goes on after a restart, dropping all that was written later.
  ResultsFile(const FileOrder& order, ResultsOptions options, RestartReader& restart);
  ~ResultsFile();

  /// Nodal values[n_owned or n_local][components], element values[n_elements][components]; `active` per element. A field may be missing in some
  /// steps: VTK then reads NaN. Its unit, centre and components never change (std::logic_error). Surfaces without any face are left out of the
  /// surface file.
  void write(const Step& step, const std::vector<Field>& fields, const std::vector<char>& active, const SurfaceFields* surface = nullptr);
  /// Puts the files on the disk and what restores them into the restart.
  void save(RestartWriter& restart) const;
  /// Last: writes the views for VTK, the tables and the XDMF, and gives the files their names. `tables`: histories that /history keeps as well.
  void close(const std::vector<const History*>& tables = {});

  std::filesystem::path path() const;          ///< of the finished file
  std::filesystem::path surface_path() const;  ///< exists only if a surface was written

 private:
  void write_mesh();
  const FileOrder& order_;
  ResultsOptions options_;
  bool triangles_;  ///< the surface is made of triangles
  std::unique_ptr<StepFile> volume_, surface_;
};

}  // namespace winze::output
