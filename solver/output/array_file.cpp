#include "output/array_file.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/error.hpp"
#include "output/hdf5.hpp"
#include "output/hdf5_disk.hpp"

namespace winze::output {
namespace {

constexpr int deflate_level = 4;

std::vector<hsize_t> extents(GlobalIndex rows, int width) {
  if (width == 1) return {hsize_t(rows)};
  return {hsize_t(rows), hsize_t(width)};
}

Handle file_access(Hdf5Disk& disk) {
  Handle list(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  checked(H5Pset_libver_bounds(list, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110));
  checked(set_disk(list, disk));
  return list;
}

/// No times of change: the same run writes the same bytes.
Handle dataset_creation() {
  Handle list(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  checked(H5Pset_obj_track_times(list, false));
  return list;
}

Handle open_object(hid_t file, const std::string& name) { return Handle(H5Oopen(file, name.c_str(), H5P_DEFAULT), H5Oclose); }

void write_attribute(hid_t file, const std::string& object, const std::string& name, hid_t type, hid_t space, const void* values) {
  const Handle at = open_object(file, object);
  Handle attribute(H5Acreate2(at, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  checked(H5Awrite(attribute, type, values));
  attribute.close();
}

/// HDF5's shuffle filter, then zlib's stream: what H5Pset_shuffle and H5Pset_deflate promise to readers.
std::vector<unsigned char> compress_chunk(const unsigned char* values, std::size_t n, std::size_t bytes) {
  std::vector<unsigned char> shuffled(n * bytes), packed(compressBound(uLong(n * bytes)));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t b = 0; b < bytes; ++b) shuffled[b * n + i] = values[i * bytes + b];
  uLongf length = uLongf(packed.size());
  if (compress2(packed.data(), &length, shuffled.data(), uLong(shuffled.size()), deflate_level) != Z_OK)
    throw EnvironmentError("no memory to compress {} bytes of results", shuffled.size());
  packed.resize(length);
  return packed;
}

}  // namespace

struct ArrayFile::Hdf5 {
  Hdf5Disk disk;
  Handle file;
};

std::size_t bytes_of(Type type) {
  constexpr std::size_t bytes[] = {1, 4, 8, 4, 8};
  return bytes[int(type)];
}

template <class Body>
void ArrayFile::attempt(const Body& body) {
  if (failure_) return;
  try {
    body();
  } catch (const EnvironmentError& error) {
    failure_ = error;
  }
}

template <class Body>
void ArrayFile::on_root(const std::string& what, const Body& body) {
  if (!comm_.root()) return;
  attempt([&] {
    try {
      body();
    } catch (const Hdf5Failure&) {
      if (!hdf5_->disk.failure) throw EnvironmentError("{}: cannot {}: the file is damaged or not of this program", path_.string(), what);
    }
    if (hdf5_->disk.failure) throw EnvironmentError(*hdf5_->disk.failure);
  });
}

void ArrayFile::settle() {
  comm_.together([&] {
    if (failure_) throw EnvironmentError(*failure_);
  });
}

ArrayFile::ArrayFile(const Comm& comm, const std::filesystem::path& path, Mode mode) : comm_(comm), path_(path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const DiskFile::Mode change = mode == Mode::read ? DiskFile::Mode::read : DiskFile::Mode::write;
  attempt([&] {
    if (comm_.root()) bytes_ = std::make_unique<DiskFile>(path, mode == Mode::create ? DiskFile::Mode::create : change);
  });
  on_root("open", [&] {
    hdf5_ = std::make_unique<Hdf5>();
    hdf5_->disk.file = bytes_.get();
    const Handle access = file_access(hdf5_->disk);
    hdf5_->file = mode == Mode::create ? Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access), H5Fclose)
                                       : Handle(H5Fopen(path.c_str(), mode == Mode::read ? H5F_ACC_RDONLY : H5F_ACC_RDWR, access), H5Fclose);
  });
  settle();
  attempt([&] {
    if (!comm_.root()) bytes_ = std::make_unique<DiskFile>(path, change);
  });
}

ArrayFile::~ArrayFile() = default;

void ArrayFile::close() {
  on_root("finish", [&] { hdf5_->file.close(); });
  attempt([&] { bytes_->close(); });
  settle();
}

void ArrayFile::make_group(const std::string& name) {
  on_root("make " + name, [&] {
    Handle group(H5Gcreate2(hdf5_->file, name.c_str(), link_creation(), H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
    group.close();
  });
}

void ArrayFile::write_rows(const std::string& name, Type type, const Slab& slab, int width, const void* rows, bool deflate) {
  if (deflate && slab.n_global > 0) return write_chunks(name, type, slab, width, rows);
  std::int64_t position = -1;
  const std::int64_t row_bytes = std::int64_t(bytes_of(type)) * width;
  on_root("write " + name, [&] {
    const auto extent = extents(slab.n_global, width);
    const Handle space(H5Screate_simple(int(extent.size()), extent.data(), nullptr), H5Sclose), creation = dataset_creation();
    checked(H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY));
    checked(H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER));
    Handle dataset(H5Dcreate2(hdf5_->file, name.c_str(), memory_type(type), space, link_creation(), creation, H5P_DEFAULT), H5Dclose);
    if (slab.n_global > 0) {
      const haddr_t address = H5Dget_offset(dataset);
      if (address == HADDR_UNDEF) throw Hdf5Failure{};
      position = std::int64_t(address);
      row_places_.emplace_back(position, slab.n_global * row_bytes);
    }
    dataset.close();
  });
  MPI_Bcast(&position, 1, MPI_INT64_T, 0, comm_.handle());
  if (position < 0) return;  // nothing to write, or rank 0 has failed
  attempt([&] { bytes_->write(position + slab.begin * row_bytes, rows, std::size_t(slab.n * row_bytes)); });
}

void ArrayFile::write_chunks(const std::string& name, Type type, const Slab& slab, int width, const void* rows) {
  constexpr int tag = 21;
  const std::size_t bytes = bytes_of(type), row_bytes = bytes * width;
  const GlobalIndex chunk_rows = std::min<GlobalIndex>(slab.chunk, slab.n_global);
  const std::size_t chunk_values = std::size_t(chunk_rows) * width;
  Handle dataset;
  on_root("write " + name, [&] {
    const auto extent = extents(slab.n_global, width), chunk = extents(chunk_rows, width);
    const Handle space(H5Screate_simple(int(extent.size()), extent.data(), nullptr), H5Sclose), creation = dataset_creation();
    checked(H5Pset_chunk(creation, int(chunk.size()), chunk.data()));
    checked(H5Pset_shuffle(creation));
    checked(H5Pset_deflate(creation, deflate_level));
    dataset = Handle(H5Dcreate2(hdf5_->file, name.c_str(), memory_type(type), space, link_creation(), creation, H5P_DEFAULT), H5Dclose);
  });
  std::vector<std::vector<unsigned char>> packed;
  attempt([&] {
    std::vector<unsigned char> padded(chunk_values * bytes);  // the last chunk reaches beyond the array
    for (GlobalIndex row = 0; row < slab.n; row += chunk_rows) {
      const auto* from = static_cast<const unsigned char*>(rows) + row * row_bytes;
      std::fill(padded.begin(), padded.end(), 0);
      std::copy(from, from + std::min(chunk_rows, slab.n - row) * row_bytes, padded.begin());
      packed.push_back(compress_chunk(padded.data(), chunk_values, bytes));
    }
  });
  const std::vector<Index> counts = comm_.all_gather(Index(packed.size()));
  if (!comm_.root())
    for (const auto& chunk : packed) MPI_Send(chunk.data(), int(chunk.size()), MPI_BYTE, 0, tag, comm_.handle());
  if (!comm_.root()) return;
  hsize_t row = 0;
  for (int r = 0; r < comm_.size(); ++r)
    for (Index k = 0; k < counts[r]; ++k, row += hsize_t(chunk_rows)) {
      if (r > 0) {  // taken in even after a failure: its sender waits
        MPI_Status status;
        int length = 0;
        MPI_Probe(r, tag, comm_.handle(), &status);
        MPI_Get_count(&status, MPI_BYTE, &length);
        packed.emplace_back(std::size_t(length));
        MPI_Recv(packed.back().data(), length, MPI_BYTE, r, tag, comm_.handle(), MPI_STATUS_IGNORE);
      }
      const auto& chunk = r > 0 ? packed.back() : packed[k];
      const hsize_t at[2] = {row, 0};
      on_root("write " + name, [&] { checked(H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, at, chunk.size(), chunk.data())); });
      if (r > 0) packed.pop_back();
    }
  on_root("write " + name, [&] {
    checked(H5Dflush(dataset));
    const Handle space(H5Dget_space(dataset), H5Sclose);
    hsize_t chunks = 0;
    checked(H5Dget_num_chunks(dataset, space, &chunks));
    for (hsize_t k = 0; k < chunks; ++k) {
      hsize_t at[2], size;
      unsigned mask;
      haddr_t address;
      checked(H5Dget_chunk_info(dataset, space, k, at, &mask, &address, &size));
      row_places_.emplace_back(std::int64_t(address), std::int64_t(size));
    }
    dataset.close();
  });
}

void ArrayFile::read_rows(const std::string& name, Type type, const Slab& slab, int width, void* rows) {
  std::int64_t position = 0;
  const std::int64_t row_bytes = std::int64_t(bytes_of(type)) * width;
  on_root("read " + name, [&] {
    const Handle dataset(H5Dopen2(hdf5_->file, name.c_str(), H5P_DEFAULT), H5Dclose), space(H5Dget_space(dataset), H5Sclose);
    const Handle stored(H5Dget_type(dataset), H5Tclose);
    const auto expected = extents(slab.n_global, width);
    std::vector<hsize_t> extent(std::size_t(std::max(1, checked(H5Sget_simple_extent_ndims(space)))));
    checked(H5Sget_simple_extent_dims(space, extent.data(), nullptr));
    if (extent != expected || checked(H5Tequal(stored, memory_type(type))) == 0)
      throw EnvironmentError("{}: {} has another type or size ({} rows) than this run needs ({} rows of {})", path_.string(), name, extent[0],
                             slab.n_global, width);
    if (slab.n_global == 0) return;
    const haddr_t address = H5Dget_offset(dataset);
    if (address == HADDR_UNDEF) throw Hdf5Failure{};
    position = std::int64_t(address);
  });
  settle();
  MPI_Bcast(&position, 1, MPI_INT64_T, 0, comm_.handle());
  attempt([&] { bytes_->read(position + slab.begin * row_bytes, rows, std::size_t(slab.n * row_bytes)); });
  settle();
}

void ArrayFile::write(const std::string& name, Type type, const void* values, const std::vector<GlobalIndex>& shape) {
  on_root("write " + name, [&] {
    const std::vector<hsize_t> extent(shape.begin(), shape.end());
    const Handle space(H5Screate_simple(int(extent.size()), extent.data(), nullptr), H5Sclose);
    Handle dataset(H5Dcreate2(hdf5_->file, name.c_str(), memory_type(type), space, link_creation(), dataset_creation(), H5P_DEFAULT), H5Dclose);
    checked(H5Dwrite(dataset, memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
    dataset.close();
  });
}

std::string ArrayFile::read_small(const std::string& name, Type type) {
  std::string bytes;
  on_root("read " + name, [&] {
    const Handle dataset(H5Dopen2(hdf5_->file, name.c_str(), H5P_DEFAULT), H5Dclose), space(H5Dget_space(dataset), H5Sclose);
    bytes.resize(std::size_t(checked(H5Sget_simple_extent_npoints(space))) * bytes_of(type));
    checked(H5Dread(dataset, memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()));
  });
  settle();
  return comm_.broadcast(bytes);
}

void ArrayFile::write_text(const std::string& name, const std::string& text) {
  on_root("write " + name, [&] {
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose), type = text_type(text.size());
    Handle dataset(H5Dcreate2(hdf5_->file, name.c_str(), type, space, link_creation(), dataset_creation(), H5P_DEFAULT), H5Dclose);
    checked(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text.c_str()));
    dataset.close();
  });
}

std::string ArrayFile::read_text(const std::string& name) {
  std::string text;
  on_root("read " + name, [&] {
    const Handle dataset(H5Dopen2(hdf5_->file, name.c_str(), H5P_DEFAULT), H5Dclose), type(H5Dget_type(dataset), H5Tclose);
    if (checked(H5Tget_class(type)) != H5T_STRING) throw Hdf5Failure{};
    text.resize(H5Tget_size(type));
    checked(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data()));
    text.resize(std::strlen(text.c_str()) < text.size() ? std::strlen(text.c_str()) : text.size());
  });
  settle();
  return comm_.broadcast(text);
}

void ArrayFile::write_texts(const std::string& name, const std::vector<std::string>& texts) {
  on_root("write " + name, [&] {
    std::size_t length = 1;
    for (const auto& text : texts) length = std::max(length, text.size());
    std::string packed;
    for (auto text : texts) text.resize(length, '\0'), packed += text;
    const hsize_t extent = texts.size();
    const Handle space(H5Screate_simple(1, &extent, nullptr), H5Sclose), type = text_type(length);
    Handle dataset(H5Dcreate2(hdf5_->file, name.c_str(), type, space, link_creation(), dataset_creation(), H5P_DEFAULT), H5Dclose);
    if (!texts.empty()) checked(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, packed.data()));
    dataset.close();
  });
}

void ArrayFile::text_attribute(const std::string& object, const std::string& name, const std::string& text) {
  on_root("write " + object, [&] {
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    write_attribute(hdf5_->file, object, name, text_type(text.size()), space, text.c_str());
  });
}
void ArrayFile::integer_attribute(const std::string& object, const std::string& name, const std::vector<GlobalIndex>& values) {
  on_root("write " + object, [&] {
    const hsize_t n = values.size();
    const Handle space = values.size() == 1 ? Handle(H5Screate(H5S_SCALAR), H5Sclose) : Handle(H5Screate_simple(1, &n, nullptr), H5Sclose);
    write_attribute(hdf5_->file, object, name, H5T_NATIVE_INT64, space, values.data());
  });
}
void ArrayFile::number_attribute(const std::string& object, const std::string& name, double value) {
  on_root("write " + object, [&] {
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    write_attribute(hdf5_->file, object, name, H5T_NATIVE_DOUBLE, space, &value);
  });
}
std::vector<GlobalIndex> ArrayFile::integers(const std::string& object, const std::string& name) {
  std::vector<GlobalIndex> values;
  on_root("read " + object, [&] {
    const Handle at = open_object(hdf5_->file, object), attribute(H5Aopen(at, name.c_str(), H5P_DEFAULT), H5Aclose);
    const Handle space(H5Aget_space(attribute), H5Sclose);
    values.resize(std::size_t(checked(H5Sget_simple_extent_npoints(space))));
    checked(H5Aread(attribute, H5T_NATIVE_INT64, values.data()));
  });
  settle();
  if (!comm_.root()) values.clear();
  return comm_.all_gather(values);
}

bool ArrayFile::has(const std::string& name) {
  bool found = false;
  on_root("look into", [&] {
    found = true;
    for (std::size_t end = name.find('/', 1); found; end = name.find('/', end + 1)) {
      found = checked(H5Lexists(hdf5_->file, name.substr(0, end).c_str(), H5P_DEFAULT)) > 0;
      if (end == std::string::npos) break;
    }
  });
  settle();
  return comm_.any(found);
}

void ArrayFile::write_virtual(const std::string& name, Type type, GlobalIndex rows, int width, const std::vector<Part>& parts) {
  on_root("write " + name, [&] {
    const auto extent = extents(rows, width);
    const int rank = int(extent.size());
    const Handle space(H5Screate_simple(rank, extent.data(), nullptr), H5Sclose), creation = dataset_creation();
    if (type == Type::f32 || type == Type::f64) {
      const double nan = std::numeric_limits<double>::quiet_NaN();
      checked(H5Pset_fill_value(creation, H5T_NATIVE_DOUBLE, &nan));
    }
    for (const Part& part : parts) {
      if (part.n == 0) continue;
      const auto size = extents(part.n, width);
      const hsize_t begin[2] = {hsize_t(part.begin), 0};
      const Handle source(H5Screate_simple(rank, size.data(), nullptr), H5Sclose);
      checked(H5Sselect_hyperslab(space, H5S_SELECT_SET, begin, nullptr, size.data(), nullptr));
      checked(H5Pset_virtual(creation, space, ".", part.name.c_str(), source));
    }
    checked(H5Sselect_all(space));
    Handle dataset(H5Dcreate2(hdf5_->file, name.c_str(), memory_type(type), space, link_creation(), creation, H5P_DEFAULT), H5Dclose);
    dataset.close();
  });
}

}  // namespace winze::output
