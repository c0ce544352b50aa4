#include "mesh/gmsh_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace winze::mesh {
namespace {

constexpr std::size_t first_window = std::size_t(1) << 20, longest_line = std::size_t(1) << 26;

bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
std::string_view trim(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string shown(std::string_view text) {
  std::string out;
  for (char c : text.substr(0, 40)) out += c >= ' ' && c < 127 ? c : '?';
  return text.size() > 40 ? out + "…" : out;
}

GmshFile::GmshFile(const std::string& path) : path_(path), file_(nullptr, &std::fclose) {
  struct stat about;
  if (stat(path.c_str(), &about) != 0) throw EnvironmentError("cannot open mesh file {}: {}", path, std::strerror(errno));
  if (!S_ISREG(about.st_mode)) throw EnvironmentError("mesh file {} is not a plain file", path);
  size_ = about.st_size;
  file_.reset(std::fopen(path.c_str(), "rb"));
  if (!file_) throw EnvironmentError("cannot open mesh file {}: {}", path, std::strerror(errno));
  window_.resize(first_window);
}

bool GmshFile::refill() {
  std::memmove(window_.data(), window_.data() + begin_, end_ - begin_);
  window_start_ += std::int64_t(begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ == window_.size()) window_.resize(2 * window_.size());
  const std::size_t got = std::fread(window_.data() + end_, 1, window_.size() - end_, file_.get());
  if (got == 0 && std::ferror(file_.get())) throw EnvironmentError("cannot read mesh file {}: {}", path_, std::strerror(errno));
  end_ += got;
  return got > 0;
}

std::string GmshFile::place() const {
  return binary ? fmt::format("{}, byte {}", path_, window_start_ + std::int64_t(begin_)) : fmt::format("{}:{}", path_, line_number_);
}

void GmshFile::wrong(const std::string& text) const { throw InputError("{}: {}", place(), text); }

void GmshFile::ends(const char* what) const {
  throw EnvironmentError("{}: the file ends where {} should be; it is truncated: write or copy it again", place(), what);
}

bool GmshFile::at_end() {
  for (;;) {
    while (begin_ < end_ && blank(window_[begin_])) line_number_ += window_[begin_++] == '\n';
    if (begin_ < end_) return false;
    if (!refill()) return true;
  }
}

std::string_view GmshFile::line() {
  if (at_end()) ends("a line");
  std::size_t scanned = begin_;
  for (;;) {
    if (const void* newline = std::memchr(window_.data() + scanned, '\n', end_ - scanned)) {
      const std::size_t stop = std::size_t(static_cast<const char*>(newline) - window_.data());
      fields_ = trim({window_.data() + begin_, stop - begin_});
      begin_ = stop + 1;
      break;
    }
    if (end_ - begin_ > longest_line) wrong("a line of more than 64 MB; the file is damaged");
    scanned = end_ - begin_;  // refill moves the unread part to the front
    if (!refill()) {
      fields_ = trim({window_.data() + begin_, end_ - begin_});
      begin_ = end_;
      break;
    }
  }
  ++line_number_;
  return fields_;
}

void GmshFile::record() {
  if (!binary) line();
}

void GmshFile::end_record() {
  if (!binary && !trim(fields_).empty()) wrong(fmt::format("'{}' is left at the end of the line", shown(trim(fields_))));
}

std::string_view GmshFile::rest() { return std::exchange(fields_, {}); }

std::string_view GmshFile::field(const char* what) {
  std::size_t at = 0;
  while (at < fields_.size() && blank(fields_[at])) ++at;
  std::size_t stop = at;
  while (stop < fields_.size() && !blank(fields_[stop])) ++stop;
  if (at == stop) wrong(fmt::format("the line ends where {} should be", what));
  const std::string_view found = fields_.substr(at, stop - at);
  fields_.remove_prefix(stop);
  return found;
}

void GmshFile::raw(void* to, std::size_t n, const char* what) {
  while (end_ - begin_ < n)
    if (!refill()) ends(what);
  std::memcpy(to, window_.data() + begin_, n);
  begin_ += n;
}

std::int64_t GmshFile::int64(const char* what) {
  std::int64_t value = 0;
  if (binary) {
    raw(&value, sizeof value, what);
    return value;
  }
  const std::string_view text = field(what);
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) wrong(fmt::format("'{}' is not {}, a whole number", shown(text), what));
  return value;
}

std::int32_t GmshFile::int32(const char* what) {
  if (binary) {
    std::int32_t value;
    raw(&value, sizeof value, what);
    return value;
  }
  const std::int64_t value = int64(what);
  if (value != std::int32_t(value)) wrong(fmt::format("{} {} does not fit in 32 bits", what, value));
  return std::int32_t(value);
}

double GmshFile::real(const char* what) {
  double value = 0;
  if (binary) {
    raw(&value, sizeof value, what);
    return value;
  }
  std::string_view text = field(what);
  if (text.size() > 1 && text[0] == '+') text.remove_prefix(1);
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return std::strtod(std::string(text).c_str(), nullptr);  // 0 or infinity
  if (error != std::errc() || stop != text.data() + text.size()) wrong(fmt::format("'{}' is not {}, a number", shown(text), what));
  return value;
}

std::int64_t GmshFile::count(const char* what, std::int64_t value, std::int64_t ascii_bytes, std::int64_t binary_bytes) const {
  const std::int64_t most = bytes_left() / (binary ? binary_bytes : ascii_bytes) + 1;
  if (value < 0 || value > most)
    wrong(fmt::format("{} {} announced, but the rest of the file holds at most {}; it is damaged or truncated", value, what, most));
  return value;
}

}  // namespace winze::mesh
