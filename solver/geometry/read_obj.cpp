#include <array>
#include <charconv>

#include "geometry/plan.hpp"
#include "geometry/text_file.hpp"

namespace winze::geometry {

Plan read_obj(const std::string& path, const PlanUnits& units) {
  static constexpr std::array skipped = {"vt", "vn", "vp", "mtllib", "usemtl", "s", "p", "usemap", "maplib", "lod", "mg", "shadow_obj", "trace_obj"};
  TextFile file(path);
  Plan plan;
  Index layer = -1;
  const auto enter = [&](std::string_view name) {
    for (std::size_t i = 0; i < plan.layers.size(); ++i)
      if (plan.layers[i] == name) return layer = Index(i), void();
    layer = Index(plan.layers.size());
    plan.layers.emplace_back(name);
  };
  const auto corner = [&](std::string_view word) {
    const long long given = file.integer(word.substr(0, word.find('/')), "the number of a corner");
    const long long n = (long long)(plan.triangles.points.size()), at = given > 0 ? given - 1 : n + given;
    if (given == 0 || at < 0 || at >= n) file.wrong("corner {} is named, and {} are defined above; corners count from 1, or back from -1", given, n);
    return Index(at);
  };
  std::string_view line;
  std::string together;  // of lines that end in a backslash
  std::vector<Index> polygon;
  while (file.next(line)) {
    if (!line.empty() && line.back() == '\\') {
      together.append(line.substr(0, line.size() - 1)) += ' ';
      if (together.size() > TextFile::longest_line) file.wrong("a continued line of more than 1 MiB");
      continue;
    }
    const std::string whole = together.empty() ? std::string() : together + std::string(line);
    if (!together.empty()) line = whole, together.clear();
    line = line.substr(0, line.find('#'));
    const std::string_view key = next_word(line);
    if (key.empty()) continue;
    if (key == "v") {
      Vector3 x;
      for (int d = 0; d < 3; ++d) x[d] = file.real(next_word(line), std::array{"x", "y", "z"}[d]);
      if (plan.triangles.points.size() >= most_faces) file.wrong("more than {} corners; split the file", most_faces);
      plan.triangles.points.push_back(units.place(x));
    } else if (key == "f" || key == "l") {
      polygon.clear();
      for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) polygon.push_back(corner(word));
      if (polygon.size() < (key == "f" ? 3u : 2u))
        file.wrong("a {} needs at least {} corners; it has {}", key == "f" ? "face" : "line", key == "f" ? 3 : 2, polygon.size());
      if (layer < 0) enter("");
      if (key == "f") {
        append_polygon(plan.triangles.points, polygon, plan.triangles.faces);
        plan.face_layer.resize(plan.triangles.faces.size(), layer);
        if (plan.triangles.faces.size() > most_faces) file.wrong("more than {} faces; split the file", most_faces);
      } else {
        PlanLine& l = plan.lines.emplace_back();
        l.name = plan.layers[std::size_t(layer)];
        for (Index p : polygon) l.points.push_back(plan.triangles.points[p]);
      }
    } else if (key == "o" || key == "g") {
      enter(trimmed(line));
    } else if (std::find(skipped.begin(), skipped.end(), key) == skipped.end()) {
      file.wrong("'{}' is no statement of an OBJ file; is this one?", shown(key));
    }
  }
  if (plan.triangles.faces.empty() && plan.lines.empty()) throw InputError("{}: there is no face (f) and no line (l) in the file", path);
  return plan;
}

}  // namespace winze::geometry
