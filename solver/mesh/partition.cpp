#include "mesh/partition.hpp"

#include <petscmat.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "mesh/curve.hpp"
#include "mesh/raw_nodes.hpp"

namespace winze::mesh {
namespace {

/// Keys of the cells' centres (mean of vertices) along the curve through the bounding cube of all centres.
std::vector<std::uint64_t> curve_keys(const Comm& comm, const RawMesh& raw) {
  const ShapeInfo& cell = info(raw.shape);
  const size_t n = raw.cell_region.size();
  std::vector<GlobalIndex> vertices(n * cell.n_vertices);
  for (size_t c = 0; c < n; ++c)
    for (int v = 0; v < cell.n_vertices; ++v) vertices[c * cell.n_vertices + v] = raw.cell_nodes[c * cell.n_nodes + vertex_nodes(raw.shape)[v]];
  std::vector<Vector3> centres(n, Vector3{});
  const double inf = std::numeric_limits<double>::infinity();
  Vector3 low = {inf, inf, inf}, high = {-inf, -inf, -inf};
  {
    const NumberSet used(vertices);
    const std::vector<double> points = NodeRequest(comm, raw.n_nodes, used.numbers()).points(raw.points);
    for (size_t c = 0; c < n; ++c) {
      for (int v = 0; v < cell.n_vertices; ++v) {
        const double* x = points.data() + 3 * size_t(used.find(vertices[c * cell.n_vertices + v]));
        for (int axis = 0; axis < 3; ++axis) centres[c][axis] += x[axis] / cell.n_vertices;
      }
      for (int axis = 0; axis < 3; ++axis) low[axis] = std::min(low[axis], centres[c][axis]), high[axis] = std::max(high[axis], centres[c][axis]);
    }
  }
  double size = 0;
  for (int axis = 0; axis < 3; ++axis) {
    low[axis] = comm.min(low[axis]);
    size = std::max(size, comm.max(high[axis]) - low[axis]);
  }
  std::vector<std::uint64_t> keys(n);
  for (size_t c = 0; c < n; ++c) keys[c] = curve_key(centres[c], low, size > 0 ? size : 1);
  return keys;
}

/// For r = 1 … ranks − 1 the key at which rank r's equal share of the cells begins, by bisection on counts.
std::vector<std::uint64_t> share_begins(const Comm& comm, std::vector<std::uint64_t> keys, GlobalIndex n_cells) {
  std::sort(keys.begin(), keys.end());
  const int n = comm.size() - 1;
  std::vector<std::uint64_t> low(n, 0), high(n, std::uint64_t(1) << 3 * curve_bits);
  std::vector<GlobalIndex> below(n);
  for (int bit = 0; bit <= 3 * curve_bits; ++bit) {
    for (int i = 0; i < n; ++i) below[i] = std::lower_bound(keys.begin(), keys.end(), (low[i] + high[i]) / 2) - keys.begin();
    comm.sum(below.data(), n);
    for (int i = 0; i < n; ++i) {
      if (low[i] == high[i]) continue;
      const std::uint64_t middle = (low[i] + high[i]) / 2;
      if (below[i] >= block_begin(n_cells, comm.size(), i + 1))
        high[i] = middle;
      else
        low[i] = middle + 1;
    }
  }
  return low;
}

}  // namespace

Cells move_cells(const Comm& comm, Shape shape, const Cells& cells, const std::vector<int>& destination) {
  const int n_nodes = info(shape).n_nodes, width = n_nodes + 3, ranks = comm.size();
  Cells result;
  std::vector<GlobalIndex> records;
  const auto put = [&](GlobalIndex* out, size_t c) {
    out[0] = GlobalIndex(cells.curve[c]), out[1] = cells.region[c], out[2] = cells.number[c];
    std::copy_n(cells.nodes.data() + c * n_nodes, n_nodes, out + 3);
  };
  std::vector<int> counts(ranks, 0), received(ranks), begin(ranks + 1, 0), received_begin(ranks + 1, 0);
  for (int r : destination) ++counts[r];
  MPI_Alltoall(counts.data(), 1, MPI_INT, received.data(), 1, MPI_INT, comm.handle());
  for (int r = 0; r < ranks; ++r) begin[r + 1] = begin[r] + counts[r], received_begin[r + 1] = received_begin[r] + received[r];
  {
    std::vector<GlobalIndex> send(size_t(width) * begin[ranks]);
    std::vector<int> next(begin.begin(), begin.end() - 1);
    for (size_t c = 0; c < destination.size(); ++c) put(send.data() + size_t(next[destination[c]]++) * width, c);
    records.resize(size_t(width) * received_begin[ranks]);
    MPI_Datatype record;
    MPI_Type_contiguous(width, MPI_INT64_T, &record);
    MPI_Type_commit(&record);
    MPI_Alltoallv(send.data(), counts.data(), begin.data(), record, records.data(), received.data(), received_begin.data(), record, comm.handle());
    MPI_Type_free(&record);
  }
  const size_t n = records.size() / width;
  std::vector<std::pair<GlobalIndex, Index>> order(n);
  for (size_t c = 0; c < n; ++c) order[c] = {records[c * width], Index(c)};
  std::sort(order.begin(), order.end());
  result.nodes.reserve(n * n_nodes), result.region.reserve(n), result.curve.reserve(n), result.number.reserve(n);
  for (const auto& [key, c] : order) {
    const GlobalIndex* in = records.data() + size_t(c) * width;
    result.curve.push_back(std::uint64_t(key)), result.region.push_back(std::int32_t(in[1])), result.number.push_back(in[2]);
    result.nodes.insert(result.nodes.end(), in + 3, in + width);
  }
  if (!comm.all(n > 0))
    throw InputError("some ranks get no cells: many centres coincide (cells held twice, or a few cells larger than the others by a factor of 1e6)");
  return result;
}

Cells along_curve(const Comm& comm, RawMesh& raw) {
  const GlobalIndex n_cells = comm.sum(GlobalIndex(raw.cell_region.size()));
  if (n_cells == 0) throw InputError("the mesh has no {} cells", info(raw.shape).name);
  if (n_cells < comm.size())
    throw InputError("the mesh has {} unrefined cells, too few for {} ranks: run on at most {}, or refine less and mesh finer", n_cells, comm.size(),
                     n_cells);
  Cells cells;
  cells.curve = curve_keys(comm, raw);
  cells.nodes = std::move(raw.cell_nodes), cells.region = std::move(raw.cell_region);
  cells.number.resize(cells.region.size());
  std::iota(cells.number.begin(), cells.number.end(), comm.exclusive_scan(GlobalIndex(cells.region.size())));
  std::vector<int> destination(cells.region.size(), 0);
  if (comm.size() > 1) {
    const std::vector<std::uint64_t> begins = share_begins(comm, cells.curve, n_cells);
    for (size_t c = 0; c < destination.size(); ++c)
      destination[c] = int(std::upper_bound(begins.begin(), begins.end(), cells.curve[c]) - begins.begin());
  }
  return move_cells(comm, raw.shape, cells, destination);
}

std::vector<int> partition_graph(const Comm& comm, const std::vector<Index>& offset, const std::vector<GlobalIndex>& neighbours) {
  const PetscInt n = PetscInt(offset.size()) - 1, n_global = comm.sum(n);
  PetscInt *rows, *columns;  // MatCreateMPIAdj takes them over
  const auto check = [](PetscErrorCode code) {
    if (code) throw EnvironmentError("PT-Scotch through PETSc failed with PETSc error {}: use the curve partition", int(code));
  };
  check(PetscMalloc1(n + 1, &rows));
  check(PetscMalloc1(neighbours.size(), &columns));
  std::copy(offset.begin(), offset.end(), rows);
  std::copy(neighbours.begin(), neighbours.end(), columns);
  Mat graph;
  MatPartitioning partitioning;
  IS parts;
  check(MatCreateMPIAdj(comm.handle(), n, n_global, rows, columns, nullptr, &graph));
  check(MatPartitioningCreate(comm.handle(), &partitioning));
  check(MatPartitioningSetAdjacency(partitioning, graph));
  check(MatPartitioningSetType(partitioning, MATPARTITIONINGPTSCOTCH));
  check(MatPartitioningSetNParts(partitioning, comm.size()));
  check(MatPartitioningApply(partitioning, &parts));
  const PetscInt* part;
  check(ISGetIndices(parts, &part));
  std::vector<int> destination(part, part + n);
  check(ISRestoreIndices(parts, &part));
  check(ISDestroy(&parts));
  check(MatPartitioningDestroy(&partitioning));
  check(MatDestroy(&graph));
  return destination;
}

}  // namespace winze::mesh
