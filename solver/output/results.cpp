#include "output/results.hpp"

#include <map>
#include <stdexcept>

#include "base/error.hpp"
#include "base/version.hpp"
#include "output/step_file.hpp"

namespace winze::output {
namespace {

/// The time of each step in days; where two steps share a time (stages without duration) readers could not tell them apart: then the steps' numbers.
std::vector<double> time_values(const StepIndex& all, const StepIndex& of) {
  bool ascending = true;
  for (std::size_t s = 1; s < all.moments.size(); ++s) ascending &= all.moments[s].time > all.moments[s - 1].time;
  std::vector<double> values;
  for (const auto& m : of.moments) values.push_back(ascending ? m.time / seconds_per_day : m.number);
  return values;
}

/// The cells of a step's surface in the order of its fields, faces in halves where `triangles`.
struct SurfaceCells {
  std::vector<Index> element;
  std::vector<int> place;      ///< within the element
  std::vector<Index> of;       ///< face, or number of faces + facet
  std::vector<double> points;  ///< [cells][nodes of a cell][3]
};

SurfaceCells cells_of(const mesh::Mesh& mesh, const SurfaceFields& surface, const VtkCell& cell, bool triangles) {
  static constexpr int halves[2][3] = {{0, 1, 3}, {0, 3, 2}};
  SurfaceCells cells;
  for (std::size_t f = 0; f < surface.faces.size(); ++f) {
    const mesh::Face& face = surface.faces[f];
    const int* nodes = mesh::face_nodes(mesh.shape, face.face);
    const int* vertices = mesh::face_nodes(mesh::linear(mesh.shape), face.face);
    for (int half = 0; half < (triangles ? 2 : 1); ++half) {
      cells.element.push_back(face.element), cells.place.push_back(2 * face.face + half), cells.of.push_back(Index(f));
      for (int i = 0; i < cell.n_nodes; ++i) {
        const int local = triangles ? mesh::vertex_nodes(mesh.shape)[vertices[halves[half][i]]] : nodes[cell.order[i]];
        const Vector3 x = mesh.point(mesh.nodes_of(face.element)[local]);
        cells.points.insert(cells.points.end(), x.begin(), x.end());
      }
    }
  }
  std::map<Index, int> used;  // facets of an element come in the same order on any number of ranks
  for (std::size_t f = 0; f < surface.facets.size(); ++f) {
    const auto [number, element] = surface.facets[f];
    const mesh::WallFacet& facet = mesh.cuts.facets[number];
    cells.element.push_back(element), cells.place.push_back(12 + used[element]++), cells.of.push_back(Index(surface.faces.size() + f));
    const Vector3 low = mesh.point(mesh.nodes_of(element)[0]), high = mesh.point(mesh.nodes_of(element)[26]);
    const bool out = mesh.cuts.walls[facet.wall].inside == element;
    for (int i : {0, out ? 1 : 2, out ? 2 : 1})
      for (int d = 0; d < 3; ++d) cells.points.push_back(low[d] + 0.5 * (1 + facet.corner[i][d] / 32767.0) * (high[d] - low[d]));
  }
  return cells;
}

/// values[faces][nodes][width] → VTK's order of nodes.
std::vector<double> reordered(const VtkCell& cell, std::size_t n_faces, int width, const double* values) {
  std::vector<double> result;
  result.reserve(n_faces * cell.n_nodes * width);
  for (std::size_t f = 0; f < n_faces; ++f)
    for (int i = 0; i < cell.n_nodes; ++i) {
      const double* from = values + (f * cell.n_nodes + cell.order[i]) * width;
      result.insert(result.end(), from, from + width);
    }
  return result;
}

void write_table(ArrayFile& file, const Comm& comm, const History& history) {
  History::Table table;
  comm.together([&] {
    if (comm.root()) table = history.read();
  });
  const std::string group = "/history/" + history.path().stem().string();
  const GlobalIndex rows = comm.max<GlobalIndex>(GlobalIndex(table.step.size()));
  file.write_texts(group + "/stage", table.stage);
  file.write(group + "/step", table.step, {rows});
  file.write(group + "/time_s", table.time, {rows});
  for (std::size_t c = 0; c < history.columns().size(); ++c) {
    const History::Column& column = history.columns()[c];
    file.write(group + "/" + column.name, table.values.empty() ? std::vector<double>() : table.values[c], {rows});
    file.text_attribute(group + "/" + column.name, "unit", column.unit);
  }
}

}  // namespace

ResultsFile::ResultsFile(const FileOrder& order, ResultsOptions options) : order_(order), options_(std::move(options)) {
  const mesh::Shape shape = order.mesh().shape;
  order.comm().together([&] {
    if (order.comm().root()) make_folder(options_.folder);
  });
  volume_ = std::make_unique<StepFile>(order.comm(), path(), vtk_cell(shape), false, options_.compress, options_.single_precision);
  triangles_ = order.comm().any(!order.mesh().cuts.walls.empty());
  surface_ = std::make_unique<StepFile>(order.comm(), surface_path(), triangles_ ? vtk_triangle() : vtk_face(shape), true, options_.compress,
                                        options_.single_precision);
  volume_->create();
  surface_->create();
  write_mesh();
}

ResultsFile::ResultsFile(const FileOrder& order, ResultsOptions options, RestartReader& restart) : order_(order), options_(std::move(options)) {
  const mesh::Shape shape = order.mesh().shape;
  volume_ = std::make_unique<StepFile>(order.comm(), path(), vtk_cell(shape), false, options_.compress, options_.single_precision);
  triangles_ = order.comm().any(!order.mesh().cuts.walls.empty());
  surface_ = std::make_unique<StepFile>(order.comm(), surface_path(), triangles_ ? vtk_triangle() : vtk_face(shape), true, options_.compress,
                                        options_.single_precision);
  volume_->restore(restart);
  surface_->restore(restart);
}

ResultsFile::~ResultsFile() = default;

std::filesystem::path ResultsFile::path() const { return options_.folder / (options_.case_name + ".vtkhdf"); }
std::filesystem::path ResultsFile::surface_path() const { return options_.folder / (options_.case_name + "_surface.vtkhdf"); }

void ResultsFile::write_mesh() {
  const mesh::Mesh& mesh = order_.mesh();
  const VtkCell& cell = volume_->cell();
  const Slab &nodes = order_.nodes().slab(), &elements = order_.elements().slab();
  std::vector<double> points(std::size_t(nodes.n) * 3);
  order_.nodes().to_file(mesh.points.data(), 3 * sizeof(double), points.data());
  std::vector<GlobalIndex> mine, links(std::size_t(elements.n) * cell.n_nodes);
  mine.reserve(mesh.element_nodes.size());
  for (Index e = 0; e < mesh.n_elements(); ++e)
    for (int i = 0; i < cell.n_nodes; ++i) mine.push_back(order_.node_rows()[mesh.nodes_of(e)[cell.order[i]]]);
  order_.elements().to_file(mine.data(), cell.n_nodes * sizeof(GlobalIndex), links.data());
  std::vector<std::int32_t> region(std::size_t(elements.n));
  order_.elements().to_file(mesh.region.data(), sizeof(std::int32_t), region.data());

  volume_->begin();
  ArrayFile& file = volume_->file();
  file.text_attribute("/", "winze_version", version);
  file.write_text("/case", options_.resolved_case);
  volume_->write_geometry("/VTKHDF", nodes, points.data(), elements, links.data());
  file.write_rows("/VTKHDF/CellData/region", Type::i32, elements, 1, region.data());
  volume_->add_constant("region", Centre::element, Type::i32);
  file.write_texts("/mesh/region_names", mesh.region_names);
  std::vector<std::string> surfaces;
  for (const auto& surface : mesh.surfaces) surfaces.push_back(surface.name);
  file.write_texts("/mesh/surface_names", surfaces);
  volume_->end();
}

void ResultsFile::write(const Step& step, const std::vector<Field>& fields, const std::vector<char>& active, const SurfaceFields* surface) {
  const mesh::Mesh& mesh = order_.mesh();
  if (active.size() != std::size_t(mesh.n_elements())) throw std::logic_error("active needs one value per element");
  volume_->begin_step(step, order_.nodes().slab().n_global, order_.elements().slab().n_global);
  for (const Field& field : fields) volume_->write_field(field, field.centre == Centre::node ? order_.nodes() : order_.elements());
  volume_->write_bytes("active", Centre::element, order_.elements(), active.data());
  volume_->end();
  if (!surface) return;

  const VtkCell& cell = surface_->cell();
  const int n = cell.n_nodes;
  const SurfaceCells cells = cells_of(mesh, *surface, cell, triangles_);
  const RowExchange exchange(order_.comm(), order_.rows_within_elements(cells.element, cells.place), order_.elements().slab().chunk);
  const Slab& rows = exchange.slab();
  if (rows.n_global == 0) return;
  std::vector<double> points(std::size_t(rows.n) * n * 3);
  exchange.to_file(cells.points.data(), 3 * sizeof(double) * n, points.data());
  std::vector<GlobalIndex> links(std::size_t(rows.n) * n);
  for (std::size_t k = 0; k < links.size(); ++k) links[k] = rows.begin * n + GlobalIndex(k);

  surface_->begin_step(step, rows.n_global * n, rows.n_global);
  surface_->write_geometry(step_group(step.number), {rows.begin * n, rows.n * n, rows.n_global * n, 0}, points.data(), rows, links.data());
  for (const Field& field : surface->fields) {
    std::vector<double> values;
    if (field.centre == Centre::element) {
      for (Index i : cells.of)
        values.insert(values.end(), field.values + std::size_t(i) * field.components, field.values + std::size_t(i + 1) * field.components);
    } else {
      if (triangles_) throw std::logic_error("walls inside cells have no values at nodes");
      values = reordered(cell, surface->faces.size(), field.components, field.values);
    }
    surface_->write_field({field.name, field.unit, field.centre, field.components, values.data()}, exchange, field.centre == Centre::node ? n : 1);
  }
  surface_->end();
}

void ResultsFile::save(RestartWriter& restart) const {
  volume_->save(restart);
  surface_->save(restart);
}

void ResultsFile::close(const std::vector<const History*>& tables) {
  const Comm& comm = order_.comm();
  if (volume_->index().moments.empty()) throw std::logic_error("results without any step");
  const std::vector<double> volume_times = time_values(volume_->index(), volume_->index());
  const std::vector<double> surface_times = time_values(volume_->index(), surface_->index());
  volume_->begin();
  volume_->write_views(volume_times);
  for (const History* history : tables) write_table(volume_->file(), comm, *history);
  volume_->end();
  if (!surface_->index().moments.empty()) {
    surface_->begin();
    surface_->write_views(surface_times);
    surface_->end();
    surface_->publish(surface_times);
  } else {
    surface_->discard();
  }
  volume_->publish(volume_times);
}

}  // namespace winze::output
