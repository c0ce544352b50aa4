#include "output/file_order.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "base/error.hpp"

namespace winze::output {
namespace {

/// One row as one MPI item, so that counts stay below 2³¹ for any width.
class RowType {
 public:
  explicit RowType(std::size_t bytes) {
    MPI_Type_contiguous(int(bytes), MPI_BYTE, &type_);
    MPI_Type_commit(&type_);
  }
  ~RowType() { MPI_Type_free(&type_); }
  RowType(const RowType&) = delete;
  operator MPI_Datatype() const { return type_; }

 private:
  MPI_Datatype type_;
};

std::vector<int> begins(const std::vector<int>& counts) {
  std::vector<int> begin(counts.size() + 1, 0);
  std::partial_sum(counts.begin(), counts.end(), begin.begin() + 1);
  return begin;
}

std::vector<GlobalIndex> begins(const std::vector<GlobalIndex>& lengths) {
  std::vector<GlobalIndex> begin(lengths.size() + 1, 0);
  std::partial_sum(lengths.begin(), lengths.end(), begin.begin() + 1);
  return begin;
}

/// Entries of rows of different lengths, copied between two orders: row order[k] of `from` (found by from_begin) follows row order[k − 1] in the
/// result.
std::vector<char> pack(const std::vector<Index>& order, const std::vector<GlobalIndex>& begin, const void* entries, std::size_t bytes) {
  const char* from = static_cast<const char*>(entries);
  std::vector<char> packed;
  for (Index row : order) packed.insert(packed.end(), from + begin[row] * bytes, from + begin[row + 1] * bytes);
  return packed;
}
void unpack(const std::vector<Index>& order, const std::vector<GlobalIndex>& begin, const std::vector<char>& packed, std::size_t bytes,
            void* entries) {
  char* to = static_cast<char*>(entries);
  const char* from = packed.data();
  for (Index row : order) {
    const std::size_t n = std::size_t(begin[row + 1] - begin[row]) * bytes;
    std::memcpy(to + begin[row] * bytes, from, n);
    from += n;
  }
}

/// Entries per rank when rank r's rows are order[row_begin[r]] … order[row_begin[r + 1] − 1].
std::vector<int> entry_counts(const std::vector<Index>& order, const std::vector<int>& row_begin, const std::vector<GlobalIndex>& begin) {
  std::vector<int> counts(row_begin.size() - 1);
  for (std::size_t r = 0; r < counts.size(); ++r) {
    GlobalIndex n = 0;
    for (int k = row_begin[r]; k < row_begin[r + 1]; ++k) n += begin[order[k] + 1] - begin[order[k]];
    if (n > std::numeric_limits<int>::max()) throw EnvironmentError("more than 2³¹ entries for one rank: use more ranks");
    counts[r] = int(n);
  }
  return counts;
}

std::uint64_t mix(std::uint64_t z) {  // splitmix64, Steele, Lea & Flood 2014
  z += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

std::vector<GlobalIndex> element_rows(const mesh::Mesh& mesh) {
  const bool given = !mesh.comm.any(mesh.original_element.empty() && mesh.n_elements() > 0);
  if (given) return mesh.original_element;
  std::vector<GlobalIndex> rows(mesh.n_elements());
  std::iota(rows.begin(), rows.end(), mesh.comm.exclusive_scan<GlobalIndex>(mesh.n_elements()));
  return rows;
}

/// Rows of keys in ascending order of keys. Keys are unique over all ranks; `owner` says which rank sorts a key and ascends with it.
template <class Owner>
std::vector<GlobalIndex> rank_keys(const Comm& comm, const std::vector<GlobalIndex>& keys, const Owner& owner) {
  std::vector<std::vector<GlobalIndex>> sent(comm.size()), answers(comm.size());
  for (GlobalIndex key : keys) sent[owner(key)].push_back(key);
  const auto received = comm.all_to_all(sent);
  std::vector<GlobalIndex> sorted;
  for (const auto& from : received) sorted.insert(sorted.end(), from.begin(), from.end());
  std::sort(sorted.begin(), sorted.end());
  const GlobalIndex first = comm.exclusive_scan<GlobalIndex>(GlobalIndex(sorted.size()));
  for (int r = 0; r < comm.size(); ++r)
    for (GlobalIndex key : received[r]) answers[r].push_back(first + (std::lower_bound(sorted.begin(), sorted.end(), key) - sorted.begin()));
  const auto rows = comm.all_to_all(answers);
  std::vector<std::size_t> next(comm.size(), 0);
  std::vector<GlobalIndex> result;
  result.reserve(keys.size());
  for (GlobalIndex key : keys) {
    const int r = owner(key);
    result.push_back(rows[r][next[r]++]);
  }
  return result;
}

/// Rows of the owned nodes by the smallest (element row, place in the element) that uses them.
std::vector<GlobalIndex> owned_node_rows(const mesh::Mesh& mesh, const std::vector<GlobalIndex>& element_rows, const RowExchange& elements) {
  constexpr GlobalIndex none = std::numeric_limits<GlobalIndex>::max();
  const Comm& comm = mesh.comm;
  const SharedNodes& nodes = mesh.nodes;
  const int n = mesh::info(mesh.shape).n_nodes;
  std::vector<GlobalIndex> key(nodes.n_local(), none);
  for (Index e = 0; e < mesh.n_elements(); ++e)
    for (int i = 0; i < n; ++i) {
      GlobalIndex& k = key[mesh.nodes_of(e)[i]];
      k = std::min(k, element_rows[e] * n + i);
    }
  std::vector<std::vector<GlobalIndex>> to_owner(comm.size());
  for (Index g = nodes.n_owned(); g < nodes.n_local(); ++g) {
    auto& message = to_owner[nodes.owner(nodes.global(g))];
    message.insert(message.end(), {nodes.global(g), key[g]});
  }
  for (const auto& message : comm.all_to_all(to_owner))
    for (std::size_t k = 0; k < message.size(); k += 2) {
      GlobalIndex& mine = key[message[k] - nodes.begin()];
      mine = std::min(mine, message[k + 1]);
    }
  key.resize(nodes.n_owned());
  if (comm.any(std::find(key.begin(), key.end(), none) != key.end())) throw std::logic_error("a node of the mesh belongs to no element");
  return rank_keys(comm, key, [&](GlobalIndex k) { return elements.rank_of(k / n); });
}

std::vector<GlobalIndex> with_ghosts(const SharedNodes& nodes, std::vector<GlobalIndex> rows) {
  rows.resize(nodes.n_local());
  nodes.update_ghosts(rows.data(), 1);
  return rows;
}

}  // namespace

RowExchange::RowExchange(const Comm& comm, const std::vector<GlobalIndex>& row, Index chunk) : comm_(comm) {
  const int ranks = comm.size();
  slab_.n_global = comm.sum<GlobalIndex>(GlobalIndex(row.size()));
  slab_.chunk = chunk;
  const GlobalIndex chunks = (slab_.n_global + chunk - 1) / chunk;
  for (int r = 0; r <= ranks; ++r) rank_begin_.push_back(std::min(slab_.n_global, chunk * (chunks * r / ranks)));
  slab_.begin = rank_begin_[comm.rank()];
  slab_.n = rank_begin_[comm.rank() + 1] - slab_.begin;
  if (comm.any(std::any_of(row.begin(), row.end(), [&](GlobalIndex k) { return k < 0 || k >= slab_.n_global; })))
    throw std::logic_error("rows of a file must be numbered 0 … n−1");

  send_count_.assign(ranks, 0), receive_count_.assign(ranks, 0);
  for (GlobalIndex k : row) ++send_count_[rank_of(k)];
  send_begin_ = begins(send_count_);
  MPI_Alltoall(send_count_.data(), 1, MPI_INT, receive_count_.data(), 1, MPI_INT, comm.handle());
  receive_begin_ = begins(receive_count_);
  std::vector<int> next(send_begin_.begin(), send_begin_.end() - 1);
  item_.resize(row.size());
  std::vector<GlobalIndex> sent(row.size()), received(receive_begin_.back());
  for (std::size_t i = 0; i < row.size(); ++i) {
    const int k = next[rank_of(row[i])]++;
    item_[k] = Index(i), sent[k] = row[i];
  }
  MPI_Alltoallv(sent.data(), send_count_.data(), send_begin_.data(), MPI_INT64_T, received.data(), receive_count_.data(), receive_begin_.data(),
                MPI_INT64_T, comm.handle());
  std::vector<char> taken(slab_.n, 0);
  bool repeated = false;
  for (GlobalIndex k : received) {
    place_.push_back(Index(k - slab_.begin));
    repeated |= taken[place_.back()]++ != 0;
  }
  if (comm.any(repeated)) throw std::logic_error("a row of a file is claimed twice");
}

int RowExchange::rank_of(GlobalIndex row) const {
  return int(std::upper_bound(rank_begin_.begin(), rank_begin_.end() - 1, row) - rank_begin_.begin()) - 1;
}

void RowExchange::to_file(const void* items, std::size_t row_bytes, void* rows) const {
  const RowType type(row_bytes);
  std::vector<char> sent(item_.size() * row_bytes), received(place_.size() * row_bytes);
  for (std::size_t k = 0; k < item_.size(); ++k) std::memcpy(&sent[k * row_bytes], static_cast<const char*>(items) + item_[k] * row_bytes, row_bytes);
  MPI_Alltoallv(sent.data(), send_count_.data(), send_begin_.data(), type, received.data(), receive_count_.data(), receive_begin_.data(), type,
                comm_.handle());
  for (std::size_t k = 0; k < place_.size(); ++k) std::memcpy(static_cast<char*>(rows) + place_[k] * row_bytes, &received[k * row_bytes], row_bytes);
}

void RowExchange::from_file(const void* rows, std::size_t row_bytes, void* items) const {
  const RowType type(row_bytes);
  std::vector<char> sent(place_.size() * row_bytes), received(item_.size() * row_bytes);
  for (std::size_t k = 0; k < place_.size(); ++k)
    std::memcpy(&sent[k * row_bytes], static_cast<const char*>(rows) + place_[k] * row_bytes, row_bytes);
  MPI_Alltoallv(sent.data(), receive_count_.data(), receive_begin_.data(), type, received.data(), send_count_.data(), send_begin_.data(), type,
                comm_.handle());
  for (std::size_t k = 0; k < item_.size(); ++k) std::memcpy(static_cast<char*>(items) + item_[k] * row_bytes, &received[k * row_bytes], row_bytes);
}

std::vector<GlobalIndex> RowExchange::to_file(const std::vector<GlobalIndex>& offset, const void* entries, std::size_t entry_bytes,
                                              std::vector<char>& file_entries) const {
  std::vector<GlobalIndex> item_length(item_.size()), length(slab_.n);
  for (std::size_t i = 0; i < item_.size(); ++i) item_length[i] = offset[i + 1] - offset[i];
  to_file(item_length.data(), sizeof(GlobalIndex), length.data());
  const std::vector<GlobalIndex> begin = begins(length);
  std::vector<int> sent, received;
  comm_.together([&] { sent = entry_counts(item_, send_begin_, offset), received = entry_counts(place_, receive_begin_, begin); });
  const RowType type(entry_bytes);
  const std::vector<char> out = pack(item_, offset, entries, entry_bytes);
  std::vector<char> in(std::size_t(begin.back()) * entry_bytes);
  MPI_Alltoallv(out.data(), sent.data(), begins(sent).data(), type, in.data(), received.data(), begins(received).data(), type, comm_.handle());
  file_entries.resize(in.size());
  unpack(place_, begin, in, entry_bytes, file_entries.data());
  return length;
}

void RowExchange::from_file(const std::vector<GlobalIndex>& length, const void* file_entries, std::size_t entry_bytes,
                            const std::vector<GlobalIndex>& offset, void* entries) const {
  const std::vector<GlobalIndex> begin = begins(length);
  std::vector<int> sent, received;
  comm_.together([&] { sent = entry_counts(place_, receive_begin_, begin), received = entry_counts(item_, send_begin_, offset); });
  const RowType type(entry_bytes);
  const std::vector<char> out = pack(place_, begin, file_entries, entry_bytes);
  std::vector<char> in(std::size_t(offset.back() - offset.front()) * entry_bytes);
  MPI_Alltoallv(out.data(), sent.data(), begins(sent).data(), type, in.data(), received.data(), begins(received).data(), type, comm_.handle());
  unpack(item_, offset, in, entry_bytes, entries);
}

FileOrder::FileOrder(const mesh::Mesh& mesh, Index chunk)
    : mesh_(mesh),
      any_ranks_(!mesh.comm.any(mesh.original_element.empty() && mesh.n_elements() > 0)),
      element_rows_(element_rows(mesh)),
      elements_(mesh.comm, element_rows_, chunk),
      node_rows_(with_ghosts(mesh.nodes, owned_node_rows(mesh, element_rows_, elements_))),
      nodes_(mesh.comm, std::vector<GlobalIndex>(node_rows_.begin(), node_rows_.begin() + mesh.nodes.n_owned()), chunk) {
  const std::size_t n = mesh::info(mesh.shape).n_nodes;
  std::uint64_t sum = 0;
  std::vector<GlobalIndex> rows(n);
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    for (std::size_t i = 0; i < n; ++i) rows[i] = node_rows_[mesh.nodes_of(e)[i]];
    sum += checksum(rows.data(), n * sizeof(GlobalIndex), std::uint64_t(element_rows_[e]) * n);
  }
  fingerprint_ = mesh.comm.sum(sum);
}

std::vector<GlobalIndex> FileOrder::rows_within_elements(const std::vector<Index>& element, const std::vector<int>& place) const {
  constexpr GlobalIndex places = 1 << 16;
  std::vector<GlobalIndex> keys(element.size());
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = element_rows_[element[i]] * places + place[i];
  return rank_keys(comm(), keys, [&](GlobalIndex key) { return elements_.rank_of(key / places); });
}

std::uint64_t checksum(const void* bytes, std::size_t n, std::uint64_t first) {
  std::uint64_t sum = 0;
  for (std::size_t k = 0; k < n; k += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, static_cast<const char*>(bytes) + k, std::min(sizeof word, n - k));
    sum += mix(word ^ mix(first++));
  }
  return sum;
}

}  // namespace winze::output
