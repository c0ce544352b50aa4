#include <algorithm>

#include "base/error.hpp"
#include "output/step_file.hpp"

namespace winze::output {
namespace {

std::string escaped(const std::string& text) {
  std::string result;
  for (char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '"')
      result += "&quot;";
    else
      result += c;
  }
  return result;
}

std::string item(const std::string& file, const std::string& name, Type type, GlobalIndex rows, int width) {
  const char* kind = type == Type::f32 || type == Type::f64 ? "Float" : type == Type::u8 ? "UChar" : "Int";
  const std::string size = width == 1 ? fmt::format("{}", rows) : fmt::format("{} {}", rows, width);
  return fmt::format(R"(<DataItem Format="HDF" Dimensions="{}" NumberType="{}" Precision="{}">{}:{}</DataItem>)", size, kind, bytes_of(type),
                     escaped(file), escaped(name));
}

}  // namespace

std::string xdmf(const StepFile& file, const std::vector<double>& time_values) {
  const std::string name = file.path().filename().string();
  const StepIndex& index = file.index();
  std::string text = R"(<?xml version="1.0"?>
<Xdmf Version="3.0"><Domain><Grid Name="steps" GridType="Collection" CollectionType="Temporal">
)";
  for (std::size_t s = 0; s < index.moments.size(); ++s) {
    const auto& moment = index.moments[s];
    const std::string group = step_group(moment.number), geometry = file.moving() ? group : "/VTKHDF";
    text += fmt::format("<Grid Name=\"{}\" GridType=\"Uniform\"><Time Value=\"{}\"/>\n", escaped(moment.stage), time_values[s]);
    text += fmt::format("<Topology TopologyType=\"{}\" NumberOfElements=\"{}\">{}</Topology>\n", file.cell().xdmf, moment.cells,
                        item(name, geometry + "/Connectivity", Type::i64, moment.cells * file.cell().n_nodes, 1));
    text += fmt::format("<Geometry GeometryType=\"XYZ\">{}</Geometry>\n", item(name, geometry + "/Points", Type::f64, moment.points, 3));
    for (const auto& a : index.arrays) {
      if (!a.constant && std::find(a.steps.begin(), a.steps.end(), int(s)) == a.steps.end()) continue;
      const bool node = a.centre == Centre::node;
      const std::string data = a.constant ? std::string("/VTKHDF/") + (node ? "PointData/" : "CellData/") + a.name : group + "/" + a.name;
      // Six components as a matrix: readers then keep the order of the file, which is VTK's, instead of XDMF's own order of Tensor6.
      const char* kind = a.components == 1 ? "Scalar" : a.components == 3 ? "Vector" : "Matrix";
      text += fmt::format("<Attribute Name=\"{}\" AttributeType=\"{}\" Center=\"{}\">{}</Attribute>\n", escaped(a.name), kind, node ? "Node" : "Cell",
                          item(name, data, a.type, node ? moment.points : moment.cells, a.components));
    }
    text += "</Grid>\n";
  }
  return text + "</Grid></Domain></Xdmf>\n";
}

}  // namespace winze::output
