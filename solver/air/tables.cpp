#include "air/tables.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "base/error.hpp"

namespace winze::air {
namespace {

using input::Value;

struct Table {
  std::string file;
  std::vector<std::string> columns;
  struct Row {
    int line;
    std::vector<std::string> cells;
  };
  std::vector<Row> rows;
};

std::string trimmed(std::string s) {
  const auto blank = [](unsigned char c) { return c == ' ' || c == '\r' || c == '\t'; };
  while (!s.empty() && blank(static_cast<unsigned char>(s.back()))) s.pop_back();
  size_t k = 0;
  while (k < s.size() && blank(static_cast<unsigned char>(s[k]))) ++k;
  return s.substr(k);
}

/// One record; quoted cells may hold separators, doubled quotes and line ends. Returns false at the end of the file.
bool read_record(std::istream& in, char separator, int& line, std::vector<std::string>& cells) {
  cells.assign(1, "");
  bool quoted = false, any = false;
  for (int c = in.get(); c != EOF; c = in.get()) {
    any = true;
    if (c == '\n') ++line;
    if (quoted) {
      if (c == '"' && in.peek() == '"')
        cells.back() += char(in.get());
      else if (c == '"')
        quoted = false;
      else
        cells.back() += char(c);
    } else if (c == '"') {
      quoted = true;
    } else if (c == separator) {
      cells.emplace_back();
    } else if (c == '\n') {
      break;
    } else {
      cells.back() += char(c);
    }
  }
  for (std::string& cell : cells) cell = trimmed(cell);
  return any;
}

Table read_table(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) throw EnvironmentError("table {} cannot be opened", path);
  Table table{path, {}, {}};
  std::string header;
  int line = 1;
  for (std::string text; std::getline(in, text); ++line) {
    if (line == 1 && text.rfind("\xef\xbb\xbf", 0) == 0) text = text.substr(3);
    header = trimmed(text);
    if (!header.empty() && header[0] != '#') break;
  }
  if (header.empty()) throw InputError("{}: the table is empty; its first line names the columns", path);
  ++line;
  char separator = ',';
  for (const char c : {';', '\t'})
    if (std::count(header.begin(), header.end(), c) > std::count(header.begin(), header.end(), separator)) separator = c;
  std::istringstream first(header);
  int unused = 0;
  read_record(first, separator, unused, table.columns);
  for (std::vector<std::string> cells;;) {
    const int at = line;
    if (!read_record(in, separator, line, cells)) break;
    if ((cells.size() == 1 && cells[0].empty()) || cells[0].rfind('#', 0) == 0) continue;
    if (std::all_of(cells.begin(), cells.end(), [](const std::string& c) { return c.empty(); })) continue;
    if (cells.size() > table.columns.size())
      throw InputError("{}:{}: {} cells in a table of {} columns; put text with separators in quotes", path, at, cells.size(), table.columns.size());
    cells.resize(table.columns.size());
    table.rows.push_back({at, std::move(cells)});
  }
  return table;
}

Value located(Value v, const Table& table, int line) {
  v.file = table.file;
  v.line = line;
  return v;
}

/// Puts a value at a path of keys, making maps on the way.
void put(Value& at, const std::string& path, Value value, const Table& table, int line) {
  const size_t dot = path.find('.');
  if (dot == std::string::npos) {
    at.add(path, std::move(value));
    return;
  }
  const std::string head = path.substr(0, dot);
  for (auto& [name, inner] : at.entries)
    if (name == head) return put(inner, path.substr(dot + 1), std::move(value), table, line);
  put(at.add(head, located(Value::map(), table, line)), path.substr(dot + 1), std::move(value), table, line);
}

struct Column {
  std::string path, unit;
};
Column column_of(const std::string& title) {
  static const std::map<std::string, std::string> short_names = {
      {"area", "section.measured.area"},          {"perimeter", "section.measured.perimeter"}, {"diameter", "section.circle.diameter"},
      {"width", "section.rectangle.width"},       {"height", "section.rectangle.height"},      {"k", "friction.atkinson.k"},
      {"resistance", "friction.resistance.value"}};
  Column c{title, ""};
  const size_t open = title.find('[');
  if (open != std::string::npos) {
    c.path = trimmed(title.substr(0, open));
    c.unit = trimmed(title.substr(open + 1, title.find(']') == std::string::npos ? std::string::npos : title.find(']') - open - 1));
  }
  if (const auto found = short_names.find(c.path); found != short_names.end()) c.path = found->second;
  return c;
}

Value cell_value(const std::string& text, const std::string& unit, const Table& table, int line) {
  if (text[0] == '[' || text[0] == '{') {
    Value v = input::parse_yaml_text(text, table.file);
    const auto relocate = [&](const auto& self, Value& x) -> void {
      x.file = table.file;
      x.line = line;
      for (Value& item : x.items) self(self, item);
      for (auto& [name, inner] : x.entries) self(self, inner);
    };
    relocate(relocate, v);
    return v;
  }
  return located(Value::scalar(unit.empty() || unit == "1" ? text : text + " " + unit), table, line);
}

/// Rows as entries of a map by the column `name`.
Value entries_of(const Table& table) {
  std::vector<Column> columns;
  int name = -1;
  for (size_t c = 0; c < table.columns.size(); ++c) {
    columns.push_back(column_of(table.columns[c]));
    if (columns.back().path == "name") name = int(c);
  }
  if (name < 0) throw InputError("{}: the table has no column 'name' (it has: {})", table.file, fmt::join(table.columns, ", "));
  Value all = located(Value::map(), table, 1);
  std::map<std::string, int> seen;
  for (const Table::Row& row : table.rows) {
    const std::string& called = row.cells[size_t(name)];
    if (called.empty()) throw InputError("{}:{}: the row has no name", table.file, row.line);
    if (const auto [old, fresh] = seen.emplace(called, row.line); !fresh)
      throw InputError("{}:{}: '{}' is given twice, first in line {}", table.file, row.line, called, old->second);
    Value entry = located(Value::map(), table, row.line);
    Value at = located(Value::list(), table, row.line);
    for (size_t c = 0; c < columns.size(); ++c) {
      const std::string& text = row.cells[c];
      if (int(c) == name || text.empty()) continue;
      Value v = cell_value(text, columns[c].unit, table, row.line);
      if (columns[c].path == "x" || columns[c].path == "y" || columns[c].path == "z")
        at.items.push_back(std::move(v));
      else
        put(entry, columns[c].path, std::move(v), table, row.line);
    }
    if (!at.items.empty()) entry.add("at", std::move(at));
    all.entries.emplace_back(called, std::move(entry));
  }
  return all;
}

/// The entries of `over` on top of those of `under`, key by key.
void merge(Value& under, const Value& over) {
  if (under.kind != Value::Kind::map || over.kind != Value::Kind::map) {
    if (over.kind != Value::Kind::none) under = over;
    return;
  }
  std::map<std::string, size_t> place;
  for (size_t k = 0; k < under.entries.size(); ++k) place.emplace(under.entries[k].first, k);
  for (const auto& [name, value] : over.entries) {
    const auto found = place.find(name);
    if (found == place.end())
      under.entries.emplace_back(name, value);
    else
      merge(under.entries[found->second].second, value);
  }
}

// ---- the list of airways that Ventsim exports ----

std::string plain(const std::string& title) {  // lower case, letters and digits only, without a unit in brackets
  std::string out;
  for (const char c : title.substr(0, title.find_first_of("([")))
    if (std::isalnum(static_cast<unsigned char>(c))) out += char(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

struct VentsimColumns {
  const Table& table;
  int find(std::initializer_list<const char*> titles) const {
    for (const char* title : titles)
      for (size_t c = 0; c < table.columns.size(); ++c)
        if (plain(table.columns[c]) == title) return int(c);
    return -1;
  }
};

void ventsim(const Table& table, Value& junctions, Value& airways) {
  const VentsimColumns columns{table};
  const int name = columns.find({"branchname", "airwayname", "name"}), number = columns.find({"uniqueno", "uniquenumber", "branchno", "id"});
  const int from = columns.find({"entrynodeno", "entrynode", "startnode", "from"}), to = columns.find({"exitnodeno", "exitnode", "endnode", "to"});
  int xyz[6];
  static constexpr const char* axes[6][2] = {{"x1", "startx"}, {"y1", "starty"}, {"z1", "startz"}, {"x2", "endx"}, {"y2", "endy"}, {"z2", "endz"}};
  for (int k = 0; k < 6; ++k) {
    xyz[k] = columns.find({axes[k][0], axes[k][1]});
    if (xyz[k] < 0) throw InputError("{}: an airway list of Ventsim needs the columns X1, Y1, Z1, X2, Y2, Z2; {} is missing", table.file, axes[k][0]);
  }
  if (name < 0 && number < 0) throw InputError("{}: an airway list of Ventsim needs a column Branch Name or Unique No", table.file);
  struct Taken {
    int column;
    const char *path, *unit;
  };
  std::vector<Taken> taken;
  const auto take = [&](std::initializer_list<const char*> titles, const char* path, const char* unit) {
    const int c = columns.find(titles);
    if (c >= 0) taken.push_back({c, path, unit});
    return c >= 0;
  };
  take({"length", "truelength"}, "length", "m");
  if (take({"area", "csarea"}, "section.measured.area", "m^2")) {
    if (!take({"perimeter"}, "section.measured.perimeter", "m")) throw InputError("{}: with Area goes Perimeter, which is missing", table.file);
  } else {
    take({"width"}, "section.rectangle.width", "m");
    take({"height"}, "section.rectangle.height", "m");
  }
  const int friction = columns.find({"frictionfactor", "friction", "kfactor"}), resistance = columns.find({"resistance"});
  if (friction < 0 && resistance < 0) throw InputError("{}: an airway list of Ventsim needs a column Friction Factor or Resistance", table.file);
  take({"shockx", "shock", "shockloss"}, "shock", "1");
  const int fixed = columns.find({"fixedflow", "fixflow", "fixquantity", "fixedquantity"});

  std::map<std::string, int> uses;
  if (name >= 0)
    for (const Table::Row& row : table.rows) ++uses[row.cells[size_t(name)]];
  std::set<std::string> nodes;
  std::map<std::array<long long, 3>, std::string> by_place;
  for (const Table::Row& row : table.rows) {
    const auto cell = [&](int c) { return c < 0 ? std::string() : row.cells[size_t(c)]; };
    std::string called = cell(name);
    if (called.empty() || uses[called] > 1) {
      if (number < 0)
        throw InputError("{}:{}: '{}' names several airways and there is no Unique No to tell them apart", table.file, row.line, called);
      called += (called.empty() ? "" : " ") + cell(number);
    }
    Value entry = located(Value::map(), table, row.line);
    for (int end = 0; end < 2; ++end) {
      std::array<long long, 3> place{};
      Value at = located(Value::list(), table, row.line);
      for (int d = 0; d < 3; ++d) {
        const std::string text = cell(xyz[3 * end + d]);
        double x = 0;
        const auto [rest, fault] = std::from_chars(text.data(), text.data() + text.size(), x);
        if (fault != std::errc() || rest != text.data() + text.size() || !(std::abs(x) < 1e9))
          throw InputError("{}:{}: column {}: '{}' is not a coordinate in metres", table.file, row.line, table.columns[size_t(xyz[3 * end + d])],
                           text);
        place[size_t(d)] = std::llround(1000 * x);
        at.items.push_back(located(Value::scalar(text + " m"), table, row.line));
      }
      std::string node = cell(end == 0 ? from : to);
      node = node.empty() ? by_place.emplace(place, "N" + std::to_string(by_place.size() + 1)).first->second : "N" + node;
      if (nodes.insert(node).second) {
        Value junction = located(Value::map(), table, row.line);
        junction.add("at", std::move(at));
        junctions.entries.emplace_back(node, std::move(junction));
      }
      entry.add(end == 0 ? "from" : "to", located(Value::scalar(node), table, row.line));
    }
    const auto given = [&](int c) { return !cell(c).empty() && cell(c) != "0" && cell(c) != "0.0"; };
    for (const Taken& t : taken)
      if (given(t.column)) put(entry, t.path, cell_value(cell(t.column), t.unit, table, row.line), table, row.line);
    if (given(friction))
      put(entry, "friction.atkinson.k", cell_value(cell(friction), "kg/m^3", table, row.line), table, row.line);
    else if (given(resistance))
      put(entry, "friction.resistance.value", cell_value(cell(resistance), "kg/m^7", table, row.line), table, row.line);
    if (given(fixed)) {
      Value device = located(Value::map(), table, row.line), list = located(Value::list(), table, row.line);
      put(device, "fixed_flow.flow", cell_value(cell(fixed), "m^3/s", table, row.line), table, row.line);
      list.items.push_back(std::move(device));
      entry.add("devices", std::move(list));
    }
    airways.entries.emplace_back(called, std::move(entry));
  }
}

}  // namespace

void expand_tables(Value& air, const std::string& folder) {
  const Value* tables = air.find("tables");
  if (!tables) return;
  if (tables->kind != Value::Kind::map) throw InputError("{}: air.tables must be a map with junctions and airways, or ventsim", tables->where());
  Value junctions = Value::map(), airways = Value::map();
  for (const auto& [kind, file] : tables->entries) {
    if (kind != "junctions" && kind != "airways" && kind != "ventsim")
      throw InputError("{}: air.tables: there is no table '{}'; there are junctions, airways and ventsim", file.where(), kind);
    if (file.kind != Value::Kind::scalar) throw InputError("{}: air.tables.{} must be the path of a file", file.where(), kind);
    const std::filesystem::path path(file.text);
    const Table table = read_table(path.is_absolute() ? file.text : (std::filesystem::path(folder) / path).string());
    if (kind == "junctions")
      merge(junctions, entries_of(table));
    else if (kind == "airways")
      merge(airways, entries_of(table));
    else
      ventsim(table, junctions, airways);
  }
  for (auto [name, rows] : {std::pair<const char*, Value*>{"junctions", &junctions}, {"airways", &airways}}) {
    rows->file = air.file;
    rows->line = air.line;
    if (const Value* own = air.find(name)) merge(*rows, *own);
    air.add(name, std::move(*rows));
  }
  std::erase_if(air.entries, [](const auto& e) { return e.first == "tables"; });
}

}  // namespace winze::air
