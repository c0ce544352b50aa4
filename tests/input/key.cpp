#include "input/key.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

using namespace winze;
using namespace winze::input;

namespace {

enum class Preset { automatic, direct };
constexpr std::array<const char*, 2> names(Preset) { return {"auto", "direct"}; }

struct Elastic {
  static constexpr const char* name = "elastic";
  static constexpr const char* doc = "isotropic linear elasticity";
  double young = 0, poisson = 0.25;
  static auto keys() {
    return input::keys(key("young", &Elastic::young, "Pa", "Young's modulus").above(0).require(),
                       key("poisson", &Elastic::poisson, "1", "Poisson's ratio").between_open(-1, 0.5));
  }
};
struct Rigid {
  static constexpr const char* name = "rigid";
  static constexpr const char* doc = "no deformation";
  static auto keys() { return input::keys(); }
};
struct Case {
  std::string title;
  Named<Choice<Elastic, Rigid>> materials;
  Vector3 origin{};
  Curve air{293.15};
  Preset preset = Preset::automatic;
  std::optional<double> depth;
  int refine = 0;
  static auto keys() {
    return input::keys(key("case", &Case::title, "name of the case").require(), key("materials", &Case::materials, "rock and fill by name"),
                       key("origin", &Case::origin, "m", "origin of the mesh"), key("air", &Case::air, "s, K", "air temperature in time"),
                       key("preset", &Case::preset, "solver preset"), key("depth", &Case::depth, "m", "depth below surface").at_least(0),
                       key("refine", &Case::refine, "1", "times every cell is split").between(0, 6));
  }
  void check(Check& check) const {
    if (title == "bad") check.problem("the case must not be called bad");
  }
};

Case good(const std::string& yaml) {
  Problems problems;
  const Case c = read<Case>(parse_yaml_text(yaml, "case.yaml"), problems);
  problems.raise();
  return c;
}
std::string wrong(const std::string& yaml) {
  try {
    good(yaml);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST(Key, ReadsUnitsChoicesAndDefaults) {
  const Case c = good(
      "case: a\nmaterials:\n  granite: {elastic: {young: 60 GPa}}\n  wall: rigid\norigin: [1 km, 0 m, -2 km]\n"
      "air: [[0 d, 20 degC], [10 d, 30 degC]]\npreset: direct\ndepth: 2 km\n");
  EXPECT_EQ(std::get<Elastic>(c.materials.find("granite")->value).young, 60e9);
  EXPECT_EQ(std::get<Elastic>(c.materials.find("granite")->value).poisson, 0.25);
  EXPECT_STREQ(c.materials.find("wall")->name(), "rigid");
  EXPECT_EQ(c.origin[2], -2000);
  EXPECT_NEAR(c.air(5 * 86400.0), 298.15, 1e-9);
  EXPECT_EQ(c.preset, Preset::direct);
  EXPECT_EQ(*c.depth, 2000);
}

TEST(Key, ErrorsNameLineKeyAndWhatWouldBeRight) {
  EXPECT_NE(wrong("case: a\nmaterials:\n  g: {elastic: {young: 60 GPa, poissson: 0.2}}\n").find("did you mean 'poisson'"), std::string::npos);
  EXPECT_NE(
      wrong("case: a\nmaterials:\n  g: {elastic: {young: 60 GPa, poisson: 0.6}}\n").find("case.yaml:3: materials.g.elastic.poisson: 0.6 must be"),
      std::string::npos);
  EXPECT_NE(wrong("case: a\nmaterials:\n  g: {elastic: {young: 60}}\n").find("'60' needs a unit"), std::string::npos);
  EXPECT_NE(wrong("case: a\nmaterials:\n  g: {elastic: {young: 60 m}}\n").find("cannot be converted to Pa"), std::string::npos);
  EXPECT_NE(wrong("case: a\nmaterials:\n  g: {elastic: {young: nan Pa}}\n").find("not a finite number"), std::string::npos);
  EXPECT_NE(wrong("case: a\nmaterials: {g: {elastc: {young: 1 Pa}}}\n").find("did you mean 'elastic'"), std::string::npos);
  EXPECT_NE(wrong("materials: {}\n").find("'case' is missing"), std::string::npos);
  EXPECT_NE(wrong("case: a\nair: [[1 d, 20 degC], [0 d, 30 degC]]\n").find("tables ascend"), std::string::npos);
  EXPECT_NE(wrong("case: a\ncase: b\n").find("given twice"), std::string::npos);
  EXPECT_NE(wrong("case: a\nrefine: 9\n").find("refine: 9 must be 0 … 6"), std::string::npos);
  EXPECT_NE(wrong("case: a\nrefine: 1.5\n").find("whole number"), std::string::npos);
  EXPECT_NE(wrong("case: bad\n").find("must not be called bad"), std::string::npos);
  EXPECT_NE(wrong("case: [a\n").find("case.yaml:"), std::string::npos);
}

TEST(Key, AllErrorsAtOnce) {
  Problems problems;
  read<Case>(parse_yaml_text("refine: 9\npreset: x\nnonsense: 1\n", "case.yaml"), problems);
  EXPECT_EQ(problems.lines().size(), 4u);
}

TEST(Key, ResolvedCaseReadsBackUnchanged) {
  const Case c =
      good("case: 'a: b'\nmaterials: {g: {elastic: {young: 61.3 GPa}}}\nair: [[0 s, 293.1 K], [7 d, 300 K]]\norigin: [0.1 m, 1e-7 m, 3 m]\n");
  const std::string text = write(c);
  const Case again = good(text);
  EXPECT_EQ(write(again), text);
  EXPECT_EQ(std::get<Elastic>(again.materials.find("g")->value).young, std::get<Elastic>(c.materials.find("g")->value).young);
  EXPECT_EQ(again.title, "a: b");
}

TEST(Key, SetReplacesAndAdds) {
  Value v = parse_yaml_text("case: a\nmaterials: {g: {elastic: {young: 1 Pa}}}\n", "case.yaml");
  set(v, "materials.g.elastic.young=70 GPa");
  set(v, "depth=3 km");
  Problems problems;
  const Case c = read<Case>(v, problems);
  problems.raise();
  EXPECT_EQ(std::get<Elastic>(c.materials.find("g")->value).young, 70e9);
  EXPECT_EQ(*c.depth, 3000);
  EXPECT_THROW(set(v, "case.x=1"), InputError);
}

TEST(Key, SchemaAndHelpComeFromTheSameDeclaration) {
  const auto schema = nlohmann::json::parse(json_schema(type_info<Case>(), "case"));
  EXPECT_TRUE(schema["properties"].contains("materials"));
  EXPECT_EQ(schema["required"][0], "case");
  EXPECT_NE(help(type_info<Case>(), "poisson").find("Poisson's ratio"), std::string::npos);
  EXPECT_THROW(help(type_info<Case>(), "poison"), InputError);
  EXPECT_NE(reference(type_info<Case>()).find("`materials.<name>.elastic.young`"), std::string::npos);
}
