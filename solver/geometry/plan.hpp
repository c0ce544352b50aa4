/// Plan files: what a mine's drawing and block-modelling programs export. Readers take nothing for granted; every error is one line with file:line
/// and what would be right. EnvironmentError where a file is missing or unreadable, InputError for what is wrong in it. Not collective.
#pragma once
#include <string>
#include <vector>

#include "geometry/frame.hpp"
#include "geometry/triangles.hpp"

namespace winze::geometry {

/// From the numbers of a file to m in the model's frame: local(scale · number).
struct PlanUnits {
  double scale = 1;  ///< m per unit of the file
  Frame frame;
  Vector3 place(const Vector3& x) const { return frame.local(scale * x); }
};

struct PlanLine {
  std::string name;
  std::vector<Vector3> points;  ///< at least two; m
  bool closed = false;
};

struct Plan {
  std::vector<std::string> layers;  ///< layers of DXF, objects and groups of OBJ, solids of STL; "" where unnamed
  Triangles triangles;
  std::vector<Index> face_layer;
  std::vector<PlanLine> lines;     ///< named after their layer in DXF
  std::vector<std::string> notes;  ///< what was left out or looks doubtful; one line each

  /// Faces of one layer; all of them for "". InputError listing the layers where there is none of that name.
  Triangles layer(const std::string& name) const;
};

inline constexpr std::size_t most_faces = 20'000'000;

/// v, f (polygons are cut into triangles; negative indices), o, g, l. Other statements of the format are skipped.
Plan read_obj(const std::string& path, const PlanUnits& units = {});
/// ASCII and binary. Binary files hold single precision: InputError where coordinates are so large that less than 5 cm is lost.
Plan read_stl(const std::string& path, const PlanUnits& units = {});
/// ASCII: 3DFACE, POLYLINE (also polyface and polygon meshes), LWPOLYLINE (arcs as chords of 10°), LINE (joined end to end within a layer).
Plan read_dxf(const std::string& path, const PlanUnits& units = {});
/// By the ending of the name: .obj, .stl, .dxf, .csv (lines).
Plan read_plan(const std::string& path, const PlanUnits& units = {});

/// Columns name, x, y, z (or easting, northing, elevation); the points of one line stand together, in order. InputError where a line jumps: a step of
/// more than 100 m and 50 times its median one.
std::vector<PlanLine> read_polylines_csv(const std::string& path, const PlanUnits& units = {});

}  // namespace winze::geometry
