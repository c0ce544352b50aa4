// Help, reference page and JSON schema, all read off the declared types.
#include "input/type.hpp"

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "base/units.hpp"

namespace winze::input {
namespace {

using Json = nlohmann::ordered_json;

std::string describe_key(const KeyInfo& k) {
  std::string text = k.doc;
  if (!dimensionless(k.unit)) text += fmt::format(" [{}]", k.unit);
  if (const std::string r = k.range(); !r.empty()) text += fmt::format("; {}", r);
  if (k.required)
    text += "; required";
  else if (!k.standard.empty())
    text += fmt::format("; default {}", k.standard);
  return text;
}

Json schema_of(const TypeInfo& t, const KeyInfo* key, Json& definitions, std::set<const TypeInfo*>& done,
               const std::function<std::string(const TypeInfo&)>& id);

Json reference_to(const TypeInfo& t, const KeyInfo* key, Json& definitions, std::set<const TypeInfo*>& done,
                  const std::function<std::string(const TypeInfo&)>& id) {
  using Kind = TypeInfo::Kind;
  if (t.kind != Kind::object && t.kind != Kind::choice) return schema_of(t, key, definitions, done, id);
  if (done.insert(&t).second) definitions[id(t)] = schema_of(t, nullptr, definitions, done, id);
  return Json{{"$ref", "#/definitions/" + id(t)}};
}

Json schema_of(const TypeInfo& t, const KeyInfo* key, Json& definitions, std::set<const TypeInfo*>& done,
               const std::function<std::string(const TypeInfo&)>& id) {
  using Kind = TypeInfo::Kind;
  Json s;
  switch (t.kind) {
    case Kind::number:
      if (key && !dimensionless(key->unit)) {
        s["type"] = Json::array({"string", "number"});
        s["pattern"] = R"(^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?(\s+\S.*)?$)";
      } else {
        s["type"] = Json::array({"number", "string"});
        if (key && std::isfinite(key->low)) s[key->low_open ? "exclusiveMinimum" : "minimum"] = key->low;
        if (key && std::isfinite(key->high)) s[key->high_open ? "exclusiveMaximum" : "maximum"] = key->high;
      }
      break;
    case Kind::integer:
      s["type"] = "integer";
      if (key && std::isfinite(key->low)) s["minimum"] = key->low;
      if (key && std::isfinite(key->high)) s["maximum"] = key->high;
      break;
    case Kind::boolean:
      s["type"] = "boolean";
      break;
    case Kind::text:
      s["type"] = Json::array({"string", "number", "boolean"});
      break;
    case Kind::names:
      s["type"] = "string";
      s["enum"] = t.names;
      break;
    case Kind::curve:
      s["type"] = Json::array({"number", "string", "array"});
      break;
    case Kind::list: {
      Json list{{"type", "array"}, {"items", reference_to(*t.element, key, definitions, done, id)}};
      if (t.size >= 0) list["minItems"] = t.size, list["maxItems"] = t.size;
      if (t.scalar_allowed)
        s["anyOf"] = Json::array({list, reference_to(*t.element, key, definitions, done, id)});
      else
        s = list;
      break;
    }
    case Kind::map:
      s["type"] = "object";
      if (t.element) s["additionalProperties"] = reference_to(*t.element, key, definitions, done, id);
      break;
    case Kind::object: {
      s["type"] = "object";
      s["additionalProperties"] = false;
      Json properties = Json::object(), required = Json::array();
      for (const KeyInfo& k : t.keys) {
        Json p = reference_to(*k.type, &k, definitions, done, id);
        if (p.contains("$ref")) p = Json{{"allOf", Json::array({p})}};
        p["description"] = describe_key(k);
        properties[k.name] = p;
        if (k.required) required.push_back(k.name);
      }
      s["properties"] = properties;
      if (!required.empty()) s["required"] = required;
      if (t.scalar_allowed) s = Json{{"anyOf", Json::array({s, {{"type", "string"}}})}};
      break;
    }
    case Kind::choice: {
      Json any = Json::array();
      for (const auto& a : t.alternatives) {
        bool bare = true;
        for (const KeyInfo& k : a.type->keys) bare = bare && !k.required;
        any.push_back(Json{
            {"type", "object"},
            {"additionalProperties", false},
            {"required", Json::array({a.name})},
            {"description", a.doc},
            {"properties",
             {{a.name,
               {{"anyOf", Json::array({reference_to(*a.type, nullptr, definitions, done, id), {{"type", "null"}}})}, {"description", a.doc}}}}}});
        if (bare) any.push_back(Json{{"const", a.name}, {"description", a.doc}});
      }
      s["anyOf"] = any;
      break;
    }
  }
  return s;
}

/// visit(path, key) for every key below a type, depth first.
void walk(const TypeInfo& t, const std::string& path, const std::function<void(const std::string&, const KeyInfo&, int)>& visit, int depth,
          std::vector<const TypeInfo*>& above) {
  for (const TypeInfo* a : above)
    if (a == &t) return;
  above.push_back(&t);
  const auto below = [&](const std::string& name) { return path.empty() ? name : path + "." + name; };
  switch (t.kind) {
    case TypeInfo::Kind::object:
      for (const KeyInfo& k : t.keys) {
        visit(below(k.name), k, depth);
        walk(*k.type, below(k.name), visit, depth + 1, above);
      }
      break;
    case TypeInfo::Kind::choice:
      for (const auto& a : t.alternatives) {
        KeyInfo k;
        k.name = a.name;
        k.doc = a.doc;
        k.unit = "1";
        k.type = a.type;
        visit(below(a.name), k, depth);
        walk(*a.type, below(a.name), visit, depth + 1, above);
      }
      break;
    case TypeInfo::Kind::list:
      walk(*t.element, path, visit, depth, above);
      break;
    case TypeInfo::Kind::map:
      if (t.element) walk(*t.element, below("<name>"), visit, depth, above);
      break;
    default:
      break;
  }
  above.pop_back();
}

}  // namespace

std::string TypeInfo::shape() const {
  switch (kind) {
    case Kind::number:
      return "number";
    case Kind::integer:
      return "whole number";
    case Kind::boolean:
      return "true or false";
    case Kind::text:
      return "text";
    case Kind::curve:
      return "constant or table [[x, y], …]";
    case Kind::list:
      return size >= 0 ? fmt::format("list of {} × {}", size, element->shape()) : fmt::format("list of {}", element->shape());
    case Kind::map:
      return fmt::format("map of name: {}", element->shape());
    case Kind::object:
      return "map of keys";
    case Kind::choice: {
      std::string all;
      for (const auto& a : alternatives) all += (all.empty() ? "" : " | ") + a.name;
      return "one of: " + all;
    }
    case Kind::names: {
      std::string all;
      for (const auto& n : names) all += (all.empty() ? "" : " | ") + n;
      return "one of: " + all;
    }
  }
  return "";
}

std::string json_schema(const TypeInfo& root, const std::string& title) {
  std::vector<const TypeInfo*> numbered;
  const auto id = [&](const TypeInfo& t) {
    for (size_t i = 0; i < numbered.size(); ++i)
      if (numbered[i] == &t) return fmt::format("t{}", i);
    numbered.push_back(&t);
    return fmt::format("t{}", numbered.size() - 1);
  };
  Json definitions = Json::object();
  std::set<const TypeInfo*> done;
  Json s = schema_of(root, nullptr, definitions, done, id);
  Json out{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", title}};
  out.update(s);
  out["definitions"] = definitions;
  return out.dump(2);
}

std::string help(const TypeInfo& root, const std::string& key) {
  std::string out;
  std::vector<std::string> names;
  std::vector<const TypeInfo*> above;
  const auto line = [&](const std::string& path, const KeyInfo& k) {
    out += fmt::format("{}\n    {}\n    {}{}\n", path, describe_key(k), k.type->shape(), "");
  };
  if (key.empty()) {
    for (const KeyInfo& k : root.keys) line(k.name, k);
    return out;
  }
  const auto ends_with = [&](const std::string& path) {
    return path == key ||
           (path.size() > key.size() && path.compare(path.size() - key.size(), key.size(), key) == 0 && path[path.size() - key.size() - 1] == '.');
  };
  std::set<std::string> printed;
  walk(
      root, "",
      [&](const std::string& path, const KeyInfo& k, int) {
        names.push_back(k.name);
        if (!ends_with(path) || !printed.insert(path).second) return;
        line(path, k);
        const TypeInfo* t = k.type;
        std::string prefix = "    ";
        while (t->element) t = t->element;
        for (const KeyInfo& below : t->keys) out += fmt::format("{}{}: {}\n", prefix, below.name, describe_key(below));
        for (const auto& a : t->alternatives) out += fmt::format("{}{}: {}\n", prefix, a.name, a.doc);
      },
      0, above);
  if (out.empty()) {
    const std::string near = suggest(key, names);
    throw InputError("no key is called '{}'{}", key, near.empty() ? "; `winze help` lists the top level" : "; did you mean '" + near + "'?");
  }
  return out;
}

std::string reference(const TypeInfo& root) {
  std::string out = "| key | type | unit | default | range | meaning |\n|---|---|---|---|---|---|\n";
  std::vector<const TypeInfo*> above;
  const auto cell = [](std::string text) {
    std::string safe;
    for (char c : text) safe += c == '|' ? std::string("\\|") : std::string(1, c);
    return safe;
  };
  walk(
      root, "",
      [&](const std::string& path, const KeyInfo& k, int) {
        out += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", path, cell(k.type->shape()), dimensionless(k.unit) ? "" : k.unit,
                           k.required ? "required" : cell(k.standard), k.range(), cell(k.doc));
      },
      0, above);
  return out;
}

}  // namespace winze::input
