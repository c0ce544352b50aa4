#include <cmath>
#include <cstring>

#include "geometry/plan.hpp"
#include "geometry/text_file.hpp"

namespace winze::geometry {
namespace {

constexpr std::size_t head = 84, record = 50;

std::uint32_t count_of(const std::string& bytes) {
  std::uint32_t n = 0;
  std::memcpy(&n, bytes.data() + 80, 4);  // little-endian, as every machine winze runs on
  return n;
}

Plan read_binary(const TextFile& file, const PlanUnits& units) {
  const std::string& bytes = file.bytes();
  const std::uint32_t n = count_of(bytes);
  if (n > most_faces) throw InputError("{}: {} faces; at most {}: split the file", file.path(), n, most_faces);
  if (n == 0) throw InputError("{}: the file holds no face", file.path());
  Plan plan;
  plan.layers = {""};
  double largest = 0;
  for (std::uint32_t f = 0; f < n; ++f) {
    std::array<float, 12> x;
    std::memcpy(x.data(), bytes.data() + head + record * f, sizeof x);
    for (int k = 0; k < 3; ++k) {
      const Vector3 corner = {x[3 + 3 * k], x[4 + 3 * k], x[5 + 3 * k]};
      if (!finite(corner)) throw InputError("{}: face {} has a corner that is not finite; export the file again", file.path(), f + 1);
      for (double c : corner) largest = std::max(largest, std::abs(c));
      plan.triangles.points.push_back(units.place(corner));
    }
    plan.triangles.faces.push_back({Index(3 * f), Index(3 * f + 1), Index(3 * f + 2)});
  }
  plan.face_layer.assign(n, 0);
  const double step = std::ldexp(largest, -23) * units.scale;  // between neighbouring single-precision numbers, at most
  const std::string text = fmt::format(
      "binary STL holds single precision: steps of {:.2g} m at coordinates of {:.3g} m; export ASCII STL or OBJ, or move the "
      "model near the origin first",
      step, largest * units.scale);
  if (step > 0.05) throw InputError("{}: {}", file.path(), text);
  if (step > 0.001) plan.notes.push_back(text);
  return plan;
}

Plan read_ascii(TextFile& file, const PlanUnits& units) {
  Plan plan;
  std::string_view line;
  int corners = -1;  // of the facet that is open; −1: none
  bool open = false;
  Vector3 x;
  while (file.next(line)) {
    const std::string key = lower(next_word(line));
    if (key.empty()) continue;
    if (key == "solid") {
      if (open) file.wrong("a solid begins inside another; 'endsolid' is missing above");
      open = true;
      plan.layers.emplace_back(trimmed(line));
    } else if (key == "endsolid") {
      if (!open || corners >= 0) file.wrong("'endsolid' where {}", open ? "a facet is not closed" : "no solid is open");
      open = false;
    } else if (key == "facet") {
      if (!open || corners >= 0) file.wrong("a facet begins {}", open ? "inside another; 'endfacet' is missing above" : "outside a solid");
      corners = 0;
    } else if (key == "vertex") {
      if (corners < 0) file.wrong("a vertex outside a facet");
      if (++corners > 3) file.wrong("a facet has three corners; this is the fourth");
      for (int d = 0; d < 3; ++d) x[d] = file.real(next_word(line), std::array{"x", "y", "z"}[d]);
      if (!trimmed(line).empty()) file.wrong("'{}' is left after three coordinates", shown(trimmed(line)));
      plan.triangles.points.push_back(units.place(x));
    } else if (key == "endfacet") {
      if (corners != 3) file.wrong("the facet has {} corners; it needs three", std::max(corners, 0));
      corners = -1;
      const Index n = Index(plan.triangles.points.size());
      plan.triangles.faces.push_back({n - 3, n - 2, n - 1});
      plan.face_layer.push_back(Index(plan.layers.size()) - 1);
      if (plan.triangles.faces.size() > most_faces) file.wrong("more than {} faces; split the file", most_faces);
    } else if (key != "outer" && key != "endloop") {
      file.wrong("'{}' is no word of an ASCII STL file", shown(key));
    }
  }
  if (open || corners >= 0) file.wrong("the file ends inside a {}; it is truncated: export it again", corners >= 0 ? "facet" : "solid");
  if (plan.triangles.faces.empty()) throw InputError("{}: the file holds no face", file.path());
  return plan;
}

}  // namespace

Plan read_stl(const std::string& path, const PlanUnits& units) {
  TextFile file(path);
  const std::string& bytes = file.bytes();
  const bool counted = bytes.size() >= head && bytes.size() == head + record * std::size_t(count_of(bytes));
  if (counted) return read_binary(file, units);
  const std::string_view start = trimmed(std::string_view(bytes).substr(0, 512));
  if (lower(start.substr(0, 5)) == "solid" && start.find('\0') == std::string_view::npos) return read_ascii(file, units);
  if (bytes.size() < head) throw InputError("{}: neither an ASCII STL file (it would begin with 'solid') nor a binary one (at least 84 bytes)", path);
  throw InputError("{}: a binary STL file of {} faces has {} bytes; this one has {}: it is truncated or no STL file", path, count_of(bytes),
                   head + record * std::size_t(count_of(bytes)), bytes.size());
}

}  // namespace winze::geometry
