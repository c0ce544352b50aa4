#include "geometry/text_file.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>

namespace winze::geometry {

std::string shown(std::string_view text) {
  std::string out;
  for (char c : text.substr(0, 40)) out += c >= ' ' && c < 127 ? c : '?';
  return text.size() > 40 ? out + "…" : out;
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = char(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

TextFile::TextFile(const std::string& path) : path_(path) {
  struct stat about;
  if (stat(path.c_str(), &about) != 0) throw EnvironmentError("cannot open {}: {}", path, std::strerror(errno));
  if (!S_ISREG(about.st_mode)) throw EnvironmentError("{} is not a plain file", path);
  if (about.st_size == 0) throw InputError("{}: the file is empty", path);
  if (std::size_t(about.st_size) > most_bytes)
    throw InputError("{}: the file has {:.1f} GiB; at most 1: split it", path, double(about.st_size) / double(most_bytes));
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) throw EnvironmentError("cannot open {}: {}", path, std::strerror(errno));
  text_.resize(std::size_t(about.st_size));
  if (std::fread(text_.data(), 1, text_.size(), file.get()) != text_.size())
    throw EnvironmentError("cannot read {}: {}", path, std::ferror(file.get()) ? std::strerror(errno) : "it became shorter");
  if (text_.rfind("\xEF\xBB\xBF", 0) == 0) at_ = 3;  // byte order mark
}

bool TextFile::next(std::string_view& line) {
  if (at_ >= text_.size()) return false;
  ++line_number_;
  const std::size_t end = std::min(text_.find('\n', at_), text_.size());
  if (end - at_ > longest_line) wrong("a line of more than 1 MiB; is this a text file?");
  line = trimmed({text_.data() + at_, end - at_});
  if (line.find('\0') != std::string_view::npos) wrong("the line holds bytes that are no text; is this a text file?");
  at_ = end + 1;
  return true;
}

std::string TextFile::hash() const {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text_) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return fmt::format("fnv1a-{:016x}", hash);
}

double TextFile::real(std::string_view text, const char* what, double most) const {
  text = trimmed(text);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double x = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (text.empty()) wrong("{} is missing: give a number", what);
  if (error != std::errc() || end != text.data() + text.size()) wrong("{} must be a number like -12.5; it is '{}'", what, shown(text));
  if (!(std::abs(x) < most)) wrong("{} must be a finite number; it is '{}'", what, shown(text));
  return x;
}

long long TextFile::integer(std::string_view text, const char* what) const {
  text = trimmed(text);
  long long n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) wrong("{} must be a whole number; it is '{}'", what, shown(text));
  return n;
}

std::string_view next_word(std::string_view& line) {
  line = trimmed(line);
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

CsvFile::CsvFile(const std::string& path) : file(path) {
  std::string_view line;
  do {
    if (!file.next(line)) throw InputError("{}: there is no line with the names of columns", path);
  } while (line.empty() || line.front() == '#');
  for (char c : {';', '\t', ','})
    if (line.find(c) != std::string_view::npos) {
      separator_ = c;
      break;
    }
  split(line);
  for (const std::string& v : values_) {
    const std::string name = lower(v);
    const std::size_t open = std::min(name.find_first_of("[("), v.size()), close = std::min(v.find_last_of("])"), v.size());
    names_.emplace_back(trimmed(std::string_view(name).substr(0, open)));
    units_.emplace_back(close > open ? trimmed(std::string_view(v).substr(open + 1, close - open - 1)) : std::string_view{});
  }
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (!names_[i].empty() && std::find(names_.begin(), names_.begin() + std::ptrdiff_t(i), names_[i]) != names_.begin() + std::ptrdiff_t(i))
      file.wrong("two columns are called '{}'", shown(names_[i]));
}

void CsvFile::split(std::string_view line) {
  values_.clear();
  std::string value;
  bool quoted = false;
  for (char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == separator_ && !quoted)
      values_.emplace_back(trimmed(value)), value.clear();
    else
      value += c;
  }
  if (quoted) file.wrong("a quote is opened and not closed");
  values_.emplace_back(trimmed(value));
}

int CsvFile::column(std::initializer_list<const char*> names) const {
  for (const char* name : names)
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (names_[i] == name) return int(i);
  return -1;
}

int CsvFile::need(std::initializer_list<const char*> names) const {
  const int found = column(names);
  if (found >= 0) return found;
  std::string all;
  for (const std::string& n : names_) all += (all.empty() ? "" : ", ") + shown(n);
  file.wrong("a column '{}' is missing; the first line names: {}", *names.begin(), all.size() > 200 ? all.substr(0, 200) + "…" : all);
}

bool CsvFile::next() {
  std::string_view line;
  do {
    if (!file.next(line)) return false;
  } while (line.empty() || line.front() == '#');
  split(line);
  if (values_.size() != names_.size())
    file.wrong("the row has {} values for {} columns{}", values_.size(), names_.size(),
               separator_ == ',' && values_.size() > names_.size() ? "; decimal commas? write points, or separate by semicolons" : "");
  return true;
}

}  // namespace winze::geometry
