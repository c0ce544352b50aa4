/// The case: everything a YAML file can say, as one plain struct, checked before anything runs.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "air/network.hpp"
#include "burst/evaluation.hpp"
#include "burst/indicators.hpp"
#include "heat/heat.hpp"
#include "input/key.hpp"
#include "material/material.hpp"
#include "mesh/raw.hpp"
#include "rock/rock.hpp"
#include "run/geometry.hpp"

namespace winze::mesh {
constexpr std::array<const char*, 3> names(TrueSurface::Kind) { return {"plane", "cylinder", "sphere"}; }
}  // namespace winze::mesh

namespace winze::run {

enum class CellShape { hex27, hex8, tet10, tet4 };
constexpr std::array<const char*, 4> names(CellShape) { return {"hex27", "hex8", "tet10", "tet4"}; }

struct BoxMesh {
  Vector3 low{}, high{};
  std::array<int, 3> cells{};
  CellShape shape = CellShape::hex27;
  static auto keys() {
    return input::keys(input::key("low", &BoxMesh::low, "m", "corner with the smallest coordinates").require(),
                       input::key("high", &BoxMesh::high, "m", "corner with the largest coordinates").require(),
                       input::key("cells", &BoxMesh::cells, "1", "cells along x, y, z").between(1, 100000).require(),
                       input::key("shape", &BoxMesh::shape, "of the cells"));
  }
  void check(input::Check& check) const;
};
struct QuarterDriveMesh {
  double radius = 2, side = 20, height = 20, grading = 2.5;
  std::array<int, 3> cells = {16, 16, 24};
  CellShape shape = CellShape::hex27;
  static auto keys() {
    return input::keys(
        input::key("radius", &QuarterDriveMesh::radius, "m", "of the drive").above(0),
        input::key("side", &QuarterDriveMesh::side, "m", "of the block").above(0),
        input::key("height", &QuarterDriveMesh::height, "m", "length of the drive").above(0),
        input::key("grading", &QuarterDriveMesh::grading, "1", "how much finer the cells are at the wall").above(0).at_most(10),
        input::key("cells", &QuarterDriveMesh::cells, "1", "cells along the radius, round the quarter, along the drive").between(1, 100000),
        input::key("shape", &QuarterDriveMesh::shape, "of the cells"));
  }
  void check(input::Check& check) const;
};
/// A box in which the cells of an octree are small.
struct OctreeRefine {
  Vector3 low{}, high{};
  double size = 0;
  static auto keys() {
    return input::keys(input::key("low", &OctreeRefine::low, "m", "corner of the box with the smallest coordinates").require(),
                       input::key("high", &OctreeRefine::high, "m", "corner of the box with the largest coordinates").require(),
                       input::key("size", &OctreeRefine::size, "m", "largest edge of a cell that reaches into the box").above(0).require());
  }
};
struct OctreeMesh {
  Vector3 low{}, high{};
  double size = 0;
  std::vector<OctreeRefine> refine;
  std::optional<double> wall, smallest;
  double growth = 0.5, per_radius = 4, across = 2;
  static auto keys() {
    return input::keys(
        input::key("low", &OctreeMesh::low, "m",
                   "corner with the smallest coordinates; with geometry, the box is moved by a third of its smallest cells")
            .require(),
        input::key("high", &OctreeMesh::high, "m", "corner with the largest coordinates").require(),
        input::key("size", &OctreeMesh::size, "m", "edge of the unrefined cells: the sides of the box are whole multiples of it").above(0).require(),
        input::key("refine", &OctreeMesh::refine, "boxes of smaller cells: size, size/2, size/4 and so on; neighbours differ by one step"),
        input::key("wall", &OctreeMesh::wall, "m", "largest edge of cells that the wall of an excavation cuts; goes with geometry").above(0),
        input::key("growth", &OctreeMesh::growth, "1", "metres that cells may grow for every metre away from the nearest excavation")
            .above(0)
            .at_most(10),
        input::key("per_radius", &OctreeMesh::per_radius, "1", "cells along the radius of curvature of the wall they hold").above(0).at_most(100),
        input::key("across", &OctreeMesh::across, "1", "cells across the excavation behind the wall they hold; 0: however thin")
            .at_least(0)
            .at_most(100),
        input::key("smallest", &OctreeMesh::smallest, "m",
                   "curvature and thickness ask for no smaller edges than this; without it, an eighth of wall (of size without wall)")
            .above(0));
  }
  void check(input::Check& check) const;
};
/// Region of a generated mesh: cells whose centre lies in a box.
struct Paint {
  std::string region;
  Vector3 low{}, high{};
  static auto keys() {
    return input::keys(input::key("region", &Paint::region, "name of the new region").require(),
                       input::key("low", &Paint::low, "m", "corner of the box with the smallest coordinates").require(),
                       input::key("high", &Paint::high, "m", "corner of the box with the largest coordinates").require());
  }
};
struct TrueSurfaceInput {
  std::string surface;
  mesh::TrueSurface::Kind kind = mesh::TrueSurface::Kind::cylinder;
  Vector3 centre{}, axis = {0, 0, 1};
  double radius = 0;
  static auto keys() {
    return input::keys(input::key("surface", &TrueSurfaceInput::surface, "named surface").require(),
                       input::key("kind", &TrueSurfaceInput::kind, "plane, cylinder or sphere").require(),
                       input::key("centre", &TrueSurfaceInput::centre, "m",
                                  "a point of the plane or of the axis, or the centre, in the coordinates of the mesh file"),
                       input::key("axis", &TrueSurfaceInput::axis, "1", "normal of the plane or direction of the axis"),
                       input::key("radius", &TrueSurfaceInput::radius, "m", "of the cylinder or sphere").at_least(0));
  }
};
enum class PartitionBy { curve, ptscotch };
constexpr std::array<const char*, 2> names(PartitionBy) { return {"curve", "ptscotch"}; }

struct MeshInput {
  std::string file;
  double scale = 1;
  std::optional<BoxMesh> box;
  std::optional<OctreeMesh> octree;
  std::optional<QuarterDriveMesh> quarter_drive;
  std::vector<Paint> paint;
  int refine = 0;
  std::vector<TrueSurfaceInput> true_surfaces;
  Vector3 shift{};
  PartitionBy partition = PartitionBy::curve;
  static auto keys() {
    return input::keys(input::key("file", &MeshInput::file, "mesh file (.msh of Gmsh, .h5 of winze), relative to the case file"),
                       input::key("scale", &MeshInput::scale, "m", "length of one unit of the mesh file").above(0),
                       input::key("box", &MeshInput::box, "a generated box; surfaces x_min, x_max, y_min, y_max, z_min, z_max, region rock"),
                       input::key("octree", &MeshInput::octree,
                                  "a box of cubes, smaller where wanted; surfaces x_min, x_max, y_min, y_max, z_min, z_max, region rock"),
                       input::key("quarter_drive", &MeshInput::quarter_drive,
                                  "a generated quarter of a block with a circular drive along z; surfaces wall, x_symmetry, "
                                  "y_symmetry, x_far, y_far, z_min, z_max, region rock"),
                       input::key("paint", &MeshInput::paint, "regions of a generated mesh, later ones over earlier ones"),
                       input::key("refine", &MeshInput::refine, "1", "times every cell is split into eight").between(0, 6),
                       input::key("true_surfaces", &MeshInput::true_surfaces, "shapes that nodes of named surfaces return to when cells are split"),
                       input::key("shift", &MeshInput::shift, "m", "moves the mesh: put it at its depth with the third component"),
                       input::key("partition", &MeshInput::partition, "how cells are dealt to ranks: along a space-filling curve or by PT-Scotch"));
  }
  void check(input::Check& check) const;
};

struct InSitu {
  double ground = 0;
  std::optional<rock::StressLaw> stress;
  std::optional<heat::VirginLaw> temperature;
  static auto keys() {
    return input::keys(input::key("ground", &InSitu::ground, "m", "z of the ground surface; depths count from here"),
                       input::key("stress", &InSitu::stress, "stress before mining; without it rock is not solved"),
                       input::key("temperature", &InSitu::temperature, "virgin rock temperature; without it heat is not solved"));
  }
};

struct Boundaries {
  std::vector<rock::Boundary> rock;
  std::vector<heat::Boundary> heat;
  static auto keys() {
    return input::keys(input::key("rock", &Boundaries::rock, "mechanical conditions; outer surfaces without one keep carrying the in-situ stress"),
                       input::key("heat", &Boundaries::heat, "thermal conditions; outer surfaces without one keep the geothermal flow"));
  }
};

struct FillInput {
  static constexpr const char* shorthand = "material";
  std::string material;
  double temperature = 293.15;
  static auto keys() {
    return input::keys(input::key("material", &FillInput::material, "name under materials").require(),
                       input::key("temperature", &FillInput::temperature, "K", "at placement").above(150).below(1000));
  }
};

struct Stage {
  std::string name;
  double duration = 0;
  std::vector<std::string> excavate;
  input::Named<FillInput> fill;
  double release = 1;
  input::Named<std::string> air;
  static auto keys() {
    return input::keys(
        input::key("name", &Stage::name, "shown in progress, tables and files").require(),
        input::key("duration", &Stage::duration, "s", "length of the stage").at_least(0),
        input::key("excavate", &Stage::excavate, "regions dug at its beginning; * stands for any text"),
        input::key("fill", &Stage::fill, "regions filled at its beginning: {region: material}"),
        input::key("release", &Stage::release, "1", "fraction of the out-of-balance force released in this stage; the rest waits for the next one")
            .above(0)
            .at_most(1),
        input::key(
            "air", &Stage::air,
            "changes of the network from its beginning on: {airway.key: value} or {airway.device.key: value}, as in {main fan.fan.speed: 0.9}"));
  }
};

struct PointsProbe {
  static constexpr const char* name = "points";
  static constexpr const char* doc = "given points";
  std::vector<Vector3> at;
  static auto keys() { return input::keys(input::key("at", &PointsProbe::at, "m", "list of [x, y, z]").require()); }
  std::vector<Vector3> points() const { return at; }
};
struct LineProbe {
  static constexpr const char* name = "line";
  static constexpr const char* doc = "equally spaced points between two ends";
  Vector3 from{}, to{};
  int n = 50;
  static auto keys() {
    return input::keys(input::key("from", &LineProbe::from, "m", "first point").require(),
                       input::key("to", &LineProbe::to, "m", "last point").require(),
                       input::key("n", &LineProbe::n, "1", "number of points").between(2, 1000000));
  }
  std::vector<Vector3> points() const;
};
struct SurfaceProbe {
  static constexpr const char* name = "surface";
  static constexpr const char* doc = "the nodes of a named surface";
  std::string surface;
  static auto keys() { return input::keys(input::key("surface", &SurfaceProbe::surface, "name in the mesh").require()); }
};
struct Probe {
  input::Choice<PointsProbe, LineProbe, SurfaceProbe> where;
  std::vector<std::string> fields;
  static auto keys() {
    return input::keys(input::key("where", &Probe::where, "the points").require(),
                       input::key("fields", &Probe::fields, "names of result fields; empty: displacement, stress, temperature as far as solved"));
  }
};

enum class Precision { f64, f32 };
constexpr std::array<const char*, 2> names(Precision) { return {"double", "single"}; }

struct CouplingOptions {
  double tolerance = 0.01;
  int rounds = 12;
  static auto keys() {
    return input::keys(input::key("tolerance", &CouplingOptions::tolerance, "K",
                                  "by which the mean temperature of a wall over a step may differ between rock and air; heat is conserved anyhow")
                           .above(0)
                           .below(10),
                       input::key("rounds", &CouplingOptions::rounds, "1", "at most, between rock and air in one step").between(1, 1000));
  }
};
struct Solver {
  rock::Options rock;
  heat::Options heat;
  CouplingOptions coupling;
  static auto keys() {
    return input::keys(input::key("rock", &Solver::rock, "displacement and stress"), input::key("heat", &Solver::heat, "temperature"),
                       input::key("coupling", &Solver::coupling, "heat between rock and the air of airways"));
  }
};
struct Output {
  bool compress = false;
  Precision precision = Precision::f64;
  int restart = 1;
  bool fields = true;
  static auto keys() {
    return input::keys(input::key("compress", &Output::compress, "smaller, slower files"),
                       input::key("precision", &Output::precision, "of the fields in files"),
                       input::key("restart", &Output::restart, "1", "stages between restart files; 0: none").at_least(0),
                       input::key("fields", &Output::fields, "false: only tables and summary, no field files"));
  }
};

struct Case {
  std::string name, title;
  std::optional<MeshInput> mesh;
  FrameInput frame;
  input::Named<SolidInput> geometry;
  std::string schedule;
  input::Named<material::Material> materials;
  input::Named<std::string> regions;
  InSitu in_situ;
  Boundaries boundaries;
  std::optional<air::Network> air;
  std::vector<Stage> stages;
  std::vector<burst::Indicator> indicators;
  input::Named<Probe> probes;
  Solver solver;
  Output output;

  static auto keys() {
    return input::keys(
        input::key("case", &Case::name, "name of the case: letters, digits, _ and -; results are called after it").require(),
        input::key("title", &Case::title, "one line for people"),
        input::key("mesh", &Case::mesh, "where the mesh comes from; a case has a mesh, or air"),
        input::key("frame", &Case::frame, "the model's coordinates in the mine's grid; geometry is given in the mine's, all else in the model's"),
        input::key("geometry", &Case::geometry, "solids by name, which cut the octree under mesh: drives, shafts, stopes, bodies of rock"),
        input::key("schedule", &Case::schedule, "CSV file of what is dug and filled when, relative to the case file; its times become the stages"),
        input::key("materials", &Case::materials, "rock and fill by name"),
        input::key("regions", &Case::regions, "material of every region of the mesh: {region: material}; * stands for any text"),
        input::key("in_situ", &Case::in_situ, "state before mining"), input::key("boundaries", &Case::boundaries, "conditions on surfaces"),
        input::key("air", &Case::air, "ventilation network: alone, or beside a mesh whose walls exchange heat with it"),
        input::key("stages", &Case::stages, "what is dug, filled and for how long; air alone needs none: it is then solved for steady conditions"),
        input::key("indicators", &Case::indicators, "rockburst indicators to evaluate after every stage"),
        input::key("probes", &Case::probes, "points, lines and surfaces whose fields go into tables"),
        input::key("solver", &Case::solver, "how exactly and by which means"), input::key("output", &Case::output, "what is written"));
  }
  void check(input::Check& check) const;

 private:
  void check_air(input::Check& check) const;
  void check_air_rock(input::Check& check) const;
  void check_coupling(input::Check& check) const;
};

/// Reads, applies --set changes and checks. Throws InputError listing all problems, EnvironmentError when the file cannot be read.
Case load(const std::string& path, const std::vector<std::string>& settings);
/// Same for a text; `folder`: what relative paths in it are relative to.
Case load_text(const std::string& text, const std::string& name, const std::vector<std::string>& settings);

/// Numbers of a resolved case multiplied and added to: `path` with * for any one name or place in a list, factor, then what is added, in SI. Of
/// tables the values, not the places. Throws InputError where a path meets no number or the result is no case.
struct Rescale {
  std::string path;
  double factor = 1, added = 0;
};
Case rescaled(const Case& c, const std::vector<Rescale>& list);

/// Collective. Reads or generates the mesh. `folder` of the case file.
mesh::Mesh make_mesh(const Comm& comm, const MeshInput& input, const std::string& folder);
/// Same for a case: an octree cut by its geometry where it has one.
mesh::Mesh make_mesh(const Comm& comm, const Case& c, const std::string& folder);
/// Checks the names a case uses against its mesh; all problems in one InputError. Returns the material index per region.
std::vector<int> bind_regions(const Case& c, const mesh::Mesh& mesh);
/// Regions a pattern names; * stands for any text.
std::vector<int> match_regions(const std::string& pattern, const std::vector<std::string>& regions);

}  // namespace winze::run
