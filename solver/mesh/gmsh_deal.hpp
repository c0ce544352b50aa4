/// Root reads a file from front to back and deals what it finds out to the ranks, so that no rank, root included, holds the whole mesh.
#pragma once
#include <vector>

#include "base/comm.hpp"
#include "mesh/raw.hpp"

namespace winze::mesh {

/// Root's side, alive while the others are in receive_deal(). Points and cells go to the ranks in blocks, in the order of the file, so that counting
/// by rank and place counts as the file does, on any number of ranks; faces go round in chunks. Its end, on success and on failure alike, sends the
/// rest and ends the others' loop.
class Deal {
 public:
  Deal(const Comm& comm, RawMesh& mine) : comm_(comm), mine_(mine) {}
  ~Deal();
  Deal(const Deal&) = delete;
  void begin_points(GlobalIndex n_nodes);
  void point(const Vector3& x);
  /// `at_most` cells, the last ranks get less where there are fewer.
  void begin_cells(GlobalIndex at_most, Shape shape);
  void cell(const GlobalIndex* nodes, std::int32_t region);
  void face(std::int32_t surface, const std::array<GlobalIndex, 4>& vertices);

 private:
  void send_points();
  void send_cells();
  void send_faces();

  Comm comm_;
  RawMesh& mine_;
  GlobalIndex n_nodes_ = 0, next_point_ = 0, n_cells_ = 0, next_cell_ = 0;
  int point_rank_ = 0, cell_rank_ = 0, face_rank_ = 0, cell_width_ = 0;
  std::vector<double> points_;
  std::vector<GlobalIndex> cell_nodes_, faces_;
  std::vector<std::int32_t> cell_region_;
};

/// Every other rank's side: takes what root deals until the Deal ends.
void receive_deal(const Comm& comm, RawMesh& mine);

}  // namespace winze::mesh
