// Plan files of every format: written here, read back; numbers from the shapes themselves.
#include <gtest/gtest.h>

#include <cstring>
#include <numbers>

#include "base/error.hpp"
#include "contract.hpp"
#include "files.hpp"
#include "geometry/block_model.hpp"
#include "geometry/plan.hpp"
#include "geometry/schedule.hpp"
#include "geometry/triangle_mesh.hpp"
#include "shapes.hpp"

using namespace winze;
using namespace winze::geometry;
using std::numbers::pi;

namespace {

std::string obj(const Triangles& t) {
  std::string s = "# made by a test\no stope\n";
  for (const Vector3& x : t.points) s += fmt::format("v {:.17g} {:.17g} {:.17g}\n", x[0], x[1], x[2]);
  for (const Face& f : t.faces) s += fmt::format("f {}/1/1 {}//2 {}\n", f[0] + 1, f[1] + 1, f[2] - Index(t.points.size()));
  return s;
}
std::string stl(const Triangles& t) {
  std::string s = "solid stope 1\n";
  for (const Face& f : t.faces) {
    s += " facet normal 0 0 0\n  outer loop\n";
    for (Index p : f) s += fmt::format("   vertex {:.9e} {:.9e} {:.9e}\n", t.points[p][0], t.points[p][1], t.points[p][2]);
    s += "  endloop\n endfacet\n";
  }
  return s + "endsolid stope 1\n";
}
std::string binary_stl(const Triangles& t, std::size_t drop = 0) {
  std::string s(80, ' ');
  const auto put = [&](const void* x, std::size_t n) { s.append(static_cast<const char*>(x), n); };
  const std::uint32_t n = std::uint32_t(t.faces.size());
  put(&n, 4);
  for (const Face& f : t.faces) {
    const float zero[3] = {};
    put(zero, 12);
    for (Index p : f)
      for (double c : t.points[p]) {
        const float x = float(c);
        put(&x, 4);
      }
    put("\0\0", 2);
  }
  s.resize(s.size() - drop);
  return s;
}
std::string dxf(const std::string& entities) { return "0\nSECTION\n2\nENTITIES\n" + entities + "0\nENDSEC\n0\nEOF\n"; }
std::string pairs(std::initializer_list<std::pair<int, double>> all) {
  std::string s;
  for (const auto& [code, x] : all) s += fmt::format("{}\n{}\n", code, x);
  return s;
}
std::string faces_dxf(const Triangles& t) {
  std::string s;
  for (const Face& f : t.faces) {
    s += "0\n3DFACE\n8\nSTOPE\n";
    for (int k = 0; k < 4; ++k) {
      const Vector3& x = t.points[f[std::min(k, 2)]];
      s += fmt::format("{}\n{:.17g}\n{}\n{:.17g}\n{}\n{:.17g}\n", 10 + k, x[0], 20 + k, x[1], 30 + k, x[2]);
    }
  }
  return dxf(s);
}
std::string polyface_dxf(const Triangles& t) {
  std::string s = "0\nPOLYLINE\n8\nSTOPE\n66\n1\n70\n64\n71\n" + std::to_string(t.points.size()) + "\n72\n" + std::to_string(t.faces.size()) + "\n";
  for (const Vector3& x : t.points) s += fmt::format("0\nVERTEX\n8\nSTOPE\n10\n{:.17g}\n20\n{:.17g}\n30\n{:.17g}\n70\n192\n", x[0], x[1], x[2]);
  for (const Face& f : t.faces)
    s += fmt::format("0\nVERTEX\n8\nSTOPE\n10\n0\n20\n0\n30\n0\n70\n128\n71\n{}\n72\n-{}\n73\n{}\n", f[0] + 1, f[1] + 1, f[2] + 1);
  return dxf(s + "0\nSEQEND\n");
}

const Triangles stone = ball_shape(
    {3, 4, -2000}, [](const Vector3& d) { return 5 + d[0] * d[2]; }, 8);

}  // namespace

TEST(PlanFiles, OneSolidInFiveFormats) {
  const Files files;
  const double volume = TriangleMesh(stone).volume();
  for (const auto& [name, text, tolerance] : {std::tuple{"a.obj", obj(stone), 1e-12},
                                              {"b.stl", stl(stone), 1e-7},
                                              {"c.STL", binary_stl(stone), 1e-4},
                                              {"d.dxf", faces_dxf(stone), 1e-12},
                                              {"e.dxf", polyface_dxf(stone), 1e-12}}) {
    const Plan plan = read_plan(files(name, text));
    const TriangleMesh mesh(plan.triangles);
    EXPECT_EQ(plan.triangles.faces.size(), stone.faces.size()) << name;
    EXPECT_TRUE(mesh.damage().sound()) << name << mesh.damage().text();
    EXPECT_NEAR(mesh.volume(), volume, tolerance * volume) << name;
    ASSERT_EQ(plan.layers.size(), 1u);
    EXPECT_EQ(plan.layer(plan.layers[0]).faces.size(), stone.faces.size());
    EXPECT_TRUE(plan.notes.empty());
    EXPECT_THROW(plan.layer("nothing of that name"), InputError);
  }
}

// Seven million metres from the origin and turned by 30°: the model's frame gives the coordinates back to rounding of the file's own (1e-9 m).
TEST(PlanFiles, FrameKeepsPrecision) {
  const Files files;
  PlanUnits units{1e-3, {{1.2e6, 7e6, -1500}, pi / 6}};
  Triangles far = stone;
  for (Vector3& x : far.points) x = 1000.0 * units.frame.global(x);  // millimetres
  for (const std::string& path : {files("far.obj", obj(far)), files("far.dxf", faces_dxf(far))}) {
    const Plan plan = read_plan(path, units);
    const TriangleMesh there(plan.triangles), here(stone);
    Dice dice(1);
    for (int i = 0; i < 500; ++i) {
      const Vector3 x = dice.in(here.box().grown(3));
      ASSERT_NEAR(there.distance(x), here.distance(x), 1e-8);
    }
  }
  const Vector3 y = units.frame.local(units.frame.origin + Vector3{std::sin(pi / 6), std::cos(pi / 6), 2});
  EXPECT_NEAR(norm(y - Vector3{0, 1, 2}), 0, 2e-9) << "local y points along the azimuth";
}

TEST(PlanFiles, ConcavePolygonsAndGroupsOfObj) {
  const Files files;
  const std::string text =  // an L of 3 m² extruded by 2 m, faces of six corners, one statement over two lines
      "g ell\nv 0 0 0\nv 2 0 0\nv 2 1 0\nv 1 1 0\nv 1 2 0\nv 0 2 0\nv 0 0 2\nv 2 0 2\nv 2 1 2\nv 1 1 2\nv 1 2 2\nv 0 2 2\n"
      "f 6 5 4 \\\n 3 2 1\nf 7 8 9 10 11 12\nf 1 2 8 7\nf 2 3 9 8\nf 3 4 10 9\nf 4 5 11 10\nf 5 6 12 11\nf 6 1 7 12\ng path\nl 1 7 12\n";
  const Plan plan = read_obj(files("ell.obj", text));
  const TriangleMesh ell(plan.layer("ell"));
  EXPECT_NEAR(ell.volume(), 6, 1e-12);
  EXPECT_NEAR(ell.area(), 6 + 16, 1e-12);
  EXPECT_TRUE(ell.damage().sound()) << ell.damage().text();
  EXPECT_FALSE(ell.inside({1.5, 1.5, 1}));
  ASSERT_EQ(plan.lines.size(), 1u);
  EXPECT_EQ(plan.lines[0].name, "path");
  EXPECT_EQ(plan.lines[0].points.size(), 3u);
}

TEST(PlanFiles, LinesOfDxf) {
  const Files files;
  std::string s = "0\nLINE\n8\nDRIVE_1\n" + pairs({{10, 0}, {20, 0}, {30, -100}, {11, 10}, {21, 0}, {31, -100}});
  s += "0\nLINE\n8\nDRIVE_1\n" + pairs({{10, 10}, {20, 0}, {30, -100}, {11, 10}, {21, 20}, {31, -101}});
  s += "0\nPOLYLINE\n8\nRAMP\n66\n1\n70\n8\n";
  for (int i = 0; i < 4; ++i) s += "0\nVERTEX\n8\nRAMP\n" + pairs({{10, 5.0 * i}, {20, i * i}, {30, -i}, {70, 32}});
  s += "0\nSEQEND\n";
  s += "0\nLWPOLYLINE\n8\nARC\n90\n2\n70\n1\n38\n-7\n" + pairs({{10, -1}, {20, 0}, {42, 1}, {10, 1}, {20, 0}, {42, 1}});  // two half circles
  s += "0\nINSERT\n8\nX\n2\nBLOCK\n0\nINSERT\n8\nX\n2\nBLOCK\n";
  const Plan plan = read_dxf(files("lines.dxf", dxf(s)));
  ASSERT_EQ(plan.lines.size(), 3u);
  EXPECT_EQ(plan.lines[0].name, "DRIVE_1");
  EXPECT_EQ(plan.lines[0].points.size(), 3u);
  EXPECT_EQ(plan.lines[1].points[3], (Vector3{15, 9, -3}));
  EXPECT_TRUE(plan.lines[2].closed);
  EXPECT_EQ(plan.lines[2].points.size(), 36u);
  for (const Vector3& x : plan.lines[2].points) EXPECT_NEAR(std::hypot(x[0], x[1]), 1, 1e-12);
  ASSERT_EQ(plan.notes.size(), 1u);
  EXPECT_NE(plan.notes[0].find("2 INSERT"), std::string::npos);
}

TEST(PlanFiles, UnitsOfDxfAndPrecisionOfStlAreNoted) {
  const Files files;
  const std::string head = "0\nSECTION\n2\nHEADER\n9\n$INSUNITS\n70\n4\n0\nENDSEC\n";
  EXPECT_EQ(read_dxf(files("mm.dxf", head + faces_dxf(stone))).notes.size(), 1u);
  EXPECT_EQ(read_dxf(files("mm.dxf", head + faces_dxf(stone)), {1e-3, {}}).notes.size(), 0u);
  EXPECT_EQ(read_stl(files("far.stl", binary_stl(moved(stone, {5e4, 0, 0})))).notes.size(), 1u);
}

TEST(PlanFiles, LinesOfCsv) {
  const Files files;
  const auto lines = read_polylines_csv(files(
      "drives.csv", "\xEF\xBB\xBF# survey\nName;Easting [m];Northing;RL\n\nd1;0;0;-5\nd1;0;0;-5\r\nd1;+10;1e1;-5\n\"d;2\";1;1;1\n\"d;2\";2;2;2.5\n"));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].points.size(), 2u) << "a point given twice counts once";
  EXPECT_EQ(lines[0].points[1], (Vector3{10, 10, -5}));
  EXPECT_EQ(lines[1].name, "d;2");
  EXPECT_EQ(lines[1].points[1][2], 2.5);
}

TEST(PlanFiles, BlockModel) {
  const Files files;
  std::string text = "x,y,z,rock\n";
  for (int i = 0; i < 8; ++i)
    text += fmt::format("{},{},{},{}\n", 1e6 + 5 + 10 * (i % 2), 7e6 + 2.5 + 5 * (i / 2 % 2), -1 - 2 * (i / 4), i == 3 ? "ore" : "waste");
  const Frame frame{{1e6, 7e6, 0}, 0};
  const BlockModel model(files("blocks.csv", text), "Rock", 1, frame);
  ASSERT_EQ(model.size(), 8u);
  ASSERT_EQ(model.codes(), (std::vector<std::string>{"waste", "ore"}));
  EXPECT_NEAR(model.volume(1), 10 * 5 * 2, 1e-6);
  EXPECT_EQ(model.code_at({19, 9, -1.9}), 1);
  EXPECT_EQ(model.code_at({19, 9, -2.1}), 0);
  EXPECT_EQ(model.code_at({21, 9, -2.1}), -1);
  const BlockModel turned(files("turned.csv", "x,y,z,dx,dy,dz,rock\n5,0,0,10,2,2,ore\n"), "rock", 1, {{0, 0, 0}, pi / 2});
  EXPECT_EQ(turned.code_at({0, 9, 0}), 0) << "local y points east";
  EXPECT_EQ(turned.code_at({9, 0, 0}), -1);
}

TEST(PlanFiles, Schedule) {
  const Files files;
  const Schedule s = read_schedule_csv(files("plan.csv",
                                             "solid,from,to,start,end,fill,filled\nstope_1,,,2026-03-01,2026-03-11,paste,2026-04-01\n"
                                             "drive,0,40,2026-01-01,2026-02-01,,\ndrive,40,60,2026-02-01,2026-02-15,,\n"));
  EXPECT_EQ(s.first_day, "2026-01-01");
  ASSERT_EQ(s.tasks.size(), 3u);
  EXPECT_EQ(s.tasks[0].solid, "drive");
  EXPECT_EQ(s.tasks[0].start, 0);
  EXPECT_EQ(s.tasks[0].end, 31 * 86400.0);
  EXPECT_EQ(s.tasks[2].fill, "paste");
  EXPECT_EQ(s.tasks[2].filled, (31 + 28 + 31) * 86400.0);
  s.check({{"drive", 60.0}, {"stope_1", {}}});
  const auto refused = [&](const std::map<std::string, std::optional<double>>& solids, const std::string& word) {
    try {
      s.check(solids);
      ADD_FAILURE() << word;
    } catch (const InputError& e) {
      EXPECT_NE(std::string(e.what()).find(word), std::string::npos) << e.what();
    }
  };
  refused({{"drive", 60.0}}, "no solid 'stope_1'");
  refused({{"drive", 59.0}, {"stope_1", {}}}, "59.000 m long");
  refused({{"drive", {}}, {"stope_1", {}}}, "no chainage");
  EXPECT_EQ(read_schedule_csv(files("days.csv", "name\tstart\tend\na\t10\t20.5\n")).tasks[0].end, 10.5 * 86400);
}

// What real plan files get wrong: every one is refused in one line that begins with the file, names the line where there is one, and says what is
// wrong.
TEST(PlanFiles, BrokenOnesAreRefusedInOneLine) {
  const Files files;
  struct Broken {
    const char* name;
    std::string text, word;
  };
  const std::string v3 = "v 0 0 0\nv 1 0 0\nv 0 1 0\n", facet = "solid s\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\n";
  std::string nan_stl = binary_stl(stone);
  const float nan = std::nanf("");
  std::memcpy(nan_stl.data() + 84 + 12, &nan, 4);
  std::string many = binary_stl(stone);
  many[83] = 0x7f;
  const std::string face3 = "0\n3DFACE\n8\nA\n" + pairs({{10, 0}, {20, 0}, {30, 0}, {11, 1}, {21, 0}, {31, 0}, {12, 0}, {22, 1}, {32, 0}});
  const std::string poly = "0\nPOLYLINE\n8\nA\n66\n1\n70\n", vertex = "0\nVERTEX\n8\nA\n10\n0\n20\n0\n30\n0\n";
  const std::vector<Broken> all = {
      {"x.obj", "", "empty"},
      {"x.obj", v3, "no face"},
      {"x.obj", v3 + "f 1 2 4\n", ":4: corner 4"},
      {"x.obj", v3 + "f 1 2 0\n", ":4: corner 0"},
      {"x.obj", v3 + "f 1 2 -4\n", ":4: corner -4"},
      {"x.obj", v3 + "f 1 2\n", ":4: a face needs"},
      {"x.obj", v3 + "f 1 2 three\n", ":4: the number of a corner must be a whole number"},
      {"x.obj", "v 0 0\n", ":1: z is missing"},
      {"x.obj", "v 0 0 1,5\n", ":1: z must be a number"},
      {"x.obj", "v 0 nan 1\n", ":1: y must be"},
      {"x.obj", "v 0 1e400 1\n", ":1: y must be"},
      {"x.obj", "<html>\n", ":1: '<html>' is no statement"},
      {"x.obj", std::string("v 0 0 0\n\0\0\0", 11), ":2: the line holds bytes"},
      {"x.obj", "v 0 0 0\n" + std::string(2'000'000, 'x'), "more than 1 MiB"},
      {"x.stl", "solid s\nendsolid s\n", "no face"},
      {"x.stl", facet, "truncated"},
      {"x.stl", facet + "vertex 1 1 1\n", ":7: a facet has three"},
      {"x.stl", "solid s\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nendloop\nendfacet\n", ":6: the facet has 1 corners"},
      {"x.stl", "solid s\nvertex 0 0 0\n", ":2: a vertex outside"},
      {"x.stl", "solid s\nsolid t\n", ":2: a solid begins inside"},
      {"x.stl", "solid s\nfacet normal 0 0 1\nouter loop\nvertex 0 0\n", ":4: z is missing"},
      {"x.stl", "solid s\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0 0\n", ":4: '0' is left"},
      {"x.stl", "solid s\nhello\n", ":2: 'hello' is no word"},
      {"x.stl", "short", "neither an ASCII"},
      {"x.stl", binary_stl(stone, 60), "truncated"},
      {"x.stl", nan_stl, "face 1 has a corner that is not finite"},
      {"x.stl", many, "truncated or no STL"},
      {"x.stl", binary_stl(moved(stone, {7e6, 0, 0})), "single precision"},
      {"x.dxf", "AutoCAD Binary DXF\r\n", "binary DXF"},
      {"x.dxf", "0\nSECTION\n2\nENTITIES\n" + face3, "without EOF"},
      {"x.dxf", dxf(""), "no 3DFACE"},
      {"x.dxf", dxf("0\nINSERT\n8\nA\n"), "1 INSERT"},
      {"x.dxf", dxf("0\n3DFACE\n8\nA\n" + pairs({{10, 0}, {20, 0}})), "3DFACE: coordinates 11"},
      {"x.dxf", dxf("0\n3DFACE\n8\nA\n10\nzero\n20\n0\n"), "a coordinate must be a number"},
      {"x.dxf", "0\nSECTION\n2\n", "truncated"},
      {"x.dxf", "hello\nworld\n", ":1: a group code must be a whole number"},
      {"x.dxf", "8\nA\n0\nEOF\n", "group code 0 must stand here"},
      {"x.dxf", dxf(poly + "8\n" + vertex + vertex + face3), "SEQEND is missing"},
      {"x.dxf", dxf(poly + "8\n" + vertex + "0\nSEQEND\n"), "at least two points"},
      {"x.dxf", dxf(vertex), "outside a POLYLINE"},
      {"x.dxf", dxf(poly + "64\n" + vertex + "70\n192\n" + vertex + "70\n128\n71\n1\n72\n2\n73\n3\n0\nSEQEND\n"), "names corner 2 of 1"},
      {"x.dxf", dxf(poly + "16\n71\n3\n72\n3\n" + vertex + vertex + "0\nSEQEND\n"), "3 × 3 corners has 2"},
      {"x.dxf", dxf("0\nLWPOLYLINE\n8\nA\n90\n3\n" + pairs({{10, 0}, {20, 0}, {10, 1}, {20, 1}})), "says 3 points and has 2"},
      {"x.dxf", dxf("0\nLWPOLYLINE\n8\nA\n90\n2\n230\n-1\n" + pairs({{10, 0}, {20, 0}, {10, 1}, {20, 1}})), "coordinate system"},
      {"x.ply", "ply\n", "end in .obj"},
      {"x.csv", "name,x,y\na,1,2\n", ":1: a column 'z' is missing"},
      {"x.csv", "name,x,x,y,z\n", "two columns are called 'x'"},
      {"x.csv", "name,x,y,z\n", "no row"},
      {"x.csv", "# only\n", "names of columns"},
      {"x.csv", "name,x,y,z\na,1,2,3\n", "single point"},
      {"x.csv", "name,x,y,z\na,1,2\n", ":2: the row has 3 values for 4"},
      {"x.csv", "name,x,y,z\na,1,5,2,3\n", "decimal commas"},
      {"x.csv", "name,x,y,z\na,1,2,inf\n", ":2: z must be"},
      {"x.csv", "name,x,y,z\na,1,2,\n", ":2: z is missing"},
      {"x.csv", "name,x,y,z\n,1,2,3\n", ":2: the name"},
      {"x.csv", "name,x,y,z\n\"a,1,2,3\n", "not closed"},
      {"x.csv", "name,x,y,z\na,0,0,0\na,1,0,0\nb,0,0,0\nb,1,0,0\na,2,0,0\n", ":6: line 'a' goes on here after 'b'"},
      {"x.csv", "name,x,y,z\na,0,0,0\na,5,0,0\na,10,0,0\na,15000,0,0\na,20,0,0\na,25,0,0\na,30,0,0\n", "jumps by 14990.0 m after its point 3"},
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string path = files(all[i].name, all[i].text);
    try {
      read_plan(path);
      ADD_FAILURE() << "sample " << i << " was accepted; expected: " << all[i].word;
    } catch (const InputError& e) {
      const std::string text = e.what();
      EXPECT_EQ(text.rfind(path, 0), 0u) << text;
      EXPECT_NE(text.find(all[i].word), std::string::npos) << "sample " << i << ": " << text;
      EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    }
  }
  EXPECT_GE(all.size(), 40u);
  EXPECT_THROW(read_plan(files.folder() + "/missing.obj"), EnvironmentError);
  EXPECT_THROW(read_obj(files.folder()), EnvironmentError);
}

TEST(PlanFiles, BrokenTablesAreRefusedInOneLine) {
  const Files files;
  const auto refused = [&](auto read, const std::string& text, const std::string& word) {
    const std::string path = files("x.csv", text);
    try {
      read(path);
      ADD_FAILURE() << "accepted; expected: " << word;
    } catch (const InputError& e) {
      EXPECT_EQ(std::string(e.what()).rfind(path, 0), 0u) << e.what();
      EXPECT_NE(std::string(e.what()).find(word), std::string::npos) << e.what();
      EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
    }
  };
  const auto blocks = [](const std::string& path) { BlockModel(path, "rock"); };
  refused(blocks, "x,y,z\n1,2,3\n", "column 'rock' is missing; the first line names: x, y, z");
  refused(blocks, "x,y,z,rock\n", "no block");
  refused(blocks, "x,y,z,rock\n1,2,3,\n", ":2: the value of 'rock'");
  refused(blocks, "x,y,z,rock\n1,2,3,a\n2,2,3,a\n", "the same y; give columns dx");
  refused(blocks, "x,y,z,dx,rock\n1,2,3,1,a\n", "all three");
  refused(blocks, "x,y,z,dx,dy,dz,rock\n1,2,3,1,0,1,a\n", ":2: the size");
  refused(blocks, "x,y,z,dx,dy,dz,rock\n1,2,3,1,1,1,a\n5,5,5,1,1,1,a\n1.4,2,3,1,1,1,a\n", ":4: the block overlaps the one of line 2");
  const auto schedule = [](const std::string& path) { read_schedule_csv(path); };
  refused(schedule, "solid,start\na,1\n", "column 'end' is missing");
  refused(schedule, "solid,start,end\n", "no task");
  refused(schedule, "solid,start,end\na,2026-02-30,2026-03-01\n", ":2: there is no day '2026-02-30'");
  refused(schedule, "solid,start,end\na,2026-02-10,40\n", "mixed");
  refused(schedule, "solid,start,end\na,5,4\n", ":2: the end of 'a'");
  refused(schedule, "solid,start,end\na,soon,4\n", ":2: start must be a number");
  refused(schedule, "solid,start,end\na,,4\n", "start is missing");
  refused(schedule, "solid,start,end\n,1,4\n", "name of the solid");
  refused(schedule, "solid,start,end\na,1,4\nb,1,4\na,5,6\n", ":4: 'a' mines what the task of line 2");
  refused(schedule, "solid,from,start,end\na,0,1,4\n", "'to' is missing");
  refused(schedule, "solid,from,to,start,end\na,0,,1,4\n", ":2: from and to");
  refused(schedule, "solid,from,to,start,end\na,10,5,1,4\n", ":2: chainages must ascend");
  refused(schedule, "solid,from,to,start,end\na,0,10,1,4\na,9,20,5,6\n", ":3: 'a' mines what the task of line 2");
  refused(schedule, "solid,start,end,fill,filled\na,1,4,paste,3\n", ":2: 'a' is filled before");
  refused(schedule, "solid,start,end,fill,filled\na,1,4,,5\n", ":2: 'a' is filled without");
}

// Any byte changed or any tail lost: a result or one of our errors, never a crash.
TEST(PlanFiles, RandomDamageEndsInAResultOrAnError) {
  const Files files;
  Dice dice(9);
  const std::pair<const char*, std::string> good[] = {
      {"r.obj", obj(stone)}, {"r.stl", stl(stone)}, {"s.stl", binary_stl(stone)}, {"r.dxf", faces_dxf(stone)}, {"s.dxf", polyface_dxf(stone)}};
  int read = 0, refused = 0;
  for (int round = 0; round < 400; ++round) {
    auto [name, text] = good[round % 5];
    for (int k = 0; k < 1 + round % 4; ++k) text[std::size_t(dice(0, double(text.size() - 1)))] = char(dice(0, 255));
    if (round % 7 == 0) text.resize(std::size_t(dice(0, double(text.size()))));
    try {
      const TriangleMesh mesh(read_plan(files(name, text)).triangles);
      ++read;
      ASSERT_TRUE(std::isfinite(mesh.area()));
    } catch (const InputError& e) {
      ++refused;
      ASSERT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
    }
  }
  EXPECT_GT(read, 20);
  EXPECT_GT(refused, 20);
}
