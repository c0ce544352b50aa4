// A synthetic mine: drives on levels with bends, and stopes as triangulated stones between them.
#pragma once
#include "contract.hpp"
#include "geometry/scene.hpp"
#include "geometry/sweep.hpp"
#include "geometry/triangle_mesh.hpp"
#include "shapes.hpp"

namespace winze::geometry {

inline Scene mine(int n_drives, int n_stopes, int facets) {
  std::vector<Part> parts;
  Dice dice(17);
  for (int i = 0; i < n_drives; ++i) {
    const double y = 12.0 * (i % 20), z = -2000 - 40.0 * (i / 20);
    std::vector<Vector3> path;
    for (int k = 0; k < 6; ++k) path.push_back({60.0 * k, y + dice(-4, 4), z + 1.5 * k});
    parts.push_back(
        {"drive_" + std::to_string(i), std::make_shared<Sweep>(i % 2 ? Profile::horseshoe(5, 5) : Profile::rectangle(4.5, 4.5), path), 1});
  }
  for (int i = 0; i < n_stopes; ++i) {
    const Vector3 centre = {30.0 + 30 * (i % 10), 40.0 * (i / 10), -2020.0 - 40 * (i % 5)};
    const double a = dice(4, 9), b = dice(0, 0.4);
    parts.push_back({"stope_" + std::to_string(i),
                     std::make_shared<TriangleMesh>(ball_shape(
                         centre, [&](const Vector3& d) { return a * (1 + b * d[0] * d[2] + 0.5 * d[2] * d[2]); }, facets)),
                     1});
  }
  return Scene(std::move(parts));
}

}  // namespace winze::geometry
