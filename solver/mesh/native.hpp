/// winze's own mesh files, HDF5, ending .h5: read and written by all ranks at once.
///
/// Version 1. Attributes of the root group: `format` = "winze mesh" and `shape` (hex8, hex27, tet4, tet10) as strings, `version` = 1 as int64.
/// Datasets, all required, n, m and k counts that may differ from 0 where marked *:
///   /points         f8 [n][3]        m; x east, y north, z up
///   /cells          i8 [m][nodes]    numbers of points from 0, in the order of winze::mesh::Shape
///   /cell_region    i4 [m]           index into /region_names
///   /region_names   string [regions]
///   /faces          i8 [k*][4]       vertices of the faces of named surfaces, in any order; −1 fills the fourth place of a triangle
///   /face_surface   i4 [k*]          index into /surface_names
///   /surface_names  string [surfaces*]
/// Strings are UTF-8, of variable or fixed length. Integers and reals of other sizes or byte orders are converted on reading; datasets may be chunked
/// and compressed.
#pragma once
#include <string>

#include "base/comm.hpp"
#include "mesh/raw.hpp"

namespace winze::mesh {

/// Collective. Writes under a temporary name in the same folder and renames, so that `path` is either as it was or complete. EnvironmentError where
/// the folder is missing or not writable, or the disk is full; nothing is left behind then.
void write_native(const Comm& comm, const RawMesh& mesh, const std::string& path);
/// Collective. The elements, nodes and surfaces as they are now, after any refinement; levels are not kept. Elements of a mesh whose surfaces cut
/// cells cannot be written (InputError).
void write_native(const Mesh& mesh, const std::string& path);

/// Collective. Each rank reads its block of points, cells and faces. EnvironmentError where the file is missing, unreadable, truncated or not HDF5;
/// InputError where it is not a winze mesh of version 1, its datasets do not fit together, or a value is out of range.
RawMesh read_native(const Comm& comm, const std::string& path);

}  // namespace winze::mesh
