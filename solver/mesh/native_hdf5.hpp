/// The few calls of HDF5 that the native mesh format needs. Failures become EnvironmentError with HDF5's own innermost reason.
#pragma once
#include <hdf5.h>

#include <string>
#include <utility>
#include <vector>

#include "base/comm.hpp"

namespace winze::mesh::hdf5 {

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

/// Rows of a dataset that this rank writes or reads; every rank takes part, some with none.
struct Rows {
  hsize_t total, first, count;
  hsize_t width = 0;  ///< 0: a dataset of rank 1
};
/// Collective. Creates dataset `name` of file type `stored` and writes this rank's rows from `data` of type `given`.
void write_rows(const Comm& comm, hid_t file, const std::string& name, const Rows& rows, hid_t stored, hid_t given, const void* data);
/// Collective. Reads this rank's rows into `data` as type `wanted`. Both throw on every rank where one fails.
void read_rows(const Comm& comm, hid_t file, const std::string& name, const Rows& rows, hid_t wanted, void* data);

void write_text(hid_t file, const std::string& attribute, const std::string& text);
/// Collective; every rank gives the same texts.
void write_texts(const Comm& comm, hid_t file, const std::string& name, const std::vector<std::string>& texts);
/// Of a file opened by one rank; fixed or variable length.
std::string read_text(hid_t file, const std::string& attribute);
std::vector<std::string> read_texts(hid_t file, const std::string& name);

}  // namespace winze::mesh::hdf5
