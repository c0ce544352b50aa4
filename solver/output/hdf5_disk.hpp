/// HDF5 on a DiskFile of ours. A failed write is kept here and HDF5 is told that all went well, because HDF5 1.10 crashes at the end of the program
/// after a file that it could not flush. No file is locked: someone may be looking at the results of a run that goes on.
#pragma once
#include <hdf5.h>

#include <optional>

#include "base/error.hpp"
#include "output/disk.hpp"

namespace winze::output {

/// What HDF5 reads and writes. Must outlive the HDF5 file.
struct Hdf5Disk {
  DiskFile* file;
  std::optional<EnvironmentError> failure;  ///< first failed write; later writes do nothing
};

/// Makes files opened with this access list live on `disk`; their names are then only words. < 0: HDF5 refuses.
herr_t set_disk(hid_t access_list, Hdf5Disk& disk);

}  // namespace winze::output
