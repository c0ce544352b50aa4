/// A YAML document as a tree of values that know their line: what the rest of the program sees instead of yaml-cpp.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace winze::input {

struct Value {
  enum class Kind { none, scalar, list, map };
  Kind kind = Kind::none;
  std::string text;  ///< of a scalar
  bool quoted = false;
  std::string file;
  int line = 0;                                        ///< from 1; 0 when the value was not read from a file
  std::vector<Value> items;                            ///< of a list
  std::vector<std::pair<std::string, Value>> entries;  ///< of a map, in file order

  static Value scalar(std::string text);
  static Value list();
  static Value map();
  const Value* find(const std::string& key) const;  ///< nullptr if absent or not a map
  Value& add(const std::string& key, Value value);
  std::string where() const;  ///< "file:line" or "command line"
};

/// Throws InputError with file:line for what YAML itself refuses, duplicate keys and documents of more than ten million values; EnvironmentError when
/// unreadable.
Value parse_yaml_file(const std::string& path);
Value parse_yaml_text(const std::string& text, const std::string& name);

/// `--set path.to.key=value`: replaces or adds; numbers in the path index lists. Throws InputError when the path runs through a scalar or past a
/// list.
void set(Value& root, const std::string& assignment);

/// YAML text of a tree; lists of scalars on one line.
std::string to_yaml(const Value& value);

/// The name nearest to `wrong` among `known` by edit distance, or "" when none is near.
std::string suggest(const std::string& wrong, const std::vector<std::string>& known);

/// Everything wrong with a case, gathered so that all of it is reported at once.
class Problems {
 public:
  void add(const Value& at, const std::string& path, const std::string& message);
  bool empty() const { return lines_.empty(); }
  const std::vector<std::string>& lines() const { return lines_; }
  void raise() const;  ///< throws InputError listing all, or returns when there are none

 private:
  std::vector<std::string> lines_;
};

}  // namespace winze::input
