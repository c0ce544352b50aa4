#include "output/step_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/error.hpp"
#include "base/tensor.hpp"

namespace winze::output {
namespace {

using json = nlohmann::json;

std::string group_of(Centre centre) { return centre == Centre::node ? "PointData" : "CellData"; }

std::string to_text(const StepIndex& index) {
  json moments = json::array(), arrays = json::array();
  for (const auto& m : index.moments)
    moments.push_back({{"number", m.number}, {"stage", m.stage}, {"time", m.time}, {"points", m.points}, {"cells", m.cells}});
  for (const auto& a : index.arrays)
    arrays.push_back({{"name", a.name},
                      {"unit", a.unit},
                      {"centre", int(a.centre)},
                      {"components", a.components},
                      {"type", int(a.type)},
                      {"constant", a.constant},
                      {"steps", a.steps}});
  return json{{"moments", moments}, {"arrays", arrays}}.dump();
}

StepIndex from_text(const std::string& text) {
  const json all = json::parse(text);
  StepIndex index;
  for (const json& m : all["moments"]) index.moments.push_back({m["number"], m["stage"], m["time"], m["points"], m["cells"]});
  for (const json& a : all["arrays"])
    index.arrays.push_back(
        {a["name"], a["unit"], Centre(a["centre"].get<int>()), a["components"], Type(a["type"].get<int>()), a["constant"], a["steps"]});
  return index;
}

/// The bytes of [0, size) outside `taken`.
std::vector<std::pair<std::int64_t, std::int64_t>> complement(std::vector<std::pair<std::int64_t, std::int64_t>> taken, std::int64_t size) {
  std::sort(taken.begin(), taken.end());
  std::vector<std::pair<std::int64_t, std::int64_t>> rest;
  std::int64_t at = 0;
  for (const auto& [begin, n] : taken) {
    if (begin > at) rest.emplace_back(at, begin - at);
    at = std::max(at, begin + n);
  }
  if (size > at) rest.emplace_back(at, size - at);
  return rest;
}

/// Rows of a slab of items that have k rows each.
Slab times(const Slab& slab, Index k) { return {slab.begin * k, slab.n * k, slab.n_global * k, slab.chunk * k}; }

std::filesystem::path sidecar(std::filesystem::path path) { return path.replace_extension(".xdmf"); }

}  // namespace

std::string step_group(int number) { return fmt::format("/results/step{:05d}", number); }

StepFile::StepFile(const Comm& comm, std::filesystem::path path, const VtkCell& cell, bool moving, bool compress, bool single_precision)
    : comm_(comm), path_(std::move(path)), cell_(cell), moving_(moving), compress_(compress), single_(single_precision) {}

void StepFile::create() {
  ArrayFile(comm_, part_of(path_), ArrayFile::Mode::create).close();
  comm_.together([&] {
    if (comm_.root()) remove_file(path_), remove_file(sidecar(path_));
  });
}

void StepFile::begin() { file_.emplace(comm_, part_of(path_), ArrayFile::Mode::append); }

void StepFile::end() {
  file_->close();
  row_places_.insert(row_places_.end(), file_->row_places().begin(), file_->row_places().end());
  file_.reset();
}

void StepFile::save(RestartWriter& restart) const {
  const std::string key = "results/" + path_.filename().string();
  std::vector<char> bytes;
  std::vector<std::int64_t> places;
  std::int64_t size = 0;
  comm_.together([&] {
    DiskFile file(part_of(path_), DiskFile::Mode::write);
    file.sync();  // on every rank: each machine holds its own part of the file in memory
    if (!comm_.root()) return;
    size = file.size();
    for (const auto& [begin, n] : complement(row_places_, size)) {
      places.insert(places.end(), {begin, n});
      bytes.resize(bytes.size() + std::size_t(n));
      file.read(begin, bytes.data() + bytes.size() - n, std::size_t(n));
    }
  });
  restart.text(key + "/index", to_text(index_));
  restart.value(key + "/size", size);
  restart.array(key + "/places", places);
  restart.array(key + "/bytes", bytes);
}

void StepFile::restore(RestartReader& restart) {
  const std::string key = "results/" + path_.filename().string();
  index_ = from_text(restart.text(key + "/index"));
  const auto size = restart.value<std::int64_t>(key + "/size");
  const auto places = restart.array<std::int64_t>(key + "/places");
  const auto bytes = restart.array<char>(key + "/bytes");
  comm_.together([&] {
    if (!comm_.root()) return;
    const std::filesystem::path part = part_of(path_);
    if (!std::filesystem::exists(part) && std::filesystem::exists(path_)) output::publish(path_, part);  // the run had ended
    remove_file(sidecar(path_)), remove_file(path_);
    DiskFile file(part, DiskFile::Mode::write);
    if (file.size() < size) throw EnvironmentError("{}: shorter than at the time of the restart; start without --resume", part.string());
    file.truncate(size);
    std::vector<std::pair<std::int64_t, std::int64_t>> kept;
    std::size_t at = 0;
    for (std::size_t k = 0; k < places.size(); k += 2) {
      file.write(places[k], bytes.data() + at, std::size_t(places[k + 1]));
      at += std::size_t(places[k + 1]);
      kept.emplace_back(places[k], places[k + 1]);
    }
    file.close();
    row_places_ = complement(kept, size);
  });
}

void StepFile::write_geometry(const std::string& group, const Slab& points, const double* coordinates, const Slab& cells,
                              const GlobalIndex* cell_nodes) {
  const int n = cell_.n_nodes;
  const bool last = comm_.rank() == comm_.size() - 1;
  const Slab links = times(cells, n), ends{cells.begin, cells.n + (last ? 1 : 0), cells.n_global + 1, 0};
  std::vector<GlobalIndex> offsets(std::size_t(ends.n));
  for (GlobalIndex k = 0; k < ends.n; ++k) offsets[k] = (ends.begin + k) * n;
  const std::vector<std::uint8_t> types(std::size_t(cells.n), std::uint8_t(cell_.type));
  file_->write_rows(group + "/Points", Type::f64, points, 3, coordinates);
  file_->write_rows(group + "/Connectivity", Type::i64, links, 1, cell_nodes);
  file_->write_rows(group + "/Offsets", Type::i64, ends, 1, offsets.data());
  file_->write_rows(group + "/Types", Type::u8, cells, 1, types.data());
}

void StepFile::begin_step(const Step& step, GlobalIndex points, GlobalIndex cells) {
  if (!index_.moments.empty() && step.number <= index_.moments.back().number)
    throw std::logic_error("steps of a results file must have ascending numbers");
  begin();
  index_.moments.push_back({step.number, step.stage, step.time, points, cells});
  const std::string group = step_group(step.number);
  file_->make_group(group);
  file_->text_attribute(group, "stage", step.stage);
  file_->number_attribute(group, "time_s", step.time);
  file_->number_attribute(group, "time_d", step.time / seconds_per_day);
}

StepIndex::Array& StepFile::array(const std::string& name, const std::string& unit, Centre centre, int components, Type type) {
  for (auto& a : index_.arrays) {
    if (a.name != name) continue;
    if (a.unit != unit || a.centre != centre || a.components != components || a.type != type || a.constant)
      throw std::logic_error("field " + name + " changes its unit, centre, components or type between steps");
    return a;
  }
  return index_.arrays.emplace_back(StepIndex::Array{name, unit, centre, components, type, false, {}});
}

void StepFile::write_field(const Field& field, const RowExchange& exchange, int rows_per_item) {
  const int width = field.components;
  const Slab slab = times(exchange.slab(), rows_per_item);
  const Type type = single_ ? Type::f32 : Type::f64;
  auto& record = array(field.name, field.unit, field.centre, width, type);
  const int place = int(index_.moments.size()) - 1;
  if (!record.steps.empty() && record.steps.back() == place) throw std::logic_error("field " + field.name + " is given twice in one step");
  record.steps.push_back(place);
  std::vector<double> rows(std::size_t(slab.n) * width);
  exchange.to_file(field.values, sizeof(double) * width * rows_per_item, rows.data());
  if (width == 6)
    for (std::size_t k = 0; k < rows.size(); k += 6) {  // xx yy zz √2yz √2xz √2xy → xx yy zz xy yz xz
      const double yz = rows[k + 3] / sqrt2, xz = rows[k + 4] / sqrt2, xy = rows[k + 5] / sqrt2;
      rows[k + 3] = xy, rows[k + 4] = yz, rows[k + 5] = xz;
    }
  const std::string name = step_group(index_.moments.back().number) + "/" + field.name;
  if (single_) {
    const std::vector<float> narrow(rows.begin(), rows.end());
    file_->write_rows(name, type, slab, width, narrow.data(), compress_);
  } else {
    file_->write_rows(name, type, slab, width, rows.data(), compress_);
  }
  file_->text_attribute(name, "unit", field.unit);
  file_->text_attribute(name, "centre", field.centre == Centre::node ? "node" : "element");
  if (width == 6) file_->text_attribute(name, "components", "xx yy zz xy yz xz");
}

void StepFile::write_bytes(const std::string& name, Centre centre, const RowExchange& exchange, const char* values) {
  array(name, "", centre, 1, Type::u8).steps.push_back(int(index_.moments.size()) - 1);
  std::vector<char> rows(std::size_t(exchange.slab().n));
  exchange.to_file(values, 1, rows.data());
  file_->write_rows(step_group(index_.moments.back().number) + "/" + name, Type::u8, exchange.slab(), 1, rows.data(), compress_);
}

void StepFile::add_constant(const std::string& name, Centre centre, Type type) { index_.arrays.push_back({name, "", centre, 1, type, true, {}}); }

void StepFile::write_views(const std::vector<double>& time_values) {
  const std::string root = "/VTKHDF";
  const auto& moments = index_.moments;
  const GlobalIndex n_steps = GlobalIndex(moments.size());
  if (!file_->has(root)) file_->make_group(root);
  file_->integer_attribute(root, "Version", {2, 0});
  file_->text_attribute(root, "Type", "UnstructuredGrid");

  std::vector<GlobalIndex> point_begin(n_steps + 1, 0), cell_begin(n_steps + 1, 0), zeros(n_steps, 0), places(n_steps), links, points, cells;
  for (GlobalIndex s = 0; s < n_steps; ++s) {
    point_begin[s + 1] = point_begin[s] + moments[s].points, cell_begin[s + 1] = cell_begin[s] + moments[s].cells;
    places[s] = s;
    if (moving_ || s == 0) points.push_back(moments[s].points), cells.push_back(moments[s].cells), links.push_back(moments[s].cells * cell_.n_nodes);
  }
  const std::vector<GlobalIndex> point_offsets(point_begin.begin(), point_begin.end() - 1), cell_offsets(cell_begin.begin(), cell_begin.end() - 1);
  std::vector<GlobalIndex> link_offsets = cell_offsets;
  for (GlobalIndex& offset : link_offsets) offset *= cell_.n_nodes;
  file_->write(root + "/NumberOfPoints", points);
  file_->write(root + "/NumberOfCells", cells);
  file_->write(root + "/NumberOfConnectivityIds", links);
  const std::string steps = root + "/Steps";
  file_->make_group(steps);
  file_->integer_attribute(steps, "NSteps", {n_steps});
  file_->write(steps + "/Values", time_values);
  file_->write(steps + "/NumberOfParts", std::vector<GlobalIndex>(n_steps, 1));
  file_->write(steps + "/PartOffsets", moving_ ? places : zeros);
  file_->write(steps + "/PointOffsets", moving_ ? point_offsets : zeros);
  file_->write(steps + "/CellOffsets", moving_ ? cell_offsets : zeros, {n_steps, 1});
  file_->write(steps + "/ConnectivityIdOffsets", moving_ ? link_offsets : zeros, {n_steps, 1});

  if (moving_) {
    std::vector<ArrayFile::Part> p, c, o, t;
    for (GlobalIndex s = 0; s < n_steps; ++s) {
      const std::string group = step_group(moments[s].number);
      p.push_back({group + "/Points", point_begin[s], moments[s].points});
      c.push_back({group + "/Connectivity", link_offsets[s], links[s]});
      o.push_back({group + "/Offsets", cell_begin[s] + s, moments[s].cells + 1});
      t.push_back({group + "/Types", cell_begin[s], moments[s].cells});
    }
    file_->write_virtual(root + "/Points", Type::f64, point_begin.back(), 3, p);
    file_->write_virtual(root + "/Connectivity", Type::i64, cell_begin.back() * cell_.n_nodes, 1, c);
    file_->write_virtual(root + "/Offsets", Type::i64, cell_begin.back() + n_steps, 1, o);
    file_->write_virtual(root + "/Types", Type::u8, cell_begin.back(), 1, t);
  }
  std::vector<std::string> names, units, centres;
  std::vector<GlobalIndex> components;
  for (const auto& a : index_.arrays) {
    const auto& begin = a.centre == Centre::node ? point_begin : cell_begin;
    file_->write(steps + "/" + group_of(a.centre) + "Offsets/" + a.name, a.constant                 ? zeros
                                                                         : a.centre == Centre::node ? point_offsets
                                                                                                    : cell_offsets);
    if (a.constant) continue;
    std::vector<ArrayFile::Part> parts;
    for (int s : a.steps) parts.push_back({step_group(moments[s].number) + "/" + a.name, begin[s], begin[s + 1] - begin[s]});
    const std::string view = root + "/" + group_of(a.centre) + "/" + a.name;
    file_->write_virtual(view, a.type, begin.back(), a.components, parts);
    file_->text_attribute(view, "unit", a.unit);
    names.push_back(a.name), units.push_back(a.unit), centres.push_back(a.centre == Centre::node ? "node" : "element"),
        components.push_back(a.components);
  }
  file_->write_texts("/results/fields/name", names);
  file_->write_texts("/results/fields/unit", units);
  file_->write_texts("/results/fields/centre", centres);
  file_->write("/results/fields/components", components);
  std::vector<std::string> stages;
  std::vector<GlobalIndex> numbers;
  std::vector<double> seconds, days;
  for (const auto& m : moments)
    stages.push_back(m.stage), numbers.push_back(m.number), seconds.push_back(m.time), days.push_back(m.time / seconds_per_day);
  file_->write_texts("/results/steps/stage", stages);
  file_->write("/results/steps/number", numbers);
  file_->write("/results/steps/time_s", seconds);
  file_->write("/results/steps/time_d", days);
}

void StepFile::discard() {
  comm_.together([&] {
    if (comm_.root()) remove_file(part_of(path_));
  });
}

void StepFile::publish(const std::vector<double>& time_values) {
  comm_.together([&] {
    DiskFile file(part_of(path_), DiskFile::Mode::write);
    file.sync();
    file.close();
  });
  comm_.together([&] {
    if (!comm_.root()) return;
    output::publish(part_of(path_), path_);
    replace_text(sidecar(path_), xdmf(*this, time_values));
  });
}

}  // namespace winze::output
