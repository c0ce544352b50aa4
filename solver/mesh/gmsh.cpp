#include "mesh/gmsh.hpp"

#include <cmath>
#include <new>

#include "base/error.hpp"
#include "mesh/gmsh_deal.hpp"
#include "mesh/gmsh_file.hpp"
#include "mesh/gmsh_groups.hpp"
#include "mesh/gmsh_nodes.hpp"
#include "mesh/gmsh_types.hpp"

namespace winze::mesh {
namespace {

constexpr const char* rewrite = "convert it: gmsh FILE -save -format msh41 -o OUT.msh";

/// Root's reader of one file.
class GmshReader {
 public:
  GmshReader(const std::string& path, double scale, Deal& deal) : file_(path), scale_(scale), deal_(deal), path_(path) {}

  void read() {
    if (file_.at_end()) throw EnvironmentError("mesh file {} is empty", path_);
    while (!file_.at_end()) {
      const std::string section(file_.line());
      if (section == "$MeshFormat") {
        format();
      } else if (section == "$NOD" || section == "$ELM") {
        file_.wrong(fmt::format("this is MSH version 1; winze reads 2.2 and 4.1: {}", rewrite));
      } else if (section.empty() || section[0] != '$') {
        file_.wrong(fmt::format("'{}' where a section such as $MeshFormat or $Nodes should begin", shown(section)));
      } else if (version_ == 0 && section != "$Comments") {
        file_.wrong(fmt::format("{} comes before $MeshFormat", shown(section)));
      } else if (section == "$PhysicalNames") {
        groups.read_names(file_);
      } else if (section == "$Entities") {
        groups.read_entities(file_);
      } else if (section == "$PartitionedEntities") {
        partitioned();
      } else if (section == "$ParametricNodes") {
        file_.wrong("parametric nodes; write the mesh with Mesh.SaveParametric = 0");
      } else if (section == "$Nodes") {
        nodes();
      } else if (section == "$Elements") {
        elements();
        expect_end(section);
        if (!shape_.from)
          file_.wrong(
              "no three-dimensional elements; mesh with gmsh -3, and give every volume a Physical Volume: once there is any physical group, Gmsh "
              "writes only the elements of groups");
        return;  // what follows (periodic links, post-processing data) is not needed
      } else {
        skip(section);
        continue;
      }
      expect_end(section);
    }
    throw EnvironmentError("mesh file {} ends without an $Elements section; it is truncated: write or copy it again", path_);
  }

  GmshGroups groups;
  GlobalIndex n_nodes() const { return numbers_.size(); }
  Shape shape() const { return shape_.shape; }

 private:
  void expect_end(const std::string& section) {
    const std::string end = "$End" + section.substr(1);
    const std::string found(file_.line());
    if (found != end)
      file_.wrong(fmt::format("{} expected, '{}' found: the counts of the section do not agree with what it holds", end, shown(found)));
  }
  void skip(const std::string& section) {
    const std::string end = "$End" + section.substr(1);
    while (file_.line() != end) continue;
  }
  [[noreturn]] void partitioned() {
    file_.wrong(
        "the mesh is partitioned; winze partitions by itself: save it without partitions (Mesh > Unpartition, or no -part on the command line)");
  }

  void format() {
    const std::string line(file_.line());
    char version[16];
    int binary, data_size;
    if (std::sscanf(line.c_str(), "%15s %d %d", version, &binary, &data_size) != 3)
      file_.wrong(fmt::format("'{}' where version, file type and data size should be, such as 4.1 0 8", shown(line)));
    const std::string_view v = version;
    if (v == "2.2" || v == "2.1" || v == "2" || v == "2.0")
      version_ = 2;
    else if (v == "4.1")
      version_ = 4;
    else
      file_.wrong(fmt::format("MSH version {}; winze reads 2.2 and 4.1: {}", shown(v), rewrite));
    if (data_size != 8) file_.wrong(fmt::format("data size {}; winze reads files of data size 8", data_size));
    if (binary != 0 && binary != 1) file_.wrong(fmt::format("file type {}; 0 is ASCII, 1 is binary", binary));
    file_.binary = binary == 1;
    if (file_.binary && file_.int32("the mark of the byte order") != 1)
      file_.wrong(fmt::format("the bytes are in the order of another kind of machine, or the file is damaged; there, {}", rewrite));
  }

  void node(std::int64_t tag, const Vector3& x) {
    for (double c : x)
      if (!std::isfinite(c * scale_)) file_.wrong(fmt::format("node {} has a coordinate that is not a finite number", tag));
    deal_.point({x[0] * scale_, x[1] * scale_, x[2] * scale_});
  }
  Vector3 coordinates() {
    const double x = file_.real("coordinate x"), y = file_.real("coordinate y"), z = file_.real("coordinate z");
    return {x, y, z};
  }

  void nodes() {
    if (numbers_.size() > 0) file_.wrong("a second $Nodes section");
    version_ == 2 ? nodes_2() : nodes_4();
    const std::int64_t bad = numbers_.close();
    if (bad > 0) file_.wrong(fmt::format("node tag {} occurs twice", bad));
    if (bad < 0) file_.wrong("a node tag is not positive");
  }
  std::int64_t begin_nodes(std::int64_t announced) {
    const std::int64_t n = file_.count("nodes", announced, 6, 28);
    if (n == 0) file_.wrong("the mesh has no nodes");
    numbers_.reserve(n);
    deal_.begin_points(n);
    return n;
  }
  std::int64_t text_count(const char* what) {
    const bool binary = std::exchange(file_.binary, false);
    file_.record();
    const std::int64_t n = file_.int64(what);
    file_.end_record();
    file_.binary = binary;
    return n;
  }

  void nodes_2() {
    const std::int64_t n = begin_nodes(text_count("the number of nodes"));
    for (std::int64_t i = 0; i < n; ++i) {
      file_.record();
      const std::int64_t tag = file_.int32("a node tag");
      numbers_.add(tag);
      node(tag, coordinates());
      file_.end_record();
    }
  }

  void nodes_4() {
    file_.record();
    std::int64_t blocks = file_.int64("the number of entity blocks"), n = file_.int64("the number of nodes");
    file_.int64("the lowest node tag"), file_.int64("the highest node tag");
    file_.end_record();
    n = begin_nodes(n);
    std::vector<std::int64_t> tags;
    for (; blocks > 0; --blocks) {
      file_.record();
      const int dimension = file_.int32("the dimension of an entity");
      file_.int32("the tag of an entity");
      const bool parametric = file_.int32("whether nodes are parametric") != 0;
      const std::int64_t in_block = file_.count("nodes of an entity", file_.int64("the number of nodes"), 6, 32);
      file_.end_record();
      if (dimension < 0 || dimension > 3) file_.wrong(fmt::format("an entity of dimension {}", dimension));
      n -= in_block;
      if (n < 0) file_.wrong("more nodes than the section announces");
      tags.clear();
      for (std::int64_t i = 0; i < in_block; ++i) {
        file_.record();
        numbers_.add(tags.emplace_back(file_.int64("a node tag")));
        file_.end_record();
      }
      for (std::int64_t tag : tags) {
        file_.record();
        node(tag, coordinates());
        for (int k = 0; parametric && k < dimension; ++k) file_.real("a parameter of a node");
        file_.end_record();
      }
    }
    if (n > 0) file_.wrong(fmt::format("{} nodes fewer than the section announces", n));
  }

  void elements() {
    if (numbers_.size() == 0) file_.wrong("$Elements comes before $Nodes, or $Nodes is missing");
    version_ == 2 ? elements_2() : elements_4();
  }
  const GmshType& type(std::int32_t number) {
    if (type_ && type_->number == number) return *type_;
    type_ = gmsh_type(number);
    if (!type_) file_.wrong(fmt::format("element type {} is unknown", number));
    return *type_;
  }

  void elements_2() {
    std::int64_t left = n_elements_ = file_.count("elements", text_count("the number of elements"), 8, 12);
    std::vector<std::int32_t> group;
    while (left > 0) {
      file_.record();
      std::int64_t tag = file_.binary ? 0 : file_.int32("an element tag");
      const GmshType& t = type(file_.int32("an element type"));
      const std::int64_t n = file_.binary ? file_.int32("the number of elements of a type") : 1;
      if (n < 1 || n > left) file_.wrong(fmt::format("{} elements of a type, where 1 to {} are left", n, left));
      const int n_tags = file_.int32("the number of tags");
      if (n_tags < 0 || n_tags > 1000) file_.wrong(fmt::format("an element with {} tags", n_tags));
      for (std::int64_t i = 0; i < n; ++i) {
        if (file_.binary) tag = file_.int32("an element tag");
        group.clear();
        for (int k = 0; k < n_tags; ++k) {
          const std::int32_t value = file_.int32("a tag of an element");
          if (k == 0 && value != 0) group.push_back(std::int32_t(std::abs(std::int64_t(value))));
          if (k == 2 && value > 0) partitioned();
        }
        read_nodes(t, [this] { return std::int64_t(file_.int32("a node of an element")); });
        element(t, tag, group);
        file_.end_record();
      }
      left -= n;
    }
  }

  void elements_4() {
    file_.record();
    std::int64_t blocks = file_.int64("the number of entity blocks");
    std::int64_t left = n_elements_ = file_.count("elements", file_.int64("the number of elements"), 4, 16);
    file_.int64("the lowest element tag"), file_.int64("the highest element tag");
    file_.end_record();
    for (; blocks > 0; --blocks) {
      file_.record();
      const int dimension = file_.int32("the dimension of an entity");
      const std::int32_t entity = file_.int32("the tag of an entity");
      const GmshType& t = type(file_.int32("an element type"));
      const std::int64_t in_block = file_.int64("the number of elements");
      file_.end_record();
      if (t.dimension != dimension) file_.wrong(fmt::format("{} in an entity of dimension {}", t.name, dimension));
      if (in_block < 0 || in_block > left) file_.wrong(fmt::format("{} elements of an entity, where {} are left", in_block, left));
      left -= in_block;
      const std::vector<std::int32_t>& group = groups.of_entity(dimension, entity);
      for (std::int64_t i = 0; i < in_block; ++i) {
        file_.record();
        const std::int64_t tag = file_.int64("an element tag");
        read_nodes(t, [this] { return file_.int64("a node of an element"); });
        element(t, tag, group);
        file_.end_record();
      }
    }
    if (left > 0) file_.wrong(fmt::format("{} elements fewer than the section announces", left));
  }

  template <class Next>
  void read_nodes(const GmshType& t, Next next) {
    for (int k = 0; k < t.n_nodes; ++k) nodes_[k] = next();
  }
  GlobalIndex number_of(std::int64_t element_tag, int k) {
    const GlobalIndex number = numbers_(nodes_[k]);
    if (number < 0) file_.wrong(fmt::format("element {} has node {}, which is not in $Nodes", element_tag, nodes_[k]));
    return number;
  }

  // nodes_ holds the file's tags of the element's nodes.
  void element(const GmshType& t, std::int64_t tag, const std::vector<std::int32_t>& group) {
    if (t.dimension == 2 && !group.empty()) {
      std::array<GlobalIndex, 4> vertices = {-1, -1, -1, -1};
      for (int k = 0; k < t.n_vertices; ++k) vertices[k] = number_of(tag, k);
      for (std::int32_t g : group) deal_.face(groups.surface(g), vertices);
    }
    if (t.dimension != 3) return;
    if (&t != cell_type_) begin_cells(t);
    if (group.empty())
      file_.wrong(fmt::format("element {}, one of the {}, has no physical group; give every volume one, such as Physical Volume(\"rock\") = {{1}};",
                              tag, t.name));
    if (group.size() > 1)
      file_.wrong(fmt::format("element {}, one of the {}, is in the physical volumes '{}' and '{}'; a cell has one region", tag, t.name,
                              groups.name(3, group[0]), groups.name(3, group[1])));
    GlobalIndex cell[27];
    for (int k = 0; k < t.n_nodes; ++k) cell[k] = number_of(tag, shape_.from[k]);
    deal_.cell(cell, groups.region(group[0]));
  }

  void begin_cells(const GmshType& t) {
    if (cell_type_)
      file_.wrong(fmt::format("{} and {} in one mesh; winze computes on one shape: all tetrahedra, or all hexahedra (transfinite and recombined)",
                              cell_type_->name, t.name));
    shape_ = gmsh_shape(t.number);
    if (!shape_.from) {
      const char* advice = t.n_vertices == 4 || t.n_vertices == 8
                               ? "set Mesh.ElementOrder = 1 or 2"
                               : "mesh all volumes with tetrahedra, or all with hexahedra (transfinite and recombined)";
      if (t.number == 17) advice = "set Mesh.SecondOrderIncomplete = 0, so that hexahedra have 27 nodes";
      file_.wrong(fmt::format("{}; winze reads tetrahedra of 4 or 10 nodes and hexahedra of 8 or 27: {}", t.name, advice));
    }
    cell_type_ = &t;
    deal_.begin_cells(n_elements_, shape_.shape);
  }

  GmshFile file_;
  double scale_;
  Deal& deal_;
  std::string path_;
  int version_ = 0;
  NodeNumbers numbers_;
  GmshShape shape_;
  const GmshType *type_ = nullptr, *cell_type_ = nullptr;
  std::int64_t n_elements_ = 0;
  std::array<std::int64_t, 125> nodes_;
};

void renumber(const Comm& comm, const UsedGroups& groups, std::vector<std::string>& names,
              const std::function<void(std::vector<std::int32_t>&)>& apply) {
  std::string text;
  for (const std::string& name : groups.names()) text += name + '\n';
  text = comm.broadcast(text);
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) names.push_back(text.substr(at, text.find('\n', at) - at));
  std::vector<std::int32_t> order = groups.order();
  order.resize(names.size());
  MPI_Bcast(order.data(), int(order.size()), MPI_INT32_T, 0, comm.handle());
  apply(order);
}

}  // namespace

RawMesh read_gmsh(const Comm& comm, const std::string& path, double scale) {
  if (!(scale > 0) || !std::isfinite(scale)) throw InputError("mesh scale {} is not a positive number", scale);
  RawMesh mesh;
  GmshGroups groups;
  comm.together([&] {
    if (!comm.root()) return receive_deal(comm, mesh);
    Deal deal(comm, mesh);
    try {
      GmshReader reader(path, scale, deal);
      reader.read();
      mesh.n_nodes = reader.n_nodes();
      mesh.shape = reader.shape();
      groups = std::move(reader.groups);
    } catch (const std::bad_alloc&) {
      throw EnvironmentError("not enough memory to read mesh file {}", path);
    }
  });
  mesh.n_nodes = comm.max(mesh.n_nodes);
  mesh.shape = Shape(comm.max<std::int32_t>(comm.root() ? int(mesh.shape) : 0));
  renumber(comm, groups.regions, mesh.region_names, [&](const std::vector<std::int32_t>& order) {
    for (std::int32_t& region : mesh.cell_region) region = order[region];
  });
  renumber(comm, groups.surfaces, mesh.surface_names, [&](const std::vector<std::int32_t>& order) {
    for (RawMesh::FacePatch& face : mesh.faces) face.surface = order[face.surface];
  });
  return mesh;
}

}  // namespace winze::mesh
