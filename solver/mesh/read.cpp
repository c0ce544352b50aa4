#include "mesh/read.hpp"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "mesh/gmsh.hpp"
#include "mesh/native.hpp"

namespace winze::mesh {
namespace {

bool is_native(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!file) throw EnvironmentError("cannot open mesh file {}: {}", path, std::strerror(errno));
  char head[8] = {};
  const std::size_t n = std::fread(head, 1, sizeof head, file);
  std::fclose(file);
  if (n == sizeof head && std::memcmp(head, "\211HDF\r\n\032\n", 8) == 0) return true;
  if (n > 0 && head[0] == '$') return false;
  const std::string ending = std::filesystem::path(path).extension();
  if (ending == ".msh") return false;  // its reader says what is wrong
  if (ending == ".h5" || ending == ".hdf5") return true;
  throw InputError("{} is neither a Gmsh mesh (.msh) nor a native one (.h5); convert it: meshio convert {} mesh.msh", path, path);
}

}  // namespace

RawMesh read_mesh(const Comm& comm, const std::string& path, double scale) {
  if (!(scale > 0) || !std::isfinite(scale)) throw InputError("mesh scale {} is not a positive number", scale);
  bool native = false;
  comm.together([&] {
    if (comm.root()) native = is_native(path);
  });
  if (!comm.any(native)) return read_gmsh(comm, path, scale);
  RawMesh mesh = read_native(comm, path);
  for (double& x : mesh.points) x *= scale;
  return mesh;
}

}  // namespace winze::mesh
