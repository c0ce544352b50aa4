#include "design/study.hpp"

#include <cctype>
#include <cmath>

namespace winze::design {

void Prices::check(input::Check& check) const {
  if (electricity.entries.empty()) check.problem("electricity needs at least one band");
  for (int month = 1; month <= 12; ++month) {
    double sum = 0;
    for (const auto& [name, band] : electricity.entries)
      if (band.months.empty() || std::find(band.months.begin(), band.months.end(), month) != band.months.end()) sum += band.share;
    if (std::abs(sum - 1) > 1e-6) {
      check.problem("electricity: the shares of the bands of month {} sum to {:.6g}, not to 1", month, sum);
      return;
    }
  }
}

void Study::check(input::Check& check) const {
  const auto plain = [](const std::string& text) {
    for (const char c : text)
      if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-' && c != ' ') return false;
    return !text.empty() && text.front() != ' ' && text.back() != ' ';
  };
  if (!plain(name)) check.problem("study: '{}' must consist of letters, digits, _ and -", name);
  if (options.entries.empty()) check.problem("options must not be empty");
  for (const auto& [option, given] : options.entries) {
    if (!plain(option)) check.problem("options: '{}' must consist of letters, digits, spaces, _ and -: results lie in a folder of that name", option);
    if (option == "sensitivity") check.problem("options: 'sensitivity' is the folder of the sensitivity runs; call the option otherwise");
  }
  for (const auto& [doubt, given] : sensitivity.entries) {
    if (!plain(doubt)) check.problem("sensitivity: '{}' must consist of letters, digits, spaces, _ and -", doubt);
    if (given.scale.entries.empty() && given.shift.entries.empty()) check.problem("sensitivity.{}: needs scale or shift", doubt);
  }
}

}  // namespace winze::design

namespace winze::input {
namespace {

/// YAML on one line.
std::string flow_text(const Value& v) {
  std::string text;
  switch (v.kind) {
    case Value::Kind::none:
      return "~";
    case Value::Kind::scalar: {
      if (!v.quoted && v.text.find_first_of(",[]{}") == std::string::npos) return v.text;
      text = "'";
      for (const char c : v.text) text += c == '\'' ? std::string("''") : std::string(1, c);
      return text + "'";
    }
    case Value::Kind::list:
      for (const Value& item : v.items) text += (text.empty() ? "" : ", ") + flow_text(item);
      return "[" + text + "]";
    case Value::Kind::map:
      for (const auto& [name, value] : v.entries) text += (text.empty() ? "" : ", ") + flow_text(Value::scalar(name)) + ": " + flow_text(value);
      return "{" + text + "}";
  }
  return text;
}

}  // namespace

TypeInfo Io<design::Changes>::describe() { return {.kind = TypeInfo::Kind::map}; }
bool Io<design::Changes>::read(const Value& v, design::Changes& out, const Context& c) {
  out.entries.clear();
  if (v.kind == Value::Kind::none) return true;
  if (v.kind != Value::Kind::map) {
    c.problems.add(v, c.path, "must be a map of path.to.key: value");
    return false;
  }
  for (const auto& [path, value] : v.entries) out.entries.emplace_back(path, flow_text(value));
  return true;
}
Value Io<design::Changes>::write(const design::Changes& x, const std::string&) {
  Value v = Value::map();
  for (const auto& [path, value] : x.entries) v.add(path, parse_yaml_text(value, path));
  return v;
}

}  // namespace winze::input
