// What heat refuses, and with which words.
#include "base/error.hpp"
#include "cases.hpp"

using namespace winze;
using namespace winze::test;

namespace {

mesh::Mesh two_halves() {
  return test::box(Comm::world(), Shape::hex27, {2, 1, 1}, {2, 1, 1}, {"rock", "stope"}, [](int i, int, int) { return i; });
}
template <class E, class F>
void expect_refused(const char* words, const F& f) {
  try {
    f();
    ADD_FAILURE() << "accepted; expected: " << words;
  } catch (const E& e) {
    EXPECT_NE(std::string(e.what()).find(words), std::string::npos) << e.what();
  }
}

}  // namespace

TEST(Refusals, MaterialsSurfacesAndRegions) {
  const mesh::Mesh m = two_halves();
  const auto make = [&](std::vector<heat::Boundary> conditions) {
    Heat h(m, rocks({rock(3, 2e6)}), uniform(300), std::move(conditions), {});
    h.set_elements(all_rock(m));
  };
  auto cold = rocks({rock(3, 2e6)});
  cold.entries[0].second.thermal.reset();
  expect_refused<InputError>("'rock_0' has no thermal properties", [&] { Heat(m, cold, uniform(300), {}, {}); });
  expect_refused<InputError>("no surface 'x_mim'; did you mean 'x_min'?", [&] { make({temperature("x_mim", 300)}); });
  expect_refused<InputError>("no surface 'wals'; did you mean 'walls'?", [&] { make({convection("wals", 300, 5)}); });
  expect_refused<InputError>("no region 'stop'; did you mean 'stope'?",
                             [&] { make({convection("walls", input::Curve(300), input::Curve(5), {"stop"})}); });
  heat::Options options;
  options.method = heat::Method::backward_euler;
  expect_refused<InputError>("give steps", [&] { Heat(m, rocks({rock(3, 2e6)}), uniform(300), {}, options); });
}

TEST(Refusals, ElementsFillAndRestarts) {
  const mesh::Mesh m = two_halves(), four = test::box(Comm::world(), Shape::hex27, {4, 1, 1}, {4, 1, 1});
  Heat h(m, rocks({rock(3, 2e6)}), uniform(300), {}, {});
  expect_refused<InputError>("set the elements", [&] { h.advance(0, 1); });
  h.set_elements(by_region(m, {0, -1}));
  expect_refused<InputError>("'stope' is filled but the fill has no temperature", [&] { h.set_elements(by_region(m, {0, 0})); });
  expect_refused<InputError>("'stope' is filled but the fill has no temperature", [&] { h.set_elements(by_region(m, {0, 0}), {300, NAN}); });
  expect_refused<InputError>("do not fit", [&] { h.restore(all_rock(m), {300}); });
  expect_refused<InputError>("do not fit", [&] { h.restore(all_rock(m), std::vector<double>(m.nodes.n_local(), NAN)); });
  Heat other(four, rocks({rock(3, 2e6)}), uniform(300), {}, {});
  expect_refused<InputError>("'rock' is dug out in part", [&] { other.set_elements({0, -1, 0, 0}); });
}

TEST(Refusals, LinearSolvesThatDoNotConverge) {
  const mesh::Mesh m = drive(Comm::world(), Shape::hex27, 2, 40, 4, {8, 4, 2});
  heat::Options options;
  options.max_iterations = 1;
  options.linear_tolerance = 1e-12;
  Heat h(m, rocks({rock(3, 2e6)}), uniform(330), {convection("wall", 300, 10)}, options);
  h.set_elements(all_rock(m));
  const std::vector<double> before = h.temperature();
  expect_refused<SolverError>("1 iterations", [&] { h.advance(0, year); });
  EXPECT_TRUE(h.temperature() == before);
}

TEST(Refusals, TemperaturesThatAreNotPhysical) {
  const mesh::Mesh m = two_halves();
  Heat h(m, rocks({rock(3, 2e6)}), uniform(300), {flux("x_min", -1e5)}, {});
  h.set_elements(all_rock(m));
  const std::vector<double> before = h.temperature();
  expect_refused<SolverError>("not physical", [&] { h.advance(0, year); });
  EXPECT_TRUE(h.temperature() == before);
}

TEST(Refusals, Keys) {
  struct Input {
    std::vector<heat::Boundary> boundaries;
    heat::VirginLaw virgin;
    heat::Options heat;
    static auto keys() {
      return input::keys(input::key("boundaries", &Input::boundaries, "list"), input::key("virgin", &Input::virgin, "law"),
                         input::key("heat", &Input::heat, "options"));
    }
  };
  const auto problem_of = [](const std::string& yaml) {
    input::Problems problems;
    input::read<Input>(input::parse_yaml_text(yaml, "case.yaml"), problems);
    std::string all;
    for (const auto& line : problems.lines()) all += line + "\n";
    return all;
  };
  const std::pair<const char*, const char*> bad[] = {
      {"boundaries: [{convection: {air: 28 degC, coefficient: -5 W/m^2/K}}]", "coefficient"},
      {"boundaries: [{convection: {air: 28 degC}}]", "coefficient"},
      {"boundaries: [{convection: {surface: x_min, regions: [stope], air: 28 degC, coefficient: 5 W/m^2/K}}]", "regions go with surface: walls"},
      {"boundaries: [{convection: {air: -150 degC, coefficient: 5 W/m^2/K}}]", "air"},
      {"boundaries: [{convection: {air: [[0 d, 20 degC], [2 d, 25 degC], [1 d, 25 degC]], coefficient: 5 W/m^2/K}}]", "ascend"},
      {"boundaries: [{convecton: {air: 28 degC, coefficient: 5 W/m^2/K}}]", "convection"},
      {"boundaries: [{temperature: {surface: x_min, temperature: 5 m}}]", "temperature"},
      {"boundaries: [{flux: {surface: x_min}}]", "flux"},
      {"virgin: {heat_flow: {flow: 0.06 W/m^2, layers: [{bottom: 100 m, conductivity: 3 W/m/K}, {bottom: 50 m, conductivity: 2 W/m/K}]}}", "layer 1"},
      {"virgin: {heat_flow: {flow: 0.06 W/m^2, layers: []}}", "layers"},
      {"virgin: {gradient: {gradient: -20 K/km}}", "gradient"},
      {"heat: {method: backward_euler}", "give steps"},
      {"heat: {steps: 5, longest_step: 1 d}", "equal parts"},
      {"heat: {tolerance: 0 K}", "tolerance"},
  };
  EXPECT_EQ(problem_of("boundaries: [{convection: {air: 28 degC, coefficient: 5 W/m^2/K}}, {insulated: {surface: walls}}]"), "");
  for (const auto& [yaml, words] : bad) {
    const std::string problems = problem_of(yaml);
    EXPECT_NE(problems.find(words), std::string::npos) << yaml << " → " << problems;
  }
}
