#include "geometry/plan.hpp"

#include <algorithm>

#include "geometry/text_file.hpp"

namespace winze::geometry {

Triangles Plan::layer(const std::string& name) const {
  if (name.empty()) return triangles;
  const auto found = std::find(layers.begin(), layers.end(), name);
  if (found == layers.end()) {
    std::string all;
    for (const std::string& l : layers)
      if (all.size() < 200) all += (all.empty() ? "" : ", ") + shown(l);
    throw InputError("there is no layer '{}'; the file has: {}", shown(name), all);
  }
  Triangles out{triangles.points, {}};
  for (std::size_t f = 0; f < triangles.faces.size(); ++f)
    if (face_layer[f] == Index(found - layers.begin())) out.faces.push_back(triangles.faces[f]);
  return out;
}

Plan read_plan(const std::string& path, const PlanUnits& units) {
  const std::string ending = lower(path.substr(std::min(path.rfind('.'), path.size())));
  if (ending == ".obj") return read_obj(path, units);
  if (ending == ".stl") return read_stl(path, units);
  if (ending == ".dxf") return read_dxf(path, units);
  if (ending == ".csv") {
    Plan plan;
    plan.lines = read_polylines_csv(path, units);
    return plan;
  }
  throw InputError("{}: plan files end in .obj, .stl, .dxf or .csv; convert this one", path);
}

std::vector<PlanLine> read_polylines_csv(const std::string& path, const PlanUnits& units) {
  CsvFile csv(path);
  const int name = csv.need({"name", "id", "drive", "line", "string"});
  const int x = csv.need({"x", "easting", "east", "e"}), y = csv.need({"y", "northing", "north", "n"});
  const int z = csv.need({"z", "elevation", "rl", "level"});
  std::vector<PlanLine> lines;
  std::vector<int> begins;
  const auto end_line = [&] {
    if (lines.empty()) return;
    const PlanLine& line = lines.back();
    if (line.points.size() < 2)
      throw InputError("{}:{}: line '{}' has a single point; a line needs at least two", path, begins.back(), shown(line.name));
    std::vector<double> steps;
    for (std::size_t i = 1; i < line.points.size(); ++i) steps.push_back(norm(line.points[i] - line.points[i - 1]));
    const std::size_t worst = std::size_t(std::max_element(steps.begin(), steps.end()) - steps.begin());
    const double longest = steps[worst];
    std::nth_element(steps.begin(), steps.begin() + std::ptrdiff_t(steps.size() / 2), steps.end());
    const double median = steps[steps.size() / 2];
    if (longest > 100 && longest > 50 * median)
      throw InputError("{}:{}: line '{}' jumps by {:.1f} m after its point {}, where its steps are {:.1f} m; is a digit wrong or a point missing?",
                       path, begins.back(), shown(line.name), longest, worst + 1, median);
  };
  while (csv.next()) {
    const std::string called(csv.text(name));
    if (called.empty()) csv.file.wrong("the name of the line is missing");
    if (lines.empty() || lines.back().name != called) {
      end_line();
      for (const PlanLine& line : lines)
        if (line.name == called)
          csv.file.wrong("line '{}' goes on here after '{}'; keep its points together", shown(called), shown(lines.back().name));
      lines.push_back({called, {}, false});
      begins.push_back(csv.file.line_number());
    }
    const Vector3 point = units.place({csv.real(x), csv.real(y), csv.real(z)});
    if (lines.back().points.empty() || norm(point - lines.back().points.back()) > 1e-6) lines.back().points.push_back(point);
  }
  end_line();
  if (lines.empty()) throw InputError("{}: there is no row below the names of columns", path);
  return lines;
}

}  // namespace winze::geometry
