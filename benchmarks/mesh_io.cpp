// Does a mesh of millions of cells go from file to partitioned mesh and back to a file without any rank holding more than a small multiple of its
// share? See mesh_io.md.
//
//   mesh_io make NX NY NZ FILE.h5    writes a box of NX × NY × NZ hex8
//   mesh_io read FILE [OUT.h5]       reads any mesh file, builds it, reports its quality, writes it
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/session.hpp"
#include "mesh/native.hpp"
#include "mesh/read.hpp"

using namespace winze;

namespace {

// One line from root: seconds of the phase, and the present and peak memory of the largest rank, MB.
void report(const Comm& comm, const char* phase, double& start) {
  const double seconds = comm.max(wall_time() - start), now = comm.max(resident_bytes()), peak = comm.max(resident_peak_bytes());
  if (comm.root()) std::printf("%-8s %7.2f s, largest rank %7.0f MB now, %7.0f MB peak\n", phase, seconds, now / 1e6, peak / 1e6);
  start = wall_time();
}

void make(const Comm& comm, char** argv) {
  const std::array<int, 3> cells = {std::atoi(argv[2]), std::atoi(argv[3]), std::atoi(argv[4])};
  mesh::write_native(comm, mesh::box(comm, mesh::Shape::hex8, {0, 0, 0}, {double(cells[0]), double(cells[1]), double(cells[2])}, cells), argv[5]);
}

void read(const Comm& comm, int argc, char** argv) {
  double start = wall_time();
  report(comm, "start", start);
  mesh::RawMesh raw = mesh::read_mesh(comm, argv[2], 1);
  report(comm, "read", start);
  const mesh::Mesh mesh = mesh::build(comm, std::move(raw), {});
  report(comm, "build", start);
  if (argc > 3) {
    mesh::write_native(mesh, argv[3]);
    report(comm, "write", start);
  }
  const mesh::Quality q = mesh::quality(mesh);
  if (!comm.root()) return;
  std::printf("%s: %lld cells, %lld nodes, %d ranks\n", info(mesh.shape).name, (long long)q.cells, (long long)q.nodes, comm.size());
  std::printf("scaled Jacobian at least %.3f, at (%g, %g, %g); aspect at most %.1f; edges %.3g to %.3g m\n", q.smallest_jacobian, q.worst_centre[0],
              q.worst_centre[1], q.worst_centre[2], q.largest_aspect, q.smallest_edge, q.largest_edge);
  for (std::size_t i = 0; i < q.region_volume.size(); ++i)
    std::printf("  region  %-20s %14.3f m3\n", mesh.region_names[i].c_str(), q.region_volume[i]);
  for (std::size_t i = 0; i < q.surface_area.size(); ++i)
    std::printf("  surface %-20s %14.3f m2\n", mesh.surfaces[i].name.c_str(), q.surface_area[i]);
}

}  // namespace

int main(int argc, char** argv) {
  Session session(argc, argv);
  const Comm comm = Comm::world();
  try {
    if (argc == 6 && std::strcmp(argv[1], "make") == 0)
      make(comm, argv);
    else if (argc >= 3 && std::strcmp(argv[1], "read") == 0)
      read(comm, argc, argv);
    else
      throw InputError("usage: mesh_io make NX NY NZ FILE.h5 | mesh_io read FILE [OUT.h5]");
  } catch (const Error& error) {
    if (comm.root()) std::fprintf(stderr, "%s\n", error.what());
    return error.exit_code;
  }
}
