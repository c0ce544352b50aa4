// Networks from CSV tables and from Ventsim's airway list.
#include "air/tables.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "air/network.hpp"
#include "base/error.hpp"

namespace winze::air {
namespace {

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("winze_tables_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path_ / name) << text; }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

Network read(const std::string& yaml, const std::string& folder) {
  input::Value v = input::parse_yaml_text(yaml, "case.yaml");
  expand_tables(v, folder);
  input::Problems problems;
  Network n = input::read<Network>(v, problems);
  problems.raise();
  return n;
}
std::string answer(const std::string& yaml, const std::string& folder) {
  try {
    make_graph(read(yaml, folder));
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

constexpr const char* junctions = "name,x [m],y [m],z [m],surface\nin,0,0,0,true\nbottom,0,0,-1000,\n\"out, east\",300,0,0,true\n";
constexpr const char* airways =
    "# survey of May\nname;from;to;length [m];diameter [m];area [m^2];perimeter [m];k [g/m^3];shock;devices\n"
    "down;in;bottom;;6;;;4;0.5;\nup;bottom;out, east;1100;;20;18;10;;[{door: {leakage: 0.5 m^2}}]\n";

TEST(Tables, RowsAndTheCaseFileTogether) {
  const Folder f;
  f.write("j.csv", junctions);
  f.write("a.csv", std::string("\xef\xbb\xbf") + airways);
  const Network n =
      read("tables: {junctions: j.csv, airways: a.csv}\nairways: {up: {shock: 1.5}, extra: {from: in, to: bottom, friction: {resistance: 3 kg/m^7}}}",
           f.path());
  ASSERT_EQ(n.junctions.entries.size(), 3u);
  EXPECT_EQ(n.junctions.entries[2].first, "out, east");
  EXPECT_TRUE(n.junctions.find("in")->surface);
  EXPECT_FALSE(n.junctions.find("bottom")->surface);
  EXPECT_EQ(n.junctions.find("bottom")->at[2], -1000);
  ASSERT_EQ(n.airways.entries.size(), 3u);
  const Airway& up = *n.airways.find("up");
  EXPECT_EQ(up.shock, 1.5);
  EXPECT_EQ(up.devices.size(), 1u);
  EXPECT_EQ(up.origin.line, 4);
  const Graph g = make_graph(n);
  EXPECT_EQ(g.length[0], 1000);  // from the coordinates
  const double a = pi * 9;
  EXPECT_NEAR(g.law[0].resistance, 0.004 / 1.2 * 1000 * pi * 6 / (a * a * a) + 0.5 / (2 * a * a), 1e-15);
}

TEST(Tables, FaultsNameTheRow) {
  const Folder f;
  f.write("j.csv", junctions);
  const auto with = [&](const std::string& text) {
    f.write("a.csv", text);
    return answer("tables: {junctions: j.csv, airways: a.csv}", f.path());
  };
  const auto has = [](const std::string& text, const std::string& words) {
    EXPECT_NE(text.find(words), std::string::npos) << words << " in: " << text;
  };
  has(with("name,from,to,resistance\ndown,in,bottom,2\n"), "a.csv:2: airways.down.friction.resistance.value: '2' needs a unit");
  has(with("name,from,to,resistance [kg/m^7]\ndown,in,botom,2\n"),
      "a.csv:2: airway 'down': to: there is no junction 'botom'; did you mean 'bottom'?");
  has(with("name,from,to,resistance [kg/m^7]\ndown,in,bottom,2\ndown,in,bottom,2\n"), "a.csv:3: 'down' is given twice, first in line 2");
  has(with("name,from,to,resistnce [kg/m^7]\ndown,in,bottom,2\n"), "a.csv:2: airways.down: 'resistnce' is not known here");
  has(with("from,to\nin,bottom\n"), "no column 'name'");
  has(with("name,from\nin,bottom,3\n"), "a.csv:2: 3 cells in a table of 2 columns");
  has(with(""), "the table is empty");
  has(answer("tables: {airway: a.csv}", f.path()), "there is no table 'airway'");
  has(answer("tables: {airways: nowhere.csv}", f.path()), "nowhere.csv cannot be opened");
}

TEST(Tables, AirwayListOfVentsim) {
  const Folder f;
  f.write(
      "v.csv",
      "Unique No,Branch Name,Entry Node No,Exit Node No,X1 (m),Y1 (m),Z1 (m),X2 (m),Y2 (m),Z2 (m),Length (m),Area (m2),Perimeter (m),Friction Factor "
      "(kg/m3),Shock X,Fixed Flow (m3/s),Air Colour\n"
      "1,Shaft,1,2,0,0,0,0,0,-500,500,20,16,0.0065,0,,blue\n"
      "2,Drive,2,3,0,0,-500,400,0,-500,0,16,16,0.012,1.5,25,red\n"
      "3,Drive,3,4,400,0,-500,400,0,0,510,12,13,0.01,0,,red\n");
  const Network n = read("tables: {ventsim: v.csv}\njunctions: {N1: {surface: true}, N4: {surface: true}}", f.path());
  ASSERT_EQ(n.junctions.entries.size(), 4u);
  EXPECT_TRUE(n.junctions.find("N4")->surface);
  ASSERT_TRUE(n.airways.find("Drive 2"));
  EXPECT_EQ(n.airways.find("Drive 2")->shock, 1.5);
  EXPECT_EQ(n.airways.find("Drive 2")->devices.size(), 1u);
  const Graph g = make_graph(n);
  EXPECT_EQ(g.length[1], 400);
  EXPECT_NE(answer("tables: {ventsim: v.csv}", f.path()).find("not joined to any junction that is open"), std::string::npos);
}

}  // namespace
}  // namespace winze::air
