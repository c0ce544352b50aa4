#include "mesh/gmsh_deal.hpp"

namespace winze::mesh {
namespace {

enum Kind : int { points_of_block = 31, nodes_of_cells, region_of_cells, faces_of_surfaces, end_of_deal };

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

void append_faces(std::vector<RawMesh::FacePatch>& to, const std::vector<GlobalIndex>& more) {
  for (std::size_t i = 0; i < more.size(); i += 5) to.push_back({std::int32_t(more[i]), {more[i + 1], more[i + 2], more[i + 3], more[i + 4]}});
}

template <class T>
void send(const Comm& comm, int rank, Kind kind, const std::vector<T>& values) {
  MPI_Send(values.data(), int(values.size()), mpi_type<T>(), rank, kind, comm.handle());
}

template <class T>
std::vector<T> receive(const Comm& comm, MPI_Status& status) {
  int n;
  MPI_Get_count(&status, mpi_type<T>(), &n);
  std::vector<T> values(n);
  MPI_Recv(values.data(), n, mpi_type<T>(), 0, status.MPI_TAG, comm.handle(), MPI_STATUS_IGNORE);
  return values;
}

constexpr GlobalIndex largest_chunk = 1 << 15;  // items of one message: bounds root's buffers

}  // namespace

void Deal::begin_points(GlobalIndex n_nodes) {
  n_nodes_ = n_nodes;
  mine_.points.reserve(3 * std::size_t(block_begin(n_nodes, comm_.size(), 1)));
}

void Deal::point(const Vector3& x) {
  while (next_point_ == block_begin(n_nodes_, comm_.size(), point_rank_ + 1)) send_points(), ++point_rank_;
  points_.insert(points_.end(), x.begin(), x.end());
  ++next_point_;
  if (GlobalIndex(points_.size()) >= 3 * largest_chunk) send_points();
}

void Deal::begin_cells(GlobalIndex at_most, Shape shape) {
  cell_width_ = info(shape).n_nodes;
  n_cells_ = at_most;
}

void Deal::cell(const GlobalIndex* nodes, std::int32_t region) {
  while (next_cell_ == block_begin(n_cells_, comm_.size(), cell_rank_ + 1)) send_cells(), ++cell_rank_;
  ++next_cell_;
  cell_nodes_.insert(cell_nodes_.end(), nodes, nodes + cell_width_);
  cell_region_.push_back(region);
  if (GlobalIndex(cell_region_.size()) >= largest_chunk) send_cells();
}

void Deal::face(std::int32_t surface, const std::array<GlobalIndex, 4>& vertices) {
  faces_.push_back(surface);
  faces_.insert(faces_.end(), vertices.begin(), vertices.end());
  if (GlobalIndex(faces_.size()) >= largest_chunk) send_faces();
}

void Deal::send_points() {
  if (point_rank_ == 0)
    append(mine_.points, points_);
  else
    send(comm_, point_rank_, points_of_block, points_);
  points_.clear();
}

void Deal::send_cells() {
  if (cell_rank_ == 0) {
    append(mine_.cell_nodes, cell_nodes_);
    append(mine_.cell_region, cell_region_);
  } else {
    send(comm_, cell_rank_, nodes_of_cells, cell_nodes_);
    send(comm_, cell_rank_, region_of_cells, cell_region_);
  }
  cell_nodes_.clear();
  cell_region_.clear();
}

void Deal::send_faces() {
  if (face_rank_ == 0)
    append_faces(mine_.faces, faces_);
  else
    send(comm_, face_rank_, faces_of_surfaces, faces_);
  faces_.clear();
  face_rank_ = (face_rank_ + 1) % comm_.size();
}

Deal::~Deal() {
  send_points();
  send_cells();
  send_faces();
  for (int r = 1; r < comm_.size(); ++r) send(comm_, r, end_of_deal, std::vector<double>());
}

void receive_deal(const Comm& comm, RawMesh& mine) {
  for (;;) {
    MPI_Status status;
    MPI_Probe(0, MPI_ANY_TAG, comm.handle(), &status);
    switch (status.MPI_TAG) {
      case points_of_block:
        append(mine.points, receive<double>(comm, status));
        break;
      case nodes_of_cells:
        append(mine.cell_nodes, receive<GlobalIndex>(comm, status));
        break;
      case region_of_cells:
        append(mine.cell_region, receive<std::int32_t>(comm, status));
        break;
      case faces_of_surfaces:
        append_faces(mine.faces, receive<GlobalIndex>(comm, status));
        break;
      default:
        receive<double>(comm, status);
        return;
    }
  }
}

}  // namespace winze::mesh
