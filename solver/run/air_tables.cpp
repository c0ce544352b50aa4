#include "run/air_tables.hpp"

#include <algorithm>
#include <cmath>

#include "air/workplaces.hpp"
#include "base/error.hpp"
#include "output/disk.hpp"

namespace winze::run {
namespace {

namespace fs = std::filesystem;

std::vector<air::Column> joined(std::vector<air::Column> columns, const std::vector<air::Column>& more) {
  columns.insert(columns.end(), more.begin(), more.end());
  return columns;
}

std::string array(const std::string& name, const char* type, int components, const std::string& numbers) {
  return fmt::format("<DataArray type=\"{}\" Name=\"{}\" NumberOfComponents=\"{}\" format=\"ascii\">{}</DataArray>\n", type, name, components,
                     numbers);
}

std::string step_file(const std::string& case_name, int number) { return fmt::format("{}_airways_{:05d}.vtp", case_name, number); }

}  // namespace

std::string csv_text(const std::string& s) {
  if (s.find_first_of(",\"\n") == std::string::npos) return s;
  std::string quoted = "\"";
  for (const char c : s) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::vector<air::RuleSet> read_rules(const Case& c, const std::string& folder) {
  std::vector<air::RuleSet> all;
  for (const std::string& file : c.air->rules)
    all.push_back(air::read_rule_set(fs::path(file).is_absolute() ? file : (fs::path(folder) / file).string()));
  return all;
}

AirTables::AirTables(const Comm& comm, fs::path folder, std::string case_name, std::vector<air::RuleSet> sets)
    : comm_(comm), folder_(std::move(folder)), case_name_(std::move(case_name)), sets_(std::move(sets)) {}

void AirTables::append(Table& table, const std::string& header, const std::string& rows) const {
  const std::string text = table.size == 0 ? header + "\n" + rows : rows;
  output::DiskFile file(folder_ / table.file, table.size == 0 ? output::DiskFile::Mode::create : output::DiskFile::Mode::write);
  file.write(table.size, text.data(), text.size());
  file.close();
  table.size += std::int64_t(text.size());
}

void AirTables::named(Table& table, const char* kind, const output::Step& at, const std::vector<std::string>& names,
                      const std::vector<air::Column>& columns) const {
  if (columns.empty()) return;
  std::string header = std::string("stage,step,time [s],") + kind, rows;
  for (const air::Column& c : columns) header += "," + c.name + (c.unit == "1" ? "" : " [" + c.unit + "]");
  for (size_t i = 0; i < names.size(); ++i) {
    rows += fmt::format("{},{},{:.17g},{}", csv_text(at.stage), at.number, at.time, csv_text(names[i]));
    for (const air::Column& c : columns) rows += std::isfinite(c.values[i]) ? fmt::format(",{:.10g}", c.values[i]) : std::string(",");
    rows += "\n";
  }
  append(table, header, rows);
}

void AirTables::judge(const output::Step& at, const std::vector<air::Workplace>& places, air::Psychrometry route) {
  static constexpr const char* verdicts[] = {"within", "beyond", "not_applicable", "unknown"};
  const auto number = [](double x) { return std::isfinite(x) ? fmt::format("{:.6g}", x) : std::string(); };
  std::string rows;
  for (const air::RuleSet& set : sets_)
    for (const air::Workplace& w : places)
      for (const air::Finding& f : air::evaluate(set, w, route)) {
        if (f.verdict == air::Verdict::not_applicable) continue;
        rows +=
            fmt::format("{},{},{:.17g},{},{},{},{},{},{},{},{},{},{},{}\n", csv_text(at.stage), at.number, at.time, csv_text(w.name), set.name,
                        csv_text(f.clause->name), f.clause->confidence == air::Confidence::read ? "read" : "recalled", verdicts[int(f.verdict)],
                        number(f.value), number(f.limit), number(f.margin), number(f.kelvin), number(f.power), csv_text(air::describe(set, w, f)));
      }
  if (!rows.empty())
    append(tables_[3], "stage,step,time [s],workplace,rule_set,clause,confidence,verdict,value,limit,margin,margin [K],margin [W],says", rows);
}

/// A line per cell of the air, points shared along an airway.
void AirTables::draw(const output::Step& at, const air::Air& air, const std::vector<air::Column>& columns) {
  const air::Graph& graph = air.graph();
  const air::Climate* climate = air.climate();
  std::string points, radius, connectivity, offsets, airway;
  std::vector<std::string> values(columns.size()), local(3);  // of the airway; temperature, wet bulb, wall of the cell
  size_t n_points = 0, n_lines = 0;
  for (size_t a = 0; a < graph.airway_names.size(); ++a) {
    const air::Airway& given = air.network().airways.entries[a].second;
    const Vector3 from = air.network().junctions.find(given.from)->at, to = air.network().junctions.find(given.to)->at;
    double total = 0, way = 0;
    for (size_t b = 0; b < graph.from.size(); ++b)
      if (size_t(graph.airway[b]) == a) total += graph.length[b];
    bool first = true;
    const auto point = [&](size_t b) {
      const double s = total > 0 ? std::min(1.0, way / total) : way;
      points +=
          fmt::format("{:.9g} {:.9g} {:.9g} ", from[0] + s * (to[0] - from[0]), from[1] + s * (to[1] - from[1]), from[2] + s * (to[2] - from[2]));
      radius += fmt::format("{:.4g} ", graph.section[b] > 0 ? std::sqrt(graph.section[b] / air::pi) : 1.0);
      ++n_points;
    };
    for (size_t b = 0; b < graph.from.size(); ++b) {
      if (size_t(graph.airway[b]) != a || (total > 0 && graph.length[b] == 0)) continue;
      const Index begin = climate ? climate->cell_begin[b] : 0, end = climate ? climate->cell_begin[b + 1] : 1;
      for (Index cell = begin; cell < end; ++cell) {
        if (first) point(b), first = false;
        way += total > 0 ? graph.length[b] / (end - begin) : 1.0 / (end - begin);
        point(b);
        connectivity += fmt::format("{} {} ", n_points - 2, n_points - 1);
        offsets += fmt::format("{} ", 2 * ++n_lines);
        airway += fmt::format("{} ", a);
        for (size_t k = 0; k < columns.size(); ++k) values[k] += fmt::format("{:.6g} ", columns[k].values[a]);
        if (!climate) continue;
        const size_t c = size_t(cell);
        const double share = (double(cell - begin) + 0.5) / (end - begin);
        const double p = (1 - share) * air.flow().pressure[size_t(graph.from[b])] + share * air.flow().pressure[size_t(graph.to[b])];
        const double t = climate->temperature[c], x = std::min(climate->humidity[c], air::saturation_humidity(t, p, climate->route()));
        local[0] += fmt::format("{:.6g} ", t - air::zero_celsius);
        local[1] += fmt::format("{:.6g} ", air::wet_bulb({t, p, x}, climate->route()) - air::zero_celsius);
        local[2] += fmt::format("{:.6g} ", climate->dry_wall[c] > 0 ? climate->dry_wall[c] - air::zero_celsius : NAN);
      }
    }
  }
  std::string text = "<?xml version=\"1.0\"?>\n<VTKFile type=\"PolyData\" version=\"0.1\" byte_order=\"LittleEndian\">\n<PolyData>\n";
  text += fmt::format("<Piece NumberOfPoints=\"{}\" NumberOfVerts=\"0\" NumberOfLines=\"{}\" NumberOfStrips=\"0\" NumberOfPolys=\"0\">\n", n_points,
                      n_lines);
  text += "<PointData Scalars=\"radius\">\n" + array("radius", "Float64", 1, radius) + "</PointData>\n<CellData>\n";
  text += array("airway", "Int32", 1, airway);
  if (climate) {
    text +=
        array("temperature", "Float64", 1, local[0]) + array("wet_bulb", "Float64", 1, local[1]) + array("wall_temperature", "Float64", 1, local[2]);
  }
  for (size_t k = 0; k < columns.size(); ++k) text += array(columns[k].name, "Float64", 1, values[k]);
  text += "</CellData>\n<Points>\n" + array("points", "Float64", 3, points) + "</Points>\n<Lines>\n";
  text += array("connectivity", "Int64", 1, connectivity) + array("offsets", "Int64", 1, offsets) + "</Lines>\n</Piece>\n</PolyData>\n</VTKFile>\n";
  output::replace_text(folder_ / step_file(case_name_, at.number), text);
  drawn_.insert(drawn_.end(), {double(at.number), at.time});
  std::string list = "<?xml version=\"1.0\"?>\n<VTKFile type=\"Collection\" version=\"0.1\">\n<Collection>\n";
  bool told_apart = true;  // readers show one of the steps that have the same time
  for (size_t i = 2; i < drawn_.size(); i += 2) told_apart = told_apart && drawn_[i + 1] > drawn_[i - 1];
  for (size_t i = 0; i < drawn_.size(); i += 2)
    list += fmt::format("<DataSet timestep=\"{:.17g}\" file=\"{}\"/>\n", told_apart ? drawn_[i + 1] / 86400 : drawn_[i],
                        step_file(case_name_, int(drawn_[i])));
  output::replace_text(folder_ / (case_name_ + "_airways.pvd"), list + "</Collection>\n</VTKFile>\n");
}

void AirTables::add(const output::Step& at, const air::Air& air, const air::Contaminants& contaminants, bool lines) {
  comm_.together([&] {
    if (!comm_.root()) return;
    const std::vector<air::Column> columns = joined(air.airways(), contaminants.airways());
    named(tables_[0], "airway", at, air.graph().airway_names, columns);
    named(tables_[1], "junction", at, air.network().junctions.names(), joined(air.junctions(), contaminants.junctions()));
    if (lines) draw(at, air, columns);
    if (air.network().workplaces.entries.empty()) return;
    const std::vector<air::Workplace> places = air::workplaces(air);
    named(tables_[2], "workplace", at, air.network().workplaces.names(), air::workplace_table(places, air.climate()->route()));
    judge(at, places, air.climate()->route());
  });
}

void AirTables::save(output::RestartWriter& restart) const {
  for (const Table& t : tables_) restart.value("air_tables/" + t.file, t.size);
  restart.array("air_tables/drawn", drawn_);
}

void AirTables::restore(output::RestartReader& restart) {
  for (Table& t : tables_) t.size = restart.value<std::int64_t>("air_tables/" + t.file);
  drawn_ = restart.array<double>("air_tables/drawn");
  comm_.together([&] {
    if (!comm_.root()) return;
    for (const Table& t : tables_) {
      if (t.size == 0) continue;
      output::DiskFile file(folder_ / t.file, output::DiskFile::Mode::write);
      if (file.size() < t.size)
        throw EnvironmentError("{}: not the table that the restart continues (edited, or of another run); start without --resume",
                               (folder_ / t.file).string());
      file.truncate(t.size);
      file.close();
    }
  });
}

}  // namespace winze::run
