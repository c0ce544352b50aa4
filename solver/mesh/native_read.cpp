#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "base/error.hpp"
#include "mesh/native.hpp"
#include "mesh/native_hdf5.hpp"

namespace winze::mesh {
namespace {

using hdf5::Handle;

// What the file says of itself.
struct Head {
  Shape shape = Shape::hex8;
  GlobalIndex points = 0, cells = 0, faces = 0;
  std::vector<std::string> region_names, surface_names;
};

// Rows of a dataset of `width` columns (0: rank 1), after checking its kind, its size and that the file holds all of it.
GlobalIndex rows_of(hid_t file, const std::string& path, const char* name, hsize_t width, H5T_class_t kind) {
  if (H5Lexists(file, name, H5P_DEFAULT) <= 0) throw InputError("mesh file {} has no dataset /{}", path, name);
  const std::string what = fmt::format("mesh file {}, dataset /{}", path, name);
  const Handle dataset(H5Dopen2(file, name, H5P_DEFAULT), H5Dclose, what);
  const Handle space(H5Dget_space(dataset), H5Sclose, what), type(H5Dget_type(dataset), H5Tclose, what);
  const Handle creation(H5Dget_create_plist(dataset), H5Pclose, what);
  const int rank = H5Sget_simple_extent_ndims(space);
  hsize_t size[2] = {0, 0};
  if (rank != (width ? 2 : 1)) throw InputError("{}: rank {}, expected {}", what, rank, width ? 2 : 1);
  hdf5::check(H5Sget_simple_extent_dims(space, size, nullptr), what);
  if (width && size[1] != width) throw InputError("{}: {} columns, expected {}", what, size[1], width);
  if (H5Tget_class(type) != kind) throw InputError("{}: the numbers are not {}", what, kind == H5T_FLOAT ? "reals" : "integers");
  const bool compressed = H5Pget_nfilters(creation) > 0;
  const double bytes = double(size[0]) * double(width ? width : 1) * double(H5Tget_size(type));
  if (bytes > double(H5Dget_storage_size(dataset)) * (compressed ? 1100 : 1))  // deflate shrinks by 1032 at most
    throw EnvironmentError("{}: {} rows announced, but the file does not hold them; it is damaged or was never finished", what, size[0]);
  return GlobalIndex(size[0]);
}

// Root alone; opens the file serially so that a damaged one fails before any collective call.
Head read_head(const std::string& path) {
  std::FILE* plain = std::fopen(path.c_str(), "rb");
  if (!plain) throw EnvironmentError("cannot open mesh file {}: {}", path, std::strerror(errno));
  std::fclose(plain);
  if (H5Fis_hdf5(path.c_str()) <= 0) throw EnvironmentError("mesh file {} is not HDF5, or its head is damaged", path);
  const Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, fmt::format("cannot open mesh file {}", path));
  for (const char* attribute : {"format", "shape", "version"})
    if (H5Aexists(file, attribute) <= 0) throw InputError("{} is HDF5, but not a winze mesh: it has no attribute '{}'", path, attribute);
  if (hdf5::read_text(file, "format") != hdf5::mesh_format)
    throw InputError("{} is HDF5, but not a winze mesh: attribute 'format' is not '{}'", path, hdf5::mesh_format);
  {
    const Handle attribute(H5Aopen(file, "version", H5P_DEFAULT), H5Aclose, path), space(H5Aget_space(attribute), H5Sclose, path);
    const Handle type(H5Aget_type(attribute), H5Tclose, path);
    std::int64_t found = 0;
    if (H5Sget_simple_extent_npoints(space) == 1 && H5Tget_class(type) == H5T_INTEGER)
      hdf5::check(H5Aread(attribute, H5T_NATIVE_INT64, &found), path);
    if (found != hdf5::mesh_version) throw InputError("mesh file {} has version {}; this winze reads version {}", path, found, hdf5::mesh_version);
  }
  Head head;
  const std::string shape = hdf5::read_text(file, "shape");
  bool known = false;
  for (Shape s : {Shape::hex8, Shape::hex27, Shape::tet4, Shape::tet10})
    if (shape == info(s).name) head.shape = s, known = true;
  if (!known) throw InputError("mesh file {}: shape '{}'; winze knows hex8, hex27, tet4 and tet10", path, shape);
  head.points = rows_of(file, path, "points", 3, H5T_FLOAT);
  head.cells = rows_of(file, path, "cells", info(head.shape).n_nodes, H5T_INTEGER);
  head.faces = rows_of(file, path, "faces", 4, H5T_INTEGER);
  const GlobalIndex regions = rows_of(file, path, "cell_region", 0, H5T_INTEGER), surfaces = rows_of(file, path, "face_surface", 0, H5T_INTEGER);
  if (regions != head.cells) throw InputError("mesh file {}: {} cells, but {} values in /cell_region", path, head.cells, regions);
  if (surfaces != head.faces) throw InputError("mesh file {}: {} faces, but {} values in /face_surface", path, head.faces, surfaces);
  if (head.cells == 0) throw InputError("mesh file {} has no cells", path);
  rows_of(file, path, "region_names", 0, H5T_STRING);
  rows_of(file, path, "surface_names", 0, H5T_STRING);
  head.region_names = hdf5::read_texts(file, "region_names");
  head.surface_names = hdf5::read_texts(file, "surface_names");
  for (const auto* names : {&head.region_names, &head.surface_names})
    for (const std::string& name : *names)
      if (name.find('\n') != std::string::npos) throw InputError("mesh file {}: the name of a region or surface has more than one line", path);
  return head;
}

std::vector<std::string> broadcast(const Comm& comm, const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += name + '\n';
  text = comm.broadcast(text);
  std::vector<std::string> all;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) all.push_back(text.substr(at, text.find('\n', at) - at));
  return all;
}

void check_values(const RawMesh& mesh, const std::string& path, GlobalIndex first_point, GlobalIndex first_cell, GlobalIndex first_face) {
  for (std::size_t i = 0; i < mesh.points.size(); ++i)
    if (!std::isfinite(mesh.points[i]))
      throw InputError("mesh file {}: point {} has a coordinate that is not finite", path, first_point + GlobalIndex(i / 3));
  const std::size_t width = info(mesh.shape).n_nodes;
  for (std::size_t i = 0; i < mesh.cell_nodes.size(); ++i)
    if (mesh.cell_nodes[i] < 0 || mesh.cell_nodes[i] >= mesh.n_nodes)
      throw InputError("mesh file {}: cell {} has node {}; there are nodes 0 to {}", path, first_cell + GlobalIndex(i / width), mesh.cell_nodes[i],
                       mesh.n_nodes - 1);
  for (std::size_t c = 0; c < mesh.cell_region.size(); ++c)
    if (mesh.cell_region[c] < 0 || std::size_t(mesh.cell_region[c]) >= mesh.region_names.size())
      throw InputError("mesh file {}: cell {} has region {}; there are {} names", path, first_cell + GlobalIndex(c), mesh.cell_region[c],
                       mesh.region_names.size());
  const int n_vertices = info(mesh.shape).n_face_vertices;
  for (std::size_t f = 0; f < mesh.faces.size(); ++f) {
    const RawMesh::FacePatch& face = mesh.faces[f];
    if (face.surface < 0 || std::size_t(face.surface) >= mesh.surface_names.size())
      throw InputError("mesh file {}: face {} has surface {}; there are {} names", path, first_face + GlobalIndex(f), face.surface,
                       mesh.surface_names.size());
    for (int k = 0; k < 4; ++k)
      if (k < n_vertices ? face.vertices[k] < 0 || face.vertices[k] >= mesh.n_nodes : face.vertices[k] != -1)
        throw InputError("mesh file {}: face {} has vertex {}; there are nodes 0 to {}", path, first_face + GlobalIndex(f), face.vertices[k],
                         mesh.n_nodes - 1);
  }
}

}  // namespace

RawMesh read_native(const Comm& comm, const std::string& path) {
  const hdf5::Quiet quiet;
  Head head;
  comm.together([&] {
    if (comm.root()) head = read_head(path);
  });
  GlobalIndex numbers[4] = {GlobalIndex(head.shape), head.points, head.cells, head.faces};
  MPI_Bcast(numbers, 4, MPI_INT64_T, 0, comm.handle());
  RawMesh mesh;
  mesh.shape = Shape(numbers[0]);
  mesh.n_nodes = numbers[1];
  mesh.region_names = broadcast(comm, head.region_names);
  mesh.surface_names = broadcast(comm, head.surface_names);
  const auto share = [&](GlobalIndex n, hsize_t width) -> hdf5::Rows {
    const GlobalIndex begin = block_begin(n, comm.size(), comm.rank()), end = block_begin(n, comm.size(), comm.rank() + 1);
    return {hsize_t(n), hsize_t(begin), hsize_t(end - begin), width};
  };
  const hsize_t width = info(mesh.shape).n_nodes;
  const hdf5::Rows points = share(numbers[1], 3), cells = share(numbers[2], width), cell = share(numbers[2], 0), faces = share(numbers[3], 4),
                   face = share(numbers[3], 0);
  mesh.points.resize(3 * points.count);
  mesh.cell_nodes.resize(width * cells.count);
  mesh.cell_region.resize(cells.count);
  std::vector<GlobalIndex> vertices(4 * faces.count);
  std::vector<std::int32_t> surface(faces.count);
  comm.together([&] {
    const Handle file = hdf5::open_shared(comm, path, H5F_ACC_RDONLY);
    hdf5::read_rows(comm, file, "points", points, H5T_NATIVE_DOUBLE, mesh.points.data());
    hdf5::read_rows(comm, file, "cells", cells, H5T_NATIVE_INT64, mesh.cell_nodes.data());
    hdf5::read_rows(comm, file, "cell_region", cell, H5T_NATIVE_INT32, mesh.cell_region.data());
    hdf5::read_rows(comm, file, "faces", faces, H5T_NATIVE_INT64, vertices.data());
    hdf5::read_rows(comm, file, "face_surface", face, H5T_NATIVE_INT32, surface.data());
  });
  for (std::size_t f = 0; f < surface.size(); ++f)
    mesh.faces.push_back({surface[f], {vertices[4 * f], vertices[4 * f + 1], vertices[4 * f + 2], vertices[4 * f + 3]}});
  comm.together([&] { check_values(mesh, path, GlobalIndex(points.first), GlobalIndex(cells.first), GlobalIndex(faces.first)); });
  return mesh;
}

}  // namespace winze::mesh
