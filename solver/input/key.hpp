/// Key: an input declared once. A struct lists its keys beside its members:
///
///   struct Elastic {
///     static constexpr const char* name = "elastic";
///     static constexpr const char* doc = "isotropic linear elasticity";
///     double young = 0, poisson = 0.25;
///     static auto keys() {
///       return input::keys(input::key("young", &Elastic::young, "Pa", "Young's modulus").above(0).require(),
///                          input::key("poisson", &Elastic::poisson, "1", "Poisson's ratio").between_open(-1, 0.5));
///     }
///     void check(input::Check& check) const { … check.problem("…"); }   // optional: what single ranges cannot say
///   };
///
/// Types: double, int, bool, std::string, Vector3, std::optional<T>, std::vector<T>, Named<T> (a map by name, in file order), structs with keys(),
/// Choice<…>, Curve, and enums with a function `constexpr std::array names(E)` found by argument-dependent lookup. The default of a key is the
/// member's initial value.
#pragma once
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/tensor.hpp"
#include "base/units.hpp"
#include "input/type.hpp"
#include "input/value.hpp"

namespace winze::input {

template <class Owner, class T>
struct Key : KeyInfo {
  T Owner::*member = nullptr;
  Key above(double x) const {
    return with([&](Key& k) { k.low = x, k.low_open = true; });
  }
  Key at_least(double x) const {
    return with([&](Key& k) { k.low = x; });
  }
  Key below(double x) const {
    return with([&](Key& k) { k.high = x, k.high_open = true; });
  }
  Key at_most(double x) const {
    return with([&](Key& k) { k.high = x; });
  }
  Key between(double a, double b) const { return at_least(a).at_most(b); }
  Key between_open(double a, double b) const { return above(a).below(b); }
  Key require() const {
    return with([](Key& k) { k.required = true; });
  }

 private:
  template <class F>
  Key with(F change) const {
    Key k = *this;
    change(k);
    return k;
  }
};

/// unit: UDUNITS text; "1" for pure numbers; for Curve two units "s, K". Ranges are in SI.
template <class Owner, class T>
Key<Owner, T> key(const char* name, T Owner::*member, const char* unit, const char* doc) {
  Key<Owner, T> k;
  k.name = name;
  k.unit = unit;
  k.doc = doc;
  k.member = member;
  return k;
}
/// For members without a unit of their own (texts, structs, choices).
template <class Owner, class T>
Key<Owner, T> key(const char* name, T Owner::*member, const char* doc) {
  return key(name, member, "1", doc);
}
template <class... K>
auto keys(K... k) {
  return std::make_tuple(std::move(k)...);
}

/// Where a struct was read: a member `Origin origin` is filled on reading, for messages about how several entries go together.
struct Origin {
  std::string file;
  int line = 0;
  std::string where() const { return file.empty() ? "input" : fmt::format("{}:{}", file, line); }
};

/// Where a check() reports; the path and line of the struct are added.
class Check {
 public:
  Check(const Value& at, std::string path, Problems& problems) : at_(at), path_(std::move(path)), problems_(problems) {}
  template <class... A>
  void problem(fmt::format_string<A...> text, A&&... a) {
    problems_.add(at_, path_, fmt::format(text, std::forward<A>(a)...));
  }

 private:
  const Value& at_;
  std::string path_;
  Problems& problems_;
};

/// Map by name that keeps the order of the file.
template <class T>
struct Named {
  std::vector<std::pair<std::string, T>> entries;
  const T* find(const std::string& name) const {
    for (const auto& [n, value] : entries)
      if (n == name) return &value;
    return nullptr;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& [n, value] : entries) all.push_back(n);
    return all;
  }
};

/// One of several structs, named in YAML as {name: {keys}} or just `name` when nothing is required: the parser, the menu, the help and the error in
/// one.
template <class... A>
struct Choice {
  std::variant<A...> value;
  template <class Visitor>
  decltype(auto) visit(Visitor&& v) const {
    return std::visit(std::forward<Visitor>(v), value);
  }
  const char* name() const {
    return std::visit([](const auto& a) { return std::decay_t<decltype(a)>::name; }, value);
  }
};

/// A constant, or a table [[x, y], …] with x ascending; linear between, held beyond the ends.
struct Curve {
  std::vector<double> x, y;
  Curve() = default;
  explicit Curve(double constant) : x{0}, y{constant} {}
  bool empty() const { return y.empty(); }
  bool constant() const { return y.size() == 1; }
  double operator()(double at) const;
};

// ---- reading and writing; specialised per type ----
struct Context {
  std::string path;
  const KeyInfo* key;  ///< unit and range of the key being read
  Problems& problems;
  Context below(const std::string& name) const { return {path.empty() ? name : path + "." + name, key, problems}; }
};

bool read_number(const Value& v, const Context& c, const std::string& unit, double& out);
bool read_integer(const Value& v, const Context& c, long long& out);
bool read_boolean(const Value& v, const Context& c, bool& out);
bool read_text(const Value& v, const Context& c, std::string& out);
bool read_curve(const Value& v, const Context& c, Curve& out);
Value write_number(double x, const std::string& unit);
Value write_curve(const Curve& curve, const std::string& unit);
void unknown_key(const Value& v, const Context& c, const std::string& wrong, const std::vector<std::string>& known);
/// Finds the alternative a choice names: its index, with `inner` set to its keys (nullptr: a bare name). −1 after reporting.
int read_choice(const Value& v, const Context& c, const std::vector<TypeInfo::Alternative>& alternatives, const Value*& inner);

template <class T>
struct Io;

template <class T>
const TypeInfo& type_info() {
  static const TypeInfo info = Io<T>::describe();
  return info;
}
template <class T>
concept HasKeys = requires {
  T::keys();
};
/// S::shorthand names the key that a bare scalar stands for: `stope_1: paste` for `stope_1: {material: paste}`.
template <class T>
concept HasShorthand = requires {
  T::shorthand;
};
template <class T>
concept HasCheck = requires(const T& t, Check& c) {
  t.check(c);
};
template <class T>
concept Enum = std::is_enum_v<T>;

template <>
struct Io<double> {
  static TypeInfo describe() { return {.kind = TypeInfo::Kind::number}; }
  static bool read(const Value& v, double& out, const Context& c) { return read_number(v, c, c.key->unit, out); }
  static Value write(double x, const std::string& unit) { return write_number(x, unit); }
};
template <>
struct Io<int> {
  static TypeInfo describe() { return {.kind = TypeInfo::Kind::integer}; }
  static bool read(const Value& v, int& out, const Context& c) {
    long long n = 0;
    if (!read_integer(v, c, n)) return false;
    out = int(n);
    return true;
  }
  static Value write(int x, const std::string&) { return Value::scalar(std::to_string(x)); }
};
template <>
struct Io<bool> {
  static TypeInfo describe() { return {.kind = TypeInfo::Kind::boolean}; }
  static bool read(const Value& v, bool& out, const Context& c) { return read_boolean(v, c, out); }
  static Value write(bool x, const std::string&) { return Value::scalar(x ? "true" : "false"); }
};
template <>
struct Io<std::string> {
  static TypeInfo describe() { return {.kind = TypeInfo::Kind::text}; }
  static bool read(const Value& v, std::string& out, const Context& c) { return read_text(v, c, out); }
  static Value write(const std::string& x, const std::string&) { return Value::scalar(x); }
};
template <>
struct Io<Curve> {
  static TypeInfo describe() { return {.kind = TypeInfo::Kind::curve}; }
  static bool read(const Value& v, Curve& out, const Context& c) { return read_curve(v, c, out); }
  static Value write(const Curve& x, const std::string& unit) { return write_curve(x, unit); }
};
template <Enum E>
struct Io<E> {
  static TypeInfo describe() {
    TypeInfo t{.kind = TypeInfo::Kind::names};
    for (const char* n : names(E{})) t.names.push_back(n);
    return t;
  }
  static bool read(const Value& v, E& out, const Context& c) {
    std::string text;
    if (!read_text(v, c, text)) return false;
    const auto& all = type_info<E>().names;
    for (size_t i = 0; i < all.size(); ++i)
      if (all[i] == text) return out = E(i), true;
    unknown_key(v, c, text, all);
    return false;
  }
  static Value write(E x, const std::string&) { return Value::scalar(type_info<E>().names[size_t(x)]); }
};
template <class T, std::size_t n>
struct Io<std::array<T, n>> {
  static TypeInfo describe() { return {.kind = TypeInfo::Kind::list, .element = &type_info<T>(), .size = int(n)}; }
  static bool read(const Value& v, std::array<T, n>& out, const Context& c) {
    if (v.kind != Value::Kind::list || v.items.size() != n) {
      c.problems.add(v, c.path,
                     fmt::format("must be a list of {} values, like [{}]", n, c.key->unit == "1" ? "1, 2, 3" : "1 " + c.key->unit + ", …"));
      return false;
    }
    bool good = true;
    for (size_t i = 0; i < n; ++i) good = Io<T>::read(v.items[i], out[i], c.below(std::to_string(i))) && good;
    return good;
  }
  static Value write(const std::array<T, n>& x, const std::string& unit) {
    Value v = Value::list();
    for (const T& item : x) v.items.push_back(Io<T>::write(item, unit));
    return v;
  }
};
template <class T>
struct Io<std::vector<T>> {
  static TypeInfo describe() { return {.kind = TypeInfo::Kind::list, .element = &type_info<T>(), .scalar_allowed = true}; }
  static bool read(const Value& v, std::vector<T>& out, const Context& c) {
    out.clear();
    bool good = true;
    if (v.kind == Value::Kind::none) return true;
    if (v.kind != Value::Kind::list) {  // a single value stands for a list of one
      good = Io<T>::read(v, out.emplace_back(), c);
    } else {
      out.reserve(v.items.size());
      for (size_t i = 0; i < v.items.size(); ++i) good = Io<T>::read(v.items[i], out.emplace_back(), c.below(std::to_string(i))) && good;
    }
    return good;
  }
  static Value write(const std::vector<T>& x, const std::string& unit) {
    Value v = Value::list();
    for (const T& item : x) v.items.push_back(Io<T>::write(item, unit));
    return v;
  }
};
template <class T>
struct Io<std::optional<T>> {
  static TypeInfo describe() { return Io<T>::describe(); }
  static bool read(const Value& v, std::optional<T>& out, const Context& c) {
    T value{};
    if (!Io<T>::read(v, value, c)) return false;
    out = std::move(value);
    return true;
  }
  static Value write(const std::optional<T>& x, const std::string& unit) { return x ? Io<T>::write(*x, unit) : Value(); }
};
template <class T>
struct Io<Named<T>> {
  static TypeInfo describe() { return {.kind = TypeInfo::Kind::map, .element = &type_info<T>()}; }
  static bool read(const Value& v, Named<T>& out, const Context& c) {
    out.entries.clear();
    if (v.kind == Value::Kind::none) return true;
    if (v.kind != Value::Kind::map) {
      c.problems.add(v, c.path, "must be a map of name: value");
      return false;
    }
    bool good = true;
    for (const auto& [name, value] : v.entries) good = Io<T>::read(value, out.entries.emplace_back(name, T{}).second, c.below(name)) && good;
    return good;
  }
  static Value write(const Named<T>& x, const std::string& unit) {
    Value v = Value::map();
    for (const auto& [name, value] : x.entries) v.add(name, Io<T>::write(value, unit));
    return v;
  }
};
template <class... A>
struct Io<Choice<A...>> {
  static TypeInfo describe() {
    TypeInfo t{.kind = TypeInfo::Kind::choice};
    (t.alternatives.push_back({A::name, A::doc, &type_info<A>()}), ...);
    return t;
  }
  static bool read(const Value& v, Choice<A...>& out, const Context& c) {
    const auto& alternatives = type_info<Choice<A...>>().alternatives;
    const Value* inner = nullptr;
    const int chosen = read_choice(v, c, alternatives, inner);
    if (chosen < 0) return false;
    Value nothing = Value::map();
    nothing.file = v.file;
    nothing.line = v.line;
    bool good = false;
    int i = 0;
    ((i++ == chosen ? void(good = Io<A>::read(inner ? *inner : nothing, out.value.template emplace<A>(), c.below(A::name))) : void()), ...);
    return good;
  }
  static Value write(const Choice<A...>& x, const std::string& unit) {
    Value v = Value::map();
    std::visit([&](const auto& a) { v.add(a.name, Io<std::decay_t<decltype(a)>>::write(a, unit)); }, x.value);
    return v;
  }
};
template <class S>
requires HasKeys<S>
struct Io<S> {
  static TypeInfo describe() {
    TypeInfo t{.kind = TypeInfo::Kind::object, .scalar_allowed = HasShorthand<S>};
    const S standard{};
    std::apply([&](const auto&... k) { (t.keys.push_back(describe_key(k, standard)), ...); }, S::keys());
    return t;
  }
  static bool read(const Value& v, S& out, const Context& c) {
    if constexpr (HasShorthand<S>)
      if (v.kind == Value::Kind::scalar) {
        Value map = Value::map();
        map.file = v.file;
        map.line = v.line;
        map.add(S::shorthand, v);
        return read(map, out, c);
      }
    if (v.kind != Value::Kind::map && v.kind != Value::Kind::none) {
      c.problems.add(v, c.path, "must be a map of keys");
      return false;
    }
    if constexpr (requires(Origin where) { requires std::same_as<decltype(out.origin), Origin>; }) out.origin = Origin{v.file, v.line};
    const auto& known = type_info<S>().keys;
    bool good = true;
    std::vector<std::string> names;
    for (const KeyInfo& k : known) names.push_back(k.name);
    for (const auto& [name, value] : v.entries)
      if (std::find(names.begin(), names.end(), name) == names.end()) unknown_key(value, c, name, names), good = false;
    size_t i = 0;
    std::apply([&](const auto&... k) { ((good = read_key(v, k, known[i++], out, c) && good), ...); }, S::keys());
    if constexpr (HasCheck<S>)
      if (good) {
        Check check(v, c.path, c.problems);
        const size_t before = c.problems.lines().size();
        out.check(check);
        good = c.problems.lines().size() == before;
      }
    return good;
  }
  static Value write(const S& x, const std::string&) {
    Value v = Value::map();
    std::apply(
        [&](const auto&... k) {
          (
              [&] {
                using T = std::decay_t<decltype(x.*(k.member))>;
                Value written = Io<T>::write(x.*(k.member), k.unit);
                if (written.kind != Value::Kind::none) v.add(k.name, std::move(written));
              }(),
              ...);
        },
        S::keys());
    return v;
  }

 private:
  template <class T>
  static KeyInfo describe_key(const Key<S, T>& k, const S& standard) {
    KeyInfo info = k;
    info.type = &type_info<T>();
    if (!k.required) {
      const Value v = Io<T>::write(standard.*(k.member), k.unit);
      if (v.kind == Value::Kind::scalar || (v.kind == Value::Kind::list && v.items.size() <= 9)) {
        info.standard = to_yaml(v);
        while (!info.standard.empty() && info.standard.back() == '\n') info.standard.pop_back();
      }
    }
    return info;
  }
  template <class T>
  static bool read_key(const Value& v, const Key<S, T>& k, const KeyInfo& info, S& out, const Context& c) {
    const Value* given = v.find(k.name);
    if (!given) {
      if (k.required) {
        c.problems.add(v, c.path, fmt::format("'{}' is missing: {}{}", k.name, k.doc, info.unit == "1" ? "" : " (" + info.unit + ")"));
        return false;
      }
      return true;
    }
    return Io<T>::read(*given, out.*(k.member), Context{c.path.empty() ? std::string(k.name) : c.path + "." + k.name, &info, c.problems});
  }
};

/// Reads a whole document; problems are added, not thrown.
template <class S>
S read(const Value& document, Problems& problems) {
  S out{};
  const KeyInfo none;
  Io<S>::read(document, out, Context{"", &none, problems});
  return out;
}
/// The resolved struct as YAML, every key spelled out in SI.
template <class S>
std::string write(const S& s) {
  return to_yaml(Io<S>::write(s, "1"));
}

}  // namespace winze::input
