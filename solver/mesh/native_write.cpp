#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "mesh/native.hpp"
#include "mesh/native_hdf5.hpp"

namespace winze::mesh {
namespace {

using hdf5::Handle;

// This rank's rows of everything.
struct Layout {
  hdf5::Rows points, cells, cell_region, faces, face_surface;
};

// Takes room for the whole file from the disk, creating the file if need be. HDF5 does not survive a disk that fills up under it, and less so in a
// collective call: it crashes when the program ends.
void take_room(const std::string& path, std::int64_t bytes) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT, 0666);
  const int failure = file < 0 ? errno : posix_fallocate(file, 0, bytes);
  if (file >= 0) close(file);
  if (failure != 0) throw EnvironmentError("cannot write mesh file {} of {:.1f} MB: {}", path, 1e-6 * double(bytes), std::strerror(failure));
}

// By root alone: all but the numbers, with room for them.
void create_file(const RawMesh& mesh, const Layout& rows, const std::string& path) {
  std::int64_t bytes = 24 * rows.points.total + (8 * rows.cells.width + 4) * rows.cells.total + 36 * rows.faces.total + 10000;
  for (const auto* names : {&mesh.region_names, &mesh.surface_names}) {
    std::size_t longest = 1;
    for (const std::string& name : *names) longest = std::max(longest, name.size());
    bytes += longest * names->size();
  }
  std::remove(path.c_str());
  take_room(path, bytes);
  Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose, fmt::format("cannot create mesh file {}", path));
  hdf5::write_text(file, "format", hdf5::mesh_format);
  hdf5::write_text(file, "shape", info(mesh.shape).name);
  {
    const Handle one(H5Screate(H5S_SCALAR), H5Sclose, "version");
    const Handle number(H5Acreate2(file, "version", H5T_STD_I64LE, one, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, "version");
    hdf5::check(H5Awrite(number, H5T_NATIVE_INT64, &hdf5::mesh_version), "version");
  }
  hdf5::create_rows(file, "points", rows.points, H5T_IEEE_F64LE);
  hdf5::create_rows(file, "cells", rows.cells, H5T_STD_I64LE);
  hdf5::create_rows(file, "cell_region", rows.cell_region, H5T_STD_I32LE);
  hdf5::create_rows(file, "faces", rows.faces, H5T_STD_I64LE);
  hdf5::create_rows(file, "face_surface", rows.face_surface, H5T_STD_I32LE);
  hdf5::write_texts(file, "region_names", mesh.region_names);
  hdf5::write_texts(file, "surface_names", mesh.surface_names);
  file.close(fmt::format("cannot write mesh file {}", path));
  take_room(path, std::int64_t(std::filesystem::file_size(path)));
}

// `mesh.points` are this rank's points from `first_point` on.
void write_file(const Comm& comm, const RawMesh& mesh, GlobalIndex first_point, const std::string& path) {
  const auto rows = [&](std::size_t count, hsize_t width) -> hdf5::Rows {
    const GlobalIndex n = GlobalIndex(count);
    return {hsize_t(comm.sum(n)), hsize_t(comm.exclusive_scan(n)), hsize_t(n), width};
  };
  Layout layout;
  layout.points = rows(mesh.points.size() / 3, 3);
  layout.points.first = hsize_t(first_point);
  layout.cells = rows(mesh.cell_region.size(), hsize_t(info(mesh.shape).n_nodes));
  layout.cell_region = rows(mesh.cell_region.size(), 0);
  layout.faces = rows(mesh.faces.size(), 4);
  layout.face_surface = rows(mesh.faces.size(), 0);
  std::vector<GlobalIndex> vertices;
  std::vector<std::int32_t> surface;
  for (const RawMesh::FacePatch& face : mesh.faces) {
    vertices.insert(vertices.end(), face.vertices.begin(), face.vertices.end());
    surface.push_back(face.surface);
  }
  comm.together([&] {
    if (comm.root()) create_file(mesh, layout, path);
  });
  comm.together([&] {
    Handle file = hdf5::open_shared(comm, path, H5F_ACC_RDWR);
    hdf5::write_rows(comm, file, "points", layout.points, H5T_NATIVE_DOUBLE, mesh.points.data());
    hdf5::write_rows(comm, file, "cells", layout.cells, H5T_NATIVE_INT64, mesh.cell_nodes.data());
    hdf5::write_rows(comm, file, "cell_region", layout.cell_region, H5T_NATIVE_INT32, mesh.cell_region.data());
    hdf5::write_rows(comm, file, "faces", layout.faces, H5T_NATIVE_INT64, vertices.data());
    hdf5::write_rows(comm, file, "face_surface", layout.face_surface, H5T_NATIVE_INT32, surface.data());
    file.close(path);
  });
}

void write(const Comm& comm, const RawMesh& mesh, GlobalIndex first_point, const std::string& path) {
  const hdf5::Quiet quiet;
  const std::string temporary = path + ".partial";
  try {
    write_file(comm, mesh, first_point, temporary);
    comm.together([&] {
      if (comm.root() && std::rename(temporary.c_str(), path.c_str()) != 0)
        throw EnvironmentError("cannot rename {} to {}: {}", temporary, path, std::strerror(errno));
    });
  } catch (const Error&) {
    if (comm.root()) std::remove(temporary.c_str());
    throw;
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
    if (!mesh.hanging.empty()) throw InputError("a mesh with hanging nodes cannot be written as {}: such files hold conforming meshes", path);
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

}  // namespace winze::mesh
