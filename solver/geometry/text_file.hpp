/// A text file read line by line, and tables of separated values; every error says file:line and what would be right. Not collective.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace winze::geometry {

/// At most 40 printable characters, safe inside a message of one line.
std::string shown(std::string_view text);
std::string_view trimmed(std::string_view text);
/// Without regard to case.
std::string lower(std::string_view text);

class TextFile {
 public:
  static constexpr std::size_t most_bytes = std::size_t(1) << 30, longest_line = std::size_t(1) << 20;

  /// Reads the whole file. EnvironmentError where it is missing or unreadable; InputError where it is larger than 1 GiB or empty.
  explicit TextFile(const std::string& path);

  const std::string& path() const { return path_; }
  const std::string& bytes() const { return text_; }
  /// Of all bytes: FNV-1a, 64 bits, "fnv1a-0123456789abcdef".
  std::string hash() const;
  int line_number() const { return line_number_; }
  /// The next line without its end and surrounding blanks; false at the end of the file. InputError where a line holds no text (binary) or is too
  /// long.
  bool next(std::string_view& line);

  /// InputError that begins with path:line.
  template <class... A>
  [[noreturn]] void wrong(fmt::format_string<A...> text, A&&... a) const {
    throw InputError("{}:{}: {}", path_, line_number_, fmt::format(text, std::forward<A>(a)...));
  }
  /// A finite number of magnitude below `most`; `what` names it in errors.
  double real(std::string_view text, const char* what, double most = 1e15) const;
  long long integer(std::string_view text, const char* what) const;

 private:
  std::string path_, text_;
  std::size_t at_ = 0;
  int line_number_ = 0;
};

/// Takes the next word off the front of a line; empty at its end.
std::string_view next_word(std::string_view& line);

/// Rows of values separated by commas, semicolons or tabs (the one in the first line), the first naming the columns; # begins a comment line; quotes
/// hold separators.
class CsvFile {
 public:
  explicit CsvFile(const std::string& path);

  TextFile file;
  /// Index of the first column with one of these names (any case, units in brackets ignored); −1 where there is none.
  int column(std::initializer_list<const char*> names) const;
  /// Same; InputError listing the columns that there are.
  int need(std::initializer_list<const char*> names) const;
  /// The next row; false at the end. InputError where it has more or fewer values than columns.
  bool next();
  std::string_view text(int column) const { return column < 0 ? std::string_view{} : std::string_view(values_[std::size_t(column)]); }
  double real(int column, double most = 1e15) const { return file.real(values_[std::size_t(column)], names_[std::size_t(column)].c_str(), most); }
  /// What the heading has in brackets, "x [m]"; empty where it has none.
  const std::string& unit(int column) const { return units_[std::size_t(column)]; }

 private:
  void split(std::string_view line);

  char separator_ = ',';
  std::vector<std::string> names_, units_, values_;
};

}  // namespace winze::geometry
