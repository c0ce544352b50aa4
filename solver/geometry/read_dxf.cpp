#include <algorithm>
#include <map>
#include <numbers>

#include "geometry/plan.hpp"
#include "geometry/text_file.hpp"

namespace winze::geometry {
namespace {

struct Group {
  int code = 0;
  std::string_view value;
};

/// One entity at a time: its groups, from a code 0 to the next.
class DxfFile {
 public:
  explicit DxfFile(const std::string& path) : file(path) {
    if (file.bytes().rfind("AutoCAD Binary DXF", 0) == 0) throw InputError("{}: a binary DXF file; save it as ASCII DXF", path);
  }

  TextFile file;
  std::string_view kind;          ///< value of the code 0 that began it
  std::vector<Group> groups;      ///< what follows
  std::vector<int> line_numbers;  ///< of each group
  int began = 0;

  bool next() {
    if (!ahead_ && !read(kind_ahead_)) return false;
    if (kind_ahead_.code != 0) file.wrong("group code 0 must stand here; it is {}: the pairs of code and value are out of step", kind_ahead_.code);
    kind = kind_ahead_.value;
    began = file.line_number();
    groups.clear();
    line_numbers.clear();
    ahead_ = false;
    for (Group g; read(g);) {
      if (g.code == 0) {
        kind_ahead_ = g;
        ahead_ = true;
        break;
      }
      if (g.code == 999) continue;  // a comment
      groups.push_back(g);
      line_numbers.push_back(file.line_number());
    }
    return true;
  }

  [[noreturn]] void wrong(const std::string& text) const { throw InputError("{}:{}: {}: {}", file.path(), began, shown(kind), text); }
  double real(const Group& g) const { return file.real(g.value, "a coordinate"); }
  int whole(int code, int otherwise) const {
    for (const Group& g : groups)
      if (g.code == code) return int(std::clamp(file.integer(g.value, "a count or flag"), -1000000000LL, 1000000000LL));
    return otherwise;
  }
  double number(int code, double otherwise) const {
    for (const Group& g : groups)
      if (g.code == code) return real(g);
    return otherwise;
  }
  std::string text(int code) const {
    for (const Group& g : groups)
      if (g.code == code) return std::string(g.value);
    return "";
  }
  bool has(int code) const {
    return std::any_of(groups.begin(), groups.end(), [&](const Group& g) { return g.code == code; });
  }
  Vector3 point(int code) const {
    if (!has(code) || !has(code + 10)) wrong(fmt::format("coordinates {} and {} are missing", code, code + 10));
    return {number(code, 0), number(code + 10, 0), number(code + 20, 0)};
  }

 private:
  bool read(Group& g) {
    std::string_view line;
    do {
      if (!file.next(line)) return false;
    } while (line.empty());
    g.code = int(file.integer(line, "a group code"));
    if (!file.next(line)) file.wrong("the file ends after a group code; it is truncated: export it again");
    g.value = line;
    return true;
  }
  Group kind_ahead_;
  bool ahead_ = false;
};

class DxfReader {
 public:
  DxfReader(const std::string& path, const PlanUnits& units) : dxf_(path), units_(units) {}

  Plan read() {
    std::string section;
    bool ended = false;
    while (dxf_.next()) {
      if (dxf_.kind == "SECTION") {
        section = dxf_.text(2);
        if (section == "HEADER") header();
      } else if (dxf_.kind == "ENDSEC") {
        finish();
        section.clear();
      } else if (dxf_.kind == "EOF") {
        ended = true;
      } else if (section == "ENTITIES") {
        entity();
      }
    }
    if (!ended) dxf_.file.wrong("the file ends without EOF; it is truncated: export it again");
    if (open_) dxf_.file.wrong("a POLYLINE has no SEQEND");
    std::string left;
    for (const auto& [kind, n] : skipped_) left += fmt::format("{}{} {}", left.empty() ? "" : ", ", n, shown(kind));
    if (plan_.triangles.faces.empty() && plan_.lines.empty())
      throw InputError("{}: no 3DFACE, polyface mesh, POLYLINE, LWPOLYLINE or LINE in the file{}; explode blocks and export faces or lines",
                       dxf_.file.path(), left.empty() ? "" : " (it has " + left + ")");
    if (!left.empty()) plan_.notes.push_back("not read: " + left);
    return std::move(plan_);
  }

 private:
  struct Open {  ///< a POLYLINE that waits for its SEQEND
    int flags, m, n;
    Index layer;
    std::vector<Vector3> points;
    std::vector<double> bulges;
    std::vector<std::vector<Index>> faces;
  };

  void header() {
    static constexpr std::pair<int, double> known[] = {{1, 0.0254}, {2, 0.3048}, {4, 1e-3}, {5, 1e-2}, {6, 1}, {7, 1e3}};
    for (std::size_t i = 0; i + 1 < dxf_.groups.size(); ++i)
      if (dxf_.groups[i].code == 9 && dxf_.groups[i].value == "$INSUNITS")
        for (const auto& [code, metres] : known)
          if (dxf_.file.integer(dxf_.groups[i + 1].value, "$INSUNITS") == code && std::abs(metres - units_.scale) > 1e-9)
            plan_.notes.push_back(fmt::format("the file says that its unit is {} m; it is read with {} m", metres, units_.scale));
  }

  Index layer() {
    const std::string name = dxf_.text(8);
    const auto found = std::find(plan_.layers.begin(), plan_.layers.end(), name);
    if (found != plan_.layers.end()) return Index(found - plan_.layers.begin());
    plan_.layers.push_back(name);
    return Index(plan_.layers.size()) - 1;
  }

  void finish() {
    if (open_) dxf_.wrong("a POLYLINE before it has no SEQEND");
  }

  void entity() {
    const std::string_view kind = dxf_.kind;
    if (open_ && kind != "VERTEX" && kind != "SEQEND") dxf_.wrong("stands inside a POLYLINE, whose SEQEND is missing");
    if (kind == "3DFACE")
      face();
    else if (kind == "LINE")
      line();
    else if (kind == "LWPOLYLINE")
      light_polyline();
    else if (kind == "POLYLINE")
      open_polyline();
    else if (kind == "VERTEX")
      vertex();
    else if (kind == "SEQEND")
      close_polyline();
    else
      ++skipped_[std::string(kind)];
    if (plan_.triangles.faces.size() > most_faces || plan_.triangles.points.size() > 3 * most_faces)
      dxf_.wrong(fmt::format("more than {} faces; split the file", most_faces));
  }

  void add_face(std::span<const Index> corners, Index layer) {
    append_polygon(plan_.triangles.points, corners, plan_.triangles.faces);
    plan_.face_layer.resize(plan_.triangles.faces.size(), layer);
  }

  void face() {
    const bool four = dxf_.has(13);
    std::vector<Index> corners;
    Vector3 last{};
    for (int k = 0; k < (four ? 4 : 3); ++k) {
      const Vector3 x = dxf_.point(10 + k);
      if (k == 3 && x == last) break;
      corners.push_back(Index(plan_.triangles.points.size()));
      plan_.triangles.points.push_back(units_.place(x));
      last = x;
    }
    add_face(corners, layer());
  }

  void line() {
    const Vector3 a = units_.place(dxf_.point(10)), b = units_.place(dxf_.point(11));
    const std::string& name = plan_.layers[std::size_t(layer())];
    if (last_was_line_ && plan_.lines.back().name == name && norm(plan_.lines.back().points.back() - a) < 1e-6) {
      plan_.lines.back().points.push_back(b);
    } else {
      plan_.lines.push_back({name, {a, b}, false});
    }
    last_was_line_ = true;
  }

  void add_line(const std::vector<Vector3>& points, const std::vector<double>& bulges, bool closed, Index layer) {
    last_was_line_ = false;
    if (points.size() < 2) dxf_.wrong(fmt::format("a polyline needs at least two points; it has {}", points.size()));
    PlanLine out{plan_.layers[std::size_t(layer)], {}, closed};
    for (std::size_t i = 0; i < points.size(); ++i) {
      out.points.push_back(units_.place(points[i]));
      const bool last = i + 1 == points.size();
      if (bulges[i] == 0 || (last && !closed)) continue;
      const Vector3 &a = points[i], &b = points[last ? 0 : i + 1];  // an arc in plan; bulge = tan(angle / 4), anticlockwise positive
      const double angle = 4 * std::atan(bulges[i]), half_x = 0.5 * (b[0] - a[0]), half_y = 0.5 * (b[1] - a[1]);
      const double off = (1 - bulges[i] * bulges[i]) / (2 * bulges[i]);
      const Vector3 centre = {a[0] + half_x - off * half_y, a[1] + half_y + off * half_x, 0};
      const int n = int(std::ceil(std::abs(angle) * 18 / std::numbers::pi));
      for (int k = 1; k < n; ++k) {
        const double t = angle * k / n, c = std::cos(t), s = std::sin(t), dx = a[0] - centre[0], dy = a[1] - centre[1];
        out.points.push_back(units_.place({centre[0] + c * dx - s * dy, centre[1] + s * dx + c * dy, a[2] + (b[2] - a[2]) * k / n}));
      }
    }
    plan_.lines.push_back(std::move(out));
  }

  void check_upright() const {
    if (dxf_.number(230, 1) < 0.999999) dxf_.wrong("its own coordinate system is not the world's (extrusion 210-230); export as 3-D polyline");
  }

  void light_polyline() {
    check_upright();
    const double z = dxf_.number(38, 0);
    std::vector<Vector3> points;
    std::vector<double> bulges;
    for (const Group& g : dxf_.groups) {
      if (g.code == 10) points.push_back({dxf_.real(g), 0, z}), bulges.push_back(0);
      if (points.empty()) continue;
      if (g.code == 20) points.back()[1] = dxf_.real(g);
      if (g.code == 42) bulges.back() = dxf_.real(g);
    }
    if (const int said = dxf_.whole(90, int(points.size())); said != int(points.size()))
      dxf_.wrong(fmt::format("it says {} points and has {}; the file is damaged", said, points.size()));
    add_line(points, bulges, dxf_.whole(70, 0) & 1, layer());
  }

  void open_polyline() {
    const int flags = dxf_.whole(70, 0);
    if ((flags & (8 | 16 | 64)) == 0) check_upright();
    open_ = true;
    poly_ = {flags, dxf_.whole(71, 0), dxf_.whole(72, 0), layer(), {}, {}, {}};
  }

  void vertex() {
    if (!open_) dxf_.wrong("stands outside a POLYLINE");
    const int flags = dxf_.whole(70, 0);
    if ((poly_.flags & 64) && (flags & 128) && !(flags & 64)) {
      std::vector<Index>& f = poly_.faces.emplace_back();
      for (int code = 71; code <= 74; ++code)
        if (const int corner = std::abs(dxf_.whole(code, 0)); corner != 0) f.push_back(Index(corner - 1));
      if (f.size() < 3) dxf_.wrong(fmt::format("a face needs at least three corners; it has {}", f.size()));
      return;
    }
    if (flags & 16) return;  // a control point of a spline frame
    poly_.points.push_back(dxf_.point(10));
    poly_.bulges.push_back(poly_.flags & (8 | 16 | 64) ? 0 : dxf_.number(42, 0));
  }

  void close_polyline() {
    if (!open_) dxf_.wrong("stands outside a POLYLINE");
    open_ = false;
    const Index first = Index(plan_.triangles.points.size()), n_points = Index(poly_.points.size());
    if (poly_.flags & (16 | 64))
      for (const Vector3& x : poly_.points) plan_.triangles.points.push_back(units_.place(x));
    if (poly_.flags & 64) {
      for (std::vector<Index>& f : poly_.faces) {
        for (Index& p : f) {
          if (p >= n_points) dxf_.wrong(fmt::format("a face of the polyface mesh names corner {} of {}", p + 1, n_points));
          p += first;
        }
        add_face(f, poly_.layer);
      }
    } else if (poly_.flags & 16) {
      const Index m = poly_.m, n = poly_.n;
      if (m < 2 || n < 2 || std::int64_t(m) * n != n_points) dxf_.wrong(fmt::format("a mesh of {} × {} corners has {}", m, n, n_points));
      for (Index i = 0; i < m - !(poly_.flags & 1); ++i)
        for (Index j = 0; j < n - !(poly_.flags & 32); ++j) {
          const Index next_i = (i + 1) % m, next_j = (j + 1) % n;
          add_face(std::array{first + i * n + j, first + next_i * n + j, first + next_i * n + next_j, first + i * n + next_j}, poly_.layer);
        }
    } else {
      add_line(poly_.points, poly_.bulges, poly_.flags & 1, poly_.layer);
    }
  }

  DxfFile dxf_;
  PlanUnits units_;
  Plan plan_;
  bool open_ = false, last_was_line_ = false;
  Open poly_{};
  std::map<std::string, int> skipped_;
};

}  // namespace

Plan read_dxf(const std::string& path, const PlanUnits& units) { return DxfReader(path, units).read(); }

}  // namespace winze::geometry
