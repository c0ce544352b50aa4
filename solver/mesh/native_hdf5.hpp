/// The few calls of HDF5 that the native mesh format needs. Failures become EnvironmentError with HDF5's own innermost reason.
#pragma once
#include <hdf5.h>

#include <string>
#include <utility>
#include <vector>

#include "base/comm.hpp"

namespace winze::mesh::hdf5 {

inline constexpr const char* mesh_format = "winze mesh";
inline constexpr std::int64_t mesh_version = 1;

/// Owns one HDF5 identifier.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  /// Throws EnvironmentError "`what`: reason" if the identifier is invalid.
  Handle(hid_t id, Close close, const std::string& what);
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
  ~Handle();
  operator hid_t() const { return id_; }
  /// Closes now and reports what the destructor could not: data that did not reach the disk.
  void close(const std::string& what);

 private:
  hid_t id_;
  Close close_;
};
void check(herr_t status, const std::string& what);

/// HDF5 prints nothing of its own while one of these lives.
class Quiet {
 public:
  Quiet();
  ~Quiet();
  Quiet(const Quiet&) = delete;

 private:
  H5E_auto2_t report_;
  void* to_;
};

/// Collective. Opens an existing file for all ranks at once; `mode` is H5F_ACC_RDONLY or H5F_ACC_RDWR.
Handle open_shared(const Comm& comm, const std::string& path, unsigned mode);

/// Rows of a dataset that this rank writes or reads; every rank takes part, some with none.
struct Rows {
  hsize_t total, first, count;
  hsize_t width = 0;  ///< 0: a dataset of rank 1
};
/// In a file opened by one rank: a dataset of type `stored` whose room in the file is taken at once, to be filled by write_rows.
void create_rows(hid_t file, const std::string& name, const Rows& rows, hid_t stored);
/// Collective. Writes this rank's rows from `data` of type `given`.
void write_rows(const Comm& comm, hid_t file, const std::string& name, const Rows& rows, hid_t given, const void* data);
/// Collective. Reads this rank's rows into `data` as type `wanted`. Both throw on every rank where one fails.
void read_rows(const Comm& comm, hid_t file, const std::string& name, const Rows& rows, hid_t wanted, void* data);

/// In a file opened by one rank; read_… take strings of fixed and of variable length.
void write_text(hid_t file, const std::string& attribute, const std::string& text);
void write_texts(hid_t file, const std::string& name, const std::vector<std::string>& texts);
std::string read_text(hid_t file, const std::string& attribute);
std::vector<std::string> read_texts(hid_t file, const std::string& name);

}  // namespace winze::mesh::hdf5
