// A run of three steps on a bent block whose fields are formulas of place and step, so that anyone can check what a file says.
#pragma once
#include <limits>

#include "output/results.hpp"
#include "scattered.hpp"

namespace winze::test {

inline constexpr int n_steps = 3;

inline output::ResultsOptions options_for(const std::filesystem::path& folder) { return {folder, "drive", "case: drive\n# §\n", false, false}; }

/// Step 0 is before excavation; region "west" is dug in step 1. All values are linear in the coordinates: read_results.py has the same formulas.
struct SmallRun {
  const mesh::Mesh& m;
  std::vector<double> displacement, temperature, stress, energy, hoop, normal;
  std::vector<char> active;
  output::SurfaceFields surface;

  explicit SmallRun(const mesh::Mesh& mesh) : m(mesh) {}
  static output::Step moment(int s) { return {10 * s, s == 0 ? "virgin rock" : "round <" + std::to_string(s) + ">", 86400.0 * s * s}; }

  /// scale ≠ 1 gives a step that is not the true one.
  void step(output::ResultsFile& file, int s, double scale = 1) {
    using output::Centre;
    displacement.clear(), temperature.clear(), stress.clear(), energy.clear(), hoop.clear(), normal.clear(), active.clear();
    for (Index i = 0; i < m.nodes.n_local(); ++i) {
      const Vector3 x = m.point(i);
      const double t = scale * (s + 1);
      displacement.insert(displacement.end(), {t * x[0], 2 * t * x[1], -t * x[2]});
      temperature.push_back(300 + 10 * t + x[0]);
    }
    for (Index e = 0; e < m.n_elements(); ++e) {
      const Vector3 x = centre(m, e);
      stress.insert(stress.end(), {x[0], x[1], x[2], sqrt2 * (4 + x[0]), sqrt2 * (5 + x[1]), sqrt2 * (6 + x[2])});  // Kelvin: yz, xz, xy
      for (std::size_t k = stress.size() - 6; k < stress.size(); ++k) stress[k] *= scale * (s + 1);
      energy.push_back(scale * (x[0] + s));
      active.push_back(s == 0 || m.region[e] == 1);
    }
    std::vector<output::Field> fields = {{"displacement", "m", Centre::node, 3, displacement.data()},
                                         {"temperature", "K", Centre::node, 1, temperature.data()},
                                         {"stress", "Pa", Centre::element, 6, stress.data()}};
    if (s > 0) fields.push_back({"strain_energy", "J/m^3", Centre::element, 1, energy.data()});

    surface = {};
    const int n = mesh::info(m.shape).n_faces, n_nodes = mesh::info(m.shape).n_face_nodes;
    for (Index e = 0; s > 0 && e < m.n_elements(); ++e)
      for (int f = 0; f < n; ++f)
        if (m.region[e] == 1 && m.face_region[e * n + f] == (s == 1 ? 0 : -1)) surface.faces.push_back({e, std::int8_t(f)});
    for (const mesh::Face& face : surface.faces) {
      hoop.push_back(scale * double(m.original_element[face.element] * 10 + face.face));
      for (int i = 0; i < n_nodes; ++i) {
        const Vector3 x = m.point(m.nodes_of(face.element)[mesh::face_nodes(m.shape, face.face)[i]]);
        normal.insert(normal.end(), {x[0], x[1] + s, x[2]});
      }
    }
    surface.fields = {{"tangential_stress_ratio", "", Centre::element, 1, hoop.data()}, {"place", "m", Centre::node, 3, normal.data()}};
    file.write(moment(s), fields, active, &surface);
  }
};

}  // namespace winze::test
