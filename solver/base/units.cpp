#include "base/units.hpp"

#include <udunits2.h>

#include <cctype>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>

#include "base/error.hpp"

namespace winze {
namespace {

ut_system* unit_system() {
  static std::unique_ptr<ut_system, void (*)(ut_system*)> system = [] {
    ut_set_error_message_handler(ut_ignore);
    std::unique_ptr<ut_system, void (*)(ut_system*)> read(ut_read_xml(nullptr), ut_free_system);
    if (read) {  // the database knows a degree of angle as arc_degree, degree and °, not as deg
      const std::unique_ptr<ut_unit, void (*)(ut_unit*)> degree(ut_get_unit_by_name(read.get(), "arc_degree"), ut_free);
      if (degree) ut_map_symbol_to_unit("deg", UT_ASCII, degree.get());
    }
    return read;
  }();
  if (!system) throw EnvironmentError("UDUNITS-2 cannot read its unit database; reinstall libudunits2 or set UDUNITS2_XML_PATH");
  return system.get();
}

using Unit = std::shared_ptr<ut_unit>;
Unit find_unit(const std::string& text) {
  static std::map<std::string, Unit> known;
  auto [it, fresh] = known.try_emplace(text);
  if (fresh)
    it->second = Unit(ut_parse(unit_system(), text.empty() ? "1" : text.c_str(), UT_UTF8), [](ut_unit* u) {
      if (u) ut_free(u);
    });
  return it->second;
}

}  // namespace

Quantity parse_quantity(const std::string& text) {
  size_t begin = 0, end = text.size();
  while (begin < end && std::isspace(static_cast<unsigned char>(text[begin]))) ++begin;
  while (end > begin && std::isspace(static_cast<unsigned char>(text[end - 1]))) --end;
  if (begin < end && text[begin] == '+') ++begin;
  Quantity q;
  const auto [stop, error] = std::from_chars(text.data() + begin, text.data() + end, q.value);
  if (error != std::errc() || !std::isfinite(q.value)) throw InputError("'{}' is not a finite number", text);
  const char* unit = stop;
  while (unit < text.data() + end && std::isspace(static_cast<unsigned char>(*unit))) ++unit;
  q.unit.assign(unit, text.data() + end);
  return q;
}

bool dimensionless(const std::string& unit) { return unit.empty() || unit == "1"; }

bool convertible(const std::string& from, const std::string& to) {
  const Unit a = find_unit(from), b = find_unit(to);
  return a && b && ut_are_convertible(a.get(), b.get());
}

double convert(double value, const std::string& from, const std::string& to) {
  const Unit a = find_unit(from), b = find_unit(to);
  if (!b) throw InputError("'{}' is not a unit", to);
  if (!a) throw InputError("'{}' is not a unit; write something like {}", from, dimensionless(to) ? "a bare number" : to);
  const std::unique_ptr<cv_converter, void (*)(cv_converter*)> converter(ut_get_converter(a.get(), b.get()), cv_free);
  if (!converter) throw InputError("'{}' cannot be converted to {}", from, dimensionless(to) ? "a bare number" : to);
  return cv_convert_double(converter.get(), value);
}

}  // namespace winze
