// Solids from a case: YAML and plan files to a scene, with every problem at once.
#include "run/geometry.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <numbers>

#include "base/error.hpp"
#include "run/schedule.hpp"

using namespace winze;
using namespace winze::run;
using std::numbers::pi;

namespace {

struct Document {
  input::Named<SolidInput> geometry;
  FrameInput frame;
  static auto keys() {
    return input::keys(input::key("geometry", &Document::geometry, "solids by name"), input::key("frame", &Document::frame, "model coordinates"));
  }
};
Document read(const std::string& yaml) {
  input::Problems problems;
  Document d = input::read<Document>(input::parse_yaml_text(yaml, "case.yaml"), problems);
  problems.raise();
  return d;
}

class Folder : public ::testing::Test {
 protected:
  Folder() : path_(std::filesystem::temp_directory_path() / ("winze_run_geometry_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() override {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path_ / name) << text; }
  geometry::Scene scene(const std::string& yaml, const geometry::Box& block = {{-1000, -1000, -3000}, {1000, 1000, 100}},
                        const geometry::Schedule* schedule = nullptr) const {
    const Document d = read(yaml);
    return make_scene(d.geometry, {d.frame.frame(), path_.string(), block, {"drive*", "shaft", "stope*", "d?"}, schedule});
  }
  void expect_problems(const std::string& yaml, std::initializer_list<const char*> words) const {
    try {
      scene(yaml);
      ADD_FAILURE() << "accepted: " << yaml;
    } catch (const InputError& e) {
      const std::string text = e.what();
      for (const char* word : words) EXPECT_NE(text.find(word), std::string::npos) << "expected '" << word << "' in: " << text;
      EXPECT_EQ(size_t(std::count(text.begin(), text.end(), '\n')) + 1, words.size()) << text;
    }
  }
  const std::filesystem::path path_;
};
using SceneOfCase = Folder;

const std::string tetrahedron = "v 0 0 -2000\nv 6 0 -2000\nv 0 6 -2000\nv 0 0 -1994\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 3 1 4\n";

}  // namespace

TEST_F(SceneOfCase, EveryKindOfSolid) {
  write("stope.obj", tetrahedron);
  write("drives.csv", "name,x,y,z\nd1,0,0,-1900\nd1,50,0,-1900\nd2,0,50,-1900\nd2,50,50,-1900\n");
  write("top.obj", "v -2000 -2000 -50\nv 2000 -2000 -50\nv 2000 2000 -50\nv -2000 2000 -50\nf 1 2 3 4\n");
  const geometry::Scene s = scene(R"(
geometry:
  layer: {below: top.obj}
  shaft: {sweep: {profile: {circle: {diameter: 11.5 m}}, path: [[0 m, 0 m, 0 m], [0 m, 0 m, -1.8 km]]}}
  drives: {sweeps: {profile: {horseshoe: {width: 5 m, height: 5 m, path_at: floor}}, file: drives.csv}}
  stope_1: {solid: stope.obj}
  stope_2: {solid: {file: stope.obj, scale: 0.5 m}}
  room: {box: {low: [100 m, 0 m, -2000 m], high: [110 m, 20 m, -1990 m]}}
  silo: {cylinder: {from: [200 m, 0 m, -2000 m], to: [200 m, 0 m, -1950 m], radius: 4 m}}
  ball: {sphere: {centre: [300 m, 0 m, -2000 m], radius: 4 m}}
  raise: {sweep: {profile: {polygon: {corners: [[-1 m, -1 m], [1 m, -1 m], [0 m, 1 m]]}}, path: [[9 m, 9 m, 0 m], [9 m, 9 m, -100 m]], from: 20 m}}
)");
  ASSERT_EQ(s.size(), 10);
  const auto volume = [&](const char* name) { return s[s.find(name)].solid->volume(); };
  EXPECT_NEAR(volume("shaft"), pi * 5.75 * 5.75 * 1800, 1e-6);
  EXPECT_NEAR(volume("d2"), 50 * (12.5 + pi * 6.25 / 2), 1e-8);
  EXPECT_NEAR(volume("stope_1"), 36, 1e-9);
  EXPECT_NEAR(volume("stope_2"), 4.5, 1e-9);
  EXPECT_NEAR(volume("room"), 2000, 1e-9);
  EXPECT_NEAR(volume("raise"), 2 * 80, 1e-9);
  EXPECT_NEAR(volume("layer"), 2000.0 * 2000 * 2950, 1e-3);
  EXPECT_TRUE(s[s.find("d1")].solid->inside({25, 0, -1899.9}));
  EXPECT_FALSE(s[s.find("d1")].solid->inside({25, 0, -1900.1})) << "the path runs on the floor";
  EXPECT_EQ(s.top({0, 0, -100}), s.find("shaft")) << "excavations hold over rock";
}

// The same mine in its own grid and in the model's frame, turned by 40°.
TEST_F(SceneOfCase, FrameTurnsEverySolid) {
  const std::string frame = "frame: {origin: [1000000 m, 7000000 m, 0 m], north: 40 deg}\n";
  const geometry::Scene s = scene(frame + R"(
geometry:
  room: {box: {low: [1000100 m, 7000000 m, -2000 m], high: [1000110 m, 7000020 m, -1990 m]}}
  shaft:
    sweep: {profile: {rectangle: {width: 2 m, height: 6 m}}, path: [[1000 km, 7000 km, 0 m], [1000 km, 7000 km, -100 m]], vertical_up: 90 deg}
)");
  const geometry::Frame f{{1e6, 7e6, 0}, 40 * pi / 180};
  const auto holds = [&](const char* name, const Vector3& x) { return s[s.find(name)].solid->inside(f.local(x)); };
  EXPECT_NEAR(s[s.find("room")].solid->volume(), 2000, 1e-6);
  EXPECT_TRUE(holds("room", {1000100.1, 7000019.9, -1995}));
  EXPECT_TRUE(holds("room", {1000109.9, 7000000.1, -1995}));
  EXPECT_FALSE(holds("room", {1000110.1, 7000010, -1995}));
  EXPECT_FALSE(holds("room", {1000105, 7000020.1, -1995}));
  EXPECT_TRUE(holds("shaft", {1000002.9, 7000000.9, -50})) << "6 m along east";
  EXPECT_FALSE(holds("shaft", {1000000.9, 7000002.9, -50}));
}

TEST_F(SceneOfCase, ScheduleDigsByChainageAndBecomesStages) {
  write("plan.csv", "solid,from,to,start,end,fill,filled\ndrive,0,40,0,10,,\ndrive,40,100,10,25,,\nstope_1,,,25,40,paste,60\n");
  write("stope.obj", tetrahedron);
  const geometry::Schedule schedule = geometry::read_schedule_csv((path_ / "plan.csv").string());
  const std::string yaml = R"(
geometry:
  drive: {sweep: {profile: {rectangle: {width: 5 m, height: 4 m}}, path: [[0 m, 0 m, -1900 m], [120 m, 0 m, -1900 m]]}}
  stope_1: {solid: stope.obj}
)";
  const geometry::Scene s = scene(yaml, {{-1000, -1000, -3000}, {1000, 1000, 100}}, &schedule);
  ASSERT_EQ(s.size(), 3);
  EXPECT_NEAR(s[s.find("drive@0-40")].solid->volume(), 800, 1e-9);
  EXPECT_NEAR(s[s.find("drive@40-100")].solid->volume(), 1200, 1e-9);
  EXPECT_EQ(s.top({110, 0, -1900}), -1) << "not scheduled: rock";
  const std::vector<Stage> stages = stages_of(schedule);
  ASSERT_EQ(stages.size(), 4u);
  EXPECT_EQ(stages[0].excavate, std::vector<std::string>{"drive@0-40"});
  EXPECT_EQ(stages[0].duration, 10 * 86400.0);
  EXPECT_EQ(stages[2].excavate, std::vector<std::string>{"stope_1"});
  EXPECT_EQ(stages[2].duration, 35 * 86400.0);
  ASSERT_EQ(stages[3].fill.entries.size(), 1u);
  EXPECT_EQ(stages[3].fill.entries[0].second.material, "paste");
  double sum = 0;
  for (const Stage& stage : stages) sum += stage.duration;
  EXPECT_EQ(sum, 60 * 86400.0);
  write("late.csv", "solid,from,to,start,end\ndrive,100,130,0,10\n");
  const geometry::Schedule late = geometry::read_schedule_csv((path_ / "late.csv").string());
  EXPECT_THROW(scene(yaml, {{-1000, -1000, -3000}, {1000, 1000, 100}}, &late), InputError);
}

TEST_F(SceneOfCase, EveryProblemAtOnce) {
  write("open.obj", "v 0 0 0\nv 6 0 0\nv 0 6 0\nv 0 0 6\nf 1 3 2\nf 1 2 4\n");
  write("two.csv", "name,x,y,z\na,0,0,0\na,9,0,0\nb,0,9,0\nb,9,9,0\n");
  expect_problems(
      R"(
geometry:
  gap: {solid: open.obj}
  far: {box: {low: [5 km, 0 m, 0 m], high: [6 km, 1 m, 1 m]}}
  tight: {sweep: {profile: {circle: {diameter: 9 m}}, path: [[0 m, 0 m, 0 m], [9 m, 0 m, 0 m], [9 m, 4 m, 0 m], [0 m, 4 m, 0 m]]}}
  which: {sweep: {profile: {circle: {diameter: 1 m}}, file: two.csv}}
  none: {sweep: {profile: {circle: {diameter: 1 m}}, file: two.csv, line: c}}
  low: {sweep: {profile: {horseshoe: {width: 5 m, height: 2 m}}, path: [[0 m, 0 m, 0 m], [9 m, 0 m, 0 m]]}}
)",
      {"case.yaml:3: geometry.gap: ", "geometry.far: 'far' lies outside the block", "geometry.tight: the path is too short between points 2 and 3",
       "more than one line", "there is no line 'c'; lines: a, b", "geometry.low: a horseshoe must be"});
  expect_problems("geometry: {d: {sweeps: {profile: {circle: {diameter: 1 m}}, file: two.csv}}, a: {sphere: {centre: [0 m, 0 m, 0 m], radius: 1 m}}}",
                  {"two solids are called 'a'"});
  EXPECT_THROW(scene("geometry: {a: {solid: missing.obj}}"), EnvironmentError);
  EXPECT_THROW(read("geometry: {a: {sweep: {profile: {circle: {diameter: 1 m}}}}}"), InputError) << "neither path nor file";
  EXPECT_THROW(read("geometry: {a: {sweep: {profile: {circle: {diameter: -1 m}}, path: [[0 m, 0 m, 0 m]]}}}"), InputError);
}
