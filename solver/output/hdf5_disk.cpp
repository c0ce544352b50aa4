#include "output/hdf5_disk.hpp"

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

#include <algorithm>
#include <cstring>

namespace winze::output {
namespace {

struct OpenFile {
  H5FD_t base;  ///< HDF5's own part comes first
  Hdf5Disk* disk;
  haddr_t allocated, end;  ///< addresses that HDF5 has given out; bytes of the file
};
OpenFile& mine(H5FD_t* file) { return *reinterpret_cast<OpenFile*>(file); }
const OpenFile& mine(const H5FD_t* file) { return *reinterpret_cast<const OpenFile*>(file); }

template <class Body>
void unless_failed(Hdf5Disk& disk, const Body& body) {
  if (disk.failure) return;
  try {
    body();
  } catch (const EnvironmentError& error) {
    disk.failure = error;
  }
}

H5FD_t* open(const char*, unsigned, hid_t access_list, haddr_t) {
  Hdf5Disk* disk = *static_cast<Hdf5Disk* const*>(H5Pget_driver_info(access_list));
  auto* file = new OpenFile{{}, disk, 0, 0};
  try {
    file->end = haddr_t(disk->file->size());
  } catch (const EnvironmentError&) {
    delete file;
    return nullptr;
  }
  return &file->base;
}

herr_t close(H5FD_t* file) {
  delete &mine(file);
  return 0;
}

int compare(const H5FD_t* a, const H5FD_t* b) { return mine(a).disk < mine(b).disk ? -1 : mine(a).disk > mine(b).disk; }

herr_t query(const H5FD_t*, unsigned long* flags) {
  if (flags)
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_AGGREGATE_SMALLDATA |
             H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t allocated(const H5FD_t* file, H5FD_mem_t) { return mine(file).allocated; }
herr_t set_allocated(H5FD_t* file, H5FD_mem_t, haddr_t address) {
  mine(file).allocated = address;
  return 0;
}
haddr_t end(const H5FD_t* file, H5FD_mem_t) { return mine(file).end; }

herr_t read(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, std::size_t n, void* bytes) {
  const OpenFile& f = mine(file);
  try {
    const std::int64_t there = std::clamp<std::int64_t>(f.disk->file->size() - std::int64_t(at), 0, std::int64_t(n));
    f.disk->file->read(std::int64_t(at), bytes, std::size_t(there));
    std::memset(static_cast<char*>(bytes) + there, 0, n - std::size_t(there));
  } catch (const EnvironmentError&) {
    return -1;
  }
  return 0;
}

herr_t write(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, std::size_t n, const void* bytes) {
  OpenFile& f = mine(file);
  unless_failed(*f.disk, [&] { f.disk->file->write(std::int64_t(at), bytes, n); });
  f.end = std::max(f.end, at + n);
  return 0;
}

herr_t truncate(H5FD_t* file, hid_t, hbool_t) {
  OpenFile& f = mine(file);
  unless_failed(*f.disk, [&] { f.disk->file->truncate(std::int64_t(f.allocated)); });
  f.end = f.allocated;
  return 0;
}

H5FD_class_t driver_class() {
  H5FD_class_t c{};
#if H5_VERSION_GE(1, 13, 0)
  c.version = H5FD_CLASS_VERSION;
  c.value = 600;  // any from 512 to 65535 that no other driver of the process takes
#endif
  c.name = "winze_disk";
  c.maxaddr = haddr_t(1) << 62;
  c.fc_degree = H5F_CLOSE_STRONG;
  c.fapl_size = sizeof(Hdf5Disk*);
  c.open = open, c.close = close, c.cmp = compare, c.query = query;
  c.get_eoa = allocated, c.set_eoa = set_allocated, c.get_eof = end;
  c.read = read, c.write = write, c.truncate = truncate;
  const H5FD_mem_t map[] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(map), std::end(map), c.fl_map);
  return c;
}

}  // namespace

herr_t set_disk(hid_t access_list, Hdf5Disk& disk) {
  static const H5FD_class_t about = driver_class();
  static const hid_t driver = H5FDregister(&about);
  const Hdf5Disk* pointer = &disk;
  return driver < 0 ? -1 : H5Pset_driver(access_list, driver, &pointer);
}

}  // namespace winze::output
