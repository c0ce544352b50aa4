/// Owners of HDF5 objects and the conversions between winze's types and HDF5's. A failed call throws Hdf5Failure; ArrayFile turns it into a message.
#pragma once
#include <hdf5.h>

#include <string>
#include <utility>

#include "output/array_file.hpp"

namespace winze::output {

struct Hdf5Failure {};

/// value < 0 is HDF5's sign of failure.
template <class T>
T checked(T value) {
  if (value < 0) throw Hdf5Failure{};
  return value;
}

class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle() = default;
  Handle(hid_t id, Close close) : id_(checked(id)), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_), std::swap(close_, other.close_);
    return *this;
  }
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const { return id_; }
  /// Closes and reports a failure, which the destructor does not.
  void close() {
    if (id_ >= 0) checked(close_(std::exchange(id_, -1)));
  }

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

inline hid_t memory_type(Type type) {
  switch (type) {
    case Type::u8:
      return H5T_NATIVE_UINT8;
    case Type::i32:
      return H5T_NATIVE_INT32;
    case Type::i64:
      return H5T_NATIVE_INT64;
    case Type::f32:
      return H5T_NATIVE_FLOAT;
    case Type::f64:
      return H5T_NATIVE_DOUBLE;
  }
  return -1;
}

inline Handle text_type(std::size_t length) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  checked(H5Tset_size(type, length > 0 ? length : 1));
  checked(H5Tset_strpad(type, H5T_STR_NULLPAD));
  return type;
}

inline Handle link_creation() {
  Handle list(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  checked(H5Pset_create_intermediate_group(list, 1));
  return list;
}

}  // namespace winze::output
