/// One HDF5 file of arrays that all ranks share. Rank 0 alone speaks HDF5: structure, small values, compressed chunks. The rows of large arrays are
/// written and read by every rank at their own place in the file, so that every failure of the disk is seen. (HDF5 over OpenMPI 4.1's MPI-IO was
/// measured to lose the data of a full disk on 4 ranks while every H5Dwrite and H5Fclose reported success.)
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/comm.hpp"
#include "base/error.hpp"
#include "output/disk.hpp"
#include "output/file_order.hpp"

namespace winze::output {

enum class Type : std::uint8_t { u8, i32, i64, f32, f64 };
std::size_t bytes_of(Type type);
template <class T>
constexpr Type type_of() {
  if constexpr (std::is_same_v<T, double>)
    return Type::f64;
  else if constexpr (std::is_same_v<T, float>)
    return Type::f32;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return Type::i64;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return Type::i32;
  else {
    static_assert(std::is_same_v<T, std::uint8_t> || std::is_same_v<T, char>, "no type in files");
    return Type::u8;
  }
}

/// Every member is collective. Opening, reading and close() throw the same EnvironmentError on every rank; a failure of writing waits for close().
/// Arguments must be the same on every rank unless stated. Groups on the way to a name are made.
class ArrayFile {
 public:
  enum class Mode { read, append, create };
  ArrayFile(const Comm& comm, const std::filesystem::path& path, Mode mode);
  ~ArrayFile();  ///< without close(): abandons the file after a failure, without a word
  ArrayFile(const ArrayFile&) = delete;
  ArrayFile& operator=(const ArrayFile&) = delete;
  /// Everything written is with the operating system and HDF5's structure is complete when this returns.
  void close();

  /// [slab.n_global][width] from every rank's rows of the slab. `deflate`: shuffled, compressed chunks of slab.chunk rows instead of one contiguous
  /// block.
  void write_rows(const std::string& name, Type type, const Slab& slab, int width, const void* rows, bool deflate = false);
  /// Reads a contiguous array of exactly this type and shape.
  void read_rows(const std::string& name, Type type, const Slab& slab, int width, void* rows);

  /// Small arrays: rank 0's values are written; reading gives them to every rank. `shape` empty: one dimension.
  template <class T>
  void write(const std::string& name, const std::vector<T>& values, std::vector<GlobalIndex> shape = {}) {
    write(name, type_of<T>(), values.data(), shape.empty() ? std::vector<GlobalIndex>{GlobalIndex(values.size())} : shape);
  }
  void write(const std::string& name, Type type, const void* values, const std::vector<GlobalIndex>& shape);
  template <class T>
  std::vector<T> read(const std::string& name) {
    const std::string bytes = read_small(name, type_of<T>());
    std::vector<T> values(bytes.size() / sizeof(T));
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(values.data()));
    return values;
  }
  void write_text(const std::string& name, const std::string& text);
  std::string read_text(const std::string& name);
  void write_texts(const std::string& name, const std::vector<std::string>& texts);

  void make_group(const std::string& name);
  void text_attribute(const std::string& object, const std::string& name, const std::string& text);  ///< fixed-length ASCII/UTF-8
  void integer_attribute(const std::string& object, const std::string& name, const std::vector<GlobalIndex>& values);
  void number_attribute(const std::string& object, const std::string& name, double value);
  std::vector<GlobalIndex> integers(const std::string& object, const std::string& name);  ///< an integer attribute
  bool has(const std::string& name);

  /// A virtual dataset [rows][width] that shows other datasets of this file; rows that no part covers read as NaN (zero for integers).
  struct Part {
    std::string name;
    GlobalIndex begin, n;
  };
  void write_virtual(const std::string& name, Type type, GlobalIndex rows, int width, const std::vector<Part>& parts);

  /// Places of the rows written through this object: (position, bytes). Known on rank 0.
  const std::vector<std::pair<std::int64_t, std::int64_t>>& row_places() const { return row_places_; }

 private:
  std::string read_small(const std::string& name, Type type);
  void write_chunks(const std::string& name, Type type, const Slab& slab, int width, const void* rows);
  /// Runs body on this rank and keeps its failure; does nothing after a failure.
  template <class Body>
  void attempt(const Body& body);
  /// attempt() on rank 0; a failure of HDF5 inside becomes one that names the file and `what`.
  template <class Body>
  void on_root(const std::string& what, const Body& body);
  /// Throws the failure of any rank on all.
  void settle();

  Comm comm_;
  std::filesystem::path path_;
  std::unique_ptr<DiskFile> bytes_;  ///< every rank
  struct Hdf5;
  std::unique_ptr<Hdf5> hdf5_;  ///< rank 0; works on bytes_
  std::vector<std::pair<std::int64_t, std::int64_t>> row_places_;
  std::optional<EnvironmentError> failure_;
};

}  // namespace winze::output
