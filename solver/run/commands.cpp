#include "run/commands.hpp"

#include <filesystem>
#include <iostream>

#include "base/error.hpp"
#include "base/kokkos.hpp"
#include "base/log.hpp"
#include "base/simd.hpp"
#include "base/version.hpp"
#include "linear/info.hpp"
#include "mesh/native.hpp"
#include "mesh/read.hpp"
#include "run/home_mesh.hpp"
#include "run/network.hpp"
#include "run/probes.hpp"
#include "run/simulation.hpp"

namespace winze::run {
namespace {

namespace fs = std::filesystem;
bool is_case(const std::string& path) { return path.ends_with(".yaml") || path.ends_with(".yml"); }

}  // namespace

void check(const Comm& comm, const CheckOptions& options) {
  Case c;
  comm.together([&] { c = load(options.case_path, options.settings); });
  if (!c.mesh) {
    comm.together([&] {
      if (comm.root()) check_network(c, fs::path(options.case_path).parent_path().string());
    });
  } else if (!options.without_mesh) {
    mesh::Mesh mesh = make_mesh(comm, c, fs::path(options.case_path).parent_path().string());
    const Simulation simulation(c, mesh);
    const Fields fields = simulation.fields();
    for (const auto& [name, probe] : c.probes.entries) ProbeSampler(name, probe, mesh).columns(fields);
  }
  if (comm.root()) std::cout << options.case_path << ": good\n";
}

void mesh(const Comm& comm, const MeshOptions& options) {
  MeshInput input;
  std::string folder;
  if (is_case(options.path)) {
    Case c;
    comm.together([&] { c = load(options.path, {}); });
    if (!c.mesh) throw InputError("{} has no mesh: it is a network that stands alone", options.path);
    input = *c.mesh;
    folder = fs::path(options.path).parent_path().string();
    if (!c.geometry.entries.empty()) {
      if (!options.write.empty()) throw InputError("a mesh cut by solids is made anew from its plan files; it is not written");
      return report_geometry(comm, c, folder);
    }
  } else {
    input.file = options.path;
    input.scale = options.scale;
    input.refine = options.refine;
  }
  const mesh::Mesh m = make_mesh(comm, input, folder);
  const mesh::Quality q = mesh::quality(m);
  const double peak = comm.sum(resident_peak_bytes());
  if (comm.root()) {
    std::cout << fmt::format("{}: {} {} elements, {} nodes, {} levels\n", options.path, q.cells, mesh::info(m.shape).name, q.nodes, m.levels.size());
    if (options.report) {
      std::cout << fmt::format("volume {:.6g} m³; edges {:.3g} … {:.3g} m, largest aspect ratio {:.3g}\n", q.volume, q.smallest_edge, q.largest_edge,
                               q.largest_aspect);
      std::cout << fmt::format("worst scaled Jacobian {:.3f} at ({:.2f}, {:.2f}, {:.2f}) m\n", q.smallest_jacobian, q.worst_centre[0],
                               q.worst_centre[1], q.worst_centre[2]);
      for (size_t r = 0; r < m.region_names.size(); ++r)
        std::cout << fmt::format("region  {:24} {:12.6g} m³\n", m.region_names[r], q.region_volume[r]);
      for (size_t s = 0; s < m.surfaces.size(); ++s) std::cout << fmt::format("surface {:24} {:12.6g} m²\n", m.surfaces[s].name, q.surface_area[s]);
      std::cout << fmt::format("unknowns: {} (rock), {} (heat); memory for the mesh {:.0f} MB\n", 3 * q.nodes, q.nodes, peak / 1e6);
      if (q.largest_aspect > 10) std::cout << "aspect ratios above 10 slow the solver down; refine along the long edges\n";
    }
  }
  if (!options.write.empty()) {
    mesh::write_native(m, options.write);
    if (comm.root()) std::cout << "written: " << options.write << "\n";
  }
}

void schema(const Comm& comm) {
  if (comm.root()) std::cout << input::json_schema(input::type_info<Case>(), "winze case") << "\n";
}

void help(const Comm& comm, const std::string& key, bool reference) {
  if (comm.root()) std::cout << (reference ? input::reference(input::type_info<Case>()) : input::help(input::type_info<Case>(), key));
}

void info(const Comm& comm) {
  if (!comm.root()) return;
  std::cout << fmt::format("winze {}\nranks {}\nKokkos {}.{}.{}, device {}\nvector width {} doubles\n{}\n", version, comm.size(),
                           KOKKOS_VERSION / 10000, KOKKOS_VERSION / 100 % 100, KOKKOS_VERSION % 100, Device::name(), pack_width<double>,
                           linear::library_versions());
}

}  // namespace winze::run
