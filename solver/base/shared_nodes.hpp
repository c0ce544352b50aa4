/// Who owns which node when the cells around it lie on several ranks, and the two exchanges every operator needs.
/// Local numbering: owned nodes [0, n_owned), then ghosts, grouped by owner rank. Global numbering: rank r owns [begin_r, begin_r + n_owned_r).
#pragma once
#include <vector>

#include "base/comm.hpp"
#include "base/types.hpp"

namespace winze {

class SharedNodes {
 public:
  SharedNodes() : comm_(Comm::self()) {}
  /// Collective. `ghosts`: global numbers of the nodes this rank uses but does not own; the local number of ghosts[i] becomes n_owned + i after they
  /// are sorted ascending (which groups them by owner).
  SharedNodes(const Comm& comm, Index n_owned, std::vector<GlobalIndex> ghosts);

  const Comm& comm() const { return comm_; }
  Index n_owned() const { return n_owned_; }
  Index n_ghost() const { return Index(ghosts_.size()); }
  Index n_local() const { return n_owned_ + n_ghost(); }
  GlobalIndex n_global() const { return begin_.back(); }
  GlobalIndex begin() const { return begin_[comm_.rank()]; }
  const std::vector<GlobalIndex>& rank_begins() const { return begin_; }  ///< [ranks + 1]
  const std::vector<GlobalIndex>& ghosts() const { return ghosts_; }
  GlobalIndex global(Index local) const { return local < n_owned_ ? begin() + local : ghosts_[local - n_owned_]; }
  /// -1 if this rank neither owns nor ghosts it.
  Index local(GlobalIndex global) const;
  int owner(GlobalIndex global) const;

  /// Collective. Copies the owners' values of x[node][width] to the ghosts.
  template <class T>
  void update_ghosts(T* x, int width) const;
  /// Collective. Adds the ghosts' values of x[node][width] to their owners and zeroes the ghosts.
  template <class T>
  void add_to_owners(T* x, int width) const;

 private:
  Comm comm_;
  Index n_owned_ = 0;
  std::vector<GlobalIndex> begin_ = {0, 0}, ghosts_;
  struct Neighbour {
    int rank;
    std::vector<Index> sent;       ///< owned nodes that `rank` ghosts
    Index ghost_begin, ghost_end;  ///< range of local numbers that `rank` owns
  };
  std::vector<Neighbour> neighbours_;
};

}  // namespace winze
