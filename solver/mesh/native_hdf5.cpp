#include "mesh/native_hdf5.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"

namespace winze::mesh::hdf5 {
namespace {

std::string reason() {
  std::string text;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned n, const H5E_error2_t* error, void* to) -> herr_t {
        if (n == 0 && error->desc) *static_cast<std::string*>(to) = error->desc;
        return 0;
      },
      &text);
  return text.empty() ? "HDF5 gives no reason" : text;
}

Handle text_type(std::size_t length) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "HDF5 string type");
  check(H5Tset_size(type, std::max<std::size_t>(length, 1)), "HDF5 string type");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "HDF5 string type");
  check(H5Tset_strpad(type, H5T_STR_NULLPAD), "HDF5 string type");
  return type;
}

// The n strings of a dataset or attribute that `read` copies into a buffer in the type given to it.
template <class Read>
std::vector<std::string> texts_of(hid_t stored, hid_t space, const std::string& what, Read read) {
  if (H5Tget_class(stored) != H5T_STRING) throw InputError("{} does not hold text", what);
  const hssize_t n = H5Sget_simple_extent_npoints(space);
  std::vector<std::string> texts;
  if (n <= 0) return texts;
  Handle type(H5Tcopy(stored), H5Tclose, what);
  if (H5Tis_variable_str(stored) > 0) {
    std::vector<char*> pointers(n, nullptr);
    check(read(type, pointers.data()), what);
    for (char* p : pointers) texts.emplace_back(p ? p : "");
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data());
  } else {
    const std::size_t length = H5Tget_size(stored);
    std::string buffer(length * n, '\0');
    check(read(type, buffer.data()), what);
    const bool space_padded = H5Tget_strpad(stored) == H5T_STR_SPACEPAD;
    for (hssize_t i = 0; i < n; ++i) {
      std::string text(buffer.data() + i * length, strnlen(buffer.data() + i * length, length));
      while (space_padded && !text.empty() && text.back() == ' ') text.pop_back();
      texts.push_back(text);
    }
  }
  return texts;
}

Handle rows_space(const Rows& rows, hsize_t count, const std::string& what) {
  const hsize_t size[2] = {count, rows.width};
  return Handle(H5Screate_simple(rows.width ? 2 : 1, size, nullptr), H5Sclose, what);
}

// Memory and file selections of this rank's rows, and the collective transfer.
template <class Transfer>
void transfer_rows(const Comm& comm, const Rows& rows, const std::string& name, Transfer transfer) {
  const Handle file_space = rows_space(rows, rows.total, name), memory_space = rows_space(rows, rows.count, name);
  const hsize_t first[2] = {rows.first, 0}, count[2] = {rows.count, rows.width};
  if (rows.count > 0) {
    check(H5Sselect_hyperslab(file_space, H5S_SELECT_SET, first, nullptr, count, nullptr), name);
  } else {
    check(H5Sselect_none(file_space), name);
    check(H5Sselect_none(memory_space), name);
  }
  const Handle collective(H5Pcreate(H5P_DATASET_XFER), H5Pclose, name);
  check(H5Pset_dxpl_mpio(collective, H5FD_MPIO_COLLECTIVE), name);
  comm.together([&] { check(transfer(memory_space, file_space, collective), name); });  // a disk may be full for one rank alone
}

}  // namespace

Handle::Handle(hid_t id, Close close, const std::string& what) : id_(id), close_(close) {
  if (id < 0) throw EnvironmentError("{}: {}", what, reason());
}
Handle::~Handle() {
  if (id_ >= 0) close_(id_);
}
void Handle::close(const std::string& what) { check(close_(std::exchange(id_, H5I_INVALID_HID)), what); }

void check(herr_t status, const std::string& what) {
  if (status < 0) throw EnvironmentError("{}: {}", what, reason());
}

Quiet::Quiet() {
  H5Eget_auto2(H5E_DEFAULT, &report_, &to_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}
Quiet::~Quiet() { H5Eset_auto2(H5E_DEFAULT, report_, to_); }

Handle open_shared(const Comm& comm, const std::string& path, unsigned mode) {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, path);
  check(H5Pset_fapl_mpio(access, comm.handle(), MPI_INFO_NULL), path);
  check(H5Pset_all_coll_metadata_ops(access, true), path);
  return Handle(H5Fopen(path.c_str(), mode, access), H5Fclose, fmt::format("cannot open mesh file {}", path));
}

void create_rows(hid_t file, const std::string& name, const Rows& rows, hid_t stored) {
  const Handle space = rows_space(rows, rows.total, name), creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, name);
  check(H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY), name);
  check(H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER), name);
  const Handle dataset(H5Dcreate2(file, name.c_str(), stored, space, H5P_DEFAULT, creation, H5P_DEFAULT), H5Dclose, name);
}

void write_rows(const Comm& comm, hid_t file, const std::string& name, const Rows& rows, hid_t given, const void* data) {
  const Handle dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, name);
  if (rows.total == 0) return;
  transfer_rows(comm, rows, name, [&](hid_t memory, hid_t selected, hid_t mode) { return H5Dwrite(dataset, given, memory, selected, mode, data); });
}

void read_rows(const Comm& comm, hid_t file, const std::string& name, const Rows& rows, hid_t wanted, void* data) {
  const Handle dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, name);
  if (rows.total == 0) return;
  transfer_rows(comm, rows, name, [&](hid_t memory, hid_t selected, hid_t mode) { return H5Dread(dataset, wanted, memory, selected, mode, data); });
}

void write_text(hid_t file, const std::string& attribute, const std::string& text) {
  const Handle type = text_type(text.size()), space(H5Screate(H5S_SCALAR), H5Sclose, attribute);
  const Handle a(H5Acreate2(file, attribute.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, attribute);
  check(H5Awrite(a, type, text.c_str()), attribute);
}

void write_texts(hid_t file, const std::string& name, const std::vector<std::string>& texts) {
  std::size_t length = 1;
  for (const std::string& text : texts) length = std::max(length, text.size());
  std::string buffer(length * texts.size(), '\0');
  for (std::size_t i = 0; i < texts.size(); ++i) texts[i].copy(buffer.data() + i * length, length);
  const Handle type = text_type(length);
  create_rows(file, name, {texts.size(), 0, 0}, type);
  const Handle dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, name);
  if (!texts.empty()) check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer.data()), name);
}

std::string read_text(hid_t file, const std::string& attribute) {
  const Handle a(H5Aopen(file, attribute.c_str(), H5P_DEFAULT), H5Aclose, attribute);
  const Handle type(H5Aget_type(a), H5Tclose, attribute), space(H5Aget_space(a), H5Sclose, attribute);
  const std::vector<std::string> texts = texts_of(type, space, attribute, [&](hid_t memory, void* to) { return H5Aread(a, memory, to); });
  return texts.size() == 1 ? texts[0] : "";
}

std::vector<std::string> read_texts(hid_t file, const std::string& name) {
  const Handle dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, name);
  const Handle type(H5Dget_type(dataset), H5Tclose, name), space(H5Dget_space(dataset), H5Sclose, name);
  return texts_of(type, space, name, [&](hid_t memory, void* to) { return H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, to); });
}

}  // namespace winze::mesh::hdf5
