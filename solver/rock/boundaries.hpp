/// Conditions on the outer boundary and on named surfaces. Adding one: a struct with name, doc, keys and apply(), and its name in the list.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "fem/surface_points.hpp"
#include "input/key.hpp"
#include "mesh/mesh.hpp"

namespace winze::rock {

/// What boundaries contribute: prescribed unknowns and surface tractions.
struct BoundaryState {
  std::vector<std::uint8_t> fixed;   ///< [n_local nodes][3]
  std::vector<double> value;         ///< [n_local nodes][3] prescribed displacement, m (0 where not fixed)
  std::vector<double> force;         ///< [n_local nodes][3] owned entries: tractions, N
  std::vector<mesh::Face> openings;  ///< outer faces that turn free in the first stage
};

/// Nodes of a named surface on this rank, owned and ghost; the surface may have faces only on other ranks. Collective.
std::vector<Index> nodes_on_surface(const mesh::Mesh& mesh, const std::string& surface);
/// The axis (0, 1, 2) a plane surface is normal to. Throws InputError when its faces are not all normal to one axis within 1°. Collective.
int axis_of_surface(const mesh::Mesh& mesh, const std::string& surface);

struct Fixed {
  static constexpr const char* name = "fixed";
  static constexpr const char* doc = "no displacement";
  std::string surface;
  static auto keys() { return input::keys(input::key("surface", &Fixed::surface, "named surface").require()); }
  void apply(const mesh::Mesh& mesh, BoundaryState& state) const;
};
struct Roller {
  static constexpr const char* name = "roller";
  static constexpr const char* doc = "no displacement normal to a plane surface";
  std::string surface;
  static auto keys() { return input::keys(input::key("surface", &Roller::surface, "named surface, normal to an axis").require()); }
  void apply(const mesh::Mesh& mesh, BoundaryState& state) const;
};
struct Displacement {
  static constexpr const char* name = "displacement";
  static constexpr const char* doc = "prescribed displacement since the initial state; components left out stay free";
  std::string surface;
  std::optional<double> x, y, z;
  static auto keys() {
    return input::keys(input::key("surface", &Displacement::surface, "named surface").require(),
                       input::key("x", &Displacement::x, "m", "to the east"), input::key("y", &Displacement::y, "m", "to the north"),
                       input::key("z", &Displacement::z, "m", "up"));
  }
  void apply(const mesh::Mesh& mesh, BoundaryState& state) const;
};
struct Traction {
  static constexpr const char* name = "traction";
  static constexpr const char* doc = "force per area added to what the initial state holds; tension positive on a face that looks along its axis";
  std::string surface;
  Vector3 traction{};
  static auto keys() {
    return input::keys(input::key("surface", &Traction::surface, "named surface").require(),
                       input::key("traction", &Traction::traction, "Pa", "components to the east, north, up").require());
  }
  void apply(const mesh::Mesh& mesh, BoundaryState& state) const;
};
struct Pressure {
  static constexpr const char* name = "pressure";
  static constexpr const char* doc = "pressure on a surface, added to what the initial state holds";
  std::string surface;
  double pressure = 0;
  static auto keys() {
    return input::keys(input::key("surface", &Pressure::surface, "named surface").require(),
                       input::key("compression", &Pressure::pressure, "Pa", "pressure, pushing on the rock").require());
  }
  void apply(const mesh::Mesh& mesh, BoundaryState& state) const;
};
struct FarField {
  static constexpr const char* name = "far_field";
  static constexpr const char* doc = "the in-situ stress keeps acting on this outer surface; what every outer surface without another condition does";
  std::string surface;
  static auto keys() { return input::keys(input::key("surface", &FarField::surface, "named surface").require()); }
  void apply(const mesh::Mesh& mesh, BoundaryState& state) const;
};

struct Opening {
  static constexpr const char* name = "opening";
  static constexpr const char* doc =
      "wall of an opening that the mesh leaves out: it carries the in-situ stress in the initial state and is free from the first stage on";
  std::string surface;
  static auto keys() { return input::keys(input::key("surface", &Opening::surface, "named surface").require()); }
  void apply(const mesh::Mesh& mesh, BoundaryState& state) const;
};

using Boundary = input::Choice<Roller, Fixed, Displacement, Traction, Pressure, FarField, Opening>;

/// All conditions together, later ones adding to earlier ones. Collective.
BoundaryState apply(const mesh::Mesh& mesh, const std::vector<Boundary>& boundaries);

}  // namespace winze::rock
