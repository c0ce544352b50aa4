/// What a key can hold, described once: parsing, help, reference page and JSON schema are read off it.
#pragma once
#include <limits>
#include <string>
#include <vector>

#include "input/value.hpp"

namespace winze::input {

struct TypeInfo;

struct KeyInfo {
  std::string name, unit, doc;
  std::string standard;  ///< default as text, in SI with its unit; empty when required or optional
  bool required = false;
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  bool low_open = false, high_open = false;
  const TypeInfo* type = nullptr;
  std::string range() const;  ///< "> 0", "0 … 0.5", or ""
};

struct TypeInfo {
  enum class Kind { number, integer, boolean, text, list, map, object, choice, names, curve } kind = Kind::text;
  const TypeInfo* element = nullptr;  ///< of list and map
  int size = -1;                      ///< of a list of fixed length
  bool scalar_allowed = false;        ///< list: a single value stands for a list of one; object: a scalar stands for its shorthand key
  std::vector<KeyInfo> keys{};        ///< of object
  struct Alternative {
    std::string name, doc;
    const TypeInfo* type;
  };
  std::vector<Alternative> alternatives{};  ///< of choice
  std::vector<std::string> names{};         ///< of names
  std::string shape() const;                ///< "number", "list of 3 numbers", "one of: elastic, …"
};

/// JSON schema (draft-07) of a document of this type, pretty-printed.
std::string json_schema(const TypeInfo& root, const std::string& title);
/// Text for `winze help KEY`: every key whose path or name matches; "" asks for the top level. Throws InputError with a suggestion when nothing
/// matches.
std::string help(const TypeInfo& root, const std::string& key);
/// Markdown reference of all keys.
std::string reference(const TypeInfo& root);

}  // namespace winze::input
