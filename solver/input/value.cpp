#include "input/value.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/error.hpp"

namespace winze::input {

Value Value::scalar(std::string text) {
  Value v;
  v.kind = Kind::scalar;
  v.text = std::move(text);
  return v;
}
Value Value::list() {
  Value v;
  v.kind = Kind::list;
  return v;
}
Value Value::map() {
  Value v;
  v.kind = Kind::map;
  return v;
}
const Value* Value::find(const std::string& key) const {
  for (const auto& [name, value] : entries)
    if (name == key) return &value;
  return nullptr;
}
Value& Value::add(const std::string& key, Value value) {
  kind = Kind::map;
  for (auto& [name, old] : entries)
    if (name == key) return old = std::move(value);
  return entries.emplace_back(key, std::move(value)).second;
}
std::string Value::where() const { return line > 0 ? fmt::format("{}:{}", file, line) : file.empty() ? "command line" : file; }

namespace {

struct Converter {
  std::string file;
  long count = 0;

  Value convert(const YAML::Node& node) {
    if (++count > 10'000'000) throw InputError("{}: more than ten million values; aliases that multiply are refused", file);
    Value v;
    v.file = file;
    v.line = node.Mark().line + 1;
    if (node.IsScalar()) {
      v.kind = Value::Kind::scalar;
      v.text = node.Scalar();
      v.quoted = node.Tag() == "!";
    } else if (node.IsSequence()) {
      v.kind = Value::Kind::list;
      for (const auto& item : node) v.items.push_back(convert(item));
    } else if (node.IsMap()) {
      v.kind = Value::Kind::map;
      std::set<std::string> seen;
      for (const auto& entry : node) {
        if (!entry.first.IsScalar()) throw InputError("{}:{}: a key must be a plain word", file, entry.first.Mark().line + 1);
        const std::string& key = entry.first.Scalar();
        if (!seen.insert(key).second) throw InputError("{}:{}: key '{}' is given twice", file, entry.first.Mark().line + 1, key);
        Value child = convert(entry.second);
        if (child.line <= 0) child.line = entry.first.Mark().line + 1;
        v.entries.emplace_back(key, std::move(child));
      }
    }
    return v;
  }
};

bool plain(const std::string& text) {
  if (text.empty() || text == "null" || text == "~" || text == "true" || text == "false") return text == "true" || text == "false";
  return text.find_first_of(":#{}[],&*!|>'\"%@`\n\t") == std::string::npos && text.front() != ' ' && text.back() != ' ' && text.front() != '-' &&
         text.front() != '?';
}
std::string scalar_text(const Value& v) {
  if (v.kind == Value::Kind::none) return "null";
  double number;
  const auto [stop, error] = std::from_chars(v.text.data(), v.text.data() + v.text.size(), number);
  if (!v.quoted && error == std::errc() && v.text.find_first_of(":#{}[],&*!|>'\"%@`\n\t") == std::string::npos) return v.text;
  if (!v.quoted && plain(v.text)) return v.text;
  std::string out = "\"";
  for (char c : v.text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out + "\"";
}
bool flat(const Value& v) { return v.kind != Value::Kind::map && std::all_of(v.items.begin(), v.items.end(), flat) && v.items.size() <= 64; }
std::string flow(const Value& v) {
  if (v.kind != Value::Kind::list) return scalar_text(v);
  std::string out = "[";
  for (size_t i = 0; i < v.items.size(); ++i) out += (i ? ", " : "") + flow(v.items[i]);
  return out + "]";
}
void write(const Value& v, int indent, std::string& out) {
  const std::string pad(size_t(indent), ' ');
  auto child = [&](const Value& c) {
    if (c.kind == Value::Kind::map && c.entries.empty())
      out += " {}\n";
    else if (c.kind == Value::Kind::map || !flat(c))
      out += "\n", write(c, indent + 2, out);
    else
      out += " " + flow(c) + "\n";
  };
  if (v.kind == Value::Kind::map) {
    for (const auto& [key, value] : v.entries) {
      Value k = Value::scalar(key);
      out += pad + scalar_text(k) + ":";
      child(value);
    }
  } else if (v.kind == Value::Kind::list) {
    for (const Value& item : v.items) {
      out += pad + "-";
      child(item);
    }
  } else {
    out += pad + scalar_text(v) + "\n";
  }
}

}  // namespace

Value parse_yaml_text(const std::string& text, const std::string& name) {
  try {
    const YAML::Node node = YAML::Load(text);
    return Converter{name}.convert(node);
  } catch (const YAML::Exception& error) {
    throw InputError("{}:{}: this is not YAML ({}): look at this line and the one before, for indentation, brackets, colons and tabs", name,
                     error.mark.line + 1, error.msg);
  }
}

Value parse_yaml_file(const std::string& path) {
  if (std::filesystem::is_directory(path)) throw InputError("{}: is a folder; give the case file in it, such as {}/case.yaml", path, path);
  std::ifstream in(path, std::ios::binary);
  if (!in) throw EnvironmentError("{}: cannot be opened; check the path and the permission", path);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in && !in.eof()) throw EnvironmentError("{}: cannot be read", path);
  Value v = parse_yaml_text(text.str(), path);
  if (v.kind == Value::Kind::none) throw InputError("{}: is empty", path);
  return v;
}

void set(Value& root, const std::string& assignment) {
  const size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) throw InputError("--set {}: write path.to.key=value", assignment);
  const std::string path = assignment.substr(0, equals);
  Value value = parse_yaml_text(assignment.substr(equals + 1), "--set " + path);
  value.line = 0;
  value.file = "--set " + path;
  Value* at = &root;
  std::string step;
  std::istringstream steps(path);
  while (std::getline(steps, step, '.')) {
    if (at->kind == Value::Kind::list) {
      size_t index = 0;
      const auto [stop, error] = std::from_chars(step.data(), step.data() + step.size(), index);
      if (error != std::errc() || stop != step.data() + step.size() || index >= at->items.size())
        throw InputError("--set {}: '{}' is not an index of a list of {}", path, step, at->items.size());
      at = &at->items[index];
    } else if (at->kind == Value::Kind::scalar && at != &root) {
      throw InputError("--set {}: nothing can lie below '{}'", path, step);
    } else {
      const Value* found = at->find(step);
      at = found ? const_cast<Value*>(found) : &at->add(step, Value());
    }
  }
  *at = std::move(value);
}

std::string to_yaml(const Value& value) {
  std::string out;
  write(value, 0, out);
  return out;
}

std::string suggest(const std::string& wrong, const std::vector<std::string>& known) {
  std::string best;
  size_t best_distance = std::max<size_t>(2, wrong.size() / 3) + 1;
  for (const std::string& name : known) {
    std::vector<size_t> row(name.size() + 1);
    for (size_t j = 0; j <= name.size(); ++j) row[j] = j;
    for (size_t i = 1; i <= wrong.size(); ++i) {
      size_t diagonal = row[0];
      row[0] = i;
      for (size_t j = 1; j <= name.size(); ++j) {
        const size_t up = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (wrong[i - 1] == name[j - 1] ? 0 : 1)});
        diagonal = up;
      }
    }
    if (row.back() < best_distance) best_distance = row.back(), best = name;
  }
  return best;
}

namespace {

/// The value that a message of the form "path.of.keys: text" is about, as far as the path leads; items of lists by their number or their name.
const Value& subject(const Value& root, const std::string& message) {
  const Value* at = &root;
  std::istringstream steps(message.substr(0, message.find(": ")));
  std::string step;
  while (std::getline(steps, step, '.')) {
    const Value* next = at->find(step);
    for (size_t i = 0; !next && i < at->items.size(); ++i) {
      const Value* name = at->items[i].find("name");
      if (std::to_string(i) == step || (name && name->text == step)) next = &at->items[i];
    }
    if (!next) break;
    at = next;
  }
  return *at;
}

}  // namespace

void Problems::add(const Value& at, const std::string& path, const std::string& message) {
  const std::string where = subject(at, message).where();
  lines_.push_back(path.empty() ? fmt::format("{}: {}", where, message) : fmt::format("{}: {}: {}", where, path, message));
}

void Problems::raise() const {
  if (lines_.empty()) return;
  std::string all;
  for (const std::string& line : lines_) all += (all.empty() ? "" : "\n") + line;
  throw InputError("{}", all);
}

}  // namespace winze::input
