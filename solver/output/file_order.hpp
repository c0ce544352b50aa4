/// The order of nodes and elements in files. It does not depend on the number of ranks: elements by Mesh::original_element, nodes by the first
/// element that uses them and their place in it. Runs on different numbers of ranks write the same files, and a restart is read on any number of
/// ranks.
#pragma once
#include <cstdint>
#include <vector>

#include "mesh/mesh.hpp"

namespace winze::output {

/// Consecutive rows of a file that one rank handles.
struct Slab {
  GlobalIndex begin = 0, n = 0, n_global = 0;
  Index chunk = 0;  ///< begin is a multiple of it: rows of one compressed chunk; 0 where the array is never compressed
};

/// Moves rows between the items of the ranks (nodes, elements, faces: in local order) and the file (one slab per rank, in rank order).
class RowExchange {
 public:
  /// Collective. `row[i]` is the row of local item i; the rows of all ranks are a permutation of 0 … n−1, else std::logic_error on every rank.
  RowExchange(const Comm& comm, const std::vector<GlobalIndex>& row, Index chunk);
  const Slab& slab() const { return slab_; }
  Index n_items() const { return Index(item_.size()); }
  int rank_of(GlobalIndex row) const;

  /// Collective. items[n_items] → rows[slab().n], row_bytes each.
  void to_file(const void* items, std::size_t row_bytes, void* rows) const;
  /// Collective. The reverse.
  void from_file(const void* rows, std::size_t row_bytes, void* items) const;
  /// Collective. Rows of different lengths: item i has offset[i + 1] − offset[i] entries of entry_bytes in `entries`. Returns the lengths of the rows
  /// of this slab and, in `file_entries`, their entries one after another.
  std::vector<GlobalIndex> to_file(const std::vector<GlobalIndex>& offset, const void* entries, std::size_t entry_bytes,
                                   std::vector<char>& file_entries) const;
  /// Collective. The reverse: `length` per row of the slab; the lengths of the items are those of `offset`.
  void from_file(const std::vector<GlobalIndex>& length, const void* file_entries, std::size_t entry_bytes, const std::vector<GlobalIndex>& offset,
                 void* entries) const;

 private:
  Comm comm_;
  Slab slab_;
  std::vector<GlobalIndex> rank_begin_;  ///< [ranks + 1] first row of each rank's slab
  std::vector<Index> item_;              ///< local items in the order they are sent, grouped by receiving rank
  std::vector<Index> place_;             ///< place in the slab of each row received, grouped by sending rank
  std::vector<int> send_count_, receive_count_, send_begin_, receive_begin_;
};

class FileOrder {
 public:
  /// Collective. `chunk`: rows of one compressed chunk, a multiple of 8. The mesh must outlive this.
  explicit FileOrder(const mesh::Mesh& mesh, Index chunk = 4096);
  const mesh::Mesh& mesh() const { return mesh_; }
  const Comm& comm() const { return mesh_.comm; }
  const RowExchange& nodes() const { return nodes_; }  ///< items: owned nodes
  const RowExchange& elements() const { return elements_; }
  /// Row of every local node, owned and ghost.
  const std::vector<GlobalIndex>& node_rows() const { return node_rows_; }
  /// Collective. Rows of things that belong to elements, ordered by element and by `place` within it, numbered 0 … n−1 without gaps.
  std::vector<GlobalIndex> rows_within_elements(const std::vector<Index>& element, const std::vector<int>& place) const;
  /// A number that two meshes share only if they have the same elements on the same nodes in the same file order. The same on every rank.
  std::uint64_t fingerprint() const { return fingerprint_; }
  /// False when files follow the numbering by ranks because the mesh has no original_element.
  bool any_ranks() const { return any_ranks_; }

 private:
  const mesh::Mesh& mesh_;
  bool any_ranks_;
  std::vector<GlobalIndex> element_rows_;
  RowExchange elements_;
  std::vector<GlobalIndex> node_rows_;
  RowExchange nodes_;
  std::uint64_t fingerprint_ = 0;
};

/// Sum over words of a mix of word and position: does not depend on how the words are spread over ranks. `first`: position of words[0].
std::uint64_t checksum(const void* bytes, std::size_t n, std::uint64_t first);

}  // namespace winze::output
