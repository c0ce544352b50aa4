/// Any mesh file winze understands.
#pragma once
#include <string>

#include "base/comm.hpp"
#include "mesh/raw.hpp"

namespace winze::mesh {

/// Collective. Chooses by what the file holds: native HDF5 (mesh/native.hpp) or Gmsh's MSH (mesh/gmsh.hpp). Coordinates are multiplied by `scale`.
/// EnvironmentError where the file is missing or unreadable; InputError naming the converter for other formats; and the errors of the two readers.
RawMesh read_mesh(const Comm& comm, const std::string& path, double scale);

}  // namespace winze::mesh
