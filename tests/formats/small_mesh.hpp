// Meshes of two cells, written as MSH files of every kind without Gmsh, and a form of RawMesh that does not depend on numbering or ranks.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "mesh/raw.hpp"

namespace winze::mesh::formats {

struct FileElement {
  int type, dimension, entity;
  std::vector<std::int64_t> nodes;  // node tags in Gmsh's order
};
struct FileMesh {
  std::vector<std::pair<std::int64_t, Vector3>> nodes;
  std::vector<FileElement> elements;
  std::map<std::pair<int, int>, int> group;  // (dimension, entity) → physical tag
  std::map<std::pair<int, int>, std::string> names;
};

// Two cells side by side, regions "shaft" (tag 3, cell 1) and "upper rock" (tag 7, cell 0), surface "wall" (tag 5): one outer face of cell 0. Node
// tags have gaps and are not in order; one node belongs to no cell; a line and a face without a group.
FileMesh two_cells(Shape shape);

std::string msh_2(const FileMesh& mesh, bool binary);
std::string msh_4(const FileMesh& mesh, bool binary);

// Every cell as its region's name and the coordinates of its nodes in winze's order, every face of a surface as its name and its sorted vertices;
// both sorted. Collective: the same on every rank.
struct Contents {
  Shape shape;
  std::vector<std::pair<std::string, std::vector<Vector3>>> cells, faces;
  std::vector<std::string> regions, surfaces;
  bool operator==(const Contents&) const = default;
};
Contents contents(const Comm& comm, const RawMesh& mesh);
Contents expected(Shape shape);

// The exit code of the error that `body` throws (collective calls throw winze::Error itself), exit_done if none.
template <class Body>
int exit_code_of(Body body) {
  try {
    body();
  } catch (const Error& error) {
    return error.exit_code;
  }
  return exit_done;
}

// A folder of this test program's own that vanishes with it. Collective.
const std::filesystem::path& folder();
// Writes on root; the path, on every rank after all is written.
std::string write_file(const std::string& name, const std::string& bytes);

}  // namespace winze::mesh::formats
