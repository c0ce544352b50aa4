/// The home mesh of a case: its geometry, the octree around it, and what it is called where.
#pragma once
#include <string>
#include <vector>

#include "geometry/scene.hpp"
#include "mesh/cut_mesh.hpp"
#include "mesh/sizing.hpp"
#include "run/case.hpp"

namespace winze::run {

/// The solids of a case. Not collective. Throws as make_scene, and InputError where the schedule names what is not there.
geometry::Scene scene_of(const Case& c, const std::string& folder);

/// The octree of a case's geometry. What is never dug asks for no small cells. The box is moved by about a third of the smallest cells, so that walls
/// at round coordinates do not fall on faces of cells. Collective.
mesh::Octree tree_of(const Comm& comm, const Case& c, const geometry::Scene& scene);

/// Name of the region where just these parts hold: the part that is dug first (the one that has its way among those dug at once), followed by " in "
/// and the body of rock around it where there is one; that body alone where nothing is ever dug; else "rock".
class RegionNames {
 public:
  RegionNames(const Case& c, const geometry::Scene& scene);
  std::string operator()(std::span<const Index> parts) const;
  bool dug(Index part) const { return stage_[std::size_t(part)] < never; }

 private:
  static constexpr int never = 1 << 30;
  const geometry::Scene& scene_;
  std::vector<int> stage_;  ///< that digs each part first
};

/// Prints what `winze mesh --report` says of a case with geometry: cells, unknowns, what a solve would need, and every solid against the mesh.
/// Collective.
void report_geometry(const Comm& comm, const Case& c, const std::string& folder);

}  // namespace winze::run
