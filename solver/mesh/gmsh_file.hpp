/// One MSH file read from front to back through a window of a few MB: lines and fields of ASCII files, raw numbers of binary ones. Knows where it is
/// for error messages: "path:line" in ASCII files, "path, byte n" in binary ones. Not collective.
#pragma once
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/types.hpp"

namespace winze::mesh {

class GmshFile {
 public:
  /// EnvironmentError if the file is missing, unreadable or not a plain file.
  explicit GmshFile(const std::string& path);

  bool binary = false;  ///< how record() and the numbers below are read; lines are text in both

  /// The next line that is not blank, without surrounding white space; its fields can then be read one by one. Valid until the next read.
  /// EnvironmentError where the file ends.
  std::string_view line();
  bool at_end();  ///< nothing but white space is left
  /// Begins a record of numbers: the next line of an ASCII file; nothing in a binary one.
  void record();
  /// The record must have no more fields.
  void end_record();
  /// The next field of the line, or the next raw number. `what` names it in errors.
  std::int32_t int32(const char* what);
  std::int64_t int64(const char* what);  ///< raw form: size_t of the file, 8 bytes
  double real(const char* what);         ///< may be infinite or NaN in binary files
  /// Text left in the line.
  std::string_view rest();
  /// A count of things of at least `ascii_bytes` or `binary_bytes` each. InputError if negative or more than the rest of the file can hold: a damaged
  /// count never becomes an allocation.
  std::int64_t count(const char* what, std::int64_t value, std::int64_t ascii_bytes, std::int64_t binary_bytes) const;

  std::string place() const;
  /// InputError that begins with the place.
  [[noreturn]] void wrong(const std::string& text) const;
  std::int64_t bytes_left() const { return size_ - (window_start_ + std::int64_t(begin_)); }

 private:
  bool refill();  // false at the end of the file
  void raw(void* to, std::size_t n, const char* what);
  std::string_view field(const char* what);
  [[noreturn]] void ends(const char* what) const;

  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  std::int64_t size_ = 0, window_start_ = 0, line_number_ = 0;
  std::vector<char> window_;
  std::size_t begin_ = 0, end_ = 0;  // unread part of the window
  std::string_view fields_;
};

/// Text that is safe inside a one-line message: at most 40 printable characters.
std::string shown(std::string_view text);

}  // namespace winze::mesh
