/// Meshes of Gmsh: MSH 2.2 and 4.1, ASCII and binary.
#pragma once
#include <string>

#include "base/comm.hpp"
#include "mesh/raw.hpp"

namespace winze::mesh {

/// Collective. Reads tetrahedra of 4 or 10 nodes or hexahedra of 8 or 27, one shape per file; coordinates are multiplied by `scale`. Physical volumes
/// become regions and physical surfaces become named surfaces, both in ascending order of their physical tag; groups without a name are called
/// volume_<tag> and surface_<tag>, groups of one name are one. Elements of lower dimension without a group are ignored; nodes without a cell stay.
///
/// Root reads the file once, front to back, and deals points and cells out as it goes: ranks hold cells in blocks in the order of
/// the file, each at most its share of all elements of the file, and root holds besides one window of the file and 8 to 24 bytes per node for the
/// node tags.
///
/// EnvironmentError: file missing, unreadable, or ending early. InputError, with the line of an ASCII file or the byte of a binary one: other
/// versions and byte orders, partitioned or parametric files, damaged counts, node tags that occur twice or not at all, coordinates that are not
/// finite, volume elements without a physical group or in two, other or several shapes of volume elements, no volume elements.
RawMesh read_gmsh(const Comm& comm, const std::string& path, double scale);

}  // namespace winze::mesh
