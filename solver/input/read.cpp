// Reading and writing of the plain types, with messages that say what would be right.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "input/key.hpp"

namespace winze::input {
namespace {

bool in_range(double x, const KeyInfo& k) { return (k.low_open ? x > k.low : x >= k.low) && (k.high_open ? x < k.high : x <= k.high); }

/// The number in SI, or nothing after a problem has been added.
bool number_of(const Value& v, const Context& c, const std::string& unit, double& out) {
  if (v.kind != Value::Kind::scalar) {
    c.problems.add(v, c.path, fmt::format("must be a number{}", dimensionless(unit) ? "" : " with a unit, like '1 " + unit + "'"));
    return false;
  }
  try {
    const Quantity q = parse_quantity(v.text);
    if (q.unit.empty() && !dimensionless(unit) && q.value != 0) {
      c.problems.add(v, c.path, fmt::format("'{}' needs a unit, like '{} {}'", v.text, v.text, unit));
      return false;
    }
    out = q.unit.empty() ? q.value : convert(q.value, q.unit, dimensionless(unit) ? "1" : unit);
    if (!std::isfinite(out)) throw InputError("'{}' is out of range", v.text);
    return true;
  } catch (const InputError& error) {
    const std::string what = error.what(), example = dimensionless(unit) ? "a bare number" : "a number with a unit, like '1 " + unit + "'";
    c.problems.add(v, c.path, fmt::format("{}{}; write {}", what.find(v.text) == std::string::npos ? "'" + v.text + "': " : "", what, example));
    return false;
  }
}

std::string short_number(double x) { return fmt::format("{}", x); }

}  // namespace

std::string KeyInfo::range() const {
  const bool has_low = std::isfinite(low), has_high = std::isfinite(high);
  const std::string u = dimensionless(unit) ? "" : " " + unit;
  if (has_low && has_high)
    return fmt::format("{}{} … {}{}{}", low_open ? "above " : "", short_number(low), high_open ? "below " : "", short_number(high), u);
  if (has_low) return fmt::format("{} {}{}", low_open ? ">" : "≥", short_number(low), u);
  if (has_high) return fmt::format("{} {}{}", high_open ? "<" : "≤", short_number(high), u);
  return "";
}

bool read_number(const Value& v, const Context& c, const std::string& unit, double& out) {
  double x = 0;
  if (!number_of(v, c, unit, x)) return false;
  if (!in_range(x, *c.key)) {
    c.problems.add(v, c.path, fmt::format("{} must be {} ({})", v.text, c.key->range(), c.key->doc));
    return false;
  }
  out = x;
  return true;
}

bool read_integer(const Value& v, const Context& c, long long& out) {
  long long n = 0;
  const auto [stop, error] = std::from_chars(v.text.data(), v.text.data() + v.text.size(), n);
  if (v.kind != Value::Kind::scalar || error != std::errc() || stop != v.text.data() + v.text.size() || std::abs(n) > 2'000'000'000) {
    c.problems.add(v, c.path, v.kind == Value::Kind::scalar ? fmt::format("'{}' must be a whole number", v.text) : "must be a whole number");
    return false;
  }
  if (!in_range(double(n), *c.key)) {
    c.problems.add(v, c.path, fmt::format("{} must be {} ({})", v.text, c.key->range(), c.key->doc));
    return false;
  }
  out = n;
  return true;
}

bool read_boolean(const Value& v, const Context& c, bool& out) {
  if (v.kind == Value::Kind::scalar && (v.text == "true" || v.text == "yes" || v.text == "on")) return out = true, true;
  if (v.kind == Value::Kind::scalar && (v.text == "false" || v.text == "no" || v.text == "off")) return out = false, true;
  c.problems.add(v, c.path, fmt::format("'{}' must be true or false", v.text));
  return false;
}

bool read_text(const Value& v, const Context& c, std::string& out) {
  if (v.kind != Value::Kind::scalar) {
    c.problems.add(v, c.path, "must be a single text");
    return false;
  }
  out = v.text;
  return true;
}

bool read_curve(const Value& v, const Context& c, Curve& out) {
  const size_t comma = c.key->unit.find(',');
  std::string x_unit = c.key->unit.substr(0, comma), y_unit = comma == std::string::npos ? "1" : c.key->unit.substr(comma + 1);
  y_unit.erase(0, y_unit.find_first_not_of(' '));
  Curve curve;
  KeyInfo y_key = *c.key;  // range and unit are those of y
  y_key.unit = y_unit;
  if (v.kind == Value::Kind::scalar) {
    double y;
    if (!read_number(v, Context{c.path, &y_key, c.problems}, y_unit, y)) return false;
    out = Curve(y);
    return true;
  }
  if (v.kind != Value::Kind::list || v.items.empty()) {
    c.problems.add(v, c.path, fmt::format("must be a constant ({}) or a table [[x ({}), y ({})], …]", y_unit, x_unit, y_unit));
    return false;
  }
  bool good = true;
  for (size_t i = 0; i < v.items.size(); ++i) {
    const Value& row = v.items[i];
    const Context at{c.path + "." + std::to_string(i), &y_key, c.problems};
    if (row.kind != Value::Kind::list || row.items.size() != 2) {
      c.problems.add(row, at.path, fmt::format("must be a pair [x ({}), y ({})]", x_unit, y_unit));
      good = false;
      continue;
    }
    double x = 0, y = 0;
    if (!number_of(row.items[0], at, x_unit, x) || !read_number(row.items[1], at, y_unit, y)) {
      good = false;
      continue;
    }
    if (!curve.x.empty() && x <= curve.x.back()) {
      c.problems.add(row, at.path,
                     fmt::format("{} must be larger than the {} before it: tables ascend", row.items[0].text, v.items[i - 1].items[0].text));
      good = false;
    }
    curve.x.push_back(x);
    curve.y.push_back(y);
  }
  if (good) out = std::move(curve);
  return good;
}

double Curve::operator()(double at) const {
  if (y.size() == 1 || at <= x.front()) return y.front();
  if (at >= x.back()) return y.back();
  const size_t i = size_t(std::upper_bound(x.begin(), x.end(), at) - x.begin());
  return y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1]);
}

Value write_number(double x, const std::string& unit) {
  return Value::scalar(dimensionless(unit) ? fmt::format("{}", x) : fmt::format("{} {}", x, unit));
}

Value write_curve(const Curve& curve, const std::string& unit) {
  const size_t comma = unit.find(',');
  std::string x_unit = unit.substr(0, comma), y_unit = comma == std::string::npos ? "1" : unit.substr(comma + 1);
  y_unit.erase(0, y_unit.find_first_not_of(' '));
  if (curve.empty()) return Value();
  if (curve.constant()) return write_number(curve.y[0], y_unit);
  Value v = Value::list();
  for (size_t i = 0; i < curve.x.size(); ++i) {
    Value row = Value::list();
    row.items = {write_number(curve.x[i], x_unit), write_number(curve.y[i], y_unit)};
    v.items.push_back(std::move(row));
  }
  return v;
}

void unknown_key(const Value& v, const Context& c, const std::string& wrong, const std::vector<std::string>& known) {
  const std::string near = suggest(wrong, known);
  std::string all;
  for (const std::string& name : known) all += (all.empty() ? "" : ", ") + name;
  c.problems.add(v, c.path,
                 near.empty() ? fmt::format("'{}' is not known here; known: {}", wrong, all)
                              : fmt::format("'{}' is not known here; did you mean '{}'? (known: {})", wrong, near, all));
}

int read_choice(const Value& v, const Context& c, const std::vector<TypeInfo::Alternative>& alternatives, const Value*& inner) {
  std::vector<std::string> names;
  std::string menu;
  for (const auto& a : alternatives) names.push_back(a.name), menu += (menu.empty() ? "" : ", ") + a.name;
  std::string chosen;
  inner = nullptr;
  if (v.kind == Value::Kind::scalar) {
    chosen = v.text;
  } else if (v.kind == Value::Kind::map && v.entries.size() == 1) {
    chosen = v.entries[0].first;
    inner = &v.entries[0].second;
  } else {
    c.problems.add(v, c.path, fmt::format("must name one of: {} (as {{name: {{keys}}}} or just the name)", menu));
    return -1;
  }
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == chosen) return int(i);
  unknown_key(v, c, chosen, names);
  return -1;
}

}  // namespace winze::input
