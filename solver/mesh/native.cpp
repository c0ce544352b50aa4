#include "mesh/native.hpp"

#include <sys/statvfs.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "mesh/native_hdf5.hpp"

namespace winze::mesh {
namespace {

using hdf5::Handle;

constexpr std::int64_t version = 1;
constexpr const char* format = "winze mesh";

Handle shared_file(const Comm& comm, const std::string& path, bool create) {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, path);
  hdf5::check(H5Pset_fapl_mpio(access, comm.handle(), MPI_INFO_NULL), path);
  hdf5::check(H5Pset_all_coll_metadata_ops(access, true), path);
  hdf5::check(H5Pset_coll_metadata_write(access, true), path);
  const hid_t file = create ? H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access) : H5Fopen(path.c_str(), H5F_ACC_RDONLY, access);
  return Handle(file, H5Fclose, fmt::format("cannot {} mesh file {}", create ? "create" : "open", path));
}

// ---- writing ----

// Whether the file can be created and will fit, found out by root before all ranks begin.
void check_room(const std::string& path, std::int64_t bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (!file) throw EnvironmentError("cannot write mesh file {}: {}", path, std::strerror(errno));
  std::fclose(file);
  struct statvfs disk;
  if (statvfs(path.c_str(), &disk) == 0 && std::int64_t(disk.f_bavail) < bytes / std::int64_t(disk.f_frsize))
    throw EnvironmentError("cannot write mesh file {}: it needs {:.1f} MB and the disk has {:.1f} MB left", path, 1e-6 * double(bytes),
                           1e-6 * double(disk.f_bavail) * double(disk.f_frsize));
}

// `mesh.points` are this rank's points from `first_point` on.
void write_datasets(const Comm& comm, const RawMesh& mesh, GlobalIndex first_point, const std::string& path) {
  const hsize_t width = info(mesh.shape).n_nodes;
  const auto rows = [&](std::size_t count, hsize_t w) -> hdf5::Rows {
    const GlobalIndex n = GlobalIndex(count);
    return {hsize_t(comm.sum(n)), hsize_t(comm.exclusive_scan(n)), hsize_t(n), w};
  };
  hdf5::Rows points = rows(mesh.points.size() / 3, 3);
  points.first = hsize_t(first_point);
  const hdf5::Rows cells = rows(mesh.cell_region.size(), width), faces = rows(mesh.faces.size(), 4);
  std::vector<GlobalIndex> vertices;
  std::vector<std::int32_t> surface;
  for (const RawMesh::FacePatch& face : mesh.faces) {
    vertices.insert(vertices.end(), face.vertices.begin(), face.vertices.end());
    surface.push_back(face.surface);
  }
  hdf5::Rows cell_rows = cells, face_rows = faces;
  cell_rows.width = face_rows.width = 0;

  comm.together([&] {
    if (comm.root()) check_room(path, std::int64_t(24 * points.total + (8 * width + 4) * cells.total + 36 * faces.total) + 100000);
  });
  comm.together([&] {
    Handle file = shared_file(comm, path, true);
    hdf5::write_text(file, "format", format);
    hdf5::write_text(file, "shape", info(mesh.shape).name);
    const Handle one(H5Screate(H5S_SCALAR), H5Sclose, "version");
    Handle number(H5Acreate2(file, "version", H5T_STD_I64LE, one, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, "version");
    hdf5::check(H5Awrite(number, H5T_NATIVE_INT64, &version), "version");
    number.close("version");
    hdf5::write_rows(comm, file, "points", points, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, mesh.points.data());
    hdf5::write_rows(comm, file, "cells", cells, H5T_STD_I64LE, H5T_NATIVE_INT64, mesh.cell_nodes.data());
    hdf5::write_rows(comm, file, "cell_region", cell_rows, H5T_STD_I32LE, H5T_NATIVE_INT32, mesh.cell_region.data());
    hdf5::write_texts(comm, file, "region_names", mesh.region_names);
    hdf5::write_rows(comm, file, "faces", faces, H5T_STD_I64LE, H5T_NATIVE_INT64, vertices.data());
    hdf5::write_rows(comm, file, "face_surface", face_rows, H5T_STD_I32LE, H5T_NATIVE_INT32, surface.data());
    hdf5::write_texts(comm, file, "surface_names", mesh.surface_names);
    file.close(path);
  });
}

void write(const Comm& comm, const RawMesh& mesh, GlobalIndex first_point, const std::string& path) {
  const hdf5::Quiet quiet;
  const std::string temporary = path + ".partial";
  try {
    write_datasets(comm, mesh, first_point, temporary);
    comm.together([&] {
      if (comm.root() && std::rename(temporary.c_str(), path.c_str()) != 0)
        throw EnvironmentError("cannot rename {} to {}: {}", temporary, path, std::strerror(errno));
    });
  } catch (const Error&) {
    if (comm.root()) std::remove(temporary.c_str());
    throw;
  }
}

// ---- reading ----

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
  if (hdf5::read_text(file, "format") != format) throw InputError("{} is HDF5, but not a winze mesh: attribute 'format' is not '{}'", path, format);
  {
    const Handle attribute(H5Aopen(file, "version", H5P_DEFAULT), H5Aclose, path), space(H5Aget_space(attribute), H5Sclose, path);
    const Handle type(H5Aget_type(attribute), H5Tclose, path);
    std::int64_t found = 0;
    if (H5Sget_simple_extent_npoints(space) == 1 && H5Tget_class(type) == H5T_INTEGER)
      hdf5::check(H5Aread(attribute, H5T_NATIVE_INT64, &found), path);
    if (found != version) throw InputError("mesh file {} has version {}; this winze reads version {}", path, found, version);
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

void write_native(const Comm& comm, const RawMesh& mesh, const std::string& path) {
  write(comm, mesh, block_begin(mesh.n_nodes, comm.size(), comm.rank()), path);
}

void write_native(const Mesh& mesh, const std::string& path) {
  const ShapeInfo& shape = info(mesh.shape);
  RawMesh raw;
  mesh.comm.together([&] {
    for (Index e = 0; e < mesh.n_elements(); ++e)
      if (mesh.element_cell[e] != e) throw InputError("a mesh whose cells are cut by surfaces cannot be written as {}", path);
  });
  raw.shape = mesh.shape;
  raw.n_nodes = mesh.nodes.n_global();
  raw.points.assign(mesh.points.begin(), mesh.points.begin() + 3 * std::size_t(mesh.nodes.n_owned()));
  raw.cell_nodes.reserve(mesh.element_nodes.size());
  for (Index node : mesh.element_nodes) raw.cell_nodes.push_back(mesh.nodes.global(node));
  raw.cell_region = mesh.region;
  raw.region_names = mesh.region_names;
  // A surface between elements has both faces; one of them is written.
  const auto other_writes = [&](const Face& face) {
    const Index neighbour = mesh.face_neighbour[std::size_t(face.element) * shape.n_faces + face.face];
    if (neighbour >= 0) return neighbour < face.element;
    return neighbour <= -2 && mesh.remote_faces[-2 - neighbour].rank < mesh.comm.rank();
  };
  const int quad9_vertices[4] = {0, 2, 6, 8}, first_vertices[4] = {0, 1, 2, 3};
  const int* corner = mesh.shape == Shape::hex27 ? quad9_vertices : first_vertices;
  for (std::size_t s = 0; s < mesh.surfaces.size(); ++s) {
    raw.surface_names.push_back(mesh.surfaces[s].name);
    for (const Face& face : mesh.surfaces[s].faces) {
      if (other_writes(face)) continue;
      RawMesh::FacePatch patch{std::int32_t(s), {-1, -1, -1, -1}};
      const int* local = face_nodes(mesh.shape, face.face);
      for (int k = 0; k < shape.n_face_vertices; ++k) patch.vertices[k] = mesh.nodes.global(mesh.nodes_of(face.element)[local[corner[k]]]);
      raw.faces.push_back(patch);
    }
  }
  write(mesh.comm, raw, mesh.nodes.begin(), path);
}

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
    const Handle file = shared_file(comm, path, false);
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
