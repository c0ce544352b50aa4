#include "output/restart.hpp"

#include "base/error.hpp"
#include "base/version.hpp"

namespace winze::output {
namespace {

constexpr GlobalIndex format = 1;
constexpr const char* head = "winze_restart";

/// Position of the first 8-byte word of a slab. Slabs begin at multiples of 8 rows or hold 8-byte numbers.
std::uint64_t first_word(const Slab& slab, std::size_t row_bytes) { return std::uint64_t(slab.begin) * row_bytes / sizeof(std::uint64_t); }

Slab point_slab(const Comm& comm, const std::vector<GlobalIndex>& lengths) {
  Slab slab;
  for (GlobalIndex n : lengths) slab.n += n;
  slab.begin = comm.exclusive_scan(slab.n);
  slab.n_global = comm.sum(slab.n);
  return slab;
}

}  // namespace

std::uint64_t case_hash(const std::string& text) { return checksum(text.data(), text.size(), text.size()); }

RestartWriter::RestartWriter(const std::filesystem::path& path, const FileOrder& order, std::uint64_t case_hash)
    : path_(path), order_(order), file_(order.comm(), part_of(path), ArrayFile::Mode::create) {
  file_.make_group(head);
  file_.integer_attribute(head, "format", {format});
  file_.text_attribute(head, "version", version);
  file_.integer_attribute(head, "case", {GlobalIndex(case_hash)});
  file_.integer_attribute(head, "mesh", {GlobalIndex(order.fingerprint())});
  file_.integer_attribute(head, "ranks", {order.comm().size()});
}

void RestartWriter::slab(const std::string& name, Type type, const Slab& slab, int width, const void* rows) {
  const std::size_t row_bytes = bytes_of(type) * width;
  file_.write_rows(name, type, slab, width, rows);
  file_.integer_attribute(name, "checksum",
                          {GlobalIndex(order_.comm().sum(checksum(rows, std::size_t(slab.n) * row_bytes, first_word(slab, row_bytes))))});
}

void RestartWriter::rows(const std::string& name, const RowExchange& exchange, Type type, int width, const void* values) {
  const std::size_t row_bytes = bytes_of(type) * width;
  std::vector<char> rows(std::size_t(exchange.slab().n) * row_bytes);
  exchange.to_file(values, row_bytes, rows.data());
  slab(name, type, exchange.slab(), width, rows.data());
}

void RestartWriter::pointwise(const std::string& name, const std::vector<GlobalIndex>& offset, const double* values, int width) {
  std::vector<char> entries;
  const auto lengths = order_.elements().to_file(offset, values, sizeof(double) * width, entries);
  slab("pointwise/" + name + "/count", Type::i64, order_.elements().slab(), 1, lengths.data());
  slab("pointwise/" + name + "/values", Type::f64, point_slab(order_.comm(), lengths), width, entries.data());
}

void RestartWriter::small(const std::string& name, Type type, const void* values, std::size_t n) {
  file_.write(name, type, values, {GlobalIndex(n)});
  file_.integer_attribute(name, "checksum", {GlobalIndex(checksum(values, n * bytes_of(type), 0))});
}

void RestartWriter::close() {
  file_.close();
  order_.comm().together([&] {
    if (order_.comm().root()) publish(part_of(path_), path_);
  });
}

RestartReader::RestartReader(const std::filesystem::path& path, const FileOrder& order, std::uint64_t case_hash)
    : path_(path), order_(order), file_(order.comm(), path, ArrayFile::Mode::read) {
  const std::string name = path.string();
  if (!file_.has(head)) throw EnvironmentError("{}: not a restart of winze; start without --resume", name);
  const GlobalIndex found = file_.integers(head, "format").at(0);
  if (found != format)
    throw EnvironmentError("{}: restart of format {}, this version of winze reads format {}; start without --resume", name, found, format);
  if (file_.integers(head, "case").at(0) != GlobalIndex(case_hash))
    throw InputError("{}: restart of another case, or the case was changed since; start without --resume", name);
  const GlobalIndex ranks = file_.integers(head, "ranks").at(0);
  if (!order.any_ranks() && ranks != order.comm().size())
    throw EnvironmentError("{}: written on {} ranks and this mesh has no numbering of its own; resume on {} ranks", name, ranks, ranks);
  if (file_.integers(head, "mesh").at(0) != GlobalIndex(order.fingerprint()))
    throw InputError("{}: restart of another mesh; start without --resume", name);
}

void RestartReader::check(const std::string& name, std::uint64_t sum, bool parts) {
  const std::uint64_t found = parts ? order_.comm().sum(sum) : sum;
  if (file_.integers(name, "checksum").at(0) != GlobalIndex(found))
    throw EnvironmentError("{}: {} is damaged (checksum differs); start without --resume", path_.string(), name);
}

void RestartReader::slab(const std::string& name, Type type, const Slab& slab, int width, void* rows) {
  const std::size_t row_bytes = bytes_of(type) * width;
  file_.read_rows(name, type, slab, width, rows);
  check(name, checksum(rows, std::size_t(slab.n) * row_bytes, first_word(slab, row_bytes)), true);
}

void RestartReader::rows(const std::string& name, const RowExchange& exchange, Type type, int width, void* values) {
  const std::size_t row_bytes = bytes_of(type) * width;
  std::vector<char> rows(std::size_t(exchange.slab().n) * row_bytes);
  slab(name, type, exchange.slab(), width, rows.data());
  exchange.from_file(rows.data(), row_bytes, values);
}

void RestartReader::pointwise(const std::string& name, const std::vector<GlobalIndex>& offset, double* values, int width) {
  std::vector<GlobalIndex> lengths(order_.elements().slab().n), mine(order_.elements().n_items());
  slab("pointwise/" + name + "/count", Type::i64, order_.elements().slab(), 1, lengths.data());
  order_.elements().from_file(lengths.data(), sizeof(GlobalIndex), mine.data());
  bool same = true;
  for (std::size_t e = 0; e < mine.size(); ++e) same &= mine[e] == offset[e + 1] - offset[e];
  if (!order_.comm().all(same))
    throw EnvironmentError("{}: {} has other numbers of points per element; start without --resume", path_.string(), name);
  const Slab points = point_slab(order_.comm(), lengths);
  std::vector<double> entries(std::size_t(points.n) * width);
  slab("pointwise/" + name + "/values", Type::f64, points, width, entries.data());
  order_.elements().from_file(lengths, entries.data(), sizeof(double) * width, offset, values);
}

}  // namespace winze::output
