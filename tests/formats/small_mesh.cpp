#include "small_mesh.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/comm.hpp"

namespace winze::mesh::formats {
namespace {

// Reference positions 0, 1, 2 of a hexahedron's nodes in Gmsh's order: vertices, edges, faces, centre ("Node ordering" in the reference manual).
using Place = std::array<int, 3>;
constexpr Place hex_vertices[8] = {{0, 0, 0}, {2, 0, 0}, {2, 2, 0}, {0, 2, 0}, {0, 0, 2}, {2, 0, 2}, {2, 2, 2}, {0, 2, 2}};
constexpr int hex_edges[12][2] = {{0, 1}, {0, 3}, {0, 4}, {1, 2}, {1, 5}, {2, 3}, {2, 6}, {3, 7}, {4, 5}, {4, 7}, {5, 6}, {6, 7}};
constexpr int hex_faces[6][4] = {{0, 3, 2, 1}, {0, 1, 5, 4}, {0, 4, 7, 3}, {1, 2, 6, 5}, {2, 3, 7, 6}, {4, 5, 6, 7}};
constexpr int tet_edges[6][2] = {{0, 1}, {1, 2}, {2, 0}, {3, 0}, {3, 2}, {3, 1}};
// winze's order of the same, from the contract in mesh.hpp.
constexpr int winze_tet_edges[6][2] = {{0, 1}, {1, 2}, {0, 2}, {0, 3}, {1, 3}, {2, 3}};

Place mean(std::initializer_list<Place> places) {
  Place sum = {0, 0, 0};
  for (const Place& p : places)
    for (int d = 0; d < 3; ++d) sum[d] += p[d];
  for (int d = 0; d < 3; ++d) sum[d] /= int(places.size());
  return sum;
}
std::vector<Place> hex27_places() {
  std::vector<Place> places(hex_vertices, hex_vertices + 8);
  for (const auto& e : hex_edges) places.push_back(mean({hex_vertices[e[0]], hex_vertices[e[1]]}));
  for (const auto& f : hex_faces) places.push_back(mean({hex_vertices[f[0]], hex_vertices[f[1]], hex_vertices[f[2]], hex_vertices[f[3]]}));
  places.push_back({1, 1, 1});
  return places;
}

// A sheared and curved map of hexahedron `cell` (0 or 1, side by side along x).
Vector3 hex_point(int cell, const Place& p) {
  const double x = 2 * cell + p[0], y = p[1], z = p[2];
  return {x + 0.125 * y, y + 0.0625 * x * x, z - 0.25 * x};
}
// Two tetrahedra that share the face 1, 2, 3 of these points.
constexpr Vector3 tet_points[5] = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 1.5}};
constexpr int tets[2][4] = {{0, 1, 2, 3}, {1, 4, 2, 3}};
Vector3 tet_middle(int a, int b) {
  Vector3 m;
  for (int d = 0; d < 3; ++d) m[d] = (tet_points[a][d] + tet_points[b][d]) / 2;
  m[0] += 0.0625 * (a + b);  // off the straight edge, the same for both cells
  return m;
}

// The coordinates of a cell's nodes in winze's order.
std::vector<Vector3> winze_cell(Shape shape, int cell) {
  std::vector<Vector3> points;
  if (shape == Shape::hex8 || shape == Shape::hex27) {
    const int step = shape == Shape::hex8 ? 2 : 1;
    for (int k = 0; k < 3; k += step)
      for (int j = 0; j < 3; j += step)
        for (int i = 0; i < 3; i += step) points.push_back(hex_point(cell, {i, j, k}));
  } else {
    for (int v : tets[cell]) points.push_back(tet_points[v]);
    if (shape == Shape::tet10)
      for (const auto& e : winze_tet_edges) points.push_back(tet_middle(tets[cell][e[0]], tets[cell][e[1]]));
  }
  return points;
}
std::vector<Vector3> gmsh_cell(Shape shape, int cell) {
  std::vector<Vector3> points;
  if (shape == Shape::hex8 || shape == Shape::hex27) {
    const std::vector<Place> places = hex27_places();
    for (int k = 0; k < info(shape).n_nodes; ++k) points.push_back(hex_point(cell, places[k]));
  } else {
    for (int v : tets[cell]) points.push_back(tet_points[v]);
    if (shape == Shape::tet10)
      for (const auto& e : tet_edges) points.push_back(tet_middle(tets[cell][e[0]], tets[cell][e[1]]));
  }
  return points;
}
bool quadratic(Shape shape) { return shape == Shape::hex27 || shape == Shape::tet10; }
bool hexes(Shape shape) { return shape == Shape::hex8 || shape == Shape::hex27; }

class Bytes {
 public:
  explicit Bytes(bool binary) : binary_(binary) { text_.precision(17); }
  void text(const std::string& line) { text_ << line << '\n'; }
  void i4(std::int64_t v) { put(std::int32_t(v)); }
  void i8(std::int64_t v) { put(v); }
  void f8(double v) { put(v); }
  void end() {
    if (!binary_) text_ << '\n';
  }
  std::string str() const { return text_.str(); }
  bool binary() const { return binary_; }

 private:
  template <class T>
  void put(T v) {
    if (binary_)
      text_.write(reinterpret_cast<const char*>(&v), sizeof v);
    else
      text_ << v << ' ';
  }
  bool binary_;
  std::ostringstream text_;
};

void head(Bytes& out, const FileMesh& mesh, const std::string& version) {
  out.text("$MeshFormat");
  out.text(version + (out.binary() ? " 1 8" : " 0 8"));
  if (out.binary()) out.i4(1), out.text("");
  out.text("$EndMeshFormat");
  out.text("$PhysicalNames");
  out.text(std::to_string(mesh.names.size()));
  for (const auto& [key, name] : mesh.names) out.text(std::to_string(key.first) + " " + std::to_string(key.second) + " \"" + name + "\"");
  out.text("$EndPhysicalNames");
}
void section_end(Bytes& out, const std::string& name) { out.text((out.binary() ? "\n$End" : "$End") + name); }

}  // namespace

FileMesh two_cells(Shape shape) {
  FileMesh mesh;
  std::map<Vector3, std::int64_t> tags;
  const auto tag = [&](const Vector3& x) {
    const auto [it, fresh] = tags.try_emplace(x, 5000 - 7 * std::int64_t(tags.size()));
    if (fresh) mesh.nodes.emplace_back(it->second, x);
    return it->second;
  };
  const auto element = [&](int type, int dimension, int entity, const std::vector<Vector3>& points) {
    FileElement e{type, dimension, entity, {}};
    for (const Vector3& x : points) e.nodes.push_back(tag(x));
    mesh.elements.push_back(e);
  };
  const std::vector<Vector3> first = gmsh_cell(shape, 0), second = gmsh_cell(shape, 1);
  const bool hex = hexes(shape), curved = quadratic(shape);
  mesh.nodes.emplace_back(9, Vector3{100, 100, 100});  // no cell's
  element(curved ? 8 : 1, 1, 11, curved ? std::vector<Vector3>{first[0], first[1], first[hex ? 8 : 4]} : std::vector<Vector3>{first[0], first[1]});
  // The face ξ = 0 of hexahedron 0, the face 0 1 2 of tetrahedron 0, and a face without a group.
  std::vector<int> face = hex ? std::vector<int>{0, 4, 7, 3, 10, 17, 15, 9, 22} : std::vector<int>{0, 1, 2, 4, 5, 6};
  std::vector<int> other = hex ? std::vector<int>{0, 3, 2, 1, 9, 13, 11, 8, 20} : std::vector<int>{0, 1, 3, 4, 9, 7};
  if (!curved) face.resize(hex ? 4 : 3), other.resize(hex ? 4 : 3);
  const int face_type = hex ? (curved ? 10 : 3) : (curved ? 9 : 2), cell_type = hex ? (curved ? 12 : 5) : (curved ? 11 : 4);
  const auto points = [&](const std::vector<int>& local) {
    std::vector<Vector3> x;
    for (int k : local) x.push_back(first[k]);
    return x;
  };
  element(face_type, 2, 21, points(face));
  element(face_type, 2, 22, points(other));
  element(cell_type, 3, 31, first);
  element(cell_type, 3, 32, second);
  mesh.group = {{{2, 21}, 5}, {{3, 31}, 7}, {{3, 32}, 3}};
  mesh.names = {{{2, 5}, "wall"}, {{3, 7}, "upper rock"}, {{3, 3}, "shaft"}, {{3, 8}, "never used"}};
  return mesh;
}

std::string msh_2(const FileMesh& mesh, bool binary) {
  Bytes out(binary);
  head(out, mesh, "2.2");
  out.text("$Nodes");
  out.text(std::to_string(mesh.nodes.size()));
  for (const auto& [tag, x] : mesh.nodes) out.i4(tag), out.f8(x[0]), out.f8(x[1]), out.f8(x[2]), out.end();
  section_end(out, "Nodes");
  out.text("$Elements");
  out.text(std::to_string(mesh.elements.size()));
  for (std::size_t i = 0; i < mesh.elements.size(); ++i) {
    const FileElement& e = mesh.elements[i];
    const auto group = mesh.group.find({e.dimension, e.entity});
    if (!binary) out.i4(i + 1);
    out.i4(e.type);
    if (binary) out.i4(1);
    out.i4(2);
    if (binary) out.i4(i + 1);
    out.i4(group == mesh.group.end() ? 0 : group->second), out.i4(e.entity);
    for (std::int64_t n : e.nodes) out.i4(n);
    out.end();
  }
  section_end(out, "Elements");
  return out.str();
}

std::string msh_4(const FileMesh& mesh, bool binary) {
  Bytes out(binary);
  head(out, mesh, "4.1");
  std::array<std::vector<int>, 4> entities;
  for (const FileElement& e : mesh.elements) entities[e.dimension].push_back(e.entity);
  out.text("$Entities");
  for (const auto& list : entities) out.i8(list.size());
  out.end();
  for (int d = 1; d < 4; ++d)
    for (int entity : entities[d]) {
      out.i4(entity);
      for (int k = 0; k < 6; ++k) out.f8(k < 3 ? 0 : 1);
      const auto group = mesh.group.find({d, entity});
      out.i8(group != mesh.group.end());
      if (group != mesh.group.end()) out.i4(d == 2 ? -group->second : group->second);  // Gmsh writes reversed surfaces with a minus
      out.i8(0);
      out.end();
    }
  section_end(out, "Entities");
  // Two blocks of nodes, the first with parameters of a surface.
  const std::size_t n = mesh.nodes.size(), half = n / 2;
  out.text("$Nodes");
  out.i8(2), out.i8(n), out.i8(1), out.i8(5000), out.end();
  for (int block = 0; block < 2; ++block) {
    const std::size_t begin = block ? half : 0, end = block ? n : half;
    out.i4(block ? 3 : 2), out.i4(block ? 31 : 21), out.i4(!block), out.i8(end - begin), out.end();
    for (std::size_t i = begin; i < end; ++i) out.i8(mesh.nodes[i].first), out.end();
    for (std::size_t i = begin; i < end; ++i) {
      for (double c : mesh.nodes[i].second) out.f8(c);
      if (!block) out.f8(0.5), out.f8(0.25);
      out.end();
    }
  }
  section_end(out, "Nodes");
  out.text("$Elements");
  out.i8(mesh.elements.size()), out.i8(mesh.elements.size()), out.i8(1), out.i8(mesh.elements.size()), out.end();
  for (std::size_t i = 0; i < mesh.elements.size(); ++i) {
    const FileElement& e = mesh.elements[i];
    out.i4(e.dimension), out.i4(e.entity), out.i4(e.type), out.i8(1), out.end();
    out.i8(i + 1);
    for (std::int64_t tag : e.nodes) out.i8(tag);
    out.end();
  }
  section_end(out, "Elements");
  return out.str();
}

Contents expected(Shape shape) {
  Contents all{shape, {}, {}, {"shaft", "upper rock"}, {"wall"}};
  all.cells = {{"shaft", winze_cell(shape, 1)}, {"upper rock", winze_cell(shape, 0)}};
  const std::vector<Vector3> first = gmsh_cell(shape, 0);
  std::vector<Vector3> face;
  for (int v : hexes(shape) ? std::vector<int>{0, 4, 7, 3} : std::vector<int>{0, 1, 2}) face.push_back(first[v]);
  std::sort(face.begin(), face.end());
  all.faces = {{"wall", face}};
  return all;
}

Contents contents(const Comm& comm, const RawMesh& mesh) {
  const std::vector<double> points = comm.all_gather(mesh.points);
  const std::vector<GlobalIndex> nodes = comm.all_gather(mesh.cell_nodes);
  const std::vector<std::int32_t> region = comm.all_gather(mesh.cell_region);
  std::vector<GlobalIndex> my_faces;
  for (const auto& f : mesh.faces) {
    my_faces.push_back(f.surface);
    my_faces.insert(my_faces.end(), f.vertices.begin(), f.vertices.end());
  }
  const std::vector<GlobalIndex> faces = comm.all_gather(my_faces);
  const auto at = [&](GlobalIndex n) { return Vector3{points.at(3 * n), points.at(3 * n + 1), points.at(3 * n + 2)}; };
  Contents all{mesh.shape, {}, {}, mesh.region_names, mesh.surface_names};
  const std::size_t width = info(mesh.shape).n_nodes;
  for (std::size_t c = 0; c < region.size(); ++c) {
    std::vector<Vector3> x;
    for (std::size_t k = 0; k < width; ++k) x.push_back(at(nodes.at(c * width + k)));
    all.cells.emplace_back(mesh.region_names.at(region[c]), x);
  }
  for (std::size_t f = 0; f < faces.size(); f += 5) {
    std::vector<Vector3> x;
    for (int k = 1; k < 5; ++k)
      if (faces[f + k] >= 0) x.push_back(at(faces[f + k]));
    std::sort(x.begin(), x.end());
    all.faces.emplace_back(mesh.surface_names.at(faces[f]), x);
  }
  std::sort(all.cells.begin(), all.cells.end());
  std::sort(all.faces.begin(), all.faces.end());
  return all;
}

const std::filesystem::path& folder() {
  struct Folder {
    std::filesystem::path path;
    bool root = Comm::world().root();
    Folder() {
      const std::string name = Comm::world().broadcast("winze_formats_" + std::to_string(getpid()));
      path = std::filesystem::temp_directory_path() / name;
      if (root) std::filesystem::create_directories(path);
    }
    ~Folder() {
      std::error_code ignored;
      if (root) std::filesystem::remove_all(path, ignored);
    }
  };
  static const Folder one;
  return one.path;
}

std::string write_file(const std::string& name, const std::string& bytes) {
  const std::string path = folder() / name;
  if (Comm::world().root()) std::ofstream(path, std::ios::binary) << bytes;
  Comm::world().all(true);
  return path;
}

}  // namespace winze::mesh::formats
