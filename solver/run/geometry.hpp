/// Solids of a case: the keys under `geometry`, and the scene that they and their plan files make.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "geometry/frame.hpp"
#include "geometry/profile.hpp"
#include "geometry/scene.hpp"
#include "geometry/schedule.hpp"
#include "input/key.hpp"

namespace winze::geometry {
constexpr std::array<const char*, 2> names(Profile::Anchor) { return {"centre", "floor"}; }
}  // namespace winze::geometry

namespace winze::run {

using Anchor = geometry::Profile::Anchor;

struct CircleProfile {
  static constexpr const char* name = "circle";
  static constexpr const char* doc = "a circle round the path";
  double diameter = 0;
  static auto keys() { return input::keys(input::key("diameter", &CircleProfile::diameter, "m", "of the circle").above(0).require()); }
  geometry::Profile profile() const { return geometry::Profile::circle(diameter); }
};
struct RectangleProfile {
  static constexpr const char* name = "rectangle";
  static constexpr const char* doc = "a rectangle";
  double width = 0, height = 0;
  Anchor path_at = Anchor::centre;
  static auto keys() {
    return input::keys(input::key("width", &RectangleProfile::width, "m", "across the path, level").above(0).require(),
                       input::key("height", &RectangleProfile::height, "m", "across the path, upward").above(0).require(),
                       input::key("path_at", &RectangleProfile::path_at, "where the path runs: half-way up, or on the floor"));
  }
  geometry::Profile profile() const { return geometry::Profile::rectangle(width, height, path_at); }
};
struct HorseshoeProfile {
  static constexpr const char* name = "horseshoe";
  static constexpr const char* doc = "flat floor, upright walls, half a circle as roof";
  double width = 0, height = 0;
  Anchor path_at = Anchor::centre;
  static auto keys() {
    return input::keys(input::key("width", &HorseshoeProfile::width, "m", "of the floor").above(0).require(),
                       input::key("height", &HorseshoeProfile::height, "m", "from floor to crown; at least half the width").above(0).require(),
                       input::key("path_at", &HorseshoeProfile::path_at, "where the path runs: half-way up, or on the floor"));
  }
  geometry::Profile profile() const { return geometry::Profile::horseshoe(width, height, path_at); }
};
struct DShapeProfile {
  static constexpr const char* name = "d_shape";
  static constexpr const char* doc = "flat floor, upright walls, an arc as roof";
  double width = 0, height = 0, wall = 0;
  Anchor path_at = Anchor::centre;
  static auto keys() {
    return input::keys(input::key("width", &DShapeProfile::width, "m", "of the floor").above(0).require(),
                       input::key("height", &DShapeProfile::height, "m", "from floor to crown").above(0).require(),
                       input::key("wall", &DShapeProfile::wall, "m", "height of the upright walls; the roof rises above by at most half the width")
                           .at_least(0)
                           .require(),
                       input::key("path_at", &DShapeProfile::path_at, "where the path runs: half-way up, or on the floor"));
  }
  geometry::Profile profile() const { return geometry::Profile::d_shape(width, height, wall, path_at); }
};
struct PolygonProfile {
  static constexpr const char* name = "polygon";
  static constexpr const char* doc = "own corners; sides that turn by more than 30 degrees meet in a crease";
  std::vector<std::array<double, 2>> corners;
  static auto keys() {
    return input::keys(input::key("corners", &PolygonProfile::corners, "m", "[right, up] of each corner in order, from the path").require());
  }
  geometry::Profile profile() const { return geometry::Profile::polygon(corners); }
};
using ProfileInput = input::Choice<CircleProfile, RectangleProfile, HorseshoeProfile, DShapeProfile, PolygonProfile>;

struct SweepSolid {
  static constexpr const char* name = "sweep";
  static constexpr const char* doc = "a profile along a path: drive, ramp, shaft; bends are mitred, ends flat, roofs upward";
  ProfileInput profile;
  std::vector<Vector3> path;
  std::string file, line;
  double scale = 1, vertical_up = 0;
  std::optional<double> from, to;
  input::Origin origin;
  static auto keys() {
    return input::keys(input::key("profile", &SweepSolid::profile, "the cross-section").require(),
                       input::key("path", &SweepSolid::path, "m", "points in order; its direction counts chainage"),
                       input::key("file", &SweepSolid::file, "plan file of lines (.csv, .dxf, .obj) instead of path, relative to the case file"),
                       input::key("line", &SweepSolid::line, "name or layer of the line in the file; needed where it holds several"),
                       input::key("scale", &SweepSolid::scale, "m", "length of one unit of the file").above(0),
                       input::key("vertical_up", &SweepSolid::vertical_up, "rad",
                                  "azimuth of the profile's upward axis where the path is vertical, clockwise from north"),
                       input::key("from", &SweepSolid::from, "m", "chainage where the solid begins").at_least(0),
                       input::key("to", &SweepSolid::to, "m", "chainage where the solid ends").above(0));
  }
  void check(input::Check& check) const;
};
struct SweepsSolid {
  static constexpr const char* name = "sweeps";
  static constexpr const char* doc = "one profile along every line of a plan file; each solid is called after its line";
  ProfileInput profile;
  std::string file;
  double scale = 1, vertical_up = 0;
  input::Origin origin;
  static auto keys() {
    return input::keys(input::key("profile", &SweepsSolid::profile, "the cross-section").require(),
                       input::key("file", &SweepsSolid::file, "plan file of lines (.csv, .dxf, .obj), relative to the case file").require(),
                       input::key("scale", &SweepsSolid::scale, "m", "length of one unit of the file").above(0),
                       input::key("vertical_up", &SweepsSolid::vertical_up, "rad",
                                  "azimuth of the profile's upward axis where a path is vertical, clockwise from north"));
  }
};
struct FileSolid {
  static constexpr const char* name = "solid";
  static constexpr const char* doc = "a closed triangulated solid: stope, orebody, dyke, old working; mended with a report, or refused";
  static constexpr const char* shorthand = "file";
  std::string file, layer;
  double scale = 1, crease = 0.5235987755982988;
  input::Origin origin;
  static auto keys() {
    return input::keys(
        input::key("file", &FileSolid::file, "plan file (.obj, .stl, .dxf), relative to the case file").require(),
        input::key("layer", &FileSolid::layer, "layer, object or group of the file; without it, all faces are one solid"),
        input::key("scale", &FileSolid::scale, "m", "length of one unit of the file").above(0),
        input::key("crease", &FileSolid::crease, "rad", "faces that meet under more than this are separate walls").between_open(0, 3.15));
  }
};
struct FileSolids {
  static constexpr const char* name = "solids";
  static constexpr const char* doc = "closed triangulated solids of one file, each called after its layer, object or group";
  static constexpr const char* shorthand = "file";
  std::string file;
  double scale = 1, crease = 0.5235987755982988;
  input::Origin origin;
  static auto keys() {
    return input::keys(
        input::key("file", &FileSolids::file, "plan file (.obj, .stl, .dxf), relative to the case file").require(),
        input::key("scale", &FileSolids::scale, "m", "length of one unit of the file").above(0),
        input::key("crease", &FileSolids::crease, "rad", "faces that meet under more than this are separate walls").between_open(0, 3.15));
  }
};
struct SurfaceSolid {
  static constexpr const char* name = "below";
  static constexpr const char* doc = "what lies below an open surface (topography, top of a layer) that reaches past the block";
  static constexpr const char* shorthand = "file";
  std::string file, layer;
  double scale = 1;
  input::Origin origin;
  static auto keys() {
    return input::keys(input::key("file", &SurfaceSolid::file, "plan file (.obj, .stl, .dxf), relative to the case file").require(),
                       input::key("layer", &SurfaceSolid::layer, "layer, object or group of the file; without it, all faces"),
                       input::key("scale", &SurfaceSolid::scale, "m", "length of one unit of the file").above(0));
  }
};
struct BoxSolid {
  static constexpr const char* name = "box";
  static constexpr const char* doc = "a box along the axes";
  Vector3 low{}, high{};
  input::Origin origin;
  static auto keys() {
    return input::keys(input::key("low", &BoxSolid::low, "m", "corner with the smallest coordinates").require(),
                       input::key("high", &BoxSolid::high, "m", "corner with the largest coordinates").require());
  }
};
struct CylinderSolid {
  static constexpr const char* name = "cylinder";
  static constexpr const char* doc = "a cylinder with flat ends";
  Vector3 from{}, to{};
  double radius = 0;
  input::Origin origin;
  static auto keys() {
    return input::keys(input::key("from", &CylinderSolid::from, "m", "centre of one end").require(),
                       input::key("to", &CylinderSolid::to, "m", "centre of the other end").require(),
                       input::key("radius", &CylinderSolid::radius, "m", "of the cylinder").above(0).require());
  }
};
struct SphereSolid {
  static constexpr const char* name = "sphere";
  static constexpr const char* doc = "a sphere";
  Vector3 centre{};
  double radius = 0;
  input::Origin origin;
  static auto keys() {
    return input::keys(input::key("centre", &SphereSolid::centre, "m", "of the sphere").require(),
                       input::key("radius", &SphereSolid::radius, "m", "of the sphere").above(0).require());
  }
};
using SolidInput = input::Choice<SweepSolid, SweepsSolid, FileSolid, FileSolids, SurfaceSolid, BoxSolid, CylinderSolid, SphereSolid>;

struct FrameInput {
  Vector3 zero{};
  double north = 0;
  static auto keys() {
    return input::keys(
        input::key("origin", &FrameInput::zero, "m", "mine coordinates of the model's origin; keeps centimetres at millions of metres"),
        input::key("north", &FrameInput::north, "rad", "azimuth of the model's y axis in the mine's grid, clockwise from its north"));
  }
  geometry::Frame frame() const { return {zero, north}; }
};

struct SceneOptions {
  geometry::Frame frame;                         ///< from the mine's coordinates, in which all solids are given, to the model's
  std::string folder;                            ///< what relative paths are relative to
  geometry::Box block;                           ///< of the mesh, in the model's coordinates
  std::vector<std::string> excavated;            ///< names that hold over the others where they overlap; * stands for any text
  const geometry::Schedule* schedule = nullptr;  ///< tasks by chainage part their drives; see part_name()
};
/// Reads every file; solids in the order of the case. A swept solid that the schedule digs by chainage becomes one part per task, under part_name().
/// Notes of the readers and damage of solids are logged as warnings. InputError listing all problems, one line each, beginning with file:line:
/// geometry.NAME: those of files, solids and schedule, names given twice, solids that lie outside the block. EnvironmentError where a file cannot be
/// read.
geometry::Scene make_scene(const input::Named<SolidInput>& solids, const SceneOptions& options);

}  // namespace winze::run
